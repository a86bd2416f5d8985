"""What can be kept of an answer that did not fit the schema, also after the re-ask: the sound facts, one by
one. No model text ever reaches a reason or an error."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from agent.capture import Check, Scenario
from agent.errors import ModelNonsense
from agent.extraction.reading import Fact, Heard, Reading

_MOST_ITEMS = 400
P = TypeVar("P", bound=BaseModel)


def salvage(raw: str) -> tuple[Reading, tuple[Check, ...]]:
    """The valid part of ``raw`` and one failed check for each thing left out.

    Raises ModelNonsense when it is no JSON object or has no known scenario.
    """
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        raise ModelNonsense("the model's answer is not JSON") from None
    if not isinstance(data, dict):
        raise ModelNonsense("the model's answer is not a JSON object")
    dropped: list[Check] = []
    reading = Reading(
        scenario=_scenario(data),
        scenario_confidence=_share(data.get("scenario_confidence"), dropped),
        secondary=_labels(data.get("secondary"), dropped),
        facts=_items(Fact, data.get("facts"), "fact", dropped),
        signals=_items(Heard, data.get("signals"), "signal", dropped),
    )
    return reading, tuple(dropped)


def _scenario(data: dict[str, Any]) -> Scenario:
    try:
        return Scenario(str(data.get("scenario")))
    except ValueError:
        raise ModelNonsense("the model's answer names no known scenario") from None


def _share(value: object, dropped: list[Check]) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    dropped.append(_drop("scenario_confidence", "not a number between 0 and 1"))
    return 0.0


def _labels(value: object, dropped: list[Check]) -> list[Scenario]:
    labels: list[Scenario] = []
    for item in (value if isinstance(value, list) else [])[:_MOST_ITEMS]:
        try:
            labels.append(Scenario(item))
        except ValueError:
            dropped.append(_drop("secondary", "not a known scenario"))
    return labels


def _items(kind: type[P], value: object, name: str, dropped: list[Check]) -> list[P]:
    if not isinstance(value, list):
        dropped.append(_drop(f"{name}s", "the list is missing"))
        return []
    kept: list[P] = []
    for item in value[:_MOST_ITEMS]:
        try:
            kept.append(kind.model_validate(item))
        except ValidationError as error:
            dropped.append(_drop(name, _where(error, kind)))
    if len(value) > _MOST_ITEMS:
        dropped.append(_drop(f"{name}s", f"more than {_MOST_ITEMS} items"))
    return kept


def _where(error: ValidationError, kind: type[BaseModel]) -> str:
    """Which of our own field names did not fit, and pydantic's error type; never the input or its keys."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    place = first["loc"][0] if first["loc"] else None
    known = place if isinstance(place, str) and place in kind.model_fields else "an unknown key"
    return f"does not fit the schema at {known} ({first['type']})"


def _drop(name: str, reason: str) -> Check:
    return Check(name=name, passed=False, reason=reason)
