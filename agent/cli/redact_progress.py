"""How far a long ``billing-agent redact`` is, on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from agent.cli.talk import console, say

Step = Callable[[int, int], None]
"""Told how many more records, and bytes of them, are done."""

_EVERY = 5.0


@contextmanager
def progress(total: int | None, *, asked: bool) -> Iterator[Step]:
    """A bar where stderr is a terminal and the data goes elsewhere; ``asked`` gives lines where it is none.

    ``total`` is the length of the input in bytes, None where nobody knows it.
    """
    watched = sys.stderr.isatty()
    if watched and (asked or not sys.stdout.isatty()):
        yield from _bar(total)
    elif asked:
        yield from _lines()
    else:
        yield lambda records, size: None


def _bar(total: int | None) -> Iterator[Step]:
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("redacting"),
        BarColumn(),
        TextColumn("{task.fields[records]:,} records"),
        TimeElapsedColumn(),
    )
    done = [0]
    # Data may go to the same terminal: rich must not catch stdout and print it on stderr.
    with Progress(*columns, console=console(stderr=True), transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("redacting", total=total, records=0)

        def step(records: int, size: int) -> None:
            done[0] += records
            bar.update(task, advance=size, records=done[0])

        yield step


def _lines() -> Iterator[Step]:
    began = told = time.monotonic()
    done = 0

    def step(records: int, size: int) -> None:
        nonlocal told, done
        done += records
        if time.monotonic() - told >= _EVERY:
            told = time.monotonic()
            say(f"{done} records so far, {done / (told - began):.0f} a second")

    yield step
    seconds = time.monotonic() - began
    say(f"{done} records in {seconds:.1f} seconds, {done / max(seconds, 1e-9):.0f} a second")
