"""Days and times in written and spoken text, resolved against the day of the call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from agent.values.calendar import (
    MONTHS,
    WEEKDAYS,
    add_months,
    add_working_days,
    day_in_month,
    days_after,
    month_end,
    nearest_day,
    nearest_year,
    safe_date,
    weekday_from,
)
from agent.values.clock_words import read_time
from agent.values.found import FoundDate
from agent.values.lexer import Kind, Tokens, at, is_end, lex, lows
from agent.values.numbers import read_cardinal, read_ordinal

Prefer = Literal["past", "future"]

_PAST_WORDS = frozenset(
    "was were paid bounced failed declined charged came went got had billed invoiced debited took sent called last since "
    "ago signed renewed cancelled canceled opened returned overdue".split()
)
_FUTURE_WORDS = frozenset(
    "by until till before will i'll we'll he'll she'll they'll you'll it'll next upcoming going gonna within expect shall "
    "coming can could should try tomorrow move moved push".split()
)
_DAY_LEADS = frozenset(
    {"the", "on", "by", "due", "from", "until", "till", "before", "since", "after", "than", "of", "for"}
)
_AFTER_DAY = frozenset(
    "then at of and or but so for if to is was i we you he she they it it's that's please latest instead as in on with "
    "because when not did does do would will should could i'd i'll we'll got yes no okay right morning noon afternoon "
    "evening each every".split()
)
_WORKING = frozenset({"working", "business", "bank"})
_UNITS = {"day": "day", "days": "day", "week": "week", "weeks": "week", "month": "month", "months": "month"}
_UNITS |= {"fortnight": "fortnight", "fortnights": "fortnight", "hour": "hour", "hours": "hour", "year": "year"}
_UNITS |= {"years": "year", "minutes": "minute", "minute": "minute"}


@dataclass(frozen=True, slots=True)
class _Day:
    """A day read from tokens up to ``last``."""

    value: date
    last: int
    others: tuple[date, ...] = ()
    computed: bool = False
    first: int | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What every day reader needs to know."""

    tokens: Tokens
    today: date
    region: str
    prefer: Prefer | None

    def hint(self, index: int) -> Prefer | None:
        """Past or future, by the words around ``index``, else ``prefer``."""
        return self.said(index) or self.prefer

    def said(self, index: int) -> Prefer | None:
        """Past or future, by the words of the same clause before ``index``, nearest first."""
        for step in range(1, 8):
            token = at(self.tokens, index - step)
            if token.low in {"", ".", "?", "!", ";"}:
                break
            if token.low in _FUTURE_WORDS:
                return "future"
            if token.low in _PAST_WORDS:
                return "past"
        return None


_Reader = Callable[[_Asked, int], "_Day | None"]


def read_dates(text: str, today: date, *, region: str = "US", prefer: Prefer | None = None) -> list[FoundDate]:
    """Every day named in ``text``, in order. ``today`` is the call's own day; ``region`` orders 12/03;
    ``prefer`` settles a day without a year or month when the words around it do not: a due date or a
    payment lies in the past, a deadline in the future."""
    tokens = lex(text)
    asked = _Asked(tokens, today, region.upper(), prefer)
    found: list[FoundDate] = []
    index = 0
    while index < len(tokens):
        day = _day_at(asked, index)
        if day is None:
            index += 1
            continue
        first = index if day.first is None else day.first
        value, last, others = _with_time(asked, day)
        found.append(FoundDate(value, tokens[first].start, tokens[last - 1].end, others, day.computed))
        index = max(last, index + 1)
    return found


def _day_at(asked: _Asked, index: int) -> _Day | None:
    for reader in _READERS:
        day = reader(asked, index)
        if day is not None:
            return day
    return None


def _with_time(asked: _Asked, day: _Day) -> tuple[date, int, tuple[date, ...]]:
    """``day`` with a clock time said right after it, as a naive local datetime."""
    evening = bool(set(lows(asked.tokens, day.last - 2, day.last)) & {"tonight", "evening"})
    clock = read_time(asked.tokens, day.last, evening=evening)
    if clock is None or isinstance(day.value, datetime):
        return day.value, day.last, day.others
    return datetime.combine(day.value, clock.value), clock.last, (day.value, *day.others)


