"""The fields the house fills in itself: every text that others will read, every channel and key (S24, S43, S45).

Words come from the hand-off and the workspace's approved templates, values from the records that the
look-ups of this run showed. What a model wrote is used for none of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agent.loop import policy
from agent.loop.affected import affected_document
from agent.loop.desk import Desk
from agent.loop.facts import Facts
from agent.loop.handoff import Picture, Status, owner, shorten, summary
from agent.loop.names import letters
from agent.loop.wording import REASON
from agent.run import PolicyDecision, ToolStatus, Verdict
from agent.workspace import Template
from tools.connector import Operation
from tools.records import Document

Filled = dict[str, Any] | PolicyDecision
_TEMPLATE_FOR = {"invoice": "invoice_copy", "receipt": "receipt", "payment_link": "payment_link"}
_WITHOUT_LINK = {"receipt": "receipt_text"}
_LINKS = {"receipt": ("receipt", "hosted", "pdf"), "invoice_copy": ("hosted", "pdf"), "payment_link": ("hosted",)}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def compose(desk: Desk, operation: Operation, given: dict[str, Any]) -> Filled:
    """``given`` (without house fields) with the house's fields added, or the reason why they cannot be.

    An operation with house fields that nobody knows how to fill is refused.
    """
    fill = _FILLERS.get(operation.name)
    if fill is not None:
        return fill(desk, given)
    if operation.house_fields:
        return _cannot("compose.unknown", f"the house has no text for {operation.name}")
    return given


def _cannot(rule: str, reason: str) -> PolicyDecision:
    return PolicyDecision(verdict=Verdict.DENY, rule=rule, reason=reason)


# -- internal texts ------------------------------------------------------------------------------------


def picture(desk: Desk, status: Status | None = None) -> Picture:
    """The hand-off's picture of the run as it stands; without ``status`` it is read from what was done."""
    facts = desk.facts()
    reasons = tuple(dict.fromkeys((*policy.case_reasons(facts), *desk.reasons)))
    waits = any(c.kind == "action" and c.status in (ToolStatus.PROPOSED, ToolStatus.UNKNOWN) for c in desk.calls)
    return Picture(
        facts=facts,
        calls=tuple(desk.calls),
        reasons=reasons,
        urgency=policy.urgency(facts),
        status=status or ("waiting_for_review" if reasons or waits else "done"),
        run_id=desk.run_id,
        public_url=desk.public_url,
        urls=dict(desk.urls),
    )


def note_text(desk: Desk) -> str:
    """The hand-off as it goes into notes, tickets and alerts."""
    return summary(picture(desk))


def _slack(desk: Desk, given: dict[str, Any]) -> Filled:
    facts = desk.facts()
    head = f"{policy.urgency(facts).upper()}: {REASON[facts.extraction.scenario.label]}"
    text = f"{head}\n{note_text(desk)}"
    return {**given, "channel": desk.workspace.slack.channel, "text": text}


def _hubspot(desk: Desk, given: dict[str, Any]) -> Filled:
    return {**given, "body": note_text(desk)}


def _ticket(desk: Desk, given: dict[str, Any]) -> Filled:
    facts = desk.facts()
    return {
        **given,
        "subject": _subject(facts),
        "comment": {"body": note_text(desk), "public": False},
        "priority": policy.urgency(facts),
        "external_id": f"{desk.call.call_id}:ticket",
    }


def _comment(desk: Desk, given: dict[str, Any]) -> Filled:
    return {**given, "comment": {"body": note_text(desk), "public": False}}


def _subject(facts: Facts) -> str:
    reason = REASON[facts.extraction.scenario.label]
    return shorten(f"{reason[0].upper()}{reason[1:]}, call {facts.call.call_id}", 120)


def _row(desk: Desk, given: dict[str, Any]) -> Filled:
    """One line of the exception queue: when, call, what, status, urgency, owner, money, record, why, links."""
    scene = picture(desk)
    facts, capture = scene.facts, scene.facts.extraction.capture
    document = affected_document(facts, scene.calls)
    money = " ".join(part for part in (capture.value("amount"), capture.value("currency")) if part)
    values = (
        facts.now.date().isoformat(),
        facts.call.call_id,
        facts.extraction.scenario.label.value,
        scene.status,
        scene.urgency,
        owner(facts),
        money,
        document.number or document.id if document else "",
        shorten("; ".join(reason.text for reason in scene.reasons), 300),
        summary(scene),
        scene.page,
    )
    sheets = desk.workspace.sheets
    return {
        **given,
        "values": [plain_cell(value) for value in values],
        "spreadsheet_id": sheets.spreadsheet_id,
        "range": sheets.range,
    }


def plain_cell(value: str) -> str:
    """``value`` as a cell that no spreadsheet program takes for a formula, also after an export."""
    return f"'{value}" if value.lstrip().startswith(_FORMULA) else value


# -- mail to customers ---------------------------------------------------------------------------------


