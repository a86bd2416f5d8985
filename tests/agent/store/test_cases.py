from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agent.case import CaseState, Decision
from agent.clock import FixedClock
from agent.errors import NeedsPerson, NotFound
from agent.store import Store
from tests.agent.store.helpers import AT, case, proposal


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store.db", FixedClock(AT)) as opened:
        yield opened


def decision(verdict: str = "approve", **changes: object) -> Decision:
    values: dict[str, object] = {"by": "ana", "at": AT, "verdict": verdict, "reason": "agreed", **changes}
    return Decision.model_validate(values)


def test_a_case_comes_back_as_it_went_in_and_keeps_its_decisions(store: Store) -> None:
    opened = store.open_case(case())
    assert store.case("case_1") == opened
    store.decide("case_1", decision("edit", index=0, edited={"charge": "ch_fern_1", "amount": "9.00"}), CaseState.OPEN)
    after = store.decide("case_1", decision(), CaseState.APPROVED)
    assert store.case("case_1") == after
    assert [kept.verdict for kept in after.decisions] == ["edit", "approve"]
    assert after.proposals[0].arguments == {"charge": "ch_fern_1", "amount": "9.00"}
    assert (after.state, after.proposals[0].state) == (CaseState.APPROVED, "approved")


def test_a_decision_on_one_proposal_leaves_the_others(store: Store) -> None:
    store.open_case(case(proposals=(proposal(0), proposal(2, "ch_2"))))
    after = store.decide("case_1", decision("approve", index=2), CaseState.OPEN)
    assert [p.state for p in after.proposals] == ["proposed", "approved"]
    final = store.decide("case_1", decision("reject"), CaseState.REJECTED)
    assert [p.state for p in final.proposals] == ["rejected", "approved"]


def test_a_decided_case_cannot_be_decided_again(store: Store) -> None:
    store.open_case(case())
    store.decide("case_1", decision("reject"), CaseState.REJECTED)
    with pytest.raises(NeedsPerson, match="case_1 is already rejected; it can be decided only once"):
        store.decide("case_1", decision(), CaseState.APPROVED)
    assert len(store.case("case_1").decisions) == 1


def test_of_many_reviewers_exactly_one_decides(store: Store) -> None:
    store.open_case(case())

    def approve(_: int) -> bool:
        try:
            store.decide("case_1", decision(), CaseState.APPROVED)
        except NeedsPerson:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(approve, range(12))) == 1


def test_cases_are_listed_oldest_first_by_state_and_workspace(store: Store) -> None:
    store.open_case(case("case_1"))
    store.open_case(case("case_2", "call_b", workspace_id="ws_moss"))
    store.decide("case_1", decision("reject"), CaseState.REJECTED)
    assert [found.case_id for found in store.cases()] == ["case_1", "case_2"]
    assert [found.case_id for found in store.cases(CaseState.OPEN)] == ["case_2"]
    assert [found.case_id for found in store.cases(workspace_id="ws_fern")] == ["case_1"]
    assert len(store.cases(CaseState.REJECTED)[0].decisions) == 1


def test_an_unknown_case_is_named(store: Store) -> None:
    with pytest.raises(NotFound, match="case_9"):
        store.case("case_9")
    with pytest.raises(NotFound, match="case_9"):
        store.decide("case_9", decision(), CaseState.APPROVED)
