"""Calls, runs and their append-only steps."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent.call import RedactedCall
from agent.errors import BadInput, NotFound, Superseded
from agent.run import Outcome, ProcessLine, Run, Step, StepKind
from agent.store.database import Row, Work
from agent.store.shelf import Shelf, stamp, when


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One row of the list of runs; ``outcome`` and ``scenario`` are None while it is under way."""

    run_id: str
    call_id: str
    workspace_id: str
    model: str
    world: str | None
    attempt: int
    started_at: datetime
    finished_at: datetime | None
    outcome: Outcome | None
    scenario: str | None


@dataclass(frozen=True, slots=True)
class Erasure:
    """The receipt of an erased call: what went, and when."""

    workspace_id: str
    call_id: str
    run_id: str | None
    steps: int
    cases: int
    at: datetime


class RunShelf(Shelf):
    """Which calls came, what was done with them, step by step."""

    def line_for(self, workspace_id: str, call_id: str) -> ProcessLine | None:
        """The stored output line of a finished call, as it was printed first; None when there is none."""
        with self._db.reading() as work:
            row = work.one("run_of_call", workspace_id=workspace_id, call_id=call_id)
        return _line(row) if row is not None else None

    def begin(self, call: RedactedCall, *, run_id: str, model: str, world: str | None) -> Run:
        """Store the redacted call and start its run.

        An unfinished run of the same call, or one that failed, is taken over: it keeps its run id and
        its steps, and its attempt grows by one, which fences off the worker that had it. Raises
        Superseded when the call was already finished by someone else.
        """
        own = {"workspace_id": call.workspace_id, "call_id": call.call_id}
        with self._db.writing() as work:
            row = work.one("run_of_call", **own)
            if row is not None and row["finished_at"] and row["outcome"] != Outcome.FAILED:
                raise Superseded(f"call {call.call_id} was already processed as run {row['run_id']}")
            work.run("put_call", **own, body=call.model_dump_json(), now=self._now())
            work.run("drop_envelope", **own)
            if row is None:
                work.run("add_run", **own, run_id=run_id, model=model, world=world, now=self._now())
            else:
                work.run("take_over_run", run_id=row["run_id"], model=model, world=world)
            return _run(_present(work.one("run_of_call", **own), call.call_id), ())

    def append(self, run_id: str, attempt: int, kind: StepKind, title: str, data: dict[str, Any]) -> Step:
        """Add one step to the run's log. Raises Superseded when ``attempt`` is no longer the run's own."""
        with self._db.writing() as work:
            _fence(work, run_id, attempt)
            seq = work.number("last_seq", run_id=run_id) + 1
            step = Step(seq=seq, attempt=attempt, kind=kind, title=title, at=self._clock.now(), data=data)
            plain = step.model_dump_json(include={"data"})
            work.run(
                "add_step", **step.model_dump(exclude={"data", "at"}), run_id=run_id, at=stamp(step.at), data=plain
            )
        return step

    def finish(self, run_id: str, attempt: int, line: ProcessLine) -> None:
        """Close the run with its output line. Raises Superseded when another attempt has the run."""
        with self._db.writing() as work:
            _fence(work, run_id, attempt)
            work.run("finish_run", run_id=run_id, attempt=attempt, now=self._now(), **_columns(line))

    def replace_line(self, run_id: str, line: ProcessLine) -> None:
        """Store the output line as a decision changed it."""
        with self._db.writing() as work:
            if not work.run("replace_line", run_id=run_id, **_columns(line)):
                raise NotFound(f"run {run_id} is not in this store")

    def run(self, run_or_call_id: str) -> Run:
        """The run with its steps, by run id or call id.

        Raises NotFound, and BadInput for a call id that several workspaces used.
        """
        with self._db.reading() as work:
            row = work.one("run_by_id", id=run_or_call_id)
            if row is None:
                rows = work.all("runs_by_call_id", id=run_or_call_id)
                if len(rows) > 1:
                    raise BadInput(f"call {run_or_call_id} is in several workspaces; name the run id instead")
                row = _present(rows[0] if rows else None, run_or_call_id)
            return _run(row, tuple(_step(step) for step in work.all("steps_of_run", run_id=row["run_id"])))

    def runs(
        self, limit: int = 50, *, workspace_id: str | None = None, outcome: Outcome | None = None
    ) -> list[RunSummary]:
        """The newest runs first."""
        with self._db.reading() as work:
            rows = work.all("list_runs", limit=limit, workspace_id=workspace_id, outcome=outcome)
        return [_summary(row) for row in rows]

    def redacted_call(self, workspace_id: str, call_id: str) -> RedactedCall:
        """The call as redaction left it. Raises NotFound."""
        with self._db.reading() as work:
            row = _present(work.one("get_call", workspace_id=workspace_id, call_id=call_id), call_id)
        return RedactedCall.model_validate_json(row["body"])

    def erase_call(self, workspace_id: str, call_id: str) -> Erasure:
        """Remove the call, its run, steps and cases, or its envelope. The ledger keeps keys and states, without arguments,
        so that no effect can happen twice. Raises NotFound."""
        own = {"workspace_id": workspace_id, "call_id": call_id}
        at = self._clock.now()
        with self._db.writing() as work:
            if not work.run("drop_envelope", **own):
                _present(work.one("get_call", **own), call_id)
            row = work.one("run_of_call", **own)
            run_id = None if row is None else str(row["run_id"])
            steps = cases = 0
            if run_id is not None:
                work.run("note_erasure", **own, run_id=run_id, now=stamp(at))
                steps = work.run("erase_steps", run_id=run_id)
                for name in ("erase_case_locks", "erase_decisions"):
                    work.run(name, run_id=run_id)
                cases = work.run("erase_cases", run_id=run_id)
                work.run("erase_run", run_id=run_id)
            work.run("erase_call", **own)
            work.run("empty_effects", **own)
        self._db.forget_wal()
        return Erasure(workspace_id, call_id, run_id, steps, cases, at)


def _present(row: Row | None, name: str) -> Row:
    if row is None:
        raise NotFound(f"no call or run {name} is in this store")
    return row


def _fence(work: Work, run_id: str, attempt: int) -> None:
    row = _present(work.one("run_attempt", run_id=run_id), run_id)
    if row["attempt"] != attempt:
        raise Superseded(f"run {run_id} was taken over by attempt {row['attempt']}")


def _columns(line: ProcessLine) -> dict[str, Any]:
    label = line.scenario.label.value if line.scenario else None
    return {"outcome": line.outcome.value, "scenario": label, "line": line.model_dump_json()}


def _line(row: Row) -> ProcessLine | None:
    return None if row["line"] is None else ProcessLine.model_validate_json(row["line"])


def _step(row: Row) -> Step:
    return Step(**{**dict(row), "at": when(row["at"]), "data": json.loads(row["data"])["data"]})


def _times(row: Row) -> dict[str, Any]:
    ended = row["finished_at"]
    return {"started_at": when(row["started_at"]), "finished_at": when(ended) if ended else None}


_RUN_FIELDS = ("run_id", "call_id", "workspace_id", "model", "world", "attempt")


def _run(row: Row, steps: tuple[Step, ...]) -> Run:
    return Run(**{name: row[name] for name in _RUN_FIELDS}, **_times(row), steps=steps, line=_line(row))


def _summary(row: Row) -> RunSummary:
    outcome = Outcome(row["outcome"]) if row["outcome"] else None
    own = {name: row[name] for name in _RUN_FIELDS}
    return RunSummary(**own, **_times(row), outcome=outcome, scenario=row["scenario"])
