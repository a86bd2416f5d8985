"""Whole calls through the pipeline: done, held, idle, failed, repeated, killed, approved."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import prompts
from agent.call import Call, Speaker, Turn
from agent.case import CaseState, ReviewCase
from agent.clock import FixedClock
from agent.errors import (
    ConfigurationError,
    ModelNonsense,
    ModelUnavailable,
    NeedsPerson,
    RedactionError,
    Superseded,
)
from agent.extraction.confidence import CalibrationMap
from agent.extraction.reading import Reading
from agent.loop.tool_loop import Limits
from agent.pipeline import Deps, process, resume
from agent.redaction import Redactor
from agent.review import approve, carry_on, edit, reject
from agent.run import Outcome, ProcessLine, ToolStatus
from agent.settings import Price, Settings
from agent.store import Store
from agent.workspace import Workspace
from tests.agent.loop.bed import (
    CARD,
    CHARGE,
    CHARGES,
    LOOK,
    REFUND,
    Scripted,
    charge,
    redactor,
    world,
)
from tests.agent.loop.bed import Turn as Spoken
from tests.agent.loop.builders import EMAIL, NUMBER, SPOKEN
from tools.sandbox.faults import Faults
from tools.toolbox import Toolbox, live_toolbox, sandbox_toolbox

SAID = (
    "Hi, this is Nora Quill, nora.quill@larkspur.example. I want my 42.00 dollars back, the workshop was cancelled.",
    "Of course, you get the full amount back.",
)
MAP = CalibrationMap(
    "scripted",
    "2026-11-20",
    100,
    families=dict.fromkeys(("money", "date", "id", "contact", "name", "choice", "text"), ((0.0, 0.97),)),
    scenario=((0.0, 0.97),),
)
TURNS: list[Spoken] = [LOOK, CHARGES, REFUND, "done"]


def raw_call(*texts: str, **changes: Any) -> Call:
    spoken = texts or SAID
    turns = tuple(
        Turn(Speaker.CALLER if i % 2 == 0 else Speaker.AGENT, text, float(i), i + 0.5) for i, text in enumerate(spoken)
    )
    own: dict[str, Any] = {
        "workspace_id": "ws_1",
        "started_at": SPOKEN - timedelta(minutes=3),
        "ended_at": SPOKEN,
        "direction": "inbound",
        "from_number": NUMBER,
        "to_number": "+12025550100",
    }
    return Call("call_1", turns, **{**own, **changes})


def fact(field: str, value: str, quote: str, turn: int = 0) -> dict[str, Any]:
    return {"field": field, "value": value, "quotes": [{"turn": turn, "quote": quote}], "confidence": 0.98}


def reading(scenario: str = "refund_request", *extra: dict[str, Any], signals: Any = ()) -> Reading:
    facts = [
        fact("customer_name", "Nora Quill", "Nora Quill"),
        fact("email", EMAIL, EMAIL),
        fact("amount", "42.00", "42.00 dollars"),
        fact("currency", "USD", "42.00 dollars"),
        fact("caller_request", "money back", "I want my 42.00 dollars back"),
        *extra,
    ]
    return Reading.model_validate(
        {
            "scenario": scenario,
            "scenario_confidence": 0.97,
            "secondary": [],
            "facts": [] if scenario == "not_billing" else facts,
            "signals": list(signals),
        }
    )


class Place:
    """Everything around the pipeline, which lives through several processes of the same call."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FixedClock(SPOKEN + timedelta(minutes=1))
        self.store = Store(":memory:", self.clock)
        self.faults = Faults()
        self.books = folder / "books.jsonl"
        self.boxes: list[Toolbox] = []

    def deps(self, model: Scripted | None = None, **changes: Any) -> Deps:
        box = sandbox_toolbox(world(), self.books, faults=self.faults)
        self.boxes.append(box)
        own = Deps(
            store=self.store,
            client=model or Scripted(list(TURNS), reading=reading()),
            toolbox=box,
            redactor=redactor(),
            workspace=Workspace(mode="live"),
            settings=Settings(public_url="https://agent.example"),
            clock=self.clock,
            world="world.json",
        )
        return replace(own, **changes)

    def refunds(self) -> int:
        if not self.books.exists():
            return 0
        entries = [json.loads(line) for line in self.books.read_text().splitlines()]
        return sum(e["method"] == "POST" and e["path"].endswith("/v1/refunds") for e in entries)

    def keys(self, path: str) -> int:
        """How many different effects the vendor was asked for: requests under one key are one."""
        entries = [json.loads(line) for line in self.books.read_text().splitlines()]
        posts = [e for e in entries if e["method"] == "POST" and e["path"].endswith(path) and e["status"] < 300]
        return len({e["headers"]["idempotency-key"] for e in posts})

    def close(self) -> None:
        for box in self.boxes:
            box.close()
        self.store.close()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr("agent.extraction.extract.load_map", lambda model: MAP)
    own = Place(tmp_path)
    yield own
    own.close()


