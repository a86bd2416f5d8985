"""Deciding whether a piece, or several, is an identifier: announcing words together with the check."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice, pairwise, product

from agent.redaction.context import BY_NAME, OWN_ACCOUNT
from agent.redaction.kinds import Kind
from agent.redaction.labels import ENDINGS, Claim
from agent.redaction.pieces import GAP_WORDS, Gap, Item, Piece, cut, make_piece
from agent.redaction.reading import Reading
from agent.redaction.reasons import Check, FoundBy, Reason
from agent.redaction.recognizers.bank import ACCOUNT, BANK_CUES
from agent.redaction.recognizers.bank import KINDS as BANK_KINDS
from agent.redaction.view import Words
from agent.words import FILLERS

_COMMON = frozenset(
    "is it its the a an my our your and or to for of on in at was are be so um uh er no yes ok okay right that this thats well then just number code card "
    "account here like hi hey you me we he she they i am will would can do does did have has had not but if as by from with about please what which "
    "who how when where why there hang hold wait let see read say says said write put take give got get think also been more one new old same other".split()
)
_BANK_NAMES = frozenset(kind.name for kind in BANK_KINDS)
_IBAN_BEGINS = re.compile(
    r"(?:A[DELTZ]|B[AEGHRY]|C[HRYZ]|D[EKO]|E[EGS]|F[IOR]|G[BEILRT]|H[RU]|I[ELQRST]|JO|K[WZ]|L[BCITUV]|M[CDEKRTU]|N[LO]"
    r"|P[KLST]|QA|R[OS]|S[AEIKMV]|T[LNR]|UA|VG|XK)\d\d[A-Z0-9]{4}"
)
_TAX_CODE = re.compile(r"[SC]?\d{3,4}[LMNT]|K\d{2,4}|BR|NT|[DS]0")
"""A British tax code ("1257L"): how much is free of tax, not whose."""
_PAYING = frozenset("send pay put deposit credit transfer refund wire".split())
_IBAN_HEAD = re.compile(r"[A-Z]{2}\d\d")
_REFERENCE = re.compile(r"[A-Za-z]{1,6}[-/][0-9]")
_BANK_LENGTH = 11  # a bare "account number" this long is taken for a bank's whatever the setting says
_USUAL_ACCOUNT = 8  # digits after which a bank account goes on only if it was broken off
_USUAL_TAX_ID = 9
_ANY_PASSES = frozenset(("us_ssn", "us_ein", "kr", "dk_cpr"))
"""Kinds whose check nearly every number of the right length passes."""
_NEAR = 300  # words; a turn may be a whole recording
_BUDGET = 4000
_VALUES = 24


@dataclass(frozen=True)
class Finding:
    """One identifier: where it stands (one piece a turn, usually), every value it may have, and how it was found."""

    kind: Kind
    pieces: tuple[Piece, ...]
    values: frozenset[str] = field(repr=False)
    score: float
    found_by: FoundBy = "proves_itself"
    announced_by: str | None = None

    @property
    def size(self) -> int:
        return sum(len(piece.chars) for piece in self.pieces)

    @cached_property
    def reason(self) -> Reason:
        """Why it goes, without its value."""
        passed = any(self.kind.proven(value) for value in self.values)
        check: Check = "none" if not self.kind.checks else "passed" if passed else "failed"
        return Reason(self.kind.name, self.found_by, self.announced_by, check)


def values_of(pieces: Sequence[Piece], limit: int = _VALUES) -> list[str]:
    """The ways to read several pieces as one value, best first."""
    return ["".join(parts) for parts in islice(product(*(list(p.readings(8)) for p in pieces)), limit)]


def corrected_values(pieces: Sequence[Piece]) -> Iterator[str]:
    """Values with the taken-back characters before a correction left out."""
    items = [item for piece in pieces for item in piece.items]
    marks = []
    at = 0
    for number, piece in enumerate(pieces):
        for gap in piece.gaps:
            at += 1
            if gap.corrects:
                marks.append(at)
        at += 1
        if number + 1 < len(pieces):
            marks.append(at)
    for mark in marks[:4]:
        before = "".join(item.text for item in items[:mark])
        after = "".join(item.text for item in items[mark:])
        for dropped in range(1, min(len(before), 16) + 1):
            yield before[:-dropped] + after


def proves(kind: Kind, pieces: Sequence[Piece]) -> frozenset[str]:
    """Every reading of the pieces that passes the kind's check."""
    found = [value for value in values_of(pieces) if kind.proven(value)]
    if not found and any(piece.corrected for piece in pieces):
        found = [value for value in corrected_values(pieces) if kind.proven(value)]
    return frozenset(found)


