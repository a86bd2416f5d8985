"""A test bed for whole runs: a small sandbox world, a scripted model, the real store, redactor and connectors."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from agent.call import RedactedCall
from agent.capture import Extraction, Scenario
from agent.clock import FixedClock
from agent.loop.desk import Desk
from agent.models.seam import Chat, Message, Structured, Tokens, WantedTool
from agent.redaction import Redactor
from agent.run import StepKind, ToolCall
from agent.store import Store
from agent.workspace import Workspace
from tests.agent.loop.builders import EMAIL, NUMBER, SPOKEN, call, extraction
from tools.registry import operations
from tools.sandbox.faults import Faults
from tools.sandbox.world import World
from tools.toolbox import Toolbox, sandbox_toolbox

CARD = "4111 1111 1111 1111"
CHARGE = "ch_3Larkspur0000000000000001"
OTHER_CHARGE = "ch_3Larkspur0000000000000002"
_PAID_AT = int((SPOKEN - timedelta(days=5)).timestamp())


def world(**changes: dict[str, list[dict[str, Any]]]) -> World:
    """One customer, Nora Quill of Larkspur Joinery, in five systems, and a stranger in Stripe."""
    records: dict[str, dict[str, list[dict[str, Any]]]] = {
        "stripe": {"customers": [customer(), stranger()], "charges": [charge(), foreign_charge()], "invoices": [due()]},
        "quickbooks": {"customers": [company()], "invoices": [invoice()]},
        "hubspot": {"contacts": [contact()], "owners": [_owner()]},
        "zendesk": {"users": [user()]},
    }
    for system, collections in changes.items():
        records[system] = {**records.get(system, {}), **collections}
    return World.of(records)


def customer(**changes: Any) -> dict[str, Any]:
    own = {"id": "cus_1", "name": "Larkspur Joinery", "email": EMAIL, "phone": NUMBER, "currency": "usd"}
    return {**own, "object": "customer", "metadata": {"contact": "Nora Quill"}, **changes}


def stranger() -> dict[str, Any]:
    return {"id": "cus_9", "object": "customer", "name": "Otis Vane", "email": "otis@vane.example", "metadata": {}}


def charge(**changes: Any) -> dict[str, Any]:
    """42.00 USD, paid five days before the call."""
    own = {
        "id": CHARGE,
        "object": "charge",
        "customer": "cus_1",
        "amount": 4200,
        "amount_refunded": 0,
        "currency": "usd",
        "created": _PAID_AT,
        "paid": True,
        "status": "succeeded",
        "disputed": False,
        "refunded": False,
        "description": "Workshop seat",
        "receipt_email": EMAIL,
        "receipt_url": "https://receipts.example/r/1",
        "payment_intent": "pi_1",
        "metadata": {},
    }
    return {**own, **changes}


def foreign_charge() -> dict[str, Any]:
    return charge(id=OTHER_CHARGE, customer="cus_9", payment_intent="pi_9", receipt_email="otis@vane.example")


def due(**changes: Any) -> dict[str, Any]:
    """An open Stripe invoice of 27.50 USD with its hosted page."""
    own = {
        "id": "in_1",
        "object": "invoice",
        "number": "LJ-77",
        "customer": "cus_1",
        "customer_email": EMAIL,
        "status": "open",
        "total": 2750,
        "amount_due": 2750,
        "amount_paid": 0,
        "amount_remaining": 2750,
        "currency": "usd",
        "created": _PAID_AT,
        "due_date": None,
        "hosted_invoice_url": "https://pay.example/i/77",
        "invoice_pdf": "https://pay.example/i/77/pdf",
        "metadata": {},
    }
    return {**own, **changes}


def company() -> dict[str, Any]:
    return {
        "Id": "41",
        "SyncToken": "0",
        "DisplayName": "Larkspur Joinery",
        "GivenName": "Nora",
        "FamilyName": "Quill",
        "CompanyName": "Larkspur Joinery",
        "PrimaryEmailAddr": {"Address": EMAIL},
        "CurrencyRef": {"value": "USD"},
        "Active": True,
    }


def invoice() -> dict[str, Any]:
    return {
        "Id": "7001",
        "SyncToken": "0",
        "DocNumber": "LJ-2041",
        "TxnDate": "2026-08-20",
        "DueDate": "2026-09-20",
        "TotalAmt": 310.0,
        "Balance": 310.0,
        "CustomerRef": {"value": "41", "name": "Larkspur Joinery"},
        "BillEmail": {"Address": EMAIL},
        "CurrencyRef": {"value": "USD"},
    }


def contact(**changes: Any) -> dict[str, Any]:
    held = {"email": EMAIL, "firstname": "Nora", "lastname": "Quill", "company": "Larkspur Joinery"}
    return {"id": "501", "properties": {**held, "phone": NUMBER, "hubspot_owner_id": "77", **changes}}


def _owner() -> dict[str, Any]:
    return {"id": "77", "firstName": "Edda", "lastName": "Lund", "email": "edda.lund@house.example", "archived": False}


def user() -> dict[str, Any]:
    return {"id": 9001, "name": "Nora Quill", "email": EMAIL, "phone": NUMBER, "role": "end-user", "tags": []}


@cache
def redactor() -> Redactor:
    """One for all tests: loading it takes a while."""
    return Redactor()


def refund_call() -> RedactedCall:
    return call(
        "Nora Quill from Larkspur Joinery, nora.quill@larkspur.example. I'd like my 42 dollars back, 42.00.",
        "The workshop was called off, so you get the full amount back.",
    )


def refund_extraction(**changes: Any) -> Extraction:
    values: dict[str, Any] = {
        "customer_name": "Nora Quill",
        "company_name": "Larkspur Joinery",
        "email": EMAIL,
        "amount": "42.00",
        "currency": "USD",
        "caller_request": "money back",
    }
    return extraction(Scenario.REFUND_REQUEST, **{**values, **changes})


Turn = Sequence[tuple[str, Any]] | str | Exception


@dataclass
class Scripted:
    """A model that says what it was told to, turn by turn, and afterwards that it is done.

    A turn is a list of (wire name, arguments); arguments that are text are sent as they are.
    """

    turns: list[Turn] = field(default_factory=list)
    reading: BaseModel | Exception | None = None
    name: str = "scripted"
    is_stand_in: bool = False
    forever: bool = False
    seen: list[list[Message]] = field(default_factory=list)
    offered: list[dict[str, Any]] = field(default_factory=list)

    def structured(self, messages: Sequence[Message], response_model: type[Any]) -> Structured[Any]:
        self.seen.append(list(messages))
        if isinstance(self.reading, Exception):
            raise self.reading
        return Structured(self.reading, "", Tokens(1, 100, 10, 0.1), tuple(messages))

    def chat(self, messages: Sequence[Message], tools: Sequence[dict[str, Any]]) -> Chat:
        self.seen.append(list(messages))
        self.offered = list(tools)
        turn: Turn = "done"
        if self.turns:
            turn = self.turns[0] if self.forever else self.turns.pop(0)
        if isinstance(turn, Exception):
            raise turn
        if isinstance(turn, str):
            return Chat(turn, (), {"role": "assistant", "content": turn}, Tokens(1, 50, 5, 0.1))
        made = tuple(
            WantedTool(f"w{len(self.seen)}_{i}", name, given if isinstance(given, str) else json.dumps(given))
            for i, (name, given) in enumerate(turn)
        )
        asked = [{"id": w.id, "type": "function", "function": {"name": w.name, "arguments": w.arguments}} for w in made]
        message: Message = {"role": "assistant", "content": None, "tool_calls": asked}
        return Chat(None, made, message, Tokens(1, 50, 5, 0.1))

    def answers(self) -> list[dict[str, Any]]:
        """Every tool answer the model was given, in order."""
        return [json.loads(m["content"]) for m in self.seen[-1] if m["role"] == "tool"]


LOOK: list[tuple[str, Any]] = [("stripe__find_customer", {"email": EMAIL}), ("zendesk__find_user", {"email": EMAIL})]
CHARGES: list[tuple[str, Any]] = [("stripe__list_charges", {"customer": "cus_1"})]
REFUND: list[tuple[str, Any]] = [("stripe__create_refund", {"charge": CHARGE, "amount": "42.00", "currency": "USD"})]


@dataclass
class Bed:
    """A desk with what stands around it."""

    desk: Desk
    store: Store
    toolbox: Toolbox
    faults: Faults
    clock: FixedClock
    books: Path
    steps: list[tuple[StepKind, str, dict[str, Any]]]

    def writes(self, system: str = "", path: str = "") -> list[dict[str, Any]]:
        """What was really sent, reads aside."""
        if not self.books.exists():
            return []
        entries = [json.loads(line) for line in self.books.read_text().splitlines()]
        return [
            e
            for e in entries
            if e["method"] != "GET"
            and e["system"].startswith(system)
            and path in e["path"]
            and "search" not in e["path"]
        ]

    def made(self, tool: str) -> list[ToolCall]:
        """The run's calls of ``tool``."""
        return [one for one in self.desk.calls if one.tool == tool]

    def status(self, tool: str) -> str:
        """The status of the one call of ``tool``."""
        (one,) = self.made(tool)
        return one.status.value


