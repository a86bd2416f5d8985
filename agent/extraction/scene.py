"""A call as the proofs see it: turns in normal form, and every value read once per turn."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import TypeVar

from agent.call import RedactedCall, Speaker
from agent.capture import Evidence
from agent.extraction.place import call_currency, call_region, call_today, spoken_currency_default
from agent.extraction.quoting import NormalView, locate, normal_view
from agent.extraction.reading import Quote
from agent.values import (
    Found,
    FoundDate,
    FoundMoney,
    fold,
    read_amounts,
    read_dates,
    read_emails,
    read_ids,
    read_phones,
)
from agent.values.dates import Prefer
from agent.workspace import Workspace

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """A quote found in its turn: ``turns[turn].text[start:end]``."""

    turn: int
    start: int
    end: int
    text: str = field(repr=False)
    speaker: Speaker

    @property
    def evidence(self) -> Evidence:
        """The verbatim slice, as the output shows it."""
        return Evidence(turn=self.turn, quote=self.text)

    def holds(self, turn: int, start: int, end: int) -> bool:
        """Whether ``start:end`` of ``turn`` lies inside the quote."""
        return self.turn == turn and self.start <= start and end <= self.end

    def touches(self, start: int, end: int) -> bool:
        """Whether ``start:end`` of the same turn shares a character with the quote."""
        return self.start < end and start < self.end


class Scene:
    """One call under proof. Readings are made when first asked for and kept."""

    def __init__(self, call: RedactedCall, workspace: Workspace) -> None:
        self.call = call
        self.today: date | None = call_today(call, workspace)
        self.region: str = call_region(call, workspace) or "US"
        self.currency: str | None = call_currency(workspace)
        self.currency_default: str | None = spoken_currency_default(call, workspace)
        self._views: dict[int, NormalView] = {}
        self._read: dict[tuple[str, int], object] = {}

    def text(self, turn: int) -> str:
        """The redacted words of ``turn``."""
        return self.call.turns[turn].text

    def find(self, quote: Quote) -> tuple[Place, ...]:
        """Where the quote stands in the turn it names; nothing when it does not stand there."""
        if not 0 <= quote.turn < len(self.call.turns):
            return ()
        turn = self.call.turns[quote.turn]
        if quote.turn not in self._views:
            self._views[quote.turn] = normal_view(turn.text)
        return tuple(
            Place(quote.turn, part.start, part.end, turn.text[part.start : part.end], turn.speaker)
            for part in locate(quote.quote, self._views[quote.turn])
        )

    def amounts(self, turn: int) -> Sequence[FoundMoney]:
        """Amounts said in ``turn``."""
        return self._kept("amounts", turn, lambda text: read_amounts(text, self.currency_default))

    def dates(self, turn: int, prefer: Prefer | None) -> Sequence[FoundDate]:
        """Days named in ``turn``; without a day of the call, only those that need none."""
        return self._kept(f"dates {prefer}", turn, lambda text: self.dates_in(text, prefer))

    def dates_in(self, text: str, prefer: Prefer | None = None) -> list[FoundDate]:
        """Days named in a text, as seen from the day of the call."""
        if self.today is not None:
            return read_dates(text, self.today, region=self.region, prefer=prefer)
        early, late = (read_dates(text, day, region=self.region, prefer=prefer) for day in _ANCHORS)
        same = {(found.start, found.end, found.value) for found in late}
        return [found for found in early if (found.start, found.end, found.value) in same]

    def emails(self, turn: int) -> Sequence[Found[str]]:
        """E-mail addresses said in ``turn``."""
        return self._kept("emails", turn, read_emails)

    def phones(self, turn: int) -> Sequence[Found[str]]:
        """Phone numbers said in ``turn``."""
        return self._kept("phones", turn, lambda text: read_phones(text, self.region))

    def ids(self, turn: int) -> Sequence[Found[str]]:
        """References said in ``turn``."""
        return self._kept("ids", turn, read_ids)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word spoken on the call, folded."""
        words = (re.findall(r"[^\W_]+", fold(turn.text)) for turn in self.call.turns)
        return frozenset(word for line in words for word in line)

    def _kept(self, kind: str, turn: int, read: Callable[[str], Sequence[T]]) -> Sequence[T]:
        key = (kind, turn)
        if key not in self._read:
            self._read[key] = read(self.text(turn))
        return self._read[key]  # type: ignore[return-value]


# A day that reads the same from both of these was said in full.
_ANCHORS = (date(2001, 3, 14), date(2001, 3, 14) + timedelta(days=9_000))
