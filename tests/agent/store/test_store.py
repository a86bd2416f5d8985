from __future__ import annotations

import multiprocessing
import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from agent.clock import FixedClock
from agent.errors import ConfigurationError, StorageError
from agent.store import Store
from agent.store.database import sentence_for
from agent.store.migrations import known, migrate, statements
from agent.store.queries import queries
from tests.agent.store.helpers import AT, redacted_call


def fill(store: Store, call_id: str = "call_a") -> None:
    store.begin(redacted_call(call_id), run_id=f"run_of_{call_id}", model="stand-in", world=None)


def test_the_store_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "store.db"
    with Store(path) as store:
        fill(store)
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == {"store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_store_that_others_could_read_is_tightened_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with Store(path):
        for file in tmp_path.iterdir():
            file.chmod(0o664)
        with Store(path):
            assert {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {
                "store.db": 0o600,
                "store.db-wal": 0o600,
                "store.db-shm": 0o600,
            }


def test_a_store_that_cannot_be_tightened_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "store.db"
    path.touch(0o644)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "chmod", refuse)
    with pytest.raises(StorageError, match=r"others may read the store .*; own the file"):
        Store(path)


def test_each_migration_is_applied_once_and_recorded_with_its_time(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    for _ in range(2):
        Store(path, FixedClock(AT)).close()
    with sqlite3.connect(path) as raw:
        rows = raw.execute("SELECT name, applied_at FROM migrations").fetchall()
    raw.close()
    assert rows == [(name, AT.isoformat()) for name in known()]
    assert [name[:4] for name in known()] == [f"{number:04}" for number in range(1, len(known()) + 1)]


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    Store(path).close()
    with sqlite3.connect(path) as raw:
        raw.execute("INSERT INTO migrations VALUES ('0999_later', '2030-01-01')")
    raw.close()
    with pytest.raises(StorageError, match="newer schema 0999_later; use the version that wrote it"):
        Store(path)


def _open_and_fill(path: str, call_id: str) -> str:
    with Store(Path(path)) as store:
        fill(store, call_id)
    return call_id


def test_processes_may_open_a_fresh_store_at_the_same_time(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    names = [f"call_{n}" for n in range(6)]
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        pool.starmap(_open_and_fill, [(str(path), name) for name in names])
    with Store(path) as store:
        assert sorted(run.call_id for run in store.runs()) == names


@pytest.mark.parametrize("memory", [True, False])
def test_threads_share_one_store(tmp_path: Path, memory: bool) -> None:
    with Store(":memory:" if memory else tmp_path / "store.db") as store:
        threads = [threading.Thread(target=fill, args=(store, f"call_{n}")) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(store.runs()) == 8


def test_a_private_store_leaves_nothing_behind(tmp_path: Path) -> None:
    with Store(":memory:") as store:
        fill(store)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("my shopping list, long enough to be a page of something" * 50)
    before = path.read_bytes()
    with pytest.raises(StorageError, match=r"notes\.txt is not a store of this program; name another with --store"):
        Store(path)
    assert path.read_bytes() == before


def test_a_damaged_store_is_named_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with Store(path) as store:
        for number in range(40):
            fill(store, f"call_{number}")
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(bytes(data))
    with pytest.raises(StorageError, match="is damaged; restore it from a backup") as caught, Store(path) as store:
        store.runs()
    assert caught.value.__cause__ is None
    assert caught.value.exit_code == 3


def test_a_full_disk_is_named_in_one_sentence_and_half_a_change_is_never_kept(tmp_path: Path) -> None:
    with Store(tmp_path / "store.db") as store:
        fill(store, "call_kept")
        connection = store._db._connection()
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        big = redacted_call("call_big").model_copy(update={"summary": "x" * 100_000})
        with pytest.raises(StorageError, match="is full; free some space"):
            store.begin(big, run_id="run_big", model="stand-in", world=None)
        assert [run.call_id for run in store.runs()] == ["call_kept"]


def test_a_locked_store_is_named_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with Store(path) as store:
        store._db._connection().execute("PRAGMA busy_timeout = 20")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="is locked by another process"):
            fill(store)
        other.close()
        fill(store)


def test_a_store_that_may_not_be_written_is_named_in_one_sentence(tmp_path: Path) -> None:
    with Store(tmp_path / "store.db") as store:
        store._db._connection().execute("PRAGMA query_only = ON")
        with pytest.raises(StorageError, match="may not be written; check its permissions"):
            fill(store)


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="is a folder; name another with --store"):
        Store(tmp_path)


def test_a_place_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="cannot be opened for writing"):
        Store(tmp_path / "file" / "store.db")


def test_an_error_nobody_foresaw_is_named_by_its_code_only() -> None:
    error = sqlite3.OperationalError("near four two four two: syntax error")
    assert sentence_for(error, "s.db") == "the store s.db refused a read or write (SQLITE_ERROR)"


def test_every_query_is_named_once_and_prepared_by_sqlite(tmp_path: Path) -> None:
    raw = sqlite3.connect(tmp_path / "raw.db")
    raw.isolation_level = None
    migrate(raw, "raw.db", AT)
    for name, text in queries().items():
        raw.execute(f"EXPLAIN {text}", dict.fromkeys(_bound(text)))
        assert text.count(";") == 0, name
    raw.close()


def _bound(text: str) -> list[str]:
    import re

    return re.findall(r":([a-z_]+)", text)


def test_statements_are_split_outside_triggers_only() -> None:
    script = "CREATE TABLE a (x);\nCREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT 2; END;\n"
    assert len(list(statements(script))) == 2
