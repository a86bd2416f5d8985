from __future__ import annotations

import io
from datetime import timedelta

import pytest
from rich.console import Console

from agent import trace
from agent.call import Redaction
from agent.capture import BillingCapture, Check, Evidence, Extracted, HeardSignal, Scenario, ScenarioReading, Signal
from agent.run import (
    AffectedRecord,
    Handoff,
    MatchedCaller,
    Outcome,
    PolicyDecision,
    ProcessLine,
    Review,
    ReviewReason,
    Run,
    SpokenTurn,
    Step,
    ToolCall,
    ToolStatus,
    Verdict,
)
from tests.agent.store.helpers import AT, line


def shown(run: Run) -> str:
    screen = Console(file=io.StringIO(), width=160, highlight=False)
    screen.print(trace.render(run))
    assert isinstance(screen.file, io.StringIO)
    return screen.file.getvalue()


def redaction(turn: int, start: int, entity: str, kind: str, placeholder: str) -> Redaction:
    values = {"turn": turn, "start": start, "end": start + len(placeholder), "entity": entity, "class": kind}
    return Redaction.model_validate({**values, "placeholder": placeholder})


CAPTURE = BillingCapture(
    amount=Extracted(
        value="20.00",
        confidence=0.931,
        evidence=(Evidence(turn=1, quote="twenty euros"),),
        checks=(Check(name="quote_verbatim", passed=True, reason="found in turn 1"),),
    ),
    email=Extracted(checks=(Check(name="quote_verbatim", passed=False, reason="the quote is not in turn 1"),)),
)
ALLOW = PolicyDecision(verdict=Verdict.ALLOW, rule="lookup.grounded", reason="its arguments were said")
HOLD = PolicyDecision(verdict=Verdict.REVIEW, rule="refund.limit", reason="the amount is over the limit")
CALLS = (
    ToolCall(
        tool="stripe.find_customer", kind="lookup", status=ToolStatus.EXECUTED, arguments={"name": "F"}, policy=ALLOW
    ),
    ToolCall(
        tool="stripe.create_refund",
        kind="action",
        status=ToolStatus.PROPOSED,
        arguments={"amount": "20.00"},
        policy=HOLD,
    ),
)
HANDOFF = Handoff(
    summary="The caller wants the sign-up fee back.",
    destination="zendesk",
    matched_caller=MatchedCaller(
        verdict="matched", system="stripe", id="cus_fern", agreeing=("name", "email"), vip=True
    ),
    affected_record=AffectedRecord(type="charge", id="ch_fern_1"),
    reason="refund asked for",
    owner="finance",
    status="waiting",
    urgency="high",
    next_step="approve or reject",
    deadline=None,
    record_url=None,
    links={"transcript": "https://runs.example/run_1", "ticket": None},
)
REVIEWED: ProcessLine = line(
    outcome=Outcome.REVIEW,
    scenario=ScenarioReading(label=Scenario.REFUND_REQUEST, confidence=0.93, secondary=(Scenario.CHARGE_DISPUTE,)),
    capture=CAPTURE,
    signals=(HeardSignal(signal=Signal.DUPLICATE_CHARGE, evidence=(Evidence(turn=1, quote="twice"),)),),
    redacted_turns=(
        SpokenTurn(speaker="agent", text="How can I help?"),
        SpokenTurn(speaker="caller", text="Card <CARD_1> paid twenty euros twice, <CARD_1> and <IBAN_1>"),
    ),
    redactions=(
        redaction(1, 5, "CREDIT_CARD", "card", "<CARD_1>"),
        redaction(1, 39, "CREDIT_CARD", "card", "<CARD_1>"),
        redaction(1, 52, "IBAN", "bank", "<IBAN_1>"),
    ),
    tool_calls=CALLS,
    review=Review(
        reasons=(ReviewReason(rule="refund.limit", text="The amount is over the limit."),) * 2, case_id="case_1"
    ),
    handoff=HANDOFF,
)


def run(of: ProcessLine | None = REVIEWED, **changes: object) -> Run:
    steps = tuple(Step(seq=seq, kind="lookup", title=f"step {seq}", at=AT + timedelta(seconds=seq)) for seq in (1, 2))
    values = {"run_id": "run_1", "call_id": "call_a", "workspace_id": "ws_fern", "model": "stand-in", "started_at": AT}
    return Run.model_validate({**values, "steps": steps, "line": of, **changes})


