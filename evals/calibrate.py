"""Fits the confidence map of a model on labelled calls it was not tuned on, and measures it by cross-validation.

The raw scores come from the product's own extraction; the map that ships is fitted on every call of the
set, the error that is reported comes from maps that had not seen the call they were asked about.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import evals.calibration
from agent.clock import Clock, SystemClock
from agent.extraction.confidence import FAMILIES, Curve, family, file_name, fit_map, interpolate
from agent.extraction.extract import raw_scenario_score, raw_score, understand
from agent.intake import read_record
from agent.models.client import open_model
from agent.models.seam import ModelClient
from agent.redaction import Redactor
from agent.settings import Settings
from agent.workspace import Workspace
from evals.gold import CALIBRATION, EvalCall, load_suite
from evals.scorers.common import Pair, bins_error
from evals.scorers.fields import truth

FOLDS = 5
_DRAWS = 200
SCENARIO = "scenario"


@dataclass(frozen=True, slots=True)
class Sample:
    """One judged value: the family it belongs to, its raw score, whether it was right, and its call."""

    call: int
    family: str
    raw: float
    right: bool


@dataclass(frozen=True, slots=True)
class Written:
    """Where the map went, and what was measured."""

    path: Path
    summary: dict[str, Any]


def calibrate(
    settings: Settings,
    out: Path | None = None,
    *,
    suite: str = CALIBRATION,
    clock: Clock | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Written:
    """Fit the map of ``settings.model`` on ``suite`` and write it to ``out`` or the packaged folder."""
    client, redactor = open_model(settings), Redactor()
    source = load_suite(suite)
    rows = source.calls
    samples: list[Sample] = []
    for number, row in enumerate(rows):
        samples += judged(number, row, client, redactor)
        progress(number + 1, len(rows))
    day = (clock or SystemClock()).now().date().isoformat()
    data = {"model": settings.model, "date": day, "suite": source.name, **fitted(samples, len(rows))}
    folder = out or Path(next(iter(evals.calibration.__path__)))
    path = folder / file_name(settings.model)
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    summary = {key: data[key] for key in ("model", "date", "suite", "size", "calls", "counts", "measured")}
    return Written(path, summary)


def fitted(samples: Sequence[Sample], calls: int) -> dict[str, Any]:
    """The map's data: curves by family, how many values and calls are behind them, and the measured error."""
    curves = _curves(samples)
    counts = Counter(sample.family for sample in samples)
    return {
        "size": len(samples),
        "calls": calls,
        "counts": {name: counts[name] for name in (*FAMILIES, SCENARIO) if counts[name]},
        "measured": measured(samples),
        "families": {name: curves[name] for name in FAMILIES if name in curves},
        "scenario": curves.get(SCENARIO, ()),
    }


def measured(samples: Sequence[Sample]) -> dict[str, Any]:
    """Calibration error over ten bins, by ``FOLDS``-fold cross-validation over calls.

    ``scenario_chance`` and ``field_chance`` are the errors that a perfect map would show on as many values:
    what is measured cannot be told from perfect below them.
    """
    held: list[tuple[Sample, float]] = []
    for fold in range(FOLDS):
        curves = _curves([sample for sample in samples if sample.call % FOLDS != fold])
        asked = (sample for sample in samples if sample.call % FOLDS == fold and sample.family in curves)
        held += [(sample, interpolate(curves[sample.family], sample.raw)) for sample in asked]
    labels = [(stated, sample.right) for sample, stated in held if sample.family == SCENARIO]
    values = [(stated, sample.right) for sample, stated in held if sample.family != SCENARIO]
    return {
        "folds": FOLDS,
        "scenario_error": round(bins_error(labels), 4),
        "field_error": round(bins_error(values), 4),
        "scenario_chance": _chance([stated for stated, _ in labels]),
        "field_chance": _chance([stated for stated, _ in values]),
        "scenario_right": round(sum(right for _, right in labels) / max(len(labels), 1), 4),
        "fields_right": round(sum(right for _, right in values) / max(len(values), 1), 4),
    }


def _chance(stated: Sequence[float]) -> float:
    """The mean error over ten bins when each value is right exactly as often as stated."""
    dice = random.Random(len(stated))
    drawn = (bins_error((share, dice.random() < share) for share in stated) for _ in range(_DRAWS))
    return round(sum(drawn) / _DRAWS, 4)


def _curves(samples: Sequence[Sample]) -> dict[str, Curve]:
    grouped: dict[str, list[tuple[float, bool]]] = {}
    for sample in samples:
        grouped.setdefault(sample.family, []).append((sample.raw, sample.right))
    return {name: fit_map(held) for name, held in grouped.items()}


def judged(number: int, row: EvalCall, client: ModelClient, redactor: Redactor) -> Iterator[Sample]:
    """Every value that the model read from one labelled call and gold can judge, with its raw score."""
    call = redactor.redact_call(read_record(row.call))
    found = understand(call, client=client, workspace=Workspace(id=call.workspace_id))
    proved = {name: fact for name, fact in found.grounded.facts.items() if fact.value is not None}
    raw = raw_scenario_score(found.reading, found.grounded)
    yield Sample(number, SCENARIO, raw, found.reading.scenario is row.gold.scenario)
    line = {"capture": {name: {"value": fact.value} for name, fact in proved.items()}}
    for name, fact in proved.items():
        right = truth(Pair(row, line), name)
        if right is not None:
            yield Sample(number, family(name), raw_score(fact), right)
