"""Lookups: which may be asked, and which must have finished before anything else happens (S30, S36, S37)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from agent.capture import Scenario
from agent.loop.facts import Facts, Looked
from agent.loop.rules.grounding import Ground
from agent.loop.rules.ruling import Ruling, allow, deny
from agent.loop.scenarios import (
    is_customer_lookup,
    is_document_lookup,
    needed_lookups,
    needs_document,
    searchable,
)
from agent.run import ReviewReason
from tools.connector import Arguments, Operation

_SHOWS_NO_CUSTOMER = frozenset({"fidel", "polygon", "tokenmetrics"})
_SMALL = 1000


def lookup_ruling(operation: Operation, arguments: Arguments, facts: Facts) -> Ruling:
    """Allow a lookup whose every argument is grounded; none on a call that is not about billing."""
    if facts.extraction.scenario.label is Scenario.NOT_BILLING:
        return deny("S01.not_billing", "the call is not about billing, so nothing is looked up")
    ground = Ground(facts)
    values = list(_searched(arguments))
    for field, value in values:
        if not ground.holds(value):
            return deny(
                "S36.lookup_grounded",
                f"the value of {field} was neither said in the call nor found in its record or an earlier answer",
                "a value from the call, its record or an earlier answer of this run",
            )
    if not values and operation.system not in _SHOWS_NO_CUSTOMER:
        return deny("S36.lookup_bounded", "the lookup names nobody and nothing to look for", "a grounded value")
    return allow("S36.lookup_first", "each value comes from the call, its record or an earlier answer of this run")


def _searched(arguments: Arguments) -> Iterator[tuple[str, str]]:
    """(field, value) of everything that was given and searches: not page sizes, flags or fixed choices."""
    fields = type(arguments).model_fields
    for name in fields:
        if _is_choice(fields[name].annotation):
            continue
        yield from ((name, text) for text in _texts(getattr(arguments, name)))


def _is_choice(annotation: Any) -> bool:
    parts = get_args(annotation) or (annotation,)
    return get_origin(annotation) is Literal or all(get_origin(p) is Literal or p is type(None) for p in parts)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.strip():
        yield value
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _SMALL:
        yield str(value)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def unfinished_lookups(facts: Facts) -> str | None:
    """What must still be looked up before anything is done, in plain words; None when nothing must.

    A lookup that failed has been tried: the case then goes to a person, and the internal notes and the
    queue row that tell that person are not held back (see ``failed_lookups``).
    """
    if not searchable(facts.extraction, facts.call):
        return None
    tried = [looked.tool for looked in facts.lookups]
    if not any(is_customer_lookup(tool) for tool in tried) and _wanted(facts, customer=True):
        return "the customer"
    if _document_due(facts) and not any(is_document_lookup(tool) for tool in tried):
        return "the charge, invoice or subscription the call is about"
    return None


def _wanted(facts: Facts, *, customer: bool) -> bool:
    if facts.available is None:
        return True
    chosen = is_customer_lookup if customer else is_document_lookup
    return any(chosen(name) for group in needed_lookups(facts.extraction, facts.available) for name in group)


def _document_due(facts: Facts) -> bool:
    """Whether a document must be looked up: the call is about one, and somebody was found who could own it."""
    if not needs_document(facts.extraction) or not _wanted(facts, customer=False):
        return False
    holders = {"stripe", "quickbooks", "proabono"}
    if facts.available is None:
        return any(party.system in holders for party in facts.parties)
    return bool(facts.parties)


def failed_lookups(facts: Facts) -> tuple[ReviewReason, ...]:
    """The reasons for review that failed or missing lookups give (S36).

    A kind of lookup failed when one of it failed and none found anything: another system's "not
    found" does not prove that the silent one holds nothing.
    """
    reasons = []
    for chosen, what in ((is_customer_lookup, "customer"), (is_document_lookup, "document")):
        own = [looked for looked in facts.lookups if chosen(looked.tool)]
        failed = _still_failed(own)
        if failed and not any(looked.status == "ok" for looked in own):
            text = f"the {what} lookup did not work: {', '.join(failed)}"
            reasons.append(ReviewReason(rule="S36.lookup_failed", text=text))
    missing = unfinished_lookups(facts)
    if missing is not None:
        reasons.append(ReviewReason(rule="S36.lookup_missing", text=f"nobody looked up {missing}"))
    return tuple(reasons)


def _still_failed(lookups: list[Looked]) -> list[str]:
    """The tools among ``lookups`` whose last try failed."""
    last = {looked.tool: looked.status for looked in lookups if looked.status != "denied"}
    return sorted(tool for tool, status in last.items() if status == "failed")


def lookup_gate(facts: Facts) -> Ruling | None:
    """The denial of every action until the needed lookups were made; None when they were."""
    missing = unfinished_lookups(facts)
    if missing is None:
        return None
    return deny("S36.lookup_first", f"lookups come first: {missing} was not looked up yet", f"a lookup of {missing}")
