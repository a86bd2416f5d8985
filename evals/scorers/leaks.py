"""Can any identifier of a call still be read in its output: as digits, spoken, or spread over turns?

A gold identifier leaks when its characters stand in one string of the output line, or in one speaker's
redacted turns put together, after spoken numbers and letters are read as a listener would. Eight digits
in a row of an identifier of twelve or more are a partial leak. Identifiers of up to six characters
(security code, expiry, sort code) count only when said as exactly that run. This reader is the scorer's
own and shares no table with the redactor: two pairs of eyes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from evals.normal import fold
from evals.scorers.common import Mistake, Pair

_SHORT, _PARTIAL, _LONG = 6, 8, 12
_DIGITS = {word: str(n) for n, word in enumerate("zero one two three four five six seven eight nine".split())}
_DIGITS |= {word: str(n) for n, word in enumerate("cero uno dos tres cuatro cinco seis siete ocho nueve".split())}
_DIGITS |= {"oh": "0", "nought": "0", "naught": "0", "null": "0"}
_TEENS = {
    word: str(n)
    for n, word in enumerate(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), 10
    )
}
_TENS = {word: n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_REPEATS = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}
_PHONETIC = {
    word: word[0]
    for word in (
        "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa "
        "quebec romeo sierra tango uniform victor whiskey xray yankee zulu"
    ).split()
}


class Sound(NamedTuple):
    """One heard token: its digits, and its letters and digits; None where it is an ordinary word."""

    digits: str | None
    letters: str | None


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", re.sub(r"\bas in \w+", " ", fold(text)).replace("'", ""))


def _number(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """Digits said at ``at`` and how many words they took."""
    word = words[at]
    if word in _DIGITS:
        return _DIGITS[word], 1
    if word in _TEENS:
        return _TEENS[word], 1
    if word in _TENS:
        unit = _DIGITS.get(words[at + 1], "0") if at + 1 < len(words) else "0"
        return (f"{_TENS[word]}{unit}", 2) if unit != "0" else (f"{_TENS[word]}0", 1)
    if word in ("hundred", "thousand"):
        return ("00", 1) if word == "hundred" else ("000", 1)
    return (word, 1) if word.isdigit() else None


def listen(text: str) -> list[Sound]:
    """``text`` as a listener would write numbers and spelled letters down, one entry a token."""
    words, sounds, at = _words(text), [], 0
    while at < len(words):
        times = _REPEATS.get(words[at], 0) if at + 1 < len(words) else 0
        times = times if times and (words[at + 1] in _DIGITS or len(words[at + 1]) == 1) else 0
        at += bool(times)
        said = _number(words, at)
        if said:
            sounds.append(Sound(said[0] * (times or 1), said[0] * (times or 1)))
            at += said[1]
            continue
        word = _PHONETIC.get(words[at], words[at])
        if len(word) == 1:
            sounds.append(Sound(None, word * (times or 1)))
        elif re.search(r"\d", word):
            sounds.append(Sound(re.sub(r"\D", "", word), word))
        else:
            sounds.append(Sound(None, None))
        at += 1
    return sounds


def _runs(text: str) -> list[str]:
    grouped = groupby(listen(text), key=lambda sound: sound.digits is not None)
    return ["".join(sound.digits or "" for sound in held) for spoken, held in grouped if spoken]


def _characters(secret: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(secret))


def _readings(text: str) -> Iterator[str]:
    """Every way to read ``text`` as one string: "oh" as zero or as a sigh, addresses with or without at and dot."""
    plain = re.sub(r"[^a-z0-9]", "", fold(text))
    yield plain
    yield re.sub(r"[^a-z0-9]", "", re.sub(r"\b(at|dot|arobase|arroba|point|punto)\b", " ", fold(text)))
    for version in (text, re.sub(r"(?i)\boh\b", " ", text)):
        sounds = listen(version)
        yield "".join(sound.letters or "" for sound in sounds)
        yield "".join(sound.digits or "" for sound in sounds)


def leaks_whole(text: str, secret: str) -> bool:
    """Whether ``secret`` can be read from ``text``."""
    characters = _characters(secret)
    if len(characters) <= _SHORT:
        written = r"(?<!\w)" + r"[\s-]?".join(characters) + r"(?!\w)"
        return characters in _runs(text) or re.search(written, fold(text)) is not None
    digits = re.sub(r"\D", "", characters)
    return any(characters in reading or (len(digits) >= _PARTIAL and digits in reading) for reading in _readings(text))


def leaks_part(text: str, secret: str) -> bool:
    """Whether eight digits in a row of a long ``secret`` can be read from ``text``."""
    digits = re.sub(r"\D", "", secret)
    if len(digits) < _LONG:
        return False
    heard = "".join(sound.digits or "" for sound in listen(text))
    pieces = (digits[at : at + _PARTIAL] for at in range(len(digits) - _PARTIAL + 1))
    return any(piece in heard and len(set(piece)) > 2 for piece in pieces)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, held in value.items():
            yield str(key)
            yield from _strings(held)
    elif isinstance(value, list | tuple):
        for held in value:
            yield from _strings(held)
    elif isinstance(value, int) and not isinstance(value, bool) and value >= 10**_SHORT:
        yield str(value)


def _haystack(output: Mapping[str, Any]) -> list[str]:
    turns = output.get("redacted_turns") or ()
    speakers = {str(turn.get("speaker")) for turn in turns}
    joined = [" ".join(str(t.get("text", "")) for t in turns if str(t.get("speaker")) == who) for who in speakers]
    return [*_strings(output), *joined]


@dataclass(frozen=True, slots=True)
class LeakScore:
    """How many identifiers can be read whole and in part; mistakes name type and call, never the value."""

    whole: int
    partial: int
    secrets: int
    mistakes: tuple[Mistake, ...]


def score_leaks(pairs: Sequence[Pair]) -> LeakScore:
    """Every gold identifier looked for in everything the output line says."""
    whole, partial, mistakes = 0, 0, []
    for pair in pairs:
        hay = _haystack(pair.output)
        for secret, kind in zip(pair.row.gold.secrets, pair.row.gold.secret_types, strict=True):
            if any(leaks_whole(text, secret) for text in hay):
                whole += 1
                mistakes.append(Mistake(pair.row.id, "leak", "removed", kind))
            elif any(leaks_part(text, secret) for text in hay):
                partial += 1
                mistakes.append(Mistake(pair.row.id, "partial leak", "removed", kind))
    return LeakScore(whole, partial, sum(len(p.row.gold.secrets) for p in pairs), tuple(mistakes))
