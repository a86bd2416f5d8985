"""One cue: a pattern, what it weighs, and whose words it is looked for in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that speak for a label: how strongly, from whose mouth, and whether "not" before them counts."""

    pattern: str
    weight: float
    who: str = ""
    negatable: bool = False
