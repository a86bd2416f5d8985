"""Amounts, said and written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.values import plain_decimal, read_amounts

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()


def said(number: int) -> str:
    """A whole number in words, written independently of the reader."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        return _TENS[number // 10] + (f" {_ONES[number % 10]}" if number % 10 else "")
    if number < 1000:
        return f"{_ONES[number // 100]} hundred" + (f" and {said(number % 100)}" if number % 100 else "")
    return f"{said(number // 1000)} thousand" + (f" {said(number % 1000)}" if number % 1000 else "")


@pytest.mark.covers("S13")
@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("it was thirty nine ninety nine last time", "39.99", None),
        ("you took fifty two pounds thirty five", "52.35", "GBP"),
        ("they billed me eighteen hundred.", "1800", None),
        ("that's a buck twenty a day", "1.20", "USD"),
        ("four thousand one hundred sixty dollars", "4160", "USD"),
        ("about invoice k d six oh four one eight hundred and twelve pounds fifty", "812.50", "GBP"),
        ("dollars fourteen fifty on the third", "14.50", "USD"),
        ("two hundred and six ten U S dollars", "206.10", "USD"),
        ("ninety one thousand two hundred and ten rupees", "91210", "INR"),
        ("two lakh fifteen thousand rupees", "215000", "INR"),
        ("one point five crore", "15000000", None),
        ("the seventy one sixty please", "71.60", None),
        ("a hundred and twelve forty", "112.40", None),
        ("three seventy two sixty off my card", "372.60", None),
        ("the monthly eighteen fifty and it failed", "18.50", None),
        ("one thousand and sixty dollars twenty five", "1060.25", "USD"),
        ("sixty three euros ninety", "63.90", "EUR"),
        ("a fee of nine euro", "9", "EUR"),
        ("eight dollars and five cents", "8.05", "USD"),
        ("seventy pence", "0.70", "GBP"),
        ("half a million dollars", "500000", "USD"),
        ("two and a half thousand pounds", "2500", "GBP"),
        ("seventy-one dollars", "71", "USD"),
        ("thirty oh five was the total.", "30.05", None),
        ("sessantadue euro e dieci", "62.10", "EUR"),
        ("zweiundsiebzig Euro dreißig", "72.30", "EUR"),
        ("ochenta y dos euros", "82", "EUR"),
        ("trente-deux euros vingt", "32.20", "EUR"),
        ("$226.90", "226.90", "USD"),
        ("2.318,45 €", "2318.45", "EUR"),
        ("GBP 81.10", "81.10", "GBP"),
        ("₹74,900", "74900", "INR"),
        ("Rs. 1,35,000", "135000", "INR"),
        ("£1,204", "1204", "GBP"),
        ("CHF 1'204.50", "1204.50", "CHF"),
        ("3 204,50 €", "3204.50", "EUR"),
        ("$12k", "12000", "USD"),
        ("15 bucks", "15", "USD"),
        ("88 dollars and 15 cents", "88.15", "USD"),
        ("forty canadian dollars", "40", "CAD"),
        ("anything over thirty two hundred needs a signature", "3200", None),
        ("a plain 59.90 charge", "59.90", None),
    ],
)
def test_reads_an_amount(text: str, amount: str, currency: str | None) -> None:
    found = read_amounts(text)
    assert [(item.amount, item.currency) for item in found] == [(Decimal(amount), currency)]
    assert text[found[0].start : found[0].end].strip() == text[found[0].start : found[0].end]


@pytest.mark.parametrize(
    "text",
    [
        "five hundred and twelve people came",
        "six one two, triple five, oh one four four",
        "order Q R nine one two six",
        "on october twenty first twenty twenty six",
        "the ninth of May twenty twenty five",
        "call me at four thirty",
        "within ten working days",
        "invoice number forty two sixteen",
        "my card ending forty two sixteen",
        "eight one eight two, eight one one oh",
        "we are thirty percent down",
        "on 12.03.2026 at 10:30",
        "there were two of us",
        "<CARD_1> is gone",
    ],
)
def test_leaves_what_is_not_money(text: str) -> None:
    assert read_amounts(text) == []


def test_an_amount_without_currency_is_bare_and_gets_none_from_the_default() -> None:
    (found,) = read_amounts("it's forty one twenty", "GBP")
    assert found.bare
    assert found.currency is None


@pytest.mark.parametrize(("default", "code"), [(None, "USD"), ("CAD", "CAD"), ("AUD", "AUD"), ("GBP", "USD")])
def test_the_default_settles_which_dollar(default: str | None, code: str) -> None:
    assert read_amounts("ninety dollars", default)[0].currency == code


def test_an_ambiguous_shape_keeps_its_other_reading() -> None:
    (found,) = read_amounts("it was two sixty")
    assert set(found.readings) == {Decimal(260), Decimal("2.60")}


def test_a_corrected_amount_is_read_twice_in_order() -> None:
    found = read_amounts("two hundred and ninety one off me, no, two hundred and nineteen pounds sixty")
    assert [item.amount for item in found] == [Decimal(291), Decimal("219.60")]


@given(st.integers(1, 99_999), st.integers(10, 99))
def test_every_spoken_price_is_read_back(whole: int, cents: int) -> None:
    (found,) = read_amounts(f"it came to {said(whole)} dollars {said(cents)}.")
    assert found.amount == Decimal(whole) + Decimal(cents) / 100
    assert found.currency == "USD"


@given(st.integers(0, 9_999_999), st.integers(0, 99), st.sampled_from(["{:,}.{:02d}", "{}.{:02d}"]))
def test_every_written_price_is_read_back(whole: int, cents: int, form: str) -> None:
    written = form.format(whole, cents)
    wanted = Decimal(whole) + Decimal(cents) / 100
    assert [item.amount for item in read_amounts(f"pay €{written} now")] == [wanted]
    european = written.replace(",", "#").replace(".", ",").replace("#", ".")
    assert plain_decimal(european) == plain_decimal(written) == wanted


@given(st.text(max_size=60))
def test_any_text_is_safe_to_read(text: str) -> None:
    for item in read_amounts(text):
        assert 0 <= item.start < item.end <= len(text)


@pytest.mark.parametrize(
    ("text", "place"),
    [("you took $47.25 on Monday", "$47.25"), ("it was forty two dollars, I think", "forty two dollars")],
)
def test_the_place_of_what_is_found_is_exact(text: str, place: str) -> None:
    (found,) = read_amounts(text)
    assert text[found.start : found.end] == place
