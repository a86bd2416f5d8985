"""Numbered migrations of the store: ``0001_first.sql`` and so on, each applied once, in order."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib.resources import files

from agent.errors import StorageError

_RECORD = """CREATE TABLE IF NOT EXISTS migrations (
    name TEXT PRIMARY KEY, applied_at TEXT NOT NULL) STRICT"""


@cache
def known() -> dict[str, str]:
    """Migration texts by name, in the order they are applied."""
    found = [f for f in files("agent.store.migrations").iterdir() if f.name.endswith(".sql")]
    return {f.name.removesuffix(".sql"): f.read_text(encoding="utf-8") for f in sorted(found, key=lambda f: f.name)}


def statements(script: str) -> Iterator[str]:
    """The single statements of ``script``; a trigger's inner semicolons do not split it."""
    buffer = ""
    for piece in script.split(";"):
        buffer += piece + ";"
        if sqlite3.complete_statement(buffer):
            if buffer.strip(" \n;"):
                yield buffer
            buffer = ""


def migrate(connection: sqlite3.Connection, where: str, now: datetime) -> None:
    """Bring the schema up to date inside the caller's immediate transaction.

    Raises StorageError when the store was written by a newer version: its schema is not known here.
    """
    connection.execute(_RECORD)
    applied = {row[0] for row in connection.execute("SELECT name FROM migrations")}
    newer = sorted(applied - known().keys())
    if newer:
        raise StorageError(f"the store {where} has the newer schema {newer[-1]}; use the version that wrote it")
    for name, script in known().items():
        if name in applied:
            continue
        for statement in statements(script):
            connection.execute(statement)
        connection.execute("INSERT INTO migrations (name, applied_at) VALUES (?, ?)", (name, now.isoformat()))
