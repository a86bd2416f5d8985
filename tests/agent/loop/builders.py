"""Small builders of redacted calls, extractions, records and facts for the loop's tests.

``clean_refund`` and ``clean_resend`` are calls on which every condition of their table row holds; tests
change one thing and look at the verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from agent.call import RedactedCall, RedactedTurn, Speaker
from agent.capture import (
    BillingCapture,
    Check,
    Evidence,
    Extracted,
    Extraction,
    HeardSignal,
    Scenario,
    ScenarioReading,
    Signal,
)
from agent.loop.facts import Action, Facts, Looked, LookupStatus
from agent.loop.identity import identify
from agent.run import MatchedCaller, PolicyDecision, ReviewReason
from agent.workspace import Workspace
from tools.connector import Answer
from tools.money import Money
from tools.records import Document, Owner, Party
from tools.registry import operations

SPOKEN = datetime(2026, 9, 14, 10, 0, tzinfo=UTC)
NUMBER = "+12025550147"
EMAIL = "nora.quill@larkspur.example"
CHARGE = "ch_3Larkspur0000000000000001"


def call(*texts: str, **changes: Any) -> RedactedCall:
    """A redacted call; texts alternate between caller and agent, starting with the caller."""
    turns = tuple(
        RedactedTurn(speaker=Speaker.CALLER if i % 2 == 0 else Speaker.AGENT, text=text)
        for i, text in enumerate(texts or ("Nora Quill here, I would like my money back.",))
    )
    fields: dict[str, Any] = {
        "call_id": "call_1",
        "workspace_id": "ws_1",
        "started_at": SPOKEN - timedelta(minutes=3),
        "ended_at": SPOKEN,
        "direction": "inbound",
        "from_number": NUMBER,
        "to_number": "+12025550100",
        "turns": turns,
    }
    return RedactedCall(**(fields | changes))


def said(value: Any, confidence: float | None = 0.97, quote: str | None = None, turn: int = 0) -> Extracted[Any]:
    """A grounded value; without ``quote`` it is proved by itself."""
    proof = Evidence(turn=turn, quote=str(value) if quote is None else quote)
    return Extracted[Any](value=value, confidence=confidence, evidence=(proof,))


def lost(name: str = "tokens_in_quote") -> Extracted[Any]:
    """A value that failed a check and is therefore null."""
    return Extracted[Any](checks=(Check(name=name, passed=False, reason="the amount is not in the quote"),))


def capture(**values: Any) -> BillingCapture:
    """A capture; plain values are wrapped, ``Extracted`` ones are taken as they are."""
    wrapped = {k: v if isinstance(v, Extracted) else said(v) for k, v in values.items() if v is not None}
    return BillingCapture.model_validate({k: v.model_dump() for k, v in wrapped.items()})


def extraction(
    label: Scenario = Scenario.REFUND_REQUEST,
    *,
    secondary: Sequence[Scenario] = (),
    confidence: float | None = 0.96,
    signals: Iterable[Signal] = (),
    document_kind: str | None = None,
    complete: bool = True,
    **values: Any,
) -> Extraction:
    """An extraction of ``values`` under ``label``."""
    quote = (Evidence(turn=0, quote="here"),)
    kind = Extracted[Any]() if document_kind is None else said(document_kind)
    return Extraction(
        scenario=ScenarioReading(label=label, confidence=confidence, secondary=tuple(secondary)),
        capture=capture(**values),
        document_kind=kind.model_dump(),
        signals=tuple(HeardSignal(signal=s, evidence=quote) for s in signals),
        complete=complete,
    )


def person(name: str = "Nora Quill", email: str = EMAIL, **changes: Any) -> Party:
    """A Stripe customer whose name may be a person's or a company's: it stands in both."""
    fields: dict[str, Any] = {
        "system": "stripe",
        "id": "cus_1",
        "names": (name,),
        "companies": (name,),
        "emails": (email,) if email else (),
        "phones": (NUMBER,),
    }
    return Party(**(fields | changes))


def company(name: str = "Larkspur Joinery", email: str = "accounts@larkspur.example", **changes: Any) -> Party:
    """A QuickBooks company with a named contact."""
    fields: dict[str, Any] = {
        "system": "quickbooks",
        "id": "41",
        "names": ("Nora Quill",),
        "companies": (name,),
        "emails": (email,) if email else (),
        "phones": (NUMBER,),
    }
    return Party(**(fields | changes))


def charge(**changes: Any) -> Document:
    """A paid, undisputed, unrefunded Stripe charge of 42.00 USD, five days before the call."""
    fields: dict[str, Any] = {
        "system": "stripe",
        "type": "charge",
        "id": CHARGE,
        "party_id": "cus_1",
        "references": ("pi_1",),
        "amount": Money(4200, "USD"),
        "amount_refunded": Money(0, "USD"),
        "status": "succeeded",
        "paid": True,
        "disputed": False,
        "created": SPOKEN - timedelta(days=5),
        "email": EMAIL,
        "links": {"receipt": "https://receipts.example/r/1"},
    }
    return Document(**(fields | changes))


def invoice(**changes: Any) -> Document:
    """An open QuickBooks invoice of 310.00 USD of the company."""
    fields: dict[str, Any] = {
        "system": "quickbooks",
        "type": "invoice",
        "id": "7001",
        "number": "LJ-2041",
        "party_id": "41",
        "amount": Money(31000, "USD"),
        "amount_due": Money(31000, "USD"),
        "status": "open",
        "paid": False,
        "created": SPOKEN - timedelta(days=20),
        "email": "accounts@larkspur.example",
        "links": {"hosted": "https://pay.example/i/7001"},
    }
    return Document(**(fields | changes))


def looked(
    tool: str,
    *,
    parties: Iterable[Party] = (),
    documents: Iterable[Document] = (),
    owners: Iterable[Owner] = (),
    status: LookupStatus = "ok",
    body: Any = None,
    **arguments: Any,
) -> Looked:
    """A lookup that ended as ``status``; anything but ok carries no answer."""
    answer = Answer(body=body, parties=tuple(parties), documents=tuple(documents), owners=tuple(owners))
    return Looked(tool, arguments, status, answer if status == "ok" else None)


def facts(
    understood: Extraction,
    *lookups: Looked,
    heard: RedactedCall | None = None,
    workspace: Workspace | None = None,
    match: MatchedCaller | None = None,
    **changes: Any,
) -> Facts:
    """Facts on a sandbox; the caller is matched from the lookups unless ``match`` is given."""
    spoken = heard or call()
    base = Facts(
        call=spoken,
        extraction=understood,
        workspace=workspace or Workspace(),
        lookups=lookups,
        match=MatchedCaller(verdict="unknown"),
        sandbox=True,
        stand_in=False,
        now=SPOKEN + timedelta(minutes=1),
    )
    own = match or identify(understood, spoken, base.parties, base.documents)
    return replace(base, match=own, **changes)


def clean_refund(
    *,
    understood: Extraction | None = None,
    customer: Party | None = None,
    charges: Sequence[Document] | None = None,
    **changes: Any,
) -> Facts:
    """A refund call on which every condition of the table row holds."""
    reading = understood or extraction(customer_name="Nora Quill", email=EMAIL, amount="42.00", currency="USD")
    own = (charge(),) if charges is None else charges
    return facts(
        reading,
        looked("stripe.find_customer", parties=(customer or person(),), email=EMAIL),
        looked("stripe.list_charges", documents=own, customer="cus_1"),
        **changes,
    )


def clean_resend(
    *,
    understood: Extraction | None = None,
    customer: Party | None = None,
    documents: Sequence[Document] | None = None,
    **changes: Any,
) -> Facts:
    """An invoice resend on which every condition of the e-mail row holds."""
    reading = understood or extraction(
        Scenario.INVOICE_RESEND,
        document_kind="invoice",
        customer_name="Nora Quill",
        company_name="Larkspur Joinery",
        email="accounts@larkspur.example",
        invoice_number="LJ-2041",
    )
    return facts(
        reading,
        looked("quickbooks.find_customer", parties=(customer or company(),), email="accounts@larkspur.example"),
        looked("quickbooks.get_invoice", documents=documents or (invoice(),), doc_number="LJ-2041"),
        **changes,
    )


def action(tool: str, **arguments: Any) -> Action:
    """A typed action of a real operation."""
    operation = operations()[tool]
    return Action(operation, operation.arguments.model_validate(arguments))


def refund(**changes: Any) -> Action:
    """The refund that fits ``clean_refund``."""
    return action("stripe.create_refund", **({"charge": CHARGE, "amount": "42.00", "currency": "USD"} | changes))


def send(**changes: Any) -> Action:
    """The send that fits ``clean_resend``."""
    return action(
        "quickbooks.send_invoice", **({"invoice_id": "7001", "send_to": "accounts@larkspur.example"} | changes)
    )


def short(decision: PolicyDecision) -> tuple[str, str]:
    """(verdict, rule): what tests compare."""
    return decision.verdict.value, decision.rule


def rules(reasons: Iterable[ReviewReason]) -> list[str]:
    """The rule ids of review reasons."""
    return [reason.rule for reason in reasons]
