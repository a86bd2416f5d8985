"""The sandbox behind httpx's transport seam: connectors cannot tell it from the vendors."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx

from tools.connector import Credentials
from tools.sandbox.books import Books
from tools.sandbox.crm import HubSpotVendor, ZendeskVendor
from tools.sandbox.faults import Fault, Faults
from tools.sandbox.office import PDF, GDriveVendor, GmailVendor, GSheetsVendor, SlackVendor
from tools.sandbox.quickbooks import QuickBooksVendor
from tools.sandbox.seeds import (
    BeeminderVendor,
    FidelVendor,
    PolygonVendor,
    ProAbonoVendor,
    TokenMetricsVendor,
    user_tokens,
)
from tools.sandbox.stripe import StripeVendor
from tools.sandbox.wire import Result, Vendor, Wire
from tools.sandbox.world import World

_VENDORS: tuple[type[Vendor], ...] = (
    StripeVendor,
    QuickBooksVendor,
    HubSpotVendor,
    ZendeskVendor,
    BeeminderVendor,
    ProAbonoVendor,
    FidelVendor,
    PolygonVendor,
    TokenMetricsVendor,
    GmailVendor,
    GDriveVendor,
    GSheetsVendor,
    SlackVendor,
)
_PLACES: tuple[tuple[str, str], ...] = (
    ("stripe", r"https://api\.stripe\.com"),
    ("quickbooks", r"https://quickbooks\.api\.intuit\.com/v3/company/[^/]+"),
    ("hubspot", r"https://api\.hubapi\.com"),
    ("zendesk", r"https://[a-z0-9-]+\.zendesk\.com"),
    ("beeminder", r"https://www\.beeminder\.com/api/v1"),
    ("proabono", r"https://api-[a-z0-9]+\.proabono\.com"),
    ("fidel", r"https://api\.fidel\.uk/v1"),
    ("polygon", r"https://api\.massive\.com"),
    ("tokenmetrics", r"https://api\.tokenmetrics\.com/v2"),
    ("gmail", r"https://gmail\.googleapis\.com"),
    ("gdrive", r"https://www\.googleapis\.com"),
    ("gsheets", r"https://sheets\.googleapis\.com"),
    ("slack", r"https://slack\.com/api"),
)
_TOKEN = {"access_token": "sandbox"}


def sandbox_credentials(world: World) -> dict[str, Credentials]:
    """Credentials that open every pretended system; they are worth nothing elsewhere."""
    users = world.records("beeminder")["users"]
    values: dict[str, dict[str, str]] = {
        "stripe": {"api_key": "sandbox"},
        "quickbooks": {**_TOKEN, "realm_id": "sandbox", "credit_item_id": "1"},
        "hubspot": {**_TOKEN, "portal_id": "1"},
        "zendesk": {**_TOKEN, "subdomain": "sandbox"},
        "beeminder": {**_TOKEN, **user_tokens(users)},
        "proabono": {"business_id": "0", "agent_key": "sandbox", "api_key": "sandbox"},
        "fidel": {"api_key": "sandbox"},
        "polygon": {"api_key": "sandbox"},
        "tokenmetrics": {"api_key": "sandbox"},
        "gmail": _TOKEN,
        "gdrive": {**_TOKEN, "document_hosts": "*"},
        "gsheets": {**_TOKEN, "spreadsheet_id": "billing-exceptions"},
        "slack": {"bot_token": "sandbox"},
    }
    return {system: Credentials(system, held) for system, held in values.items()}


class Sandbox:
    """All pretended systems over one world, with its books and faults; safe to share by threads."""

    def __init__(
        self,
        world: World,
        *,
        books: Path | None = None,
        faults: Faults | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.vendors: dict[str, Vendor] = {v.system: v(world.records(v.system)) for v in _VENDORS}
        self.books = Books(books)
        self.faults = faults or Faults()
        self.now = now
        self._lock = threading.Lock()
        for wire in self.books.earlier_writes():
            self.vendors[wire.system].handle(wire)

    def answer(self, wire: Wire) -> tuple[Result, Fault | None]:
        """What the vendor answers, and the failure that hides it from the caller, if one was ordered."""
        vendor = self.vendors[wire.system]
        with self._lock:
            fault = self.faults.take(wire.system, wire.method, wire.path)
            if fault is not None and fault.when == "before":
                result: Result = (fault.status or 503, None)
            else:
                result = vendor.handle(wire) if vendor.let_in(wire) else vendor.unauthorized()
            self.books.append(wire, result[0])
        return result, fault


class SandboxTransport(httpx.BaseTransport):
    """Routes a request by its address to the pretended vendor; any other address serves a small PDF."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        wire = read_request(request, self.sandbox.now())
        if wire is None:
            return httpx.Response(200, content=PDF, headers={"Content-Type": "application/pdf"})
        result, fault = self.sandbox.answer(wire)
        if fault is None:
            return respond(result)
        if fault.status is not None:
            return httpx.Response(fault.status, content=fault.body, headers=fault.headers)
        if fault.when == "before":
            raise httpx.ConnectError("refused", request=request)
        raise httpx.ReadTimeout("lost", request=request)


class ServedTransport(httpx.BaseTransport):
    """To the sandbox of another process at ``base``; nothing else is ever reached, documents are the small PDF."""

    def __init__(self, base: httpx.URL) -> None:
        self._base = base
        self._real = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if (request.url.host, request.url.port) == (self._base.host, self._base.port):
            return self._real.handle_request(request)
        return httpx.Response(200, content=PDF, headers={"Content-Type": "application/pdf"})

    def close(self) -> None:
        self._real.close()


def read_request(request: httpx.Request, at: datetime) -> Wire | None:
    """The request as the vendor at its address reads it, None when no vendor lives there."""
    bare = str(request.url.copy_with(query=None))
    for system, place in _PLACES:
        if match := re.match(place + r"(?=/|$)", bare):
            path = httpx.URL(bare[match.end() :] or "/").path
            query = dict(request.url.params)
            headers = {name.lower(): value for name, value in request.headers.items()}
            return Wire(system, request.method, path, query, headers, request.content, at)
    return None


def respond(result: Result) -> httpx.Response:
    """A result as an HTTP response."""
    status, body = result
    if body is None:
        return httpx.Response(status)
    if isinstance(body, bytes):
        return httpx.Response(status, content=body)
    content = json.dumps(body).encode()
    return httpx.Response(status, content=content, headers={"Content-Type": "application/json"})
