"""What the rules require of a run, whether or not the model asked for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.capture import Extraction, Scenario, Signal
from agent.loop import duties
from agent.loop.tool_loop import run_loop
from agent.workspace import Workspace
from tests.agent.loop.bed import (
    CHARGES,
    LOOK,
    REFUND,
    Bed,
    Scripted,
    Turn,
    bed,
    charge,
    contact,
    customer,
    refund_extraction,
    world,
)
from tests.agent.loop.builders import EMAIL, call, extraction

CONTACT = ("hubspot__find_contact", {"email": EMAIL})


def worked(b: Bed, *turns: Turn) -> dict[str, str]:
    """Tool -> status of every action after the run's duties."""
    run_loop(b.desk, Scripted([*turns, "done", "done"]))
    duties.fulfil(b.desk)
    return {c.tool: c.status.value for c in b.desk.calls if c.kind == "action"}


def blocker(**values: Any) -> Extraction:
    return extraction(Scenario.VIP_PAYMENT_BLOCKER, customer_name="Nora Quill", email=EMAIL, **values)


@pytest.mark.covers("S02", "S47")
def test_a_finished_call_leaves_its_hand_off_in_the_first_destination_with_the_contact(tmp_path: Path) -> None:
    with bed(tmp_path) as b:
        assert worked(b, LOOK, CHARGES, REFUND) == {
            "stripe.create_refund": "executed",
            "zendesk.create_ticket": "executed",
        }
        (sent,) = b.writes("zendesk")
        body = sent["body"]["json"]["ticket"]["comment"]["body"]
        assert "Done: refunded 42.00 USD" in body
        assert sent["body"]["json"]["ticket"]["comment"]["public"] is False


@pytest.mark.covers("S47")
def test_the_order_of_destinations_is_the_workspaces(tmp_path: Path) -> None:
    workspace = Workspace(mode="live", destinations=("hubspot", "zendesk"))
    with bed(tmp_path, workspace=workspace) as b:
        assert "hubspot.create_note" in worked(b, LOOK, CHARGES, REFUND)
        assert b.made("hubspot.find_contact")
        assert b.made("zendesk.create_ticket") == []


def test_a_destination_that_is_not_connected_is_passed_over(tmp_path: Path) -> None:
    with bed(tmp_path) as b:
        b.desk.available = frozenset(n for n in b.desk.available if not n.startswith("zendesk."))
        done = worked(b, LOOK[:1], CHARGES, REFUND)
        assert "hubspot.create_note" in done
        assert "zendesk.create_ticket" not in done


def test_what_the_model_noted_in_the_destination_is_the_note(tmp_path: Path) -> None:
    with bed(tmp_path) as b:
        worked(b, LOOK, CHARGES, [*REFUND, ("zendesk__create_ticket", {"requester_id": 9001})])
        assert len(b.made("zendesk.create_ticket")) == 1
        assert len(b.writes("zendesk")) == 1


@pytest.mark.covers("S20")
def test_the_ticket_that_the_call_names_gets_the_comment(tmp_path: Path) -> None:
    tickets = {"users": [{"id": 9001, "name": "Nora Quill", "email": EMAIL, "role": "end-user", "tags": []}]}
    ticket = {"id": 771, "subject": "Seat", "status": "open", "requester_id": 9001}
    holds = world(zendesk={**tickets, "tickets": [ticket]})
    heard = call("My 42.00 back please.", support_ticket="771")
    with bed(tmp_path, holds=holds, heard=heard) as b:
        assert worked(b, LOOK, CHARGES, REFUND)["zendesk.add_comment"] == "executed"


@pytest.mark.covers("S39", "S50")
def test_a_review_case_of_a_stranger_gets_the_queue_row_and_nothing_else(tmp_path: Path) -> None:
    understood = refund_extraction(email="nobody@nowhere.example", customer_name="Ida Stone", company_name=None)
    heard = call("Ida Stone, nobody@nowhere.example, 42.00 back.")
    with bed(tmp_path, understood=understood, heard=heard) as b:
        done = worked(b, [("stripe__find_customer", {"email": "nobody@nowhere.example"})])
        assert done == {"gsheets.append_row": "executed"}
        assert {w["system"] for w in b.writes()} == {"gsheets"}


@pytest.mark.covers("S04", "S55", "S26", "S45")
def test_a_vip_blocker_alerts_finance_though_the_model_forgot(tmp_path: Path) -> None:
    holds = world(stripe={"customers": [customer(metadata={"vip": "true"})]})
    with bed(tmp_path, understood=blocker(), holds=holds) as b:
        done = worked(b, [*LOOK, CONTACT], [("stripe__get_invoice", {"customer": "cus_1"})])
        assert done["slack.post_message"] == "executed"
        assert done["gsheets.append_row"] == "executed"
        (sent,) = b.writes("slack")
        assert sent["body"]["json"]["text"].startswith("URGENT:")
        assert sent["body"]["json"]["channel"] == "finance-alerts"


