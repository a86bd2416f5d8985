"""What is said with a card: named, known by its place, and what only looks like it."""

from __future__ import annotations

from functools import cache

import pytest

from agent.redaction import Redactor
from agent.redaction.reading import read_call
from agent.redaction.recognizers.card_extras import is_expiry
from agent.redaction.view import join_turns

CARD = ("a: Card number?", "c: 4532 0151 1283 0366.")
AMEX = ("a: Card number?", "c: 341351197181477.")


@cache
def redactor() -> Redactor:
    return Redactor()


def redacted(*lines: str) -> list[str]:
    out = redactor().redact_turns([({"a": "agent", "c": "caller"}[line[0]], line[3:]) for line in lines])
    return list(out.texts)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("The CVV is 739.", "The CVV is <CVV_1>."),
        ("the C V C is seven three nine", "the C V C is <CVV_1>"),
        ("My card PIN is four oh seven two.", "My card PIN is <PIN_1>."),
        ("The Visa expires 04/27.", "The Visa expires <EXPIRY_1>."),
        ("The card's expiry date is April twenty seven.", "The card's expiry date is <EXPIRY_1>."),
        (
            "Card is valid thru 04/27 and the security code is 739.",
            "Card is valid thru <EXPIRY_1> and the security code is <CVV_1>.",
        ),
        (
            "My card is 4532 0151 1283 0366, expiry oh four twenty seven, and the code is seven three nine.",
            "My card is <CARD_1>, expiry <EXPIRY_1>, and the code is <CVV_1>.",
        ),
    ],
)
def test_named(said: str, expected: str) -> None:
    assert redacted(f"c: {said}") == [expected]


@pytest.mark.parametrize(
    ("lines", "last"),
    [
        ((*CARD, "a: Expiry?", "c: oh four twenty seven"), "<EXPIRY_1>"),
        ((*CARD, "a: Thanks.", "c: 04/27."), "<EXPIRY_1>."),
        ((*CARD, "a: Thanks.", "c: April twenty seven."), "<EXPIRY_1>."),
        ((*CARD, "a: And the three on the back?", "c: seven three nine"), "<CVV_1>"),
        ((*AMEX, "a: And the code on the front?", "c: 4821"), "<CVV_1>"),
        (("a: And the expiry?", "c: April twenty seven."), "<EXPIRY_1>."),
        (("a: The CVV?", "c: seven", "a: Yes?", "c: three", "a: Yes?", "c: nine"), "<CVV_1>"),
        (("a: Did you enter your PIN?", "c: Yes, I typed eight four oh five."), "Yes, I typed <PIN_1>."),
    ],
)
def test_by_question_and_place(lines: tuple[str, ...], last: str) -> None:
    assert redacted(*lines)[-1] == last


@pytest.mark.parametrize(
    "lines",
    [
        ("c: The subscription expires 04/27.",),
        ("c: The offer expires on April 27.",),
        ("c: My passport expires 04/27.",),
        ("c: My licence expires in June 2027.",),
        ("c: My card expires in April.",),
        ("c: My gate code is 4821.",),
        ("c: My pin code is 560034.",),
        ("c: The code is 739.",),
        ("c: The card ending in 4407.",),
        ("c: The last four on the back of the gift card are 4821.",),
        ("c: I typed eight four oh five.",),
        ("a: When?", "c: 04/27."),
        ("a: How many seats?", "c: 739."),
    ],
    ids=lambda lines: lines[-1],
)
def test_look_alikes_stay(lines: tuple[str, ...]) -> None:
    assert redacted(*lines) == [line[3:] for line in lines]


@pytest.mark.parametrize(
    "lines",
    [
        (*CARD, "a: How many seats?", "c: 739 seats."),
        (*CARD, "a: And the amount?", "c: 739 dollars."),
        (*CARD, "a: When does the offer end?", "c: The offer ends 04/27."),
        (*CARD, "a: The order number?", "c: 739."),
    ],
    ids=lambda lines: lines[-1],
)
def test_a_count_behind_a_card_is_no_code(lines: tuple[str, ...]) -> None:
    assert redacted(*lines)[2:] == [line[3:] for line in lines[2:]]


@pytest.mark.parametrize(
    ("said", "month_and_year"),
    [("04/27", True), ("oh four twenty seven", True), ("4 2027", True), ("12 45", True), ("13/27", False), ("04/19", False), ("0427 9", False)],
)  # fmt: skip
def test_month_and_year(said: str, month_and_year: bool) -> None:
    (piece,) = read_call(join_turns([("caller", said)])).pieces
    assert is_expiry(piece) is month_and_year
