"""The listener: what can be read from a text, and that a placeholder ends it."""

from __future__ import annotations

import pytest

from evals.redaction.hearing import GAP, Ear, hear, readings, tokens, written


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("four five three two", "4532"),
        ("oh one five one", "0151"),
        ("double six, triple nine", "66999"),
        ("treble oh seven", "0007"),
        ("forty five thirty two", "4532"),
        ("nineteen oh five", "1905"),
        ("forty two hundred", "4200"),
        ("four thousand two hundred and forty two", "4242"),
        ("three hundred and five", "305"),
        ("4532, oh one", "453201"),
        ("４５ three", "453"),
        ("G B one six", "GB16"),
        ("golf bravo sixteen", "GB16"),
        ("G for George, B as in Bertie, 4", "GB4"),
        ("double A seven", "AA7"),
        ("foureightnine two", "4892"),
        ("my card, hang on, four", "4"),
        ("DE 61", "DE61"),
    ],
)
def test_what_the_plain_ear_writes_down(text: str, heard: str) -> None:
    assert hear(text, Ear()) == heard


def test_ears_differ() -> None:
    assert hear("forty two", Ear(joined=False)) == "402"
    assert hear("two hundred", Ear(joined=False)) == "200"
    assert hear("two thousand", Ear(joined=False)) == "2000"
    assert hear("for two ate", Ear(letters=False, homophones=True)) == "428"
    assert hear("August twenty seven", Ear(letters=False, months=True)) == "0827"
    assert "51" in "".join(readings("cinco uno"))
    assert "40" in "".join(readings("char shunya"))


def test_a_placeholder_ends_a_run() -> None:
    assert hear("four five <CARD_1> three", Ear()) == f"45{GAP}3"
    for hidden in ("[CARD]", "{card}", "****", "████", "XXXX", "REDACTED", "CREDIT_CARD"):
        assert not any("4532" in reading for reading in readings(f"four five {hidden} three two"))
        assert GAP in tokens(f"a {hidden} b")


def test_what_is_written_is_compared_without_signs_and_with_oh_as_zero() -> None:
    assert written("GB16-west 99 O") == "GB16WEST990"
    assert written("é１") == "E1"


def test_ordinary_words_are_passed_over() -> None:
    assert hear("one of us is here", Ear(letters=False)) == "1"
    assert hear("someone overtook the tenor", Ear(letters=False)) == ""
