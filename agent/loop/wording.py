"""The words that hand-offs are made of: by scenario, by action, by status. Facts go in, model prose never."""

from __future__ import annotations

from typing import Any

from agent.capture import Scenario

ASKED: dict[Scenario, str] = {
    Scenario.VIP_PAYMENT_BLOCKER: "reported that a payment problem blocks the account",
    Scenario.COLLECTIONS_CALL: "was spoken to about an open balance",
    Scenario.RECEIPT_TO_VERIFIED_EMAIL: "asked for a receipt by e-mail",
    Scenario.CHARGE_DISPUTE: "disputed a charge",
    Scenario.INVOICE_RESEND: "asked for an invoice to be sent again",
    Scenario.RENEWAL_FAILURE: "called about a failed renewal",
    Scenario.REFUND_REQUEST: "asked for a refund",
    Scenario.TAX_OR_ADDRESS_CORRECTION: "asked for tax or address data to be corrected",
    Scenario.OTHER_BILLING: "called about billing",
    Scenario.NOT_BILLING: "did not call about billing",
}
"""What the caller wanted, said after their name."""

REASON: dict[Scenario, str] = {
    Scenario.VIP_PAYMENT_BLOCKER: "payment problem that blocks the account",
    Scenario.COLLECTIONS_CALL: "open balance",
    Scenario.RECEIPT_TO_VERIFIED_EMAIL: "receipt asked for",
    Scenario.CHARGE_DISPUTE: "disputed charge",
    Scenario.INVOICE_RESEND: "invoice asked for again",
    Scenario.RENEWAL_FAILURE: "failed renewal",
    Scenario.REFUND_REQUEST: "refund asked for",
    Scenario.TAX_OR_ADDRESS_CORRECTION: "correction of tax or address data",
    Scenario.OTHER_BILLING: "billing question",
    Scenario.NOT_BILLING: "not about billing",
}
"""The same as a noun, for subjects and reasons."""

_DONE = {
    "stripe.create_refund": "refunded {amount} {currency} to the payment method used",
    "quickbooks.create_credit_memo": "credit memo of {amount} {currency} created",
    "quickbooks.send_invoice": "invoice sent to {send_to}",
    "stripe.send_invoice": "invoice sent by Stripe to the customer's address there",
    "quickbooks.update_customer_address": "billing address changed",
    "gmail.send_message": "e-mail sent to {to}",
    "gmail.create_draft": "draft e-mail to {to} prepared",
    "gdrive.upload_file": "document stored in the billing folder",
    "proabono.create_customer": "billing customer created",
    "proabono.update_payment_settings": "payment settings changed",
    "beeminder.create_charge": "charged {amount} USD",
    "fidel.create_brand": "brand created",
    "fidel.update_brand": "brand changed",
}
_WANTED = {
    "stripe.create_refund": "refund of {amount} {currency}",
    "quickbooks.create_credit_memo": "credit memo of {amount} {currency}",
    "quickbooks.send_invoice": "sending the invoice to {send_to}",
    "stripe.send_invoice": "sending the Stripe invoice to the customer's address there",
    "quickbooks.update_customer_address": "change of the billing address",
    "gmail.send_message": "e-mail to {to}",
    "gmail.create_draft": "e-mail to {to}",
    "gdrive.upload_file": "storing the document",
    "proabono.create_customer": "new billing customer",
    "proabono.update_payment_settings": "change of the payment settings",
    "beeminder.create_charge": "charge of {amount} USD",
    "fidel.create_brand": "new brand",
    "fidel.update_brand": "change of the brand",
}


class _Blank(dict[str, Any]):
    """Slots that the arguments do not hold are left out of the sentence."""

    def __missing__(self, key: str) -> str:
        return ""


def worded(tool: str) -> bool:
    """Whether ``tool`` does something for the customer that has its own words here; notes and alerts have none."""
    return tool in _DONE


def done(tool: str, arguments: dict[str, Any]) -> str:
    """What an executed action did, such as ``refunded 47.25 GBP to the payment method used``."""
    return _filled(_DONE.get(tool, tool.replace(".", " ").replace("_", " ") + " done"), arguments)


def wanted(tool: str, arguments: dict[str, Any]) -> str:
    """What an action that was not carried out would do, such as ``refund of 47.25 GBP``."""
    return _filled(_WANTED.get(tool, tool.replace(".", " ").replace("_", " ")), arguments)


def _filled(pattern: str, arguments: dict[str, Any]) -> str:
    return " ".join(pattern.format_map(_Blank(arguments)).split())
