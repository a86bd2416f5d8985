"""Announcing words: which phrase of the call says what a number is, or what it is not.

A phrase either names kinds of identifier ("sort code", "S S N") or names something that stays
("order number", "tracking"). The nearest one decides, in the number's own turn, in the question
before it, or, when nothing else speaks, right behind it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from agent.redaction.kinds import Kind
from agent.redaction.recognizers import bank, cards, tax
from agent.redaction.staying import MONEY, PLACES, STAYS
from agent.redaction.view import Words
from agent.words import REPEATS, TEENS, TENS, UNITS

KINDS: tuple[Kind, ...] = (*cards.KINDS, *bank.KINDS, *tax.KINDS)
BY_NAME: dict[str, Kind] = {kind.name: kind for kind in KINDS}
OWN_ACCOUNT = "own_account"

_NUMBER_NOUNS = frozenset("number numbers num id ids code reference".split())
_NOT_A_NOUN = frozenset(
    "then next now also but because when after before gave said called called says has have got had see from at on in the a an my your our their his her its that this what which right wrong full whole new old other same correct long short real actual first second last next any "
    "some whose and or is it's its of for with number numbers digit account card bank front back good best big secret private main the own uh um er so yes yeah no your "
    "another only exact entire complete following just please that's thats give me you correct read say".split()
)
_RISKY = frozenset(
    "tan fin sin nit rut run inn nik nip nie cif rib pan tin ein pin dic cui bn cin mst uid cid exp ni mir visa bic aba moms cur swift konto kimlik vergi exp".split()
)
_COMPOUNDS: dict[str, frozenset[str]] = {
    "card": frozenset(
        "surcharge fee fees payment payments machine reader terminal statement holder scheme transaction transactions processor "
        "provider sales charge charges company type network issuer fraud services team department".split()
    ),
    "security": frozenset(
        "tax taxes benefit benefits letter letters office income check checks question questions team guard deposit".split()
    ),
    "social": frozenset("media worker workers tariff landlord housing club".split()),
    "council": frozenset(["tax"]),
    "tax": frozenset("certificate return returns office year letter bill refund form season".split()),
    "vat": frozenset(
        "quarter period bill receipt receipts payment payments return returns certificate invoice invoices rate letter letters included".split()
    ),
    "bank": frozenset(
        "holiday holidays manager charge charges fee fees statement statements transfer transfers".split()
    ),
}
"""Compound nouns that announce no number of the word they begin with."""
_SIDES = frozenset("back front reverse strip peeche".split())
_SIDE_BEFORE = frozenset("the in on its it's signature aur ke".split())
_SIDE_NUMBERS = frozenset(
    "digits digit numbers number three four code little small security ones last bit thing 3 4 it".split()
)
_SPELLED_ON = frozenset("bcdefghjklmnopqrstuvwxyz")
_NO_NUMBER_BEHIND = frozenset(
    "manager managers executive exec team handler department rep representative director "
    "suspended closed locked blocked page settings history activity".split()
)
_PHONE_GOES_ON = frozenset("me us number no is its on at and or ending ends end thats please for".split())
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
    many: bool = False
    """Said in the plural: several numbers may answer it."""

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
    for listed, limit in ((STAYS, 40), (MONEY, 9), (PLACES, 11)):
        for phrase in listed.split(";"):
            for words in _variants(phrase.strip()):
                found.setdefault(words, _Phrase(words, (), True, limit))
    sizes: dict[str, set[int]] = defaultdict(set)
    for words in found:
        sizes[words[0]].add(len(words))
    return {first: tuple(sorted(some, reverse=True)) for first, some in sizes.items()}, found


@cache
def acronyms() -> frozenset[str]:
    """One-word phrases of the identifiers' names, two to six letters long."""
    _, phrases = phrase_table()
    return frozenset(
        words[0] for words, phrase in phrases.items() if len(words) == 1 and phrase.kinds and len(words[0]) <= 6
    )


def _singular(word: str) -> str:
    if word.endswith("'s"):
        return word.removesuffix("'s")
    return word[:-1] if len(word) > 4 and word.endswith("s") else word


