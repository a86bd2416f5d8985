"""Fits the confidence map of a model on all labelled calls, and measures it by cross-validation.

The raw scores come from the product's own extraction; the map that ships is fitted on every call, the
error that is reported comes from maps that had not seen the call they were asked about.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import evals.calibration
from agent.clock import Clock, SystemClock
from agent.extraction.confidence import (
    FAMILIES,
    Curve,
    family,
    file_name,
    fit_map,
    interpolate,
    scenario_score,
)
from agent.extraction.extract import merge, raw_score
from agent.extraction.grounding import ground
from agent.extraction.prompting import WINDOW_TOKENS, render_messages, windows
from agent.extraction.reading import Reading
from agent.extraction.salvage import salvage
from agent.intake import read_record
from agent.models.client import open_model
from agent.models.seam import ModelClient
from agent.redaction import Redactor
from agent.settings import Settings
from agent.workspace import Workspace
from evals.gold import SUITES, EvalCall, load_suite
from evals.scorers.common import Pair, bins_error
from evals.scorers.fields import truth

FOLDS = 5
SCENARIO = "scenario"
_HAIR = 1e-9
Samples = list[tuple[float, bool]]


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
    suites: Sequence[str] = tuple(SUITES),
    clock: Clock | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Written:
    """Fit the map of ``settings.model`` and write it to ``out`` or the packaged folder."""
    client, redactor = open_model(settings), Redactor()
    rows = [row for name in suites for row in load_suite(name).calls]
    samples: list[Sample] = []
    for number, row in enumerate(rows):
        samples += judged(number, row, client, redactor)
        progress(number + 1, len(rows))
    day = (clock or SystemClock()).now().date().isoformat()
    data = {"model": settings.model, "date": day, **fitted(samples, len(rows))}
    folder = out or Path(next(iter(evals.calibration.__path__)))
    path = folder / file_name(settings.model)
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    summary = {key: data[key] for key in ("model", "date", "size", "calls", "measured")}
    return Written(path, summary)


def fitted(samples: Sequence[Sample], calls: int) -> dict[str, Any]:
    """The map's data: curves by family, how many values and calls are behind them, and the measured error."""
    curves = _curves(samples)
    return {
        "size": len(samples),
        "calls": calls,
        "measured": measured(samples),
        "families": {name: curves[name] for name in FAMILIES if name in curves},
        "scenario": curves.get(SCENARIO, ()),
    }


def measured(samples: Sequence[Sample]) -> dict[str, Any]:
    """Calibration error over ten bins, by ``FOLDS``-fold cross-validation over calls."""
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
        "scenario_right": round(sum(right for _, right in labels) / max(len(labels), 1), 4),
        "fields_right": round(sum(right for _, right in values) / max(len(values), 1), 4),
    }


def _curves(samples: Sequence[Sample]) -> dict[str, Curve]:
    grouped: dict[str, Samples] = {}
    for sample in samples:
        grouped.setdefault(sample.family, []).append((sample.raw, sample.right))
    return {name: fit_map(untied(held)) for name, held in grouped.items()}


def untied(samples: Samples) -> Samples:
    """``samples`` with equal scores a hair apart and right and wrong evenly mixed among them.

    Equal scores have no order; sorted by outcome they would read as a step from never to always right.
    """
    mixed: Samples = []
    for raw, tied in itertools.groupby(sorted(samples), key=lambda sample: sample[0]):
        outcomes = [right for _, right in tied]
        count, rights = len(outcomes), sum(outcomes)
        mixed += [
            (raw + place * _HAIR, (place + 1) * rights // count > place * rights // count) for place in range(count)
        ]
    return mixed


def judged(number: int, row: EvalCall, client: ModelClient, redactor: Redactor) -> Iterator[Sample]:
    """Every value that the model read from one labelled call and gold can judge, with its raw score."""
    call = redactor.redact_call(read_record(row.call))
    workspace = Workspace(id=call.workspace_id)
    reading = merge(
        [
            _asked(client, render_messages(call, workspace, window))
            for window in windows(call, WINDOW_TOKENS, client.name)
        ]
    )
    grounded = ground(reading, call, workspace)
    proved = {name: fact for name, fact in grounded.facts.items() if fact.value is not None}
    raw = scenario_score(reading.scenario_confidence, len(proved), len(grounded.facts) - len(proved))
    yield Sample(number, SCENARIO, raw, reading.scenario is row.gold.scenario)
    line = {"capture": {name: {"value": fact.value} for name, fact in proved.items()}}
    for name, fact in proved.items():
        right = truth(Pair(row, line), name)
        if right is not None:
            yield Sample(number, family(name), raw_score(fact), right)


def _asked(client: ModelClient, messages: list[dict[str, Any]]) -> Reading:
    structured = client.structured(messages, Reading)
    return structured.value if structured.value is not None else salvage(structured.raw)[0]
