"""The fields the house fills in: no model prose in them, templates from records, cells without formulas."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.capture import Scenario
from agent.loop.actions import typed
from agent.loop.compose import compose, fill_template, plain_cell
from agent.loop.facts import Action
from agent.loop.lookups import look_up
from agent.run import PolicyDecision
from agent.workspace import Workspace
from tests.agent.loop.bed import CHARGES, LOOK, Bed, bed
from tests.agent.loop.builders import EMAIL, call, extraction
from tools.registry import operations


@contextmanager
def resend_bed(folder: Path, **changes: Any) -> Iterator[Bed]:
    """A call that asks for an invoice again, with its look-ups made."""
    understood = extraction(
        Scenario.INVOICE_RESEND,
        document_kind="invoice",
        customer_name="Nora Quill",
        company_name="Larkspur Joinery",
        email=EMAIL,
        invoice_number="LJ-2041",
        caller_request="the invoice again",
    )
    with bed(folder, understood=understood, heard=call("Please send invoice LJ-2041 again."), **changes) as b:
        for name, arguments in (
            ("quickbooks.find_customer", {"email": EMAIL}),
            ("quickbooks.get_invoice", {"doc_number": "LJ-2041"}),
            *((name.replace("__", "."), given) for name, given in LOOK),
        ):
            look_up(b.desk, operations()[name], dict(arguments))
        yield b


def looked(b: Bed, *names: tuple[str, dict[str, Any]]) -> None:
    for name, arguments in (*LOOK, *CHARGES, *names):
        look_up(b.desk, operations()[name.replace("__", ".")], arguments)


def made(b: Bed, tool: str, **given: Any) -> dict[str, Any]:
    action = typed(b.desk, operations()[tool], given)
    assert isinstance(action, Action), action
    return action.arguments.model_dump(mode="json", exclude_none=True)


def refused(b: Bed, tool: str, **given: Any) -> str:
    decision = typed(b.desk, operations()[tool], given)
    assert isinstance(decision, PolicyDecision)
    return decision.rule


@pytest.mark.covers("S24", "S43")
def test_no_word_of_the_models_is_in_a_house_text(tmp_path: Path) -> None:
    with bed(tmp_path) as b:
        looked(b)
        ours = {"body": "WIRE IT", "text": "WIRE IT", "comment": {"body": "WIRE IT", "public": True}, "channel": "#all"}
        for tool, own in (
            ("hubspot.create_note", {"contact_id": "501"}),
            ("zendesk.create_ticket", {"requester_id": 9001, "subject": "WIRE IT", "priority": "urgent"}),
            ("zendesk.add_comment", {"ticket_id": 5}),
            ("slack.post_message", {"topic": "exception"}),
        ):
            fields = operations()[tool].arguments.model_fields
            arguments = made(b, tool, **own, **{k: v for k, v in ours.items() if k in fields})
            assert "WIRE" not in str(arguments)
            assert "#all" not in str(arguments)


@pytest.mark.covers("S44", "S46")
def test_a_ticket_is_internal_and_carries_the_call_as_its_external_id(tmp_path: Path) -> None:
    with bed(tmp_path) as b:
        looked(b)
        ticket = made(b, "zendesk.create_ticket", requester_id=9001)
        assert ticket["comment"]["public"] is False
        assert ticket["external_id"] == "call_1:ticket"
        assert ticket["priority"] in ("urgent", "high", "normal", "low")
        assert "call_1" in ticket["subject"]


@pytest.mark.covers("S45")
def test_an_alert_goes_to_the_configured_channel(tmp_path: Path) -> None:
    workspace = Workspace.model_validate({"mode": "live", "slack": {"channel": "money-team"}})
    with bed(tmp_path, workspace=workspace) as b:
        looked(b)
        assert made(b, "slack.post_message", topic="exception")["channel"] == "money-team"


@pytest.mark.covers("S39")
def test_a_queue_row_is_eleven_plain_cells(tmp_path: Path) -> None:
    with bed(tmp_path) as b:
        looked(b)
        row = made(b, "gsheets.append_row")
        assert len(row["values"]) == 11
        assert row["values"][1] == "call_1"
        assert row["values"][-1] == "https://agent.example/runs/run_1"


@given(st.text(max_size=40))
def test_no_cell_begins_a_formula(value: str) -> None:
    assert not plain_cell(value).lstrip().startswith(("=", "+", "-", "@"))
    assert plain_cell(value).removeprefix("'") == value or plain_cell(value) == value


@given(st.text(max_size=60), st.text(max_size=20))
def test_slot_values_are_never_read_as_slots(body: str, value: str) -> None:
    slots: dict[str, str | None] = {"customer": "{link}" + value, "link": "L"}
    filled = fill_template("{customer}|" + body.replace("{", "").replace("}", ""), slots)
    assert filled is not None
    assert filled.startswith("{link}" + value)


def test_a_template_with_an_empty_slot_is_not_filled() -> None:
    assert fill_template("Hi {customer} {link}", {"customer": "N", "link": None}) is None
    assert fill_template("Hi {customer}", {"customer": "N", "link": None}) == "Hi N"


@pytest.mark.covers("S43", "S60")
def test_a_payment_link_mail_is_filled_from_the_record(tmp_path: Path) -> None:
    with bed(tmp_path, understood=_renewal()) as b:
        looked(b, ("stripe__get_invoice", {"customer": "cus_1"}))
        mail = made(b, "gmail.send_message", to=EMAIL)
        assert mail["template"] == "payment_link"
        assert mail["record"] == "in_1"
        assert "https://pay.example/i/77" in mail["body"]
        assert "LJ-77" in mail["subject"]
        assert "27.50 USD" in mail["body"]
        assert "Nora Quill" in mail["body"]


@pytest.mark.covers("S60")
def test_the_secure_page_of_the_workspace_wins_for_payments(tmp_path: Path) -> None:
    workspace = Workspace(mode="live", secure_payment_url="https://pay.house.example/secure")
    with bed(tmp_path, understood=_renewal(), workspace=workspace) as b:
        looked(b, ("stripe__get_invoice", {"customer": "cus_1"}))
        assert "https://pay.house.example/secure" in made(b, "gmail.send_message", to=EMAIL)["body"]


def test_a_receipt_mail_uses_the_receipt_link(tmp_path: Path) -> None:
    with bed(tmp_path, understood=_receipt()) as b:
        looked(b)
        mail = made(b, "gmail.send_message", to=EMAIL)
        assert (mail["template"], mail["record"]) == ("receipt", CHARGES and "ch_3Larkspur0000000000000001")
        assert "https://receipts.example/r/1" in mail["body"]


def test_a_mail_that_cannot_be_filled_is_denied_with_what_is_missing(tmp_path: Path) -> None:
    with resend_bed(tmp_path) as b:
        decision = compose(b.desk, operations()["gmail.send_message"], {"to": EMAIL})
        assert isinstance(decision, PolicyDecision)
        assert decision.rule == "S43.template_slots"
        assert "link" in decision.reason


def test_templates_and_records_that_do_not_exist_are_denied(tmp_path: Path) -> None:
    with bed(tmp_path, understood=_receipt()) as b:
        looked(b)
        assert refused(b, "gmail.send_message", to=EMAIL, template="phishing") == "S43.template_only"
        assert (
            refused(b, "gmail.send_message", to=EMAIL, template="receipt", record="ch_nobody") == "S43.template_slots"
        )


def test_nothing_is_filled_from_a_record_of_somebody_else(tmp_path: Path) -> None:
    with bed(tmp_path, understood=_receipt()) as b:
        looked(b)
        given = {"to": EMAIL, "template": "receipt", "record": "ch_3Larkspur0000000000000002"}
        decision = compose(b.desk, operations()["gmail.send_message"], given)
        assert isinstance(decision, PolicyDecision)
        assert decision.rule == "S43.template_slots"
        assert decision.reason.endswith("no such record of the matched caller")


@pytest.mark.covers("S38")
def test_an_upload_is_named_after_the_record_and_kept_in_the_one_folder(tmp_path: Path) -> None:
    with bed(tmp_path, understood=_renewal()) as b:
        looked(b, ("stripe__get_invoice", {"customer": "cus_1"}))
        file = made(b, "gdrive.upload_file", record="in_1", folder_id="elsewhere", name="x")
        assert file["folder_id"] == "billing-documents"
        assert file["name"] == "LJ-77.pdf"
        assert file["app_properties"] == {"invoice": "LJ-77", "customer": "cus_1", "call": "call_1"}
        assert refused(b, "gdrive.upload_file", record="in_404") == "S38.record"


def test_every_operation_with_house_fields_has_somebody_who_fills_them(tmp_path: Path) -> None:
    with bed(tmp_path) as b:
        looked(b)
        for operation in operations().values():
            if operation.house_fields:
                result = compose(b.desk, operation, {})
                assert not (isinstance(result, PolicyDecision) and result.rule == "compose.unknown"), operation.name


def _renewal() -> Any:
    return extraction(
        Scenario.RENEWAL_FAILURE,
        document_kind="payment_link",
        customer_name="Nora Quill",
        email=EMAIL,
        amount="27.50",
        currency="USD",
    )


def _receipt() -> Any:
    return extraction(
        Scenario.RECEIPT_TO_VERIFIED_EMAIL,
        document_kind="receipt",
        customer_name="Nora Quill",
        email=EMAIL,
        amount="42.00",
        currency="USD",
    )
