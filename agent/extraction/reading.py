"""What the model is asked to return: the Instructor response model of the extraction call.

Kept flat and small, because its JSON Schema is paid for on every call. Call-record facts (ids, links,
numbers, times) are never asked for.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from agent.capture import CAPTURE_FIELDS, Scenario, Signal

FieldName = Literal[
    "customer_name",
    "company_name",
    "account_id",
    "email",
    "phone",
    "invoice_number",
    "payment_id",
    "subscription_id",
    "order_id",
    "tax_region",
    "billing_address",
    "affected_record",
    "amount",
    "currency",
    "due_date",
    "payment_status",
    "refund_reason",
    "dispute_reason",
    "credit_request",
    "customer_claim",
    "policy_context",
    "caller_request",
    "approval_threshold",
    "finance_owner",
    "escalation_reason",
    "promised_next_step",
    "follow_up_deadline",
    "expects_callback",
    "next_step_owner",
    "document_kind",
    "mention",
]
assert set(get_args(FieldName)) == {*CAPTURE_FIELDS, "document_kind", "mention"}


class _Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Quote(_Wire):
    """A verbatim piece of one turn."""

    turn: int = Field(ge=0)
    quote: str


class Fact(_Wire):
    """One value, as the field wants it written, with the words that prove it."""

    field: FieldName
    value: str
    quotes: list[Quote] = Field(min_length=1)
    confidence: float = Field(ge=0, le=1)


class Heard(_Wire):
    """A signal and the words that prove it."""

    signal: Signal
    quotes: list[Quote] = Field(min_length=1)


class Reading(_Wire):
    """The billing facts of one call."""

    scenario: Scenario
    scenario_confidence: float = Field(ge=0, le=1)
    secondary: list[Scenario]
    facts: list[Fact]
    signals: list[Heard]

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The schema as it is sent: without inner titles and the enums' own docstrings, which cost tokens on
        every call and tell a model nothing that the prompt does not. The outer title names the tool."""
        schema = super().model_json_schema(*args, **kwargs)
        parts = schema.get("$defs", {})
        for part in (schema, *parts.values()):
            for inner in part.get("properties", {}).values():
                inner.pop("title", None)
        for name, part in parts.items():
            part.pop("title", None)
            if name in (Scenario.__name__, Signal.__name__):
                part.pop("description", None)
        return schema
