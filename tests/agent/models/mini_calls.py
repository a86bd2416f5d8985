"""Short calls of our own for the stand-in: every label, several countries, plain and indirect wording.

They lie in ``mini_calls.jsonl``, one a line. Turns begin with ``A:`` (agent) or ``C:`` (caller); ``facts``
are the values that must be read, ``absent`` the fields that must not be, ``signals`` what must be heard
and ``quiet`` what must not.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class MiniCall:
    """One call with what must be read from it."""

    id: str
    label: str
    turns: tuple[str, ...]
    secondary: tuple[str, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()
    region: str = "US"
    currency: str = "USD"
    today: str = "2026-03-11 Wednesday"
    direction: str = "inbound"

    def spoken(self) -> list[tuple[str, str]]:
        """(speaker, text) of each turn."""
        return [("agent" if turn[0] == "A" else "caller", turn[2:].strip()) for turn in self.turns]


def _read(line: str) -> MiniCall:
    row: dict[str, Any] = json.loads(line)
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return MiniCall(**fields)


MINI_CALLS: list[MiniCall] = [
    _read(line) for line in Path(__file__).with_name("mini_calls.jsonl").read_text(encoding="utf-8").splitlines()
]
