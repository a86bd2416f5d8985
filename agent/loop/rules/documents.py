"""Document rules: e-mails, invoice sends and stored files (S10, S38, S43, S65)."""

from __future__ import annotations

from datetime import timedelta

from agent.capture import Scenario, Signal
from agent.loop.facts import Facts
from agent.loop.names import same_email
from agent.loop.rules.money import Judge
from agent.loop.rules.ruling import Ruling, allow, deny, given, held, review
from agent.loop.rules.said import amount_said, documents_named, today
from agent.loop.rules.templates import read_back
from agent.loop.scenarios import scenarios_of
from tools.connector import Arguments
from tools.records import Document, Party

_SENDERS = frozenset({"quickbooks.send_invoice", "stripe.send_invoice", "gmail.send_message"})
_ISSUED = frozenset({"open", "paid"})
CONTACT_QUIET = timedelta(days=7)
_NEVER_AUTOMATIC = frozenset({"statement", "tax_form"})
_COPIES = frozenset({Scenario.INVOICE_RESEND, Scenario.RECEIPT_TO_VERIFIED_EMAIL})
_LINKS = frozenset({Scenario.RENEWAL_FAILURE})
_STORED_FOR = frozenset({Scenario.INVOICE_RESEND, Scenario.RECEIPT_TO_VERIFIED_EMAIL, Scenario.REFUND_REQUEST})


def send_invoice(arguments: Arguments, facts: Facts) -> Ruling:
    """Send an invoice of the matched customer to the address on its record."""
    if not _identified(facts):
        return _no_identity()
    if not _asked_to_send(facts, _COPIES):
        return _not_asked()
    reference = str(given(arguments, "invoice_id", "invoice") or "")
    document = facts.document("quickbooks", reference, "invoice")
    if document is None or not _theirs(document, facts):
        return _not_theirs()
    return send_to(str(given(arguments, "send_to") or ""), document, facts)


def send_stripe_invoice(arguments: Arguments, facts: Facts) -> Ruling:
    """Let Stripe mail an invoice again: Stripe alone knows the recipient, its customer's address on record."""
    if not _identified(facts):
        return _no_identity()
    if not _asked_to_send(facts, _COPIES):
        return _not_asked()
    document = facts.document("stripe", str(given(arguments, "invoice") or ""), "invoice")
    if document is None or not _theirs(document, facts):
        return _not_theirs()
    if (document.status or "").lower() not in _ISSUED:
        return held(
            "S10.not_issued", "sending an invoice that was never issued would make it final", "an issued invoice"
        )
    known = addresses(document, facts)
    if not known or not all(same_email(known[0], one) for one in known):
        return held("S10.recipient_unclear", "it is not clear which address Stripe would send to", "one address there")
    said = facts.extraction.capture.email.value
    if said is not None and not same_email(said, known[0]):
        return _recipient_unknown()
    return send_to(known[0], document, facts)


def send_message(arguments: Arguments, facts: Facts) -> Ruling:
    """Send an e-mail: only an approved template, filled from the record (S43)."""
    if not _identified(facts):
        return _no_identity()
    filled = read_back(str(given(arguments, "subject") or ""), str(given(arguments, "body") or ""), facts)
    if filled is None:
        return deny(
            "S43.template_only",
            "only an approved template filled from the customer's own record is sent; other words are a draft",
            "an approved template whose slots hold the record's values",
        )
    if not _asked_to_send(facts, _COPIES | _LINKS):
        return _not_asked()
    return send_to(str(given(arguments, "to") or ""), filled.document, facts)


def create_draft(arguments: Arguments, facts: Facts) -> Ruling:
    """Write a draft: a template like a send; other prose waits inside a review case (S43)."""
    recipient = str(given(arguments, "to") or "")
    if any(
        tool == "gmail.send_message" and same_email(str(args.get("to", "")), recipient) for tool, args in facts.executed
    ):
        return deny("S43.already_sent", "this run already sent the message, so there is nothing to draft")
    if not _identified(facts):
        return _no_identity()
    filled = read_back(str(given(arguments, "subject") or ""), str(given(arguments, "body") or ""), facts)
    if filled is not None and _asked_to_send(facts, _COPIES | _LINKS):
        return send_to(recipient, filled.document, facts)
    if not _on_record(recipient, None, facts):
        return _recipient_unknown()
    return review("S43.prose_draft", "words that no template holds are a draft for a person", "an approved template")


def send_to(recipient: str, document: Document | None, facts: Facts) -> Ruling:
    """The e-mail row of the table over a document (None: a secure page only) that is the caller's own."""
    if not _on_record(recipient, document, facts):
        return _recipient_unknown()
    if document is not None and any(tool in _SENDERS and document.id in sent.values() for tool, sent in facts.executed):
        return deny("S10.already_sent", "this run already sent the document; one copy is enough")
    kind = facts.extraction.document_kind.value
    if kind in _NEVER_AUTOMATIC:
        return review(
            "S10.document_kind", f"a {kind.replace('_', ' ')} is sent only after a person looked", "an approval"
        )
    changed = contact_changed(facts)
    if changed is not None:
        return review("S65.contact_changed", changed, "contact data that stood for seven days")
    if document is not None and not _asked_for(document, facts):
        return review("S08.which_document", "the caller named another document", "the document the caller named")
    return allow(
        "S10.recipient_verified",
        "matched caller; the document or link is this customer's; the recipient is the address on the record",
    )


