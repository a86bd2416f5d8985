"""Effects at most once: ledger, lost answers, crashes, locks, caps, pause, shadow mode and the egress guard."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.ledger import EffectState
from agent.loop import duties
from agent.loop.actions import act, typed
from agent.loop.effects import ledger_arguments, lock_of
from agent.loop.facts import Action
from agent.loop.lookups import look_up
from agent.loop.tool_loop import run_loop
from agent.run import PolicyDecision, ToolStatus
from agent.store import Store
from tests.agent.loop.bed import CARD, CHARGE, CHARGES, LOOK, REFUND, Bed, Scripted, bed, refund_call
from tests.agent.loop.builders import EMAIL
from tools.registry import operations

WANTED = {"charge": CHARGE, "amount": "42.00", "currency": "USD"}
REFUNDS = ("stripe", "/v1/refunds")


def look(b: Bed) -> None:
    """The look-ups that a refund needs."""
    for name, arguments in (*LOOK, *CHARGES):
        look_up(b.desk, operations()[name.replace("__", ".")], arguments)


def refund(b: Bed) -> ToolStatus:
    call = act(b.desk, operations()["stripe.create_refund"], WANTED)
    assert call is not None
    return call.status


def only_state(b: Bed) -> EffectState:
    (entry,) = b.store.effects("ws_1", "call_1")
    return entry.state


@pytest.mark.covers("S46")
def test_a_confirmed_effect_has_its_row_vendor_id_and_key(tmp_path: Path) -> None:
    with bed(tmp_path) as b:
        look(b)
        assert refund(b) is ToolStatus.EXECUTED
        (entry,) = b.store.effects("ws_1", "call_1")
        assert entry.state is EffectState.CONFIRMED
        assert entry.vendor_id == b.made("stripe.create_refund")[0].vendor_id
        (sent,) = b.writes(*REFUNDS)
        assert sent["headers"]["idempotency-key"] == entry.key
        assert (entry.intent.customer, entry.intent.minor, entry.intent.currency) == ("stripe:cus_1", 4200, "USD")


@pytest.mark.covers("S46")
def test_the_intent_is_written_before_the_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bed(tmp_path) as b:
        look(b)
        seen: list[EffectState] = []
        real = b.toolbox.run

        def watching(name: str, *rest: object) -> object:
            seen.extend(e.state for e in b.store.effects("ws_1", "call_1"))
            return real(name, *rest)  # type: ignore[arg-type]

        monkeypatch.setattr(b.toolbox, "run", watching)
        refund(b)
        assert seen == [EffectState.SENT]


def test_an_answer_lost_after_the_effect_is_found_again(tmp_path: Path) -> None:
    with bed(tmp_path) as b:
        look(b)
        b.faults.lose(*REFUNDS[:1], path="/v1/refunds", method="POST", times=9)
        assert refund(b) is ToolStatus.EXECUTED
        assert only_state(b) is EffectState.CONFIRMED


def test_a_lost_answer_that_nobody_can_look_up_is_unknown_and_goes_to_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bed(tmp_path) as b:
        look(b)
        b.faults.lose("stripe", path="/v1/refunds", times=99)
        assert refund(b) is ToolStatus.UNKNOWN
        assert only_state(b) is EffectState.UNKNOWN
        assert [r.rule for r in b.desk.reasons] == ["effect.unknown"]
        assert duties.needs_person(b.desk)


def test_a_definite_no_is_failed_and_frees_another_attempt(tmp_path: Path) -> None:
    with bed(tmp_path) as b:
        look(b)
        b.faults.answer("stripe", 402, path="/v1/refunds", method="POST", body={"error": {"type": "card_error"}})
        assert refund(b) is ToolStatus.FAILED
        assert only_state(b) is EffectState.REJECTED
        assert b.desk.reasons[0].rule == "effect.failed"
        del b.desk.targets[len(b.desk.calls) - 1]
        b.desk.reasons.clear()
        assert refund(b) is ToolStatus.EXECUTED
        assert [e.attempt for e in b.store.effects("ws_1", "call_1")] == [1, 2]


class Killed(BaseException):
    """The process dies here."""


@pytest.mark.parametrize(
    "moment", ["before the mark", "before the request", "after the request", "before the confirmation"]
)
def test_a_kill_at_any_moment_neither_doubles_nor_loses_a_refund(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    store = Store(":memory:")
    with bed(tmp_path, store=store) as b, monkeypatch.context() as patch:
        look(b)
        _die(b, patch, moment)
        with pytest.raises(Killed):
            refund(b)
    with bed(tmp_path, store=store) as b:
        run_loop(b.desk, Scripted([LOOK, CHARGES, REFUND, "done"]))
        duties.fulfil(b.desk)
        assert len({e["headers"]["idempotency-key"] for e in b.writes(*REFUNDS)}) == 1
        assert [c.status for c in b.made("stripe.create_refund")] == [ToolStatus.EXECUTED]
        assert not duties.needs_person(b.desk)
    store.close()


def _die(b: Bed, patch: pytest.MonkeyPatch, moment: str) -> None:
    run, mark = b.toolbox.run, b.store.mark

    def dying_run(name: str, *rest: object) -> object:
        if moment == "before the request":
            raise Killed
        run(name, *rest)  # type: ignore[arg-type]
        raise Killed

    def dying_mark(key: str, state: EffectState, *rest: object) -> object:
        if (moment, state) in (
            ("before the mark", EffectState.SENT),
            ("before the confirmation", EffectState.CONFIRMED),
        ):
            raise Killed
        return mark(key, state, *rest)  # type: ignore[arg-type]

    if moment.endswith("request"):
        patch.setattr(b.toolbox, "run", dying_run)
    patch.setattr(b.store, "mark", dying_mark)


def test_the_same_effect_with_other_arguments_is_never_sent(tmp_path: Path) -> None:
    store = Store(":memory:")
    with bed(tmp_path, store=store) as b:
        look(b)
        b.faults.lose("stripe", path="/v1/refunds", times=99)
        refund(b)
    with bed(tmp_path / "elsewhere", store=store) as b:
        look(b)
        call = act(b.desk, operations()["stripe.create_refund"], {**WANTED, "reason": "duplicate"})
        assert call is not None
        assert (call.status, call.policy.rule) == (ToolStatus.PROPOSED, "ledger.fingerprint")
        assert b.writes(*REFUNDS) == []
    store.close()


def test_a_second_call_about_the_same_charge_does_not_refund_again(tmp_path: Path) -> None:
    store = Store(":memory:")
    with bed(tmp_path, store=store) as b:
        look(b)
        refund(b)
    second = refund_call().model_copy(update={"call_id": "call_2"})
    with bed(tmp_path / "fresh", store=store, heard=second) as b:
        look(b)
        call = act(b.desk, operations()["stripe.create_refund"], WANTED)
        assert call is not None
        assert (call.status, call.policy.rule) == (ToolStatus.PROPOSED, "ledger.lock")
        assert b.writes(*REFUNDS) == []
    store.close()


def test_a_pause_holds_every_effect(tmp_path: Path) -> None:
    with bed(tmp_path) as b:
        look(b)
        b.store.pause(by="ops")
        assert refund(b) is ToolStatus.PROPOSED
        assert b.made("stripe.create_refund")[0].policy.rule == "ledger.paused"
        assert b.writes() == []


def test_a_dry_run_proposes_and_sends_nothing(tmp_path: Path) -> None:
    with bed(tmp_path, dry_run=True) as b:
        run_loop(b.desk, Scripted([LOOK, CHARGES, REFUND, "done"]))
        duties.fulfil(b.desk)
        actions = [c for c in b.desk.calls if c.kind == "action"]
        assert {c.status for c in actions} == {ToolStatus.PROPOSED}
        assert b.writes() == []
        assert b.store.effects("ws_1", "call_1") == []


@pytest.mark.covers("S24", "S59")
def test_the_egress_guard_refuses_an_identifier_in_any_argument(tmp_path: Path) -> None:
    with bed(tmp_path) as b:
        look(b)
        made = typed(
            b.desk, operations()["gmail.create_draft"], {"to": EMAIL, "subject": "Card", "body": f"Use {CARD}"}
        )
        assert isinstance(made, PolicyDecision)
        assert made.rule == "egress.identifier"
        assert CARD not in made.reason


def test_house_texts_are_no_part_of_an_effects_identity(tmp_path: Path) -> None:
    operation = operations()["hubspot.create_note"]
    first, second = (
        Action(operation, operation.arguments.model_validate({"contact_id": "501", "body": text}))
        for text in ("a", "b")
    )
    assert ledger_arguments(first) == ledger_arguments(second) == {"contact_id": "501"}
    assert lock_of(first, "call_1") != lock_of(first, "call_2")


def test_what_was_sent_to_a_customer_is_logged_in_full(tmp_path: Path) -> None:
    from tests.agent.loop.test_compose import resend_bed

    with resend_bed(tmp_path) as b:
        act(b.desk, operations()["quickbooks.send_invoice"], {"invoice_id": "7001", "send_to": EMAIL})
        (log,) = [data for _, title, data in b.steps if title.endswith(": sent")]
        assert log["kind"] == "invoice"
        assert log["recipient"] == EMAIL
        assert log["channel"] == "quickbooks.send_invoice"
        assert log["vendor_id"] == "7001"
        assert log["quote"]["quote"]
        assert log["approver"] is None
