"""Reads the hand-written calls: what is said, what has to go, what has to stay.

One turn a line, ``a:`` the agent, ``c:`` the caller; a blank line ends a snippet, ``#`` begins a comment line, a first
line ``@ word word`` gives tags. Inside a turn::

    [pan_visa 4532...|four five three two ...]    an identifier, its right characters and the words that say it
    [pan_visa 4532...~4531 4532...|...]           the same where more was said than the right value
    [pan_visa]  [pan_visa:tens]                   a generated value, in a form of its own or the one that is named
    [pan_visa/1] ... [pan_visa/2]                 one generated value in parts
    [pan_visa=]  [pan_visa!]  [pan_visa?]         said again; said with a correction; damaged by the recogniser
    {order 55 01}  {#6-9}  {#8:digits}  {#=}      words that must stay; a generated number that must stay; it once more
    [any] ... <any>                               a type that the builder chooses, and what people call it

Modifiers go together: ``[us_ssn/2:words]``, ``[pan_visa=:digits]``. A fixed value may be a part too (``[us_ssn/1 430|...]``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from agent.errors import BadInput
from evals.redaction.identifiers import BY_TYPE
from evals.redaction.saying import FORMS

ANY = "any"
_SPEAKERS = {"a": "agent", "c": "customer"}
_PART = re.compile(r"\[(?P<mark>[^\[\]]*)\]|\{(?P<keep>[^{}]*)\}|(?P<name><any>)|(?P<stray>[\[\]{}])")
_MARK = re.compile(r"(?P<type>[a-z0-9_]+)(?P<mods>(?::[a-z]+|/\d+|[=!?])*)(?: (?P<value>[^|]+)\|(?P<words>.+))?")
_NUMBER = re.compile(r"#(?P<low>\d+)(?:-(?P<high>\d+))?(?::(?P<form>[a-z]+))?")
_MODIFIER = re.compile(r":[a-z]+|/\d+|[=!?]")


class MarkupError(BadInput):
    """A line of marked text cannot be read; the message names the file, the line and what to do."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words without meaning for redaction."""

    words: str


@dataclass(frozen=True, slots=True)
class Keep:
    """Words that must stay."""

    words: str


@dataclass(frozen=True, slots=True)
class KeepNumber:
    """A number of ``low`` to ``high`` digits to be made up, that must stay; both 0 is the last one once more."""

    low: int
    high: int
    form: str | None

    @property
    def again(self) -> bool:
        """Whether it is the last one, said in other words."""
        return not self.high


@dataclass(frozen=True, slots=True)
class Fixed:
    """An identifier as it stands: ``value`` its right characters, ``spoken`` all that was said, ``words`` the text."""

    type: str
    value: str
    spoken: str
    words: str
    part: int = 0


@dataclass(frozen=True, slots=True)
class Slot:
    """An identifier to be made up. ``part`` counts from 1, 0 is the whole; ``of`` is the number of parts."""

    type: str
    form: str | None = None
    part: int = 0
    of: int = 0
    again: bool = False
    corrected: bool = False
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """What people call the type that the builder chose."""


