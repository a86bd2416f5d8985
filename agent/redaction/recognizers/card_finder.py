"""Finding cards: a number over one or several turns, then what is said with it (expiry, code, PIN)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from agent.redaction.finding import Finding, corrected_values, digits_only, labelled, windows
from agent.redaction.kinds import Kind
from agent.redaction.reading import Reading
from agent.redaction.recognizers.base import KindRecognizer
from agent.redaction.recognizers.cards import CARD, CVV, EXPIRY, KINDS, PIN, is_card
from agent.redaction.spoken import Piece, cut, make_piece

_MONTHS = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec "
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre januar februar marz mai juni juli oktober dezember".split()
)
_LONGEST = 120  # a longer run of digits is nothing that was read out; the backstop masks it whole
_OTHER_ENDINGS = frozenset(
    "subscription contract trial plan offer licence license membership agreement coupon voucher promo link passport certificate domain policy "
    "lease warranty quote code token password access visa insurance renewal".split()
)


class CardRecognizer(KindRecognizer):
    """Card numbers, security codes, expiry dates and PINs."""

    def __init__(self, bare_account: str) -> None:
        super().__init__("CardRecognizer", KINDS, bare_account)

    def find(self, reading: Reading) -> Iterator[Finding]:
        """Numbers first: codes and dates lean on them."""
        numbers = list(self._numbers(reading))
        yield from numbers
        taken = {(p.turn, p.first) for f in numbers for p in f.pieces}
        ends = [(f.pieces[-1].turn, f.pieces[-1].last) for f in numbers]
        for at, piece in enumerate(reading.pieces):
            if (piece.turn, piece.first) in taken:
                continue
            found = self._beside(reading, at, ends)
            if found is not None:
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

    def _beside(self, reading: Reading, at: int, ends: list[tuple[int, int]]) -> Finding | None:
        piece, claim = reading.pieces[at], reading.claims[at]
        names = claim.label.kinds if claim is not None and abs(claim.turns) <= 2 else ()
        if "expiry" in names and self._about_card(reading, piece, ends):
            return _expiry(reading, at)
        if reading.plain[at]:
            return None
        part = digits_only(reading.words, piece)
        if part is None or claim is None:
            return None
        size = max(len(value) for value in part.readings(4))
        if "cvv" in names and 3 <= size <= 9 and claim.distance <= 12:
            return Finding(CVV, (part,), frozenset({part.chars}), 0.95)
        if (
            "pin" in names
            and 4 <= size <= (12 if part.corrected else 6)
            and claim.distance <= 8
            and (claim.label.strong or part.corrected or any(len(value) == 4 for value in part.readings(4)))
        ):
            postal = (
                size == 6 and claim.label.last > claim.label.first and reading.words.folded[claim.label.last] == "code"
            )
            return None if postal else Finding(PIN, (part,), frozenset({part.chars}), 0.95)
        if "card" in names and size in (3, 4) and claim.passed and claim.turns == 0 and _follows(piece, ends):
            return Finding(CVV, (part,), frozenset({part.chars}), 0.6)
        return None

    def _about_card(self, reading: Reading, piece: Piece, ends: list[tuple[int, int]]) -> bool:
        """An expiry is a card's when a card is near and nothing else that can expire is."""
        words = reading.words
        begin = max(words.first[piece.turn], piece.first - 12)
        if any(word in _OTHER_ENDINGS for word in words.folded[begin : piece.first]):
            return False
        if any(abs(turn - piece.turn) <= 4 for turn, _ in ends):
            return True
        low = words.first[max(0, piece.turn - 3)]
        return any(
            set(label.kinds) & {"card", "cvv"}
            for label in reading.labels.between(low, words.first[min(piece.turn + 2, len(words.first) - 1)])
        )


def _follows(piece: Piece, ends: list[tuple[int, int]]) -> bool:
    return any(turn == piece.turn and 0 < piece.first - last <= 8 for turn, last in ends)


def _expiry(reading: Reading, at: int) -> Finding | None:
    """Month and year; a month's name in front belongs to it, and the year may come in a later turn."""
    words = reading.words
    piece = digits_only(words, reading.pieces[at]) or reading.pieces[at]
    pieces = [piece]
    if piece.digits <= 2:
        pieces += [
            reading.pieces[i] for i in reading.continuation(at, ("expiry", "card"), 4) if reading.pieces[i].digits <= 4
        ][:1]
    digits = sum(p.digits for p in pieces)
    start = piece.start
    for word in range(piece.first - 1, max(words.first[piece.turn], piece.first - 2) - 1, -1):
        if words.folded[word] in _MONTHS:
            start = words.start[word]
            break
    if digits > (16 if piece.corrected else 8) or digits < (1 if start != piece.start else 3):
        return None
    value = "".join(p.chars for p in pieces)
    return Finding(EXPIRY, (replace(piece, start=start), *pieces[1:]), frozenset({value}), 0.9)


def _self_proving(reading: Reading, at: int, stays: bool) -> Finding | None:
    """A Luhn-valid number of a card brand, in one piece or carried on over turns."""
    first = digits_only(reading.words, reading.pieces[at])
    if first is None:
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
        if part is None:
            break
        pieces.append(part)
        for value in (v for v in _joined(pieces) if 13 <= len(v) <= 19 and is_card(v)):
            return Finding(CARD, tuple(pieces), frozenset({value}), 0.75)
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
    best = max(((len(v), -b, e, v) for b, e, v in windows(piece.items, 13, 19) if is_card(v)), default=None)
    if best is not None:
        _, begin, end, value = best
        return Finding(CARD, (cut(reading.words, piece, -begin, end),), frozenset({value}), 0.9)
    return None


def _split(reading: Reading, found: Finding) -> Iterator[Finding]:
    """A complete number, then what was said in the same breath: expiry and code get their own placeholders."""
    last = found.pieces[-1]
    whole = next((p for p in reading.pieces[reading.index_at(last.first) :][:1] if p.first == last.first), last)
    rest = _after(reading, whole, last)
    if rest is None and len(found.pieces) == 1 and len(last.chars) > 16 and not last.corrected:
        best = max(((len(v), e, v) for b, e, v in windows(last.items, 13, 19) if b == 0 and is_card(v)), default=None)
        if best is not None:
            _, end, value = best
            yield replace(found, pieces=(cut(reading.words, last, 0, end),), values=frozenset({value}))
            if last.items[end:]:
                yield from _tails(make_piece(reading.words, last.items[end:], last.gaps[end:]))
            return
    yield found
    if rest is not None:
        yield from _tails(rest)
    before = _before(reading, found.pieces[0])
    if before is not None:
        yield Finding(CARD, (before,), found.values, 0.5)


def _after(reading: Reading, whole: Piece, part: Piece) -> Piece | None:
    items = [(i, item) for i, item in enumerate(whole.items) if item.first > part.last and item.shape == "digit"]
    return cut(reading.words, whole, items[0][0], items[-1][0] + 1) if items else None


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
    yield Finding(kind, (rest,), frozenset({rest.chars}), 0.6)
