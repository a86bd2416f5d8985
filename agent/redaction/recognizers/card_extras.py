"""What is said with a card: expiry date, security code, PIN; named, or known by their place behind the number."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from agent.redaction.finding import Finding, digits_only, is_last_four, put_right, values_of
from agent.redaction.labels import Claim
from agent.redaction.pieces import GAP_WORDS, Piece
from agent.redaction.reading import Reading
from agent.redaction.recognizers.cards import CVV, EXPIRY, PIN
from agent.words import COUNTED, ORDINALS, TEENS, TENS

MONTHS = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec "
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre januar februar marz mai juni juli oktober dezember "
    "gennaio febbraio aprile maggio giugno luglio settembre ottobre novembre dicembre janvier fevrier mars avril juin juillet aout septembre octobre decembre".split()
)
_OTHER_ENDINGS = frozenset(
    "subscription cover coverage contract trial plan offer licence license membership agreement coupon voucher promo link passport certificate domain policy "
    "lease warranty quote code token password access insurance renewal gift".split()
)
_DATE_CUES = frozenset(
    "date good till til until thru through valid expire expires expired expiry expiration exp expiring caduca scadenza gultig".split()
)
_CODE_CUES = frozenset(
    "code security back behind reverse strip front three four top numbers little peeche verification digits cvv cvc cv2 thing detras atras dietro retro dos hinten flipped flip turned over".split()
)
_MM_YY = re.compile(r"(?:0?[1-9]|1[0-2])(?:20)?(?:2[4-9]|3\d|4[0-5])")
_MM_YY_CODE = re.compile(rf"{_MM_YY.pattern}\d{{3,4}}")
_YEAR = re.compile(r"(?:20)?(?:2[4-9]|3\d|4[0-5])")
_AGAIN = 4  # turns
_AGAIN_SIZES = {"cvv": (3, 4), "pin": (4,), "expiry": (3, 4, 5, 6)}
_PUTTING_RIGHT = GAP_WORDS | {
    "actually",
    "oh",
    "my",
    "bad",
    "try",
    "maybe",
    "should",
    "be",
    "meant",
    "for",
    "that",
    "not",
}
_TYPING = frozenset("typed type typing put entered enter punched pressed keyed tried".split())
_TYPED_REACH = 3
_EXPIRY_REACH = 14
_CODE_REACH = 6


@dataclass(frozen=True, slots=True)
class CardEnd:
    """Where a card number ends, and how long it is."""

    turn: int
    last: int
    size: int


def is_expiry(piece: Piece) -> bool:
    """Whether the piece can be read as month and year."""
    return any(_MM_YY.fullmatch(value) for value in piece.readings(4))


def said_with_card(reading: Reading, at: int, ends: Sequence[CardEnd]) -> Finding | None:
    """Piece ``at`` as an expiry date, a security code or a PIN; None when it is neither."""
    piece, claim = reading.pieces[at], reading.claims[at]
    names = claim.label.kinds if claim is not None and abs(claim.turns) <= 4 else ()
    if is_last_four(reading, piece):
        return None
    told = (
        claim is not None
        and claim.turns > 0
        and _month_before(reading, piece) is None
        and (claim.passed or _told_already(reading, claim, piece))
    )
    typed = _typed_pin(reading, piece)
    if typed is not None:
        return typed
    if "expiry" in names and not told and not _counted(reading, piece) and _about_card(reading, piece, ends):
        found = _expiry(reading, at)
        if found is not None:
            return found
    if claim is not None and not reading.plain[at]:
        found = _named(reading, at, claim, names, ends)
        if found is not None:
            return found
    end = _card_before(piece, ends)
    dated = claim is not None and any(word.startswith("date") for word in reading.phrase(claim.label).split())
    if end is None or (claim is not None and claim.explains and not dated):
        return None
    return _dated(reading, at, end) or (None if reading.plain[at] else _coded(reading, at, end))


def _typed_pin(reading: Reading, piece: Piece) -> Finding | None:
    """Said as "I put eight four zero five and the machine says wrong", where a PIN is spoken of."""
    words = reading.words
    before = words.folded[max(words.first[piece.turn], piece.first - 3) : piece.first]
    if (
        len(piece.chars) != 4
        or not piece.chars.isdigit()
        or _TYPING.isdisjoint(before)
        or reading.plain[reading.index_at(piece.first)]
    ):
        return None
    low = words.first[max(0, piece.turn - _TYPED_REACH)]
    high = words.first[min(piece.turn + 2, len(words.first) - 1)]
    if not any("pin" in label.kinds for label in reading.labels.between(low, high)):
        return None
    return Finding(PIN, (piece,), frozenset({piece.chars}), 0.7, "beside_card")


def said_again(reading: Reading, at: int, before: Sequence[Finding]) -> Finding | None:
    """A short secret put right after it was read back: "Eight one four?" "No, eight one seven."."""
    piece = reading.pieces[at]
    claim = reading.claims[at]
    if claim is not None and claim.explains:
        return None
    for found in reversed(before):
        last = found.pieces[-1]
        if last.first >= piece.first:
            continue
        if not 1 <= piece.turn - last.turn <= _AGAIN or reading.speaker(piece) != reading.speaker(last):
            return None
        words = reading.words
        said = range(words.first[piece.turn], words.first[piece.turn + 1])
        others = {words.folded[word] for word in said if not piece.first <= word <= piece.last}
        sized = any(len(value) in _AGAIN_SIZES[found.kind.name] for value in piece.readings(4))
        if not sized or not others <= _PUTTING_RIGHT or (found.kind is EXPIRY and not is_expiry(piece)):
            return None
        return Finding(found.kind, (piece,), frozenset({piece.chars}), 0.6, "beside_card")
    return None


def _counted(reading: Reading, piece: Piece) -> bool:
    """Something is counted or paid: "thirty seven pounds"."""
    after = piece.last + 1
    return after < reading.words.first[piece.turn + 1] and reading.words.folded[after] in COUNTED


def _named(reading: Reading, at: int, claim: Claim, names: Sequence[str], ends: Sequence[CardEnd]) -> Finding | None:
    """A code or a PIN behind its announcement, perhaps one digit a turn."""
    piece = reading.pieces[at]
    phrase = reading.phrase(claim.label)
    if is_last_four(reading, piece) or (claim.turns > 0 and _last_four_asked(reading, claim)):
        return None
    if (
        "cvv" in names
        and claim.distance <= 12
        and not _told_already(reading, claim, piece)
        and (claim.label.strong or _about_card(reading, piece, ends))
    ):
        parts = _gathered(reading, at, 3, 9 if piece.corrected else 8)
        if parts:
            value = "".join(part.chars for part in parts)
            return Finding(CVV, parts, frozenset({value}), 0.95, "announced", phrase)
    if "pin" in names and claim.distance <= 12 and (claim.turns <= 2 or len(piece.chars) == 4):
        corrected = piece.corrected
        parts = _gathered(reading, at, 4, 12 if corrected else 6)
        if parts and (claim.label.strong or corrected or sum(len(part.chars) for part in parts) == 4):
            size = sum(len(part.chars) for part in parts)
            two_words = claim.label.last > claim.label.first
            if (
                (size == 6 or len(put_right(piece)) == 6)
                and two_words
                and reading.words.folded[claim.label.last] == "code"
            ):
                return None  # an Indian postal code
            value = "".join(part.chars for part in parts)
            return Finding(PIN, parts, frozenset({value}), 0.95, "announced", phrase)
    if "card" in names and claim.passed and claim.turns == 0:
        part = digits_only(reading.words, piece)
        if (
            part is not None
            and len(part.chars) in (3, 4)
            and any(end.turn == piece.turn and 0 < piece.first - end.last <= 3 for end in ends)
        ):
            return Finding(CVV, (part,), frozenset({part.chars}), 0.6, "beside_card")
    return None


def _last_four_asked(reading: Reading, claim: Claim) -> bool:
    """The last four on the back of a gift card are no security code."""
    words, turn = reading.words, reading.words.turn[claim.label.first]
    asked = words.folded[words.first[turn] : words.first[turn + 1]]
    return any(word == "last" and after in ("four", "4") for word, after in pairwise(asked))


def _told_already(reading: Reading, claim: Claim, piece: Piece) -> bool:
    """Another number of three digits or more stands between the phrase and the piece."""
    low, high = sorted((reading.index_at(claim.label.last), reading.index_at(piece.first)))
    if claim.turns <= 0:
        return False
    if bisect_left(reading.replaced, claim.label.last) < bisect_left(reading.replaced, piece.first):
        return True
    between = (other for other in reading.pieces[low:high] if other.turn != piece.turn)
    return any(other.digits >= 3 and not is_last_four(reading, other) for other in between)


def _gathered(reading: Reading, at: int, low: int, high: int) -> tuple[Piece, ...]:
    """Piece ``at``, and what carries it on while it has fewer than ``low`` digits; empty when that fits nothing."""
    first = digits_only(reading.words, reading.pieces[at])
    if first is None:
        return ()
    parts = [first]
    size = max(len(value) for value in first.readings(4))
    for index in reading.continuation(at, ("cvv", "pin", "card"), low, lone=True):
        if size >= low:
            break
        part = digits_only(reading.words, reading.pieces[index])
        if part is None or len(part.chars) > low:
            break
        parts.append(part)
        size += len(part.chars)
    return tuple(parts) if low <= size <= high else ()


def _about_card(reading: Reading, piece: Piece, ends: Sequence[CardEnd]) -> bool:
    """An expiry is a card's when a card is near and nothing else that can expire is, or by its very form."""
    words = reading.words
    begin = max(words.first[piece.turn], piece.first - 12)
    if any(
        word in _OTHER_ENDINGS or word.removesuffix("s") in _OTHER_ENDINGS for word in words.folded[begin : piece.first]
    ):
        return False
    at = bisect_left(ends, piece.first, key=lambda end: end.last)
    if any(abs(end.turn - piece.turn) <= _EXPIRY_REACH for end in ends[max(0, at - 1) : at + 1]):
        return True
    low = words.first[max(0, piece.turn - 3)]
    labels = reading.labels.between(low, words.first[min(piece.turn + 2, len(words.first) - 1)])
    if any("card" in label.kinds or (label.strong and "cvv" in label.kinds) for label in labels):
        return True
    told = reading.claims[reading.index_at(piece.first)]
    high = words.first[min(piece.turn + 2, len(words.first) - 1)]
    other = not _OTHER_ENDINGS.isdisjoint(words.folded[low:high])
    if told is not None and told.distance <= 3 and _month_before(reading, piece) is not None:
        return not other
    if told is not None and told.turns == 1 and told.label.strong and not told.passed:
        return not other  # asked for, and nothing else that expires is spoken of
    if told is None or told.distance > 2 or "expiry" not in told.label.kinds or _MM_YY.fullmatch(piece.chars) is None:
        return False
    return not other


