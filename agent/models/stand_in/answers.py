"""What earlier turns of the loop asked and were told, and the records found in the answers.

Vendors name the same thing differently; only the names that tool answers of this product carry are read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from agent.values import compact_id
from tools.money import exponent

MINOR_UNITS = frozenset({"stripe", "proabono"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One earlier tool call with its answer; ``status`` is "" while it has none."""

    tool: str
    arguments: Mapping[str, Any]
    status: str
    result: Any

    @property
    def system(self) -> str:
        """``stripe`` of ``stripe__find_customer``."""
        return self.tool.split("__", 1)[0]

    def rows(self) -> list[Mapping[str, Any]]:
        """The objects answered, empty unless the answer was ok."""
        if self.status != "ok":
            return []
        rows = self.result if isinstance(self.result, list) else [self.result]
        return [row for row in rows if isinstance(row, dict)]


def history(messages: Iterable[Mapping[str, Any]]) -> tuple[Asked, ...]:
    """Every tool call so far, in order, joined with its answer."""
    calls: list[tuple[str, str, Mapping[str, Any]]] = []
    told: dict[str, tuple[str, Any]] = {}
    for message in messages:
        for call in message.get("tool_calls") or ():
            function = call.get("function", {})
            calls.append((str(call.get("id")), str(function.get("name", "")), _parsed(function.get("arguments"))))
        if message.get("role") == "tool":
            answer = _parsed(message.get("content"))
            told[str(message.get("tool_call_id"))] = (str(answer.get("status", "")), answer.get("result"))
    return tuple(Asked(name, arguments, *told.get(ident, ("", None))) for ident, name, arguments in calls)


def _parsed(text: Any) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer record in one system; ``handle`` is what follow-up lookups are made with."""

    system: str
    handle: Any
    words: tuple[str, ...]
    emails: tuple[str, ...]
    owner: str | None = None
    vip: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """An invoice, charge or subscription in an answer; ``amount`` in major units."""

    system: str
    kind: str
    id: str
    number: str | None
    amount: Decimal | None
    currency: str | None
    paid: bool
    open: bool
    email: str | None
    created: str


def customers(asked: Asked) -> list[Customer]:
    """The customer records in a finder's answer."""
    return [found for row in asked.rows() if (found := _customer(asked.system, row)) is not None]


_HANDLES = {"proabono": "ReferenceCustomer", "quickbooks": "Id", "beeminder": "username"}


def _customer(system: str, row: Mapping[str, Any]) -> Customer | None:
    handle = row.get(_HANDLES.get(system, "id"))
    if handle is None:
        return None
    words = tuple(text.lower() for text in _strings(row) if len(text) < 120)
    owner = row.get("hubspot_owner_id")
    flags = {str(key).lower(): str(value).lower() for key, value in _pairs(row)}
    tags = row.get("tags")
    tagged = isinstance(tags, list) and any(
        str(tag).lower() in ("vip", "enterprise", "plan_enterprise") for tag in tags
    )
    vip = flags.get("vip") == "true" or flags.get("plan") == "enterprise" or tagged
    return Customer(system, handle, words, tuple(w for w in words if "@" in w), str(owner) if owner else None, vip)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def _pairs(value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, one in value.items():
        if isinstance(one, Mapping):
            yield from _pairs(one)
        else:
            yield key, one


def papers(asked: Sequence[Asked]) -> list[Paper]:
    """Every document answered so far, each once."""
    found: dict[tuple[str, str], Paper] = {}
    for one in asked:
        kind = _KINDS.get(one.tool)
        for row in one.rows() if kind else ():
            paper = _paper(one.system, str(kind), row)
            found[(paper.system, paper.id)] = paper
    return list(found.values())


_KINDS = {
    "stripe__list_charges": "charge",
    "stripe__get_invoice": "invoice",
    "stripe__get_subscription": "subscription",
    "quickbooks__get_invoice": "invoice",
    "proabono__list_invoices": "invoice",
}


def _paper(system: str, kind: str, row: Mapping[str, Any]) -> Paper:
    currency = _currency(row)
    status = str(row.get("status") or row.get("Status") or row.get("StateInvoice") or "").lower()
    balance = row.get("Balance")
    paid = bool(row.get("paid")) or status == "paid" or (balance is not None and not float(balance))
    email = row.get("receipt_email") or row.get("customer_email") or _nested(row, "BillEmail", "Address")
    return Paper(
        system=system,
        kind=kind,
        id=str(row.get("id") or row.get("Id")),
        number=row.get("number") or row.get("DocNumber") or row.get("FullNumber"),
        amount=_amount(system, row, currency),
        currency=currency,
        paid=paid,
        open=not paid and status not in ("void", "refunded", "canceled"),
        email=str(email).lower() if email else None,
        created=str(row.get("created") or row.get("TxnDate") or row.get("DateIssue") or ""),
    )


def _nested(row: Mapping[str, Any], key: str, inner: str) -> Any:
    value = row.get(key)
    return value.get(inner) if isinstance(value, Mapping) else None


def _currency(row: Mapping[str, Any]) -> str | None:
    code = row.get("currency") or row.get("Currency") or _nested(row, "CurrencyRef", "value")
    return str(code).upper() if code else None


def _amount(system: str, row: Mapping[str, Any], currency: str | None) -> Decimal | None:
    for key in ("total", "amount", "TotalAmt", "AmountTotal"):
        if row.get(key) is not None:
            try:
                value = Decimal(str(row[key]))
            except InvalidOperation:
                return None
            return value.scaleb(-exponent(currency or "USD")) if system in MINOR_UNITS else value
    return None


def same_number(paper: Paper, number: str | None) -> bool:
    """Whether ``paper`` is the one that was named."""
    if not number:
        return False
    return compact_id(number) in {compact_id(paper.id), compact_id(paper.number or "")}
