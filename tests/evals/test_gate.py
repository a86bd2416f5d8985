"""The gate is red exactly when it should be."""

from __future__ import annotations

from typing import Any

import pytest

from agent.errors import ConfigurationError
from evals.gate import load_floors, why_red
from evals.gold import SUITES, load_suite
from evals.report import Report, build_report
from tests.evals.making import broken, perfect

ROWS = load_suite("calls").calls


def _report(changed: dict[str, Any] | None = None) -> Report:
    first, *others = (perfect(row) for row in ROWS)
    return build_report("calls", "made", ROWS, [first | (changed or {}), *others])


def test_green_on_perfect_outputs() -> None:
    assert why_red(_report(), load_floors()["calls"]) == ()


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
    assert any(reason.startswith(named) for reason in why_red(_report(changed), {}))


def test_a_leak_is_red() -> None:
    outputs = [perfect(row) for row in ROWS]
    at = next(n for n, row in enumerate(ROWS) if "card" in row.tags)
    outputs[at]["handoff"] = {"summary": ROWS[at].gold.secrets[0]}
    reasons = why_red(build_report("calls", "made", ROWS, outputs), {})
    assert reasons == ("leaks is 1, must be 0",)


def test_under_a_floor_is_red() -> None:
    report = _report({"scenario": {"label": "other_billing", "confidence": 1.0, "secondary": []}})
    assert why_red(report, {"scenario_accuracy": 0.5}) == ()
    (reason,) = why_red(report, {"scenario_accuracy": 1.0})
    assert reason.startswith("scenario_accuracy")


def test_a_floor_for_nothing_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="wit"):
        why_red(_report(), {"wit": 0.5})


@pytest.mark.parametrize("text", ["not toml", "calls = 3", '[calls]\nscenario_accuracy = "high"'])
def test_a_bad_floors_file_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError):
        load_floors(text)


def test_every_suite_has_committed_floors() -> None:
    floors = load_floors()
    for suite in SUITES:
        assert {"scenario_accuracy", "field_micro_f1"} <= set(floors[suite])
