from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent.run import Outcome
from agent.store import Store
from tests.agent.cli.conftest import Command
from tests.agent.store.helpers import case, line, redacted_call


@pytest.fixture(autouse=True)
def store(monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with one call that waits for a person, and another workspace's call of the same id."""
    path = Path("erase.db")
    with Store(path) as made:
        for workspace_id in ("ws_fern", "ws_moss"):
            run_id = f"run_{workspace_id}"
            made.begin(redacted_call(workspace_id=workspace_id), run_id=run_id, model="stand-in", world=None)
            made.append(run_id, 1, "received", "one turn", {})
            made.finish(run_id, 1, line(outcome=Outcome.REVIEW))
        made.begin(redacted_call("call_b"), run_id="run_of_call_b", model="stand-in", world=None)
        made.open_case(case("case_b", "call_b"))
    monkeypatch.setenv("BILLING_AGENT_STORE", str(path))
    return path


def test_a_call_is_erased_with_a_receipt(command: Command) -> None:
    ran = command("erase", "--call", "call_b")
    assert (ran.code, ran.err) == (0, "")
    for part in ("call call_b of workspace ws_fern", "run run_of_call_b", "0 trace steps, 1 review cases", "UTC"):
        assert part in ran.out
    assert command("trace", "show", "call_b").code == 2
    assert command("review", "show", "case_b").code == 2
    again = command("erase", "--call", "call_b")
    assert (again.code, again.err) == (2, "billing-agent: no call or run call_b is in this store\n")


def test_a_call_id_of_several_workspaces_needs_the_workspace(command: Command) -> None:
    ran = command("erase", "--call", "call_a")
    assert (ran.code, "several workspaces" in ran.err) == (2, True)
    (receipt,) = command("erase", "--call", "call_a", "--workspace-id", "ws_moss", "--json").rows
    at = receipt.pop("erased_at")
    assert receipt == {"call_id": "call_a", "workspace_id": "ws_moss", "run_id": "run_ws_moss", "steps": 1, "cases": 0}
    assert at.endswith("+00:00")
    assert json.loads(command("trace", "show", "call_a", "--json").out)["workspace_id"] == "ws_fern"


def test_what_to_erase_is_never_taken_from_the_environment(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILLING_AGENT_CALL", "call_b")
    ran = command("erase")
    assert (ran.code, "the following arguments are required: --call" in ran.err) == (2, True)
