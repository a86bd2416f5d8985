"""Runs the real product over a suite, in this process, on a store that is thrown away.

Calls with an expected outcome go through the whole pipeline against a sandbox world; the others are only
redacted and read, which is all that their gold speaks about.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from agent.call import Call
from agent.errors import ModelError
from agent.extraction.extract import extract
from agent.intake import read_record
from agent.models.client import open_model
from agent.pipeline import process
from agent.redaction import Redactor
from agent.settings import Settings
from agent.wiring import Options, Wiring
from agent.workspace import Workspace
from evals.gold import DEFAULT_WORLD, Suite, Where, packaged

Progress = Callable[[int, int], None]


def _silent(done: int, total: int) -> None:
    """Reports nothing."""


@contextmanager
def world_file(path: Path | None = None, own: Where = DEFAULT_WORLD) -> Iterator[Path]:
    """``path``, or the packaged world ``own`` as a real file."""
    if path is not None:
        yield path
        return
    with resources.as_file(packaged(own)) as packed:
        yield packed


def whole_calls(suite: Suite) -> bool:
    """Whether the suite's gold speaks about outcomes, so that the whole pipeline has to run."""
    return any(row.gold.outcome is not None for row in suite.calls)


def run_suite(
    suite: Suite, settings: Settings, *, world: Path | None = None, progress: Progress = _silent
) -> list[dict[str, Any]]:
    """Output lines for every call of ``suite``, in its order; a failed call gives its failed line.

    ``world`` replaces the suite's own sandbox world.
    """
    calls = [read_record(row.call) for row in suite.calls]
    outputs: list[dict[str, Any]] = []
    with world_file(world, suite.world) as file:
        lines = _processed(calls, settings, file) if whole_calls(suite) else _read(calls, settings)
        for line in lines:
            outputs.append(line)
            progress(len(outputs), len(calls))
    return outputs


def _processed(calls: list[Call], settings: Settings, world: Path) -> Iterator[dict[str, Any]]:
    with TemporaryDirectory(prefix="billing-agent-eval-") as place:
        own = replace(settings, store=Path(place) / "store.db")
        with Wiring(own, Options(world=world)) as wiring:
            for call in calls:
                line = process(call, wiring.deps_for(call.workspace_id))
                yield json.loads(line.model_dump_json(by_alias=True))


def _read(calls: list[Call], settings: Settings) -> Iterator[dict[str, Any]]:
    client, redactor = open_model(settings), Redactor()
    for call in calls:
        redacted = redactor.redact_call(call)
        line: dict[str, Any] = {
            "call_id": call.call_id,
            "redacted_turns": [{"speaker": turn.speaker.value, "text": turn.text} for turn in redacted.turns],
        }
        try:
            understood = extract(redacted, client=client, workspace=Workspace(id=call.workspace_id))
        except ModelError:
            yield {**line, "outcome": "failed"}
            continue
        reading = understood.extraction
        yield {
            **line,
            "scenario": reading.scenario.model_dump(mode="json"),
            "capture": reading.capture.model_dump(mode="json"),
            "usage": {
                "model": client.name,
                "prompt_tokens": understood.tokens.prompt,
                "completion_tokens": understood.tokens.completion,
                "seconds": understood.tokens.seconds,
            },
        }
