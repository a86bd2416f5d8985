"""Escalations and hand-offs by scenario (S02, S03, S05, S07, S25, S26, S28, S51, S56-S58, S60)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from agent.capture import Scenario, Signal
from agent.run import Outcome, ToolStatus
from agent.workspace import Workspace
from evals.gold import EvalCall, load_suite
from evals.scorers.leaks import leaks_whole
from tests.acceptance.conftest import Handle
from tests.acceptance.stage import handled

# -- every scenario ------------------------------------------------------------------------------------

BY_SCENARIO = {
    Scenario.VIP_PAYMENT_BLOCKER: ("f02", Outcome.REVIEW),
    Scenario.COLLECTIONS_CALL: ("f33", Outcome.COMPLETED),
    Scenario.RECEIPT_TO_VERIFIED_EMAIL: ("f31", Outcome.COMPLETED),
    Scenario.CHARGE_DISPUTE: ("f05", Outcome.REVIEW),
    Scenario.INVOICE_RESEND: ("f09", Outcome.COMPLETED),
    Scenario.RENEWAL_FAILURE: ("f14", Outcome.COMPLETED),
    Scenario.REFUND_REQUEST: ("f01", Outcome.COMPLETED),
    Scenario.TAX_OR_ADDRESS_CORRECTION: ("f13", Outcome.REVIEW),
}


@pytest.mark.covers("S25", "S02", "S03")
@pytest.mark.parametrize("scenario", BY_SCENARIO)
def test_each_scenario_ends_as_it_should_with_one_whole_hand_off(scenario: Scenario, ended: Handle) -> None:
    call_id, outcome = BY_SCENARIO[scenario]
    own = ended(call_id)
    assert own.line.scenario is not None
    assert own.line.scenario.label is scenario
    assert own.line.outcome is outcome
    note = own.line.handoff
    assert note is not None
    assert note.affected_record is not None
    assert note.matched_caller.verdict == "matched"
    assert note.owner
    assert note.owner in note.summary
    assert (note.affected_record.id in note.summary) or note.affected_record.type == "invoice"
    assert note.summary.endswith(own.page)
    assert len(note.summary) <= 600


# -- VIP blockers --------------------------------------------------------------------------------------


@pytest.mark.covers("S26", "S04", "S55")
def test_a_vip_blocker_names_urgency_customer_object_owner_and_transcript(ended: Handle) -> None:
    own = ended("f02")
    note = own.line.handoff
    assert note is not None
    assert note.matched_caller.vip
    assert note.urgency == "urgent"
    assert note.owner == "Mbali Ncube"
    assert note.affected_record is not None
    assert note.affected_record.type == "invoice"
    (alert,) = own.sent("slack")
    for part in (
        "URGENT: payment problem that blocks the account",
        "Josephine Tallis (Halcyon Ridge Capital)",
        "Invoice ML-5093: 12500.00 USD, due 2026-11-09",
        "Owner: Mbali Ncube",
        own.page,
    ):
        assert part in alert["json"]["text"]
    assert own.line.capture.escalation_reason.value == "Our price feed went dark"


def test_a_vip_blocker_tells_its_impact(ended: Handle) -> None:
    assert "Our price feed went dark" in ended("f02").summary


@pytest.mark.covers("S26", "S16")
def test_the_owner_is_the_one_on_the_record_who_was_looked_up(ended: Handle) -> None:
    own = ended("f15")
    assert own.line.handoff is not None
    assert own.line.handoff.urgency == "urgent"
    assert own.line.capture.value("finance_owner") == "Béatrice Vandamme"
    known = {one.tool for one in own.line.tool_calls if one.status is ToolStatus.EXECUTED}
    assert {"hubspot.find_contact", "proabono.list_invoices"} <= known


def test_the_alert_of_a_vip_blocker_leaves_whatever_its_invoice_is_called(ended: Handle) -> None:
    own = ended("f15")
    assert [one.status for one in own.tools("slack.post_message")] == [ToolStatus.EXECUTED]


# -- collections ---------------------------------------------------------------------------------------


@pytest.mark.covers("S28", "S57", "S58")
def test_a_collections_hand_off_has_all_its_parts(ended: Handle) -> None:
    own = ended("f33")
    note = own.line.handoff
    assert note is not None
    assert (note.matched_caller.verdict, note.matched_caller.system) == ("matched", "quickbooks")
    assert note.affected_record is not None
    assert note.affected_record.type == "invoice"
    assert note.reason == "open balance"
    assert note.urgency == "low"
    assert note.owner == "collections"
    assert (note.next_step, note.deadline) == ("check that the payment arrives", "2026-11-13")
    assert note.links["transcript"] == own.page
    assert note.links["payment_platform"] == note.affected_record.url
    for part in (
        "Invoice BB-40932: 468.00 GBP, due 2026-10-31, open, 468.00 GBP open",
        'Promised by the caller: "I\'ll pay it on Friday"',
    ):
        assert part in note.summary


_JUDGING = (
    r"\b(refus\w*|lie[sd]?|lying|angr\w+|rude\w*|aggressive\w*|evasive|dishonest\w*|excuse\w*|stall\w*|deadbeat|"
    r"debtor|delinquent|unwilling|hostile|threaten\w*|claims|alleged\w*|supposedly|failed to|never|sadly|clearly)\b"
)


@pytest.mark.covers("S56")
@pytest.mark.parametrize("call_id", ["f07", "f17", "f33"])
def test_collections_notes_are_factual_outside_the_callers_own_quoted_words(call_id: str, ended: Handle) -> None:
    own = ended(call_id)
    plain = re.sub(r'"[^"]*"', "", own.summary)
    assert not re.findall(_JUDGING, plain, re.IGNORECASE)
    assert "was spoken to about an open balance" in plain
    spoken = {w for turn in own.line.redacted_turns for w in re.findall(r"[a-z]{5,}", turn.text.lower())}
    facts = json.dumps([own.line.capture.value(n) for n in type(own.line.capture).model_fields]).lower()
    house = "called number about invoice accounts account owner reason someone promised person charge normal email"
    echoed = {w for w in re.findall(r"[a-z]{5,}", plain.lower()) if w in spoken and w not in facts}
    assert echoed <= set(house.split())


@pytest.mark.covers("S07")
@pytest.mark.parametrize(
    ("call_id", "heard"),
    [
        ("f07", (Signal.HARDSHIP, 5, "cash is not there")),
        ("f17", (Signal.LEGAL_THREAT, 5, "I'm going to Fair Trading")),
        ("f17", (Signal.COMPLAINT, 3, "Half of them brackets were bent")),
        ("f17", (Signal.BROKEN_PROMISE, 3, "he said he'd ring me back")),
    ],
)
def test_a_sensitive_collections_call_is_escalated(
    call_id: str, heard: tuple[Signal, int, str], tmp_path: Path
) -> None:
    with handled(tmp_path, call_id, heard) as own:
        assert own.line.outcome is Outcome.REVIEW
        assert "S07.collections_sensitive" in own.rules
        assert own.line.handoff is not None
        assert own.line.handoff.urgency == "high"
        assert own.line.handoff.owner == "collections"
        (case,) = own.deps.store.cases()
        assert (case.owner, case.urgency) == ("collections", "high")
        assert own.sent("gsheets")


# -- renewals ------------------------------------------------------------------------------------------


@pytest.mark.covers("S05", "S42")
def test_an_urgent_renewal_alerts_and_another_reaches_the_account_owner_by_note(ended: Handle) -> None:
    urgent, other = ended("f26"), ended("f14")
    assert urgent.line.handoff is not None
    assert urgent.line.handoff.urgency == "urgent"
    assert [one.arguments["topic"] for one in urgent.tools("slack.post_message")] == ["renewal_failure"]
    assert other.line.handoff is not None
    assert other.line.handoff.urgency == "normal"
    assert not other.tools("slack.post_message")
    assert other.line.handoff.owner == "Joaquin Ferro"
    assert any("Owner: Joaquin Ferro" in json.dumps(body) for body in other.sent("hubspot"))


# -- sensitive requests --------------------------------------------------------------------------------


@pytest.mark.covers("S51")
@pytest.mark.parametrize(
    ("call_id", "heard", "rule"),
    [
        ("f11", (Signal.IDENTIFIER_TO_BE_USED, 9, "can you put it on a different card"), "S51.identifier_to_be_used"),
        ("f08", (Signal.IDENTIFIER_TO_BE_USED, 1, "We have a new bank account"), "S51.identifier_to_be_used"),
        ("f17", (Signal.LEGAL_THREAT, 5, "I'm going to Fair Trading"), "S51.legal_threat"),
        ("f07", (Signal.VULNERABILITY, 3, "my husband had one heart operation"), "S51.vulnerability"),
        ("f01", (Signal.FRAUD_CLAIM, 1, "I'd like a refund on that"), "S51.fraud_claim"),
        ("f01", (Signal.DATA_RIGHTS, 1, "I'd like a refund on that"), "S51.data_rights"),
    ],
)
def test_a_sensitive_request_goes_to_a_person_under_its_own_rule(
    call_id: str, heard: tuple[Signal, int, str], rule: str, tmp_path: Path
) -> None:
    with handled(tmp_path, call_id, heard) as own:
        assert own.line.outcome is Outcome.REVIEW
        assert rule in own.rules
        weighty = [
            one.tool
            for one in own.line.tool_calls
            if one.status is ToolStatus.EXECUTED
            and one.tool.split(".")[0] in ("stripe", "gmail", "beeminder", "fidel")
            and one.kind == "action"
        ]
        assert weighty == []


@pytest.mark.covers("S51", "S10")
def test_a_tax_form_that_is_asked_for_always_goes_to_a_person(tmp_path: Path) -> None:
    with handled(tmp_path, "f37", extra=[("document_kind", "tax_form", 5, "I need your W nine")]) as own:
        assert own.line.outcome is Outcome.REVIEW
        assert "S10.document_kind" in own.rules
        assert not own.sent("gmail")


@pytest.mark.covers("S51", "S60", "S21")
def test_a_card_that_was_only_read_out_is_no_reason_for_a_person_and_the_secure_link_goes_out(ended: Handle) -> None:
    own = ended("f06")
    assert own.line.suppression.card_number
    assert own.line.outcome is Outcome.COMPLETED
    assert own.rules == set()
    (sent,) = own.tools("gmail.send_message")
    assert sent.status is ToolStatus.EXECUTED
    assert sent.arguments["template"] == "payment_link"
    assert "secure page" in sent.arguments["body"]


@pytest.mark.covers("S60", "S54")
def test_the_workspaces_secure_pages_are_where_customers_are_sent(tmp_path: Path) -> None:
    secure = Workspace(
        secure_payment_url="https://pay.house.example", secure_tax_form_url="https://forms.house.example/tax"
    )
    (tmp_path / "a").mkdir()
    with handled(tmp_path / "a", "f06", workspace=secure) as own:
        (sent,) = own.tools("gmail.send_message")
        assert "https://pay.house.example" in sent.arguments["body"]
    with handled(tmp_path, "f13", workspace=secure) as own:
        assert "Secure form: https://forms.house.example/tax." in own.summary
        said = [span.text for span in own.call.gold.secret_spans]
        assert said
        everything = own.line.model_dump_json() + json.dumps([entry["body"] for entry in own.writes])
        assert not [text for text in said if text in everything]


# -- what leaves the house -----------------------------------------------------------------------------


@pytest.mark.covers("S24", "S59", "S21")
@pytest.mark.parametrize("row", [row for row in load_suite("calls").calls if row.gold.secrets], ids=lambda row: row.id)
def test_no_identifier_is_in_any_line_or_request(row: EvalCall, ended: Handle) -> None:
    own = ended(row.id)
    texts = [own.line.model_dump_json(), *(json.dumps(entry["body"]) for entry in own.writes)]
    for secret in row.gold.secrets:
        if len(secret) > 6:
            assert not [text for text in texts if leaks_whole(text, secret)]
