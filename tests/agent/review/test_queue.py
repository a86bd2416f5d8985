from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent import review
from agent.case import CaseState, ReviewCase
from agent.clock import FixedClock
from agent.errors import BadInput, ModelUnavailable, NeedsPerson, NotFound
from agent.run import Handoff, MatchedCaller, Outcome, ProcessLine, Review, ToolCall, ToolStatus
from agent.store import Store
from tests.agent.store.helpers import AT, case, line, policy, proposal, redacted_call


class Resumer:
    """Stands in for the pipeline: remembers the case it was given and carries its proposals out."""

    def __init__(self, store: Store, fails: bool = False) -> None:
        self.store = store
        self.fails = fails
        self.cases: list[ReviewCase] = []

    def __call__(self, given: ReviewCase) -> ProcessLine:
        self.cases.append(given)
        if self.fails:
            raise ModelUnavailable
        before = self.store.run(given.run_id).line
        assert before is not None
        approved = {p.index for p in given.proposals if p.state == "approved"}
        calls = tuple(
            call.model_copy(update={"status": ToolStatus.EXECUTED}) if index in approved else call
            for index, call in enumerate(before.tool_calls)
        )
        after = before.model_copy(update={"tool_calls": calls, "outcome": Outcome.COMPLETED})
        self.store.replace_line(given.run_id, after)
        return after


def held(status: ToolStatus = ToolStatus.PROPOSED, kind: Any = "action") -> ToolCall:
    return ToolCall(tool="stripe.create_refund", kind=kind, status=status, arguments={}, policy=policy())


HANDOFF = Handoff(
    summary="A refund is asked for.",
    destination="zendesk",
    matched_caller=MatchedCaller(verdict="matched"),
    affected_record=None,
    reason="over the limit",
    owner="finance",
    status="waiting for review",
    urgency="normal",
    next_step="decide",
    deadline=None,
    record_url=None,
    links={},
)


REVIEW = Review(reasons=case().reasons, case_id="case_1")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(AT)


@pytest.fixture
def store(tmp_path: Path, clock: FixedClock) -> Iterator[Store]:
    """One run in review: a lookup, and the refund that is proposed."""
    with Store(tmp_path / "store.db", clock) as opened:
        opened.begin(redacted_call(), run_id="run_of_call_a", model="stand-in", world=None)
        calls = (held(ToolStatus.EXECUTED, "lookup"), held())
        opened.finish(
            "run_of_call_a", 1, line(outcome=Outcome.REVIEW, tool_calls=calls, handoff=HANDOFF, review=REVIEW)
        )
        opened.open_case(case(proposals=(proposal(1),)))
        yield opened


def stored_line(store: Store) -> ProcessLine:
    found = store.run("run_of_call_a").line
    assert found is not None
    return found


def test_an_approval_is_written_down_before_it_is_carried_out(store: Store, clock: FixedClock) -> None:
    resume = Resumer(store)
    after = review.approve(store, "case_1", by=" ana ", clock=clock, resume=resume, reason="agreed by mail")
    assert after.outcome is Outcome.COMPLETED
    (given,) = resume.cases
    assert (given.state, given.proposals[0].state) == (CaseState.APPROVED, "approved")
    (decision,) = store.case("case_1").decisions
    assert (decision.by, decision.at, decision.verdict, decision.reason) == ("ana", AT, "approve", "agreed by mail")
    (step,) = store.run("run_of_call_a").steps
    assert (step.kind, step.title, step.data["case_id"]) == ("decision", "approve by ana", "case_1")


def test_approving_twice_is_refused_and_sends_nothing(store: Store, clock: FixedClock) -> None:
    resume = Resumer(store)
    review.approve(store, "case_1", by="ana", clock=clock, resume=resume)
    told = r"case case_1 is already approved by ana at 2026-03-02 09:30 UTC; it can be decided only once"
    with pytest.raises(NeedsPerson, match=told):
        review.approve(store, "case_1", by="ben", clock=clock, resume=resume)
    with pytest.raises(NeedsPerson):
        review.reject(store, "case_1", by="ben", clock=clock, reason="no")
    assert len(resume.cases) == 1


def test_an_interrupted_approval_can_be_carried_on_once(store: Store, clock: FixedClock) -> None:
    with pytest.raises(ModelUnavailable):
        review.approve(store, "case_1", by="ana", clock=clock, resume=Resumer(store, fails=True))
    assert store.case("case_1").state is CaseState.APPROVED
    resume = Resumer(store)
    assert review.carry_on(store, "case_1", resume=resume).outcome is Outcome.COMPLETED
    with pytest.raises(NeedsPerson, match="no approved action that is still to be carried out"):
        review.carry_on(store, "case_1", resume=resume)


