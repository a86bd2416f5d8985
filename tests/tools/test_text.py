"""Comparing what was said with what is held."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.shapes import contact_changed, day, is_vip, moment, people, references, texts, unix
from tools.text import (
    fold,
    marker,
    name_matches,
    reference_spellings,
    same_phone,
    same_reference,
    without_legal_form,
)


@pytest.mark.parametrize(
    ("said", "held", "fits"),
    [
        ("Cafe Söder", "CAFÉ SODER & Sons GmbH", True),
        ("Lantern Bakery Ltd.", "Lantern Bakery", True),
        ("Lantern", "Lanternfish", False),
        ("Bakery Lantern", "Lantern Bakery", False),
        ("", "Lantern", False),
        ("Łukasz Żak", "lukasz zak", True),
    ],
)
def test_names(said: str, held: str, fits: bool) -> None:
    assert name_matches(said, held) is fits


def test_legal_forms() -> None:
    assert without_legal_form("Lantern S.r.l.") == "Lantern"
    assert without_legal_form("Ltd") == "Ltd"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+44 29 2018 0441", "029 2018 0441", True),
        ("+442920180441", "00442920180441", True),
        ("0441", "+442920180441", False),
        ("+442920180441", "+442920180442", False),
    ],
)
def test_phones(one: str, other: str, same: bool) -> None:
    assert same_phone(one, other) is same
    assert same_phone(other, one) is same


def test_references_and_their_spellings() -> None:
    assert same_reference("SW7315", "sw-7315")
    assert not same_reference("-", "-")
    assert reference_spellings("sw7315") == ("sw7315", "SW7315", "SW-7315")
    assert marker("0123456789abcdef0123") == "ref-0123456789abcdef"


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("marks", "vip"),
    [
        ({"vip": True}, True),
        ({"VIP": "True"}, True),
        ({"plan": "ENTERPRISE"}, True),
        ({"vip": "no"}, False),
        ({}, False),
    ],
)
def test_the_records_own_vip_mark(marks: dict[str, object], vip: bool) -> None:
    assert is_vip(marks) is vip


def test_metadata_is_split() -> None:
    metadata = {"contact": "Zoë Ardent", "plan": "pro", "account": "A-1", "email_changed_at": "2026-10-01T00:00:00Z"}
    assert people(metadata) == ("Zoë Ardent",)
    assert references(metadata) == ("A-1",)
    assert contact_changed(metadata) == datetime(2026, 10, 1, tzinfo=UTC)
    assert contact_changed({"updated": "2026-10-01"}) is None


def test_times() -> None:
    assert unix(0) == datetime(1970, 1, 1, tzinfo=UTC)
    assert unix(True) is None
    assert unix(10**30) is None
    assert moment("2026-10-01") == datetime(2026, 10, 1, tzinfo=UTC)
    assert moment("soon") is None
    assert day("2026-10-01T23:30:00+02:00") == date(2026, 10, 1)
    assert texts(" a ", None, True, 7, "a", "") == ("a", "7")
