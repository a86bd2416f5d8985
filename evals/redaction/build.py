"""Builds the corpus from the committed texts: the same seed makes the same calls, and nothing is written anywhere.

``snippets/*.txt`` are calls as they stand. ``templates/*.txt`` are filled several times over types and forms; a
template that leaves its type open (``[any]``) is filled for every type of the catalogue. Files whose names begin
with ``blind_`` are *held out*: written by somebody who had not seen the rules, measured, and never looked at while
rules are written.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import cycle

from evals.redaction.filling import Filler
from evals.redaction.identifiers import SUBJECTS
from evals.redaction.markup import ANY, Script, Slot, file_name, read_markup
from evals.redaction.snippet import FOLDS, HELD_OUT, TUNED, Snippet

SEED = 20261121
LEAST_NEGATIVE = 0.36
"""Share of calls without any identifier that each fold of a build has at least."""

_COPIES = 5
_OPEN_COPIES = {TUNED: 4, HELD_OUT: 3}


@dataclass(frozen=True, slots=True)
class Corpus:
    """Built calls, and how many scripts they come from."""

    snippets: tuple[Snippet, ...]
    fixed: int
    templates: int

    def fold(self, name: str) -> Corpus:
        """Only the calls of one fold; ``all`` is the corpus itself."""
        if name == "all":
            return self
        return Corpus(tuple(s for s in self.snippets if s.fold == name), self.fixed, self.templates)


BLIND = "blind_"
"""Files written by somebody who has not seen the rules, and read by nobody who writes them."""


def fold_of(script: Script) -> str:
    """The fold of a script, by its file and its place in it alone, so that new ones at the end move nothing.

    Files called ``blind_*`` are held out whole, the others were looked at.
    """
    return HELD_OUT if script.source.rsplit("/", 1)[-1].startswith(BLIND) else TUNED


@cache
def scripts(folder: str) -> tuple[Script, ...]:
    """All scripts of ``snippets`` or ``templates``, file by file. Raises MarkupError."""
    files = [
        file for file in resources.files("evals.redaction").joinpath(folder).iterdir() if file.name.endswith(".txt")
    ]
    found: list[Script] = []
    for file in sorted(files, key=lambda file: file.name):
        found += read_markup(file.read_text(encoding="utf-8"), f"evals/redaction/{folder}/{file.name}")
    return tuple(found)


def build(seed: int = SEED) -> Corpus:
    """The whole corpus of ``seed``."""
    fixed, templates = scripts("snippets"), scripts("templates")
    made = [fill(script, 0, seed) for script in fixed]
    closed = [script for script in templates if not script.open_type]
    made += [fill(script, copy, seed) for script in closed for copy in range(_COPIES if script.generated else 1)]
    made += _of_every_type([script for script in templates if script.open_type], seed)
    for fold in FOLDS:
        empty = [script for script in closed if script.generated and not script.positive and fold_of(script) == fold]
        made += _more_negatives(empty, [snippet for snippet in made if snippet.fold == fold], seed)
    return Corpus(tuple(made), len(fixed), len(templates))


def fill(script: Script, copy: int, seed: int, type_: str | None = None) -> Snippet:
    """One snippet of ``script``: the ``copy``-th of this seed, for ``type_`` where the script leaves it open."""
    kind = "t" if "/templates/" in script.source else ""
    parts = [
        file_name(script.source),
        f"{kind}{script.position:03d}",
        *([type_] if type_ else []),
        *([str(copy)] if kind and script.generated else []),
    ]
    id_ = "-".join(parts)
    return Filler(script, random.Random(f"{seed}:{script.source}:{id_}:{copy}"), type_).fill(id_, fold_of(script))


def takes(script: Script, type_: str) -> bool:
    """Whether a script of an open type makes sense with this one: short values are not cut, damaged or corrected,
    written ones are not spoken."""
    subject = next(subject for subject in SUBJECTS if subject.type == type_)
    slots = [part for part in script.parts if isinstance(part, Slot) and part.type == ANY]
    bent = any(slot.part or slot.damaged or slot.corrected for slot in slots)
    if type_ in ("cvv", "expiry", "pin", "us_ssn4") and bent:
        return False
    if subject.written or type_ == "upi":
        return not bent and all(slot.form in (None, "digits") for slot in slots)
    return True


def _of_every_type(open_scripts: Sequence[Script], seed: int) -> Iterator[Snippet]:
    for subject in SUBJECTS:
        for fold in FOLDS:
            fitting = [script for script in open_scripts if fold_of(script) == fold and takes(script, subject.type)]
            rng = random.Random(f"{seed}:{subject.type}:{fold}")
            for script in rng.sample(fitting, min(len(fitting), _OPEN_COPIES[fold])):
                yield fill(script, 0, seed, subject.type)


def _more_negatives(scripts_: Sequence[Script], made: Sequence[Snippet], seed: int) -> Iterator[Snippet]:
    """As many more calls without identifiers as it takes, template after template."""
    without, total = sum(not snippet.spans for snippet in made), len(made)
    for turn, script in enumerate(cycle(scripts_)):
        if without >= LEAST_NEGATIVE * total:
            return
        without, total = without + 1, total + 1
        yield fill(script, _COPIES + turn // len(scripts_), seed)
