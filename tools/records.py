"""What a lookup found, in one shape for every vendor: parties (who) and documents (what).

The identity matcher and the policy read only these, never a vendor's own field names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from tools.money import Money

DocumentType = Literal[
    "charge", "invoice", "subscription", "payment_settings", "deal", "ticket", "goal", "brand", "file", "quote"
]


@dataclass(frozen=True, slots=True)
class Party:
    """A customer, contact or user record of one system.

    ``names`` are person names, ``companies`` organisation names (a record whose kind is unclear puts
    its name in both). ``references`` are account ids a caller could name. ``vip`` is the record's own
    mark, in lower case compare: vip = true or plan = enterprise. ``contact_changed_at`` is when the
    contact data last changed, where the vendor says.
    """

    system: str
    id: str
    names: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    vip: bool = False
    owner_id: str | None = None
    contact_changed_at: datetime | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A charge, invoice, subscription or other object a call can be about.

    ``party_id`` is the id of its owner in the same ``system``. ``links`` maps a link's purpose
    (``hosted``, ``pdf``, ``receipt``) to its address; portal links that act as logins are never in it.
    """

    system: str
    type: DocumentType
    id: str
    party_id: str | None = None
    number: str | None = None
    references: tuple[str, ...] = ()
    amount: Money | None = None
    amount_due: Money | None = None
    amount_refunded: Money | None = None
    status: str | None = None
    paid: bool | None = None
    disputed: bool | None = None
    created: datetime | None = None
    due: date | None = None
    access_ends: datetime | None = None
    email: str | None = None
    description: str | None = None
    url: str | None = None
    links: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Owner:
    """A person of ours who owns a customer, from a CRM: the deciding finance or account owner."""

    system: str
    id: str
    name: str
    email: str | None = None
