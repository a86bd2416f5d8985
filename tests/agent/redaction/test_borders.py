"""Where a number ends though nothing that could not stand in one is between."""

from __future__ import annotations

import pytest

from agent.redaction.borders import numeric_like, sentence_between
from agent.redaction.spoken import Reader
from agent.redaction.view import join_turns, read_words


def read(text: str) -> list[str]:
    call = join_turns([("caller", text)])
    words = read_words(call)
    return [piece.chars for piece in Reader(words, text, [False] * len(words)).pieces()]


APART = {
    "oh six twenty eight, and then the three at the back": ["0628", "3"],
    "30-91-44 and the three at the back": ["309144", "3"],
    "three three oh eight, that's two hundred seventy five": ["3308", "275"],
    "three three oh eight, it's two hundred": ["3308", "200"],
    "seven seven one two, it's ING": ["7712", "ING"],
    "four four oh eight nine four oh eight, thirty dollars": ["44089408", "30"],
    "four six four one three times": ["4641", "3"],
    "026142997 and 8548429947": ["026142997", "8548429947"],
    "309144 and 62487447": ["309144", "62487447"],
    "July 2029 and eight six seven": ["2029", "867"],
    "67-2311291. And is the ten ninety nine for me": ["672311291", "1099"],
    "since 1974. Eight, thirty one": ["1974", "831"],
    "oh six oh four. Three files are in it": ["0604", "3"],
    "six one two two. Eight people wrote": ["6122", "8"],
    "six oh four one two hundred dollars": ["6041", "200"],
    "one one eight two, two thousand pounds": ["1182", "2000"],
    "four five three two. They took forty nine dollars": ["4532", "49"],
    "309144 is the code and 62487447 the account": ["309144", "62487447"],
}
TOGETHER = {
    "nine four oh eight, nine four": "940894",
    "four two and four two": "4242",
    "four two one one. Five eight": "421158",
    "oh six oh four. Three please": "06043",
    "oh six oh four, three": "06043",
    "four two, no, four three": "4243",
    "it was 4455. Eight, thirty one": "4455831",
    "seven seven one two, it's I N G 4": "7712NG4",
}


@pytest.mark.parametrize(("said", "numbers"), APART.items(), ids=APART)
def test_something_else_begins(said: str, numbers: list[str]) -> None:
    assert read(said) == numbers


@pytest.mark.parametrize(("said", "number"), TOGETHER.items(), ids=TOGETHER)
def test_the_number_goes_on(said: str, number: str) -> None:
    assert read(said) == [number]


@pytest.mark.parametrize(
    ("text", "ends"),
    [("one two", False), ("one, two", False), ("one. two", True), ("one? two", True), ("one\ntwo", True)],
)
def test_a_sentence_ends_at_its_mark(text: str, ends: bool) -> None:
    call = join_turns([("caller", text)])
    assert sentence_between(read_words(call), text, 0, 1) is ends


@pytest.mark.parametrize(
    ("word", "goes_on"),
    [("b", True), ("7", True), ("7th", True), ("oh", True), ("forty", True), ("twelve", True), ("double", True), ("bravo", True), ("bank", False), ("please", False)],
)  # fmt: skip
def test_what_can_carry_on_a_spelled_number(word: str, goes_on: bool) -> None:
    assert numeric_like(read_words(join_turns([("caller", word)])), 0) is goes_on
