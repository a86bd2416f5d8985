"""The one seam to every outside system: operations with typed arguments, over an httpx transport.

The same connector code runs against the real vendor and against the sandbox: only the
``httpx.BaseTransport`` differs. Failures are split by what the caller may do next:

    ToolError
    ├── NotConfigured     the system has no credentials here: never a sandbox instead
    ├── Rejected          the vendor answered definitely no (4xx): nothing happened, it may be re-planned
    │   └── Missing       the object does not exist (404, or the vendor's own way to say so)
    ├── Unavailable       not sent, or a read that may be tried again (429, 5xx, no connection)
    └── Lost              a write was sent and its answer never came: unknown, never retried blind
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, Protocol

import httpx
from pydantic import BaseModel, ConfigDict

from tools.records import Document, Owner, Party


class Effect(StrEnum):
    """What an operation can do to the world; policy and review rules are written over these."""

    LOOKUP = "lookup"
    NOTE = "note"
    TICKET = "ticket"
    ALERT = "alert"
    ROW = "row"
    DOCUMENT = "document"
    MONEY = "money"
    RECORD = "record"
    LEGAL = "legal"


class ToolError(Exception):
    """An outside system did not do what was asked; the message holds no response text and no secret."""

    def __init__(self, system: str, message: str, *, status: int | None = None) -> None:
        super().__init__(f"{system}: {message}")
        self.system = system
        self.status = status


class NotConfigured(ToolError):
    """The system has no credentials in this environment."""


class Rejected(ToolError):
    """The vendor refused; nothing happened."""


class Missing(Rejected):
    """The vendor knows no such object."""


class Unavailable(ToolError):
    """The request was not carried out and may be tried again later."""


class Lost(ToolError):
    """A write was sent and no answer came back; whether it happened is not known."""


class Arguments(BaseModel):
    """Base of every operation's argument model: unknown keys refused, strings stripped."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation gave back: the vendor's JSON cut to what is needed, and the same as records.

    ``body`` goes through redaction before the model or the trace sees it.
    """

    body: Any = None
    parties: tuple[Party, ...] = ()
    documents: tuple[Document, ...] = ()
    owners: tuple[Owner, ...] = ()
    vendor_id: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """One system's secrets and address, from ``BILLING_AGENT_<SYSTEM>_<FIELD>``; never in repr."""

    system: str
    values: Mapping[str, str] = field(default_factory=dict, repr=False)

    def get(self, name: str) -> str:
        """Field ``name``. Raises NotConfigured that names the variable to set."""
        try:
            return self.values[name]
        except KeyError:
            variable = f"BILLING_AGENT_{self.system}_{name}".upper()
            raise NotConfigured(self.system, f"not configured: set {variable}") from None


class Connector(Protocol):
    """A vendor's client: a name and an httpx client that was given its transport."""

    system: str
    client: httpx.Client


Idempotency = Literal["vendor_key", "read_back", "set_semantics", "none"]


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be done in one system.

    ``name`` is dotted (``stripe.create_refund``); ``wire_name`` is what the model sees. ``house_fields``
    are argument fields that the agent fills itself and never offers to the model (texts that go to a
    broad-access system, channels, keys). ``target`` gives the ledger target of an action (refund:
    charge; note: record; send: recipient and document ...), see design, Effects. ``call`` does it:
    ``call(connector, arguments, idempotency_key)``; the key is None for lookups. ``find_again``
    answers, after a lost answer, whether the effect is there: an Answer, None for surely not there;
    operations without it can only be handed to a person. ``broad_access`` marks systems that many
    people read (slack, hubspot, zendesk, gsheets, notes of beeminder, proabono, fidel).
    """

    name: str
    effect: Effect
    description: str
    arguments: type[Arguments]
    call: Callable[[Any, Any, str | None], Answer]
    house_fields: frozenset[str] = frozenset()
    target: Callable[[Any], str] | None = None
    find_again: Callable[[Any, Any, str], Answer | None] | None = None
    idempotency: Idempotency = "none"
    reversible: bool = True
    broad_access: bool = False

    @property
    def system(self) -> str:
        return self.name.split(".", 1)[0]

    @property
    def wire_name(self) -> str:
        return self.name.replace(".", "__")

    @property
    def is_lookup(self) -> bool:
        return self.effect is Effect.LOOKUP
