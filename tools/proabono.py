"""ProAbono (API Live): customers, payment settings and invoices; amounts in the smallest unit.

Answers carry portal links that act as logins: ``Links`` never leaves this module.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from tools.arguments import EmailAddress, Finder, Identifier, OneLine, Query
from tools.connector import Answer, Arguments, Effect, Missing, Operation, Rejected
from tools.http import HttpConnector, Reply
from tools.records import Document, Party
from tools.shapes import (
    contact_changed,
    day,
    is_vip,
    minor_units,
    moment,
    people,
    pick,
    references,
    rows,
    table,
    text,
    texts,
)
from tools.text import name_matches, same_reference

_PAGE = 1000
_MOST_PAGES = 10
_KEY = "billing_agent_key"
_CUSTOMER = ("Id", "ReferenceCustomer", "Name", "Email", "Language", "Currency", "Status", "Metadata")
_SETTINGS = ("TypePayment", "ModeBilling", "IsGreyListed", "DateNextBilling")
_INVOICE = (
    "Id",
    "ReferenceCustomer",
    "FullNumber",
    "Status",
    "StateInvoice",
    "TypePayment",
    "Currency",
    "AmountTotal",
    "DateIssue",
    "DatePayment",
    "DatePaymentLimit",
)
_BY_GATEWAY = ("Card", "DirectDebit")
_OPEN = ("due", "problem")


def _is_moment(value: str) -> str:
    if moment(value) is None:
        raise ValueError("must be an ISO 8601 date or date and time")
    return value


class GetSettings(Query):
    """Whose payment settings."""

    reference_customer: Identifier


class ListInvoices(Query):
    """A customer's invoices, or the one with a number."""

    reference_customer: Identifier | None = None
    full_number: Identifier | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        return self.need_one_of("reference_customer", "full_number")


class CreateCustomer(Arguments):
    """A new customer under our own stable account reference."""

    reference_customer: Identifier
    email: EmailAddress
    name: OneLine
    language: Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")] = "en"


class UpdateSettings(Query):
    """Only what is given is changed. ``type_payment`` can only be one of the manual methods."""

    reference_customer: Identifier
    date_next_billing: Annotated[str, AfterValidator(_is_moment)] | None = None
    is_grey_listed: bool | None = None
    type_payment: Literal["ExternalBank", "ExternalCash", "ExternalCheck", "ExternalOther"] | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        return self.need_one_of("date_next_billing", "is_grey_listed", "type_payment")

    def wanted(self) -> dict[str, Any]:
        """The vendor's fields to set."""
        at = moment(self.date_next_billing)
        fields = {
            "DateNextBilling": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None,
            "IsGreyListed": self.is_grey_listed,
            "TypePayment": self.type_payment,
        }
        return {field: value for field, value in fields.items() if value is not None}


