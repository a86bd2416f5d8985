"""Maps are fitted on judged values, measured on calls they have not seen, and written where they are read."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest

from agent.clock import FixedClock
from agent.extraction.confidence import load_map, parse_map
from agent.models.client import open_model
from agent.redaction import Redactor
from agent.settings import STAND_IN, Settings
from evals.calibrate import SCENARIO, Sample, calibrate, fitted, judged, measured
from evals.gold import CALIBRATION, SUITES, load_suite
from evals.scorers.common import Pair
from evals.scorers.fields import truth
from tests.evals.making import perfect


def _samples(calls: int, bend: float) -> list[Sample]:
    """Values whose raw score of 0.5 or 0.9 is right in 50 or 90 of 100 cases, less ``bend``."""
    dice = random.Random(7)
    return [
        Sample(call, name, raw, dice.random() < raw - bend)
        for call in range(calls)
        for name in (SCENARIO, "money")
        for raw in (0.5, 0.9)
    ]


@pytest.mark.parametrize("bend", [0.0, 0.3])
def test_a_biased_score_is_straightened(bend: float) -> None:
    numbers = measured(_samples(2000, bend))
    assert numbers["scenario_error"] < 0.05
    assert numbers["field_error"] < 0.05
    assert numbers["scenario_chance"] < 0.03


def test_a_few_values_cannot_show_a_small_error() -> None:
    few, many = (measured(_samples(calls, 0.0))["scenario_chance"] for calls in (10, 1000))
    assert few > 0.05 > 2 * many


def test_nothing_measured_on_nothing() -> None:
    assert measured([])["field_error"] == 0.0
    assert fitted([], 0)["families"] == {}


def test_the_written_data_is_a_map() -> None:
    data = {"model": "m", "date": "2026-11-20", **fitted(_samples(50, 0.1), 50)}
    found = parse_map(json.dumps(data), "m")
    assert found.size == 200
    raised = found.scenario_confidence(0.9)
    assert raised is not None
    assert raised == found.field_confidence("amount", 0.9) or raised > 0.5
    assert found.field_confidence("email", 0.9) is None


def test_truth_of_values() -> None:
    row = next(row for row in load_suite("calls").calls if "part_refund" in row.tags)
    pair = Pair(row, perfect(row))
    assert truth(pair, "amount") is True
    assert truth(pair, "refund_reason") is True
    assert truth(pair, "due_date") is None
    line = perfect(row)
    line["capture"]["amount"]["value"] = "1.00"
    line["capture"]["phone"] = {"value": row.call["from_number"]}
    line["capture"]["next_step_owner"] = {"value": "somebody"}
    wrong = Pair(row, line)
    assert truth(wrong, "amount") is False
    assert truth(wrong, "phone") is True
    assert truth(wrong, "next_step_owner") is None


def test_samples_of_one_call() -> None:
    row = load_suite("short").calls[0]
    client = open_model(Settings.load({}, model=STAND_IN))
    samples = list(judged(3, row, client, Redactor()))
    assert samples[0].family == SCENARIO
    assert {sample.call for sample in samples} == {3}
    assert all(0.0 <= sample.raw <= 1.0 for sample in samples)


@pytest.mark.covers("C04")
def test_calibrate_writes_a_readable_map(tmp_path: Path) -> None:
    own = tmp_path / "few.jsonl"
    lines = [row.model_dump_json() for row in load_suite("short").calls[:4]]
    own.write_text("\n".join(lines) + "\n", encoding="utf-8")
    seen: list[int] = []
    written = calibrate(
        Settings.load({}, model=STAND_IN),
        tmp_path,
        suite=str(own),
        clock=FixedClock(datetime(2026, 11, 20, tzinfo=UTC)),
        progress=lambda done, total: seen.append(done),
    )
    assert written.path == tmp_path / "stand-in.json"
    assert written.summary["date"] == "2026-11-20"
    assert written.summary["calls"] == 4
    assert written.summary["suite"] == "few"
    assert sum(written.summary["counts"].values()) == written.summary["size"]
    assert parse_map(written.path.read_text(encoding="utf-8"), STAND_IN).size == written.summary["size"] > 4
    assert seen == [1, 2, 3, 4]


@pytest.mark.covers("C04")
def test_a_map_for_the_stand_in_ships() -> None:
    found = load_map(STAND_IN)
    assert found is not None
    assert found.size >= 300
    assert set(found.families) >= {"money", "contact", "name", "id", "date"}
    assert found.scenario
    shown = [share for curve in (*found.families.values(), found.scenario) for _, share in curve]
    assert 0.0 < min(shown) < max(shown) < 1.0


@pytest.mark.covers("C04")
def test_the_shipped_map_was_fitted_on_calls_that_nothing_else_is_tuned_on() -> None:
    data = json.loads((files("evals") / "calibration" / "stand-in.json").read_text(encoding="utf-8"))
    assert data["suite"] == CALIBRATION
    assert CALIBRATION not in SUITES
    assert data["calls"] == len(load_suite(CALIBRATION).calls)
    assert {"folds", "scenario_error", "field_error"} <= set(data["measured"])


def test_each_calibration_call_is_new() -> None:
    def words(name: str) -> set[str]:
        return {" ".join(turn["text"] for turn in row.call["turns"]).lower() for row in load_suite(name).calls}

    own = words(CALIBRATION)
    assert len(own) == len(load_suite(CALIBRATION).calls)
    assert not own & {text for name in SUITES for text in words(name)}