def _iso(asked: _Asked, index: int) -> _Day | None:
    """2026-09-11, 2026/09/11, with an optional T10:42."""
    tokens = asked.tokens
    parts = [at(tokens, index + step) for step in range(5)]
    if len(parts[0].text) != 4 or any(part.kind is not Kind.NUMBER for part in parts[::2]):
        return None
    if parts[1].text not in {"-", "/"} or parts[3].text != parts[1].text or not parts[0].joins(parts[1]):
        return None
    if not all(part.text.isdigit() for part in parts[::2]):
        return None
    value = safe_date(int(parts[0].text), int(parts[2].text), int(parts[4].text))
    return _Day(value, index + 5) if value else None


def _numeric(asked: _Asked, index: int) -> _Day | None:
    """12/03/2026 by region, 12.03.2026, 12-03-26, and 9/15 without a year."""
    tokens, token = asked.tokens, at(asked.tokens, index)
    if token.kind is not Kind.NUMBER:
        return None
    if token.text.count(".") == 2 and all(part.isdigit() for part in token.text.split(".")):
        numbers, last, mark = [int(part) for part in token.text.split(".")], index + 1, "."
    else:
        mark = at(tokens, index + 1).text
        if mark not in {"/", "-"} or not token.joins(at(tokens, index + 1)):
            return None
        texts = [token.text, at(tokens, index + 2).text]
        last = index + 3
        if at(tokens, last).text == mark and at(tokens, last + 1).text.isdigit():
            texts.append(at(tokens, last + 1).text)
            last += 2
        if not all(text.isdigit() and len(text) in (1, 2, 4) for text in texts):
            return None
        if len(texts) == 2 and (mark != "/" or at(tokens, index - 1).text in {"/", "-"}):
            return None
        numbers = [int(text) for text in texts]
    return _ordered(asked, numbers, last, month_first=asked.region == "US" and mark != ".")


def _ordered(asked: _Asked, numbers: list[int], last: int, *, month_first: bool) -> _Day | None:
    orders = [(0, 1), (1, 0)] if month_first else [(1, 0), (0, 1)]
    days: list[date] = []
    for month_at, day_at in orders:
        month, day = numbers[month_at], numbers[day_at]
        if len(numbers) == 3:
            year = numbers[2] + 2000 if numbers[2] < 100 else numbers[2]
            value = safe_date(year, month, day)
        else:
            value = nearest_year(month, day, asked.today, asked.hint(last))
        if value and value not in days:
            days.append(value)
    return _Day(days[0], last, tuple(days[1:])) if days else None


def _named_month(asked: _Asked, index: int) -> _Day | None:
    """ "September eleventh", "the fourth of September", "12 Sep 2026", "july twenty fifth twenty twelve"."""
    tokens = asked.tokens
    month = MONTHS.get(at(tokens, index).low)
    if month is not None:
        start = index + 1 + (at(tokens, index + 1).text == ".")
        start += at(tokens, start).low == "the"
        number = _day_number(tokens, start)
        if number is None or (at(tokens, index).low in {"may", "march"} and number[1] == start):
            return None
        return _month_day(asked, month, number[0], number[1], index)
    start = index + (at(tokens, index).low == "the")
    number = _day_number(tokens, start)
    if number is None:
        return None
    after = number[1] + (at(tokens, number[1]).low in {"of", "-"})
    month = MONTHS.get(at(tokens, after).low)
    if month is None:
        return None
    return _month_day(asked, month, number[0], after + 1, index)


def _day_number(tokens: Tokens, index: int) -> tuple[int, int] | None:
    if at(tokens, index).low in {"primo", "primero", "premier", "ersten"}:
        return 1, index + 1
    ordinal = read_ordinal(tokens, index)
    if ordinal is not None:
        return ordinal if 1 <= ordinal[0] <= 31 else None
    cardinal = read_cardinal(tokens, index)
    if cardinal is None or cardinal.last <= index or not 1 <= cardinal.value <= 31:
        return None
    whole = cardinal.value == cardinal.value.to_integral_value()
    return (int(cardinal.value), cardinal.last) if whole else None


