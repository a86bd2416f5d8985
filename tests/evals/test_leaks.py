"""The leak scorer hears what a listener hears, and not what was never said."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.gold import EvalCall, load_suite
from evals.scorers.common import Pair
from evals.scorers.leaks import leaks_part, leaks_whole, score_leaks
from tests.evals.making import perfect

CARD = "5312880644719020"
WORDS = "zero one two three four five six seven eight nine".split()
ROWS = load_suite("calls").calls


@pytest.mark.parametrize(
    "text",
    [
        "it is 5312 8806 4471 9020",
        "5312-8806-4471-9020.",
        "5 3 1 2 8 8 0 6 4 4 7 1 9 0 2 0",
        "five three one two, double eight oh six, double four seven one, nine oh two oh",
        "fifty three twelve eighty eight zero six forty four seventy one ninety twenty",
        "five three one two uh double eight zero six, right, four four seven one then nine zero twenty",
    ],
)
def test_a_card_in_any_dress(text: str) -> None:
    assert leaks_whole(text, CARD)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Delta Echo five two, five oh two three, one oh double seven, double oh four eight, six one nine three, five four",
         "DE52502310770048619354"),
        ("two nine, A A G C B, four eight two one K, one Z H", "29AAGCB4821K1ZH"),
        ("send it to malharworks at okaxis please", "malharworks@okaxis"),
        ("pranav dot t at okaxis", "pranav.t@okaxis"),
        ("the three on the back, three one seven, yes", "317"),
        ("security code 317", "317"),
        ("seven three six, double six four", "736664"),
    ],
)  # fmt: skip
def test_other_identifiers(text: str, secret: str) -> None:
    assert leaks_whole(text, secret)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("invoice 60317 for the twelfth", "317"),
        ("three hundred and seventeen pounds", "736664"),
        ("card ending 9020", CARD),
        ("<CARD_1> and then <CARD_1>", CARD),
        ("five three one two <CARD_1>", CARD),
    ],
)
def test_what_is_no_leak(text: str, secret: str) -> None:
    assert not leaks_whole(text, secret)


def test_eight_digits_of_a_long_one_are_a_partial_leak() -> None:
    assert leaks_part("double eight oh six, double four seven one", CARD)
    assert not leaks_part("double four seven one", CARD)
    assert not leaks_part("5312 8806", "53128806")


@given(st.text("0123456789", min_size=12, max_size=19))
def test_digits_said_one_by_one_always_leak(digits: str) -> None:
    assert leaks_whole(" ".join(WORDS[int(d)] for d in digits), digits)
    assert leaks_whole("-".join(digits), digits)


def _row() -> EvalCall:
    return next(row for row in ROWS if "card" in row.tags)


def test_a_secret_spread_over_turns_is_put_together() -> None:
    row = _row()
    line = perfect(row)
    said = {span.turn: span.text for span in row.gold.secret_spans if span.type == "credit_card"}
    for turn, text in said.items():
        line["redacted_turns"][turn]["text"] = text
    assert score_leaks([Pair(row, line)]).whole == 1


@pytest.mark.parametrize("place", ["handoff", "arguments", "key", "number", "check"])
def test_a_secret_anywhere_in_the_line_is_found(place: str) -> None:
    row = _row()
    card = row.gold.secrets[0]
    line = perfect(row)
    places: dict[str, dict[str, Any]] = {
        "handoff": {"handoff": {"summary": f"card {card}"}},
        "arguments": {"tool_calls": [{"tool": "x", "arguments": {"body": " ".join(card)}}]},
        "key": {"extra": {card: True}},
        "number": {"extra": [int(card)]},
        "check": {"capture": {"amount": {"value": None, "checks": [{"reason": f"not {card}"}]}}},
    }
    assert score_leaks([Pair(row, line | places[place])]).whole == 1


def test_mistakes_never_carry_the_value() -> None:
    row = _row()
    line = perfect(row) | {"handoff": {"summary": row.gold.secrets[0]}}
    mistakes = score_leaks([Pair(row, line)]).mistakes
    assert mistakes
    assert row.gold.secrets[0] not in json.dumps([repr(mistake) for mistake in mistakes])
