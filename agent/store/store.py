"""The store: one SQLite file with calls, runs, steps, the ledger, cases and pauses."""

from __future__ import annotations

from types import TracebackType

from agent.clock import Clock, SystemClock
from agent.store.cases import CaseShelf
from agent.store.database import Database, Place
from agent.store.effects import EffectShelf
from agent.store.envelopes import EnvelopeShelf
from agent.store.runs import RunShelf
from agent.store.sweeps import SweepShelf


class Store(RunShelf, EffectShelf, CaseShelf, EnvelopeShelf, SweepShelf):
    """Everything that is kept, behind one name; ``":memory:"`` keeps nothing after ``close``.

    Safe to use from several threads and, for a file, from several processes. Every method raises
    StorageError when the file is locked, full, damaged, not writable or of a newer version.
    """

    def __init__(self, path: Place, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._db = Database(path, self._clock.now())

    def close(self) -> None:
        """Close all connections; the store is not used afterwards."""
        self._db.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