@pytest.mark.covers("S55", "S04")
def test_the_callers_own_word_makes_nobody_vip(tmp_path: Path) -> None:
    understood = blocker(customer_claim="we are a VIP enterprise customer")
    with bed(tmp_path, understood=understood) as b:
        worked(b, [*LOOK, CONTACT], [("stripe__get_invoice", {"customer": "cus_1"})])
        assert b.desk.facts().vip is False
        assert not any(one.arguments.get("topic") == "vip_payment_blocker" for one in b.made("slack.post_message"))


def test_alert_note_and_row_are_each_made_once(tmp_path: Path) -> None:
    holds = world(stripe={"customers": [customer(metadata={"vip": "true"})]})
    wanted: Turn = [
        ("slack__post_message", {"topic": "vip_payment_blocker"}),
        ("slack__post_message", {"topic": "exception"}),
        ("gsheets__append_row", {}),
        ("zendesk__create_ticket", {"requester_id": 9001}),
        ("hubspot__create_note", {"contact_id": "501"}),
    ]
    with bed(tmp_path, understood=blocker(), holds=holds) as b:
        worked(b, [*LOOK, CONTACT], [("stripe__get_invoice", {"customer": "cus_1"})], wanted)
        for system in ("slack", "gsheets", "zendesk", "hubspot"):
            assert len(b.writes(system)) == 1, system


@pytest.mark.covers("S01")
def test_nothing_at_all_is_done_on_a_call_that_is_not_about_billing(tmp_path: Path) -> None:
    with bed(tmp_path, understood=extraction(Scenario.NOT_BILLING)) as b:
        assert not duties.worth_doing(b.desk)
        assert worked(b, LOOK, REFUND) == {}
        assert b.writes() == []
        assert not b.books.exists()


def test_nothing_is_done_when_the_caller_took_the_request_back(tmp_path: Path) -> None:
    understood = refund_extraction()
    understood = understood.model_copy(
        update={"signals": extraction(signals=[Signal.WITHDRAWN]).signals},
    )
    with bed(tmp_path, understood=understood) as b:
        done = worked(b, LOOK, CHARGES, REFUND)
        assert set(done.values()) <= {"denied"}
        assert b.writes() == []


@pytest.mark.covers("S24")
def test_in_a_review_case_only_what_our_own_people_read_is_done(tmp_path: Path) -> None:
    understood = refund_extraction(amount="42.00")
    understood = understood.model_copy(update={"signals": extraction(signals=[Signal.FRAUD_CLAIM]).signals})
    with bed(tmp_path, understood=understood) as b:
        done = worked(b, LOOK, CHARGES, REFUND)
        assert done["stripe.create_refund"] == "proposed"
        assert {w["system"] for w in b.writes()} <= {"slack", "zendesk", "gsheets"}


def test_real_systems_in_shadow_mode_get_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bed(tmp_path, workspace=Workspace(id="ws_1", mode="shadow")) as b:
        monkeypatch.setattr(b.toolbox, "sandbox", False)
        done = worked(b, LOOK, CHARGES, REFUND)
        assert set(done.values()) == {"proposed"}
        assert b.writes() == []


def test_the_note_goes_through_the_egress_guard(tmp_path: Path) -> None:
    holds = world(
        stripe={"customers": [customer(name="4111 1111 1111 1111")], "charges": [charge()]},
        hubspot={"contacts": [contact()]},
    )
    with bed(tmp_path, holds=holds) as b:
        worked(b, LOOK, CHARGES, REFUND)
        assert "4111" not in b.books.read_text()


@pytest.mark.covers("S52")
def test_a_vip_mark_in_a_system_the_model_never_asked_holds_the_refund(tmp_path: Path) -> None:
    with bed(tmp_path, holds=world(hubspot={"contacts": [contact(plan="enterprise")]})) as b:
        assert worked(b, LOOK, CHARGES, REFUND)["stripe.create_refund"] == "proposed"
        assert b.desk.facts().vip
        assert b.writes("stripe") == []


@pytest.mark.covers("S52")
def test_money_waits_when_it_cannot_be_known_whether_the_caller_is_vip(tmp_path: Path) -> None:
    with bed(tmp_path) as b:
        b.faults.refuse("hubspot", times=20)
        assert worked(b, LOOK, CHARGES, REFUND)["stripe.create_refund"] == "proposed"
        assert [r.rule for r in b.desk.reasons] == ["S52.vip_unknown"]


@pytest.mark.covers("S05", "S26", "S42")
def test_the_account_owner_of_a_failed_renewal_is_looked_up_and_told(tmp_path: Path) -> None:
    understood = extraction(
        Scenario.RENEWAL_FAILURE, customer_name="Nora Quill", email=EMAIL, amount="27.50", currency="USD"
    )
    with bed(tmp_path, understood=understood, heard=call("My renewal of 27.50 failed.")) as b:
        done = worked(b, LOOK, [("stripe__get_invoice", {"customer": "cus_1"})])
        assert "zendesk.create_ticket" in done
        (sent,) = b.writes("zendesk")
        assert "Edda Lund" in sent["body"]["json"]["ticket"]["comment"]["body"]
