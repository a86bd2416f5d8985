"""Suites load, and a bad line is named without its text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent.errors import BadInput
from evals.gold import load_suite

ROW = {"id": "a1", "call": {"call_id": "c", "turns": []}, "gold": {"scenario": "refund_request", "outcome": "auto"}}


def _file(path: Path, *lines: str) -> str:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    suite = load_suite(_file(tmp_path / "own.jsonl", json.dumps(ROW), ""))
    assert suite.name == "own"
    assert suite.calls[0].gold.outcomes == {"completed"}


def test_short_lines_become_calls() -> None:
    row = load_suite("short").calls[0]
    assert row.call["turns"][0] == {"speaker": "agent", "text": "Billing, how can I help?"}
    assert row.gold.outcome is None


@pytest.mark.parametrize(
    "line", ["{not json", '"text"', json.dumps(ROW | {"gold": {"scenario": "sell 4111"}}), json.dumps({"call": 1})]
)
def test_a_bad_line_is_named_and_not_shown(tmp_path: Path, line: str) -> None:
    with pytest.raises(BadInput) as caught:
        load_suite(_file(tmp_path / "own.jsonl", json.dumps(ROW), line))
    assert "line 2" in str(caught.value)
    assert "4111" not in str(caught.value)


def test_an_unknown_suite_names_the_known_ones() -> None:
    with pytest.raises(BadInput, match="calls, short, second, calibration"):
        load_suite("nothing")
