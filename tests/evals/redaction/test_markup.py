"""What is written in the markup is what is read; a broken line is told with its place and what to do."""

from __future__ import annotations

import re

import pytest

from evals.redaction.build import fill, scripts
from evals.redaction.markup import (
    Fixed,
    Keep,
    KeepNumber,
    MarkupError,
    Name,
    Script,
    Slot,
    Text,
    read_markup,
)


def one(text: str) -> Script:
    (script,) = read_markup(text, "x.txt")
    return script


def test_everything_at_once() -> None:
    script = one(
        "# a comment\n@ india no_punct\na: What's the <any>?\n"
        "c: It's [pan_visa 4532~4531 4532|four five three one, no, two] and {INV 5} or {#6-9:words}, {#=}.\n"
        "a: [us_ssn:tens] [us_ssn=] [us_ein!] [us_ein?:oh] [any]\n"
    )
    assert script.tags == ("india", "no_punct")
    assert [turn.speaker for turn in script.turns] == ["agent", "customer", "agent"]
    assert [part for part in script.parts if not isinstance(part, Text)] == [
        Name(),
        Fixed("pan_visa", "4532", "4531 4532", "four five three one, no, two"),
        Keep("INV 5"),
        KeepNumber(6, 9, "words"),
        KeepNumber(0, 0, None),
        Slot("us_ssn", "tens"),
        Slot("us_ssn", again=True),
        Slot("us_ein", corrected=True),
        Slot("us_ein", "oh", damaged=True),
        Slot("any"),
    ]
    assert script.positive
    assert script.open_type
    assert script.generated


def test_parts_know_how_many_they_are() -> None:
    script = one("c: [pan_visa/1]\na: yes\nc: [pan_visa/2:words]\na: and\nc: [pan_visa/3]")
    slots = [part for part in script.parts if isinstance(part, Slot)]
    assert [(slot.part, slot.of) for slot in slots] == [(1, 3), (2, 3), (3, 3)]


def test_two_values_in_parts_in_one_call() -> None:
    script = one("c: [us_ssn/1] [us_ssn/2]\nc: [us_ssn/1] [us_ssn/2] [us_ssn/3]")
    assert [part.of for part in script.parts if isinstance(part, Slot)] == [2, 2, 3, 3, 3]


def test_blank_lines_part_snippets_and_comments_do_not() -> None:
    found = read_markup("c: one\n# still the same\na: two\n\n\n# lone comment\n\nc: three\n", "x.txt")
    assert [(script.position, script.line, len(script.turns)) for script in found] == [(0, 1, 2), (1, 8, 1)]


def test_fixed_pieces_join_in_one_group() -> None:
    script = one("c: [pin/1 4|four]\na: yes\nc: [pin/2 072|oh seven two]\nc: [pin 4072|4072]")
    spans = fill(script, 0, 1).spans
    assert [(span.group, span.piece) for span in spans] == [("g1", "4"), ("g1", "072"), ("g2", "4072")]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("c: hello\nthe caller says", 2, "no speaker"),
        ("x: hello", 1, "no speaker"),
        ("\n\nc: [visa]", 3, "no type is called visa"),
        ("c: [pan_visa:loud]", 1, "no form is called loud"),
        ("c: [pan_visa", 1, "lone"),
        ("c: open } brace", 1, "lone"),
        ("c: {}", 1, "empty braces"),
        ("c: {#x}", 1, "no number"),
        ("c: {#9-6}", 1, "no length"),
        ("c: {#6:loud}", 1, "no number"),
        ("c: {#=}", 1, "was not said"),
        ("c: [us_ssn=]", 1, "was not said"),
        ("c: [us_ssn/2]", 1, "out of order"),
        ("c: [us_ssn/1] and [us_ssn/3]", 1, "out of order"),
        ("c: [us_ssn/1]", 1, "one part only"),
        ("c: [us_ssn] [us_ssn=!]", 1, "said again"),
        ("c: [us_ssn ~5|five]", 1, "without its value"),
        ("c: [us_ssn:words 430|four three oh]", 1, "takes no form"),
        ("c: [any 430|four three oh]", 1, "takes no form"),
        ("c: [us ssn]", 1, "cannot be read"),
        ("c: one\n@ tag", 2, "tags stand"),
        ("@ only tags", 1, "without turns"),
    ],
)
def test_a_broken_line_is_told(text: str, line: int, what: str) -> None:
    with pytest.raises(MarkupError, match=rf"calls\.txt line {line}: .*{re.escape(what)}.*; \w+"):
        read_markup(text, "calls.txt")


def test_what_is_written_comes_out_word_for_word() -> None:
    text = "a: Card?\nc: Sure, [pan_visa 4532015112830366|four five three two oh one five one one two eight three oh three six six], ref {R 55}."
    made = fill(one(text), 0, 1)
    plain = re.sub(r"\[[^|\]]+\|([^\]]+)\]|\{([^}]+)\}", lambda m: m[1] or m[2], text)
    assert [f"{who[0]}: {words}" for who, words in made.turns] == plain.splitlines()
    (span,) = made.spans
    assert made.turns[span.turn][1][span.start : span.end] == span.text
    assert made.keep == ("R 55",)


@pytest.mark.parametrize("folder", ["snippets", "templates"])
def test_the_committed_files_are_read(folder: str) -> None:
    assert len(scripts(folder)) >= 150
    assert all(not script.generated for script in scripts("snippets"))
