"""What the rules require of a run whether or not the model thought of it (S24, S39, S47, S55).

A finance alert where one is due, the hand-off as a note or ticket in the first connected destination
that knows the caller, and a row in the exception queue for every case that a person must look at. Each
goes through the same policy, ledger and egress guard as an action that the model proposed.
"""

from __future__ import annotations

from typing import Any

from agent.capture import Scenario
from agent.loop import policy
from agent.loop.actions import act, carry_out_wanted
from agent.loop.desk import Desk
from agent.loop.handoff import NOTE_TOOLS
from agent.loop.lookups import look_up
from agent.loop.scenarios import scenarios_of
from agent.run import ToolCall, ToolStatus
from tools.connector import Effect
from tools.records import Party

_MADE = frozenset({ToolStatus.EXECUTED, ToolStatus.PROPOSED, ToolStatus.UNKNOWN})
_FINDERS = {"zendesk": "zendesk.find_user", "hubspot": "hubspot.find_contact"}
_ROW = "gsheets.append_row"


def fulfil(desk: Desk) -> None:
    """Carry out what was noted, then what the rules require on top of it.

    A call that is not about billing, or about which nothing is to be done, leaves no trace outside.
    """
    if not worth_doing(desk):
        return
    _know_the_caller(desk)
    carry_out_wanted(desk, texts=False)
    _nothing_forgotten(desk)
    for topic in policy.alerts_due(desk.facts())[:1]:
        _act(desk, "slack.post_message", {"topic": topic})
    noted = _note(desk)
    if needs_person(desk) or not noted:
        _act(desk, _ROW, {})
    carry_out_wanted(desk, texts=True)


_ANSWERED_BY: dict[Scenario, Effect] = {
    Scenario.REFUND_REQUEST: Effect.MONEY,
    Scenario.INVOICE_RESEND: Effect.DOCUMENT,
    Scenario.RECEIPT_TO_VERIFIED_EMAIL: Effect.DOCUMENT,
}


def _nothing_forgotten(desk: Desk) -> None:
    """A request that nobody acted on is not done: the model overlooked it, or what it wanted was refused (S02)."""
    answer = _ANSWERED_BY.get(desk.extraction.scenario.label)
    if answer is None or needs_person(desk):
        return
    tried = [call for call in desk.calls if call.kind == "action" and call.status in _MADE]
    if not any(desk.operations[call.tool].effect is answer for call in tried):
        desk.need_person("S02.request_not_met", "nothing was done about what the caller asked for")


def _know_the_caller(desk: Desk) -> None:
    """Look the matched caller up where VIP marks, owners and contacts are kept, if the model did not.

    VIP only tightens, so not knowing it would loosen: money waits when a connected system that might
    say VIP did not answer.
    """
    for system, finder in _FINDERS.items():
        contact = _contact(desk, system)
        silent = [one for one in desk.looked if one.tool == finder and one.status == "failed"]
        money = any(one.operation.effect is Effect.MONEY for one in desk.wanted)
        if contact is None and silent and money:
            desk.need_person(
                "S52.vip_unknown", f"{system} did not answer, so it is not known whether the caller is VIP."
            )
        if system == "hubspot" and contact is not None and contact.owner_id is not None:
            owner = {"owner_id": contact.owner_id}
            if "hubspot.get_owner" in desk.available and _owned_by_somebody(desk):
                look_up(desk, desk.operations["hubspot.get_owner"], owner)


def _owned_by_somebody(desk: Desk) -> bool:
    """Whether the account owner is the one who goes on with this kind of call (S05, S26, S42)."""
    return bool({Scenario.VIP_PAYMENT_BLOCKER, Scenario.RENEWAL_FAILURE}.intersection(scenarios_of(desk.extraction)))


def worth_doing(desk: Desk) -> bool:
    """Whether there is anything to look up or do: the call is about billing and leaves something open, or
    it is not sure enough that it does not."""
    if desk.extraction.scenario.label is Scenario.NOT_BILLING:
        return False
    return not policy.nothing_to_do(desk.extraction) or bool(policy.case_reasons(desk.facts()))


def needs_person(desk: Desk) -> bool:
    """Whether the case goes to review as things stand."""
    waits = any(c.kind == "action" and c.status in (ToolStatus.PROPOSED, ToolStatus.UNKNOWN) for c in desk.calls)
    return waits or bool(desk.reasons) or bool(policy.case_reasons(desk.facts()))


def _note(desk: Desk) -> bool:
    """Leave the hand-off where the caller's record is; False when no destination knows the caller."""
    return any(_done(_left(desk, destination)) for destination in desk.workspace.destinations)


def _left(desk: Desk, destination: str) -> ToolCall | None:
    """The hand-off in ``destination``: as the model wanted it there, else the house's usual way."""
    if destination == "gsheets":
        return _act(desk, _ROW, {})
    for one in desk.wanted:
        if one.operation.system == destination and one.operation.name in NOTE_TOOLS:
            desk.wanted.remove(one)
            return act(desk, one.operation, one.raw)
    contact = _contact(desk, destination)
    if contact is None:
        return None
    if destination == "hubspot":
        return _act(desk, "hubspot.create_note", {"contact_id": contact.id})
    ticket = _own_ticket(desk)
    if ticket is not None:
        return _act(desk, "zendesk.add_comment", {"ticket_id": ticket})
    return _act(desk, "zendesk.create_ticket", {"requester_id": contact.id})


def _own_ticket(desk: Desk) -> int | None:
    """The ticket that the call record itself names, as an id or an address that ends in one."""
    tail = (desk.call.support_ticket or "").rstrip("/").rsplit("/", 1)[-1].removeprefix("#")
    return int(tail) if tail.isdecimal() and len(tail) <= 18 else None


def _contact(desk: Desk, system: str) -> Party | None:
    """The matched caller's record in ``system``, looked up by the e-mail on the record if nobody did."""
    finder = _FINDERS[system]
    if finder not in desk.available or not desk.facts().matched:
        return None
    known = _theirs(desk, system)
    if known is None and not any(looked.tool == finder for looked in desk.looked):
        for email in dict.fromkeys(e for party in desk.facts().matched_parties for e in party.emails):
            look_up(desk, desk.operations[finder], {"email": email})
        known = _theirs(desk, system)
    return known


def _theirs(desk: Desk, system: str) -> Party | None:
    return next((party for party in desk.facts().matched_parties if party.system == system), None)


def _act(desk: Desk, name: str, raw: dict[str, Any]) -> ToolCall | None:
    """One required action; None when its system is not connected. One of a kind is enough."""
    if name not in desk.available:
        return None
    made = next((c for c in desk.calls if c.tool == name and c.status in _MADE), None)
    return made or act(desk, desk.operations[name], raw)


def _done(call: ToolCall | None) -> bool:
    return call is not None and call.status in _MADE
