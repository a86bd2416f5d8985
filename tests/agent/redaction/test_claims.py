"""Which phrase of the call holds a number, and how firmly."""

from __future__ import annotations

import pytest

from agent.redaction.labels import Claim
from agent.redaction.reading import Reading, read_call
from agent.redaction.view import join_turns

SPEAKERS = {"a": "agent", "c": "caller"}


def read(*lines: str) -> Reading:
    return read_call(join_turns([(SPEAKERS[line[0]], line[3:]) for line in lines]))


def claims(*lines: str) -> dict[tuple[int, str], Claim | None]:
    """(turn, characters) -> claim."""
    reading = read(*lines)
    return {(p.turn, p.chars): claim for p, claim in zip(reading.pieces, reading.claims, strict=True)}


def held(*lines: str) -> dict[str, tuple[str, int] | None]:
    """Characters -> (the phrase that holds them, turns back to it), of the last piece that reads so."""
    reading = read(*lines)
    return {
        piece.chars: None if claim is None else (reading.phrase(claim.label), claim.turns)
        for piece, claim in zip(reading.pieces, reading.claims, strict=True)
    }


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("c: My sort code is 30-91-44.",), {"309144": ("sort code", 0)}),
        (("c: 30-91-44 is the sort code.",), {"309144": ("sort code", 0)}),
        (("a: What is the sort code?", "c: It's 30-91-44."), {"309144": ("sort code", 1)}),
        (("c: It's 30-91-44.", "a: Is that the sort code?"), {"309144": ("sort code", -1)}),
        (("c: 770412.", "a: That's the order number."), {"770412": ("order number", -1)}),
        (
            ("c: It's 6574989009.", "a: Is that your account with us?", "c: No, that's my UTR."),
            {"6574989009": ("utr", -1)},
        ),
        (
            ("a: What's the bank account number?", "c: um, you mean the bill?", "a: No, the bank account.", "c: 62487447."),
            {"62487447": ("bank account", 1)},
        ),
        (("a: The SSN?", "c: Hold on.", "a: Sure.", "c: 430761784."), {"430761784": ("ssn", 3)}),
        (("a: The EIN is on the invoice. Your order?", "c: 770412."), {"770412": ("order", 1)}),
        (("a: What is the long number on the confirmation?", "c: 88310442."), {"88310442": ("confirmation", 1)}),
        (("c: the 230611948 order",), {"230611948": ("order", 0)}),
        (("c: It's 4532 0151 and no more.",), {"45320151": None}),
    ],
)  # fmt: skip
def test_the_phrase_that_holds_a_number(lines: tuple[str, ...], expected: dict[str, tuple[str, int] | None]) -> None:
    assert held(*lines) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "The sort code is 30-91-44 and the order number is 770412.",
            {"309144": ("sort code", 0), "770412": ("order number", 0)},
        ),
        (
            "The order number is 770412 and the sort code is 30-91-44.",
            {"770412": ("order number", 0), "309144": ("sort code", 0)},
        ),
        (
            "my routing and account numbers are 118853453 and 6248744731",
            {"118853453": ("routing and account numbers", 0), "6248744731": ("routing and account numbers", 0)},
        ),
        ("The VAT supplier 70412 is wrong.", {"70412": ("supplier", 0)}),
        ("My card was used on invoice 60451.", {"60451": ("invoice", 0)}),
    ],
)
def test_what_stays_and_what_goes_in_one_sentence(sentence: str, expected: dict[str, tuple[str, int]]) -> None:
    assert held(f"c: {sentence}") == expected


def test_the_plural_holds_several_answers() -> None:
    found = claims("a: I need both your socials.", "c: Mine is 430761784.", "a: Right.", "c: Hers is 536904399.")
    first, second = found[1, "430761784"], found[3, "536904399"]
    assert first is not None
    assert second is not None
    assert first.label is second.label
    assert first.label.many
    assert not second.passed


def test_a_question_that_was_answered_holds_the_next_number_loosely() -> None:
    found = claims("a: The SSN?", "c: It's 430761784.", "a: And?", "c: Then 536904399.")
    first, second = found[1, "430761784"], found[3, "536904399"]
    assert first is not None
    assert not first.passed
    assert second is not None
    assert second.passed


def test_hers_is_the_same_kind_of_number() -> None:
    found = claims("a: The SSN?", "c: It's 430761784.", "a: And?", "c: Hers is 536904399.")
    claim = found[3, "536904399"]
    assert claim is not None
    assert (claim.label.kinds, claim.passed, claim.turns) == (("us_ssn",), False, 1)


@pytest.mark.parametrize(
    "lines",
    [
        ("a: I don't need the card. What else?", "c: 4471 8820."),
        ("a: Which card was declined?", "c: 4471 8820."),
        ("c: The card declined at 4471 8820.",),
        ("c: Somebody took my card for 4471 8820.",),
    ],
    ids=["denied", "event in the question", "event in its own turn", "taken"],
)
def test_a_story_is_a_mention(lines: tuple[str, ...]) -> None:
    claim = claims(*lines)[len(lines) - 1, "44718820"]
    assert claim is not None
    assert claim.mention
    assert not claim.direct


@pytest.mark.parametrize(
    ("line", "foreign"),
    [
        ("The sort code is 30-91-44.", False),
        ("The sort code, okay, it's 30-91-44.", False),
        ("The sort code desk zorblex 30-91-44.", True),
    ],
)
def test_an_unknown_noun_before_a_number_may_name_it(line: str, foreign: bool) -> None:
    claim = claims(f"c: {line}")[0, "309144"]
    assert claim is not None
    assert claim.foreign is foreign


def test_a_number_that_was_explained_stays_explained_when_it_is_read_back() -> None:
    found = held("c: My order number is 770412.", "a: Let me see.", "a: And the card?", "c: It was for 770412.")
    assert found == {"770412": ("order number", 0)}
