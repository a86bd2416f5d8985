"""Text to tokens with offsets, the one view all value readers share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a token is made of. A placeholder (``<CARD_1>``) ends every value beside it."""

    WORD = "word"
    NUMBER = "number"
    MARK = "mark"
    PLACEHOLDER = "placeholder"


@dataclass(frozen=True, slots=True)
class Token:
    """``text[start:end]``; ``low`` is lower case with straight apostrophes."""

    kind: Kind
    low: str
    text: str
    start: int
    end: int

    def joins(self, following: Token) -> bool:
        """Whether ``following`` comes without a space after this one."""
        return self.end == following.start


Tokens = Sequence[Token]

_TOKEN = re.compile(
    r"(?P<placeholder><[A-Z][A-Z_]*(?:_\d+)?>)"
    r"|(?P<number>\d+(?:[.,'’\u00a0\u202f]\d+)*)"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)?)"
    r"|(?P<mark>[^\w\s]|_)"
)
_KINDS = {kind.value: kind for kind in Kind}
_END = Token(Kind.MARK, "", "", -1, -1)


def lex(text: str) -> list[Token]:
    """Words, written numbers (with their own separators), single marks and placeholders, in order."""
    return [
        Token(
            _KINDS[match.lastgroup or "mark"],
            match.group().lower().replace("’", "'"),
            match.group(),
            match.start(),
            match.end(),
        )
        for match in _TOKEN.finditer(text)
    ]


def at(tokens: Tokens, index: int) -> Token:
    """The token at ``index``, or an empty mark outside the text."""
    return tokens[index] if 0 <= index < len(tokens) else _END


def is_end(token: Token) -> bool:
    """Whether a clause ends here: no token, or a punctuation mark."""
    return token.kind is Kind.MARK


def lows(tokens: Tokens, start: int, end: int) -> list[str]:
    """The lower-case forms of the tokens in ``start:end``, clipped to the text."""
    return [token.low for token in tokens[max(0, start) : max(0, end)]]
