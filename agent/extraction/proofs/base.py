"""What every proof gives, and the rule that the last correction wins."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.capture import Check
from agent.extraction.scene import Place, Scene
from agent.values import fold

FORMAT, SAID, LATEST = "format", "value_in_quote", "latest_statement"
_CORRECTING = re.compile(
    r"\b(?:no|sorry|i mean|i meant|make that|hang on|hold on|wait|scratch that|actually|correction|rather|oops|wrong)\b"
)


@dataclass(frozen=True, slots=True)
class Proof:
    """The value in its canonical form, or None; ``strength`` (0..1) is how plainly the words say it."""

    value: str | bool | None
    checks: tuple[Check, ...]
    strength: float = 1.0


class Span(Protocol):
    """Anything found in a text."""

    @property
    def start(self) -> int:
        """Where it begins."""
        ...

    @property
    def end(self) -> int:
        """Where it ends."""
        ...


Places = Sequence[Place]
Prover = Callable[[Scene, str, Places], Proof]


def passed(name: str, reason: str) -> Check:
    """A check that the value passed."""
    return Check(name=name, passed=True, reason=reason)


def failed(name: str, reason: str) -> Check:
    """A check that the value failed."""
    return Check(name=name, passed=False, reason=reason)


def refused(name: str, reason: str) -> Proof:
    """A proof that failed at check ``name``."""
    return Proof(None, (failed(name, reason),), 0.0)


def proved(value: str | bool, reason: str, strength: float, *more: Check) -> Proof:
    """A proof that held, with any further checks it passed."""
    return Proof(value, (passed(SAID, reason), *more), strength)


def superseded(
    scene: Scene,
    turn: int,
    found: Span,
    by_turn: Callable[[int], Sequence[Span]],
    differs: Callable[..., bool],
) -> Check | None:
    """A failed check when the speaker, or the other side at once, corrects what was just said."""
    text = scene.text(turn)
    later = [other for other in by_turn(turn) if other.start >= found.end]
    for other in later:
        between = text[found.end : other.start]
        if len(between) <= 80 and _corrects(between) and differs(other):
            return failed(LATEST, "corrected in the same turn")
    if later:
        return None
    for step in (1, 2):
        if turn + step < len(scene.call.turns) and (following := by_turn(turn + step)):
            return _answered(scene.text(turn + step), following, differs)
    return None


def _answered(text: str, following: Sequence[Span], differs: Callable[..., bool]) -> Check | None:
    """A failed check when the next turn about such a value denies it ("Not Friday", "Friday's no good") or
    begins by correcting it ("No, fifty nine")."""
    first = following[0]
    lead = text[: first.start]
    if differs(first):
        opening = " ".join(lead.split()[:2])
        return failed(LATEST, "corrected in the next turn") if len(lead.split()) <= 5 and _corrects(opening) else None
    before, after = fold(lead[-12:]).replace("’", "'"), fold(text[first.end : first.end + 24]).replace("’", "'")
    if re.search(r"\b(?:not|isn't|never)\s+(?:by |on |the )?$", before) or _UNFIT.match(after):
        return failed(LATEST, "denied in the next turn")
    return None


_UNFIT = re.compile(
    r"(?:'s| is|)\s*(?:no good|not good|no use|won't (?:work|do)|doesn't (?:work|suit)|too late|is wrong|wrong)\b"
)


def _corrects(words: str) -> bool:
    text = fold(words).replace("’", "'")
    return bool(_CORRECTING.search(text)) and not re.search(r"\bnot\s*$", text.strip())
