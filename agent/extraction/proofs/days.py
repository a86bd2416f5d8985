"""Proof of due dates and deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from agent.extraction.proofs.base import (
    FORMAT,
    LATEST,
    SAID,
    Places,
    Proof,
    failed,
    passed,
    proved,
    refused,
    superseded,
)
from agent.extraction.scene import Place, Scene
from agent.values import (
    FoundDate,
    iso_text,
    normal_date,
)
from agent.values.dates import Prefer


def prove_due_date(scene: Scene, value: str, places: Places) -> Proof:
    """A named day when something is or was due."""
    return _prove_date(scene, value, places, None)


def prove_deadline(scene: Scene, value: str, places: Places) -> Proof:
    """A named day or period, not before the call, by which someone is to act."""
    proof = _prove_date(scene, value, places, "future")
    if proof.value is None or scene.today is None:
        return proof
    if date.fromisoformat(str(proof.value)[:10]) < scene.today:
        return Proof(None, (*proof.checks, failed("not_past", "the deadline lies before the call")), 0.0)
    return proof


def _prove_date(scene: Scene, value: str, places: Places, prefer: Prefer | None) -> Proof:
    wanted = normal_date(value)
    if wanted is None:
        return refused(FORMAT, "the value is not an ISO date")
    if isinstance(wanted, datetime):
        wanted = wanted.replace(tzinfo=None)
    hits = [
        (place, found) for place in places for found in _dates_inside(scene, place, prefer) if _means(found, wanted)
    ]
    if not hits:
        return refused(SAID, "no such day is named in the quoted words")
    place, found = max(hits, key=lambda hit: (_first_reading(hit[1], wanted), hit[0].turn, hit[1].start))
    day = _day(wanted)
    late = superseded(
        scene, place.turn, found, lambda turn: scene.dates(turn, prefer), lambda other: day not in _days(other)
    )
    if late:
        return Proof(None, (passed(SAID, "the day is in the quote"), late), 0.0)
    strength = 1.0 if _first_reading(found, wanted) else 0.6
    strength -= 0.15 if found.computed else 0.0
    kind = "counted from a length of time in" if found.computed else "named in"
    return proved(
        iso_text(wanted), f"the day is {kind} the quoted words", strength, passed(LATEST, "not corrected afterwards")
    )


def _dates_inside(scene: Scene, place: Place, prefer: Prefer | None) -> Iterator[FoundDate]:
    alone: list[FoundDate] | None = None
    for found in scene.dates(place.turn, prefer):
        if place.holds(place.turn, found.start, found.end):
            yield found
        elif place.touches(found.start, found.end):
            alone = scene.dates_in(place.text, prefer) if alone is None else alone
            yield from (part for part in alone if _day(part.value) == _day(found.value))


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _days(found: FoundDate) -> frozenset[date]:
    return frozenset(_day(value) for value in found.readings)


def _first_reading(found: FoundDate, wanted: date) -> bool:
    return _day(found.value) == _day(wanted)


def _means(found: FoundDate, wanted: date) -> bool:
    """Whether the words can mean ``wanted``: the same day, and the same hour where one is claimed. Of the
    less likely readings only days near the first one count, never another year."""
    near = {day for day in _days(found) if abs((day - _day(found.value)).days) <= 45}
    if _day(wanted) not in near | {_day(found.value)}:
        return False
    if not isinstance(wanted, datetime):
        return True
    return any(isinstance(value, datetime) and value.time() == wanted.time() for value in found.readings)
