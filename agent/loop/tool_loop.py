"""The tool-calling loop: the model picks look-ups and proposes actions; the house decides (C05).

Bounded by turns, tool calls and tokens. Whatever the model answers (a tool that does not exist, arguments
that do not parse, the same thing for ever) becomes a recorded refusal or an end of the loop, never an
effect. Actions are only noted here: they are decided again and carried out when the look-ups are over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import prompts
from agent.errors import AgentError, ModelError
from agent.extraction.prompting import render_call
from agent.extraction.tokens import estimate
from agent.loop import scenarios
from agent.loop.actions import propose
from agent.loop.desk import Desk, Reply
from agent.loop.lookups import look_up
from agent.loop.rules.lookups import unfinished_lookups
from agent.loop.tool_defs import definitions
from agent.models.seam import Chat, Message, ModelClient, Tokens, WantedTool
from agent.run import PolicyDecision, Verdict
from agent.settings import Price
from tools.connector import Operation

PROMPT = "choose_tools"
_LARGEST_ANSWER = 6000
"""Most characters of one tool answer that the model is shown; lists are cut from their end."""


_LONGEST_ARGUMENTS = 20_000
_UNKNOWN = PolicyDecision(verdict=Verdict.DENY, rule="call.unknown_tool", reason="there is no such tool")
_NOT_OFFERED = PolicyDecision(
    verdict=Verdict.DENY, rule="call.not_offered", reason="this tool is not for this kind of call"
)
_NO_OBJECT = PolicyDecision(
    verdict=Verdict.DENY, rule="call.bad_arguments", reason="the arguments are not a JSON object"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a run's loop may go; ``tokens`` counts prompt and completion over all turns. ``cost_usd``
    bounds their price, where ``price`` says what that is."""

    turns: int = 8
    tool_calls: int = 30
    tokens: int = 60_000
    cost_usd: float | None = None
    price: Price | None = None


@dataclass
class Spent:
    """What the loop has used; ``problem`` is the failure that ended the follow-up."""

    tokens: Tokens = field(default_factory=Tokens)
    turns: int = 0
    tool_calls: int = 0
    problem: AgentError | None = None


def run_loop(desk: Desk, client: ModelClient, limits: Limits | None = None, spent: Spent | None = None) -> Spent:
    """Let the model work until it stops or a bound is reached; a bound is a reason for review.

    ``spent`` is counted up on the way, so that a caller who keeps it knows the cost of a loop that broke off.
    """
    limits, spent = limits or Limits(), spent or Spent()
    offered = scenarios.offered_tools(desk.extraction, desk.available)
    if not offered:
        return spent
    tools = definitions(offered, desk.operations)
    messages = opening(desk)
    shown, reminded = 0, False
    while True:
        bound = _bound_reached(spent, limits, messages)
        if bound is not None:
            desk.need_person("loop.budget", f"The look-ups were stopped before the model was done: {bound}.")
            return spent
        try:
            chat = client.chat(messages, tools)
        except ModelError as error:
            spent.problem = error
            return spent
        _count(spent, chat, messages)
        said = _masked(desk, chat.message)
        _record(desk, spent.turns, messages[shown:], offered, said, chat.tokens)
        messages.append(said)
        shown = len(messages)
        if chat.wanted:
            messages.extend(_answer(desk, chat.wanted, frozenset(offered), spent, limits))
            continue
        missing = unfinished_lookups(desk.facts())
        if missing is None or reminded:
            return spent
        reminded = True
        messages.append({"role": "user", "content": f"Not looked up yet: {missing}. Look it up, or answer to stop."})


def opening(desk: Desk) -> list[Message]:
    """The first two messages: the prompt, and the call with what was understood; the transcript is last."""
    head, mark, transcript = render_call(desk.call, desk.workspace).partition("<transcript>")
    understood = json.dumps(_understood(desk), ensure_ascii=False, separators=(",", ":"))
    templates = " ".join(sorted(desk.workspace.templates))
    user = (
        f"{head}<understood>\n{understood}\n</understood>\n"
        f"<workspace>\ntemplates: {templates}\n</workspace>\n{mark}{transcript}"
    )
    return [{"role": "system", "content": prompts.load(PROMPT).text}, {"role": "user", "content": user}]


def _understood(desk: Desk) -> dict[str, Any]:
    extraction = desk.extraction
    facts = {name: extraction.capture.value(name) for name in type(extraction.capture).model_fields}
    return {
        "scenario": extraction.scenario.label.value,
        "secondary": [label.value for label in extraction.scenario.secondary],
        "document_kind": extraction.document_kind.value,
        "signals": [heard.signal.value for heard in extraction.signals],
        "facts": {name: value for name, value in facts.items() if value is not None},
    }


def _bound_reached(spent: Spent, limits: Limits, messages: Sequence[Message]) -> str | None:
    if spent.turns >= limits.turns:
        return f"{limits.turns} turns"
    if spent.tool_calls >= limits.tool_calls:
        return f"{limits.tool_calls} tool calls"
    if spent.tokens.prompt + spent.tokens.completion + estimate(messages) > limits.tokens:
        return f"{limits.tokens} tokens"
    if limits.price is not None and limits.cost_usd is not None:
        cost = limits.price.cost(spent.tokens.prompt + estimate(messages), spent.tokens.completion)
        if cost > limits.cost_usd:
            return f"{limits.cost_usd:g} US dollars"
    return None


