"""What quoted words say of payment, callbacks and documents."""

from __future__ import annotations

import pytest

from agent.extraction.cues import callback_verdict, document_verdict, status_verdict


@pytest.mark.covers("S13")
@pytest.mark.parametrize(
    ("status", "quote", "verdict"),
    [
        ("paid", "That's paid, I can see it", True),
        ("paid", "it hasn't been paid", False),
        ("paid", "it never went through", False),
        ("paid", "it got declined", False),
        ("paid", "have a nice day", None),
        ("unpaid", "it has not been paid", True),
        ("unpaid", "it is still open", True),
        ("unpaid", "That's settled", False),
        ("failed", "the card bounced on Monday", True),
        ("failed", "it didn't go through", True),
        ("overdue", "it's past due", True),
        ("refunded", "we have refunded it", True),
        ("refunded", "it was not refunded", False),
        ("disputed", "it's in dispute", True),
    ],
)
def test_payment_status(status: str, quote: str, verdict: bool | None) -> None:
    assert status_verdict(status, quote) is verdict


@pytest.mark.parametrize(
    ("expected", "quote", "verdict"),
    [
        (True, "someone will ring you", True),
        (True, "please don't call me", False),
        (False, "no need to call", True),
        (False, "call me tomorrow", False),
        (True, "thanks", None),
    ],
)
def test_callback(expected: bool, quote: str, verdict: bool | None) -> None:
    assert callback_verdict(expected, quote) is verdict


@pytest.mark.parametrize(
    ("kind", "quote", "verdict"),
    [
        ("receipt", "mi serve la ricevuta", True),
        ("invoice", "a copy of the bill", True),
        ("invoice", "the receipt please", False),
        ("payment_link", "send me the link", True),
        ("statement", "that paper", None),
    ],
)
def test_document(kind: str, quote: str, verdict: bool | None) -> None:
    assert document_verdict(kind, quote) is verdict
