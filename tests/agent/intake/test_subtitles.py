from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.intake.marked import marked_parts
from agent.intake.subtitles import Part, spoken, subtitle_parts

SRT = """\
1
00:00:01,000 --> 00:00:02,900
Agent: what is the <i>number</i>?

2
00:00:03,000 --> 00:00:04,900
Customer: two one
nine

3
00:00:05,000 --> 00:00:06,900
and nine
"""
VTT = """\
WEBVTT - a call
Kind: captions
X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000

NOTE
call_id: rb-1190

STYLE
::cue { color: #123456; }

4c9e1a2b-77/12-0
00:01.000 --> 00:02.900 line:0 position:20% size:60% align:start
<v.loud Agent>what is it?</v>

00:03.000 --> 00:04.900
<v Maria Lopez>two<00:03.500><c> one</c>&nbsp;nine
"""


def parts(text: str) -> list[Part]:
    found = subtitle_parts(text)
    assert found is not None
    assert "".join(part.text for part in found) == text
    return found


def said(found: list[Part]) -> list[tuple[str | None, str]]:
    return [(part.who, part.text.strip()) for part in found if part.kind == "said"]


def test_srt_is_words_by_speaker_and_the_rest_is_kept() -> None:
    found = parts(SRT)
    assert said(found) == [
        ("agent", "what is the"),
        ("agent", "number"),
        ("agent", "?"),
        ("customer", "two one"),
        ("customer", "nine"),
        ("customer", "and nine"),
    ]
    assert {part.text for part in found if part.kind == "layout"} >= {"1\n", "00:00:01,000 --> 00:00:02,900\n", "<i>"}


def test_vtt_header_notes_ids_settings_and_voices_are_not_speech() -> None:
    found = parts(VTT)
    assert said(found) == [
        ("agent", "what is it?"),
        ("maria lopez", "two"),
        ("maria lopez", "one"),
        ("maria lopez", "nine"),
    ]
    layout = {part.text.strip() for part in found if part.kind == "layout"}
    assert layout >= {
        "X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000",
        "00:01.000 --> 00:02.900 line:0 position:20% size:60% align:start",
    }
    assert "NOTE\ncall_id: rb-1190\n" in {part.text for part in found if part.kind == "beside"}


@pytest.mark.parametrize(
    "times",
    [
        "00:00:01,000 --> 00:00:02,900",
        "00:00:01.000 --> 00:00:02.900",
        "00:01.000 --> 00:02.900",
        "0:01 --> 0:02",
        "00:00:01,000 -> 00:00:02,900",
        "00:00:01,000-->00:00:02,900 X1:040 X2:600 Y1:020 Y2:050",
        "0:00:01.000,0:00:02.900",
        "100:00:01.000 --> 100:00:02.900 region:fred",
    ],
)
def test_time_lines_as_programs_write_them(times: str) -> None:
    assert Part(f"{times}\n", "layout") in parts(f"1\n{times}\nhello\n")


@pytest.mark.parametrize(
    "text",
    [
        "1\n00:01.000 --> 00:02.000 4242 4242 4242 4242\n",
        "1\n00:01.000 --> 00:02.000 line:4242424242424242\n",
        "4242424242424242\n00:01.000 --> 00:02.000\nhi\n",
        "WEBVTT\n\nNOTE 4242 4242 4242 4242\n\n00:01.000 --> 00:02.000\nhi\n",
        "1\n00:01.000 --> 00:02.000\n<v 4242 4242 4242 4242>hi\n",
        "1\n4242 4242 4242 4242 --> 00:02.000\n00:01.000 --> 00:02.000\nhi\n",
    ],
)
def test_a_line_with_a_card_number_is_not_layout(text: str) -> None:
    assert "42" not in "".join(part.text for part in parts(text) if part.kind != "said")
    assert "4242" in "".join(words for _, words in said(parts(text)))