def _month_day(asked: _Asked, month: int, day: int, last: int, index: int) -> _Day | None:
    tokens = asked.tokens
    after = last + (at(tokens, last).low in {",", ".", "-", "of"})
    year = _year(tokens, after)
    if year is not None:
        value = safe_date(year[0], month, day)
        return _Day(value, year[1]) if value else None
    hint = asked.hint(index)
    value = nearest_year(month, day, asked.today, hint)
    if value is None:
        return None
    other = nearest_year(month, day, asked.today, "future" if value < asked.today else "past")
    return _Day(value, last, (other,) if other and other != value else ())


def _year(tokens: Tokens, index: int) -> tuple[int, int] | None:
    token = at(tokens, index)
    if token.kind is Kind.NUMBER:
        return (int(token.text), index + 1) if token.text.isdigit() and 1900 <= int(token.text) <= 2199 else None
    head = read_cardinal(tokens, index)
    if head is None or head.last <= index or head.written:
        return None
    if 1900 <= head.value <= 2199:
        return int(head.value), head.last
    tail = read_cardinal(tokens, head.last)
    if head.value in (19, 20) and tail is not None and tail.pair:
        return int(head.value * 100 + tail.value), tail.last
    return None


def _near_words(asked: _Asked, index: int) -> _Day | None:
    """today, tonight, tomorrow, yesterday, "day after tomorrow", "end of day", "close of business"."""
    tokens, today = asked.tokens, asked.today
    words = [at(tokens, index + step).low for step in range(5)]
    for phrase, offset in _NEAR:
        if words[: len(phrase)] == list(phrase):
            day = days_after(today, offset)
            last = index + len(phrase)
            if "of" in phrase and _names_day(tokens, last):
                return None
            if at(tokens, last).low in {"morning", "afternoon", "evening", "night"}:
                last += 1
            if at(tokens, last).low == "week" and phrase in {("today",), ("tomorrow",)}:
                day, last = days_after(day, 7), last + 1
            return _Day(day, last)
    return None


def _names_day(tokens: Tokens, index: int) -> bool:
    """Whether a day follows that "close of business" only qualifies."""
    start = index + (at(tokens, index).low in {"on", ","})
    return at(tokens, start).low in WEEKDAYS or at(tokens, start).low in {"tomorrow", "the", *MONTHS}


_NEAR: tuple[tuple[tuple[str, ...], int], ...] = (
    (("this", "day", "week"), 7),
    (("a", "week", "from", "today"), 7),
    (("a", "week", "today"), 7),
    (("a", "week", "from", "tomorrow"), 8),
    (("the", "day", "after", "tomorrow"), 2),
    (("day", "after", "tomorrow"), 2),
    (("the", "day", "before", "yesterday"), -2),
    (("day", "before", "yesterday"), -2),
    (("close", "of", "business"), 0),
    (("end", "of", "business"), 0),
    (("end", "of", "the", "day"), 0),
    (("end", "of", "day"), 0),
    (("later", "today"), 0),
    (("this", "morning"), 0),
    (("this", "afternoon"), 0),
    (("this", "evening"), 0),
    (("overmorgen",), 2),
    (("übermorgen",), 2),
    (("tomorrow",), 1),
    (("morgen",), 1),
    (("domani",), 1),
    (("mañana",), 1),
    (("demain",), 1),
    (("yesterday",), -1),
    (("ieri",), -1),
    (("tonight",), 0),
    (("today",), 0),
    (("oggi",), 0),
    (("eod",), 0),
    (("cob",), 0),
)


