"""The short operational hand-off that every call ends with (pure; S02, S03, S23, S26, S28, S47, S56-S58, S63, S67).

It is written from facts: what redaction left, what grounding let through, what the systems answered,
what was done. The caller's own words appear only as verbatim quotes. Nothing in it may be kept from a
broad-access system: no card, bank or tax detail, not even its placeholder, and no link of the sender's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from agent.call import RedactedCall
from agent.capture import Evidence, Extracted, Scenario, Signal
from agent.loop.affected import affected_document
from agent.loop.facts import Facts
from agent.loop.rules.case import collections_sensitive
from agent.loop.scenarios import scenarios_of
from agent.loop.wording import ASKED, REASON, done, wanted
from agent.run import AffectedRecord, Handoff, MatchedCaller, ReviewReason, ToolCall, ToolStatus, Urgency
from agent.workspace import Workspace
from tools.records import Document

Status = Literal["done", "waiting_for_review", "no_action", "failed"]
MOST = 600
"""Most characters of a summary (S47)."""

NOTE_TOOLS = ("zendesk.create_ticket", "zendesk.add_comment", "hubspot.create_note", "gsheets.append_row")
_HOUSE = frozenset({*NOTE_TOOLS, "slack.post_message"})
_PLACEHOLDER = re.compile(r"<[A-Z][A-Z_]*_\d+>")
_QUOTE = 120


@dataclass(frozen=True)
class Picture:
    """What a hand-off is written from. ``urls`` maps an index of ``calls`` to what that action made."""

    facts: Facts
    calls: tuple[ToolCall, ...]
    reasons: tuple[ReviewReason, ...]
    urgency: Urgency
    status: Status
    run_id: str
    public_url: str
    urls: dict[int, str]

    @property
    def page(self) -> str:
        """Our own redacted page of this run: the evidence link (S18, S48, S64)."""
        return f"{self.public_url}/runs/{self.run_id}"


def build(picture: Picture) -> Handoff:
    """The hand-off of a call that was understood, whatever became of it."""
    facts = picture.facts
    document = affected_document(facts, picture.calls)
    return Handoff(
        summary=summary(picture),
        destination=_destination(picture.calls),
        matched_caller=facts.match,
        affected_record=_record(document),
        reason=_reason(picture),
        owner=owner(facts),
        status=picture.status,
        urgency=picture.urgency,
        next_step=_next_step(picture),
        deadline=facts.extraction.capture.value("follow_up_deadline"),
        record_url=_record_url(picture, document),
        links=_links(picture, document),
    )


def build_failed(call: RedactedCall, workspace: Workspace, run_id: str, public_url: str) -> Handoff:
    """The hand-off of a call on which no decision was reached."""
    page = f"{public_url}/runs/{run_id}"
    links = {
        "transcript": page,
        "recording": f"{page}/recording" if call.recording_url else None,
        "crm": call.crm_url,
        "support_ticket": call.support_ticket,
        "payment_platform": call.payment_platform_url,
    }
    text = f"This call could not be read to the end; nothing was decided. Call {call.call_id}, evidence: {page}"
    step = "process the call again; if that fails too, a person reads it"
    return _undecided(workspace, text, "processing failed", step, links)


def build_unread(call_id: str, workspace: Workspace) -> Handoff:
    """The hand-off of a call that could not be redacted: nothing of it was kept, so nothing can be linked."""
    text = f"This call could not be redacted, so nothing that was said was stored or sent. Call {call_id}"
    step = "a person listens to the recording; the operator looks at the redaction failure"
    return _undecided(workspace, text, "redaction failed", step, {})


_LINKS = ("transcript", "recording", "crm", "support_ticket", "payment_platform")


def _undecided(workspace: Workspace, text: str, reason: str, step: str, links: dict[str, str | None]) -> Handoff:
    """A hand-off that knows no caller, no record and no decision."""
    return Handoff(
        summary=text,
        destination=None,
        matched_caller=MatchedCaller(verdict="unknown"),
        affected_record=None,
        reason=reason,
        owner=workspace.owners.billing,
        status="failed",
        urgency="normal",
        next_step=step,
        deadline=None,
        record_url=None,
        links=dict.fromkeys(_LINKS) | links,
    )


def summary(picture: Picture) -> str:
    """At most 600 characters: the most needed sentences that fit, in reading order, then the evidence."""
    sentences = _sentences(picture)
    tail = f"Call {picture.facts.call.call_id}, evidence: {picture.page}"
    room = MOST - len(tail)
    kept: set[int] = set()
    for index in sorted(range(len(sentences)), key=lambda i: sentences[i][0]):
        length = len(sentences[index][1]) + 1
        if length <= room:
            kept.add(index)
            room -= length
    text = " ".join(sentence for index, (_, sentence) in enumerate(sentences) if index in kept)
    return f"{text} {tail}".strip()[:MOST]


def _sentences(picture: Picture) -> list[tuple[int, str]]:
    """The parts in reading order, each with how dispensable it is (0 goes in first)."""
    facts = picture.facts
    label = facts.extraction.scenario.label
    factual = label is Scenario.COLLECTIONS_CALL
    claims = label in (Scenario.CHARGE_DISPUTE, Scenario.REFUND_REQUEST)
    parts: list[tuple[int, str | None]] = [
        (0, f"{_who(facts)} {ASKED[label]}{_also(facts)}."),
        (5, _words(facts)),
        (3, _matched(facts)),
        (1, _learned(affected_document(facts, picture.calls))),
        (1 if label is Scenario.VIP_PAYMENT_BLOCKER else 5, _impact(facts)),
        (2, _references(facts)),
        (2 if claims else 4, _claimed(facts)),
        (1, _deeds(picture.calls)),
        (0, _waiting(picture)),
        (2 if factual else 6, _promise(facts)),
        (7, _policy_words(facts)),
        (1, _going_on(picture)),
        (2, _secure_page(facts)),
    ]
    return [(need, clean(text)) for need, text in parts if text]


def clean(text: str) -> str:
    """``text`` on one line without placeholders of removed identifiers."""
    return " ".join(_PLACEHOLDER.sub("(number not kept)", text).split())


def shorten(text: str, most: int) -> str:
    """``text`` cut at a word's end to at most ``most`` characters."""
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"


