"""The last net: a long run of digits that nothing explains is masked, and the call is flagged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agent.redaction.finding import Finding, digits_only
from agent.redaction.kinds import Kind, lengths
from agent.redaction.reading import Reading
from agent.redaction.spoken import Piece

LONG = 12
"""Shortest digit run that may not stay unexplained (design, section 6)."""

LONG_NUMBER = Kind("long_number", "LONG_NUMBER", "NUMBER", "card", lengths("12-40"), shape=re.compile(r"\d{12,}"))


def _said_digits(piece: Piece) -> int:
    """Digits of the piece; one or two numbers with hundreds or millions are a sum, not digits read out."""
    cardinals = [item for item in piece.items if item.cardinal]
    return piece.digits - (sum(len(item.text) for item in cardinals) if len(cardinals) <= 2 else 0)


def unexplained(reading: Reading, taken: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    """Findings for digit runs of at least ``LONG`` outside ``taken``, unless a phrase explains them."""
    covered = iter(sorted(taken))
    span = next(covered, None)
    for at, piece in enumerate(reading.pieces):
        while span is not None and span[1] <= piece.start:
            span = next(covered, None)
        if (span is not None and span[0] < piece.end) or _said_digits(piece) < LONG:
            continue
        claim = reading.claims[at]
        if claim is not None and claim.label.stays and piece.digits <= claim.label.limit and claim.turns <= 1:
            continue
        part = digits_only(reading.words, piece)
        if part is not None:
            yield Finding(LONG_NUMBER, (part,), frozenset({part.chars}), 0.4)
