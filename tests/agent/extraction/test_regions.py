"""Countries and states as they are spoken."""

from __future__ import annotations

import pytest

from agent.extraction.regions import normal_region, says_region


@pytest.mark.covers("S12")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Zwolle, the Netherlands", "NL"),
        ("our firm is in Germany", "DE"),
        ("aus Österreich", "AT"),
        ("in Italia", "IT"),
        ("the UK office", "GB"),
        ("for our US entity", "US"),
        ("we moved to Texas", "US-TX"),
        ("the shop in New South Wales", "AU-NSW"),
        ("the Quebec branch", "CA-QC"),
        ("VAT for NL please", "NL"),
    ],
)
def test_a_named_region_is_heard(text: str, code: str) -> None:
    assert says_region(text, code)


@pytest.mark.parametrize(
    ("text", "code"), [("call us back", "US"), ("in France", "DE"), ("it is in the post", "IT"), ("Texas", "US-CA")]
)
def test_another_word_is_no_region(text: str, code: str) -> None:
    assert not says_region(text, code)


@pytest.mark.parametrize(
    ("value", "code"), [("nl", "NL"), ("us_ca", "US-CA"), ("UK", "GB"), ("QQ", None), ("Germany", None), ("", None)]
)
def test_codes_are_iso(value: str, code: str | None) -> None:
    assert normal_region(value) == code
