from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.case import CaseState, Decision
from agent.clock import FixedClock
from agent.errors import NotFound, Superseded
from agent.ledger import AlreadyDone, CapRules, EffectState, InDoubt, Refused, Reservation, Reserved
from agent.store import Store
from tests.agent.store.helpers import AT, CAPS, NO_CAPS, case, intent, redacted_call


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(AT)


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: FixedClock) -> Iterator[Store]:
    with Store(tmp_path / "store.db" if request.param == "file" else ":memory:", clock) as opened:
        yield opened


def reserved(answer: Reservation) -> str:
    assert isinstance(answer, Reserved), answer
    return answer.entry.key


def refused(answer: Reservation, rule: str) -> Refused:
    assert isinstance(answer, Refused), answer
    assert answer.rule == rule
    return answer


def done(store: Store, key: str) -> None:
    store.mark(key, EffectState.SENT)
    store.mark(key, EffectState.CONFIRMED, vendor_id="re_fern_1", url="https://pay.example/re_fern_1")


@pytest.mark.covers("S46")
def test_a_confirmed_effect_is_given_back_and_not_sent_again(store: Store) -> None:
    key = reserved(store.reserve(intent(), CAPS))
    assert store.effect(key).state is EffectState.PLANNED
    done(store, key)
    again = store.reserve(intent(), CAPS)
    assert isinstance(again, AlreadyDone)
    assert (again.entry.vendor_id, again.entry.url) == ("re_fern_1", "https://pay.example/re_fern_1")
    assert again.entry.intent == intent()
    assert store.effects("ws_fern", "call_a") == [again.entry]


@pytest.mark.parametrize("state", [EffectState.SENT, EffectState.UNKNOWN])
def test_an_effect_without_a_known_answer_is_in_doubt(store: Store, state: EffectState) -> None:
    key = reserved(store.reserve(intent(), CAPS))
    store.mark(key, EffectState.SENT)
    if state is EffectState.UNKNOWN:
        store.mark(key, EffectState.UNKNOWN)
    answer = store.reserve(intent(), CAPS)
    assert isinstance(answer, InDoubt)
    assert answer.entry.state is state


def test_a_definite_rejection_frees_the_next_attempt_under_another_key(store: Store) -> None:
    first = reserved(store.reserve(intent(), CAPS))
    store.mark(first, EffectState.SENT)
    store.mark(first, EffectState.REJECTED)
    answer = store.reserve(intent(), CAPS)
    assert isinstance(answer, Reserved)
    assert (answer.entry.attempt, answer.entry.key == first) == (2, False)


@pytest.mark.parametrize("state", [EffectState.PLANNED, EffectState.CONFIRMED, EffectState.REJECTED])
def test_the_same_effect_with_other_arguments_is_refused(store: Store, state: EffectState) -> None:
    key = reserved(store.reserve(intent(), CAPS))
    if state is EffectState.CONFIRMED:
        done(store, key)
    elif state is EffectState.REJECTED:
        store.mark(key, EffectState.REJECTED)
    refused(store.reserve(intent(arguments={"charge": "ch_fern_1", "amount": "1.00"}), CAPS), "ledger.fingerprint")


def test_a_person_may_approve_other_arguments_after_a_rejection(store: Store) -> None:
    store.mark(reserved(store.reserve(intent(), CAPS)), EffectState.REJECTED)
    edited = intent(arguments={"charge": "ch_fern_1", "amount": "1.00"}, automatic=False)
    assert reserved(store.reserve(edited, CAPS))


def test_a_planned_effect_is_resumed_only_after_its_worker_was_fenced_off(store: Store) -> None:
    wish = intent(run_id="run_1")
    store.begin(redacted_call(), run_id="run_1", model="stand-in", world=None)
    key = reserved(store.reserve(wish, CAPS))
    assert isinstance(store.reserve(wish, CAPS), InDoubt)
    store.begin(redacted_call(), run_id="run_2", model="stand-in", world=None)
    assert reserved(store.reserve(wish, CAPS)) == key
    assert isinstance(store.reserve(wish, CAPS), InDoubt)
    store.mark(key, EffectState.SENT)
    with pytest.raises(Superseded, match="already sent"):
        store.mark(key, EffectState.SENT)


