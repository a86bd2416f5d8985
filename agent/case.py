"""A review case: why a person must look, what is proposed, and what was decided."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict

from agent.run import PolicyDecision, ReviewReason, Urgency


class CaseState(StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Proposal(_Frozen):
    """One held action; ``index`` is its place in the run's ``tool_calls``."""

    index: int
    tool: str
    arguments: dict[str, Any]
    policy: PolicyDecision
    state: str = "proposed"


class Decision(_Frozen):
    """Who decided what, when and why. ``edited`` holds the arguments as the reviewer changed them."""

    by: str
    at: AwareDatetime
    verdict: str
    reason: str | None = None
    index: int | None = None
    edited: dict[str, Any] | None = None


class ReviewCase(_Frozen):
    """One call that waits for a person."""

    case_id: str
    run_id: str
    call_id: str
    workspace_id: str
    state: CaseState
    reasons: tuple[ReviewReason, ...]
    proposals: tuple[Proposal, ...]
    decisions: tuple[Decision, ...] = ()
    owner: str | None
    urgency: Urgency
    summary: str
    opened_at: AwareDatetime
    expires_at: AwareDatetime
