from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from agent.call import Call, Speaker
from agent.intake import BadRecord, parse


def record(**changes: Any) -> dict[str, Any]:
    """A small call of our own; None as a change removes the field."""
    values: dict[str, Any] = {
        "call_id": "call_fern_7",
        "workspace_id": "ws_fern",
        "started_at": "2026-03-02T09:30:00+01:00",
        "ended_at": "2026-03-02T08:33:00Z",
        "direction": "inbound",
        "from_number": "+441632960171",
        "turns": [
            {"speaker": "agent", "text": "Fern and Moss, billing.", "start": 0.4, "end": 2},
            {"speaker": "caller", "text": "I was charged twice."},
        ],
        **changes,
    }
    return {name: value for name, value in values.items() if value is not None}


def one(value: object, **options: Any) -> Call:
    (parsed,) = parse(json.dumps(value).encode(), **options)
    assert isinstance(parsed, Call), parsed
    return parsed


def refused(data: object, **options: Any) -> str:
    encoded = data if isinstance(data, bytes) else json.dumps(data).encode()
    (parsed,) = parse(encoded, **options)
    assert isinstance(parsed, BadRecord), parsed
    assert "\n" not in parsed.message
    return parsed.message


@pytest.mark.covers("C07", "S11")
def test_every_field_of_the_contract_is_read() -> None:
    links = {
        "recording_url": "https://rec.example/7.wav",
        "transcript_url": "https://calls.example/7",
        "crm_url": "https://crm.example/7",
        "support_ticket": "T-7",
        "payment_platform_url": "https://pay.example/7",
    }
    call = one(record(**links, to_number="+441632960100", summary="twice", analysis={"a": 1}, metadata={"b": [2]}))
    assert (call.call_id, call.workspace_id, call.direction, call.source) == (
        "call_fern_7",
        "ws_fern",
        "inbound",
        "canonical",
    )
    assert call.started_at == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    assert call.ended_at == datetime(2026, 3, 2, 8, 33, tzinfo=UTC)
    assert (call.from_number, call.to_number) == ("+441632960171", "+441632960100")
    assert {name: getattr(call, name) for name in links} == links
    assert (call.summary, call.analysis, call.metadata) == ("twice", {"a": 1}, {"b": [2]})
    assert [(t.speaker, t.text, t.start, t.end) for t in call.turns] == [
        (Speaker.AGENT, "Fern and Moss, billing.", 0.4, 2.0),
        (Speaker.CALLER, "I was charged twice.", None, None),
    ]
    assert call.ignored_fields == ()


def test_a_call_with_nothing_but_id_and_turns_is_enough() -> None:
    call = one({"call_id": "c", "turns": [{"text": "hello"}]})
    assert (call.workspace_id, call.started_at, call.direction, call.turns[0].speaker) == (
        "default",
        None,
        None,
        Speaker.UNKNOWN,
    )


@pytest.mark.parametrize(
    ("word", "speaker"),
    [
        ("agent", Speaker.AGENT),
        ("Assistant", Speaker.AGENT),
        ("BOT", Speaker.AGENT),
        ("customer", Speaker.CALLER),
        ("END_USER", Speaker.CALLER),
        ("client", Speaker.CALLER),
        ("transfer_target", Speaker.TRANSFER_TARGET),
        ("other", Speaker.OTHER),
        ("spk_0", Speaker.UNKNOWN),
        ("Speaker 1", Speaker.UNKNOWN),
        (0, Speaker.UNKNOWN),
        (None, Speaker.UNKNOWN),
    ],
)
def test_each_platforms_word_for_a_speaker_is_mapped_and_none_is_guessed(word: object, speaker: Speaker) -> None:
    assert one(record(turns=[{"speaker": word, "text": "hello"}])).turns[0].speaker is speaker


def test_system_and_tool_turns_are_dropped_before_numbering() -> None:
    turns = [
        {"speaker": "system", "text": "prompt"},
        {"speaker": "agent", "text": "one"},
        {"speaker": "tool", "text": None},
        {"speaker": "caller", "text": ""},
    ]
    assert [turn.text for turn in one(record(turns=turns)).turns] == ["one", ""]


