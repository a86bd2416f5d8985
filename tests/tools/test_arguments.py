from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tools.arguments import Amounted, EmailAddress, Finder, Identifier, OneLine
from tools.connector import Arguments
from tools.money import Money


class Sample(Arguments):
    """One of each shape."""

    id: Identifier = "a"
    to: EmailAddress = "a@b.example"
    line: OneLine = "a"


@pytest.mark.parametrize(
    "given",
    [
        {"to": "a@b"},
        {"to": "a@b.example, c@d.example"},
        {"to": "A <a@b.example>"},
        {"to": "a@b.example\nBcc: c@d.example"},
        {"to": f"{'a' * 250}@b.example"},
        {"id": ""},
        {"id": "a\r\nb"},
        {"id": "a" * 201},
        {"line": "a\0b"},
        {"line": " "},
        {"line": "a" * 251},
        {"colour": "red"},
    ],
)
def test_what_could_split_a_header_or_reach_a_second_person_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        Sample.model_validate(given)
    assert "input_value" not in str(caught.value), "no message repeats what was given"


def test_texts_are_stripped() -> None:
    assert Sample.model_validate({"to": " a@b.example ", "line": " x "}).model_dump() == {
        "id": "a",
        "to": "a@b.example",
        "line": "x",
    }


@pytest.mark.parametrize("field", ["email", "name", "phone", "reference"])
def test_one_fact_is_enough_to_look_for_someone(field: str) -> None:
    value = "a@b.example" if field == "email" else "x"
    assert getattr(Finder.model_validate({field: value}), field) == value
    with pytest.raises(ValidationError, match="give at least one of email, name, phone, reference"):
        Finder.model_validate({field: "  "})


@pytest.mark.parametrize(
    ("amount", "currency", "minor"), [("47.25", "GBP", 4725), ("5000", "JPY", 5000), ("12.345", "KWD", 12345)]
)
def test_amounts_are_exact(amount: str, currency: str, minor: int) -> None:
    assert Amounted(amount=amount, currency=currency).money == Money(minor, currency)


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("0", "GBP"),
        ("0.00", "GBP"),
        ("-1.00", "GBP"),
        ("1,000.00", "GBP"),
        ("1e3", "GBP"),
        ("1.234", "GBP"),
        ("0.5", "JPY"),
        ("NaN", "GBP"),
        ("lots", "GBP"),
        ("1.00", "POUNDS"),
    ],
)
def test_what_is_no_amount_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(ValidationError):
        Amounted(amount=amount, currency=currency)
