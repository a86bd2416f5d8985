"""Cardinals and ordinals as they are spoken or written, in English and the languages callers mix into it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from agent.values.lexer import Kind, Token, Tokens, at, lex
from agent.values.numerals import BELOW_HUNDRED, HUNDREDS, LINKED_UNITS, TENS_LINKS
from agent.words import ORDINALS, SCALES, TEENS, TENS, UNITS

_OH = frozenset({"oh", "o"})
_ARTICLES = frozenset({"a", "an"})
_HUNDRED = frozenset({"hundred", "hundreds", "cento", "ciento", "cien", "cent", "hundert"})
_BIG_SCALES = {
    **{word: scale for word, scale in SCALES.items() if scale >= 1000},
    "mila": 1000,
    "mille": 1000,
    "mil": 1000,
    "tausend": 1000,
    "thousands": 1000,
    "k": 1000,
    "hazaar": 1000,
}
_FOREIGN = frozenset(BELOW_HUNDRED) | frozenset(HUNDREDS)
_POINT = frozenset({"point", "komma", "virgola", "coma"})
_FIRST_UNITS = {word: value for word, value in UNITS.items() if word not in _OH and value}


@dataclass(frozen=True, slots=True)
class Cardinal:
    """A number read from tokens ``first:last``. ``pair`` is true for two spoken digits that can be cents
    or the second half of a number: ten to ninety nine, or "oh five"; ``written`` for digits."""

    value: Decimal
    first: int
    last: int
    pair: bool = False
    written: bool = False

    @property
    def single(self) -> bool:
        """One spoken digit."""
        return not self.pair and self.value < 10 and self.value == self.value.to_integral_value()


def written_number(text: str) -> tuple[Decimal, bool] | None:
    """The value of digits with separators and whether they have a decimal part: ``1,874.20`` and
    ``1.874,20`` are the same; a lone separator before three digits groups thousands."""
    plain = re.sub(r"['’\u00a0\u202f]", "", text)
    last = max(plain.rfind("."), plain.rfind(","))
    if last < 0:
        return Decimal(plain), False
    mark, other = plain[last], "," if plain[last] == "." else "."
    tail = plain[last + 1 :]
    if plain.count(mark) > 1 or (len(tail) == 3 and not (mark == "." and plain[:last] == "0")):
        groups = re.split(r"[.,]", plain)
        if other in plain and plain.count(mark) == 1 and plain.rfind(other) > last:
            return None
        if any(len(group) not in (2, 3) for group in groups[1:]):
            return None
        return Decimal("".join(groups)), False
    first, *groups = plain[:last].split(other)
    if mark in plain[:last] or any(len(group) not in (2, 3) for group in groups):
        return None
    head = first + "".join(groups)
    return Decimal(f"{head}.{tail}"), True


def _hyphen(tokens: Tokens, index: int) -> int:
    """Past a hyphen that ties two number words ("forty-nine"), else ``index``."""
    token, before, after = at(tokens, index), at(tokens, index - 1), at(tokens, index + 1)
    if token.low in {"-", "‑"} and before.joins(token) and token.joins(after) and after.kind is Kind.WORD:
        return index + 1
    return index


def _below_hundred(tokens: Tokens, index: int) -> Cardinal | None:
    token = at(tokens, index)
    low = token.low
    if token.kind is Kind.NUMBER:
        read = written_number(token.text)
        return Cardinal(read[0], index, index + 1, written=True) if read else None
    if low in TENS:
        following = _hyphen(tokens, index + 1)
        unit = _FIRST_UNITS.get(at(tokens, following).low)
        if unit is not None:
            return Cardinal(Decimal(TENS[low] + unit), index, following + 1, pair=True)
        return Cardinal(Decimal(TENS[low]), index, index + 1, pair=True)
    if low in TEENS:
        return Cardinal(Decimal(TEENS[low]), index, index + 1, pair=True)
    if low in _OH:
        unit = _FIRST_UNITS.get(at(tokens, index + 1).low)
        return Cardinal(Decimal(unit), index, index + 2, pair=True) if unit is not None else None
    if low in UNITS:
        return Cardinal(Decimal(UNITS[low]), index, index + 1)
    return _foreign_below_hundred(tokens, index)


def _foreign_below_hundred(tokens: Tokens, index: int) -> Cardinal | None:
    value = BELOW_HUNDRED.get(at(tokens, index).low)
    if value is None:
        return None
    end = index + 1
    if value in range(20, 100, 10):
        following = _hyphen(tokens, end)
        if at(tokens, following).low in TENS_LINKS:
            following += 1
        unit = LINKED_UNITS.get(at(tokens, following).low)
        if unit is not None and (0 < unit < 10 or (value in (60, 80) and 10 < unit < 20)):
            return Cardinal(Decimal(value + unit), index, following + 1, pair=True)
    return Cardinal(Decimal(value), index, end, pair=value >= 10)


def _decimals(tokens: Tokens, index: int) -> tuple[Decimal, int] | None:
    """The part after "point": digits said one by one, or a pair ("point twenty five")."""
    digits = ""
    while True:
        low = at(tokens, index).low
        if low in UNITS:
            digits += str(UNITS[low])
            index += 1
        elif at(tokens, index).kind is Kind.NUMBER and low.isdigit():
            digits += low
            index += 1
        else:
            pair = _below_hundred(tokens, index) if not digits else None
            if pair is None or not pair.pair:
                break
            digits, index = f"{int(pair.value):02d}", pair.last
            break
    return (Decimal(f"0.{digits}"), index) if digits else None


def _hundreds(tokens: Tokens, index: int) -> Cardinal | None:
    """A group under ten thousand: "twelve hundred", "a hundred and thirty four", "eighteen point five"."""
    low = at(tokens, index).low
    head: Cardinal | None
    if low in HUNDREDS:
        head, after = Cardinal(Decimal(HUNDREDS[low]), index, index + 1), index + 1
        return _with_rest(tokens, head, after)
    if low in _HUNDRED and low != "cent":
        return _with_rest(tokens, Cardinal(Decimal(100), index, index + 1), index + 1)
    if low in _ARTICLES and at(tokens, index + 1).low in _HUNDRED:
        return _with_rest(tokens, Cardinal(Decimal(100), index, index + 2), index + 2)
    if low in _POINT:
        part = _decimals(tokens, index + 1)
        return Cardinal(part[0], index, part[1]) if part else None
    head = _below_hundred(tokens, index)
    if head is None:
        return None
    after = head.last
    if at(tokens, after).low in {"hundred", "hundreds", "hundert"} and 0 < head.value < 100:
        return _with_rest(tokens, Cardinal(head.value * 100, index, after + 1, written=head.written), after + 1)
    if at(tokens, after).low in _POINT and not head.written:
        part = _decimals(tokens, after + 1)
        if part:
            return Cardinal(head.value + part[0], index, part[1])
    return head


def _with_rest(tokens: Tokens, head: Cardinal, after: int) -> Cardinal:
    following = _hyphen(tokens, after)
    if at(tokens, following).low == "and":
        following += 1
    rest = _below_hundred(tokens, following)
    if rest is None or rest.written or not 0 < rest.value < 100 or at(tokens, following).low in _OH:
        part = _decimals(tokens, after + 1) if at(tokens, after).low in _POINT else None
        return Cardinal(head.value + part[0], head.first, part[1]) if part else head
    if at(tokens, rest.last).low in {"hundred", "hundreds"}:
        return head
    if at(tokens, rest.last).low in _POINT and (part := _decimals(tokens, rest.last + 1)):
        return Cardinal(head.value + rest.value + part[0], head.first, part[1])
    return Cardinal(head.value + rest.value, head.first, rest.last)


def _half(tokens: Tokens, group: Cardinal) -> Cardinal:
    words = [at(tokens, group.last + step).low for step in range(3)]
    if words == ["and", "a", "half"] and at(tokens, group.last + 3).low in _BIG_SCALES:
        return Cardinal(group.value + Decimal("0.5"), group.first, group.last + 3)
    return group


def read_cardinal(tokens: Tokens, index: int) -> Cardinal | None:
    """The longest well-formed cardinal that starts at ``index``: "one lakh twenty thousand", "2.5 million"."""
    if (
        at(tokens, index).low == "half"
        and at(tokens, index + 1).low == "a"
        and at(tokens, index + 2).low in _BIG_SCALES
    ):
        return Cardinal(Decimal(_BIG_SCALES[at(tokens, index + 2).low]) / 2, index, index + 3)
    if at(tokens, index).low in _ARTICLES and at(tokens, index + 1).low in _BIG_SCALES:
        group: Cardinal | None = Cardinal(Decimal(1), index, index + 1)
    elif at(tokens, index).low in _BIG_SCALES.keys() - {"k", "mil"}:
        group = Cardinal(Decimal(1), index, index)
    else:
        group = _hundreds(tokens, index)
    if group is None:
        return None
    total, end, ceiling, scaled = Decimal(0), index, Decimal(10) ** 18, False
    while group is not None:
        group = _half(tokens, group)
        scale = _BIG_SCALES.get(at(tokens, group.last).low)
        if scale is None or scale >= ceiling:
            if not scaled:
                return group
            if group.value < ceiling:
                total, end = total + group.value, group.last
            break
        total, end, ceiling, scaled = total + group.value * scale, group.last + 1, Decimal(scale), True
        group = _next_group(tokens, end)
    return Cardinal(total, index, end)


def _next_group(tokens: Tokens, index: int) -> Cardinal | None:
    low = at(tokens, index).low
    start = index + 1 if low in {"and", ","} else index
    group = _hundreds(tokens, start)
    if group is None or group.written or at(tokens, start).low in (_OH | _ARTICLES):
        return None
    if low == "," and at(tokens, group.first + 1).low not in _HUNDRED:
        return None
    return group


def read_ordinal(tokens: Tokens, index: int) -> tuple[int, int] | None:
    """The ordinal at ``index`` and the index after it: "twenty first", "4th"."""
    token = at(tokens, index)
    if token.kind is Kind.NUMBER and token.low.isdigit():
        following = at(tokens, index + 1)
        if following.low in {"st", "nd", "rd", "th"} and token.joins(following):
            return int(token.low), index + 2
        return None
    if token.low in ORDINALS:
        return ORDINALS[token.low], index + 1
    if token.low in TENS:
        following_index = _hyphen(tokens, index + 1)
        unit = ORDINALS.get(at(tokens, following_index).low)
        if unit is not None and unit < 10:
            return TENS[token.low] + unit, following_index + 1
    return None


def is_number_word(token: Token) -> bool:
    """Whether the token can be part of a spoken or written number."""
    low = token.low
    return (
        token.kind is Kind.NUMBER
        or low in UNITS
        or low in TEENS
        or low in TENS
        or low in _HUNDRED - {"cent"}
        or low in _BIG_SCALES.keys() - {"k"}
        or low in _FOREIGN
    )


def read_numbers(text: str) -> list[tuple[Decimal, int, int]]:
    """Plain numbers with offsets: ``(value, start, end)``; "minus" counts."""
    tokens, found, index = lex(text), [], 0
    while index < len(tokens):
        cardinal = read_cardinal(tokens, index)
        if cardinal is None or cardinal.last <= index:
            index += 1
            continue
        start, value = tokens[index].start, cardinal.value
        if at(tokens, index - 1).low in {"minus", "negative"}:
            start, value = tokens[index - 1].start, -value
        found.append((value, start, tokens[cardinal.last - 1].end))
        index = cardinal.last
    return found