def upload_file(arguments: Arguments, facts: Facts) -> Ruling:
    """Store a document of a matched caller in the configured folder, shared with nobody (S38)."""
    if not _identified(facts):
        return _no_identity()
    folder = given(arguments, "folder_id", "folder", "parent")
    if folder is not None and folder != facts.workspace.drive.folder_id:
        return deny("S38.folder", "files go into the configured folder only", "the configured folder")
    if not _STORED_FOR.intersection(scenarios_of(facts.extraction)):
        return deny("S38.not_a_document_call", "this call leaves no invoice or credit note to store")
    source, record = given(arguments, "document_url"), str(given(arguments, "record") or "")
    own = next((d for d in sendable(facts) if record in (d.id, d.number)), None)
    if record and own is None:
        return held("S38.record", "the document is not one of the matched customer's", "a looked-up document of theirs")
    if source is not None and (own is None or source not in own.links.values()):
        return deny("S38.source", "the file would not come from the customer's own document", "the document's own link")
    return allow("S38.stored", "matched caller; the configured folder; shared with nobody")


def public_comment(recipients: tuple[str, ...], body: str, facts: Facts) -> Ruling:
    """A comment the customer reads follows the e-mail row: matched, template, address on the record (S44)."""
    if not _identified(facts):
        return _no_identity()
    filled = read_back(None, body, facts)
    if filled is None:
        return review(
            "S44.public_comment", "words the customer reads need an approved template or a person", "a template"
        )
    if not recipients or not all(_on_record(one, filled.document, facts) for one in recipients):
        return _recipient_unknown()
    return send_to(recipients[0], filled.document, facts)


def contact_changed(facts: Facts) -> str | None:
    """Why the contact data is too fresh to send anything to, or None."""
    if facts.extraction.heard(Signal.CONTACT_CHANGED):
        return "contact data was changed, or asked to be changed, in this call"
    spoken = today(facts)
    for party in facts.matched_parties:
        changed = party.contact_changed_at
        if changed is not None and (spoken is None or spoken - changed < CONTACT_QUIET):
            return f"the contact data in {party.system} changed less than seven days before the call"
    return None


def sendable(facts: Facts) -> tuple[Document, ...]:
    """The matched customer's documents that a copy could be sent of: invoices, and paid charges."""
    return tuple(d for d in facts.documents_of_match if d.type == "invoice" or (d.type == "charge" and d.paid))


def addresses(document: Document | None, facts: Facts) -> tuple[str, ...]:
    """The addresses on the record: the document's own, and its owner's in that system. For a secure page
    without a document, those of the caller's records."""
    if document is None:
        return tuple(e for p in facts.matched_parties for e in p.emails)
    owner = facts.party(document.system, document.party_id) if document.party_id else None
    found = (document.email, *(owner.emails if owner else ()))
    return tuple(address for address in found if address)


def _on_record(recipient: str, document: Document | None, facts: Facts) -> bool:
    pool = addresses(document, facts)
    if document is None and not facts.matched:
        pool = tuple(e for p in _vouched(facts) for e in p.emails)
    return any(same_email(recipient, address) for address in pool)


def _vouched(facts: Facts) -> tuple[Party, ...]:
    """The record that the lookups tied to a caller a person vouches for."""
    return tuple(p for p in facts.parties if (p.system, p.id) == (facts.match.system, facts.match.id))


def _asked_for(document: Document, facts: Facts) -> bool:
    """Whether ``document`` can be the one the caller meant: by reference where one was said and is known,
    else by amount where one was said and some document has it."""
    named = documents_named(facts)
    if named:
        return document in named or any(_related(document, one) for one in named)
    with_amount = [d for d in facts.documents_of_match if _has_amount(d, facts)]
    return document in with_amount or not with_amount or any(_related(document, one) for one in with_amount)


def _has_amount(document: Document, facts: Facts) -> bool:
    return any(
        money is not None and money == amount_said(facts, money.currency)
        for money in (document.amount, document.amount_due)
    )


def _related(a: Document, b: Document) -> bool:
    """Whether two documents stand for one thing: a charge and its invoice, an invoice and its subscription."""
    return a.system == b.system and (a.id in b.references or b.id in a.references)


def _identified(facts: Facts) -> bool:
    return facts.matched or facts.approved_by is not None


def _theirs(document: Document, facts: Facts) -> bool:
    if facts.matched:
        return facts.owned(document)
    return any((document.system, document.party_id) == (p.system, p.id) for p in _vouched(facts))


def _asked_to_send(facts: Facts, subjects: frozenset[Scenario]) -> bool:
    """Whether the call asks for something to be sent: by its subject, or by the kind of document that was
    asked for. A person who approves has read what was asked."""
    if facts.approved_by is not None or subjects.intersection(scenarios_of(facts.extraction)):
        return True
    return facts.extraction.document_kind.value is not None and not _LINKS.intersection(scenarios_of(facts.extraction))


def _not_asked() -> Ruling:
    return deny("S10.not_asked", "the call is not understood as asking for this to be sent", "a request to send it")


def _no_identity() -> Ruling:
    return review(
        "S65.identity", "nothing is sent or stored before the caller is matched to a customer", "a matched caller"
    )


def _not_theirs() -> Ruling:
    return held(
        "S10.document_owner",
        "no lookup of this run shows this document as the matched customer's",
        "a looked-up document of this customer",
    )


def _recipient_unknown() -> Ruling:
    return held(
        "S10.recipient_not_on_record", "the recipient is not the address on the record", "the record's own address"
    )


DOCUMENT_RULES: dict[str, Judge] = {
    "quickbooks.send_invoice": send_invoice,
    "stripe.send_invoice": send_stripe_invoice,
    "gmail.send_message": send_message,
    "gmail.create_draft": create_draft,
    "gdrive.upload_file": upload_file,
}
