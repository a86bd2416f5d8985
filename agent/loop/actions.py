"""Actions: noted when the model proposes them, decided again and carried out when the look-ups are over.

The policy speaks twice. When an action is proposed its answer tells the model what is missing; before it
is carried out the answer counts, because by then everything that was looked up is on the table.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from agent.loop import policy
from agent.loop.compose import compose
from agent.loop.desk import Desk, Reply, Wanted
from agent.loop.effects import HOUSE_TEXTS, carry_out, found_done, settle, target_of
from agent.loop.egress import refused
from agent.loop.facts import Action
from agent.loop.lookups import bad_arguments, spoken_for
from agent.run import PolicyDecision, ToolCall, ToolStatus, Verdict
from tools.connector import Operation

_ALREADY = PolicyDecision(
    verdict=Verdict.DENY, rule="call.already_done", reason="already done or noted in this run; one is enough"
)


def propose(desk: Desk, operation: Operation, raw: dict[str, Any]) -> Reply:
    """Note an action that the model wants, or say why not. Nothing is carried out here."""
    made = typed(desk, operation, raw)
    if isinstance(made, PolicyDecision):
        return desk.deny(operation.name, "action", made, raw)
    plain = spoken_for(made.arguments)
    if _known(desk, made):
        return desk.deny(operation.name, "action", _ALREADY, plain)
    if found_done(desk, made) is not None:
        desk.targets[len(desk.calls) - 1] = target_of(made)
        return Reply("done")
    decision = _decided(desk, made)
    if decision.verdict is Verdict.DENY:
        return desk.deny(operation.name, "action", decision, plain)
    desk.wanted.append(Wanted(operation, raw, target_of(made)))
    if decision.verdict is Verdict.REVIEW:
        return Reply("held", reason="noted; a person decides")
    return Reply("held", reason="noted; carried out when the look-ups are over")


def typed(desk: Desk, operation: Operation, raw: dict[str, Any]) -> Action | PolicyDecision:
    """``raw`` with the house's own fields filled in, validated and free of identifiers; or why not."""
    given = {name: value for name, value in raw.items() if name not in operation.house_fields}
    filled = compose(desk, operation, given)
    if isinstance(filled, PolicyDecision):
        return filled
    try:
        action = Action(operation, operation.arguments.model_validate(_by_id(desk, operation, filled)))
    except ValidationError as error:
        return bad_arguments(error)
    return refused(desk, operation, spoken_for(action.arguments)) or action


_NAMED_BY: dict[str, tuple[str, str]] = {
    "stripe.create_refund": ("charge", "charge"),
    "stripe.send_invoice": ("invoice", "invoice"),
    "quickbooks.send_invoice": ("invoice_id", "invoice"),
}


def _by_id(desk: Desk, operation: Operation, given: dict[str, Any]) -> dict[str, Any]:
    """``given`` with its record under the record's own id: one object has one key in the ledger, whatever
    else it may be called (a charge by its payment intent, an invoice by its number)."""
    field, kind = _NAMED_BY.get(operation.name, ("", ""))
    record = desk.facts().document(operation.system, str(given[field]), kind) if given.get(field) else None
    return given if record is None else {**given, field: record.id}


def carry_out_wanted(desk: Desk, *, texts: bool) -> None:
    """Decide and carry out what was noted: documents, money and records first, the house's texts after
    them (``texts``), so that a note tells what became of the rest."""
    mine = [one for one in desk.wanted if (one.operation.effect in HOUSE_TEXTS) is texts]
    desk.wanted = [one for one in desk.wanted if one not in mine]
    for one in mine:
        act(desk, one.operation, one.raw)


def act(desk: Desk, operation: Operation, raw: dict[str, Any]) -> ToolCall | None:
    """Compose, decide and, where the policy allows it, carry out one action of this run now.

    None when the same action is on the run's list already.
    """
    made = typed(desk, operation, raw)
    if isinstance(made, PolicyDecision):
        desk.deny(operation.name, "action", made, raw)
        return desk.calls[-1]
    if any(c.tool == operation.name and t == target_of(made) for c, t in _acted(desk)):
        return None
    call = decide_and_do(desk, made)
    if call.status is not ToolStatus.DENIED:
        desk.targets[len(desk.calls) - 1] = target_of(made)
    return call


def decide_and_do(desk: Desk, action: Action) -> ToolCall:
    """What the ledger or the policy says about ``action`` now, carried out where that is yes."""
    found = found_done(desk, action)
    if found is not None:
        return found
    decision = _decided(desk, action)
    if decision.verdict is Verdict.DENY:
        return settle(desk, action, decision, ToolStatus.DENIED)
    if decision.verdict is Verdict.REVIEW:
        return settle(desk, action, decision, ToolStatus.PROPOSED)
    return carry_out(desk, action, decision)


def _decided(desk: Desk, action: Action) -> PolicyDecision:
    decision = policy.decide(action, desk.facts())
    desk.record("policy", f"{action.operation.name}: {decision.verdict}", decision.model_dump(mode="json"))
    return decision


def _known(desk: Desk, action: Action) -> bool:
    target = target_of(action)
    noted = any(one.operation.name == action.operation.name and one.target == target for one in desk.wanted)
    return noted or any(c.tool == action.operation.name and t == target for c, t in _acted(desk))


def _acted(desk: Desk) -> list[tuple[ToolCall, str]]:
    return [(desk.calls[index], target) for index, target in desk.targets.items()]
