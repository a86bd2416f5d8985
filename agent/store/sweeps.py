"""What a sweep needs of the store: every stored text, a call at a time, and putting masked ones back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from agent.ledger import fingerprint, ledger_key
from agent.store.database import Row, Work
from agent.store.shelf import Shelf, when
from agent.store.texts import MASKED, SWEPT

_PAGE = 500
_NAMING_CALLS = ("calls", "runs", "ledger", "cases")
_OF_CALLS = tuple(table for table in SWEPT if table != "pauses")
_OF_NO_CALL = ("steps", "case_locks", "decisions", "pauses")

Counts = Mapping[tuple[str, str, str], int]
"""How many stretches went, by (table, column, entity)."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together: those of one call, or, with ``call_id`` None, those of no call at all."""

    workspace_id: str = ""
    call_id: str | None = None


@dataclass(frozen=True, slots=True)
class TextRow:
    """One row's texts by column; ``row`` is its place in its table, ``beside`` what else is needed of it."""

    table: str
    row: int
    texts: Mapping[str, str | None] = field(repr=False)
    beside: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sweep:
    """The record of one sweep. ``rewritten`` is false while old bytes may still stand in the file."""

    sweep_id: int
    rules_version: int
    started_at: datetime
    finished_at: datetime | None
    calls: int
    failed: int
    rewritten: bool
    swept: Counts


class SweepShelf(Shelf):
    """Everything stored, as texts."""

    def text_groups(self) -> Iterator[Group]:
        """Every group, each once; calls that come meanwhile may be among them."""
        for table in _NAMING_CALLS:
            after = 0
            while True:
                with self._db.reading() as work:
                    rows = work.all(f"text_groups_in_{table}", after=after, limit=_PAGE)
                if not rows:
                    break
                yield from (Group(row["workspace_id"], row["call_id"]) for row in rows)
                after = rows[-1]["row"]
        yield Group()

    def count_calls(self) -> int:
        """How many calls there are."""
        with self._db.reading() as work:
            return work.number("count_calls")

    def texts_of(self, group: Group) -> tuple[TextRow, ...]:
        """The rows of ``group`` as they are now."""
        with self._db.reading() as work:
            return _texts_of(work, group)

    def put_texts(
        self, sweep_id: int, group: Group, before: Sequence[TextRow], after: Sequence[TextRow], counts: Counts
    ) -> bool:
        """Put ``after`` in the place of ``before`` and count what went, all in one transaction.

        False, and nothing is changed, when the rows are no longer ``before``. Keys, states and times stay; a
        ledger row's fingerprint follows its arguments where it was theirs.
        """
        with self._db.writing() as work:
            if _texts_of(work, group) != tuple(before):
                return False
            changed = [(old, new) for old, new in zip(before, after, strict=True) if old.texts != new.texts]
            for run_id in {old.beside["run_id"] for old, _ in changed if old.table == "steps"}:
                work.run("open_steps", run_id=run_id)
            for old, new in changed:
                work.run(f"put_texts_in_{new.table}", row=new.row, **{**new.texts, **_derived(old, new)})
            work.run("close_steps")
            for (table, column, entity), stretches in counts.items():
                values = {"in_table": table, "in_column": column, "entity": entity, "stretches": stretches}
                work.run("add_swept", sweep_id=sweep_id, **values)
        return True

    def begin_sweep(self, rules_version: int) -> int:
        """Record that a sweep begins; gives its number."""
        with self._db.writing() as work:
            return work.number("begin_sweep", rules_version=rules_version, now=self._now())

    def end_sweep(self, sweep_id: int, *, calls: int, failed: int) -> None:
        """Record that every text was looked at."""
        with self._db.writing() as work:
            work.run("end_sweep", sweep_id=sweep_id, calls=calls, failed=failed, now=self._now())

    def forget_old_bytes(self) -> bool:
        """Write the file anew where a sweep changed something, so that what it masked is in no free page and
        not in the write-ahead log. False while another process still reads the old state: then the next
        sweep does it."""
        with self._db.reading() as work:
            due = work.number("sweeps_to_rewrite") > 0
        if due:
            self._db.rewrite()
        if not self._db.forget_wal():
            return False
        with self._db.writing() as work:
            work.run("note_rewritten")
        return True

    def sweeps(self) -> list[Sweep]:
        """Every sweep that was made, oldest first."""
        with self._db.reading() as work:
            return [_sweep(row, work.all("swept_by", sweep_id=row["sweep_id"])) for row in work.all("list_sweeps")]


def _texts_of(work: Work, group: Group) -> tuple[TextRow, ...]:
    if group.call_id is None:
        return tuple(_text_row(table, row) for table in _OF_NO_CALL for row in work.all(f"texts_of_no_call_in_{table}"))
    own = {"workspace_id": group.workspace_id, "call_id": group.call_id}
    return tuple(_text_row(table, row) for table in _OF_CALLS for row in work.all(f"texts_in_{table}", own))


def _text_row(table: str, row: Row) -> TextRow:
    texts = {column: row[column] for column in SWEPT[table]}
    beside = {name: row[name] for name in row.keys() if name not in texts and name != "row"}  # noqa: SIM118
    return TextRow(table, row["row"], texts, beside)


def _derived(old: TextRow, new: TextRow) -> dict[str, str]:
    """What of a ledger row follows its texts: the fingerprint, and a masked target that is still its own.

    Every try of one effect keeps one target, as ``EffectShelf.reserve`` finds it by the effect's key.
    """
    if new.table != "ledger":
        return {}
    kept = old.beside["fingerprint"]
    before, after = _object(old.texts["arguments"]), _object(new.texts["arguments"])
    if before is not None and after is not None and fingerprint(before) == kept:
        kept = fingerprint(after)
    target = new.texts["target"] or ""
    if target == MASKED:
        own = {name: old.beside[name] for name in ("workspace_id", "call_id", "tool")}
        target = f"{MASKED}~{ledger_key(**own, target=old.texts['target'] or '')[:8]}"
    return {"fingerprint": kept, "target": target}


def _object(text: str | None) -> dict[str, Any] | None:
    try:
        value = json.loads(text or "")
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _sweep(row: Row, counts: Sequence[Row]) -> Sweep:
    ended = row["finished_at"]
    return Sweep(
        sweep_id=row["sweep_id"],
        rules_version=row["rules_version"],
        started_at=when(row["started_at"]),
        finished_at=when(ended) if ended else None,
        calls=row["calls"],
        failed=row["failed"],
        rewritten=bool(row["rewritten"]),
        swept={(one["in_table"], one["in_column"], one["entity"]): one["stretches"] for one in counts},
    )
