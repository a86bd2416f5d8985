"""A real store, and identifiers written straight into it, past every guard of ours."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from agent.call import RedactedCall, RedactedTurn, Speaker
from agent.case import CaseState, Decision
from agent.ledger import EffectState
from agent.run import Outcome, Review, ReviewReason, SpokenTurn
from agent.store import Store
from tests.agent.store.helpers import AT, NO_CAPS, case, intent, line, redacted_call

CARD = "4532015112830366"
SPACED = "4532 0151 1283 0366"
SPOKEN = "four five three two, oh one five one, one two eight three, oh three double six"

TURNS = (
    ("agent", "Fennel Post billing, the card please?"),
    ("caller", "my invoice FP-8812 over 20.00 EUR, and the card is on file"),
    ("agent", "mm-hmm"),
)


def fill(path: Path) -> None:
    """A store with a row in every table that holds texts, as the agent leaves it."""
    spoken = tuple(RedactedTurn(speaker=Speaker(who), text=text) for who, text in TURNS)
    call = RedactedCall(**{**redacted_call().__dict__, "turns": spoken, "summary": "a refund was asked for"})
    with Store(path) as store:
        store.begin(call, run_id="run_of_call_a", model="stand-in", world=None)
        store.append("run_of_call_a", 1, "model", "read the call", {"messages": [{"content": "[1] caller: hello"}]})
        store.open_case(case(), locks=[("stripe", "money", "ch_fern_1")])
        decision = Decision(by="ana", at=AT, verdict="edit", reason="less")
        store.decide("case_1", decision, CaseState.OPEN)
        reserved = store.reserve(intent(), NO_CAPS)
        key = reserved.entry.key  # type: ignore[union-attr]
        store.mark(key, EffectState.SENT)
        store.mark(key, EffectState.CONFIRMED, "re_1", "https://pay.example/re_1")
        shown = tuple(SpokenTurn(speaker=who, text=text) for who, text in TURNS)
        reasons = (ReviewReason(rule="money.exception", text="over the limit"),)
        review = Review(reasons=reasons, case_id="case_1")
        ended = line(run_id="run_of_call_a", redacted_turns=shown, outcome=Outcome.REVIEW, review=review)
        store.finish("run_of_call_a", 1, ended)
        store.begin(redacted_call("call_b"), run_id="run_of_call_b", model="stand-in", world=None)
        store.pause(by="ana", reason="month end")


PLACES: dict[str, tuple[str, str]] = {
    "calls.body": ("calls", "body = replace(body, 'a refund was asked for', 'the card is {}')"),
    "runs.line": ("runs", "line = replace(line, 'over the limit', 'the card is {}')"),
    "steps.title": ("steps", "title = 'heard card {}'"),
    "steps.data": ("steps", "data = replace(data, 'hello', 'my card is {}')"),
    "ledger.arguments": ("ledger", "arguments = json_set(arguments, '$.note', 'card {}')"),
    "ledger.target": ("ledger", "target = '{}'"),
    "ledger.lock_object": ("ledger", "lock_object = '{}'"),
    "ledger.customer": ("ledger", "customer = '{}'"),
    "ledger.vendor_id": ("ledger", "vendor_id = '{}'"),
    "ledger.url": ("ledger", "url = 'https://pay.example/card/{}'"),
    "cases.body": ("cases", "body = replace(body, 'A refund', 'For card {} a refund')"),
    "case_locks.object": ("case_locks", "object = '{}'"),
    "decisions.body": ("decisions", "body = replace(body, 'less', 'the card is {}')"),
    "pauses.by": ("pauses", "by = 'ana, card {}'"),
    "pauses.reason": ("pauses", "reason = 'card {} was read out'"),
}
"""Where a number is written to: how each table's own rows are changed."""


@contextmanager
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    """The file as any program may open it: nothing is wiped, nothing is checked."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def rows_of(connection: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    """Every row of ``table``."""
    return [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]  # noqa: S608


def plant(path: Path, *places: str, value: str = CARD) -> None:
    """Write ``value`` into ``places``, and leave copies of it in free pages too."""
    with raw(path) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        trigger = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'steps_are_not_changed'").fetchone()[0]
        connection.execute("DROP TRIGGER steps_are_not_changed")
        for place in places:
            table, change = PLACES[place]
            before = rows_of(connection, table)
            connection.execute(f"UPDATE {table} SET {change.format(value)}")  # noqa: S608
            assert rows_of(connection, table) != before, place
        connection.execute(trigger)
        connection.execute("CREATE TABLE scratch (said TEXT)")
        connection.executemany("INSERT INTO scratch VALUES (?)", [(f"card {value} " * 50,)] * 40)
        connection.execute("DROP TABLE scratch")


def plant_turns(path: Path, *texts: str) -> None:
    """Make ``texts`` what was said from turn 1 on, in the call, its line and its prompt, without any rule."""
    with raw(path) as connection:
        body = json.loads(connection.execute("SELECT body FROM calls WHERE call_id = 'call_a'").fetchone()[0])
        ended = json.loads(connection.execute("SELECT line FROM runs WHERE call_id = 'call_a'").fetchone()[0])
        for at, text in enumerate(texts, start=1):
            body["turns"][at]["text"] = ended["redacted_turns"][at]["text"] = text
        connection.execute("UPDATE calls SET body = ? WHERE call_id = 'call_a'", (json.dumps(body),))
        connection.execute("UPDATE runs SET line = ? WHERE call_id = 'call_a'", (json.dumps(ended),))


def dump(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    with raw(path) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: rows_of(connection, name) for name in names}


def bytes_of(path: Path) -> bytes:
    """All that the store has on disk: the file, the write-ahead log, its index."""
    files = [path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm")]
    return b"".join(file.read_bytes() for file in files if file.exists())
