"""What the parts of the store share: the database, the clock, and how times and JSON are written."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from agent.clock import Clock
from agent.store.database import Database


class Shelf:
    """A part of the store: its queries run in transactions of one shared database."""

    _db: Database
    _clock: Clock

    def _now(self) -> str:
        return stamp(self._clock.now())


def stamp(at: datetime) -> str:
    """``at`` in UTC as text of one fixed width, so that later times compare as later texts."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def when(text: str) -> datetime:
    """The time that ``stamp`` wrote."""
    return datetime.fromisoformat(text)


def to_json(value: Any) -> str:
    """Plain JSON data as text, the same for the same data."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
