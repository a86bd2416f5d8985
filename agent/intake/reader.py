"""From bytes to records: which kind of input this is, and where each record stands in it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from agent.intake.jsontext import JsonTrouble, load_json, mend

MAX_BYTES = 16 * 1024 * 1024

JSON_NAMES = frozenset({".json", ".jsonl", ".ndjson"})
TEXT_NAMES = frozenset({".txt", ".text", ".md"})
LOOKS_LIKE_JSON = re.compile(rb"\s*(\{|\[\s*[\[{\"\]])")
TOO_BIG = f"the record is larger than {MAX_BYTES // 1024 // 1024} MiB"


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the input: its place, and its JSON value, or why it has none."""

    index: int
    value: Any = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """The whole input as plain text, not JSON."""

    content: str


def read(data: bytes, name: str | None = None) -> Text | list[Record]:
    """The records of ``data`` in order, or its plain text. ``name`` helps where it ends in .json or .txt.

    Blank input gives no records. A record over 16 MiB, or one that is not UTF-8 or not JSON, carries its trouble.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    if not data.strip():
        return []
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _is_wide(data):
        return [Record(0, trouble="the input is UTF-16; save it as UTF-8")]
    suffix = PurePath(name).suffix.lower() if name else ""
    if suffix in TEXT_NAMES:
        return _text(data)
    if suffix in JSON_NAMES or LOOKS_LIKE_JSON.match(data) or _is_list(data):
        return list(_json(data))
    lines = _lines(data)
    if any(is_object_line(line) for line in lines):
        return [record_of(index, line) for index, line in enumerate(lines)]
    return _text(data)


def _is_wide(data: bytes) -> bool:
    """Whether this is UTF-16 or UTF-32 without a mark: many NUL bytes, and in some places far more than in others.

    Digits and spaces have one in any script; one byte in fifty is far fewer than any such text has.
    """
    found = sorted(data[place::4].count(0) for place in range(4))
    return sum(found) > 1 and 50 * sum(found) >= len(data) and found[3] >= 4 * found[0]


def _text(data: bytes) -> Text | list[Record]:
    if len(data) > MAX_BYTES:
        return [Record(0, trouble=TOO_BIG)]
    try:
        return Text(mend(data.decode("utf-8")))
    except UnicodeDecodeError:
        return [Record(0, trouble="the input is not UTF-8 text")]


def _json(data: bytes) -> Iterator[Record]:
    """A JSON document (an array is a list of records), or one record a line."""
    lines = _lines(data)
    if len(lines) > 1 and (len(data) > MAX_BYTES or is_object_line(lines[0])):
        yield from (record_of(index, line) for index, line in enumerate(lines))
        return
    whole = record_of(0, data)
    if whole.trouble and len(lines) > 1 and any(is_object_line(line) for line in lines[1:]):
        yield from (record_of(index, line) for index, line in enumerate(lines))
    elif isinstance(whole.value, list):
        yield from (Record(index, value) for index, value in enumerate(whole.value))
    else:
        yield whole


def _lines(data: bytes) -> list[bytes]:
    return [line for line in data.split(b"\n") if line.strip()]


def _is_list(data: bytes) -> bool:
    """Whether the whole is a JSON list; labelled text may begin with a time in brackets."""
    return data.lstrip().startswith(b"[") and isinstance(record_of(0, data).value, list)


def is_object_line(line: bytes) -> bool:
    """Whether this line, from its first column, is a JSON object of its own."""
    return line.startswith(b"{") and isinstance(record_of(0, line).value, dict)


def record_of(index: int, data: bytes) -> Record:
    """One record from its bytes; what cannot be read carries its trouble."""
    if len(data) > MAX_BYTES:
        return Record(index, trouble=TOO_BIG)
    try:
        return Record(index, load_json(data.decode("utf-8")))
    except UnicodeDecodeError:
        return Record(index, trouble="not UTF-8 text")
    except JsonTrouble as trouble:
        return Record(index, trouble=str(trouble))
