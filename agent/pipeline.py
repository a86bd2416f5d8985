"""What happens to one finished call, from the payload to the hand-off, on one screen.

    Call -> redaction -> RedactedCall -> extraction -> Extraction -> look-ups and proposed actions
         -> policy -> executed | waiting for review | denied -> hand-off -> ProcessLine and the run's steps

Each stage takes one typed value and gives one. Nothing after redaction can see the raw call.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from agent.call import Call, RedactedCall
from agent.capture import Extraction
from agent.case import ReviewCase
from agent.clock import Clock
from agent.errors import AgentError, ConfigurationError, ModelError, NeedsPerson, RedactionError, Superseded
from agent.extraction.extract import extract
from agent.loop import closing, duties, steps
from agent.loop.desk import Desk, Record
from agent.loop.holding import hold
from agent.loop.resuming import approver_of, carry_out_approved, extraction_of
from agent.loop.tool_loop import Limits, Spent, run_loop
from agent.models.seam import ModelClient, Tokens
from agent.redaction import Redactor
from agent.run import Outcome, ProcessLine, Run, envelope_of
from agent.settings import Settings
from agent.store import Store
from agent.workspace import Workspace
from tools.registry import operations
from tools.toolbox import Toolbox


@dataclass(frozen=True)
class Deps:
    """Everything a run needs from outside. ``world`` is the sandbox file's path, None on real systems;
    ``dry_run`` proposes every effect and carries none out. ``patience`` is how many seconds a worker waits
    for the line of a call that another worker took over."""

    store: Store
    client: ModelClient
    toolbox: Toolbox
    redactor: Redactor
    workspace: Workspace
    settings: Settings
    clock: Clock
    world: str | None = None
    limits: Limits = field(default_factory=Limits)
    dry_run: bool = False
    patience: float = 0.0


_LOOK_EVERY = 0.1


def process(call: Call, deps: Deps) -> ProcessLine:
    """Handle one call and give its output line; a call that was handled before gives its stored line.

    A failed run is stored as failed and tried again the next time; the ledger keeps each effect at most
    once, whatever happens in between. Of a call that cannot be redacted only an envelope is kept. Raises ConfigurationError (also StorageError): nothing that a call,
    a model or an outside system does ends in an exception.
    """
    _refuse_foreign(call, deps)
    kept = deps.store.line_for(call.workspace_id, call.call_id)
    if kept is not None and kept.outcome is not Outcome.FAILED:
        return kept.model_copy(update={"repeated": True})
    try:
        redacted = deps.redactor.redact_call(call)
    except Exception:  # noqa: BLE001 - whatever broke may hold what was said, so nothing of it goes on
        return _unread(call, deps)
    try:
        run = deps.store.begin(redacted, run_id=deps.clock.new_id("run"), model=deps.client.name, world=deps.world)
        line = _handled(redacted, run, deps)
        deps.store.finish(run.run_id, run.attempt, line)
    except Superseded as error:
        return _someone_elses(redacted, deps, str(error))
    return line


def _handled(call: RedactedCall, run: Run, deps: Deps) -> ProcessLine:
    """Understand the call, look things up, act as the rules allow, hand off."""
    record = steps.recorder(deps.store, run)
    steps.tell_arrival(record, call)
    try:
        line = _followed_up(call, run, deps, record)
    except (ModelError, RedactionError) as error:
        line = _undecided(call, run, deps, record, error)
    except AgentError:
        raise
    except Exception as error:  # noqa: BLE001 - as above: one failed line, and the other calls go on
        line = _undecided(call, run, deps, record, _unforeseen(error))
    steps.tell_end(record, line)
    return line


def _undecided(call: RedactedCall, run: Run, deps: Deps, record: Record, error: AgentError) -> ProcessLine:
    told = steps.told(error, call, deps.redactor)
    record("failed", "no decision was reached", {"error": told})
    return _failed(call, run.run_id, deps, told)


def _unread(call: Call, deps: Deps) -> ProcessLine:
    """The line of a call that could not be redacted, after its envelope was kept."""
    deps.store.keep_envelope(envelope_of(call, deps.clock.now()))
    return closing.unread_line(
        call,
        model=deps.client.name,
        error=str(RedactionError()),
        workspace=deps.workspace,
        sandbox=deps.toolbox.sandbox,
    )


def _unforeseen(error: Exception) -> AgentError:
    """A failure nobody named: its type only, because its text may hold what was said on the call."""
    return AgentError(f"an unexpected error stopped this call ({type(error).__name__})")


def _followed_up(call: RedactedCall, run: Run, deps: Deps, record: Record) -> ProcessLine:
    """The story itself. Raises ModelError for a call that was not understood, RedactionError; once it is
    understood a failure makes a failed line that holds all that was done."""
    understood = extract(call, client=deps.client, workspace=deps.workspace)
    steps.tell_extraction(record, understood, deps.redactor)
    desk, spent = open_desk(call, understood.extraction, run, deps, record), Spent()
    try:
        if duties.worth_doing(desk):
            run_loop(desk, deps.client, deps.limits, spent)
        if spent.problem is None:
            duties.fulfil(desk)
    except RedactionError as error:
        spent.problem = error
    except AgentError:
        raise
    except Exception as error:  # noqa: BLE001 - what one call's records trip over must not stop the others
        spent.problem = _unforeseen(error)
    usage = closing.usage_of(deps.client.name, understood.tokens + spent.tokens, deps.limits.price)
    if spent.problem is not None:
        told = steps.told(spent.problem, call, deps.redactor)
        record("failed", "the follow-up broke off", {"error": told})
        return closing.broken_off_line(desk, error=told, usage=usage)
    reasons = closing.review_reasons(desk)
    ended = closing.outcome(desk, reasons)
    note = closing.final_handoff(desk, ended)
    review = hold(desk, reasons, note, run, deps.store) if ended is Outcome.REVIEW else None
    return closing.line(desk, ended, review, note, usage)


def resume(case: ReviewCase, deps: Deps) -> ProcessLine:
    """Carry out what was approved on ``case`` and give the run's new line, which is stored too.

    Everything is looked up afresh and decided again first; an approval older than the workspace allows is
    asked for again. Calling it again does nothing twice. Raises NeedsPerson for a run that never reached a
    decision, or a case that nobody approved.
    """
    run = deps.store.run(case.run_id)
    if run.line is None:
        raise NeedsPerson(f"run {case.run_id} has not ended, so nothing of it can be approved")
    call = deps.store.redacted_call(case.workspace_id, case.call_id)
    record = steps.recorder(deps.store, run)
    desk = open_desk(call, extraction_of(run), run, deps, record, approved_by=approver_of(case))
    line = carry_out_approved(desk, case, run.line, deps.store)
    deps.store.replace_line(run.run_id, line)
    steps.tell_end(record, line)
    return line


def open_desk(
    call: RedactedCall, extraction: Extraction, run: Run, deps: Deps, record: Record, approved_by: str | None = None
) -> Desk:
    """The working state of ``run``, with the operations whose systems are connected here."""
    known = operations()
    connected = {system for system in {one.system for one in known.values()} if deps.toolbox.configured(system) is None}
    return Desk(
        run_id=run.run_id,
        call=call,
        extraction=extraction,
        workspace=deps.workspace,
        operations=known,
        tools=deps.toolbox,
        redactor=deps.redactor,
        ledger=deps.store,
        clock=deps.clock,
        record=record,
        public_url=deps.settings.public_url,
        available=frozenset(name for name, one in known.items() if one.system in connected),
        stand_in=deps.client.is_stand_in,
        dry_run=deps.dry_run,
        approved_by=approved_by,
    )


def _failed(call: RedactedCall, run_id: str | None, deps: Deps, error: str) -> ProcessLine:
    return closing.failed_line(
        call,
        run_id,
        error=error,
        usage=closing.usage_of(deps.client.name, Tokens()),
        workspace=deps.workspace,
        public_url=deps.settings.public_url,
        sandbox=deps.toolbox.sandbox,
    )


def _refuse_foreign(call: Call, deps: Deps) -> None:
    """A workspace's rules are for its own calls; real systems need a workspace file that says whose they are."""
    known = deps.workspace.id
    if known is None and not deps.toolbox.sandbox:
        raise ConfigurationError("a live run needs a workspace file with an id")
    if known is not None and known != call.workspace_id:
        raise ConfigurationError(f"call {call.call_id} belongs to workspace {call.workspace_id}, not to {known}")


def _someone_elses(call: RedactedCall, deps: Deps, error: str) -> ProcessLine:
    """Another worker has this call: its line as soon as it has one, else, when patience ends, a line that
    says so and is not stored."""
    until = time.monotonic() + deps.patience
    while True:
        kept = deps.store.line_for(call.workspace_id, call.call_id)
        if kept is not None and kept.outcome is not Outcome.FAILED:
            return kept.model_copy(update={"repeated": True})
        if time.monotonic() >= until:
            return _failed(call, None, deps, error)
        time.sleep(_LOOK_EVERY)
