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
from agent.loop.lookups import look_up
from agent.run import ToolCall, ToolStatus
from tools.records import Party

_MADE = frozenset({ToolStatus.EXECUTED, ToolStatus.PROPOSED, ToolStatus.UNKNOWN})
_FINDERS = {"zendesk": "zendesk.find_user", "hubspot": "hubspot.find_contact"}
_ROW = "gsheets.append_row"


def fulfil(desk: Desk) -> None:
    """Carry out what was noted, then what the rules require on top of it.

    A call that is not about billing, or about which nothing is to be done, leaves no trace outside.
    """
    if desk.extraction.scenario.label is Scenario.NOT_BILLING or policy.nothing_to_do(desk.extraction):
        return
    carry_out_wanted(desk, texts=False)
    for topic in policy.alerts_due(desk.facts()):
        _act(desk, "slack.post_message", {"topic": topic})
    noted = _note(desk)
    if needs_person(desk) or not noted:
        _act(desk, _ROW, {})
    carry_out_wanted(desk, texts=True)


def needs_person(desk: Desk) -> bool:
    """Whether the case goes to review as things stand."""
    waits = any(c.kind == "action" and c.status in (ToolStatus.PROPOSED, ToolStatus.UNKNOWN) for c in desk.calls)
    return waits or bool(desk.reasons) or bool(policy.case_reasons(desk.facts()))


def _note(desk: Desk) -> bool:
    """Leave the hand-off where the caller's record is; False when no destination knows the caller."""
    for destination in desk.workspace.destinations:
        if destination == "gsheets":
            if _done(_act(desk, _ROW, {})):
                return True
            continue
        contact = _contact(desk, destination)
        if contact is not None and _done(_in(desk, destination, contact)):
            return True
    return False


def _in(desk: Desk, destination: str, contact: Party) -> ToolCall | None:
    if destination == "hubspot":
        return _act(desk, "hubspot.create_note", {"contact_id": contact.id})
    return _act(desk, "zendesk.create_ticket", {"requester_id": contact.id})


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
