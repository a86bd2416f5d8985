"""``billing-agent redact``: identifiers out of records or plain text, one output line per input record."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from agent.cli.inputs import STDIN, Marked, names, opened
from agent.cli.options import Subparsers, command, flag, option, store_option, switch
from agent.cli.talk import put_text, say
from agent.errors import BadInput

if TYPE_CHECKING:
    from agent.cli.redact_tasks import Done, Task

_MOST_JOBS = 64


def add(commands: Subparsers) -> None:
    parser = command(commands, "redact", run, "remove payment and tax identifiers, stdin to stdout")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files or folders, - for stdin (default)")
    switch(parser, "--explain", "say why each stretch was taken: a reasons list in JSON, a table on stderr for text")
    option(parser, "--jobs", "N", "worker processes; default: one, and all cores once an input is long")
    flag(parser, "--progress", "tell progress on stderr also where it is no terminal")
    option(parser, "--workspace", "F", "the workspace file: its country, and what its account numbers are")
    switch(parser, "--sweep", "run today's rules over everything in the store and mask what they find there")
    flag(parser, "--dry-run", "with --sweep: report and change nothing")
    switch(parser, "--history", "with --sweep: show the sweeps that were made and make none")
    store_option(parser)
    flag(parser, "--json", "with --sweep: the report as one JSON line")


def run(arguments: argparse.Namespace) -> int:
    if arguments.sweep:
        from agent.cli.redact_sweep import run_sweep

        if arguments.paths or arguments.explain:
            raise BadInput("--sweep is about the store; it takes no PATH and no --explain")
        return run_sweep(arguments, _jobs(arguments.jobs))
    if arguments.history:
        raise BadInput("--history goes with --sweep")
    return _redact(arguments)


def _redact(arguments: argparse.Namespace) -> int:
    from agent.cli.redact_pool import redact_all
    from agent.cli.redact_progress import progress
    from agent.cli.redact_tasks import rules_of

    jobs = _jobs(arguments.jobs)
    paths = names(arguments.paths or [STDIN])
    rules = rules_of(arguments.workspace, explain=arguments.explain)
    tally = _Tally()
    with (
        progress(_bytes_in(paths), asked=arguments.progress) as step,
        closing(redact_all(_tasks(paths, tally), rules, jobs)) as redacted,
    ):
        for done in redacted:
            put_text("".join(one.out for one in done))
            for one in done:
                tally.count(one)
                _tell(one)
            step(len(done), sum(one.size for one in done))
    return tally.code


class _Tally:
    """What went well and what did not."""

    def __init__(self) -> None:
        self.good = self.bad = 0

    def count(self, done: Done) -> None:
        self.good += done.good
        self.bad += not done.good

    def fail(self, sentence: str) -> None:
        """An input that gave nothing to redact."""
        say(sentence)
        self.bad += 1

    @property
    def code(self) -> int:
        return 0 if not self.bad else 1 if self.good else 2


def _tasks(paths: Sequence[str], tally: _Tally) -> Iterator[Task]:
    """Every record and text of ``paths``, read only as far as it is asked for."""
    from agent.cli.redact_tasks import Task
    from agent.intake.stream import read_stream

    for path in paths:
        with opened(path) as source:
            if source.stream is None:
                tally.fail(f"{source.name} {source.trouble}")
                continue
            empty = True
            stream = Marked(source.stream)
            for item in read_stream(stream, None if path == STDIN else source.name):
                empty = False
                yield Task(source.name, item, stream.mark)
            if empty:
                tally.fail(f"{source.name} is empty")


def _tell(done: Done) -> None:
    """What is not data: a text that failed, and why stretches of a text were taken."""
    if done.trouble:
        say(f"{done.name}: {done.trouble}")
    if done.reasons:
        from agent.cli.redact_explain import table
        from agent.cli.talk import console

        console(stderr=True).print(table(done.name, done.reasons))


def _jobs(text: str | None) -> int | None:
    """How many workers were asked for; None leaves it to the length of the input."""
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= _MOST_JOBS:
        raise BadInput(f"--jobs must be a whole number from 1 to {_MOST_JOBS}")
    return int(text)


def _bytes_in(paths: Sequence[str]) -> int | None:
    """How much there is to read; None where nobody knows."""
    try:
        return None if STDIN in paths else sum(Path(path).stat().st_size for path in paths)
    except OSError:
        return None
