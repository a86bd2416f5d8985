"""Labelled calls as typed values, and where the suites are.

The gated suites may be read and learned from; the calibration set may not, or the confidence that is
fitted on it would promise more than it keeps. A suite is a JSON Lines file. Full lines are ``{id, tags, call, gold}``; compact lines (short calls for
calibration) give ``turns`` as ``"A: ..."`` / ``"C: ..."`` strings and only the gold that extraction needs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.capture import Scenario
from agent.errors import BadInput

Where = tuple[str, str]
"""A data file of ours: package and file name."""

DEFAULT_WORLD: Where = ("fixtures.worlds", "main.json")
SUITES: Mapping[str, Where] = {
    "calls": ("fixtures.calls", "calls.jsonl"),
    "short": ("evals.datasets", "short_calls.jsonl"),
    "second": ("evals.datasets", "second_calls.jsonl"),
}
"""The suites that ``eval`` runs and gates; prompts, rules and the stand-in are developed on them."""

CALIBRATION = "calibration"
"""The set that confidence is fitted on: nothing else may be tuned on it, and ``eval run`` leaves it out."""

_KNOWN: Mapping[str, Where] = {**SUITES, CALIBRATION: ("evals.datasets", "calibration_calls.jsonl")}
_WORLDS: Mapping[str, Where] = {"second": ("evals.datasets", "second_world.json")}
_SPEAKERS = {"A": "agent", "C": "caller"}

Accepted = Any
"""A gold value, or a list of the values that count as right."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SecretSpan(_Part):
    """Where an identifier stands in the input text of a turn."""

    turn: int
    start: int
    end: int
    text: str = Field(repr=False)
    type: str


class Quote(_Part):
    """One possible proof of a value."""

    turn: int
    quote: str


class ExpectedTools(_Part):
    """What must, may and must not run; an inner list means any one of them.

    ``arguments`` maps a tool to groups of strings, of each of which one must be in the executed arguments.
    """

    must_lookup: list[str | list[str]] = []
    must_act: list[str | list[str]] = []
    may_act: list[str] = []
    must_not_act: list[str] = []
    arguments: dict[str, list[list[str]]] = {}


class Gold(_Part):
    """The right answer for one call. ``outcome`` ``auto`` means the product's ``completed``."""

    scenario: Scenario
    secondary: list[Scenario] = []
    capture: dict[str, Accepted] = {}
    optional: dict[str, Accepted] = {}
    free_text: dict[str, list[str]] = {}
    suppression: dict[str, bool | None] = {}
    secrets: list[str] = Field(default=[], repr=False)
    secret_types: list[str] = []
    secret_spans: list[SecretSpan] = Field(default=[], repr=False)
    evidence: dict[str, list[Quote]] = {}
    outcome: str | None = None
    outcome_also_ok: list[str] = []
    review_reasons: list[str] = []
    destination: str | None = None
    expected_tools: ExpectedTools = ExpectedTools()

    @property
    def outcomes(self) -> frozenset[str]:
        """Every outcome that counts as right, in the product's words."""
        return frozenset("completed" if o == "auto" else o for o in [self.outcome, *self.outcome_also_ok] if o)


class EvalCall(_Part):
    """One labelled call; ``call`` is canonical input for ``billing-agent process``."""

    id: str
    tags: list[str] = []
    call: dict[str, Any] = Field(repr=False)
    gold: Gold

    @property
    def call_id(self) -> str:
        return str(self.call["call_id"])


@dataclass(frozen=True, slots=True)
class Suite:
    """A named list of labelled calls, and the sandbox world that their outcomes speak about."""

    name: str
    calls: tuple[EvalCall, ...]
    world: Where = DEFAULT_WORLD


def accepted(value: Accepted) -> list[Any]:
    """``value`` as the list of values that count as right."""
    return value if isinstance(value, list) else [value]


def packaged(where: Where) -> Traversable:
    """A data file of ours inside an installed package."""
    return resources.files(where[0]).joinpath(where[1])


def load_suite(name_or_path: str) -> Suite:
    """The suite of that name (``SUITES`` or ``CALIBRATION``), or any file in the same format.

    Raises BadInput that names the file and line, never the text of the line.
    """
    source = packaged(_KNOWN[name_or_path]) if name_or_path in _KNOWN else Path(name_or_path)
    if not source.is_file():
        raise BadInput(f"no suite or file called {name_or_path!r}; suites: {', '.join(_KNOWN)}")
    rows: list[EvalCall] = []
    for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            rows.append(_row(line, f"{name_or_path} line {number}"))
    name = name_or_path if name_or_path in _KNOWN else Path(name_or_path).stem
    return Suite(name, tuple(rows), _WORLDS.get(name_or_path, DEFAULT_WORLD))


def _row(line: str, where: str) -> EvalCall:
    try:
        data = json.loads(line)
        return EvalCall.model_validate(data if "call" in data else _expand(data))
    except (json.JSONDecodeError, TypeError, KeyError):
        raise BadInput(f"{where}: not a labelled call") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"{where}: {key}: {first['msg']}") from None


def _expand(data: Mapping[str, Any]) -> dict[str, Any]:
    """A compact line as a full one: times, numbers and ids are filled in from its few keys."""
    call = {
        "call_id": f"short_{data['id']}",
        "workspace_id": data.get("workspace", "ws_short"),
        "started_at": data["at"],
        "ended_at": data["at"],
        "direction": data.get("direction", "inbound"),
        "from_number": data.get("from"),
        "to_number": data.get("to"),
        "turns": _turns(data["turns"]),
    }
    return {"id": data["id"], "tags": data.get("tags", []), "call": call, "gold": data["gold"]}


def _turns(lines: Sequence[str]) -> list[dict[str, str]]:
    pairs = (line.split(": ", 1) for line in lines)
    return [{"speaker": _SPEAKERS[who], "text": text} for who, text in pairs]
