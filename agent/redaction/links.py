"""Whether an address holds an identifier: one that does is dropped, for half a link is no link."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import unquote_plus

from agent.redaction.backstop import LONG_NUMBER

Turns = Sequence[tuple[str, str]]
Entities = Callable[[Turns], Sequence[str]]
"""The entity names that stand in (speaker, text) pairs, read as one conversation."""

_UNEXPLAINED = LONG_NUMBER.entity
_NUMBER = re.compile(r"[\d\W_]+")
_UNQUOTED = 3  # an address within an address within an address
_BREAKS = re.compile(r"[/?&#;,|]+")
_ANNOUNCES = re.compile(r"ssn|itin|ein|iban|cvv|cvc|nino|aadhaar", re.IGNORECASE)
"""What announces the next part of a path; ``/card/152604`` and ``/account/77`` are pages about something else."""
_GROUPED = re.compile(r"(?<![0-9A-Za-z])\d(?:[\W_]{0,2}\d){6,}(?![0-9A-Za-z])")
"""Digits with anything but letters between them: ``4242.4242.4242.4242``, ``536-22-1234``, ``4242/4242/...``."""
_LETTERED = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{2}[\W_]?\d{2}(?:[\W_]?[0-9A-Za-z]){11,30}(?![0-9A-Za-z])")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_NUMBER = re.compile(
    r"(?<!\d)(?:19|20)\d\d\W(?:0[1-9]|1[0-2])\W(?:0[1-9]|[12]\d|3[01])(?!\d)|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    re.IGNORECASE,
)
"""Days and UUIDs: digits between separators, and no number in groups."""
_TURNS_OVER = re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_RANDOM = 6
"""How often letters and digits follow one another in a random id; in an IBAN three times at most, a card never."""


def entities_in_link(link: str, entities: Entities, name: str = "") -> frozenset[str]:
    """The entities in ``link``, a URL or a reference that stands under the field ``name``.

    Read are its parts one by one, under what announces them (``?ssn=``, ``/iban/``), URL encoding taken away, also
    where it was put on twice, and numbers whatever separates their groups. A long number that no recognizer knows
    (LONG_NUMBER) is told only where it is a part by itself: signatures and random ids hold long numbers, and two
    numbers of a path are not one.
    """
    plain = _decoded(link)
    found: set[str] = set()
    for key, text in _parts(plain, name):
        whole = _NUMBER.fullmatch(text) is not None
        found.update(one for one in entities([("key", _words(key)), ("value", text)]) if whole or one != _UNEXPLAINED)
    for match in _GROUPED.finditer(_NO_NUMBER.sub("x", plain)):
        spaced = re.sub(r"[\W_]+", " ", match.group())
        found.update(one for one in entities([("value", spaced)]) if one != _UNEXPLAINED)
    for match in _LETTERED.finditer(plain):
        joined = re.sub(r"[\W_]+", "", match.group()).upper()
        found.update(one for one in entities([("value", joined)]) if one == "IBAN")
    return frozenset(found)


def _decoded(link: str) -> str:
    for _ in range(_UNQUOTED):
        plain = unquote_plus(link)
        if plain == link:
            break
        link = plain
    return link


def _parts(plain: str, name: str) -> Iterator[tuple[str, str]]:
    """(what announces it, the part) for every part of the address."""
    before = ""
    for part in _BREAKS.split(plain):
        key, equals, value = part.rpartition("=")
        if key:
            yield name, key
        if value and len(_TURNS_OVER.findall(value)) < _RANDOM:
            yield (key if equals else before if _ANNOUNCES.fullmatch(before) else name), value
        before = part


def _words(key: str) -> str:
    return re.sub(r"[\W_]+", " ", _CAMEL.sub("_", key)).strip().lower()
