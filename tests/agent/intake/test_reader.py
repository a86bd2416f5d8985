from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.call import Call
from agent.intake import MAX_BYTES, BadRecord, parse
from tests.agent.intake.test_canonical import record, refused

CALL = json.dumps(record()).encode()


def ids(data: bytes, name: str | None = None) -> list[str]:
    """The call ids of ``data`` in order, and the message of what is no call."""
    return [item.call_id if isinstance(item, Call) else item.message for item in parse(data, name=name)]


def numbered(*names: str) -> list[bytes]:
    return [json.dumps(record(call_id=name)).encode() for name in names]


def test_one_object_a_list_of_objects_and_one_object_a_line_are_the_same() -> None:
    a, b = numbered("a", "b")
    assert ids(a) == ["a"]
    assert ids(json.dumps(record(call_id="a"), indent=2).encode()) == ["a"]
    assert ids(b"[" + a + b",\n" + b + b"]") == ["a", "b"]
    assert ids(a + b"\n" + b + b"\n") == ["a", "b"]
    assert ids(a + b"\r\n\r\n" + b) == ["a", "b"], "blank lines and Windows line ends do not matter"


def test_a_byte_order_mark_does_not_matter() -> None:
    assert ids(b"\xef\xbb\xbf" + CALL) == ["call_fern_7"]


def test_a_line_separator_inside_a_text_does_not_split_the_line() -> None:
    odd = json.dumps(record(call_id="a", summary="one\u2028two"), ensure_ascii=False).encode()
    assert ids(odd + b"\n" + numbered("b")[0]) == ["a", "b"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the input is empty"),
        (b" \n\t ", "the input is empty"),
        (b"\xef\xbb\xbf", "the input is empty"),
        (b"\xff\xfe{\x00}\x00", "the input is UTF-16; save it as UTF-8"),
        (b"caf\xe9 and more", "the input is not UTF-8 text"),
        (b'{"call_id": "caf\xe9"}', "not UTF-8 text"),
        (b'{"call_id": ', "not valid JSON (column 13)"),
        (b"[1, 2]", None),
        (b"[]", None),
        (b"{}", "the record has no turns and is of no known format"),
        (b'{"call_id": "x"}', "turns is missing"),
        (b'{"call_id": "a", "call_id": "b"}', "the field call_id stands there twice"),
        (
            b'{"4242424242424242": 1, "4242424242424242": 2}',
            "the field (a field with an unusual name) stands there twice",
        ),
        (b'{"turns": NaN}', "NaN is not a JSON number"),
        (b'{"turns": -Infinity}', "-Infinity is not a JSON number"),
        (b'{"turns": 1e999}', "a number is too large"),
        (b'{"turns": ' + b"9" * 5000 + b"}", "a number has more than 300 digits"),
        (b'{"turns": ' + b"[" * 61 + b"]" * 61 + b"}", "nested deeper than 60 levels"),
        (b'{"turns": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "nested deeper than 60 levels"),
        (b'{"call_id": "x\x00"}', "not valid JSON (column 15)"),
    ],
)
def test_bad_input_is_one_sentence(data: bytes, message: str | None) -> None:
    if message is not None:
        assert refused(data) == message
    else:
        assert not any(isinstance(item, Call) for item in parse(data))


def test_a_list_of_things_that_are_no_records_names_each() -> None:
    assert parse(b'[1, "x"]') == [BadRecord(n, "the record must be a JSON object") for n in (0, 1)]


def test_bad_lines_among_good_ones_keep_their_places() -> None:
    a, b = numbered("a", "b")
    data = b"\n".join([a, b'{"broken', b'{"call_id": "x", "turns": "\xff"}', b"nonsense", b])
    assert ids(data) == [
        "a",
        "not valid JSON (column 2)",
        "not UTF-8 text",
        "not valid JSON (column 1)",
        "b",
    ]
    assert [item.index for item in parse(data) if isinstance(item, BadRecord)] == [1, 2, 3]


def test_lines_are_records_also_when_the_first_is_broken() -> None:
    assert ids(b'{"broken\n' + numbered("b")[0]) == ["not valid JSON (column 2)", "b"]
    assert ids(b"nonsense\n" + numbered("b")[0]) == ["not valid JSON (column 1)", "b"]


def test_a_broken_document_over_several_lines_is_one_bad_record() -> None:
    text = json.dumps(record(), indent=2)[:-3].encode()
    (only,) = parse(text)
    assert isinstance(only, BadRecord)
    assert only.message.startswith("not valid JSON (line ")


def test_lone_surrogates_are_replaced_one_for_one() -> None:
    text = '{"call_id": "a", "summary": "\\ud83d", "turns": [{"text": "x \\ud800 y \\ud83d\\ude00"}]}'
    (call,) = parse(text.encode())
    assert isinstance(call, Call)
    assert call.turns[0].text == "x \ufffd y \U0001f600"
    assert refused(b'{"call_id": "a\\ud800", "turns": [{"text": "x"}]}').startswith("call_id must be")


def test_ten_megabytes_of_text_are_read_in_good_time() -> None:
    lines = b"".join(b"Agent: the balance is fine.\n and it goes on here\n" for _ in range(200_000))
    started = time.perf_counter()
    (call,) = parse(lines, call_id="big")
    assert isinstance(call, Call)
    assert (len(lines) > 9_500_000, len(call.turns)) == (True, 200_000)
    (wrapped,) = parse(b"Agent: hello\n" + b"and on and on and on it goes\n" * 100_000, call_id="big")
    assert isinstance(wrapped, Call)
    assert len(wrapped.turns) == 1
    assert time.perf_counter() - started < 20


def test_a_record_over_the_cap_is_refused_and_a_file_of_many_is_not() -> None:
    big = json.dumps(record(call_id="big", summary="x" * MAX_BYTES)).encode()
    assert refused(big) == "the record is larger than 16 MiB"
    assert ids(big + b"\n" + numbered("b")[0]) == ["the record is larger than 16 MiB", "b"]
    assert refused(b"x" * (MAX_BYTES + 1), call_id="a") == "the record is larger than 16 MiB"


@pytest.mark.parametrize(
    ("name", "kind"), [("a.json", BadRecord), ("a.jsonl", BadRecord), ("a.txt", Call), (None, Call)]
)
def test_the_files_name_decides_where_the_text_does_not(name: str | None, kind: type) -> None:
    (only,) = parse(b"Agent: hello", name=name, call_id="a")
    assert isinstance(only, kind)


@given(st.binary(max_size=300))
def test_no_bytes_at_all_make_it_stumble(data: bytes) -> None:
    assert all(isinstance(item, Call | BadRecord) for item in parse(data, call_id="a"))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_FIELDS = st.sampled_from(
    "call_id workspace_id started_at ended_at direction from_number turns metadata summary transcript payload "
    "event_type extracted_data id status timeline duration call".split()
)


@given(st.dictionaries(_FIELDS, _JSON, max_size=8))
def test_no_values_in_known_fields_make_it_stumble(value: dict[str, object]) -> None:
    (only,) = parse(json.dumps(value).encode("utf-8", "surrogatepass"), call_id="a")
    assert isinstance(only, Call | BadRecord)
