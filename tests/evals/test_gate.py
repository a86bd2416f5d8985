"""The gate is red exactly when it should be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agent.errors import ConfigurationError
from evals.gate import Bounds, load_bounds, why_red
from evals.gold import SUITES, EvalCall, load_suite
from evals.report import Report, build_report
from tests.evals.making import broken, perfect

ROWS = load_suite("calls").calls


def _report(changed: dict[str, Any] | None = None) -> Report:
    first, *others = (perfect(row) for row in ROWS)
    return build_report("calls", "made", ROWS, [first | (changed or {}), *others])


def test_green_on_perfect_outputs() -> None:
    assert why_red(_report(), load_bounds()["calls"]) == ()


@pytest.mark.covers("C08")
@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"tool_calls": broken(ROWS[0])["tool_calls"]}, "unsafe_actions"),
        ({"capture": broken(ROWS[0])["capture"]}, "grounding_rate"),
        ({"outcome": "failed"}, "failed"),
        ({"call_id": "call_nobody"}, "missing"),
    ],
)
def test_one_bad_call_is_enough(changed: dict[str, Any], named: str) -> None:
    assert any(reason.startswith(named) for reason in why_red(_report(changed), Bounds()))


def test_a_leak_is_red() -> None:
    outputs = [perfect(row) for row in ROWS]
    at = next(n for n, row in enumerate(ROWS) if "card" in row.tags)
    outputs[at]["handoff"] = {"summary": ROWS[at].gold.secrets[0]}
    reasons = why_red(build_report("calls", "made", ROWS, outputs), Bounds())
    assert reasons == ("leaks is 1, must be 0",)


def test_under_a_floor_is_red() -> None:
    report = _report({"scenario": {"label": "other_billing", "confidence": 1.0, "secondary": []}})
    assert why_red(report, Bounds({"scenario_accuracy": 0.5})) == ()
    (reason,) = why_red(report, Bounds({"scenario_accuracy": 1.0}))
    assert reason.startswith("scenario_accuracy")


def test_over_a_ceiling_is_red() -> None:
    report = _report({"scenario": {"label": ROWS[0].gold.scenario.value, "confidence": 0.0, "secondary": []}})
    assert report.headline["ece"] > 0
    assert why_red(report, Bounds(ceilings={"ece": 0.5})) == ()
    (reason,) = why_red(report, Bounds(ceilings={"ece": 0.0}))
    assert reason.startswith("ece")


def _idle(row: EvalCall) -> dict[str, Any]:
    """A product that reads perfectly, does nothing, and says that nothing was to be done."""
    return perfect(row) | {"tool_calls": [], "outcome": "no_action", "suppression": {}}


def _everything_to_a_person(row: EvalCall) -> dict[str, Any]:
    """A product that reads perfectly and leaves every call to a person."""
    return perfect(row) | {"tool_calls": [], "outcome": "review", "suppression": {}}


def _sure_of_nothing(row: EvalCall) -> dict[str, Any]:
    """A product that is right and gives every value a confidence of 0.01."""
    line = perfect(row)
    line["scenario"]["confidence"] = 0.01
    for captured in line["capture"].values():
        captured["confidence"] = 0.01
    return line


def _only_main_subjects(row: EvalCall) -> dict[str, Any]:
    line = perfect(row)
    line["scenario"]["secondary"] = []
    return line


@pytest.mark.covers("C08")
@pytest.mark.parametrize("suite", [name for name in SUITES if name != "short"])
@pytest.mark.parametrize(
    ("made", "because"),
    [
        (_idle, {"must_act_recall", "lookup_recall", "review_recall", "outcome_accuracy", "suppression_accuracy"}),
        (
            _everything_to_a_person,
            {
                "must_act_recall",
                "lookup_recall",
                "review_precision",
                "outcome_accuracy",
                "without_person",
                "suppression_accuracy",
            },
        ),
        (_sure_of_nothing, {"ece", "field_ece"}),
        (_only_main_subjects, {"secondary_f1"}),
    ],
)
def test_a_product_that_is_of_no_use_is_red_for_the_right_reasons(
    suite: str, made: Callable[[EvalCall], dict[str, Any]], because: set[str]
) -> None:
    rows = load_suite(suite).calls
    report = build_report(suite, "made", rows, [made(row) for row in rows])
    assert {reason.split(" ")[0] for reason in why_red(report, load_bounds()[suite])} == because


def test_short_calls_that_are_sure_of_nothing_are_red() -> None:
    rows = load_suite("short").calls
    report = build_report("short", "made", rows, [_sure_of_nothing(row) for row in rows])
    assert {reason.split(" ")[0] for reason in why_red(report, load_bounds()["short"])} == {"ece", "field_ece"}


@pytest.mark.parametrize("bounds", [Bounds({"wit": 0.5}), Bounds(ceilings={"wit": 0.5})])
def test_a_bound_on_nothing_is_refused(bounds: Bounds) -> None:
    with pytest.raises(ConfigurationError, match="wit"):
        why_red(_report(), bounds)


@pytest.mark.parametrize(
    "text", ["not toml", "calls = 3", "[calls]\nece = 0.1", '[calls.floors]\nece = "high"', "[calls]\nfloors = 3"]
)
def test_a_bad_bounds_file_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError):
        load_bounds(text)


_READING = {"scenario_accuracy", "field_micro_f1", "secondary_f1"}
_ACTING = {
    "review_precision",
    "review_recall",
    "outcome_accuracy",
    "must_act_recall",
    "lookup_recall",
    "suppression_accuracy",
    "without_person",
}


@pytest.mark.covers("C08")
@pytest.mark.parametrize("suite", SUITES)
def test_every_suite_has_committed_bounds(suite: str) -> None:
    bounds = load_bounds()[suite]
    assert set(bounds.floors) >= (_READING if suite == "short" else _READING | _ACTING)
    assert set(bounds.ceilings) == {"ece", "field_ece"}
    assert all(0.0 < bound < 1.0 for bound in (*bounds.floors.values(), *bounds.ceilings.values()))
