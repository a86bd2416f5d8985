"""The chat-completions protocol, as far as this product uses it: one handler for a mock transport."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from agent.models.stand_in.planner import Plan, next_step
from agent.models.stand_in.reader import read
from agent.models.stand_in.transcript import read_prompt

if TYPE_CHECKING:
    import httpx2

READING = "Reading"
_CHARACTERS_PER_TOKEN = 4


def handle(request: httpx2.Request) -> httpx2.Response:
    """Answer one POST /chat/completions; anything else is an error in the protocol's own shape."""
    import httpx2

    if request.method != "POST" or not request.url.path.endswith("/chat/completions"):
        return httpx2.Response(404, json=_error("the stand-in serves POST /chat/completions only"))
    try:
        body = json.loads(request.content)
    except (json.JSONDecodeError, UnicodeDecodeError):
        return httpx2.Response(400, json=_error("the request body is not JSON"))
    if not isinstance(body, dict) or not isinstance(body.get("messages"), list):
        return httpx2.Response(400, json=_error("the request has no messages"))
    return httpx2.Response(200, json=_completion(body, answer(body)))


def answer(body: dict[str, Any]) -> dict[str, Any]:
    """The assistant message for one request body: a Reading when that tool is forced, else a tool turn."""
    messages = [message for message in body["messages"] if isinstance(message, dict)]
    functions = [t["function"] for t in body.get("tools") or () if isinstance(t, dict) and "function" in t]
    heard = read_prompt(messages)
    forced = body.get("tool_choice")
    if isinstance(forced, dict):
        name = str(forced.get("function", {}).get("name", ""))
        if name != READING or heard is None:
            return {"role": "assistant", "content": None, "refusal": "the stand-in can only read a call"}
        return _tool_turn(body, [(READING, read(heard))])
    if heard is None:
        return {"role": "assistant", "content": "There is no call to work on.", "refusal": None}
    plan: Plan = next_step(heard, messages, functions)
    if not plan.calls:
        return {"role": "assistant", "content": plan.text, "refusal": None}
    return _tool_turn(body, [(call.name, call.arguments) for call in plan.calls])


def _tool_turn(body: dict[str, Any], calls: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    turn = len(body["messages"])
    return {
        "role": "assistant",
        "content": None,
        "refusal": None,
        "tool_calls": [
            {
                "id": f"call_{turn}_{at}",
                "type": "function",
                "function": {"name": name, "arguments": json.dumps(arguments, ensure_ascii=False)},
            }
            for at, (name, arguments) in enumerate(calls)
        ],
    }


def _completion(body: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
    # The same request always gets the same id and time, so that recorded runs compare equal.
    asked = json.dumps([body["messages"], body.get("tools")], ensure_ascii=False)
    said = json.dumps(message, ensure_ascii=False)
    prompt, completion = len(asked) // _CHARACTERS_PER_TOKEN, len(said) // _CHARACTERS_PER_TOKEN
    return {
        "id": "chatcmpl-" + hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()[:24],
        "object": "chat.completion",
        "created": 0,
        "model": "stand-in",
        "choices": [
            {
                "index": 0,
                "message": message,
                "finish_reason": "tool_calls" if message.get("tool_calls") else "stop",
                "logprobs": None,
            }
        ],
        "usage": {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion},
    }


def _error(message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None}}
