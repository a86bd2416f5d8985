"""The loop under a model that does what it should, and under ones that do not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import prompts
from agent.capture import Scenario, Signal
from agent.errors import ModelUnavailable
from agent.extraction.tokens import offline_count
from agent.loop import duties
from agent.loop.scenarios import offered_tools
from agent.loop.tool_defs import TOOLS_BUDGET, definition, definitions
from agent.loop.tool_loop import Limits, opening, run_loop
from tests.agent.loop.bed import CARD, CHARGE, CHARGES, LOOK, OTHER_CHARGE, REFUND, Scripted, bed, charge, world
from tests.agent.loop.builders import EMAIL, extraction
from tools.registry import operations


@pytest.mark.covers("C05", "S61", "S36")
def test_a_clean_refund_is_looked_up_decided_and_done_once(tmp_path: Path) -> None:
    model = Scripted([LOOK, CHARGES, REFUND, "done"])
    with bed(tmp_path) as b:
        run_loop(b.desk, model)
        assert b.writes() == []
        duties.fulfil(b.desk)
        assert b.status("stripe.create_refund") == "executed"
        assert len(b.writes("stripe", "/v1/refunds")) == 1
        assert b.desk.match.verdict == "matched"
        assert model.answers()[-1]["status"] == "held"


def test_an_action_in_the_same_turn_as_its_lookups_comes_after_them(tmp_path: Path) -> None:
    with bed(tmp_path) as b:
        run_loop(b.desk, Scripted([[*REFUND, *LOOK, *CHARGES], "done"]))
        kinds = [c.kind for c in b.desk.calls]
        assert kinds[:3] == ["lookup"] * 3
        duties.fulfil(b.desk)
        assert b.status("stripe.create_refund") == "executed"


@pytest.mark.covers("S36")
def test_an_action_before_any_lookup_is_denied_and_the_loop_goes_on(tmp_path: Path) -> None:
    model = Scripted([REFUND, LOOK, CHARGES, REFUND, "done"])
    with bed(tmp_path) as b:
        run_loop(b.desk, model)
        duties.fulfil(b.desk)
        first, second = b.made("stripe.create_refund")
        assert (first.status.value, first.policy.rule) == ("denied", "S36.lookup_first")
        assert second.status.value == "executed"


@pytest.mark.parametrize(
    ("wanted", "rule"),
    [
        (("stripe__drop_database", {}), "call.unknown_tool"),
        (("rm -rf <script>", "{}"), "call.unknown_tool"),
        (("stripe__create_refund", "{not json"), "call.bad_arguments"),
        (("stripe__create_refund", "[1, 2]"), "call.bad_arguments"),
        (("stripe__create_refund", {"charge": 5, "amount": ["x"], "currency": {}}), "call.bad_arguments"),
        (
            ("stripe__create_refund", {"charge": CHARGE, "amount": "42.00", "currency": "USD", "to": "me"}),
            "call.bad_arguments",
        ),
        (("stripe__find_customer", {}), "call.bad_arguments"),
        (("stripe__find_customer", '{"name": "\\ud800"}'), "call.bad_arguments"),
        (("stripe__find_customer", '{"name": NaN}'), "call.bad_arguments"),
        (("stripe__find_customer", "[" * 9000), "call.bad_arguments"),
        (("stripe__find_customer", {"name": "x" * 30_000}), "call.bad_arguments"),
        (("fidel__create_brand", {"name": "Mine"}), "call.not_offered"),
        (("stripe__find_customer", {"email": "boss@else.example"}), "S36.lookup_grounded"),
        (("stripe__find_customer", {"reference": CARD}), "egress.identifier"),
    ],
)
def test_what_cannot_be_done_is_a_recorded_refusal(tmp_path: Path, wanted: tuple[str, Any], rule: str) -> None:
    model = Scripted([[wanted], "done", "done"])
    with bed(tmp_path) as b:
        run_loop(b.desk, model)
        (one,) = b.desk.calls
        assert (one.status.value, one.policy.rule) == ("denied", rule)
        assert b.writes() == []
        assert model.answers()[0]["status"] == "denied"


@pytest.mark.covers("S61")
def test_a_model_that_wants_everything_for_itself_gets_nothing(tmp_path: Path) -> None:
    hostile = [
        ("stripe__create_refund", {"charge": OTHER_CHARGE, "amount": "42.00", "currency": "USD"}),
        ("stripe__create_refund", {"charge": CHARGE, "amount": "9999.00", "currency": "USD"}),
        ("stripe__create_refund", {"charge": "ch_invented", "amount": "10.00", "currency": "USD"}),
        ("slack__post_message", {"topic": "exception"}),
        ("quickbooks__create_credit_memo", {"customer": "41", "amount": "500.00", "currency": "USD"}),
    ]
    with bed(tmp_path) as b:
        run_loop(b.desk, Scripted([LOOK, CHARGES, hostile, "done"]))
        duties.fulfil(b.desk)
        done = {c.tool for c in b.desk.calls if c.kind == "action" and c.status.value == "executed"}
        assert done <= {"zendesk.create_ticket", "gsheets.append_row", "slack.post_message"}
        assert b.writes("stripe") == []
        assert b.writes("quickbooks") == []


def test_a_model_that_loops_for_ever_is_stopped_and_a_person_looks(tmp_path: Path) -> None:
    model = Scripted([LOOK], forever=True)
    with bed(tmp_path) as b:
        spent = run_loop(b.desk, model, Limits(turns=5))
        assert spent.turns == 5
        assert [r.rule for r in b.desk.reasons] == ["loop.budget"]
        assert len(b.made("stripe.find_customer")) == 1


def test_tool_calls_are_bounded(tmp_path: Path) -> None:
    many = [("stripe__find_customer", {"name": f"Nora {n}"}) for n in range(50)]
    with bed(tmp_path) as b:
        spent = run_loop(b.desk, Scripted([many], forever=True), Limits(tool_calls=12))
        assert spent.tool_calls == 12
        assert len(b.desk.calls) == 12


def test_tokens_are_bounded_also_when_the_provider_counts_none(tmp_path: Path) -> None:
    with bed(tmp_path) as b:
        spent = run_loop(b.desk, Scripted([LOOK], forever=True), Limits(tokens=300))
        assert spent.turns == 0
        assert b.desk.reasons


def test_the_same_lookup_is_asked_once_and_answered_from_the_run(tmp_path: Path) -> None:
    model = Scripted([LOOK, LOOK, LOOK, CHARGES, "done"])
    with bed(tmp_path) as b:
        run_loop(b.desk, model)
        reads = [json.loads(line) for line in b.books.read_text().splitlines()]
        assert sum("/users/search" in entry["path"] for entry in reads) == 1
        first, again = model.answers()[0], model.answers()[2]
        assert first == again


def test_the_same_action_twice_is_denied_the_second_time(tmp_path: Path) -> None:
    model = Scripted([LOOK, CHARGES, REFUND, REFUND, [*REFUND, *REFUND], "done"])
    with bed(tmp_path) as b:
        run_loop(b.desk, model)
        duties.fulfil(b.desk)
        refunds = [c.status.value for c in b.made("stripe.create_refund")]
        assert sorted(refunds) == ["denied", "denied", "denied", "executed"]
        assert len(b.writes("stripe", "/v1/refunds")) == 1


@pytest.mark.covers("S36", "S50")
def test_a_system_that_does_not_answer_is_a_failed_lookup_and_a_reason(tmp_path: Path) -> None:
    model = Scripted([LOOK, "done", "done"])
    with bed(tmp_path) as b:
        b.faults.refuse("stripe", times=20)
        b.faults.refuse("zendesk", times=20)
        run_loop(b.desk, model)
        assert [c.status.value for c in b.desk.calls] == ["failed", "failed"]
        assert {a["status"] for a in model.answers()} == {"failed"}
        duties.fulfil(b.desk)
        assert duties.needs_person(b.desk)


def test_a_model_that_stops_before_the_lookups_is_reminded_once(tmp_path: Path) -> None:
    model = Scripted(["no need", LOOK, CHARGES, "done"])
    with bed(tmp_path) as b:
        run_loop(b.desk, model)
        assert "Not looked up yet" in model.seen[1][-1]["content"]
        assert len(b.desk.calls) == 3


def test_a_model_failure_ends_the_loop_and_is_handed_up(tmp_path: Path) -> None:
    with bed(tmp_path) as b:
        spent = run_loop(b.desk, Scripted([LOOK, ModelUnavailable("no answer")]))
        assert isinstance(spent.problem, ModelUnavailable)


@pytest.mark.covers("C03", "S59")
def test_identifiers_in_lookup_answers_never_reach_model_or_trace(tmp_path: Path) -> None:
    planted = world(stripe={"charges": [charge(description=f"card {CARD}", metadata={"note": CARD})]})
    model = Scripted([LOOK, CHARGES, "done"])
    with bed(tmp_path, holds=planted) as b:
        run_loop(b.desk, model)
        duties.fulfil(b.desk)
        everything = json.dumps([model.seen, b.steps, [c.model_dump(mode="json") for c in b.desk.calls]], default=str)
        assert "4111" not in everything
        assert "4111" not in b.books.read_text()


@pytest.mark.covers("S24", "S59")
def test_an_identifier_the_model_puts_into_arguments_is_masked_everywhere(tmp_path: Path) -> None:
    wanted = [("stripe__create_refund", {"charge": CARD, "amount": "42.00", "currency": "USD"}), (f"x{CARD}", {})]
    model = Scripted([LOOK, CHARGES, wanted, "done"])
    with bed(tmp_path) as b:
        run_loop(b.desk, model)
        duties.fulfil(b.desk)
        kept = json.dumps([b.steps, [c.model_dump(mode="json") for c in b.desk.calls], model.seen], default=str)
        assert "4111" not in kept.replace(" ", "")
        (said,) = [m for m in model.seen[-1] if m.get("tool_calls") and "create_refund" in str(m)]
        first, second = said["tool_calls"]
        assert json.loads(first["function"]["arguments"])["charge"] == "<CARD_1>", "it is still JSON"
        assert second["function"]["name"] == "unnamed"
        assert all(c.status.value == "denied" for c in b.desk.calls if c.tool == "stripe.create_refund")


def test_the_prompt_is_small_and_holds_no_thresholds() -> None:
    prompt = prompts.load("choose_tools")
    assert offline_count(prompt.text) <= prompt.budget
    assert not any(
        char.isdigit()
        for char in prompt.text.replace("<CARD_1>", "")
        .replace("1.", "")
        .replace("2.", "")
        .replace("3.", "")
        .replace("4.", "")
    )


@pytest.mark.parametrize("label", [s for s in Scenario if s is not Scenario.NOT_BILLING])
def test_the_offered_tools_stay_within_their_budget(label: Scenario) -> None:
    offered = offered_tools(extraction(label), operations())
    assert offered
    assert offline_count(json.dumps(definitions(offered, operations()))) <= TOOLS_BUDGET


def test_nothing_is_offered_on_a_call_that_is_not_about_billing() -> None:
    assert offered_tools(extraction(Scenario.NOT_BILLING), operations()) == ()


def test_definitions_leave_out_what_the_house_fills_in() -> None:
    for operation in operations().values():
        function = definition(operation)["function"]
        assert not operation.house_fields & set(function["parameters"]["properties"])
        assert not operation.house_fields & set(function["parameters"].get("required", ()))
        assert len(function["name"]) <= 64
        assert "$ref" not in json.dumps(function)


def test_the_transcript_is_last_and_no_limit_is_told(tmp_path: Path) -> None:
    with bed(tmp_path, understood=extraction(Scenario.REFUND_REQUEST, signals=[Signal.COMPLAINT], email=EMAIL)) as b:
        system, user = opening(b.desk)
        assert system["content"] == prompts.load("choose_tools").text
        head, _, transcript = user["content"].partition("<transcript>")
        assert head.startswith("<call>")
        assert '"signals":["complaint"]' in head
        assert transcript.strip().splitlines()[-1].startswith("[1] agent:")
        assert "50.00" not in user["content"]
        assert "1000" not in user["content"]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_FIELDS = sorted({name for one in operations().values() for name in one.arguments.model_fields})


@pytest.mark.covers("S61")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(operations())), st.dictionaries(st.sampled_from(_FIELDS), _JSON)), max_size=6
    )
)
def test_no_tool_call_of_any_shape_breaks_the_run_or_reaches_money(
    tmp_path: Path, wanted: list[tuple[str, dict[str, Any]]]
) -> None:
    calls = [(name.replace(".", "__"), arguments) for name, arguments in wanted]
    with bed(tmp_path) as b:
        run_loop(b.desk, Scripted([LOOK, CHARGES, calls, "done"]))
        duties.fulfil(b.desk)
        ours = {
            "slack.post_message",
            "zendesk.create_ticket",
            "zendesk.add_comment",
            "hubspot.create_note",
            "gsheets.append_row",
        }
        done = {c.tool for c in b.desk.calls if c.kind == "action" and c.status.value == "executed"}
        assert done <= ours
