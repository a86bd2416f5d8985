from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.call import Call
from agent.intake import parse
from tests.agent.intake.test_canonical import one, refused

TURNS = [
    {"role": "assistant", "content": "Fern and Moss.", "start": 0.5, "end": 1.5},
    {"role": "user", "content": "I was charged twice.", "start": 2, "end": 4},
]
SPOKEN = [("agent", "Fern and Moss."), ("caller", "I was charged twice.")]
LINES = "Agent: Fern and Moss.\nUser: I was charged twice."


def event(**changes: Any) -> dict[str, Any]:
    call: dict[str, Any] = {
        "id": "call_dn_1",
        "direction": "outbound",
        "type": "phone_call",
        "status": "completed",
        "from_number": "441632960100",
        "to_number": "441632960171",
        "initiated_at": "2026-03-02T09:30:00.500Z",
        "duration_in_seconds": 61,
        "transcript": LINES,
        "summary": "charged twice",
        "recording_url": "https://rec.example/1.mp3?sig=x",
        "post_call_analysis": {"outcome": "refund"},
        "metadata": {"account": "F-1"},
    }
    kept = {name: value for name, value in {**call, **changes}.items() if value is not None}
    return {"event_type": "call_ended", "payload": {"call": kept}}


def spoken(call: Call) -> list[tuple[str, str]]:
    return [(turn.speaker.value, turn.text) for turn in call.turns]


@pytest.mark.covers("C07", "S18")
def test_the_pushed_event_becomes_a_call() -> None:
    call = one(event())
    assert (call.call_id, call.source, call.direction) == ("call_dn_1", "dialnexa.call_ended", "outbound")
    assert (call.from_number, call.to_number) == ("+441632960100", "+441632960171"), "the plus is put back"
    assert call.started_at == datetime(2026, 3, 2, 9, 30, 0, 500_000, tzinfo=UTC)
    assert call.ended_at == datetime(2026, 3, 2, 9, 31, 1, 500_000, tzinfo=UTC)
    assert (call.summary, call.recording_url) == ("charged twice", "https://rec.example/1.mp3?sig=x")
    assert (call.analysis, call.metadata) == ({"outcome": "refund"}, {"account": "F-1"})
    assert spoken(call) == SPOKEN
    assert call.ignored_fields == ()
    assert one(event(colour="red", agent_id="a")).ignored_fields == ("payload.call.colour",)


@pytest.mark.parametrize(
    "transcript",
    [
        LINES,
        LINES.replace("\n", " "),
        json.dumps(TURNS),
        TURNS,
        {"turns": TURNS},
        {"assistant": [TURNS[0]], "user": [TURNS[1]]},
        {"user": [TURNS[1]], "assistant": [TURNS[0]]},
        {"assistant": "Fern and Moss.", "user": "I was charged twice."},
        [{"agent": "Fern and Moss."}, {"user": "I was charged twice."}],
        [{"role": "system", "content": "prompt"}, *TURNS],
        "[00:01] Agent: Fern and Moss.\n[00:02] User: I was charged twice.",
    ],
    ids=[
        "lines",
        "spaces for line ends",
        "JSON in a string",
        "a list",
        "wrapped",
        "by role with times",
        "by role, other order",
        "by role, plain",
        "one-key turns",
        "with a system turn",
        "times in brackets",
    ],
)
def test_the_transcript_is_read_in_each_of_its_shapes(transcript: object) -> None:
    assert spoken(one(event(transcript=transcript))) == SPOKEN


def test_times_of_turns_are_kept_and_a_length_is_not_guessed() -> None:
    call = one(event(transcript=TURNS, duration_in_seconds=None))
    assert [(turn.start, turn.end) for turn in call.turns] == [(0.5, 1.5), (2.0, 4.0)]
    assert call.ended_at is None
    assert one(event(duration_in_seconds=None, duration=61)).ended_at == one(event()).ended_at


