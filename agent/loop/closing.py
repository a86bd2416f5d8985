"""How a run ends: its outcome, its review case, its hand-off and its output line (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from agent.call import Call, RedactedCall
from agent.capture import BillingCapture, Extracted, Scenario, Suppression
from agent.case import CaseState, Proposal, ReviewCase
from agent.loop import handoff, policy
from agent.loop.compose import picture
from agent.loop.desk import Desk
from agent.loop.suppression import suppression
from agent.models.seam import Tokens
from agent.run import (
    Handoff,
    Outcome,
    ProcessLine,
    Review,
    ReviewReason,
    SpokenTurn,
    ToolCall,
    ToolStatus,
    Usage,
)
from agent.settings import STAND_IN, Price
from agent.workspace import Workspace

_STATUS: dict[Outcome, handoff.Status] = {
    Outcome.COMPLETED: "done",
    Outcome.REVIEW: "waiting_for_review",
    Outcome.NO_ACTION: "no_action",
    Outcome.FAILED: "failed",
}
_WAITS = frozenset({ToolStatus.PROPOSED, ToolStatus.UNKNOWN})


def review_reasons(desk: Desk) -> tuple[ReviewReason, ...]:
    """Why a person must look, each once: the case's reasons, the run's, and those of what waits."""
    found = dict.fromkeys((*policy.case_reasons(desk.facts()), *desk.reasons))
    rules = {reason.rule for reason in found}
    waiting = (
        ReviewReason(rule=call.policy.rule, text=call.policy.reason)
        for call in desk.calls
        if call.kind == "action" and call.status in _WAITS and call.policy.rule not in rules
    )
    return tuple(dict.fromkeys((*found, *waiting)))


def outcome(desk: Desk, reasons: Iterable[ReviewReason]) -> Outcome:
    """How the run ended (design, section 4): review wins over everything that was decided."""
    if any(reasons):
        return Outcome.REVIEW
    extraction = desk.extraction
    if extraction.scenario.label is Scenario.NOT_BILLING or policy.nothing_to_do(extraction):
        return Outcome.NO_ACTION
    return Outcome.COMPLETED


def final_handoff(desk: Desk, ended: Outcome) -> Handoff:
    """The one hand-off of a call that was understood."""
    return handoff.build(picture(desk, _STATUS[ended]))


def review_case(
    desk: Desk, reasons: tuple[ReviewReason, ...], note: Handoff, case_id: str, now: datetime
) -> ReviewCase:
    """The case that a person decides: why it is there, what is proposed, whose it is, until when."""
    return ReviewCase(
        case_id=case_id,
        run_id=desk.run_id,
        call_id=desk.call.call_id,
        workspace_id=desk.call.workspace_id,
        state=CaseState.OPEN,
        reasons=reasons,
        proposals=proposals(desk.calls),
        owner=note.owner,
        urgency=note.urgency,
        summary=note.summary,
        opened_at=now,
        expires_at=now + timedelta(hours=desk.workspace.review_expiry_hours),
    )


def proposals(calls: Iterable[ToolCall]) -> tuple[Proposal, ...]:
    """The held actions among ``calls``, each with its place in the list."""
    return tuple(
        Proposal(index=index, tool=call.tool, arguments=call.arguments, policy=call.policy)
        for index, call in enumerate(calls)
        if call.kind == "action" and call.status is ToolStatus.PROPOSED
    )


# -- lines ---------------------------------------------------------------------------------------------


def line(desk: Desk, ended: Outcome, review: Review | None, note: Handoff, usage: Usage) -> ProcessLine:
    """The output line of a run that reached a decision."""
    extraction = desk.extraction
    return _call_part(desk.call).model_copy(
        update={
            "run_id": desk.run_id,
            "sandbox": desk.tools.sandbox,
            "scenario": extraction.scenario.model_copy(update={"confidence": _shown(extraction.scenario.confidence)}),
            "capture": _shown_capture(extraction.capture),
            "document_kind": extraction.document_kind.value,
            "signals": extraction.signals,
            "suppression": suppression(desk.call, extraction, desk.calls, desk.operations),
            "tool_calls": tuple(desk.calls),
            "outcome": ended,
            "review": review,
            "handoff": note,
            "usage": usage,
        }
    )


def failed_line(
    call: RedactedCall,
    run_id: str | None,
    *,
    error: str,
    usage: Usage,
    workspace: Workspace,
    public_url: str,
    sandbox: bool,
) -> ProcessLine:
    """The line of a call on which no decision was reached; it may be processed again."""
    return _call_part(call).model_copy(
        update={
            "run_id": run_id,
            "sandbox": sandbox,
            "handoff": handoff.build_failed(call, workspace, run_id, public_url) if run_id else None,
            "usage": usage,
            "error": error,
        }
    )


def broken_off_line(desk: Desk, *, error: str, usage: Usage) -> ProcessLine:
    """The line of a call that was understood and whose follow-up then broke off, with all that was done."""
    note = final_handoff(desk, Outcome.FAILED)
    return line(desk, Outcome.FAILED, None, note, usage).model_copy(update={"error": error})


def unread_line(call: Call, *, model: str, error: str, workspace: Workspace, sandbox: bool) -> ProcessLine:
    """The line of a call that could not be redacted: nothing of its text is in it."""
    return ProcessLine(
        call_id=call.call_id,
        run_id=None,
        workspace_id=call.workspace_id,
        sandbox=sandbox,
        scenario=None,
        capture=BillingCapture(),
        suppression=Suppression(),
        redacted_turns=(),
        redactions=(),
        tool_calls=(),
        outcome=Outcome.FAILED,
        review=None,
        handoff=handoff.build_unread(call.call_id, workspace),
        usage=Usage(model=model),
        error=error,
    )


def _shown_capture(capture: BillingCapture) -> BillingCapture:
    """``capture`` with its confidences as the line shows them."""
    rounded: dict[str, Extracted[object]] = {}
    for name in type(capture).model_fields:
        own: Extracted[object] = getattr(capture, name)
        if own.confidence is not None:
            rounded[name] = own.model_copy(update={"confidence": _shown(own.confidence)})
    return capture.model_copy(update=rounded)


def _shown(confidence: float | None) -> float | None:
    """Four digits, never rounded up: what is under a threshold must not look as if it had reached it."""
    if confidence is None:
        return None
    return float(Decimal(str(confidence)).quantize(Decimal("0.0001"), rounding=ROUND_DOWN))


def usage_of(model: str, tokens: Tokens, price: Price | None = None) -> Usage:
    """Token counts as reported; the stand-in costs nothing, a model whose price is not known has None."""
    cost = None if price is None else round(price.cost(tokens.prompt, tokens.completion), 6)
    return Usage(
        model=model,
        requests=tokens.requests,
        prompt_tokens=tokens.prompt,
        completion_tokens=tokens.completion,
        cost_usd=0.0 if model == STAND_IN else cost,
        seconds=round(tokens.seconds, 3),
    )


def _call_part(call: RedactedCall) -> ProcessLine:
    return ProcessLine(
        call_id=call.call_id,
        run_id=None,
        workspace_id=call.workspace_id,
        sandbox=False,
        scenario=None,
        capture=BillingCapture(),
        suppression=suppression(call, None),
        redacted_turns=tuple(SpokenTurn(speaker=turn.speaker.value, text=turn.text) for turn in call.turns),
        redactions=call.redactions,
        tool_calls=(),
        outcome=Outcome.FAILED,
        review=None,
        handoff=None,
        usage=Usage(model=""),
    )
