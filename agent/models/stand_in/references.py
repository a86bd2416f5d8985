"""Which reference is an invoice, an order, a payment, a subscription or an account, by the words beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from agent.extraction.values import Found as Value
from agent.extraction.values import compact_id, read_amounts, read_ids
from agent.models.stand_in.contact import user_name
from agent.models.stand_in.facts import Found
from agent.models.stand_in.transcript import Heard, Line, Place, compiled

_KINDS: tuple[tuple[str, str], ...] = (
    (
        "account_id",
        r"\b(client|customer|account|member(ship)?|user|subscriber|merchant|tenant|policy|workspace|site) (code|number|id|i d|no|num|reference|ref|name)\b"
        r"|\b(account|policy|membership|member)\b|\b(username|user name|handle|login|beeminder|group called|client code|membership)\b",
    ),
    ("subscription_id", r"\b(subscription|plan|licen[cs]e)( (id|i d|number|reference|ref|no|code))?\b"),
    (
        "payment_id",
        r"\b(payment|charge|transaction|transfer|debit|confirmation)( (id|i d|number|reference|ref|no|code))\b",
    ),
    (
        "order_id",
        r"\b(order|booking|purchase|basket|reservation)s?( (id|i d|number|reference|ref|no|code))?\b|\bbestellung\b|\bcommande\b",
    ),
    (
        "invoice_number",
        r"\b(invoices?|bills?|fattura|rechnung|facture|factura|factuur|document)( (id|i d|number|reference|ref|no|code))?\b|\bthat'?s\b",
    ),
    (
        "",
        r"\b(accession|filing|ticker|ticket|case|complaint|p ?o|purchase order|postcode|post code|zip|flight|room|model|serial|tracking|version|part|form|extension|iso)\b( number| no)?",
    ),
)
_PREFIXES = {
    "ch_": "payment_id",
    "py_": "payment_id",
    "pi_": "payment_id",
    "txn_": "payment_id",
    "sub_": "subscription_id",
    "in_": "invoice_number",
    "cus_": "account_id",
    "acct_": "account_id",
}
_NEAR, _AFTER, _PREVIOUS = 3.0, 1.6, 1.8


def references(heard: Heard) -> Iterator[Found]:
    """One value for each kind of reference that was said; the last correction of a kind wins ties."""
    votes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    said: dict[str, list[tuple[Place, Value[str]]]] = defaultdict(list)
    for line in heard.lines:
        for value in _ids_of(line, heard.currency):
            if _is_filing(value.value):
                continue
            place, key = Place(line, value.start, value.end), compact_id(value.value)
            said[key].append((place, value))
            for kind, weight in _kinds_of(heard, place, value.value):
                votes[key][kind] += weight
    taken: dict[str, Found] = {}
    for key, places in said.items():
        kind, weight = max(votes[key].items(), key=lambda item: item[1], default=("", 0.0))
        if not kind:
            continue
        found = _found(kind, places, weight)
        old = taken.get(kind)
        if old is None or found.sure >= old.sure:
            taken[kind] = found
    for name in user_name(heard):
        taken.setdefault("account_id", name)
    yield from taken.values()


def _ids_of(line: Line, currency: str | None) -> list[Value[str]]:
    """The references in a turn, none running on into an amount: "Q T nine oh six, three thousand pounds"."""
    found = read_ids(line.text)
    for money in read_amounts(line.text, currency):
        for at, value in enumerate(found):
            if money.currency and value.start < money.start < value.end:
                found[at : at + 1] = [one for one in read_ids(line.text[: money.start]) if one.start == value.start]
                break
    return found


def _found(kind: str, places: list[tuple[Place, Value[str]]], weight: float) -> Found:
    written = [value.value for _, value in places]
    value = next((text for text in written if "-" in text), written[-1])
    if not any(character.isdigit() for character in value):
        value = value.lower()
    sure = 0.62 + 0.07 * min(weight, 3.0) + 0.08 * (len(places) > 1)
    return Found(kind, value, tuple(place for place, _ in places[:2]), min(sure, 0.97))


def _is_filing(value: str) -> bool:
    return len("".join(character for character in value if character.isdigit())) >= 16 and value[:1].isdigit()


def _kinds_of(heard: Heard, place: Place, value: str) -> Iterator[tuple[str, float]]:
    for prefix, kind in _PREFIXES.items():
        if value.lower().startswith(prefix):
            yield kind, 10.0
            return
    own = _nearest(place.before[-55:], last=True)
    if own is not None:
        yield own, _NEAR
    trailing = _nearest(place.after[:28], last=False)
    if trailing is not None:
        yield trailing, _AFTER
    if own is None:
        previous = _from_previous(heard, place.line)
        if previous is not None:
            yield previous, _PREVIOUS
    if any(character.isdigit() for character in value) and any(character.isalpha() for character in value):
        # A letter-and-digit code on a billing line is most often the invoice.
        yield "invoice_number", 0.9 if heard.first(r"\b(invoice|bill|fattura|rechnung|facture|factuur)s?\b") else 0.3


def _from_previous(heard: Heard, line: Line) -> str | None:
    for other in heard.before(line, 2):
        kind = _nearest(other.text[-90:], last=True)
        if kind is not None:
            return kind
    return None


def _nearest(text: str, *, last: bool) -> str | None:
    """The kind whose cue stands nearest to the reference; "" is a kind of its own: not a billing reference."""
    hits = [
        (match.end() if last else -match.start(), kind)
        for kind, pattern in _KINDS
        for match in compiled(pattern).finditer(text)
    ]
    return max(hits)[1] if hits else None