def is_last_four(reading: Reading, piece: Piece) -> bool:
    """Said as "ending in 4242", "the last four are ...": what may stay of a card or account."""
    words = reading.words
    begin = max(words.first[piece.turn], piece.first - 7)
    named = next((at for at in range(piece.first - 1, begin - 1, -1) if _names_extra(reading, at)), begin - 1)
    before = words.folded[named + 1 : piece.first]
    behind = words.folded[piece.last + 1 : min(words.first[piece.turn + 1], piece.last + 5)]
    said = any(word in ENDINGS and before[at + 1 : at + 2] != ["of"] for at, word in enumerate(before))
    return said or "ending" in behind or behind[:3] == ["as", "the", "last"]


def _names_extra(reading: Reading, at: int) -> bool:
    """A date or a code is announced there."""
    label = reading.labels.at.get(at)
    return label is not None and not {"expiry", "cvv", "pin"}.isdisjoint(label.kinds)


def goes_on(reading: Reading, left: Piece, right: Piece) -> bool:
    """Hardly a word between two parts of a number that nobody announces."""
    words = reading.words
    if is_last_four(reading, right):
        return False
    if left.turn == right.turn:
        between = words.folded[left.last + 1 : right.first]
        return sum(word not in GAP_WORDS for word in between) <= 1
    opening = words.folded[words.first[right.turn] : right.first]
    bare = len(opening) <= 2 or (GAP_WORDS | {"one"}).issuperset(opening)
    return bare and reading.words_after(left) <= 9 and (len(right.chars) >= 3 or reading.words_after(right) <= 3)


def _asks_last_four(reading: Reading, piece: Piece, claim: Claim) -> bool:
    """The question was for the end of the number: "debit card, last four?", "only last four I need"."""
    words, label = reading.words, claim.label
    if claim.turns > 0:
        turn = words.turn[label.first]
        begin, end = max(words.first[turn], label.first - 8), min(words.first[turn + 1], label.last + 7)
        if not ENDINGS.isdisjoint(words.folded[begin:end]):
            return True
    if piece.turn == 0 or reading.words_before(piece) > 3:
        return False
    asked = words.folded[words.first[piece.turn - 1] : words.first[piece.turn]]
    return any(word == "last" and after in ("four", "4") for word, after in pairwise(asked))


def put_right(piece: Piece) -> str:
    """What was said last, when the piece takes back what it said first: "three eight one, I mean three eight one four"."""
    at = max((number + 1 for number, gap in enumerate(piece.gaps) if gap.corrects), default=0)
    return "".join(item.text for item in piece.items[at:])


def _announced_again(reading: Reading, at: int, claim: Claim) -> bool:
    """Letters in front of the phrase that announces the number anew: "Talleres Ibarzo S L, CIF is ..."."""
    following = reading.pieces[at + 1 : at + 2]
    return bool(following) and any(
        set(label.kinds) & set(claim.label.kinds)
        for label in reading.labels.between(reading.pieces[at].last + 1, following[0].first)
    )


