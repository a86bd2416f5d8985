"""Which reference is an invoice, an order, a payment, a subscription or an account, by the words beside it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from agent.models.stand_in.contact import user_name
from agent.models.stand_in.facts import Found
from agent.models.stand_in.transcript import Heard, Line, Place, compiled
from agent.values import Found as Value
from agent.values import compact_id, read_amounts, read_ids

_KINDS: tuple[tuple[str, str], ...] = (
    (
        "account_id",
        r"\b(client|customer|account|member(ship)?|user|subscriber|merchant|tenant|policy|workspace|site) (code|number|id|i d|no|num|reference|ref|name)\b"
        r"|\b(código|codice|kundennummer|klantnummer|mi código|numéro client|code client|référence client|(?:my|our|your) code)\b"
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
_NEAR, _AFTER, _PREVIOUS, _ASKED = 3.0, 1.6, 1.8, 2.6


def references(heard: Heard) -> Iterator[Found]:
    """One value for each kind of reference that was said; the last correction of a kind wins ties."""
    votes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    said: dict[str, list[tuple[Place, Value[str]]]] = defaultdict(list)
    joined: list[Place] = []
    for line in heard.lines:
        for value in _ids_of(line, heard.currency):
            if _is_filing(value.value) or _in_address(heard, line, value) or _broken_off(line, value):
                continue
            if not any(character.isdigit() for character in value.value):
                joined.append(Place(line, value.start, value.end))
                continue
            place, key = Place(line, value.start, value.end), compact_id(value.value)
            said[key].append((place, value))
            for kind, weight in _kinds_of(heard, place, value.value):
                votes[key][kind] += weight
    taken: dict[str, Found] = {}
    for words in joined:
        name = _joined_name(heard, words)
        if name:
            taken["account_id"] = name
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


def _joined_name(heard: Heard, words: Place) -> Found | None:
    """A user name said in several words "all run together": best as the agent says it back in one."""
    asked = " ".join(line.text for line in (*heard.before(words.line, 2), words.line))
    if not compiled(rf"{_USER_TALK}").search(asked):
        return None
    echo = heard.answer_to(words.line)
    for token in compiled(r"[^\W_]{4,}").finditer(echo.text) if echo else ():
        plain = re.sub(r"[\W_]", "", words.line.text.lower())
        if token[0].lower() in plain and not compiled(rf"\b{token[0]}\b").search(words.line.text):
            return (
                Found("account_id", token[0].lower(), (Place(echo, token.start(), token.end()),), 0.85)
                if echo
                else None
            )
    said = compiled(r"^(.*\b(is|it'?s|name|user|under|called|my|so|yeah|if|need|no|accent)\s+)?").match(words.text)
    kept = Place(words.line, words.start + (said.end() if said else 0), words.end)
    value = re.sub(r"[\W_]", "", kept.text.lower())
    return Found("account_id", value, (kept,), 0.72) if len(value) > 3 and len(kept.text.split()) > 1 else None


_USER_TALK = r"\b(user ?name|beeminder|handle|screen name|log ?in|group|what('?s| is) .{0,12}called|account name)\b"


def _found(kind: str, places: list[tuple[Place, Value[str]]], weight: float) -> Found:
    written = [value.value for _, value in places]
    value = next((text for text in written if "-" in text), written[-1])
    echoed = len({place.line.speaker for place, _ in places}) > 1
    whole = sum(letter.isalpha() for letter in value) > 1 and sum(digit.isdigit() for digit in value) > 2
    sure = 0.66 + 0.08 * min(weight, 3.0) + 0.05 * (len(places) > 1) + 0.05 * echoed + 0.03 * whole
    return Found(kind, value, tuple(place for place, _ in places[:2]), min(sure, 0.97))


def _is_filing(value: str) -> bool:
    return len("".join(character for character in value if character.isdigit())) >= 16 and value[:1].isdigit()


def _broken_off(line: Line, value: Value[str]) -> bool:
    """Whether the speaker stopped in the middle: "H S E U four four, em, hang on"."""
    digits = sum(character.isdigit() for character in value.value)
    after = line.text[value.end : value.end + 24]
    return (
        digits < 4
        and compiled(
            r"^[,.\s]*((em|um|uh|er|erm)[,.\s]+)?(hang on|hold on|wait|let me|one (sec\w*|moment)|bear with)"
        ).search(after)
        is not None
    )


_STREET = r"\b(street|road|avenue|lane|drive|row|mews|close|crescent|way|terrace|court|square|suite|floor|postcode|post code|zip)\b"


def _in_address(heard: Heard, line: Line, value: Value[str]) -> bool:
    """A postcode in an address is no reference: "fourteen Harbour Row, Leith, E H six, seven L X"."""
    if _nearest(line.text[: value.start][-30:], last=True):
        return False
    asked = " ".join(other.text for other in heard.before(line, 1))
    return any(compiled(pattern).search(text) for pattern, text in ((_STREET, line.text), (r"\baddress\b", asked)))


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
            yield previous, _ASKED if _just_asked(heard, place.line) else _PREVIOUS
    if sum(character.isdigit() for character in value) > 1 and any(character.isalpha() for character in value):
        # A letter-and-digit code on a billing line is most often the invoice.
        yield "invoice_number", 0.9 if heard.first(r"\b(invoice|bill|fattura|rechnung|facture|factuur)s?\b") else 0.3


def _just_asked(heard: Heard, line: Line) -> bool:
    """Whether the turn before was the question for this very reference."""
    before = heard.before(line, 1)
    return bool(before) and before[0].speaker == "agent" and _nearest(before[0].text[-90:], last=True) is not None


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
