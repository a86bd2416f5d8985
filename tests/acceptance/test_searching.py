"""The search of the planted-secret test finds what is planted on purpose: else its silence would say nothing."""

from __future__ import annotations

import base64
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agent.call import Call, RedactedCall, RedactedTurn
from agent.cli.process import handle
from agent.intake import parse
from agent.redaction import RedactedTurns, Redactor
from agent.settings import STAND_IN, Settings
from agent.wiring import Options, Wiring
from tests.acceptance.planting import Planted, material, planted_world
from tests.acceptance.searching import Hay, rows_of, search

CARD = "4532015112830366"
SPOKEN = "four five three two oh one five one one two eight three oh three six six"


def planted(value: str, *pieces: str, type_: str = "pan_visa") -> Planted:
    return Planted("call_1", type_, value, pieces or (value,), "test")


@pytest.mark.parametrize(
    "text",
    [
        f"card {CARD} thanks",
        "4532 0151 1283 0366",
        "4532-0151-1283-0366",
        "4.5.3.2.0.1.5.1.1.2.8.3.0.3.6.6",
        '{"c1": "4532", "c2": "0151", "c3": "1283", "c4": "0366"}',
        "４５３２ ０１５１ １２８３ ０３６６",
        SPOKEN,
        SPOKEN.upper(),
        SPOKEN.replace(" ", "-"),
        SPOKEN.replace(" ", ", "),
        SPOKEN.replace("oh", "zero"),
        "four five three two zero one five double one two eight three zero three double six",
        "forty five thirty two oh one fifty one twelve eighty three oh three sixty six",
        "4 five 3 two oh one 51 one two 8 three 0 three six 6",
        "four five three two\noh one five one\none two eight three\noh three six six\n",
        "for five three to oh won five won won to ate three oh three six six",
        json.dumps({"turns": [{"speaker": "caller", "text": part} for part in (SPOKEN[:21], SPOKEN[22:])]}),
        '{"text": "four five three two oh one five one"}, {"text": "mm-hmm"}, {"text": "one two eight three oh three six six"}',
        "[3] caller: four five three two oh one five one\n[4] agent: Go ahead.\n[5] caller: one two eight three oh three six six",
        base64.urlsafe_b64encode(f"Subject: your card\n\nWe charged {CARD}, thank you.".encode()).decode(),
        f"2026-11-21 00:57:24,475 httpx DEBUG body={CARD}",
        f"https://crm.example/c/{CARD}?x=1",
        f"x{CARD}y",
    ],
)
def test_a_card_is_found_however_it_stands_there(text: str) -> None:
    assert Hay("text", text).holds(planted(CARD)) is not None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("DE89370400440532013000", "de89 3704 0044 0532 0130 00"),
        ("DE89370400440532013000", "D E eight nine three seven oh four oh oh four four oh five three two oh one three oh oh oh"),
        ("GB29NWBK60161331926819", "golf bravo two nine november whiskey bravo kilo 6016 1331 9268 19"),
        ("GB29NWBK60161331926819", "G for George B as in Bertie 29 N for Nancy W B K 6016 1331 9268 19"),
        ("AB123456C", "A B one two three four five six C"),
        ("AB123456C", "my number is ab-12-34-56-c"),
        ("0x52908400098527886e0f7030069857d2e4169ee7", "wallet 0x52908400098527886E0F7030069857D2E4169EE7"),
    ],
)  # fmt: skip
def test_letters_are_found_too(value: str, text: str) -> None:
    assert Hay("text", text).holds(planted(value, type_="iban_de")) is not None


@pytest.mark.parametrize(
    ("type_", "value", "text"),
    [
        ("cvv", "737", "the security code is seven three seven"),
        ("cvv", "737", '{"cvv": "737"}'),
        ("expiry", "0429", "card expiry oh four two nine"),
        ("uk_sort_code", "204060", "sort code 20-40-60"),
        ("uk_sort_code", "204060", "bank sort code twenty forty sixty"),
        ("uk_account", "42766939", "current account 4 2 7 6 mm-hmm 6 9 3 9"),
        ("us_ssn4", "4821", "the last four of my social are four eight two one"),
    ],
)
def test_short_ones_are_found_in_the_text_of_their_own_call(type_: str, value: str, text: str) -> None:
    assert Hay("text", text).holds(planted(value, type_=type_), own=True) is not None


