"""What our own people read: contacts, queue, alerts, urgency."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from agent.capture import Scenario, Signal
from agent.loop import policy
from agent.loop.facts import Facts
from agent.run import MatchedCaller, Verdict
from tests.agent.loop.builders import (
    EMAIL,
    SPOKEN,
    action,
    call,
    charge,
    clean_refund,
    clean_resend,
    extraction,
    facts,
    invoice,
    looked,
    person,
    short,
)
from tools.money import Money
from tools.records import Document, Party

NORA: dict[str, Any] = {"customer_name": "Nora Quill", "email": EMAIL}
DESK = Party("zendesk", "930", names=("Nora Quill",), emails=(EMAIL,))
CONTACT = Party("hubspot", "152", names=("Nora Quill",), emails=(EMAIL,))
NOTE = {"body": "Asked for a refund. Evidence: https://runs.example/r/1"}


def known(own: Facts | None = None) -> Facts:
    """A clean refund whose caller was also found in the help desk and the CRM."""
    base = own or clean_refund()
    more = (
        looked(
            "zendesk.find_user", parties=[DESK, Party("zendesk", "931", names=("Leo Anders",), emails=("l@a.example",))]
        ),
        looked("hubspot.find_contact", parties=[CONTACT]),
    )
    return replace(base, lookups=(*base.lookups, *more))


def ticket(**changes: Any) -> dict[str, Any]:
    return {"requester_id": 930, "subject": "Refund, call call_1", "comment": NOTE} | changes


@pytest.mark.covers("S24", "S44")
@pytest.mark.parametrize(
    ("tool", "arguments", "expected"),
    [
        ("hubspot.create_note", {"contact_id": "152", **NOTE}, ("allow", "S24.internal_note")),
        ("hubspot.create_note", {"contact_id": "999", **NOTE}, ("deny", "S24.contact")),
        ("zendesk.create_ticket", ticket(), ("allow", "S24.internal_note")),
        ("zendesk.create_ticket", ticket(requester_id=None), ("allow", "S24.internal_note")),
        ("zendesk.create_ticket", ticket(requester_id=931), ("deny", "S24.contact")),
        ("zendesk.create_ticket", ticket(comment=NOTE | {"public": True}), ("review", "S44.public_comment")),
        ("zendesk.add_comment", {"ticket_id": 5, "comment": NOTE}, ("deny", "S24.contact")),
        ("gsheets.append_row", {"values": ["a"]}, ("allow", "S24.internal_note")),
        ("gsheets.append_row", {"values": ["a"], "spreadsheet_id": "elsewhere"}, ("deny", "S39.queue")),
        ("gsheets.append_row", {"values": ["a"], "range": "Payroll!A1"}, ("deny", "S39.queue")),
    ],
)
def test_notes_belong_to_the_matched_contact(tool: str, arguments: dict[str, Any], expected: tuple[str, str]) -> None:
    assert short(policy.decide(action(tool, **arguments), known())) == expected


@pytest.mark.covers("S44")
def test_comments_go_on_the_calls_own_ticket_or_the_matched_callers() -> None:
    own, stray = (Document("zendesk", "ticket", i, party_id=p) for i, p in (("5", "930"), ("6", "931")))
    base = known()
    both = replace(base, lookups=(*base.lookups, looked("zendesk.list_tickets", documents=[own, stray])))
    assert short(policy.decide(action("zendesk.add_comment", ticket_id=5, comment=NOTE), both))[0] == "allow"
    assert short(policy.decide(action("zendesk.add_comment", ticket_id=6, comment=NOTE), both)) == (
        "deny",
        "S24.contact",
    )
    named = known(clean_refund(heard=call(support_ticket="https://desk.example/agent/tickets/77")))
    assert short(policy.decide(action("zendesk.add_comment", ticket_id=77, comment=NOTE), named))[0] == "allow"
    public = action("zendesk.add_comment", ticket_id=5, comment=NOTE | {"public": True})
    assert short(policy.decide(public, both)) == ("review", "S44.public_comment")


@pytest.mark.covers("S39", "S50")
def test_a_review_case_gets_its_row_and_its_ticket_without_a_matched_contact() -> None:
    stranger = clean_refund(match=MatchedCaller(verdict="unknown"))
    assert short(policy.decide(action("gsheets.append_row", values=["a"]), stranger)) == ("allow", "S39.queue_row")
    assert short(policy.decide(action("zendesk.create_ticket", **ticket(requester_id=None)), stranger))[0] == "allow"
    assert short(policy.decide(action("hubspot.create_note", contact_id="152", **NOTE), stranger)) == (
        "deny",
        "S24.contact",
    )


@pytest.mark.covers("S53")
def test_in_a_review_case_internal_effects_run_and_others_wait() -> None:
    case = known(clean_refund(understood=extraction(**NORA, amount="42.00", currency="USD", signals=[Signal.CUT_OFF])))
    assert policy.decide(action("hubspot.create_note", contact_id="152", **NOTE), case).verdict is Verdict.ALLOW
    assert policy.decide(action("zendesk.create_ticket", **ticket()), case).verdict is Verdict.ALLOW
    refund = action("stripe.create_refund", charge=charge().id, amount="42.00", currency="USD")
    assert short(policy.decide(refund, case)) == ("review", "S50.cut_off")


# -- alerts --------------------------------------------------------------------------------------------


def alert(topic: str, channel: str = "finance-alerts") -> Any:
    return action("slack.post_message", topic=topic, channel=channel, text="Look at this call")


def blocker(vip: bool) -> Facts:
    reading = extraction(Scenario.VIP_PAYMENT_BLOCKER, **NORA, customer_claim="we are an enterprise customer")
    return facts(
        reading,
        looked("stripe.find_customer", parties=[person(vip=vip)]),
        looked("stripe.get_invoice", documents=[charge(type="invoice", id="in_1", paid=False)]),
    )


@pytest.mark.covers("S04", "S26", "S55")
def test_a_vip_blocker_alerts_finance_and_is_vip_by_record_only() -> None:
    assert policy.alerts_due(blocker(vip=True))[0] == "vip_payment_blocker"
    assert policy.urgency(blocker(vip=True)) == "urgent"
    assert short(policy.decide(alert("vip_payment_blocker"), blocker(vip=True))) == ("allow", "S55.alert")
    assert "vip_payment_blocker" not in policy.alerts_due(blocker(vip=False))
    assert policy.urgency(blocker(vip=False)) == "high"
    assert short(policy.decide(alert("vip_payment_blocker"), blocker(vip=False))) == ("deny", "S55.no_subject")


@pytest.mark.covers("S55", "S45")
def test_alerts_go_once_to_the_configured_channel() -> None:
    own = blocker(vip=True)
    assert short(policy.decide(alert("vip_payment_blocker", "general"), own)) == ("deny", "S55.channel")
    again = replace(own, executed=(("slack.post_message", {"topic": "vip_payment_blocker"}),))
    assert short(policy.decide(alert("vip_payment_blocker"), again)) == ("deny", "S55.once")
    assert short(policy.decide(alert("chargeback"), clean_refund())) == ("deny", "S55.no_subject")


@pytest.mark.covers("S06", "S55")
@pytest.mark.parametrize(
    ("second", "seen"),
    [
        ({}, True),
        ({"created": SPOKEN - timedelta(days=5, hours=71)}, True),
        ({"created": SPOKEN - timedelta(days=9)}, False),
        ({"amount": Money(4201, "USD")}, False),
        ({"paid": False}, False),
        ({"amount_refunded": Money(4200, "USD")}, False),
        ({"party_id": "cus_2"}, False),
    ],
)
def test_duplicates_are_seen_in_the_records(second: dict[str, Any], seen: bool) -> None:
    own = clean_refund(charges=[charge(), charge(id="ch_2", references=(), **second)])
    assert bool(policy.duplicates(own)) is seen
    assert ("duplicate_charge" in policy.alerts_due(own)) is seen


@pytest.mark.covers("S06")
def test_a_claimed_duplicate_that_the_record_does_not_show_goes_to_a_person_without_alarm() -> None:
    reading = extraction(**NORA, amount="42.00", currency="USD", signals=[Signal.DUPLICATE_CHARGE])
    own = clean_refund(understood=reading)
    assert "duplicate_charge" not in policy.alerts_due(own)
    assert "S06.duplicate_not_seen" in [r.rule for r in policy.case_reasons(own)]


@pytest.mark.covers("S55", "S62")
def test_a_chargeback_alerts_by_record_or_by_a_reversal_asked_of_the_bank() -> None:
    assert "chargeback" in policy.alerts_due(clean_refund(charges=[charge(disputed=True)]))
    heard = extraction(**NORA, amount="42.00", signals=[Signal.BANK_REVERSAL])
    assert policy.alerts_due(clean_refund(understood=heard))[0] == "chargeback"
    assert policy.urgency(clean_refund(understood=heard)) == "high"


@pytest.mark.covers("S55", "S62")
def test_a_refund_that_needs_approval_is_an_exception_to_alert() -> None:
    over = clean_refund(
        understood=extraction(**NORA, amount="420.00", currency="USD"), charges=[charge(amount=Money(42000, "USD"))]
    )
    assert policy.alerts_due(over) == ("exception",)
    assert policy.alerts_due(clean_refund()) == ()


# -- renewals ------------------------------------------------------------------------------------------


def renewal(*, vip: bool = False, signals: tuple[Signal, ...] = (), **subscription: Any) -> Facts:
    fields: dict[str, Any] = {"status": "past_due", "access_ends": SPOKEN + timedelta(days=7)}
    record = Document("stripe", "subscription", "sub_1", party_id="cus_1", **fields | subscription)
    return facts(
        extraction(Scenario.RENEWAL_FAILURE, **NORA, amount="27.50", payment_status="failed", signals=signals),
        looked("stripe.find_customer", parties=[person(vip=vip)]),
        looked("stripe.get_subscription", documents=[record]),
    )


@pytest.mark.covers("S05", "S55")
@pytest.mark.parametrize(
    ("own", "urgent"),
    [
        pytest.param(renewal(), False, id="a week left"),
        pytest.param(renewal(access_ends=SPOKEN + timedelta(hours=72)), True, id="72 hours left"),
        pytest.param(renewal(access_ends=SPOKEN + timedelta(hours=73)), False, id="73 hours left"),
        pytest.param(renewal(access_ends=SPOKEN - timedelta(days=1)), True, id="ended"),
        pytest.param(renewal(status="unpaid"), True, id="ended by status"),
        pytest.param(renewal(signals=(Signal.ACCESS_LOST,)), True, id="access lost"),
        pytest.param(renewal(status="active", signals=(Signal.ACCESS_LOST,)), False, id="access lost, record paid"),
        pytest.param(
            renewal(status="active", access_ends=SPOKEN + timedelta(hours=5)), False, id="renews soon, record paid"
        ),
        pytest.param(renewal(vip=True), True, id="VIP"),
    ],
)
def test_urgent_renewals_follow_the_record(own: Facts, urgent: bool) -> None:
    assert ("renewal_failure" in policy.alerts_due(own)) is urgent
    assert (policy.urgency(own) == "urgent") is urgent


@pytest.mark.covers("S05")
def test_a_renewal_failure_that_is_not_urgent_runs_by_itself_with_a_note() -> None:
    assert policy.case_reasons(renewal()) == ()
    assert policy.urgency(renewal()) == "normal"


@pytest.mark.covers("S02")
def test_nothing_is_due_when_nothing_is_to_be_done() -> None:
    withdrawn = clean_refund(understood=extraction(**NORA, signals=[Signal.WITHDRAWN]))
    unrelated = clean_refund(understood=extraction(Scenario.NOT_BILLING, **NORA))
    for own in (withdrawn, unrelated):
        assert policy.alerts_due(own) == ()
        assert policy.urgency(own) == "low"
        decision = policy.decide(action("gsheets.append_row", values=["a"]), own)
        assert decision.verdict is Verdict.DENY


def test_urgency_of_an_ordinary_case_and_of_one_that_ran_by_itself() -> None:
    assert policy.urgency(clean_refund()) == "low"
    assert policy.urgency(clean_resend(documents=[invoice(email="old@larkspur.example")])) == "low"
    assert policy.urgency(clean_refund(match=MatchedCaller(verdict="unknown"))) == "normal"