def _weekday(asked: _Asked, index: int) -> _Day | None:
    """ "by Friday", "next Friday", "Friday week", "a week on Friday", "Tuesday the twenty second"."""
    tokens, today = asked.tokens, asked.today
    token = at(tokens, index)
    weekday = WEEKDAYS.get(token.low)
    if weekday is None or (token.low in {"sat", "sun", "wed", "mon", "fri"} and not token.text[:1].isupper()):
        return None
    before = lows(tokens, index - 3, index)
    last = index + 1
    named = _named_after_weekday(asked, index)
    if named is not None and named.value.weekday() == weekday:
        return named
    if named is not None:
        match = [day for day in named.others if day.weekday() == weekday]
        return _Day(match[0] if match else named.value, named.last, (named.value, *named.others))
    coming = weekday_from(today, weekday, "future")
    if at(tokens, last).low == "week" or before[-2:] in (["week", "on"], ["week", "from"]):
        return _Day(days_after(coming, 7), last + (at(tokens, last).low == "week"), (coming,))
    if before[-1:] == ["next"]:
        following = days_after(today, 7 - today.weekday() + weekday)
        others = (coming,) if coming != following else ()
        return _Day(following, last, others, first=index - 1)
    if before[-1:] in (["last"], ["past"]) or asked.hint(index) == "past":
        past = weekday_from(today, weekday, "past")
        return _Day(past, last, () if before[-1:] == ["last"] else (coming,))
    return _Day(coming, last, () if asked.said(index) else (weekday_from(today, weekday, "past"),))


def _named_after_weekday(asked: _Asked, index: int) -> _Day | None:
    """The day of the month said after its weekday, with a word or comma between them."""
    tokens = asked.tokens
    start = index + 1
    while at(tokens, start).low in {",", "then", "so", "is", "what", "on"} and start < index + 4:
        start += 1
    named = _named_month(asked, start) or _iso(asked, start)
    if named is not None:
        return named
    if start > index + 1 and at(tokens, start).low != "the" and at(tokens, start).low not in {"this"}:
        return None
    return _bare_day(asked, start, led=True)


def _day_of_month(asked: _Asked, index: int) -> _Day | None:
    """ "the fourth", "on the 4th", "by twenty first of this month"; not "the first time"."""
    lead = at(asked.tokens, index - 1).low in _DAY_LEADS
    if at(asked.tokens, index).low != "the" and not lead:
        return None
    return _bare_day(asked, index, led=lead)


def _bare_day(asked: _Asked, index: int, *, led: bool) -> _Day | None:
    tokens = asked.tokens
    start = index + (at(tokens, index).low == "the")
    ordinal = read_ordinal(tokens, start)
    if ordinal is None or not 1 <= ordinal[0] <= 31:
        return None
    number, last = ordinal
    month = _said_month(asked, last)
    if month is not None:
        value = day_in_month(month[0], number)
        return _Day(value, month[1]) if value else None
    following = at(tokens, last)
    if not (is_end(following) or following.low in _AFTER_DAY or following.low in WEEKDAYS):
        return None
    if number <= 3 and not led and not is_end(following) and following.low not in {"of", "at"}:
        return None
    value = nearest_day(number, asked.today, asked.hint(index))
    if value is None:
        return None
    sides: tuple[Prefer | None, ...] = () if asked.said(index) else ("past", "future", None)
    others = [nearest_day(number, asked.today, side) for side in sides]
    return _Day(value, last, tuple(dict.fromkeys(other for other in others if other and other != value)))


def _said_month(asked: _Asked, index: int) -> tuple[date, int] | None:
    """A day in the month meant by "of this month", "of next month", "last month"."""
    tokens = asked.tokens
    start = index + (at(tokens, index).low == "of")
    shift = {"this": 0, "the": 0, "next": 1, "last": -1}.get(at(tokens, start).low)
    if shift is None or at(tokens, start + 1).low != "month":
        return None
    return add_months(asked.today.replace(day=1), shift), start + 2