def test_an_approval_that_a_newer_case_replaced_cannot_be_carried_on(store: Store, clock: FixedClock) -> None:
    with pytest.raises(ModelUnavailable):
        review.approve(store, "case_1", by="ana", clock=clock, resume=Resumer(store, fails=True))
    newer = stored_line(store).model_copy(update={"review": REVIEW.model_copy(update={"case_id": "case_2"})})
    store.replace_line("run_of_call_a", newer)
    with pytest.raises(NeedsPerson):
        review.carry_on(store, "case_1", resume=Resumer(store))


def test_an_undecided_case_cannot_be_carried_on(store: Store) -> None:
    with pytest.raises(NeedsPerson):
        review.carry_on(store, "case_1", resume=Resumer(store))


def test_one_of_several_proposals_may_be_approved_and_the_case_stays_open(store: Store, clock: FixedClock) -> None:
    store.open_case(case("case_2", proposals=(proposal(0), proposal(1, "ch_2"))))
    resume = Resumer(store)
    review.approve(store, "case_2", by="ana", clock=clock, resume=resume, index=1)
    assert [p.state for p in resume.cases[0].proposals] == ["proposed", "approved"]
    assert store.case("case_2").state is CaseState.OPEN
    with pytest.raises(BadInput, match="no proposal 1; proposed are: 0"):
        review.approve(store, "case_2", by="ana", clock=clock, resume=resume, index=1)
    review.approve(store, "case_2", by="ana", clock=clock, resume=resume)
    assert store.case("case_2").state is CaseState.APPROVED


