"""Look-ups of a run: read once, checked, masked, matched against the caller (S36, S37)."""

from __future__ import annotations

import re
from typing import Any

from pydantic import ValidationError

from agent.loop import policy
from agent.loop.cleaning import clean_answer
from agent.loop.desk import Desk, Reply
from agent.loop.egress import refused
from agent.loop.facts import Looked
from agent.run import PolicyDecision, ToolCall, ToolStatus, Verdict
from tools.connector import Answer, Arguments, Missing, Operation, ToolError


def look_up(desk: Desk, operation: Operation, raw: dict[str, Any]) -> Reply:
    """Run one lookup, or say why not. The same question is asked of a system once in a run.

    Every answer is masked before it goes anywhere and then matched against the caller. A system that
    cannot be reached makes a failed lookup, which later sends the case to a person.
    """
    try:
        arguments = operation.arguments.model_validate(raw)
    except ValidationError as error:
        return desk.deny(operation.name, "lookup", bad_arguments(error), raw)
    plain = spoken_for(arguments)
    known = _asked_before(desk, operation.name, plain)
    if known is not None:
        return _reply(known)
    refusal = refused(desk, operation, plain)
    if refusal is not None:
        return desk.deny(operation.name, "lookup", refusal, plain)
    decision = policy.lookup_decision(operation, arguments, desk.facts())
    if decision.verdict is not Verdict.ALLOW:
        desk.looked.append(Looked(operation.name, plain, "denied", error=decision.reason))
        return desk.deny(operation.name, "lookup", decision, plain)
    looked = _ask(desk, operation, arguments)
    desk.keep(
        ToolCall(
            tool=operation.name,
            kind="lookup",
            status=ToolStatus.EXECUTED if looked.finished else ToolStatus.FAILED,
            arguments=plain,
            policy=decision,
            error=looked.error,
        ),
        answer=looked.answer.body if looked.answer else None,
    )
    desk.saw(looked)
    return _reply(looked)


def _ask(desk: Desk, operation: Operation, arguments: Arguments) -> Looked:
    plain = spoken_for(arguments)
    try:
        answer = clean_answer(desk.tools.run(operation.name, arguments), desk.redactor)
    except Missing:
        return Looked(operation.name, plain, "not_found")
    except ToolError as error:
        return Looked(operation.name, plain, "failed", error=desk.redactor.redact_text(str(error)))
    return Looked(operation.name, plain, "not_found" if _empty(answer) else "ok", answer)


def _empty(answer: Answer) -> bool:
    """Whether the system answered that there is nothing: no record of any kind and no body to read."""
    return not (answer.parties or answer.documents or answer.owners or answer.body)


def _asked_before(desk: Desk, tool: str, arguments: dict[str, Any]) -> Looked | None:
    same = (one for one in desk.looked if one.tool == tool and one.status != "denied" and one.arguments == arguments)
    return next(same, None)


def _reply(looked: Looked) -> Reply:
    if looked.status == "failed":
        return Reply("failed", reason="the system did not answer")
    if looked.status == "not_found" or looked.answer is None:
        return Reply("not_found")
    return Reply("ok", result=looked.answer.body)


def spoken_for(arguments: Arguments) -> dict[str, Any]:
    """The arguments that were given, as plain JSON: what was left out stays out."""
    return arguments.model_dump(mode="json", exclude_none=True)


def bad_arguments(error: ValidationError) -> PolicyDecision:
    """Why arguments do not fit, by field and kind of mistake only: never the text that was given."""
    faults = error.errors(include_input=False, include_url=False, include_context=False)
    text = "; ".join(
        "an unknown field" if one["type"] == "extra_forbidden" else f"{_place(one['loc'])}: {one['msg']}"
        for one in faults[:4]
    )
    return PolicyDecision(verdict=Verdict.DENY, rule="call.bad_arguments", reason=f"the arguments do not fit: {text}")


def _place(loc: tuple[int | str, ...]) -> str:
    """Where a mistake is. Names of fields are shown; a key that somebody chose may be what must not be shown."""
    return ".".join(str(part) if isinstance(part, int) or _is_name(part) else "(a key)" for part in loc)


def _is_name(part: str) -> bool:
    """Whether ``part`` can be a field of ours: up to three plain words."""
    return re.fullmatch(r"[a-z]+(?:_[a-z]+){0,2}", part) is not None
