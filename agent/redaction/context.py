"""Announcing words: which phrase of the call says what a number is, or what it is not.

A phrase either names kinds of identifier ("sort code", "S S N") or names something that stays
("order number", "tracking"). The nearest one decides, in the number's own turn, in the question
before it, or, when nothing else speaks, right behind it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from agent.redaction.kinds import Kind
from agent.redaction.recognizers import bank, cards, tax
from agent.redaction.view import Words
from agent.words import REPEATS, TEENS, TENS, UNITS

KINDS: tuple[Kind, ...] = (*cards.KINDS, *bank.KINDS, *tax.KINDS)
BY_NAME: dict[str, Kind] = {kind.name: kind for kind in KINDS}
OWN_ACCOUNT = "own_account"

_STAYS = (
    "social media; bill; order; order number; order no; order id; purchase order; PO number; P O; invoice; invoice number; invoice no; invoices; bill number; bill no; credit note; credit memo; "
    "debit note; receipt; receipt number; quote; quote number; quotation; estimate; ticket; ticket number; case; case number; case id; incident; support ticket; "
    "tracking; tracking number; tracking id; parcel; shipment; consignment; waybill; AWB; delivery note; phone; phone number; telephone; telephone number; "
    "mobile; mobile number; cell; cell phone; cell number; cellphone; landline; fax; fax number; extension; ext; call me; call me back; call you; call back; callback; ring; ring me; "
    "reach me; reach us; text me; whatsapp; contact number; number you're on; number youre on; number you are on; number i'm on; number im on; calling from; dial; hotline; my direct; direct line; direct dial; direct number; work line; office line; my line; home number; work number; office number; daytime number; evening number; best number; number to ring; number to call; number to reach; ring us; ring him; ring her; call us; call me on; get me on; get hold of me; switchboard; desk phone; numero de telefono; telefono; movil; handynummer; telefonnummer; telephone portable; numero de telephone; cellulare; numero di telefono; reference; reference number; ref; ref number; reference is; confirmation; "
    "confirmation number; confirmation code; booking; booking number; reservation; policy; policy number; policy no; claim; claim number; member; member number; member id; "
    "membership; membership number; membership card; loyalty card; loyalty number; library card; gift card; sim card; customer number; customer id; customer no; client number; client id; client code; "
    "customer; user id; subscriber; subscription; subscription id; plan id; licence key; license key; licence number; license number; driver's license; drivers license; driving licence; passport; passport number; "
    "IMEI; serial; serial number; meter; meter number; meter reading; meter point; model number; model; part number; part; SKU; EAN; EAN code; barcode; bar code; UPC; GTIN; ISBN; ISIN; CUSIP; FIGI; LEI; "
    "ticker; version; build; IP; IP address; accession; accession number; filing; docket; deal; deal id; deal number; opportunity; lead id; GL; GL code; G L code; ledger code; ledger; cost centre; cost center; "
    "project; project number; project code; contract; contract number; agreement number; agreement; lot; lot number; batch; batch number; flight; room; vehicle; VIN; registration plate; number plate; call id; session id; session; "
    "transaction id; transaction number; transaction reference; transaction; payment id; payment reference; charge id; event id; request id; message id; employee; employee number; employee id; staff; staff number; badge; "
    "badge number; student; patient; NHS number; medicare; prescription; timestamp; created; updated; job number; work order; site; site number; store number; store; branch name; terminal; terminal id; merchant id; merchant; "
    "device; device id; asset; asset tag; product code; product; promo code; coupon; voucher; voucher number; discount code; reference code; file number; matter number; matter; dispute id; refund id; "
    "application number; application; workspace; tracking reference; parcel number; package; package number; fedex; usps; u p s; dhl; royal mail; dpd"
)
_MONEY = (
    "amount; total; balance; subtotal; charged; billed; price; cost; costs; paid; pay; owe; owed; owing; refunded; refund of; credit of; fee; worth; charge of; payment of; bill of; comes to; "
    "came to; deposit of; limit; threshold; quantity; units; seats; salary; revenue; budget"
)
_PLACES = (
    "zip; zip code; postcode; post code; postal code; postal; street; avenue; house number; flat; apartment; suite; unit; address; year; since; date of birth; birthday; born; born on; D O B; dob; date; "
    "tax year; back in; gate code; door code; wifi; one time passcode; one time code; OTP; passcode; age"
)
_NUMBER_NOUNS = frozenset("number numbers num id ids code reference".split())
_NOT_A_NOUN = frozenset(
    "the a an my your our their his her its that this what which right wrong full whole new old other same correct long short real actual first second last next any "
    "some whose and or is it's its of for with number numbers digit account card bank front back good best big secret private main the own uh um er so yes yeah no your "
    "another only exact entire complete following just please that's thats give me you correct read say".split()
)
_RISKY = frozenset(
    "tan fin sin nit rut run inn nik nip nie cif rib pan tin ein pin dic cui bn cin mst uid cid exp ni mir visa bic aba moms cur swift konto kimlik vergi exp".split()
)
_LINKING = frozenset(
    "is was s my the our your his her its that thats this it as for a are being number no here that's it's so full whole".split()
)
_SPELLED_ON = frozenset("bcdefghjklmnopqrstuvwxyz")
_AFTER = 6
_NO_NUMBER_BEHIND = frozenset(
    "manager managers executive exec team handler department rep representative director "
    "suspended closed locked blocked page settings history activity".split()
)
_PERHAPS_A_NUMBER_BEHIND = frozenset("holder holders name names owner".split())
"""The account manager announces nothing; the account holder only where a bank is spoken of."""


@dataclass(frozen=True, slots=True)
class Label:
    """An announcing phrase: words ``first``..``last``. ``limit``: a staying label explains at most so many digits."""

    first: int
    last: int
    kinds: tuple[str, ...]
    strong: bool
    limit: int = 40

    @property
    def stays(self) -> bool:
        return not self.kinds


@dataclass(frozen=True, slots=True)
class _Phrase:
    words: tuple[str, ...]
    kinds: tuple[str, ...]
    strong: bool
    limit: int


def _variants(phrase: str) -> Iterable[tuple[str, ...]]:
    """An acronym written in capitals is also met spelled out: "SSN", "S S N"."""
    whole: list[str] = []
    spelled: list[str] = []
    acronym = False
    for word in phrase.split():
        whole.append(word.lower())
        if word.isupper() and len(word) > 1 and word.isalpha():
            spelled.extend(word.lower())
            acronym = True
        else:
            spelled.append(word.lower())
    yield tuple(whole)
    if acronym and len(spelled) > 1:
        yield tuple(spelled)


@cache
def phrase_table() -> tuple[dict[str, tuple[int, ...]], dict[tuple[str, ...], _Phrase]]:
    """(first word -> lengths of the phrases it opens, longest first; phrase -> what it announces)."""
    kinds: dict[tuple[str, ...], dict[str, bool]] = defaultdict(dict)
    for kind in KINDS:
        for strong, spec in ((True, kind.strong), (False, kind.weak)):
            for phrase in spec:
                for words in _variants(phrase):
                    kinds[words].setdefault(kind.name, strong)
    for phrase in bank.OWN_ACCOUNT_PHRASES:
        kinds[tuple(phrase.split())].setdefault(OWN_ACCOUNT, " " in phrase)
    found = {words: _Phrase(words, tuple(names), any(names.values()), 0) for words, names in kinds.items()}
    for listed, limit in ((_STAYS, 40), (_MONEY, 9), (_PLACES, 11)):
        for phrase in listed.split(";"):
            for words in _variants(phrase.strip()):
                found.setdefault(words, _Phrase(words, (), True, limit))
    sizes: dict[str, set[int]] = defaultdict(set)
    for words in found:
        sizes[words[0]].add(len(words))
    return {first: tuple(sorted(some, reverse=True)) for first, some in sizes.items()}, found


def _singular(word: str) -> str:
    if word.endswith("'s"):
        return word.removesuffix("'s")
    return word[:-1] if len(word) > 4 and word.endswith("s") else word


def _spelled_apart(words: Words, at: int, size: int) -> bool:
    """An acronym said letter by letter may not be part of a longer spelling."""
    begin = words.first[words.turn[at]]
    before = words.folded[max(begin, at - 2) : at]
    article = before[-1:] in (["a"], ["i"]) and (len(before) == 1 or len(before[0]) > 1)
    if before and len(before[-1]) == 1 and not article:
        return False
    after = at + size
    return size > 2 or after >= words.first[words.turn[at] + 1] or len(words.folded[after]) > 1


def _phrase_at(words: Words, at: int, stop: int) -> _Phrase | None:
    """The longest phrase that begins at word ``at``; plurals and possessives count."""
    sizes, phrases = phrase_table()
    first = words.folded[at]
    for head in dict.fromkeys((first, _singular(first))):
        for size in sizes.get(head, ()):
            if at + size > stop:
                continue
            said = (head, *words.folded[at + 1 : at + size])
            entry = phrases.get(said) or (phrases.get((*said[:-1], _singular(said[-1]))) if size > 1 else None)
            if entry is None:
                continue
            if (
                size == 1
                or max(map(len, entry.words)) > 1
                or words.folded[at + size - 1].endswith("'s")
                or _spelled_apart(words, at, size)
            ):
                return entry
    return None


def find_labels(words: Words) -> list[Label]:
    """Every announcing phrase of the call, in order, none overlapping."""
    found: list[Label] = []
    for turn in range(len(words.first) - 1):
        at, stop = words.first[turn], words.first[turn + 1]
        free = at
        while at < stop:
            entry = _phrase_at(words, at, stop)
            if entry is not None and found and _letters_of_a_value(words, entry, found[-1], at):
                entry = None
            if entry is not None and _about_something_else(words, at, at + len(entry.words), stop):
                entry = None
            label = _as_label(words, at, entry) if entry is not None else _dialled(words, at, stop)
            if label is None and at > free and words.folded[at] in _NUMBER_NOUNS:
                label = _noun_number(words, at)
            if label is not None:
                found.append(label)
                at = label.last
                free = at + 1
            at += 1
    return found


def _letters_of_a_value(words: Words, entry: _Phrase, last: Label, at: int) -> bool:
    """Here "GL" or "PO" right behind "national insurance number" are its first letters, not a ledger or an order.

    Another identifier's name, spelled, is part of a value with letters when the spelling goes on: "C V U P F".
    """
    if not last.kinds:
        return False
    if not entry.kinds:
        return sum(map(len, entry.words)) <= 3 and at - last.last <= 6
    after, turn = at + len(entry.words), words.turn[at]
    if max(map(len, entry.words)) > 1 or after >= words.first[turn + 1] or words.folded[after] not in _SPELLED_ON:
        return False
    opens = at - words.first[turn] <= 1 or _numeric(words.folded[at - 1])
    return opens and at - last.last <= 24 and any(BY_NAME[k].letters for k in last.kinds if k in BY_NAME)


def _about_something_else(words: Words, at: int, after: int, stop: int) -> bool:
    """Said as "the account manager" or "on the phone": no number is announced."""
    last = words.folded[after - 1]
    if last in ("account", "accounts", "acct"):
        behind = words.folded[after] if after < stop else ""
        if behind in _PERHAPS_A_NUMBER_BEHIND:
            return bank.BANK_CUES.isdisjoint(words.folded[words.first[words.turn[at]] : stop])
        return behind in _NO_NUMBER_BEHIND
    if last in ("phone", "telephone") and after - at == 1:
        before = words.folded[max(words.first[words.turn[at]], at - 2) : at]
        return before[-1:] == ["by"] or (before[-1:] == ["the"] and before[0] in ("on", "over", "via", "down"))
    return False


def _dialled(words: Words, at: int, stop: int) -> Label | None:
    """A plus in front of a number, with no number in front of it: a phone number's country code."""
    if words.folded[at] != "plus" or at + 1 >= stop:
        return None
    if at > words.first[words.turn[at]] and _numeric(words.folded[at - 1]):
        return None
    return Label(at, at, (), True, 15) if _numeric(words.folded[at + 1]) else None


