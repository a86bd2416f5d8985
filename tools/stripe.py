"""Stripe: customers, charges, invoices, subscriptions and refunds (v1 API, form-encoded requests)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from tools.arguments import Amounted, Finder, Identifier, Query
from tools.connector import Answer, Arguments, Effect, Missing, Operation
from tools.http import HttpConnector, Judgement, Reply, Verdict, segment
from tools.records import Document, Party
from tools.shapes import (
    contact_changed,
    day,
    flag,
    is_vip,
    minor_units,
    people,
    pick,
    references,
    rows,
    table,
    text,
    texts,
    unix,
)
from tools.text import reference_spellings, same_reference, without_legal_form

_VERSION = "2023-08-16"
_KEY = "billing_agent_key"
# A search query takes at most ten clauses, so the keys that accounts are kept under come in two lots.
_METADATA_KEYS = (
    "account account_id account_number reference customer_id customer_number client client_id crm_id external_id",
    "user username beeminder_user proabono_reference fidel_brand token_account order order_id workspace company",
)
_CUSTOMER = ("id", "name", "email", "phone", "currency", "delinquent", "balance", "created", "metadata")
_CHARGE = (
    "id",
    "customer",
    "amount",
    "amount_refunded",
    "currency",
    "created",
    "description",
    "status",
    "paid",
    "refunded",
    "disputed",
    "failure_code",
    "invoice",
    "payment_intent",
    "receipt_email",
    "receipt_url",
    "metadata",
)
_INVOICE = (
    "id",
    "number",
    "customer",
    "customer_email",
    "status",
    "total",
    "amount_due",
    "amount_paid",
    "amount_remaining",
    "currency",
    "created",
    "due_date",
    "attempt_count",
    "next_payment_attempt",
    "subscription",
    "hosted_invoice_url",
    "invoice_pdf",
    "metadata",
)
_SUBSCRIPTION = (
    "id",
    "customer",
    "status",
    "currency",
    "cancel_at_period_end",
    "cancel_at",
    "canceled_at",
    "ended_at",
    "latest_invoice",
    "metadata",
)
_OUR_WORDS = {
    "charge_already_refunded": "says the charge is already refunded",
    "charge_disputed": "says the charge is disputed",
    "idempotency_key_in_use": "is still working on the same request",
    "rate_limit": "asked to slow down",
}


class ListCharges(Query):
    """A customer's charges, newest first."""

    customer: Identifier
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class GetInvoice(Query):
    """By id (``in_...``) or number, of one customer where known; with a customer alone, the newest ones."""

    invoice: Identifier | None = None
    customer: Identifier | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        return self.need_one_of("invoice", "customer")


class GetSubscription(Query):
    """One subscription, or all of a customer's."""

    subscription: Identifier | None = None
    customer: Identifier | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        return self.need_one_of("subscription", "customer")


class SendInvoice(Arguments):
    """The invoice to mail again; Stripe sends it to the customer's own address."""

    invoice: Identifier


class CreateRefund(Amounted):
    """A full or partial refund. ``fraudulent`` is no reason here: it would block the payer's card."""

    charge: Identifier
    reason: Literal["duplicate", "requested_by_customer"] = "requested_by_customer"


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _id_of(value: Any) -> str | None:
    """An id that may have come expanded into its object."""
    return text(value.get("id")) if isinstance(value, dict) else text(value)


def _place(row: Mapping[str, Any]) -> str:
    return "https://dashboard.stripe.com" + ("/test" if row.get("livemode") is False else "")


def _party(row: Mapping[str, Any]) -> Party:
    metadata = table(row.get("metadata"))
    name = text(row.get("name"))
    return Party(
        system="stripe",
        id=str(row["id"]),
        names=texts(name, *people(metadata)),
        companies=texts(name),
        emails=texts(row.get("email")),
        phones=texts(row.get("phone")),
        references=references(metadata),
        vip=is_vip(metadata),
        contact_changed_at=contact_changed(metadata),
        url=f"{_place(row)}/customers/{row['id']}",
    )


