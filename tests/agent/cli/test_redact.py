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


@pytest.mark.parametrize("name", ["id", "call_id"])
@pytest.mark.parametrize("given", ["4242424242424242", 4242424242424242, f"call {CARD}", "GB16WEST99115984230614"])
def test_an_id_that_is_an_identifier_is_not_echoed_and_the_rest_goes_on(
    command: Command, name: str, given: str | int
) -> None:
    ran = command("redact", stdin=lines({name: given, "turns": [turn("hello")]}, {"id": "ok", "turns": []}))
    assert ran.code == 1
    first, second = ran.rows
    assert first["error"] == f"{name} holds a payment or tax identifier; give the record an id of its own"
    assert first["id"].endswith("_1>")
    assert "turns" not in first
    assert second["id"] == "ok"
    assert "4242" not in ran.out + ran.err
    assert "WEST" not in ran.out + ran.err


@pytest.mark.parametrize(
    "given", ["202603021234", 123456789012345678, "550e8400-e29b-41d4-a716-446655440000", "KS-20261112-07"]
)
def test_an_ordinary_long_id_is_kept(command: Command, given: str | int) -> None:
    (row,) = command("redact", stdin=lines({"id": given, "turns": [turn("hello")]})).rows
    assert row["id"] == given


def test_an_id_that_fails_for_another_reason_is_masked_too(command: Command) -> None:
    pushed = {
        "event_type": "call_ended",
        "payload": {"call": {"id": CARD, "status": "completed", "transcript": "Agent: x"}},
    }
    ran = command("redact", stdin=lines({"id": CARD, "turns": 5}, pushed))
    assert ran.code == 2
    assert all("error" in row for row in ran.rows)
    assert "4242" not in ran.out + ran.err


def test_summary_analysis_and_metadata_are_kept_redacted_with_the_same_placeholders(command: Command) -> None:
    call = {
        "call_id": "c1",
        "turns": [turn(f"my card is {CARD}")],
        "summary": f"Read out card {CARD}.",
        "analysis": {"iban": "GB16WEST99115984230614", "mood": "calm"},
        "metadata": {"notes": [{"text": "sort code?"}, {"text": "30 91 44"}], "amount": 12},
    }
    (row,) = command("redact", stdin=lines(call)).rows
    assert list(row) == ["id", "call_id", "turns", "redactions", "summary", "analysis", "metadata"]
    assert row["turns"][0]["text"] == "my card is <CARD_1>"
    assert row["summary"] == "Read out card <CARD_1>."
    assert row["analysis"] == {"iban": "<IBAN_1>", "mood": "calm"}
    assert row["metadata"] == {"notes": [{"text": "sort code?"}, {"text": "<SORT_CODE_1>"}], "amount": 12}
    pushed = {
        "id": "p1",
        "status": "completed",
        "transcript": "Agent: Hello.",
        "summary": f"card {CARD}",
        "metadata": {"a": 1},
    }
    (row,) = command("redact", stdin=lines({"event_type": "call_ended", "payload": {"call": pushed}})).rows
    assert (row["summary"], row["metadata"], "analysis" in row) == ("card <CARD_1>", {"a": 1}, False)


def test_several_paths_and_folders_are_read_in_order(command: Command, tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_bytes(lines({"id": "a", "turns": []}, {"id": "b", "turns": []}))
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "2.json").write_bytes(json.dumps([{"id": "c", "turns": []}], indent=1).encode())
    (tmp_path / "more" / "3.jsonl").write_bytes(lines({"id": "d", "turns": []}))
    ran = command("redact", "more", "one.jsonl", "-", stdin=lines({"id": "e", "turns": []}))
    assert (ran.code, [row["id"] for row in ran.rows]) == (0, ["c", "d", "a", "b", "e"])


