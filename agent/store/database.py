"""One SQLite file: a connection a thread, immediate transactions, and storage failures in one sentence."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from agent.errors import StorageError
from agent.store.migrations import migrate
from agent.store.queries import queries

Place = Path | Literal[":memory:"]
Row = sqlite3.Row

_BUSY_SECONDS = 15.0
_WAL_TRIES = 50

_SENTENCES = {
    "SQLITE_FULL": "the disk of the store {where} is full; free some space and run the command again",
    "SQLITE_BUSY": "the store {where} is locked by another process; try again when it has finished",
    "SQLITE_LOCKED": "the store {where} is locked by another process; try again when it has finished",
    "SQLITE_CORRUPT": "the store {where} is damaged; restore it from a backup",
    "SQLITE_NOTADB": "the file {where} is not a store of this program; name another with --store",
    "SQLITE_READONLY": "the store {where} may not be written; check its permissions",
    "SQLITE_PERM": "the store {where} may not be written; check its permissions",
    "SQLITE_AUTH": "the store {where} may not be opened; check its permissions",
    "SQLITE_CANTOPEN": "the store {where} cannot be opened; check that its folder exists and may be written",
    "SQLITE_IOERR": "the disk of the store {where} failed; check the disk and run the command again",
    "SQLITE_TOOBIG": "a value is too big for the store {where}",
}


def sentence_for(error: sqlite3.Error, where: str) -> str:
    """What went wrong with the store at ``where`` and who can mend it; never SQLite's own text."""
    name = getattr(error, "sqlite_errorname", None) or "SQLITE_ERROR"
    primary = "_".join(str(name).split("_")[:2])
    default = f"the store {{where}} refused a read or write ({primary})"
    return _SENTENCES.get(primary, default).format(where=where)


class Database:
    """Named queries over one store file, or over a private one in memory (tests, dry runs).

    Raises StorageError from every method when the file cannot be used.
    """

    def __init__(self, place: Place, now: datetime) -> None:
        self.where = str(place)
        self._memory = place == ":memory:"
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._guard = threading.RLock()
        if not self._memory:
            self._prepare_file(Path(place))
        try:
            with self._failures(), self._immediate(self._connection()) as connection:
                migrate(connection, self.where, now)
        except StorageError:
            self.close()
            raise

    def _prepare_file(self, path: Path) -> None:
        """Make the file its owner's alone, also one that was more open; SQLite gives new side files its mode."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            reason = "is a folder" if isinstance(error, IsADirectoryError) else "cannot be opened for writing"
            raise StorageError(f"the store {path} {reason}; name another with --store") from None
        try:
            for file in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
                _tighten(file)
        except OSError:
            raise StorageError(f"others may read the store {path}, and that cannot be changed; own the file") from None

    def _open(self) -> sqlite3.Connection:
        # Connections are closed by whichever thread closes the store, hence check_same_thread=False.
        connection = sqlite3.connect(
            self.where, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        self._opened.append(connection)
        connection.row_factory = sqlite3.Row
        if not self._memory:
            _use_wal(connection)
        for pragma in ("foreign_keys = ON", "synchronous = FULL", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def _connection(self) -> sqlite3.Connection:
        if self._memory:
            return self._opened[0] if self._opened else self._open()
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._open()
        return connection

    def _alone(self) -> AbstractContextManager[object]:
        """Threads share the one connection of a store in memory, so they take turns."""
        return self._guard if self._memory else nullcontext()

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StorageError(sentence_for(error, self.where)) from None

    @contextmanager
    def _immediate(self, connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[Work]:
        """One immediate transaction: all of it is stored, or nothing."""
        with self._alone(), self._failures(), self._immediate(self._connection()) as connection:
            yield Work(connection)

    @contextmanager
    def reading(self) -> Iterator[Work]:
        """Queries that see one state of the store."""
        with self._alone(), self._failures():
            connection = self._connection()
            connection.execute("BEGIN")
            try:
                yield Work(connection)
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def forget_wal(self) -> bool:
        """Fold the write-ahead log into the file, so that erased rows are in neither; False while another
        process still reads what the log replaces."""
        with self._alone(), self._failures():
            busy: int = self._connection().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return not busy

    def rewrite(self) -> None:
        """Write the whole file anew: what stood in free pages and in gaps between rows is gone from it."""
        with self._alone(), self._failures():
            self._connection().execute("VACUUM")

    def close(self) -> None:
        """Close every thread's connection."""
        while self._opened:
            self._opened.pop().close()
        self._local = threading.local()


class Work:
    """Named queries inside one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def run(self, name: str, **values: Any) -> int:
        """Execute a change; gives the number of rows it touched."""
        return self._connection.execute(queries()[name], values).rowcount

    def one(self, name: str, **values: Any) -> Row | None:
        row: Row | None = self._connection.execute(queries()[name], values).fetchone()
        return row

    def number(self, name: str, **values: Any) -> int:
        """The single integer a query gives; 0 when it gives no row."""
        row = self.one(name, **values)
        return 0 if row is None else int(row[0])

    def all(self, name: str, values: Mapping[str, Any] | None = None, **more: Any) -> list[Row]:
        return self._connection.execute(queries()[name], {**(values or {}), **more}).fetchall()


def _tighten(file: Path) -> None:
    """Take away what others may do with ``file``, where there is one."""
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        if mode & 0o077:
            file.chmod(mode & 0o700)
    except FileNotFoundError:  # a side file that another process just folded in
        return


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging; the busy timeout does not cover this switch, so it is tried again."""
    for left in range(_WAL_TRIES, 0, -1):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if left == 1 or getattr(error, "sqlite_errorname", "") not in ("SQLITE_BUSY", "SQLITE_LOCKED"):
                raise
            time.sleep(0.02)
