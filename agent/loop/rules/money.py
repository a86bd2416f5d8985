"""Money rules: refunds, credit memos, charges and payment settings (S29, S32, S53, S61, S62)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

from agent.capture import Scenario, Signal
from agent.loop.facts import Facts
from agent.loop.rules.nets import refund_heard
from agent.loop.rules.ruling import Ruling, allow, deny, given, held, loosened, review
from agent.loop.rules.said import (
    age_of,
    amount_said,
    disputed,
    documents_named,
    money,
    on_one_of,
    part_heard,
    parts_said,
    paying_days_said,
    sums_back_said,
)
from agent.loop.rules.twice import duplicates, later_of_the_pair
from agent.loop.scenarios import scenarios_of
from agent.run import ReviewReason
from agent.workspace import Limits
from tools.connector import Arguments
from tools.money import Money
from tools.records import Document

REFUND_AGE_DAYS = 30
NOT_SEEN_TWICE = "a charge was said to be taken twice, and the records show no such pair that is still open"
_PAID = frozenset({"succeeded", "paid"})


def limits_for(facts: Facts, currency: str) -> Limits | None:
    """The workspace's limits of ``currency``; None means that every amount in it goes to a person (S52)."""
    return facts.workspace.limits.get(currency)


# -- stripe.create_refund ------------------------------------------------------------------------------


def refund(arguments: Arguments, facts: Facts) -> Ruling:
    """The verdict over one Stripe refund: every condition of the table's row, the first that fails named."""
    if str(given(arguments, "reason") or "").lower() == "fraudulent":
        return deny("S61.refund_reason", "a refund as fraudulent blocks the customer's card; it is never given here")
    if any(tool == "stripe.create_refund" for tool, _ in facts.executed):
        return deny("S61.refund_once", "this run already refunded a charge")
    if Scenario.REFUND_REQUEST not in scenarios_of(facts.extraction) and facts.approved_by is None:
        return deny("S61.refund_not_asked", "the call is not understood as asking for a refund", "a refund request")
    reference = str(given(arguments, "charge", "payment_intent") or "")
    charge = facts.document("stripe", reference, "charge")
    wanted = money(given(arguments, "amount"), given(arguments, "currency"))
    if wanted is None:
        return deny("S61.refund_amount", "the amount is not a plain positive amount of a known currency")
    if not facts.matched and facts.approved_by is None:
        return review("S61.refund_identity", "the caller is not matched to a customer", "a matched caller")
    if charge is None:
        return held("S61.refund_charge_unknown", "no lookup of this run showed this charge", "a lookup of the charge")
    return next(_refund_faults(charge, wanted, facts), None) or _refund_clear(charge, wanted, facts)


def _refund_faults(charge: Document, wanted: Money, facts: Facts) -> Iterator[Ruling]:
    """Every condition that ``charge`` and ``wanted`` fail: hard facts of the record first."""
    yield from _record_faults(charge, wanted, facts)
    yield from _claim_faults(charge, wanted, facts)
    yield from _limit_faults(charge, wanted, facts)


def _record_faults(charge: Document, wanted: Money, facts: Facts) -> Iterator[Ruling]:
    """What the record itself says against the refund: nobody can approve it away."""
    if not _belongs(charge, facts):
        yield held(
            "S61.refund_owner", "the charge does not belong to the matched customer", "a charge of this customer"
        )
    if charge.amount is None or charge.paid is not True or (charge.status or "succeeded").lower() not in _PAID:
        yield held("S61.refund_not_paid", "the charge was not paid", "a paid charge")
    if charge.disputed is not False:
        yield held("S62.refund_disputed", "the charge is disputed at the bank, or may be", "an undisputed charge")
    if charge.amount_refunded is None or charge.amount_refunded.minor != 0:
        yield held(
            "S61.refund_again", "money of this charge was refunded before, or may have been", "nothing refunded yet"
        )
    if charge.amount is not None:
        if wanted.currency != charge.amount.currency:
            yield held("S61.refund_currency", "the charge is in another currency", "the currency of the charge")
        elif wanted.minor > charge.amount.minor:
            yield held("S61.refund_too_much", "the refund is more than the charge", "at most the charged amount")


