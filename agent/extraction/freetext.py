"""Proof of a value in free words: it may be paraphrased, but every number, amount, day, address, reference
and "not" in it must be in its quotes, and every name must have been spoken on the call."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from agent.capture import Check
from agent.extraction.cues import is_lacking, is_negated, negated_words, plain_words
from agent.extraction.proofs.base import Places, Proof, failed, passed
from agent.extraction.scene import Scene
from agent.values import (
    compact_id,
    fold,
    read_amounts,
    read_emails,
    read_ids,
    read_numbers,
    read_phones,
)

_PLACEHOLDER = re.compile(r"<[A-Z][A-Z_]*(?:_\d+)?>")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;]\s+|[\"(]\s*)$")
_EVERYDAY = frozenset(
    "i i'm i'd i'll i've ok okay mr mrs ms dr vip usd eur gbp inr aed cad aud chf am pm id iso api crm utc est pst vat gst iban "
    "bic ifsc upi pin cvv url pdf csv faq sms e-mail email invoice order account customer caller agent finance billing stripe "
    "the a an monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december".split()
)
_LONGEST = 400


def prove_text(scene: Scene, value: str, places: Places) -> Proof:
    """The text itself, with one check for each kind of token that carries value in it."""
    text = " ".join(value.split())
    if not any(char.isalpha() for char in _PLACEHOLDER.sub("", text)):
        return Proof(None, (failed("format", "the value says nothing in words"),), 0.0)
    if len(text) > _LONGEST:
        return Proof(None, (failed("format", f"the value is longer than {_LONGEST} characters"),), 0.0)
    quotes = " … ".join(place.text for place in places)
    checks = [
        _placeholders(text, quotes),
        _values(scene, text, places),
        _negations(text, places),
        _names(scene, _PLACEHOLDER.sub(" ", text)),
    ]
    if all(check.passed for check in checks):
        return Proof(text, tuple(checks), 1.0)
    return Proof(None, tuple(checks), 0.0)


def _placeholders(text: str, quotes: str) -> Check:
    if set(_PLACEHOLDER.findall(text)) <= set(_PLACEHOLDER.findall(quotes)):
        return passed("placeholder", "names no removed identifier that the quotes do not")
    return failed("placeholder", "names a removed identifier that is not in the quotes")


def _values(scene: Scene, text: str, places: Places) -> Check:
    """Every value of the text, matched against all readings of the quotes."""
    plain = _PLACEHOLDER.sub(" ", text)
    wanted = list(_claims(scene, plain))
    said = {claim for place in places for claim in _all_readings(scene, place.turn, place.start, place.end, place.text)}
    if all(readings & said for readings in wanted):
        return passed("value_in_quote", "every number, day and reference is in the quoted words")
    return failed("value_in_quote", "a number, day or reference is not in the quoted words")


def _claims(scene: Scene, text: str) -> Iterator[frozenset[object]]:
    """What the text claims, each as the set of readings of which the quotes must hold one. Longer things are
    read first, so that the digits of a reference are not asked for again as a number."""
    taken: list[tuple[int, int]] = []

    def fresh(start: int, end: int) -> bool:
        if any(start < stop and begin < end for begin, stop in taken):
            return False
        taken.append((start, end))
        return True

    for email in read_emails(text):
        if fresh(email.start, email.end):
            yield frozenset(email.readings)
    for phone in read_phones(text, scene.region):
        if fresh(phone.start, phone.end):
            yield frozenset(phone.readings)
    for money in read_amounts(text, scene.currency_default):
        if fresh(money.start, money.end):
            yield frozenset(money.readings)
    for day in scene.dates_in(text):
        if fresh(day.start, day.end):
            yield frozenset({_day(day.value), day.value} if isinstance(day.value, datetime) else {day.value})
    for reference in read_ids(text):
        if fresh(reference.start, reference.end):
            yield frozenset(compact_id(reading) for reading in reference.readings)
    for number, start, end in read_numbers(text):
        if fresh(start, end) and not _is_article(text[start:end]):
            yield frozenset({number})


def _is_article(text: str) -> bool:
    """ "one" and "first" are grammar as often as numbers."""
    return text.lower() in {"one", "a", "uno", "eine", "o", "oh"}


def _all_readings(scene: Scene, turn: int, start: int, end: int, quote: str) -> Iterator[object]:
    """Every reading of the values inside one quote, taken in the whole turn and in the quote alone."""
    for money in (*scene.amounts(turn), *read_amounts(quote, scene.currency_default)):
        if money in scene.amounts(turn) and not (start <= money.start and money.end <= end):
            continue
        yield from money.readings
    for prefer in (None, "past", "future"):
        for day in scene.dates(turn, prefer):
            if start <= day.start and day.end <= end:
                yield from day.readings
                yield from (_day(value) for value in day.readings)
    for day in scene.dates_in(quote):
        yield from day.readings
        yield from (_day(value) for value in day.readings)
    for contact in (*scene.emails(turn), *scene.phones(turn)):
        if start <= contact.start and contact.end <= end:
            yield from contact.readings
    for reference in (*scene.ids(turn), *read_ids(quote)):
        yield from (compact_id(reading) for reading in reference.readings)
    yield from (number for number, _, _ in read_numbers(quote))


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _negations(text: str, places: Places) -> Check:
    """A "not" in the text needs one in the quotes; what the quotes deny the text must not state plainly."""
    quotes = " . ".join(place.text for place in places)
    if is_negated(text) and not is_lacking(quotes):
        return failed("negation", "the value denies what the quoted words do not")
    denied, plain = negated_words(quotes), plain_words(quotes)
    if (denied - plain) & plain_words(text) - negated_words(text):
        return failed("negation", "the value states what the quoted words deny")
    if (negated_words(text) & plain) - denied:
        return failed("negation", "the value denies what the quoted words state")
    return passed("negation", "denies nothing but what the quoted words deny")


def _names(scene: Scene, text: str) -> Check:
    """Capitalised words inside a sentence are names; each must have been spoken somewhere on the call."""
    spoken = scene.vocabulary
    for found in (*read_emails(text), *read_ids(text)):
        text = text[: found.start] + "_" * (found.end - found.start) + text[found.end :]
    for match in re.finditer(r"[^\W\d_][\w'’-]*", text):
        word = match.group()
        if not word[0].isupper() or _SENTENCE_START.search(text[: match.start()]):
            continue
        parts = [fold(part) for part in re.split(r"['’-]", word) if len(part) > 1]
        if fold(word) in _EVERYDAY or all(part in spoken or part in _EVERYDAY for part in parts):
            continue
        if fold(word).rstrip("s") not in spoken:
            return failed("name", "names somebody or something that nobody on the call named")
    return passed("name", "names nothing that was not spoken")
