"""Slack: success is in the body, texts cannot mention people, our key finds a message again."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.tools.conftest import KEY, Lab
from tools.connector import Answer, Lost, Rejected, Unavailable

ALERT: dict[str, Any] = {"topic": "chargeback", "channel": "C0FINANCE", "text": "HIGH: <!channel> & co"}


@pytest.mark.covers("S45")
def test_an_alert_on_the_wire(lab: Lab) -> None:
    answer = lab.run("slack.post_message", **ALERT)
    assert str(lab.last.url) == "https://slack.com/api/chat.postMessage"
    assert lab.last.headers["authorization"] == "Bearer sandbox"
    body = lab.sent_json()
    assert body["text"] == "HIGH: &lt;!channel&gt; &amp; co"
    assert body["metadata"]["event_payload"] == {"key": KEY, "topic": "chargeback"}
    assert body["unfurl_links"] is False
    assert "thread_ts" not in body
    assert answer.vendor_id == answer.body["ts"]


def test_a_reply_stays_in_its_thread(lab: Lab) -> None:
    first = lab.run("slack.post_message", **ALERT).body["ts"]
    given = ALERT | {"thread_ts": first, "topic": "exception"}
    lab.run("slack.post_message", key="1" * 32, **given)
    assert lab.sent_json()["thread_ts"] == first
    assert isinstance(lab.find_again("slack.post_message", key="1" * 32, **given), Answer)
    assert lab.last.url.path == "/api/conversations.replies"


def test_a_lost_alert_is_found_by_its_key(lab: Lab) -> None:
    assert lab.find_again("slack.post_message", **ALERT) is None
    lab.faults.lose("slack", method="POST")
    with pytest.raises(Lost):
        lab.run("slack.post_message", **ALERT)
    assert isinstance(lab.find_again("slack.post_message", **ALERT), Answer)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("channel_not_found", Rejected),
        ("invalid_auth", Rejected),
        ("ratelimited", Unavailable),
        ("internal_error", Lost),
        ("some_new_error", Rejected),
        (None, Lost),
    ],
)
def test_ok_false_on_a_200(lab: Lab, code: str | None, error: type[Exception]) -> None:
    lab.faults.answer("slack", 200, body={"ok": False, "error": code})
    with pytest.raises(error):
        lab.run("slack.post_message", **ALERT)


@pytest.mark.parametrize("changes", [{"topic": "gossip"}, {"text": ""}, {"thread_ts": "now"}, {"blocks": []}])
def test_alerts_that_are_refused(lab: Lab, changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        lab.arguments("slack.post_message", **(ALERT | changes))
