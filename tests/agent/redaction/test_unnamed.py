"""Numbers nobody names: told by their check or form, and by what the call is about."""

from __future__ import annotations

from functools import cache

import pytest

from agent.redaction import Redactor


@cache
def redactor() -> Redactor:
    return Redactor()


def redacted(*lines: str) -> list[str]:
    return list(redactor().redact_turns([({"a": "agent", "c": "caller"}[line[0]], line[3:]) for line in lines]).texts)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("It's 118853453 at my bank.", "It's <ROUTING_1> at my bank."),
        ("With Chase it's one one eight, eight five three, four five three.", "With Chase it's <ROUTING_1>."),
        ("At Barclays it's seventy, eighty three, seventy five.", "At Barclays it's <SORT_CODE_1>."),
        ("With Barclays, 309144 and 62487447.", "With Barclays, <SORT_CODE_1> and <BANK_1>."),
        ("The IRS letter says 541792587.", "The IRS letter says <TAX_ID_1>."),
    ],
)
def test_told_by_check_or_form_where_the_call_is_about_it(said: str, expected: str) -> None:
    assert redacted(f"c: {said}") == [expected]


@pytest.mark.parametrize(
    "said",
    [
        "It's 118853453 at the depot.",
        "At the bank they said 118853454.",
        "The parcel is 118853453 and I bank with Chase.",
        "At the depot it's seventy, eighty three, seventy five.",
        "At the depot, 309144 and 62487447.",
        "The depot letter says 541792587.",
        "Call HMRC on 03001234567.",
        "The IRS case number is 541792587.",
    ],
)
def test_stays_where_the_call_is_about_something_else_or_names_it(said: str) -> None:
    assert redacted(f"c: {said}") == [said]


@pytest.mark.parametrize(
    ("lines", "last"),
    [
        (("a: What did the revenue say?", "c: They sent me 6574989009."), "They sent me <TAX_ID_1>."),
        (("a: What did the depot say?", "c: They sent me 6574989009."), "They sent me 6574989009."),
        (("a: The sort code?", "c: 30-91-44.", "a: Okay.", "c: 62487447."), "<BANK_1>."),
        (("a: The sort code?", "c: 30-91-44.", "a: And the order number?", "c: 62487447."), "62487447."),
        (("a: The sort code?", "c: 30-91-44.", "a: Okay.", "a: 62487447 is what I have."), "62487447 is what I have."),
    ],
)
def test_what_was_said_before_decides(lines: tuple[str, ...], last: str) -> None:
    assert redacted(*lines)[-1] == last
