"""Writing: data to stdout as UTF-8, sentences to stderr under the program's name."""

from __future__ import annotations

import io
import os
import sys
from typing import Any

PROGRAM = "billing-agent"


def prepare_streams() -> None:
    """Make both streams UTF-8 whatever the locale says; a character that cannot be written is escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def say(sentence: str) -> None:
    """One line on stderr, without any identifier that somebody put into an argument, a file name or a field."""
    from agent.cli.guard import shown

    flat = shown(" ".join(sentence.split()))
    print(f"{PROGRAM}: {flat}", file=sys.stderr)


def put(line: str) -> None:
    """One line of data on stdout, at once, so that a reader sees it before the next call is done."""
    put_text(line + "\n")


def put_text(text: str) -> None:
    """Data on stdout as it is, at once. Raises ConfigurationError where it cannot be written (disk full)."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        from agent.errors import ConfigurationError

        drop_stdout()
        raise ConfigurationError("the output cannot be written; check free disk space and permissions") from error


def put_json(value: Any) -> None:
    """One JSON value on one line of stdout."""
    import json

    put(json.dumps(value, ensure_ascii=False, separators=(", ", ": ")))


def drop_stdout() -> None:
    """Point stdout nowhere: its reader is gone, and Python's own last flush must not complain."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(devnull, sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = io.StringIO()
    finally:
        os.close(devnull)


def console(*, stderr: bool = False) -> Any:
    """A rich console; wide enough for tables where nobody is watching."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    watched = stream.isatty()
    return Console(file=stream, width=None if watched else 160, highlight=False, soft_wrap=False)