def test_seven_digits_of_a_long_number_are_found_in_the_text_of_their_own_call() -> None:
    assert Hay("text", "it ends on three zero three six six no wait 8 3 0 3 6 6").holds(planted(CARD), own=True) is None
    assert Hay("text", "one two eight three oh three six six").holds(planted(CARD), own=True) == "in part"


@pytest.mark.parametrize(
    "text",
    [
        "my card is <CARD_1>, and the code is <CVV_1>",
        "order 453299 and ticket 51128 of 66 pieces",
        "2026-11-21T00:57:24.453201 51283ab",
        "it costs four hundred fifty three dollars and twenty cents",
    ],
)
def test_what_is_not_there_is_not_found(text: str) -> None:
    for own in (False, True):
        assert Hay("text", text).holds(planted(CARD), own=own) is None
    assert Hay("text", "4532015112830367").holds(planted(CARD)) is None


def test_a_value_in_a_database_is_found_in_its_file_and_in_its_write_ahead_log(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE t (said TEXT)")
        database.execute("INSERT INTO t VALUES (?)", (f"the caller said {SPOKEN}",))
        database.commit()
        raw = (tmp_path / "a.db-wal").read_bytes().decode("utf-8", "replace")
        assert search([Hay("wal", raw)], [planted(CARD)])
    raw = (tmp_path / "a.db").read_bytes().decode("utf-8", "replace")
    assert search([Hay("file", raw)], [planted(CARD)])


@pytest.mark.parametrize("seed", [1, 2])
def test_everything_that_is_planted_can_be_found_in_what_is_given(seed: int) -> None:
    """Every type, in every form, shape, field and format of the planted-secret test."""
    given = material(seed, 170)
    whole = Hay("inbox", "\n".join(given.files.values()))
    missed = []
    for one in given.planted:
        turns = " ".join(str(turn["text"]) for turn in given.calls[one.call_id]["turns"])
        own = (Hay("call", turns), Hay("record", json.dumps(given.calls[one.call_id])))
        if whole.holds(one) is None and all(hay.holds(one, own=True) is None for hay in own):
            missed.append(f"{one.type} ({one.where})")
    assert missed == []
    world, in_records = planted_world(seed)
    hay = Hay("world", json.dumps(world))
    assert [one.where for one in in_records if hay.holds(one) is None] == []


class Blind(Redactor):
    """Sees nothing and lets everything through."""

    def redact_call(self, call: Call) -> RedactedCall:
        names = RedactedCall.model_fields.keys() - {"turns", "redactions", "flagged"}
        turns = tuple(RedactedTurn(speaker=t.speaker, text=t.text, start=t.start, end=t.end) for t in call.turns)
        return RedactedCall(turns=turns, **{name: getattr(call, name) for name in names})

    def redact_turns(self, turns: Any) -> RedactedTurns:
        return RedactedTurns(tuple(text for _, text in turns))

    def redact_text(self, text: str) -> str:
        return text

    def redact_json(self, value: Any) -> Any:
        return value

    def identifiers_in(self, text: str) -> tuple[str, ...]:
        return ()


def test_a_product_that_redacts_nothing_would_be_found_out(tmp_path: Path) -> None:
    given, (world, in_records) = material(9, 12), planted_world(10)
    (tmp_path / "world.json").write_text(json.dumps(world), encoding="utf-8")
    calls = [call for name, text in given.files.items() for call in parse(text.encode(), name=name)]
    settings = Settings.load({}, store=str(tmp_path / "own.db"), model=STAND_IN)
    with Wiring(settings, Options(world=tmp_path / "world.json")) as wiring:
        vars(wiring)["redactor"] = Blind()
        lines = list(handle([call for call in calls if isinstance(call, Call)], wiring))
    assert len(lines) == 12
    rows, lines_out = rows_of(tmp_path / "own.db"), Hay("lines", "\n".join(line.model_dump_json() for line in lines))
    file = Hay("file", (tmp_path / "own.db").read_bytes().decode("utf-8", "replace"))
    long = [one for one in given.planted if len(one.value) >= 9 and "," in one.where]
    for hay in (rows, lines_out):
        assert {one.value for _, one, _ in search([hay], long)} == {one.value for one in long}
    assert len(search([file], long)) >= len(long) - 1, "but for what the end of a page cuts"
    assert search([rows, file], in_records), "what stands in looked-up records as well"
