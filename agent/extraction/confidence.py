"""Confidence that has been measured: a raw score from the proof, mapped to the share of such values that
turned out right for this model.

The map is data (``evals/calibration/<model>.json``), fitted by ``eval calibrate``:

    {"model": "...", "date": "2026-11-20", "size": 812,
     "families": {"money": [[0.41, 0.62], [0.93, 0.99]], ...}, "scenario": [[0.50, 0.71], ...]}

Each list rises in both columns; between two points the line is straight, outside it is flat. Without a
map, or without a list for a family, there is no confidence at all.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from agent.errors import ConfigurationError

Curve = tuple[tuple[float, float], ...]

_FAMILIES: dict[str, str] = {
    **dict.fromkeys(("amount", "approval_threshold"), "money"),
    **dict.fromkeys(("due_date", "follow_up_deadline"), "date"),
    **dict.fromkeys(("account_id", "invoice_number", "payment_id", "subscription_id", "order_id"), "id"),
    **dict.fromkeys(("email", "phone"), "contact"),
    **dict.fromkeys(("customer_name", "company_name", "finance_owner"), "name"),
    **dict.fromkeys(("currency", "tax_region", "payment_status", "expects_callback", "document_kind"), "choice"),
}
FAMILIES: tuple[str, ...] = ("money", "date", "id", "contact", "name", "choice", "text")


@dataclass(frozen=True, slots=True)
class CalibrationMap:
    """How right a model's raw scores have proved to be. ``size`` counts the labelled values behind it."""

    model: str
    date: str
    size: int
    families: dict[str, Curve] = field(default_factory=dict)
    scenario: Curve = ()

    def field_confidence(self, name: str, raw: float) -> float | None:
        """The calibrated probability for a value of field ``name``, or None when its family was not fitted."""
        curve = self.families.get(family(name))
        return interpolate(curve, raw) if curve else None

    def scenario_confidence(self, raw: float) -> float | None:
        """The calibrated probability for the scenario label, or None when it was not fitted."""
        return interpolate(self.scenario, raw) if self.scenario else None


def family(name: str) -> str:
    """The value family of a capture field: what is measured together."""
    return _FAMILIES.get(name, "text")


def field_score(stated: float, strength: float, *, agreed: bool, attributed: bool) -> float:
    """The raw score of a proved value, 0..1: half the model's own figure, half how plainly the quoted words
    say the value (``strength``), a little more when both sides said it, less when nobody known did."""
    raw = 0.5 * stated + 0.5 * strength
    if not attributed:
        raw -= 0.2
    raw = 0.9 * raw + (0.1 if agreed else 0.0)
    return round(min(max(raw, 0.0), 1.0), 4)


def scenario_score(stated: float, proved: int, refused: int) -> float:
    """The raw score of the scenario label: the model's own figure, lowered by the share of its facts that
    could not be proved."""
    total = proved + refused
    share = refused / total if total else 0.0
    return round(min(max(stated * (1.0 - 0.5 * share), 0.0), 1.0), 4)


def interpolate(curve: Curve, raw: float) -> float:
    """The curve's value at ``raw``: straight between its points, flat outside them."""
    if raw <= curve[0][0]:
        return curve[0][1]
    for (left, low), (right, high) in itertools.pairwise(curve):
        if raw <= right:
            return high if right == left else low + (high - low) * (raw - left) / (right - left)
    return curve[-1][1]


def fit_map(samples: Iterable[tuple[float, bool]], *, least: int = 20) -> Curve:
    """The rising curve that best fits ``(raw score, was it right)`` samples: pool adjacent violators.

    Equal scores have no order and start as one pool. Pools are widened to at least ``least`` samples, from
    the sure end down, where the thresholds are: what is left over joins the unsure ones. Each share is drawn
    towards that of all samples, and that one towards one half, so that a handful of lucky values never reads
    as certainty and no share is ever 0 or 1. Empty without samples.
    """
    blocks: list[_Block] = []
    for raw, tied in itertools.groupby(sorted(samples, reverse=True), key=lambda sample: sample[0]):
        rights = [right for _, right in tied]
        blocks.append(_Block(raw * len(rights), len(rights), sum(rights)))
        while len(blocks) > 1 and (blocks[-2].share <= blocks[-1].share or blocks[-2].count < least):
            _join_last(blocks)
    if len(blocks) > 1 and blocks[-1].count < least:
        _join_last(blocks)
    return _rising(blocks[::-1])


def _join_last(blocks: list[_Block]) -> None:
    last = blocks.pop()
    blocks[-1] = blocks[-1].joined(last)


_PULL = 4
"""How many imagined samples of the overall share each pool is given."""


@dataclass(frozen=True, slots=True)
class _Block:
    total_raw: float
    count: int
    right: int

    @property
    def share(self) -> float:
        return self.right / self.count

    def joined(self, other: _Block) -> _Block:
        return _Block(self.total_raw + other.total_raw, self.count + other.count, self.right + other.right)


def _rising(blocks: Sequence[_Block]) -> Curve:
    """Blocks as points at their mean raw score; smoothing must not bend the curve down again."""
    points: list[tuple[float, float]] = []
    overall = (sum(block.right for block in blocks) + 1) / (sum(block.count for block in blocks) + 2)
    for block in blocks:
        smooth = (block.right + _PULL * overall) / (block.count + _PULL)
        floor = points[-1][1] if points else 0.0
        points.append((round(block.total_raw / block.count, 6), round(max(smooth, floor), 6)))
    return tuple(points)


def file_name(model: str) -> str:
    """The map's file name for a model: letters, digits, dots and dashes only."""
    return re.sub(r"[^A-Za-z0-9.-]+", "_", model).strip("._") + ".json"


@lru_cache(maxsize=16)
def load_map(model: str) -> CalibrationMap | None:
    """The shipped map of ``model``, or None when it has not been calibrated.

    Raises ConfigurationError when the file is there and is no calibration map.
    """
    try:
        text = (files("evals") / "calibration" / file_name(model)).read_text(encoding="utf-8")
    except (FileNotFoundError, ModuleNotFoundError, NotADirectoryError):
        return None
    found = parse_map(text, model)
    return found if found.model == model else None  # file names fold what names do not: "stand-in." is another


def parse_map(text: str, model: str) -> CalibrationMap:
    """A calibration map from its JSON text; raises ConfigurationError that names the model."""
    try:
        data = json.loads(text)
        families = {str(name): _curve(points) for name, points in data["families"].items()}
        return CalibrationMap(
            str(data["model"]), str(data["date"]), int(data["size"]), families, _curve(data["scenario"])
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ConfigurationError(
            f"the calibration map of model {model!r} is damaged; run eval calibrate again"
        ) from None


def _curve(points: Sequence[Sequence[float]]) -> Curve:
    curve = tuple((float(raw), float(share)) for raw, share in points)
    for (left, low), (right, high) in itertools.pairwise(curve):
        if right < left or high < low:
            raise ValueError("a calibration curve must rise")
    if any(not 0.0 <= number <= 1.0 for point in curve for number in point):
        raise ValueError("a calibration curve stays between 0 and 1")
    return curve
