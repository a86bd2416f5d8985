"""``billing-agent process``: calls in, one output line each, in input order."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.cli.inputs import sources
from agent.cli.options import Subparsers, choice, command, flag, option, store_option
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
    choice(parser, "--call-id", "ID", "the call's id, for formats that carry none")
    option(parser, "--books", "F", "append every request to the sandbox to this file")
    flag(parser, "--dry-run", "propose everything, carry out and store nothing")


def run(arguments: argparse.Namespace) -> int:
    from agent.review import expire

    calls, bad = read_calls(arguments.paths, arguments.call_id)
    if not calls:
        return 2
    with wiring_for(arguments) as wiring:
        wiring.prepare()
        expire(wiring.store, wiring.clock)
        lines = []
        shown = sys.stderr.isatty() and not arguments.json
        with progress(len(calls), shown=shown) as step, closing(handle(calls, wiring)) as handled:
            for line in handled:
                lines.append(line)
                step()
                if arguments.json:
                    put(line.model_dump_json())
                    _tell(line)
    if not arguments.json:
        console().print(table(lines))
    failed = any(line.outcome.value == "failed" for line in lines)
    return 1 if bad or failed else 0


def _tell(line: ProcessLine) -> None:
    """One line on stderr for a call that failed; the table says it in its last column."""
    if line.outcome.value == "failed":
        say(f"{line.call_id}: {line.error or 'failed'}")


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


def handle(calls: Sequence[Call], wiring: Wiring) -> Generator[ProcessLine, None, None]:
    """The output line of every call, in order. Calls wait for a hosted model side by side; the stand-in
    is quick, so its calls come one after the other. Two records of one call are never handled at once.

    When the reader stops, or a call ends in an exception, calls under way are finished and no other begins.
    """
    workers = 1 if wiring.client.is_stand_in else wiring.settings.model_concurrency
    taken = (_adopted(call, wiring) for call in calls)
    if workers == 1:
        yield from (_line(item, wiring) for item in taken)
        return
    running: dict[tuple[str, str], Future[ProcessLine]] = {}
    waiting = []
    pool = ThreadPoolExecutor(workers)
    try:
        for item in taken:
            key = (item.workspace_id, item.call_id)
            running[key] = pool.submit(_after, running.get(key), item, wiring)
            waiting.append(running[key])
        for future in waiting:
            yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _after(before: Future[ProcessLine] | None, item: Call | ProcessLine, wiring: Wiring) -> ProcessLine:
    if before is not None:
        before.exception()
    return _line(item, wiring)


def _line(item: Call | ProcessLine, wiring: Wiring) -> ProcessLine:
    from agent.call import Call

    return one(item, wiring) if isinstance(item, Call) else item


def one(call: Call, wiring: Wiring) -> ProcessLine:
    """Handle one call."""
    from agent.pipeline import process

    return process(call, wiring.deps_for(call.workspace_id))


def _adopted(call: Call, wiring: Wiring) -> Call | ProcessLine:
    """The call in its workspace, or its line when it is another workspace's: that stops no other call.

    Every part is made by now, so a ConfigurationError can be about this call's workspace only.
    """
    from agent.errors import ConfigurationError

    try:
        return wiring.adopt(call)
    except ConfigurationError as error:
        return _foreign_line(call, wiring, str(error))


def _foreign_line(call: Call, wiring: Wiring, error: str) -> ProcessLine:
    """The line of a call that the workspace file is not for: nothing of it is read, stored or sent."""
    from agent.loop.closing import unread_line
    from agent.workspace import Workspace

    made = unread_line(
        call,
        model=wiring.client.name,
        error=error,
        workspace=wiring.file or Workspace(),
        sandbox=wiring.toolbox.sandbox,
    )
    assert made.handoff is not None
    note = made.handoff.model_copy(
        update={
            "summary": f"This call belongs to another workspace, so nothing of it was read. Call {call.call_id}",
            "reason": "of another workspace",
            "next_step": f"process it with the workspace file of {call.workspace_id}",
        }
    )
    return made.model_copy(update={"handoff": note})


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
