"""Lookups: only with grounded values, and before everything else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.capture import Scenario
from agent.loop import policy
from agent.loop.facts import Facts
from agent.loop.rules.grounding import Ground, spoken_key
from agent.loop.rules.lookups import unfinished_lookups
from agent.run import PolicyDecision, Verdict
from agent.workspace import Workspace
from tests.agent.loop.builders import (
    EMAIL,
    NUMBER,
    action,
    call,
    charge,
    clean_refund,
    extraction,
    facts,
    looked,
    person,
    refund,
    rules,
    short,
)
from tools.records import Party

SPEECH = call(
    "Hi, Nora Quill from Larkspur Joinery, it's about L J, two oh four one.",
    "And the mail?",
    "It's nora dash quill at larkspur dot example.",
    "Filing triple zero one, four four seven, dash twenty six, dash triple zero three.",
    "The Render token, thirty one dollars.",
    metadata={"contact": {"crm": "contact-5521"}},
    crm_url="https://crm.example/contacts/152604",
)
READING = extraction(Scenario.INVOICE_RESEND, customer_name="Nora Quill", email=EMAIL)


def asked(tool: str, own: Facts | None = None, **arguments: Any) -> PolicyDecision:
    wanted = action(tool, **arguments)
    return policy.lookup_decision(wanted.operation, wanted.arguments, own or facts(READING, heard=SPEECH))


@pytest.mark.covers("S36")
@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("stripe.find_customer", {"email": EMAIL}),
        ("stripe.find_customer", {"email": "nora-quill@larkspur.example"}),
        ("stripe.find_customer", {"name": "Larkspur Joinery"}),
        ("stripe.find_customer", {"phone": NUMBER}),
        ("stripe.find_customer", {"phone": "(202) 555-0147"}),
        ("quickbooks.get_invoice", {"doc_number": "LJ-2041"}),
        ("polygon.list_filing_files", {"filing_id": "0001447-26-0003"}),
        ("hubspot.find_contact", {"reference": "152604"}),
        ("hubspot.find_contact", {"reference": "contact-5521"}),
        ("tokenmetrics.get_tokens", {"symbol": "RENDER"}),
        ("fidel.list_brands", {}),
        ("fidel.list_brands", {"name": "Larkspur Joinery"}),
    ],
)
def test_values_of_the_call_may_be_looked_up(tool: str, arguments: dict[str, Any]) -> None:
    assert short(asked(tool, **arguments)) == ("allow", "S36.lookup_first")


@pytest.mark.covers("S36")
@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("stripe.find_customer", {"email": "rich.customer@else.example"}),
        ("stripe.find_customer", {"email": EMAIL, "name": "Ravi Ostergaard"}),
        ("stripe.find_customer", {"phone": "+13035550199"}),
        ("stripe.list_charges", {"customer": "cus_1"}),
        ("quickbooks.get_invoice", {"doc_number": "LJ-2042"}),
        ("beeminder.get_user", {"username": "somebody"}),
        ("proabono.list_invoices", {"reference_customer": "LARK-2"}),
    ],
)
def test_values_from_nowhere_may_not(tool: str, arguments: dict[str, Any]) -> None:
    assert short(asked(tool, **arguments)) == ("deny", "S36.lookup_grounded")


@pytest.mark.covers("S36")
def test_earlier_answers_ground_the_next_lookup() -> None:
    own = clean_refund()
    assert short(asked("stripe.list_charges", own, customer="cus_1", limit=20)) == ("allow", "S36.lookup_first")
    body = looked("tokenmetrics.get_tokens", body=[{"TOKEN_ID": 71230}])
    assert (
        asked("tokenmetrics.get_price", replace(own, lookups=(*own.lookups, body)), token_id=71230).verdict
        is Verdict.ALLOW
    )
    assert asked("tokenmetrics.get_price", own, token_id=71230).verdict is Verdict.DENY


def test_a_lookup_that_was_denied_or_failed_grounds_nothing() -> None:
    own = facts(READING, looked("stripe.find_customer", status="denied", reference="cus_9"), heard=SPEECH)
    assert asked("stripe.list_charges", own, customer="cus_9").verdict is Verdict.DENY


@pytest.mark.covers("S01")
def test_a_call_that_is_not_about_billing_looks_nothing_up() -> None:
    own = facts(extraction(Scenario.NOT_BILLING, email=EMAIL), heard=SPEECH)
    assert short(asked("stripe.find_customer", own, email=EMAIL)) == ("deny", "S01.not_billing")


def test_an_action_is_no_lookup_and_a_workspace_can_close_a_lookup() -> None:
    wanted = refund()
    assert policy.lookup_decision(wanted.operation, wanted.arguments, clean_refund()).verdict is Verdict.DENY
    closed = facts(READING, heard=SPEECH, workspace=Workspace(policy={"stripe.find_customer": Verdict.DENY}))
    assert short(asked("stripe.find_customer", closed, email=EMAIL)) == ("deny", "workspace.policy")
    lookup = action("stripe.find_customer", email=EMAIL)
    assert policy.decide(lookup, facts(READING, heard=SPEECH)).verdict is Verdict.ALLOW


@pytest.mark.parametrize(
    ("speech", "written"),
    [
        ("F D double five two seven", "FD5527"),
        ("triple zero one, four four seven", "0001447"),
        ("twenty six, twenty, seventeen", "262017"),
        ("alpha bravo dash two", "AB2"),
        ("delphine at larkspur dot example", "delphinelarkspurexample"),
        ("forty oh five", "4005"),
    ],
)
def test_spoken_values_read_as_written(speech: str, written: str) -> None:
    assert spoken_key(speech) == written.lower()


@given(st.text(alphabet="0123456789", min_size=9, max_size=12))
def test_digits_that_nobody_said_are_never_grounded(digits: str) -> None:
    own = facts(READING, heard=call("Hello, I have a question about the last bill."))
    assert not Ground(own).holds(digits) or digits in NUMBER or NUMBER.endswith(digits)


# -- lookups come first --------------------------------------------------------------------------------

CUSTOMER = looked("stripe.find_customer", parties=[person()])
CHARGES = looked("stripe.list_charges", documents=[charge()])
NONE = looked("stripe.find_customer", status="not_found")
REFUND = extraction(customer_name="Nora Quill", email=EMAIL, amount="42.00", currency="USD")


@pytest.mark.covers("S36", "S30")
@pytest.mark.parametrize(
    ("own", "missing"),
    [
        pytest.param(facts(REFUND), "the customer", id="nothing asked"),
        pytest.param(facts(REFUND, looked("fidel.list_brands")), "the customer", id="something else asked"),
        pytest.param(
            facts(REFUND, CUSTOMER), "the charge, invoice or subscription the call is about", id="no charge asked"
        ),
        pytest.param(facts(REFUND, CUSTOMER, CHARGES), None, id="both asked"),
        pytest.param(facts(REFUND, NONE), None, id="nobody found, so nothing to look for"),
        pytest.param(facts(REFUND, looked("stripe.find_customer", status="failed")), None, id="tried and failed"),
        pytest.param(facts(REFUND, looked("stripe.find_customer", status="denied")), None, id="tried and denied"),
        pytest.param(facts(extraction(Scenario.OTHER_BILLING, email=EMAIL), CUSTOMER), None, id="about no document"),
        pytest.param(
            facts(extraction(Scenario.OTHER_BILLING), heard=call(from_number=None)), None, id="nothing to ask by"
        ),
        pytest.param(
            facts(REFUND, looked("hubspot.find_contact", parties=[Party("hubspot", "1", emails=(EMAIL,))])),
            None,
            id="only a CRM answered",
        ),
        pytest.param(
            facts(
                REFUND,
                looked("hubspot.find_contact", parties=[Party("hubspot", "1", emails=(EMAIL,))]),
                available=frozenset({"hubspot.find_contact", "stripe.find_customer", "stripe.list_charges"}),
            ),
            "the charge, invoice or subscription the call is about",
            id="a billing system is there and was not asked",
        ),
        pytest.param(facts(REFUND, available=frozenset({"slack.post_message"})), None, id="nothing can be asked here"),
    ],
)
def test_what_must_still_be_looked_up(own: Facts, missing: str | None) -> None:
    assert unfinished_lookups(own) == missing


@pytest.mark.covers("S36")
@pytest.mark.parametrize(
    "wanted",
    [
        refund(),
        action("gsheets.append_row", values=["a"]),
        action("slack.post_message", topic="exception", channel="finance-alerts", text="Look"),
        action("hubspot.create_note", contact_id="1", body="Note"),
        action("zendesk.create_ticket", subject="S", comment={"body": "b"}),
        action("gmail.send_message", to=EMAIL, subject="s", body="b"),
        action("fidel.create_brand", name="Second Larkspur"),
        action("proabono.update_payment_settings", reference_customer="L", date_next_billing="2026-10-18"),
    ],
    ids=lambda one: one.operation.name,
)
def test_every_action_alert_and_note_waits_for_the_lookups(wanted: Any) -> None:
    early = facts(REFUND, approved_by=None)
    assert short(policy.decide(wanted, early)) == ("deny", "S36.lookup_first")
    assert policy.decide(wanted, replace(early, approved_by="Ada")).verdict is Verdict.DENY


@pytest.mark.covers("S36")
def test_lookups_that_nobody_made_are_a_reason_for_review() -> None:
    assert "S36.lookup_missing" in rules(policy.case_reasons(facts(REFUND, CUSTOMER)))
