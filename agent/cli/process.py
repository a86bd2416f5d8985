"""``billing-agent process``: calls in, one output line each, in input order."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.cli.inputs import sources
from agent.cli.options import Subparsers, command, flag, option, store_option
from agent.cli.talk import console, put, say

if TYPE_CHECKING:
    from agent.call import Call
    from agent.run import ProcessLine
    from agent.wiring import Wiring


def add(commands: Subparsers) -> None:
    parser = command(
        commands, "process", run, "handle finished calls: redact, understand, look up, act or ask a person"
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files or folders of transcripts, - for stdin")
    flag(parser, "--json", "one JSON line a call instead of a table")
    option(parser, "--world", "F", "run against the sandbox world in this file; without it systems are real")
    option(parser, "--model", "NAME", "the language model, or stand-in for the offline rules")
    option(parser, "--workspace", "F", "the workspace file; a live run needs one")
    store_option(parser)
    option(parser, "--call-id", "ID", "the call's id, for formats that carry none")
    option(parser, "--books", "F", "append every request to the sandbox to this file")
    flag(parser, "--dry-run", "propose everything, carry out and store nothing")


def run(arguments: argparse.Namespace) -> int:
    calls, bad = read_calls(arguments.paths, arguments.call_id)
    if not calls:
        return 2
    install_log_filter()
    with wiring_for(arguments) as wiring:
        calls = [wiring.adopt(call) for call in calls]
        wiring.prepare()
        lines = []
        with progress(len(calls), shown=sys.stderr.isatty() and not arguments.json) as step:
            for line in handle(calls, wiring):
                lines.append(line)
                step()
                if arguments.json:
                    put(line.model_dump_json())
    if not arguments.json:
        console().print(table(lines))
    failed = any(line.outcome.value == "failed" for line in lines)
    return 1 if bad or failed else 0


def read_calls(paths: Sequence[str], call_id: str | None) -> tuple[list[Call], int]:
    """Every call of ``paths`` in order, and how many records were none; each of those is named on stderr,
    and so, once, is every input field that no one reads."""
    from agent.intake import BadRecord, parse

    calls: list[Call] = []
    ignored: dict[str, None] = {}
    bad = 0
    for source in sources(paths):
        if source.data is None:
            say(f"{source.name} {source.trouble}")
            bad += 1
            continue
        parsed = parse(source.data, name=source.name, call_id=call_id)
        for item in parsed:
            if isinstance(item, BadRecord):
                bad += 1
                place = f", record {item.index + 1}" if len(parsed) > 1 else ""
                say(f"{source.name}{place}: {item.message}")
            else:
                calls.append(item)
                ignored.update(dict.fromkeys(item.ignored_fields))
    if ignored:
        say(f"fields that are not read: {', '.join(ignored)}")
    return calls, bad


def wiring_for(arguments: argparse.Namespace) -> Wiring:
    """The parts this command needs. Raises ConfigurationError."""
    from agent.cli.places import settings_for
    from agent.wiring import Options, Wiring

    def path(value: str | None) -> Path | None:
        return Path(value) if value else None

    options = Options(
        world=path(arguments.world),
        workspace=path(arguments.workspace),
        books=path(getattr(arguments, "books", None)),
        dry_run=getattr(arguments, "dry_run", False),
    )
    return Wiring(settings_for(arguments), options)


def install_log_filter() -> None:
    """Whatever a library logs, it logs redacted. A logger's own filters do not see what its children log,
    so the filter goes on the handlers too, and on the one Python uses when there is none."""
    import logging

    from agent.redaction.log import RedactingFilter

    root = logging.getLogger()
    places = [root, *root.handlers, *([logging.lastResort] if logging.lastResort else [])]
    for place in places:
        if not any(isinstance(known, RedactingFilter) for known in place.filters):
            place.addFilter(RedactingFilter())


def handle(calls: Sequence[Call], wiring: Wiring) -> Iterator[ProcessLine]:
    """The output line of every call, in order. Calls wait for a hosted model side by side; the stand-in
    is quick, so its calls come one after the other. Two records of one call are never handled at once."""
    workers = 1 if wiring.client.is_stand_in else wiring.settings.model_concurrency
    if workers == 1:
        yield from (one(call, wiring) for call in calls)
        return
    running: dict[tuple[str, str], Future[ProcessLine]] = {}
    with ThreadPoolExecutor(workers) as pool:
        waiting = []
        for call in calls:
            key = (call.workspace_id, call.call_id)
            before = running.get(key)
            running[key] = pool.submit(_after, before, call, wiring)
            waiting.append(running[key])
        for future in waiting:
            yield future.result()


def _after(before: Future[Any] | None, call: Call, wiring: Wiring) -> ProcessLine:
    if before is not None:
        before.exception()
    return one(call, wiring)


def one(call: Call, wiring: Wiring) -> ProcessLine:
    """Handle one call."""
    from agent.pipeline import process

    return process(call, wiring.deps_for(call.workspace_id))


@contextmanager
def progress(total: int, *, shown: bool) -> Iterator[Any]:
    """A progress bar on stderr while calls are handled; gives a function to call after each."""
    if not shown:
        yield lambda: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("calls"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("calls", total=total)
        yield lambda: bar.advance(task)


def table(lines: Sequence[ProcessLine]) -> Any:
    """Call, scenario, confidence, what was stripped, outcome and why, as a table."""
    from rich.table import Table

    from agent.trace import confidence, plain, stripped, why

    made = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("call", "scenario", "confidence", "stripped", "outcome", "why"):
        made.add_column(name, overflow="fold")
    for line in lines:
        scenario = line.scenario
        label = scenario.label.value if scenario else ""
        sure = confidence(scenario.confidence) if scenario else ""
        outcome = line.outcome.value + (" (repeated)" if line.repeated else "")
        made.add_row(*plain(line.call_id, label, sure, stripped(line), outcome, why(line)))
    return made