def owner(facts: Facts) -> str:
    """Who owns the next step: from the records where they say, else from the workspace; never as spoken (S16)."""
    owners, labels = facts.workspace.owners, scenarios_of(facts.extraction)
    if Scenario.COLLECTIONS_CALL in labels or collections_sensitive(facts):
        return owners.collections
    if labels[0] in (Scenario.VIP_PAYMENT_BLOCKER, Scenario.RENEWAL_FAILURE):
        ids = {(p.system, p.owner_id) for p in facts.matched_parties if p.owner_id}
        named = [one.name for one in facts.owners if (one.system, one.id) in ids]
        return named[0] if named else owners.account
    if labels[0] is Scenario.TAX_OR_ADDRESS_CORRECTION:
        return owners.tax
    if labels[0] in (Scenario.REFUND_REQUEST, Scenario.CHARGE_DISPUTE):
        return owners.finance
    return owners.billing


# -- sentences -----------------------------------------------------------------------------------------


def _who(facts: Facts) -> str:
    capture = facts.extraction.capture
    name, company = capture.value("customer_name"), capture.value("company_name")
    if name and company and name != company:
        return f"{name} ({company})"
    return name or company or facts.match.name or "The caller"


def _also(facts: Facts) -> str:
    others = [ASKED[label] for label in facts.extraction.scenario.secondary if label is not Scenario.NOT_BILLING]
    return f"; also {', '.join(others)}" if others else ""


def _words(facts: Facts) -> str | None:
    """The caller's own words for the request, quoted."""
    said = _quote(facts, facts.extraction.capture.caller_request)
    return f'In their words: "{said}".' if said else None


def _impact(facts: Facts) -> str | None:
    """What the problem does to the customer, quoted (S26)."""
    said = _quote(facts, facts.extraction.capture.escalation_reason)
    return f'Impact: "{said}".' if said else None


def _references(facts: Facts) -> str | None:
    """The order, subscription and payment that were named, so that a dispute finds them again (S09, S67)."""
    capture = facts.extraction.capture
    named = [
        f"{label} {value}"
        for label, field in (("order", "order_id"), ("subscription", "subscription_id"), ("payment", "payment_id"))
        if (value := capture.value(field))
    ]
    return f"Named: {', '.join(named)}." if named else None