def bank_is_meant(reading: Reading, piece: Piece, back: int = 5) -> bool:
    """Whether a bare "account number" is a bank account: bank words within some turns."""
    words = reading.words
    begin = max(words.first[max(0, piece.turn - back)], piece.first - _NEAR)
    end = min(words.first[min(piece.turn + 4, len(words.first) - 1)], piece.last + _NEAR)
    if any(word in BANK_CUES or word.endswith("bank") for word in words.folded[begin:end]):
        return True
    return any(name in _BANK_NAMES for label in reading.labels.between(begin, end) for name in label.kinds)


def kinds_claimed(reading: Reading, piece: Piece, claim: Claim, bare_account: str) -> list[Kind]:
    """The kinds a claim names; a bare account number only where a bank is meant."""
    found = []
    for name in claim.label.kinds:
        if name == "tax_id" and _TAX_CODE.fullmatch(piece.chars) and reading.phrase(claim.label).startswith("tax code"):
            continue
        if name != OWN_ACCOUNT:
            found.append(BY_NAME[name])
        elif (
            bare_account == "bank"
            or _to_pay_into(reading, claim)
            or _long_as_a_banks(reading, piece)
            or bank_is_meant(reading, piece)
        ):
            found.append(ACCOUNT)
    begun = opens_iban(piece) or (reading.words_after(piece) <= 1 and _IBAN_HEAD.fullmatch(piece.chars) is not None)
    if begun and any(kind.name in _BANK_NAMES and kind.name != "iban" for kind in found):
        found.append(BY_NAME["iban"])
    return found


def _to_pay_into(reading: Reading, claim: Claim) -> bool:
    """Said as "the account number to send the refund to"."""
    words, last = reading.words, claim.label.last
    behind = words.folded[last + 1 : min(last + 9, words.first[words.turn[last] + 1])]
    return any(
        one in ("to", "where", "we", "i") and not _PAYING.isdisjoint(behind[at + 1 : at + 4])
        for at, one in enumerate(behind[:4])
    )


def _long_as_a_banks(reading: Reading, piece: Piece) -> bool:
    """Long enough for a bank's account number, and not a written reference such as ``ME-2026-01240``."""
    return piece.digits >= _BANK_LENGTH and _REFERENCE.match(reading.call.text, piece.start) is None


def opens_iban(piece: Piece) -> bool:
    """Begins with a country, two digits and four characters more, as an IBAN does."""
    return _IBAN_BEGINS.match(piece.chars) is not None


def digits_only(words: Words, piece: Piece) -> Piece | None:
    """``piece`` from its first digit to its last, letters in between read as noise."""
    at = [
        i
        for i, item in enumerate(piece.items)
        if item.shape == "digit" or (item.shape == "mixed" and any(map(str.isdigit, item.text)))
    ]
    if not at:
        return None
    part = cut(words, piece, at[0], at[-1] + 1)
    if part.chars.isdigit():
        return part
    items = tuple(
        item
        if item.shape == "digit"
        else Item(item.first, item.last, ("".join(filter(str.isdigit, item.text)),), "digit", item.sure)
        for item in part.items
    )
    return Piece(part.turn, items, part.gaps, part.start, part.end, "".join(item.text for item in items))


def widened(reading: Reading, at: int) -> Piece:
    """Piece ``at`` with lower-case letter groups that belong to it: "gb sixteen west ninety nine"."""
    words, piece = reading.words, reading.pieces[at]
    items, gaps = list(piece.items), list(piece.gaps)
    index = at
    while index + 1 < len(reading.pieces):
        following = reading.pieces[index + 1]
        between = following.first - items[-1].last - 1
        if following.turn != piece.turn or between > 1:
            break
        if between == 1:
            soft = _soft_item(reading, items[-1].last + 1)
            if soft is None:
                break
            items.append(soft)
            gaps.append(Gap(0, False, False))
        gaps.append(Gap(0, False, False))
        items += following.items
        gaps += following.gaps
        index += 1
    for _ in range(2):
        before = items[0].first - 1
        if before < words.first[piece.turn]:
            break
        if words.folded[before] in FILLERS and before > words.first[piece.turn]:
            before -= 1
            gap = reading.call.text[words.end[before + 1] : words.start[items[0].first]]
        else:
            gap = reading.call.text[words.end[before] : words.start[items[0].first]]
        soft = None if gap.strip() else _soft_item(reading, before)
        if soft is None:
            break
        items.insert(0, soft)
        gaps.insert(0, Gap(0, False, False))
    return make_piece(words, tuple(items), tuple(gaps)) if len(items) > len(piece.items) else piece