def _count(spent: Spent, chat: Chat, messages: Sequence[Message]) -> None:
    """A provider that reports no usage is counted by our own estimate, so that the bound holds."""
    spent.turns += 1
    spent.tokens += chat.tokens
    if not chat.tokens.prompt:
        spent.tokens += Tokens(prompt=estimate(messages))


def _answer(
    desk: Desk, wanted: Sequence[WantedTool], offered: frozenset[str], spent: Spent, limits: Limits
) -> list[Message]:
    """Deal with one turn's tool calls, look-ups before actions; the answers stand in the order asked."""
    by_wire = {operation.wire_name: operation for operation in desk.operations.values()}
    order = sorted(range(len(wanted)), key=lambda i: not _is_lookup(by_wire.get(wanted[i].name)))
    replies: dict[int, Reply] = {}
    for index in order:
        if spent.tool_calls >= limits.tool_calls:
            replies[index] = Reply("denied", reason="no more tool calls in this run; answer to stop")
            continue
        spent.tool_calls += 1
        replies[index] = _one(desk, wanted[index], by_wire.get(wanted[index].name), offered)
    return [
        {"role": "tool", "tool_call_id": tool.id, "content": _told(replies[index])} for index, tool in enumerate(wanted)
    ]


def _is_lookup(operation: Operation | None) -> bool:
    return operation is not None and operation.is_lookup


def _one(desk: Desk, tool: WantedTool, operation: Operation | None, offered: frozenset[str]) -> Reply:
    if operation is None:
        return desk.deny(_name(desk, tool.name), "action", _UNKNOWN, {})
    kind: Literal["lookup", "action"] = "lookup" if operation.is_lookup else "action"
    if operation.name not in offered:
        return desk.deny(operation.name, kind, _NOT_OFFERED, {})
    arguments = _parsed(tool.arguments)
    if arguments is None:
        return desk.deny(operation.name, kind, _NO_OBJECT, {})
    return look_up(desk, operation, arguments) if operation.is_lookup else propose(desk, operation, arguments)


def _name(desk: Desk, wire: str) -> str:
    """An unknown tool's name, made safe to keep."""
    plain = re.sub(r"[^A-Za-z0-9_.-]", "", wire)[:64].replace("__", ".", 1)
    return desk.redactor.redact_text(plain) or "unnamed"


def _parsed(text: str) -> dict[str, Any] | None:
    """The arguments as a JSON object without nulls; an empty text is no arguments.

    None for anything else: not JSON, not an object, longer than any real arguments, not storable text.
    """
    if len(text) > _LONGEST_ARGUMENTS:
        return None
    try:
        value = json.loads(text or "{}", parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return {key: one for key, one in value.items() if one is not None} if isinstance(value, dict) else None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _storable(value: Any) -> Any:
    """``value`` as plain JSON, with what is no valid text replaced: a model may answer half a character."""
    return json.loads(json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace"))


def _told(reply: Reply) -> str:
    told = reply.as_json()
    text = json.dumps(told, ensure_ascii=False, default=str)
    result = told["result"]
    while len(text) > _LARGEST_ANSWER and isinstance(result, list) and len(result) > 1:
        result = result[: len(result) // 2]
        text = json.dumps({**told, "result": result, "more": True}, ensure_ascii=False, default=str)
    return (
        text if len(text) <= 4 * _LARGEST_ANSWER else json.dumps({"status": reply.status, "result": "too long to show"})
    )


def _masked(desk: Desk, message: Message) -> Message:
    """What the model said, as it is kept and repeated to it: a number it made up, or put together, goes no further."""
    said: Message = _storable(message)
    if isinstance(said.get("content"), str):
        said["content"] = desk.redactor.redact_text(said["content"])
    for call in said.get("tool_calls") or ():
        asked = call["function"]
        asked["arguments"] = _masked_arguments(desk, asked["arguments"])
        asked["name"] = asked["name"] if desk.redactor.redact_text(asked["name"]) == asked["name"] else "unnamed"
    return said


def _masked_arguments(desk: Desk, text: str) -> str:
    """Arguments stay JSON where they are JSON: some servers read them."""
    given = _parsed(text)
    if given is None:
        return desk.redactor.redact_text(text)
    clean = desk.redactor.redact_json(given)
    return text if clean == given else json.dumps(clean, ensure_ascii=False)


def _record(
    desk: Desk, turn: int, added: Sequence[Message], offered: Sequence[str], said: Message, tokens: Tokens
) -> None:
    """One model exchange into the trace: the messages added since the last one and the answer, exactly as they
    are sent and repeated."""
    data = {
        "prompt": prompts.load(PROMPT).version,
        "messages": list(added),
        "tools": list(offered) if turn == 1 else "as before",
        "answer": said,
        "prompt_tokens": tokens.prompt,
        "completion_tokens": tokens.completion,
        "seconds": round(tokens.seconds, 3),
    }
    desk.record("model", f"choose tools, turn {turn}", data)