def _charge(row: Mapping[str, Any]) -> Document:
    currency = row.get("currency")
    billing = table(row.get("billing_details"))
    receipt = text(row.get("receipt_url"))
    return Document(
        system="stripe",
        type="charge",
        id=str(row["id"]),
        party_id=_id_of(row.get("customer")),
        number=text(row.get("receipt_number")),
        references=texts(
            *references(table(row.get("metadata"))), _id_of(row.get("invoice")), _id_of(row.get("payment_intent"))
        ),
        amount=minor_units(row.get("amount"), currency),
        amount_refunded=minor_units(row.get("amount_refunded"), currency),
        status=text(row.get("status")),
        paid=flag(row.get("paid")),
        disputed=flag(row.get("disputed")),
        created=unix(row.get("created")),
        email=text(row.get("receipt_email")) or text(billing.get("email")),
        description=text(row.get("description")),
        url=f"{_place(row)}/payments/{_id_of(row.get('payment_intent')) or row['id']}",
        links={"receipt": receipt} if receipt else {},
    )


def _invoice(row: Mapping[str, Any]) -> Document:
    currency = row.get("currency")
    status = text(row.get("status"))
    links = {"hosted": text(row.get("hosted_invoice_url")), "pdf": text(row.get("invoice_pdf"))}
    due = row.get("amount_remaining") if row.get("amount_remaining") is not None else row.get("amount_due")
    return Document(
        system="stripe",
        type="invoice",
        id=str(row["id"]),
        party_id=_id_of(row.get("customer")),
        number=text(row.get("number")),
        references=texts(
            *references(table(row.get("metadata"))),
            _id_of(row.get("subscription")),
            _id_of(row.get("charge")),
            _id_of(row.get("payment_intent")),
        ),
        amount=minor_units(row.get("total", row.get("amount_due")), currency),
        amount_due=minor_units(due, currency),
        status=status,
        paid=flag(row.get("paid")) if row.get("paid") is not None else (status == "paid" if status else None),
        created=unix(row.get("created")),
        due=day(row.get("due_date")),
        email=text(row.get("customer_email")),
        description=text(row.get("description")) or _first_line(row),
        url=f"{_place(row)}/invoices/{row['id']}",
        links={purpose: link for purpose, link in links.items() if link},
    )


def _first_line(row: Mapping[str, Any]) -> str | None:
    lines = rows(table(row.get("lines")).get("data"))
    return text(lines[0].get("description")) if lines else None


def _subscription(row: Mapping[str, Any]) -> Document:
    items = rows(table(row.get("items")).get("data"))
    # Since 2025-03-31.basil the period stands on the items only.
    ends = [end for part in (row, *items) if (end := unix(part.get("current_period_end")))]
    names = texts(*(table(item.get("price")).get("nickname") for item in items))
    return Document(
        system="stripe",
        type="subscription",
        id=str(row["id"]),
        party_id=_id_of(row.get("customer")),
        references=texts(*references(table(row.get("metadata"))), _id_of(row.get("latest_invoice"))),
        amount=minor_units(_per_period(items), row.get("currency")),
        status=text(row.get("status")),
        created=unix(row.get("created")),
        access_ends=min(ends) if ends else None,
        description=", ".join(names) or None,
        url=f"{_place(row)}/subscriptions/{row['id']}",
    )


def _per_period(items: Iterable[Mapping[str, Any]]) -> int | None:
    total = 0
    for item in items:
        price, count = table(item.get("price")).get("unit_amount"), item.get("quantity", 1)
        if not isinstance(price, int) or not isinstance(count, int):
            return None
        total += price * count
    return total or None


def _charge_body(row: Mapping[str, Any]) -> dict[str, Any]:
    card = table(table(row.get("payment_method_details")).get("card"))
    return pick(row, _CHARGE) | ({"card": pick(card, ("brand", "last4"))} if card else {})


def _subscription_body(row: Mapping[str, Any]) -> dict[str, Any]:
    found = _subscription(row)
    return pick(row, _SUBSCRIPTION) | {
        "description": found.description,
        "current_period_end": int(found.access_ends.timestamp()) if found.access_ends else None,
    }


