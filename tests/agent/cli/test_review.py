from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.case import CaseState
from agent.run import Outcome, ToolCall, ToolStatus
from agent.store import Store
from tests.agent.cli.conftest import Command
from tests.agent.store.helpers import case, line, policy, proposal, redacted_call

ARGUMENTS = {"charge": "ch_fern_1", "amount": "60.00", "currency": "EUR", "reason": "duplicate"}
NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def store(monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with one run in review whose refund is proposed."""
    path = Path("review.db")
    held = ToolCall(
        tool="stripe.create_refund", kind="action", status=ToolStatus.PROPOSED, arguments=ARGUMENTS, policy=policy()
    )
    with Store(path) as made:
        made.begin(redacted_call(), run_id="run_of_call_a", model="stand-in", world=None)
        made.finish("run_of_call_a", 1, line(outcome=Outcome.REVIEW, tool_calls=(held,)))
        made.open_case(
            case(
                proposals=(proposal().model_copy(update={"arguments": ARGUMENTS}),),
                opened_at=NOW,
                expires_at=NOW + timedelta(hours=72),
            )
        )
    monkeypatch.setenv("BILLING_AGENT_STORE", str(path))
    monkeypatch.setenv("BILLING_AGENT_BY", "ana")
    return path


def test_open_cases_are_listed(command: Command) -> None:
    ran = command("review", "list")
    assert ran.code == 0
    for word in ("case_1", "call_a", "finance", "stripe.create_refund", "the amount is over the limit"):
        assert word in ran.out
    (row,) = command("review", "list", "--json").rows
    assert (row["case_id"], row["state"]) == ("case_1", "open")
    ran = command("review", "list", "--workspace-id", "ws_moss")
    assert (ran.code, ran.out, ran.err) == (0, "", "billing-agent: no case waits for a person\n")


def test_a_case_is_shown_with_why_what_and_what_was_decided(command: Command) -> None:
    command("review", "edit", "case_1", "amount=20.00", "--reason", "half was agreed")
    ran = command("review", "show", "case_1")
    for word in ("open, urgency normal, owner finance", "amount=20.00", "[money.exception]", "edit proposal 0 by ana"):
        assert word in ran.out
    assert json.loads(command("review", "show", "case_1", "--json").out)["decisions"][0]["reason"] == "half was agreed"


def test_an_edit_is_checked_by_the_tool_itself(command: Command) -> None:
    for change, told in (
        ("colour=red", "stripe.create_refund: colour: is not an argument of this tool"),
        ("amount=lots", "stripe.create_refund: amount must be a plain decimal"),
        ("amount", "changes are written NAME=VALUE, such as amount=20.00"),
        ("amount={", "the value of amount is not valid JSON"),
    ):
        ran = command("review", "edit", "case_1", change)
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert told in ran.err
        assert "lots" not in ran.err
    assert json.loads(command("review", "show", "case_1", "--json").out)["decisions"] == []


def test_a_rejection_needs_a_reason_and_is_kept(command: Command) -> None:
    ran = command("review", "reject", "case_1")
    assert (ran.code, ran.err) == (2, "billing-agent: a rejection needs a reason\n")
    ran = command("review", "reject", "case_1", "--reason", "not ours", "--json")
    assert ran.code == 0
    (row,) = ran.rows
    assert (row["outcome"], row["tool_calls"][0]["status"]) == ("completed", "rejected")
    ran = command("review", "reject", "case_1", "--reason", "again")
    assert (ran.code, "case case_1 is already rejected by ana" in ran.err) == (1, True)
    assert command("review", "list").out == ""
    assert "rejected" in command("review", "list", "--all").out
    assert "reject by ana" in command("trace", "show", "call_a").out


@pytest.mark.parametrize("arguments", [("show",), ("approve",), ("edit", "amount=1.00"), ("reject", "--reason", "no")])
def test_an_unknown_case_is_exit_code_two(command: Command, arguments: tuple[str, ...]) -> None:
    ran = command("review", arguments[0], "case_9", *arguments[1:])
    assert (ran.code, ran.err) == (2, "billing-agent: no case case_9 is in this store\n")


def test_an_approval_of_a_live_case_needs_the_workspace_file(command: Command, store: Path) -> None:
    ran = command("review", "approve", "case_1")
    assert (ran.code, "a live run needs --workspace FILE" in ran.err) == (3, True)
    with Store(store) as opened:
        assert opened.case("case_1").state is CaseState.OPEN, "nothing was decided"


def test_listing_closes_what_is_past_its_limit(command: Command, store: Path) -> None:
    with Store(store) as opened:
        opened.open_case(case("case_old", expires_at=NOW - timedelta(seconds=1)))
    assert "case_old" not in command("review", "list").out
    with Store(store) as opened:
        assert opened.case("case_old").state is CaseState.EXPIRED


@pytest.mark.parametrize(
    "arguments", [("show",), ("approve",), ("edit", "amount=1.00"), ("reject", "--reason", "no"), ("list",)]
)
def test_every_review_command_first_closes_what_is_past_its_limit(
    command: Command, store: Path, arguments: tuple[str, ...]
) -> None:
    with Store(store) as opened:
        opened.begin(redacted_call("call_old"), run_id="run_of_call_old", model="stand-in", world=None)
        held = ToolCall(
            tool="stripe.create_refund", kind="action", status=ToolStatus.PROPOSED, arguments={}, policy=policy()
        )
        opened.finish("run_of_call_old", 1, line("call_old", outcome=Outcome.REVIEW, tool_calls=(held,)))
        opened.open_case(case("case_old", "call_old", expires_at=NOW - timedelta(seconds=1)))
    given = () if arguments == ("list",) else ("case_old",)
    ran = command("review", arguments[0], *given, *arguments[1:])
    decides = arguments[0] in ("edit", "reject")
    if decides:
        assert (ran.code, "case case_old expired at" in ran.err) == (1, True)
    with Store(store) as opened:
        assert opened.case("case_old").state is CaseState.EXPIRED
        after = opened.run("call_old").line
    assert after is not None
    assert (after.outcome, after.tool_calls[0].status) == (Outcome.REVIEW, ToolStatus.EXPIRED)
    assert after.review is not None
    assert (after.review.case_id, after.review.reasons[0].rule) == ("case_old", "review.expired")


def test_which_proposal_and_why_are_never_taken_from_the_environment(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REASON", "INDEX", "AGAIN", "ALL"):
        monkeypatch.setenv(f"BILLING_AGENT_{name}", "1")
    ran = command("review", "reject", "case_1")
    assert (ran.code, ran.err) == (2, "billing-agent: a rejection needs a reason\n")
    (row,) = command("review", "edit", "case_1", "amount=20.00", "--json").rows
    assert row["decisions"][0]["reason"] is None
    command("review", "reject", "case_1", "--reason", "not ours")
    assert command("review", "list").out == ""


def test_runs_are_listed_and_shown(command: Command) -> None:
    assert "run_of_call_a" in command("trace", "list").out
    (row,) = command("trace", "list", "--json", "--outcome", "review").rows
    assert (row["call_id"], row["scenario"], row["outcome"]) == ("call_a", "refund_request", "review")
    assert command("trace", "list", "--json", "--outcome", "failed").rows == []
    shown = json.loads(command("trace", "show", "call_a", "--json").out)
    assert shown["run_id"] == "run_of_call_a"
    ran = command("trace", "show", "nothing")
    assert (ran.code, ran.err) == (2, "billing-agent: no call or run nothing is in this store\n")
