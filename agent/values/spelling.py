"""Letters and digits said one by one: "C O double P E R", "S as in Sierra", "triple five, oh one"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from agent.values.lexer import Kind, Token, Tokens, at
from agent.words import FILLERS, HINDI, LETTER_NAMES, PHONETIC, REPEATS, SPANISH, TEENS, TENS, UNITS

_AS_IN = frozenset({"as", "for", "like"})
_FOREIGN_DIGITS = {
    **SPANISH,
    **{word: digit for word, digit in HINDI.items() if word not in {"do", "teen", "char", "ek"}},
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters said by tokens ``first:last``; ``spoken`` unless written as digits."""

    text: str
    first: int
    last: int
    spoken: bool = True


def letter_at(tokens: Tokens, index: int) -> Piece | None:
    """One letter, "double P", a phonetic word ("Sierra"), "S as in Sierra" or "M for mother"."""
    token = at(tokens, index)
    if token.kind is not Kind.WORD:
        return None
    if token.low in REPEATS:
        letter = _plain_letter(at(tokens, index + 1))
        if letter is None:
            return None
        return Piece(letter * REPEATS[token.low], index, index + 2)
    letter = _plain_letter(token)
    if letter is None:
        return None
    last = index + 1
    if at(tokens, last).low in _AS_IN:
        word = last + 1 + (at(tokens, last).low == "as" and at(tokens, last + 1).low == "in")
        if at(tokens, word).low.startswith(letter) and len(at(tokens, word).low) > 1:
            last = word + 1
    return Piece(letter, index, last)


def _plain_letter(token: Token) -> str | None:
    if token.kind is not Kind.WORD:
        return None
    if len(token.low) == 1 and token.low.isalpha():
        return token.low
    return PHONETIC.get(token.low)


def named_letter(token: Token) -> str | None:
    """A letter by its name ("ess", "zed"), for readers that already know letters are being said."""
    return _plain_letter(token) or LETTER_NAMES.get(token.low)


def digits_at(tokens: Tokens, index: int) -> Piece | None:
    """The digits said at ``index``: "five", "triple five", "twenty six", "fourteen", "oh", or written ones."""
    token = at(tokens, index)
    low = token.low
    if token.kind is Kind.NUMBER:
        plain = low.replace(".", "").replace(",", "")
        return Piece(plain, index, index + 1, spoken=False) if plain.isdigit() and plain.isascii() else None
    if low in REPEATS:
        following = at(tokens, index + 1)
        digit = UNITS.get(following.low)
        if digit is None and following.low.isdigit() and len(following.low) == 1:
            digit = int(following.low)
        return Piece(str(digit) * REPEATS[low], index, index + 2) if digit is not None else None
    if low in UNITS:
        return Piece(str(UNITS[low]), index, index + 1)
    if low in TEENS:
        return Piece(str(TEENS[low]), index, index + 1)
    if low in TENS:
        step = 2 if at(tokens, index + 1).low == "-" else 1
        unit = UNITS.get(at(tokens, index + step).low, 0)
        if unit and at(tokens, index + step).low not in {"oh", "o"}:
            return Piece(str(TENS[low] + unit), index, index + step + 1)
        return Piece(str(TENS[low]), index, index + 1)
    if low in _FOREIGN_DIGITS:
        return Piece(str(_FOREIGN_DIGITS[low]), index, index + 1)
    return None


_INTERJECTION = frozenset({"oh", "o"})
_HUNDREDS = {"hundred": "00", "thousand": "000"}


def digit_run(
    tokens: Tokens,
    index: int,
    *,
    pauses: frozenset[str] = frozenset({",", "-", "–", "."}),
    ends: Callable[[int, str], bool] | None = None,
) -> Piece | None:
    """A whole run of digits from ``index``, across the small ``pauses`` and fillers people make between groups.
    ``ends(index, digits so far)`` says that something else begins at a token, such as an amount."""
    text, cursor, last, spoken = "", index, index, False
    while True:
        piece = digits_at(tokens, cursor)
        if piece is not None and at(tokens, cursor).low in _INTERJECTION and text:
            # "7195. Oh, and": after a pause or written digits an "oh" is a zero only when digits follow it.
            told = cursor == last and spoken
            piece = piece if told or digits_at(tokens, piece.last) is not None else None
        if piece is not None and text and ends is not None and ends(cursor, text):
            break
        if piece is not None:
            text, cursor, spoken = text + piece.text, piece.last, spoken or piece.spoken
            last = cursor
            word = at(tokens, cursor).low
            if word in _HUNDREDS and piece.spoken and len(piece.text) <= 2:
                text, cursor = text + _HUNDREDS[word], cursor + 1
                last = cursor
            continue
        if not text or not (at(tokens, cursor).low in pauses or at(tokens, cursor).low in FILLERS - {"and", "then"}):
            break
        cursor += 1
        if cursor > last + 3:
            break
    return Piece(text, index, last, spoken) if text else None


_LONGEST_SPELLING = 32


def letter_run(tokens: Tokens, index: int, *, least: int = 2) -> Piece | None:
    """Letters said one after the other, commas allowed ("S E G R E, T E R I A"), at least ``least``."""
    text, cursor, last = "", index, index
    while len(text) < _LONGEST_SPELLING:
        piece = letter_at(tokens, cursor)
        if piece is not None:
            text, cursor = text + piece.text, piece.last
            last = cursor
            continue
        pause = at(tokens, cursor).low in {",", "-", ".", "dash"}
        if not text or not pause or letter_at(tokens, cursor + 1) is None:
            break
        cursor += 1
    return Piece(text, index, last) if len(text) >= least else None
