"""One report from all scorers: headline numbers, tables for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from evals.gold import EvalCall
from evals.scorers.common import Mistake, Output, Pair, Share, pair_up
from evals.scorers.evidence import EvidenceScore, score_evidence
from evals.scorers.fields import FieldScore, score_fields
from evals.scorers.leaks import LeakScore, score_leaks
from evals.scorers.scenario import ScenarioScore, score_scenario
from evals.scorers.tools import ToolScore, score_tools


@dataclass(frozen=True, slots=True)
class Running:
    """What the calls cost and how many needed nobody.

    ``without_person`` are calls that ended completed or no_action; ``wrong_without_person`` those of
    them whose outcome or action gold calls wrong. Seconds include model time.
    """

    calls: int
    without_person: int
    wrong_without_person: int
    seconds_median: float
    seconds_p95: float
    cost_usd: float | None
    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class Report:
    """Every score of one run of one suite under one model."""

    suite: str
    model: str
    missing: int
    failed: int
    scenario: ScenarioScore
    fields: FieldScore
    evidence: EvidenceScore
    leaks: LeakScore
    tools: ToolScore
    running: Running

    @property
    def headline(self) -> dict[str, float | int]:
        """The numbers that are compared, gated and printed, rounded to four places."""
        micro, routing = self.fields.micro, self.tools.routing
        numbers: dict[str, float | int] = {
            "n": self.running.calls,
            "missing": self.missing,
            "failed": self.failed,
            "scenario_accuracy": self.scenario.accuracy.rate,
            "scenario_macro_f1": self.scenario.macro_f1,
            "ece": self.scenario.calibration_error,
            "field_ece": self.fields.calibration_error,
            "secondary_f1": self.scenario.secondary.f1,
            "field_precision": micro.precision,
            "field_recall": micro.recall,
            "field_micro_f1": micro.f1,
            "free_text_recall": self.fields.free_text.rate,
            "grounding_rate": self.evidence.grounding.rate,
            "evidence_coverage": self.evidence.coverage.rate,
            "suppression_accuracy": self.evidence.suppression.rate,
            "leaks": self.leaks.whole,
            "partial_leaks": self.leaks.partial,
            "unsafe_actions": len(self.tools.unsafe),
            "must_act_recall": self.tools.actions.rate,
            "lookup_recall": self.tools.lookups.rate,
            "review_precision": routing.precision,
            "review_recall": routing.recall,
            "review_f1": routing.f1,
            "outcome_accuracy": self.tools.outcomes.rate,
            "without_person": Share(self.running.without_person, self.running.calls).rate,
            "wrong_without_person": self.running.wrong_without_person,
        }
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in numbers.items()}

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """Every wrong answer, in the order of the scorers."""
        parts = (self.scenario, self.fields, self.evidence, self.leaks, self.tools)
        return tuple(mistake for part in parts for mistake in part.mistakes)

    def as_json(self) -> dict[str, Any]:
        """The report as plain JSON values; the headline keys are stable."""
        return {
            "suite": self.suite,
            "model": self.model,
            **self.headline,
            "fields": {
                name: {"right": c.right, "wrong": c.wrong, "missed": c.missed, "f1": round(c.f1, 4)}
                for name, c in self.fields.by_field.items()
                if c.right or c.wrong or c.missed
            },
            "confusions": {f"{gold} -> {said}": n for (gold, said), n in self.scenario.confusions.items()},
            "running": asdict(self.running),
            "mistakes": [asdict(mistake) for mistake in self.mistakes],
        }


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def _running(pairs: Sequence[Pair], tools: ToolScore) -> Running:
    alone = [pair for pair in pairs if pair.output.get("outcome") in ("completed", "no_action")]
    unsafe = {mistake.call_id for mistake in tools.unsafe}
    usages = [pair.output.get("usage") or {} for pair in pairs]
    seconds = sorted(float(usage.get("seconds") or 0.0) for usage in usages)
    costs = [usage.get("cost_usd") for usage in usages]
    return Running(
        calls=len(pairs),
        without_person=len(alone),
        wrong_without_person=sum(
            pair.row.id in unsafe or pair.output.get("outcome") not in pair.row.gold.outcomes for pair in alone
        ),
        seconds_median=_quantile(seconds, 0.5),
        seconds_p95=_quantile(seconds, 0.95),
        cost_usd=None if any(cost is None for cost in costs) else sum(map(float, filter(None, costs))),
        prompt_tokens=sum(int(usage.get("prompt_tokens") or 0) for usage in usages),
        completion_tokens=sum(int(usage.get("completion_tokens") or 0) for usage in usages),
    )


def build_report(suite: str, model: str, rows: Sequence[EvalCall], outputs: Iterable[Output]) -> Report:
    """Score ``outputs`` against ``rows``, joined by call id; a missing line is wrong everywhere."""
    pairs = pair_up(rows, outputs)
    tools = score_tools(pairs)
    return Report(
        suite=suite,
        model=model,
        missing=sum(not pair.output for pair in pairs),
        failed=sum(pair.output.get("outcome") == "failed" for pair in pairs),
        scenario=score_scenario(pairs),
        fields=score_fields(pairs),
        evidence=score_evidence(pairs),
        leaks=score_leaks(pairs),
        tools=tools,
        running=_running(pairs, tools),
    )


def _fields_table(report: Report) -> Table:
    table = Table()
    for column in ("field", "gold", "precision", "recall", "F1"):
        table.add_column(column, justify="left" if column == "field" else "right")
    rows = [(name, c) for name, c in report.fields.by_field.items() if c.right or c.wrong or c.missed]
    for name, c in [*rows, ("all", report.fields.micro)]:
        gold = str(c.right + c.missed)
        table.add_row(name, gold, f"{c.precision:.3f}", f"{c.recall:.3f}", f"{c.f1:.3f}")
    return table


def print_report(report: Report, console: Console, *, errors: bool = False) -> None:
    """Tables on ``console``; with ``errors`` also every wrong answer."""
    console.print(f"suite {report.suite}: {report.running.calls} calls, read by {report.model}")
    table = Table()
    table.add_column("measure")
    table.add_column("value", justify="right")
    for name, value in report.headline.items():
        table.add_row(name, f"{value:.3f}" if isinstance(value, float) else str(value))
    console.print(table)
    console.print(_fields_table(report))
    for (gold, said), count in sorted(report.scenario.confusions.items(), key=lambda item: -item[1]):
        console.print(f"confused {count} x: {gold} read as {said}")
    for mistake in report.mistakes if errors else ():
        console.print(
            f"{mistake.call_id}: {mistake.what}: expected {mistake.expected!r}, got {mistake.got!r}", highlight=False
        )


def compare(before: Mapping[str, float | int], after: Mapping[str, float | int]) -> dict[str, tuple[float, float]]:
    """The headline numbers that differ between two reports: name -> (before, after)."""
    return {
        name: (float(before[name]), float(after[name]))
        for name in before
        if name in after and before[name] != after[name] and isinstance(before[name], int | float)
    }
