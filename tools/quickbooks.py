"""QuickBooks Online: customers, invoices and credit memos (v3 API, decimal amounts)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from tools.arguments import Amounted, EmailAddress, Finder, Identifier, OneLine, Query
from tools.connector import Answer, Arguments, Effect, Missing, NotConfigured, Operation
from tools.http import Judgement, Params, Reply, Verdict, segment
from tools.oauth import OAuthConnector
from tools.records import Document, Party
from tools.shapes import day, major_units, moment, pick, rows, table, text, texts
from tools.text import marker, reference_spellings, same_phone, same_reference, without_legal_form

_MINOR_VERSION = 75
_PAGE = 1000
_MOST_PAGES = 10
_LONGEST_NUMBER = 21
_CUSTOMER = ("Id", "DisplayName", "CompanyName", "GivenName", "FamilyName", "BillAddr", "Balance", "CurrencyRef")
_INVOICE = (
    "Id",
    "DocNumber",
    "TxnDate",
    "DueDate",
    "TotalAmt",
    "Balance",
    "CustomerRef",
    "BillEmail",
    "CurrencyRef",
    "EmailStatus",
)
_FAULTS = {
    "610": Judgement(Verdict.MISSING),
    "5010": Judgement(Verdict.REFUSED, "the record was changed by somebody else meanwhile"),
    "6190": Judgement(Verdict.FORBIDDEN, "the company's subscription has ended"),
    "120": Judgement(Verdict.FORBIDDEN, "the credentials have no access to the company"),
}
_FAULT_TYPES = {
    "systemfault": Verdict.TROUBLE,
    "authenticationfault": Verdict.FORBIDDEN,
    "authorizationfault": Verdict.FORBIDDEN,
}


class GetInvoice(Query):
    """By number, by its id, or a customer's newest ones."""

    doc_number: Annotated[str, Field(max_length=_LONGEST_NUMBER)] | None = None
    customer: Identifier | None = None
    invoice_id: Identifier | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        return self.need_one_of("doc_number", "customer", "invoice_id")


class SendInvoice(Arguments):
    """QuickBooks keeps ``send_to`` as the invoice's address from then on."""

    invoice_id: Identifier
    send_to: EmailAddress


class CreateCreditMemo(Amounted):
    """A credit on the customer's account; it returns no money."""

    customer: Identifier
    item_id: Identifier | None = None
    private_note: Annotated[str, Field(max_length=3900)] = ""


class UpdateAddress(Arguments):
    """The customer's billing address as it shall be. ``region`` is the state or province."""

    customer_id: Identifier
    line1: OneLine
    line2: OneLine | None = None
    city: OneLine
    region: OneLine | None = None
    postal_code: OneLine
    country: OneLine


