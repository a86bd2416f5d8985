"""Read-backs: other pieces of a call that say a found value again, whole or in part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from agent.redaction.finding import Finding, digits_only, is_last_four, widened
from agent.redaction.pieces import Piece
from agent.redaction.reading import Reading

_GRAM = 4
_WHOLE = 5
_LONGEST = 64  # characters; nobody reads a longer number back
_OWNERS = 8  # identifiers of one call that share four characters in a row
_SAME, _ALIKE = 0.5, 0.45
_SHORT = ("cvv", "expiry", "pin")
_SHORT_REACH = 3  # turns


def read_backs(reading: Reading, findings: Sequence[Finding], known: Index | None = None) -> list[Finding]:
    """Findings for pieces that repeat a found value, or at least five characters of it.

    ``known``: values found before in other parts of the same call.
    """
    here = Index(findings)
    indexes = [index for index in (here, known) if index is not None and not index.empty]
    if not indexes:
        return []
    found = []
    for at, piece in enumerate(reading.pieces):
        for index in indexes:
            again = index.spelled_again(reading, at) or index.repeated_by(reading, piece)
            if again is not None:
                found.append(again)
                break
    return found


class Index:
    """Found values by every four characters in a row of them."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self._grams: dict[str, list[Finding]] = defaultdict(list)
        self._short: dict[str, Finding] = {}
        self._spelled: dict[str, Finding] = {}
        for finding in findings:
            self.add(finding)

    def add(self, finding: Finding) -> None:
        """One more; a short secret (a three-digit code) is known by its place in this reading only."""
        if finding.kind.name in _SHORT:
            if finding.pieces:
                self._short.update((value, finding) for value in finding.values)
            return
        for value in {*finding.values, *(piece.chars for piece in finding.pieces)}:
            self._enter(value, finding)

    def _enter(self, value: str, finding: Finding) -> None:
        if not value.isdigit():
            self._spelled.setdefault(value, finding)
        for at in range(len(value) - _GRAM + 1 if len(value) <= _LONGEST else 0):
            owners = self._grams[value[at : at + _GRAM]]
            if len(owners) < _OWNERS and finding not in owners:
                owners.append(finding)

    @property
    def empty(self) -> bool:
        return not self._grams and not self._short

    def spelled_again(self, reading: Reading, at: int) -> Finding | None:
        """A value with letters said again, its lower-case letters written as a word: "ptxpv-8141-x"."""
        if not self._spelled or not reading.pieces[at].digits:
            return None
        wide = widened(reading, at)
        owner = self._spelled.get(wide.chars)
        return None if owner is None else Finding(owner.kind, (wide,), owner.values, _SAME, "read_back")

    def repeated_by(self, reading: Reading, piece: Piece) -> Finding | None:
        """What ``piece`` repeats, as a finding of its own."""
        said = self._short.get(piece.chars)
        if said is not None and 0 <= piece.turn - said.pieces[-1].turn <= _SHORT_REACH:
            return Finding(said.kind, (piece,), said.values, 0.5, "read_back")
        part = piece if any(c.isalpha() for c in piece.chars) else digits_only(reading.words, piece)
        if part is None or len(part.chars) < _GRAM:
            return None
        for value in part.readings(8):
            owners = {
                id(owner): owner
                for at in range(len(value) - _GRAM + 1)
                for owner in self._grams.get(value[at : at + _GRAM], ())
            }
            for owner in owners.values():
                score = _likeness(reading, piece, value, owner)
                if score:  # one that is only alike keeps a placeholder of its own: somebody else's, or put right
                    values = owner.values if score == _SAME else frozenset({value})
                    return Finding(owner.kind, (part,), values, score, "read_back")
        return None


def _likeness(reading: Reading, piece: Piece, value: str, finding: Finding) -> float:
    """How surely ``value`` is the found one again: 0 not at all."""
    whole = any(value in known or (len(known) >= _WHOLE and known in value) for known in finding.values)
    if whole and len(value) >= _WHOLE:
        return _SAME
    if not finding.pieces:
        return 0.0
    first, last = finding.pieces[0].turn, finding.pieces[-1].turn
    inside = first < piece.turn < last and not is_last_four(reading, piece)
    of_tax = (
        finding.kind.identifier_class == "tax"
        and piece.turn - last <= _SHORT_REACH
        and any(known.endswith(value) for known in finding.values)
    )
    if whole and (inside or of_tax):
        return _SAME
    return _ALIKE if _repeats(value, finding.values) else 0.0


def _repeats(value: str, known: Iterable[str]) -> bool:
    """Whether ``value`` repeats eight characters in a row of a known value, or five of one about as long as itself."""
    for other in known:
        size = 5 if abs(len(other) - len(value)) <= 1 and len(value) >= 8 else 8
        if any(value[at : at + size] in other for at in range(len(value) - size + 1)):
            return True
    return False
