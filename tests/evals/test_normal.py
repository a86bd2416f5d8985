"""Two ways to write one fact are one fact; two facts are two."""

from __future__ import annotations

from typing import Any

import pytest

from evals.normal import canonical, same


@pytest.mark.parametrize(
    ("field", "left", "right"),
    [
        ("customer_name", "Ms. Inmaculada Ferrándiz", "inmaculada ferrandiz"),
        ("company_name", "Hollmann Zweiradtechnik GmbH", "Hollmann Zweiradtechnik"),
        ("company_name", "Drayson & Crewe Ltd", "Drayson and Crewe"),
        ("email", " AP@Escarpmentcap.example.", "ap@escarpmentcap.example"),
        ("phone", "0044 113 496 0458", "+441134960458"),
        ("invoice_number", "BB-40881", "bb 40881"),
        ("amount", "$2,310.0", "2310.00"),
        ("amount", "31,45 €", "31.45"),
        ("amount", "1.234,50", "1234.50"),
        ("approval_threshold", "10000", "10000.00"),
        ("currency", "£", "GBP"),
        ("due_date", "2026-11-09T15:00:00Z", "2026-11-9"),
        ("due_date", "11/9/2026", "2026-11-09"),
        ("tax_region", "us_az", "US-AZ"),
        ("payment_status", "Partially refunded", "partially_refunded"),
        ("expects_callback", "yes", True),
    ],
)
def test_same_fact(field: str, left: Any, right: Any) -> None:
    assert same(field, left, right)
    assert same(field, left, ["something else", right])


@pytest.mark.parametrize(
    ("field", "left", "right"),
    [
        ("customer_name", "Morgan Tillery", "Morgana Tillery"),
        ("amount", "46.80", "468.00"),
        ("due_date", "2026-11-10", "2026-11-09"),
        ("expects_callback", "no", True),
        ("currency", "USD", "CAD"),
    ],
)
def test_two_facts(field: str, left: Any, right: Any) -> None:
    assert not same(field, left, right)


def test_nothing_stays_nothing() -> None:
    assert canonical("amount", None) is None
    assert canonical("amount", "lots") == "lots"
