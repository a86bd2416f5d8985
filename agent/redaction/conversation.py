"""The turns and the texts about one call, redacted piece by piece: what was found in one is known in the next."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from agent.call import Redaction
from agent.redaction.engine import Redactor
from agent.redaction.reasons import Reason
from agent.redaction.session import RedactedTurns, sealed

_GRAM = 8
_RUN = re.compile(r"\+?[0-9](?:[ .-]?[0-9]){7,}")


@dataclass(frozen=True, slots=True)
class Taken:
    """One stretch that went from a text which is no turn: its placeholder, its entity, and why."""

    placeholder: str
    entity: str
    reason: Reason


class Conversation:
    """One call at a time: a value has the same placeholder in its turns, its summary and its record.

    ``before`` are texts whose placeholders are taken: none of them is given again. Every method raises
    RedactionError.
    """

    def __init__(self, redactor: Redactor, before: Iterable[str] = ()) -> None:
        self._session = redactor.session(self._take)
        self._taken: list[Taken] = []
        self._grams: dict[str, str] = {}
        self._indexed = 0
        for text in before:
            self._session.reserve(text)

    def __repr__(self) -> str:
        return "Conversation()"

    def turns(self, turns: Sequence[tuple[str, str]]) -> RedactedTurns:
        """(speaker, text) pairs as they follow one another."""
        return sealed(lambda: self._session.conversation(turns))

    def json(self, value: Any, key: str = "") -> tuple[Any, tuple[Taken, ...]]:
        """A JSON value, also a single text, that stands under ``key``; and what went from it, in reading order."""
        self._taken = []
        clean = sealed(lambda: self._session.walk.value(value, key))
        return clean, tuple(self._taken)

    def rows(self, texts: Sequence[str]) -> tuple[Redaction, ...]:
        """Where the placeholders that were given here stand in ``texts``."""
        return tuple(
            Redaction(
                turn=turn, start=start, end=end, entity=kind.entity,
                identifier_class=kind.identifier_class, placeholder=placeholder,
            )
            for turn, text in enumerate(texts)
            for start, end, placeholder, kind in self._session.places(text)
        )  # fmt: skip

    def without_known(self, text: str) -> str:
        """``text`` without the written numbers that hold eight characters in a row of a value found so far.

        A phone or an id is left alone by the rules; one that was made of an identifier ("+49" and the rest of
        an IBAN) gives it away all the same. For texts that were derived from the call by a program.
        """
        known = self._session.known()
        for kind, values in known[self._indexed :]:
            for value in values:
                name = self._session.placeholder(kind, value)
                self._grams.update((value[at : at + _GRAM], name) for at in range(len(value) - _GRAM + 1))
        self._indexed = len(known)
        return _RUN.sub(self._known_run, text) if self._grams else text

    def _known_run(self, match: re.Match[str]) -> str:
        run = re.sub(r"[ .-]", "", match.group())
        found = (self._grams.get(run[at : at + _GRAM]) for at in range(len(run) - _GRAM + 1))
        return next((name for name in found if name), match.group())

    def _take(self, turns: Sequence[tuple[str, str]], found: RedactedTurns) -> None:
        keyed = [who for who, _ in turns] == ["key", "value"]
        told = Counter(place[2] for _, text in turns for place in self._session.places(text))
        for row, reason in zip(found.redactions, found.reasons, strict=True):
            if told[row.placeholder]:  # a text that was cleaned as part of a transcript is cleaned again alone
                told[row.placeholder] -= 1
            elif not keyed or row.turn == 1:
                self._taken.append(Taken(row.placeholder, row.entity, reason))