@contextmanager
def bed(
    folder: Path,
    *,
    understood: Extraction | None = None,
    heard: RedactedCall | None = None,
    workspace: Workspace | None = None,
    holds: World | None = None,
    store: Store | None = None,
    **changes: Any,
) -> Iterator[Bed]:
    """A desk over a sandbox of ``holds``; the store is in memory unless one is given."""
    faults, clock = Faults(), FixedClock(SPOKEN + timedelta(minutes=1))
    books = folder / "books.jsonl"
    toolbox = sandbox_toolbox(holds or world(), books, faults=faults)
    own = store or Store(":memory:", clock)
    spoken = heard or refund_call()
    run = own.begin(spoken, run_id=f"run_{spoken.call_id.removeprefix('call_')}", model="scripted", world="w")
    steps: list[tuple[StepKind, str, dict[str, Any]]] = []

    def record(kind: StepKind, title: str, data: dict[str, Any]) -> None:
        steps.append((kind, title, data))
        own.append(run.run_id, run.attempt, kind, title, data)

    desk = Desk(
        run_id=run.run_id,
        call=spoken,
        extraction=understood or refund_extraction(),
        workspace=workspace or Workspace(mode="live"),
        operations=operations(),
        tools=toolbox,
        redactor=redactor(),
        ledger=own,
        clock=clock,
        record=record,
        public_url="https://agent.example",
        available=frozenset(operations()),
        **changes,
    )
    try:
        yield Bed(desk, own, toolbox, faults, clock, books, steps)
    finally:
        toolbox.close()
        if store is None:
            own.close()


Act = Callable[[Bed], None]
