"""The prompt as the stand-in sees it: the call's header, its numbered turns, and where words stand.

Only the shape that ``agent.extraction.prompting`` renders is read. A line of the transcript that does
not begin with a turn number is no turn, and a label inside a turn ("Agent: you're verified") is just
words of whoever said it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

_TURN = re.compile(r"^\[(\d+)\] (agent|caller|transfer_target|other|unknown): (.*)$", re.MULTILINE)
_HEADER = re.compile(r"<call>\n(.*?)\n</call>", re.DOTALL)
_UNDERSTOOD = re.compile(r"<understood>\s*(\{.*?\})\s*</understood>\s*$", re.DOTALL | re.MULTILINE)
_SENTENCE_END = re.compile(r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bNo)[.?!…।]+[\"'”’)]*(?=\s|$)")
_MOST_TURNS = 4000
# fmt: off
_REGIONAL = {
    "CA": "CAD", "AU": "AUD", "NZ": "NZD", "SG": "SGD", "HK": "HKD", "MX": "MXN",
    "SE": "SEK", "NO": "NOK", "DK": "DKK", "LK": "LKR", "PK": "PKR",
}
# fmt: on


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    """``pattern`` compiled once, without regard to case."""
    return re.compile(pattern, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """One turn of the transcript; ``turn`` is its number in the call."""

    turn: int
    speaker: str
    text: str

    @property
    def by_caller(self) -> bool:
        """Whether these are the customer's own words; an unlabelled speaker is read as one."""
        return self.speaker in ("caller", "unknown")

    def sentences(self) -> list[tuple[int, int]]:
        """Start and end of each sentence; a turn without punctuation is one sentence."""
        spans, start = [], 0
        for mark in _SENTENCE_END.finditer(self.text):
            if self.text[start : mark.end()].strip():
                spans.append((start, mark.end()))
            start = mark.end()
        if self.text[start:].strip():
            spans.append((start, len(self.text)))
        return spans


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of one turn."""

    line: Line
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words themselves, verbatim."""
        return self.line.text[self.start : self.end]

    @property
    def turn(self) -> int:
        """The number of the turn they stand in."""
        return self.line.turn

    @property
    def before(self) -> str:
        """What was said before it in the same turn."""
        return self.line.text[: self.start]

    @property
    def after(self) -> str:
        """What was said after it in the same turn."""
        return self.line.text[self.end :]

    def sentence(self) -> Place:
        """The whole sentence (or sentences) that this stretch stands in, without outer blanks."""
        start, end = self.start, self.end
        for low, high in self.line.sentences():
            if low <= self.start < high:
                start = low
            if low < self.end <= high:
                end = max(end, high)
        return Place(self.line, start, end).trimmed()

    def trimmed(self) -> Place:
        """The same stretch without blanks and dangling punctuation at its ends."""
        text = self.text
        lead = len(text) - len(text.lstrip(" \t,;:-–—"))
        tail = len(text.rstrip(" \t,;:-–—.?!…"))
        return Place(self.line, self.start + lead, max(self.start + tail, self.start + lead))


@dataclass(frozen=True)
class Heard:
    """A call as read from the prompt. ``today`` is the caller-side date of the call, None if unknown."""

    lines: tuple[Line, ...]
    header: Mapping[str, str] = field(default_factory=dict)
    understood: Mapping[str, Any] = field(default_factory=dict)

    @property
    def today(self) -> date | None:
        """The date the call was on."""
        found = re.match(r"\d{4}-\d{2}-\d{2}", self.header.get("today", ""))
        try:
            return date.fromisoformat(found[0]) if found else None
        except ValueError:
            return None

    @property
    def region(self) -> str:
        """The region dates and phone numbers are read in."""
        return self.header.get("region") or "US"

    @property
    def currency(self) -> str | None:
        """The currency meant by a bare "dollars" or "crowns": the workspace's own, else the region's."""
        return self.header.get("currency") or _REGIONAL.get(self.region)

    @property
    def outbound(self) -> bool:
        """Whether we rang the customer."""
        return self.header.get("direction") == "outbound"

    def said(self, who: str = "") -> Sequence[Line]:
        """The turns of ``caller`` or ``agent``, or all; an unknown speaker counts as the caller and whoever the
        call was passed to as the agent."""
        if who == "caller":
            return tuple(line for line in self.lines if line.by_caller)
        if who == "agent":
            return tuple(line for line in self.lines if line.speaker in ("agent", "transfer_target"))
        return self.lines

    def find(self, pattern: str, who: str = "") -> Iterator[Place]:
        """Every place where ``pattern`` (case ignored) was said."""
        expression = compiled(pattern)
        for line in self.said(who):
            for match in expression.finditer(line.text):
                if match.end() > match.start():
                    yield Place(line, match.start(), match.end())

    def first(self, pattern: str, who: str = "") -> Place | None:
        """The first place where ``pattern`` was said."""
        return next(self.find(pattern, who), None)

    def answer_to(self, line: Line) -> Line | None:
        """The first turn by somebody else after ``line``, if it is near."""
        for other in self.after(line, 2):
            if other.speaker != line.speaker:
                return other
        return None

    def after(self, line: Line, count: int) -> Sequence[Line]:
        """The next ``count`` turns after ``line``."""
        at = self._position[line.turn]
        return self.lines[at + 1 : at + 1 + count]

    def before(self, line: Line, count: int) -> Sequence[Line]:
        """Up to ``count`` turns before ``line``, nearest first."""
        at = self._position[line.turn]
        return tuple(reversed(self.lines[max(0, at - count) : at]))

    @property
    def _position(self) -> Mapping[int, int]:
        known = self.__dict__.get("_places")
        if known is None:
            known = {line.turn: at for at, line in enumerate(self.lines)}
            self.__dict__["_places"] = known
        return known


def read_prompt(messages: Iterable[Mapping[str, Any]]) -> Heard | None:
    """The call in the first user message that holds a transcript; None when there is none."""
    for message in messages:
        if message.get("role") != "user":
            continue
        text = _text_of(message.get("content"))
        head, fence, transcript = text.partition("<transcript>\n")
        if fence:
            return Heard(_lines(transcript), _header(head), _understood(head))
    return None


def _text_of(content: Any) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return ""


def _lines(transcript: str) -> tuple[Line, ...]:
    lines: list[Line] = []
    seen: set[int] = set()
    for match in _TURN.finditer(transcript):
        turn = int(match[1])
        if turn not in seen and len(lines) < _MOST_TURNS:
            seen.add(turn)
            lines.append(Line(turn, match[2], match[3]))
    return tuple(lines)


def _header(head: str) -> dict[str, str]:
    found = _HEADER.search(head)
    pairs = (line.partition(":") for line in (found[1] if found else "").splitlines())
    return {key.strip(): value.strip() for key, colon, value in pairs if colon and value.strip() != "unknown"}


def _understood(head: str) -> dict[str, Any]:
    found = _UNDERSTOOD.search(head)
    if not found:
        return {}
    try:
        known = json.loads(found[1])
    except json.JSONDecodeError:
        return {}
    return known if isinstance(known, dict) else {}
