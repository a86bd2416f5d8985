"""Finding tax and national numbers: the table's kinds, and those a tax call leaves unnamed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.redaction.context import BY_NAME, Label
from agent.redaction.finding import Finding, digits_only, is_last_four
from agent.redaction.labels import ENDINGS
from agent.redaction.reading import Reading
from agent.redaction.recognizers.base import KindRecognizer
from agent.redaction.recognizers.tax import KINDS
from agent.redaction.recognizers.unnamed import unnamed_tax

_SSN = re.compile(r"\d{3}-\d{2}-\d{4}")


def _written_ssn(reading: Reading) -> Iterator[Finding]:
    """A social security number by its own hyphens, unless something says what else it is."""
    ssn = BY_NAME["us_ssn"]
    for at, piece in enumerate(reading.pieces):
        if _SSN.fullmatch(reading.call.text, piece.start, piece.end) is None or not ssn.proven(piece.chars):
            continue
        claim = reading.claims[at]
        if claim is None or not claim.explains:
            yield Finding(ssn, (piece,), frozenset({piece.chars}), 0.7)


_BACK = 2  # turns from "last four's ..." back to the question
_PATIENCE = 4  # turns from a bare answer back to the question
_AROUND = 3


def _last_fours(reading: Reading) -> Iterator[Finding]:
    """The last four of a tax number go, however the question for them went on: "the last four of the social and your address"."""
    ssn = BY_NAME["us_ssn"]
    for piece in reading.pieces:
        part = digits_only(reading.words, piece)
        if part is None or len(part.chars) != 4:
            continue
        words = reading.words
        named = is_last_four(reading, piece)
        bare = words.first[piece.turn + 1] - words.first[piece.turn] <= len(piece.items) + _AROUND
        if not named and not bare:
            continue
        back = _BACK if named else _PATIENCE
        labels = reading.labels.between(words.first[max(0, piece.turn - back)], piece.first)
        if not named and any(not _of_tax(label) for label in labels):
            continue
        own = reading.labels.between(words.first[piece.turn], piece.first)
        if any(label.kinds and not _of_tax(label) for label in own):
            continue
        asked = [label for label in labels if _of_tax(label) and _ends_asked(reading, label)]
        if asked:
            yield Finding(ssn, (part,), frozenset({part.chars}), 0.8, "announced", reading.phrase(asked[-1]))


def _of_tax(label: Label) -> bool:
    return any(BY_NAME[name].identifier_class == "tax" for name in label.kinds if name in BY_NAME)


def _ends_asked(reading: Reading, label: Label) -> bool:
    """The last digits are asked for right beside the number's name."""
    words = reading.words
    begin = max(words.first[words.turn[label.first]], label.first - 6)
    return not ENDINGS.isdisjoint(words.folded[begin : min(label.last + 5, words.first[words.turn[label.last] + 1])])


class TaxRecognizer(KindRecognizer):
    """Tax and national identity numbers."""

    def __init__(self, bare_account: str, region: str) -> None:
        super().__init__("TaxRecognizer", KINDS, bare_account, region)

    def find(self, reading: Reading) -> Iterator[Finding]:
        """Announced and self-proving ones, then the unnamed."""
        yield from super().find(reading)
        yield from _last_fours(reading)
        yield from _written_ssn(reading)
        yield from unnamed_tax(reading, self.kinds)
