from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from agent.clock import FixedClock
from agent.errors import BadInput, NotFound, StorageError, Superseded
from agent.run import Envelope, Outcome
from agent.store import Store
from tests.agent.store.helpers import AT, case, intent, line, redacted_call


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(AT)


@pytest.fixture
def store(tmp_path: Path, clock: FixedClock) -> Iterator[Store]:
    with Store(tmp_path / "store.db", clock) as opened:
        yield opened


def test_a_call_its_run_and_its_steps_come_back_as_they_went_in(store: Store, clock: FixedClock) -> None:
    call = redacted_call()
    run = store.begin(call, run_id="run_1", model="stand-in", world="fixtures/worlds/main.json")
    assert (run.run_id, run.attempt, run.finished_at, run.world) == ("run_1", 1, None, "fixtures/worlds/main.json")
    first = store.append("run_1", 1, "redacted", "nothing was removed", {"turns": 1})
    clock.advance(timedelta(seconds=2))
    second = store.append("run_1", 1, "policy", "asked", {"amount": Decimal("20.00"), "at": AT})
    assert (first.seq, second.seq) == (1, 2)
    store.finish("run_1", 1, line())

    again = store.run("run_1")
    assert again == store.run("call_a")
    assert again.steps[0] == first
    assert again.steps[1].data == {"amount": "20.00", "at": "2026-03-02T09:30:00Z"}
    assert again.line == line() == store.line_for("ws_fern", "call_a")
    assert again.finished_at == AT + timedelta(seconds=2)
    assert store.redacted_call("ws_fern", "call_a") == call


def test_an_unfinished_run_is_taken_over_and_the_old_attempt_is_fenced_off(store: Store) -> None:
    store.begin(redacted_call(), run_id="run_1", model="stand-in", world=None)
    store.append("run_1", 1, "received", "received", {})
    again = store.begin(redacted_call(), run_id="run_2", model="stand-in", world=None)
    assert (again.run_id, again.attempt) == ("run_1", 2)
    assert store.append("run_1", 2, "received", "received again", {}).seq == 2
    with pytest.raises(Superseded, match="attempt 2"):
        store.append("run_1", 1, "model", "late", {})
    with pytest.raises(Superseded):
        store.finish("run_1", 1, line())
    assert store.line_for("ws_fern", "call_a") is None


def test_a_failed_run_may_begin_again_and_a_finished_one_may_not(store: Store) -> None:
    store.begin(redacted_call(), run_id="run_1", model="stand-in", world=None)
    store.finish("run_1", 1, line(outcome=Outcome.FAILED))
    assert store.begin(redacted_call(), run_id="run_2", model="stand-in", world=None).attempt == 2
    store.finish("run_1", 2, line())
    with pytest.raises(Superseded, match="already processed as run run_1"):
        store.begin(redacted_call(), run_id="run_3", model="stand-in", world=None)


def test_the_same_call_id_in_two_workspaces_is_two_calls(store: Store) -> None:
    store.begin(redacted_call(workspace_id="ws_fern"), run_id="run_1", model="stand-in", world=None)
    store.begin(redacted_call(workspace_id="ws_moss"), run_id="run_2", model="stand-in", world=None)
    assert store.run("run_2").workspace_id == "ws_moss"
    with pytest.raises(BadInput, match="several workspaces"):
        store.run("call_a")


def test_runs_are_listed_newest_first_and_can_be_narrowed(store: Store, clock: FixedClock) -> None:
    for number in (1, 2, 3):
        store.begin(redacted_call(f"call_{number}"), run_id=f"run_{number}", model="stand-in", world=None)
        clock.advance(timedelta(minutes=1))
    store.finish("run_2", 1, line("call_2", Outcome.REVIEW))
    assert [run.run_id for run in store.runs()] == ["run_3", "run_2", "run_1"]
    assert [run.run_id for run in store.runs(limit=1)] == ["run_3"]
    (only,) = store.runs(outcome=Outcome.REVIEW)
    assert (only.run_id, only.scenario, only.outcome) == ("run_2", "refund_request", Outcome.REVIEW)
    assert store.runs(workspace_id="ws_moss") == []


