from __future__ import annotations

import importlib.resources
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.cli import demo
from tests.agent.cli.conftest import Command

WORLD = str(importlib.resources.files("fixtures") / "worlds" / "main.json")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the first bundled calls, so that the test is quick; the eval suite runs all of them."""
    calls = demo.bundled_calls()
    assert len(calls) > 20
    monkeypatch.setattr(demo, "bundled_calls", lambda: calls[:6])


@pytest.mark.usefixtures("few")
def test_the_demo_shows_a_table_a_whole_run_the_queue_and_what_to_try(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "not-to-be-used")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("BILLING_AGENT_MODEL", "some-model")
    for _ in range(2):
        ran = command("demo")
        assert ran.code == 0
        assert "6 bundled calls" in ran.err
    listed = ran.out.split("cases wait for a person")[1].split("try next")[0]
    assert len(re.findall(r"^case_", listed, re.MULTILINE)) <= demo.CASES
    for part in ("one call in full", "Heard, after redaction", "Hand-off", "wait for a person", "try next"):
        assert part in ran.out
    assert "rules, not a language model" in ran.out
    tries = [row for row in ran.out.splitlines() if row.startswith("billing-agent ")]
    assert len(tries) == 3
    for words in tries:
        done = command(*words.split()[1:], "--by", "ana") if "approve" in words else command(*words.split()[1:])
        assert done.code == 0, words


def test_the_demo_takes_two_dozen_calls_in_file_order_and_lists_the_most_urgent_cases(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agent.cli import process as family
    from agent.run import Outcome
    from tests.agent.store.helpers import case, line

    asked: list[str] = []

    def one(given: Any, wiring: Any) -> Any:
        asked.append(given.call_id)
        if len(asked) <= 7:
            far = wiring.clock.now() + timedelta(hours=len(asked))
            wiring.store.begin(redacted(given), run_id=f"run_of_{given.call_id}", model="stand-in", world=None)
            wiring.store.open_case(case(f"case_{len(asked)}", given.call_id, expires_at=far))
        return line(given.call_id, Outcome.COMPLETED, run_id=None)

    monkeypatch.setattr(family, "one", one)
    ran = command("demo")
    assert asked == [call.call_id for call in demo.bundled_calls()[:24]]
    assert "7 cases wait for a person" in ran.out
    assert "... and 2 more: billing-agent review list --store" in ran.out
    assert ("case_5 " in ran.out, "case_6 " in ran.out) == (True, False)


def redacted(given: Any) -> Any:
    from tests.agent.store.helpers import redacted_call

    return redacted_call(given.call_id, given.workspace_id)


@pytest.mark.covers("S53", "C06")
def test_a_case_is_approved_where_its_run_acted_and_only_once(command: Command, tmp_path: Path) -> None:
    calls = [
        json.loads(row)["call"] for row in (Path(WORLD).parents[1] / "calls" / "calls.jsonl").read_text().splitlines()
    ]
    (tmp_path / "calls.jsonl").write_text("\n".join(json.dumps(call) for call in calls))
    lines = command("process", "calls.jsonl", "--world", WORLD, "--json").rows
    assert [line["call_id"] for line in lines] == [call["call_id"] for call in calls]
    held = next(line for line in lines if any(made["status"] == "proposed" for made in line["tool_calls"]))
    case_id = held["review"]["case_id"]
    assert case_id in command("review", "list").out
    ran = command("review", "approve", case_id, "--by", "ana", "--reason", "checked", "--json")
    assert ran.code == 0
    (after,) = ran.rows
    assert after["call_id"] == held["call_id"]
    again = command("review", "approve", case_id, "--by", "ben")
    assert (again.code, f"case {case_id} is already approved by ana" in again.err) == (1, True)
    assert "approve by ana" in command("trace", "show", held["run_id"]).out
    (repeated,) = command(
        "process",
        "-",
        "--world",
        WORLD,
        "--json",
        stdin=json.dumps(next(call for call in calls if call["call_id"] == held["call_id"])).encode(),
    ).rows
    assert repeated["tool_calls"] == after["tool_calls"]