@pytest.mark.parametrize("status", ["hangup", "no_answer", "failed", "initiated"])
def test_a_call_that_never_connected_says_that_there_is_nothing_to_process(status: str) -> None:
    message = refused(event(status=status, transcript=None))
    assert message == f"the call never connected (status {status}), so there is nothing to process"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {**event(), "event_type": "call_initiated"},
            "an event call_initiated carries no transcript, so there is nothing to process",
        ),
        (
            {**event(), "event_type": "transfer_completed"},
            "an event transfer_completed carries no transcript, so there is nothing to process",
        ),
        (
            {**event(), "event_type": "my card is 4242"},
            "an event of this kind carries no transcript, so there is nothing to process",
        ),
        (
            {"message": "ping", "timestamp": "2026-03-02T09:30:00Z"},
            "this DialNexa message carries no transcript, so there is nothing to process",
        ),
        (
            {"event": "call.transcript_ready", "workspace_id": "ws", "session_id": "s"},
            "this DialNexa message carries no transcript, so there is nothing to process",
        ),
        (event(transcript=None), "payload.call.transcript is missing or empty, so there is nothing to process"),
        (event(transcript="  "), "payload.call.transcript is missing or empty, so there is nothing to process"),
        (event(transcript=[]), "payload.call.transcript is missing or empty, so there is nothing to process"),
        (event(transcript=7), "payload.call.transcript must be a list"),
        (
            event(transcript={"x": "y"}),
            "payload.call.transcript must be text, a list of turns or an object keyed by speaker",
        ),
        (event(transcript=[{"role": "user"}]), "payload.call.transcript[0].text is missing"),
        (event(id=None), "call_id is missing; name the call with --call-id"),
        (event(initiated_at="2026-03-02T09:30:00"), "initiated_at must carry its offset, such as Z or +01:00"),
    ],
)
def test_what_cannot_be_processed_is_said_in_one_sentence(body: dict[str, Any], message: str) -> None:
    assert refused(body) == message


def test_the_flat_body_becomes_a_call() -> None:
    body = {
        "call_id": "call_dn_2",
        "status": "completed",
        "sentiment": "neutral",
        "transcript": LINES,
        "extracted_data": {"intent": "refund"},
        "duration": 58,
        "metadata": {"source": "crm"},
        "billing": {},
    }
    call = one(body)
    assert (call.call_id, call.source, call.started_at) == ("call_dn_2", "dialnexa.call_completed", None)
    assert (call.analysis, call.metadata) == ({"intent": "refund"}, {"source": "crm"})
    assert spoken(call) == SPOKEN
    assert call.ignored_fields == ()


def test_a_call_read_back_over_rest_becomes_a_call() -> None:
    body = {
        "id": "call_dn_3",
        "agent_id": "a",
        "call_direction": "inbound",
        "createdAt": "2026-03-02T09:30:00Z",
        "duration": 42,
        "transcript": LINES.replace("\n", " "),
    }
    call = one(body)
    assert (call.call_id, call.direction, call.source) == ("call_dn_3", "inbound", "dialnexa.rest")
    assert call.ended_at == datetime(2026, 3, 2, 9, 30, 42, tzinfo=UTC)
    assert spoken(call) == SPOKEN


def test_a_call_log_is_named_by_its_call_and_ends_with_its_timeline() -> None:
    body = {
        "id": "log_9",
        "call_id": "call_dn_4",
        "duration_seconds": 40,
        "transcript": LINES,
        "analysis": {"ok": True},
        "timeline": [{"event": "call_ended", "timestamp": "2026-03-02T09:30:44Z"}, "x"],
        "created_at": "2026-03-02T09:30:00Z",
    }
    call = one(body)
    assert (call.call_id, call.analysis) == ("call_dn_4", {"ok": True})
    assert call.ended_at == datetime(2026, 3, 2, 9, 30, 44, tzinfo=UTC)


def _shared() -> Path:
    return Path(os.environ.get("BILLING_AGENT_SHARED") or Path(__file__).parents[4] / "shared")


EXPECTED = {
    "dialnexa.call_ended.json": 10,
    "dialnexa.call_ended.text-transcript.json": 9,
    "dialnexa.call_completed.flat.json": 7,
    "dialnexa.get_call.json": 2,
    "dialnexa.call_log_details.json": 5,
    "plain-agent-customer.txt": 8,
    "dialnexa.call_ended.hangup.json": 0,
    "dialnexa.transfer_completed.json": 0,
    "dialnexa.verification.json": 0,
    "dialnexa.call_transcript_ready.envelope-only.json": 0,
}


@pytest.mark.parametrize(("name", "turns"), EXPECTED.items())
def test_the_reference_payloads_are_read(name: str, turns: int) -> None:
    path = _shared() / "reference" / "payloads" / name
    if not path.exists():
        pytest.skip("the reference payloads are not beside this checkout")
    (parsed,) = parse(path.read_bytes(), name=path.name)
    if turns:
        assert isinstance(parsed, Call), parsed
        assert len(parsed.turns) == turns
        assert {turn.speaker.value for turn in parsed.turns} == {"agent", "caller"}
    else:
        assert not isinstance(parsed, Call)
        assert "nothing to process" in parsed.message