def _card_before(piece: Piece, ends: Sequence[CardEnd]) -> CardEnd | None:
    """The nearest card number that ends at most some turns before ``piece``."""
    at = bisect_left(ends, piece.first, key=lambda end: end.last)
    return ends[at - 1] if at and piece.turn - ends[at - 1].turn <= _CODE_REACH else None


def _sentence(reading: Reading, piece: Piece) -> list[str]:
    """The folded words of the piece's sentence in front of it, ten at most."""
    words, found = reading.words, list[str]()
    for at in range(piece.first - 1, max(words.first[piece.turn], piece.first - 10) - 1, -1):
        if any(mark in reading.call.text[words.end[at] : words.start[at + 1]] for mark in ".?!;"):
            break
        found.append(words.folded[at].removesuffix("'s"))
    return found


def _question(reading: Reading, piece: Piece) -> list[str]:
    """The words of the turn before, when the other speaker said it."""
    if piece.turn == 0 or reading.call.speakers[piece.turn - 1] == reading.speaker(piece):
        return []
    words = reading.words
    begin, end = words.first[piece.turn - 1], words.first[piece.turn]
    told = any(other.digits >= 3 for other in reading.pieces[reading.index_at(begin) : reading.index_at(end)])
    return [] if told else words.folded[begin:end]


