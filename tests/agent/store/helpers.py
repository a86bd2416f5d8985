"""Small made-up material for the store's tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from agent.call import RedactedCall, RedactedTurn, Speaker
from agent.capture import BillingCapture, Scenario, ScenarioReading, Suppression
from agent.case import CaseState, Proposal, ReviewCase
from agent.ledger import CapRules, Intent
from agent.run import Outcome, PolicyDecision, ProcessLine, ReviewReason, Usage, Verdict

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CAPS = CapRules(customer_count=1, customer_day=5000, workspace_day=100_000)
NO_CAPS = CapRules()


def redacted_call(call_id: str = "call_a", workspace_id: str = "ws_fern") -> RedactedCall:
    turn = RedactedTurn(speaker=Speaker.CALLER, text="please refund the sign-up fee")
    return RedactedCall(call_id=call_id, workspace_id=workspace_id, started_at=AT, turns=(turn,))


def line(call_id: str = "call_a", outcome: Outcome = Outcome.COMPLETED, **changes: Any) -> ProcessLine:
    values: dict[str, Any] = {
        "call_id": call_id,
        "run_id": "run_1",
        "workspace_id": "ws_fern",
        "sandbox": True,
        "scenario": ScenarioReading(label=Scenario.REFUND_REQUEST, confidence=0.93),
        "capture": BillingCapture(),
        "suppression": Suppression(),
        "redacted_turns": (),
        "redactions": (),
        "tool_calls": (),
        "outcome": outcome,
        "review": None,
        "handoff": None,
        "usage": Usage(model="stand-in"),
    }
    return ProcessLine(**{**values, **changes})


def intent(call_id: str = "call_a", **changes: Any) -> Intent:
    values: dict[str, Any] = {
        "workspace_id": "ws_fern",
        "call_id": call_id,
        "run_id": f"run_of_{call_id}",
        "tool": "stripe.create_refund",
        "target": "ch_fern_1",
        "arguments": {"charge": "ch_fern_1", "amount": "20.00", "currency": "EUR"},
        "lock": ("stripe", "money", "ch_fern_1"),
        "effect": "money",
        "customer": "cus_fern",
        "minor": 2000,
        "currency": "EUR",
    }
    return Intent(**{**values, **changes})


def policy(rule: str = "money.exception") -> PolicyDecision:
    return PolicyDecision(verdict=Verdict.REVIEW, rule=rule, reason="a person decides")


def proposal(index: int = 0, charge: str = "ch_fern_1") -> Proposal:
    return Proposal(index=index, tool="stripe.create_refund", arguments={"charge": charge}, policy=policy())


def case(case_id: str = "case_1", call_id: str = "call_a", **changes: Any) -> ReviewCase:
    values: dict[str, Any] = {
        "case_id": case_id,
        "run_id": f"run_of_{call_id}",
        "call_id": call_id,
        "workspace_id": "ws_fern",
        "state": CaseState.OPEN,
        "reasons": (ReviewReason(rule="money.exception", text="the amount is over the limit"),),
        "proposals": (proposal(),),
        "owner": "finance",
        "urgency": "normal",
        "summary": "A refund of 20.00 EUR is asked for.",
        "opened_at": AT,
        "expires_at": AT + timedelta(hours=72),
    }
    return ReviewCase(**{**values, **changes})
