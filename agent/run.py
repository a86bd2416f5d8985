"""What happened: the run, its append-only steps, and the output line other programs read.

``ProcessLine`` is the fixed contract of ``billing-agent process --json``; keys may be added and are
never renamed. Its JSON Schema is generated into docs/process.schema.json and checked in CI.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from agent.call import Call, Redaction
from agent.capture import BillingCapture, DocumentKind, HeardSignal, ScenarioReading, Suppression


class Outcome(StrEnum):
    """How a run ended: ``review`` while anything is proposed or unknown or the case needs a person,
    ``failed`` when no decision was reached, ``no_action`` when nothing was to be done."""

    COMPLETED = "completed"
    REVIEW = "review"
    NO_ACTION = "no_action"
    FAILED = "failed"


class ToolStatus(StrEnum):
    """What became of one tool call. ``proposed`` is held for review, dry-run or shadow mode."""

    EXECUTED = "executed"
    PROPOSED = "proposed"
    DENIED = "denied"
    FAILED = "failed"
    UNKNOWN = "unknown"
    REJECTED = "rejected"
    EXPIRED = "expired"


class Verdict(StrEnum):
    """What the policy says to one typed action."""

    ALLOW = "allow"
    REVIEW = "review"
    DENY = "deny"


Urgency = Literal["low", "normal", "high", "urgent"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PolicyDecision(_Frozen):
    """A verdict with the id of the rule that gave it and the reason in plain words.

    ``needs`` says what would have to be true for the action to be allowed.
    """

    verdict: Verdict
    rule: str
    reason: str
    needs: str | None = None


class ToolCall(_Frozen):
    """One lookup or action of the run, as decided and as it ended."""

    tool: str
    kind: Literal["lookup", "action"]
    status: ToolStatus
    arguments: dict[str, Any]
    policy: PolicyDecision
    vendor_id: str | None = None
    error: str | None = None


class ReviewReason(_Frozen):
    """Why a person must look: a rule id and a sentence a finance reviewer understands."""

    rule: str
    text: str


class Review(_Frozen):
    """The review case that a run opened."""

    reasons: tuple[ReviewReason, ...]
    case_id: str | None


class MatchedCaller(_Frozen):
    """The identity verdict: which record the caller is, and the facts for and against."""

    verdict: Literal["matched", "ambiguous", "mismatched", "third_party", "unknown"]
    system: str | None = None
    id: str | None = None
    name: str | None = None
    agreeing: tuple[str, ...] = ()
    contradicting: tuple[str, ...] = ()
    vip: bool = False


class AffectedRecord(_Frozen):
    """The charge, invoice, subscription or other object the call is about."""

    type: str
    id: str
    url: str | None = None


class Handoff(_Frozen):
    """The short operational hand-off every call ends with (S02, S03, S47); at most 600 characters of
    summary, and nothing in it that a broad-access system must not hold."""

    summary: str
    destination: str | None
    matched_caller: MatchedCaller
    affected_record: AffectedRecord | None
    reason: str
    owner: str | None
    status: str
    urgency: Urgency
    next_step: str
    deadline: str | None
    record_url: str | None
    links: dict[str, str | None]


class Usage(_Frozen):
    """What the model work of a run cost. ``cost_usd`` is None when the model's price is not known."""

    model: str
    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None
    seconds: float = 0.0


class SpokenTurn(_Frozen):
    """A redacted turn as the output line shows it."""

    speaker: str
    text: str


class ProcessLine(_Frozen):
    """One line of ``billing-agent process --json``: the fixed output contract.

    A failed call has ``outcome: failed`` and ``error``; its scenario label is None.
    """

    call_id: str
    run_id: str | None
    workspace_id: str
    repeated: bool = False
    sandbox: bool
    scenario: ScenarioReading | None
    capture: BillingCapture
    document_kind: DocumentKind | None = None
    signals: tuple[HeardSignal, ...] = ()
    suppression: Suppression
    redacted_turns: tuple[SpokenTurn, ...]
    redactions: tuple[Redaction, ...]
    tool_calls: tuple[ToolCall, ...]
    outcome: Outcome
    review: Review | None
    handoff: Handoff | None
    usage: Usage
    error: str | None = None


StepKind = Literal[
    "received",
    "redacted",
    "model",
    "extracted",
    "lookup",
    "matched",
    "policy",
    "action",
    "review",
    "handoff",
    "decision",
    "failed",
    "finished",
]


class Step(_Frozen):
    """One entry of the append-only run log; ``data`` holds redacted material only.

    ``attempt`` is the fence: a worker that lost its lease carries an older number.
    """

    seq: int
    attempt: int = 1
    kind: StepKind
    title: str
    at: AwareDatetime
    data: dict[str, Any] = Field(default_factory=dict)


class Run(_Frozen):
    """One processing of one call. ``world`` is the sandbox file it ran against, None when live."""

    run_id: str
    call_id: str
    workspace_id: str
    model: str
    world: str | None = None
    attempt: int = 1
    started_at: AwareDatetime
    finished_at: AwareDatetime | None = None
    steps: tuple[Step, ...] = ()
    line: ProcessLine | None = None


class Envelope(_Frozen):
    """All that is kept of a call that could not be redacted: nothing that was said, and that it failed.

    ``digest`` (SHA-256, hexadecimal) says whether the same call came again.
    """

    call_id: str
    workspace_id: str
    source: str
    received_at: AwareDatetime
    digest: str
    state: Literal["failed"] = "failed"


def envelope_of(call: Call, received_at: datetime) -> Envelope:
    """The envelope of ``call``. Its digest is over what was said, by whom and when."""
    said = [[turn.speaker, turn.text, turn.start, turn.end] for turn in call.turns]
    told = json.dumps([call.source, call.call_id, str(call.started_at), call.summary, said])
    return Envelope(
        call_id=call.call_id,
        workspace_id=call.workspace_id,
        source=call.source,
        received_at=received_at,
        digest=hashlib.sha256(told.encode()).hexdigest(),
    )