def _bare(reading: Reading, piece: Piece) -> bool:
    """Hardly anything else is said in the piece's sentence, and nothing follows it there."""
    after = piece.last + 1
    words = reading.words
    closed = after >= words.first[piece.turn + 1] or any(
        mark in reading.call.text[piece.end : words.start[after]] for mark in ".?!;"
    )
    return closed and sum(word not in GAP_WORDS for word in _sentence(reading, piece)) <= 1


def _dated(reading: Reading, at: int, end: CardEnd) -> Finding | None:
    """Month and year behind a card number, with a word for dates or on their own."""
    if end.size == 0:  # its date was said
        return None
    piece = digits_only(reading.words, reading.pieces[at]) or reading.pieces[at]
    month = _month_before(reading, piece)
    shape = _YEAR if month is not None else _MM_YY
    if not any(shape.fullmatch(value) for value in piece.readings(4)):
        return None
    asked = _question(reading, piece) if reading.words_before(piece) <= 6 else []
    whole = len(piece.chars) == 4
    opens = reading.words_before(piece) <= 2 and piece.turn - end.turn <= 2 and piece.chars[0] in "01"
    beside = whole and ((piece.turn == end.turn and piece.first - end.last <= 2) or opens or _slashed(reading, piece))
    cued = beside or not _DATE_CUES.isdisjoint([*_sentence(reading, piece), *asked])
    near = piece.turn - end.turn <= 2 or asked
    if not (cued or (near and (month is not None or _bare(reading, piece)))):
        return None
    if not _OTHER_ENDINGS.isdisjoint(_sentence(reading, piece)):
        return None
    start = piece.start if month is None else reading.words.start[month]
    return Finding(EXPIRY, (replace(piece, start=start),), frozenset({piece.chars}), 0.6, "beside_card")