def _belongs(charge: Document, facts: Facts) -> bool:
    """Whether the charge is the caller's. A person who vouches for an unmatched caller vouches for the
    record that the lookups tied to the call, never for another one."""
    if facts.matched:
        return facts.owned(charge)
    return facts.match.id is not None and (charge.system, charge.party_id) == (facts.match.system, facts.match.id)


def _claim_faults(charge: Document, wanted: Money, facts: Facts) -> Iterator[Ruling]:
    """What the conversation says against doing it without a person."""
    if disputed(facts):
        yield review("S62.dispute", "the call disputes a charge, and disputes are decided by finance")
    if not refund_heard(facts.call):
        yield review("S61.refund_not_heard", "nobody is heard asking for money back", "the caller's own words")
    yield from _choice_faults(charge, facts)
    yield from _sum_faults(charge, wanted, facts)


def _choice_faults(charge: Document, facts: Facts) -> Iterator[Ruling]:
    """What leaves open whether this is the charge that was meant."""
    named = [d for d in documents_named(facts) if d.type == "charge"]
    if named and charge not in named:
        yield review("S61.refund_other_charge", "the caller named another charge", "the charge the caller named")
    if not named and not _only_choice(charge, facts):
        yield review(
            "S61.refund_which_charge",
            "more than one charge of this customer has this amount, and the caller named none of them",
            "one clear charge",
        )
    if facts.extraction.heard(Signal.DUPLICATE_CHARGE) and not any(charge in pair for pair in duplicates(facts)):
        yield review("S06.duplicate_not_seen", NOT_SEEN_TWICE, "two open charges of this amount close together")
    days = paying_days_said(facts)
    if charge not in named and days and not on_one_of(charge, days):
        yield review(
            "S61.refund_date_said", "the day said for the payment is not the charge's day", "a charge of the day said"
        )


def _sum_faults(charge: Document, wanted: Money, facts: Facts) -> Iterator[Ruling]:
    """What leaves open whether this is the sum that was meant."""
    if not _stated(charge, wanted, facts):
        yield review(
            "S61.refund_amount_said",
            "the amount said in the call is not the charge's amount, nor a stated part of it",
            "the amount said equals the charge or is a stated part of it",
        )
    if any(
        one.minor < (charge.amount or wanted).minor and one != wanted for one in sums_back_said(facts, wanted.currency)
    ):
        yield review(
            "S61.refund_other_sum",
            "another sum was named for giving back than the one that would be refunded",
            "one sum that both sides named",
        )
    threshold = _spoken_threshold(facts, wanted.currency)
    if threshold is not None and wanted.minor >= threshold.minor:
        yield review("S15.spoken_threshold", "an approval threshold was said in the call, and the amount reaches it")


def _only_choice(charge: Document, facts: Facts) -> bool:
    """Whether amount and day tell the charge: no other one of this customer, however old, that is open to a
    refund has the amount, or the day said in the call is this one's alone. Of charges taken twice, the
    later one is meant."""
    others = [
        d
        for d in facts.documents_of_match
        if (d.system, d.type, d.amount) == (charge.system, "charge", charge.amount)
        and d.id != charge.id
        and d.paid
        and (d.amount_refunded is None or d.amount_refunded.minor == 0)
    ]
    if not others:
        return True
    days = paying_days_said(facts)
    if on_one_of(charge, days) and not any(on_one_of(other, days) for other in others):
        return True
    return facts.extraction.heard(Signal.DUPLICATE_CHARGE) and later_of_the_pair(charge, facts)


