"""Slack: urgent finance alerts. Success is in the body, not in the status."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from tools.arguments import Identifier
from tools.connector import Answer, Arguments, Effect, Operation
from tools.http import HttpConnector, Judgement, Reply, Verdict
from tools.shapes import rows, table, text

_EVENT = "billing_alert"
_BUSY = frozenset({"ratelimited", "rate_limited"})
_TROUBLE = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})
_FORBIDDEN = frozenset({"not_authed", "invalid_auth", "account_inactive", "token_revoked", "missing_scope"})

Topic = Literal["vip_payment_blocker", "duplicate_charge", "chargeback", "renewal_failure", "exception"]


class PostMessage(Arguments):
    """An alert on one topic, to the finance channel; in a thread when ``thread_ts`` is given."""

    topic: Topic
    channel: Identifier
    text: Annotated[str, Field(min_length=1, max_length=3500)]
    thread_ts: Annotated[str, Field(pattern=r"^\d{1,12}\.\d{1,8}$")] | None = None


def _plain(said: str) -> str:
    """Slack's three control characters escaped, so that no text can mention people or hide a link."""
    return said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Slack(HttpConnector):
    """Client of one workspace. Credentials: bot_token."""

    system = "slack"
    home = "https://slack.com/api"

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret('bot_token')}"}

    def judge(self, reply: Reply) -> Judgement | None:
        judgement = super().judge(reply)
        data = table(reply.data)
        if judgement is not None or data.get("ok") is True:
            return judgement
        error = data.get("error")
        if error in _BUSY:
            return Judgement(Verdict.THROTTLED)
        if error in _FORBIDDEN:
            return Judgement(Verdict.FORBIDDEN)
        if error == "channel_not_found":
            return Judgement(Verdict.REFUSED, "knows no such channel, or the bot is not in it")
        if error in _TROUBLE or not isinstance(error, str):
            return Judgement(Verdict.TROUBLE)
        return Judgement(Verdict.REFUSED)

    def post_message(self, args: PostMessage, key: str | None) -> Answer:
        """Post the alert, with our key in its metadata."""
        body: dict[str, Any] = {
            "channel": args.channel,
            "text": _plain(args.text),
            "metadata": {"event_type": _EVENT, "event_payload": {"key": key or "", "topic": args.topic}},
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if args.thread_ts:
            body["thread_ts"] = args.thread_ts
        data = table(self.write("POST", "/chat.postMessage", json=body).data)
        if text(data.get("ts")) is None:
            raise self.lost("the answer does not name the message")
        return _posted(data, text(data.get("channel")) or args.channel)

    def find_message(self, args: PostMessage, key: str) -> Answer | None:
        """The message with our key among the channel's (or thread's) latest, else None."""
        params: dict[str, str | int | bool] = {
            "channel": args.channel,
            "limit": 200,
            "include_all_metadata": "true",
        }
        method = "/conversations.history"
        if args.thread_ts:
            method, params["ts"] = "/conversations.replies", args.thread_ts
        for row in rows(table(self.read("GET", method, params=params).data).get("messages")):
            payload = table(table(row.get("metadata")).get("event_payload"))
            if payload.get("key") == key and text(row.get("ts")):
                return _posted(row, args.channel)
        return None


def _posted(row: dict[str, Any], channel: str) -> Answer:
    ts = text(row.get("ts"))
    return Answer({"channel": channel, "ts": ts}, vendor_id=ts)


OPERATIONS = (
    Operation(
        "slack.post_message",
        Effect.ALERT,
        "Alert finance in Slack about an urgent matter.",
        PostMessage,
        Slack.post_message,
        house_fields=frozenset({"channel", "text", "thread_ts"}),
        target=lambda args: str(args.topic),
        find_again=Slack.find_message,
        idempotency="read_back",
        broad_access=True,
    ),
)
