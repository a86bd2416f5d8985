"""Finding cards: a number over one or several turns, then what is said with it (expiry, code, PIN)."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator
from dataclasses import replace

from agent.redaction.finding import Finding, corrected_values, digits_only, goes_on, is_last_four, labelled, windows
from agent.redaction.kinds import Kind
from agent.redaction.pieces import Piece, cut, make_piece
from agent.redaction.reading import Reading
from agent.redaction.recognizers.base import KindRecognizer
from agent.redaction.recognizers.card_extras import CardEnd, is_expiry, said_again, said_with_card
from agent.redaction.recognizers.cards import CARD, CVV, EXPIRY, KINDS, is_card

_LONGEST = 120  # a longer run of digits is nothing that was read out; the backstop masks it whole


class CardRecognizer(KindRecognizer):
    """Card numbers, security codes, expiry dates and PINs."""

    def __init__(self, bare_account: str) -> None:
        super().__init__("CardRecognizer", KINDS, bare_account)

    def find(self, reading: Reading) -> Iterator[Finding]:
        """Numbers first: codes and dates lean on them."""
        numbers = list(self._numbers(reading))
        yield from numbers
        taken = {(p.turn, p.first) for f in numbers for p in f.pieces}
        ends = sorted(
            (CardEnd(f.pieces[-1].turn, f.pieces[-1].last, f.size) for f in numbers), key=lambda end: end.last
        )
        short: list[Finding] = []
        for at, piece in enumerate(reading.pieces):
            if (piece.turn, piece.first) in taken:
                continue
            found = said_with_card(reading, at, ends) or said_again(reading, at, short)
            if found is not None:
                short.append(found)
                if found.kind is EXPIRY:  # a code may follow the date of a card whose number was not said
                    insort(ends, CardEnd(found.pieces[-1].turn, found.pieces[-1].last, 0), key=lambda end: end.last)
                yield found

    def _numbers(self, reading: Reading) -> Iterator[Finding]:
        done = -1
        for at, piece in enumerate(reading.pieces):
            if piece.last <= done or reading.plain[at]:
                continue
            claim = reading.claims[at]
            found = None
            if claim is not None and "card" in claim.label.kinds:
                found = labelled(reading, at, CARD, claim)
            other = claim is not None and claim.label.strong and claim.label.kinds and "card" not in claim.label.kinds
            if not other and found is None:
                stays = claim is not None and claim.label.stays and claim.turns <= 1
                found = _self_proving(reading, at, stays)
            if found is None:
                continue
            done = found.pieces[-1].last
            yield from _split(reading, found)


def _self_proving(reading: Reading, at: int, stays: bool) -> Finding | None:
    """A Luhn-valid number of a card brand, in one piece or carried on over turns."""
    first = digits_only(reading.words, reading.pieces[at])
    if first is None or (len(first.chars) == 4 and is_last_four(reading, first)):
        return None
    pieces = [first]
    found = None if stays else _window(reading, first)
    if found is not None:
        return found
    if stays:
        proven = 13 <= len(first.chars) <= 19 and is_card(first.chars)
        return Finding(CARD, (first,), frozenset({first.chars}), 0.7) if proven else None
    for index in reading.continuation(at, ("card",), 19):
        part = digits_only(reading.words, reading.pieces[index])
        if part is None or not goes_on(reading, pieces[-1], part):
            break
        pieces.append(part)
        for value in (v for v in _joined(pieces) if 13 <= len(v) <= 19 and is_card(v)):
            return Finding(CARD, tuple(pieces), frozenset({value}), 0.75)
    return _between_two(reading, at, first) or _resumed(reading, at, first)


def _between_two(reading: Reading, at: int, first: Piece) -> Finding | None:
    """One speaker says one half of a number and the other the rest in the next turn: proven only."""
    for index in range(at + 1, min(at + 2, len(reading.pieces))):
        piece, claim = reading.pieces[index], reading.claims[index]
        part = digits_only(reading.words, piece)
        halves = part is not None and part.turn == first.turn + 1 and min(len(part.chars), len(first.chars)) >= 6
        if part is None or not halves or reading.plain[index] or (claim is not None and claim.explains):
            return None
        for value in (v for v in _joined([first, part]) if 15 <= len(v) <= 19 and is_card(v)):
            return Finding(CARD, (first, part), frozenset({value}), 0.7)
    return None


def _resumed(reading: Reading, at: int, first: Piece) -> Finding | None:
    """Taken up again after the other spoke of something else: proven only, with nothing announced by the speaker."""
    pieces = [first]
    for index in range(at + 1, min(at + 12, len(reading.pieces))):
        piece = reading.pieces[index]
        if piece.turn - pieces[-1].turn > 2:
            return None
        if reading.speaker(piece) != reading.speaker(first):
            continue
        part = digits_only(reading.words, piece)
        claim = reading.claims[index]
        named = claim is not None and (
            claim.explains or (claim.turns == 0 and not claim.passed and "card" not in claim.label.kinds)
        )
        if part is None or named or reading.plain[index] or len(part.chars) < 2:
            return None
        if not goes_on(reading, pieces[-1], part):
            return None
        pieces.append(part)
        for value in (v for v in _joined(pieces) if 15 <= len(v) <= 19 and is_card(v)):
            return Finding(CARD, tuple(pieces), frozenset({value}), 0.7)
    return None


def _joined(pieces: list[Piece]) -> Iterator[str]:
    values = [""]
    for piece in pieces:
        values = [v + r for v in values for r in piece.readings(6)][:64]
    yield from values


def _window(reading: Reading, piece: Piece) -> Finding | None:
    """A card number somewhere in a longer run of digits; corrections inside are tried without what they took back."""
    if not 12 <= len(piece.chars) <= _LONGEST:
        return None
    if piece.corrected:
        proven = next((v for v in corrected_values([piece]) if 13 <= len(v) <= 19 and is_card(v)), None)
        if proven is not None:
            return Finding(CARD, (piece,), frozenset({proven}), 0.9)
    best = max(
        ((len(v), -b, e, v) for b, e, v in windows(piece.items, 13, 19) if is_card(v) and not _crosses(piece, b, e)),
        default=None,
    )
    if best is not None:
        _, begin, end, value = best
        return Finding(CARD, (cut(reading.words, piece, -begin, end),), frozenset({value}), 0.9)
    return None


def _crosses(piece: Piece, begin: int, end: int) -> bool:
    """The stretch is two numbers with "and" between."""
    return any(gap.listed for gap in piece.gaps[begin : max(begin, end - 1)])


def _split(reading: Reading, found: Finding) -> Iterator[Finding]:
    """A complete number, then what was said in the same breath: expiry and code get their own placeholders."""
    last = found.pieces[-1]
    whole = reading.pieces[max(0, reading.index_at(last.first + 1) - 1)]
    whole = whole if whole.first <= last.first and whole.last >= last.last else last
    rest = _after(reading, whole, last)
    if rest is None and len(found.pieces) == 1 and len(last.chars) > 16 and not last.corrected:
        best = max(((len(v), e, v) for b, e, v in windows(last.items, 13, 19) if b == 0 and is_card(v)), default=None)
        if best is not None:
            _, end, value = best
            yield replace(found, pieces=(cut(reading.words, last, 0, end),), values=frozenset({value}))
            if last.items[end:]:
                rest = make_piece(reading.words, last.items[end:], last.gaps[end:])
                if not _told_apart(last, end) or is_expiry(rest) or len(rest.chars) == 3:
                    yield from _tails(rest)
            return
    yield found
    if rest is not None:
        yield from _tails(rest)
    before = _before(reading, found.pieces[0])
    if before is not None:
        yield Finding(CARD, (before,), found.values, 0.5, "beside_card")


def _after(reading: Reading, whole: Piece, part: Piece) -> Piece | None:
    items = [(i, item) for i, item in enumerate(whole.items) if item.first > part.last and item.shape == "digit"]
    if not items:
        return None
    rest = cut(reading.words, whole, items[0][0], items[-1][0] + 1)
    return None if _told_apart(whole, items[0][0]) and not is_expiry(rest) and len(rest.chars) != 3 else rest


def _told_apart(piece: Piece, at: int) -> bool:
    """Words of a new statement stand before item ``at``: "..., and it's seventy one oh five, right?"."""
    return piece.gaps[at - 1].words >= 2


def _before(reading: Reading, part: Piece) -> Piece | None:
    """Digits said right before a complete number in the same breath were a false start of it."""
    at = reading.index_at(part.first + 1) - 1
    if at < 0:
        return None
    whole = reading.pieces[at]
    ahead = [i for i, item in enumerate(whole.items) if item.last < part.first and item.shape == "digit"]
    if not ahead:
        return None
    lead = cut(reading.words, whole, ahead[0], ahead[-1] + 1)
    return lead if lead.digits >= 3 else None


def _tails(rest: Piece) -> Iterator[Finding]:
    """Three digits are a code, four a date, seven or eight both; anything else goes as part of the card."""
    kind: Kind = CVV if rest.digits == 3 else EXPIRY if rest.digits in (4, 5, 6) else CARD
    yield Finding(kind, (rest,), frozenset({rest.chars}), 0.6, "beside_card")
