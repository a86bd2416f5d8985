"""Gmail: one recipient, no header tricks, a Message-ID made from the key."""

from __future__ import annotations

import base64
import json
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from tests.tools.conftest import KEY, Lab
from tools.connector import Answer, Lost
from tools.registry import operations
from tools.toolbox import UNKNOWN

MAIL: dict[str, Any] = {
    "to": "zoe@lanternbakery.example",
    "subject": "Quittung für LB-2041",
    "body": "Grüß Gott,\nhttps://receipts.stripe.example/r1\n",
    "template": "receipt",
    "record": "ch_Lantern0001",
}


def _mail(request: httpx.Request) -> Message:
    body = json.loads(request.content)
    raw = body.get("raw") or body["message"]["raw"]
    return message_from_bytes(base64.urlsafe_b64decode(raw), policy=default)


@pytest.mark.covers("S43")
def test_a_sent_mail_on_the_wire(lab: Lab) -> None:
    answer = lab.run("gmail.send_message", **MAIL)
    assert str(lab.last.url) == "https://gmail.googleapis.com/gmail/v1/users/me/messages/send"
    mail = _mail(lab.last)
    assert (mail["To"], mail["Subject"]) == ("zoe@lanternbakery.example", "Quittung für LB-2041")
    assert mail["Message-ID"] == f"<{KEY}@billing-agent.invalid>"
    assert "Grüß Gott" in mail.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "ch_Lantern0001" not in mail.as_string()
    assert answer.vendor_id


def test_a_draft_is_only_a_draft(lab: Lab) -> None:
    lab.run("gmail.create_draft", **MAIL)
    assert lab.last.url.path == "/gmail/v1/users/me/drafts"
    assert _mail(lab.last)["To"] == "zoe@lanternbakery.example"
    assert not lab.sandbox.vendors["gmail"].records["messages"]


@pytest.mark.parametrize("name", ["gmail.send_message", "gmail.create_draft"])
def test_a_lost_mail_is_looked_up_and_never_surely_absent(lab: Lab, name: str) -> None:
    assert lab.find_again(name, **MAIL) is UNKNOWN
    lab.faults.lose("gmail", method="POST")
    with pytest.raises(Lost):
        lab.run(name, **MAIL)
    assert isinstance(lab.find_again(name, **MAIL), Answer)
    assert f"rfc822msgid:{KEY}@" in lab.last.url.params["q"]


@pytest.mark.parametrize(
    "changes",
    [
        {"to": "a@b.example, c@d.example"},
        {"to": "Zoe <zoe@lanternbakery.example>"},
        {"subject": "Hi\nBcc: x@y.example"},
        {"body": ""},
        {"bcc": "x@y.example"},
    ],
)
def test_mails_that_are_refused(lab: Lab, changes: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        lab.arguments("gmail.send_message", **(MAIL | changes))


def test_texts_of_a_sent_mail_are_the_houses(lab: Lab) -> None:
    known = operations()
    assert known["gmail.send_message"].house_fields == {"subject", "body"}
    target = known["gmail.send_message"].target
    assert target is not None
    assert target(lab.arguments("gmail.send_message", **MAIL)) == "zoe@lanternbakery.example|ch_Lantern0001"
