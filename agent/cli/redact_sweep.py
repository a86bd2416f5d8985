"""``billing-agent redact --sweep``: today's rules over everything in the store."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from agent.cli.talk import console, put, put_json, say
from agent.errors import StorageError

if TYPE_CHECKING:
    from agent.cli.redact_tasks import Rules
    from agent.redaction import Redactor
    from agent.store import Counts, Store
    from agent.store import Sweep as Record
    from agent.sweep import Looked, Report, Stored
    from agent.sweep.sweeping import LookAll

_SMALL = 64
"""Calls that are looked at before more processes are worth their start."""

_CHUNK = 8


def run_sweep(arguments: argparse.Namespace, jobs: int | None) -> int:
    """Sweep, or show the sweeps that were made. 1 where something was left as it was."""
    from agent.cli.places import store_path
    from agent.store import Store
    from agent.sweep import sweep

    path = store_path(arguments)
    if not path.is_file():
        raise StorageError(f"there is no store at {path}; name it with --store")
    rules = _rules(arguments.workspace)
    with Store(path) as store:
        if arguments.history:
            _show_history(store.sweeps(), arguments.json)
            return 0
        look_all = _look_all(rules, store.count_calls(), jobs)
        with _progress(store, asked=arguments.progress) as step:
            report = sweep(store, rules, dry_run=arguments.dry_run, look_all=look_all, step=step)
    _show(report, arguments.json)
    return 1 if report.failed or report.ids or not report.rewritten else 0


@dataclass
class _RulesByWorkspace:
    """A workspace's own rules where its file was named, the default ones for every other; picklable."""

    own: Rules
    workspace_id: str | None
    _made: dict[bool, Redactor] = field(default_factory=dict)

    def __call__(self, workspace_id: str) -> Redactor:
        mine = self.workspace_id in (None, workspace_id)
        if mine not in self._made:
            self._made[mine] = (self.own if mine else type(self.own)()).redactor()
        return self._made[mine]

    def __getstate__(self) -> dict[str, Any]:
        return {"own": self.own, "workspace_id": self.workspace_id, "_made": {}}


def _rules(path: str | None) -> _RulesByWorkspace:
    from pathlib import Path

    from agent.cli.redact_tasks import rules_of
    from agent.workspace import load_workspace

    return _RulesByWorkspace(rules_of(path), load_workspace(Path(path)).id if path else None)


def _look_all(rules: _RulesByWorkspace, calls: int, jobs: int | None) -> LookAll | None:
    """Other processes run the rules where that pays: they take some seconds to start."""
    from agent.cli.workers import cores, in_workers

    wanted = jobs or (cores() if calls > _SMALL else 1)
    if wanted == 1:
        return None

    def look_all(stored: Iterator[Stored]) -> Generator[Looked, None, None]:
        chunks = iter(lambda: list(islice(stored, _CHUNK)), [])
        for chunk in in_workers(chunks, _look_at, wanted, _begin, rules):
            yield from chunk

    return look_all


class _Worker:
    """What a worker process keeps between chunks."""

    rules: _RulesByWorkspace


def _begin(rules: _RulesByWorkspace) -> None:
    _Worker.rules = rules


def _look_at(chunk: list[Stored]) -> list[Looked]:
    from agent.sweep import look

    return [look(stored, _Worker.rules) for stored in chunk]


@contextmanager
def _progress(store: Store, *, asked: bool) -> Iterator[Callable[[], Any]]:
    from agent.cli.process import progress
    from agent.cli.redact_progress import progress as lines

    if sys.stderr.isatty():
        with progress(store.count_calls() + 1, shown=True) as step:  # and what is of no call
            yield step
        return
    with lines(None, asked=asked) as tell:
        yield lambda: tell(1, 0)


def _show(report: Report, as_json: bool) -> None:
    if as_json:
        put_json(
            {
                "rules_version": report.rules_version,
                "dry_run": report.dry_run,
                "calls": report.calls,
                "failed": report.failed,
                "ids_with_a_card": report.ids,
                "rewritten": report.rewritten,
                "taken": _plain(report.swept),
            }
        )
    else:
        if report.swept:
            console().print(_table(report.swept))
        would = "would be " if report.dry_run else ""
        put(f"{report.calls} calls, {report.taken} stretches {would}masked by rules {report.rules_version}")
    for sentence in _left(report):
        say(sentence)


def _left(report: Report) -> Iterator[str]:
    """What the sweep could not do, and what to do about it."""
    if report.failed:
        yield f"left as they were, because the rules failed or somebody worked on them: {report.failed} calls"
    if report.ids:
        yield (
            f"calls with a card number in their own id, which a sweep never changes: {report.ids}; "
            "billing-agent erase removes such a call"
        )
    if not report.rewritten:
        yield (
            "another process is reading the store, so what was masked may still stand in its file: "
            "sweep again when it has finished"
        )


def _show_history(sweeps: list[Record], as_json: bool) -> None:
    if not sweeps and not as_json:
        put("no sweep was made of this store")
    for one in sweeps:
        ended = one.finished_at
        if as_json:
            put_json(
                {
                    "sweep_id": one.sweep_id,
                    "rules_version": one.rules_version,
                    "started_at": one.started_at.isoformat(),
                    "finished_at": ended.isoformat() if ended else None,
                    "calls": one.calls,
                    "failed": one.failed,
                    "rewritten": one.rewritten,
                    "taken": _plain(one.swept),
                }
            )
            continue
        end = f"{one.calls} calls" if ended else "was interrupted"
        put(f"sweep {one.sweep_id}, {one.started_at:%Y-%m-%d %H:%M} UTC, rules {one.rules_version}: {end}")
        if one.swept:
            console().print(_table(one.swept))


def _plain(swept: Counts) -> list[dict[str, Any]]:
    return [
        {"table": table, "column": column, "entity": entity, "count": count}
        for (table, column, entity), count in sorted(swept.items())
    ]


def _table(swept: Mapping[tuple[str, str, str], int]) -> Any:
    from rich.table import Table

    made = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("table", "column", "entity"):
        made.add_column(name)
    made.add_column("count", justify="right")
    for (table, column, entity), count in sorted(swept.items()):
        made.add_row(table, column, entity, str(count))
    return made