def _spelled_apart(words: Words, at: int, size: int) -> bool:
    """An acronym said letter by letter may not be part of a longer spelling."""
    begin = words.first[words.turn[at]]
    before = words.folded[max(begin, at - 2) : at]
    after = at + size
    inside = bool(before) and _numeric(before[-1])
    if inside and after < words.first[words.turn[at] + 1] and len(words.folded[after]) == 1:
        return False
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
            if label is None and at > free and words.folded[at].removesuffix("'s") in _NUMBER_NOUNS:
                label = _noun_number(words, at)
            if label is None and words.folded[at] in _SIDES:
                label = _side_of_card(words, at, stop)
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
        same = words.turn[at] == words.turn[last.last]
        return (
            (max(map(len, entry.words)) == 1 or len("".join(entry.words)) <= 2)
            and same
            and at - last.last <= 3
            and "and" not in words.folded[last.last : at]
        )
    after, turn = at + len(entry.words), words.turn[at]
    if max(map(len, entry.words)) > 1 or after >= words.first[turn + 1] or words.folded[after] not in _SPELLED_ON:
        return False
    opens = at - words.first[turn] <= 1 or _numeric(words.folded[at - 1])
    return opens and at - last.last <= 24 and any(BY_NAME[k].letters for k in last.kinds if k in BY_NAME)


def _about_something_else(words: Words, at: int, after: int, stop: int) -> bool:
    """Said as "the account manager" or "on the phone": no number is announced."""
    last = words.folded[after - 1]
    if after < stop and words.folded[after] in _COMPOUNDS.get(last, ()):
        return True
    if last == "case" and at > words.first[words.turn[at]] and words.folded[at - 1] in ("in", "just"):
        return True
    if last in ("account", "accounts", "acct"):
        behind = words.folded[after] if after < stop else ""
        if behind in _PERHAPS_A_NUMBER_BEHIND:
            return bank.BANK_CUES.isdisjoint(words.folded[words.first[words.turn[at]] : stop])
        return behind in _NO_NUMBER_BEHIND
    if last in ("phone", "telephone", "mobile", "cell") and after - at == 1:
        following = words.folded[after] if after < stop else ""
        if following.isalpha() and not _numeric(following) and following not in _PHONE_GOES_ON:
            return True
        before = words.folded[max(words.first[words.turn[at]], at - 2) : at]
        held = before[-1:] in (["the"], ["my"], ["your"], ["me"]) and before[0] in (
            "on",
            "in",
            "over",
            "via",
            "down",
            "from",
            "off",
        )
        return held or before[-1:] in (["by"], ["on"], ["over"])
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
    last = at + len(entry.words) - 1
    many = (
        bool(entry.kinds)
        and len(words.folded[last]) > 4
        and words.folded[last].endswith("s")
        and "'" not in words.folded[last]
    )
    return Label(at, last, entry.kinds, strong, entry.limit, many)


def _side_of_card(words: Words, at: int, stop: int) -> Label | None:
    """Said as "the little number on the back", "back of it": a code, where a card is spoken of."""
    begin = words.first[words.turn[at]]
    before = words.folded[max(begin, at - 2) : at]
    following = words.folded[at + 1] if at + 1 < stop else ""
    if following in ("charge", "order", "office", "desk", "door", "page") or not (
        (before[-1:] and before[-1] in _SIDE_BEFORE) or following == "of"
    ):
        return None
    around = words.folded[max(begin, at - 8) : at] + words.folded[at + 1 : min(stop, at + 4)]
    if len(before) + stop - at > 7 and _SIDE_NUMBERS.isdisjoint(around) and words.folded[min(at + 1, stop - 1)] != "of":
        return None
    return Label(at, at, ("cvv",), False)


def _noun_number(words: Words, at: int) -> Label | None:
    """Said as "meter number", "parcel id": a noun we do not know in front of "number" names something else."""
    noun = words.folded[at - 1]
    begin = at - 1
    while (
        begin > words.first[words.turn[at]] and len(words.folded[begin - 1]) == 1 and words.folded[begin - 1].isalpha()
    ):
        begin -= 1
    if len(noun) == 1 and noun.isalpha() and at - begin >= 3:
        return Label(begin, at, (), False, 19)
    if noun in _NOT_A_NOUN or noun in UNITS or noun in TEENS or noun in TENS or len(noun) < 3 or not noun.isalpha():
        return None
    return Label(at - 1, at, (), False, 18)