class Stripe(HttpConnector):
    """Client of api.stripe.com. Credentials: api_key."""

    system = "stripe"
    home = "https://api.stripe.com"

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret('api_key')}", "Stripe-Version": _VERSION}

    def judge(self, reply: Reply) -> Judgement | None:
        judgement = super().judge(reply)
        if judgement is None:
            return None
        error = table(table(reply.data).get("error"))
        if error.get("type") == "idempotency_error":
            return Judgement(Verdict.REFUSED, "holds the same idempotency key with other arguments")
        if error.get("code") == "rate_limit":
            return Judgement(Verdict.THROTTLED)
        return Judgement(judgement.verdict, _OUR_WORDS.get(str(error.get("code")), judgement.reason))

    def find_customer(self, args: Finder, _key: str | None) -> Answer:
        """Customers that fit the strongest fact given; none is an empty answer."""
        for found in self._customer_steps(args):
            kept = [row for row in found if text(row.get("id")) and not row.get("deleted")]
            if kept:
                parties = tuple(_party(row) for row in kept)
                return Answer([pick(row, _CUSTOMER) for row in kept], parties=parties)
        return Answer([])

    def _customer_steps(self, args: Finder) -> Iterable[list[dict[str, Any]]]:
        if args.reference:
            yield self._by_reference(args.reference)
        if args.email:
            # The list filter is case-sensitive, the search is not but lags behind by up to a minute.
            yield self._list("/v1/customers", {"email": args.email, "limit": 10})
            yield self._search("customers", f"email:{_quoted(args.email)}")
        if args.phone:
            yield self._search("customers", f"phone:{_quoted(args.phone)}")
        if args.name:
            short = _quoted(without_legal_form(args.name))
            yield self._search("customers", f'name~{short} OR metadata["contact"]:{_quoted(args.name)}')

    def _by_reference(self, reference: str) -> list[dict[str, Any]]:
        if reference.startswith("cus_"):
            return self._maybe(f"/v1/customers/{segment(reference)}")
        kinds = {"in_": "invoices", "sub_": "subscriptions", "ch_": "charges", "pi_": "payment_intents"}
        kind = next((kind for prefix, kind in kinds.items() if reference.startswith(prefix)), None)
        if kind:
            owners = [_id_of(row.get("customer")) for row in self._maybe(f"/v1/{kind}/{segment(reference)}")]
            return [row for owner in owners if owner for row in self._maybe(f"/v1/customers/{segment(owner)}")]
        value = _quoted(reference)
        for lot in _METADATA_KEYS:
            found = self._search("customers", " OR ".join(f'metadata["{key}"]:{value}' for key in lot.split()))
            if found:
                return found
        return []

    def list_charges(self, args: ListCharges, _key: str | None) -> Answer:
        """The customer's charges, newest first."""
        found = self._list("/v1/charges", {"customer": args.customer, "limit": args.limit})
        kept = [row for row in found if text(row.get("id"))]
        return Answer([_charge_body(row) for row in kept], documents=tuple(_charge(row) for row in kept))

    def get_subscription(self, args: GetSubscription, _key: str | None) -> Answer:
        """One subscription (Missing when unknown) or all of a customer's, cancelled ones included."""
        if args.subscription:
            found = [table(self.read("GET", f"/v1/subscriptions/{segment(args.subscription)}").data)]
        else:
            found = self._list("/v1/subscriptions", {"customer": args.customer or "", "status": "all", "limit": 20})
        kept = [row for row in found if text(row.get("id"))]
        return Answer([_subscription_body(row) for row in kept], documents=tuple(_subscription(row) for row in kept))

    def get_invoice(self, args: GetInvoice, _key: str | None) -> Answer:
        """Invoices by id, number or customer. Raises Missing when a named one is unknown."""
        kept = [row for row in self._invoices(args) if text(row.get("id"))]
        if not kept and args.invoice:
            raise self.missing("invoice")
        return Answer([pick(row, _INVOICE) for row in kept], documents=tuple(_invoice(row) for row in kept))

    def _invoices(self, args: GetInvoice) -> list[dict[str, Any]]:
        if args.invoice and args.invoice.startswith("in_"):
            return [table(self.read("GET", f"/v1/invoices/{segment(args.invoice)}").data)]
        if args.customer:
            listed = self._list("/v1/invoices", {"customer": args.customer, "limit": 100 if args.invoice else 20})
            if args.invoice is None:
                return listed
            own = [row for row in listed if same_reference(args.invoice, str(row.get("number") or ""))]
            if own:
                return own
        spellings = reference_spellings(args.invoice or "")
        return self._search("invoices", " OR ".join(f"number:{_quoted(spelling)}" for spelling in spellings))

    def send_invoice(self, args: SendInvoice, key: str | None) -> Answer:
        """Mail the invoice to its customer again."""
        path = f"/v1/invoices/{segment(args.invoice)}/send"
        reply = self.write("POST", path, form={}, headers={"Idempotency-Key": key or ""})
        row = table(reply.data)
        return self._done(row, pick(row, ("id", "number", "status")), _invoice)

    def create_refund(self, args: CreateRefund, key: str | None) -> Answer:
        """Refund ``charge`` (or a ``pi_`` payment). Raises Rejected when the charge cannot bear it."""
        minor = args.money.minor
        field = "payment_intent" if args.charge.startswith("pi_") else "charge"
        if field == "charge" and (already := self._check_charge(args, key or "")):
            return already
        form = {field: args.charge, "amount": str(minor), "reason": args.reason, f"metadata[{_KEY}]": key or ""}
        row = table(self.write("POST", "/v1/refunds", form=form, headers={"Idempotency-Key": key or ""}).data)
        if row.get("status") in ("failed", "canceled"):
            raise self.rejected("created the refund but could not carry it out")
        return _refund_answer(row)

    def _check_charge(self, args: CreateRefund, key: str) -> Answer | None:
        """The refund when ``key`` made it before. Raises Rejected when the charge cannot bear it: the sum's
        unit depends on the charge's own currency, so a wrong currency would be a wrong sum."""
        charge = _charge(table(self.read("GET", f"/v1/charges/{segment(args.charge)}").data) or {"id": args.charge})
        if charge.amount is None or charge.amount.currency != args.money.currency:
            raise self.rejected("the charge has another currency than the refund")
        refunded = charge.amount_refunded.minor if charge.amount_refunded else 0
        if refunded and key and (already := self.find_refund(args, key)):
            return already
        if args.money.minor > charge.amount.minor - refunded:
            raise self.rejected("the refund is more than what is left of the charge")
        if charge.disputed:
            raise self.rejected("the charge is disputed")
        return None

    def find_refund(self, args: CreateRefund, key: str) -> Answer | None:
        """The refund made under ``key``, None when the payment has none; lists, which do not lag."""
        field = "payment_intent" if args.charge.startswith("pi_") else "charge"
        for row in self._list("/v1/refunds", {field: args.charge, "limit": 100}):
            if table(row.get("metadata")).get(_KEY) == key:
                return _refund_answer(row)
        return None

    def _done(self, row: dict[str, Any], body: Any, read: Any) -> Answer:
        if not text(row.get("id")):
            raise self.lost("the answer does not name what was done")
        document: Document = read(row)
        return Answer(body, documents=(document,), vendor_id=document.id, url=document.url)

    def _list(self, path: str, params: Mapping[str, str | int]) -> list[dict[str, Any]]:
        return rows(table(self.read("GET", path, params=params).data).get("data"))

    def _search(self, kind: str, query: str) -> list[dict[str, Any]]:
        return self._list(f"/v1/{kind}/search", {"query": query, "limit": 10})

    def _maybe(self, path: str) -> list[dict[str, Any]]:
        try:
            return [table(self.read("GET", path).data)]
        except Missing:
            return []