def test_fields_that_no_one_reads_are_collected_by_name() -> None:
    turns = [{"speaker": "caller", "text": "hello", "words": [], "lang": "en"}]
    call = one(record(turns=turns, mood="fine", **{"4242424242424242": 1, "it is my card": 2}))
    assert call.ignored_fields == ("(a field with an unusual name)", "mood", "turns[].lang", "turns[].words")


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("+44 1632 960171", "+441632960171"),
        ("00441632960171", "+441632960171"),
        ("441632960171", "+441632960171"),
        (12025550143, "+12025550143"),
        ("01632 960171", "01632960171"),
        ("anonymous", None),
        ("", None),
        ("4242424242424242", None),
    ],
)
def test_phone_numbers_get_their_plus_and_withheld_ones_are_none(number: object, read: str | None) -> None:
    assert one(record(from_number=number)).from_number == read


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"started_at": "2026-03-02T09:30:00"}, "started_at must carry its offset, such as Z or +01:00"),
        ({"ended_at": "2026-03-02"}, "ended_at must carry its offset, such as Z or +01:00"),
        ({"ended_at": "soon"}, "ended_at must be an ISO 8601 time such as 2026-03-02T09:30:00+01:00"),
        ({"ended_at": 1772442000}, "ended_at must be text"),
        ({"ended_at": "0001-01-01T00:00:00+14:00"}, "ended_at must be between the years 1970 and 2200"),
        ({"direction": "sideways"}, "direction must be inbound or outbound"),
        ({"direction": 1}, "direction must be text"),
        ({"from_number": ["+441632960171"]}, "from_number must be text"),
        ({"workspace_id": 7}, "workspace_id must be text"),
        ({"summary": {"text": "x"}}, "summary must be text"),
        ({"metadata": "x"}, "metadata must be an object"),
        ({"analysis": [1]}, "analysis must be an object"),
        ({"turns": {"speaker": "caller"}}, "turns must be a list"),
        ({"turns": "Agent: hello"}, "turns must be a list"),
        ({"turns": []}, "turns holds nothing that was spoken, so there is nothing to process"),
        (
            {"turns": [{"speaker": "tool", "text": "x"}]},
            "turns holds nothing that was spoken, so there is nothing to process",
        ),
        ({"turns": ["hello"]}, "turns[0] must be an object"),
        ({"turns": [{"text": "a"}, {"speaker": "caller"}]}, "turns[1].text is missing"),
        ({"turns": [{"speaker": "caller", "text": None}]}, "turns[0].text is missing"),
        ({"turns": [{"speaker": "caller", "text": 42}]}, "turns[0].text must be text"),
        ({"turns": [{"text": "a", "start": "1s"}]}, "turns[0].start must be a number of seconds"),
        ({"turns": [{"text": "a", "end": True}]}, "turns[0].end must be a number of seconds"),
        ({"turns": [{"text": "a", "end": -1}]}, "turns[0].end must be a number of seconds"),
        ({"call_id": None}, "call_id is missing; name the call with --call-id"),
        ({"call_id": "  "}, "call_id is missing; name the call with --call-id"),
        ({"call_id": True}, "call_id must be text"),
        ({"call_id": ["x"]}, "call_id must be text"),
        ({"call_id": "x" * 201}, "call_id must be at most 200 printable characters"),
        ({"call_id": "x\x00y"}, "call_id must be at most 200 printable characters"),
        ({"turns": None}, "turns is missing"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_that_names_the_field(changes: dict[str, Any], message: str) -> None:
    assert refused(record(**changes)) == message


@pytest.mark.parametrize("changes", [{"ended_at": "4242 4242"}, {"turns": [{"text": ["4242 4242"]}]}])
def test_a_refusal_never_shows_the_value(changes: dict[str, Any]) -> None:
    assert "4242" not in refused(record(**changes))


def test_the_command_may_name_a_call_that_names_itself_nowhere() -> None:
    assert one(record(call_id=None), call_id="given").call_id == "given"
    assert one(record(), call_id="given").call_id == "call_fern_7", "its own id wins"


def test_one_given_id_never_names_two_calls() -> None:
    lines = "\n".join(json.dumps(record(call_id=name)) for name in (None, "own", None)).encode()
    first, second, third = parse(lines, call_id="given")
    assert isinstance(second, Call)
    assert [first, third] == [BadRecord(n, "call_id is missing, and --call-id can name one call only") for n in (0, 2)]


def test_the_texts_of_a_call_are_in_no_repr() -> None:
    call = one(record(summary="zanzibar", metadata={"x": "zanzibar"}, turns=[{"text": "zanzibar"}]))
    assert "zanzibar" not in repr(call)
