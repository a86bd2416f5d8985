"""Which record a call is about, among those the lookups found (pure; S02, S08)."""

from __future__ import annotations

from collections.abc import Iterable

from agent.capture import Scenario
from agent.loop.facts import Facts
from agent.loop.names import same_reference
from agent.run import ToolCall, ToolStatus
from tools.money import Money
from tools.records import Document

_REFERENCES = ("payment_id", "invoice_number", "order_id", "subscription_id", "affected_record")
_UNDER_WAY = frozenset({ToolStatus.EXECUTED, ToolStatus.PROPOSED, ToolStatus.UNKNOWN, ToolStatus.FAILED})
_TYPES: dict[Scenario, tuple[str, ...]] = {
    Scenario.REFUND_REQUEST: ("charge", "invoice"),
    Scenario.CHARGE_DISPUTE: ("charge", "invoice"),
    Scenario.RECEIPT_TO_VERIFIED_EMAIL: ("charge", "invoice"),
    Scenario.RENEWAL_FAILURE: ("invoice", "subscription"),
    Scenario.VIP_PAYMENT_BLOCKER: ("invoice", "subscription"),
}
_PAPERS = ("invoice", "charge", "subscription", "payment_settings", "quote", "goal", "brand")


def affected_document(facts: Facts, calls: Iterable[ToolCall] = ()) -> Document | None:
    """The charge, invoice, subscription or other object the call is about, or None when it is not clear.

    In this order: what an action of this run is about; what the caller named by its reference; the
    matched caller's one record with the amount said; the matched caller's one open or only record of
    the kind that the scenario is about.
    """
    return (
        _acted_on(facts, calls)
        or _named(facts)
        or _only(_with_amount(facts), facts)
        or _only([d for d in facts.documents_of_match if d.paid is False], facts)
        or _only(list(facts.documents_of_match), facts)
    )


def _acted_on(facts: Facts, calls: Iterable[ToolCall]) -> Document | None:
    for call in calls:
        if call.kind == "action" and call.status in _UNDER_WAY:
            system = call.tool.split(".", 1)[0]
            texts = [value for value in call.arguments.values() if isinstance(value, str)]
            hits = (facts.document(system, value) for value in texts)
            about = (d for d in facts.documents_of_match if d.id == call.arguments.get("record"))
            found = next((d for d in (*hits, *about) if d is not None), None)
            if found is not None:
                return found
    return None


def _named(facts: Facts) -> Document | None:
    for field in _REFERENCES:
        said = facts.extraction.capture.value(field)
        if said is None:
            continue
        hits = [d for d in facts.documents if _goes_by(d, said)]
        hits.sort(key=lambda d: (not facts.owned(d), d.type not in ("charge", "invoice")))
        if hits:
            return hits[0]
    return None


def _goes_by(document: Document, said: str) -> bool:
    names = (document.id, document.number, *document.references)
    return any(name is not None and same_reference(said, name) for name in names)


def _with_amount(facts: Facts) -> list[Document]:
    amount, currency = facts.extraction.capture.value("amount"), facts.extraction.capture.value("currency")
    if amount is None:
        return []
    return [d for d in facts.documents_of_match if any(_same(m, amount, currency) for m in (d.amount, d.amount_due))]


def _same(money: Money | None, amount: str, currency: str | None) -> bool:
    return money is not None and money.text == amount and currency in (None, money.currency)


def _only(documents: list[Document], facts: Facts) -> Document | None:
    """The one document of the first kind that has any; None when that kind has several."""
    for kind in (*_TYPES.get(facts.extraction.scenario.label, ()), *_PAPERS):
        hits = [d for d in documents if d.type == kind]
        if hits:
            return hits[0] if len(hits) == 1 else None
    return None
