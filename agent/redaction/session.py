"""What is redacted together, a call or a value: its parts share placeholders and findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from agent.call import Redaction
from agent.errors import RedactionError
from agent.redaction.backstop import LONG_NUMBER
from agent.redaction.kinds import Kind
from agent.redaction.links import entities_in_link
from agent.redaction.placeholders import Vault
from agent.redaction.reading import read_call
from agent.redaction.reasons import Reason
from agent.redaction.records import RecordWalk
from agent.redaction.view import join_turns, may_hold_number

if TYPE_CHECKING:
    from agent.redaction.analysis import Engines

T = TypeVar("T")
Turns = Sequence[tuple[str, str]]
_PASSES = 12


@dataclass(frozen=True, slots=True)
class RedactedTurns:
    """Redacted texts in the input's order and number, the rows with a reason each, and whether the backstop fired."""

    texts: tuple[str, ...]
    redactions: tuple[Redaction, ...] = ()
    reasons: tuple[Reason, ...] = ()
    flagged: bool = False


class Session:
    """One call or one value while it is redacted; in memory only.

    ``walk`` redacts JSON values, ``flagged`` tells whether a number that nothing explains, or a link, went.
    ``found`` is told what went from every text of a JSON value: the texts as they were, and what became of them.
    Any error may come out of the methods, with text of the call in it: call them within ``sealed``.
    """

    def __init__(
        self, engines: Callable[[], Engines], found: Callable[[Turns, RedactedTurns], None] | None = None
    ) -> None:
        self._engines = engines
        self._vault = Vault()
        self._why: dict[str, Reason] = {}
        self._nothing_in: set[tuple[tuple[str, str], ...]] = set()  # records repeat themselves a great deal
        self._as_known = 0
        self._found = found
        self.walk = RecordWalk(self._leaf)
        self.flagged = False

    def __repr__(self) -> str:
        return "Session()"

    def conversation(self, turns: Turns) -> RedactedTurns:
        """Redact (speaker, text) pairs; what was found earlier in this session goes here as well."""
        if not any(may_hold_number(text) for _, text in turns):
            return RedactedTurns(tuple(text for _, text in turns))
        texts, reasons = self._until_clean([speaker for speaker, _ in turns], [text for _, text in turns])
        redactions = tuple(
            Redaction(
                turn=turn, start=start, end=end, entity=kind.entity,
                identifier_class=kind.identifier_class, placeholder=placeholder,
            )
            for turn, text in enumerate(texts)
            for start, end, placeholder, kind in self._vault.places(text)
        )  # fmt: skip
        flagged = any(row.entity == LONG_NUMBER.entity for row in redactions)
        self.flagged = self.flagged or flagged
        return RedactedTurns(tuple(texts), redactions, tuple(reasons), flagged)

    def reserve(self, text: str) -> None:
        """Never give a placeholder that stands in ``text``."""
        self._vault.reserve(text)

    def places(self, text: str) -> Iterator[tuple[int, int, str, Kind]]:
        """(start, end, placeholder, kind) of every placeholder of this session in ``text``."""
        return self._vault.places(text)

    def known(self) -> Sequence[tuple[Kind, frozenset[str]]]:
        """The values found so far, each once; the sequence only ever grows at its end."""
        return self._vault.known()

    def placeholder(self, kind: Kind, value: str) -> str:
        """What stands for a known ``value`` of ``kind``."""
        return self._vault.placeholder(kind, value)

    def link(self, value: str | None, name: str) -> str | None:
        """A link or ticket as the sender gave it; one that holds an identifier is dropped, since half a link is none."""
        trial = Session(self._engines)  # a link is read in many ways: what only one of them shows is no finding
        trial._vault, trial._why = self._vault.copy(), dict(self._why)
        if value is None or not entities_in_link(value, trial.entities, name):
            return value
        self.flagged = True
        return None

    def entities(self, turns: Turns) -> Sequence[str]:
        """The entity names that stand in (speaker, text) pairs."""
        return [row.entity for row in self.conversation(turns).redactions]

    def _leaf(self, turns: Turns) -> Sequence[str]:
        said = tuple(turns)
        if len(self.known()) != self._as_known:
            self._nothing_in.clear()
            self._as_known = len(self.known())
        if said in self._nothing_in:
            return tuple(text for _, text in said)
        found = self.conversation(said)
        if not found.redactions:
            self._nothing_in.add(said)
        elif self._found is not None:
            self._found(said, found)
        return found.texts

    def _until_clean(self, speakers: Sequence[str], texts: list[str]) -> tuple[list[str], list[Reason]]:
        """Redact until another pass finds nothing: the gate that every output has gone through."""
        self._vault.reserve("\n".join(texts))
        reasons = [[self._why[place[2]] for place in self._vault.places(text)] for text in texts]
        for _ in range(_PASSES):
            reading = read_call(join_turns(list(zip(speakers, texts, strict=True))))
            found = self._engines().analyze(reading, self._vault.index)
            if not found:
                told = [reason for turn in reasons for reason in turn]
                placed_here = (place[2] for text in texts for place in self._vault.places(text))
                for name, reason in zip(placed_here, told, strict=True):
                    self._why.setdefault(name, reason)
                return texts, told
            earlier = [[place[0] for place in self._vault.places(text)] for text in texts]
            texts = self._engines().replace(reading, found, self._vault)
            for turn, stretches in groupby(found, key=lambda taken: taken[0].turn):
                placed = list(zip(earlier[turn], reasons[turn], strict=True))
                placed += [(piece.start - reading.call.starts[turn], finding.reason) for piece, finding in stretches]
                reasons[turn] = [reason for _, reason in sorted(placed, key=itemgetter(0))]
        raise RedactionError


class _Seal:
    """Swallows every error of its block: what broke may hold text of the call."""

    def __enter__(self) -> None:
        """Nothing to set up."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        return isinstance(error, Exception)


def sealed(work: Callable[[], T]) -> T:
    """The result of ``work``, or a RedactionError that carries neither message nor context of what broke."""
    with _Seal():
        return work()
    raise RedactionError
