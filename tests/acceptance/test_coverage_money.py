"""Refunds, disputes, duplicates and what is understood about money (S06, S09, S14, S23, S40, S41, S61, S63, S67)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent.capture import Signal
from agent.run import Outcome, ToolStatus
from agent.workspace import Workspace
from tests.acceptance.conftest import Handle
from tests.acceptance.stage import Ended, handled


def _executed(own: Ended, tool: str) -> list[dict[str, object]]:
    return [one.arguments for one in own.tools(tool) if one.status is ToolStatus.EXECUTED]


# -- refunds -------------------------------------------------------------------------------------------


@pytest.mark.covers("S61")
@pytest.mark.parametrize(
    ("call_id", "amount", "currency"),
    [("f01", "29.95", "USD"), ("f10", None, "GBP"), ("f18", "18.50", "EUR"), ("f27", None, "USD")],
)
def test_a_refund_with_everything_clear_runs_by_itself_once(
    call_id: str, amount: str | None, currency: str, ended: Handle
) -> None:
    own = ended(call_id)
    assert own.line.outcome is Outcome.COMPLETED
    (done,) = _executed(own, "stripe.create_refund")
    ids, amounts = own.call.gold.expected_tools.arguments["stripe.create_refund"]
    assert done["charge"] in ids
    assert done["amount"] in amounts
    assert amount in (None, done["amount"])
    assert done["currency"] == currency
    assert sum(entry["path"].endswith("/v1/refunds") for entry in own.writes) == 1


@pytest.mark.covers("S61", "S62")
@pytest.mark.parametrize(
    ("call_id", "rule"),
    [
        ("f11", "S61.refund_amount_said"),  # over the limit, and promised to be decided by finance
        ("f22", "S61.refund_again"),  # refunded already
        ("f23", "S52.currency_without_limit"),  # a currency without a limit
        ("f28", "S52.currency_without_limit"),  # a currency without a limit
        ("f29", "S61.refund_age"),  # an old charge
        ("f03", "S61.refund_identity"),  # somebody else's account
        ("f34", "S61.refund_identity"),  # cut off before anybody was identified
        ("f05", "S62.dispute"),
        ("f19", "S62.dispute"),
    ],
)
def test_no_unclear_refund_runs_however_well_it_was_read(call_id: str, rule: str, ended: Handle) -> None:
    own = ended(call_id)
    assert own.line.outcome is Outcome.REVIEW
    assert _executed(own, "stripe.create_refund") == []
    assert not [entry for entry in own.writes if entry["path"].endswith("/v1/refunds")]
    assert rule in own.rules


@pytest.mark.covers("S09")
def test_a_refund_tells_reason_terms_amount_charge_and_that_it_needs_approval(ended: Handle) -> None:
    clear, held = ended("f18"), ended("f11")
    (done,) = _executed(clear, "stripe.create_refund")
    for part in (
        f"Charge {done['charge']}: 18.50 EUR",
        'refund reason: "It never came"',
        'Terms mentioned: "If it was never posted we give it back in full"',
        "Done: refunded 18.50 EUR",
    ):
        assert part in clear.summary
    (wanted,) = held.tools("stripe.create_refund")
    assert wanted.status is ToolStatus.PROPOSED
    assert wanted.policy.reason
    assert "Waiting for finance: refund of 180.00 GBP" in held.summary
    assert held.line.handoff is not None
    assert held.line.handoff.affected_record is not None
    assert held.line.handoff.affected_record.id == wanted.arguments["charge"]


@pytest.mark.covers("S14")
@pytest.mark.parametrize(
    ("call_id", "field", "words"),
    [
        ("f18", "refund_reason", "It never came"),
        ("f05", "dispute_reason", "I've been charged twice for the same thing"),
        ("f05", "credit_request", "I want the second eighty seven fifty back"),
        ("f19", "dispute_reason", "I never signed up for a boost"),
    ],
)
def test_reasons_and_credit_wishes_are_captured_with_their_words(
    call_id: str, field: str, words: str, ended: Handle
) -> None:
    own = ended(call_id)
    captured = getattr(own.line.capture, field)
    assert captured.value == words
    (proof,) = captured.evidence
    assert words in own.line.redacted_turns[proof.turn].text
    assert f'"{words}"' in own.summary


# -- money context -------------------------------------------------------------------------------------


@pytest.mark.covers("S23")
def test_money_context_is_reference_amount_claim_approval_and_a_safe_path(tmp_path: Path) -> None:
    secure = Workspace(secure_payment_url="https://pay.house.example")
    card = (Signal.IDENTIFIER_TO_BE_USED, 9, "can you put it on a different card")
    with handled(tmp_path, "f11", card, workspace=secure) as own:
        (wanted,) = own.tools("stripe.create_refund")
        for part in (
            f"Charge {wanted.arguments['charge']}",
            "180.00 GBP",
            "Waiting for finance: refund of 180.00 GBP",
            "Secure page: https://pay.house.example.",
        ):
            assert part in own.summary
        assert own.line.capture.refund_reason.value == "I'd meant to stop it"
        assert wanted.status is ToolStatus.PROPOSED
        assert "S51.identifier_to_be_used" in own.rules


@pytest.mark.covers("S63")
def test_a_note_has_reference_amount_claim_terms_owner_and_deadline(ended: Handle) -> None:
    own = ended("f29")
    (row,) = own.sent("gsheets")
    note = json.dumps(row, ensure_ascii=False)
    (wanted,) = own.tools("stripe.create_refund")
    for part in (
        f"Charge {wanted.arguments['charge']}: 20.00 USD, 2026-09-12",
        "Said 20.00 USD",
        "I never got my coach call",
        "the most is 30 days",
        "Owner: finance",
        "by 2026-11-12",
    ):
        assert part in note
    (ticket,) = ended("f27").sent("zendesk")
    for part in ("12.00 USD", "it doesn't work with my carrier", "Owner: finance"):
        assert part in json.dumps(ticket)


# -- disputes ------------------------------------------------------------------------------------------


@pytest.mark.covers("S67", "S09")
def test_a_dispute_carries_reason_transaction_urgency_and_callback(ended: Handle) -> None:
    own = ended("f19")
    note = own.line.handoff
    assert note is not None
    assert note.affected_record is not None
    assert note.affected_record.type == "charge"
    for part in (
        'dispute reason: "I never signed up for a boost"',
        f"Charge {note.affected_record.id}: 312.00 EUR, 2026-09-18",
        "Urgency: high",
        "ring the caller back, by 2026-10-20",
    ):
        assert part in own.summary
    assert note.links["payment_platform"] == note.affected_record.url
    assert own.line.capture.value("expects_callback") is True
    assert note.next_step.endswith("ring the caller back")


def test_a_dispute_links_its_order(ended: Handle) -> None:
    own = ended("f05")
    assert own.line.capture.value("order_id") == "QF-8140"
    assert own.line.handoff is not None
    assert "QF-8140" in own.line.handoff.model_dump_json()


# -- duplicates ----------------------------------------------------------------------------------------


@pytest.mark.covers("S06", "S55")
def test_a_duplicate_in_the_records_alerts_finance_and_refunds_nothing(ended: Handle) -> None:
    own = ended("f05")
    (alert,) = own.tools("slack.post_message")
    assert (alert.arguments["topic"], alert.status) == ("duplicate_charge", ToolStatus.EXECUTED)
    (told,) = own.sent("slack")
    assert told["json"]["text"].startswith("HIGH: disputed charge")
    assert own.line.handoff is not None
    assert own.line.handoff.urgency == "high"
    assert not own.tools("stripe.create_refund") or _executed(own, "stripe.create_refund") == []


@pytest.mark.covers("S06")
def test_a_duplicate_that_is_only_claimed_alarms_nobody_and_goes_to_a_person(tmp_path: Path) -> None:
    claimed = (Signal.DUPLICATE_CHARGE, 1, "I'd like a refund on that")
    with handled(tmp_path, "f01", claimed) as own:
        assert own.line.outcome is Outcome.REVIEW
        assert "S06.duplicate_not_seen" in own.rules
        assert not [one for one in own.tools("slack.post_message") if one.arguments["topic"] == "duplicate_charge"]
        assert _executed(own, "stripe.create_refund") == []


# -- systems of record ---------------------------------------------------------------------------------


@pytest.mark.covers("S40")
def test_payment_and_subscription_status_come_from_stripe(ended: Handle) -> None:
    own = ended("f26")
    looked = {one.tool for one in own.line.tool_calls if one.kind == "lookup" and one.status is ToolStatus.EXECUTED}
    assert {"stripe.find_customer", "stripe.get_invoice", "stripe.get_subscription"} <= looked
    assert "Invoice QF-8207: 119.00 USD, due 2026-11-12, open, 119.00 USD open" in own.summary
    assert own.line.handoff is not None
    assert own.line.handoff.urgency == "urgent"
    paid = ended("f31")
    assert "149.00 USD, 2026-11-10, succeeded" in paid.summary


@pytest.mark.covers("S41")
def test_accounting_records_come_from_quickbooks(ended: Handle) -> None:
    own = ended("f21")
    looked = {one.tool for one in own.line.tool_calls if one.kind == "lookup" and one.status is ToolStatus.EXECUTED}
    assert {"quickbooks.find_customer", "quickbooks.get_invoice"} <= looked
    assert "Invoice QF-20418: 415.75 CAD, due 2026-11-04, paid." in own.summary
    assert own.line.handoff is not None
    assert own.line.handoff.matched_caller.system == "quickbooks"
    assert own.line.handoff.record_url
