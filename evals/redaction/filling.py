"""Fills one script: values are made, said, cut, corrected and damaged; the text is measured as it grows."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from evals.redaction.identifiers import BY_TYPE, Subject
from evals.redaction.making import digits
from evals.redaction.markup import ANY, Fixed, Keep, KeepNumber, Name, Script, Slot, Text
from evals.redaction.saying import FILLERS, USUAL, Said, choose_form, cut, number, say
from evals.redaction.snippet import Snippet, Span

ASIDES = (
    ", no wait, ",
    ", sorry, ",
    ", no, scratch that, ",
    ", I mean, ",
    " no sorry ",
    ", wait no, ",
    ", er, no, make that ",
)
RESTARTS = (", sorry, let me start again, ", ", no hang on, that's wrong, ", ", wait, start over, ")
_PUNCTUATION = re.compile(r"[.,?!:;](?=\s|$)")
_TRIES = 50


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of an identifier with the characters it stands for."""

    text: str
    right: str
    spoken: str
    hesitant: bool = False


def characters(value: str) -> str:
    """Letters and digits of a value, in capitals."""
    return "".join(char for char in value if char.isalnum()).upper()


def damage(subject: Subject, value: str, rng: random.Random) -> str:
    """What a recogniser may make of it: a digit changed, lost or said twice, so that no check holds."""
    places = [at for at, char in enumerate(value) if char.isdigit()]
    worse = value
    for _ in range(_TRIES):
        at, how = rng.choice(places), rng.choice(("change", "drop", "repeat"))
        if how == "drop":
            worse = value[:at] + value[at + 1 :]
        elif how == "repeat":
            worse = value[: at + 1] + value[at:]
        else:
            worse = value[:at] + str((int(value[at]) + rng.randint(1, 9)) % 10) + value[at + 1 :]
        if subject.check is None or not subject.check(worse):
            break
    return worse


def correct(subject: Subject, said: Said, form: str, rng: random.Random) -> Piece:
    """The value with something wrong said first: one group again, its last digit again, or all from the start."""
    at = rng.choice([n for n, group in enumerate(said.groups) if any(char.isdigit() for char in group)])
    group, texts = said.groups[at], list(said.texts)
    right = characters("".join(said.groups))
    last = group[-1]
    if last.isdigit() and rng.random() < 0.25 and " " in texts[at] and form in ("words", "oh", "spaced"):
        other = str((int(last) + rng.randint(1, 9)) % 10)
        wrong = group[:-1] + other
        texts[at] = f"{_again(subject, wrong, form, rng)}{rng.choice(ASIDES)}{_again(subject, last, form, rng)}"
        spoken = [*said.groups[:at], wrong, last, *said.groups[at + 1 :]]
        return Piece(said.between.join(texts), right, characters("".join(spoken)))
    wrong = damage(replace(subject, check=None), group, rng)
    heard = _again(subject, wrong, form, rng)
    if at and rng.random() < 0.3:
        before = said.between.join([*texts[:at], heard])
        spoken = [*said.groups[:at], wrong, *said.groups]
        return Piece(before + rng.choice(RESTARTS) + said.text, right, characters("".join(spoken)))
    texts[at] = heard + (rng.choice(ASIDES) if heard else "") + texts[at]
    spoken = [*said.groups[:at], wrong, *said.groups[at:]]
    return Piece(said.between.join(texts), right, characters("".join(spoken)))


def _again(subject: Subject, group: str, form: str, rng: random.Random) -> str:
    """A group by itself, in the same form."""
    plain = replace(subject, groups=(len(group) or 1,), mask="", type="plain")
    return say(plain, group, form, rng).text if group else ""


def _with_fillers(said: Said, rng: random.Random, often: float) -> Said:
    if not said.between or len(said.texts) < 2:
        return said
    texts = [
        said.texts[0],
        *(f"{rng.choice(FILLERS)} {text}" if rng.random() < often else text for text in said.texts[1:]),
    ]
    if texts == list(said.texts):
        return said
    between = said.between if said.between in (", ", ". ") else " "
    return replace(said, texts=tuple(texts), between=between)


