"""The wall clock and id source, as one seam, so that expiry, leases and run ids can be tested."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Protocol


class Clock(Protocol):
    """Time and fresh ids. Rules about the conversation never use it: their 'today' is the call's own."""

    def now(self) -> datetime:
        """Timezone-aware current time."""
        ...

    def new_id(self, prefix: str) -> str:
        """A fresh id such as ``run_2f9c...``."""
        ...


class SystemClock:
    """The real clock, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def new_id(self, prefix: str) -> str:
        return f"{prefix}_{secrets.token_hex(8)}"


@dataclass
class FixedClock:
    """A clock that moves only when told to; ids count up."""

    at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    _ids: count[int] = field(default_factory=lambda: count(1))

    def now(self) -> datetime:
        return self.at

    def new_id(self, prefix: str) -> str:
        return f"{prefix}_{next(self._ids):016x}"

    def advance(self, by: timedelta) -> None:
        """Move time forward by ``by``."""
        self.at += by
