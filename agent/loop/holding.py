"""Putting a run before a person: one open case a run, with what it holds across calls locked."""

from __future__ import annotations

from collections.abc import Iterable

from agent.case import CaseState, Decision, ReviewCase
from agent.errors import NotFound
from agent.loop.closing import review_case
from agent.loop.desk import Desk
from agent.loop.effects import lock_of
from agent.loop.facts import Action
from agent.run import Handoff, Review, ReviewReason, Run
from agent.store import Store
from tools.connector import Arguments


def hold(desk: Desk, reasons: tuple[ReviewReason, ...], note: Handoff, run: Run, store: Store) -> Review:
    """Open the case of ``run`` and give its reference for the output line.

    A case that an earlier attempt at the same run left open is closed first: its proposals may not be
    those of this attempt.
    """
    for attempt in range(1, run.attempt):
        _replace(store, case_id_of(run.run_id, attempt), desk)
    case = review_case(desk, reasons, note, case_id_of(run.run_id, run.attempt), desk.clock.now())
    return _opened(desk, store, case)


def _opened(desk: Desk, store: Store, case: ReviewCase) -> Review:
    store.open_case(case, locks=locks_of(desk, case))
    desk.record("review", f"case {case.case_id} opened", case.model_dump(mode="json", include={"case_id", "reasons"}))
    return Review(reasons=case.reasons, case_id=case.case_id)


def hold_again(
    desk: Desk, reasons: tuple[ReviewReason, ...], note: Handoff, indexes: Iterable[int], store: Store
) -> Review:
    """A new case for approved actions that could not be carried out; those still possible are proposed again."""
    chosen = set(indexes)
    case = review_case(desk, reasons, note, desk.clock.new_id("case"), desk.clock.now())
    case = case.model_copy(update={"proposals": tuple(p for p in case.proposals if p.index in chosen)})
    return _opened(desk, store, case)


def case_id_of(run_id: str, attempt: int) -> str:
    """The id of the case that this attempt at the run opens."""
    name = f"case_{run_id.removeprefix('run_')}"
    return name if attempt == 1 else f"{name}-{attempt}"


def locks_of(desk: Desk, case: ReviewCase) -> list[tuple[str, str, str]]:
    """What the case's proposals would touch: while it is open no other call may touch it by itself."""
    locks = []
    for proposal in case.proposals:
        operation = desk.operations[proposal.tool]
        arguments: Arguments = operation.arguments.model_validate(proposal.arguments)
        locks.append(lock_of(Action(operation, arguments), desk.call.call_id))
    return locks


def _replace(store: Store, case_id: str, desk: Desk) -> None:
    try:
        old = store.case(case_id)
    except NotFound:
        return
    if old.state is CaseState.OPEN:
        reason = "replaced: the call was processed again"
        decision = Decision(by="billing-agent", at=desk.clock.now(), verdict="expire", reason=reason)
        store.decide(case_id, decision, CaseState.EXPIRED)
