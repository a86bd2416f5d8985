"""The ledger's nouns: one row per intended effect, written before the request is sent.

key = hash(workspace id, call id, system, operation, target); the fingerprint of the arguments is kept
beside it. The same key with another fingerprint is never sent: it goes to review (design, Effects; S46).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from agent.workspace import Workspace
from tools.money import exponent

_REFUNDS_A_DAY = 20
"""How many refunds of the largest size a workspace makes in a day without a person, unless it says a sum."""


class EffectState(StrEnum):
    """Where an effect is. ``planned`` is safe to start; ``sent`` and ``unknown`` are never resent blind;
    ``rejected`` (a definite no) frees attempt n+1; ``confirmed`` returns the stored answer."""

    PLANNED = "planned"
    SENT = "sent"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


def ledger_key(workspace_id: str, call_id: str, tool: str, target: str, attempt: int = 1) -> str:
    """The effect's identity as 32 hex digits: fits every vendor's key limit (QuickBooks 50, Stripe 255).

    ``attempt`` grows only after a definite rejection.
    """
    system, operation = tool.split(".", 1)
    parts = [workspace_id, call_id, system, operation, target, *([str(attempt)] if attempt > 1 else [])]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def fingerprint(arguments: dict[str, Any]) -> str:
    """A digest of the arguments, stable under key order."""
    text = json.dumps(arguments, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Intent:
    """What is about to be done. ``lock`` names the object across calls, such as
    ``("stripe", "money", "ch_1")``; ``customer`` and ``minor``/``currency`` feed the caps of money
    effects. ``automatic`` is false when a person approved it: caps do not apply, locks still do."""

    workspace_id: str
    call_id: str
    run_id: str
    tool: str
    target: str
    arguments: dict[str, Any]
    lock: tuple[str, str, str]
    effect: str
    customer: str | None = None
    minor: int | None = None
    currency: str | None = None
    automatic: bool = True


@dataclass(frozen=True, slots=True)
class CapRules:
    """Limits for automatic money effects, checked and reserved in the ledger's own transaction.

    ``customer_count`` counts over 30 days and over all currencies; ``customer_day`` and
    ``workspace_day`` are sums over 24 hours in minor units of the intent's currency. None forbids
    nothing: it is for effects that move no money.
    """

    customer_count: int | None = None
    customer_day: int | None = None
    workspace_day: int | None = None

    @classmethod
    def of(cls, workspace: Workspace, currency: str) -> CapRules:
        """The workspace's caps for ``currency`` (ISO 4217); fractions below its minor unit are cut off.

        Sums that are not set follow the currency's refund limit. A currency without limits may move
        nothing without a person.
        """
        count, limits = workspace.caps.auto_refunds_per_customer_30d, workspace.limits.get(currency)
        if limits is None:
            return cls(count, 0, 0)
        one = Decimal(limits.auto_refund)
        customer = limits.customer_refunds_per_day or one * max(count, 1)
        house = limits.workspace_refunds_per_day or one * _REFUNDS_A_DAY
        return cls(count, _minor(customer, currency), _minor(house, currency))


def _minor(amount: str | Decimal, currency: str) -> int:
    return int(Decimal(amount).scaleb(exponent(currency)))


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A row of the ledger."""

    key: str
    intent: Intent
    fingerprint: str
    attempt: int
    state: EffectState
    vendor_id: str | None
    url: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Reserved:
    """The effect may be sent under ``entry.key``; caps and lock are held."""

    entry: LedgerEntry


@dataclass(frozen=True, slots=True)
class AlreadyDone:
    """The same effect is confirmed; nothing is sent again."""

    entry: LedgerEntry


@dataclass(frozen=True, slots=True)
class InDoubt:
    """The same effect was sent and its answer is not known: look it up, or hand it to a person."""

    entry: LedgerEntry


@dataclass(frozen=True, slots=True)
class Refused:
    """The effect may not be sent: ``rule`` is ledger.fingerprint, ledger.lock, ledger.cap or ledger.paused."""

    rule: str
    reason: str
    other_call: str | None = None


Reservation = Reserved | AlreadyDone | InDoubt | Refused
