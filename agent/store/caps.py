"""How much money may move without a person, in the minor units of one currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from agent.workspace import Caps
from tools.money import exponent


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
    def of(cls, caps: Caps, currency: str) -> CapRules:
        """The workspace's caps for ``currency`` (ISO 4217); fractions below its minor unit are cut off."""
        return cls(
            caps.auto_refunds_per_customer_30d,
            _minor(caps.customer_refunds_per_day, currency),
            _minor(caps.workspace_refunds_per_day, currency),
        )


def _minor(amount: str, currency: str) -> int:
    return int(Decimal(amount).scaleb(exponent(currency)))
