"""The suppression flags of the output line: which kinds of private detail the call held (S21, S22)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from agent.call import RedactedCall
from agent.capture import Extraction, Signal, Suppression
from agent.run import ToolCall, ToolStatus
from tools.connector import Effect, Operation

_PAPERS = frozenset({"invoice", "receipt", "statement", "tax_form", "credit_note"})
_PAGE_ONLY = "payment_link"
"""The template that leads to a page and holds no document."""

_WAITS = frozenset({ToolStatus.EXECUTED, ToolStatus.PROPOSED, ToolStatus.UNKNOWN})


def suppression(
    call: RedactedCall,
    extraction: Extraction | None,
    calls: Iterable[ToolCall] = (),
    operations: Mapping[str, Operation] | None = None,
) -> Suppression:
    """The four flags. The first three follow the classes that redaction removed.

    ``private_billing_document`` is true when an invoice, statement, receipt or tax form was read out,
    asked to be sent, or is sent by this run (any of ``operations`` that sends documents, done or
    proposed); naming one, or being sent a payment link, is not enough.
    """
    classes = call.classes()
    heard = extraction is not None and (
        extraction.heard(Signal.PRIVATE_DOCUMENT) or extraction.document_kind.value in _PAPERS
    )
    senders = {name for name, one in (operations or {}).items() if one.effect is Effect.DOCUMENT}
    sent = any(
        one.tool in senders and one.status in _WAITS and one.arguments.get("template") != _PAGE_ONLY for one in calls
    )
    return Suppression(
        card_number="card" in classes,
        bank_details="bank" in classes,
        tax_identifier="tax" in classes,
        private_billing_document=heard or sent,
    )
