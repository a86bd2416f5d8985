"""Values in free words: paraphrase is fine, new facts are not."""

from __future__ import annotations

import pytest

from agent.call import Speaker
from tests.agent.extraction.helpers import fact, failed_checks, make_call, one

CALL = make_call(
    (
        Speaker.CALLER,
        "You called the session off and I don't want another date, I'd sooner have the 47 pounds 25 back.",
    ),
    (
        Speaker.AGENT,
        "Finance will mail Rosa Lindqvist at rosa at fernhill dot example by Friday, ref Q T four four one two.",
    ),
    (Speaker.CALLER, "It was declined twice, I never got the three boxes."),
)


@pytest.mark.covers("S14")
@pytest.mark.parametrize(
    ("value", "turn", "quote"),
    [
        ("Session was called off; wants £47.25 back", 0, CALL.turns[0].text),
        ("wants no other date", 0, "I don't want another date"),
        ("refund of 47.25 GBP", 0, "have the 47 pounds 25 back"),
        (
            "Finance will e-mail Rosa Lindqvist by Friday",
            1,
            "Finance will mail Rosa Lindqvist at rosa at fernhill dot example by Friday",
        ),
        ("mail to rosa@fernhill.example about QT-4412", 1, CALL.turns[1].text),
        ("follow-up by 2026-10-16", 1, "by Friday"),
        ("card not accepted, 3 boxes not received", 2, CALL.turns[2].text),
        ("three boxes never arrived", 2, "I never got the three boxes"),
    ],
)
def test_a_faithful_paraphrase_holds(value: str, turn: int, quote: str) -> None:
    proved = one(fact("customer_claim", value, (turn, quote)), CALL)
    assert failed_checks(proved) == []
    assert proved.value == value


@pytest.mark.parametrize(
    ("value", "turn", "quote", "check"),
    [
        ("wants £48.25 back", 0, "have the 47 pounds 25 back", "value_in_quote"),
        ("wants £47.25 back", 0, "You called the session off", "value_in_quote"),
        ("wants another date", 0, "I don't want another date", "negation"),
        ("the session was not called off", 0, "You called the session off", "negation"),
        ("Finance will mail Greta Lindqvist", 1, "Finance will mail Rosa Lindqvist", "name"),
        ("mail to rosa@fernhall.example", 1, "rosa at fernhill dot example", "value_in_quote"),
        ("about QT-4413", 1, "ref Q T four four one two", "value_in_quote"),
        ("by 2026-10-17", 1, "by Friday", "value_in_quote"),
        ("got the three boxes", 2, "I never got the three boxes", "negation"),
        ("never got the four boxes", 2, "I never got the three boxes", "value_in_quote"),
        ("12345", 2, "twice", "format"),
        ("word " * 100, 2, "twice", "format"),
    ],
)
def test_a_new_number_name_or_denial_fails(value: str, turn: int, quote: str, check: str) -> None:
    refused = one(fact("customer_claim", value, (turn, quote)), CALL)
    assert refused.value is None
    assert check in failed_checks(refused)
