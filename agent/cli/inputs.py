"""What a command reads: files, folders of files, and stdin for ``-``."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from agent.cli.readahead import ahead
from agent.errors import BadInput

STDIN = "-"
_UNREADABLE = "cannot be read; check its permissions"


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
    for name in names(paths):
        yield _read(name)


def names(paths: Sequence[str]) -> list[str]:
    """The single inputs of ``paths`` in order. Raises BadInput as ``sources`` does."""
    return [part for path in paths for part in _expand(path)]


@dataclass(frozen=True, slots=True)
class Opened:
    """One input to be read piece by piece; ``stream`` is None where it cannot be."""

    name: str
    stream: BinaryIO | None
    trouble: str | None = None


class Marked:
    """A stream that remembers whether it began with the UTF-8 byte order mark, which readers leave out."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._first: bytes | None = None

    @property
    def mark(self) -> bool:
        return self._first == codecs.BOM_UTF8

    def read(self, size: int, /) -> bytes:
        """As of any stream of bytes."""
        return self._seen(self._stream.read(size))

    def readline(self, size: int, /) -> bytes:
        """As of any stream of bytes."""
        return self._seen(self._stream.readline(size))

    def _seen(self, data: bytes) -> bytes:
        if self._first is None:
            self._first = data[: len(codecs.BOM_UTF8)]
        return data


@contextmanager
def opened(name: str) -> Iterator[Opened]:
    """The input called ``name``, for the time of the block."""
    if name == STDIN:
        yield Opened("stdin", ahead(sys.stdin.buffer))
        return
    with ExitStack() as open_files:
        try:
            found = Opened(name, open_files.enter_context(Path(name).open("rb")))
        except OSError:
            found = Opened(name, None, _UNREADABLE)
        yield found


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
        return Source(name, None, _UNREADABLE)