def _with_tail(reading: Reading, piece: Piece) -> Piece | None:
    """``piece`` with the lower-case letters right behind it: "kva 880108 eaa"."""
    after = piece.last + 1
    if after >= reading.words.first[piece.turn + 1]:
        return None
    soft = None if reading.call.text[piece.end : reading.words.start[after]].strip() else _soft_item(reading, after)
    if soft is None:
        return None
    return make_piece(reading.words, (*piece.items, soft), (*piece.gaps, Gap(0, False, False)))


def _soft_item(reading: Reading, at: int) -> Item | None:
    word = reading.words.folded[at]
    if not (2 <= len(word) <= 6 and word.isascii() and word.isalpha()) or word in _COMMON or at in reading.labels.at:
        return None
    return Item(at, at, (word.upper(),), "letter", sure=False)


def labelled(reading: Reading, at: int, kind: Kind, claim: Claim) -> Finding | None:
    """Piece ``at``, announced as ``kind``, with what carries it on; None when the claim is too weak."""
    if not kind.letters:
        piece = reading.pieces[at]
        first = digits_only(reading.words, piece)
        prefixed = claim.turns != 0 and sum(i.shape == "letter" and i.sure for i in piece.items) >= 2
        return None if first is None or prefixed else _carried(reading, at, first, kind, claim)
    piece = reading.pieces[at]
    found = _carried(reading, at, piece, kind, claim)
    part = alone_in(reading, piece, kind) if kind.alone and (found is None or found.score < 1.0) else None
    if part is not None:
        return replace(part, score=1.0, found_by="announced", announced_by=reading.phrase(claim.label))
    wider = widened(reading, at)
    less = cut(reading.words, wider, 1, len(wider.items)) if wider.start < piece.start else None
    options = (_with_tail(reading, wider), _with_letter(reading, piece), wider, less, digits_only(reading.words, piece))
    for other in options:
        if other is None or other is piece:
            continue
        better = _carried(reading, at, other, kind, claim)
        if better is None:
            continue
        whole = better.score == 1.0 and (found is None or found.score < 1.0 or better.size > found.size)
        longer = other.start < piece.start and other.last == wider.last
        if whole or found is None or (found.score < 1.0 and longer and better.score >= found.score):
            return better
    return found


def _with_letter(reading: Reading, piece: Piece) -> Piece | None:
    """``piece`` with the lone "a" or "i" right behind it, which may be its control letter."""
    after = piece.last + 1
    if after >= reading.words.first[piece.turn + 1] or len(reading.words.folded[after]) > 1:
        return None
    letter = reading.words.folded[after]
    if letter not in ("a", "i") or reading.call.text[piece.end : reading.words.start[after]].strip():
        return None
    item = Item(after, after, (letter.upper(),), "letter", sure=False)
    return make_piece(reading.words, (*piece.items, item), (*piece.gaps, Gap(0, False, False)))


