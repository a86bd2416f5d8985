from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import shapes
from tools.money import Money

GIVEN: tuple[Any, ...] = (7, " a ", " ", True, None, 1.5, [])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, JSON)
def test_nothing_a_vendor_sends_makes_a_reader_fail(value: Any, other: Any) -> None:
    assert isinstance(shapes.table(value), dict)
    assert all(isinstance(row, dict) for row in shapes.rows(value))
    found = shapes.text(value)
    assert found is None or found == found.strip() != ""
    for at in (shapes.unix(value), shapes.moment(value)):
        assert at is None or at.tzinfo is not None
    shapes.day(value)
    shapes.flag(value)
    for money in (shapes.minor_units(value, other), shapes.major_units(value, other)):
        assert money is None or money.currency == money.currency.upper()


def test_numbers_become_text_and_booleans_do_not() -> None:
    assert [shapes.text(v) for v in GIVEN] == ["7", "a", None, None, None, None, None]
    assert shapes.texts("a", None, "b", "a", 3) == ("a", "b", "3")
    assert shapes.pick({"a": 1, "b": None}, ("b", "a", "c")) == {"b": None, "a": 1}
    assert (shapes.flag(False), shapes.flag(0), shapes.flag("true")) == (False, None, None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-10-01", datetime(2026, 10, 1, tzinfo=UTC)),
        (" 2026-10-01T02:00:00+02:00 ", datetime(2026, 10, 1, tzinfo=UTC)),
        ("2026-10-01T00:00:00Z", datetime(2026, 10, 1, tzinfo=UTC)),
        ("1 October", None),
        (1790812800, None),
        (None, None),
    ],
)
def test_moments_are_aware(value: Any, expected: datetime | None) -> None:
    assert shapes.moment(value) == expected


def test_unix_seconds_and_days() -> None:
    assert shapes.unix(1790812800) == datetime(2026, 10, 1, tzinfo=UTC)
    assert [shapes.unix(v) for v in (True, "1790812800", 1e300, float("nan"))] == [None] * 4
    assert [shapes.day(v) for v in (1790812800, "2026-10-01T23:00:00Z", "soon")] == [date(2026, 10, 1)] * 2 + [None]


@pytest.mark.parametrize(
    ("read", "amount", "currency", "expected"),
    [
        (shapes.minor_units, 3210, "gbp", Money(3210, "GBP")),
        (shapes.minor_units, 5000, "jpy", Money(5000, "JPY")),
        (shapes.minor_units, 32.1, "gbp", None),
        (shapes.minor_units, True, "gbp", None),
        (shapes.minor_units, 3210, "pounds", None),
        (shapes.minor_units, 3210, None, None),
        (shapes.major_units, 275.5, "gbp", Money(27550, "GBP")),
        (shapes.major_units, "12.345", "KWD", Money(12345, "KWD")),
        (shapes.major_units, "12.345", "GBP", None),
        (shapes.major_units, 5000.0, "JPY", Money(5000, "JPY")),
        (shapes.major_units, 0.5, "JPY", None),
        (shapes.major_units, "lots", "GBP", None),
        (shapes.major_units, "NaN", "GBP", None),
        (shapes.major_units, float("inf"), "GBP", None),
    ],
)
def test_amounts_are_exact_or_nothing(read: Any, amount: Any, currency: Any, expected: Money | None) -> None:
    assert read(amount, currency) == expected


@given(st.integers(-(10**12), 10**12), st.sampled_from(["GBP", "JPY", "KWD"]))
def test_both_ways_of_writing_an_amount_are_the_same_amount(minor: int, currency: str) -> None:
    digits = {"GBP": 2, "JPY": 0, "KWD": 3}[currency]
    assert shapes.major_units(str(Decimal(minor).scaleb(-digits)), currency) == shapes.minor_units(minor, currency)


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        (({"vip": "TRUE"},), True),
        (({"VIP": True},), True),
        (({}, {"Plan": " Enterprise "}), True),
        (({"vip": "yes"}, {"plan": "team"}), False),
        (({"note": "vip"},), False),
        ((), False),
    ],
)
def test_only_the_records_own_mark_makes_a_vip(marks: tuple[dict[str, Any], ...], expected: bool) -> None:
    assert shapes.is_vip(*marks) is expected


def test_metadata_tells_people_references_and_changes_apart() -> None:
    metadata = {
        "contact": "Bice Lupo",
        "crm": "CRM-5",
        "vip": "true",
        "billing_agent_key": "x",
        "email_changed_at": "2026-09-01",
        "contact_changed_at": 1790812800,
    }
    assert shapes.people(metadata) == ("Bice Lupo",)
    assert shapes.references(metadata) == ("CRM-5",)
    assert shapes.contact_changed(metadata) == datetime(2026, 10, 1, tzinfo=UTC)
    assert shapes.contact_changed({"updated": "2026-09-01"}) is None
