"""The second suite with its world, and the calibration calls: consistent, made up, and of use as what they are."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.capture import Scenario
from evals.gold import CALIBRATION, SUITES, EvalCall, accepted, load_suite, packaged
from evals.normal import FREE_TEXT, SCORED
from evals.scorers.leaks import leaks_part, leaks_whole
from tests.evals.making import perfect, redacted_turns
from tests.evals.test_fixtures import CHECKSUMS, FICTION, every_string
from tools.registry import operations
from tools.sandbox.world import World

SECOND = load_suite("second")
ROWS = SECOND.calls
UNSEEN = load_suite(CALIBRATION).calls
WORLD: dict[str, dict[str, list[dict[str, Any]]]] = json.loads(packaged(SECOND.world).read_text(encoding="utf-8"))
HELD = set(every_string(WORLD))


def test_the_second_suite_has_every_scenario_and_enough_of_each_outcome() -> None:
    scenarios = Counter(row.gold.scenario for row in ROWS)
    assert all(scenarios[scenario] >= 3 for scenario in Scenario)
    outcomes = Counter(row.gold.outcome for row in ROWS)
    assert outcomes["auto"] >= 10
    assert outcomes["review"] >= 15
    assert outcomes["no_action"] >= 3


def test_the_calibration_calls_have_every_scenario_and_gold_only_for_reading() -> None:
    scenarios = Counter(row.gold.scenario for row in UNSEEN)
    assert len(UNSEEN) >= 70
    assert all(scenarios[scenario] >= 4 for scenario in Scenario)
    for row in UNSEEN:
        assert row.gold.outcome is None
        assert set(row.gold.capture) <= set(SCORED)
        assert not row.gold.secrets


def test_ids_are_unique_over_all_suites() -> None:
    rows = [row for name in (*SUITES, CALIBRATION) for row in load_suite(name).calls]
    assert len({row.call_id for row in rows}) == len(rows)


def test_the_second_world_loads_and_is_its_own() -> None:
    world = World.of(WORLD)
    assert all(world.records(system) for system in ("stripe", "quickbooks", "hubspot"))
    other = json.loads(packaged(load_suite("calls").world).read_text(encoding="utf-8"))
    emails = [{t for t in every_string(w) if "@" in t} for w in (WORLD, other)]
    assert not emails[0] & emails[1]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_spans_and_quotes_are_slices_and_nothing_secret_is_left(row: EvalCall) -> None:
    turns = row.call["turns"]
    for span in row.gold.secret_spans:
        assert turns[span.turn]["text"][span.start : span.end] == span.text
    said, left = redacted_turns(row), " ".join(turn["text"] for turn in redacted_turns(row))
    for kind, secret in zip(row.gold.secret_types, row.gold.secrets, strict=True):
        spoken = " ".join(span.text for span in row.gold.secret_spans if span.type == kind)
        assert leaks_whole(spoken, secret) or leaks_part(spoken, secret)
        assert not leaks_whole(left, secret)
        assert kind not in CHECKSUMS or CHECKSUMS[kind](secret)
    for quotes in row.gold.evidence.values():
        assert all(quote.quote in said[quote.turn]["text"] for quote in quotes)
    assert set(row.gold.capture) | set(row.gold.free_text) <= set(row.gold.evidence)
    assert set(row.gold.free_text) <= FREE_TEXT


def test_gold_names_real_tools_and_does_not_contradict_itself() -> None:
    known = set(operations())
    for row in ROWS:
        tools = row.gold.expected_tools
        must = {name for group in (*tools.must_lookup, *tools.must_act) for name in accepted(group)}
        assert must | set(tools.may_act) | set(tools.must_not_act) | set(tools.arguments) <= known
        assert not (must | set(tools.may_act)) & set(tools.must_not_act)


@pytest.mark.parametrize("row", [row for row in ROWS if row.gold.outcome == "auto"], ids=lambda row: row.id)
def test_what_automatic_calls_need_is_in_the_world(row: EvalCall) -> None:
    capture = row.gold.capture
    for field in ("email", "invoice_number"):
        if field in capture:
            assert HELD & {str(value) for value in accepted(capture[field])}, field
    for ids, *_ in row.gold.expected_tools.arguments.values():
        assert any(one in held for one in ids for held in HELD)


def test_no_real_domain_and_no_real_number() -> None:
    texts = [*every_string(WORLD), *(t for row in (*ROWS, *UNSEEN) for t in every_string(row.call))]
    hosts = {h for text in texts for h in re.findall(r"(?:@|://)([A-Za-z0-9.-]+\.[a-z]{2,})", text)}
    assert hosts
    assert not [host for host in hosts if not host.endswith(".example")]
    numbers = {n.replace(" ", "") for text in texts for n in re.findall(r"(?<!\w)\+\d[\d ]{8,16}\d(?!\w)", text)}
    assert not sorted(number for number in numbers if not any(re.fullmatch(p, number) for p in FICTION))


@pytest.mark.parametrize("row", [*ROWS, *UNSEEN], ids=lambda row: row.id)
def test_calls_are_of_the_end_of_2026(row: EvalCall) -> None:
    started, ended = (datetime.fromisoformat(row.call[key]) for key in ("started_at", "ended_at"))
    assert datetime(2026, 9, 1, tzinfo=UTC) <= started <= ended <= datetime(2026, 12, 31, tzinfo=UTC)


def test_nothing_from_outside_the_checkout_is_named() -> None:
    for name in ("second_calls.jsonl", "second_world.json", "calibration_calls.jsonl"):
        text = packaged(("evals.datasets", name)).read_text(encoding="utf-8")
        assert "/work" not in text
        assert str(Path.home()) not in text


def test_perfect_outputs_of_the_second_suite_are_perfect() -> None:
    from evals.report import build_report

    numbers = build_report("second", "made", ROWS, [perfect(row) for row in ROWS]).headline
    assert numbers["field_micro_f1"] == numbers["outcome_accuracy"] == numbers["grounding_rate"] == 1.0
    assert numbers["unsafe_actions"] == numbers["leaks"] == 0
