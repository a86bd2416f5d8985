"""What an identifier is: its entity, class, length, check and the words that announce it.

The rules per identifier come from its issuer; check digits are python-stdnum's. A check is evidence,
never proof, so each kind also says whether it may be taken without announcing words (``alone``).
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import cast

from agent.call import IdentifierClass

Check = Callable[[str], bool]


@cache
def stdnum_check(module: str) -> Check:
    """``is_valid`` of a python-stdnum module, e.g. ``us.rtn``."""
    return cast(Check, importlib.import_module(f"stdnum.{module}").is_valid)


@dataclass(frozen=True)
class Kind:
    """One identifier.

    ``lengths``: how many characters it has when complete. ``letters``: whether it holds letters.
    ``shape``: a pattern over upper-case letters and digits without separators. ``checks``: any one
    of them proves the value. ``alone``: a proven value goes without announcing words.
    ``least``: an announced number of at least so many characters goes, proven or not.
    ``strong`` and ``weak``: announcing phrases; a weak one needs shape, check or length as well.
    """

    name: str
    entity: str
    tag: str
    identifier_class: IdentifierClass
    lengths: frozenset[int]
    strong: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    letters: bool = False
    shape: re.Pattern[str] | None = field(default=None)
    checks: tuple[Check, ...] = ()
    alone: bool = False
    least: int = 5

    def fits(self, value: str) -> bool:
        """Length and shape are those of a complete value."""
        if self.shape is not None:
            return self.shape.fullmatch(value) is not None
        return len(value) in self.lengths and (self.letters or value.isdigit())

    def proven(self, value: str) -> bool:
        """The value passes a check; kinds without a check are never proven."""
        return self.fits(value) and any(check(value) for check in self.checks)


def lengths(spec: str) -> frozenset[int]:
    """``"9"``, ``"8-12"`` or ``"8,10-11"`` as a set."""
    found: set[int] = set()
    for part in spec.split(","):
        low, _, high = part.partition("-")
        found.update(range(int(low), int(high or low) + 1))
    return frozenset(found)


def phrases(spec: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split ``"a; b; ~c"`` into (strong, weak)."""
    parts = [part.strip() for part in spec.split(";") if part.strip()]
    strong = tuple(part for part in parts if not part.startswith("~"))
    return strong, tuple(part[1:].strip() for part in parts if part.startswith("~"))