def _claimed(facts: Facts) -> str | None:
    """The claim that a dispute, refund or collections note must carry, quoted (S08, S14, S67)."""
    capture = facts.extraction.capture
    parts = [
        f'{label}: "{said}"'
        for label, field in (
            ("dispute reason", capture.dispute_reason),
            ("refund reason", capture.refund_reason),
            ("credit asked for", capture.credit_request),
            ("claim", capture.customer_claim),
        )
        if (said := _quote(facts, field, 80)) and said != _quote(facts, capture.caller_request, 80)
    ]
    amount, currency = capture.value("amount"), capture.value("currency")
    money = f"said {amount} {currency or ''}".rstrip() if amount else None
    told = "; ".join(part for part in (money, *parts[:2]) if part)
    return f"{told[0].upper()}{told[1:]}." if told else None


def _quote(facts: Facts, field: Extracted[str], most: int = _QUOTE) -> str | None:
    """A verbatim piece of the call that proves ``field``.

    Never one that holds a removed identifier, and nothing from the moment on when somebody began to
    speak to the reader of the call.
    """
    if field.value is None:
        return None
    banned = [e.turn for h in facts.extraction.signals if h.signal is Signal.SPOKEN_INSTRUCTIONS for e in h.evidence]
    for evidence in sorted(field.evidence, key=lambda e: -len(e.quote)):
        if all(evidence.turn < turn for turn in banned) and not _PLACEHOLDER.search(evidence.quote):
            return shorten(" ".join(evidence.quote.replace('"', "'").split()).rstrip(".,"), most)
    return None


def _matched(facts: Facts) -> str:
    match = facts.match
    agreeing = " and ".join(name.replace("_", " ") for name in match.agreeing[:3])
    if match.verdict == "matched":
        return f"Matched on {agreeing} ({match.system} {match.id})."
    said = {
        "ambiguous": "More than one record fits the caller",
        "mismatched": "The caller's facts do not agree with the record",
        "third_party": "The caller is not the account holder",
        "unknown": "The caller is not matched to a record",
    }[match.verdict]
    against = ", ".join(name.replace("_", " ") for name in match.contradicting[:3])
    return f"{said}{f' (disagrees: {against})' if against else ''}."


def _learned(document: Document | None) -> str | None:
    """What the record says (S03, S58)."""
    if document is None:
        return None
    state = [
        str(document.amount) if document.amount else None,
        document.created.date().isoformat() if document.created and document.type == "charge" else None,
        f"due {document.due.isoformat()}" if document.due else None,
        document.status,
        f"{document.amount_due} open" if document.amount_due and document.amount_due.minor else None,
        "disputed" if document.disputed else None,
        f"{document.amount_refunded} refunded" if document.amount_refunded and document.amount_refunded.minor else None,
        f"access ends {document.access_ends.date().isoformat()}" if document.access_ends else None,
    ]
    name = f"{document.type.replace('_', ' ')} {document.number or document.id}"
    return f"{name[0].upper()}{name[1:]}: {', '.join(part for part in state if part) or 'found'}."


def _deeds(calls: Sequence[ToolCall]) -> str | None:
    told = [done(c.tool, c.arguments) for c in calls if _ours(c) and c.status is ToolStatus.EXECUTED]
    return f"Done: {'; '.join(dict.fromkeys(told))}." if told else None


def _waiting(picture: Picture) -> str | None:
    if picture.status != "waiting_for_review":
        return None
    held = [wanted(c.tool, c.arguments) for c in picture.calls if _ours(c) and c.status is ToolStatus.PROPOSED]
    unsure = [wanted(c.tool, c.arguments) for c in picture.calls if c.status is ToolStatus.UNKNOWN]
    why = shorten(picture.reasons[0].text.rstrip("."), 100) if picture.reasons else ""
    why += f"; {more} more reason{'s'[: more > 1]}" if (more := len(picture.reasons) - 1) > 0 else ""
    what = "; ".join(dict.fromkeys(held)) or "a decision"
    waits = f"Waiting for {owner(picture.facts)}: {what}{f' ({why})' if why else ''}."
    return f"{waits} Not known whether done: {'; '.join(unsure)}." if unsure else waits


