"""Why a stretch was taken, told without its value: for ``redact --explain`` and for people who tune rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FoundBy = Literal["announced", "proves_itself", "read_back", "beside_card", "long_number"]
Check = Literal["passed", "failed", "none"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One taken stretch.

    ``rule``: the identifier's row in the tables (``uk_sort_code``). ``found_by``: announcing words, its own
    check, a repetition of an identifier found elsewhere in the call, its place beside a card number, or
    the net for long numbers. ``announced_by``: the phrase of our tables that announced it ("sort code").
    ``check``: what the check digits said; ``none`` where the identifier has none.
    """

    rule: str
    found_by: FoundBy
    announced_by: str | None
    check: Check
