"""Finding a model's quote in its turn, exactly, and giving back the turn's own words.

Both sides are compared in one normal form (compatibility characters, case, white space, curly quotes and
long dashes); what comes back is always a slice of the turn itself. Nothing is searched elsewhere and
nothing is corrected: a quote that is not there, or that cuts a word or a number in two, is no quote.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

_ALIKE = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′´`", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", None),
        "…": "...",
    }
)


@dataclass(frozen=True, slots=True)
class NormalView:
    """A text in normal form; character ``i`` of it came from ``original[starts[i]:ends[i]]``."""

    original: str = field(repr=False)
    text: str = field(repr=False)
    starts: tuple[int, ...] = field(repr=False)
    ends: tuple[int, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Slice:
    """``text[start:end]`` of one turn."""

    start: int
    end: int


def normal_view(text: str) -> NormalView:
    """The normal form of ``text`` with its map back: NFKC, case folded, runs of white space as one space."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    index = 0
    while index < len(text):
        after = index + 1
        while after < len(text) and unicodedata.combining(text[after]):
            after += 1
        piece = unicodedata.normalize("NFKC", text[index:after].translate(_ALIKE)).casefold()
        for char in piece:
            if char.isspace():
                if out and out[-1] == " ":
                    ends[-1] = after
                    continue
                char = " "
            out.append(char)
            starts.append(index)
            ends.append(after)
        index = after
    return NormalView(text, "".join(out), tuple(starts), tuple(ends))


def locate(quote: str, view: NormalView) -> tuple[Slice, ...]:
    """Every place where ``quote`` stands whole in the viewed text; none when it does not."""
    wanted = normal_view(quote).text.strip()
    if not wanted or not any(char.isalnum() for char in wanted):
        return ()
    found = []
    at = view.text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if not _cuts(view.text, at) and not _cuts(view.text, end) and _whole_characters(view, at, end):
            found.append(Slice(view.starts[at], view.ends[end - 1]))
        at = view.text.find(wanted, at + 1)
    return tuple(found)


def _cuts(text: str, at: int) -> bool:
    """Whether a boundary at ``at`` falls inside a word or a written number ("$45" of "$45.00")."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if before.isalnum() and after.isalnum():
        return True
    inside = re.compile(r"\d[.,]\d")
    return bool(inside.match(text, at - 1) or (at > 1 and inside.match(text, at - 2)))


def _whole_characters(view: NormalView, at: int, end: int) -> bool:
    """Whether both edges fall between characters of the original (a ligature is not cut)."""
    starts_inside = at > 0 and view.starts[at] == view.starts[at - 1]
    ends_inside = end < len(view.text) and view.starts[end] == view.starts[end - 1]
    return not starts_inside and not ends_inside
