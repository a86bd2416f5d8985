"""Money: exact in both directions, for currencies with none, two and three decimals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.money import Money, exponent
from tools.shapes import major_units, minor_units

CURRENCIES = st.sampled_from(["USD", "EUR", "GBP", "INR", "JPY", "KRW", "VND", "KWD", "BHD", "TND"])


@given(st.integers(0, 10**11), CURRENCIES)
def test_round_trip(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.parse(money.text, currency.lower()) == money
    assert minor_units(minor, currency.lower()) == money
    assert major_units(float(money.text), currency) == money
    assert major_units(money.text, currency) == money


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("12.50", "USD", 1250), ("5000", "JPY", 5000), ("12.345", "KWD", 12345), ("1.5", "KWD", 1500), ("0.01", "EUR", 1)],
)
def test_units(amount: str, currency: str, minor: int) -> None:
    assert Money.parse(amount, currency).minor == minor


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("12.505", "USD"),
        ("1.5", "JPY"),
        ("1,000.00", "USD"),
        ("-1", "USD"),
        ("1e3", "USD"),
        ("", "USD"),
        ("1", "EURO"),
        ("٣", "USD"),
    ],
)
def test_what_is_no_amount(amount: str, currency: str) -> None:
    with pytest.raises(ValueError):
        Money.parse(amount, currency)


@pytest.mark.parametrize("value", [None, True, "x", [], float("nan"), float("inf"), 12.505])
def test_vendor_amounts_that_cannot_be_exact(value: object) -> None:
    assert major_units(value, "USD") is None


def test_vendor_amounts_without_a_currency() -> None:
    assert minor_units(100, None) is None
    assert minor_units(1.5, "usd") is None
    assert exponent("USD") == 2
