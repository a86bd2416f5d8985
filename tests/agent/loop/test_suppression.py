"""The suppression flags: what is private in a call, and what a run sends."""

from __future__ import annotations

from typing import Any

import pytest

from agent.capture import Scenario
from agent.loop.suppression import suppression
from agent.run import PolicyDecision, ToolCall, ToolStatus, Verdict
from tests.agent.loop.builders import call, extraction
from tools.registry import operations


def made(tool: str, status: str = "executed", **arguments: Any) -> ToolCall:
    why = PolicyDecision(verdict=Verdict.ALLOW, rule="r", reason="because")
    return ToolCall(tool=tool, kind="action", status=ToolStatus(status), arguments=arguments, policy=why)


@pytest.mark.covers("S22")
@pytest.mark.parametrize(
    ("one", "private"),
    [
        (made("quickbooks.send_invoice", invoice_id="1"), True),
        (made("stripe.send_invoice", invoice="in_1"), True),
        (made("gmail.send_message", template="receipt"), True),
        (made("gmail.send_message", "proposed", template="invoice_copy"), True),
        (made("gmail.create_draft", template="receipt_text"), True),
        (made("gdrive.upload_file", record="1"), True),
        (made("gmail.send_message", template="payment_link"), False),
        (made("gmail.create_draft", "proposed", template="payment_link"), False),
        (made("gmail.send_message", "denied", template="receipt"), False),
        (made("quickbooks.send_invoice", "failed"), False),
        (made("stripe.create_refund", charge="ch_1"), False),
        (made("zendesk.create_ticket"), False),
        (made("nobody.knows_this"), False),
    ],
)
def test_a_document_that_is_sent_is_private_and_a_payment_link_is_not(one: ToolCall, private: bool) -> None:
    flags = suppression(call(), extraction(Scenario.RENEWAL_FAILURE), [one], operations())
    assert flags.private_billing_document is private


@pytest.mark.covers("S22")
@pytest.mark.parametrize(
    ("kind", "private"), [("invoice", True), ("receipt", True), ("statement", True), ("payment_link", False)]
)
def test_a_document_that_is_asked_for_is_private(kind: str, private: bool) -> None:
    flags = suppression(call(), extraction(Scenario.RENEWAL_FAILURE, document_kind=kind))
    assert flags.private_billing_document is private
