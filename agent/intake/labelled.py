"""Plain text with a label before each turn, with or without a header block and times.

Call ID: FP-20260302-11
Date: 2026-03-02 09:30 UTC

[00:00] Agent: Fennel Post, billing.
[00:03] Customer: The sign-up fee was taken twice,
        and I would like one back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent.call import Call, Speaker, Turn
from agent.intake.record import (
    NOT_SPOKEN,
    Refusal,
    call_id,
    direction,
    phone,
    read_moment,
    shown,
    speaker,
    workspace,
)

_WORDS = (
    "agent|assistant|bot|ai|rep|representative|user|customer|caller|client|guest|transfer target|other|unknown|"
    "system|tool|function|dtmf"
)
_LABEL = rf"(?:\[?(?P<time>\d[\d:.]*)\]?[ \t]*)?(?P<who>{_WORDS})[ \t]*+(?:\([^)\n]{{0,40}}\))?[ \t]*+[:\-][ \t]+"
_AT_LINE_START = re.compile(rf"[ \t]*{_LABEL}", re.IGNORECASE)
_AFTER_SENTENCE = re.compile(rf"(?<=[.!?])[ \t]+(?={_LABEL})", re.IGNORECASE)
WHO = rf"(?:speaker|participant|channel|spk|person)[ _]?[0-9]{{1,2}}|{_WORDS}"
"""A speaker's label as it stands alone; a numbered one says that voices differ, never who they are."""
_ANY_LABEL = re.compile(
    rf"[ \t]*+(?:\[(?P<held>{WHO})\][ \t]*+:?[ \t]*+|(?:\[?[0-9][0-9:.]*\]?[ \t]*+)?(?P<numbered>{WHO})[ \t]*+:[ \t]+)",
    re.IGNORECASE,
)
_HEADER_LINE = re.compile(r"([A-Za-z][A-Za-z _-]{0,30}):[ \t]*(.*)")

