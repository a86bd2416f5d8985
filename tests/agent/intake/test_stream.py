"""Reading record by record gives what reading the whole gives, and holds no more than it must."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.intake import stream as stream_module
from agent.intake.reader import Record, Text, read, record_of
from agent.intake.stream import Item, Line, read_stream

ODD = st.sampled_from(
    [
        b'{"a": 1}',
        b" {",
        b"}",
        b'"a": 2',
        b"[",
        b"]",
        b"[1, 2]",
        b"Agent: hi",
        b"",
        b"  ",
        b"\r",
        b"\xff",
        b"{bad",
        b"7",
    ]
)
NAMES = st.sampled_from([None, "calls.jsonl", "calls.json", "call.txt", "call.vtt"])


def parsed(items: Iterator[Item]) -> Text | list[Record]:
    """The items as ``read`` gives them."""
    found = [record_of(item.index, item.data) if isinstance(item, Line) else item for item in items]
    if len(found) == 1 and isinstance(found[0], Text):
        return found[0]
    assert not any(isinstance(item, Text) for item in found)
    return [item for item in found if isinstance(item, Record)]


@given(st.lists(ODD, max_size=8), st.booleans(), st.booleans(), NAMES)
def test_the_same_as_reading_the_whole(lines: list[bytes], ended: bool, marked: bool, name: str | None) -> None:
    data = (b"\xef\xbb\xbf" if marked else b"") + b"\n".join(lines) + (b"\n" if ended else b"")
    assert parsed(read_stream(io.BytesIO(data), name)) == read(data, name)


def test_a_record_is_given_before_the_next_is_read() -> None:
    class Slow(io.BytesIO):
        lines = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            self.lines += 1
            return super().readline(size)

    slow = Slow(b'{"id": 1}\n{"id": 2}\n{"id": 3}\n')
    items = read_stream(slow)
    assert next(items) == Line(0, b'{"id": 1}')
    assert slow.lines == 1
    assert [item.index for item in items if isinstance(item, Line)] == [1, 2]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> int:
    """The limit of one record, made small for the test."""
    monkeypatch.setattr(stream_module, "MAX_BYTES", 100)
    return 100


def test_a_line_that_is_too_long_is_one_bad_record_among_good_ones(small: int) -> None:
    long = json.dumps({"id": "x" * 3 * small}).encode()
    items = list(read_stream(io.BytesIO(b'{"id": 1}\n' + long + b"\n\n" + b'{"id": 2}\n' + long)))
    assert items[0] == Line(0, b'{"id": 1}')
    assert items[2] == Line(2, b'{"id": 2}')
    for place in (1, 3):
        assert items[place] == Record(place, trouble="the record is larger than 16 MiB")


@pytest.mark.parametrize("head", [b"[\n", b"# a list of records\n", b"\xef\xbb\xbf \n x\n"])
def test_a_long_input_of_records_a_line_may_begin_with_something_else(small: int, head: bytes) -> None:
    rows = [json.dumps({"id": number}).encode() for number in range(40)]
    items = list(read_stream(io.BytesIO(head + b"\n".join(rows))))
    lines = [item for item in items if isinstance(item, Line)]
    assert [line.data for line in lines if line.data.startswith(b"{")] == rows
    assert [line.index for line in lines] == list(range(len(lines)))


def test_a_long_text_is_refused(small: int) -> None:
    for data in (b"Agent: hi\n" * small, b"x" * 3 * small, b"\n" * 3 * small):
        assert list(read_stream(io.BytesIO(data), "call.txt")) == [
            Record(0, trouble="the record is larger than 16 MiB")
        ]


def test_a_blank_input_is_nothing() -> None:
    for data in (b"", b"\n \n", b"\xef\xbb\xbf\n"):
        assert list(read_stream(io.BytesIO(data))) == []
