"""Carrying out what a person approved: looked up afresh, decided again, done at most once.

The records may have changed since the case was opened, so every look-up of the run is made again before
the policy speaks. An approval turns a review into a yes; it does not make a changed record right.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import ValidationError

from agent.capture import Extraction
from agent.case import ReviewCase
from agent.errors import NeedsPerson
from agent.loop import closing
from agent.loop.actions import decide_and_do
from agent.loop.desk import Desk
from agent.loop.facts import Action
from agent.loop.holding import hold_again
from agent.loop.lookups import bad_arguments, look_up
from agent.run import Outcome, ProcessLine, ReviewReason, Run, ToolCall, ToolStatus
from agent.store import Store


def extraction_of(run: Run) -> Extraction:
    """What ``run`` understood, from its trace. Raises NeedsPerson when the trace does not say."""
    for step in reversed(run.steps):
        if step.kind == "extracted":
            return Extraction.model_validate(step.data["extraction"])
    raise NeedsPerson(f"run {run.run_id} has no extraction to act on; process the call again")


def approver_of(case: ReviewCase) -> str:
    """Who approved last. Raises NeedsPerson when nobody did."""
    for decision in reversed(case.decisions):
        if decision.verdict == "approve":
            return decision.by
    raise NeedsPerson(f"case {case.case_id} was not approved by anybody")


def carry_out_approved(desk: Desk, case: ReviewCase, line: ProcessLine, store: Store) -> ProcessLine:
    """The run's line after the approved proposals of ``case`` were carried out.

    What could not be done (the record changed, the system refused, the approval is too old) goes to a
    person again, in a new case.
    """
    desk.calls = list(line.tool_calls)
    _look_up_again(desk, line)
    desk.reasons.clear()
    approved = [p for p in case.proposals if p.state == "approved" and _waits(desk, p.index)]
    stale = [p.index for p in approved if _too_old(case, p.index, desk)]
    for proposal in approved:
        if proposal.index not in stale:
            _do(desk, proposal.index, proposal.tool, proposal.arguments)
    undone = [p.index for p in approved if desk.calls[p.index].status is not ToolStatus.EXECUTED]
    left = [i for i, c in enumerate(desk.calls) if c.status in (ToolStatus.PROPOSED, ToolStatus.UNKNOWN)]
    ended = Outcome.REVIEW if left or undone else Outcome.COMPLETED
    note = closing.final_handoff(desk, ended)
    review = line.review
    if undone:
        reasons = tuple(_why_stale(desk, i) if i in stale else _why_not(desk.calls[i]) for i in undone)
        review = hold_again(desk, reasons, note, undone, store)
    changed = {"tool_calls": tuple(desk.calls), "outcome": ended, "handoff": note, "review": review}
    return line.model_copy(update=changed)


def _too_old(case: ReviewCase, index: int, desk: Desk) -> bool:
    """Whether proposal ``index`` was approved longer ago than the workspace lets an approval count."""
    approved = [d.at for d in case.decisions if d.verdict == "approve" and d.index in (None, index)]
    most = timedelta(hours=desk.workspace.approval_max_age_hours)
    oldest: datetime | None = min(approved, default=None)
    return oldest is None or desk.clock.now() - oldest > most


def _why_stale(desk: Desk, index: int) -> ReviewReason:
    hours = desk.workspace.approval_max_age_hours
    text = f"{desk.calls[index].tool} was approved more than {hours} hours ago and not carried out since"
    return ReviewReason(rule="review.approval_too_old", text=text)


def _look_up_again(desk: Desk, line: ProcessLine) -> None:
    """Make the run's look-ups once more; they go into the trace and not into the list of tool calls."""
    kept = len(desk.calls)
    for call in line.tool_calls:
        if call.kind == "lookup" and call.tool in desk.operations and call.status is not ToolStatus.DENIED:
            look_up(desk, desk.operations[call.tool], call.arguments)
    del desk.calls[kept:]


def _waits(desk: Desk, index: int) -> bool:
    return index < len(desk.calls) and desk.calls[index].status is ToolStatus.PROPOSED


def _do(desk: Desk, index: int, tool: str, arguments: dict[str, object]) -> None:
    """Decide and do one proposal; its new state takes the place of the old one in the list."""
    operation = desk.operations[tool]
    try:
        action = Action(operation, operation.arguments.model_validate(arguments))
    except ValidationError as error:
        desk.deny(tool, "action", bad_arguments(error), dict(arguments))
    else:
        decide_and_do(desk, action)
    last = len(desk.calls) - 1
    desk.calls[index] = desk.calls.pop()
    if last in desk.urls:
        desk.urls[index] = desk.urls.pop(last)


def _why_not(call: ToolCall) -> ReviewReason:
    said = call.error or call.policy.reason
    return ReviewReason(rule="review.not_carried_out", text=f"approved, but {call.tool} was not carried out: {said}")