def _going_on(picture: Picture) -> str:
    """What happens next, whose it is, until when and how pressing (S03)."""
    deadline, step = picture.facts.extraction.capture.value("follow_up_deadline"), _next_step(picture)
    until = f", by {deadline}" if deadline and step != "none" else ""
    return f"Next: {step}{until}. Owner: {owner(picture.facts)}. Urgency: {picture.urgency}."


def _ours(call: ToolCall) -> bool:
    return call.kind == "action" and call.tool not in _HOUSE


def _promise(facts: Facts) -> str | None:
    """What was promised, by whom and until when (S17, S57)."""
    field = facts.extraction.capture.promised_next_step
    said = _quote(facts, field)
    if said is None:
        return None
    return f'Promised by {_speaker(facts, field.evidence)}: "{said}".'


def _secure_page(facts: Facts) -> str | None:
    """Where the customer enters a number themselves: it is never typed into a case (S54, S60)."""
    workspace, wanted = facts.workspace, scenarios_of(facts.extraction)
    if Scenario.TAX_OR_ADDRESS_CORRECTION in wanted and workspace.secure_tax_form_url:
        return f"Secure form: {workspace.secure_tax_form_url}."
    if facts.extraction.heard(Signal.IDENTIFIER_TO_BE_USED) and workspace.secure_payment_url:
        return f"Secure page: {workspace.secure_payment_url}."
    return None


def _speaker(facts: Facts, evidence: Sequence[Evidence]) -> str:
    turns = facts.call.turns
    speakers = {turns[e.turn].speaker for e in evidence if e.turn < len(turns)}
    if speakers == {"caller"}:
        return "the caller"
    return "us" if speakers == {"agent"} else "both sides" if speakers else "a speaker"


def _policy_words(facts: Facts) -> str | None:
    said = _quote(facts, facts.extraction.capture.policy_context)
    return f'Terms mentioned: "{said}".' if said else None


# -- parts ---------------------------------------------------------------------------------------------


def _reason(picture: Picture) -> str:
    first = REASON[picture.facts.extraction.scenario.label]
    return f"{first}: {picture.reasons[0].text}" if picture.reasons else first


def _next_step(picture: Picture) -> str:
    capture = picture.facts.extraction.capture
    callback = capture.value("expects_callback") is True
    if picture.status == "waiting_for_review":
        return "decide the review case" + (" and ring the caller back" if callback else "")
    if picture.status == "no_action":
        return "none"
    if callback:
        return "ring the caller back"
    if picture.facts.extraction.scenario.label is Scenario.COLLECTIONS_CALL:
        return "check that the payment arrives"
    return "none"


def _destination(calls: Sequence[ToolCall]) -> str | None:
    for status in (ToolStatus.EXECUTED, ToolStatus.PROPOSED):
        for call in calls:
            if call.tool in NOTE_TOOLS and call.status is status:
                return call.tool.split(".", 1)[0]
    return None


def _record(document: Document | None) -> AffectedRecord | None:
    return None if document is None else AffectedRecord(type=document.type, id=document.id, url=document.url)


def _record_url(picture: Picture, document: Document | None) -> str | None:
    for index, url in sorted(picture.urls.items()):
        if picture.calls[index].tool in NOTE_TOOLS:
            return url
    return document.url if document else None


def _links(picture: Picture, document: Document | None) -> dict[str, str | None]:
    """Links to evidence and records: from the payload, else from the matched records (S18-S20)."""
    facts, call = picture.facts, picture.facts.call
    parties = facts.matched_parties
    ticket = [url for index, url in sorted(picture.urls.items()) if picture.calls[index].tool.startswith("zendesk.")]
    known = [d.url for d in facts.documents_of_match if d.type == "ticket" and d.url]
    crm = [p.url for p in parties if p.system == "hubspot" and p.url]
    platform = [p.url for p in parties if p.system not in ("hubspot", "zendesk") and p.url]
    own = document.url if document and document.type != "ticket" and facts.owned(document) else None
    return {
        "transcript": picture.page,
        "recording": f"{picture.page}/recording" if call.recording_url else None,
        "crm": call.crm_url or next(iter(crm), None),
        "support_ticket": call.support_ticket or next(iter((*ticket, *known)), None),
        "payment_platform": call.payment_platform_url or own or next(iter(platform), None),
        "secure_payment": facts.workspace.secure_payment_url,
        "secure_tax_form": facts.workspace.secure_tax_form_url,
    }
