"""What the subject readers hand to the reader: a value with its proof, and how sure the cue makes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agent.models.stand_in.transcript import Place


@dataclass(frozen=True, slots=True)
class Found:
    """One field's value; ``places`` are the words that prove it, ``sure`` is 0..1 by kind of cue."""

    field: str
    value: str
    places: tuple[Place, ...]
    sure: float

    def as_fact(self) -> dict[str, Any]:
        """The fact in the shape of the Reading schema; the same quote is given once."""
        quotes: list[dict[str, Any]] = []
        for place in self.places:
            quote = {"turn": place.turn, "quote": place.text}
            if place.text.strip() and quote not in quotes:
                quotes.append(quote)
        return {"field": self.field, "value": self.value, "quotes": quotes[:3], "confidence": clipped(self.sure)}


def clipped(sure: float) -> float:
    """A confidence figure that never claims certainty."""
    return round(min(max(sure, 0.05), 0.99), 3)