def _carried(reading: Reading, at: int, first: Piece, kind: Kind, claim: Claim) -> Finding | None:
    """``first`` and the pieces that carry it on until the value is proven or long enough."""
    short = kind.identifier_class != "tax" and len(put_right(first)) <= 4 < min(kind.lengths)
    if short and (is_last_four(reading, first) or _asks_last_four(reading, first, claim)):
        return None
    if first.digits == 0 and _announced_again(reading, at, claim):
        return None
    sure = claim.label.strong and not claim.passed
    if not sure and len(first.chars) <= 2 < min(kind.lengths) and reading.words_after(first) > 2:
        return None
    pieces = [first]
    most = max(kind.lengths) if len(kind.lengths) < 6 or kind.letters else min(max(kind.lengths), 16)
    proven = proves(kind, pieces)
    for index in reading.continuation(at, claim.label.kinds, most):
        if reading.pieces[index].first <= pieces[-1].last:
            continue
        part = reading.pieces[index] if kind.letters else digits_only(reading.words, reading.pieces[index])
        if part is None or ((proven or _complete(kind, pieces)) and not reading.tight(pieces[-1], part)):
            break
        if proven and not any(kind.proven(value) for value in values_of([*pieces, part])):
            break
        if len(part.chars) <= 4 < min(kind.lengths) and _asks_last_four(reading, part, claim):
            break
        if claim.mention and not goes_on(reading, pieces[-1], part):
            break
        pieces.append(part)
        proven = proves(kind, pieces) or proven
    score = _score(reading, kind, claim, pieces, bool(proven))
    if score == 0.0:
        return None
    values = proven or frozenset(values_of(pieces))
    return Finding(kind, tuple(pieces), values, score, "announced", reading.phrase(claim.label))


def _begins_so(reading: Reading, piece: Piece) -> bool:
    """Said as "it starts five one five six ..."."""
    before = reading.words.folded[max(reading.words.first[piece.turn], piece.first - 3) : piece.first]
    return not {"starts", "begins", "starting", "beginning"}.isdisjoint(before)


def _complete(kind: Kind, pieces: Sequence[Piece]) -> bool:
    """Whether a number without check digits is as long as it can be expected to be."""
    size = sum(len(piece.chars) for piece in pieces)
    if kind.checks:
        return size >= min(kind.lengths) - 1 and kind.name not in ("card", "iban", "vat")
    usual = {"bank_account": _USUAL_ACCOUNT, "tax_id": _USUAL_TAX_ID}.get(kind.name)
    return size >= max(kind.lengths) or (usual is not None and size >= usual)


def phone_shaped(value: str) -> bool:
    """Ten or eleven digits with a trunk zero, or ten as a North American area code, exchange and line."""
    return re.fullmatch(r"0[1-9]\d{8,9}|1?[2-9]\d\d[2-9]\d{6}", value) is not None


def _score(reading: Reading, kind: Kind, claim: Claim, pieces: Sequence[Piece], proven: bool) -> float:
    """How sure an announced number is: 1.0 proven, 0 not at all."""
    size = sum(len(piece.chars) for piece in pieces)
    digits = sum(piece.digits for piece in pieces)
    if (digits == 0 and kind.name != "bic") or (kind.name == "wallet" and size < 20):
        return 0.0
    items = [item for piece in pieces for item in piece.items]
    if kind.name != "card" and sum(item.cardinal for item in items) * 2 >= len(items):
        return 0.0
    if proven and not (kind.name in _ANY_PASSES and (claim.passed or claim.foreign)):
        return 1.0
    if sum(len(item.text) for piece in pieces for item in piece.items if item.sure or item.shape == "digit") < 3:
        return 0.0
    fits = any(kind.fits(value) for value in values_of(pieces, 8))
    close = min(abs(size - length) for length in kind.lengths) <= 2 and size >= 5
    label = claim.label
    value = "".join(piece.chars for piece in pieces)
    likely = label.strong and claim.direct and claim.turns <= 1
    if kind.name == "card" and not likely and (phone_shaped(value) or (value[:1] in "01789" and size <= 11)):
        return 0.0
    if kind.name == "card" and size >= 6 and _begins_so(reading, pieces[0]):
        return 0.7
    if claim.mention:
        told = kind.fits("".join(piece.chars for piece in pieces)) or (kind.identifier_class == "tax" and close)
        return 0.7 if told and (claim.near or claim.turns == 1) else 0.0
    if (
        not claim.direct
        and kind.identifier_class != "tax"
        and not (kind.name == "card" and fits)
        and phone_shaped("".join(piece.chars for piece in pieces))
    ):
        return 0.0
    if label.strong and not claim.passed:
        if claim.direct and size >= kind.least:
            return 0.9 if fits else 0.8
        enough = size >= min(kind.lengths) // 2 + 1 and not claim.foreign
        return (0.9 if fits else 0.8) if size >= 5 and (close or enough) else 0.0
    if fits and (claim.near or (claim.distance <= 12 and claim.turns in (0, 1) and not claim.passed)):
        return 0.7
    if close and claim.near and claim.distance <= 4 and digits >= 4:
        return 0.6
    loose = kind.name == "card" and size >= 8 and claim.turns in (-1, 0, 1)
    return 0.6 if loose and not (claim.foreign or claim.passed) else 0.0


