"""What arrives: a call, its turns, and the redacted call that everything after redaction works with.

A raw ``Call`` never leaves intake and redaction. It has no serialisation on purpose, and its texts
are left out of ``repr`` so that a stray log line or traceback cannot carry them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Direction = Literal["inbound", "outbound"]
IdentifierClass = Literal["card", "bank", "tax"]


class Speaker(StrEnum):
    """Who said a turn; every platform's own word is mapped to one of these at intake."""

    AGENT = "agent"
    CALLER = "caller"
    TRANSFER_TARGET = "transfer_target"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Turn:
    """One uninterrupted stretch of speech; ``start`` and ``end`` are seconds from the call's start."""

    speaker: Speaker
    text: str = field(repr=False)
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A finished call as intake parsed it, before redaction.

    ``turns`` holds spoken turns only: system and tool turns are dropped before numbering.
    ``ignored_fields`` names input fields that no one reads, for one line on stderr.
    """

    call_id: str
    turns: tuple[Turn, ...] = field(repr=False)
    workspace_id: str = "default"
    source: str = "canonical"
    started_at: datetime | None = None
    ended_at: datetime | None = None
    direction: Direction | None = None
    from_number: str | None = field(default=None, repr=False)
    to_number: str | None = field(default=None, repr=False)
    recording_url: str | None = field(default=None, repr=False)
    transcript_url: str | None = field(default=None, repr=False)
    crm_url: str | None = field(default=None, repr=False)
    support_ticket: str | None = field(default=None, repr=False)
    payment_platform_url: str | None = field(default=None, repr=False)
    summary: str | None = field(default=None, repr=False)
    analysis: Mapping[str, Any] = field(default_factory=dict, repr=False)
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)
    ignored_fields: tuple[str, ...] = ()


class RedactedTurn(BaseModel):
    """A turn after redaction; its index in the call is the index every quote and redaction uses."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    speaker: Speaker
    text: str
    start: float | None = None
    end: float | None = None


class Redaction(BaseModel):
    """One removed stretch: code-point offsets into the redacted text, so ``text[start:end] == placeholder``."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)

    turn: int
    start: int
    end: int
    entity: str
    identifier_class: IdentifierClass = Field(alias="class")
    placeholder: str


class RedactedCall(BaseModel):
    """The only form of a call that storage, prompts, tools and logs ever see.

    Built by ``agent.redaction`` alone. ``flagged`` is true when the backstop had to mask a long
    digit run that no recognizer explained; such a call goes to review.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    call_id: str
    workspace_id: str
    source: str = "canonical"
    started_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    direction: Direction | None = None
    from_number: str | None = None
    to_number: str | None = None
    recording_url: str | None = None
    transcript_url: str | None = None
    crm_url: str | None = None
    support_ticket: str | None = None
    payment_platform_url: str | None = None
    summary: str | None = None
    analysis: dict[str, Any] = Field(default_factory=dict)
    metadata: dict[str, Any] = Field(default_factory=dict)
    turns: tuple[RedactedTurn, ...]
    redactions: tuple[Redaction, ...] = ()
    flagged: bool = False

    @property
    def caller_number(self) -> str | None:
        """The customer's side of the line: ``from_number`` inbound, ``to_number`` outbound."""
        return self.to_number if self.direction == "outbound" else self.from_number

    @property
    def spoken_at(self) -> datetime | None:
        """'Today' for any rule about the conversation: ``ended_at``, else ``started_at``."""
        return self.ended_at or self.started_at

    def classes(self) -> frozenset[IdentifierClass]:
        """Which classes of identifier were removed; the suppression flags derive from these."""
        return frozenset(r.identifier_class for r in self.redactions)
