"""The store's SQL, read once from ``queries.sql``: each query stands under a ``-- name:`` line."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

_HEADER = "-- name: "


@cache
def queries() -> dict[str, str]:
    """Every named query. Values are always bound, never built into the text."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in (files("agent.store") / "queries.sql").read_text(encoding="utf-8").splitlines():
        if line.startswith(_HEADER):
            lines = found.setdefault(line.removeprefix(_HEADER).strip(), [])
        else:
            lines.append(line)
    return {name: "\n".join(body).strip() for name, body in found.items()}
