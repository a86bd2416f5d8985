"""Whole calls on the fixtures' world: real pipeline, policy, connectors and sandbox, and a reader that does not err.

The reader answers with the call's gold, so that these tests prove what the product does with what was
understood; tools are chosen by the stand-in's planner. Nothing here depends on how well calls are read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from agent.capture import Signal
from agent.clock import FixedClock
from agent.extraction.confidence import FAMILIES, CalibrationMap
from agent.extraction.reading import Reading
from agent.intake import read_record
from agent.models.client import open_model
from agent.models.seam import Chat, Message, Structured, Tokens
from agent.pipeline import Deps, process
from agent.redaction import Redactor
from agent.run import ProcessLine, Step, ToolCall
from agent.settings import STAND_IN, Settings
from agent.store import Store
from agent.wiring import load_world
from agent.workspace import Workspace
from evals.gold import EvalCall, accepted, load_suite
from evals.runner import world_file
from tools.sandbox.world import World
from tools.toolbox import sandbox_toolbox

HOUSE = "https://agent.example"
SURE = CalibrationMap(
    "gold", "2026-11-20", 100, families=dict.fromkeys(FAMILIES, ((0.0, 0.97),)), scenario=((0.0, 0.97),)
)
_AS_SAID = frozenset(
    "refund_reason dispute_reason credit_request customer_claim policy_context caller_request escalation_reason "
    "promised_next_step billing_address".split()
)


@cache
def labelled(call_id: str) -> EvalCall:
    """The labelled call of the suite ``calls`` with that id."""
    return next(row for row in load_suite("calls").calls if row.id == call_id)


@cache
def _redactor() -> Redactor:
    return Redactor()


@cache
def _world() -> World:
    with world_file() as file:
        return load_world(file)


@dataclass
class GoldReader:
    """Reads ``row`` as its gold says and leaves the choice of tools to the stand-in's rules.

    ``signals`` are (signal, turn, verbatim quote); ``extra`` are more (field, value, turn, quote).
    """

    row: EvalCall
    signals: Sequence[tuple[Signal, int, str]] = ()
    extra: Sequence[tuple[str, str, int, str]] = ()
    name: str = "gold"
    is_stand_in: bool = False
    _planner: Any = field(default_factory=lambda: open_model(Settings.load({}, model=STAND_IN)))

    def structured(self, messages: Sequence[Message], response_model: type[Any]) -> Structured[Any]:
        return Structured(self._reading(), "", Tokens(1, 100, 10, 0.0), tuple(messages))

    def chat(self, messages: Sequence[Message], tools: Sequence[dict[str, Any]]) -> Chat:
        chat: Chat = self._planner.chat(messages, tools)
        return chat

    def _reading(self) -> Reading:
        gold = self.row.gold
        facts = []
        for name, quotes in gold.evidence.items():
            value = accepted(gold.capture[name])[0] if name in gold.capture else None
            value = quotes[0].quote if value is None and name in _AS_SAID else value
            if value is not None:
                facts.append(_fact(name, value, [quote.model_dump() for quote in quotes]))
        facts += [_fact(name, value, [{"turn": turn, "quote": quote}]) for name, value, turn, quote in self.extra]
        return Reading.model_validate(
            {
                "scenario": gold.scenario.value,
                "scenario_confidence": 0.98,
                "secondary": [label.value for label in gold.secondary],
                "facts": facts,
                "signals": [
                    {"signal": signal.value, "quotes": [{"turn": turn, "quote": quote}]}
                    for signal, turn, quote in self.signals
                ],
            }
        )


def _fact(name: str, value: Any, quotes: list[dict[str, Any]]) -> dict[str, Any]:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return {"field": name, "value": text, "quotes": quotes, "confidence": 0.98}


@dataclass
class Ended:
    """A call that was handled: its output line, its steps, and what was written to the systems."""

    line: ProcessLine
    steps: tuple[Step, ...]
    writes: tuple[dict[str, Any], ...]
    deps: Deps
    call: EvalCall

    @property
    def page(self) -> str:
        return f"{HOUSE}/runs/{self.line.run_id}"

    @property
    def summary(self) -> str:
        assert self.line.handoff is not None
        return self.line.handoff.summary

    @property
    def rules(self) -> set[str]:
        return {reason.rule for reason in self.line.review.reasons} if self.line.review else set()

    def tools(self, name: str) -> list[ToolCall]:
        return [one for one in self.line.tool_calls if one.tool == name]

    def sent(self, system: str) -> list[dict[str, Any]]:
        """What was written to ``system``, as bodies."""
        return [entry["body"] for entry in self.writes if entry["system"] == system]


@contextmanager
def handled(
    folder: Path,
    call_id: str,
    *signals: tuple[Signal, int, str],
    extra: Sequence[tuple[str, str, int, str]] = (),
    workspace: Workspace | None = None,
    **changes: Any,
) -> Iterator[Ended]:
    """The labelled call ``call_id``, with ``changes`` to its payload, handled two minutes after it ended."""
    row = labelled(call_id)
    call = read_record({**row.call, **changes})
    assert call.ended_at is not None
    clock, books = FixedClock(call.ended_at), folder / "books.jsonl"
    store, toolbox = Store(":memory:", clock), sandbox_toolbox(_world(), books)
    own = workspace or Workspace()
    deps = Deps(
        store=store,
        client=GoldReader(row, signals, extra),
        toolbox=toolbox,
        redactor=_redactor(),
        workspace=own.model_copy(update={"mode": "live"}),
        settings=Settings(public_url=HOUSE),
        clock=clock,
        world="main.json",
    )
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("agent.extraction.extract.load_map", lambda model: SURE)
            line = process(call, deps)
        steps = store.run(row.call_id).steps
        yield Ended(line, tuple(steps), tuple(_writes(books)), deps, row)
    finally:
        toolbox.close()
        store.close()


def _writes(books: Path) -> Iterator[dict[str, Any]]:
    lines = books.read_text(encoding="utf-8").splitlines() if books.exists() else []
    for entry in map(json.loads, lines):
        if entry["method"] != "GET" and "search" not in entry["path"]:
            yield entry
