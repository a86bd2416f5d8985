"""The words of a whole call, each with its exact place, and the way back from text to turn.

Turns are joined with one line feed. Every offset is a code-point offset into that joined text;
``CallText.place`` turns it back into (turn, offset in the turn).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from agent.words import FOREIGN, HOMOPHONES, PHONETIC, REPEATS, TEENS, TENS, UNITS

# Devanagari vowel signs are marks, not letters, so such words need an alternative of their own. Marks and
# invisible characters inside a word do not cut it.
_INSIDE = "\u00ad\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0f\ufeff"
_WORD = re.compile(
    rf"[\u0900-\u0963\u0966-\u097f]+|[^\W_](?:[{_INSIDE}]*[^\W_])*(?:['’][^\W_](?:[{_INSIDE}]*[^\W_])*)*"
)
_UNSEEN = re.compile(f"[{_INSIDE}]+")
_SPOKEN = sorted({*UNITS, *TEENS, *TENS, *REPEATS, "hundred", "thousand"} - {"o"}, key=len, reverse=True)
_NUMBER_WORD = "|".join(_SPOKEN)
_RUN_TOGETHER = re.compile(rf"(?:{_NUMBER_WORD}|\d++){{2,}}")
_PART = re.compile(rf"{_NUMBER_WORD}|\d+")
_NUMBERISH = re.compile(
    r"\d|(?<![a-z])(?:"
    + "|".join(sorted({*FOREIGN, *PHONETIC} - set(HOMOPHONES) - {"o", "do", "um", "once"}))
    + rf")\b|(?<![a-z])(?:{_NUMBER_WORD})"
    r"|\bat the rate\b|\bupi\b|\bvpa\b|\bat ok|\b\w \w \w\b|\bbic\b|\bswift\b|(?-i:\b[A-Z]{8,11}\b)|[^\W\d]@[A-Za-z]|\bat ok\b",
    re.IGNORECASE,
)
_CONTRACTED = {"it's": "its", "that's": "thats", "what's": "whats", "i'm": "im", "here's": "heres", "let's": "lets"}


@dataclass(frozen=True, slots=True)
class CallText:
    """All turns in one text. ``starts[i]`` is where turn i begins, ``speakers[i]`` who says it."""

    text: str
    starts: tuple[int, ...]
    speakers: tuple[str, ...]

    def place(self, offset: int) -> tuple[int, int]:
        """(turn, offset inside that turn) of an offset into ``text``."""
        turn = bisect_right(self.starts, offset) - 1
        return turn, offset - self.starts[turn]

    def end_of(self, turn: int) -> int:
        """Where ``turn`` ends in ``text``, its line feed not counted."""
        return self.starts[turn + 1] - 1 if turn + 1 < len(self.starts) else len(self.text)


def join_turns(turns: Sequence[tuple[str, str]]) -> CallText:
    """Join (speaker, text) pairs; an empty call gives one empty turn's worth of nothing."""
    starts: list[int] = []
    at = 0
    for _, text in turns:
        starts.append(at)
        at += len(text) + 1
    return CallText("\n".join(text for _, text in turns), tuple(starts), tuple(speaker for speaker, _ in turns))


@dataclass(frozen=True, slots=True)
class Words:
    """Parallel lists, one entry a word: folded form, as written, start, end, turn."""

    folded: list[str]
    written: list[str]
    start: list[int]
    end: list[int]
    turn: list[int]
    first: list[int]
    """``first[t]`` is the index of the first word of turn t; one extra entry closes the last turn."""

    def __len__(self) -> int:
        return len(self.folded)


def fold(word: str) -> str:
    """Lower case; full-width and other scripts' digits become ASCII, Latin accents are dropped."""
    if word.isascii():
        low = word.lower()
        return _CONTRACTED.get(low, low) if "'" in low else low
    low = _UNSEEN.sub("", unicodedata.normalize("NFKC", word)).replace("’", "'").lower()
    low = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in low)
    if max(low) < "\u0250":
        low = "".join(c for c in unicodedata.normalize("NFD", low) if not unicodedata.combining(c))
    return _CONTRACTED.get(low, low)


def may_hold_number(text: str) -> bool:
    """Quick look: whether any digit, number word or spelled letters are there at all."""
    if not text.isascii():
        text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    return _NUMBERISH.search(text) is not None


def _parts(written: str) -> list[tuple[int, int]]:
    """Where a word that is several number words run together is cut: "fourfivethree", "4two4"."""
    low = written.lower()
    if len(low) < 4 or low.isdigit() or not written.isascii() or not _RUN_TOGETHER.fullmatch(low):
        return [(0, len(written))]
    return [match.span() for match in _PART.finditer(low)]


def read_words(call: CallText) -> Words:
    """Cut the joined text into words, in one pass."""
    words = Words([], [], [], [], [], [])
    text = call.text
    for turn, begin in enumerate(call.starts):
        words.first.append(len(words.folded))
        for match in _WORD.finditer(text, begin, call.end_of(turn)):
            for low, high in _parts(match.group()):
                written = match.group()[low:high]
                words.written.append(written)
                words.folded.append(fold(written))
                words.start.append(match.start() + low)
                words.end.append(match.start() + high)
                words.turn.append(turn)
    words.first.append(len(words.folded))
    return words
