"""The egress guard: an identifier in any argument is a refusal with a reason, seen in the trace, before a person."""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.capture import Scenario
from agent.loop import duties
from agent.loop.actions import act, decide_and_do, propose, typed
from agent.loop.closing import review_reasons
from agent.loop.desk import Desk
from agent.loop.effects import carry_out
from agent.loop.egress import RULE, UNREADABLE, Held, held_back, refusal
from agent.loop.facts import Action
from agent.loop.lookups import bad_arguments, look_up
from agent.loop.tool_loop import run_loop
from agent.run import PolicyDecision, ToolStatus, Verdict
from evals.redaction.identifiers import SUBJECTS, Subject
from evals.redaction.saying import say
from tests.agent.loop.bed import CARD, CHARGES, LOOK, Scripted, bed, redactor
from tests.agent.loop.builders import EMAIL, extraction
from tools.connector import Effect
from tools.registry import operations

SAMPLES: dict[str, dict[str, Any]] = {
    "slack.post_message": {"topic": "exception", "channel": "finance-alerts", "text": "A refund waits."},
    "hubspot.create_note": {"contact_id": "501", "body": "Asked for the October receipt."},
    "zendesk.create_ticket": {
        "requester_id": 9001,
        "subject": "Refund asked for",
        "comment": {"body": "Asked twice.", "public": False},
        "external_id": "call_1:ticket",
    },
    "zendesk.add_comment": {"ticket_id": 77, "comment": {"body": "Asked again.", "public": False}},
    "gsheets.append_row": {"values": ["2026-10-05", "call_1", "refund_request", "42.00 USD", "waits for finance"]},
    "gmail.create_draft": {"to": EMAIL, "subject": "Your invoice", "body": "Here is the copy you asked for."},
    "gmail.send_message": {"to": EMAIL, "subject": "Receipt", "body": "Paid in full.", "template": "receipt_text"},
    "gdrive.upload_file": {
        "record": "in_1",
        "name": "LJ-77.pdf",
        "folder_id": "billing",
        "app_properties": {"invoice": "LJ-77", "customer": "cus_1", "call": "call_1"},
    },
    "stripe.create_refund": {"charge": "ch_3Larkspur0000000000000001", "amount": "42.00", "currency": "USD"},
    "quickbooks.send_invoice": {"invoice_id": "7001", "send_to": EMAIL},
    "beeminder.create_charge": {"user_id": "zoewalks", "amount": "5.00", "note": "Agreed on call call_1"},
}
_OWN = re.compile(r"(?:^|_)(?:id|to|charge|invoice|customer|amount|currency|template|record|range)$")
"""Arguments that hold one id, address or amount: nobody writes there, so numbers are planted in the others."""

Place = tuple[str | int, ...]