def test_states_only_move_forward(store: Store) -> None:
    key = reserved(store.reserve(intent(), CAPS))
    with pytest.raises(Superseded):
        store.mark(key, EffectState.CONFIRMED)
    done(store, key)
    for state in (EffectState.PLANNED, EffectState.SENT, EffectState.REJECTED, EffectState.UNKNOWN):
        with pytest.raises(Superseded):
            store.mark(key, state)
    with pytest.raises(NotFound):
        store.mark("no-such-key", EffectState.SENT)


def test_a_second_call_about_the_same_charge_is_pointed_to_the_first(store: Store, clock: FixedClock) -> None:
    done(store, reserved(store.reserve(intent("call_a"), NO_CAPS)))
    assert refused(store.reserve(intent("call_b"), NO_CAPS), "ledger.lock").other_call == "call_a"
    assert refused(store.reserve(intent("call_b", automatic=False), NO_CAPS), "ledger.lock").other_call == "call_a"
    (holder,) = store.open_locks("ws_fern", ("stripe", "money", "ch_fern_1"), call_id="call_b")
    assert (holder.call_id, holder.case_id, holder.since) == ("call_a", None, AT)
    clock.advance(timedelta(days=29))
    refused(store.reserve(intent("call_b"), NO_CAPS), "ledger.lock")
    clock.advance(timedelta(days=1))
    assert reserved(store.reserve(intent("call_b"), NO_CAPS))


def test_locks_are_of_one_workspace_one_class_and_one_object(store: Store) -> None:
    done(store, reserved(store.reserve(intent("call_a"), NO_CAPS)))
    assert reserved(store.reserve(intent("call_b", workspace_id="ws_moss"), NO_CAPS))
    assert reserved(store.reserve(intent("call_c", lock=("stripe", "money", "ch_fern_2")), NO_CAPS))
    assert reserved(
        store.reserve(intent("call_d", lock=("stripe", "document", "ch_fern_1"), effect="document"), NO_CAPS)
    )


def test_a_rejected_effect_holds_nothing(store: Store) -> None:
    store.mark(reserved(store.reserve(intent("call_a"), CAPS)), EffectState.REJECTED)
    assert reserved(store.reserve(intent("call_b"), CAPS))


@pytest.mark.parametrize(
    ("effect", "locked_next_hour", "locked_next_day"),
    [("money", True, True), ("document", True, False), ("record", True, False), ("legal", True, False)]
    + [(free, False, False) for free in ("note", "ticket", "alert", "row")],
)
def test_how_long_each_kind_of_effect_holds_its_object(
    store: Store, clock: FixedClock, effect: str, locked_next_hour: bool, locked_next_day: bool
) -> None:
    done(store, reserved(store.reserve(intent("call_a", effect=effect), NO_CAPS)))
    clock.advance(timedelta(hours=1))
    assert bool(store.open_locks("ws_fern", intent().lock, effect=effect)) is locked_next_hour
    clock.advance(timedelta(hours=23))
    assert bool(store.open_locks("ws_fern", intent().lock, effect=effect)) is locked_next_day


def test_an_open_proposal_of_another_call_holds_its_object_until_decided(store: Store) -> None:
    store.open_case(case("case_1", "call_a"), [("stripe", "money", "ch_fern_1")])
    assert refused(store.reserve(intent("call_b"), NO_CAPS), "ledger.lock").other_call == "call_a"
    (holder,) = store.open_locks("ws_fern", intent().lock)
    assert holder.case_id == "case_1"
    assert reserved(store.reserve(intent("call_a"), NO_CAPS)), "its own proposal does not stop a call"


def test_a_rejected_case_frees_its_object_and_an_approver_is_not_stopped_by_proposals(store: Store) -> None:
    store.open_case(case("case_1", "call_a"), [("stripe", "money", "ch_fern_1")])
    store.open_case(case("case_2", "call_c"), [("stripe", "money", "ch_fern_1")])
    approved = store.reserve(intent("call_c", automatic=False), NO_CAPS)
    store.mark(reserved(approved), EffectState.REJECTED)
    for name in ("case_1", "case_2"):
        store.decide(name, Decision(by="ana", at=AT, verdict="reject", reason="no"), CaseState.REJECTED)
    assert reserved(store.reserve(intent("call_b"), NO_CAPS))


