"""Proof of amounts and currencies."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from agent.extraction.proofs.base import (
    FORMAT,
    LATEST,
    SAID,
    Places,
    Proof,
    passed,
    proved,
    refused,
    superseded,
)
from agent.extraction.scene import Place, Scene
from agent.values import (
    FoundMoney,
    normal_amount,
    normal_currency,
    plain_decimal,
    read_amounts,
    read_numbers,
)
from agent.values.currencies import CODES, nation_code, symbol_code, word_unit
from agent.values.lexer import at, lex
from agent.values.spelling import digits_at, letter_at


def prove_amount(scene: Scene, value: str, places: Places) -> Proof:
    """The amount is read from the quote, not denied, and not corrected afterwards."""
    wanted = plain_decimal(value)
    if wanted is None:
        return refused(FORMAT, "the value is not a plain decimal amount")
    hit = _amount_hit(scene, wanted, places)
    if hit is None:
        return refused(SAID, "the amount cannot be read from the quoted words")
    place, found = hit
    text = normal_amount(wanted, found.currency or scene.currency)
    if text is None:
        return refused(FORMAT, "the amount has more decimals than its currency")
    if _denied_before(scene.text(place.turn), found.start):
        return refused("negation", "the amount is denied where it is said")
    late = superseded(scene, place.turn, found, scene.amounts, lambda other: wanted not in other.readings)
    if late:
        return Proof(None, (passed(SAID, "the amount is in the quote"), late), 0.0)
    strength = 1.0 if found.amount == wanted else 0.6
    strength -= 0.1 if found.bare else 0.0
    return proved(
        text, "the amount is read from the quoted words", strength, passed(LATEST, "not corrected afterwards")
    )


def amount_currency(scene: Scene, amount: str, places: Places) -> str | None:
    """The currency said with a proved amount, or None."""
    hit = _amount_hit(scene, Decimal(amount), places)
    return hit[1].currency if hit else None


def _amount_hit(scene: Scene, wanted: Decimal, places: Places) -> tuple[Place, FoundMoney] | None:
    """The last reading of ``wanted`` inside a quote, one with a currency before one without."""
    hits = []
    for place in places:
        for found in scene.amounts(place.turn):
            inside = place.holds(place.turn, found.start, found.end) or _says_number(place, found, wanted)
            if inside and wanted in found.readings:
                hits.append((place, found))
    if not hits:
        hits = list(_counted_amounts(scene, wanted, places))
    return max(hits, key=lambda hit: (hit[1].currency is not None, hit[0].turn, hit[1].start), default=None)


def _says_number(place: Place, found: FoundMoney, wanted: Decimal) -> bool:
    """Whether the quote leaves out only the currency word of an amount."""
    if not place.touches(found.start, found.end):
        return False
    alone = [value for value, _, _ in read_numbers(place.text)] + [money.amount for money in read_amounts(place.text)]
    return found.amount == wanted and wanted in alone


def _counted_amounts(scene: Scene, wanted: Decimal, places: Places) -> Iterator[tuple[Place, FoundMoney]]:
    """Plain numbers that nothing marks as money: proof of the digits, but weak ("it's forty nine a month")."""
    for place in places:
        money = scene.amounts(place.turn)
        for number, start, end in read_numbers(scene.text(place.turn)):
            if any(start < found.end and found.start < end for found in money):
                continue
            if (
                number == wanted
                and place.holds(place.turn, start, end)
                and not _runs_on(scene.text(place.turn), start, end)
            ):
                yield place, FoundMoney(number, None, start, end, bare=True)


def _runs_on(text: str, start: int, end: int) -> bool:
    """Whether a number is part of a longer spelled string or a date, and so no amount."""
    tokens = lex(text)
    first = next(index for index, token in enumerate(tokens) if token.start >= start)
    last = next(index for index, token in enumerate(tokens) if token.end >= end) + 1
    before, after = at(tokens, first - 1), at(tokens, last)
    touching = [index for index in (first - 1, last) if 0 <= index < len(tokens)]
    if any(digits_at(tokens, index) is not None for index in touching):
        return True
    return (
        before.low in {"-", "_", "#", "double", "triple"}
        or after.low in {"-", "_"}
        or letter_at(tokens, first - 1) is not None
    )


def _denied_before(text: str, start: int) -> bool:
    before = [token.low for token in lex(text[:start])[-2:]]
    return bool(set(before) & {"not", "isn't", "never", "wasn't", "nicht"})


def prove_threshold(scene: Scene, value: str, places: Places) -> Proof:
    """An approval threshold is an amount; a condition in words is no threshold."""
    return prove_amount(scene, value, places)


def prove_currency(scene: Scene, value: str, places: Places) -> Proof:
    """The currency is named in the quote by word, symbol or code, or the workspace has set it."""
    code = normal_currency(value, scene.currency_default)
    if code is None:
        return refused(FORMAT, "the value is not a currency code")
    said = {
        found.currency
        for place in places
        for found in scene.amounts(place.turn)
        if place.holds(place.turn, found.start, found.end)
    }
    for place in places:
        said |= _named_currencies(place.text, scene.currency_default)
    said.discard(None)
    if code in said:
        return proved(code, "the currency is named in the quoted words", 1.0)
    if said or code != scene.currency:
        return refused(SAID, "the currency is not named in the quoted words")
    return proved(code, "no currency was said; the workspace's own", 0.8)


def _named_currencies(text: str, default: str | None) -> set[str | None]:
    """Currencies that a text names by word, symbol or code; a nation before the word decides alone."""
    tokens = lex(text)
    said: set[str | None] = set()
    for index, token in enumerate(tokens):
        nation = nation_code(at(tokens, index - 1).low)
        unit = word_unit(token.low, default)
        if unit is not None:
            said.add(nation or unit.code)
        said.add(symbol_code(token.text, default))
        said |= {token.text} & CODES
    return said
