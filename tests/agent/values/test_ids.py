"""References, spelled and written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.values import compact_id, normal_id, read_ids


@pytest.mark.covers("S12")
@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("an invoice, K R eight two oh five, that never cleared", "KR8205"),
        ("the bill M P double seven four", "MP774"),
        ("client code is L A R C O sixteen", "LARCO16"),
        ("T G E U, four four one two.", "TGEU4412"),
        ("Glenmore dash three, I have you", "GLENMORE-3"),
        ("K R dash eight two oh five", "KR-8205"),
        ("it's KR-8205 on the top", "KR-8205"),
        ("the kr8205 one", "KR8205"),
        ("K as in kilo, R for Robert, nine nine two", "KR992"),
        ("kilo romeo eight two oh five", "KR8205"),
        ("order number one oh four seven", "1047"),
        ("order #20931", "20931"),
        ("charge ch_3MmlLrLkdIwHu7ix0snN0B15 please", "ch_3MmlLrLkdIwHu7ix0snN0B15"),
        ("on the subscription sub_1MowQVLkdIwHu7ix", "sub_1MowQVLkdIwHu7ix"),
        (
            "accession triple zero two, one one seven, four oh nine, dash twenty five, dash double zero one",
            "0002117409-25-001",
        ),
        ("larkspur miles, all run together", "LARKSPURMILES"),
        ("K D six oh four one, eight hundred and twelve fifty", "KD6041"),
        ("about invoice k d six oh four one eight hundred and twelve pounds fifty", "KD6041"),
        ("the quote r f one one nine two thousand euros", "RF119"),
        ("K D six oh four one, thirty six pounds ten", "KD6041"),
        ("K D six oh one four, no, six oh four one", "KD6041"),
        ("r f two two nine one sorry two nine two one", "RF2921"),
        ("it is B R E N, guion cuatro", "BREN-4"),
        ("B R E N, dash, one four", "BREN-14"),
    ],
)
def test_reads_a_reference(text: str, reference: str) -> None:
    assert [item.value for item in read_ids(text)] == [reference]


@pytest.mark.parametrize(
    "text",
    [
        "I have two of them",
        "a 20 dollar fee on the 4th at 10am",
        "marta at tea dot example",
        "<BANK_1> 2",
        "verhoef dash koel",
    ],
)
def test_leaves_what_is_no_reference(text: str) -> None:
    assert read_ids(text) == []


def test_compared_without_punctuation() -> None:
    assert compact_id("kr-8205") == compact_id("KR 8205") == "KR8205"
    assert normal_id(" kr-8205. ") == "KR-8205"
    assert normal_id("ch_3MmlLr") == "ch_3MmlLr"
    assert normal_id("--") is None


_DIGITS = "zero one two three four five six seven eight nine".split()


@given(st.text("BCDFGHJKLMNPQRSTVWXZ", min_size=2, max_size=4), st.text("0123456789", min_size=3, max_size=7))
def test_every_spelled_reference_is_read_back(letters: str, digits: str) -> None:
    spoken = " ".join(letters) + " " + " ".join(_DIGITS[int(digit)] for digit in digits)
    assert [item.value for item in read_ids(f"it is {spoken}.")] == [letters + digits]


@given(st.text(max_size=60))
def test_any_text_is_safe_to_read(text: str) -> None:
    for item in read_ids(text):
        assert 0 <= item.start < item.end <= len(text)


@pytest.mark.parametrize(
    ("text", "place"),
    [("my order is SW7315, please", "SW7315"), ("it's S W seven three one five, thanks", "S W seven three one five")],
)
def test_the_place_of_what_is_found_is_exact(text: str, place: str) -> None:
    (found,) = read_ids(text)
    assert text[found.start : found.end] == place
