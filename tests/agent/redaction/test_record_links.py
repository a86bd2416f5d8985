"""Links and tickets of the call record: kept as they come, dropped when they hold an identifier."""

from __future__ import annotations

import pytest

from agent.call import Call, Speaker, Turn
from agent.redaction import Redactor

CARD = "4242424242424242"
IBAN = "DE61374642878241527495"
FIELDS = ("recording_url", "transcript_url", "crm_url", "support_ticket", "payment_platform_url")


def _call(**links: str) -> Call:
    return Call(call_id="call_1", turns=(Turn(Speaker.CALLER, "hello"),), **links)  # type: ignore[arg-type]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "value", [CARD, f"https://crm.example/x?number={IBAN}", "https://crm.example/4242%204242%204242%204242"]
)
def test_a_link_with_an_identifier_is_dropped_and_the_call_flagged(field: str, value: str) -> None:
    redacted = Redactor().redact_call(_call(**{field: value}))
    assert getattr(redacted, field) is None
    assert redacted.flagged


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("recording_url", "https://recordings.example/call_hl7q2m9x4trk01.mp3?sig=EXAMPLE&se=2026-11-17T15%3A04%3A00Z"),
        ("transcript_url", "https://x.example/t/550e8400-e29b-41d4-a716-446655440000"),
        ("crm_url", "https://crm.example/contacts/152604"),
        ("support_ticket", "448817"),
        ("payment_platform_url", "https://dashboard.stripe.com/payments/pi_3MtwBwLkdIwHu7ix28a3tqPa"),
    ],
)
def test_an_ordinary_link_stays(field: str, value: str) -> None:
    redacted = Redactor().redact_call(_call(**{field: value}))
    assert getattr(redacted, field) == value
    assert not redacted.flagged