class Filler:
    """Builds one snippet of a script; ``type_`` stands for ``any``."""

    def __init__(self, script: Script, rng: random.Random, type_: str | None) -> None:
        self._script, self._rng, self._type = script, rng, type_
        self._turns: list[tuple[str, str]] = []
        self._spans: list[Span] = []
        self._keep: list[str] = []
        self._values: dict[str, str] = {}
        self._rest: dict[str, list[Piece]] = {}
        self._parts_tags: dict[str, tuple[str, ...]] = {}
        self._group: dict[str, str] = {}
        self._count = 0
        self._number = ""

    def fill(self, id_: str, fold: str) -> Snippet:
        """The snippet, in the look of its script."""
        for turn in self._script.turns:
            self._turns.append((turn.speaker, ""))
            for part in turn.parts:
                self._add(part)
        kind = "positive" if self._spans else "negative"
        made = Snippet(id_, tuple(self._turns), tuple(self._spans), tuple(self._keep), (*self._script.tags, kind), fold)
        look = _look(self._script, self._rng)
        return made if look is None else _in_look(made, look)

    def _add(self, part: object) -> None:
        match part:
            case Text(words):
                self._write(words)
            case Keep(words):
                self._keep.append(words)
                self._write(words)
            case KeepNumber():
                self._keep_number(part)
            case Fixed():
                self._fixed(part)
            case Slot():
                self._slot(replace(part, type=self._type or part.type) if part.type == ANY else part)
            case Name():
                self._write(self._rng.choice(BY_TYPE[self._type or ""].names))

    def _write(self, words: str) -> None:
        speaker, text = self._turns[-1]
        self._turns[-1] = (speaker, text + words)

    def _keep_number(self, part: KeepNumber) -> None:
        form = part.form or self._rng.choice(USUAL)
        if not part.again:
            self._number = _plain_number(self._rng, self._rng.randint(part.low, part.high))
        said = number(self._number, form, self._rng)
        self._keep.append(said)
        self._write(said)

    def _mark(self, type_: str, group: str, piece: Piece, tags: tuple[str, ...]) -> None:
        start = len(self._turns[-1][1])
        self._write(piece.text)
        class_ = BY_TYPE[type_].class_
        span = Span(
            len(self._turns) - 1, start, start + len(piece.text), type_, class_, group, piece.text, piece.right, piece.spoken, tags
        )  # fmt: skip
        self._spans.append(span)

    def _new_group(self, type_: str) -> str:
        self._count += 1
        self._group[type_] = f"g{self._count}"
        return self._group[type_]

    def _fixed(self, part: Fixed) -> None:
        group = self._group[part.type] if part.part > 1 else self._new_group(part.type)
        whole = self._values.get(part.type, "") if part.part > 1 else ""
        self._values[part.type] = whole + part.value
        tags = ("fixed", "cross_turn") if part.part else ("fixed",)
        piece = Piece(part.words, characters(part.value), characters(part.spoken))
        self._mark(part.type, group, piece, (*tags, "correction") if part.spoken != part.value else tags)

    def _slot(self, slot: Slot) -> None:
        rng, subject = self._rng, BY_TYPE[slot.type]
        if slot.part > 1:
            self._mark(slot.type, self._group[slot.type], self._rest[slot.type].pop(0), self._parts_tags[slot.type])
            return
        tags: tuple[str, ...] = ("readback",) if slot.again else ()
        value = self._values[slot.type] if slot.again else subject.value(rng)
        if slot.damaged and len(value) > 6 and not subject.written:
            value, tags = damage(subject, value, rng), (*tags, "damaged")
        self._values[slot.type] = value
        form = slot.form or choose_form(subject, rng)
        said = say(subject, value, form, rng)
        often = 0.5 if "filler" in self._script.tags else 0.05
        pieces = _pieces(subject, said, slot, form, often, rng)
        tags = (*said.tags, *tags)
        if any(piece.hesitant for piece in pieces):
            tags = (*tags, "filler")
        if slot.corrected and pieces[0].spoken != pieces[0].right:
            tags = (*tags, "correction")
        if slot.part:
            tags = (*tags, "cross_turn")
            self._rest[slot.type], self._parts_tags[slot.type] = pieces[1:], tags
        self._mark(slot.type, self._new_group(slot.type), pieces[0], tags)


