"""What happens to one finished call, from the payload to the hand-off, on one screen.

    Call -> redaction -> RedactedCall -> extraction -> Extraction -> look-ups and proposed actions
         -> policy -> executed | waiting for review | denied -> hand-off -> ProcessLine and the run's steps

Each stage takes one typed value and gives one. Nothing after redaction can see the raw call.
"""

from __future__ import annotations

from dataclasses import dataclass

from agent.call import Call, RedactedCall
from agent.capture import Extraction
from agent.clock import Clock
from agent.errors import ConfigurationError, ModelError, RedactionError, Superseded
from agent.extraction.extract import ExtractedCall, extract
from agent.loop import closing, duties
from agent.loop.desk import Desk, Record
from agent.loop.tool_loop import Limits, run_loop
from agent.models.seam import ModelClient, Tokens
from agent.redaction import Redactor
from agent.review.opening import hold
from agent.run import Outcome, ProcessLine, Run
from agent.settings import Settings
from agent.steps import recorder, tell_arrival, tell_end, tell_extraction
from agent.store.store import Store
from agent.workspace import Workspace
from tools.registry import operations
from tools.toolbox import Toolbox


@dataclass(frozen=True)
class Deps:
    """Everything a run needs from outside. ``world`` is the sandbox file's path, None on real systems;
    ``dry_run`` proposes every effect and carries none out."""

    store: Store
    client: ModelClient
    toolbox: Toolbox
    redactor: Redactor
    workspace: Workspace
    settings: Settings
    clock: Clock
    world: str | None = None
    limits: Limits = Limits()
    dry_run: bool = False


def process(call: Call, deps: Deps) -> ProcessLine:
    """Handle one call and give its output line; a call that was handled before gives its stored line.

    A failed run is stored as failed and tried again the next time; the ledger keeps each effect at most
    once, whatever happens in between. Raises ConfigurationError (also StorageError): nothing that a call,
    a model or an outside system does ends in an exception.
    """
    _refuse_foreign(call, deps)
    kept = deps.store.line_for(call.workspace_id, call.call_id)
    if kept is not None and kept.outcome is not Outcome.FAILED:
        return kept.model_copy(update={"repeated": True})
    try:
        redacted = deps.redactor.redact_call(call)
    except RedactionError as error:
        return closing.unread_line(call, model=deps.client.name, error=str(error), sandbox=deps.toolbox.sandbox)
    try:
        run = deps.store.begin(redacted, run_id=deps.clock.new_id("run"), model=deps.client.name, world=deps.world)
        line = _handled(redacted, run, deps)
        deps.store.finish(run.run_id, run.attempt, line)
    except Superseded as error:
        return _someone_elses(redacted, deps, str(error))
    return line


def _handled(call: RedactedCall, run: Run, deps: Deps) -> ProcessLine:
    """Understand the call, look things up, act as the rules allow, hand off."""
    record = recorder(deps.store, run)
    tell_arrival(record, call)
    try:
        understood = extract(call, client=deps.client, workspace=deps.workspace)
    except ModelError as error:
        return _unread(call, run, deps, record, error)
    tell_extraction(record, understood)
    desk = open_desk(call, understood.extraction, run, deps, record)
    spent = run_loop(desk, deps.client, deps.limits)
    usage = closing.usage_of(deps.client.name, understood.tokens + spent.tokens)
    if spent.problem is not None:
        record("failed", "the model broke off while choosing tools", {"error": str(spent.problem)})
        return closing.broken_off_line(desk, error=str(spent.problem), usage=usage)
    duties.fulfil(desk)
    reasons = closing.review_reasons(desk)
    ended = closing.outcome(desk, reasons)
    note = closing.final_handoff(desk, ended)
    review = hold(desk, reasons, note, run, deps) if ended is Outcome.REVIEW else None
    line = closing.line(desk, ended, review, note, usage)
    tell_end(record, line)
    return line
