"""Days and times, against the day of the call."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.values import read_dates
from agent.values.dates import Prefer

THURSDAY = date(2026, 10, 15)


@pytest.mark.covers("S13", "S17")
@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("It went out the third of October.", "2026-10-03"),
        ("paid on the second, all fine", "2026-10-02"),
        ("it was due the fifteenth.", "2026-10-15"),
        ("due date was eleventh September", "2026-09-11"),
        ("will call by Monday.", "2026-10-19"),
        ("next Friday", "2026-10-23"),
        ("last Tuesday", "2026-10-13"),
        ("it bounced on saturday", "2026-10-10"),
        ("by this day week", "2026-10-22"),
        ("Friday week", "2026-10-23"),
        ("a week on Monday", "2026-10-26"),
        ("end of the month", "2026-10-31"),
        ("by the end of next month", "2026-11-30"),
        ("start of next month", "2026-11-01"),
        ("in ten days", "2026-10-25"),
        ("within two working days", "2026-10-19"),
        ("in five to seven business days", "2026-10-26"),
        ("three weeks ago", "2026-09-24"),
        ("in a fortnight", "2026-10-29"),
        ("within forty eight hours", "2026-10-17"),
        ("by the twenty first of this month", "2026-10-21"),
        ("on the fifth of next month", "2026-11-05"),
        ("2026-11-02", "2026-11-02"),
        ("on 2.11.2026 then", "2026-11-02"),
        ("november second twenty twenty six", "2026-11-02"),
        ("Nov. 2nd, 2026", "2026-11-02"),
        ("the second of November two thousand twenty six", "2026-11-02"),
        ("Tuesday the twentieth of October", "2026-10-20"),
        ("Tuesday then, the twentieth", "2026-10-20"),
        ("the day after tomorrow", "2026-10-17"),
        ("by close of business Friday", "2026-10-16"),
        ("il primo novembre", "2026-11-01"),
        ("am dritten, also bis Freitag", "2026-10-16"),
        ("through november twenty first then it drops", "2026-11-21"),
    ],
)
def test_reads_a_day(text: str, iso: str) -> None:
    found = read_dates(text, THURSDAY)
    assert [item.value.isoformat() for item in found] == [iso]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("tomorrow before noon", "2026-10-16T12:00:00"),
        ("tonight by seven", "2026-10-15T19:00:00"),
        ("Monday at 10:30", "2026-10-19T10:30:00"),
        ("on the twentieth at three p.m.", "2026-10-20T15:00:00"),
        ("Friday at nine in the morning", "2026-10-16T09:00:00"),
    ],
)
def test_reads_a_time_said_with_the_day(text: str, iso: str) -> None:
    (found,) = read_dates(text, THURSDAY)
    assert isinstance(found.value, datetime)
    assert found.value.isoformat() == iso


@pytest.mark.parametrize(
    "text",
    [
        "the first time I rang",
        "may I have twelve of them",
        "I can't second that idea",
        "twenty six people",
        "ten days of nothing",
        "forty nine ninety nine",
        "at the latest",
        "the third invoice is wrong",
    ],
)
def test_leaves_what_is_no_day(text: str) -> None:
    assert read_dates(text, THURSDAY) == []


@pytest.mark.parametrize(("region", "iso"), [("US", "2026-12-03"), ("GB", "2026-03-12"), ("IN", "2026-03-12")])
def test_the_region_orders_numbers(region: str, iso: str) -> None:
    (found,) = read_dates("dated 12/03/2026", THURSDAY, region=region)
    assert found.value.isoformat() == iso
    assert len(found.others) == 1


@pytest.mark.parametrize(("prefer", "iso"), [("past", "2026-09-20"), ("future", "2026-10-20")])
def test_a_bare_day_follows_the_preference(prefer: Prefer, iso: str) -> None:
    assert read_dates("the twentieth", THURSDAY, prefer=prefer)[0].value.isoformat() == iso


def test_words_around_a_day_beat_the_preference() -> None:
    assert read_dates("it failed on the twentieth", THURSDAY, prefer="future")[0].value == date(2026, 9, 20)


def test_an_hour_alone_is_a_deadline_only_where_one_is_wanted() -> None:
    text = "you will have it before two."
    assert read_dates(text, THURSDAY) == []
    assert read_dates(text, THURSDAY, prefer="future")[0].value == datetime(2026, 10, 15, 14, 0)


def test_a_length_of_time_is_marked_as_computed() -> None:
    assert read_dates("within ten days", THURSDAY)[0].computed
    assert not read_dates("by Friday", THURSDAY)[0].computed


_DAYS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split()
_MONTHS = "January February March April May June July August September October November December".split()


@given(st.dates(date(2026, 4, 20), date(2027, 4, 10)).filter(lambda day: day.day <= 20))
def test_month_and_day_find_the_nearest_year(day: date) -> None:
    (found,) = read_dates(f"the {_DAYS[day.day - 1]} of {_MONTHS[day.month - 1]}", THURSDAY)
    assert found.value == day


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.dates(date(2001, 1, 1), date(2090, 12, 31)))
def test_iso_dates_do_not_depend_on_today(day: date, today: date) -> None:
    assert read_dates(day.isoformat(), today)[0].value == day


@given(st.text(max_size=60), st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_any_text_is_safe_to_read(text: str, today: date) -> None:
    for item in read_dates(text, today):
        assert 0 <= item.start < item.end <= len(text)


@pytest.mark.parametrize(
    ("text", "place"),
    [("paid on 2026-10-05, I think", "2026-10-05"), ("it was the fifth of October", "fifth of October")],
)
def test_the_place_of_what_is_found_is_exact(text: str, place: str) -> None:
    (found,) = read_dates(text, THURSDAY)
    assert text[found.start : found.end].removeprefix("the ") == place
