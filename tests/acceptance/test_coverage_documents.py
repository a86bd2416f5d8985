"""Documents that leave: the flag, the log, the recipient, the links (S10, S19, S22, S64-S66)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agent.capture import Signal
from agent.pipeline import resume
from agent.review import approve
from agent.run import Outcome, ToolStatus, Verdict
from agent.workspace import Workspace
from tests.acceptance.conftest import Handle
from tests.acceptance.stage import HOUSE, Ended, handled

ASKED_FOR_RECEIPT = ("document_kind", "receipt", 1, "the receipt for the annual plan")
ASKED_FOR_INVOICE = ("document_kind", "invoice", 7, "Can you send me the invoice again")
ASKED_FOR_LINK = ("document_kind", "payment_link", 1, "You couldn't take my payment")


def _logs(of: Ended) -> list[dict[str, Any]]:
    return [step.data for step in of.steps if step.kind == "action" and step.title.endswith(": sent")]


# -- S22 -----------------------------------------------------------------------------------------------


@pytest.mark.covers("S22")
def test_a_document_that_was_asked_for_sets_the_flag(tmp_path: Path) -> None:
    with handled(tmp_path, "f31", extra=[ASKED_FOR_RECEIPT]) as own:
        assert own.line.document_kind == "receipt"
        assert own.line.suppression.private_billing_document is True


@pytest.mark.covers("S22")
def test_a_document_that_was_sent_sets_the_flag(ended: Handle) -> None:
    own = ended("f09")
    assert own.line.document_kind is None
    assert [one.status for one in own.tools("quickbooks.send_invoice")] == [ToolStatus.EXECUTED]
    assert own.line.suppression.private_billing_document is True


@pytest.mark.covers("S22")
def test_a_receipt_that_was_mailed_sets_the_flag(ended: Handle) -> None:
    own = ended("f31")
    assert [one.status for one in own.tools("gmail.send_message")] == [ToolStatus.EXECUTED]
    assert own.line.suppression.private_billing_document is True


@pytest.mark.covers("S22")
def test_bill_lines_read_out_set_the_flag(tmp_path: Path) -> None:
    heard = (Signal.PRIVATE_DOCUMENT, 2, "It's invoice B B four oh nine three two")
    with handled(tmp_path, "f33", heard) as own:
        assert own.line.suppression.private_billing_document is True


@pytest.mark.covers("S22")
def test_naming_a_total_and_a_due_date_or_being_sent_a_payment_link_does_not(ended: Handle, tmp_path: Path) -> None:
    named = ended("f33").line
    assert (named.capture.value("amount"), named.capture.value("due_date")) == ("468.00", "2026-10-31")
    assert named.suppression.private_billing_document is False
    with handled(tmp_path, "f06", extra=[ASKED_FOR_LINK]) as linked:
        assert [one.status for one in linked.tools("gmail.send_message")] == [ToolStatus.EXECUTED]
        assert linked.line.suppression.private_billing_document is False


# -- S66 -----------------------------------------------------------------------------------------------


@pytest.mark.covers("S66")
def test_what_was_sent_where_and_why_is_logged_in_all_seven_parts(tmp_path: Path) -> None:
    with handled(tmp_path, "f09", extra=[ASKED_FOR_INVOICE]) as own:
        (log,) = _logs(own)
        (sent,) = own.tools("quickbooks.send_invoice")
        assert set(log) == {"kind", "record", "recipient", "channel", "vendor_id", "quote", "approver"}
        assert log["kind"] == "invoice"
        assert sent.arguments["invoice_id"] in log["record"]
        assert log["recipient"] == "buchhaltung@hollmann-zweirad.example"
        assert log["channel"] == "quickbooks.send_invoice"
        assert log["vendor_id"] == sent.vendor_id is not None
        assert log["quote"] == {"turn": 7, "quote": "Can you send me the invoice again"}
        assert log["quote"]["quote"] in own.line.redacted_turns[log["quote"]["turn"]].text
        assert log["approver"] is None


@pytest.mark.covers("S66")
def test_whoever_approved_a_send_stands_in_its_log(tmp_path: Path) -> None:
    careful = Workspace(policy={"quickbooks.send_invoice": Verdict.REVIEW})
    with handled(tmp_path, "f09", extra=[ASKED_FOR_INVOICE], workspace=careful) as own:
        assert own.line.outcome is Outcome.REVIEW
        assert _logs(own) == []
        store, (case,) = own.deps.store, own.deps.store.cases()
        line = approve(store, case.case_id, by="ada", clock=own.deps.clock, resume=lambda c: resume(c, own.deps))
        assert [c.status for c in line.tool_calls if c.tool == "quickbooks.send_invoice"] == [ToolStatus.EXECUTED]
        steps = store.run(own.line.call_id).steps
        (log,) = [step.data for step in steps if step.kind == "action" and step.title.endswith(": sent")]
        assert log["approver"] == "ada"
        assert log["recipient"] == "buchhaltung@hollmann-zweirad.example"


def test_the_log_names_kind_and_record_by_what_was_sent(ended: Handle) -> None:
    (invoice,), (receipt,) = _logs(ended("f09")), _logs(ended("f31"))
    (sent,) = ended("f09").tools("quickbooks.send_invoice")
    assert (invoice["kind"], receipt["kind"]) == ("invoice", "receipt")
    assert invoice["record"] == sent.arguments["invoice_id"]


@pytest.mark.covers("S66")
@pytest.mark.parametrize("call_id", ["f06", "f14", "f21", "f26", "f31"])
def test_every_mail_to_a_customer_has_its_log(call_id: str, ended: Handle) -> None:
    own = ended(call_id)
    out = [one for one in own.line.tool_calls if one.tool in ("gmail.send_message", "quickbooks.send_invoice")]
    assert [(log["channel"], log["vendor_id"]) for log in _logs(own)] == [(one.tool, one.vendor_id) for one in out]
    assert all(log["recipient"] and log["record"] for log in _logs(own))
    assert out


# -- S64, S19 ------------------------------------------------------------------------------------------


def _texts(own: Ended) -> dict[str, str]:
    """System -> everything that was written to it, of the systems our own people read."""
    return {system: json.dumps(own.sent(system)) for system in ("zendesk", "gsheets", "slack", "hubspot")}


@pytest.mark.covers("S64", "S48", "S18")
def test_note_row_and_alert_carry_our_page_and_no_link_of_the_senders(ended: Handle) -> None:
    own = ended("f02")
    payload = own.call.call
    assert payload["recording_url"]
    assert payload["transcript_url"]
    for system, text in _texts(own).items():
        assert own.page in text, system
    everything = json.dumps([entry["body"] for entry in own.writes])
    for link in (payload["recording_url"], payload["transcript_url"], "dialnexa.example"):
        assert link not in everything
        assert link not in own.line.model_dump_json()


@pytest.mark.covers("S19")
@pytest.mark.parametrize("call_id", ["f01", "f02", "f05", "f09", "f31"])
def test_the_recording_is_linked_by_our_own_page_only_and_goes_nowhere(call_id: str, ended: Handle) -> None:
    own = ended(call_id)
    assert own.line.handoff is not None
    assert own.line.handoff.links["recording"] == f"{own.page}/recording"
    everything = json.dumps([entry["body"] for entry in own.writes])
    assert everything != "[]"
    assert own.call.call["recording_url"] not in everything
    assert "/recording" not in everything


@pytest.mark.covers("S19")
def test_a_call_without_a_recording_links_none(tmp_path: Path) -> None:
    with handled(tmp_path, "f01", recording_url=None) as own:
        assert own.line.handoff is not None
        assert own.line.handoff.links["recording"] is None
        assert own.line.handoff.links["transcript"] == own.page
        assert own.page.startswith(HOUSE)


# -- S10, S65 ------------------------------------------------------------------------------------------


@pytest.mark.covers("S10", "S65")
@pytest.mark.parametrize("call_id", ["f24", "f32", "f37"])
def test_nothing_is_sent_to_an_unproved_recipient(call_id: str, ended: Handle) -> None:
    own = ended(call_id)
    assert own.line.outcome is Outcome.REVIEW
    assert not own.sent("gmail")
    assert not [one for one in own.tools("quickbooks.send_invoice") if one.status is ToolStatus.EXECUTED]
    assert _logs(own) == []