def _slashed(reading: Reading, piece: Piece) -> bool:
    """Written as cards have it: 07/28."""
    return re.fullmatch(r"[01]\d[/-]\d\d", reading.call.text[piece.start : piece.end]) is not None


def _coded(reading: Reading, at: int, end: CardEnd) -> Finding | None:
    """Three digits, four with an Amex, behind a card number, with a word for codes or as a bare answer."""
    piece = reading.pieces[at]
    sizes = (3, 4) if end.size == 15 else (3,)
    if not any(len(value) in sizes and value.isdigit() for value in piece.readings(4)):
        return None
    asked = _question(reading, piece) if reading.words_before(piece) <= 6 else []
    cued = not _CODE_CUES.isdisjoint([*_sentence(reading, piece), *asked])
    answers = bool(asked) and piece.turn - end.turn <= 2 and _bare(reading, piece)
    if not (cued or answers):
        return None
    return Finding(CVV, (piece,), frozenset(v for v in piece.readings(4) if len(v) in sizes), 0.6, "beside_card")


def _month_before(reading: Reading, piece: Piece) -> int | None:
    """The word that names a month right before the piece, "of" allowed between."""
    words = reading.words
    for word in range(piece.first - 1, max(words.first[piece.turn], piece.first - 2) - 1, -1):
        if words.folded[word] in MONTHS:
            return word
    return None


def _day_near(reading: Reading, month: int) -> bool:
    """A day stands beside the month, "the fourth of August", "March eleventh": cards have none."""
    words = reading.words
    begin, end = words.first[words.turn[month]], words.first[words.turn[month] + 1]
    beside = words.folded[max(begin, month - 2) : min(month + 2, end)]
    named = words.folded[month - 1] if month > begin else ""
    return not ORDINALS.keys().isdisjoint(beside) or named in TENS or named in TEENS or named.isdigit()


def _expiry(reading: Reading, at: int) -> Finding | None:
    """Month and year; a month's name in front belongs to it, and the year may come in a later turn."""
    piece = digits_only(reading.words, reading.pieces[at]) or reading.pieces[at]
    claim = reading.claims[at]
    pieces = [piece]
    if piece.digits <= 2:
        more = (i for i in reading.continuation(at, ("expiry", "card"), 4, lone=True) if reading.pieces[i].digits <= 4)
        for index in more:
            pieces.append(reading.pieces[index])
            if sum(p.digits for p in pieces) >= 3:
                break
    digits = sum(p.digits for p in pieces)
    month = _month_before(reading, piece)
    if month is not None and (_day_near(reading, month) or (digits in (2, 4) and not _YEAR.fullmatch(piece.chars))):
        return None
    start = piece.start if month is None else reading.words.start[month]
    if digits > (16 if piece.corrected else 8) or digits < (1 if month is not None else 3):
        return None
    value = "".join(p.chars for p in pieces)
    if (
        not piece.corrected
        and month is None
        and claim is not None
        and (claim.passed or claim.turns > 1 or digits > 4 or digits == 3 or claim.label.first > piece.last)
        and not any(
            _MM_YY.fullmatch(value) or (digits > 6 and _MM_YY_CODE.fullmatch(value)) for value in values_of(pieces, 8)
        )
    ):
        return None
    phrase = None if claim is None else reading.phrase(claim.label)
    return Finding(EXPIRY, (replace(piece, start=start), *pieces[1:]), frozenset({value}), 0.9, "announced", phrase)
