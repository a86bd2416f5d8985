"""No column may appear that a sweep neither looks at nor has reason to pass over."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from agent.clock import FixedClock
from agent.store import Store
from agent.store.migrations import migrate
from agent.store.queries import queries
from agent.store.texts import MASKED, NO_TEXT, SWEPT
from tests.agent.store.helpers import AT


def columns(connection: sqlite3.Connection) -> dict[str, set[str]]:
    """Every column of every table of the schema."""
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: {row[1] for row in connection.execute(f"PRAGMA table_info({name})")} for name in tables}


def test_every_column_is_swept_or_named_as_holding_no_text(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "raw.db", isolation_level=None)) as connection:
        migrate(connection, "raw.db", AT)
        real = columns(connection)
    named: dict[str, set[str]] = {name: set(text.split()) for name, text in NO_TEXT.items()}
    for table, swept in SWEPT.items():
        assert not named[table] & set(swept), f"{table}: named twice"
        named[table] |= set(swept)
    assert named == real


def test_what_is_called_no_text_is_a_number_or_named_as_an_id_a_time_or_a_closed_word(tmp_path: Path) -> None:
    endings = ("_id", "_at", "key", "digest", "fingerprint", "world", "model", "workspace_id")
    closed = {
        "migrations.name", "runs.outcome", "runs.scenario", "steps.kind", "steps.at", "ledger.tool", "ledger.effect",
        "ledger.lock_system", "ledger.lock_class", "ledger.currency", "ledger.state", "cases.state", "envelopes.state",
        "envelopes.source", "case_locks.system", "case_locks.class", "pauses.tool", "pauses.at", "swept.in_table",
        "swept.in_column", "swept.entity",
    }  # fmt: skip
    with closing(sqlite3.connect(tmp_path / "raw.db", isolation_level=None)) as connection:
        migrate(connection, "raw.db", AT)
        for table, names in NO_TEXT.items():
            types = {row[1]: row[2] for row in connection.execute(f"PRAGMA table_info({table})")}
            for name in names.split():
                plain = types[name] == "INTEGER" or name.endswith(endings) or f"{table}.{name}" in closed
                assert plain, f"{table}.{name} is text: sweep it, or say here what closed set its words are from"


def test_the_queries_know_the_mark_of_a_masked_object() -> None:
    for name in ("lock_by_effect", "lock_by_proposal", "count_of_customer", "sum_of_customer"):
        assert f"'{MASKED}'" in queries()[name], name


def test_a_sweep_reads_and_writes_exactly_the_swept_columns() -> None:
    for table, swept in SWEPT.items():
        write = queries()[f"put_texts_in_{table}"]
        reads = [
            text for name, text in queries().items() if name.startswith("texts_") and name.endswith(f"_in_{table}")
        ]
        assert reads
        for column in swept:
            assert f"{column} = :{column}" in write
            assert all(column in read for read in reads)


def test_sweeps_of_an_empty_store_are_none(tmp_path: Path) -> None:
    with Store(tmp_path / "s.db", FixedClock(AT)) as store:
        assert store.sweeps() == []
        assert [group.call_id for group in store.text_groups()] == [None]
        assert store.forget_old_bytes()
