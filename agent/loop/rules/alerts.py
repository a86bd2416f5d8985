"""What finance must hear of at once, and how urgent a call is (S04-S06, S27, S55)."""

from __future__ import annotations

from datetime import timedelta

from agent.capture import Scenario, Signal
from agent.loop.facts import Facts
from agent.loop.rules.case import case_reasons, collections_sensitive
from agent.loop.rules.said import disputed, nothing_to_do, overdue, today
from agent.loop.rules.twice import duplicates
from agent.loop.scenarios import scenarios_of
from agent.run import Urgency
from tools.records import Document

ACCESS_WINDOW = timedelta(hours=72)
_ENDED = frozenset({"canceled", "cancelled", "unpaid", "ended", "suspended", "incomplete_expired", "paused"})

VIP_BLOCKER = "vip_payment_blocker"
DUPLICATE = "duplicate_charge"
CHARGEBACK = "chargeback"
URGENT_RENEWAL = "renewal_failure"
EXCEPTION = "exception"
TOPICS = (VIP_BLOCKER, CHARGEBACK, DUPLICATE, URGENT_RENEWAL, EXCEPTION)


def alerts_due(facts: Facts) -> tuple[str, ...]:
    """The alert topics of S55 that this call raises, most pressing first; empty when finance need not know."""
    if facts.extraction.scenario.label is Scenario.NOT_BILLING or nothing_to_do(facts.extraction):
        return ()
    due = {
        VIP_BLOCKER: Scenario.VIP_PAYMENT_BLOCKER in scenarios_of(facts.extraction) and facts.vip,
        DUPLICATE: bool(duplicates(facts)),
        CHARGEBACK: chargeback(facts),
        URGENT_RENEWAL: urgent_renewal(facts),
        EXCEPTION: _exception(facts),
    }
    return tuple(topic for topic in TOPICS if due[topic])


def chargeback(facts: Facts) -> bool:
    """Whether a record says disputed, or the caller says that the bank was asked to reverse."""
    return facts.extraction.heard(Signal.BANK_REVERSAL) or any(d.disputed for d in facts.documents_of_match)


def urgent_renewal(facts: Facts) -> bool:
    """A failed renewal whose record is past due or unpaid while access is lost or ends within 72 hours,
    or that of a VIP (S05)."""
    if Scenario.RENEWAL_FAILURE not in scenarios_of(facts.extraction):
        return False
    spoken = today(facts)
    records = [d for d in facts.documents_of_match if d.type in ("subscription", "invoice")]
    owing = any(_owing(d) or overdue(d, spoken.date() if spoken else None) for d in records)
    return facts.vip or (owing and _access_at_risk(facts, records))


def _owing(document: Document) -> bool:
    due = document.amount_due is not None and document.amount_due.minor > 0
    return document.paid is False and (due or document.amount_due is None)


def _access_at_risk(facts: Facts, records: list[Document]) -> bool:
    if facts.extraction.heard(Signal.ACCESS_LOST):
        return True
    spoken = today(facts)
    ends = [d.access_ends for d in records if d.access_ends is not None]
    soon = spoken is not None and any(end - spoken <= ACCESS_WINDOW for end in ends)
    return soon or any((d.status or "").lower() in _ENDED for d in records if d.type == "subscription")


def _exception(facts: Facts) -> bool:
    """Whether somebody must approve money or a commitment: a review case with such a thing in it."""
    wanted = Scenario.REFUND_REQUEST in scenarios_of(facts.extraction)
    heard = facts.extraction.heard(Signal.COMMITMENT_CHANGE)
    return (wanted or heard or disputed(facts)) and facts.matched and bool(case_reasons(facts))


def urgency(facts: Facts) -> Urgency:
    """How soon somebody must act: urgent and high by S05 and S07, low when nothing waits for a person."""
    pressing = facts.extraction.heard(Signal.FRAUD_CLAIM, Signal.VULNERABILITY, Signal.LEGAL_THREAT)
    if facts.extraction.scenario.label is Scenario.NOT_BILLING or nothing_to_do(facts.extraction):
        return "low" if not case_reasons(facts) else "high" if pressing else "normal"
    due = alerts_due(facts)
    if VIP_BLOCKER in due or URGENT_RENEWAL in due:
        return "urgent"
    if CHARGEBACK in due or DUPLICATE in due or collections_sensitive(facts) or pressing:
        return "high"
    if Scenario.VIP_PAYMENT_BLOCKER in scenarios_of(facts.extraction):
        return "high"
    return "normal" if case_reasons(facts) or Scenario.RENEWAL_FAILURE in scenarios_of(facts.extraction) else "low"
