"""Envelopes: what is kept of calls that could not be redacted."""

from __future__ import annotations

from agent.run import Envelope
from agent.store.shelf import Shelf, stamp, when


class EnvelopeShelf(Shelf):
    """Calls of which nothing but the fact that they came was kept. One that is processed later has no envelope
    any more."""

    def keep_envelope(self, envelope: Envelope) -> None:
        """Keep ``envelope``; an earlier one of the same call gives way to it."""
        values = envelope.model_dump(exclude={"received_at"})
        with self._db.writing() as work:
            work.run("put_envelope", **values, received_at=stamp(envelope.received_at))

    def envelopes(self, workspace_id: str | None = None) -> list[Envelope]:
        """Every envelope, the newest first."""
        with self._db.reading() as work:
            rows = work.all("list_envelopes", workspace_id=workspace_id)
        return [Envelope(**{**dict(row), "received_at": when(row["received_at"])}) for row in rows]
