"""Canonical written forms."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.values import (
    iso_text,
    name_words,
    normal_amount,
    normal_currency,
    normal_date,
    normal_name,
    plain_decimal,
)
from tools.money import Money


@pytest.mark.covers("S13")
@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        ("49", "USD", "49.00"),
        ("1,874.2", "EUR", "1874.20"),
        ("€ 1.874,20", "EUR", "1874.20"),
        ("5000", "JPY", "5000"),
        ("1.234", "KWD", "1234.000"),
        ("31.5", None, "31.50"),
        ("5000.50", "JPY", None),
        ("about 50", "USD", None),
        ("fifty", "USD", None),
        ("-5", "USD", None),
        ("1.2.3,4", "USD", None),
    ],
)
def test_amounts(value: str, currency: str | None, text: str | None) -> None:
    assert normal_amount(value, currency) == text


@given(st.integers(0, 10**11), st.sampled_from(["USD", "JPY", "KWD", "INR"]))
def test_amounts_are_moneys_own_form(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert normal_amount(Decimal(money.text), currency) == money.text


def test_a_negative_or_endless_amount_is_none() -> None:
    assert normal_amount(Decimal("-1"), "USD") is None
    assert normal_amount(Decimal("NaN"), "USD") is None
    assert plain_decimal("") is None


@pytest.mark.parametrize(
    ("value", "code"), [("usd", "USD"), ("£", "GBP"), ("rupees", "INR"), ("cents", None), ("XQZ", None)]
)
def test_currencies(value: str, code: str | None) -> None:
    assert normal_currency(value) == code


def test_dates() -> None:
    assert normal_date("2026-10-09") == date(2026, 10, 9)
    assert normal_date("2026-10-09T19:00") == datetime(2026, 10, 9, 19)
    assert normal_date("next Friday") is None
    assert normal_date("2026-02-30") is None
    assert iso_text(datetime(2026, 10, 9, 19)) == "2026-10-09T19:00"
    assert iso_text(date(2026, 10, 9)) == "2026-10-09"


def test_names() -> None:
    assert normal_name("Mister  Rolf Ekdahl.") == "Rolf Ekdahl"
    assert normal_name("imke vantongeren") == "Imke Vantongeren"
    assert normal_name("Mrs") is None
    assert name_words("Dr. Zoë O'Brien-Löw") == ["zoe", "obrien", "low"]