@pytest.mark.covers("C09", "S02", "S03")
def test_an_analyst_reads_what_was_heard_understood_looked_up_decided_and_handed_off() -> None:
    text = shown(run(world="worlds/main.json"))
    for expected in (
        "call_a in ws_fern",
        "sandbox worlds/main.json",
        "Card <CARD_1> paid twenty euros twice",
        "removed: 1 card, 1 bank",
        "refund_request (also charge_dispute)",
        "0.93",
        "[1] “twenty euros”",
        "dropped: the quote is not in turn 1",
        "duplicate_charge",
        "stripe.find_customer",
        "caller matched  (stripe cus_fern) VIP; agrees: name, email",
        "proposed",
        "review by refund.limit: the amount is over the limit",
        "The amount is over the limit.",
        "case case_1",
        "The caller wants the sign-up fee back.",
        "charge ch_fern_1",
        "https://runs.example/run_1",
        "+1.000 s",
    ):
        assert expected in text, expected


def test_the_stand_in_is_named_as_what_it_is() -> None:
    assert "rules, not a language model" in shown(run())
    assert "rules, not a language model" not in shown(run(model="some-model"))


def test_a_run_under_way_and_a_failed_one_are_shown_too() -> None:
    assert "under way" in shown(run(None))
    failed = line(outcome=Outcome.FAILED, scenario=None, error="The language model gave no usable answer.")
    text = shown(run(failed, steps=()))
    assert "failed: The language model gave no usable answer." in text
    assert "nothing was looked up" in text


def test_words_of_a_call_carry_no_markup_and_no_control_characters_into_the_terminal() -> None:
    odd = "[bold red]hi[/] \x1b[31m\x07 \u202e no\u00a0break"
    text = shown(run(line(redacted_turns=(SpokenTurn(speaker="caller", text=odd),))))
    assert "[bold red]hi[/] \ufffd[31m\ufffd \ufffd no break" in text
    assert "\x1b" not in text


def test_a_lookup_and_an_action_are_one_line_each() -> None:
    told: list[tuple[str, str, dict[str, object]]] = [
        ("lookup", "stripe.find_customer answered", {"body": []}),
        ("lookup", "stripe.find_customer", CALLS[0].model_dump(mode="json")),
        ("policy", "stripe.create_refund: review", HOLD.model_dump(mode="json")),
        ("action", "stripe.create_refund: sent", {"to": "x"}),
        ("action", "stripe.create_refund", CALLS[1].model_dump(mode="json")),
        ("policy", "gmail.send_message: deny", HOLD.model_dump(mode="json")),
        ("lookup", "stripe.find_customer", CALLS[0].model_dump(mode="json")),
    ]
    steps = tuple(
        Step.model_validate({"seq": seq, "kind": kind, "title": title, "at": AT, "data": data})
        for seq, (kind, title, data) in enumerate(told, 1)
    )
    after = shown(run(steps=steps)).split("Steps")[1]
    lines = [" ".join(row.strip("│ ").split()) for row in after.splitlines() if "+0.000 s" in row]
    assert lines == [
        "2 +0.000 s lookup stripe.find_customer: executed, lookup.grounded",
        "5 +0.000 s action stripe.create_refund: proposed, refund.limit",
        "6 +0.000 s policy gmail.send_message: deny",
        "7 +0.000 s lookup stripe.find_customer: executed, lookup.grounded",
    ]


def test_for_programs_a_run_is_plain_data() -> None:
    data = trace.as_json(run())
    assert data["line"]["redactions"][0]["class"] == "card"
    assert [step["seq"] for step in data["steps"]] == [1, 2]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (REVIEWED, "The amount is over the limit. (and 1 more)"),
        (line(handoff=HANDOFF), "refund asked for"),
        (line(outcome=Outcome.FAILED, error="no answer"), "no answer"),
        (line(), ""),
    ],
)
def test_the_shortest_true_reason(given: ProcessLine, told: str) -> None:
    assert trace.why(given) == told


def test_a_confidence_nobody_measured_is_not_shown() -> None:
    assert (trace.confidence(None), trace.confidence(0.5)) == ("", "0.50")
    assert trace.stripped(line()) == "nothing"
