"""A request as a pretended vendor reads it, and the base that all pretended vendors share."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from tools.sandbox.world import Collections

Result = tuple[int, Any]
"""Status and JSON; None is an empty body, bytes are sent as they are."""


@dataclass(frozen=True, slots=True)
class Wire:
    """One request. ``path`` is without the vendor's base path, ``at`` when it came."""

    system: str
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    content: bytes = b""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def json(self) -> dict[str, Any]:
        """The body as a JSON object, empty when it is none."""
        try:
            value = json.loads(self.content or b"{}")
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    @property
    def form(self) -> dict[str, str]:
        """The body as form fields."""
        return dict(parse_qsl(self.content.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def unix(self) -> int:
        return int(self.at.timestamp())

    @property
    def iso(self) -> str:
        return self.at.strftime("%Y-%m-%dT%H:%M:%SZ")


Handler = Callable[[Any, Wire, re.Match[str]], Result]


def shown(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record without its routing keys."""
    return {key: value for key, value in record.items() if not key.startswith("_")}


class Vendor:
    """A pretended vendor: records that requests read and change.

    ``routes`` are (method, path pattern, handler); ``secret_headers`` are the ones of which a request
    needs one to be let in.
    """

    system: ClassVar[str]
    routes: ClassVar[tuple[tuple[str, str, Handler], ...]]
    secret_headers: ClassVar[tuple[str, ...]] = ("authorization",)
    repeats: ClassVar[str | None] = None

    def __init__(self, records: Collections) -> None:
        self.records = records
        self._made = 0
        self._answered: dict[str, tuple[str, Result]] = {}

    def let_in(self, wire: Wire) -> bool:
        """Whether the request carries credentials."""
        return any(wire.headers.get(name) for name in self.secret_headers)

    def handle(self, wire: Wire) -> Result:
        """Answer a request, changing the records when it is a write."""
        for method, pattern, handler in self.routes:
            if method == wire.method and (match := re.fullmatch(pattern, wire.path)):
                return handler(self, wire, match)
        return self.not_found()

    def unauthorized(self) -> Result:
        return 401, {"error": "unauthorized"}

    def not_found(self) -> Result:
        return 404, {"error": "not found"}

    def once(self, key: str | None, wire: Wire, do: Callable[[], Result], clash: Result) -> Result:
        """Vendor-side idempotency: the first answer again for the same request, ``clash`` for another."""
        if not key:
            return do()
        request = f"{wire.method} {wire.path} {wire.content.decode('utf-8', 'replace')}"
        if key in self._answered:
            first, answer = self._answered[key]
            return answer if first == request else clash
        answer = do()
        if answer[0] < 300:
            self._answered[key] = (request, answer)
        return answer

    def serial(self) -> int:
        """A number for a new record; the same sequence of writes gives the same numbers."""
        self._made += 1
        return self._made

    def one(self, collection: str, key: str, value: str) -> dict[str, Any] | None:
        """The record of ``collection`` whose ``key`` reads ``value``."""
        return next((row for row in self.records[collection] if str(row.get(key)) == value), None)