def test_one_automatic_refund_a_customer_in_thirty_days(store: Store, clock: FixedClock) -> None:
    fresh = {"customer": "cus_fern"}
    done(store, reserved(store.reserve(intent("call_a"), CAPS)))
    second = intent("call_b", target="ch_2", lock=("stripe", "money", "ch_2"), **fresh)
    clock.advance(timedelta(days=29, hours=23))
    assert "30 days" in refused(store.reserve(second, CAPS), "ledger.cap").reason
    clock.advance(timedelta(hours=1))
    assert reserved(store.reserve(second, CAPS))


@pytest.mark.parametrize(
    ("caps", "word"),
    [
        (CapRules(customer_day=3999), "customer in a day"),
        (CapRules(workspace_day=3999), "workspace in a day"),
    ],
)
def test_sums_of_a_day_stop_what_would_pass_them(store: Store, clock: FixedClock, caps: CapRules, word: str) -> None:
    done(store, reserved(store.reserve(intent("call_a"), caps)))
    second = intent("call_b", target="ch_2", lock=("stripe", "money", "ch_2"))
    assert word in refused(store.reserve(second, caps), "ledger.cap").reason
    assert reserved(store.reserve(intent("call_c", target="c", lock=("s", "m", "c"), currency="USD"), caps))
    assert reserved(store.reserve(intent("call_d", target="d", lock=("s", "m", "d"), automatic=False), caps))
    clock.advance(timedelta(days=1))
    assert reserved(store.reserve(second, caps))


def test_a_refused_cap_leaves_no_row(store: Store) -> None:
    refused(store.reserve(intent(), CapRules(customer_day=1)), "ledger.cap")
    assert store.effects("ws_fern", "call_a") == []


@pytest.mark.parametrize("missing", ["customer", "minor", "currency"])
def test_automatic_money_without_customer_amount_or_currency_is_refused(store: Store, missing: str) -> None:
    changes: dict[str, Any] = {missing: None}
    refused(store.reserve(intent(**changes), CAPS), "ledger.cap")


@pytest.mark.parametrize(
    "scope",
    [
        {},
        {"workspace_id": "ws_fern"},
        {"tool": "stripe.create_refund"},
        {"tool": "stripe"},
        {"workspace_id": "ws_fern", "tool": "stripe.create_refund"},
    ],
)
def test_a_pause_stops_what_is_in_its_scope_at_once(store: Store, scope: dict[str, str]) -> None:
    store.pause(by="ana", reason="month end", **scope)
    assert "paused by ana" in refused(store.reserve(intent(), CAPS), "ledger.paused").reason
    assert store.paused("ws_fern", "stripe.create_refund") == store.pauses()[0]
    assert store.resume(**scope) is True
    assert store.resume(**scope) is False
    assert reserved(store.reserve(intent(), CAPS))


@pytest.mark.parametrize("scope", [{"workspace_id": "ws_moss"}, {"tool": "gmail.send_message"}, {"tool": "gmail"}])
def test_a_pause_elsewhere_stops_nothing_here(store: Store, scope: dict[str, str]) -> None:
    store.pause(by="ana", **scope)
    assert store.paused("ws_fern", "stripe.create_refund") is None
    assert reserved(store.reserve(intent(), CAPS))


def test_of_many_threads_exactly_one_may_act(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: store.reserve(intent(), CAPS), range(16)))
    assert sum(isinstance(answer, Reserved) for answer in answers) == 1
    assert all(isinstance(answer, Reserved | InDoubt) for answer in answers)


def test_of_many_calls_about_one_charge_exactly_one_may_act(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: store.reserve(intent(f"call_{n}"), NO_CAPS), range(16)))
    assert sum(isinstance(answer, Reserved) for answer in answers) == 1


def _reserve_in_a_process(path: str, call_id: str) -> str:
    with Store(Path(path)) as store:
        return type(store.reserve(intent(call_id, lock=("stripe", "money", call_id)), CAPS)).__name__


def test_of_several_processes_exactly_one_gets_the_capped_refund(tmp_path: Path) -> None:
    path = str(tmp_path / "shared.db")
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        answers = pool.starmap(_reserve_in_a_process, [(path, f"call_{n}") for n in range(6)])
    assert sorted(answers) == ["Refused"] * 5 + ["Reserved"]
