"""Going through the store: read a call's rows, mask them, put them back if nobody changed them meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from agent.errors import RedactionError
from agent.intake.record import holds_card
from agent.redaction import RULES_VERSION, Redactor
from agent.store import Group, Store, TextRow
from agent.sweep.rows import Counts, Masked, mask_rows

_TRIES = 5
_ID_COLUMNS = ("run_id", "case_id")


@dataclass(frozen=True, slots=True)
class Stored:
    """The rows of one call, or those of no call, as they were read."""

    group: Group
    rows: tuple[TextRow, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """The same after the rules; ``masked`` is None where they failed."""

    stored: Stored
    masked: Masked | None


RedactorFor = Callable[[str], Redactor]
"""A workspace's own rules, by its id."""

LookAll = Callable[[Iterator[Stored]], Generator[Looked, None, None]]
"""Looks at everything, in order; in this process or in others. It is closed when the sweep ends."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a sweep did, without a value. ``swept`` counts stretches by (table, column, entity); ``failed``
    counts calls left as they were; ``ids`` those whose own id holds a card number, which a sweep never
    changes; ``rewritten`` says that what went is out of the file too."""

    rules_version: int
    dry_run: bool
    calls: int
    failed: int
    ids: int
    rewritten: bool
    swept: Counts

    @property
    def taken(self) -> int:
        """How many stretches went."""
        return self.swept.total()


def look(stored: Stored, redactor_for: RedactorFor) -> Looked:
    """Run the rules over one call's rows."""
    redactor = redactor_for(stored.group.workspace_id)
    try:
        return Looked(stored, mask_rows(stored.rows, redactor, own_ids=_own_ids(stored)))
    except (RedactionError, RecursionError):  # a document nested deeper than anything we write
        return Looked(stored, None)


def sweep(
    store: Store,
    redactor_for: RedactorFor,
    *,
    dry_run: bool = False,
    look_all: LookAll | None = None,
    step: Callable[[], Any] = lambda: None,
) -> Report:
    """Run today's rules over everything in ``store`` and mask what they find, a call at a time.

    ``look_all`` is how the rules are run, one call after the other by default; ``step`` is called after each.
    With ``dry_run`` nothing is changed. Each call is one transaction, so an interrupted sweep has done whole
    calls; doing it again takes up the rest. Raises StorageError.
    """
    number = None if dry_run else store.begin_sweep(RULES_VERSION)
    swept: Counts = Counter()
    calls = failed = ids = 0
    stored = (Stored(group, store.texts_of(group)) for group in store.text_groups())
    looking = (look(one, redactor_for) for one in stored) if look_all is None else look_all(stored)
    with closing(looking) as looked:
        for one in looked:
            group = one.stored.group
            calls += group.call_id is not None
            ids += group.call_id is not None and holds_card(f"{group.workspace_id} {group.call_id}")
            taken = _settled(store, one, redactor_for, number)
            failed += taken is None
            swept.update(taken or {})
            step()
    if number is None:
        return Report(RULES_VERSION, dry_run, calls, failed, ids, rewritten=True, swept=swept)
    store.end_sweep(number, calls=calls, failed=failed)
    return Report(RULES_VERSION, dry_run, calls, failed, ids, rewritten=store.forget_old_bytes(), swept=swept)


def _settled(store: Store, looked: Looked, redactor_for: RedactorFor, number: int | None) -> Counts | None:
    """What went from one call; None when it could not be read, or others kept changing it. ``number`` is None
    in a dry run."""
    for _ in range(_TRIES):
        stored, masked = looked.stored, looked.masked
        if masked is None or number is None or masked.rows == stored.rows:
            return None if masked is None else masked.counts
        if store.put_texts(number, stored.group, stored.rows, masked.rows, masked.counts):
            return masked.counts
        looked = look(Stored(stored.group, store.texts_of(stored.group)), redactor_for)
    return None


def _own_ids(stored: Stored) -> Iterator[str]:
    yield stored.group.workspace_id
    if stored.group.call_id is not None:
        yield stored.group.call_id
    for row in stored.rows:
        yield from (row.beside[name] for name in _ID_COLUMNS if name in row.beside)