def _period_end(asked: _Asked, index: int) -> _Day | None:
    """ "end of the month", "end of next month", "month end", "end of the week", "start of next month"."""
    tokens, today = asked.tokens, asked.today
    word = at(tokens, index).low
    if word == "month" and at(tokens, index + 1).low == "end":
        return _Day(month_end(today), index + 2)
    if word not in {"end", "start", "beginning"} or at(tokens, index + 1).low != "of":
        return None
    start = index + 2
    shift = {"next": 1, "last": -1}.get(at(tokens, start).low, 0)
    if at(tokens, start).low in {"the", "this", "next", "last"}:
        start += 1
    unit = at(tokens, start).low
    month = MONTHS.get(unit)
    if unit == "week":
        friday = days_after(today, 4 - today.weekday() + 7 * shift)
        if word == "end":
            return _Day(friday, start + 1, (days_after(friday, 2),))
        return _Day(days_after(friday, -4), start + 1)
    if unit == "month":
        first = add_months(today.replace(day=1), shift)
    elif month is not None:
        named = nearest_year(month, 1, today, asked.hint(index) or "future" if month != today.month else None)
        first = named or today.replace(day=1)
    else:
        return None
    return _Day(month_end(first) if word == "end" else first, start + 1)


def _span(asked: _Asked, index: int) -> _Day | None:
    """ "in ten days", "within two working days", "a fortnight", "three weeks ago", "within 24 hours"."""
    tokens = asked.tokens
    lead = at(tokens, index).low in {"in", "within", "inside", "after", "fra", "entro"}
    start = index + lead
    start += at(tokens, start).low == "the" and at(tokens, start + 1).low == "next"
    start += at(tokens, start).low == "next"
    amount = _amount(tokens, start)
    if amount is None:
        return None
    number, cursor = amount
    working = at(tokens, cursor).low in _WORKING
    cursor += working
    unit = _UNITS.get(at(tokens, cursor).low)
    if unit is None:
        return None
    last = cursor + 1
    if at(tokens, last).low == "ago":
        number, last = -number, last + 1
    elif at(tokens, last).low == "from" and at(tokens, last + 1).low in {"now", "today"}:
        last += 2
    elif not lead:
        return None
    value = _shifted(asked.today, number, unit, working=working)
    return _Day(value, last, computed=True) if value else None


def _amount(tokens: Tokens, index: int) -> tuple[int, int] | None:
    low = at(tokens, index).low
    if low in {"a", "an"} and at(tokens, index + 1).low in _UNITS:
        return 1, index + 1
    if low in {"couple"} or (low == "a" and at(tokens, index + 1).low == "couple"):
        start = index + 1 + (low == "a")
        return 2, start + (at(tokens, start).low == "of")
    cardinal = read_cardinal(tokens, index)
    if cardinal is None or cardinal.last <= index or cardinal.value != cardinal.value.to_integral_value():
        return None
    number, last = int(cardinal.value), cardinal.last
    upper = read_cardinal(tokens, last + 1) if at(tokens, last).low in {"to", "or", "-", "–"} else None
    if upper is not None and upper.value > number and upper.value == upper.value.to_integral_value():
        return int(upper.value), upper.last
    return (number, last) if number <= 1000 else None


def _shifted(today: date, number: int, unit: str, *, working: bool) -> date | None:
    if unit == "minute":
        return today
    if unit == "hour":
        return days_after(today, number // 24)
    if unit == "day":
        return add_working_days(today, number) if working else days_after(today, number)
    if unit in {"week", "fortnight"}:
        return days_after(today, number * (14 if unit == "fortnight" else 7))
    return add_months(today, number * (12 if unit == "year" else 1))


def _clock_deadline(asked: _Asked, index: int) -> _Day | None:
    """ "before two", "by five o'clock" with no day said: today, only where a deadline is wanted."""
    if asked.prefer != "future" or at(asked.tokens, index).low not in {"by", "before", "until", "till"}:
        return None
    clock = read_time(asked.tokens, index, evening=False)
    if clock is None or not (is_end(at(asked.tokens, clock.last)) or clock.sure):
        return None
    near = set(lows(asked.tokens, index - 4, index)) & {"tomorrow", "today", "tonight", *WEEKDAYS}
    return None if near else _Day(datetime.combine(asked.today, clock.value), clock.last, (asked.today,))


_READERS: tuple[_Reader, ...] = (
    _iso,
    _numeric,
    _named_month,
    _near_words,
    _weekday,
    _period_end,
    _span,
    _day_of_month,
    _clock_deadline,
)