def test_a_number_that_is_spoken_is_no_cue_number() -> None:
    text = "1\n00:01.000 --> 00:02.000\n4242\n4242\n\n2\n00:03.000 --> 00:04.000\n4242\n3\n00:05.000 --> 00:06.000\n"
    assert [words for _, words in said(parts(text))] == ["4242", "4242", "4242"]
    assert [part.text for part in parts(text) if part.text in {"1\n", "2\n", "3\n"} and part.kind == "layout"] == [
        "1\n", "2\n", "3\n",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["Agent: hi\nCustomer: hi", "an arrow --> there", "WEBVTTX\nhello", ""])
def test_other_text_is_no_subtitle(text: str) -> None:
    assert subtitle_parts(text) is None


@pytest.mark.parametrize(
    ("line", "who", "words"),
    [
        ("Speaker 2: hello", "speaker 2", "hello"),
        ("[Agent] hello", "agent", "hello"),
        ("<i>Caller: hello</i>", "caller", "hello"),
        ("I said: hello", None, "I said: hello"),
    ],
)
def test_labels_in_a_line(line: str, who: str | None, words: str) -> None:
    assert [(part.who, part.text) for part in spoken(line, None) if part.kind == "said"] == [(who, words)]


PIECE = st.sampled_from(
    [
        "\n", "\r\n", "\n\n", "1", "2", "00:01.000 --> 00:02.000", " line:0", "WEBVTT", "NOTE", "<v Agent>", "</v>", "&nbsp;",
        "Agent: ", "Speaker 1: ", "four two", "4242", "[00:04] ", "00:04", "\u2028", "\r", "<", ">", "\ufeff", "é",
    ]
)  # fmt: skip


@given(st.lists(st.one_of(PIECE, st.text(max_size=4)), max_size=30).map("".join))
def test_stretches_put_together_are_the_text(text: str) -> None:
    for found in (subtitle_parts(text), marked_parts(text)):
        assert found is None or "".join(part.text for part in found) == text


def marks(text: str) -> list[tuple[str | None, str]]:
    found = marked_parts(text)
    assert found is not None
    assert "".join(part.text for part in found) == text
    return said(found)


@pytest.mark.parametrize(
    "head",
    [
        "00:04 Speaker 2", "Speaker 2 00:04", "Speaker 2 (00:04):", "[00:04] Speaker 2:", "Speaker 2:", "0:00:04 - Speaker 2",
        "  Speaker 2   |  00:04",
    ],
)  # fmt: skip
def test_a_line_of_a_speaker_and_a_time_is_layout(head: str) -> None:
    assert marks(f"hello\n{head}\ntwo one nine\n") == [(None, "hello"), ("speaker 2", "two one nine")]


def test_names_label_too_but_numbers_read_out_are_no_names() -> None:
    assert marks("Maria Lopez 0:04\nhello\nTom 0:09\nhi") == [("maria lopez", "hello"), ("tom", "hi")]
    assert marks("Agent 0:01\nyes?\nFour Two 42:42\n")[1] == ("agent", "Four Two 42:42")


def test_times_before_the_words_are_layout_when_they_run() -> None:
    assert marks("0:04 two one nine\n0:09\nnine nine\n") == [(None, "two one nine"), (None, "nine nine")]
    assert marks("[00:04] two one nine\n") == [(None, "two one nine")]
    assert marked_parts("42:42\n42:42\n42:42\n42:42\n") is None
    assert marked_parts("12:30 is fine\n11:15 is not\n") is None


@pytest.mark.parametrize("text", ["Agent: hi\nCustomer: hi", "[00:01] Agent: hi\n[00:02] Customer: hi", "hello", ""])
def test_text_without_such_marks_is_left_to_others(text: str) -> None:
    assert marked_parts(text) is None


@pytest.mark.parametrize(
    "text",
    ["Agent" + " " * 200_000 + "x", "<v " * 60_000, "1\n" * 100_000, "00:01 --> 00:02" + " line:1" * 30_000 + "!"],
)
def test_no_text_takes_long(text: str) -> None:
    began = time.perf_counter()
    subtitle_parts(text)
    marked_parts(text)
    subtitle_parts("WEBVTT\n\n" + text)
    assert time.perf_counter() - began < 5
