"""SRT and WebVTT as they stand: which stretches are layout, and which words were spoken, by whom.

1
00:00:02,940 --> 00:00:08,710
Customer: The letter says RB-1190.

Stretches put together again give the text exactly. Two WebVTT rules matter here (W3C WebVTT, sections 4 and 6):
a line with an arrow begins a cue wherever it stands, and NOTE, STYLE and REGION are blocks up to a blank line.
What is not surely layout is speech, so that a form nobody thought of is redacted like any other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from agent.intake.labelled import label_of

Kind = Literal["layout", "beside", "said"]

_TIME = r"(?:[0-9]{1,3}:)?[0-9]?[0-9]:[0-5][0-9](?:[.,][0-9]{1,3})?"
_LONG_TIME = r"[0-9]{1,2}:[0-5][0-9]:[0-5][0-9]\.[0-9]{3}"
_TIMES = re.compile(rf"[ \t]*(?:{_TIME}[ \t]*(?:-{{1,2}}|[–—])>[ \t]*{_TIME}|{_LONG_TIME},{_LONG_TIME})(?![0-9])")
_SETTING = r"(?:(?:vertical|line|position|size|align|[XY][12]):[a-z0-9.,%-]{1,24}|region:[^\s\d]\S{0,24})"
_SETTINGS = re.compile(rf"(?:[ \t]+{_SETTING})*[ \t]*", re.IGNORECASE)
_BLOCK = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t]|$)")
_HEAD = re.compile(r"WEBVTT(?:[ \t]|$)")
_STREAM_CLOCK = re.compile(rf"X-TIMESTAMP-MAP=(?:(?:LOCAL:{_TIME}|MPEGTS:[0-9]{{1,10}}),?){{2}}")
_TAG = re.compile(
    rf"<{_TIME}>|</?(?:c|i|b|u|s|v|lang|ruby|rt|font)(?:[.\s][^<>\n]{{0,120}})?>|\{{\\[a-z0-9]{{1,12}}\}}|&(?:nbsp|lrm|rlm|#160);",
    re.IGNORECASE,
)
_PLAIN_TAG = re.compile(rf"<{_TIME}>|</?[a-z]+>|\{{.*\}}|&.*;", re.IGNORECASE)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]*)>", re.IGNORECASE)
_SHORT_NUMBER, _LONGEST_NUMBER = 7, 12


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text: ``layout`` to be kept, text ``beside`` the call (names, notes), or words that were said.

    ``who`` is the speaker's label of words, in lower case; None where no label stood.
    """

    text: str
    kind: Kind
    who: str | None = None


def subtitle_parts(source: str) -> list[Part] | None:
    """The stretches of SRT or WebVTT in order; None for a text that is neither."""
    lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", source)
    web = next((bool(_HEAD.match(_bare(line))) for line in lines if line.strip()), False)
    if not web and not any(_TIMES.match(line) for line in lines):
        return None
    return list(_Reader(lines, web=web).parts())


def spoken(line: str, who: str | None, *, tags: bool = True) -> Iterator[Part]:
    """A line of speech that ``who`` goes on with: its label, its ``tags``, and the words between them."""
    at, fresh = 0, True
    found = [tag.span() for tag in _TAG.finditer(line)] if tags else []
    for start, end in [*found, (len(line), len(line))]:
        words, tag = line[at:start], line[start:end]
        label = label_of(words) if fresh else None
        if label is not None:
            yield Part(words[: label.end], "beside")
            words, who = words[label.end :], label.who
        fresh = fresh and not words.strip()
        if words:
            yield Part(words, "said" if words.strip() else "layout", who)
        voice = _VOICE.fullmatch(tag)
        if voice and not holds_long_number(tag):
            who = voice[1].strip().lower() or who
        if tag:
            kind: Kind = "layout" if _PLAIN_TAG.fullmatch(tag) else "said" if holds_long_number(tag) else "beside"
            yield Part(tag, kind, who)
        at = end


def holds_long_number(text: str) -> bool:
    """Whether ``text`` has as many digits as a card number: such a line is never layout."""
    return sum(letter.isdigit() for letter in text) > _LONGEST_NUMBER


class _Reader:
    """Goes through the lines once; ``who`` spoke last and goes on where a cue has no label."""

    def __init__(self, lines: list[str], *, web: bool) -> None:
        self._lines = lines
        self._web = web
        self._number = 0
        self._after_blank = True
        self._who: str | None = None

    def parts(self) -> Iterator[Part]:
        at = 0
        while at < len(self._lines):
            block = self._block(at)
            if block > at:
                yield from _beside(self._lines[at:block])
                self._after_blank = False
                at = block
                continue
            yield from self._line(at)
            self._after_blank = not self._lines[at].strip()
            at += 1

    def _block(self, at: int) -> int:
        """Where the header, note, style or region that begins at ``at`` ends; ``at`` where none does."""
        start = _bare(self._lines[at])
        if not self._web or not self._after_blank or not (_BLOCK.match(start) or _HEAD.match(start)):
            return at
        while at < len(self._lines) and self._lines[at].strip() and not _TIMES.match(self._lines[at]):
            at += 1
        return at

    def _line(self, at: int) -> Iterator[Part]:
        line = self._lines[at]
        times = _TIMES.match(line)
        if not line.strip():
            yield Part(line, "layout")
        elif times:
            yield from self._time_line(line, times.end())
        elif (kind := self._cue_id(at)) is not None:
            yield Part(line, kind)
        else:
            for part in spoken(line, self._who):
                self._who = part.who or self._who
                yield part

    def _time_line(self, line: str, end: int) -> Iterator[Part]:
        """The times are layout whatever follows; unknown words after them are read like speech."""
        rest = line[end:]
        if _SETTINGS.fullmatch(_bare(rest)) and not re.search(r"[0-9]{5}", rest):
            yield Part(line, "layout")
        else:
            yield from (Part(line[:end], "layout"), Part(rest, "said", self._who))

    def _cue_id(self, at: int) -> Kind | None:
        """What the line is if it names the cue that follows; None for speech."""
        if at + 1 >= len(self._lines) or not _TIMES.match(self._lines[at + 1]):
            return None
        name = self._lines[at].strip()
        if not re.fullmatch(r"[0-9]{1,12}", name):
            named = self._web and self._after_blank and not re.search(r"\s", name) and len(name) <= 80
            return "beside" if named and not holds_long_number(name) else None
        follows = int(name) == self._number + 1
        if not self._after_blank and not follows:
            return None
        self._number = int(name)
        return "layout" if follows or len(name) <= _SHORT_NUMBER else "beside"


def _beside(lines: list[str]) -> Iterator[Part]:
    """A header or a note; the clock of a stream segment in it is layout."""
    rest: list[str] = []
    for line in lines:
        if _STREAM_CLOCK.fullmatch(line.strip()):
            yield from _note(rest)
            yield Part(line, "layout")
            rest = []
        else:
            rest.append(line)
    yield from _note(rest)


def _note(lines: list[str]) -> Iterator[Part]:
    text = "".join(lines)
    if text:
        yield Part(text, "said" if holds_long_number(text) else "beside")


def _bare(line: str) -> str:
    return line.rstrip("\r\n").removeprefix("\ufeff")
