"""References: invoice, order, payment, account and subscription ids, written or spelled out."""

from __future__ import annotations

import re

from agent.values.currencies import word_unit
from agent.values.emails import read_emails
from agent.values.found import Found
from agent.values.lexer import Kind, Tokens, at, lex, lows
from agent.values.numbers import read_cardinal
from agent.values.spelling import Piece, digit_run, digits_at, letter_run

_VENDOR = re.compile(
    r"\b(?:ch|py|pi|in|ii|il|cus|sub|si|re|dp|du|cn|txn|pm|price|prod|evt|seti|acct|po|tr|cs|qt)_[A-Za-z0-9_]{4,}\b"
)
_WRITTEN = re.compile(
    r"(?<![\w-])(?:[A-Za-z]{1,12}(?:[-/][A-Za-z]{1,6})?[-/]?\d{2,}[A-Za-z0-9]*(?:[-/][A-Za-z0-9]+)*|[A-Z]{2,6}[- ]\d+(?:-[A-Za-z0-9]+)*"
    r"|[A-Za-z]{2,20}-\d+)(?![\w-])"
)
# "4th", "10am", and a state before its postal code.
_NO_REFERENCE = re.compile(r"\d+(?:st|nd|rd|th|am|pm|k)?|[A-Z]{2} \d{5}")
_SAID_DASHES = frozenset({"dash", "hyphen", "trattino", "bindestrich", "tiret", "guion", "guión", "streepje"})
_DASHES = _SAID_DASHES | {"minus", "-", "–", "slash", "/"}
_SCALES = frozenset({"hundred", "thousand", "lakh", "lakhs", "million", "grand"})
# What people say when they take digits back: "four four two seven, no, four four seven two".
_CORRECTS = frozenset(
    "no sorry wait actually correction rather nein pardon scusi perdón perdon przepraszam non oops nope nee".split()
)
_NAMED = frozenset(
    "invoice order account reference ref ticket receipt subscription payment transaction number id code case booking "
    "customer client accession bill member contract statement".split()
)
_LINKS = frozenset(
    {"number", "is", "no", "it's", "id", "code", "reference", ",", ":", "#", "um", "uh", "er", "that's", "."}
)
_RUN_TOGETHER = (
    ("all", "run", "together"),
    ("all", "one", "word"),
    ("one", "word"),
    ("run", "together"),
    ("no", "space"),
)


def read_ids(text: str) -> list[Found[str]]:
    """Every reference in ``text``, in order: upper case, a dash only where one was said or written
    (vendor ids such as ``ch_`` keep their case). Compare ids with ``compact_id``, which ignores dashes."""
    tokens = lex(text)
    found = [Found(match.group(), match.start(), match.end()) for match in _VENDOR.finditer(text)]
    taken = [(item.start, item.end) for item in found]
    taken += [(item.start, item.end) for item in read_emails(text)]
    taken += [(token.start, token.end) for token in tokens if token.kind is Kind.PLACEHOLDER]

    def add(value: str, start: int, end: int, others: tuple[str, ...] = ()) -> None:
        if not any(begin < end and start < stop for begin, stop in taken):
            found.append(Found(value, start, end, others))
            taken.append((start, end))

    for match in _WRITTEN.finditer(text):
        if not _NO_REFERENCE.fullmatch(match.group()):
            add(match.group().upper().replace(" ", "-").replace("/", "-"), match.start(), match.end())
    index = 0
    while index < len(tokens):
        read = (
            _spelled(tokens, index)
            or _dashed_word(tokens, index)
            or _digits_only(tokens, index)
            or _together(tokens, index)
        )
        if read is None:
            index += 1
            continue
        add(read.text, tokens[read.first].start, tokens[read.last - 1].end)
        index = read.last
    return sorted(found, key=lambda item: item.start)


def compact_id(value: str) -> str:
    """Letters and digits only, in capitals: what two writings of one id share."""
    return re.sub(r"[\W_]", "", value).upper()


def _spelled(tokens: Tokens, index: int) -> Piece | None:
    """Letters then digits: "S W seven three one five", "B P E U, three three nine one", "T L dash six oh nine"."""
    letters = letter_run(tokens, index)
    if letters is None:
        letters = letter_run(tokens, index, least=1)
        if (
            letters is None
            or len(at(tokens, index).low) > 1
            or (at(tokens, index).low in {"a", "i", "o", "u"} and at(tokens, letters.last).low not in _DASHES)
        ):
            return None
    # "L O eight": the letter before the digits may also be a zero; letters win while they run.
    cursor, dash = letters.last, ""
    cursor += at(tokens, cursor).low == ","
    if at(tokens, cursor).low in _DASHES:
        cursor, dash = cursor + 1, "-"
        cursor += at(tokens, cursor).low == ","
    digits = _dashed_digits(tokens, cursor)
    if digits is None or (len(digits.text) < 2 and len(letters.text) < 2):
        return None
    digits = _taken_back(tokens, digits)
    return Piece(f"{letters.text.upper()}{dash}{digits.text}", index, digits.last)


