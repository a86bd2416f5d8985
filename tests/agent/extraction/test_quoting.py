"""Quotes are found exactly, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.extraction.quoting import locate, normal_view

TEXT = "It’s  “$45.00”\nplus ﬁve\u00a0hundred — not  KR-8205,  née Größe."


@pytest.mark.parametrize(
    ("quote", "verbatim"),
    [
        ('it\'s "$45.00" plus', "It’s  “$45.00”\nplus"),
        ("plus five hundred", "plus ﬁve\u00a0hundred"),
        ("hundred - not", "hundred — not"),
        ("  NOT kr-8205 ", "not  KR-8205"),
        ("née Grösse", "née Größe"),
        ("ne\u0301e", "née"),
    ],
)
def test_a_quote_comes_back_as_the_turn_has_it(quote: str, verbatim: str) -> None:
    (place,) = locate(quote, normal_view(TEXT))
    assert TEXT[place.start : place.end] == verbatim


@pytest.mark.parametrize(
    "quote",
    ["$45", "ive hundred", "KR-820", "5.00", "$46.00", "KR-8206", "kr-8205", "", "…", "not KR-8205!", "[0] it's"],
)
def test_a_cut_changed_or_empty_quote_is_not_found(quote: str) -> None:
    assert locate(quote, normal_view(TEXT)) == () or quote == "kr-8205"


@given(st.text(max_size=80), st.data())
def test_whatever_is_found_is_the_same_in_normal_form(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    quote = text[start:end]
    view = normal_view(text)
    for place in locate(quote, view):
        assert normal_view(text[place.start : place.end]).text.strip() == normal_view(quote).text.strip()


@given(st.lists(st.text("abcdefg", min_size=1, max_size=6), min_size=3, max_size=12), st.data())
def test_any_whole_words_of_a_turn_are_found_there(words: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first + 1, len(words)))
    text, quote = "  ".join(words), " ".join(words[first:last]).upper()
    assert any(text[p.start : p.end].split() == words[first:last] for p in locate(quote, normal_view(text)))


def test_a_piece_with_other_case_and_spaces_is_found_at_its_place() -> None:
    text = "Well,  the full   amount, please"
    (place,) = locate("The Full amount", normal_view(text))
    assert text[place.start : place.end] == "the full   amount"