def test_a_decision_may_replace_the_line_of_a_known_run_only(store: Store) -> None:
    store.begin(redacted_call(), run_id="run_1", model="stand-in", world=None)
    store.finish("run_1", 1, line(outcome=Outcome.REVIEW))
    store.replace_line("run_1", line(outcome=Outcome.COMPLETED))
    stored = store.line_for("ws_fern", "call_a")
    assert stored is not None
    assert stored.outcome is Outcome.COMPLETED
    with pytest.raises(NotFound):
        store.replace_line("run_9", line())


@pytest.mark.parametrize("name", ["run_9", "call_9"])
def test_unknown_runs_and_calls_are_named(store: Store, name: str) -> None:
    with pytest.raises(NotFound, match=name):
        store.run(name)
    with pytest.raises(NotFound, match=name):
        store.redacted_call("ws_fern", name)
    with pytest.raises(NotFound, match=name):
        store.append(name, 1, "received", "received", {})


@pytest.mark.parametrize("sql", ["UPDATE steps SET title = 'x'", "DELETE FROM steps"])
def test_steps_cannot_be_changed_or_removed_even_by_hand(store: Store, sql: str) -> None:
    store.begin(redacted_call(), run_id="run_1", model="stand-in", world=None)
    store.append("run_1", 1, "received", "received", {})
    with pytest.raises(StorageError), store._db.writing() as work:
        work._connection.execute(sql)
    assert len(store.run("run_1").steps) == 1


def test_an_erased_call_is_gone_from_the_file_and_can_still_not_act_twice(store: Store, tmp_path: Path) -> None:
    from agent.ledger import EffectState, InDoubt, Reserved
    from tests.agent.store.helpers import NO_CAPS

    store.begin(redacted_call(), run_id="run_1", model="stand-in", world=None)
    store.append("run_1", 1, "received", "received", {"said": "zanzibar-one"})
    store.open_case(case(run_id="run_1", summary="zanzibar-two"), [("stripe", "money", "ch_fern_1")])
    wish = intent(arguments={"note": "zanzibar-three"})
    reserved = store.reserve(wish, NO_CAPS)
    assert isinstance(reserved, Reserved)
    store.mark(reserved.entry.key, EffectState.SENT)

    receipt = store.erase_call("ws_fern", "call_a")
    assert (receipt.run_id, receipt.steps, receipt.cases) == ("run_1", 1, 1)
    with pytest.raises(NotFound):
        store.run("run_1")
    assert store.cases() == []
    assert isinstance(store.reserve(wish, NO_CAPS), InDoubt)
    for file in tmp_path.iterdir():
        assert b"zanzibar" not in file.read_bytes(), file.name
    with pytest.raises(NotFound):
        store.erase_call("ws_fern", "call_a")


def test_of_a_call_that_could_not_be_redacted_an_envelope_is_kept(store: Store, clock: FixedClock) -> None:
    first = Envelope(call_id="call_a", workspace_id="ws_fern", source="canonical", received_at=AT, digest="a" * 64)
    store.keep_envelope(first)
    store.keep_envelope(first.model_copy(update={"workspace_id": "ws_moss"}))
    clock.advance(timedelta(minutes=1))
    again = first.model_copy(update={"digest": "b" * 64, "received_at": clock.now()})
    store.keep_envelope(again)
    assert store.envelopes("ws_fern") == [again]
    assert {one.workspace_id for one in store.envelopes()} == {"ws_fern", "ws_moss"}
    assert store.runs() == []
    with pytest.raises(NotFound):
        store.run("call_a")
    store.begin(redacted_call(), run_id="run_1", model="stand-in", world=None)
    assert store.envelopes("ws_fern") == []


def test_an_envelope_can_be_erased(store: Store) -> None:
    store.keep_envelope(
        Envelope(call_id="call_a", workspace_id="ws_fern", source="canonical", received_at=AT, digest="a" * 64)
    )
    receipt = store.erase_call("ws_fern", "call_a")
    assert (receipt.run_id, receipt.steps, receipt.cases) == (None, 0, 0)
    assert store.envelopes() == []
    with pytest.raises(NotFound):
        store.erase_call("ws_fern", "call_a")
