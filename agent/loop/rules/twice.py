"""What "charged twice" means: one definition for alerts, claims and refunds (pure; S06)."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

from agent.loop.facts import Facts
from tools.records import Document

DUPLICATE_WINDOW = timedelta(hours=72)


def duplicates(facts: Facts) -> tuple[tuple[Document, Document], ...]:
    """Pairs of paid charges of one customer with one amount, at most 72 hours apart, neither refunded; the
    earlier one first. They are duplicates as the records show them, whatever was claimed (S06)."""
    charges = [d for d in facts.documents_of_match if d.type == "charge" and d.paid and d.amount and d.created]
    open_ones = [d for d in charges if d.amount_refunded is None or d.amount_refunded.minor == 0]
    return tuple(_in_order(a, b) for a, b in combinations(open_ones, 2) if _twice(a, b))


def later_of_the_pair(charge: Document, facts: Facts) -> bool:
    """Whether ``charge`` is the second charge of the one pair with its amount; three in a row tell nothing."""
    pairs = [pair for pair in duplicates(facts) if pair[0].amount == charge.amount]
    return len(pairs) == 1 and pairs[0][1] == charge and pairs[0][0].created != charge.created


def _twice(a: Document, b: Document) -> bool:
    same = (a.system, a.party_id, a.amount) == (b.system, b.party_id, b.amount) and a.id != b.id
    return same and a.created is not None and b.created is not None and abs(a.created - b.created) <= DUPLICATE_WINDOW


def _in_order(a: Document, b: Document) -> tuple[Document, Document]:
    swapped = a.created is not None and b.created is not None and b.created < a.created
    return (b, a) if swapped else (a, b)
