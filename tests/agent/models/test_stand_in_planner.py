"""Tool choice by rules: lookups first, keys in turn, actions once and only where they belong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agent.models.stand_in.planner import Plan, next_step
from agent.models.stand_in.transcript import Heard, read_prompt

_FINDER = ("email", "name", "phone", "reference")
TOOLS: dict[str, tuple[str, ...]] = {
    "stripe__find_customer": _FINDER,
    "stripe__list_charges": ("customer", "limit"),
    "stripe__get_invoice": ("invoice", "customer"),
    "stripe__get_subscription": ("subscription", "customer"),
    "quickbooks__find_customer": _FINDER,
    "quickbooks__get_invoice": ("doc_number", "customer", "invoice_id"),
    "hubspot__find_contact": _FINDER,
    "hubspot__get_owner": ("owner_id", "email"),
    "zendesk__find_user": _FINDER,
    "zendesk__list_tickets": ("requester_id", "email", "external_id"),
    "proabono__find_customer": _FINDER,
    "proabono__list_invoices": ("reference_customer", "full_number"),
    "proabono__get_payment_settings": ("reference_customer",),
    "beeminder__get_user": ("username",),
    "fidel__list_brands": ("name",),
    "polygon__list_filing_files": ("filing_id", "limit"),
    "polygon__get_ticker_events": ("ticker",),
    "tokenmetrics__get_tokens": ("symbol", "token_name", "token_id"),
    "tokenmetrics__get_price": ("token_id",),
    "stripe__create_refund": ("amount", "currency", "charge", "reason"),
    "quickbooks__send_invoice": ("invoice_id", "send_to"),
    "quickbooks__create_credit_memo": ("amount", "currency", "customer"),
    "gmail__send_message": ("to", "template", "record"),
    "proabono__create_customer": ("reference_customer", "email", "name"),
    "proabono__update_payment_settings": ("reference_customer", "date_next_billing"),
    "fidel__create_brand": ("name", "website_url"),
    "zendesk__create_ticket": ("requester_id",),
    "zendesk__add_comment": ("ticket_id",),
    "hubspot__create_note": ("contact_id",),
    "gsheets__append_row": (),
    "slack__post_message": ("topic",),
}
CUSTOMER: dict[str, Any] = {
    "id": "cus_1",
    "name": "Wren Pottery",
    "email": "clay@wren.example",
    "phone": None,
    "metadata": {},
}
CHARGE: dict[str, Any] = {
    "id": "ch_1",
    "amount": 4200,
    "currency": "usd",
    "paid": True,
    "status": "succeeded",
    "created": 1,
    "receipt_email": "clay@wren.example",
}


def functions(*names: str) -> list[dict[str, Any]]:
    chosen = names or tuple(TOOLS)
    return [
        {"name": name, "parameters": {"type": "object", "properties": {field: {} for field in TOOLS[name]}}}
        for name in chosen
    ]


def call(*lines: str, scenario: str = "refund_request", **understood: Any) -> list[dict[str, Any]]:
    known = {"scenario": scenario, "secondary": [], "document_kind": None, "signals": [], "facts": {}, **understood}
    body = "\n".join(f"[{turn}] caller: {line}" for turn, line in enumerate(lines))
    header = "<call>\ntoday: 2026-03-11 Wednesday\ncaller_number: +13035550144\nregion: US\ncurrency: USD\n</call>\n"
    text = f"{header}<understood>\n{json.dumps(known)}\n</understood>\n<transcript>\n{body}\n"
    return [{"role": "system", "content": "choose"}, {"role": "user", "content": text}]


def step(messages: list[dict[str, Any]], *names: str) -> Plan:
    heard = read_prompt(messages)
    assert heard is not None
    return next_step(heard, messages, functions(*names))


def play(messages: list[dict[str, Any]], world: dict[str, Any], *names: str) -> list[tuple[str, dict[str, Any]]]:
    """Run the loop to its end over ``world``: tool name -> result (a missing one is not found)."""
    made: list[tuple[str, dict[str, Any]]] = []
    for turn in range(10):
        plan = step(messages, *names)
        if not plan.calls:
            assert plan.text
            return made
        calls = [
            {
                "id": f"{turn}-{at}",
                "type": "function",
                "function": {"name": c.name, "arguments": json.dumps(c.arguments)},
            }
            for at, c in enumerate(plan.calls)
        ]
        messages = [*messages, {"role": "assistant", "content": None, "tool_calls": calls}]
        for wire, wish in zip(calls, plan.calls, strict=True):
            made.append((wish.name, wish.arguments))
            found = world.get(wish.name)
            answer = {"status": "ok", "result": found} if found is not None else {"status": "not_found", "result": None}
            messages.append({"role": "tool", "tool_call_id": wire["id"], "content": json.dumps(answer)})
    raise AssertionError("the planner never ends")


@pytest.mark.covers("C05", "S36")
def test_everybody_is_looked_up_in_every_system_offered_in_one_turn() -> None:
    plan = step(call("refund", facts={"email": "clay@wren.example", "amount": "42.00"}))
    finders = {c.name: c.arguments for c in plan.calls if "__find_" in c.name}
    assert set(finders) == {name for name in TOOLS if "__find_" in name}
    assert all(arguments == {"email": "clay@wren.example"} for arguments in finders.values())


def test_a_finder_that_finds_nothing_is_tried_with_the_next_key() -> None:
    facts = {"email": "a@wren.example", "company_name": "Wren Pottery", "customer_name": "Ida Wren"}
    made = play(call("refund", facts=facts), {}, "stripe__find_customer")
    assert [arguments for _, arguments in made][:3] == [
        {"email": "a@wren.example"},
        {"name": "Wren Pottery"},
        {"name": "Ida Wren"},
    ]


def test_without_any_fact_the_calling_number_is_the_key() -> None:
    plan = step(call("hello"), "stripe__find_customer")
    assert plan.calls[0].arguments == {"phone": "+13035550144"}


@pytest.mark.covers("S09")
def test_a_refund_names_the_charge_that_was_meant() -> None:
    other = {**CHARGE, "id": "ch_2", "amount": 9900, "created": 2}
    world = {"stripe__find_customer": [CUSTOMER], "stripe__list_charges": [other, CHARGE]}
    facts = {"email": "clay@wren.example", "amount": "42.00", "currency": "USD"}
    made = dict(play(call("refund please", facts=facts), world))
    assert made["stripe__create_refund"] == {
        "charge": "ch_1",
        "amount": "42.00",
        "currency": "USD",
        "reason": "requested_by_customer",
    }


def test_no_refund_when_no_charge_fits_the_amount() -> None:
    other = {**CHARGE, "id": "ch_2", "amount": 990}
    world = {"stripe__find_customer": [CUSTOMER], "stripe__list_charges": [CHARGE, other]}
    made = dict(play(call("refund please", facts={"email": "clay@wren.example", "amount": "77.00"}), world))
    assert "stripe__create_refund" not in made


@pytest.mark.covers("S62")
@pytest.mark.parametrize(
    "understood",
    [
        {"scenario": "charge_dispute", "secondary": ["refund_request"]},
        {"scenario": "refund_request", "signals": ["withdrawn"]},
        {"scenario": "refund_request", "signals": ["fraud_claim"]},
    ],
)
def test_no_money_action_for_disputes_withdrawals_and_fraud(understood: dict[str, Any]) -> None:
    world = {"stripe__find_customer": [CUSTOMER], "stripe__list_charges": [CHARGE]}
    facts = {"email": "clay@wren.example", "amount": "42.00", "currency": "USD"}
    made = dict(play(call("money back", facts=facts, **understood), world))
    assert not {"stripe__create_refund", "quickbooks__create_credit_memo"} & set(made)


@pytest.mark.covers("S10")
def test_an_invoice_is_sent_from_the_books_to_the_address_given() -> None:
    invoice = {"Id": "88", "DocNumber": "WP-31", "TotalAmt": 10.0, "Balance": 10.0, "CurrencyRef": {"value": "USD"}}
    world = {
        "quickbooks__find_customer": [{"Id": "7", "DisplayName": "Wren Pottery"}],
        "quickbooks__get_invoice": [invoice],
    }
    facts = {"email": "clay@wren.example", "invoice_number": "WP31"}
    made = dict(play(call("copy of the invoice", scenario="invoice_resend", facts=facts), world))
    assert made["quickbooks__send_invoice"] == {"invoice_id": "88", "send_to": "clay@wren.example"}


def test_a_receipt_goes_out_as_a_template() -> None:
    world = {"stripe__find_customer": [CUSTOMER], "stripe__list_charges": [CHARGE]}
    facts = {"customer_name": "Ida Wren", "amount": "42.00"}
    made = dict(
        play(call("receipt", scenario="receipt_to_verified_email", facts=facts, document_kind="receipt"), world)
    )
    assert made["gmail__send_message"] == {"to": "clay@wren.example", "template": "receipt", "record": "ch_1"}


def test_statements_are_never_sent() -> None:
    world = {"stripe__find_customer": [CUSTOMER], "stripe__list_charges": [CHARGE]}
    facts = {"email": "clay@wren.example"}
    messages = call("statement", scenario="receipt_to_verified_email", facts=facts, document_kind="statement")
    assert "gmail__send_message" not in dict(play(messages, world))


def test_a_failed_renewal_gets_a_link_and_a_note() -> None:
    plan = {"id": "sub_1", "status": "past_due", "currency": "usd", "created": 3}
    world = {
        "stripe__find_customer": [CUSTOMER],
        "stripe__get_subscription": [plan],
        "hubspot__find_contact": [{"id": "31", "email": "clay@wren.example", "hubspot_owner_id": "9"}],
    }
    facts = {"email": "clay@wren.example"}
    made = dict(play(call("it did not renew, send me the link", scenario="renewal_failure", facts=facts), world))
    assert made["gmail__send_message"] == {"to": "clay@wren.example", "template": "payment_link", "record": "sub_1"}
    assert made["hubspot__get_owner"] == {"owner_id": "9"}
    assert made["hubspot__create_note"] == {"contact_id": "31"}


@pytest.mark.covers("S55")
def test_finance_is_alerted_when_the_record_says_vip() -> None:
    vip = {**CUSTOMER, "metadata": {"plan": "enterprise"}}
    messages = call("locked out", scenario="vip_payment_blocker", facts={"email": "clay@wren.example"})
    assert dict(play(messages, {"stripe__find_customer": [vip]}))["slack__post_message"] == {
        "topic": "vip_payment_blocker"
    }
    assert "slack__post_message" not in dict(play(messages, {"stripe__find_customer": [CUSTOMER]}))


def test_a_billing_date_is_moved_in_the_next_month_that_can_be() -> None:
    world = {
        "proabono__find_customer": [{"ReferenceCustomer": "WREN-1", "Email": "clay@wren.example"}],
        "proabono__get_payment_settings": {"DateNextBilling": "2026-03-12T00:00:00Z"},
    }
    messages = call("Can you move it to the twentieth?", scenario="other_billing", facts={"email": "clay@wren.example"})
    made = dict(play(messages, world))
    assert made["proabono__update_payment_settings"] == {
        "reference_customer": "WREN-1",
        "date_next_billing": "2026-04-20T00:00:00Z",
    }


@pytest.mark.parametrize(
    ("line", "tool", "arguments"),
    [
        ("Is our listing live on the app?", "fidel__list_brands", {"name": "Wren Pottery"}),
        ("The brand is called Kiln and Co.", "fidel__list_brands", {"name": "Kiln and Co"}),
        (
            "It is filing triple zero one, two three four, five six seven, dash twenty five, dash triple zero four one one",
            "polygon__list_filing_files",
            {"filing_id": "0001234567-25-000411"},
        ),
        ("The ticker is Z Q R X, they renamed it.", "polygon__get_ticker_events", {"ticker": "ZQRX"}),
        ("The price feed for Helium is stuck.", "tokenmetrics__get_tokens", {"token_name": "Helium"}),
    ],
)
@pytest.mark.covers("S33", "S34", "S35")
def test_what_the_call_is_about_is_looked_up(line: str, tool: str, arguments: dict[str, str]) -> None:
    plan = step(call(line, scenario="other_billing", facts={"company_name": "Wren Pottery"}))
    assert arguments in [c.arguments for c in plan.calls if c.name == tool]


def test_a_token_found_leads_to_its_price() -> None:
    world = {"tokenmetrics__get_tokens": [{"TOKEN_ID": 5, "TOKEN_NAME": "Helium", "TOKEN_SYMBOL": "HNT"}]}
    made = dict(play(call("the price feed for Helium", scenario="charge_dispute"), world))
    assert made["tokenmetrics__get_price"] == {"token_id": 5}


@pytest.mark.covers("S30")
def test_a_beeminder_user_is_looked_up_by_name() -> None:
    plan = step(call("on Beeminder", scenario="other_billing", facts={"account_id": "kelpwalker"}))
    assert ("beeminder__get_user", {"username": "kelpwalker"}) in [(c.name, c.arguments) for c in plan.calls]


def test_nothing_is_done_on_a_call_that_is_not_about_billing() -> None:
    assert step(call("my interview", scenario="not_billing")).calls == ()


def test_only_offered_tools_and_listed_properties_are_used() -> None:
    messages = call("refund", facts={"email": "clay@wren.example"})
    heard = read_prompt(messages)
    assert heard is not None
    narrow = [{"name": "stripe__find_customer", "parameters": {"properties": {"name": {}}}}]
    assert next_step(heard, messages, narrow).calls == ()


def test_garbled_history_and_missing_understanding_do_not_matter() -> None:
    messages = call("I want my forty two dollars back, my name is Ida Wren.")
    messages[1]["content"] = messages[1]["content"].replace('{"scenario"', '{"scenario')
    messages += [
        {
            "role": "assistant",
            "tool_calls": [{"id": "x", "function": {"name": "stripe__find_customer", "arguments": "{"}}],
        },
        {"role": "tool", "tool_call_id": "x", "content": "not json"},
    ]
    heard = read_prompt(messages)
    assert isinstance(heard, Heard)
    assert heard.understood == {}
    assert next_step(heard, messages, functions()).calls


def test_a_part_named_by_the_agent_is_what_goes_back() -> None:
    facts = {
        "email": "clay@wren.example",
        "amount": "42.00",
        "currency": "USD",
        "credit_request": "Just the one seat back",
    }
    messages = call("Just the one seat back.", "Fourteen dollars back out of the forty two.", facts=facts)
    world = {"stripe__find_customer": CUSTOMER, "stripe__list_charges": [CHARGE]}
    made = dict(play(messages, world))
    assert made["stripe__create_refund"]["amount"] == "14.00"


def test_a_new_customer_is_made_once_nobody_was_found() -> None:
    facts = {"email": "jo@fenwick.example", "account_id": "FENW-4", "company_name": "Fenwick Sailing"}
    messages = call("We are brand new, I'd like to get on the billing.", scenario="other_billing", facts=facts)
    made = dict(play(messages, {}, "proabono__find_customer", "proabono__create_customer"))
    assert made["proabono__create_customer"] == {
        "reference_customer": "FENW-4",
        "email": "jo@fenwick.example",
        "name": "Fenwick Sailing",
    }
    known = {"proabono__find_customer": {"ReferenceCustomer": "FENW-4", "Name": "Fenwick Sailing"}}
    again = dict(play(messages, known, "proabono__find_customer", "proabono__create_customer"))
    assert "proabono__create_customer" not in again
