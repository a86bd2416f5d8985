"""One report of a redaction run: folds side by side, then leaks by class, type and tag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table as RichTable

from evals.redaction.score import Score, Table
from evals.redaction.snippet import HELD_OUT

if TYPE_CHECKING:
    from evals.redaction.real import RealReport


@dataclass(frozen=True, slots=True)
class RedactionReport:
    """The score of each fold and of everything that was asked for together."""

    seed: int
    templates: int
    fixed: int
    seconds: float
    folds: Mapping[str, Score]
    total: Score

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values; ids and types of leaks, no texts."""
        return {
            "suite": "redaction", "seed": self.seed, "templates": self.templates, "fixed": self.fixed,
            "seconds": round(self.seconds, 2), **self.total.headline,
            "folds": {name: score.headline for name, score in self.folds.items()},
            "by_class": _rates(self.total.by_class), "by_type": _rates(self.total.by_type),
            "by_tag": _rates(self.total.by_tag), "kept_by_tag": _rates(self.total.kept_by_tag),
            "leaks": [{"id": leak.id, "type": leak.type, "run": leak.run, "fold": leak.fold} for leak in self.total.leaks],
            "lost": [asdict(lost) for lost in self.total.lost],
        }  # fmt: skip


def _rates(table: Table) -> dict[str, dict[str, float | int]]:
    return {
        name: {"count": tally.count, "wrong": tally.wrong, "rate": round(tally.rate, 5)}
        for name, tally in sorted(table.items())
    }


def print_redaction(report: RedactionReport, console: Console) -> None:
    """Tables on ``console``."""
    head = f"suite redaction: {report.total.snippets} calls of {report.fixed} written ones and {report.templates} templates"
    console.print(f"{head}, seed {report.seed}, {report.seconds:.1f} s")
    console.print(_folds(report))
    for title, table in (
        ("class", report.total.by_class),
        ("type", report.total.by_type),
        ("tag", report.total.by_tag),
    ):
        console.print(_table(title, "leaked", table))
    console.print(_table("must stay, by tag", "lost", report.total.kept_by_tag))


def _folds(report: RedactionReport) -> RichTable:
    out = RichTable()
    out.add_column("measure")
    columns = {**report.folds, "all": report.total}
    for name in columns:
        out.add_column(name, justify="right")
    for measure in report.total.headline:
        out.add_row(measure, *(_shown(measure, score.headline[measure]) for score in columns.values()))
    return out


def _shown(measure: str, value: float) -> str:
    return f"{100 * value:.2f} %" if measure.endswith("_rate") or measure == "without_identifier" else str(value)


def _table(title: str, wrong: str, table: Table) -> RichTable:
    """One row for each name with a fault, the worst first; all the others in one row."""
    out = RichTable()
    for column in (title, "n", wrong, "rate"):
        out.add_column(column, justify="left" if column == title else "right")
    faulty = [(name, tally) for name, tally in table.items() if tally.wrong]
    for name, tally in sorted(faulty, key=lambda row: (-row[1].rate, row[0])):
        out.add_row(name, str(tally.count), str(tally.wrong), f"{100 * tally.rate:.2f} %")
    clean = [tally for tally in table.values() if not tally.wrong]
    if clean:
        out.add_row(f"{len(clean)} without fault", str(sum(tally.count for tally in clean)), "0", "0.00 %")
    return out


def print_faults(score: Score, console: Console, limit: int, *, held_out_texts: bool) -> None:
    """The first ``limit`` leaks and lost strings. Texts of the held-out fold only when ``held_out_texts``: who reads
    them has tuned on them."""
    for leak in score.leaks[:limit]:
        console.print(f"leak {leak.id}: {leak.type}, {leak.run} characters", markup=False)
        for text in leak.texts if leak.fold != HELD_OUT or held_out_texts else ():
            console.print(f"    {text}", markup=False, soft_wrap=True)
    for lost in score.lost[:limit]:
        words = f": {lost.words}" if lost.fold != HELD_OUT or held_out_texts else ""
        console.print(f"lost {lost.id}{words}", markup=False, soft_wrap=True)


def print_real(reports: Sequence[RealReport], console: Console) -> None:
    """The data sets side by side, then what leaked and was lost in each."""
    out = RichTable()
    out.add_column("measure")
    for report in reports:
        out.add_column(report.name, justify="right")
    for measure in reports[0].headline:
        out.add_row(measure, *(_shown(measure, report.headline[measure]) for report in reports))
    console.print(out)
    for report in reports:
        console.print(f"{report.name}:")
        console.print(_table("type", "leaked", report.score.by_type))
        console.print(_table("how it is announced", "leaked", report.score.by_tag))
        console.print(_table("must stay", "lost", report.score.kept_by_tag))
