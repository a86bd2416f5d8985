"""Recorded vendor traffic: what is asked of each system, what is scrubbed, and how it is played.

The cassettes in fixtures/cassettes are recorded by ``python -m tests.tools.record_cassettes`` and replayed by
test_cassettes.py. Whoever has a vendor's test account may record against it with the same table; the label on a
cassette's first line says where it came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.tools.conftest import KEY, NOW
from tests.tools.worlds import CHARGE, LANTERN, world
from tools.connector import Answer, Credentials
from tools.http import HttpConnector
from tools.registry import connectors, operations
from tools.sandbox.transport import Sandbox, SandboxTransport, ServedTransport, sandbox_credentials
from tools.sandbox.world import World
from tools.toolbox import Toolbox, Unknown

FOLDER = Path(__file__).parents[2] / "fixtures" / "cassettes"
PORT = 8765
BASE = httpx.URL(f"http://127.0.0.1:{PORT}")
ORIGIN = "# origin: recorded against our own sandbox; no vendor was asked, and every record is made up\n"

SCRUBBED = "SCRUBBED"
PLANTED = "planted-secret"
"""Every credential of a recording holds this, so that a secret that slips into a cassette is seen."""

SECRET_HEADERS = ("authorization", "x-api-key", "fidel-key")
SECRET_PARAMETERS = ("auth_token", "access_token", "apiKey", "client_secret", "refresh_token")
_KEPT_HEADERS = frozenset({"accept", "content-type", "idempotency-key", *SECRET_HEADERS})
_BOUNDARY = re.compile(r"billing-agent-[0-9a-f]{24}")


@dataclass(frozen=True)
class Ask:
    """One operation with its arguments; ``again`` looks for the effect of an earlier one instead."""

    name: str
    given: dict[str, Any] = field(default_factory=dict)
    again: bool = False


MAIL = {"to": "till@lanternbakery.example", "subject": "Your receipt", "body": "Here is the link you asked for."}
POST = {"topic": "exception", "channel": "C1", "text": "A refund waits for a decision."}
REFUND = {"charge": CHARGE, "amount": "32.10", "currency": "GBP"}
ROW = {"values": ["call_a", "refund_request", "32.10"]}
TICKET = {"requester_id": 610, "subject": "Oven care", "comment": {"body": "Asked twice."}, "external_id": "a:ticket"}
UPLOAD = {"record": "in_1", "name": "LB-2041.pdf", "folder_id": "f1", "document_url": "https://docs.example/1"}

EXCHANGES: dict[str, tuple[Ask, ...]] = {
    "stripe": (
        Ask("stripe.find_customer", {"email": "till@lanternbakery.example"}),
        Ask("stripe.list_charges", {"customer": LANTERN}),
        Ask("stripe.create_refund", REFUND),
        Ask("stripe.create_refund", REFUND, again=True),
    ),
    "quickbooks": (
        Ask("quickbooks.find_customer", {"reference": "41"}),
        Ask("quickbooks.get_invoice", {"doc_number": "OM-UK-118"}),
        Ask("quickbooks.send_invoice", {"invoice_id": "5001", "send_to": "accounts@orourke.example"}),
    ),
    "hubspot": (
        Ask("hubspot.find_contact", {"email": "zoe@lanternbakery.example"}),
        Ask("hubspot.create_note", {"contact_id": "301", "body": "Asked for the October receipt."}),
    ),
    "zendesk": (
        Ask("zendesk.find_user", {"reference": "LB-1"}),
        Ask("zendesk.list_tickets", {"requester_id": 610}),
        Ask("zendesk.create_ticket", TICKET),
    ),
    "beeminder": (
        Ask("beeminder.get_user", {"username": "zoewalks"}),
        Ask("beeminder.get_goal", {"username": "zoewalks", "slug": "steps"}),
    ),
    "proabono": (
        Ask("proabono.find_customer", {"reference": "OSTERIA-3"}),
        Ask("proabono.list_invoices", {"reference_customer": "OSTERIA-3"}),
    ),
    "fidel": (Ask("fidel.list_brands", {"name": "Lantern Bakery"}),),
    "polygon": (Ask("polygon.get_ticker_events", {"ticker": "LNTN"}),),
    "tokenmetrics": (Ask("tokenmetrics.get_price", {"token_id": 11}),),
    "gmail": (Ask("gmail.send_message", MAIL), Ask("gmail.send_message", MAIL, again=True)),
    "gdrive": (Ask("gdrive.find_files", {"reference": "LB-2041"}), Ask("gdrive.upload_file", UPLOAD)),
    "gsheets": (Ask("gsheets.append_row", ROW), Ask("gsheets.append_row", ROW, again=True)),
    "slack": (Ask("slack.post_message", POST), Ask("slack.post_message", POST, again=True)),
}


def cassette_of(system: str) -> Path:
    """The file of one system."""
    return FOLDER / f"{system}.yaml"


def _scrub(request: Any) -> Any:
    """A request as it is kept and matched: no header that says nothing, no random part boundary."""
    request.headers = {
        name: _BOUNDARY.sub("billing-agent-part", str(value))
        for name, value in request.headers.items()
        if name.lower() in _KEPT_HEADERS
    }
    if request.body and b"billing-agent-" in request.body:
        request.body = _BOUNDARY.sub("billing-agent-part", request.body.decode()).encode()
    return request


def recording_rules() -> dict[str, Any]:
    """What vcrpy is told, the same for recording and for replay. The port is this machine's, so it is not matched."""
    return {
        "filter_headers": [(name, SCRUBBED) for name in SECRET_HEADERS],
        "filter_query_parameters": [(name, SCRUBBED) for name in SECRET_PARAMETERS],
        "filter_post_data_parameters": [(name, SCRUBBED) for name in SECRET_PARAMETERS],
        "before_record_request": _scrub,
        "match_on": ["method", "host", "path", "query", "body"],
        "decode_compressed_response": True,
    }


def _planted(credentials: Credentials) -> dict[str, str]:
    secret = ("_token", "_key", "token", "key")
    return {
        name: f"{PLANTED}-{value}" if name.endswith(secret) and value == "sandbox" else value
        for name, value in credentials.values.items()
    }


def over_the_wire() -> Toolbox:
    """The connectors over HTTP at BASE, where the sandbox is served or a cassette answers."""
    known = sandbox_credentials(World.of(world()))

    def connect(system: str) -> HttpConnector:
        values = {**_planted(known[system]), "base_url": f"{BASE}/{system}"}
        made = connectors()[system]
        return made(Credentials(system, values), transport=ServedTransport(BASE), now=lambda: NOW)

    return Toolbox(connect, sandbox=True)


def in_memory() -> Toolbox:
    """The same connectors over the same world without a network: what a replay must be equal to."""
    made = World.of(world())
    transport = SandboxTransport(Sandbox(made, now=lambda: NOW))
    known = sandbox_credentials(made)
    return Toolbox(
        lambda system: connectors()[system](known[system], transport=transport, now=lambda: NOW), sandbox=True
    )


def play(system: str, toolbox: Toolbox) -> Iterator[Answer | Unknown | None]:
    """Ask ``system`` what EXCHANGES says, in order."""
    for ask in EXCHANGES[system]:
        operation = operations()[ask.name]
        arguments = operation.arguments.model_validate(ask.given)
        if ask.again:
            yield toolbox.find_again(ask.name, arguments, KEY)
        else:
            yield toolbox.run(ask.name, arguments, None if operation.is_lookup else KEY)
