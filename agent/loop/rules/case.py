"""Why a whole call must go to a person (design, Policy; S07, S37, S50-S53, S62, C06)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from agent.capture import Extracted, Scenario, Signal
from agent.loop.facts import Facts
from agent.loop.identity import STRONG
from agent.loop.names import same_email, same_reference
from agent.loop.rules.documents import addresses, sendable
from agent.loop.rules.lookups import failed_lookups
from agent.loop.rules.money import NOT_SEEN_TWICE, limits_for, refund_outlook
from agent.loop.rules.nets import caught, caught_idle
from agent.loop.rules.said import amount_said, disputed, documents_named, money, nothing_to_do
from agent.loop.rules.twice import duplicates
from agent.loop.scenarios import scenarios_of
from agent.run import ReviewReason
from tools.money import Money
from tools.records import Document

_S = Scenario
_MONEY = frozenset({_S.REFUND_REQUEST, _S.CHARGE_DISPUTE, _S.VIP_PAYMENT_BLOCKER})
_SENDS = frozenset({_S.INVOICE_RESEND, _S.RECEIPT_TO_VERIFIED_EMAIL})
_ACTION_FIELDS: dict[Scenario, tuple[str, ...]] = {
    _S.REFUND_REQUEST: ("amount", "currency", "payment_id", "order_id", "invoice_number"),
    _S.INVOICE_RESEND: ("email", "invoice_number", "order_id"),
    _S.RECEIPT_TO_VERIFIED_EMAIL: ("email", "invoice_number", "payment_id", "order_id"),
    _S.RENEWAL_FAILURE: ("email",),
}
"""Fields that an action of that subject rests on: each that was said must be sure enough."""

_REFERENCES = frozenset({"invoice_number", "order_id", "payment_id"})
_MUST_BE_SAID: dict[Scenario, tuple[str, ...]] = {_S.REFUND_REQUEST: ("amount", "currency")}
"""Those without which the action is never done by itself."""

_CHECKED_FIELDS: dict[Scenario, tuple[str, ...]] = {
    _S.REFUND_REQUEST: ("invoice_number", "payment_id", "amount", "currency"),
    _S.INVOICE_RESEND: ("invoice_number",),
    _S.RECEIPT_TO_VERIFIED_EMAIL: ("invoice_number", "payment_id"),
}
"""Fields whose failed check holds an action of that subject back; the e-mail does on every subject."""

_HEARD: tuple[tuple[Signal, str, str], ...] = (
    (Signal.SPOKEN_INSTRUCTIONS, "S50.spoken_instructions", "somebody spoke instructions meant for the system"),
    (Signal.CUT_OFF, "S50.cut_off", "the call broke off before the facts were complete"),
    (
        Signal.IDENTIFIER_TO_BE_USED,
        "S51.identifier_to_be_used",
        "the caller asked to use or keep a card, bank or tax number",
    ),
    (Signal.LEGAL_THREAT, "S51.legal_threat", "a lawyer, court or regulator was mentioned as a threat"),
    (Signal.VULNERABILITY, "S51.vulnerability", "the caller may be bereaved or vulnerable"),
    (Signal.FRAUD_CLAIM, "S51.fraud_claim", "the caller speaks of fraud or a taken-over account"),
    (Signal.DATA_RIGHTS, "S51.data_rights", "the caller asks about their data rights"),
    (Signal.CONTACT_CHANGED, "S65.contact_changed", "contact data was changed, or asked to be changed, in this call"),
    (Signal.COMMITMENT_CHANGE, "S53.commitment_change", "a change of terms, access, plan or commitments is asked for"),
    (Signal.BANK_REVERSAL, "S62.chargeback", "the caller says the bank was asked to reverse a charge"),
)
_GRAVE = frozenset({Signal.SPOKEN_INSTRUCTIONS, Signal.FRAUD_CLAIM, Signal.LEGAL_THREAT})
_SENSITIVE_COLLECTIONS = (Signal.HARDSHIP, Signal.LEGAL_THREAT, Signal.BROKEN_PROMISE)

_NO_CALIBRATION = ReviewReason(
    rule="C06.no_calibration", text="no calibration exists for this model, so its confidence is not known"
)

Reasons = Iterator[ReviewReason]


def case_reasons(facts: Facts) -> tuple[ReviewReason, ...]:
    """Every reason why this call needs a person, most basic first; empty when it may run by itself.

    ``facts.raised`` comes first: what the run itself found wrong. On a call that is not about billing, or
    on which nothing is left to do, a doubtful reading is a reason, and so is what no call may swallow:
    fraud, a legal threat, instructions to the system, digits that nobody could explain.
    """
    idle = facts.extraction.scenario.label is Scenario.NOT_BILLING or nothing_to_do(facts.extraction)
    found = [reason for part in (_IDLE_PARTS if idle else _PARTS) for reason in part(facts)]
    return tuple(dict.fromkeys((*facts.raised, *found)))


def collections_sensitive(facts: Facts) -> bool:
    """Hardship, a legal threat or a broken promise on any call; a complaint on a collections call (S07)."""
    if facts.extraction.heard(*_SENSITIVE_COLLECTIONS):
        return True
    return Scenario.COLLECTIONS_CALL in scenarios_of(facts.extraction) and facts.extraction.heard(Signal.COMPLAINT)


def money_decision_due(facts: Facts) -> bool:
    """Whether somebody must decide about money or terms, as opposed to sending a copy or taking a note."""
    wanted = _MONEY.intersection(scenarios_of(facts.extraction))
    credit = bool(facts.extraction.capture.credit_request.value)
    return bool(wanted) or credit or facts.extraction.heard(Signal.COMMITMENT_CHANGE)


def _reason(rule: str, text: str) -> ReviewReason:
    return ReviewReason(rule=rule, text=text)


def _trust(facts: Facts) -> Reasons:
    """What makes the reading itself doubtful."""
    yield from _unread(facts)
    yield from _unsure(facts)


def _unread(facts: Facts) -> Reasons:
    if facts.call.flagged:
        yield _reason("S59.redaction_flagged", "a long number was masked that no recognizer could explain")
    if not facts.extraction.complete:
        yield _reason("S50.incomplete", "the call could not be read to its end")


def _unsure(facts: Facts) -> Reasons:
    """A scenario under its threshold, or with no measured confidence: doing nothing needs to be as sure as
    doing something."""
    reading = facts.extraction.scenario
    least = facts.workspace.thresholds.scenario(reading.label)
    if reading.confidence is None:
        yield _NO_CALIBRATION
    elif reading.confidence < least:
        text = f"what the call is about is not sure enough ({_apart(reading.confidence, least)})"
        yield _reason("C06.scenario_confidence", text)


def _apart(found: float, least: float) -> str:
    """Both numbers with as many digits as it takes to tell them apart; ``found`` is the smaller one."""
    digits = next((n for n in range(2, 17) if f"{found:.{n}f}" != f"{least:.{n}f}"), 17)
    return f"{found:.{digits}f}, needed {least:.{digits}f}"


def _grave(facts: Facts) -> Reasons:
    """What a person must hear of even on a call on which nothing is to be done."""
    for signal, rule, text in _HEARD:
        if signal in _GRAVE and facts.extraction.heard(signal):
            yield _reason(rule, text)
    yield from caught_idle(facts.call, frozenset(scenarios_of(facts.extraction)))


def _fields(facts: Facts) -> Reasons:
    """Fields that an action needs: sure enough, and none of them lost to a failed check."""
    capture, least = facts.extraction.capture, facts.workspace.thresholds.action_field
    needed = {field for scenario in scenarios_of(facts.extraction) for field in _ACTION_FIELDS.get(scenario, ())}
    for field in sorted(needed):
        own: Extracted[str] = getattr(capture, field)
        if own.value is not None and own.confidence is None:
            yield _NO_CALIBRATION
        elif own.value is not None and not _sure(own, least) and not _on_record(own.value, field, facts):
            yield _reason("C06.field_confidence", f"the {field.replace('_', ' ')} is not sure enough")
    for field in sorted({f for s in scenarios_of(facts.extraction) for f in _MUST_BE_SAID.get(s, ())}):
        if getattr(capture, field).value is None:
            yield _reason("S61.field_missing", f"the {field} is not known from the call")
    checked = {f for scenario in scenarios_of(facts.extraction) for f in _CHECKED_FIELDS.get(scenario, ())}
    for field in sorted({"email", *checked}):
        own = getattr(capture, field)
        if own.value is None and any(not check.passed for check in own.checks):
            yield _reason("S50.grounding", f"the {field.replace('_', ' ')} could not be proved from the call")


def _on_record(value: str, field: str, facts: Facts) -> bool:
    """Whether a record of the matched caller carries this very reference: a misheard one would not stand there."""
    return field in _REFERENCES and any(
        same_reference(value, own)
        for document in facts.documents_of_match
        for own in (document.id, document.number or "", *document.references)
    )


def _sure(own: Extracted[str], least: float) -> bool:
    return own.confidence is not None and own.confidence >= least


def _identity(facts: Facts) -> Reasons:
    texts = {
        "unknown": "the caller is not matched to a customer",
        "ambiguous": "more than one customer fits the caller",
        "mismatched": "what the caller said contradicts the customer record",
        "third_party": "the caller speaks for somebody else",
    }
    verdict = facts.match.verdict
    if verdict in texts:
        yield _reason(f"S50.identity_{verdict}", texts[verdict])
        return
    yield from _unsure_match(facts)


def _unsure_match(facts: Facts) -> Reasons:
    """A match must hold on its sure facts alone: two of them, one of them strong. The calling number comes
    from the call record and not from a reading."""
    capture, least = facts.extraction.capture, facts.workspace.thresholds.action_field
    said = {f: getattr(capture, f) for f in facts.match.agreeing if f in type(capture).model_fields}
    sure = {f for f in facts.match.agreeing if f not in said or _sure(said[f], least)}
    if len(sure) >= 2 and not STRONG.isdisjoint(sure):
        return
    if any(own.confidence is None for own in said.values()):
        yield _NO_CALIBRATION
    elif said:
        yield _reason("C06.identity_confidence", "too few of the facts that identify the caller are sure enough")


def _signals(facts: Facts) -> Reasons:
    for signal, rule, text in _HEARD:
        if facts.extraction.heard(signal):
            yield _reason(rule, text)
    if collections_sensitive(facts):
        yield _reason("S07.collections_sensitive", "hardship, a threat, a complaint or a broken promise was heard")
    kind = facts.extraction.document_kind.value
    if kind in ("tax_form", "statement"):
        yield _reason("S10.document_kind", f"a {kind.replace('_', ' ')} was asked for, and those always go to a person")


def _nets(facts: Facts) -> Reasons:
    """What the transcript itself says, whatever the model made of it."""
    yield from caught(facts.call, frozenset(scenarios_of(facts.extraction)))


def _subject(facts: Facts) -> Reasons:
    """What the call is about by itself needs a person."""
    wanted = scenarios_of(facts.extraction)
    if disputed(facts) or any(d.disputed for d in documents_named(facts)):
        yield _reason("S62.dispute", "a charge is disputed, and disputes are decided by finance")
    if Scenario.VIP_PAYMENT_BLOCKER in wanted:
        yield _reason("S04.payment_blocker", "a payment blocker is decided by a person: it changes access or terms")
    if Scenario.TAX_OR_ADDRESS_CORRECTION in wanted:
        yield _reason("S54.correction", "tax and address data are corrected by a person in the billing system")
    if Scenario.OTHER_BILLING in wanted and facts.extraction.capture.promised_next_step.value:
        yield _reason("S53.promised_step", "somebody was promised a next step that no rule lets run by itself")


def _high_value(facts: Facts) -> Reasons:
    if not money_decision_due(facts):
        return
    if facts.vip:
        yield _reason("S52.vip", "the record says VIP, and a decision on money is due")
    for amount in _amounts(facts):
        limits = limits_for(facts, amount.currency)
        if limits is None:
            yield _reason("S52.currency_without_limit", f"no limits are set for {amount.currency}")
        elif Decimal(amount.text) >= Decimal(limits.high_value):
            yield _reason("S52.high_value", f"{amount} is a high amount (from {limits.high_value} {amount.currency})")


def _amounts(facts: Facts) -> tuple[Money, ...]:
    """The amounts the decision is about: as said, and as the named records show them.

    An amount said without a currency is taken in the matched records' currency, else the workspace's.
    """
    capture = facts.extraction.capture
    known = [d.amount.currency for d in facts.documents_of_match if d.amount]
    currency = capture.currency.value or (known[0] if known else facts.workspace.currency)
    said = money(capture.amount.value, currency)
    recorded = [m for d in documents_named(facts) for m in (d.amount_due, d.amount) if m is not None and m.minor > 0]
    return tuple(dict.fromkeys((*(() if said is None else (said,)), *recorded)))


def _claims(facts: Facts) -> Reasons:
    """The record disagrees with the claim on a money matter."""
    named, capture = documents_named(facts), facts.extraction.capture
    for document in named:
        if _amount_disagrees(document, facts):
            yield _reason("S62.amount_disagrees", f"the amount said is not that of {document.number or document.id}")
        if capture.payment_status.value == "paid" and document.paid is False:
            yield _reason(
                "S62.status_disagrees",
                f"{document.number or document.id} was said to be paid; the record says it is not",
            )
    if (
        capture.payment_status.value == "refunded"
        and named
        and not any(_refunded_any(d.amount_refunded) for d in named)
    ):
        yield _reason("S62.status_disagrees", "a refund was said to be made, and the record shows none")
    if facts.matched and facts.extraction.heard(Signal.DUPLICATE_CHARGE) and not duplicates(facts):
        yield _reason("S06.duplicate_not_seen", NOT_SEEN_TWICE)


def _amount_disagrees(document: Document, facts: Facts) -> bool:
    """Whether an amount was said that is not the named document's, where money is to be decided; a refund
    may be asked of a part."""
    amounts = [m for m in (document.amount, document.amount_due) if m is not None]
    if facts.extraction.capture.amount.value is None or document.type not in ("invoice", "charge") or not amounts:
        return False
    part_asked = Scenario.REFUND_REQUEST in scenarios_of(facts.extraction)
    for money_on_record in amounts:
        said = amount_said(facts, money_on_record.currency)
        if said == money_on_record or (part_asked and said is not None and said.minor < money_on_record.minor):
            return False
    return money_decision_due(facts)


def _refunded_any(refunded: Money | None) -> bool:
    return refunded is not None and refunded.minor > 0


def _refunds(facts: Facts) -> Reasons:
    if Scenario.REFUND_REQUEST in scenarios_of(facts.extraction) and not disputed(facts):
        outlook = refund_outlook(facts)
        if outlook is not None:
            yield outlook


def _sends(facts: Facts) -> Reasons:
    """A copy that is asked for and cannot be sent by rule."""
    if not facts.matched or not _SENDS.intersection(scenarios_of(facts.extraction)):
        return
    documents = sendable(facts)
    if not documents:
        yield _reason("S65.nothing_to_send", "no invoice or payment of this customer was found to send a copy of")
        return
    said = facts.extraction.capture.email.value
    known = [address for d in documents for address in addresses(d, facts)]
    known += [address for party in facts.matched_parties for address in party.emails]
    if said is not None and not any(same_email(said, address) for address in known):
        yield _reason("S10.recipient_not_on_record", "the address said is not the one on the record")


def _lookups(facts: Facts) -> Reasons:
    yield from failed_lookups(facts)


_PARTS: tuple[Callable[[Facts], Reasons], ...] = (
    _signals,
    _nets,
    _identity,
    _lookups,
    _subject,
    _refunds,
    _high_value,
    _claims,
    _sends,
    _trust,
    _fields,
)

_IDLE_PARTS: tuple[Callable[[Facts], Reasons], ...] = (_grave, _unread, _unsure)
"""The parts that count on a call on which nothing is to be done."""
