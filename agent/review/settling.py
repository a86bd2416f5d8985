"""What a rejected or expired case makes of its run's output line: pure, so that it can be read and tested."""

from __future__ import annotations

from typing import Any

from agent.case import CaseState, ReviewCase
from agent.run import Outcome, ProcessLine, Review, ReviewReason, ToolStatus

FOLLOW_UP = ReviewReason(
    rule="review.expired",
    text="Nobody decided this case in time, so nothing was done: contact the customer and open the request anew.",
)
_STATUS = {CaseState.REJECTED: ToolStatus.REJECTED, CaseState.EXPIRED: ToolStatus.EXPIRED}


def settled(line: ProcessLine, before: ReviewCase, decided: ReviewCase) -> ProcessLine:
    """``line`` after ``decided`` closed its case without acting.

    What was proposed is rejected or expired. A rejection is a decision, so the outcome is completed,
    unless some effect is still unknown; an expired case was never decided, so it still needs a person, and
    the first reason says what for.
    """
    status = _STATUS[decided.state]
    held = {proposal.index for proposal in before.proposals if proposal.state == "proposed"}
    calls = tuple(
        call.model_copy(update={"status": status}) if index in held and call.status is ToolStatus.PROPOSED else call
        for index, call in enumerate(line.tool_calls)
    )
    unsure = any(call.status is ToolStatus.UNKNOWN for call in calls)
    done = decided.state is CaseState.REJECTED and not unsure
    change: dict[str, Any] = {"tool_calls": calls, "outcome": Outcome.COMPLETED if done else Outcome.REVIEW}
    if decided.state is CaseState.EXPIRED and (line.review is None or line.review.case_id in (None, decided.case_id)):
        kept = line.review.reasons if line.review else decided.reasons
        change["review"] = Review(reasons=(FOLLOW_UP, *kept), case_id=decided.case_id)
    if line.handoff is not None:
        change["handoff"] = line.handoff.model_copy(update=_told(decided))
    return line.model_copy(update=change)


def _told(decided: ReviewCase) -> dict[str, str]:
    last = decided.decisions[-1]
    if decided.state is CaseState.REJECTED:
        return {"status": "rejected", "next_step": f"Tell the customer that the request was declined by {last.by}."}
    return {"status": "expired", "next_step": "Nobody decided in time: contact the customer and open the request anew."}
