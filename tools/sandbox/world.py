"""A sandbox world: vendor-shaped records by system and collection, fixed once loaded.

Keys that begin with ``_`` on a record route requests (whose goal, whose settings, which ticker) and are
never part of an answer.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

Collections = dict[str, list[dict[str, Any]]]

# System -> collection -> the key that every record needs to be found by.
SHAPE: dict[str, dict[str, str]] = {
    "stripe": {"customers": "id", "charges": "id", "subscriptions": "id", "invoices": "id"},
    "quickbooks": {"customers": "Id", "invoices": "Id"},
    "hubspot": {"contacts": "id", "owners": "id", "deals": "id"},
    "zendesk": {"users": "id", "tickets": "id"},
    "beeminder": {"users": "username", "goals": "slug"},
    "proabono": {"customers": "ReferenceCustomer", "payment_settings": "_ReferenceCustomer", "invoices": "FullNumber"},
    "fidel": {"brands": "id"},
    "polygon": {"ticker_events": "_key", "filing_files": "_key"},
    "tokenmetrics": {"tokens": "TOKEN_ID", "prices": "TOKEN_ID"},
    "gdrive": {"files": "id"},
    "gmail": {},
    "gsheets": {},
    "slack": {},
}


class WorldShapeError(ValueError):
    """A world file of the wrong shape; the message names the system, collection or record."""


@dataclass(frozen=True, slots=True)
class World:
    """The records that a sandbox starts from. Each sandbox gets its own copy, so a world never changes."""

    text: str = field(repr=False)
    source: str | None = None

    @classmethod
    def load(cls, path: Path) -> Self:
        """From a JSON file. Raises WorldShapeError."""
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise WorldShapeError("the file does not exist") from None
        except (OSError, UnicodeDecodeError):
            raise WorldShapeError("the file cannot be read as UTF-8 text") from None
        except ValueError:
            raise WorldShapeError("the file is not valid JSON") from None
        return cls.of(data, source=str(path))

    @classmethod
    def of(cls, data: Any, source: str | None = None) -> Self:
        """From ``{system: {collection: [record]}}``. Raises WorldShapeError."""
        _check(data)
        return cls(json.dumps(data, ensure_ascii=False, sort_keys=True), source)

    @property
    def digest(self) -> str:
        """A name for exactly these records, for a run to remember its world by."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    def records(self, system: str) -> Collections:
        """A fresh copy of one system's collections, absent ones empty."""
        held = json.loads(self.text).get(system, {})
        return {collection: held.get(collection, []) for collection in SHAPE[system]}


def _check(data: Any) -> None:
    if not isinstance(data, dict):
        raise WorldShapeError("a world is a JSON object of systems")
    for system, collections in data.items():
        if system not in SHAPE:
            raise WorldShapeError(f"unknown system {system!r}; known: {', '.join(sorted(SHAPE))}")
        if not isinstance(collections, dict):
            raise WorldShapeError(f"{system} must be an object of collections")
        for collection, records in collections.items():
            if collection not in SHAPE[system]:
                known = ", ".join(SHAPE[system]) or "none"
                raise WorldShapeError(f"unknown collection {system}.{collection}; known: {known}")
            _check_records(f"{system}.{collection}", records, SHAPE[system][collection])


def _check_records(place: str, records: Any, key: str) -> None:
    if not isinstance(records, list):
        raise WorldShapeError(f"{place} must be a list")
    for number, record in enumerate(records):
        if not isinstance(record, dict):
            raise WorldShapeError(f"{place}[{number}] must be an object")
        value = record.get(key)
        if isinstance(value, bool) or not isinstance(value, (str, int)) or not str(value).strip():
            raise WorldShapeError(f'{place}[{number}] has no "{key}"')
