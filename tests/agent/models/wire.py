"""Canned chat-completions answers for a mock transport, and what was asked of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import httpx2

Reply = httpx2.Response | Exception | Callable[[dict[str, Any]], httpx2.Response]


def completion(
    *,
    content: str | None = None,
    tools: Sequence[tuple[str, str]] = (),
    refusal: str | None = None,
    finish: str | None = None,
    tokens: tuple[int, int] | None = (11, 7),
) -> httpx2.Response:
    """One chat completion with tool calls given as (name, arguments text)."""
    message: dict[str, Any] = {"role": "assistant", "content": content, "refusal": refusal}
    if tools:
        message["tool_calls"] = [
            {"id": f"t{at}", "type": "function", "function": {"name": name, "arguments": arguments}}
            for at, (name, arguments) in enumerate(tools)
        ]
    body: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": finish or ("tool_calls" if tools else "stop")}],
    }
    if tokens:
        prompt, said = tokens
        body["usage"] = {"prompt_tokens": prompt, "completion_tokens": said, "total_tokens": prompt + said}
    return httpx2.Response(200, json=body)


class Server:
    """Gives its replies in order (the last one again and again) and keeps the request bodies."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.asked: list[dict[str, Any]] = []

    def transport(self) -> httpx2.MockTransport:
        return httpx2.MockTransport(self._handle)

    def _handle(self, request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.content)
        self.asked.append(body)
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, Exception):
            raise reply
        return reply(body) if callable(reply) else reply
