"""The output line is the published contract: the schema in docs/, and the keys that other programs read."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from agent.capture import CAPTURE_FIELDS, Scenario
from tests.agent.cli.conftest import Command

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "process.schema.json").read_text(encoding="utf-8"))
SHOWN = 12
KEYS = {
    "call_id", "run_id", "workspace_id", "repeated", "sandbox", "scenario", "capture", "suppression", "redacted_turns",
    "redactions", "tool_calls", "outcome", "review", "handoff", "usage",
}  # fmt: skip
HANDOFF = {
    "summary", "destination", "matched_caller", "affected_record", "reason", "owner", "status", "urgency", "next_step",
    "deadline", "record_url", "links",
}  # fmt: skip
USAGE = {"model", "requests", "prompt_tokens", "completion_tokens", "cost_usd", "seconds"}


@pytest.fixture
def lines(command: Command, tmp_path: Path) -> list[dict[str, Any]]:
    """The output lines of a dozen bundled calls."""
    bundled = (files("fixtures") / "calls" / "calls.jsonl").read_text(encoding="utf-8").splitlines()[:SHOWN]
    calls = tmp_path / "calls.jsonl"
    calls.write_text("\n".join(json.dumps(json.loads(line)["call"]) for line in bundled), encoding="utf-8")
    ran = command("process", str(calls), "--json", "--world", str(files("fixtures") / "worlds" / "main.json"))
    assert ran.code == 0
    return ran.rows


def test_every_line_is_what_the_contract_says(lines: list[dict[str, Any]]) -> None:
    assert len(lines) == SHOWN
    validator = Draft202012Validator(SCHEMA)
    for line in lines:
        assert not list(validator.iter_errors(line))
        assert line.keys() >= KEYS
        assert set(CAPTURE_FIELDS) <= line["capture"].keys()
        assert line["handoff"].keys() == HANDOFF
        assert line["usage"].keys() >= USAGE
        assert line["scenario"]["label"] in set(Scenario)


def test_redactions_and_quotes_point_at_what_they_name(lines: list[dict[str, Any]]) -> None:
    assert any(line["redactions"] for line in lines)
    for line in lines:
        texts = [turn["text"] for turn in line["redacted_turns"]]
        for one in line["redactions"]:
            assert texts[one["turn"]][one["start"] : one["end"]] == one["placeholder"]
            assert one["class"] in {"card", "bank", "tax"}
        for field in line["capture"].values():
            assert all(one["quote"] in texts[one["turn"]] for one in field["evidence"])
            assert (field["confidence"] is None) or field["value"] is not None


def test_a_line_with_a_missing_key_would_be_noticed(lines: list[dict[str, Any]]) -> None:
    broken = {key: value for key, value in lines[0].items() if key != "outcome"}
    assert list(Draft202012Validator(SCHEMA).iter_errors(broken))
