"""Plain calendar sums: months, weekdays, working days, and which year or month a short date means."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Literal

Side = Literal["past", "future"]

_EN = "january february march april may june july august september october november december".split()
_SHORT = "jan feb mar apr jun jul aug sep sept oct nov dec".split()
_SHORT_AT = (1, 2, 3, 4, 6, 7, 8, 9, 9, 10, 11, 12)
_IT = "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split()
_ES = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
_DE = "januar februar märz april mai juni juli august september oktober november dezember".split()
_FR = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
_NL = "januari februari maart april mei juni juli augustus september oktober november december".split()

MONTHS: dict[str, int] = {
    **{word: month for names in (_IT, _ES, _DE, _FR, _NL, _EN) for month, word in enumerate(names, start=1)},
    **dict(zip(_SHORT, _SHORT_AT, strict=True)),
}

_DAYS_EN = "monday tuesday wednesday thursday friday saturday sunday".split()
_DAYS_IT = "lunedì martedì mercoledì giovedì venerdì sabato domenica".split()
_DAYS_ES = "lunes martes miércoles jueves viernes sábado domingo".split()
_DAYS_DE = "montag dienstag mittwoch donnerstag freitag samstag sonntag".split()
_DAYS_FR = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()

WEEKDAYS: dict[str, int] = {
    **{word: day for names in (_DAYS_IT, _DAYS_ES, _DAYS_DE, _DAYS_FR, _DAYS_EN) for day, word in enumerate(names)},
    "mon": 0,
    "tue": 1,
    "tues": 1,
    "wed": 2,
    "thu": 3,
    "thur": 3,
    "thurs": 3,
    "fri": 4,
    "sat": 5,
    "sun": 6,
}


def safe_date(year: int, month: int, day: int) -> date | None:
    """The date, or None when there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def days_after(day: date, count: int) -> date:
    """``count`` calendar days after ``day`` (before, when negative)."""
    return day + timedelta(days=count)


def add_months(day: date, count: int) -> date:
    """The same day ``count`` months on, or the month's last day when it has no such day."""
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    """The last day of ``day``'s month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def day_in_month(first: date, number: int) -> date | None:
    """Day ``number`` of the month of ``first``, or None."""
    return safe_date(first.year, first.month, number)


def add_working_days(day: date, count: int) -> date:
    """``count`` Mondays-to-Fridays after ``day`` (before, when negative); no holidays are known."""
    step = 1 if count >= 0 else -1
    left = abs(count)
    while left:
        day += timedelta(days=step)
        left -= day.weekday() < 5
    return day


def weekday_from(today: date, weekday: int, side: Side) -> date:
    """The nearest ``weekday`` strictly after or before ``today``."""
    if side == "future":
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)


def nearest_year(month: int, day: int, today: date, side: Side | None) -> date | None:
    """Day and month in the year that suits ``side``, today included; without a side the nearest one."""
    options = [value for year in range(today.year - 4, today.year + 5) if (value := safe_date(year, month, day))]
    return _pick(options, today, side)


def nearest_day(number: int, today: date, side: Side | None) -> date | None:
    """Day ``number`` of the month that suits ``side``, today included; without a side the nearest one."""
    first = today.replace(day=1)
    options = [value for shift in range(-3, 4) if (value := day_in_month(add_months(first, shift), number))]
    return _pick(options, today, side)


def _pick(options: list[date], today: date, side: Side | None) -> date | None:
    if side == "past":
        options = [value for value in options if value <= today]
    elif side == "future":
        options = [value for value in options if value >= today]
    return min(options, key=lambda value: abs((value - today).days), default=None)
