"""A store written by rules that knew nothing at all, swept by those of today, holds what today's would have kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest

from agent.call import Call, RedactedCall, RedactedTurn
from agent.cli import main
from agent.errors import NotFound
from agent.intake import read_record
from agent.redaction import Redactor
from agent.store import Store
from agent.sweep import sweep
from evals.scorers.leaks import leaks_part, leaks_whole
from tests.agent.sweep.planted import bytes_of, dump

REDACTOR = Redactor()


def known_calls() -> list[dict[str, Any]]:
    """The fixture calls that hold identifiers."""
    lines = (files("fixtures") / "calls" / "calls.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["gold"]["secrets"]]


def as_it_came(self: Redactor, call: Call) -> RedactedCall:
    names = ("call_id", "workspace_id", "source", "started_at", "ended_at", "direction", "from_number", "to_number")
    turns = tuple(RedactedTurn(speaker=t.speaker, text=t.text, start=t.start, end=t.end) for t in call.turns)
    own = {name: getattr(call, name) for name in names}
    return RedactedCall(**own, summary=call.summary, metadata=dict(call.metadata), turns=turns)


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store after the sweep; it is made once."""
    folder = tmp_path_factory.mktemp("old")
    path = folder / "store.db"
    (folder / "calls.jsonl").write_text("\n".join(json.dumps(row["call"]) for row in known_calls()))
    with pytest.MonkeyPatch.context() as patch, as_file(files("fixtures") / "worlds" / "main.json") as world:
        patch.setattr(Redactor, "redact_call", as_it_came)
        for name in ("redact_json", "redact_text"):
            patch.setattr(Redactor, name, lambda self, value: value)
        patch.setattr(Redactor, "identifiers_in", lambda self, text: ())
        given = ["process", str(folder / "calls.jsonl"), "--json", "--world", str(world), "--model", "stand-in"]
        assert main([*given, "--store", str(path)]) == 0
    said = [turn["text"] for row in dump(path)["calls"] for turn in json.loads(row["body"])["turns"]]
    assert any(leaks_whole(text, secret) for row in known_calls() for secret in row["gold"]["secrets"] for text in said)
    with Store(path) as store:
        assert sweep(store, lambda _: REDACTOR).failed == 0
    return path


def strings(value: Any) -> Iterator[str]:
    """Every text of a JSON value, also of JSON inside texts."""
    if isinstance(value, str):
        try:
            inner = json.loads(value)
        except ValueError:
            yield value
            return
        if isinstance(inner, dict | list):
            yield from strings(inner)
        else:
            yield value
    elif isinstance(value, dict):
        yield from (text for item in value.values() for text in strings(item))
    elif isinstance(value, list):
        yield from (text for item in value for text in strings(item))


def test_no_identifier_can_be_read_anywhere_in_digits_or_spoken(swept: Path) -> None:
    tables = dump(swept)
    runs = {row["run_id"]: row["call_id"] for row in tables["runs"]}
    for row in known_calls():
        call_id, secrets = row["call"]["call_id"], row["gold"]["secrets"]
        own = [
            one
            for rows in tables.values()
            for one in rows
            if one.get("call_id", runs.get(str(one.get("run_id")))) == call_id
        ]
        texts = {text for one in own for value in one.values() for text in strings(value)}
        assert len(texts) > 30
        for secret in secrets:
            readable = [text for text in texts if leaks_whole(text, secret) or leaks_part(text, secret)]
            assert not readable, (row["id"], len(secret))
    stored = bytes_of(swept)
    assert not [s for row in known_calls() for s in row["gold"]["secrets"] if len(s) > 6 and s.encode() in stored]


def test_turns_and_rows_are_those_of_today(swept: Path) -> None:
    with Store(swept) as store:
        for row in known_calls():
            want = REDACTOR.redact_call(read_record(row["call"]))
            call = store.redacted_call(want.workspace_id, want.call_id)
            line = store.run(want.call_id).line
            assert line is not None
            assert [(r.turn, r.start, r.end, r.entity) for r in call.redactions] == [
                (r.turn, r.start, r.end, r.entity) for r in want.redactions
            ]
            assert [turn.text for turn in line.redacted_turns] == [turn.text for turn in call.turns]
            assert line.redactions == call.redactions
            gold = row["gold"]["suppression"]
            for flag in ("card_number", "bank_details", "tax_identifier"):
                if gold[flag] is not None:
                    assert getattr(line.suppression, flag) == gold[flag], (row["id"], flag)


def test_every_quote_still_stands_in_its_turn(swept: Path) -> None:
    quotes = 0
    with Store(swept) as store:
        for row in known_calls():
            line = store.run(row["call"]["call_id"]).line
            assert line is not None
            for _, extracted in line.capture:
                for evidence in extracted.evidence:
                    quotes += 1
                    assert evidence.quote in line.redacted_turns[evidence.turn].text
    assert quotes > 50


def test_every_case_can_still_be_shown_and_every_action_is_as_it_was(swept: Path) -> None:
    with Store(swept) as store:
        for case in store.cases():
            assert store.run(case.run_id).line is not None
        for row in known_calls():
            for entry in store.effects(row["call"]["workspace_id"], row["call"]["call_id"]):
                assert entry.state.value == "confirmed"
        with pytest.raises(NotFound):
            store.case("case_unknown")
        assert sweep(store, lambda _: REDACTOR).swept == {}
