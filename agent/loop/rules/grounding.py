"""Whether an argument value stands in the call, its record or an earlier answer of this run (pure).

Values are compared as letters and digits: what was spelled or spoken as numbers is turned into the
same form first. This decides only whether a lookup may be asked; it identifies nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from agent.capture import CAPTURE_FIELDS
from agent.loop.facts import Facts
from agent.loop.names import letters, same_phone, words
from agent.words import FILLERS, LETTER_NAMES, PHONETIC, REPEATS, TEENS, TENS, UNITS
from tools.text import unaccented as fold

_SPOKEN_MARKS = frozenset(
    "at dot dash hyphen underscore slash point minus chiocciola punto arroba guion trattino".split()
)
_SHORTEST = 3


def spoken_key(text: str) -> str:
    """``text`` as letters and digits, numbers and spelled letters read as a listener would.

    ``"F D double five two seven"`` and ``"FD-5527"`` give the same key; spoken marks are left out.
    """
    out: list[str] = []
    repeat, ten = 1, False
    for word in words(text):
        if word in REPEATS:
            repeat, ten = REPEATS[word], False
            continue
        if word in _SPOKEN_MARKS or word in FILLERS:
            ten = False
            continue
        if ten and word in UNITS and UNITS[word]:
            out[-1] = out[-1][:-1] + str(UNITS[word])
            ten = False
            continue
        ten = word in TENS
        out.append(_spelt(word) * repeat)
        repeat = 1
    return "".join(out)


def _spelt(word: str) -> str:
    for table in (UNITS, TEENS, TENS):
        if word in table:
            return str(table[word])
    return PHONETIC.get(word) or LETTER_NAMES.get(word) or word


class Ground:
    """Every value that may be used in a lookup, gathered once from the facts."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._known = {letters(value) for value in _known_values(facts)} - {""}
        self._turns = tuple(key for turn in facts.call.turns for key in (letters(turn.text), spoken_key(turn.text)))
        self._whole = tuple(
            "".join(spoken_key(turn.text) for turn in facts.call.turns if turn.speaker is speaker)
            for speaker in dict.fromkeys(turn.speaker for turn in facts.call.turns)
        )
        self._words = {word for turn in facts.call.turns for word in words(turn.text)}

    def holds(self, value: str) -> bool:
        """Whether ``value`` is grounded."""
        key = letters(value)
        if not key or key in self._known:
            return True
        if _is_phone(value) and any(same_phone(value, number) for number in _numbers(self._facts)):
            return True
        if key in self._words:
            return True
        if len(key) < _SHORTEST:
            return False
        forms = {key, spoken_key(value)}
        return any(form in said for form in forms for said in (*self._turns, *self._whole))


def _is_phone(value: str) -> bool:
    return len([c for c in value if c.isdigit()]) >= 7 and not any(c.isalpha() for c in value)


def _numbers(facts: Facts) -> Iterator[str]:
    yield from (n for n in (facts.call.from_number, facts.call.to_number) if n)
    phone = facts.extraction.capture.phone.value
    if phone:
        yield phone
    for party in facts.parties:
        yield from party.phones


def _known_values(facts: Facts) -> Iterator[str]:
    yield from (v for f in CAPTURE_FIELDS if isinstance(v := facts.extraction.capture.value(f), str))
    call = facts.call
    record = (call.call_id, call.caller_number, call.from_number, call.to_number, call.support_ticket)
    yield from (v for v in record if v)
    for url in (call.crm_url, call.payment_platform_url, call.support_ticket):
        if url:
            yield url
            yield from url.replace("?", "/").replace("=", "/").split("/")
    yield from _leaves(call.metadata)
    for answer in facts.answers:
        yield from _leaves(answer.body)
    yield from _record_values(facts)


def _record_values(facts: Facts) -> Iterator[str]:
    for party in facts.parties:
        yield from (party.id, *party.names, *party.companies, *party.emails, *party.phones, *party.references)
        yield from (party.owner_id,) if party.owner_id else ()
    for document in facts.documents:
        maybe = (document.id, document.party_id, document.number, document.email, *document.references)
        yield from (v for v in maybe if v)
        yield from () if document.description is None else document.description.split()
    for owner in facts.owners:
        yield from (owner.id, owner.name, owner.email or "")


def _leaves(value: Any) -> Iterator[str]:
    """The texts and whole numbers of a JSON value, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, Iterable) and not isinstance(value, bytes):
        for one in value:
            yield from _leaves(one)


def plain(value: str) -> str:
    """``value`` folded, for comparing fixed words."""
    return fold(value).strip()