def status(line: ProcessLine, tool: str) -> str:
    (one,) = [call for call in line.tool_calls if call.tool == tool]
    return one.status.value


@pytest.mark.covers("S61", "S02", "C05", "C09")
def test_a_clean_refund_completes_and_its_run_tells_the_whole_story(place: Place) -> None:
    line = process(raw_call(), place.deps())
    assert line.outcome is Outcome.COMPLETED
    assert line.review is None
    assert status(line, "stripe.create_refund") == "executed"
    assert line.handoff is not None
    assert line.handoff.destination == "zendesk"
    assert line.usage.requests == 5
    assert line.sandbox
    assert line.scenario is not None
    assert line.scenario.confidence == 0.97
    run = place.store.run("call_1")
    kinds = [step.kind for step in run.steps]
    assert kinds[:2] == ["received", "redacted"]
    assert kinds[-2:] == ["handoff", "finished"]
    assert {"model", "extracted", "lookup", "matched", "policy", "action"} <= set(kinds)
    assert [s.data["prompt"] for s in run.steps if s.kind == "model"][-1] == prompts.load("choose_tools").version
    assert run.line == line


def test_the_line_is_the_contract(place: Place) -> None:
    data = json.loads(process(raw_call(), place.deps()).model_dump_json())
    assert data["redacted_turns"][0] == {"speaker": "caller", "text": SAID[0]}
    for key in ("call_id", "run_id", "workspace_id", "repeated", "suppression", "redactions", "usage"):
        assert key in data
    for one in data["tool_calls"]:
        assert {"tool", "kind", "status", "arguments", "policy"} <= set(one)
        assert {"verdict", "rule", "reason"} <= set(one["policy"])


@pytest.mark.covers("S46")
def test_a_second_process_prints_the_stored_line_and_does_nothing(place: Place) -> None:
    first = process(raw_call(), place.deps())
    second = process(raw_call(), place.deps(Scripted(["boom"])))
    assert second.repeated
    assert second.model_copy(update={"repeated": False}) == first
    assert place.refunds() == 1


