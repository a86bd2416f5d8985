"""Notes, tickets, rows and alerts: what our own people read, and never more than they may (S24, S39, S44, S55)."""

from __future__ import annotations

from agent.loop.facts import Facts
from agent.loop.names import letters
from agent.loop.rules.alerts import alerts_due
from agent.loop.rules.case import case_reasons
from agent.loop.rules.documents import public_comment
from agent.loop.rules.money import Judge
from agent.loop.rules.ruling import Ruling, allow, deny, given
from tools.connector import Arguments
from tools.records import Document

_INTERNAL = "matched contact; internal; no card, bank or tax details"


def post_message(arguments: Arguments, facts: Facts) -> Ruling:
    """Alert the finance channel once a call, for the subjects of S55 only."""
    channel = given(arguments, "channel")
    if channel is not None and channel != facts.workspace.slack.channel:
        return deny("S55.channel", "alerts go to the configured finance channel only", "the configured channel")
    if any(tool == "slack.post_message" for tool, _ in facts.executed):
        return deny("S55.once", "finance was alerted about this call already")
    due = alerts_due(facts)
    if given(arguments, "topic") not in (None, *due):
        return deny(
            "S55.no_subject",
            "finance is alerted for VIP blockers, duplicate charges seen in the records, chargebacks, urgent renewal "
            "failures and exceptions needing approval; this call is not what the alert says",
        )
    if not due:
        return deny("S55.no_subject", "nothing that finance is alerted for was found")
    return allow("S55.alert", f"finance must hear of this at once: {', '.join(due).replace('_', ' ')}")


def hubspot_note(arguments: Arguments, facts: Facts) -> Ruling:
    """A note on the matched caller's own contact."""
    contact = given(arguments, "contact_id", "contact")
    if not any(p.system == "hubspot" and p.id == str(contact) for p in facts.matched_parties):
        return _no_contact("the HubSpot contact is not the matched caller's")
    return allow("S24.internal_note", _INTERNAL)


def create_ticket(arguments: Arguments, facts: Facts) -> Ruling:
    """An internal ticket of the matched caller, or of a review case; a public one follows the e-mail row."""
    requester = given(arguments, "requester_id", "requester")
    known = [p for p in facts.matched_parties if p.system == "zendesk" and p.id == str(requester)]
    if requester is not None and not known:
        return _no_contact("the requester is not the matched caller's Zendesk user")
    if _public(arguments):
        return public_comment(tuple(e for p in known for e in p.emails), _body(arguments), facts)
    if requester is None and not facts.matched and not case_reasons(facts):
        return _no_contact("there is no matched contact and nothing for a person to review")
    return allow("S24.internal_note", _INTERNAL if facts.matched else "an internal ticket of a review case")


def add_comment(arguments: Arguments, facts: Facts) -> Ruling:
    """An internal comment on the call's own ticket or one of the matched caller's."""
    reference = str(given(arguments, "ticket_id", "ticket") or "")
    ticket = facts.document("zendesk", reference, "ticket")
    if not _is_call_ticket(reference, facts) and (ticket is None or not facts.owned(ticket)):
        return _no_contact("the ticket is neither the call's own nor the matched caller's")
    if _public(arguments):
        return public_comment(_requesters(ticket, facts), _body(arguments), facts)
    return allow(
        "S24.internal_note", "the call's or matched caller's own ticket; internal; no card, bank or tax details"
    )


def append_row(arguments: Arguments, facts: Facts) -> Ruling:
    """The exception queue row of a review case, or a log row of a matched caller."""
    sheet, cells = given(arguments, "spreadsheet_id"), given(arguments, "range")
    if sheet not in (None, facts.workspace.sheets.spreadsheet_id) or cells not in (None, facts.workspace.sheets.range):
        return deny("S39.queue", "rows go to the configured queue only", "the configured spreadsheet and range")
    if case_reasons(facts):
        return allow("S39.queue_row", "the row of a review case in the exception queue")
    if facts.matched:
        return allow("S24.internal_note", _INTERNAL)
    return _no_contact("there is no matched contact and nothing for a person to review")


def _no_contact(why: str) -> Ruling:
    return deny("S24.contact", why, "a matched contact, or the queue row of a review case")


def _is_call_ticket(reference: str, facts: Facts) -> bool:
    """Whether the call record itself names this ticket (an id, or an address that ends in it)."""
    own = facts.call.support_ticket
    if own is None or not letters(reference):
        return False
    return letters(own.rstrip("/").rsplit("/", 1)[-1]) == letters(reference)


def _requesters(ticket: Document | None, facts: Facts) -> tuple[str, ...]:
    if ticket is None or ticket.party_id is None:
        return ()
    party = facts.party("zendesk", ticket.party_id)
    return party.emails if party else ()


def _public(arguments: Arguments) -> bool:
    """Whether the customer would read it; a comment that does not say counts as internal, because the
    connector always sends ``public: false`` then."""
    nested = getattr(arguments, "comment", None)
    return bool(getattr(arguments, "public", False)) or bool(getattr(nested, "public", False))


def _body(arguments: Arguments) -> str:
    nested = getattr(arguments, "comment", None)
    return str(given(arguments, "body") or getattr(nested, "body", None) or "")


NOTE_RULES: dict[str, Judge] = {
    "slack.post_message": post_message,
    "hubspot.create_note": hubspot_note,
    "zendesk.create_ticket": create_ticket,
    "zendesk.add_comment": add_comment,
    "gsheets.append_row": append_row,
}
