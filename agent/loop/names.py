"""Comparing names, e-mails, phones and references as people say them (pure).

A name said on a call and a name on a record agree when they are the same person by order-free words,
initials, common short forms or sound (transcribers write Halloran and Hallorann for one voice).
Agreement of names alone never identifies anybody: see ``identity``.
"""

from __future__ import annotations

import re
from enum import Enum

from tools.text import unaccented as fold


class Likeness(Enum):
    """How a said value stands to a recorded one. ``NEAR`` proves nothing and disproves nothing."""

    SAME = "same"
    NEAR = "near"
    DIFFERENT = "different"


_TITLES = frozenset(
    "mr mrs ms miss mister dr doctor prof professor sir madam mx herr frau monsieur madame signor signora "
    "sri shri smt ji señor señora senor senora don dona".split()
)
_SUFFIXES = frozenset(
    "ltd limited llp llc inc incorporated corp corporation co company plc gmbh ag kg ug bv nv sa sas sarl srl spa "
    "sl oy ab as aps pty pvt private holdings group the and".split()
)
_PARTICLES = frozenset("de del della dei di da van von der den la le du of".split())
_SHORT_FORMS: tuple[frozenset[str], ...] = tuple(
    frozenset(names.split())
    for names in (
        "alexander alexandra alex sandy sasha",
        "andrew andy drew",
        "anthony tony",
        "augustus august angus gus",
        "benjamin ben",
        "catherine katherine kathryn kate katie cathy kathy",
        "charles charlie chuck",
        "christopher christine christina chris tina",
        "daniel danielle dan danny",
        "david dave",
        "edward ed eddie ted",
        "elizabeth liz beth lizzie eliza betty",
        "frederick fred freddie",
        "gerald gerry jerry",
        "gregory greg",
        "james jim jimmy jamie",
        "jennifer jen jenny",
        "john johnny jack",
        "jonathan jon",
        "joseph joe joey",
        "josephine jo josie",
        "joshua josh",
        "kenneth ken kenny",
        "lawrence laurence larry",
        "leonard leo len",
        "leopold leo",
        "margaret maggie meg peggy",
        "matthew matt",
        "michael mike mick",
        "nicholas nick",
        "patricia patrick pat patty",
        "peter pete",
        "philip phil",
        "raymond ray",
        "rebecca becky becca",
        "richard rich rick dick",
        "robert rob bob bobby",
        "ronald ron",
        "samuel samantha sam",
        "stephen steven steve stephanie steph",
        "susan susanna sue susie",
        "theodore theo ted",
        "thomas tom tommy",
        "timothy tim",
        "victoria vicky tori",
        "william will bill billy",
        "zachary zach zack",
    )
)


def words(text: str) -> tuple[str, ...]:
    """The letter and digit words of ``text``, folded; apostrophes join, everything else splits."""
    return tuple(re.findall(r"[^\W_]+", re.sub(r"['’`´]", "", fold(text))))


def letters(text: str) -> str:
    """Only letters and digits, folded: how two references or companies are compared without punctuation."""
    return "".join(words(text))


def sound(word: str) -> str:
    """A rough key of how a folded word sounds; equal keys are one voice with two spellings."""
    key = word
    for spelt, heard in (("ph", "f"), ("ck", "k"), ("gh", "g"), ("tz", "z"), ("q", "k"), ("c", "k"), ("y", "i")):
        key = key.replace(spelt, heard)
    key = re.sub(r"(.)\1+", r"\1", key)
    return key[:-1] if len(key) > 3 and key.endswith("e") else key


