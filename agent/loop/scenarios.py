"""What each scenario can need: the tools offered to the model, and the lookups that must come first.

Both are written over operation names, so that a workspace with any subset of the systems works; names
that are not available are simply left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from agent.call import RedactedCall
from agent.capture import Extraction, Scenario

Group = frozenset[str]
"""Lookups of which any one will do."""

CUSTOMER_LOOKUPS: Group = frozenset(
    {
        "stripe.find_customer",
        "quickbooks.find_customer",
        "proabono.find_customer",
        "hubspot.find_contact",
        "zendesk.find_user",
        "beeminder.get_user",
    }
)
_BILLING = ("stripe", "quickbooks", "proabono")
_SUPPORT = (
    "hubspot.find_contact",
    "hubspot.find_deals",
    "hubspot.get_owner",
    "zendesk.find_user",
    "zendesk.list_tickets",
)
_SUBJECT = (
    "beeminder.get_user",
    "beeminder.get_goal",
    "fidel.list_brands",
    "fidel.get_brand",
    "polygon.get_ticker_events",
    "polygon.list_filing_files",
    "tokenmetrics.get_tokens",
    "tokenmetrics.get_price",
    "gdrive.find_files",
)
_NOTES = ("zendesk.create_ticket", "zendesk.add_comment", "hubspot.create_note", "gsheets.append_row")
_FILED = frozenset({Scenario.INVOICE_RESEND, Scenario.RECEIPT_TO_VERIFIED_EMAIL})
_S = Scenario
_ACTIONS: dict[Scenario, tuple[str, ...]] = {
    _S.VIP_PAYMENT_BLOCKER: ("slack.post_message",),
    _S.COLLECTIONS_CALL: (),
    _S.RECEIPT_TO_VERIFIED_EMAIL: ("gmail.send_message", "quickbooks.send_invoice", "gdrive.upload_file"),
    _S.CHARGE_DISPUTE: ("slack.post_message", "gmail.create_draft"),
    _S.INVOICE_RESEND: ("quickbooks.send_invoice", "stripe.send_invoice", "gmail.send_message", "gdrive.upload_file"),
    _S.RENEWAL_FAILURE: ("gmail.send_message", "slack.post_message"),
    _S.REFUND_REQUEST: (
        "stripe.create_refund",
        "quickbooks.create_credit_memo",
        "slack.post_message",
    ),
    _S.TAX_OR_ADDRESS_CORRECTION: ("quickbooks.update_customer_address", "gmail.create_draft"),
    _S.OTHER_BILLING: (
        "proabono.create_customer",
        "proabono.update_payment_settings",
        "fidel.create_brand",
        "fidel.update_brand",
        "beeminder.create_charge",
    ),
    _S.NOT_BILLING: (),
}
_LOOKUPS_OF: dict[str, frozenset[Scenario]] = {
    "hubspot.find_deals": frozenset({_S.VIP_PAYMENT_BLOCKER, _S.RENEWAL_FAILURE, _S.COLLECTIONS_CALL}),
    "proabono.get_payment_settings": frozenset({_S.RENEWAL_FAILURE, _S.COLLECTIONS_CALL, _S.OTHER_BILLING}),
    "beeminder.get_goal": frozenset({_S.CHARGE_DISPUTE, _S.REFUND_REQUEST}),
    "fidel.get_brand": frozenset({_S.TAX_OR_ADDRESS_CORRECTION, _S.INVOICE_RESEND, _S.REFUND_REQUEST}),
    "gdrive.find_files": _FILED,
}
"""Lookups that only some subjects need; every other one is offered on every billing call."""

_ABOUT_A_DOCUMENT = frozenset(_S) - {_S.OTHER_BILLING, _S.NOT_BILLING, _S.TAX_OR_ADDRESS_CORRECTION}
_DOCUMENT_FIELDS = ("invoice_number", "payment_id", "subscription_id", "order_id")


def scenarios_of(extraction: Extraction) -> tuple[Scenario, ...]:
    """The primary scenario and the secondary ones, without repeats; nothing beside ``not_billing``."""
    reading = extraction.scenario
    if reading.label is Scenario.NOT_BILLING:
        return (Scenario.NOT_BILLING,)
    rest = (s for s in reading.secondary if s is not Scenario.NOT_BILLING)
    return tuple(dict.fromkeys((reading.label, *rest)))


def offered_tools(extraction: Extraction, available: Collection[str]) -> tuple[str, ...]:
    """The operations (dotted) that this call's scenarios can need, lookups first; none for ``not_billing``."""
    wanted = scenarios_of(extraction)
    if wanted == (Scenario.NOT_BILLING,):
        return ()
    lookups = sorted(
        (name for name in available if _is_billing_lookup(name)), key=lambda n: (_BILLING.index(n.split(".")[0]), n)
    )
    actions = dict.fromkeys(name for scenario in wanted for name in _ACTIONS[scenario])
    ordered = dict.fromkeys((*lookups, *_SUPPORT, *_SUBJECT, *actions, *_NOTES))
    everywhere = frozenset(_S)
    return tuple(
        name for name in ordered if name in available and not _LOOKUPS_OF.get(name, everywhere).isdisjoint(wanted)
    )


def _reads(name: str, *systems: str) -> bool:
    system, _, operation = name.partition(".")
    return system in systems and operation.startswith(("find_", "get_", "list_"))


def _is_billing_lookup(name: str) -> bool:
    return _reads(name, *_BILLING)


def is_document_lookup(name: str) -> bool:
    """Whether ``name`` finds charges, invoices or subscriptions, as opposed to who somebody is."""
    return _is_billing_lookup(name) and name not in CUSTOMER_LOOKUPS


def is_customer_lookup(name: str) -> bool:
    """Whether ``name`` finds who somebody is."""
    return name in CUSTOMER_LOOKUPS


def needs_document(extraction: Extraction) -> bool:
    """Whether the call is about a charge, invoice or subscription that has to be looked up."""
    wanted = scenarios_of(extraction)
    if wanted == (Scenario.NOT_BILLING,):
        return False
    if any(s in _ABOUT_A_DOCUMENT for s in wanted):
        return True
    return any(extraction.capture.value(field) for field in _DOCUMENT_FIELDS)


def needed_lookups(extraction: Extraction, available: Iterable[str]) -> tuple[Group, ...]:
    """The groups of lookups that must finish before anything is done; any one of a group will do.

    The customer in at least one system that holds customers, and, where the call is about a document,
    the document in at least one system that holds those. A group none of whose members is available is
    left out: what cannot be looked up leads to review by way of the identity verdict instead.
    """
    if extraction.scenario.label is Scenario.NOT_BILLING:
        return ()
    names = tuple(available)
    wanted: list[Callable[[str], bool]] = [is_customer_lookup]
    if needs_document(extraction):
        wanted.append(is_document_lookup)
    groups = (frozenset(name for name in names if chosen(name)) for chosen in wanted)
    return tuple(group for group in groups if group)


def searchable(extraction: Extraction, call: RedactedCall) -> bool:
    """Whether the call holds anything that a customer or document lookup could search by."""
    capture = extraction.capture
    fields = ("email", "phone", "account_id", "customer_name", "company_name", *_DOCUMENT_FIELDS)
    return bool(call.caller_number) or any(capture.value(field) for field in fields)
