"""Reading vendor JSON defensively: every field may be missing, null or of a newer shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from tools.money import Money, exponent

_PERSON_KEYS = ("contact", "contact_name", "primary_contact")
_MARK_KEYS = frozenset({"vip", "plan", "email_changed_at", "contact_changed_at", "billing_agent_key", *_PERSON_KEYS})
_CHANGED_KEYS = ("contact_changed_at", "email_changed_at")


def table(value: Any) -> dict[str, Any]:
    """``value`` when it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> list[dict[str, Any]]:
    """The JSON objects in ``value``; anything else counts as none."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def text(value: Any) -> str | None:
    """A non-blank string (numbers become text), else None."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (str, int)):
        return str(value).strip() or None
    return None


def texts(*values: Any) -> tuple[str, ...]:
    """The non-blank strings among ``values``, once each, in order."""
    return tuple(dict.fromkeys(found for value in values if (found := text(value))))


def pick(row: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """``row`` cut to ``fields``; what is absent stays absent."""
    return {field: row[field] for field in fields if field in row}


def flag(value: Any) -> bool | None:
    """A JSON boolean, else None."""
    return value if isinstance(value, bool) else None


def unix(value: Any) -> datetime | None:
    """Unix seconds as an aware datetime."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def moment(value: Any) -> datetime | None:
    """An ISO 8601 date or datetime as an aware datetime; without an offset it is taken as UTC."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def day(value: Any) -> date | None:
    """The date of an ISO 8601 date or datetime, or of Unix seconds."""
    found = moment(value) or unix(value)
    return found.date() if found else None


def minor_units(amount: Any, currency: Any) -> Money | None:
    """A vendor's integer amount in the smallest unit of ``currency``."""
    code = text(currency)
    if isinstance(amount, bool) or not isinstance(amount, int) or code is None or len(code) != 3:
        return None
    return Money(amount, code.upper())


def major_units(amount: Any, currency: Any) -> Money | None:
    """A vendor's decimal amount in major units; None when it has more digits than the currency."""
    code = text(currency)
    if isinstance(amount, bool) or not isinstance(amount, (int, float, str)) or code is None or len(code) != 3:
        return None
    try:
        scaled = Decimal(str(amount)).scaleb(exponent(code.upper()))
    except InvalidOperation:
        return None
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        return None
    return Money(int(scaled), code.upper())


def is_vip(*marks: Mapping[str, Any]) -> bool:
    """The record's own VIP mark: vip = true or plan = enterprise in any of ``marks``, compared in lower case."""
    for mark in marks:
        lowered = {str(key).lower(): str(value).strip().lower() for key, value in mark.items()}
        if lowered.get("vip") == "true" or lowered.get("plan") == "enterprise":
            return True
    return False


def people(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """Person names kept in a record's metadata."""
    return texts(*(metadata.get(key) for key in _PERSON_KEYS))


def references(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids kept in a record's metadata: every value that is no mark and no person."""
    return texts(*(value for key, value in metadata.items() if key not in _MARK_KEYS))


def contact_changed(metadata: Mapping[str, Any]) -> datetime | None:
    """When contact data changed, where the record's metadata keeps it. A record's general time of last
    update is not taken: balances and tags move it too."""
    found = [at for key in _CHANGED_KEYS if (at := moment(metadata.get(key)) or unix(metadata.get(key)))]
    return max(found) if found else None
