"""What a sweep took out of a call's turns, and the same taken out of every copy of those words.

Prompts, quotes and answers repeat turns whole or in part. A part may be too short to be recognised alone
("two four two four"), so copies are changed as the turn was, before any rule looks at them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from agent.call import Redaction

_WHOLE = 12
"""Shortest turn that is looked for inside longer texts; a shorter one must be the text itself."""
_TELLING = 5
"""So many digits or words of their own make a stretch worth taking wherever it stands."""
_BESIDE = 10
"""Characters around a shorter stretch that must stand around its copy too."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """``old[start:end]`` of a turn went, and ``into`` stands there now."""

    start: int
    end: int
    into: str


@dataclass(frozen=True)
class TurnChange:
    """One turn before and after."""

    old: str = field(repr=False)
    new: str = field(repr=False)
    stretches: tuple[Stretch, ...]

    def sliced(self, start: int, end: int) -> str | None:
        """What became of ``old[start:end]``, a cut placeholder made whole; None when nothing of it went."""
        parts, at = [], start
        for stretch in self.stretches:
            if stretch.end <= start or stretch.start >= end:
                continue
            parts += [self.old[at : max(at, stretch.start)], stretch.into]
            at = stretch.end
        return "".join([*parts, self.old[at:end]]) if parts else None


def change_of(old: str, new: str, rows: Sequence[Redaction]) -> TurnChange:
    """How ``old`` became ``new``, whose fresh placeholders are ``rows`` (in order, offsets into ``new``).

    What stands between two placeholders may occur more than once in ``old``. Where the stretches cannot be
    told apart for sure they are taken as one.
    """
    between = [new[a:b] for a, b in zip([0, *(r.end for r in rows)], [*(r.start for r in rows), len(new)], strict=True)]
    first, last = _from_left(old, between), _from_right(old, between)
    stretches: list[Stretch] = []
    start, into = len(between[0]), ""
    for at, row in enumerate(rows):
        into += row.placeholder
        if first[at + 1] == last[at + 1] or at + 1 == len(rows):
            begin, end = last[at + 1]
            stretches.append(Stretch(start, begin, into))
            start, into = end, ""
        else:
            into += between[at + 1]
    return TurnChange(old, new, tuple(stretches))


def _from_left(old: str, between: Sequence[str]) -> list[tuple[int, int]]:
    """The earliest places of the kept pieces; at least one character went between two of them."""
    found = [(0, len(between[0]))]
    for piece in between[1:-1]:
        start = old.find(piece, found[-1][1] + 1)
        found.append((start, start + len(piece)))
    return [*found, (len(old) - len(between[-1]), len(old))]


def _from_right(old: str, between: Sequence[str]) -> list[tuple[int, int]]:
    """The latest places of the kept pieces."""
    found = [(len(old) - len(between[-1]), len(old))]
    for piece in reversed(between[1:-1]):
        start = old.rfind(piece, 0, max(0, found[-1][0] - 1))
        found.append((start, start + len(piece)))
    return [(0, len(between[0])), *reversed(found)]


class Copies:
    """Texts that may repeat changed turns."""

    def __init__(self, changes: Iterable[TurnChange]) -> None:
        known = {change.old: change for change in changes if change.stretches}
        for change in list(known.values()):
            flat = _flat(change)
            known.setdefault(flat.old, flat)
        self._changes = sorted(known.values(), key=lambda change: -len(change.old))

    def mended(self, text: str) -> str:
        """``text`` with everything gone that went from the turns it repeats."""
        for change in self._changes:
            if text == change.old:
                return change.new
            if len(change.old) >= _WHOLE:
                text = text.replace(change.old, change.new)
        for change in self._changes:
            text = _as_slice(text, change) or _without_stretches(text, change)
        return text


def _flat(change: TurnChange) -> TurnChange:
    """The change of the turn as prompts show it: every run of white space is one blank."""
    old, places = _squeezed(change.old)
    stretches = []
    for stretch in change.stretches:
        gone, _ = _squeezed(change.old[stretch.start : stretch.end])
        start = places[stretch.start]
        stretches.append(Stretch(start, start + len(gone), stretch.into))
    return TurnChange(old, _squeezed(change.new)[0], tuple(stretches))


def _squeezed(text: str) -> tuple[str, list[int]]:
    """``text`` with one blank for each run of white space, and where each of its characters went."""
    kept: list[str] = []
    places = []
    for character in text:
        if not character.isspace():
            kept.append(character)
            places.append(len(kept) - 1)
            continue
        if kept and kept[-1] != " ":
            kept.append(" ")
        places.append(len(kept))
    return "".join(kept).rstrip(" "), places


def _as_slice(text: str, change: TurnChange) -> str | None:
    """``text`` when it is a part of the turn out of which something went: a quote."""
    at = change.old.find(text) if len(text) >= _TELLING else -1
    while at >= 0:
        became = change.sliced(at, at + len(text))
        if became is not None:
            return became
        at = change.old.find(text, at + 1)
    return None


def _without_stretches(text: str, change: TurnChange) -> str:
    for stretch in change.stretches:
        gone = change.old[stretch.start : stretch.end]
        if _telling(gone):
            text = _replaced(text, gone, stretch.into)
            continue
        before = change.old[max(0, stretch.start - _BESIDE) : stretch.start]
        after = change.old[stretch.end : stretch.end + _BESIDE]
        for left, right in ((before, ""), ("", after)):
            if len(left) + len(right) == _BESIDE:
                text = text.replace(left + gone + right, left + stretch.into + right)
    return text


def _telling(gone: str) -> bool:
    return sum(map(str.isdigit, gone)) >= _TELLING or len(gone.split()) >= _TELLING


def _replaced(text: str, gone: str, into: str) -> str:
    """Every ``gone`` in ``text`` that is not a part of a longer word or number."""
    at = text.find(gone)
    while at >= 0:
        end = at + len(gone)
        if text[max(0, at - 1) : at].isalnum() or text[end : end + 1].isalnum():
            at = text.find(gone, at + 1)
            continue
        text = text[:at] + into + text[end:]
        at = text.find(gone, at + len(into))
    return text
