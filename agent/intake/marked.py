"""Plain transcripts whose times and speakers stand on lines, or at the beginning of lines, of their own.

00:04 Speaker 2
The letter says RB-1190.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from agent.intake.labelled import WHO, label_of
from agent.intake.subtitles import Part, spoken
from agent.words import FOREIGN, TEENS, TENS, UNITS

_CLOCK = r"[0-9]{1,2}:[0-5][0-9](?::[0-5][0-9])?(?:[.,][0-9]{1,3})?"
_HELD = rf"(?:\[{_CLOCK}\]|\({_CLOCK}\)|{_CLOCK})"
_NAME = r"[A-Z][^\W\d_]*(?:[ '’-][A-Z][^\W\d_]*){0,3}"
_WHO = rf"(?P<who>(?i:{WHO})|{_NAME})"
_BETWEEN = r"[ \t]*+[-–—|,:]?[ \t]*+"
_SPEAKER_LINE = re.compile(
    rf"[ \t]*+(?:{_HELD}{_BETWEEN}{_WHO}|{_WHO.replace('who', 'named')}{_BETWEEN}{_HELD})[ \t]*+:?[ \t]*+"
)
_ALONE = re.compile(rf"[ \t]*+(?P<who>(?i:{WHO}))[ \t]*+:[ \t]*+")
_LED = re.compile(rf"[ \t]*+(?P<held>{_HELD})(?:[ \t]+|(?=[\r\n]|$))")
_NUMBER_WORDS = frozenset({*UNITS, *TEENS, *TENS, *FOREIGN})


def marked_parts(source: str) -> list[Part] | None:
    """The stretches of a plain text with marks of its own, in order; None for a text that has none."""
    lines = source.splitlines(keepends=True)
    times = _times(lines)
    if not any(_marked(line, times=times) for line in lines):
        return None
    parts: list[Part] = []
    who: str | None = None
    for line in lines:
        for part in _line(line, who, times=times):
            who = part.who or who
            parts.append(part)
    return parts


def _marked(line: str, *, times: bool) -> bool:
    """Whether the line has a mark that plain labelled text has not."""
    label = label_of(line)
    return (label is not None and not label.usual) or _speaker(line) is not None or _led(line, times=times) > 0


def _line(line: str, who: str | None, *, times: bool) -> Iterator[Part]:
    mark = _speaker(line)
    if mark is not None:
        yield Part(line, "layout" if re.fullmatch(WHO, mark) else "beside", mark)
        return
    end = _led(line, times=times)
    if end:
        yield Part(line[:end], "layout", who)
    if end < len(line):
        yield from spoken(line[end:], who, tags=False)


def _led(line: str, *, times: bool) -> int:
    """Where the time ends that the line begins with; 0 where it has none, or one that is part of a label."""
    led = _LED.match(line)
    return 0 if led is None or label_of(line) or not (times or led["held"][0] in "[(") else led.end()


def _speaker(line: str) -> str | None:
    """Who speaks after this line, where it names a speaker and says nothing."""
    bare = line.rstrip("\r\n")
    found = _SPEAKER_LINE.fullmatch(bare)
    if found is None:
        alone = _ALONE.fullmatch(bare)
        return alone["who"].lower() if alone else None
    name = str(found["who"] or found["named"]).lower()
    return None if _NUMBER_WORDS.intersection(re.findall(r"\w+", name)) else name


def _times(lines: Sequence[str]) -> bool:
    """Whether the bare times that lines begin with are a clock that runs: digits that were read out do not rise."""
    found = [led["held"] for line in lines if (led := _LED.match(line)) and led["held"][0] not in "[("]
    clock = [[float(part) for part in held.replace(",", ".").split(":")] for held in found]
    seconds = [sum(part * 60**place for place, part in enumerate(reversed(held))) for held in clock]
    rises = all(first <= second for first, second in pairwise(seconds))
    return len(seconds) > 1 and rises and 2 * len(set(seconds)) > len(seconds)
