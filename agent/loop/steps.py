"""What a run writes into its trace at each stage: redacted material only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agent.call import RedactedCall
from agent.errors import AgentError, RedactionError
from agent.loop.desk import Cleaner, Record
from agent.run import ProcessLine, Run, Step, StepKind
from agent.store import Store

if TYPE_CHECKING:
    from agent.extraction.extract import Exchange, ExtractedCall


def recorder(store: Store, run: Run) -> Record:
    """A function that appends steps to ``run`` under this attempt. Raises Superseded when it lost the run."""

    def record(kind: StepKind, title: str, data: dict[str, Any]) -> Step:
        return store.append(run.run_id, run.attempt, kind, title, data)

    return record


def tell_arrival(record: Record, call: RedactedCall) -> None:
    """The call came in, and what redaction took out of it."""
    record(
        "received",
        f"{len(call.turns)} turns from {call.source}",
        call.model_dump(mode="json", include={"direction", "started_at", "ended_at", "from_number", "to_number"}),
    )
    classes = sorted(call.classes())
    removed = len({redaction.placeholder for redaction in call.redactions})
    data = {
        "classes": classes,
        "flagged": call.flagged,
        "redactions": [redaction.model_dump(mode="json") for redaction in call.redactions],
    }
    record("redacted", f"{removed} identifiers removed" if removed else "nothing to remove", data)


def tell_extraction(record: Record, understood: ExtractedCall, redactor: Cleaner) -> None:
    """Each exchange with the model, then what was understood."""
    for number, exchange in enumerate(understood.exchanges, start=1):
        record("model", f"read the call, request {number}", _exchange(exchange, redactor))
    extraction = understood.extraction
    record("extracted", extraction.scenario.label.value, {"extraction": extraction.model_dump(mode="json")})


_PROMPT_MESSAGES = 2  # instructions and call; everything after them repeats model output


def _exchange(exchange: Exchange, redactor: Cleaner) -> dict[str, Any]:
    """One exchange as the trace keeps it: exact messages, prompt version, answer, tokens and seconds.

    The prompt holds redacted text only; what a model answered, also where a re-ask repeats it, might hold a
    number it made up.
    """
    prompt, repeated = exchange.messages[:_PROMPT_MESSAGES], exchange.messages[_PROMPT_MESSAGES:]
    return {
        "prompt": exchange.prompt_version,
        "messages": [*prompt, *redactor.redact_json(list(repeated))],
        "answer": redactor.redact_text(exchange.answer),
        "prompt_tokens": exchange.tokens.prompt,
        "completion_tokens": exchange.tokens.completion,
        "seconds": round(exchange.tokens.seconds, 3),
    }


def tell_end(record: Record, line: ProcessLine) -> None:
    """The hand-off, and how the run ended."""
    if line.handoff is not None:
        record("handoff", line.handoff.status, line.handoff.model_dump(mode="json"))
    record("finished", line.outcome.value, {"usage": line.usage.model_dump(mode="json"), "error": line.error})


_WORDS = 6
"""So many words in a row that stand in the call as well are words of the call."""


def told(error: AgentError, call: RedactedCall, redactor: Cleaner) -> str:
    """The sentence of ``error`` as trace and line show it.

    Our own errors are one sentence of our own. One that repeats the call (a model client may put its prompt
    into its errors) is shown as its kind only.
    """
    try:
        sentence = redactor.redact_text(str(error))
    except RedactionError as broken:
        return str(broken)
    words, said = sentence.split(), " ".join(" ".join(turn.text for turn in call.turns).split())
    repeats = any(" ".join(words[at : at + _WORDS]) in said for at in range(len(words) - _WORDS + 1))
    return str(type(error)()) if repeats else sentence