def _holds(settings: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    for field, value in wanted.items():
        held = settings.get(field)
        same_moment = field == "DateNextBilling" and moment(held) is not None and moment(held) == moment(value)
        if held != value and not same_moment:
            return False
    return True


def _party(row: Mapping[str, Any]) -> Party:
    metadata = table(row.get("Metadata"))
    reference = text(row.get("ReferenceCustomer"))
    return Party(
        system="proabono",
        id=reference or str(row.get("Id")),
        names=texts(row.get("Name"), *people(metadata)),
        companies=texts(row.get("Name")),
        emails=texts(row.get("Email")),
        references=texts(reference, *references(metadata)),
        vip=is_vip(metadata),
        contact_changed_at=contact_changed(metadata),
    )


def _invoice(row: Mapping[str, Any]) -> Document:
    currency = row.get("Currency")
    status = (text(row.get("Status")) or "").lower() or None
    total = minor_units(row.get("AmountTotal"), currency)
    return Document(
        system="proabono",
        type="invoice",
        id=text(row.get("Id")) or str(row.get("FullNumber")),
        party_id=text(row.get("ReferenceCustomer")),
        number=text(row.get("FullNumber")),
        amount=total,
        amount_due=total if status in _OPEN else minor_units(0, currency) if status == "paid" else None,
        status=status,
        paid=None if status is None else status == "paid",
        created=moment(row.get("DateIssue")),
        due=day(row.get("DatePaymentLimit")) or day(row.get("DatePaymentScheduled")),
    )


def _settings(row: Mapping[str, Any], reference: str) -> Document:
    return Document(
        system="proabono",
        type="payment_settings",
        id=reference,
        party_id=reference,
        status=text(row.get("TypePayment")),
        due=day(row.get("DateNextBilling")),
    )


class ProAbono(HttpConnector):
    """Client of one ProAbono business. Credentials: business_id, agent_key, api_key."""

    system = "proabono"
    home = "https://api-{business_id}.proabono.com"

    def headers(self) -> dict[str, str]:
        pair = f"{self.secret('agent_key')}:{self.secret('api_key')}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}

    def find_customer(self, args: Finder, _key: str | None) -> Answer:
        """Customers by reference, else by e-mail or name over the paged list (the vendor filters neither,
        and holds no phone); none is an empty answer."""
        for found in self._customer_steps(args):
            kept = [row for row in found if text(row.get("ReferenceCustomer")) or text(row.get("Id"))]
            if kept:
                return Answer([pick(row, _CUSTOMER) for row in kept], parties=tuple(_party(row) for row in kept))
        return Answer([])

    def _customer_steps(self, args: Finder) -> Iterable[list[dict[str, Any]]]:
        if args.reference:
            found = self._customer(args.reference)
            yield [found] if found else []
        if not (args.email or args.name or args.reference):
            return
        everyone = list(self._everyone())
        if args.reference:
            yield [row for row in everyone if same_reference(args.reference, str(row.get("ReferenceCustomer") or ""))]
        if args.email:
            yield [row for row in everyone if str(row.get("Email") or "").lower() == args.email.lower()]
        if args.name:
            said = args.name
            yield [row for row in everyone if any(name_matches(said, held) for held in _party(row).names)]

    def _customer(self, reference: str) -> dict[str, Any] | None:
        try:
            row = table(self.read("GET", "/v1/Customer", params={"ReferenceCustomer": reference}).data)
        except Missing:
            return None
        return row if text(row.get("ReferenceCustomer")) else None

    def _everyone(self) -> Iterable[dict[str, Any]]:
        for page in range(1, _MOST_PAGES + 1):
            found = _items(self.read("GET", "/v1/Customers", params={"Page": page, "SizePage": _PAGE}))
            yield from found
            if len(found) < _PAGE:
                return

    def get_payment_settings(self, args: GetSettings, _key: str | None) -> Answer:
        """How and when the customer is billed. Raises Missing for an unknown customer."""
        row = self._settings_of(args.reference_customer)
        return Answer(pick(row, _SETTINGS), documents=(_settings(row, args.reference_customer),))

    def _settings_of(self, reference: str) -> dict[str, Any]:
        try:
            row = table(self.read("GET", "/v1/CustomerSettingsPayment", params={"ReferenceCustomer": reference}).data)
        except Rejected as error:
            # On this path the vendor answers 403 for a customer it does not know; elsewhere it means rights.
            if error.status == 403:
                raise self.missing("customer") from None
            raise
        if not row:
            raise self.missing("customer")
        return row

    def list_invoices(self, args: ListInvoices, _key: str | None) -> Answer:
        """The customer's invoices. Raises Missing when an invoice number is unknown."""
        if args.reference_customer:
            params: dict[str, str | int | bool] = {"ReferenceCustomer": args.reference_customer, "SizePage": 100}
            found = _items(self.read("GET", "/v1/Invoices", params=params))
            if args.full_number:
                found = [row for row in found if same_reference(args.full_number, str(row.get("FullNumber") or ""))]
        else:
            row = self.read("GET", "/v1/Invoice", params={"FullNumber": args.full_number or ""}).data
            found = rows([row])
        if not found and args.full_number:
            raise self.missing("invoice")
        return Answer([pick(row, _INVOICE) for row in found], documents=tuple(_invoice(row) for row in found))

    def create_customer(self, args: CreateCustomer, key: str | None) -> Answer:
        """Create a customer whose reference is free; the vendor would overwrite an existing one.

        ``body["created"]`` is false when the vendor answered that it changed an existing customer after all.
        """
        if self._customer(args.reference_customer) is not None:
            raise self.rejected("a customer with this reference exists already")
        body = {
            "ReferenceCustomer": args.reference_customer,
            "Email": args.email.lower(),
            "Name": args.name,
            "Language": args.language,
            "Metadata": {_KEY: key or ""},
        }
        reply = self.write("POST", "/v1/Customer", json=body)
        row = table(reply.data)
        if text(row.get("ReferenceCustomer")) is None:
            raise self.lost("the answer does not name the customer")
        return _created(row, created=reply.status == 201)

    def find_created(self, args: CreateCustomer, key: str) -> Answer | None:
        """The customer made under ``key``, None when the reference is still free.

        Raises Lost when somebody else's customer has the reference.
        """
        row = self._customer(args.reference_customer)
        if row is None:
            return None
        if table(row.get("Metadata")).get(_KEY) != key:
            raise self.lost("the reference belongs to a customer that does not carry our mark")
        return _created(row, created=True)

    def update_payment_settings(self, args: UpdateSettings, _key: str | None) -> Answer:
        """Set what is given; the old values are in ``body["before"]``."""
        before = self._settings_of(args.reference_customer)
        if args.type_payment and before.get("TypePayment") in _BY_GATEWAY:
            raise self.rejected("the payment method is managed by the payment gateway")
        wanted = args.wanted()
        params = {"ReferenceCustomer": args.reference_customer}
        row = table(self.write("POST", "/v1/CustomerSettingsPayment", params=params, json=wanted).data)
        if not _holds(row, wanted):
            raise self.lost("the answer does not show the new values")
        return _set(row, args, before)

    def find_settings(self, args: UpdateSettings, _key: str) -> Answer | None:
        """The settings when they are as wanted.

        Raises Lost when they are not: whether they were never set or changed again since cannot be told.
        """
        row = self._settings_of(args.reference_customer)
        if not _holds(row, args.wanted()):
            raise self.lost("the settings are not as wanted")
        return _set(row, args, None)


def _items(reply: Reply) -> list[dict[str, Any]]:
    return rows(table(reply.data).get("Items"))


def _created(row: Mapping[str, Any], *, created: bool) -> Answer:
    party = _party(row)
    return Answer(pick(row, _CUSTOMER) | {"created": created}, parties=(party,), vendor_id=party.id)


def _set(row: Mapping[str, Any], args: UpdateSettings, before: Mapping[str, Any] | None) -> Answer:
    body = pick(row, _SETTINGS) | ({"before": pick(before, _SETTINGS)} if before is not None else {})
    return Answer(body, documents=(_settings(row, args.reference_customer),), vendor_id=args.reference_customer)


OPERATIONS = (
    Operation(
        "proabono.find_customer",
        Effect.LOOKUP,
        "Find a ProAbono customer by account reference, e-mail or name.",
        Finder,
        ProAbono.find_customer,
    ),
    Operation(
        "proabono.get_payment_settings",
        Effect.LOOKUP,
        "Get how and when a ProAbono customer is billed next.",
        GetSettings,
        ProAbono.get_payment_settings,
    ),
    Operation(
        "proabono.list_invoices",
        Effect.LOOKUP,
        "List a ProAbono customer's invoices, or get one by number.",
        ListInvoices,
        ProAbono.list_invoices,
    ),
    Operation(
        "proabono.create_customer",
        Effect.RECORD,
        "Create a ProAbono customer under a new account reference.",
        CreateCustomer,
        ProAbono.create_customer,
        target=lambda args: str(args.reference_customer),
        find_again=ProAbono.find_created,
        idempotency="set_semantics",
        reversible=False,
        broad_access=True,
    ),
    Operation(
        "proabono.update_payment_settings",
        Effect.MONEY,
        "Change a ProAbono customer's next billing date, block or manual payment method.",
        UpdateSettings,
        ProAbono.update_payment_settings,
        target=lambda args: str(args.reference_customer),
        find_again=ProAbono.find_settings,
        idempotency="set_semantics",
        broad_access=True,
    ),
)
