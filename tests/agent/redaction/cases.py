"""Calls to redact, from the committed texts that the first rules were written beside, as plain dictionaries."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from evals.redaction.build import SEED, fill, scripts, takes
from evals.redaction.identifiers import BY_TYPE, SUBJECTS, Subject
from evals.redaction.markup import Script, read_markup
from evals.redaction.saying import FORMS

SHAPES = ("plain", "split", "interrupted", "correction", "filler", "readback", "lower", "damaged", "oneword")
_FORMED = "pan_visa pan_mastercard2 pan_amex us_ssn in_aadhaar us_account uk_sort_code".split()


def _first(folder: str) -> list[Script]:
    return [script for script in scripts(folder) if script.source.endswith("/first.txt")]


def snippet(seed: int, subject: Subject, shape: str) -> dict[str, Any] | None:
    """One call that brings up ``subject`` in ``shape``; None where the two do not go together."""
    fitting = [s for s in _first("templates") if s.open_type and shape in s.tags and takes(s, subject.type)]
    if not fitting:
        return None
    script = random.Random(f"{seed}:{subject.type}:{shape}").choice(fitting)
    return fill(script, 0, seed, subject.type).as_json()


def positives(seed: int) -> Iterator[dict[str, Any]]:
    """Every type in every shape; a few also in every form."""
    for subject in SUBJECTS:
        yield from filter(None, (snippet(seed, subject, shape) for shape in SHAPES))
    for type_ in _FORMED:
        for form in FORMS:
            text = f"@ form_{form}\na: Which {BY_TYPE[type_].names[0]} is it?\nc: My {BY_TYPE[type_].names[0]} is [{type_}:{form}]."
            yield fill(read_markup(text, f"{form}.txt")[0], 0, seed, type_).as_json()


def negatives(seed: int) -> Iterator[dict[str, Any]]:
    """Every template without an identifier once."""
    for script in _first("templates"):
        if not script.positive:
            yield fill(script, 0, seed).as_json()


def read_phrases() -> list[dict[str, Any]]:
    """The hand-written calls."""
    return [fill(script, 0, SEED).as_json() for script in _first("snippets")]
