"""``billing-agent demo``: two dozen bundled calls against the bundled sandbox, read by the offline stand-in.

Nothing outside this machine is used, whatever keys the environment holds.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import closing
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from agent.cli.options import Subparsers, command
from agent.cli.talk import console, put, say

if TYPE_CHECKING:
    from agent.call import Call
    from agent.case import ReviewCase
    from agent.run import ProcessLine
    from agent.wiring import Wiring

STORE = Path(".billing-agent/demo.db")

CALLS = 24
"""How many of the bundled calls are shown: the first two dozen hold every kind of ending, and their table still
fits a screen. The evals score all of them."""

CASES = 5
"""How many of the waiting cases are listed; the rest are one command away."""


def add(commands: Subparsers) -> None:
    command(commands, "demo", run, f"two dozen bundled calls from end to end, offline, into a fresh store at ./{STORE}")


def run(arguments: argparse.Namespace) -> int:
    from agent.cli.process import handle, progress
    from agent.settings import STAND_IN, Settings
    from agent.wiring import Options, Wiring

    for suffix in ("", "-wal", "-shm"):
        STORE.with_name(STORE.name + suffix).unlink(missing_ok=True)
    settings = Settings.load({}, store=str(STORE), model=STAND_IN)
    with as_file(files("fixtures") / "worlds" / "main.json") as world, Wiring(settings, Options(world=world)) as wiring:
        calls = bundled_calls()[:CALLS]
        wiring.prepare()
        say(f"{len(calls)} bundled calls, a sandbox world, and the stand-in: rules, not a language model")
        lines = []
        with progress(len(calls), shown=sys.stderr.isatty()) as step, closing(handle(calls, wiring)) as handled:
            for line in handled:
                lines.append(line)
                step()
        show(lines, wiring)
    return 1 if any(line.outcome.value == "failed" for line in lines) else 0


def bundled_calls() -> list[Call]:
    """The calls that ship with the package; each line of the file also holds what is right for it."""
    from agent.intake import read_record

    text = (files("fixtures") / "calls" / "calls.jsonl").read_text(encoding="utf-8")
    return [read_record(json.loads(line)["call"]) for line in text.splitlines() if line.strip()]


def show(lines: list[ProcessLine], wiring: Wiring) -> None:
    """The table, one run in full, the cases that wait, and what to try next."""
    from agent.cli.process import table
    from agent.cli.review import table as case_table
    from agent.review import waiting
    from agent.trace import render

    screen = console()
    screen.print(table(lines))
    stored = [line for line in lines if line.run_id]
    if stored:
        told = next((line for line in stored if line.outcome.value == "completed" and line.redactions), stored[0])
        screen.rule(f"one call in full: {told.call_id}")
        screen.print(render(wiring.store.run(str(told.run_id))))
    cases = waiting(wiring.store, wiring.clock)
    screen.rule(f"{len(cases)} cases wait for a person")
    screen.print(case_table(cases[:CASES]))
    if len(cases) > CASES:
        put(f"... and {len(cases) - CASES} more: {_own_name()} review list --store {STORE}")
    screen.rule("try next")
    for words in _next_commands(cases, lines):
        put(f"{_own_name()} {words} --store {STORE}")


def _next_commands(cases: Sequence[ReviewCase], lines: Sequence[ProcessLine]) -> tuple[str, ...]:
    """Three commands that show something: a case whose approval does something comes first."""
    approvable = [case for case in cases if case.proposals] or list(cases)
    if not approvable:
        return (f"trace show {lines[-1].call_id}", "trace list", "review list")
    case = approvable[0]
    return (f"review show {case.case_id}", f"review approve {case.case_id}", f"trace show {case.call_id}")


def _own_name() -> str:
    """This program as the reader can call it again: its path when it is not on the search path."""
    started = Path(sys.argv[0])
    if started.name != "billing-agent" or shutil.which("billing-agent") == str(started.absolute()):
        return "billing-agent"
    return os.path.relpath(started)
