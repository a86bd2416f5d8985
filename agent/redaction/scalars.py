"""Plain values that are no text, as the text that redaction reads: a card number may come as any of them."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from uuid import UUID


def is_number(value: object) -> bool:
    """Whether ``value`` is a number that somebody may have typed; a truth value is none."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def as_text(value: object) -> str | None:
    """``value`` in words and digits; None for what is no single value, or of a type that nobody has looked at.

    Numbers are written out, without an exponent and, where they are whole, without a point; bytes are read as
    UTF-8, and what is none of it is shown as an escape.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, Enum):
        return as_text(value.value)
    if value is None or isinstance(value, int):
        return str(value)
    if isinstance(value, float | Decimal):
        return _written_out(value)
    if isinstance(value, bytes | bytearray):
        return bytes(value).decode("utf-8", "backslashreplace")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | PurePath) else None


def _written_out(value: float | Decimal) -> str:
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not exact.is_finite():
        return str(exact)
    return f"{exact:.0f}" if exact == exact.to_integral_value() else f"{exact:f}"