def _one_edit(a: str, b: str) -> bool:
    """Whether one letter more, less or other makes ``a`` into ``b``."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    return a[start + 1 :] == b[start + 1 :] or a[start:] == b[start + 1 :] or a[start + 1 :] == b[start:]


def _token_likeness(a: str, b: str) -> Likeness:
    if a == b or sound(a) == sound(b):
        return Likeness.SAME
    if any(a in group and b in group for group in _SHORT_FORMS):
        return Likeness.SAME
    if 1 in (len(a), len(b)) and a[0] == b[0]:
        return Likeness.SAME
    if min(len(a), len(b)) >= 5 and _one_edit(a, b):
        return Likeness.NEAR
    return Likeness.DIFFERENT


def person_likeness(said: str, recorded: str) -> Likeness:
    """Whether two person names are one person's.

    A single word (``Delphine``, ``Mister Dastur``) that stands in the record is NEAR: too little to
    agree, nothing against. At least one whole word must be the same beside an initial.
    """
    a = [w for w in words(said) if w not in _TITLES]
    b = [w for w in words(recorded) if w not in _TITLES]
    if not a or not b:
        return Likeness.NEAR
    shorter, longer = (a, b) if len(a) <= len(b) else (b, a)
    left, near, whole = list(longer), False, 0
    for word in shorter:
        best = max(left, key=lambda other: _RANK[_token_likeness(word, other)])
        likeness = _token_likeness(word, best)
        if likeness is Likeness.DIFFERENT:
            return Likeness.SAME if letters(said) == letters(recorded) else Likeness.DIFFERENT
        near = near or likeness is Likeness.NEAR
        whole += min(len(word), len(best)) > 1 and likeness is Likeness.SAME
        left.remove(best)
    if near or not whole or (len(shorter) == 1 and len(longer) > 1):
        return Likeness.NEAR
    return Likeness.SAME


_RANK = {Likeness.SAME: 2, Likeness.NEAR: 1, Likeness.DIFFERENT: 0}


def company_words(text: str) -> tuple[str, ...]:
    """The words of a company name without legal suffixes and particles."""
    kept = tuple(w for w in words(text) if w not in _SUFFIXES and w not in _PARTICLES)
    return kept or words(text)


def company_likeness(said: str, recorded: str) -> Likeness:
    """Whether two organisation names are one organisation's: suffixes, spacing and accents aside.

    A name that is the beginning of the other at a word's end (``Copperkettle`` of ``Copperkettle
    Deli``) is the same; one that merely shares a word is different.
    """
    a, b = company_words(said), company_words(recorded)
    if not a or not b:
        return Likeness.NEAR
    joined_a, joined_b = "".join(a), "".join(b)
    if joined_a == joined_b or sound(joined_a) == sound(joined_b):
        return Likeness.SAME
    if _starts(b, joined_a) or _starts(a, joined_b):
        return Likeness.SAME
    if min(len(joined_a), len(joined_b)) >= 5 and _one_edit(joined_a, joined_b):
        return Likeness.NEAR
    return Likeness.DIFFERENT


def _starts(parts: tuple[str, ...], joined: str) -> bool:
    """Whether ``joined`` (four letters or more) is exactly the first words of ``parts``."""
    return len(joined) >= 4 and any("".join(parts[:count]) == joined for count in range(1, len(parts)))


def same_email(a: str, b: str) -> bool:
    """Exact after case and surrounding space: addresses are never compared loosely."""
    return bool(a.strip()) and a.strip().casefold() == b.strip().casefold()


def same_phone(a: str, b: str) -> bool:
    """Whether two numbers are one line: national form (leading 0) and international form agree.

    At least seven common final digits; what is left over may only be a country code of up to three digits.
    """
    first, second = (re.sub(r"\D", "", number).lstrip("0") for number in (a, b))
    shorter, longer = sorted((first, second), key=len)
    return len(shorter) >= 7 and longer.endswith(shorter) and len(longer) - len(shorter) <= 3


def same_reference(a: str, b: str) -> bool:
    """Whether two ids are one, punctuation and case aside (``PESCO-14`` = ``pesco 14``)."""
    key = letters(a)
    return bool(key) and key == letters(b)


def reference_shape(text: str) -> str:
    """``PESCO-14`` -> ``pesco9``: the word part and where digits stand, to tell two ids of one series."""
    return re.sub(r"\d+", "9", letters(text))
