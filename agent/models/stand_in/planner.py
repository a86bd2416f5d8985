"""The next turn of the tool loop: lookups while any are worth making, then actions once, then an end.

Stateless like a model: what was asked and answered is read from the messages of the request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.models.stand_in.answers import history
from agent.models.stand_in.lookups import Situation, Wish, next_lookups
from agent.models.stand_in.proposals import next_actions
from agent.models.stand_in.reader import read
from agent.models.stand_in.transcript import Heard

_LOOKUP_WORDS = ("__find_", "__get_", "__list_")


@dataclass(frozen=True, slots=True)
class Plan:
    """Tool calls to make now; without any, ``text`` ends the loop."""

    calls: tuple[Wish, ...]
    text: str = ""


def next_step(heard: Heard, messages: Sequence[Mapping[str, Any]], functions: Iterable[Mapping[str, Any]]) -> Plan:
    """What to ask for next, given the tools offered in this request."""
    offered = {str(f.get("name")): frozenset(_properties(f)) for f in functions}
    understood = heard.understood or _own_understanding(heard)
    asked = history(messages)
    now = Situation(
        heard=heard,
        labels=frozenset({str(understood.get("scenario")), *map(str, understood.get("secondary") or ())}),
        facts=understood.get("facts") or {},
        signals=frozenset(map(str, understood.get("signals") or ())),
        document_kind=understood.get("document_kind"),
        asked=asked,
        offered=offered,
    )
    if "not_billing" in now.labels:
        return Plan((), "This call is not about billing; there is nothing to do.")
    lookups = next_lookups(now)
    if lookups:
        return Plan(tuple(lookups))
    acted = any(not any(word in one.tool for word in _LOOKUP_WORDS) for one in asked)
    actions = [] if acted else next_actions(now)
    if actions:
        return Plan(tuple(actions))
    return Plan((), "The lookups are done and nothing more is proposed.")


def _properties(function: Mapping[str, Any]) -> Iterable[str]:
    parameters = function.get("parameters")
    properties = parameters.get("properties") if isinstance(parameters, Mapping) else None
    return properties.keys() if isinstance(properties, Mapping) else ()


def _own_understanding(heard: Heard) -> dict[str, Any]:
    """The same shape as ``<understood>``, read afresh when the request carries none."""
    reading = read(heard)
    facts = {fact["field"]: fact["value"] for fact in reading["facts"]}
    return {
        "scenario": reading["scenario"],
        "secondary": reading["secondary"],
        "document_kind": facts.get("document_kind"),
        "signals": [one["signal"] for one in reading["signals"]],
        "facts": facts,
    }