Part = Text | Keep | KeepNumber | Fixed | Slot | Name


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn and its parts in order."""

    speaker: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """One snippet as written: where it stands (``position`` counts from 0 within the file), its tags and turns."""

    source: str
    position: int
    line: int
    tags: tuple[str, ...]
    turns: tuple[Turn, ...]

    @property
    def parts(self) -> Iterator[Part]:
        """All parts of all turns."""
        return (part for turn in self.turns for part in turn.parts)

    @property
    def positive(self) -> bool:
        """Whether anything in it has to go."""
        return any(isinstance(part, Fixed | Slot) for part in self.parts)

    @property
    def generated(self) -> bool:
        """Whether two fillings of it differ."""
        return any(isinstance(part, Slot | KeepNumber | Name) for part in self.parts)

    @property
    def open_type(self) -> bool:
        """Whether the builder has to choose a type."""
        return any(isinstance(part, Name) or (isinstance(part, Slot) and part.type == ANY) for part in self.parts)


def read_markup(text: str, source: str) -> list[Script]:
    """Every snippet of a file. Raises MarkupError for the first broken line."""
    scripts: list[Script] = []
    for block in _blocks(text):
        scripts.append(_Reader(source).script(len(scripts), block))
    return scripts


def _blocks(text: str) -> Iterator[list[tuple[int, str]]]:
    block: list[tuple[int, str]] = []
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.startswith("#"):
            continue
        if line.strip():
            block.append((number, line.strip()))
        elif block:
            yield block
            block = []


class _Reader:
    """Reads one snippet; remembers the line it is on for the error."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._line = 0
        self._numbers = False

    def script(self, position: int, block: list[tuple[int, str]]) -> Script:
        tags: tuple[str, ...] = ()
        turns: list[Turn] = []
        self._numbers = False
        for self._line, line in block:
            if line.startswith("@"):
                if turns or tags:
                    raise self._error("tags stand in the first line of a snippet", "put a blank line before it")
                tags = tuple(line[1:].split())
                continue
            turns.append(self._turn(line))
        self._line = block[0][0]
        if not turns:
            raise self._error("a snippet without turns", 'add a line "c: ..."')
        return Script(self._source, position, block[0][0], tags, self._with_counts(turns))

    def _turn(self, line: str) -> Turn:
        who, colon, marked = line.partition(":")
        if not colon or who not in _SPEAKERS:
            raise self._error("the turn has no speaker", 'begin it with "a: " or "c: "')
        return Turn(_SPEAKERS[who], tuple(self._parts(marked.strip())))

    def _parts(self, marked: str) -> Iterator[Part]:
        at = 0
        for match in _PART.finditer(marked):
            if at < match.start():
                yield Text(marked[at : match.start()])
            at = match.end()
            if match["stray"]:
                raise self._error(f'a lone "{match["stray"]}"', "close or remove the bracket; marks do not nest")
            if match["name"]:
                yield Name()
            elif match["keep"] is not None:
                yield self._keep(match["keep"])
            else:
                yield self._mark(match["mark"])
        if at < len(marked):
            yield Text(marked[at:])

    def _keep(self, words: str) -> Part:
        if not words.strip():
            raise self._error("empty braces", "write the words that must stay between them")
        if not words.startswith("#"):
            return Keep(words)
        if words == "#=":
            return self._number_again()
        match = _NUMBER.fullmatch(words)
        if match is None or (match["form"] and match["form"] not in FORMS):
            raise self._error(f"{{{words}}} is no number to make up", "write {#6}, {#6-9} or {#8:digits}")
        low = int(match["low"])
        high = int(match["high"] or low)
        if not 1 <= low <= high:
            raise self._error(f"{{{words}}} has no length", "write the smaller length first, at least 1")
        self._numbers = True
        return KeepNumber(low, high, match["form"])

    def _number_again(self) -> KeepNumber:
        if not self._numbers:
            raise self._error("{#=} says again what was not said", "put a {#6} before it")
        return KeepNumber(0, 0, None)

    def _mark(self, inner: str) -> Part:
        match = _MARK.fullmatch(inner)
        if match is None:
            raise self._error("a mark that cannot be read", "write [type], [type:form] or [type value|words]")
        type_ = match["type"]
        if type_ not in BY_TYPE and type_ != ANY:
            raise self._error(f"no type is called {type_}", "use a type of evals/redaction/identifiers.py")
        mods = _MODIFIER.findall(match["mods"])
        part = next((int(mod[1:]) for mod in mods if mod.startswith("/")), 0)
        form = next((mod[1:] for mod in mods if mod.startswith(":")), None)
        if match["value"] is not None:
            return self._fixed(type_, match["value"], match["words"], part, mods)
        if form is not None and form not in FORMS:
            raise self._error(f"no form is called {form}", f"use one of {' '.join(FORMS)}")
        slot = Slot(type_, form, part, 0, "=" in mods, "!" in mods, "?" in mods)
        if slot.again and (part or slot.corrected or slot.damaged):
            raise self._error("a value said again is whole and right", "drop the other modifiers")
        return slot

    def _fixed(self, type_: str, value: str, words: str, part: int, mods: Iterable[str]) -> Fixed:
        if type_ == ANY or any(not mod.startswith("/") for mod in mods):
            raise self._error("a value that is written out takes no form or sign", "drop them, or drop the value")
        right, tilde, spoken = value.partition("~")
        if not right.strip() or (tilde and not spoken.strip()):
            raise self._error("a mark without its value", "write [type value|words] or [type value~spoken|words]")
        return Fixed(type_, right.strip(), (spoken or right).strip(), words, part)

    def _error(self, what: str, do: str) -> MarkupError:
        return MarkupError(f"{self._source} line {self._line}: {what}; {do}")

    def _with_counts(self, turns: list[Turn]) -> tuple[Turn, ...]:
        """The turns with every part told of how many it is one. Raises MarkupError where parts do not count up."""
        runs: list[list[Slot]] = []
        last: dict[str, list[Slot]] = {}
        known: set[str] = set()
        for slot in (part for turn in turns for part in turn.parts if isinstance(part, Fixed | Slot)):
            if isinstance(slot, Slot) and slot.again and slot.type not in known:
                raise self._error(f"[{slot.type}=] says again what was not said", f"put a [{slot.type}] before it")
            known.add(slot.type)
            if not isinstance(slot, Slot) or not slot.part:
                continue
            run = last.get(slot.type, [])
            if slot.part == 1:
                run = last[slot.type] = []
                runs.append(run)
            elif len(run) != slot.part - 1:
                raise self._error(f"[{slot.type}/{slot.part}] is out of order", "count the parts 1, 2, 3")
            run.append(slot)
        size = {id(slot): len(run) for run in runs for slot in run}
        if 1 in size.values():
            raise self._error("a value with one part only", "add its second part, or drop the /1")
        return tuple(
            Turn(
                turn.speaker,
                tuple(
                    Slot(p.type, p.form, p.part, size[id(p)], corrected=p.corrected, damaged=p.damaged)
                    if isinstance(p, Slot) and p.part
                    else p
                    for p in turn.parts
                ),
            )
            for turn in turns
        )


def file_name(source: str) -> str:
    """The short name of a source, as ids begin with it."""
    return PurePath(source).stem