def _numeric(word: str) -> bool:
    return word in UNITS or word in TEENS or word in TENS or word in REPEATS or word.isdigit()


def _as_label(words: Words, at: int, entry: _Phrase) -> Label:
    strong = entry.strong
    if len(entry.words) == 1 and entry.words[0] in _RISKY and entry.kinds and not words.written[at].isupper():
        strong = False
    return Label(at, at + len(entry.words) - 1, entry.kinds, strong, entry.limit)


def _noun_number(words: Words, at: int) -> Label | None:
    """Said as "meter number", "parcel id": a noun we do not know in front of "number" names something else."""
    noun = words.folded[at - 1]
    if noun in _NOT_A_NOUN or noun in UNITS or noun in TEENS or noun in TENS or len(noun) < 3 or not noun.isalpha():
        return None
    return Label(at - 1, at, (), False, 11)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a number is said to be. ``distance``: words between; ``turns``: turns between, negative = after."""

    label: Label
    distance: int
    turns: int = 0
    passed: bool = False

    @property
    def near(self) -> bool:
        """Close enough for a weak phrase or a short number."""
        return abs(self.turns) <= 1 and self.distance <= 6 and not self.passed


class Labels:
    """The labels of a call, by place."""

    def __init__(self, words: Words, labels: Sequence[Label]) -> None:
        self._words = words
        self.all = labels
        self.starts = [label.first for label in labels]
        self.at: dict[int, Label] = {i: label for label in labels for i in range(label.first, label.last + 1)}

    def between(self, begin: int, end: int) -> Sequence[Label]:
        """Labels that begin in words [begin, end)."""
        return self.all[bisect_left(self.starts, begin) : bisect_left(self.starts, end)]

    def of_turn(self, turn: int) -> Sequence[Label]:
        return self.between(self._words.first[turn], self._words.first[turn + 1])

    def behind(self, last: int) -> Claim | None:
        """A phrase right behind a number: "... is my card number", "... for the sort code"."""
        stop = min(self._words.first[self._words.turn[last] + 1], last + 1 + _AFTER)
        on = False
        for at in range(last + 1, stop):
            label = self.at.get(at)
            if label is not None:
                closing = label.last + 1 >= self._words.first[self._words.turn[last] + 1]
                if (on and "cvv" not in label.kinds) or (at == last + 1 and not closing):
                    return None
                return Claim(label, at - last - 1)
            on = on or self._words.folded[at] == "on"
            if not on and self._words.folded[at] not in _LINKING:
                return None
        return None

    def announced_within(self, at: int, reach: int) -> bool:
        """Whether a strong phrase for an identifier ends at most ``reach`` words before word ``at``, same turn."""
        begin = max(self._words.first[self._words.turn[at]], at - reach)
        for before in range(at - 1, begin - 1, -1):
            label = self.at.get(before)
            if label is not None:
                return label.strong and not label.stays
        return False
