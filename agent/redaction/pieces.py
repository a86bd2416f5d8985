"""Pieces of numbers: what was said as a unit, what stood between, and a run of units inside one turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Literal

from agent.redaction.view import Words
from agent.words import FILLERS

Shape = Literal["digit", "letter", "mixed"]

CORRECTING = frozenset(
    "no nope wait sorry actually scratch correction mean strike oops wrong mistake rather instead not start again".split()
)
_JOINING = frozenset(
    "dash hyphen slash stroke dot point comma space underscore then next followed by after after that number digit digits "
    "letter letters letra lettera lettre buchstabe capital upper lower case uppercase lowercase small big just a sec second one moment with me bear give "
    "is it its thats i think im the y e und et ji haan hai hold second minute uno nein hm hmm huh mhm erm ehm er uhh umm "
    "let lemme lets see where was were got here heres we go so far all together plus also scratch make that say said what "
    "did my mistake apologies pardon start over again from beginning top ill i'll".split()
)
FILLING = FILLERS
GAP_WORDS = (FILLERS | _JOINING | CORRECTING) - {"my", "here", "with", "one", "second", "also", "plus"}
"""What may stand inside a number: fillers, separators, corrections."""
_MAX_READINGS = 96


@dataclass(frozen=True, slots=True)
class Item:
    """One spoken unit: words ``first``..``last`` (inclusive) and its readings, best first.

    ``sure`` is false for what only counts between sure items: homophones, "a" and "i".
    """

    first: int
    last: int
    readings: tuple[str, ...]
    shape: Shape
    sure: bool = True
    cardinal: bool = False

    @property
    def text(self) -> str:
        return self.readings[0]


@dataclass(frozen=True, slots=True)
class Gap:
    """What stands between two items: how many words, and whether they take back what was said."""

    words: int
    corrects: bool
    sentence: bool
    listed: bool = False
    """An "and" or "or" stands there: perhaps two numbers."""


@dataclass(frozen=True)
class Piece:
    """A run of items in one turn. ``start`` and ``end`` are offsets into the joined text."""

    turn: int
    items: tuple[Item, ...]
    gaps: tuple[Gap, ...]
    start: int
    end: int
    chars: str = field(repr=False)

    @property
    def first(self) -> int:
        return self.items[0].first

    @property
    def last(self) -> int:
        return self.items[-1].last

    @property
    def digits(self) -> int:
        """How many digits the best reading has."""
        return sum(c.isdigit() for c in self.chars)

    @property
    def corrected(self) -> bool:
        return any(gap.corrects for gap in self.gaps)

    def readings(self, limit: int = _MAX_READINGS) -> Iterator[str]:
        """Every way to read the piece, best first, at most ``limit`` of them."""
        for parts in islice(product(*(item.readings for item in self.items)), limit):
            yield "".join(parts)


def make_piece(words: Words, items: tuple[Item, ...], gaps: tuple[Gap, ...]) -> Piece:
    """A piece over ``items``; ``gaps`` has one entry less."""
    first, last = items[0].first, items[-1].last
    chars = "".join(item.text for item in items)
    return Piece(words.turn[first], items, gaps, words.start[first], words.end[last], chars)


def cut(words: Words, piece: Piece, begin: int, end: int) -> Piece:
    """The part of ``piece`` made of items ``begin`` to ``end`` (exclusive)."""
    return make_piece(words, piece.items[begin:end], piece.gaps[begin : max(begin, end - 1)])
