"""Writes down what a listener could: spoken digits, tens, hundreds, repeats, letters and their phonetic names.

One text can be heard in several ways (forty two is 42 or 40 2; "for" may be a 4), so an *ear* fixes one way and
``readings`` gives what all of them hear. Words that mean nothing are passed over, a placeholder ends a run. The tables
are this scorer's own and shared with nothing in the product.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

GAP = "|"
"""Stands in a reading where a placeholder was."""

_PLACEHOLDER = re.compile(
    r"<[^<>\n]{1,60}>|\[[^\[\]\n]{0,60}\]|\{[^{}\n]{0,60}\}|[*#█■•]{2,}|\b[xX]{3,}\b|\bREDACTED\b|\b[A-Z]+_[A-Z_0-9]+\b"
)
_TOKEN = re.compile(r"\0|[^\W_]+(?:['’][^\W_]+)?")


def _numbered(words: str, first: int = 0) -> dict[str, str]:
    return {word: str(number) for number, word in enumerate(words.split(), first)}


_UNITS = _numbered("zero one two three four five six seven eight nine")
_UNITS |= {"o": "0", "oh": "0", "nought": "0", "naught": "0", "nil": "0", "niner": "9"}
_TEENS = _numbered("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 10)
_TENS = _numbered("twenty thirty forty fifty sixty seventy eighty ninety", 2) | {"fourty": "4"}
_REPEATS = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}
_SOUNDS_LIKE = {
    "for": "4",
    "fore": "4",
    "to": "2",
    "too": "2",
    "won": "1",
    "ate": "8",
    "tree": "3",
    "fife": "5",
    "sex": "6",
}
_ROUND = {"hundred": 100, "thousand": 1000}
_MONTHS = {
    name: f"{number:02d}"
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(), 1
    )
}
_LETTERS = {name: name[0].upper() for name in (
    "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa quebec "
    "romeo sierra tango uniform victor whiskey whisky xray yankee zulu bee cee dee gee jay kay pee tee vee zed zee"
).split()}  # fmt: skip
_LETTERS |= {
    "eff": "F",
    "aitch": "H",
    "haitch": "H",
    "ell": "L",
    "em": "M",
    "en": "N",
    "cue": "Q",
    "ar": "R",
    "ess": "S",
}
_GLUED = re.compile(
    f"(?:{'|'.join(sorted((*_UNITS.keys() - {'o'}, *_TEENS, *_TENS, *_REPEATS), key=len, reverse=True))})"
)
_TONGUES: tuple[Mapping[str, str], ...] = (
    _numbered("cero uno dos tres cuatro cinco seis siete ocho nueve") | {"un": "1", "una": "1"},
    _numbered("shunya ek do teen char paanch chhe saat aath nau")
    | {"chaar": "4", "panch": "5", "che": "6", "chah": "6"},
    _numbered("null eins zwei drei vier funf sechs sieben acht neun") | {"zwo": "2", "ein": "1", "fuenf": "5"},
    _numbered("zero un deux trois quatre cinq six sept huit neuf"),
    _numbered("zero uno due tre quattro cinque sei sette otto nove"),
    _numbered("zero um dois tres quatro cinco seis sete oito nove") | {"meia": "6"},
    _numbered("nul een twee drie vier vijf zes zeven acht negen"),
)


@dataclass(frozen=True, slots=True)
class Ear:
    """One way to hear: tens taken together with what follows, letters, homophones, months, another language."""

    joined: bool = True
    letters: bool = True
    homophones: bool = False
    months: bool = False
    tongue: int | None = None


EARS: tuple[Ear, ...] = (
    Ear(),
    Ear(letters=False),
    Ear(joined=False),
    Ear(joined=False, letters=False),
    Ear(letters=False, homophones=True),
    Ear(letters=False, months=True),
)
FOREIGN_EARS: tuple[Ear, ...] = tuple(Ear(tongue=number) for number in range(len(_TONGUES)))


def plain(text: str) -> str:
    """``text`` without accents and in plain forms of its characters (full-width digits become digits)."""
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def written(text: str) -> str:
    """Letters and digits as they are written, in capitals, letter O as zero."""
    return re.sub(r"[^A-Z0-9]", "", plain(text).upper()).replace("O", "0")


def tokens(text: str) -> list[str]:
    """Words and figures in order; a placeholder is one ``GAP``."""
    found = _TOKEN.findall(_PLACEHOLDER.sub(" \0 ", plain(text)))
    return [piece for word in found for piece in ([GAP] if word == "\0" else _unglued(word))]


def _unglued(token: str) -> list[str]:
    """The number words of a token that is nothing but number words written together (foureightnine)."""
    pieces = _GLUED.findall(token.lower())
    return pieces if len(pieces) > 1 and "".join(pieces) == token.lower() else [token]


def hear(text: str, ear: Ear) -> str:
    """What ``ear`` writes down."""
    return _Listener(tokens(text), ear).run()


def readings(text: str, ears: Sequence[Ear] = EARS + FOREIGN_EARS) -> frozenset[str]:
    """Everything that can be read or heard in ``text``."""
    found = {GAP.join(written(piece) for piece in _PLACEHOLDER.split(plain(text)))}
    said = tokens(text)
    return frozenset(found | {_Listener(said, ear).run() for ear in ears})


class _Listener:
    """Walks over tokens; each rule says what it hears at a place and how many tokens that took."""

    def __init__(self, said: Sequence[str], ear: Ear) -> None:
        self._said, self._ear = said, ear
        self._low = [token.lower() for token in said]

    def run(self) -> str:
        return "".join(self._pieces()).replace("O", "0")

    def _pieces(self) -> Iterator[str]:
        at = 0
        while at < len(self._said):
            heard, took = self._at(at)
            yield heard
            at += took

    def _at(self, at: int) -> tuple[str, int]:
        token, low = self._said[at], self._low[at]
        if token == GAP:
            return GAP, 1
        if _figures(token):
            return (token.upper() if self._ear.letters else re.sub(r"\D", "", token)), 1
        if self._ear.tongue is not None:
            return self._foreign(at)
        for rule in (self._repeat, self._number):
            found = rule(at)
            if found is not None:
                return found
        if low in _ROUND and not self._ear.joined:
            return str(_ROUND[low])[1:], 1
        if self._ear.months and low in _MONTHS:
            return _MONTHS[low], 1
        return self._letter(at) if self._ear.letters else ("", 1)

    def _foreign(self, at: int) -> tuple[str, int]:
        low = self._low[at]
        digit = _TONGUES[self._ear.tongue or 0].get(low)
        if digit is not None:
            return digit, 1
        return (low.upper(), 1) if len(low) == 1 else ("", 1)

    def _unit(self, at: int) -> str | None:
        if at >= len(self._said):
            return None
        low = self._low[at]
        if low in _UNITS:
            return _UNITS[low]
        if self._ear.homophones and low in _SOUNDS_LIKE:
            return _SOUNDS_LIKE[low]
        return low if len(low) == 1 and low.isdigit() else None

    def _repeat(self, at: int) -> tuple[str, int] | None:
        times = _REPEATS.get(self._low[at])
        if times is None:
            return None
        unit = self._unit(at + 1)
        if unit is None and self._ear.letters and at + 1 < len(self._said) and len(self._said[at + 1]) == 1:
            unit = self._said[at + 1].upper()
        return None if unit is None else (unit * times, 2)

    def _small(self, at: int) -> tuple[str, int] | None:
        """A number below a hundred in words, and where it ends."""
        if at >= len(self._said) or _figures(self._said[at]):
            return None
        low = self._low[at]
        if low in _TEENS:
            return _TEENS[low], at + 1
        if low in _TENS:
            unit = self._unit(at + 1) if self._ear.joined else None
            joins = unit not in (None, "0") and not _figures(self._said[at + 1])
            return (f"{_TENS[low]}{unit}", at + 2) if joins else (f"{_TENS[low]}0", at + 1)
        unit = self._unit(at)
        return None if unit is None else (unit, at + 1)

    def _number(self, at: int) -> tuple[str, int] | None:
        small = self._small(at)
        if small is None:
            return None
        heard, end = small
        if self._ear.joined and self._low[end : end + 1] and self._low[end] in _ROUND:
            value, end = int(heard) * _ROUND[self._low[end]], end + 1
            if self._low[end - 1] == "thousand":
                value, end = self._hundreds(value, end)
            rest = self._small(end + 1) if self._low[end : end + 1] == ["and"] else None
            value, end = (value + int(rest[0]), rest[1]) if rest else (value, end)
            heard = str(value)
        return heard, end - at

    def _hundreds(self, value: int, at: int) -> tuple[int, int]:
        more = self._small(at)
        if more is not None and self._low[more[1] : more[1] + 1] == ["hundred"]:
            return value + int(more[0]) * 100, more[1] + 1
        return value, at

    def _letter(self, at: int) -> tuple[str, int]:
        token, low = self._said[at], self._low[at]
        if len(low) == 1 and low.isalpha():
            after = self._low[at + 1 : at + 4]
            if len(after) > 1 and after[0] == "for" and after[1].startswith(low):
                return token.upper(), 3
            return token.upper(), 4 if len(after) > 2 and after[:2] == ["as", "in"] else 1
        if low in _LETTERS:
            return _LETTERS[low], 1
        return (token, 1) if token.isupper() and len(token) <= 6 else ("", 1)


def _figures(token: str) -> bool:
    return any(char.isdigit() for char in token)
