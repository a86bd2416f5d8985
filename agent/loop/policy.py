"""The policy: a typed action and verified facts in, a verdict with its rule out (pure; deny by default).

No text a model wrote and nothing a caller said can talk around it: rules read records that lookups of
this run showed, grounded fields, and the workspace file. The same functions decide when an action is
proposed, when a reviewer edited it, and once more when it is about to be carried out.
"""

from __future__ import annotations

from agent.capture import Scenario
from agent.loop.facts import Action, Facts
from agent.loop.rules.alerts import TOPICS, alerts_due, urgency
from agent.loop.rules.case import case_reasons, collections_sensitive
from agent.loop.rules.documents import DOCUMENT_RULES
from agent.loop.rules.lookups import lookup_gate, lookup_ruling, unfinished_lookups
from agent.loop.rules.money import MONEY_RULES, Judge
from agent.loop.rules.notes import NOTE_RULES
from agent.loop.rules.records import RECORD_RULES
from agent.loop.rules.ruling import Ruling, deny, held, review
from agent.loop.rules.said import LIVE_CALL_AGE, nothing_to_do
from agent.loop.rules.twice import duplicates
from agent.run import PolicyDecision, Verdict
from tools.connector import Arguments, Effect, Operation

__all__ = [
    "RULES",
    "TOPICS",
    "alerts_due",
    "case_reasons",
    "collections_sensitive",
    "decide",
    "duplicates",
    "lookup_decision",
    "nothing_to_do",
    "unfinished_lookups",
    "urgency",
]

RULES: dict[str, Judge] = {**NOTE_RULES, **DOCUMENT_RULES, **MONEY_RULES, **RECORD_RULES}
"""Every action that is not denied out of hand, with the rule that judges it."""

INTERNAL = frozenset({Effect.NOTE, Effect.TICKET, Effect.ALERT, Effect.ROW})
"""Effects that may run in a review case: what our own people read."""


def lookup_decision(operation: Operation, arguments: Arguments, facts: Facts) -> PolicyDecision:
    """Whether a lookup may be asked: each value stands in the call, its record or an earlier answer."""
    if not operation.is_lookup:
        return deny("policy.not_a_lookup", f"{operation.name} is an action, not a lookup").decision
    return _tightened(operation.name, lookup_ruling(operation, arguments, facts), facts).decision


def decide(action: Action, facts: Facts) -> PolicyDecision:
    """The verdict over ``action``: the strictest of its own rule, the call, the case and the workspace.

    With ``facts.approved_by`` set, a review that a person may grant becomes an allow; a denial, and a
    review that rests on a fact of the record, stay what they are.
    """
    operation = action.operation
    if operation.is_lookup:
        return lookup_decision(operation, action.arguments, facts)
    ruling = _barred(operation, facts) or _judged(action, facts)
    ruling = _tightened(operation.name, ruling, facts)
    return _approved(ruling, facts).decision


def _barred(operation: Operation, facts: Facts) -> Ruling | None:
    """What keeps every action out, whatever its own rule would say."""
    if facts.extraction.scenario.label is Scenario.NOT_BILLING:
        return deny("S01.not_billing", "the call is not about billing, so nothing is done")
    if operation.name not in RULES:
        return deny("policy.default_deny", f"no rule allows {operation.name}", "a rule for it in the policy table")
    if nothing_to_do(facts.extraction) and facts.approved_by is None and not _for_a_case(operation, facts):
        return deny("S02.nothing_to_do", "the caller took the request back, or it was answered on the call")
    return lookup_gate(facts)


def _for_a_case(operation: Operation, facts: Facts) -> bool:
    return operation.effect in INTERNAL and bool(case_reasons(facts))


def _judged(action: Action, facts: Facts) -> Ruling:
    """The action's own rule, then what the call, the case and the place add to an allow."""
    own = RULES[action.operation.name](action.arguments, facts)
    if own.verdict is not Verdict.ALLOW:
        return own
    return _place(facts) or _case(action.operation, facts) or own


def _place(facts: Facts) -> Ruling | None:
    """Where and when: nothing automatic on live systems in shadow mode, by the stand-in, or for old calls."""
    spoken = facts.call.spoken_at
    if not facts.sandbox and facts.workspace.mode == "shadow":
        return held(
            "S49.shadow", "this workspace is in shadow mode", "a workspace file that says live after a green check"
        )
    if not facts.sandbox and facts.stand_in:
        return review("policy.stand_in", "the offline stand-in may act on a sandbox only", "a person, or a real model")
    if spoken is None:
        return review("policy.no_times", "the call has no times, so no rule about its age can be kept", "a person")
    if not facts.sandbox and facts.now - spoken > LIVE_CALL_AGE:
        return review("policy.old_call", "the call is older than seven days", "a person")
    return None


def _case(operation: Operation, facts: Facts) -> Ruling | None:
    """In a review case only what our own people read is done; everything else waits for the person."""
    if operation.effect in INTERNAL:
        return None
    reasons = case_reasons(facts)
    if not reasons:
        return None
    first = reasons[0]
    return review(first.rule, f"the case waits for a person: {first.text}", "a decision on the case")


def _tightened(tool: str, ruling: Ruling, facts: Facts) -> Ruling:
    verdict = facts.workspace.tightened(tool, ruling.verdict)
    if verdict is ruling.verdict:
        return ruling
    said = f"this workspace sets {tool} to {verdict.value}"
    return (
        deny("workspace.policy", said) if verdict is Verdict.DENY else review("workspace.policy", said, "an approval")
    )


def _approved(ruling: Ruling, facts: Facts) -> Ruling:
    if facts.approved_by is None or ruling.verdict is not Verdict.REVIEW or not ruling.grantable:
        return ruling
    return Ruling(Verdict.ALLOW, ruling.rule, f"approved by {facts.approved_by}: {ruling.reason}")