def _stated(charge: Document, wanted: Money, facts: Facts) -> bool:
    """Whether ``wanted`` is what was asked for: the whole charge, or the one part of it that was stated.

    The amount said must be the charge's, or the charge must have been named by its reference. As soon as
    a part was stated, the whole is no longer what was asked for; two stated parts leave it open.
    """
    said = amount_said(facts, wanted.currency)
    if said is None or charge.amount is None:
        return False
    if said != charge.amount and not (said.minor < charge.amount.minor and charge in documents_named(facts)):
        return False
    parts = {part for part in (said, *parts_said(facts, wanted.currency)) if part.minor < charge.amount.minor}
    if parts:
        return parts == {wanted}
    return wanted == charge.amount and not part_heard(facts.call)


def _spoken_threshold(facts: Facts, currency: str) -> Money | None:
    """A threshold somebody named. It is a claim: it may hold a refund back, it never lets one through."""
    return money(facts.extraction.capture.approval_threshold.value, currency)


def _limit_faults(charge: Document, wanted: Money, facts: Facts) -> Iterator[Ruling]:
    limits = limits_for(facts, wanted.currency)
    if limits is None:
        yield review(
            "S52.currency_without_limit", f"no limit is set for {wanted.currency}", "a limit for this currency"
        )
    elif wanted.minor > _minor(limits.auto_refund, wanted.currency):
        yield review(
            "S61.refund_over_limit",
            f"{wanted} is over the limit of {limits.auto_refund} {wanted.currency} for a refund without a person",
            f"at most {limits.auto_refund} {wanted.currency}",
        )
    yield from _age_faults(charge, facts)


def _age_faults(charge: Document, facts: Facts) -> Iterator[Ruling]:
    """At most 30 days old; a workspace that loosens refunds lets older charges of the past through."""
    age, needs = age_of(charge, facts), f"a charge of the last {REFUND_AGE_DAYS} days"
    if age is None:
        yield review("S61.refund_age", "the age of the charge is not known", "a dated charge and call")
    elif age < timedelta(0):
        yield review("S61.refund_age", "the charge was made after the call", needs)
    elif age > timedelta(days=REFUND_AGE_DAYS) and not loosened("stripe.create_refund", facts.workspace):
        told = f"{age.days} days and {age.seconds // 3600} hours"
        yield review("S61.refund_age", f"the charge is {told} old; the most is {REFUND_AGE_DAYS} days", needs)


def _minor(text: str, currency: str) -> Decimal:
    """A limit in minor units; compared as a decimal so that a limit with odd digits still holds."""
    return Decimal(text) * (Decimal(Money.parse("1", currency).minor))


def _refund_clear(charge: Document, wanted: Money, facts: Facts) -> Ruling:
    age = age_of(charge, facts)
    return allow(
        "S61.refund_clear",
        f"matched caller; charge of this customer, paid, undisputed, not refunded; amount said equals it or states "
        f"its part; {age.days if age else 0} days old; {wanted} is within the limit",
    )


def refund_outlook(facts: Facts) -> ReviewReason | None:
    """Why the refund that the call asks for cannot run by itself, judged from the records alone.

    None when one charge fits every condition, or when it was refunded in this run already. Without this
    a refund nobody proposed would be lost: the case goes to finance instead.
    """
    if not facts.matched or any(tool == "stripe.create_refund" for tool, _ in facts.executed):
        return None
    candidates = [d for d in facts.documents_of_match if d.system == "stripe" and d.type == "charge"]
    fitting = [d for d in candidates if d.amount and d.amount == amount_said(facts, d.amount.currency)]
    fitting = fitting or [d for d in candidates if d in documents_named(facts)]
    if not fitting:
        return ReviewReason(
            rule="S61.refund_no_charge",
            text="no charge of this customer that was looked up has the amount said in the call",
        )
    faults = [_first_fault(charge, facts) for charge in fitting]
    return None if None in faults else faults[0]