def _refund_answer(row: Mapping[str, Any]) -> Answer:
    refund = text(row.get("id"))
    body = pick(row, ("id", "charge", "payment_intent", "amount", "currency", "status", "reason"))
    payment = _id_of(row.get("payment_intent")) or _id_of(row.get("charge"))
    return Answer(body, vendor_id=refund, url=f"{_place(row)}/payments/{payment}" if payment else None)


OPERATIONS = (
    Operation(
        "stripe.find_customer",
        Effect.LOOKUP,
        "Find a Stripe customer by e-mail, name, phone or reference.",
        Finder,
        Stripe.find_customer,
    ),
    Operation(
        "stripe.list_charges",
        Effect.LOOKUP,
        "List a Stripe customer's charges, newest first.",
        ListCharges,
        Stripe.list_charges,
    ),
    Operation(
        "stripe.get_subscription",
        Effect.LOOKUP,
        "Get a Stripe subscription, or all of a customer's.",
        GetSubscription,
        Stripe.get_subscription,
    ),
    Operation(
        "stripe.get_invoice",
        Effect.LOOKUP,
        "Get a Stripe invoice by id or number, or a customer's invoices.",
        GetInvoice,
        Stripe.get_invoice,
    ),
    Operation(
        "stripe.send_invoice",
        Effect.DOCUMENT,
        "Mail a Stripe invoice to its customer again.",
        SendInvoice,
        Stripe.send_invoice,
        target=lambda args: str(args.invoice),
        idempotency="vendor_key",
        reversible=False,
    ),
    Operation(
        "stripe.create_refund",
        Effect.MONEY,
        "Refund all or part of a Stripe charge.",
        CreateRefund,
        Stripe.create_refund,
        target=lambda args: str(args.charge),
        find_again=Stripe.find_refund,
        idempotency="vendor_key",
        reversible=False,
    ),
)
