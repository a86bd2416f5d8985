"""Looks for identifiers in whatever a run leaves behind: as digits with anything between them, and as they are spoken.

Written for finding, not for speed of reading: what this reader takes for a number and the redactor does not is a
leak. It shares no table with the redactor; a test plants values on purpose and sees that each is found.
"""

from __future__ import annotations

import base64
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from pathlib import Path

from tests.acceptance.planting import Planted

_UNITS = dict(zip("zero one two three four five six seven eight nine".split(), "0123456789", strict=True))
_UNITS |= {"oh": "0", "o": "0", "nought": "0"}
_TEENS = {
    word: str(value)
    for value, word in enumerate(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), 10
    )
}
_TENS = {
    word: str(value) for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_ROUND = {"hundred": "00", "thousand": "000"}
_SOUNDS = {"for": "4", "to": "2", "too": "2", "won": "1", "ate": "8"}
_NATO = (
    "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec romeo "
    "sierra tango uniform victor whiskey x-ray yankee zulu"
).split()
_WORDS = sorted({*_UNITS, *_TEENS, *_TENS, *_TIMES, *_ROUND, *_SOUNDS, *_NATO, "xray"}, key=len, reverse=True)
_ONE = rf"(?:\d+|(?:{'|'.join(_WORDS)})(?![a-z])|[a-z](?![a-z0-9]))"
_RUN = re.compile(rf"(?<![a-z0-9]){_ONE}(?:[^a-z0-9]{{0,6}}(?:{_ONE}))*")
_TIGHT = re.compile(rf"(?<![a-z0-9]){_ONE}(?:[ .,/-]{{0,2}}(?:{_ONE}))*")
_TOKEN = re.compile(r"\d+|x-ray|[a-z]+")
_NOISE = re.compile(
    r"\d{4}-\d\d-\d\d[t ]\d\d:\d\d:\d\d(?:[.,]\d+)?|(?<![a-z0-9])(?=(?:[0-9]*[a-f]){3})[0-9a-f]{12,64}(?![a-z0-9])"
    r"|(?<![a-z0-9])\d+\.\d{4,}(?![a-z0-9])|\b(?:for|as in) [a-z]+(?=,|\s+[a-z]\b|\s*$)"
)
"""Times of day with seconds, digests, measured seconds; and the names that letters are spelled with."""

_TURN_LABEL = re.compile(r"\[\d+\] (?=[a-z_]+: )")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{40,}={0,2}")
_LONG, _MIDDLE = 9, 8
_NEAR = 60
"""How many characters two runs may be apart and still be pieces of one number: a turn of the other speaker."""


@dataclass(frozen=True)
class Hay:
    """One text that was left behind, read once for all values."""

    name: str
    text: str

    @cached_property
    def folded(self) -> str:
        """Lower case, full-width digits as plain ones, without noise; what base64 hides is added."""
        hidden = "\n".join(_decoded(self.text))
        plain = unicodedata.normalize("NFKC", f"{self.text}\n{hidden}").lower()
        return _TURN_LABEL.sub("", _NOISE.sub(" ~ ", plain.replace("\\n", " ").replace('\\"', '"')))

    @cached_property
    def compact(self) -> str:
        """Letters and digits only: a value with any separators."""
        return re.sub(r"[^a-z0-9]+", "", self.folded)

    @cached_property
    def spaced(self) -> str:
        """Words and digits with single spaces: a text as it was said."""
        return " " + re.sub(r"[^a-z0-9]+", " ", self.folded) + " "

    @cached_property
    def exact(self) -> dict[str, list[str]]:
        """Digits of an unbroken run -> what stands before each run that has them."""
        found: dict[str, list[str]] = {}
        for run in _TIGHT.finditer(self.folded):
            before = self.folded[max(0, run.start() - 80) : run.start()]
            for digits in {re.sub(r"\D", "", reading) for reading in _heard(run.group())}:
                found.setdefault(digits, []).append(before)
        return found

    @cached_property
    def joined(self) -> tuple[str, ...]:
        """All digits in reading order in each way of hearing them, broken where much else is said between."""
        parts: list[list[str]] = [[] for _ in _WAYS]
        end = 0
        for run in _RUN.finditer(self.folded):
            for part, reading in zip(parts, _heard(run.group()), strict=True):
                part.append(("|" if run.start() - end > _NEAR else "") + reading)
            end = run.end()
        return tuple("".join(part) for part in parts)

    @cached_property
    def digits(self) -> tuple[str, ...]:
        """``joined`` without its letters."""
        return tuple(re.sub(r"[^0-9|]", "", one) for one in self.joined)

    def holds(self, one: Planted, *, own: bool = False) -> str | None:
        """How ``one`` can be read here, or None.

        ``own`` is for a text of that call alone, where chance is small: then what is short, what lies apart and
        parts of what is long are looked for as well.
        """
        value = re.sub(r"[^a-z0-9]", "", one.value.lower())
        digits = re.sub(r"\D", "", value)
        if len(value) >= _LONG and value in self.compact:
            return "written"
        if len(digits) >= (_MIDDLE if own else _LONG) and any(digits in heard for heard in self.digits):
            return "heard as digits"
        if value != digits and len(value) >= _LONG and any(value in heard for heard in self.joined):
            return "spelled"
        if (own or not _heard_whole(one)) and self._said(one):
            return "as it was said"
        return self._short(one, digits) if own else None

    def _said(self, one: Planted) -> bool:
        return any(_said(piece) in self.spaced for piece in one.pieces if _tells(piece))

    def _short(self, one: Planted, digits: str) -> str | None:
        """Seven digits of a longer number; a short one that is a run of its own, and announced."""
        if any(digits[at : at + 7] in heard for at in range(len(digits) - 6) for heard in self.digits):
            return "in part"
        whole = [piece for piece in one.pieces if _is_whole(piece, digits)]
        if len(digits) < _LONG and any(self._named_before(_said(piece), one.names) for piece in whole):
            return "as it was announced"
        named = any(_named(one.names, before) for before in self.exact.get(digits, ()))
        return "a number of its own" if digits and named else None

    def _named_before(self, said: str, names: Sequence[str]) -> bool:
        """Whether ``said`` stands somewhere behind what people call it."""
        places = (found.start() for found in re.finditer(re.escape(said), self.spaced))
        return any(_named(names, self.spaced[max(0, at - 80) : at]) for at in places)


def rows_of(store: Path) -> Hay:
    """Every text in every table of a database: in its file long ones are cut at the ends of pages."""
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [row for table in tables for row in database.execute(f'SELECT * FROM "{table}"')]  # noqa: S608
    return Hay("rows of the store", "\n".join(str(text) for row in rows for text in row if isinstance(text, str)))


def search(hays: Iterable[Hay], planted: Sequence[Planted]) -> list[tuple[str, Planted, str]]:
    """(name of the text, what was planted, how it can be read) of everything that is found."""
    return [(hay.name, one, how) for hay in hays for one in planted if (how := hay.holds(one)) is not None]


@cache
def _heard_whole(one: Planted) -> bool:
    """Whether the value is heard from a piece of it as it stands: then its digits are enough to look for. Not so
    where it was corrected midway, where letters are in it and where it lies in several turns."""
    digits = re.sub(r"\D", "", one.value)
    return len(digits) == len(one.value) >= _LONG and any(_is_whole(piece, digits) for piece in one.pieces)


def _is_whole(piece: str, digits: str) -> bool:
    """Whether a piece says all of a short value: as digits, or as the month and year of an expiry."""
    by_month = re.search(r"(?i)\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", piece) is not None
    return by_month or digits in (re.sub(r"\D", "", reading) for reading in _heard(piece.lower()))


def _said(piece: str) -> str:
    return " " + re.sub(r"[^a-z0-9]+", " ", unicodedata.normalize("NFKC", piece).lower()).strip() + " "


def _tells(piece: str) -> bool:
    """Whether a piece holds enough of an identifier: five digits or letters, or a good many words."""
    return (
        len(_said(piece)) >= 18 or max(len(re.sub(r"[^0-9a-z]", "", reading)) for reading in _heard(piece.lower())) >= 5
    )


def _named(names: Sequence[str], before: str) -> bool:
    words = set(re.findall(r"[a-z]{3,}", before))
    return any(set(re.findall(r"[a-z]{3,}", name.lower())) & words for name in names)


def _decoded(text: str) -> Iterator[str]:
    """What base64 in ``text`` says, where it says something: mails leave in it."""
    for match in _BASE64.finditer(text):
        raw = match.group().rstrip("=").replace("-", "+").replace("_", "/")
        try:
            plain = base64.b64decode(raw + "=" * (-len(raw) % 4)).decode("utf-8")
        except ValueError:
            continue
        if plain.isprintable() or "\n" in plain:
            yield plain


_WAYS = tuple(product((True, False), (True, False)))
"""With and without the sounds that may be numbers ("for"), and with "oh" as nought or as a sigh."""


def _heard(run: str) -> tuple[str, ...]:
    """A run as letters and digits, in each way of hearing it."""
    tokens = _TOKEN.findall(run.lower())
    return tuple(_written_down(tokens, sounds, oh) for sounds, oh in _WAYS)


def _written_down(tokens: Sequence[str], sounds: bool, oh: bool) -> str:
    out: list[str] = []
    times, at = 1, 0
    while at < len(tokens):
        word = tokens[at]
        at += 1
        if word in _TIMES:
            times = _TIMES[word]
            continue
        if word in _TENS:
            follows = _UNITS.get(tokens[at], "") if at < len(tokens) else ""
            unit = follows if follows not in ("", "0") else ""
            at += bool(unit)
            out.append(_TENS[word] + (unit or "0"))
        elif word in ("oh", "o") and not oh:
            continue
        elif word in _SOUNDS:
            out.append(_SOUNDS[word] if sounds else "")
        else:
            known = _UNITS.get(word) or _TEENS.get(word) or _ROUND.get(word)
            letter = word[0] if len(word) == 1 or word in _NATO or word == "xray" else ""
            out.append((known or (word if word.isdigit() else letter)) * times)
        times = 1
    return "".join(out)
