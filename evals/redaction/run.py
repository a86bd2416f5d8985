"""Runs the redactor over built calls and scores what comes out; the gate of ``billing-agent eval redaction``."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from agent.errors import ConfigurationError, RedactionError
from agent.redaction import Redactor
from evals.gate import Bounds
from evals.redaction.build import Corpus
from evals.redaction.report import RedactionReport
from evals.redaction.score import merged, score
from evals.redaction.snippet import FOLDS, Snippet

Redact = Callable[[Sequence[tuple[str, str]]], Sequence[str]]
"""Turns of (speaker, text) -> the same number of redacted texts."""


def product() -> Redact:
    """The product's redactor, warmed up so that loading is not measured."""
    redactor = Redactor()
    redactor.redact_text("card 4111 1111 1111 1111")
    return lambda turns: redactor.redact_turns(turns).texts


def outputs_of(snippets: Iterable[Snippet], redact: Redact) -> dict[str, Sequence[str] | None]:
    """Redacted texts by snippet id; a call that the redactor refuses gives None."""
    found: dict[str, Sequence[str] | None] = {}
    for snippet in snippets:
        try:
            found[snippet.id] = redact(snippet.turns)
        except RedactionError:
            found[snippet.id] = None
    return found


def measure(corpus: Corpus, seed: int, redact: Redact) -> RedactionReport:
    """Redacts and scores ``corpus``, each fold that occurs and the whole; ``seconds`` are the redactor's alone."""
    begun = time.perf_counter()
    outputs = outputs_of(corpus.snippets, redact)
    seconds = time.perf_counter() - begun
    folds = {name: score(corpus.fold(name).snippets, outputs) for name in FOLDS}
    present = {name: scored for name, scored in folds.items() if scored.snippets}
    return RedactionReport(seed, corpus.templates, corpus.fixed, seconds, present, merged(present.values()))


def why_red(report: RedactionReport, bounds: Bounds) -> list[str]:
    """Reasons to refuse the run, empty when the gate is green.

    Rates hold for each fold by itself; ``snippets``, ``templates`` and ``without_identifier`` for the whole, so that a
    corpus that has shrunk cannot pass. Raises ConfigurationError for a bound on a number that no report has.
    """
    whole: dict[str, float | int] = {**report.total.headline, "templates": report.templates}
    unknown = {*bounds.floors, *bounds.ceilings} - whole.keys()
    if unknown:
        raise ConfigurationError(f"gate.toml: redaction has no measure called {sorted(unknown)[0]!r}")
    reasons = [
        f"{name} is {whole[name]:g}, its floor is {floor:g}"
        for name, floor in bounds.floors.items()
        if whole[name] < floor
    ]
    for fold, scored in report.folds.items():
        numbers = scored.headline
        reasons += [
            f"{fold}: {name} is {numbers[name]:g}, its ceiling is {ceiling:g}"
            for name, ceiling in bounds.ceilings.items()
            if name in numbers and numbers[name] > ceiling
        ]
    return reasons + ([f"{report.total.missing} calls were not redacted"] if report.total.missing else [])
