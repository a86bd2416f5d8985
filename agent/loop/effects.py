"""Carrying an allowed action out at most once: reserve, write down, send, settle (design, Effects; S46).

The ledger row is written before the request leaves and marked when the answer is known. An answer that
never came is looked up where the vendor can be asked; where it cannot, a person looks. Nothing is
ever sent a second time unless the system showed that it is not there and knows our key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from agent.ledger import (
    AlreadyDone,
    CapRules,
    EffectState,
    InDoubt,
    Intent,
    LedgerEntry,
    Refused,
    Reserved,
    fingerprint,
)
from agent.loop.desk import Desk
from agent.loop.egress import refused
from agent.loop.facts import Action, Facts
from agent.loop.lookups import spoken_for
from agent.run import PolicyDecision, ToolCall, ToolStatus, Verdict
from tools.connector import Answer, Effect, Lost, ToolError
from tools.money import Money

HOUSE_TEXTS = frozenset({Effect.NOTE, Effect.TICKET, Effect.ALERT, Effect.ROW})
"""Effects whose words are the house's own: a rerun may word them anew, so the words are no part of their identity."""

_SAME_KEY_FOR = timedelta(hours=1)
"""How long a vendor surely still knows our key: half of the shortest window known (Zendesk, 2 hours)."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """How sending ended."""

    status: ToolStatus
    answer: Answer | None = None
    error: str | None = None


def target_of(action: Action) -> str:
    """The ledger target of ``action``; an operation that names none has one per call."""
    own = action.operation.target
    return own(action.arguments) if own is not None else "call"


def lock_of(action: Action, call_id: str) -> tuple[str, str, str]:
    """What ``action`` holds across calls: (system, class, object). House texts hold their own call only."""
    effect = action.operation.effect
    target = target_of(action)
    return (action.operation.system, effect.value, f"{call_id}:{target}" if effect in HOUSE_TEXTS else target)


def ledger_arguments(action: Action) -> dict[str, Any]:
    """What the ledger knows the action by: for house texts everything but the words."""
    plain = spoken_for(action.arguments)
    if action.operation.effect not in HOUSE_TEXTS:
        return plain
    return {name: value for name, value in plain.items() if name not in action.operation.house_fields}


def started_before(desk: Desk, action: Action) -> LedgerEntry | None:
    """The ledger row of exactly this effect of this call that an earlier worker sent, or None."""
    target, marks = target_of(action), fingerprint(ledger_arguments(action))
    for entry in desk.ledger.effects(desk.call.workspace_id, desk.call.call_id):
        same = (entry.intent.tool, entry.intent.target, entry.fingerprint) == (action.operation.name, target, marks)
        if same and entry.state in (EffectState.CONFIRMED, EffectState.SENT, EffectState.UNKNOWN):
            return entry
    return None


def found_done(desk: Desk, action: Action) -> ToolCall | None:
    """The action as already done, when the ledger or the vendor knows it so; nothing is sent.

    This comes before the policy: what a killed worker did changes the very records the policy reads.
    """
    entry = started_before(desk, action)
    if entry is None:
        return None
    if entry.state is not EffectState.CONFIRMED:
        found = desk.tools.find_again(action.operation.name, action.arguments, entry.key)
        if not isinstance(found, Answer):
            return None
        if entry.state is EffectState.SENT:
            desk.ledger.mark(entry.key, EffectState.UNKNOWN)
        entry = desk.ledger.mark(entry.key, EffectState.CONFIRMED, found.vendor_id, found.url)
    return already_done(desk, action, entry)


def carry_out(desk: Desk, action: Action, decision: PolicyDecision) -> ToolCall:
    """Do ``action``, which the policy allowed (or a person approved), and record how it ended."""
    refusal = refused(desk, action.operation, spoken_for(action.arguments))
    if refusal is not None:
        return settle(desk, action, refusal, ToolStatus.DENIED)
    if desk.shadow:
        why = PolicyDecision(
            verdict=Verdict.REVIEW,
            rule="mode.shadow",
            reason=f"{decision.reason}; not carried out because {'this is a dry run' if desk.dry_run else 'the workspace is in shadow mode'}",
        )
        return settle(desk, action, why, ToolStatus.PROPOSED)
    return _reserved(desk, action, decision)


def _reserved(desk: Desk, action: Action, decision: PolicyDecision) -> ToolCall:
    intent = _intent(desk, action)
    caps = CapRules.of(desk.workspace, intent.currency) if intent.currency else CapRules()
    reservation = desk.ledger.reserve(intent, caps)
    if isinstance(reservation, Refused):
        desk.need_person(reservation.rule, f"{action.operation.name}: {reservation.reason}")
        held = PolicyDecision(verdict=Verdict.REVIEW, rule=reservation.rule, reason=reservation.reason)
        return settle(desk, action, held, ToolStatus.PROPOSED)
    if isinstance(reservation, AlreadyDone):
        return already_done(desk, action, reservation.entry)
    if isinstance(reservation, Reserved):
        desk.ledger.mark(reservation.entry.key, EffectState.SENT)
        sent = _send(desk, action, reservation.entry)
    else:
        sent = _look_again(desk, action, reservation)
    if sent.status is ToolStatus.UNKNOWN:
        desk.need_person(
            "effect.unknown",
            f"It is not known whether {action.operation.name} was carried out: check there before doing it again.",
        )
    elif sent.status is ToolStatus.FAILED:
        desk.need_person(
            "effect.failed",
            f"{action.operation.name} was refused or could not be reached: {sent.error or 'no reason given'}.",
        )
    return settle(desk, action, decision, sent.status, sent.answer, sent.error)


def already_done(desk: Desk, action: Action, entry: LedgerEntry) -> ToolCall:
    """Record an effect that the ledger knows as confirmed; nothing is sent."""
    why = PolicyDecision(verdict=Verdict.ALLOW, rule="ledger.already_done", reason="done once for this call already")
    answer = Answer(vendor_id=entry.vendor_id, url=entry.url)
    return settle(desk, action, why, ToolStatus.EXECUTED, answer)


def settle(
    desk: Desk,
    action: Action,
    decision: PolicyDecision,
    status: ToolStatus,
    answer: Answer | None = None,
    error: str | None = None,
) -> ToolCall:
    """Put the action on the run's list as it ended; what was sent to a customer is logged in full (S66)."""
    call = ToolCall(
        tool=action.operation.name,
        kind="action",
        status=status,
        arguments=spoken_for(action.arguments),
        policy=decision,
        vendor_id=answer.vendor_id if answer else None,
        error=error,
    )
    kept = desk.keep(call, answer.url if answer else None)
    if action.operation.effect is Effect.DOCUMENT and status is ToolStatus.EXECUTED:
        desk.record("action", f"{action.operation.name}: sent", _sending(desk, action, answer))
    return kept