def test_an_empty_input_among_others_is_named_and_the_rest_goes_on(command: Command, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_bytes(b"\n")
    (tmp_path / "good.jsonl").write_bytes(lines({"id": "a", "turns": []}))
    ran = command("redact", "empty.jsonl", "good.jsonl")
    assert (ran.code, ran.err, len(ran.rows)) == (1, "billing-agent: empty.jsonl is empty\n", 1)


def test_a_text_that_fails_is_named_and_none_of_it_is_shown(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agent.errors import RedactionError
    from agent.redaction.conversation import Conversation

    def fails(self: object, turns: object) -> None:
        raise RedactionError

    (tmp_path / "call.txt").write_text(f"Agent: hi\nCustomer: {CARD}\n")
    monkeypatch.setattr(Conversation, "turns", fails)
    ran = command("redact", "call.txt")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("billing-agent: call.txt: Redaction failed")
    assert ran.err.count("\n") == 1


def test_explain_tells_rule_words_and_check_for_every_row_and_no_value(command: Command) -> None:
    call = {
        "id": "s1",
        "turns": [turn("the sort code?"), turn(f"30 91 44, card {CARD}"), turn(f"again, {CARD}")],
        "summary": "SSN 430-76-1784",
    }
    ran = command("redact", "--explain", stdin=lines(call))
    (row,) = ran.rows
    told = row["reasons"]
    assert [(one["turn"], one["placeholder"]) for one in told[:3]] == [
        (one["turn"], one["placeholder"]) for one in row["redactions"]
    ]
    assert told[0] == {
        "turn": 1, "placeholder": "<SORT_CODE_1>", "entity": "SORT_CODE", "rule": "uk_sort_code",
        "found_by": "announced", "announced_by": "sort code", "check": "none",
    }  # fmt: skip
    assert (told[1]["rule"], told[1]["check"]) == ("card", "passed")
    assert (told[3]["turn"], told[3]["field"], told[3]["rule"]) == (None, "summary", "us_ssn")
    for value in ("4242", "30 91", "1784"):
        assert value not in ran.out + ran.err
    (plain,) = command("redact", stdin=lines(call)).rows
    assert "reasons" not in plain


def test_explain_of_text_is_a_table_by_line_on_stderr(command: Command, tmp_path: Path) -> None:
    text = f"Call ID: A1\n\n[00:01] Agent: the card?\n[00:02] Customer: yes,\n   {CARD},\n and SSN 430-76-1784\n"
    (tmp_path / "call.txt").write_text(text)
    ran = command("redact", "--explain", "call.txt")
    assert ran.out == text.replace(CARD, "<CARD_1>").replace("430-76-1784", "<SSN_1>")
    table = [line.split() for line in ran.err.splitlines()]
    assert table[0] == ["call.txt"]
    assert table[2][:4] == ["5", "<CARD_1>", "CREDIT_CARD", "card"]
    assert table[3][:4] == ["6", "<SSN_1>", "SSN", "us_ssn"]
    assert command("redact", "call.txt").err == ""
    assert command("redact", "--explain", stdin=b"nothing to take").err == ""


def test_the_workspace_file_says_what_an_account_number_is(command: Command, tmp_path: Path) -> None:
    (tmp_path / "w.toml").write_text('id = "ws_1"\nbare_account_number = "bank"\n')
    said = lines({"id": "a", "turns": [turn("my account number is 4412876")]})
    (plain,), (bank,) = command("redact", stdin=said).rows, command("redact", "--workspace", "w.toml", stdin=said).rows
    assert plain["redactions"] == []
    assert [row["entity"] for row in bank["redactions"]] == ["BANK_ACCOUNT"]
    assert command("redact", "--workspace", "none.toml", stdin=said).code == 3


@pytest.mark.parametrize("jobs", ["0", "-1", "two", "65", "1.5", "٣"])
def test_jobs_is_a_whole_number(command: Command, jobs: str) -> None:
    ran = command("redact", f"--jobs={jobs}", stdin=b"hello")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "billing-agent: --jobs must be a whole number from 1 to 64\n"


def test_progress_is_told_on_stderr_when_asked_for(command: Command) -> None:
    ran = command("redact", "--progress", "--jobs", "1", stdin=lines(*({"id": f"r{n}", "turns": []} for n in range(3))))
    assert len(ran.rows) == 3
    assert ran.err.startswith("billing-agent: 3 records in ")
    assert command("redact", stdin=lines({"id": "a", "turns": []})).err == ""


def test_what_does_not_go_together_is_refused(command: Command) -> None:
    for given in (("--sweep", "x.jsonl"), ("--sweep", "--explain"), ("--history",)):
        ran = command("redact", *given)
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