def _taken_back(tokens: Tokens, digits: Piece) -> Piece:
    """The digits said instead, when the first ones are taken back in the same breath."""
    cursor = digits.last
    while at(tokens, cursor).low in {",", ".", "-", "–", "uh", "um", "er", "oh"} and cursor < digits.last + 3:
        cursor += 1
    first = cursor
    while at(tokens, cursor).low in _CORRECTS | {","} and cursor < first + 4:
        cursor += 1
    if cursor == first or at(tokens, first).low == ",":
        return digits
    instead = _dashed_digits(tokens, cursor)
    if instead is None or len(instead.text) != len(digits.text):
        return digits
    return Piece(instead.text, digits.first, instead.last)


def _dashed_digits(tokens: Tokens, index: int) -> Piece | None:
    """Digits with said dashes kept: "oh nine, dash twenty six, dash triple zero three"."""
    run = digit_run(
        tokens, index, pauses=frozenset({","}), ends=lambda at_, said: _something_else_begins(tokens, at_, said)
    )
    if run is None:
        return None
    text, last = run.text, run.last
    while True:
        cursor = last + (at(tokens, last).low == ",")
        if at(tokens, cursor).low not in _DASHES:
            return Piece(text, index, last)
        more = digit_run(tokens, cursor + 1, pauses=frozenset({","}))
        if more is None:
            return Piece(text, index, last)
        text, last = f"{text}-{more.text}", more.last


def _something_else_begins(tokens: Tokens, index: int, said: str) -> bool:
    """Whether the digits at ``index`` are no more of the reference: an amount after enough digits ("seven one
    nine oh two, nine hundred and seventeen forty"), or what is said instead ("two two nine, sorry, two nine two")."""
    if len(said) < 3:
        return False
    if at(tokens, index - 1 - (at(tokens, index - 1).low == ",")).low in _CORRECTS:
        return True
    number = read_cardinal(tokens, index)
    if number is None or number.written:
        return False
    if set(lows(tokens, number.first, number.last)) & _SCALES:
        return True
    unit = word_unit(at(tokens, number.last).low, None)
    return unit is not None and unit.part == "major" and len(at(tokens, number.last).low) > 2


def _dashed_word(tokens: Tokens, index: int) -> Piece | None:
    """ "Ballinree dash two": a word, a said dash and digits."""
    token = at(tokens, index)
    if token.kind is not Kind.WORD or len(token.low) < 2 or digits_at(tokens, index) is not None:
        return None
    if at(tokens, index + 1).low not in _SAID_DASHES:
        return None
    digits = _dashed_digits(tokens, index + 2)
    return Piece(f"{token.text.upper()}-{digits.text}", index, digits.last) if digits else None


def _digits_only(tokens: Tokens, index: int) -> Piece | None:
    """Four digits or more right after the word that names them ("order number one oh four two")."""
    if digits_at(tokens, index) is None:
        return None
    cursor = index - 1
    named = False
    while cursor > index - 5 and (at(tokens, cursor).low in _LINKS or at(tokens, cursor).low in _NAMED):
        named = named or at(tokens, cursor).low in _NAMED
        cursor -= 1
    if not named and at(tokens, index - 1).text != "#":
        return None
    digits = _dashed_digits(tokens, index)
    return digits if digits is not None and len(digits.text.replace("-", "")) >= 4 else None


def _together(tokens: Tokens, index: int) -> Piece | None:
    """ "sorrelgate steps, all run together": the words before, joined."""
    for phrase in _RUN_TOGETHER:
        start = index
        words: list[str] = []
        while at(tokens, start).kind is Kind.WORD and len(words) < 4 and tuple(_ahead(tokens, start, phrase)) != phrase:
            words.append(tokens[start].text)
            start += 1
        after = start + (at(tokens, start).low == ",")
        if len(words) >= 2 and tuple(_ahead(tokens, after, phrase)) == phrase:
            return Piece("".join(words).upper(), index, start)
    return None


def _ahead(tokens: Tokens, index: int, phrase: tuple[str, ...]) -> list[str]:
    return [at(tokens, index + step).low for step in range(len(phrase))]
