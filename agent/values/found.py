"""What a reader returns: a value and the stretch of text that says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Found(Generic[V]):
    """``text[start:end]`` says ``value``; ``others`` are further readings of the same words, likeliest first."""

    value: V
    start: int
    end: int
    others: tuple[V, ...] = ()

    @property
    def readings(self) -> tuple[V, ...]:
        """Every reading of the words, the chosen one first."""
        return (self.value, *self.others)


@dataclass(frozen=True, slots=True)
class FoundMoney:
    """An amount in major units. ``currency`` is ISO 4217, or None when no currency was said; ``bare`` marks
    amounts that only their shape or the words before them make money ("sixty three forty")."""

    amount: Decimal
    currency: str | None
    start: int
    end: int
    bare: bool = False
    others: tuple[Decimal, ...] = ()

    @property
    def readings(self) -> tuple[Decimal, ...]:
        """Every reading of the words, the chosen one first."""
        return (self.amount, *self.others)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A day, or a naive local datetime when a time was said with it. ``others`` are the other days the
    words can mean ("the fourth" last month or next, 03/04 the other way round); ``computed`` marks a
    day worked out from a length of time ("within ten days"), not named by anybody."""

    value: date
    start: int
    end: int
    others: tuple[date, ...] = ()
    computed: bool = False

    @property
    def readings(self) -> tuple[date, ...]:
        """Every reading of the words, the chosen one first."""
        return (self.value, *self.others)