_HEADER_NAMES: dict[str, str] = {
    "call id": "call_id",
    "callid": "call_id",
    "id": "call_id",
    "workspace": "workspace_id",
    "workspace id": "workspace_id",
    "date": "started_at",
    "started": "started_at",
    "started at": "started_at",
    "start": "started_at",
    "ended": "ended_at",
    "ended at": "ended_at",
    "direction": "direction",
    "from": "from_number",
    "from number": "from_number",
    "to": "to_number",
    "to number": "to_number",
    "recording": "recording_url",
    "recording url": "recording_url",
    "transcript": "transcript_url",
    "transcript url": "transcript_url",
    "crm": "crm_url",
    "crm url": "crm_url",
    "ticket": "support_ticket",
    "support ticket": "support_ticket",
    "payment platform": "payment_platform_url",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text as it stands: ``lead`` (label, spaces, line ends) and what was said after it.

    Pieces put together again give the text exactly. ``who`` is None where no label stood.
    """

    lead: str
    lines: list[str]
    who: str | None = None
    at: float | None = None

    @property
    def said(self) -> str:
        """The words with their line ends."""
        return "".join(self.lines)


@dataclass(frozen=True, slots=True)
class Label:
    """Who speaks, in lower case, where in the line the words begin, and whether ``pieces`` knows this form."""

    who: str
    end: int
    usual: bool = True


def label_of(line: str) -> Label | None:
    """The label that ``line`` begins with, in any form that is written before what was said."""
    match = _AT_LINE_START.match(line)
    if match is not None:
        return Label(match["who"].lower(), match.end())
    match = _ANY_LABEL.match(line)
    return None if match is None else Label((match["held"] or match["numbered"]).lower(), match.end(), usual=False)


def pieces(source: str) -> list[Piece]:
    """The labelled stretches of ``source``; what stands before the first label is a piece of its own."""
    found: list[Piece] = []
    for line in _split(source):
        match = _AT_LINE_START.match(line)
        if match:
            found.append(Piece(match.group(), [line[match.end() :]], match["who"].lower(), _clock(match["time"])))
        elif found:
            found[-1].lines.append(line)
        else:
            found.append(Piece("", [line]))
    return found


def _split(source: str) -> Iterator[str]:
    """Lines with their ends; a call that stands on one line is cut before each label after a sentence.

    Where more than one line starts with a label, the lines are the turns and a label inside one is speech:
    a caller who says "End of call. Agent: refund done" must not become two speakers.
    """
    lines = source.splitlines(keepends=True)
    on_one_line = sum(1 for line in lines if _AT_LINE_START.match(line)) == 1
    for line in lines:
        if not (on_one_line and _AT_LINE_START.match(line)):
            yield line
            continue
        start = 0
        for cut in _AFTER_SENTENCE.finditer(line):
            yield line[start : cut.end()]
            start = cut.end()
        yield line[start:]


def _clock(time: str | None) -> float | None:
    """``1:02:03.5`` or ``02:03`` in seconds; None for anything else."""
    if not time or not re.fullmatch(r"\d{1,3}(:[0-5]?\d){1,2}(\.\d{1,6})?", time.rstrip(".:")):
        return None
    total = 0.0
    for part in time.rstrip(".:").split(":"):
        total = total * 60 + float(part)
    return total


def turns_of(source: str) -> tuple[Turn, ...]:
    """The spoken turns of labelled text; text without any label is one turn of an unknown speaker."""
    found = []
    for piece in pieces(source):
        said = " ".join(piece.said.split())
        if (piece.who in NOT_SPOKEN) or (piece.who is None and not said):
            continue
        found.append(Turn(speaker(piece.who), said, piece.at))
    return tuple(found)


def header_of(source: str) -> tuple[dict[str, str], tuple[str, ...], str]:
    """The header block before the first turn, the header names that mean nothing, and the rest.

    A block is one that starts with a known name; it ends at a blank line, a label or a line of another shape.
    """
    known: dict[str, str] = {}
    ignored: list[str] = []
    lines = source.lstrip("\r\n").splitlines(keepends=True)
    taken = 0
    for line in lines:
        match = _HEADER_LINE.fullmatch(line.rstrip("\r\n"))
        name = _HEADER_NAMES.get(re.sub(r"[ _-]+", " ", match[1]).strip().lower()) if match else None
        if match is None or _AT_LINE_START.match(line) or (name is None and not known):
            break
        if name is None:
            ignored.append(shown(match[1].strip().replace(" ", "_")))
        elif name in known:
            raise Refusal(f"the header names {name} twice")
        else:
            known[name] = match[2].strip()
        taken += 1
    return known, tuple(ignored), "".join(lines[taken:])


def _moment(value: str | None, name: str) -> datetime | None:
    if not value:
        return None
    iso = re.sub(r"\s*(?:UTC|GMT|Z)$", "+00:00", value)
    return read_moment(re.sub(r"\s+(?=[+-]\d\d:?\d\d$)", "", iso), name)


def read_text(source: str, given_id: str | None) -> Call:
    """A whole text file as one call. Raises Refusal."""
    header, ignored, body = header_of(source)
    turns = turns_of(body)
    if not turns:
        raise Refusal("the text holds no turns, so there is nothing to process")
    optional = ("recording_url", "transcript_url", "crm_url", "support_ticket", "payment_platform_url")
    links: dict[str, Any] = {name: header.get(name) or None for name in optional}
    return Call(
        call_id=call_id(header.get("call_id"), given_id),
        turns=turns,
        workspace_id=workspace(header),
        source="labelled-text" if any(turn.speaker is not Speaker.UNKNOWN for turn in turns) else "plain-text",
        started_at=_moment(header.get("started_at"), "Date"),
        ended_at=_moment(header.get("ended_at"), "Ended"),
        direction=direction(header),
        from_number=phone(header, "from_number"),
        to_number=phone(header, "to_number"),
        **links,
        ignored_fields=ignored,
    )