def accept(tool: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    if "colour" in arguments:
        raise BadInput(f"{tool}: colour: is not an argument of this tool")
    return arguments


def test_an_edit_keeps_the_case_open_and_approval_uses_the_edited_arguments(store: Store, clock: FixedClock) -> None:
    edited = review.edit(
        store, "case_1", by="ana", clock=clock, changes={"amount": "9.00"}, check=accept, reason="half"
    )
    assert edited.state is CaseState.OPEN
    assert edited.proposals[0].arguments == {"charge": "ch_fern_1", "amount": "9.00"}
    resume = Resumer(store)
    review.approve(store, "case_1", by="ben", clock=clock, resume=resume)
    assert resume.cases[0].proposals[0].arguments["amount"] == "9.00"
    assert [(d.by, d.verdict, d.edited is not None) for d in store.case("case_1").decisions] == [
        ("ana", "edit", True),
        ("ben", "approve", False),
    ]


def test_an_edit_that_the_tool_does_not_take_changes_nothing(store: Store, clock: FixedClock) -> None:
    with pytest.raises(BadInput, match="colour"):
        review.edit(store, "case_1", by="ana", clock=clock, changes={"colour": "red"}, check=accept)
    with pytest.raises(BadInput, match="at least one argument"):
        review.edit(store, "case_1", by="ana", clock=clock, changes={}, check=accept)
    assert store.case("case_1").decisions == ()


@pytest.mark.covers("S59")
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"reason": "pay to 4532 0151 1283 0366"}, "the argument reason holds an identifier (CREDIT_CARD)"),
        ({"comment": {"body": "her SSN is 536-22-1234"}}, "the argument comment.body holds an identifier (SSN)"),
        ({"subject": "my card is 4532 0151", "note": "1283 0366"}, "holds an identifier (CREDIT_CARD)"),
        ({"cvv": "737"}, "the argument cvv holds an identifier (CARD_CVV)"),
    ],
)
def test_an_edit_with_an_identifier_is_refused_by_argument_and_entity(
    store: Store, clock: FixedClock, changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(BadInput) as caught:
        review.edit(store, "case_1", by="ana", clock=clock, changes=changes, check=accept)
    assert told in str(caught.value)
    assert str(caught.value).endswith("card, bank and tax numbers are never sent")
    for value in ("4532", "0366", "536", "737"):
        assert value not in str(caught.value)
    assert store.case("case_1").decisions == ()


def test_what_a_reviewer_writes_is_kept_without_identifiers(store: Store, clock: FixedClock) -> None:
    said = "she said four five three two oh one five one one two eight three oh three six six"
    review.reject(store, "case_1", by="ana 4532015112830366", clock=clock, reason=said)
    (decision,) = store.case("case_1").decisions
    assert (decision.by, decision.reason) == ("ana <CARD_1>", "she said <CARD_1>")
    (step,) = store.run("run_of_call_a").steps
    assert "4532" not in step.title + str(step.data)


def test_an_edit_names_one_of_several_proposals(store: Store, clock: FixedClock) -> None:
    store.open_case(case("case_2", proposals=(proposal(0), proposal(1))))
    with pytest.raises(BadInput, match="case case_2 has 2 proposals; name one with --index"):
        review.edit(store, "case_2", by="ana", clock=clock, changes={"amount": "1.00"}, check=accept)
    after = review.edit(store, "case_2", by="ana", clock=clock, changes={"amount": "1.00"}, check=accept, index=0)
    assert ["amount" in p.arguments for p in after.proposals] == [True, False]


def test_a_rejection_needs_a_reason_and_settles_the_line(store: Store, clock: FixedClock) -> None:
    for reason in ("", "  "):
        with pytest.raises(BadInput, match="a rejection needs a reason"):
            review.reject(store, "case_1", by="ana", clock=clock, reason=reason)
    after = review.reject(store, "case_1", by="ana", clock=clock, reason="not ours")
    assert after == stored_line(store)
    assert after is not None
    assert [call.status for call in after.tool_calls] == [ToolStatus.EXECUTED, ToolStatus.REJECTED]
    assert after.outcome is Outcome.COMPLETED
    assert after.handoff is not None
    assert (after.handoff.status, "ana" in after.handoff.next_step) == ("rejected", True)
    assert store.case("case_1").decisions[0].reason == "not ours"


def test_a_rejected_case_with_an_unknown_effect_still_needs_a_person(store: Store, clock: FixedClock) -> None:
    calls = (held(ToolStatus.UNKNOWN), held())
    store.replace_line("run_of_call_a", line(outcome=Outcome.REVIEW, tool_calls=calls))
    after = review.reject(store, "case_1", by="ana", clock=clock, reason="no")
    assert after is not None
    assert after.outcome is Outcome.REVIEW


def test_a_case_past_its_limit_expires_closed_and_asks_for_a_follow_up(store: Store, clock: FixedClock) -> None:
    assert review.expire(store, clock) == []
    clock.advance(timedelta(hours=72))
    with pytest.raises(NeedsPerson, match="case case_1 expired at 2026-03-05 09:30 UTC"):
        review.approve(store, "case_1", by="ana", clock=clock, resume=Resumer(store))
    assert review.waiting(store, clock) == []
    (closed,) = review.expire(store, clock)
    assert (closed.state, closed.decisions[0].by) == (CaseState.EXPIRED, "clock")
    after = stored_line(store)
    assert [call.status for call in after.tool_calls] == [ToolStatus.EXECUTED, ToolStatus.EXPIRED]
    assert after.outcome is Outcome.REVIEW
    assert after.review is not None
    assert after.review.case_id == "case_1"
    assert [reason.rule for reason in after.review.reasons] == ["review.expired", "money.exception"]
    assert "contact the customer" in after.review.reasons[0].text
    assert after.handoff is not None
    assert "contact the customer" in after.handoff.next_step
    assert review.expire(store, clock) == []


def test_an_expired_case_that_a_newer_one_replaced_leaves_the_newer_review(store: Store, clock: FixedClock) -> None:
    newer = REVIEW.model_copy(update={"case_id": "case_2"})
    store.replace_line("run_of_call_a", stored_line(store).model_copy(update={"review": newer}))
    clock.advance(timedelta(hours=72))
    review.expire(store, clock)
    assert stored_line(store).review == newer


def test_a_case_that_someone_closes_at_the_same_moment_stops_no_one(
    store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = store.cases(CaseState.OPEN)
    clock.advance(timedelta(hours=72))
    review.expire(store, clock)
    monkeypatch.setattr(store, "cases", lambda *_: stale)
    assert review.expire(store, clock) == []
    assert len(store.case("case_1").decisions) == 1


def test_urgent_cases_come_first_and_then_what_expires_next(store: Store, clock: FixedClock) -> None:
    store.open_case(case("case_late", expires_at=AT + timedelta(hours=90)))
    store.open_case(case("case_urgent", urgency="urgent", expires_at=AT + timedelta(hours=99)))
    store.open_case(case("case_soon", expires_at=AT + timedelta(hours=1)))
    found = [waiting.case_id for waiting in review.waiting(store, clock)]
    assert found == ["case_urgent", "case_soon", "case_1", "case_late"]
    assert review.waiting(store, clock, "ws_moss") == []


def test_decisions_need_a_name_and_a_known_case(store: Store, clock: FixedClock) -> None:
    with pytest.raises(BadInput, match="name of the person"):
        review.reject(store, "case_1", by=" ", clock=clock, reason="no")
    with pytest.raises(NotFound, match="case_9"):
        review.approve(store, "case_9", by="ana", clock=clock, resume=Resumer(store))