@pytest.mark.covers("C06", "S50")
def test_without_a_calibration_every_action_waits_and_the_case_says_so(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.extraction.extract.load_map", lambda model: None)
    line = process(raw_call(), place.deps())
    assert line.outcome is Outcome.REVIEW
    assert status(line, "stripe.create_refund") == "proposed"
    assert line.review is not None
    assert "C06.no_calibration" in [reason.rule for reason in line.review.reasons]
    (case,) = place.store.cases(CaseState.OPEN)
    assert case.case_id == line.review.case_id
    assert [p.tool for p in case.proposals] == ["stripe.create_refund"]
    assert case.proposals[0].index == [c.tool for c in line.tool_calls].index("stripe.create_refund")
    assert place.refunds() == 0


@pytest.mark.covers("S01")
def test_a_call_that_is_not_about_billing_ends_at_once(place: Place) -> None:
    model = Scripted([LOOK], reading=reading("not_billing"))
    line = process(raw_call(), place.deps(model))
    assert line.outcome is Outcome.NO_ACTION
    assert line.tool_calls == ()
    assert line.handoff is not None
    assert line.handoff.status == "no_action"
    assert len(model.seen) == 1
    assert not place.books.exists()


@pytest.mark.covers("S02")
def test_a_request_taken_back_ends_with_no_action_and_a_hand_off(place: Place) -> None:
    back = {"signal": "withdrawn", "quotes": [{"turn": 2, "quote": "forget the refund"}]}
    heard = (*SAID, "Actually no, forget the refund, leave it.")
    line = process(raw_call(*heard), place.deps(Scripted(list(TURNS), reading=reading(signals=[back]))))
    assert line.outcome is Outcome.NO_ACTION
    assert line.handoff is not None
    assert place.refunds() == 0


@pytest.mark.parametrize("error", [ModelUnavailable("no answer"), ModelNonsense("no schema")])
def test_a_model_failure_is_a_failed_line_that_a_later_process_may_try_again(place: Place, error: Exception) -> None:
    failed = process(raw_call(), place.deps(Scripted(reading=error)))
    assert failed.outcome is Outcome.FAILED
    assert failed.error == str(error)
    assert failed.scenario is None
    assert failed.handoff is not None
    assert failed.redacted_turns
    again = process(raw_call(), place.deps())
    assert (again.outcome, again.repeated) == (Outcome.COMPLETED, False)
    assert again.run_id == failed.run_id
    assert place.store.run("call_1").attempt == 2


def test_a_model_that_breaks_off_in_the_loop_leaves_a_failed_line_with_what_was_understood(place: Place) -> None:
    model = Scripted([LOOK, ModelUnavailable("gone")], reading=reading())
    line = process(raw_call(), place.deps(model))
    assert (line.outcome, line.error) == (Outcome.FAILED, "gone")
    assert line.capture.value("email") == EMAIL
    assert len(line.tool_calls) == 2
    assert line.handoff is not None
    assert line.handoff.status == "failed"


def test_a_call_that_cannot_be_redacted_leaves_nothing_of_its_text(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Redactor, call: Call) -> Any:
        raise RedactionError

    monkeypatch.setattr(Redactor, "redact_call", broken)
    line = process(raw_call(), place.deps())
    assert (line.outcome, line.redacted_turns, line.run_id) == (Outcome.FAILED, (), None)
    assert "Nora" not in line.model_dump_json()
    assert line.handoff is not None
    assert line.handoff.status == "failed"
    assert place.store.runs() == []


def test_a_redaction_failure_on_the_way_stops_the_run_and_nothing_is_sent(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Redactor, text: str) -> Any:
        raise RedactionError

    monkeypatch.setattr(Redactor, "identifiers_in", broken)
    line = process(raw_call(), place.deps())
    assert line.outcome is Outcome.FAILED
    assert line.error == str(RedactionError())
    assert not place.books.exists()


@pytest.mark.covers("C03", "S21", "S59", "S24")
def test_planted_identifiers_are_in_no_line_store_prompt_or_request(place: Place) -> None:
    place.store.close()
    place.store = Store(place.folder / "store.db", place.clock)
    heard = (*SAID, f"My card is {CARD} and the code is 737.", "Please do not tell me the card.")
    model = Scripted(list(TURNS), reading=reading())
    line = process(raw_call(*heard, summary=f"card {CARD}", metadata={"note": CARD}), place.deps(model))
    assert line.suppression.card_number
    place.store.close()
    stored = b"".join(path.read_bytes() for path in place.folder.iterdir() if path.is_file())
    everything = stored.decode("utf-8", "replace") + line.model_dump_json() + json.dumps(model.seen)
    for secret in (CARD, CARD.replace(" ", ""), "4111", "1111 1111"):
        assert secret not in everything


class Killed(BaseException):
    """The process dies here."""


_FIRST, _LAST = 14, 33
"""From the first decision to the end of a clean refund's run, counted in writes to store and systems."""


@pytest.mark.covers("S46")
@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("moment", range(_FIRST, _LAST))
def test_a_kill_at_any_write_neither_doubles_nor_loses_an_effect(
    place: Place, monkeypatch: pytest.MonkeyPatch, moment: int, before: bool
) -> None:
    with monkeypatch.context() as patch:
        _die_at(patch, moment, before)
        with pytest.raises(Killed):
            process(raw_call(), place.deps())
    ended = place.store.line_for("ws_1", "call_1") is not None
    line = process(raw_call(), place.deps())
    assert place.keys("/v1/refunds") == place.keys("/api/v2/tickets") == 1
    assert line.outcome is Outcome.COMPLETED
    assert status(line, "stripe.create_refund") == status(line, "zendesk.create_ticket") == "executed"
    assert line.repeated is ended


def _die_at(patch: pytest.MonkeyPatch, moment: int, before: bool) -> None:
    """Die at the ``moment``-th write to the store or request to a system, before it or just after it."""
    count = itertools.count()

    def dying(owner: Any, name: str) -> None:
        real = getattr(owner, name)

        def act(self: Any, *args: Any, **kwargs: Any) -> Any:
            now = next(count) == moment
            if now and before:
                raise Killed
            result = real(self, *args, **kwargs)
            if now:
                raise Killed
            return result

        patch.setattr(owner, name, act)

    for name in ("append", "reserve", "mark", "finish"):
        dying(Store, name)
    dying(Toolbox, "run")


def test_a_run_that_another_worker_took_over_says_so_and_stores_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Store.reserve

    def overtaken(self: Store, *args: Any) -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(Store, "reserve", real)
            other.append(process(raw_call(), place.deps()))
        return real(self, *args)

    other: list[ProcessLine] = []
    monkeypatch.setattr(Store, "reserve", overtaken)
    line = process(raw_call(), place.deps())
    assert other[0].outcome is Outcome.COMPLETED
    assert line.model_copy(update={"repeated": False}) == other[0]
    assert line.repeated
    assert place.keys("/v1/refunds") == 1


def test_a_workspaces_rules_are_for_its_own_calls(place: Place) -> None:
    with pytest.raises(ConfigurationError, match="belongs to workspace ws_1"):
        process(raw_call(), place.deps(workspace=Workspace(id="ws_other", mode="live")))


def test_a_live_run_needs_a_workspace_that_says_whose_it_is(place: Place) -> None:
    with pytest.raises(ConfigurationError, match="workspace file"):
        process(raw_call(), place.deps(toolbox=live_toolbox({}), workspace=Workspace()))


def test_live_systems_without_credentials_are_never_a_sandbox(place: Place) -> None:
    box = live_toolbox({})
    line = process(raw_call(), place.deps(toolbox=box, workspace=Workspace(id="ws_1", mode="live")))
    assert not line.sandbox
    assert line.outcome is Outcome.REVIEW
    assert not any(call.status is ToolStatus.EXECUTED for call in line.tool_calls)
    box.close()


# -- approval ------------------------------------------------------------------------------------------


def held(place: Place, **changes: Any) -> ProcessLine:
    """A refund that waits for a person: 9.00 is a part of the charge that nobody stated."""
    turns: list[Spoken] = [
        LOOK,
        CHARGES,
        [("stripe__create_refund", {"charge": CHARGE, "amount": "9.00", "currency": "USD"})],
        "done",
    ]
    line = process(raw_call(), place.deps(Scripted(turns, reading=reading()), **changes))
    assert line.outcome is Outcome.REVIEW
    return line


def case_of(place: Place) -> ReviewCase:
    (case,) = place.store.cases(CaseState.OPEN)
    return case


@pytest.mark.covers("S62", "S53")
def test_an_approval_looks_up_again_and_carries_out_once(place: Place) -> None:
    before = held(place)
    case = case_of(place)
    line = approve(place.store, case.case_id, by="ada", clock=place.clock, resume=lambda c: resume(c, place.deps()))
    assert status(line, "stripe.create_refund") == "executed"
    assert line.outcome is Outcome.COMPLETED
    assert len(line.tool_calls) == len(before.tool_calls)
    assert place.refunds() == 1
    assert place.store.line_for("ws_1", "call_1") == line
    assert "refunded 9.00 USD" in (line.handoff.summary if line.handoff else "")
    again = resume(place.store.case(case.case_id), place.deps())
    assert again.tool_calls == line.tool_calls
    assert place.refunds() == 1


def test_an_approval_does_not_make_a_changed_record_right(place: Place) -> None:
    held(place)
    case = case_of(place)
    changed = world(stripe={"charges": [charge(disputed=True)]})
    box = sandbox_toolbox(changed)
    line = approve(
        place.store, case.case_id, by="ada", clock=place.clock, resume=lambda c: resume(c, place.deps(toolbox=box))
    )
    box.close()
    assert place.refunds() == 0
    assert line.outcome is Outcome.REVIEW
    assert line.review is not None
    assert line.review.reasons[0].rule == "review.not_carried_out"
    assert case_of(place).case_id != case.case_id


def test_an_edited_proposal_is_judged_as_edited(place: Place) -> None:
    held(place)
    case = case_of(place)
    edit(
        place.store,
        case.case_id,
        by="ada",
        clock=place.clock,
        changes={"amount": "999.00"},
        check=lambda tool, arguments: arguments,
    )
    line = approve(place.store, case.case_id, by="ada", clock=place.clock, resume=lambda c: resume(c, place.deps()))
    assert place.refunds() == 0
    assert line.outcome is Outcome.REVIEW


def test_an_interrupted_approval_is_carried_on_without_doing_it_twice(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    held(place)
    case = case_of(place)

    def dying(self: Store, run_id: str, line: ProcessLine) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Store, "replace_line", dying)
        with pytest.raises(Killed):
            approve(place.store, case.case_id, by="ada", clock=place.clock, resume=lambda c: resume(c, place.deps()))
    assert place.refunds() == 1
    line = carry_on(place.store, case.case_id, resume=lambda c: resume(c, place.deps()))
    assert status(line, "stripe.create_refund") == "executed"
    assert line.outcome is Outcome.COMPLETED
    assert place.refunds() == 1


def test_a_case_that_nobody_approved_is_not_carried_out(place: Place) -> None:
    held(place)
    with pytest.raises(NeedsPerson):
        resume(case_of(place), place.deps())
    reject(place.store, case_of(place).case_id, by="ada", clock=place.clock, reason="no")
    assert place.refunds() == 0


def test_a_case_that_a_killed_attempt_left_is_replaced(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def dying(self: Store, run_id: str, attempt: int, line: ProcessLine) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Store, "finish", dying)
        with pytest.raises(Killed):
            held(place)
    held(place)
    states = sorted(case.state.value for case in place.store.cases())
    assert states == ["expired", "open"]


def test_time_is_the_calls_own(place: Place) -> None:
    place.clock.at = datetime.fromisoformat("2031-01-01T00:00:00+00:00")
    assert process(raw_call(), place.deps()).outcome is Outcome.COMPLETED


# -- failures after an effect, old approvals, idle calls, costs ----------------------------------------


@pytest.mark.covers("S46", "S66")
def test_a_failure_after_an_effect_keeps_what_was_done(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    real, sent = Redactor.redact_json, Toolbox.run
    done: list[str] = []

    def run(self: Toolbox, name: str, *rest: Any) -> Any:
        answer = sent(self, name, *rest)
        if name == "stripe.create_refund":
            done.append(name)
        return answer

    def broken(self: Redactor, value: Any) -> Any:
        if done:
            raise RedactionError
        return real(self, value)

    with monkeypatch.context() as patch:
        patch.setattr(Toolbox, "run", run)
        patch.setattr(Redactor, "redact_json", broken)
        line = process(raw_call(), place.deps())
    assert (line.outcome, line.error) == (Outcome.FAILED, str(RedactionError()))
    assert status(line, "stripe.create_refund") == "executed"
    assert [c.tool for c in line.tool_calls if c.kind == "lookup"]
    assert line.scenario is not None
    assert line.usage.requests == 5
    assert line.handoff is not None
    assert line.handoff.status == "failed"
    again = process(raw_call(), place.deps())
    assert again.outcome is Outcome.COMPLETED
    assert place.keys("/v1/refunds") == 1


@pytest.mark.covers("S53")
def test_an_old_approval_is_asked_for_again_and_not_carried_out(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    held(place)
    case = case_of(place)

    def dying(one: ReviewCase) -> ProcessLine:
        raise Killed

    with pytest.raises(Killed):
        approve(place.store, case.case_id, by="ada", clock=place.clock, resume=dying)
    place.clock.advance(timedelta(hours=24, seconds=1))
    line = carry_on(place.store, case.case_id, resume=lambda c: resume(c, place.deps()))
    assert place.refunds() == 0
    assert (line.outcome, status(line, "stripe.create_refund")) == (Outcome.REVIEW, "proposed")
    assert line.review is not None
    assert line.review.reasons[0].rule == "review.approval_too_old"
    with pytest.raises(NeedsPerson):
        carry_on(place.store, case.case_id, resume=lambda c: resume(c, place.deps()))
    fresh = case_of(place)
    assert fresh.case_id == line.review.case_id
    line = approve(place.store, fresh.case_id, by="ada", clock=place.clock, resume=lambda c: resume(c, place.deps()))
    assert status(line, "stripe.create_refund") == "executed"
    assert place.refunds() == 1


def test_an_approval_within_its_age_is_carried_on(place: Place) -> None:
    held(place)
    case = case_of(place)

    def dying(one: ReviewCase) -> ProcessLine:
        raise Killed

    with pytest.raises(Killed):
        approve(place.store, case.case_id, by="ada", clock=place.clock, resume=dying)
    place.clock.advance(timedelta(hours=24))
    line = carry_on(place.store, case.case_id, resume=lambda c: resume(c, place.deps()))
    assert status(line, "stripe.create_refund") == "executed"


@pytest.mark.covers("S01", "S51")
def test_a_call_that_is_not_about_billing_and_speaks_of_fraud_reaches_a_person_with_no_tool_run(place: Place) -> None:
    heard = ("Someone has hacked my account, this is fraud.", "I will pass that on.")
    claim = {"signal": "fraud_claim", "quotes": [{"turn": 0, "quote": "this is fraud"}]}
    model = Scripted([LOOK], reading=reading("not_billing", signals=[claim]))
    line = process(raw_call(*heard), place.deps(model))
    assert (line.outcome, line.tool_calls) == (Outcome.REVIEW, ())
    assert line.review is not None
    assert [reason.rule for reason in line.review.reasons] == ["S51.fraud_claim"]
    assert case_of(place).urgency == "high"
    assert not place.books.exists()


@pytest.mark.covers("C06")
def test_an_uncalibrated_model_may_not_even_do_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.extraction.extract.load_map", lambda model: None)
    line = process(raw_call(), place.deps(Scripted([], reading=reading("not_billing"))))
    assert (line.outcome, line.tool_calls) == (Outcome.REVIEW, ())
    assert line.review is not None
    assert [reason.rule for reason in line.review.reasons] == ["C06.no_calibration"]


@pytest.mark.covers("C06")
def test_confidences_in_the_line_have_four_digits_and_never_gain_by_it(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = replace(MAP, families=dict.fromkeys(MAP.families, ((0.0, 0.978912345),)), scenario=((0.0, 0.97999999),))
    monkeypatch.setattr("agent.extraction.extract.load_map", lambda model: odd)
    line = process(raw_call(), place.deps())
    assert line.scenario is not None
    assert line.scenario.confidence == 0.9799
    assert line.capture.email.confidence == 0.9789
    assert line.capture.phone.confidence is None


def test_a_priced_model_says_what_it_cost_and_keeps_to_its_bound(place: Place) -> None:
    price = Price(per_million_in=1_000.0, per_million_out=10_000.0)
    line = process(raw_call(), place.deps(limits=Limits(price=price)))
    used = line.usage
    assert used.cost_usd == pytest.approx((used.prompt_tokens * 1_000 + used.completion_tokens * 10_000) / 1e6)
    assert line.outcome is Outcome.COMPLETED
    assert process(raw_call(), place.deps()).usage.cost_usd == used.cost_usd


@pytest.mark.covers("C05")
def test_a_bound_on_cost_stops_the_loop(place: Place) -> None:
    price = Price(per_million_in=1_000.0, per_million_out=10_000.0)
    line = process(raw_call(), place.deps(limits=Limits(price=price, cost_usd=0.001)))
    assert line.outcome is Outcome.REVIEW
    assert line.review is not None
    assert "loop.budget" in [reason.rule for reason in line.review.reasons]
    assert place.refunds() == 0


# -- what a hostile review found ------------------------------------------------------------------------


@pytest.mark.covers("S02")
def test_a_request_that_nobody_acted_on_goes_to_a_person(place: Place) -> None:
    line = process(raw_call(), place.deps(Scripted([LOOK, CHARGES, "done"], reading=reading())))
    assert line.outcome is Outcome.REVIEW
    assert line.review is not None
    assert "S02.request_not_met" in {reason.rule for reason in line.review.reasons}
    assert place.refunds() == 0


@pytest.mark.parametrize("where", ["extract", "run_loop"])
def test_a_failure_nobody_foresaw_is_one_failed_line_without_its_text(
    place: Place, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise TypeError(f"card {CARD}")

    with monkeypatch.context() as patch:
        patch.setattr(f"agent.pipeline.{where}", broken)
        line = process(raw_call(), place.deps())
    assert line.outcome is Outcome.FAILED
    assert line.error == "an unexpected error stopped this call (TypeError)"
    assert process(raw_call(), place.deps()).outcome is Outcome.COMPLETED
    assert place.refunds() == 1


@pytest.mark.covers("S46")
def test_a_charge_by_its_payment_intent_is_the_same_charge(place: Place) -> None:
    def other(call: Call, call_id: str) -> Call:
        return replace(call, call_id=call_id)

    first = process(raw_call(), place.deps())
    alias: list[Spoken] = [LOOK, CHARGES, [("stripe__create_refund", {**REFUND[0][1], "charge": "pi_1"})], "done"]
    second = process(other(raw_call(), "call_2"), place.deps(Scripted(alias, reading=reading())))
    assert status(first, "stripe.create_refund") == "executed"
    assert status(second, "stripe.create_refund") != "executed"
    (refund,) = [one for one in second.tool_calls if one.tool == "stripe.create_refund"]
    assert refund.arguments["charge"] == next(
        one.arguments["charge"] for one in first.tool_calls if one.tool == "stripe.create_refund"
    )
    assert place.refunds() == 1


def test_what_a_re_ask_repeats_of_the_models_answer_is_redacted_in_the_trace() -> None:
    from agent.extraction.extract import Exchange
    from agent.loop.steps import _exchange
    from agent.models.seam import Tokens

    messages = tuple({"role": "user", "content": text} for text in ("rules", "the call", f"you said card {CARD}"))
    kept = _exchange(Exchange(prompt_version="p/1", messages=messages, answer="{}", tokens=Tokens()), redactor())
    assert "4111" not in json.dumps(kept)
    assert [message["content"] for message in kept["messages"][:2]] == ["rules", "the call"]


def test_a_worker_that_was_overtaken_waits_for_the_others_line(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    done = process(raw_call(), place.deps())
    answers = iter([None, None, None, done])
    with monkeypatch.context() as patch:
        patch.setattr(Store, "line_for", lambda *_: next(answers))
        patch.setattr("agent.pipeline._followed_up", _overtaken)
        line = process(raw_call(), place.deps(patience=20.0))
    assert line.repeated
    assert line.model_copy(update={"repeated": False}) == done


def _overtaken(*_: Any) -> Any:
    raise Superseded("run_1 was taken over")