# -- sending -------------------------------------------------------------------------------------------


def _send(desk: Desk, action: Action, entry: LedgerEntry, *, again: bool = False) -> _Sent:
    """Send once under the row's key and mark the row with what came back."""
    name, key = action.operation.name, entry.key
    try:
        answer = desk.tools.run(name, action.arguments, key)
    except Lost:
        desk.ledger.mark(key, EffectState.UNKNOWN)
        return _Sent(ToolStatus.UNKNOWN) if again else _find(desk, action, entry, resend=True)
    except ToolError as error:
        desk.ledger.mark(key, EffectState.REJECTED)
        return _Sent(ToolStatus.FAILED, error=desk.redactor.redact_text(str(error)))
    return _confirmed(desk, key, answer)


def _confirmed(desk: Desk, key: str, answer: Answer) -> _Sent:
    desk.ledger.mark(key, EffectState.CONFIRMED, answer.vendor_id, answer.url)
    return _Sent(ToolStatus.EXECUTED, Answer(vendor_id=answer.vendor_id, url=answer.url))


def _look_again(desk: Desk, action: Action, doubt: InDoubt) -> _Sent:
    """An earlier worker sent this, or was about to, and nobody knows how it ended."""
    if doubt.entry.state is EffectState.PLANNED:
        return _Sent(ToolStatus.UNKNOWN, error="another worker is about to do this")
    if doubt.entry.state is EffectState.SENT:
        desk.ledger.mark(doubt.entry.key, EffectState.UNKNOWN)
    fresh = desk.clock.now() - doubt.entry.created_at < _SAME_KEY_FOR
    return _find(desk, action, doubt.entry, resend=fresh)


