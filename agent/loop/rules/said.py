"""What the call says about money, read once for every rule that compares it with a record (pure)."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from agent.call import RedactedCall
from agent.capture import Extraction, Scenario, Signal
from agent.loop.facts import Facts
from agent.loop.names import same_reference
from agent.loop.scenarios import scenarios_of
from agent.values import read_amounts, read_dates
from tools.money import Money
from tools.records import Document

_NUMBER = re.compile(r"\d+\.\d{2,3}")
_PART = re.compile(
    r"\bhalf\b(?!\s+(?:past|an?\s+hour|hour|ten|one|two|three|four|five|six|seven|eight|nine|eleven|twelve|day|way))"
    r"|\bpartial(?:ly)?\b|\bpro[ -]?rata\b|\bprorat\w+"
    r"|\bnot\b[^.!?]{0,24}\b(?:whole|entire|full|all of it)\b|\bpart of (?:it|that|the)\b",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    r"\s*(?:(?:to|or|and|-)\s+\S+\s+)?(?:business|working|calendar|days?|weeks?|hours?|minutes?|months?)\b",
    re.IGNORECASE,
)
_GIVING_BACK = re.compile(r"\bback\b|\brefund\w*|\breturn\w*|\breimburs\w*|\bcredit\w*", re.IGNORECASE)
_PAYING = re.compile(
    r"\b(?:paid|pay|payment|charged?|charges|took|taken|bought|buy|purchas\w+|order\w*|billed|debit\w*|deduct\w*|"
    r"came out|comes out|went out|gone out|left my|collected|transaction)\b",
    re.IGNORECASE,
)
_DAYS_APART = 2
_DOCUMENT_FIELDS = ("invoice_number", "payment_id", "subscription_id", "order_id")
_LEAVES_NOTHING = frozenset(
    {Signal.WITHDRAWN, Signal.ANSWERED, Signal.ACCESS_LOST, Signal.PRIVATE_DOCUMENT, Signal.DUPLICATE_CHARGE}
)
"""Signals that a call may hold on which nothing is left to do. Any other one is for a person to hear, also
one that is added later; a complaint is so on a collections call only (S07)."""
LIVE_CALL_AGE = timedelta(days=7)


def money(amount: str | None, currency: str | None) -> Money | None:
    """The exact amount, or None when it is not a plain positive one."""
    if amount is None or currency is None:
        return None
    try:
        value = Money.parse(amount, currency)
    except ValueError:
        return None
    return value if value.minor > 0 else None


def amount_said(facts: Facts, currency: str) -> Money | None:
    """The captured amount, in ``currency`` when none was said; None when another currency was."""
    capture = facts.extraction.capture
    said = capture.currency.value
    if said is not None and said.upper() != currency:
        return None
    return money(capture.amount.value, currency)


def parts_said(facts: Facts, currency: str) -> tuple[Money, ...]:
    """The amounts that the captured credit request states: a part of a charge the caller wants back."""
    texts = [facts.extraction.capture.credit_request.value or ""]
    texts += [evidence.quote for evidence in facts.extraction.capture.credit_request.evidence]
    found: list[Money] = []
    for text in texts:
        written = [money(number, currency) for number in _NUMBER.findall(text)]
        spoken = [money(f"{one.amount:f}", currency) for one in read_amounts(text, currency)]
        found += [one for one in (*written, *spoken) if one is not None]
    return tuple(dict.fromkeys(found))


def sums_back_said(facts: Facts, currency: str) -> frozenset[Money]:
    """Every sum that either side names in a breath with giving money back: what was settled is among them."""
    found = {
        money(f"{one.amount:f}", currency)
        for turn in facts.call.turns
        if _GIVING_BACK.search(turn.text)
        for one in read_amounts(turn.text, currency)
        if not (one.bare and _PERIOD.match(turn.text, one.end))
    }
    return frozenset(one for one in found if one is not None)


def part_heard(call: RedactedCall) -> bool:
    """Whether anybody spoke of giving back a part: then the whole is not refunded unless the part was
    understood as an amount. A net under readings that missed it; times ("half past") do not count."""
    return any(_PART.search(turn.text) for turn in call.turns)


def paying_days_said(facts: Facts) -> tuple[date, ...]:
    """The past days named in the same breath as a payment: which charge is meant, in the speakers' words."""
    spoken = today(facts)
    if spoken is None:
        return ()
    found: list[date] = []
    for before, turn in zip(("", *(turn.text for turn in facts.call.turns)), facts.call.turns, strict=False):
        if _PAYING.search(turn.text) or (_PAYING.search(before) and before.rstrip().endswith("?")):
            read = read_dates(turn.text, spoken.date(), region=facts.workspace.region, prefer="past")
            found += [one.value.date() if isinstance(one.value, datetime) else one.value for one in read]
    return tuple(dict.fromkeys(day for day in found if day <= spoken.date()))


def on_one_of(charge: Document, days: tuple[date, ...]) -> bool:
    """Whether ``charge`` was made on one of ``days``, give or take time zones and posting."""
    return charge.created is not None and any(abs((charge.created.date() - day).days) <= _DAYS_APART for day in days)


def documents_named(facts: Facts) -> tuple[Document, ...]:
    """The documents of the matched caller whose id, number or reference was said in the call."""
    capture = facts.extraction.capture
    said = [value for field in _DOCUMENT_FIELDS if (value := capture.value(field))]
    return tuple(
        document
        for document in facts.documents_of_match
        if any(
            same_reference(value, own)
            for value in said
            for own in (document.id, document.number or "", *document.references)
        )
    )


def disputed(facts: Facts) -> bool:
    """Whether the call disputes a charge: by scenario, by a captured reason, or by a reversal at the bank."""
    extraction = facts.extraction
    return (
        Scenario.CHARGE_DISPUTE in scenarios_of(extraction)
        or bool(extraction.capture.dispute_reason.value)
        or extraction.heard(Signal.BANK_REVERSAL)
    )


def nothing_to_do(extraction: Extraction) -> bool:
    """Whether the caller took the only request back, or the only question was answered on the call.

    Anything sensitive that was heard, a second subject, or (for a question) a promised next step means
    that something is left to do. A reading that leads to doing nothing must itself be beyond doubt.
    """
    if extraction.scenario.secondary or any(_sensitive(one.signal, extraction) for one in extraction.signals):
        return False
    if extraction.heard(Signal.WITHDRAWN):
        return True
    return extraction.heard(Signal.ANSWERED) and not extraction.capture.promised_next_step.value


def _sensitive(signal: Signal, extraction: Extraction) -> bool:
    if signal is Signal.COMPLAINT:
        return Scenario.COLLECTIONS_CALL in scenarios_of(extraction)
    return signal not in _LEAVES_NOTHING


def today(facts: Facts) -> datetime | None:
    """When the conversation was: the clock of every rule about it. None for a call without times."""
    return facts.call.spoken_at


def age_of(document: Document, facts: Facts) -> timedelta | None:
    """From the making of ``document`` to the conversation; None where either is not dated."""
    spoken = today(facts)
    return None if spoken is None or document.created is None else spoken - document.created


def overdue(document: Document, on: date | None) -> bool:
    """Whether the record itself says past due or unpaid."""
    status = (document.status or "").lower().replace(" ", "_")
    if status in {"past_due", "unpaid", "overdue", "incomplete", "incomplete_expired", "problem", "failed"}:
        return True
    owing = document.paid is False or (document.amount_due is not None and document.amount_due.minor > 0)
    return owing and document.due is not None and on is not None and document.due < on
