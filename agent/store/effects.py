"""The ledger: an effect is reserved before it is sent, and at most one worker may send it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from agent.errors import NotFound, Superseded
from agent.ledger import (
    AlreadyDone,
    CapRules,
    EffectState,
    InDoubt,
    Intent,
    LedgerEntry,
    Refused,
    Reservation,
    Reserved,
    fingerprint,
    ledger_key,
)
from agent.store.database import Row, Work
from agent.store.shelf import Shelf, stamp, to_json, when

Lock = tuple[str, str, str]

_DAY = timedelta(days=1)
_MONTH = timedelta(days=30)
# Notes, tickets, alerts and rows have no lock across calls: each call's own hand-off must arrive (S02, S47).
_LOCKED_FOR: dict[str, timedelta] = {"money": _MONTH, "document": _DAY, "record": _DAY, "legal": _DAY}

_MAY_FOLLOW: dict[EffectState, tuple[EffectState, ...]] = {
    EffectState.PLANNED: (),
    EffectState.SENT: (EffectState.PLANNED,),
    EffectState.CONFIRMED: (EffectState.SENT, EffectState.UNKNOWN, EffectState.CONFIRMED),
    EffectState.REJECTED: (EffectState.PLANNED, EffectState.SENT, EffectState.UNKNOWN, EffectState.REJECTED),
    EffectState.UNKNOWN: (EffectState.SENT, EffectState.UNKNOWN),
}


@dataclass(frozen=True, slots=True)
class LockHolder:
    """Another call that holds an object: by an open proposal (``case_id`` set) or by a recent effect."""

    call_id: str
    case_id: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """A standing order to do nothing. None for ``workspace_id`` means all workspaces, None for ``tool``
    all operations; ``tool`` may also name a whole system."""

    workspace_id: str | None
    tool: str | None
    by: str
    reason: str | None
    at: datetime

    @property
    def scope(self) -> str:
        """What is paused, in words."""
        what = self.tool or "all effects"
        return f"{what} of workspace {self.workspace_id}" if self.workspace_id else what


class EffectShelf(Shelf):
    """Reservations, locks across calls, caps and the pause switch."""

    def reserve(self, intent: Intent, caps: CapRules) -> Reservation:
        """Ask to do ``intent``; the answer, the row, the lock and the caps are one transaction.

        Reserved also resumes a planned row whose worker was fenced off by a newer attempt of the run;
        a row planned by the run's present attempt is InDoubt: somebody is about to send it.
        """
        with self._db.writing() as work:
            pause = _pause_for(work, intent.workspace_id, intent.tool)
            if pause is not None:
                return Refused("ledger.paused", f"{pause.scope} paused by {pause.by}")
            row = _latest(work, intent)
            if row is not None and row["state"] != EffectState.REJECTED:
                return self._again(work, intent, _entry(row), row["run_attempt"])
            if row is not None and intent.automatic and row["fingerprint"] != fingerprint(intent.arguments):
                return _other_arguments()
            refusal = self._refusal(work, intent, caps)
            if refusal is not None:
                return refusal
            return Reserved(self._add(work, intent, 1 if row is None else row["attempt"] + 1))

    def _again(self, work: Work, intent: Intent, entry: LedgerEntry, planned_by: int) -> Reservation:
        if entry.fingerprint != fingerprint(intent.arguments):
            return _other_arguments()
        if entry.state is EffectState.CONFIRMED:
            return AlreadyDone(entry)
        attempt = work.number("run_attempt", run_id=intent.run_id)
        if entry.state is EffectState.PLANNED and attempt > planned_by:
            work.run("claim_effect", key=entry.key, run_attempt=attempt, now=self._now())
            return Reserved(entry)
        return InDoubt(entry)

    def _refusal(self, work: Work, intent: Intent, caps: CapRules) -> Refused | None:
        for holder in self._holders(work, intent.workspace_id, intent.lock, intent.effect, intent.call_id):
            # A person who approves has seen the other proposals; only what was really done stops them.
            if holder.case_id is None or intent.automatic:
                what = "an open review case" if holder.case_id else "a recent effect"
                reason = f"{what} of call {holder.call_id} already concerns {intent.lock[2]}"
                return Refused("ledger.lock", reason, holder.call_id)
        if intent.automatic and intent.effect == "money":
            return self._over_cap(work, intent, caps)
        return None

    def _over_cap(self, work: Work, intent: Intent, caps: CapRules) -> Refused | None:
        if intent.customer is None or intent.minor is None or intent.currency is None:
            return Refused("ledger.cap", "customer, amount and currency must be known to check the caps")
        own = {"workspace_id": intent.workspace_id, "customer": intent.customer, "currency": intent.currency}
        month, day = stamp(self._clock.now() - _MONTH), stamp(self._clock.now() - _DAY)
        usage = (
            ("refunds of a customer in 30 days", caps.customer_count, 1, "count_of_customer", month),
            ("sum of a customer in a day", caps.customer_day, intent.minor, "sum_of_customer", day),
            ("sum of the workspace in a day", caps.workspace_day, intent.minor, "sum_of_workspace", day),
        )
        for what, limit, more, query, since in usage:
            if limit is not None and work.number(query, **own, since=since) + more > limit:
                return Refused("ledger.cap", f"the cap on automatic money effects would be passed: {what}")
        return None

    def _add(self, work: Work, intent: Intent, attempt: int) -> LedgerEntry:
        key = ledger_key(intent.workspace_id, intent.call_id, intent.tool, intent.target, attempt)
        system, operation_class, lock_object = intent.lock
        work.run(
            "add_effect",
            **_identity(intent),
            key=key,
            run_id=intent.run_id,
            run_attempt=work.number("run_attempt", run_id=intent.run_id),
            arguments=to_json(intent.arguments),
            fingerprint=fingerprint(intent.arguments),
            attempt=attempt,
            lock_system=system,
            lock_class=operation_class,
            lock_object=lock_object,
            effect=intent.effect,
            customer=intent.customer,
            minor=intent.minor,
            currency=intent.currency,
            automatic=int(intent.automatic),
            now=self._now(),
        )
        return _entry(_known(work.one("effect_by_key", key=key), key))

    def mark(self, key: str, state: EffectState, vendor_id: str | None = None, url: str | None = None) -> LedgerEntry:
        """Move an effect on: planned, sent, then confirmed, rejected or unknown; unknown may still be settled.

        ``sent`` is written before the request leaves, and only one worker can write it: the other gets
        Superseded and must not send. Raises NotFound for a key that was never reserved.
        """
        allowed = to_json([before.value for before in _MAY_FOLLOW[state]])
        with self._db.writing() as work:
            values = {"vendor_id": vendor_id, "url": url, "now": self._now()}
            moved = work.run("mark_effect", key=key, state=state.value, from_states=allowed, **values)
            entry = _entry(_known(work.one("effect_by_key", key=key), key))
        if not moved:
            raise Superseded(f"the effect {key} is already {entry.state}, so it cannot become {state}")
        return entry

    def effect(self, key: str) -> LedgerEntry:
        """One row of the ledger. Raises NotFound."""
        with self._db.reading() as work:
            return _entry(_known(work.one("effect_by_key", key=key), key))

    def effects(self, workspace_id: str, call_id: str) -> list[LedgerEntry]:
        """Every row of one call, oldest first."""
        with self._db.reading() as work:
            return [_entry(row) for row in work.all("effects_of_call", workspace_id=workspace_id, call_id=call_id)]

    def open_locks(
        self, workspace_id: str, lock: Lock, *, effect: str = "money", call_id: str = ""
    ) -> list[LockHolder]:
        """Other calls than ``call_id`` that hold ``lock`` for an effect of class ``effect``."""
        with self._db.reading() as work:
            return self._holders(work, workspace_id, lock, effect, call_id)

    def _holders(self, work: Work, workspace_id: str, lock: Lock, effect: str, call_id: str) -> list[LockHolder]:
        span = _LOCKED_FOR.get(effect)
        if span is None:
            return []
        system, operation_class, lock_object = lock
        values = {"workspace_id": workspace_id, "system": system, "class": operation_class, "object": lock_object}
        values |= {"call_id": call_id, "since": stamp(self._clock.now() - span)}
        found = [work.one("lock_by_effect", **values), work.one("lock_by_proposal", **values)]
        return [LockHolder(row["call_id"], row["case_id"], when(row["since"])) for row in found if row is not None]

    def pause(
        self, *, by: str, reason: str | None = None, workspace_id: str | None = None, tool: str | None = None
    ) -> None:
        """Stop all effects at once, or those of one workspace, one operation or one system."""
        with self._db.writing() as work:
            scope = {"workspace_id": workspace_id or "", "tool": tool or ""}
            work.run("put_pause", **scope, by=by, reason=reason, now=self._now())

    def resume(self, *, workspace_id: str | None = None, tool: str | None = None) -> bool:
        """Lift the pause of exactly this scope; False when there was none."""
        with self._db.writing() as work:
            return work.run("drop_pause", workspace_id=workspace_id or "", tool=tool or "") > 0

    def paused(self, workspace_id: str, tool: str) -> Pause | None:
        """The pause that stops ``tool`` in ``workspace_id``, if any."""
        with self._db.reading() as work:
            return _pause_for(work, workspace_id, tool)

    def pauses(self) -> list[Pause]:
        """Every pause in force, oldest first."""
        with self._db.reading() as work:
            return [_pause(row) for row in work.all("list_pauses")]


def _other_arguments() -> Refused:
    return Refused("ledger.fingerprint", "the same effect of this call was already started with other arguments")


def _identity(intent: Intent) -> dict[str, Any]:
    own = ("workspace_id", "call_id", "tool", "target")
    return {name: getattr(intent, name) for name in own}


def _latest(work: Work, intent: Intent) -> Row | None:
    """The last try of this effect; its key finds it also after a sweep masked its target."""
    own = _identity(intent)
    row = work.one("latest_effect", **own)
    if row is not None:
        return row
    first = work.one("effect_by_key", key=ledger_key(**own))
    return None if first is None else work.one("latest_effect", **{**own, "target": first["target"]})


def _known(row: Row | None, key: str) -> Row:
    if row is None:
        raise NotFound(f"no effect {key} is in this store's ledger")
    return row


def _pause_for(work: Work, workspace_id: str, tool: str) -> Pause | None:
    row = work.one("pause_for", workspace_id=workspace_id, tool=tool, system=tool.split(".", 1)[0])
    return None if row is None else _pause(row)


def _pause(row: Row) -> Pause:
    return Pause(row["workspace_id"] or None, row["tool"] or None, row["by"], row["reason"], when(row["at"]))


def _entry(row: Row) -> LedgerEntry:
    same = ("workspace_id", "call_id", "run_id", "tool", "target", "effect", "customer", "minor", "currency")
    intent = Intent(
        **{name: row[name] for name in same},
        arguments=json.loads(row["arguments"]),
        lock=(row["lock_system"], row["lock_class"], row["lock_object"]),
        automatic=bool(row["automatic"]),
    )
    return LedgerEntry(
        row["key"],
        intent,
        row["fingerprint"],
        row["attempt"],
        EffectState(row["state"]),
        row["vendor_id"],
        row["url"],
        when(row["created_at"]),
        when(row["updated_at"]),
    )