def alone(reading: Reading, at: int, kind: Kind) -> Finding | None:
    """A distinctive number that its own check proves, without announcing words."""
    piece = reading.pieces[at]
    if kind.shape is None or len(piece.chars) + 1 < min(kind.lengths):
        return None
    if kind.name == "iban" and _IBAN_HEAD.match(piece.chars) is not None:
        wide = alone_in(reading, widened(reading, at), kind)
        if wide is not None:
            return wide
    tailed = _with_letter(reading, piece) if kind.letters else None
    return (alone_in(reading, tailed, kind) if tailed is not None else None) or alone_in(reading, piece, kind)


def alone_in(reading: Reading, piece: Piece, kind: Kind) -> Finding | None:
    assert kind.shape is not None
    for value in piece.readings(12):
        for match in _matches(kind, value):
            if _bordered(value, match.start(), match.end()) or not any(check(match.group()) for check in kind.checks):
                continue
            part = _aligned(reading.words, piece, value, match.start(), match.end())
            if part is not None:
                return Finding(kind, (part,), frozenset({match.group()}), 0.75)
    return None


def _matches(kind: Kind, value: str) -> Iterator[re.Match[str]]:
    """Stretches of ``value`` in the kind's form; of an IBAN every shorter end too, since a bank's name may follow."""
    assert kind.shape is not None
    for match in kind.shape.finditer(value):
        yield match
        if kind.name == "iban":
            for end in range(match.end() - 1, match.start() + 14, -1):
                shorter = kind.shape.fullmatch(value, match.start(), end)
                if shorter is not None:
                    yield shorter


def _bordered(value: str, start: int, end: int) -> bool:
    """Whether the stretch cuts a run of digits in two."""
    before = start > 0 and value[start - 1].isdigit() and value[start].isdigit()
    return before or (end < len(value) and value[end].isdigit() and value[end - 1].isdigit())


def _aligned(words: Words, piece: Piece, value: str, start: int, end: int) -> Piece | None:
    """The part of ``piece`` that reads ``value[start:end]``, if it begins and ends with an item."""
    at, begin = 0, None
    for index, item in enumerate(piece.items):
        if at == start:
            begin = index
        reading = next((r for r in item.readings if value.startswith(r, at)), item.text)
        at += len(reading)
        if at == end and begin is not None:
            return cut(words, piece, begin, index + 1)
    return None


def windows(items: Sequence[Item], low: int, high: int) -> Iterator[tuple[int, int, str]]:
    """(begin, end, value) of every stretch of whole items that reads as ``low`` to ``high`` characters."""
    budget = _BUDGET + 40 * len(items)
    for begin in range(len(items)):
        stack = [(begin, "")]
        while stack:
            at, value = stack.pop()
            if len(value) >= low:
                yield begin, at, value
            if at >= len(items):
                continue
            budget -= 1
            readings = items[at].readings if budget > 0 else items[at].readings[:1]
            for reading in reversed(readings):
                if len(value) + len(reading) <= high and (reading or at > begin):
                    stack.append((at + 1, value + reading))
