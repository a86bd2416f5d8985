"""Calibrated confidence: monotone, measured, and absent without a map."""

from __future__ import annotations

import json
import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.capture import CAPTURE_FIELDS
from agent.errors import ConfigurationError
from agent.extraction.confidence import (
    FAMILIES,
    CalibrationMap,
    family,
    field_score,
    file_name,
    fit_map,
    interpolate,
    load_map,
    parse_map,
    scenario_score,
)

SHARE = st.floats(0, 1)


def test_every_field_has_a_family() -> None:
    assert {family(name) for name in (*CAPTURE_FIELDS, "document_kind")} == set(FAMILIES)


@pytest.mark.covers("C04", "C06")
def test_without_a_map_there_is_no_confidence() -> None:
    assert load_map("a model nobody has calibrated") is None


def test_a_family_that_was_not_fitted_has_no_confidence() -> None:
    fitted = CalibrationMap("m", "2026-10-15", 9, {"money": ((0.2, 0.3), (0.8, 0.9))})
    assert fitted.field_confidence("amount", 0.5) == pytest.approx(0.6)
    assert fitted.field_confidence("email", 0.5) is None
    assert fitted.scenario_confidence(0.9) is None


@given(SHARE, SHARE, st.booleans(), st.booleans())
def test_scores_stay_in_bounds_and_rise_with_their_parts(
    stated: float, strength: float, agreed: bool, attributed: bool
) -> None:
    score = field_score(stated, strength, agreed=agreed, attributed=attributed)
    assert 0 <= score <= 1
    assert field_score(stated, strength, agreed=True, attributed=attributed) >= score
    assert field_score(stated, strength, agreed=agreed, attributed=True) >= score
    assert field_score(1.0, strength, agreed=agreed, attributed=attributed) >= score


@given(SHARE, st.integers(0, 30), st.integers(0, 30))
def test_unproved_facts_lower_the_scenario(stated: float, proved: int, refused: int) -> None:
    assert 0 <= scenario_score(stated, proved, refused) <= scenario_score(stated, proved, 0) <= 1


@given(st.lists(st.tuples(SHARE, st.booleans()), max_size=200))
def test_a_fitted_curve_rises_and_stays_between_0_and_1(samples: list[tuple[float, bool]]) -> None:
    curve = fit_map(samples)
    assert bool(curve) == bool(samples)
    assert all(0 <= share <= 1 for _, share in curve)
    assert all(low[0] <= high[0] and low[1] <= high[1] for low, high in pairwise(curve))
    if curve:
        values = [interpolate(curve, step / 50) for step in range(51)]
        assert values == sorted(values)


def test_a_fitted_curve_finds_the_true_shares() -> None:
    dice = random.Random(7)
    samples = [(raw, dice.random() < raw**2) for raw in (dice.random() for _ in range(4000))]
    curve = fit_map(samples)
    error = [abs(interpolate(curve, step / 20) - (step / 20) ** 2) for step in range(2, 20)]
    assert sum(error) / len(error) < 0.03


def test_a_few_lucky_values_are_not_certainty() -> None:
    ((_, share),) = fit_map([(0.9, True)] * 3)
    assert 0.8 < share < 0.9


def test_equal_scores_are_one_pool_whatever_their_outcome() -> None:
    ((raw, share),) = fit_map([(0.9, False)] * 20 + [(0.9, True)] * 60)
    assert raw == pytest.approx(0.9)
    assert share == pytest.approx(0.75, abs=0.01)


@given(st.lists(st.tuples(st.sampled_from((0.2, 0.5, 0.9)), st.booleans()), min_size=1, max_size=120))
def test_the_order_of_samples_does_not_matter_and_nothing_is_ever_certain(samples: list[tuple[float, bool]]) -> None:
    curve = fit_map(samples)
    assert curve == fit_map(samples[::-1])
    assert all(0.0 < share < 1.0 for _, share in curve)
    assert len(curve) <= max(1, len(samples) // 20)


def test_a_small_pool_leans_on_what_is_known_of_all() -> None:
    (low, high) = fit_map([(0.3, True)] * 10 + [(0.3, False)] * 10 + [(0.9, True)] * 60)
    assert 0.5 < low[1] < 0.6
    assert 0.97 < high[1] < 1.0


def test_a_map_is_read_from_its_file_form() -> None:
    text = json.dumps(
        {"model": "m", "date": "2026-10-15", "size": 2, "families": {"id": [[0.1, 0.2], [0.9, 0.8]]}, "scenario": []}
    )
    assert parse_map(text, "m").field_confidence("order_id", 1.0) == 0.8


@pytest.mark.parametrize("curve", [[[0.1, 0.9], [0.9, 0.2]], [[0.9, 0.1], [0.1, 0.2]], [[0.1, 1.4]], [[0.1]], "x"])
def test_a_damaged_map_is_refused(curve: object) -> None:
    text = json.dumps({"model": "m", "date": "d", "size": 1, "families": {"id": curve}, "scenario": []})
    with pytest.raises(ConfigurationError, match="eval calibrate"):
        parse_map(text, "m")


def test_a_models_file_name_cannot_leave_the_folder() -> None:
    assert file_name("../../etc/pass wd") == "etc_pass_wd.json"
    assert file_name("stand-in") == "stand-in.json"
    assert file_name("vendor/model-5:mini") == "vendor_model-5_mini.json"


def test_a_look_alike_name_does_not_borrow_another_models_map() -> None:
    assert load_map("stand-in") is not None
    assert load_map("stand-in.") is None
    assert load_map("_stand-in") is None
