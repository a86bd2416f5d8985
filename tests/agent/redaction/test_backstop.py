"""The last net: long runs of digits that nothing explains."""

from __future__ import annotations

import pytest

from agent.redaction import Redactor
from agent.redaction.backstop import LONG, unexplained
from agent.redaction.reading import read_call
from agent.redaction.view import join_turns


def caught(*texts: str, taken: tuple[tuple[int, int], ...] = ()) -> list[str]:
    """The digits of what the net takes; every other turn is the agent's."""
    turns = [("agent" if at % 2 else "caller", text) for at, text in enumerate(texts)]
    return [value for finding in unexplained(read_call(join_turns(turns)), taken) for value in finding.values]


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("So I have 999988887777 here.", "999988887777"),
        ("So I have 9999 8888 7777 here.", "999988887777"),
        ("nine nine nine nine, eight eight eight eight, seven seven seven seven", "999988887777"),
        ("triple nine, double eight, nine nine nine, eight eight eight eight", "999889998888"),
        ("ninety nine ninety nine eighty eight eighty eight seventy seven seventy seven", "999988887777"),
        ("９９９９８８８８７７７７", "999988887777"),
        ("order 770412. The other thing I have here is 999988887777", "999988887777"),
        ("1" * 40, "1" * 40),
    ],
)
def test_a_long_run_is_caught(said: str, digits: str) -> None:
    assert caught(said) == [digits]


@pytest.mark.parametrize(
    "said",
    [
        "So I have 99998888777 here.",
        "tracking number 999988887777",
        "999988887777 is the tracking number",
        "four hundred and twelve million three hundred thousand two hundred and six",
        "9261290100130435082878",
        "$999,888,777.00 and 12,500",
        "9999 and 8888 and 7777",
        "2026-04-27 10:30:45",
        "3f2504e0-4f89-41d3-9a0c-030512345678",
        "sub_999988887777",
    ],
)
def test_short_runs_sums_parcels_and_explained_numbers_pass(said: str) -> None:
    assert caught(said) == []


def test_what_was_taken_is_not_taken_again() -> None:
    text = "999988887777 or 111122223333"
    assert caught(text, taken=((0, 12),)) == ["111122223333"]


DIGITS = ("nine nine nine nine", "eight eight eight eight", "seven seven seven seven")


def dictated(*parts: str, answer: str = "yes") -> list[str]:
    return [text for part in parts for text in (part, answer)]


def test_dictation_over_turns_is_put_together() -> None:
    assert caught(*dictated(*DIGITS)) == ["999988887777"]
    assert caught(*dictated(*"9 9 9 9 8 8 8 8 7 7 7 7".split())) == ["999988887777"]


@pytest.mark.parametrize(
    "parts",
    [
        dictated(*DIGITS[:2]),
        dictated("tracking number nine nine nine nine", *DIGITS[1:2], "and that was all that I wanted to say today, seven seven seven seven"),
        dictated("it was nine of us at the office party that night", *DIGITS[1:]),
        [*dictated(*DIGITS[:2]), "hm", "hm", "hm", "hm", DIGITS[2]],
    ],
    ids=["too short", "in sentences", "begins in a sentence", "after a long pause"],
)  # fmt: skip
def test_no_dictation(parts: list[str]) -> None:
    assert caught(*parts) == []


def test_the_call_is_flagged_only_when_the_net_caught_something() -> None:
    redactor = Redactor()
    assert redactor.redact_turns([("caller", "9" * LONG)]).flagged
    assert not redactor.redact_turns([("caller", "9" * (LONG - 1))]).flagged
    assert not redactor.redact_turns([("caller", "card 4532 0151 1283 0366")]).flagged
