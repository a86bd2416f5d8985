"""Canonical forms for comparing a captured value with gold: two ways to write one fact are one fact."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from evals.gold import Accepted, accepted

_COMPANY_ENDINGS = frozenset("ltd limited llc inc incorporated gmbh sas sarl ab pvt co corp plc company".split())
_TITLES = frozenset("mr mrs ms miss mister madam dr frau herr".split())
_SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP", "₹": "INR"}
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}


def fold(text: str) -> str:
    """Lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(ch for ch in decomposed if not unicodedata.combining(ch)).lower()


def _amount(text: str) -> str:
    digits = re.sub(r"[^\d.,-]", "", text)
    if re.search(r",\d{2}$", digits):
        digits = re.sub(r"[.,]", "", digits[:-3]) + "." + digits[-2:]
    try:
        return str(Decimal(digits.replace(",", "")).quantize(Decimal("0.01")))
    except InvalidOperation:
        return text.strip().lower()


def _day(text: str) -> str:
    iso = re.search(r"(\d{4})-(\d{1,2})-(\d{1,2})", text)
    if iso:
        year, month, day = iso.groups()
        return f"{year}-{int(month):02d}-{int(day):02d}"
    american = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text.strip())
    if american:
        month, day, year = american.groups()
        return f"{year}-{int(month):02d}-{int(day):02d}"
    return text.strip().lower()


def _phone(text: str) -> str:
    digits = re.sub(r"[^\d+]", "", text)
    digits = "+" + digits[2:] if digits.startswith("00") else digits
    return digits if digits.startswith("+") else "+" + digits


def _name(text: str) -> str:
    words = re.findall(r"[a-z0-9]+", fold(text.replace("&", " and ")))
    words = [word for word in words if word not in _TITLES]
    while len(words) > 1 and words[-1] in _COMPANY_ENDINGS:
        words.pop()
    return " ".join(words)


def _identifier(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(text))


def _email(text: str) -> str:
    return re.sub(r"\s+", "", text).strip(".<>").lower()


def _currency(text: str) -> str:
    return _SYMBOLS.get(text.strip(), text.strip().upper())


def _region(text: str) -> str:
    return text.strip().upper().replace("_", "-")


def _truth(text: str) -> object:
    return _TRUTH.get(text.strip().lower(), text)


def _token(text: str) -> str:
    return re.sub(r"\s+", "_", text.strip().lower())


SCORED: Mapping[str, Callable[[str], object]] = {
    "customer_name": _name,
    "company_name": _name,
    "account_id": _identifier,
    "email": _email,
    "phone": _phone,
    "invoice_number": _identifier,
    "payment_id": _identifier,
    "subscription_id": _identifier,
    "order_id": _identifier,
    "tax_region": _region,
    "amount": _amount,
    "currency": _currency,
    "due_date": _day,
    "payment_status": _token,
    "approval_threshold": _amount,
    "finance_owner": _name,
    "follow_up_deadline": _day,
    "expects_callback": _truth,
}
"""The fields compared with gold, each with its normaliser; the others are free text."""

FREE_TEXT = frozenset(
    "refund_reason dispute_reason credit_request customer_claim caller_request affected_record "
    "escalation_reason promised_next_step next_step_owner billing_address".split()
)


def canonical(field: str, value: Any) -> object:
    """``value`` of ``field`` in the form that comparisons use; None stays None."""
    return None if value is None else SCORED[field](str(value))


def same(field: str, value: Any, gold: Accepted) -> bool:
    """Whether ``value`` is one of the accepted gold values."""
    return canonical(field, value) in [canonical(field, right) for right in accepted(gold)]
