"""The review queue: what a person may decide about a case, and what the decision does.

Who decided, when and why is kept with the case and as a step of the run. A case can be decided once;
an approval hands the case to ``resume``, which checks the rules again and acts through the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from agent.case import CaseState, Decision, Proposal, ReviewCase
from agent.clock import Clock
from agent.errors import BadInput, NeedsPerson
from agent.loop.egress import held_back, worded
from agent.redaction import Redactor
from agent.review.settling import settled
from agent.run import ProcessLine, ToolStatus
from agent.store import Store

Resume = Callable[[ReviewCase], ProcessLine]
"""Carries out the approved proposals of a case and gives the run's new output line."""

CheckArguments = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""Arguments of a tool as they would be sent; raises BadInput that names the argument."""


def waiting(store: Store, clock: Clock, workspace_id: str | None = None) -> list[ReviewCase]:
    """Open cases that can still be decided: urgent ones first, then the one that expires next."""
    order = {"urgent": 0, "high": 1, "normal": 2, "low": 3}
    now = clock.now()
    found = [case for case in store.cases(CaseState.OPEN, workspace_id) if case.expires_at > now]
    return sorted(found, key=lambda case: (order[case.urgency], case.expires_at))


def approve(
    store: Store,
    case_id: str,
    *,
    by: str,
    clock: Clock,
    resume: Resume,
    reason: str | None = None,
    index: int | None = None,
) -> ProcessLine:
    """Approve the case, or with ``index`` one of its proposals, and carry it out.

    The decision is written before anything is sent. Raises NotFound, NeedsPerson for a case that is
    decided or expired already, BadInput for an index that is not proposed.
    """
    case = _open(store, case_id, clock)
    chosen = _chosen(case, index)
    others = [p for p in case.proposals if p.state == "proposed" and p not in chosen]
    decision = Decision(by=_name(by), at=clock.now(), verdict="approve", reason=_text(reason), index=index)
    decided = store.decide(case_id, decision, CaseState.OPEN if others else CaseState.APPROVED)
    _note(store, decided, decision)
    return resume(decided)


def carry_on(store: Store, case_id: str, *, resume: Resume) -> ProcessLine:
    """Carry out an approval whose command was interrupted; what was done already is not done again.

    Raises NeedsPerson when there is no such approval.
    """
    case = store.case(case_id)
    line = store.run(case.run_id).line
    approved = {p.index for p in case.proposals if p.state == "approved"}
    current = line is not None and line.review is not None and line.review.case_id == case_id
    if line is None or not current or all(line.tool_calls[i].status is not ToolStatus.PROPOSED for i in approved):
        raise NeedsPerson(f"case {case_id} has no approved action that is still to be carried out")
    return resume(case)


def edit(
    store: Store,
    case_id: str,
    *,
    by: str,
    clock: Clock,
    changes: Mapping[str, Any],
    check: CheckArguments,
    index: int | None = None,
    reason: str | None = None,
) -> ReviewCase:
    """Change arguments of one proposal; it stays proposed until it is approved.

    ``index`` may be left out when the case has one proposal. Raises BadInput for arguments the tool does
    not take, NotFound, and NeedsPerson for a decided or expired case.
    """
    case = _open(store, case_id, clock)
    chosen = _chosen(case, index)
    if len(chosen) != 1:
        raise BadInput(f"case {case_id} has {len(chosen)} proposals; name one with --index")
    if not changes:
        raise BadInput("an edit changes at least one argument")
    proposal = chosen[0]
    edited = dict(check(proposal.tool, {**proposal.arguments, **changes}))
    found = held_back(edited, redactor())
    if found:
        raise BadInput(f"{worded(found)}; card, bank and tax numbers are never sent")
    decision = Decision(
        by=_name(by), at=clock.now(), verdict="edit", reason=_text(reason), index=proposal.index, edited=edited
    )
    decided = store.decide(case_id, decision, CaseState.OPEN)
    _note(store, decided, decision)
    return decided


def reject(store: Store, case_id: str, *, by: str, clock: Clock, reason: str) -> ProcessLine | None:
    """Reject the whole case: nothing that is still proposed will be done. A reason is needed.

    Gives the run's new output line, None for a run that has none. Raises BadInput, NotFound, NeedsPerson.
    """
    if not _text(reason):
        raise BadInput("a rejection needs a reason")
    case = _open(store, case_id, clock)
    decision = Decision(by=_name(by), at=clock.now(), verdict="reject", reason=_text(reason))
    decided = store.decide(case_id, decision, CaseState.REJECTED)
    _note(store, decided, decision)
    return _settle(store, case, decided)


def expire(store: Store, clock: Clock) -> list[ReviewCase]:
    """Close every open case past its limit: nothing is done, and its hand-off asks for a follow-up."""
    closed = []
    for case in store.cases(CaseState.OPEN):
        if case.expires_at > clock.now():
            continue
        decision = Decision(by="clock", at=clock.now(), verdict="expire", reason="nobody decided in time")
        try:
            decided = store.decide(case.case_id, decision, CaseState.EXPIRED)
        except NeedsPerson:  # someone else closed it a moment ago
            continue
        _note(store, decided, decision)
        _settle(store, case, decided)
        closed.append(decided)
    return closed


def _open(store: Store, case_id: str, clock: Clock) -> ReviewCase:
    case = store.case(case_id)
    if case.state is CaseState.EXPIRED or (case.state is CaseState.OPEN and case.expires_at <= clock.now()):
        raise NeedsPerson(f"case {case_id} expired at {case.expires_at:%Y-%m-%d %H:%M} UTC; contact the customer anew")
    if case.state is not CaseState.OPEN:
        last = case.decisions[-1] if case.decisions else None
        told = f" by {last.by} at {last.at:%Y-%m-%d %H:%M} UTC" if last else ""
        raise NeedsPerson(f"case {case_id} is already {case.state}{told}; it can be decided only once")
    return case


def _chosen(case: ReviewCase, index: int | None) -> Sequence[Proposal]:
    proposed = [proposal for proposal in case.proposals if proposal.state == "proposed"]
    if index is None:
        return proposed
    named = [proposal for proposal in proposed if proposal.index == index]
    if not named:
        known = ", ".join(str(proposal.index) for proposal in proposed) or "none"
        raise BadInput(f"case {case.case_id} has no proposal {index}; proposed are: {known}")
    return named


def _settle(store: Store, before: ReviewCase, decided: ReviewCase) -> ProcessLine | None:
    line = store.run(before.run_id).line
    if line is None:
        return None
    changed = settled(line, before, decided)
    store.replace_line(before.run_id, changed)
    return changed


def _note(store: Store, case: ReviewCase, decision: Decision) -> None:
    run = store.run(case.run_id)
    data = {"case_id": case.case_id, "state": case.state.value, **decision.model_dump(mode="json")}
    store.append(run.run_id, run.attempt, "decision", f"{decision.verdict} by {decision.by}", data)


def _name(by: str) -> str:
    if not by.strip():
        raise BadInput("a decision needs the name of the person who takes it")
    return redactor().redact_text(by.strip())


def _text(reason: str | None) -> str | None:
    """What a person wrote, without any identifier they copied from the call."""
    told = (reason or "").strip()
    return redactor().redact_text(told) if told else None


@cache
def redactor() -> Redactor:
    """One for the room: Presidio is loaded at the first text that holds a number."""
    return Redactor()