def _first_fault(charge: Document, facts: Facts) -> ReviewReason | None:
    """The first fault of the refund that suits ``charge`` best: of the part that was stated, else the whole."""
    if charge.amount is None:
        return ReviewReason(rule="S61.refund_not_paid", text="the charge has no amount")
    said = amount_said(facts, charge.amount.currency)
    stated = [] if said is None else [said]
    parts = [p for p in (*stated, *parts_said(facts, charge.amount.currency)) if p.minor < charge.amount.minor]
    fault = next(_refund_faults(charge, parts[0] if parts else charge.amount, facts), None)
    return None if fault is None else ReviewReason(rule=fault.rule, text=fault.reason)


# -- money that always needs a person ------------------------------------------------------------------


def credit_memo(arguments: Arguments, facts: Facts) -> Ruling:
    """A credit memo: a person's decision, and proposed only with all that the person needs (S53)."""
    missing = _without_caller(facts)
    customer = given(arguments, "customer_id", "customer", "customer_ref")
    if not missing and not _own_party("quickbooks", customer, facts):
        missing = "one clear customer record of the matched caller"
    return _money_review("S53.credit_memo", missing or _without_amount(arguments), "a credit memo changes what is owed")


def beeminder_charge(arguments: Arguments, facts: Facts) -> Ruling:
    """A Beeminder charge: a matched caller, one clear destination that was looked up, enough context (S29, S30)."""
    missing = _without_caller(facts)
    user = given(arguments, "user_id", "username", "user")
    if not missing and not _own_party("beeminder", user, facts):
        missing = "the Beeminder user as a looked-up record of the matched caller"
    if not missing and not given(arguments, "note"):
        missing = "a note that says what the charge is for"
    if not missing and money(given(arguments, "amount"), given(arguments, "currency") or "USD") is None:
        missing = "one clear amount"
    if not missing and not _amount_was_said(arguments, facts):
        missing = "an amount that was said in the call"
    return _money_review("S29.charge_needs_person", missing, "a charge takes money at once and cannot be undone")


def payment_settings(arguments: Arguments, facts: Facts) -> Ruling:
    """ProAbono payment settings: billing dates and ways to pay are a person's decision (S32, S53)."""
    missing = _without_caller(facts)
    customer = given(arguments, "reference_customer", "customer", "reference")
    if not missing and not _own_party("proabono", customer, facts):
        missing = "the ProAbono customer as a looked-up record of the matched caller"
    return _money_review("S32.payment_settings", missing, "payment settings change when and how money is taken")


def _money_review(rule: str, missing: str | None, why: str) -> Ruling:
    if missing:
        return deny(f"{rule}_unclear", f"not proposed, because this is missing: {missing}", missing)
    return review(rule, f"{why}, so a person decides", "an approval")


def _without_caller(facts: Facts) -> str | None:
    return None if facts.matched or facts.approved_by is not None else "a matched caller"


def _without_amount(arguments: Arguments) -> str | None:
    amount, currency = given(arguments, "amount"), given(arguments, "currency")
    return None if money(amount, currency) is not None else "one clear amount"


def _amount_was_said(arguments: Arguments, facts: Facts) -> bool:
    currency = str(given(arguments, "currency") or "USD")
    wanted = money(given(arguments, "amount"), currency)
    return wanted is not None and wanted in (amount_said(facts, currency), *parts_said(facts, currency))


def _own_party(system: str, reference: object, facts: Facts) -> bool:
    """Whether ``reference`` is a record of ``system`` that a lookup showed and that is the matched caller's.

    A person who approves vouches for the caller, so then any looked-up record of that system will do.
    """
    if reference is None:
        return False
    pool = facts.parties if facts.approved_by is not None and not facts.matched else facts.matched_parties
    return any(p.system == system and str(reference) in (p.id, *p.references) for p in pool)


Judge = Callable[[Arguments, Facts], Ruling]
MONEY_RULES: dict[str, Judge] = {
    "stripe.create_refund": refund,
    "quickbooks.create_credit_memo": credit_memo,
    "beeminder.create_charge": beeminder_charge,
    "proabono.update_payment_settings": payment_settings,
}
