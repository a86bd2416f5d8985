"""What a command reads: files, folders of files, and stdin for ``-``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.errors import BadInput

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """One input with its name as it is shown; ``data`` is None where it could not be read."""

    name: str
    data: bytes | None
    trouble: str | None = None


def sources(paths: Sequence[str]) -> Iterator[Source]:
    """Every input of ``paths`` in order; a folder gives its files by name, hidden ones left out.

    Raises BadInput for a path that does not exist and for a folder without files, before anything is read.
    """
    found = [part for path in paths for part in _expand(path)]
    for name in found:
        yield _read(name)


def _expand(path: str) -> list[str]:
    if path == STDIN:
        return [path]
    place = Path(path)
    if not place.exists():
        raise BadInput(f"{path} does not exist")
    if not place.is_dir():
        return [path]
    inside = sorted(item for item in place.rglob("*") if item.is_file())
    shown = [str(item) for item in inside if not any(part.startswith(".") for part in item.relative_to(place).parts)]
    if not shown:
        raise BadInput(f"the folder {path} holds no files")
    return shown


def _read(name: str) -> Source:
    if name == STDIN:
        return Source("stdin", sys.stdin.buffer.read())
    try:
        return Source(name, Path(name).read_bytes())
    except OSError:
        return Source(name, None, "cannot be read; check its permissions")
