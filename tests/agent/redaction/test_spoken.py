"""The spoken-number reader: what was said becomes digits and letters, with exact places."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.redaction.pieces import Piece
from agent.redaction.spoken import Reader
from agent.redaction.view import fold, join_turns, read_words


def pieces_of(text: str) -> list[Piece]:
    words = read_words(call := join_turns([("caller", text)]))
    return Reader(words, call.text, [False] * len(words)).pieces()


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("four two four two", "4242"),
        ("oh o zero nought naught", "00000"),
        ("double oh seven, triple four, treble 5", "007444555"),
        ("forty two forty two", "4242"),
        ("forty two hundred forty two hundred", "42004200"),
        ("four thousand two hundred and forty two", "4242"),
        ("one twenty three nineteen oh five", "123" + "1905"),
        ("twenty-five sixty-one", "2561"),
        ("4242, four two 42. double four", "4242424244"),
        ("four two uh four um, let me see, two", "4242"),
        ("four two, no wait, eight", "428"),
        ("for two for two for two for two", "42424242"),
        ("N L three eight seven", "NL387"),
        ("golf bravo one six", "GB16"),
        ("G for George, B as in Bravo 1 6", "GB16"),
        ("double R double u 1", "RRW1"),
        ("yankee x-ray zero", "YX0"),
        ("NL38 ABNA 3083", "NL38ABNA3083"),
        ("４２４２ ４２", "424242"),
        ("४२४२", "4242"),
        ("cuatro dos cuatro dos ocho", "42428"),
        ("treinta y uno cuarenta cinco", "31405"),
        ("ek do teen char paanch", "12345"),
        ("चार दो चार दो", "4242"),
        ("zweiundvierzig vier zwei drei", "42423"),
        ("FOUR TWO FOUR TWO IS WHAT THEY SAID TODAY", "4242"),
    ],
)
def test_best_reading(said: str, read: str) -> None:
    assert pieces_of(said)[0].chars == read


def test_tens_can_be_read_both_ways() -> None:
    assert {"4242", "40242", "42402", "402402"} == set(pieces_of("forty two forty two")[0].readings())


@pytest.mark.parametrize(
    "said",
    [
        "the new one",
        "give me one second",
        "Oh. Very sorry",
        "how do you do",
        "a lot of people",
        "it's for the card",
        "twenty first",
    ],
)
def test_everyday_words_are_no_numbers(said: str) -> None:
    assert pieces_of(said) == []


def test_prose_ends_a_piece() -> None:
    assert [p.chars for p in pieces_of("card four two then call me at five")] == ["42", "5"]


def test_a_correction_is_remembered() -> None:
    (piece,) = pieces_of("four three, sorry, four two")
    assert piece.corrected
    assert piece.chars == "4342"


def test_places_are_exact() -> None:
    text = "um, it's five two double oh, okay?"
    (piece,) = pieces_of(text)
    assert text[piece.start : piece.end] == "five two double oh"


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.text(max_size=40)), min_size=1, max_size=6))
def test_every_word_maps_back_to_its_turn(turns: list[tuple[str, str]]) -> None:
    call = join_turns(turns)
    words = read_words(call)
    for at in range(len(words)):
        turn, offset = call.place(words.start[at])
        assert turn == words.turn[at]
        assert turns[turn][1][offset : offset + len(words.written[at])] == words.written[at]


@given(st.text(max_size=200))
def test_pieces_never_overlap(text: str) -> None:
    found = pieces_of(text)
    assert all(left.end <= right.start for left, right in pairwise(found))
    assert all(piece.start < piece.end for piece in found)


def test_fold_drops_accents_and_width() -> None:
    assert (fold("Fødsel"), fold("número"), fold("４"), fold("It’s")) == ("fødsel", "numero", "4", "its")


def test_words_of_several_turns_know_their_own_place() -> None:
    turns = [("a", "it is four two"), ("b", "four two?"), ("a", "yes")]
    call = join_turns(turns)
    words = read_words(call)
    assert len(words) == 7
    turn, offset = call.place(words.start[4])
    assert (turn, turns[turn][1][offset : offset + 4]) == (1, "four")
