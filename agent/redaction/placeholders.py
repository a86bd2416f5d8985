"""Placeholders: numbered in reading order, one a value, carrying nothing of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from agent.redaction.finding import Finding, digits_only, widened
from agent.redaction.kinds import Kind
from agent.redaction.reading import Reading
from agent.redaction.readbacks import Index

_LEAST = 5
"""Characters of a value that is recognised where it is repeated in another part of the call."""
_READINGS = 8
_SEEN = re.compile(r"<([A-Z]+(?:_[A-Z]+)*)_(\d{1,6})>")


class Vault:
    """Remembers, for one call only and in memory only, which value got which placeholder.

    A value may have several readings ("forty two" is 42 or 402); any shared reading is the same value.
    """

    def __init__(self) -> None:
        self._next: dict[str, int] = defaultdict(lambda: 1)
        self._names: dict[tuple[str, str], str] = {}
        self._kinds: dict[str, Kind] = {}
        self._known: list[tuple[Kind, frozenset[str]]] = []
        self._in_known: set[tuple[str, str, frozenset[str]]] = set()
        self._spelled = False
        self._grams: dict[str, set[int]] = defaultdict(set)  # places in ``_known``
        self.index = Index()

    def __repr__(self) -> str:
        return "Vault()"

    def copy(self) -> Vault:
        """One that knows the same and learns on its own."""
        other = Vault()
        other._next.update(self._next)
        other._names.update(self._names)
        other._kinds.update(self._kinds)
        other._known.extend(self._known)
        other._in_known.update(self._in_known)
        other._spelled = self._spelled
        other._grams.update((gram, set(places)) for gram, places in self._grams.items())
        for kind, values in self._known:
            other.index.add(Finding(kind, (), values, 0.5))
        return other

    def reserve(self, text: str) -> None:
        """Never reuse a number that the text already holds as a placeholder."""
        for tag, number in _SEEN.findall(text):
            self._next[tag] = max(self._next[tag], int(number) + 1)

    def name(self, finding: Finding) -> str:
        """``CARD_1`` without the brackets; the same for the same value."""
        tag = finding.kind.tag
        keys = [(tag, value) for value in sorted(finding.values)]
        for key in keys:
            if key in self._names:
                name = self._names[key]
                break
        else:
            name = f"{tag}_{self._next[tag]}"
            self._next[tag] += 1
            self._kinds[f"<{name}>"] = finding.kind
        for key in keys:
            self._names.setdefault(key, name)
        self._remember(finding.kind, frozenset(value for value in finding.values if len(value) >= _LEAST))
        return name

    def _remember(self, kind: Kind, values: frozenset[str]) -> None:
        one = (kind.name, kind.tag, values)
        if values and one not in self._in_known:
            self._in_known.add(one)
            for value in values:
                self._spelled = self._spelled or not value.isdigit()
                for at in range(len(value) - _LEAST + 1):
                    self._grams[value[at : at + _LEAST]].add(len(self._known))
            self._known.append((kind, values))
            self.index.add(Finding(kind, (), values, 0.5))

    def known(self) -> Sequence[tuple[Kind, frozenset[str]]]:
        """The values named so far, with their kinds, each once and in the order they were met: those long enough
        to be recognised again. It only ever grows at its end."""
        return self._known

    def known_in(self, reading: Reading) -> Sequence[tuple[Kind, frozenset[str]]]:
        """Those of ``known`` that may be read back in ``reading``: they share five characters in a row with it.

        A record of a thousand cards would otherwise compare each of them with all the others.
        """
        if not self._known:
            return ()
        at: set[int] = set()
        for said in _said(reading, spelled=self._spelled):
            for begin in range(len(said) - _LEAST + 1):
                at.update(self._grams.get(said[begin : begin + _LEAST], ()))
        return [self._known[place] for place in sorted(at)]

    def placeholder(self, kind: Kind, value: str) -> str:
        """What stands for a known ``value`` of ``kind``."""
        return f"<{self._names[(kind.tag, value)]}>"

    def places(self, text: str) -> Iterator[tuple[int, int, str, Kind]]:
        """(start, end, placeholder, kind) of every placeholder of this vault in ``text``."""
        for match in _SEEN.finditer(text):
            kind = self._kinds.get(match.group())
            if kind is not None:
                yield *match.span(), match.group(), kind


def _said(reading: Reading, *, spelled: bool) -> Iterator[str]:
    """Every way to read the pieces of a call: as they are, their digits only, ``spelled`` with letters around them."""
    for at, piece in enumerate(reading.pieces):
        yield from piece.readings(_READINGS)
        if spelled and piece.digits:
            yield widened(reading, at).chars
        part = digits_only(reading.words, piece)
        yield from () if part is None or part is piece else part.readings(_READINGS)
