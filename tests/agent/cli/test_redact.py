from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.agent.cli.conftest import Command

CARD = "4242 4242 4242 4242"


def lines(*values: object) -> bytes:
    return "\n".join(json.dumps(value) for value in values).encode()


def turn(text: str, **more: object) -> dict[str, Any]:
    return {"speaker": "customer", "text": text, **more}


@pytest.mark.covers("C03")
def test_one_line_a_record_in_order_with_ids_speakers_and_offsets(command: Command) -> None:
    ran = command(
        "redact",
        stdin=lines(
            {"id": "s1", "turns": [turn(f"my card is {CARD}"), {"text": "thanks"}]},
            {"call_id": "c1", "workspace_id": "w", "turns": [{"speaker": "agent", "text": "hello"}]},
            {"id": 7, "call_id": "c2", "turns": [turn("hi"), {"speaker": "system", "text": "x"}]},
        ),
    )
    assert ran.code == 0
    first, second, third = ran.rows
    assert list(first) == ["id", "turns", "redactions"]
    assert first["id"] == "s1"
    assert [item["speaker"] for item in first["turns"]] == ["customer", None]
    (row,) = first["redactions"]
    said = first["turns"][row["turn"]]["text"]
    assert said[row["start"] : row["end"]] == row["placeholder"]
    assert (row["class"], CARD in ran.out) == ("card", False)
    assert (second["id"], second["call_id"], second["turns"]) == ("c1", "c1", [{"speaker": "agent", "text": "hello"}])
    assert (third["id"], third["call_id"]) == (7, "c2")
    assert len(third["turns"]) == 2, "no turn is dropped"


@pytest.mark.parametrize(
    ("record", "shown", "error"),
    [
        ({"id": "a", "turns": [turn(CARD), {"speaker": "agent"}]}, "a", "turns[1].text is missing"),
        ({"id": "a", "turns": [turn(CARD), 5]}, "a", "turns[1] must be an object"),
        ({"id": "a", "turns": CARD}, "a", "turns must be a list"),
        ({"id": "a", "text": CARD}, "a", "the record has no turns and is of no known format"),
        ([CARD], None, "the record must be a JSON object"),
    ],
)
def test_a_record_that_fails_is_an_error_line_without_its_text(
    command: Command, record: object, shown: str | None, error: str
) -> None:
    ran = command("redact", stdin=lines(record, {"id": "ok", "turns": [turn("hello")]}))
    assert ran.code == 1
    assert ran.rows[0] == {"id": shown, "error": error}
    assert ran.rows[1]["id"] == "ok"
    assert "4242" not in ran.out + ran.err


def test_a_line_that_is_no_json_is_an_error_line_without_its_text(command: Command) -> None:
    ran = command("redact", stdin=b'{"id": "x", "turns": [' + CARD.encode() + b"\n" + lines({"id": "ok", "turns": []}))
    assert ran.code == 1
    assert [row["id"] for row in ran.rows] == [None, "ok"]
    assert ran.rows[0]["error"].startswith("not valid JSON")
    assert "4242" not in ran.out + ran.err


def test_when_nothing_could_be_redacted_the_exit_code_is_two(command: Command) -> None:
    assert command("redact", stdin=lines({"id": "a"})).code == 2
    ran = command("redact", stdin=b"")
    assert (ran.code, ran.out, ran.err) == (2, "", "billing-agent: stdin is empty\n")


def test_plain_text_stays_plain_text_with_its_layout(command: Command, tmp_path: Path) -> None:
    text = f"Call ID: A1\r\n\r\n[00:01] Agent:  hello\r\n[00:02] Customer: card {CARD},\r\n     thanks\r\n"
    (tmp_path / "call.txt").write_bytes(text.encode())
    ran = command("redact", "call.txt")
    assert ran.code == 0
    before, after = text.split(CARD)
    assert ran.out.startswith(before)
    assert ran.out.endswith(after)
    assert command("redact", stdin=f"my card is {CARD}".encode()).out == "my card is <CARD_1>"


def test_a_card_over_two_labelled_lines_goes_from_both(command: Command) -> None:
    ran = command("redact", stdin=b"Agent: card number?\nCustomer: 4242 4242\nAgent: mm-hm\nCustomer: 4242 4242, yes\n")
    assert "4242" not in ran.out
    assert ran.out.count("\n") == 4


def test_a_pushed_event_is_redacted_under_its_call_id(command: Command) -> None:
    call = {"id": "call_1", "status": "completed", "transcript": f"Agent: Hello. User: My card is {CARD}."}
    (row,) = command("redact", stdin=lines({"event_type": "call_ended", "payload": {"call": call}})).rows
    assert (row["id"], row["call_id"], len(row["turns"])) == ("call_1", "call_1", 2)
    assert "4242" not in json.dumps(row)


def test_a_path_that_does_not_exist_is_named(command: Command) -> None:
    ran = command("redact", "nowhere.jsonl")
    assert (ran.code, ran.err) == (2, "billing-agent: nowhere.jsonl does not exist\n")


def test_a_speaker_label_with_a_card_in_it_is_redacted(command: Command) -> None:
    ran = command("redact", stdin=b'{"id": "r1", "turns": [{"speaker": "card 4532015112830366", "text": "hello"}]}')
    assert "4532" not in ran.out
    labelled = command("redact", stdin=b"Caller (my card is 4532 0151 1283 0366): hello\nAgent: hi\n")
    assert "4532" not in labelled.out
