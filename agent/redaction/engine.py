"""Redacting calls, texts and JSON: the one door through which a raw transcript becomes storable."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import unquote

from agent.call import Call, RedactedCall, RedactedTurn, Redaction
from agent.errors import RedactionError
from agent.redaction.backstop import LONG_NUMBER
from agent.redaction.placeholders import Vault
from agent.redaction.reading import read_call
from agent.redaction.reasons import Reason
from agent.redaction.records import RecordWalk
from agent.redaction.view import join_turns, may_hold_number

if TYPE_CHECKING:
    from agent.redaction.analysis import Engines

T = TypeVar("T")
_LINK_FIELDS = ("recording_url", "transcript_url", "crm_url", "support_ticket", "payment_platform_url")
_PASSES = 12


@dataclass(frozen=True, slots=True)
class RedactedTurns:
    """Redacted texts in the input's order and number, the rows with a reason each, and whether the backstop fired."""

    texts: tuple[str, ...]
    redactions: tuple[Redaction, ...] = ()
    reasons: tuple[Reason, ...] = ()
    flagged: bool = False


class Redactor:
    """Removes payment and tax identifiers from calls. Cheap to make; Presidio is loaded on first use.

    ``bare_account_number``: what "account number" means when no bank is spoken of: the workspace's
    own customer account (stays, up to eight digits) or a bank account (goes). ``region``: ISO 3166
    country of the workspace.
    Every failure inside is a ``RedactionError`` without any text of the call.
    """

    def __init__(self, *, bare_account_number: Literal["own_id", "bank"] = "own_id", region: str = "US") -> None:
        self._bare_account = bare_account_number
        self._region = region

    def __repr__(self) -> str:
        return f"Redactor(bare_account_number={self._bare_account!r}, region={self._region!r})"

    @cached_property
    def _engines(self) -> Engines:
        from agent.redaction.analysis import Engines  # Presidio takes seconds to import; a CLI's --help should not pay

        return Engines(self._bare_account, self._region)

    def redact_call(self, call: Call) -> RedactedCall:
        """The call without identifiers; summary, analysis and metadata share its placeholders."""
        return _sealed(lambda: _redacted_call(call, self._session()))

    def redact_turns(self, turns: Sequence[tuple[str, str]]) -> RedactedTurns:
        """Redact (speaker, text) pairs as one conversation."""
        return _sealed(lambda: self._session().conversation(turns))

    def redact_text(self, text: str) -> str:
        """Redact one text on its own."""
        return self.redact_turns([("unknown", text)]).texts[0]

    def redact_json(self, value: Any) -> Any:
        """Redact every string and long number of a JSON value, keys too; keys count as announcing words."""
        return _sealed(lambda: self._session().walk.value(value))

    def identifiers_in(self, text: str) -> tuple[str, ...]:
        """Entity names found in ``text``, each once, in reading order."""
        return tuple(dict.fromkeys(row.entity for row in self.redact_turns([("unknown", text)]).redactions))

    def _session(self) -> _Session:
        return _Session(lambda: self._engines)


class _Session:
    """What is redacted together, a call or a value: its parts share placeholders, and findings too."""

    def __init__(self, engines: Callable[[], Engines]) -> None:
        self._engines = engines
        self._vault = Vault()
        self._why: dict[str, Reason] = {}
        self.walk = RecordWalk(lambda turns: self.conversation(turns).texts)
        self.flagged = False

    def conversation(self, turns: Sequence[tuple[str, str]]) -> RedactedTurns:
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

    def link(self, value: str | None, name: str) -> str | None:
        """A link or ticket as the sender gave it; one that holds an identifier is dropped, since half a link is none."""
        if value is None:
            return None
        pieces = [value, *re.split(r"[/?&=#;,]+", unquote(value))]
        if all(self.walk.leaf(piece, name) == piece for piece in pieces):
            return value
        self.flagged = True
        return None

    def _until_clean(self, speakers: Sequence[str], texts: list[str]) -> tuple[list[str], list[Reason]]:
        """Redact until another pass finds nothing: the gate that every output has gone through."""
        self._vault.reserve("\n".join(texts))
        reasons = [[self._why[place[2]] for place in self._vault.places(text)] for text in texts]
        for _ in range(_PASSES):
            reading = read_call(join_turns(list(zip(speakers, texts, strict=True))))
            found = self._engines().analyze(reading, self._vault.known())
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


def _redacted_call(call: Call, session: _Session) -> RedactedCall:
    turns = session.conversation([(turn.speaker.value, turn.text) for turn in call.turns])
    summary = None if call.summary is None else session.conversation([("unknown", call.summary)]).texts[0]
    links = {name: session.link(getattr(call, name), name) for name in _LINK_FIELDS}
    analysis, metadata = session.walk.value(dict(call.analysis)), session.walk.value(dict(call.metadata))
    return RedactedCall(
        call_id=call.call_id,
        workspace_id=call.workspace_id,
        source=call.source,
        started_at=call.started_at,
        ended_at=call.ended_at,
        direction=call.direction,
        from_number=call.from_number,
        to_number=call.to_number,
        **links,
        summary=summary,
        analysis=analysis,
        metadata=metadata,
        turns=tuple(
            RedactedTurn(speaker=turn.speaker, text=text, start=turn.start, end=turn.end)
            for turn, text in zip(call.turns, turns.texts, strict=True)
        ),
        redactions=turns.redactions,
        flagged=session.flagged,
    )


class _Seal:
    """Swallows every error of its block: what broke may hold text of the call."""

    def __enter__(self) -> None:
        """Nothing to set up."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        return isinstance(error, Exception)


def _sealed(work: Callable[[], T]) -> T:
    """The result of ``work``, or a RedactionError that carries neither message nor context of what broke."""
    with _Seal():
        return work()
    raise RedactionError