def _literal(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _like(value: str) -> str:
    return _literal("%" + value.replace("%", "") + "%")


def _currency(row: Mapping[str, Any]) -> str | None:
    return text(table(row.get("CurrencyRef")).get("value"))


def _party(row: Mapping[str, Any]) -> Party:
    person = " ".join(texts(row.get("GivenName"), row.get("FamilyName")))
    company, shown = text(row.get("CompanyName")), text(row.get("DisplayName"))
    phones = (table(row.get(key)).get("FreeFormNumber") for key in ("PrimaryPhone", "Mobile", "AlternatePhone"))
    return Party(
        system="quickbooks",
        id=str(row["Id"]),
        names=texts(person, None if company or person else shown),
        companies=texts(company, shown if shown != person else None),
        emails=texts(table(row.get("PrimaryEmailAddr")).get("Address")),
        phones=texts(*phones),
        references=texts(row.get("AcctNum")),
        url=f"https://qbo.intuit.com/app/customerdetail?nameId={row['Id']}",
    )


def _invoice(row: Mapping[str, Any], currency: str | None) -> Document:
    code = _currency(row) or currency
    total, balance = major_units(row.get("TotalAmt"), code), major_units(row.get("Balance"), code)
    hosted = text(row.get("InvoiceLink"))
    status = None
    if total is not None and balance is not None:
        status = "paid" if balance.minor == 0 else "open" if balance == total else "partially_paid"
    lines = texts(*(line.get("Description") for line in rows(row.get("Line"))))
    return Document(
        system="quickbooks",
        type="invoice",
        id=str(row["Id"]),
        party_id=text(table(row.get("CustomerRef")).get("value")),
        number=text(row.get("DocNumber")),
        amount=total,
        amount_due=balance,
        status=status,
        paid=None if balance is None else balance.minor == 0,
        created=moment(row.get("TxnDate")) or moment(table(row.get("MetaData")).get("CreateTime")),
        due=day(row.get("DueDate")),
        email=text(table(row.get("BillEmail")).get("Address")),
        description=lines[0] if lines else None,
        url=f"https://qbo.intuit.com/app/invoice?txnId={row['Id']}",
        links={"hosted": hosted} if hosted else {},
    )


class QuickBooks(OAuthConnector):
    """Client of one company. Credentials: access_token, realm_id; optional credit_item_id, currency (of
    records that name none), refresh_token with client_id and client_secret."""

    system = "quickbooks"
    home = "https://quickbooks.api.intuit.com/v3/company/{realm_id}"
    renewal_address = "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"
    busy_wait = 60.0

    def judge(self, reply: Reply) -> Judgement | None:
        """Also a 200 may carry a Fault; gateways write its keys in lower case."""
        data = table(reply.data)
        fault = table(data.get("Fault") or data.get("fault"))
        judgement = super().judge(reply)
        if not fault or (judgement and judgement.verdict in (Verdict.THROTTLED, Verdict.TROUBLE)):
            return judgement
        for error in rows(fault.get("Error") or fault.get("error")):
            if found := _FAULTS.get(str(error.get("code"))):
                return found
        return Judgement(_FAULT_TYPES.get(str(fault.get("type")).lower(), Verdict.REFUSED))

    def find_customer(self, args: Finder, _key: str | None) -> Answer:
        """Customers that fit the strongest fact given; none is an empty answer."""
        for found in self._customer_steps(args):
            kept = [row for row in found if text(row.get("Id"))]
            if kept:
                return Answer([pick(row, _CUSTOMER) for row in kept], parties=tuple(_party(row) for row in kept))
        return Answer([])

    def _customer_steps(self, args: Finder) -> Iterable[list[dict[str, Any]]]:
        if args.reference:
            yield self._by_reference(args.reference)
        if args.email:
            yield self._query("Customer", f"PrimaryEmailAddr = {_literal(args.email)}")
        if args.phone:
            # Phones cannot be filtered by the vendor, so the customers are paged and compared here.
            yield [row for row in self._everyone() if any(same_phone(args.phone, p) for p in _party(row).phones)]
        if args.name:
            yield self._query("Customer", f"DisplayName like {_like(without_legal_form(args.name))}")
            yield self._query("Customer", f"CompanyName like {_like(without_legal_form(args.name))}")
            given, _, family = args.name.rpartition(" ")
            if given:
                yield self._query("Customer", f"GivenName = {_literal(given)} and FamilyName = {_literal(family)}")

    def _by_reference(self, reference: str) -> list[dict[str, Any]]:
        for invoice in self._numbered(reference):
            owner = text(table(invoice.get("CustomerRef")).get("value"))
            if owner:
                return self._query("Customer", f"Id = {_literal(owner)}")
        return self._query("Customer", f"Id = {_literal(reference)}") if reference.isdigit() else []

    def _numbered(self, number: str) -> list[dict[str, Any]]:
        """Invoices of this number as it may be written, else those that differ in punctuation only."""
        for spelling in reference_spellings(number):
            found = (
                self._query("Invoice", f"DocNumber = {_literal(spelling)}") if len(spelling) <= _LONGEST_NUMBER else []
            )
            if found:
                return found
        digits = re.search(r"\d{3,}$", number)
        if digits is None:
            return []
        similar = self._query("Invoice", f"DocNumber like {_like(digits[0])}", limit=100)
        return [row for row in similar if same_reference(number, str(row.get("DocNumber") or ""))]

    def _everyone(self) -> Iterable[dict[str, Any]]:
        for page in range(_MOST_PAGES):
            found = self._query("Customer", "Active = true", start=page * _PAGE + 1, limit=_PAGE)
            yield from (row for row in found if text(row.get("Id")))
            if len(found) < _PAGE:
                return

    def get_invoice(self, args: GetInvoice, _key: str | None) -> Answer:
        """Invoices by number, id or customer. Raises Missing when a named one is unknown."""
        kept = [row for row in self._invoices(args) if text(row.get("Id"))]
        if not kept and (args.doc_number or args.invoice_id):
            raise self.missing("invoice")
        documents = tuple(_invoice(row, self.option("currency")) for row in kept)
        return Answer([pick(row, _INVOICE) for row in kept], documents=documents)

    def _invoices(self, args: GetInvoice) -> list[dict[str, Any]]:
        if args.invoice_id:
            return [table(table(self._get(f"/invoice/{segment(args.invoice_id)}").data).get("Invoice"))]
        if args.doc_number:
            return self._numbered(args.doc_number)
        return self._query("Invoice", f"CustomerRef = {_literal(args.customer or '')} ORDERBY TxnDate DESC")

    def send_invoice(self, args: SendInvoice, key: str | None) -> Answer:
        """Mail the invoice to ``send_to``."""
        reply = self.write(
            "POST",
            f"/invoice/{segment(args.invoice_id)}/send",
            params=self._params(key) | {"sendTo": args.send_to},
            content=b"",
            headers={"Content-Type": "application/octet-stream"},
        )
        row = table(table(reply.data).get("Invoice"))
        if not text(row.get("Id")):
            raise self.lost("the answer does not name the invoice")
        document = _invoice(row, self.option("currency"))
        return Answer(pick(row, _INVOICE), documents=(document,), vendor_id=document.id, url=document.url)

    def create_credit_memo(self, args: CreateCreditMemo, key: str | None) -> Answer:
        """Put a credit on the customer's account."""
        item = args.item_id or self.option("credit_item_id")
        if item is None:
            raise NotConfigured(self.system, "not configured: set BILLING_AGENT_QUICKBOOKS_CREDIT_ITEM_ID")
        owner = table(table(self._get(f"/customer/{segment(args.customer)}").data).get("Customer"))
        currency = _currency(owner)
        if currency is not None and currency.upper() != args.money.currency:
            raise self.rejected("the customer has another currency than the credit")
        number = float(Decimal(args.money.text))
        detail = {"ItemRef": {"value": item}, "Qty": 1, "UnitPrice": number}
        line = {"Amount": number, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}
        body = {
            "CustomerRef": {"value": args.customer},
            "CurrencyRef": {"value": args.money.currency},
            "PrivateNote": f"{args.private_note} [{marker(key or '')}]".strip(),
            "Line": [line],
        }
        row = table(
            table(self.write("POST", "/creditmemo", params=self._params(key), json=body).data).get("CreditMemo")
        )
        if not text(row.get("Id")):
            raise self.lost("the answer does not name the credit memo")
        return _memo_answer(row)

    def find_credit_memo(self, args: CreateCreditMemo, key: str) -> Answer | None:
        """The credit memo that carries our mark, None when the customer has none."""
        for row in self._query("CreditMemo", f"CustomerRef = {_literal(args.customer)}"):
            if marker(key) in str(row.get("PrivateNote") or ""):
                return _memo_answer(row)
        return None

    def update_customer_address(self, args: UpdateAddress, key: str | None) -> Answer:
        """Replace the billing address; refused when the record changed since it was read."""
        before = table(table(self._get(f"/customer/{segment(args.customer_id)}").data).get("Customer"))
        body = {
            "Id": args.customer_id,
            "SyncToken": str(before.get("SyncToken", "0")),
            "sparse": True,
            "BillAddr": _address(args),
        }
        row = table(table(self.write("POST", "/customer", params=self._params(key), json=body).data).get("Customer"))
        if not text(row.get("Id")):
            raise self.lost("the answer does not name the customer")
        return _address_answer(row, before)

    def find_address(self, args: UpdateAddress, _key: str) -> Answer | None:
        """The customer when the address is as wanted, None when it is not."""
        row = table(table(self._get(f"/customer/{segment(args.customer_id)}").data).get("Customer"))
        held = table(row.get("BillAddr"))
        applied = all(held.get(field) == value for field, value in _address(args).items())
        return _address_answer(row, None) if applied else None

    def _params(self, key: str | None = None) -> dict[str, str | int | bool]:
        return {"minorversion": _MINOR_VERSION} | ({"requestid": key[:50]} if key else {})

    def _get(self, path: str, params: Params | None = None) -> Reply:
        return self.read("GET", path, params=self._params() | dict(params or {}))

    def _query(self, entity: str, condition: str, *, start: int = 1, limit: int = 20) -> list[dict[str, Any]]:
        # Values in ``condition`` went through _literal; the vendor's query language has no parameters.
        query = " ".join(("select * from", entity, "where", condition, f"STARTPOSITION {start}", f"MAXRESULTS {limit}"))
        try:
            answer = table(self._get("/query", {"query": query}).data)
        except Missing:
            return []
        return rows(table(answer.get("QueryResponse")).get(entity))


def _address(args: UpdateAddress) -> dict[str, str]:
    address = {
        "Line1": args.line1,
        "Line2": args.line2,
        "City": args.city,
        "CountrySubDivisionCode": args.region,
        "PostalCode": args.postal_code,
        "Country": args.country,
    }
    return {field: value for field, value in address.items() if value is not None}


def _address_answer(row: Mapping[str, Any], before: Mapping[str, Any] | None) -> Answer:
    body = {"Id": row.get("Id"), "BillAddr": row.get("BillAddr")}
    if before is not None:
        body["before"] = before.get("BillAddr")
    party = _party(row)
    return Answer(body, parties=(party,), vendor_id=party.id, url=party.url)


def _memo_answer(row: Mapping[str, Any]) -> Answer:
    body = pick(row, ("Id", "DocNumber", "TotalAmt", "RemainingCredit", "CustomerRef", "CurrencyRef"))
    return Answer(body, vendor_id=str(row["Id"]), url=f"https://qbo.intuit.com/app/creditmemo?txnId={row['Id']}")


OPERATIONS = (
    Operation(
        "quickbooks.find_customer",
        Effect.LOOKUP,
        "Find a QuickBooks customer by e-mail, name, phone or invoice number.",
        Finder,
        QuickBooks.find_customer,
    ),
    Operation(
        "quickbooks.get_invoice",
        Effect.LOOKUP,
        "Get a QuickBooks invoice by number or id, or a customer's invoices.",
        GetInvoice,
        QuickBooks.get_invoice,
    ),
    Operation(
        "quickbooks.send_invoice",
        Effect.DOCUMENT,
        "Mail a QuickBooks invoice to the customer's address.",
        SendInvoice,
        QuickBooks.send_invoice,
        target=lambda args: f"{args.send_to.lower()}|{args.invoice_id}",
        idempotency="vendor_key",
        reversible=False,
    ),
    Operation(
        "quickbooks.create_credit_memo",
        Effect.MONEY,
        "Credit a QuickBooks customer's account.",
        CreateCreditMemo,
        QuickBooks.create_credit_memo,
        house_fields=frozenset({"item_id", "private_note"}),
        target=lambda args: str(args.customer),
        find_again=QuickBooks.find_credit_memo,
        idempotency="vendor_key",
    ),
    Operation(
        "quickbooks.update_customer_address",
        Effect.RECORD,
        "Correct a QuickBooks customer's billing address.",
        UpdateAddress,
        QuickBooks.update_customer_address,
        target=lambda args: str(args.customer_id),
        find_again=QuickBooks.find_address,
        idempotency="vendor_key",
    ),
)