def _find(desk: Desk, action: Action, entry: LedgerEntry, *, resend: bool) -> _Sent:
    """Ask the vendor whether the effect is there.

    Surely not there, and the vendor knows our key: sent once more under the same key, which the
    vendor makes one effect. Anything less certain stays unknown.
    """
    if action.operation.find_again is None:
        return _Sent(ToolStatus.UNKNOWN)
    found = desk.tools.find_again(action.operation.name, action.arguments, entry.key)
    if isinstance(found, Answer):
        return _confirmed(desk, entry.key, found)
    if found is None and resend and action.operation.idempotency in ("vendor_key", "set_semantics"):
        return _send(desk, action, entry, again=True)
    return _Sent(ToolStatus.UNKNOWN)


# -- intents -------------------------------------------------------------------------------------------


def _intent(desk: Desk, action: Action) -> Intent:
    money = _money(action)
    return Intent(
        workspace_id=desk.call.workspace_id,
        call_id=desk.call.call_id,
        run_id=desk.run_id,
        tool=action.operation.name,
        target=target_of(action),
        arguments=ledger_arguments(action),
        lock=lock_of(action, desk.call.call_id),
        effect=action.operation.effect.value,
        customer=_customer(desk.facts(), action),
        minor=money.minor if money else None,
        currency=money.currency if money else None,
        automatic=desk.approved_by is None,
    )


def _money(action: Action) -> Money | None:
    amount, currency = getattr(action.arguments, "amount", None), getattr(action.arguments, "currency", "USD")
    if action.operation.effect is not Effect.MONEY or not isinstance(amount, str):
        return None
    return Money.parse(amount, currency)


def _customer(facts: Facts, action: Action) -> str | None:
    """Whose money it is: the owner of the document acted on, else the matched caller."""
    system = action.operation.system
    for value in spoken_for(action.arguments).values():
        document = facts.document(system, value) if isinstance(value, str) else None
        if document is not None and document.party_id is not None:
            return f"{system}:{document.party_id}"
    if facts.matched and facts.match.id is not None:
        return f"{facts.match.system}:{facts.match.id}"
    return None


def _sending(desk: Desk, action: Action, answer: Answer | None) -> dict[str, Any]:
    """Kind, record, recipient, channel, vendor id, quote and approver of something sent (S66)."""
    plain = spoken_for(action.arguments)
    capture, asked = desk.extraction.capture, desk.extraction.document_kind
    record = next((str(plain[name]) for name in ("record", "invoice_id", "invoice") if plain.get(name)), None)
    document = desk.facts().document(action.operation.system, record or target_of(action))
    request = capture.caller_request.evidence or asked.evidence or capture.promised_next_step.evidence
    log = {
        "kind": _kind_sent(action.operation.name, plain) or asked.value,
        "record": record or target_of(action),
        "recipient": plain.get("send_to") or plain.get("to") or (document.email if document else None),
        "channel": action.operation.name,
        "vendor_id": answer.vendor_id if answer else None,
        "quote": request[0].model_dump() if request else None,
        "approver": desk.approved_by,
    }
    masked: dict[str, Any] = desk.redactor.redact_json(log)
    return masked


_KIND_OF_TEMPLATE = {
    "invoice_copy": "invoice",
    "receipt": "receipt",
    "receipt_text": "receipt",
    "payment_link": "payment_link",
}


def _kind_sent(operation: str, arguments: dict[str, Any]) -> str | None:
    """The kind of document that went out, by what sent it; None where only the request tells."""
    if operation.endswith(".send_invoice"):
        return "invoice"
    return _KIND_OF_TEMPLATE.get(str(arguments.get("template")))
