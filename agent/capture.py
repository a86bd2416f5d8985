"""What is understood: scenario, billing facts with their evidence, signals and suppression flags.

Field names are the fixed output contract (docs/contract.md). Every value read from the conversation
is an ``Extracted``: the value, a calibrated confidence or None, the quotes that prove it, and every
check that was run on it. A value whose check failed is None and keeps the failed check.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Generic, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")


class Scenario(StrEnum):
    """The eight scenarios of the seed documents, and the two that complete them (S25, S01)."""

    VIP_PAYMENT_BLOCKER = "vip_payment_blocker"
    COLLECTIONS_CALL = "collections_call"
    RECEIPT_TO_VERIFIED_EMAIL = "receipt_to_verified_email"
    CHARGE_DISPUTE = "charge_dispute"
    INVOICE_RESEND = "invoice_resend"
    RENEWAL_FAILURE = "renewal_failure"
    REFUND_REQUEST = "refund_request"
    TAX_OR_ADDRESS_CORRECTION = "tax_or_address_correction"
    OTHER_BILLING = "other_billing"
    NOT_BILLING = "not_billing"


PaymentStatus = Literal[
    "paid", "unpaid", "overdue", "failed", "pending", "refunded", "partially_refunded", "disputed", "unknown"
]
PAYMENT_STATUSES: tuple[str, ...] = get_args(PaymentStatus)

DocumentKind = Literal["invoice", "receipt", "statement", "tax_form", "credit_note", "payment_link"]
DOCUMENT_KINDS: tuple[str, ...] = get_args(DocumentKind)


class Signal(StrEnum):
    """Things heard on the call that decide routing; each needs a quote. They tighten, never loosen,
    except WITHDRAWN and ANSWERED, which can only lead to doing nothing."""

    SPOKEN_INSTRUCTIONS = "spoken_instructions"
    WITHDRAWN = "withdrawn"
    ANSWERED = "answered"
    CUT_OFF = "cut_off"
    THIRD_PARTY = "third_party"
    IDENTIFIER_TO_BE_USED = "identifier_to_be_used"
    CONTACT_CHANGED = "contact_changed"
    HARDSHIP = "hardship"
    LEGAL_THREAT = "legal_threat"
    COMPLAINT = "complaint"
    BROKEN_PROMISE = "broken_promise"
    DUPLICATE_CHARGE = "duplicate_charge"
    BANK_REVERSAL = "bank_reversal"
    ACCESS_LOST = "access_lost"
    VULNERABILITY = "vulnerability"
    FRAUD_CLAIM = "fraud_claim"
    DATA_RIGHTS = "data_rights"
    COMMITMENT_CHANGE = "commitment_change"
    PRIVATE_DOCUMENT = "private_document"


class Evidence(BaseModel):
    """A verbatim slice of ``redacted_turns[turn].text``; ``turn`` counts from 0."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    turn: int
    quote: str


class Check(BaseModel):
    """One test that a value went through, and why it passed or failed, in plain words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    passed: bool
    reason: str


class Extracted(BaseModel, Generic[T]):
    """A value read from the conversation. Unknown is ``value=None, confidence=None, [], []``.

    ``confidence`` is the calibrated probability (0..1) that the value is right, or None when no
    calibration map exists for the model; None never passes a threshold.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: T | None = None
    confidence: float | None = Field(default=None, ge=0.0, le=1.0)
    evidence: tuple[Evidence, ...] = ()
    checks: tuple[Check, ...] = ()


Text = Extracted[str]


class BillingCapture(BaseModel):
    """The seeds' capture list (S08-S17). Amounts are decimal strings in major units with the
    currency's own digits (``49.00``), dates ISO, phones E.164, regions ISO 3166 (``DE``, ``US-CA``)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    customer_name: Text = Text()
    company_name: Text = Text()
    account_id: Text = Text()
    email: Text = Text()
    phone: Text = Text()
    invoice_number: Text = Text()
    payment_id: Text = Text()
    subscription_id: Text = Text()
    order_id: Text = Text()
    tax_region: Text = Text()
    billing_address: Text = Text()
    affected_record: Text = Text()
    amount: Text = Text()
    currency: Text = Text()
    due_date: Text = Text()
    payment_status: Extracted[PaymentStatus] = Extracted[PaymentStatus]()
    refund_reason: Text = Text()
    dispute_reason: Text = Text()
    credit_request: Text = Text()
    customer_claim: Text = Text()
    policy_context: Text = Text()
    caller_request: Text = Text()
    approval_threshold: Text = Text()
    finance_owner: Text = Text()
    escalation_reason: Text = Text()
    promised_next_step: Text = Text()
    follow_up_deadline: Text = Text()
    expects_callback: Extracted[bool] = Extracted[bool]()
    next_step_owner: Text = Text()

    def value(self, name: str) -> Any:
        """The plain value of field ``name`` or None. Raises AttributeError for an unknown field."""
        extracted: Extracted[Any] = getattr(self, name)
        return extracted.value


CAPTURE_FIELDS: tuple[str, ...] = tuple(BillingCapture.model_fields)


class ScenarioReading(BaseModel):
    """The primary scenario with its calibrated confidence (None without a map), and any others heard."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: Scenario
    confidence: float | None = Field(default=None, ge=0.0, le=1.0)
    secondary: tuple[Scenario, ...] = ()


class HeardSignal(BaseModel):
    """A signal with the quotes that prove it; one without a verbatim quote is dropped by grounding."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    signal: Signal
    evidence: tuple[Evidence, ...]


class Suppression(BaseModel):
    """What kinds of private detail the call held (S21, S22); booleans, never the values."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    card_number: bool = False
    bank_details: bool = False
    tax_identifier: bool = False
    private_billing_document: bool = False


class Extraction(BaseModel):
    """Everything the extraction stage understood about one redacted call."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenario: ScenarioReading
    capture: BillingCapture
    document_kind: Extracted[DocumentKind] = Extracted[DocumentKind]()
    signals: tuple[HeardSignal, ...] = ()
    mentions: tuple[Evidence, ...] = ()
    dropped: tuple[Check, ...] = ()
    complete: bool = True

    def heard(self, *signals: Signal) -> bool:
        """Whether any of ``signals`` was heard with evidence."""
        return any(h.signal in signals for h in self.signals)