def _pieces(subject: Subject, said: Said, slot: Slot, form: str, often: float, rng: random.Random) -> list[Piece]:
    """The value in as many pieces as the slot has parts; people hesitate between two groups, not before a piece."""
    count = slot.of or 1
    if len(said.groups) < count:
        said = _cut_finer(subject, said, form, count, rng)
    edges = _edges(said.groups, count, rng)
    spoken = not subject.written and subject.type not in ("upi", "expiry")
    pieces: list[Piece] = []
    for low, high in pairwise(edges):
        chunk = replace(said, groups=said.groups[low:high], texts=said.texts[low:high])
        slow = _with_fillers(chunk, rng, often) if spoken else chunk
        right = characters("".join(chunk.groups))
        wrong_first = slot.corrected and spoken and not pieces and any(char.isdigit() for char in right)
        piece = correct(subject, slow, form, rng) if wrong_first else Piece(slow.text, right, right)
        pieces.append(replace(piece, hesitant=slow is not chunk))
    return pieces


def _edges(groups: tuple[str, ...], count: int, rng: random.Random) -> list[int]:
    """Where to cut between groups; nobody pauses after two letters when there is another way."""
    edges: list[int] = []
    for _ in range(_TRIES):
        edges = [0, *sorted(rng.sample(range(1, len(groups)), count - 1)), len(groups)]
        if all(len("".join(groups[low:high])) > 2 for low, high in pairwise(edges)):
            break
    return edges


def _cut_finer(subject: Subject, said: Said, form: str, count: int, rng: random.Random) -> Said:
    """The same value in more groups than people pause for: somebody was interrupted."""
    value = "".join(said.groups)
    groups = tuple(cut(value, (-(-len(value) // count),)))
    if subject.written or subject.type in ("upi", "expiry"):
        return replace(said, groups=groups, texts=groups, between="")
    return replace(said, groups=groups, texts=tuple(_again(subject, group, form, rng) for group in groups), between=" ")


def _plain_number(rng: random.Random, count: int) -> str:
    """Digits of no meaning; a long number begins with 9, as no card does, so that none is one by chance."""
    return f"9{digits(rng, count - 1)}" if count > 11 else digits(rng, count)


def _look(script: Script, rng: random.Random) -> Callable[[str], str] | None:
    """How this recogniser writes: as it stands, or all in one case without punctuation."""
    if not script.generated:
        return None
    text = " ".join(part.words for part in script.parts if isinstance(part, Text))
    every = text + " ".join(part.words for part in script.parts if isinstance(part, Keep))
    chosen = rng.random()
    if {"lower", "no_punct"} & set(script.tags) or (text.islower() and not _PUNCTUATION.search(text)):
        return _lower
    if "asis" in script.tags or "_" in every or any(isinstance(part, Fixed) for part in script.parts):
        return None
    if "upper" in script.tags or chosen < 0.03:
        return _upper
    return _lower if chosen < 0.22 else None


def _lower(text: str) -> str:
    return _PUNCTUATION.sub("", text.lower())


def _upper(text: str) -> str:
    return _PUNCTUATION.sub("", text.upper())


def _in_look(made: Snippet, look: Callable[[str], str]) -> Snippet:
    """The snippet rewritten, spans measured anew; written addresses keep their case."""
    if any(BY_TYPE[span.type].written for span in made.spans):
        return made
    turns: list[tuple[str, str]] = []
    spans: list[Span] = []
    for number_, (speaker, text) in enumerate(made.turns):
        out, at = "", 0
        for span in [span for span in made.spans if span.turn == number_]:
            out += look(text[at : span.start])
            words, at = look(span.text), span.end
            spans.append(replace(span, start=len(out), end=len(out) + len(words), text=words))
            out += words
        turns.append((speaker, out + look(text[at:])))
    style = "upper" if look is _upper else "lower"
    tags = made.tags if style in made.tags else (*made.tags, style)
    return replace(made, turns=tuple(turns), spans=tuple(spans), keep=tuple(map(look, made.keep)), tags=tags)
