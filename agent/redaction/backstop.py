"""The last net: a long run of digits that nothing explains is masked, and the call is flagged."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from agent.redaction.finding import Finding, digits_only
from agent.redaction.kinds import Kind, lengths
from agent.redaction.marks import encoded_identifiers
from agent.redaction.pieces import Item, Piece
from agent.redaction.reading import Reading

LONG = 12
"""Shortest digit run that may not stay unexplained (design, section 6)."""

_AROUND = 4  # words a turn of dictation may hold beside its digits
_PAUSE = 4  # turns between two turns of dictation
_TURNS = 3

_PARCEL = re.compile(r"9[1-5]\d{18,20}")
"""A parcel number of the United States Postal Service (service codes 91 to 95)."""
LONG_NUMBER = Kind("long_number", "LONG_NUMBER", "NUMBER", "card", lengths("12-40"), shape=re.compile(r"\d{12,}"))


def _said_digits(piece: Piece) -> int:
    """Digits of the piece's longest number; one or two with hundreds or millions are a sum, not digits read out."""
    cardinals = [item for item in piece.items if item.cardinal]
    longest = size = 0
    for at, item in enumerate(piece.items):
        if (at and piece.gaps[at - 1].listed) or item.shape == "letter":
            size = 0
        counted = not item.cardinal or (len(cardinals) > 2 and len(item.text) <= 4)
        size += sum(map(str.isdigit, item.text)) if counted else 0
        longest = max(longest, size)
    return longest


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
        if claim is not None and claim.label.stays and piece.digits <= claim.label.limit and claim.turns <= 2:
            continue
        part = digits_only(reading.words, piece)
        if part is not None and _PARCEL.fullmatch(part.chars) is None:
            yield Finding(LONG_NUMBER, (part,), frozenset({part.chars}), 0.4, "long_number")
    yield from _dictated(reading, taken)
    for start, end in encoded_identifiers(reading.call.text):
        if any(low < end and start < high for low, high in taken):
            continue
        turn, _ = reading.call.place(start)
        at = min(bisect_left(reading.words.start, start), len(reading.words) - 1)
        item = Item(at, at, (reading.call.text[start:end],), "mixed")
        yield Finding(
            LONG_NUMBER, (Piece(turn, (item,), (), start, end, item.text),), frozenset({item.text}), 0.4, "long_number"
        )


def _dictated(reading: Reading, taken: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    """A long number said a few digits a turn, the turns holding hardly anything else."""
    starts = {start for start, _ in taken}
    runs: dict[str, list[Piece]] = {}
    for at, piece in enumerate(reading.pieces):
        claim = reading.claims[at]
        stays = claim is not None and claim.label.stays and claim.label.strong and claim.turns <= 1
        words = reading.words.first[piece.turn + 1] - reading.words.first[piece.turn]
        short = piece.chars.isdigit() and len(piece.chars) <= 4 and words <= len(piece.chars) + _AROUND
        run = runs.setdefault(reading.speaker(piece), [])
        if run and (piece.turn - run[-1].turn > _PAUSE or not short):
            yield from _as_dictated(run)
            run.clear()
        if short and not stays and not reading.plain[at] and piece.start not in starts:
            run.append(piece)
    for run in runs.values():
        yield from _as_dictated(run)


def _as_dictated(run: Sequence[Piece]) -> Iterator[Finding]:
    value = "".join(piece.chars for piece in run)
    if len(value) >= LONG and len({piece.turn for piece in run}) >= _TURNS:
        yield Finding(LONG_NUMBER, tuple(run), frozenset({value}), 0.4, "long_number")