def _message(desk: Desk, given: dict[str, Any]) -> Filled:
    """A mail from an approved template, filled from the record it names (S43)."""
    facts = desk.facts()
    kind = facts.extraction.document_kind.value or ""
    name = str(given.get("template") or _TEMPLATE_FOR.get(kind, ""))
    document = _document(facts, given.get("record"), desk)
    chosen = _chosen(desk, name, document)
    if isinstance(chosen, PolicyDecision):
        return chosen
    name, template = chosen
    slots = {
        "customer": _customer(facts),
        "number": document.number or document.id if document else None,
        "amount": _amount(document),
        "date": _date(document),
        "link": _link(desk, name, document),
    }
    parts = [fill_template(text, slots) for text in (template.subject, template.body)]
    if any(part is None for part in parts):
        missing = sorted(slot for slot, value in slots.items() if value is None and _uses(template, slot))
        why = f"no {', '.join(missing)} on the record"
        if document is None:
            why = "no such record of the matched caller" if facts.matched else "the caller is not matched to a customer"
        return _cannot("S43.template_slots", f"the template {name} cannot be filled: {why}")
    record = {"record": document.id} if document else {}
    return {**given, **record, "template": name, "subject": parts[0], "body": parts[1]}


def _draft(desk: Desk, given: dict[str, Any]) -> Filled:
    """A draft from a template where one is named; a model's own words stay as they are and wait for a person."""
    return _message(desk, given) if given.get("template") or not given.get("body") else given


def fill_template(text: str, slots: dict[str, str | None]) -> str | None:
    """``text`` with ``{slot}`` replaced in one pass, or None when it uses a slot that has no value."""
    filled: list[str] = []
    for index, part in enumerate(_pieces(text, slots)):
        if index % 2 == 0:
            filled.append(part)
        elif (value := slots[part]) is None:
            return None
        else:
            filled.append(value)
    return "".join(filled)


def _pieces(text: str, slots: dict[str, str | None]) -> list[str]:
    """Plain text and slot names in turn."""
    pieces: list[str] = []
    rest = text
    while True:
        found = [(rest.find(f"{{{slot}}}"), slot) for slot in slots if f"{{{slot}}}" in rest]
        if not found:
            return [*pieces, rest]
        at, slot = min(found)
        pieces += [rest[:at], slot]
        rest = rest[at + len(slot) + 2 :]


def _uses(template: Template, slot: str) -> bool:
    return f"{{{slot}}}" in template.subject + template.body


def _chosen(desk: Desk, name: str, document: Document | None) -> tuple[str, Template] | PolicyDecision:
    templates = desk.workspace.templates
    if name not in templates:
        known = ", ".join(sorted(templates))
        return _cannot("S43.template_only", f"there is no such approved template; there are: {known}")
    spare = _WITHOUT_LINK.get(name)
    if spare in templates and document is not None and document.paid and _link(desk, name, document) is None:
        return spare, templates[spare]
    return name, templates[name]


def _document(facts: Facts, reference: Any, desk: Desk) -> Document | None:
    """The matched customer's document that the mail is about: the one named, else the call's own."""
    if isinstance(reference, str) and reference:
        known = (d for d in facts.documents_of_match if reference in (d.id, d.number, *d.references))
        return next(known, None)
    document = affected_document(facts, desk.calls)
    return document if document is not None and facts.owned(document) else None


def _customer(facts: Facts) -> str | None:
    """The customer's name as a record has it: the person's where a record names the one who called."""
    names = [name for party in facts.matched_parties for name in party.names]
    said = letters(facts.extraction.capture.value("customer_name") or "")
    own = [name for name in names if said and letters(name) == said]
    companies = [name for party in facts.matched_parties for name in party.companies]
    return next(iter((*own, *names, *companies)), None)


def _amount(document: Document | None) -> str | None:
    if document is None:
        return None
    open_amount = document.amount_due if document.amount_due is not None and document.amount_due.minor else None
    money = document.amount or open_amount
    return None if money is None else str(money)


def _date(document: Document | None) -> str | None:
    return document.created.date().isoformat() if document and document.created else None


def _link(desk: Desk, template: str, document: Document | None) -> str | None:
    """The secure page for payments where the workspace has one (S60), else the record's own page."""
    if template == "payment_link" and desk.workspace.secure_payment_url:
        return desk.workspace.secure_payment_url
    links = document.links if document else {}
    return next((links[purpose] for purpose in _LINKS.get(template, ("hosted", "receipt")) if purpose in links), None)


# -- documents and money -------------------------------------------------------------------------------


def _upload(desk: Desk, given: dict[str, Any]) -> Filled:
    """A stored document is named after its record and kept in the one configured folder (S38)."""
    facts = desk.facts()
    document = _document(facts, given.get("record"), desk)
    if document is None:
        return _cannot("S38.record", "the document to store is not one of the matched customer's records")
    number = document.number or document.id
    link = next((document.links[purpose] for purpose in ("pdf", "hosted") if purpose in document.links), None)
    properties = {"invoice": number, "customer": facts.match.id or "", "call": desk.call.call_id}
    return {
        **given,
        "record": document.id,
        "name": f"{number}.pdf",
        "folder_id": desk.workspace.drive.folder_id,
        **({"document_url": link} if link else {}),
        "app_properties": properties,
    }


def _charge(desk: Desk, given: dict[str, Any]) -> Filled:
    return {**given, "note": f"Agreed on call {desk.call.call_id}"}


def _credit(desk: Desk, given: dict[str, Any]) -> Filled:
    return {**given, "private_note": f"Call {desk.call.call_id}"}


_FILLERS: dict[str, Callable[[Desk, dict[str, Any]], Filled]] = {
    "slack.post_message": _slack,
    "hubspot.create_note": _hubspot,
    "zendesk.create_ticket": _ticket,
    "zendesk.add_comment": _comment,
    "gsheets.append_row": _row,
    "gmail.send_message": _message,
    "gmail.create_draft": _draft,
    "gdrive.upload_file": _upload,
    "beeminder.create_charge": _charge,
    "quickbooks.create_credit_memo": _credit,
}
