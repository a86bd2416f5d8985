"""A workspace: its thresholds, limits, owners, channels and policy, validated when loaded.

The file is TOML; unknown keys are refused. A workspace may tighten any rule of the default policy and
loosen only what design marks (stripe.create_refund and proabono.create_customer). Schema:
docs/workspace.schema.json.
"""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from agent.capture import Scenario
from agent.errors import ConfigurationError
from agent.run import Verdict

Mode = Literal["shadow", "live"]
Destination = Literal["zendesk", "hubspot", "gsheets"]

_STRICTNESS = {Verdict.ALLOW: 0, Verdict.REVIEW: 1, Verdict.DENY: 2}
LOOSENABLE = frozenset({"stripe.create_refund", "proabono.create_customer"})


SLOTS = ("customer", "number", "amount", "date", "link")
"""The slots that a template may use; each is filled from the record, never from the model."""

_PLAIN_DECIMAL = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,4})?")
_BRACES = re.compile(r"\{([^{}]*)\}")


def _decimal(text: Any) -> Any:
    if not isinstance(text, str) or not _PLAIN_DECIMAL.fullmatch(text):
        raise ValueError('must be a plain decimal in quotes, such as "50.00"')
    return text


def _secure(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError("must be a full https:// address")
    return url


def _slotted(text: str) -> str:
    for slot in _BRACES.findall(text):
        if slot not in SLOTS:
            raise ValueError(f"{{{slot}}} is not a slot; there are: {', '.join(f'{{{one}}}' for one in SLOTS)}")
    return text


def _currency(code: str) -> str:
    if len(code) != 3 or not code.isalpha() or code != code.upper():
        raise ValueError("must be an ISO 4217 code in capitals, such as USD")
    return code


AmountText = Annotated[str, BeforeValidator(_decimal)]
SecureUrl = Annotated[str, AfterValidator(_secure)]
SlottedText = Annotated[str, AfterValidator(_slotted)]
CurrencyCode = Annotated[str, AfterValidator(_currency)]
Share = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(_Part):
    """Per-currency money limits, in major units. A currency without an entry always goes to review (S52).

    The sums a day that may be refunded without a person follow ``auto_refund`` where they are not set: as
    many refunds as a customer may have in 30 days, and twenty of them over the whole workspace.
    """

    auto_refund: AmountText = "50.00"
    high_value: AmountText = "1000.00"
    customer_refunds_per_day: AmountText | None = None
    workspace_refunds_per_day: AmountText | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for name in ("high_value", "customer_refunds_per_day", "workspace_refunds_per_day"):
            own: str | None = getattr(self, name)
            if own is not None and Decimal(own) < Decimal(self.auto_refund):
                raise ValueError(f"{name} ({own}) must not be less than auto_refund ({self.auto_refund})")
        return self


class Caps(_Part):
    """How often money may move without a person, reserved in the ledger's own transaction; the sums are
    per currency and stand with its ``Limits``."""

    auto_refunds_per_customer_30d: int = Field(default=1, ge=0)


class Owners(_Part):
    """Who owns the next step, by kind of work; names or team names shown in hand-offs."""

    finance: str = "finance"
    collections: str = "collections"
    account: str = "account-management"
    billing: str = "billing"
    tax: str = "finance"


class Slack(_Part):
    """Where finance alerts go."""

    channel: str = "finance-alerts"


class Sheets(_Part):
    """The exception review queue (S39)."""

    spreadsheet_id: str = "billing-exceptions"
    range: str = "Queue!A1:L1"


class Drive(_Part):
    """Where invoices and credit notes are stored (S38)."""

    folder_id: str = "billing-documents"


class Template(_Part):
    """An approved e-mail with typed slots: ``{customer} {number} {amount} {date} {link}`` filled from
    the record, never from the model (S43)."""

    subject: SlottedText
    body: SlottedText

    @field_validator("subject")
    @classmethod
    def _one_line(cls, subject: str) -> str:
        if len(subject.splitlines()) != 1:
            raise ValueError("must be one line")
        return subject


DEFAULT_TEMPLATES: dict[str, Template] = {
    "invoice_copy": Template(
        subject="Invoice {number}",
        body="Hello {customer},\n\nhere is the copy of invoice {number} ({amount}) you asked for:\n{link}\n\nKind regards\n",
    ),
    "receipt": Template(
        subject="Receipt for {number}",
        body="Hello {customer},\n\nhere is the receipt for {number} ({amount}, {date}) you asked for:\n{link}\n\nKind regards\n",
    ),
    "receipt_text": Template(
        subject="Receipt for {number}",
        body="Hello {customer},\n\nthis is your receipt for {number}: {amount}, dated {date}, paid in full.\n\nKind regards\n",
    ),
    "payment_link": Template(
        subject="Secure payment link for {number}",
        body="Hello {customer},\n\nplease update your payment method or pay {number} ({amount}) on our secure page:\n{link}\n\n"
        "We never ask for card or bank numbers by phone or e-mail.\n\nKind regards\n",
    ),
}


class Thresholds(_Part):
    """Least calibrated confidence to act on without a person (C06); ``scenario`` may be set per label."""

    default: Share = 0.85
    action_field: Share = 0.90
    vip_payment_blocker: Share | None = None
    collections_call: Share | None = None
    receipt_to_verified_email: Share | None = None
    charge_dispute: Share | None = None
    invoice_resend: Share | None = None
    renewal_failure: Share | None = None
    refund_request: Share | None = None
    tax_or_address_correction: Share | None = None
    other_billing: Share | None = None
    not_billing: Share | None = None

    def scenario(self, label: Scenario) -> float:
        """The threshold for ``label``."""
        own: float | None = getattr(self, label.value)
        return self.default if own is None else own


_DEFAULT_LIMITS = {code: Limits() for code in ("USD", "EUR", "GBP")}


class Workspace(_Part):
    """One customer of ours. Defaults are the defaults of the design page; see docs/configuration.md."""

    id: str | None = None
    region: str = "US"
    currency: CurrencyCode = "USD"
    timezone: str = "UTC"
    mode: Mode = "shadow"
    destinations: tuple[Destination, ...] = Field(default=("zendesk", "hubspot", "gsheets"), min_length=1)
    owners: Owners = Owners()
    secure_payment_url: SecureUrl | None = None
    secure_tax_form_url: SecureUrl | None = None
    bare_account_number: Literal["own_id", "bank"] = "own_id"
    review_expiry_hours: int = Field(default=72, ge=1, le=8760)
    approval_max_age_hours: int = Field(default=24, ge=1, le=8760)
    thresholds: Thresholds = Thresholds()
    limits: dict[CurrencyCode, Limits] = Field(default_factory=lambda: dict(_DEFAULT_LIMITS))
    caps: Caps = Caps()
    policy: dict[str, Verdict] = Field(default_factory=dict)
    templates: dict[str, Template] = Field(default_factory=lambda: dict(DEFAULT_TEMPLATES))
    slack: Slack = Slack()
    sheets: Sheets = Sheets()
    drive: Drive = Drive()

    @field_validator("policy")
    @classmethod
    def _policy_entries(cls, policy: dict[str, Verdict]) -> dict[str, Verdict]:
        """Names of operations that exist are checked where the registry is known, in ``agent.wiring``."""
        for tool, verdict in policy.items():
            if tool.count(".") != 1:
                raise ValueError(f"{tool!r} is not a tool name such as stripe.create_refund")
            if verdict is Verdict.ALLOW and tool not in LOOSENABLE:
                raise ValueError(f'{tool} cannot be set to "allow"; only {" and ".join(sorted(LOOSENABLE))} can')
        return policy

    def tightened(self, tool: str, verdict: Verdict) -> Verdict:
        """``verdict`` with this workspace's own entry for ``tool`` applied: the stricter of the two."""
        own = self.policy.get(tool)
        if own is None:
            return verdict
        return own if _STRICTNESS[own] > _STRICTNESS[verdict] else verdict


def load_workspace(path: Path) -> Workspace:
    """Read and validate a workspace file. Raises ConfigurationError that names the file and the key."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return Workspace.model_validate(data)
    except FileNotFoundError:
        raise ConfigurationError(f"workspace file {path} does not exist") from None
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(f"workspace file {path} cannot be read as UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"workspace file {path} is not valid TOML: {error}") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        told = first["msg"].removeprefix("Value error, ")
        text = "unknown key" if first["type"] == "extra_forbidden" else f"{told[:1].lower()}{told[1:]}"
        raise ConfigurationError(f"workspace file {path}: {key}: {text}") from None
