"""Redacting calls, texts and JSON: the one door through which a raw transcript becomes storable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from agent.call import Call, RedactedCall, RedactedTurn
from agent.redaction.session import RedactedTurns, Session, sealed

if TYPE_CHECKING:
    from agent.redaction.analysis import Engines

__all__ = ["RedactedTurns", "Redactor"]

_LINK_FIELDS = ("recording_url", "transcript_url", "crm_url", "support_ticket", "payment_platform_url")


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
        return sealed(lambda: _redacted_call(call, self.session()))

    def redact_turns(self, turns: Sequence[tuple[str, str]]) -> RedactedTurns:
        """Redact (speaker, text) pairs as one conversation."""
        return sealed(lambda: self.session().conversation(turns))

    def redact_text(self, text: str) -> str:
        """Redact one text on its own."""
        return self.redact_turns([("unknown", text)]).texts[0]

    def redact_json(self, value: Any) -> Any:
        """Redact every string and long number of a JSON value, keys too; keys count as announcing words."""
        return sealed(lambda: self.session().walk.value(value))

    def identifiers_in(self, text: str) -> tuple[str, ...]:
        """Entity names found in ``text``, each once, in reading order."""
        return tuple(dict.fromkeys(row.entity for row in self.redact_turns([("unknown", text)]).redactions))

    def session(self, found: Callable[[Sequence[tuple[str, str]], RedactedTurns], None] | None = None) -> Session:
        """A session of its own; ``found`` is told what goes from JSON values. For ``Conversation``."""
        return Session(lambda: self._engines, found)


def _redacted_call(call: Call, session: Session) -> RedactedCall:
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
