"""The sandbox's books: every request, one JSON line each, without secrets; read back to rebuild what was done."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tools.sandbox.wire import Wire

_SECRET = frozenset({"auth_token", "access_token", "apiKey", "client_secret", "refresh_token"})
_KEPT_HEADERS = ("idempotency-key", "content-type")


class Books:
    """An append-only file of requests that its owner alone can read, whoever made it. Without a path the
    entries are only kept in memory."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.entries: list[dict[str, Any]] = []
        if path is not None and path.is_file():
            path.chmod(0o600)

    def append(self, wire: Wire, status: int) -> None:
        """Write down a request and the status that it had (what the caller saw may differ)."""
        entry = {
            "at": wire.at.isoformat(),
            "system": wire.system,
            "method": wire.method,
            "path": wire.path,
            "query": {name: value for name, value in wire.query.items() if name not in _SECRET},
            "headers": {name: wire.headers[name] for name in _KEPT_HEADERS if name in wire.headers},
            "body": _body(wire),
            "status": status,
        }
        self.entries.append(entry)
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "a", encoding="utf-8") as file:
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")

    def earlier_writes(self) -> Iterator[Wire]:
        """The successful writes of earlier processes, in order. A last line cut off by a crash is skipped."""
        if self.path is None or not self.path.exists():
            return
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if entry["method"] != "GET" and entry["status"] < 300:
                yield _wire(entry)


def _body(wire: Wire) -> Any:
    if not wire.content:
        return None
    kind = wire.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return {"json": wire.json}
    if kind.startswith("application/x-www-form-urlencoded"):
        fields = parse_qsl(wire.content.decode("utf-8", "replace"), keep_blank_values=True)
        return {"form": {name: value for name, value in fields if name not in _SECRET}}
    return {"base64": base64.b64encode(wire.content).decode()}


def _wire(entry: dict[str, Any]) -> Wire:
    body = entry["body"] or {}
    if "json" in body:
        content = json.dumps(body["json"]).encode()
    elif "form" in body:
        content = urlencode(body["form"]).encode()
    else:
        content = base64.b64decode(body.get("base64", ""))
    return Wire(
        entry["system"],
        entry["method"],
        entry["path"],
        entry["query"],
        entry["headers"],
        content,
        datetime.fromisoformat(entry["at"]),
    )