def places(value: Any, before: Place = (), field: str = "") -> Iterator[Place]:
    """Where a text stands that somebody may write into, in reading order."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from places(one, (*before, name), name)
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from places(one, (*before, index), field)
    elif isinstance(value, str) and not _OWN.search(field):
        yield before


def planted(arguments: dict[str, Any], place: Place, text: str) -> dict[str, Any]:
    """``arguments`` with ``text`` at ``place``."""
    changed = copy.deepcopy(arguments)
    inner: Any = changed
    for part in place[:-1]:
        inner = inner[part]
    inner[place[-1]] = text
    return changed


POSITIONS = [(tool, place) for tool, sample in SAMPLES.items() for place in places(sample)]
PAIRS = [
    (tool, first, second)
    for tool, sample in SAMPLES.items()
    for first, second in zip(list(places(sample)), list(places(sample))[1:], strict=False)
]
FORMS = ("digits", "groups", "words", "oh")
NUMBERS = [one for one in SUBJECTS if not one.written and sum(map(str.isdigit, one.value(random.Random(1)))) >= 8]
LONG = [subject for subject in SUBJECTS if sum(subject.groups) >= 12 and subject.type.startswith(("pan_", "iban_"))]


def announced(subject: Subject, seed: int, form: str) -> tuple[str, str]:
    """What is written, and the value in it."""
    rng = random.Random(f"{subject.type}:{seed}:{form}")
    value = subject.value(rng)
    return f"my {subject.names[0]} is {say(subject, value, form, rng).text}", value


def dotted(place: Place) -> str:
    return ".".join(map(str, place))


def test_every_writing_operation_of_a_broad_access_system_is_a_sample() -> None:
    writes = {
        name
        for name, one in operations().items()
        if one.broad_access or one.effect in (Effect.NOTE, Effect.TICKET, Effect.ALERT, Effect.DOCUMENT, Effect.ROW)
    }
    assert writes <= {
        *SAMPLES,
        "stripe.send_invoice",
        "proabono.create_customer",
        "proabono.update_payment_settings",
    } | {name for name in writes if name.startswith("fidel.")}
    for name, sample in SAMPLES.items():
        operations()[name].arguments.model_validate(sample)
        assert held_back(sample, redactor()) == ()


@pytest.mark.covers("S24", "S59")
@given(
    where=st.sampled_from(POSITIONS),
    subject=st.sampled_from(SUBJECTS),
    form=st.sampled_from(FORMS),
    seed=st.integers(0, 99),
)
@settings(max_examples=250, deadline=None, derandomize=True)
def test_an_announced_identifier_in_any_text_is_held_back(
    where: tuple[str, Place], subject: Subject, form: str, seed: int
) -> None:
    tool, place = where
    text, value = announced(subject, seed, form)
    found = held_back(planted(SAMPLES[tool], place, text), redactor())
    assert dotted(place) in {one.argument for one in found}
    told = refusal(found).reason
    assert value not in re.sub(r"\W", "", told)
    assert text not in told


@pytest.mark.covers("S24", "S59")
@given(where=st.sampled_from(POSITIONS), subject=st.sampled_from(LONG), seed=st.integers(0, 999))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_a_number_that_proves_itself_needs_no_announcing(where: tuple[str, Place], subject: Subject, seed: int) -> None:
    tool, place = where
    value = subject.value(random.Random(seed))
    assert dotted(place) in {
        one.argument for one in held_back(planted(SAMPLES[tool], place, f"{value} thanks"), redactor())
    }


@pytest.mark.covers("S24", "S59")
@given(
    where=st.sampled_from(PAIRS),
    subject=st.sampled_from(NUMBERS),
    seed=st.integers(0, 99),
    data=st.data(),
)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_a_number_cut_in_two_over_two_arguments_is_held_back(
    where: tuple[str, Place, Place], subject: Subject, seed: int, data: st.DataObject
) -> None:
    tool, first, second = where
    value = subject.value(random.Random(seed))
    digits = [at for at, char in enumerate(value) if char.isdigit()]
    cut = data.draw(st.integers(digits[0] + 1, digits[-1]))
    arguments = planted(SAMPLES[tool], first, f"my {subject.names[0]} is {value[:cut]}")
    assert held_back(planted(arguments, second, f"{value[cut:]}"), redactor())


ORDINARY = st.one_of(
    st.from_regex(r"\A(?:sub|pi|in|ch)_[13][A-Za-z0-9]{14,23}\Z"),
    st.from_regex(r"\A[0-9]{1,6}\.[0-9]{2} (?:USD|EUR|GBP)\Z"),
    st.dates(date(2015, 1, 1), date(2032, 12, 31)).map(lambda day: day.isoformat()),
    st.from_regex(r"\A\+(?:1 202 555 01[0-9]{2}|44 20 7946 0[0-9]{3}|49 30 23125 [0-9]{3})\Z"),
    st.from_regex(r"\A[a-z]{3,9}(?:\.[a-z]{3,9})?@[a-z]{3,12}\.example\Z"),
    st.uuids().map(str),
    st.from_regex(r"\A(?:INV|LJ|PO)-[0-9]{3,6}\Z"),
    st.from_regex(r"\Aorder [0-9]{6,9}\Z"),
    st.just("the card ending in 4242"),
)


@given(where=st.sampled_from(PAIRS), one=ORDINARY, other=ORDINARY)
@settings(max_examples=250, deadline=None, derandomize=True)
def test_ordinary_ids_amounts_dates_phones_and_addresses_pass(
    where: tuple[str, Place, Place], one: str, other: str
) -> None:
    tool, first, second = where
    assert held_back(planted(planted(SAMPLES[tool], first, one), second, other), redactor()) == ()


def test_the_argument_and_the_entity_are_named_and_never_the_value() -> None:
    arguments = {"subject": "hello", "comment": {"body": f"card {CARD}"}, "app_properties": {CARD: "x"}, "cvv": 737}
    found = held_back(arguments, redactor())
    assert Held("comment.body", "CREDIT_CARD") in found
    assert "app_properties.(a key)" in {one.argument for one in found}
    assert "cvv" in {one.argument for one in found}
    decision = refusal(found)
    assert (decision.verdict, decision.rule) == (Verdict.DENY, RULE)
    assert "the argument comment.body holds an identifier (CREDIT_CARD)" in decision.reason
    assert "4111" not in decision.reason
    assert "737" not in decision.reason


def test_a_key_that_spells_a_number_is_not_told() -> None:
    spelled = "four_one_one_one_one_one_one_one_one_one_one_one_one_one_one_one"
    found = held_back({"app_properties": {f"my_card_number_is_{spelled}": "x"}}, redactor())
    assert "one_one" not in refusal(found).reason


def test_long_ids_of_vendors_pass_where_they_belong_and_not_in_prose() -> None:
    assert held_back({"file_id": "000119312526000123"}, redactor()) == ()
    assert held_back({"body": "it is 1234 5678 9012 3456 7"}, redactor())


@pytest.mark.covers("S24", "S59")
@pytest.mark.parametrize(
    ("arguments", "entity"),
    [
        ({"note": 4242424242424242.0}, "CREDIT_CARD"),
        ({"note": Decimal("4242424242424242")}, "CREDIT_CARD"),
        ({"note": Decimal("4.242424242424242E+15")}, "CREDIT_CARD"),
        ({"rows": [[1.5, 4242424242424242.0]]}, "CREDIT_CARD"),
        ({"fields": {4242424242424242: "x"}}, "CREDIT_CARD"),
        ({"fields": {4242424242424242.0: "x"}}, "CREDIT_CARD"),
        ({"cvv": 737.0}, "CARD_CVV"),
        ({"ssn": 123456789.0}, "SSN"),
        ({"ssn": Decimal("536221234")}, "SSN"),
        ({"note": b"hello"}, UNREADABLE),
        ({"note": {"4242"}}, UNREADABLE),
        ({"note": object()}, UNREADABLE),
        ({"fields": {b"4242424242424242": "x"}}, UNREADABLE),
    ],
)
def test_values_that_are_no_text_are_looked_at_or_refused(arguments: dict[str, Any], entity: str) -> None:
    found = held_back(arguments, redactor())
    assert [one.entity for one in found] == [entity]
    assert not re.search(r"\d{3}", refusal(found).reason)


def test_ordinary_numbers_and_days_pass() -> None:
    day = datetime(2026, 11, 17, 15, 4, tzinfo=UTC)
    values = [42.5, 0.0, -3, 1e-7, Decimal("49.90"), day, day.date(), None, True, UUID(int=2**100)]
    assert held_back({"amount": 49.9, "count": 3, "values": values}, redactor()) == ()


@pytest.mark.covers("S24", "S59")
def test_a_refused_action_is_in_the_trace_and_before_a_person(tmp_path: Path) -> None:
    leak = [("gmail__create_draft", {"to": EMAIL, "subject": "Your card", "body": f"We charged {CARD}."})]
    understood = extraction(Scenario.CHARGE_DISPUTE, email=EMAIL, customer_name="Nora Quill", dispute_reason="twice")
    with bed(tmp_path, understood=understood) as b:
        run_loop(b.desk, Scripted([LOOK, CHARGES, leak, "done"]))
        duties.fulfil(b.desk)
        (call,) = b.made("gmail.create_draft")
        assert (call.status, call.policy.rule) == (ToolStatus.DENIED, RULE)
        (step,) = [data for kind, title, data in b.steps if kind == "action" and title == "gmail.create_draft"]
        assert step["policy"]["reason"].startswith("the argument body holds an identifier (CREDIT_CARD)")
        assert RULE in {reason.rule for reason in review_reasons(b.desk)}
        assert b.writes("gmail") == []
        assert "4111" not in json.dumps([b.steps, [r.model_dump() for r in review_reasons(b.desk)]], default=str)


def test_a_refused_lookup_is_before_a_person_too(tmp_path: Path) -> None:
    with bed(tmp_path) as b:
        reply = look_up(b.desk, operations()["stripe.find_customer"], {"reference": CARD})
        assert reply.status == "denied"
        assert [reason.rule for reason in b.desk.reasons] == [RULE]
        assert not b.books.exists()


@pytest.mark.covers("S24")
@pytest.mark.parametrize("tool", ["slack.post_message", "hubspot.create_note", "zendesk.create_ticket"])
def test_a_hand_off_text_with_an_identifier_is_refused_not_masked(
    tmp_path: Path, tool: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.loop.compose.note_text", lambda desk: f"The caller gave {CARD}.")
    given: dict[str, Any] = {"topic": "exception"} if tool.startswith("slack") else {}
    given |= {"contact_id": "501"} if tool.startswith("hubspot") else {}
    with bed(tmp_path) as b:
        done = act(b.desk, operations()[tool], given)
        assert done is not None
        assert (done.status, done.policy.rule) == (ToolStatus.DENIED, RULE)
        assert RULE in {reason.rule for reason in b.desk.reasons}
        assert not b.writes()


def test_the_guard_stands_again_right_before_sending(tmp_path: Path) -> None:
    operation = operations()["hubspot.create_note"]
    action = Action(operation, operation.arguments.model_validate({"contact_id": "501", "body": f"card {CARD}"}))
    allow = PolicyDecision(verdict=Verdict.ALLOW, rule="test", reason="allowed")
    with bed(tmp_path) as b:
        assert carry_out(b.desk, action, allow).policy.rule == RULE
        assert decide_and_do(b.desk, action).status is ToolStatus.DENIED
        assert not b.writes()


def test_a_proposal_is_refused_before_it_is_noted(tmp_path: Path) -> None:
    with bed(tmp_path) as b:
        propose(b.desk, operations()["gmail.create_draft"], {"to": EMAIL, "subject": "x", "body": "SSN 536-22-1234"})
        assert b.desk.wanted == []
        made = typed(b.desk, operations()["gmail.create_draft"], {"to": EMAIL, "subject": "x", "body": "hello"})
        assert isinstance(made, Action)


def test_a_mistake_in_arguments_tells_no_key_that_somebody_chose() -> None:
    from pydantic import ValidationError

    with pytest.raises(ValidationError) as caught:
        operations()["gdrive.upload_file"].arguments.model_validate(
            {"record": "in_1", "name": "a", "folder_id": "f", "app_properties": {CARD: 5, "invoice": 6}}
        )
    reason = bad_arguments(caught.value).reason
    assert "app_properties.(a key)" in reason
    assert "app_properties.invoice" in reason
    assert "4111" not in reason


def test_the_desk_gives_the_guard_its_redactor(tmp_path: Path) -> None:
    with bed(tmp_path) as b:
        assert isinstance(b.desk, Desk)
        assert held_back({"body": CARD}, b.desk.redactor) == (Held("body", "CREDIT_CARD"),)
