"""Which tools a scenario can need, and which lookups must come first."""

from __future__ import annotations

import json

import pytest

from agent.capture import Scenario
from agent.extraction.tokens import offline_count
from agent.loop.scenarios import needed_lookups, needs_document, offered_tools, scenarios_of, searchable
from agent.loop.tool_defs import TOOLS_BUDGET, definitions
from tests.agent.loop.builders import EMAIL, call, extraction
from tools.registry import operations

ALL = frozenset(operations())
ACTIONS = frozenset(name for name, operation in operations().items() if not operation.is_lookup)
INTERNAL = {"zendesk.create_ticket", "zendesk.add_comment", "hubspot.create_note", "gsheets.append_row"}


@pytest.mark.covers("S01")
def test_nothing_is_offered_when_the_call_is_not_about_billing() -> None:
    reading = extraction(Scenario.NOT_BILLING, secondary=[Scenario.REFUND_REQUEST])
    assert offered_tools(reading, ALL) == ()
    assert needed_lookups(reading, ALL) == ()
    assert scenarios_of(reading) == (Scenario.NOT_BILLING,)


@pytest.mark.covers("C05", "S25")
@pytest.mark.parametrize(
    ("label", "actions"),
    [
        (Scenario.REFUND_REQUEST, {"stripe.create_refund", "quickbooks.create_credit_memo", "slack.post_message"}),
        (
            Scenario.INVOICE_RESEND,
            {"quickbooks.send_invoice", "stripe.send_invoice", "gmail.send_message", "gdrive.upload_file"},
        ),
        (Scenario.RECEIPT_TO_VERIFIED_EMAIL, {"quickbooks.send_invoice", "gmail.send_message", "gdrive.upload_file"}),
        (Scenario.RENEWAL_FAILURE, {"gmail.send_message", "slack.post_message"}),
        (Scenario.COLLECTIONS_CALL, set()),
        (Scenario.VIP_PAYMENT_BLOCKER, {"slack.post_message"}),
        (Scenario.CHARGE_DISPUTE, {"slack.post_message", "gmail.create_draft"}),
        (Scenario.TAX_OR_ADDRESS_CORRECTION, {"quickbooks.update_customer_address", "gmail.create_draft"}),
    ],
)
def test_only_what_the_scenario_can_need_is_offered(label: Scenario, actions: set[str]) -> None:
    offered = offered_tools(extraction(label), ALL)
    assert set(offered) & ACTIONS == actions | INTERNAL
    assert len(set(offered)) == len(offered)
    assert set(offered) <= ALL
    first_action = next(i for i, name in enumerate(offered) if name in ACTIONS)
    assert all(name in ACTIONS for name in offered[first_action:])


@pytest.mark.covers("S30", "S33", "S34", "S35")
def test_the_seed_systems_lookups_are_offered() -> None:
    offered = offered_tools(extraction(Scenario.CHARGE_DISPUTE), ALL)
    assert {"beeminder.get_user", "fidel.list_brands", "polygon.list_filing_files", "polygon.get_ticker_events"} <= set(
        offered
    )
    assert {"tokenmetrics.get_price", "tokenmetrics.get_tokens"} <= set(offered)


def test_lookups_that_only_some_subjects_need() -> None:
    assert "gdrive.find_files" in offered_tools(extraction(Scenario.RECEIPT_TO_VERIFIED_EMAIL), ALL)
    assert "gdrive.find_files" not in offered_tools(extraction(Scenario.REFUND_REQUEST), ALL)
    assert "proabono.get_payment_settings" in offered_tools(extraction(Scenario.OTHER_BILLING), ALL)


@pytest.mark.parametrize("label", list(Scenario))
def test_what_is_offered_keeps_to_its_token_budget(label: Scenario) -> None:
    reading = extraction(label, secondary=[Scenario.REFUND_REQUEST, Scenario.OTHER_BILLING])
    tools = definitions(offered_tools(reading, ALL), operations())
    assert offline_count(json.dumps(tools, separators=(",", ":"))) <= TOOLS_BUDGET


def test_a_second_subject_adds_its_tools() -> None:
    offered = offered_tools(extraction(Scenario.CHARGE_DISPUTE, secondary=[Scenario.OTHER_BILLING]), ALL)
    assert {"fidel.create_brand", "slack.post_message"} <= set(offered)
    assert "fidel.create_brand" not in offered_tools(extraction(Scenario.CHARGE_DISPUTE), ALL)


@pytest.mark.parametrize("label", [s for s in Scenario if s is not Scenario.NOT_BILLING])
def test_a_workspace_with_one_system_works(label: Scenario) -> None:
    only = frozenset(name for name in ALL if name.startswith("quickbooks."))
    reading = extraction(label, email=EMAIL)
    assert set(offered_tools(reading, only)) <= only
    groups = needed_lookups(reading, only)
    assert groups[0] == {"quickbooks.find_customer"}
    assert len(groups) == (2 if needs_document(reading) else 1)


@pytest.mark.covers("S36")
def test_needed_lookups_are_a_customer_and_where_it_is_about_one_a_document() -> None:
    refund = needed_lookups(extraction(Scenario.REFUND_REQUEST), ALL)
    assert len(refund) == 2
    assert "stripe.find_customer" in refund[0]
    assert "stripe.list_charges" in refund[1]
    assert len(needed_lookups(extraction(Scenario.OTHER_BILLING), ALL)) == 1
    assert len(needed_lookups(extraction(Scenario.OTHER_BILLING, invoice_number="LJ-1"), ALL)) == 2
    assert needed_lookups(extraction(Scenario.REFUND_REQUEST), {"slack.post_message"}) == ()


def test_what_a_call_gives_to_search_by() -> None:
    assert searchable(extraction(), call())
    assert searchable(extraction(customer_name="Nora Quill"), call(from_number=None))
    assert not searchable(extraction(amount="1.00"), call(from_number=None))
