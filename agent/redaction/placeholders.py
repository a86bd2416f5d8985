"""Placeholders: numbered in reading order, one a value, carrying nothing of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from agent.redaction.finding import Finding
from agent.redaction.kinds import Kind
from agent.redaction.readbacks import Index

_LEAST = 5
"""Characters of a value that is recognised where it is repeated in another part of the call."""
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
            self._known.append((kind, values))
            self.index.add(Finding(kind, (), values, 0.5))

    def known(self) -> Sequence[tuple[Kind, frozenset[str]]]:
        """The values named so far, with their kinds, each once and in the order they were met: those long enough
        to be recognised again. It only ever grows at its end."""
        return self._known

    def placeholder(self, kind: Kind, value: str) -> str:
        """What stands for a known ``value`` of ``kind``."""
        return f"<{self._names[(kind.tag, value)]}>"

    def places(self, text: str) -> Iterator[tuple[int, int, str, Kind]]:
        """(start, end, placeholder, kind) of every placeholder of this vault in ``text``."""
        for match in _SEEN.finditer(text):
            kind = self._kinds.get(match.group())
            if kind is not None:
                yield *match.span(), match.group(), kind
