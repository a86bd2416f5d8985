"""Stretches that are known to be something else, by how they are written."""

from __future__ import annotations

import pytest

from agent.redaction import Redactor
from agent.redaction.marks import Marks, binding_marks, hard_marks, soft_marks


def marked(marks: Marks, text: str) -> list[str]:
    return [text[start:end] for start, end in zip(marks.starts, marks.ends, strict=True)]


HARD = (
    "sub_1NxYz82eZvKYlo2C",
    "pi_3NxYz82eZvKYlo2C1x8RtQ4M",
    "in_1PqRs82eZvKYlo2C",
    "ch_3NxYz82eZvKYlo2C1x8RtQ4M",
    "https://pay.example/in/4532015112830361",
    "www.shop.example/88310",
    "jo.park88@mail.example",
    "3f2504e0-4f89-41d3-9a0c-030512345678",
    "9f86d081884c7d659a2feaa0c55ad015",
    "1Z 999 AA1 01 2345 6784",
    "1Z999AA10123456784",
    "+++090/9337/55493+++",
    "US0378331005",
    "<CARD_1>",
    "<SORT_CODE_12>",
)
BINDING = ("$49.00", "€1,250.50", "USD 4900", "1,250.50", "192.168.1.10", "2026-04-27", "2026-04-27T10:30:00", "27/04/2026", "27.04.2026")  # fmt: skip
SOFT = (
    "49 dollars",
    "12,500",
    "1.250,00",
    "12:30",
    "04/05/26",
    "+44 161 496 0233",
    "(202) 555-0143",
    "202-555-0143",
    "12 percent",
)
NONE = (
    "https://pay.example/4532015112830366",
    "ord_4532015112830366",
    "sub_",
    "DE629975951",
    "US0378331006",
    "4532",
    "309144",
    "30-91-44",
    "04/27",
    "$4532015112830366",
    "9f86d081884c7d65",
    "1Z999AA101",
)


@pytest.mark.parametrize("text", HARD)
def test_ids_and_links_are_never_read_as_numbers(text: str) -> None:
    around = f"it is {text} okay"
    assert marked(hard_marks(around), around) == [text]


@pytest.mark.parametrize("text", BINDING)
def test_amounts_and_dates_are_bound(text: str) -> None:
    around = f"it is {text} okay"
    assert text in marked(binding_marks(around), around)


@pytest.mark.parametrize("text", SOFT)
def test_amounts_times_and_phones_give_way_to_an_announcement(text: str) -> None:
    around = f"it is {text} okay"
    assert marked(soft_marks(around), around) == [text]
    assert marked(hard_marks(around), around) == marked(binding_marks(around), around) == []


@pytest.mark.parametrize("text", NONE)
def test_what_hides_a_card_or_is_just_a_number_is_not_marked(text: str) -> None:
    around = f"it is {text} okay"
    assert marked(hard_marks(around), around) == marked(binding_marks(around), around) == []
    assert marked(soft_marks(around), around) == []


@pytest.mark.parametrize("text", HARD)
def test_ids_and_links_stay_behind_an_announcement(text: str) -> None:
    said = f"the card number for {text}"
    assert Redactor().redact_text(said) == said


def test_an_announced_sort_code_that_looks_like_a_date_goes() -> None:
    assert Redactor().redact_text("sort code 04/05/26") == "sort code <SORT_CODE_1>"
    assert Redactor().redact_text("it was on 04/05/26") == "it was on 04/05/26"


@pytest.mark.parametrize(
    ("start", "end", "touches"), [(0, 2, False), (0, 3, True), (3, 4, True), (4, 9, True), (5, 8, False), (9, 10, True), (12, 20, False)]
)  # fmt: skip
def test_covers(start: int, end: int, touches: bool) -> None:
    assert Marks((2, 8), (5, 12)).covers(start, end) is touches
