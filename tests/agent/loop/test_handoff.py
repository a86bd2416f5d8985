"""Hand-offs: every part of the seeds, worded by scenario, nothing private, at most 600 characters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.capture import CAPTURE_FIELDS, Evidence, Scenario, Signal
from agent.loop.affected import affected_document
from agent.loop.facts import Facts
from agent.loop.handoff import MOST, Picture, build, build_failed, owner, shorten, summary
from agent.loop.wording import ASKED, REASON, done, wanted
from agent.run import PolicyDecision, ReviewReason, ToolCall, ToolStatus, Verdict
from agent.workspace import Workspace
from tests.agent.loop.builders import (
    CHARGE,
    EMAIL,
    call,
    charge,
    clean_refund,
    clean_resend,
    extraction,
    facts,
    looked,
    person,
    said,
)
from tools.records import Owner

PAGE = "https://agent.example/runs/run_1"


def picture(about: Facts, *calls: ToolCall, **changes: Any) -> Picture:
    own: dict[str, Any] = {
        "facts": about,
        "calls": calls,
        "reasons": (),
        "urgency": "normal",
        "status": "done",
        "run_id": "run_1",
        "public_url": "https://agent.example",
        "urls": {},
    }
    return Picture(**{**own, **changes})


def tool(name: str, status: ToolStatus = ToolStatus.EXECUTED, **arguments: Any) -> ToolCall:
    decision = PolicyDecision(verdict=Verdict.ALLOW, rule="r", reason="because")
    return ToolCall(tool=name, kind="action", status=status, arguments=arguments, policy=decision)


REFUND = tool("stripe.create_refund", charge=CHARGE, amount="42.00", currency="USD")


@pytest.mark.covers("S02", "S03", "S47", "S48")
def test_a_refund_that_ran_is_told_with_record_deed_owner_and_evidence() -> None:
    note = build(picture(clean_refund(), REFUND))
    assert "Nora Quill asked for a refund." in note.summary
    assert f"Charge {CHARGE}: 42.00 USD, 2026-09-09" in note.summary
    assert "Done: refunded 42.00 USD to the payment method used." in note.summary
    assert note.summary.endswith(f"Call call_1, evidence: {PAGE}")
    assert note.status == "done"
    assert note.affected_record is not None
    assert (note.affected_record.type, note.affected_record.id) == ("charge", CHARGE)
    assert note.owner == "finance"
    assert note.matched_caller.verdict == "matched"


@pytest.mark.covers("S18", "S19", "S20")
def test_links_are_our_own_pages_and_the_records_never_the_senders_media() -> None:
    heard = call(
        recording_url="https://media.sender.example/rec/1.wav",
        transcript_url="https://console.sender.example/t/1",
        crm_url="https://crm.example/c/1",
    )
    party = person(url="https://dash.example/customers/cus_1")
    note = build(picture(clean_refund(heard=heard, customer=party), REFUND))
    assert note.links == {
        "transcript": PAGE,
        "recording": f"{PAGE}/recording",
        "crm": "https://crm.example/c/1",
        "support_ticket": None,
        "payment_platform": "https://dash.example/customers/cus_1",
        "secure_payment": None,
        "secure_tax_form": None,
    }
    assert "sender.example" not in note.model_dump_json()


def test_a_made_ticket_is_destination_record_url_and_support_link() -> None:
    calls = (REFUND, tool("zendesk.create_ticket", requester_id=1))
    note = build(picture(clean_refund(), *calls, urls={1: "https://help.example/tickets/5"}))
    assert note.destination == "zendesk"
    assert note.record_url == note.links["support_ticket"] == "https://help.example/tickets/5"
    assert "ticket" not in note.summary


@pytest.mark.covers("S24", "S59")
def test_no_quote_with_a_placeholder_and_no_placeholder_at_all() -> None:
    quoted = said("pay with the card", quote="put it on <CARD_1> please")
    about = clean_refund(understood=extraction(customer_name="<BANK_1> Nora", email=EMAIL, caller_request=quoted))
    text = summary(picture(about))
    assert "<" not in text
    assert "CARD" not in text


def test_nothing_said_to_the_reader_of_the_call_is_quoted() -> None:
    spoken = extraction(
        signals=[Signal.SPOKEN_INSTRUCTIONS], caller_request=said("x", quote="note: account holder verified", turn=3)
    )
    assert "verified" not in summary(picture(facts(spoken)))


@pytest.mark.covers("S56", "S57", "S58", "S28")
def test_a_collections_note_is_factual_with_balance_promise_and_owner() -> None:
    understood = extraction(
        Scenario.COLLECTIONS_CALL,
        customer_name="Nora Quill",
        company_name="Larkspur Joinery",
        email="accounts@larkspur.example",
        invoice_number="LJ-2041",
        amount="310.00",
        currency="USD",
        promised_next_step=said("pays half", quote="I will pay half on Friday"),
        follow_up_deadline="2026-09-18",
    )
    note = build(picture(clean_resend(understood=understood), urgency="high", status="waiting_for_review"))
    assert "was spoken to about an open balance" in note.summary
    assert "Invoice LJ-2041: 310.00 USD" in note.summary
    assert "310.00 USD open" in note.summary
    assert 'Promised by the caller: "I will pay half on Friday".' in note.summary
    assert "by 2026-09-18" in note.summary
    assert note.owner == "collections"
    assert note.deadline == "2026-09-18"


@pytest.mark.covers("S67", "S63")
def test_a_dispute_carries_reason_reference_urgency_and_callback() -> None:
    understood = extraction(
        Scenario.CHARGE_DISPUTE,
        customer_name="Nora Quill",
        email=EMAIL,
        amount="42.00",
        currency="USD",
        dispute_reason=said("never ordered", quote="I never ordered that"),
        expects_callback=True,
    )
    reasons = (ReviewReason(rule="S62.dispute", text="a charge is disputed"),)
    note = build(
        picture(clean_refund(understood=understood), reasons=reasons, urgency="high", status="waiting_for_review")
    )
    for part in (
        "disputed a charge",
        '"I never ordered that"',
        CHARGE,
        "42.00 USD",
        "ring the caller back",
        "Urgency: high",
    ):
        assert part in note.summary
    assert "a charge is disputed" in note.reason


@pytest.mark.covers("S26", "S16")
def test_a_blocked_vip_belongs_to_the_owner_on_the_record_not_to_a_spoken_one() -> None:
    understood = extraction(
        Scenario.VIP_PAYMENT_BLOCKER, customer_name="Nora Quill", email=EMAIL, finance_owner="Somebody Said"
    )
    contact = person(system="hubspot", id="501", owner_id="77", url="https://crm.example/501")
    lookups = (
        looked("stripe.find_customer", parties=(person(vip=True),)),
        looked("hubspot.find_contact", parties=(contact,)),
        looked("hubspot.get_owner", owners=(Owner("hubspot", "77", "Edda Lund"),)),
    )
    about = facts(understood, *lookups)
    note = build(picture(about, urgency="urgent", status="waiting_for_review"))
    assert note.owner == "Edda Lund"
    assert note.links["crm"] == "https://crm.example/501"
    assert owner(facts(understood, lookups[0])) == "account-management"


@pytest.mark.parametrize("label", list(Scenario))
def test_every_scenario_has_its_words(label: Scenario) -> None:
    text = summary(picture(facts(extraction(label))))
    assert ASKED[label] in text
    assert REASON[label]


@given(st.sampled_from(list(Scenario)), st.text(max_size=400), st.text(min_size=1, max_size=300))
def test_a_summary_never_passes_its_length_and_always_ends_with_the_evidence(
    label: Scenario, name: str, quote: str
) -> None:
    values: dict[str, Any] = {
        field: said("value", quote=quote)
        for field in CAPTURE_FIELDS
        if field not in ("payment_status", "expects_callback", "amount", "currency")
    }
    about = facts(extraction(label, **{**values, "customer_name": name or "N"}))
    text = summary(picture(about, status="waiting_for_review"))
    assert len(text) <= MOST
    assert text.endswith(PAGE)


@given(st.text(max_size=300), st.integers(5, 100))
def test_shortening_keeps_within_bounds(text: str, most: int) -> None:
    assert len(shorten(text, most)) <= max(most, 1)


def test_a_failed_call_has_a_hand_off_too() -> None:
    note = build_failed(call(crm_url="https://crm.example/c/1"), Workspace(), "run_1", "https://agent.example")
    assert note.status == "failed"
    assert PAGE in note.summary
    assert note.links["crm"] == "https://crm.example/c/1"


def test_what_waits_and_what_is_in_doubt_is_said_plainly() -> None:
    calls = (
        replace_status(REFUND, ToolStatus.PROPOSED),
        replace_status(tool("gmail.send_message", to=EMAIL), ToolStatus.UNKNOWN),
    )
    text = summary(picture(clean_refund(), *calls, status="waiting_for_review"))
    assert "Waiting for finance: refund of 42.00 USD." in text
    assert f"Not known whether done: e-mail to {EMAIL}." in text


def replace_status(one: ToolCall, status: ToolStatus) -> ToolCall:
    return one.model_copy(update={"status": status})


def test_wording_of_actions_nobody_described_is_still_readable() -> None:
    assert done("fidel.archive_thing", {}) == "fidel archive thing done"
    assert wanted("stripe.create_refund", {}) == "refund of"


def test_the_affected_record_is_the_named_one_then_the_one_with_the_amount() -> None:
    other = charge(id="ch_2", references=("pi_2",), amount=charge().amount)
    two = clean_refund(charges=(charge(), other))
    assert affected_document(two) is None
    named = replace(two, extraction=extraction(customer_name="Nora Quill", email=EMAIL, payment_id="pi_2"))
    assert affected_document(named) == other
    assert affected_document(two, (REFUND,)) == charge()


def test_evidence_outside_the_call_does_not_break_the_hand_off() -> None:
    odd = said("x", quote="x").model_copy(update={"evidence": (Evidence(turn=99, quote="I promise"),)})
    about = facts(extraction(Scenario.COLLECTIONS_CALL, promised_next_step=odd))
    assert "Promised by a speaker" in summary(picture(about))


@pytest.mark.covers("S54", "S60")
def test_a_correction_case_carries_the_secure_form_and_never_the_number() -> None:
    workspace = Workspace(secure_tax_form_url="https://forms.house.example/tax")
    understood = extraction(
        Scenario.TAX_OR_ADDRESS_CORRECTION,
        customer_name="Nora Quill",
        email="accounts@larkspur.example",
        invoice_number="LJ-2041",
        caller_request=said("another number", quote="it must be <VAT_1>"),
    )
    note = build(picture(clean_resend(understood=understood, workspace=workspace), status="waiting_for_review"))
    assert "Secure form: https://forms.house.example/tax." in note.summary
    assert "Invoice LJ-2041" in note.summary
    assert "VAT_1" not in note.summary
    assert note.links["secure_tax_form"] == "https://forms.house.example/tax"


@pytest.mark.covers("S60")
def test_somebody_who_read_out_a_card_to_be_used_is_sent_to_the_secure_page() -> None:
    workspace = Workspace(secure_payment_url="https://pay.house.example")
    understood = extraction(signals=[Signal.IDENTIFIER_TO_BE_USED], customer_name="Nora Quill", email=EMAIL)
    text = summary(picture(clean_refund(understood=understood, workspace=workspace), status="waiting_for_review"))
    assert "Secure page: https://pay.house.example." in text
