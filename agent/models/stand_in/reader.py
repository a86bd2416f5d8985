"""One Reading of one call, put together from the subject readers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agent.capture import Scenario
from agent.models.stand_in.contact import email, phone
from agent.models.stand_in.dates_facts import dates
from agent.models.stand_in.facts import Found, clipped
from agent.models.stand_in.free_text import affected_record, billing_address, free_texts
from agent.models.stand_in.money_facts import MoneyFacts
from agent.models.stand_in.people import People
from agent.models.stand_in.references import references
from agent.models.stand_in.scenario import guess_scenario
from agent.models.stand_in.signals import injected, signals
from agent.models.stand_in.status import document_kind, expects_callback, payment_status, tax_region
from agent.models.stand_in.transcript import Heard


def read(heard: Heard) -> dict[str, Any]:
    """The arguments of the Reading tool: scenario, facts and signals, every quote a verbatim slice."""
    guess = guess_scenario(heard)
    facts = [found.as_fact() for found in _facts(heard, guess.label, guess.secondary)]
    quoted: dict[str, list[dict[str, Any]]] = {}
    for signal, place in signals(heard):
        quoted.setdefault(signal.value, []).append({"turn": place.turn, "quote": place.text})
    return {
        "scenario": guess.label.value,
        "scenario_confidence": clipped(guess.confidence),
        "secondary": [label.value for label in guess.secondary],
        "facts": [fact for fact in facts if fact["quotes"]],
        "signals": [{"signal": name, "quotes": quotes} for name, quotes in quoted.items()],
    }


def _facts(heard: Heard, label: Scenario, secondary: tuple[Scenario, ...]) -> Iterator[Found]:
    people = People(heard)
    person, company = people.customer()
    yield from (found for found in (person, company, email(heard), phone(heard)) if found)
    if label is Scenario.NOT_BILLING:
        return
    known = list(references(heard))
    yield from known
    yield from MoneyFacts(heard, injected(heard)).found()
    yield from dates(heard, label)
    owner = people.owner(person)
    single = (
        payment_status(heard),
        document_kind(heard, label),
        expects_callback(heard),
        tax_region(heard, label),
        owner,
        billing_address(heard, label),
        affected_record(heard, known, label),
    )
    yield from (found for found in single if found)
    yield from free_texts(heard, label, secondary, owner)
