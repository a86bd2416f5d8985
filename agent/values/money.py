"""Amounts of money in written and spoken text."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from agent.values.currencies import CODES, Unit, counts_one, nation_code, symbol_code, word_unit
from agent.values.found import FoundMoney
from agent.values.lexer import Kind, Token, Tokens, at, is_end, lex, lows
from agent.values.numbers import Cardinal, is_number_word, read_cardinal, read_ordinal, written_number
from agent.words import REPEATS

_PRICE_WORDS = frozenset(
    "charge charged charges charging paid pay paying payment amount amounts total balance owe owed owes owing due cost "
    "costs price priced fee fees refund refunded refunds took taken debited billed bill bills above over under below "
    "than limit threshold credit credited deposit instalment installment installments worth spend spent invoiced "
    "minimum maximum monthly premium outstanding difference showing".split()
)
_ID_WORDS = frozenset(
    "invoice order number no account reference ref ticket code ending digits extension subscription id case card "
    "client customer member booking policy serial flight room suite".split()
)
_ID_LINKS = frozenset({"number", "is", "no", "#", ":", "code", "id", "ending", "in", "it's", "reference"})
_TIME_WORDS = frozenset({"at", "until", "till", "around", "between", "since"})
_AFTER_TIME = frozenset({"am", "pm", "a.m", "p.m", "o'clock", "tonight", "hours"})
_COUNTED = frozenset(
    "percent per times people persons days day weeks week months month years year hours hour minutes minute seats "
    "seat users user licences licenses items item units sites site tokens documents copies invoices orders charges "
    "payments calls cards accounts th st nd rd am pm o'clock % working business point".split()
)
_AFTER_AMOUNT = frozenset(
    "back off for on from to which is was that a an per each every i we you they it it's he she not but last this in "
    "by at has have had or so because monthly please today yesterday now then there again as if with when plus more "
    "went came goes came came's came out twice into onto came through though right yes no instead still already and "
    "the our my your got will would came extra total altogether exactly straight came".split()
)
_CENT_LINKS = frozenset({"and", "e", "y", "con", "und", "et", "comma"})
_ROUND_CENTS = frozenset({99, 95, 49, 89, 79})
_SCALE_WORDS = frozenset(
    "hundred thousand lakh lakhs lac crore crores million billion grand k hundert tausend mila mille".split()
)
_UNITS_FIRST = frozenset({"dollars", "pounds", "euros", "rupees", "dollar"})
_COMPARED = frozenset({"above", "over", "under", "below", "than", "exceeding"})
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class _Price:
    """Chunks of spoken numbers read as one amount; ``shaped`` when the shape alone looks like a price."""

    amount: Decimal
    last: int
    shaped: bool
    others: tuple[Decimal, ...] = ()
    scaled: bool = False


def read_amounts(text: str, default_currency: str | None = None) -> list[FoundMoney]:
    """Every amount in ``text``, in order. ``default_currency`` settles which dollar, pound or rupee is meant;
    it never gives a currency to an amount that was said without one. Plain counts, dates, times, phone
    numbers and references are left out; an amount without a currency word is marked ``bare``."""
    tokens = lex(text)
    found: list[FoundMoney] = []
    index = 0
    while index < len(tokens):
        read = _money_at(tokens, index, default_currency)
        if read is not None:
            money, index = read
            found.append(money)
        else:
            index = _past_number(tokens, index)
    return found


def _money_at(tokens: Tokens, index: int, default: str | None) -> tuple[FoundMoney, int] | None:
    return (
        _marked_before(tokens, index, default)
        or _one_unit(tokens, index, default)
        or _number_first(tokens, index, default)
    )


def _found(tokens: Tokens, first: int, last: int, price: _Price, code: str | None, bare: bool = False) -> FoundMoney:
    return FoundMoney(price.amount, code, tokens[first].start, tokens[last - 1].end, bare, price.others)


def _marked_before(tokens: Tokens, index: int, default: str | None) -> tuple[FoundMoney, int] | None:
    """``$118.40``, ``GBP 47.25``, ``Rs. 500``, "euro cinquanta"."""
    token = tokens[index]
    code = symbol_code(token.text, default)
    after = index + 1
    if code is None and token.text in CODES:
        code = token.text
    elif code is None and token.low in _UNITS_FIRST and not is_number_word(at(tokens, index - 1)):
        unit = word_unit(token.low, default)
        code = unit.code if unit and not _counts_on(tokens, index) else None
    elif code is None and token.low in {"rs", "inr", "euro", "eur", "us", "a", "c", "ca", "au"}:
        symbol = at(tokens, after)
        if symbol.text == "$" and token.joins(symbol):
            named = {"us": "USD", "a": "AUD", "au": "AUD", "c": "CAD", "ca": "CAD"}
            code, after = named.get(token.low), after + 1
        elif token.low in {"rs", "inr", "euro", "eur"}:
            unit = word_unit(token.low, default)
            code = unit.code if unit else "INR"
            after += at(tokens, after).text == "."
    if code is None:
        return None
    price = _price(tokens, after)
    if price is None:
        return None
    last = price.last
    if at(tokens, last).text in CODES:
        code, last = at(tokens, last).text, last + 1
    elif (unit := word_unit(at(tokens, last).low, default)) and unit.part == "major" and unit.code:
        code, last = unit.code, last + 1
    price, last = _with_cents(tokens, price, last, default)
    return _found(tokens, index, last, price, code), last


def _counts_on(tokens: Tokens, index: int) -> bool:
    """Whether the number after a unit word is no amount of it: "pounds, one of them", "dollars two times"."""
    price = _price(tokens, index + 1)
    if price is None or at(tokens, index - 1).kind is Kind.NUMBER or price.amount < 10:
        return True
    following = at(tokens, price.last)
    return following.low in _COUNTED or _unit_after(tokens, price.last, None)[0] is not None


def _one_unit(tokens: Tokens, index: int, default: str | None) -> tuple[FoundMoney, int] | None:
    """ "a buck fifty", "a fiver"."""
    token, following = tokens[index], at(tokens, index + 1)
    if token.low not in {"a", "an", "one"} or not counts_one(following.low):
        return None
    if following.low in {"fiver", "tenner"}:
        amount = Decimal(5 if following.low == "fiver" else 10)
        code = default if default in {"USD", "CAD", "AUD"} else "GBP"
        return _found(tokens, index, index + 2, _Price(amount, index + 2, True), code), index + 2
    unit = word_unit(following.low, default)
    if unit is None:
        return None
    price, last = _with_cents(tokens, _Price(Decimal(1), index + 2, True), index + 2, default)
    return _found(tokens, index, last, price, unit.code), last


def _number_first(tokens: Tokens, index: int, default: str | None) -> tuple[FoundMoney, int] | None:
    price = _price(tokens, index)
    if price is None:
        return None
    unit, after = _unit_after(tokens, price.last, default)
    if unit is None:
        bare = _bare(tokens, index, price)
        return None if bare is None else (_found(tokens, index, bare.last, bare, None, bare=True), bare.last)
    if unit.part == "minor":
        if price.amount >= 1000:
            return None
        return _found(tokens, index, after, _Price(price.amount / _HUNDRED, after, True), unit.code), after
    price, last = _with_cents(tokens, price, after, default)
    return _found(tokens, index, last, price, unit.code), last


def _unit_after(tokens: Tokens, index: int, default: str | None) -> tuple[Unit | None, int]:
    token = at(tokens, index)
    if token.low == "u" and at(tokens, index + 1).low == "s":
        unit = word_unit(at(tokens, index + 2).low, default)
        return (Unit("USD", unit.part), index + 3) if unit else (None, index)
    nation = nation_code(token.low)
    if nation is not None:
        unit = word_unit(at(tokens, index + 1).low, default)
        return (Unit(nation, unit.part), index + 2) if unit else (None, index)
    code = symbol_code(token.text, default)
    if code is not None and not at(tokens, index + 1).low.isdigit():
        return Unit(code, "major"), index + 1
    if token.text in CODES:
        return Unit(token.text, "major"), index + 1
    unit = word_unit(token.low, default)
    if unit is None or (token.low in {"real", "rand", "p"} and not at(tokens, index - 1).low.isdigit()):
        return None, index
    after = index + 1
    if token.low in {"pound", "pounds"} and at(tokens, after).low == "sterling":
        after += 1
    return unit, after


def _with_cents(tokens: Tokens, price: _Price, index: int, default: str | None) -> tuple[_Price, int]:
    """What follows the currency word: "twenty five", "and fifty one cents", "e ottanta"."""
    if price.amount != price.amount.to_integral_value():
        return price, index
    linked = at(tokens, index).low in _CENT_LINKS or (at(tokens, index).low == "," and index + 1 < len(tokens))
    start = index + 1 if linked else index
    cents = read_cardinal(tokens, start)
    if cents is None or not 0 < cents.value < 100 or cents.value != cents.value.to_integral_value():
        return price, index
    unit = word_unit(at(tokens, cents.last).low, default)
    if unit is not None and unit.part == "minor":
        return _Price(price.amount + cents.value / _HUNDRED, cents.last + 1, True), cents.last + 1
    two_digits = cents.pair or (cents.written and len(tokens[start].text) == 2 and tokens[start].text.isdigit())
    following = at(tokens, cents.last)
    boundary = is_end(following) or following.kind is Kind.PLACEHOLDER
    if not two_digits or unit is not None or at(tokens, index).low == ",":
        return price, index
    if linked and not boundary:
        return price, index
    if following.low in _COUNTED or is_number_word(following) or read_ordinal(tokens, start):
        return price, index
    return _Price(price.amount + cents.value / _HUNDRED, cents.last, True), cents.last


def _price(tokens: Tokens, index: int) -> _Price | None:
    """The run of number chunks at ``index`` as an amount, or None when it is a string of digits."""
    chunks: list[Cardinal] = []
    cursor = index
    while len(chunks) < 5 and (chunk := read_cardinal(tokens, cursor)) is not None and chunk.last > cursor:
        if chunks and (chunk.written or chunks[-1].written):
            break
        chunks.append(chunk)
        cursor = chunk.last
    if not chunks or at(tokens, cursor).low in REPEATS or read_ordinal(tokens, chunks[-1].first):
        return None
    if chunks[0].written:
        return _written(tokens, chunks[0])
    return _assembled(tokens, chunks)


def _written(tokens: Tokens, chunk: Cardinal) -> _Price | None:
    text, last, amount = tokens[chunk.first].text, chunk.last, chunk.value
    token = at(tokens, last)
    # "1 874,20": a space groups thousands.
    if text.isdigit() and len(text) <= 3 and token.kind is Kind.NUMBER and token.start == tokens[last - 1].end + 1:
        grouped = written_number(f"{text}{token.text}")
        head = token.text.replace(",", ".").split(".")[0]
        if grouped and grouped[1] and len(head) == 3:
            return _Price(grouped[0], last + 1, True)
    read = written_number(text) if last == chunk.first + 1 else None
    shaped = bool(read and read[1] and len(text) - max(text.rfind("."), text.rfind(",")) == 3)
    scaled = bool(set(lows(tokens, chunk.first, last)) & _SCALE_WORDS)
    return _Price(amount, last, shaped, scaled=scaled)


def _assembled(tokens: Tokens, chunks: list[Cardinal]) -> _Price | None:
    """Spoken chunks: [49][99] is 49.99, [2][68][40] is 268.40, [2][68] is 268 or 2.68."""
    scaled = bool(set(lows(tokens, chunks[0].first, chunks[0].last)) & _SCALE_WORDS)
    values = [chunk.value for chunk in chunks]
    last = chunks[-1].last
    pairs = [chunk.pair for chunk in chunks]
    if any(value != value.to_integral_value() for value in values):
        return _Price(values[0], last, False, scaled=scaled) if len(chunks) == 1 else None
    if len(chunks) == 1:
        return _Price(values[0], last, False, scaled=scaled)
    if len(chunks) == 2 and pairs[1]:
        return _two(chunks[0], values[1], last)
    if len(chunks) == 3 and pairs[1] and pairs[2] and 0 < values[0] < 100:
        return _Price(values[0] * 100 + values[1] + values[2] / _HUNDRED, last, True)
    return None


def _two(head: Cardinal, tail: Decimal, last: int) -> _Price | None:
    low, high = head.value + tail / _HUNDRED, head.value * 100 + tail
    if head.value >= 100:
        return _Price(low, last, True)
    if head.pair:
        return _Price(low, last, True, (high,))
    if head.value == 0:
        return None
    return _Price(low, last, True, (high,)) if int(tail) in _ROUND_CENTS else _Price(high, last, True, (low,))


def _bare(tokens: Tokens, index: int, price: _Price) -> _Price | None:
    """``price`` when its shape, or the words around it, make money of a number said without currency."""
    following = at(tokens, price.last)
    if following.low in _COUNTED or following.kind is Kind.PLACEHOLDER or following.low in REPEATS:
        return None
    if is_number_word(following) and not is_end(following):
        return None
    if _follows_id(tokens, index) or _is_time(tokens, index, price) or _is_year_or_date(tokens, index, price):
        return None
    if at(tokens, index - 1).low in {"minus", "#", "/", "-", "_", "."} and at(tokens, index - 1).joins(tokens[index]):
        return None
    if following.low in {"/", "-", ":", "@", "_"} and tokens[price.last - 1].joins(following):
        return None
    if price.shaped:
        return price
    before = lows(tokens, index - 5, index)
    closes = is_end(following) or following.low in _AFTER_AMOUNT
    if closes and price.amount >= 1 and (price.scaled or set(before) & _PRICE_WORDS):
        return price
    if before and before[-1] in _COMPARED and price.amount >= 10 and not _is_plural(following.low):
        return price
    return None


def _is_plural(low: str) -> bool:
    """Whether the word after a number looks like the things it counts, and not like a verb."""
    return low.endswith("s") and low not in {
        "needs",
        "requires",
        "goes",
        "gets",
        "takes",
        "skips",
        "wants",
        "is",
        "was",
        "has",
    }


def _follows_id(tokens: Tokens, index: int) -> bool:
    cursor = index - 1
    while at(tokens, cursor).low in _ID_LINKS and at(tokens, cursor).kind is Kind.WORD and cursor >= index - 3:
        if at(tokens, cursor).low in _ID_WORDS:
            return True
        cursor -= 1
    before = at(tokens, cursor)
    if before.low in _ID_WORDS:
        return True
    letter = at(tokens, index - 1) if at(tokens, index - 1).low != "," else at(tokens, index - 2)
    second = at(tokens, index - 2) if letter is at(tokens, index - 1) else at(tokens, index - 3)
    return _is_letter(letter) and (letter.low not in {"a", "i"} or _is_letter(second))


def _is_letter(token: Token) -> bool:
    return token.kind is Kind.WORD and len(token.low) == 1


def _is_time(tokens: Tokens, index: int, price: _Price) -> bool:
    if at(tokens, price.last).low in _AFTER_TIME:
        return True
    whole, part = int(price.amount), int(price.amount * 100) % 100
    if at(tokens, index - 1).low not in _TIME_WORDS or (whole not in range(1, 13) and whole not in range(100, 1300)):
        return False
    return part < 60 and (part % 5 == 0 or whole < 13)


def _is_year_or_date(tokens: Tokens, index: int, price: _Price) -> bool:
    year = int(max((price.amount, *price.others)))
    before = at(tokens, index - 1)
    previous = before if before.low not in {",", "of", "in"} else at(tokens, index - 2)
    if previous.low in MONTH_WORDS and price.amount < 32:
        return True
    if at(tokens, price.last).low in MONTH_WORDS or (
        at(tokens, price.last + 1).low in MONTH_WORDS and at(tokens, price.last).low == "of"
    ):
        return True
    if not 1900 <= year <= 2099:
        return False
    return (
        previous.low in MONTH_WORDS
        or before.low in {"in", "since", "year", "of"}
        or read_ordinal(tokens, index - 1) is not None
        or read_ordinal(tokens, index - 2) is not None
    )


MONTH_WORDS = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec".split()
)


def _past_number(tokens: Tokens, index: int) -> int:
    """Past a run of number words that is no amount, so that its tail is not taken for one."""
    cursor = index
    while is_number_word(at(tokens, cursor)) or at(tokens, cursor).low in REPEATS:
        if cursor >= index + 3 and _scaled_amount(tokens, cursor):
            return cursor
        cursor += 1
    return max(cursor, index + 1)


def _scaled_amount(tokens: Tokens, index: int) -> bool:
    """Whether "nine hundred and seventeen pounds" begins at ``index``, after the digits of a reference."""
    chunk = read_cardinal(tokens, index)
    if chunk is None or chunk.written or at(tokens, index).low in _SCALE_WORDS:
        return False
    scaled = bool(set(lows(tokens, chunk.first, chunk.last)) & _SCALE_WORDS)
    return scaled and _unit_after(tokens, chunk.last, None)[0] is not None
