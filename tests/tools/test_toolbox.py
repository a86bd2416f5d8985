"""The toolbox and the registry: every operation complete, nothing live without credentials."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import ValidationError

from tests.tools.conftest import KEY, Lab
from tests.tools.worlds import CHARGE, LANTERN, world
from tools.connector import Effect, Lost, NotConfigured, Rejected, Unavailable
from tools.registry import connectors, operations
from tools.sandbox.faults import Faults
from tools.sandbox.world import World
from tools.toolbox import UNKNOWN, credentials, live_toolbox, sandbox_toolbox

NAMES = """
beeminder.create_charge beeminder.get_goal beeminder.get_user fidel.create_brand fidel.get_brand fidel.list_brands
fidel.update_brand gdrive.find_files gdrive.upload_file gmail.create_draft gmail.send_message gsheets.append_row
hubspot.create_note hubspot.find_contact hubspot.find_deals hubspot.get_owner polygon.get_ticker_events
polygon.list_filing_files proabono.create_customer proabono.find_customer proabono.get_payment_settings
proabono.list_invoices proabono.update_payment_settings quickbooks.create_credit_memo quickbooks.find_customer
quickbooks.get_invoice quickbooks.send_invoice quickbooks.update_customer_address slack.post_message
stripe.create_refund stripe.find_customer stripe.get_invoice stripe.get_subscription stripe.list_charges
stripe.send_invoice tokenmetrics.get_price tokenmetrics.get_tokens zendesk.add_comment zendesk.create_ticket
zendesk.find_user zendesk.list_tickets
""".split()
BROAD = {"slack", "hubspot", "zendesk", "gsheets", "beeminder", "proabono", "fidel"}


def test_the_operations_are_these() -> None:
    assert sorted(operations()) == sorted(NAMES)
    assert {name.split(".")[0] for name in NAMES} == set(connectors())


@pytest.mark.parametrize("name", NAMES)
def test_each_operation_is_complete(name: str) -> None:
    operation = operations()[name]
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", operation.wire_name)
    assert 0 < len(operation.description) <= 90
    assert operation.house_fields <= set(operation.arguments.model_fields)
    assert (operation.target is None) is operation.is_lookup
    assert operation.broad_access is (not operation.is_lookup and operation.system in BROAD)
    if operation.effect in (Effect.NOTE, Effect.TICKET, Effect.ALERT, Effect.ROW):
        assert operation.house_fields
    if operation.idempotency == "read_back":
        assert operation.find_again is not None


def test_a_finder_needs_something_and_one_address() -> None:
    arguments = operations()["stripe.find_customer"].arguments
    with pytest.raises(ValidationError, match="give at least one of email, name, phone, reference"):
        arguments.model_validate({"email": " ", "name": None})
    with pytest.raises(ValidationError):
        arguments.model_validate({"email": "not an address"})
    assert arguments.model_validate({"email": " a@b.example ", "name": ""}).model_dump()["email"] == "a@b.example"


@pytest.mark.parametrize("system", sorted({name.split(".")[0] for name in NAMES}))
def test_without_credentials_a_live_system_says_what_to_set(system: str) -> None:
    toolbox = live_toolbox({})
    assert not toolbox.sandbox
    said = toolbox.configured(system)
    assert said is not None
    assert f"BILLING_AGENT_{system.upper()}_" in said
    toolbox.close()


def test_a_live_lookup_without_credentials_is_never_a_sandbox() -> None:
    toolbox = live_toolbox({})
    arguments = operations()["stripe.find_customer"].arguments.model_validate({"email": "a@b.example"})
    with pytest.raises(NotConfigured, match="BILLING_AGENT_STRIPE_API_KEY"):
        toolbox.run("stripe.find_customer", arguments)
    toolbox.close()


def test_credentials_come_from_the_systems_own_variables() -> None:
    environ = {
        "BILLING_AGENT_STRIPE_API_KEY": "sk_test_SECRET",
        "BILLING_AGENT_SLACK_BOT_TOKEN": "x",
        "BILLING_AGENT_STRIPE_BLANK": " ",
    }
    found = credentials("stripe", environ)
    assert dict(found.values) == {"api_key": "sk_test_SECRET"}
    assert "SECRET" not in repr(found)
    toolbox = live_toolbox(environ)
    assert toolbox.configured("stripe") is None
    toolbox.close()


def test_an_action_needs_a_key(lab: Lab) -> None:
    arguments = lab.arguments("stripe.send_invoice", invoice="in_Lantern0001")
    with pytest.raises(ValueError, match="needs a key"):
        lab.toolbox.run("stripe.send_invoice", arguments)
    with pytest.raises(ValueError, match="takes CreateRefund"):
        lab.toolbox.run("stripe.create_refund", arguments, KEY)
    with pytest.raises(KeyError):
        lab.toolbox.run("stripe.delete_everything", arguments, KEY)


def test_looking_again_never_raises(lab: Lab) -> None:
    lab.faults.answer("stripe", 401, times=9)
    given = {"charge": CHARGE, "amount": "32.10", "currency": "GBP"}
    assert lab.find_again("stripe.create_refund", **given) is UNKNOWN
    assert repr(UNKNOWN) == "UNKNOWN"


def test_faults_reach_the_sandbox_toolbox() -> None:
    faults = Faults()
    toolbox = sandbox_toolbox(World.of(world()), faults=faults)
    assert toolbox.sandbox
    faults.lose("stripe", path="/send")
    arguments = operations()["stripe.send_invoice"].arguments.model_validate({"invoice": "in_Lantern0001"})
    with pytest.raises(Lost):
        toolbox.run("stripe.send_invoice", arguments, KEY)
    toolbox.close()


LOOKUPS: dict[str, Any] = {
    "beeminder.get_user": {"username": "zoewalks"},
    "fidel.list_brands": {"name": "Lantern Bakery"},
    "hubspot.find_contact": {"reference": "301"},
    "proabono.list_invoices": {"reference_customer": "OSTERIA-3"},
    "quickbooks.find_customer": {"reference": "41"},
    "stripe.list_charges": {"customer": LANTERN},
    "zendesk.find_user": {"reference": "LB-1"},
}


@pytest.mark.parametrize("name", LOOKUPS)
@pytest.mark.parametrize("status", [401, 403])
def test_bad_credentials_are_a_definite_no_everywhere(lab: Lab, name: str, status: int) -> None:
    system = name.split(".")[0]
    lab.faults.answer(system, status, body={"message": "SECRETTEXT"}, times=5)
    with pytest.raises(Rejected) as caught:
        lab.run(name, **LOOKUPS[name])
    assert "SECRETTEXT" not in str(caught.value)


@pytest.mark.parametrize("name", LOOKUPS)
def test_a_read_survives_two_failures_everywhere(lab: Lab, name: str) -> None:
    lab.faults.answer(name.split(".")[0], 503, times=1)
    lab.faults.refuse(name.split(".")[0], times=1)
    answer = lab.run(name, **LOOKUPS[name])
    assert answer.parties or answer.documents
    assert len(lab.waits) == 2


@pytest.mark.parametrize("name", LOOKUPS)
def test_garbled_answers_are_never_taken_for_nothing(lab: Lab, name: str) -> None:
    lab.faults.garble(name.split(".")[0], times=9)
    with pytest.raises(Unavailable, match="could not be read"):
        lab.run(name, **LOOKUPS[name])
