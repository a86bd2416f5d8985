"""Records one at a time from a stream of any length: a million lines are never in memory at once."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePath
from typing import Protocol

from agent.intake.reader import (
    JSON_NAMES,
    LOOKS_LIKE_JSON,
    MAX_BYTES,
    TEXT_NAMES,
    TOO_BIG,
    Record,
    Text,
    is_object_line,
    read,
)


class Bytes(Protocol):
    """What is read from: a file opened for bytes, or standard input's buffer."""

    def read(self, size: int, /) -> bytes: ...
    def readline(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a line-by-line input, not parsed yet: whoever works on it does that."""

    index: int
    data: bytes


Item = Text | Record | Line


def read_stream(source: Bytes, name: str | None = None) -> Iterator[Item]:
    """What ``reader.read`` finds in the whole, as far as it was read: nothing where the input is blank.

    An input whose first line is a record of its own is taken line by line and never held whole. Any other
    must fit into 16 MiB, unless it is longer and made of records a line.
    """
    suffix = PurePath(name).suffix.lower() if name else ""
    blank, first = _first_line(source)
    if suffix not in TEXT_NAMES and is_object_line(first.removeprefix(codecs.BOM_UTF8)):
        yield from _records(chain([first.removeprefix(codecs.BOM_UTF8)], _lines(source)))
        return
    head = blank + first
    head += source.read(max(0, MAX_BYTES + 1 - len(head)))
    if len(head) <= MAX_BYTES:
        found = read(head, name)
        yield from [found] if isinstance(found, Text) else found
    elif suffix not in TEXT_NAMES and _holds_records(head, suffix):
        yield from _records(chain(_rejoined(head.removeprefix(codecs.BOM_UTF8), source), _lines(source)))
    else:
        yield Record(0, trouble=TOO_BIG)


def _first_line(source: Bytes) -> tuple[bytes, bytes]:
    """The blank lines at the beginning and the first line that is none; both end where an input may end."""
    blank = bytearray()
    while len(blank) <= MAX_BYTES and (line := source.readline(MAX_BYTES + 1)):
        if line.strip():
            return bytes(blank), line
        blank += line
    return bytes(blank), b""


def _holds_records(head: bytes, suffix: str) -> bool:
    known = suffix in JSON_NAMES or LOOKS_LIKE_JSON.match(head) is not None
    return known or any(is_object_line(line) for line in head.split(b"\n"))


def _rejoined(head: bytes, source: Bytes) -> Iterator[bytes]:
    """The lines of ``head``; to the last one the rest of it from ``source`` is added."""
    *whole, last = head.split(b"\n")
    yield from whole
    yield _kept(last + source.readline(max(0, MAX_BYTES + 1 - len(last))), source)


def _lines(source: Bytes) -> Iterator[bytes]:
    """The rest of ``source`` line by line."""
    while line := source.readline(MAX_BYTES + 1):
        yield _kept(line, source)


def _kept(line: bytes, source: Bytes) -> bytes:
    """``line``; of one that is too long the rest is passed over, what is kept shows that it is."""
    if len(line) > MAX_BYTES and not line.endswith(b"\n"):
        while (part := source.readline(1 << 20)) and not part.endswith(b"\n"):
            pass
    return line


def _records(lines: Iterator[bytes]) -> Iterator[Item]:
    index = 0
    for line in lines:
        if not line.strip():
            continue
        data = line.removesuffix(b"\n")
        yield Line(index, data) if len(data) <= MAX_BYTES else Record(index, trouble=TOO_BIG)
        index += 1
