"""Every system and its operations. A new connector is one file, one test file and one line here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from tools import (
    beeminder,
    fidel,
    gdrive,
    gmail,
    gsheets,
    hubspot,
    polygon,
    proabono,
    quickbooks,
    slack,
    stripe,
    tokenmetrics,
    zendesk,
)
from tools.connector import Operation
from tools.http import HttpConnector

_SYSTEMS: tuple[tuple[type[HttpConnector], tuple[Operation, ...]], ...] = (
    (stripe.Stripe, stripe.OPERATIONS),
    (quickbooks.QuickBooks, quickbooks.OPERATIONS),
    (beeminder.Beeminder, beeminder.OPERATIONS),
    (proabono.ProAbono, proabono.OPERATIONS),
    (fidel.Fidel, fidel.OPERATIONS),
    (polygon.Polygon, polygon.OPERATIONS),
    (tokenmetrics.TokenMetrics, tokenmetrics.OPERATIONS),
    (hubspot.HubSpot, hubspot.OPERATIONS),
    (zendesk.Zendesk, zendesk.OPERATIONS),
    (gmail.Gmail, gmail.OPERATIONS),
    (gdrive.GDrive, gdrive.OPERATIONS),
    (gsheets.GSheets, gsheets.OPERATIONS),
    (slack.Slack, slack.OPERATIONS),
)


@cache
def operations() -> Mapping[str, Operation]:
    """All operations by dotted name."""
    return MappingProxyType({operation.name: operation for _, own in _SYSTEMS for operation in own})


@cache
def connectors() -> Mapping[str, type[HttpConnector]]:
    """All connector classes by system name."""
    return MappingProxyType({connector.system: connector for connector, _ in _SYSTEMS})
