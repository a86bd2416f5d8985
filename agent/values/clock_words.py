"""Times of day as said after a day: "by seven", "before noon", "at 10:30", "two p m"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from agent.values.lexer import Kind, Tokens, at
from agent.values.numbers import read_cardinal

_LEADS = frozenset({"at", "by", "before", "until", "till", "around", "about", "from", "after"})
_NAMED = {"noon": time(12), "midday": time(12), "midnight": time(23, 59), "lunchtime": time(12), "lunch": time(12)}


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day up to token ``last``; ``sure`` when "am", "pm", "o'clock", a colon or a name said so."""

    value: time
    last: int
    sure: bool


def read_time(tokens: Tokens, index: int, *, evening: bool) -> Clock | None:
    """The time said at ``index``: "by seven" (19:00 when ``evening``, else by office hours), "10:30", "noon".
    A bare number needs a leading word ("at", "by", "before")."""
    cursor = index
    while at(tokens, cursor).low in {"evening", "morning", "afternoon", "night", ","} and cursor < index + 2:
        if at(tokens, cursor).low in {"evening", "night", "afternoon"}:
            evening = True
        cursor += 1
    led = at(tokens, cursor).low in _LEADS
    cursor += led
    named = _NAMED.get(at(tokens, cursor).low)
    if named is not None:
        return Clock(named, cursor + 1, True) if led else None
    read = _hour(tokens, cursor)
    if read is None:
        return None
    hour, minute, cursor, sure = read
    half, cursor = _half_of_day(tokens, cursor)
    if not led and not sure and half is None:
        return None
    if hour > 12 and half is not None:
        return None
    return Clock(time(_hour_24(hour, half, evening=evening), minute), cursor, sure or half is not None)


def _hour(tokens: Tokens, index: int) -> tuple[int, int, int, bool] | None:
    token = at(tokens, index)
    if token.kind is Kind.NUMBER:
        if not token.text.isdigit() or len(token.text) > 2 or int(token.text) > 23:
            return None
        colon, minutes = at(tokens, index + 1), at(tokens, index + 2)
        if colon.text == ":" and token.joins(colon) and len(minutes.text) == 2 and minutes.text.isdigit():
            minute = int(minutes.text)
            return (int(token.text), minute, index + 3, True) if minute < 60 else None
        return int(token.text), 0, index + 1, False
    hour = read_cardinal(tokens, index)
    if hour is None or hour.last <= index or not 1 <= hour.value <= 12 or hour.value % 1:
        return None
    minute_read = read_cardinal(tokens, hour.last)
    if minute_read is not None and minute_read.pair and minute_read.value < 60:
        return int(hour.value), int(minute_read.value), minute_read.last, False
    return int(hour.value), 0, hour.last, False


def _half_of_day(tokens: Tokens, index: int) -> tuple[str | None, int]:
    low, following = at(tokens, index).low, at(tokens, index + 1).low
    if low in {"am", "pm"}:
        return low, index + 1
    if low in {"a", "p"} and following == "m":
        return low + "m", index + 2
    if low in {"a", "p"} and following == "." and at(tokens, index + 2).low == "m":
        return low + "m", index + 3 + (at(tokens, index + 3).low == ".")
    if low == "o'clock":
        return None, index + 1
    if low == "in" and following == "the":
        part = {"morning": "am", "afternoon": "pm", "evening": "pm"}.get(at(tokens, index + 2).low)
        return (part, index + 3) if part else (None, index)
    return None, index


def _hour_24(hour: int, half: str | None, *, evening: bool) -> int:
    if half == "am":
        return hour % 12
    if half == "pm" or (half is None and hour < 12 and (evening or hour < 8)):
        return hour % 12 + 12
    return hour
