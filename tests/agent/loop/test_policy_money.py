"""Refunds and other money: the table row, condition by condition."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.capture import Scenario, Signal
from agent.loop import policy
from agent.loop.facts import Facts
from agent.loop.rules.money import refund as refund_rule
from agent.run import MatchedCaller, ReviewReason, Verdict
from agent.workspace import Limits, Thresholds, Workspace
from tests.agent.loop.builders import (
    CHARGE,
    EMAIL,
    NUMBER,
    SPOKEN,
    action,
    call,
    charge,
    clean_refund,
    clean_resend,
    extraction,
    facts,
    looked,
    lost,
    person,
    refund,
    rules,
    said,
    short,
)
from tools.money import Money
from tools.records import Party

HARMLESS = frozenset({Signal.ANSWERED, Signal.ACCESS_LOST, Signal.PRIVATE_DOCUMENT, Signal.COMPLAINT})
"""Signals that speak against no refund by themselves (S07 counts a complaint on a collections call only)."""

NORA: dict[str, Any] = {"customer_name": "Nora Quill", "email": EMAIL, "amount": "42.00", "currency": "USD"}


@pytest.mark.covers("S61")
def test_a_clear_refund_runs_by_itself() -> None:
    decision = policy.decide(refund(), clean_refund())
    assert short(decision) == ("allow", "S61.refund_clear")
    assert "5 days old" in decision.reason
    assert policy.case_reasons(clean_refund()) == ()


@pytest.mark.covers("S61")
def test_the_payment_id_names_its_charge() -> None:
    assert short(policy.decide(refund(charge="pi_1"), clean_refund())) == ("allow", "S61.refund_clear")


@pytest.mark.covers("S61")
@pytest.mark.parametrize("code", ["USD", "EUR", "GBP"])
@pytest.mark.parametrize(("minor", "expected"), [(5000, "allow"), (5001, "review")])
def test_the_limit_of_each_default_currency_is_fifty(code: str, minor: int, expected: str) -> None:
    amount = Money(minor, code)
    own = clean_refund(
        understood=extraction(**NORA | {"amount": amount.text, "currency": code}),
        charges=[charge(amount=amount, amount_refunded=Money(0, code))],
    )
    decision = policy.decide(refund(amount=amount.text, currency=code), own)
    assert decision.verdict.value == expected


@pytest.mark.covers("S61", "S62")
@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        pytest.param({"paid": False}, "S61.refund_not_paid", id="not paid"),
        pytest.param({"paid": None}, "S61.refund_not_paid", id="paid not known"),
        pytest.param({"status": "pending"}, "S61.refund_not_paid", id="pending"),
        pytest.param({"disputed": True}, "S62.refund_disputed", id="disputed"),
        pytest.param({"disputed": None}, "S62.refund_disputed", id="disputed not known"),
        pytest.param({"amount_refunded": Money(1, "USD")}, "S61.refund_again", id="refunded in part"),
        pytest.param({"amount_refunded": None}, "S61.refund_again", id="refunds not known"),
        pytest.param({"party_id": "cus_2"}, "S61.refund_owner", id="another customer"),
        pytest.param({"party_id": None}, "S61.refund_owner", id="no owner"),
        pytest.param({"amount": Money(4200, "EUR")}, "S61.refund_currency", id="currency"),
        pytest.param({"amount": Money(4100, "USD")}, "S61.refund_too_much", id="more than charged"),
        pytest.param({"amount": Money(9000, "USD")}, "S61.refund_amount_said", id="a part nobody stated"),
        pytest.param({"created": SPOKEN - timedelta(days=31)}, "S61.refund_age", id="too old"),
        pytest.param({"created": None}, "S61.refund_age", id="age not known"),
        pytest.param({"created": SPOKEN + timedelta(days=2)}, "S61.refund_age", id="after the call"),
    ],
)
def test_what_the_record_says_against_a_refund(changes: dict[str, Any], rule: str) -> None:
    decision = policy.decide(refund(), clean_refund(charges=[charge(**changes)]))
    assert short(decision) == ("review", rule)


@pytest.mark.covers("S61", "S62")
@pytest.mark.parametrize(
    ("reading", "rule"),
    [
        pytest.param(extraction(**NORA | {"amount": "40.00"}), "S61.refund_amount_said", id="another amount said"),
        pytest.param(extraction(**NORA | {"amount": None}), "S61.refund_amount_said", id="no amount said"),
        pytest.param(extraction(**NORA | {"currency": "EUR"}), "S61.refund_amount_said", id="another currency said"),
        pytest.param(extraction(**NORA, dispute_reason="I never agreed"), "S62.dispute", id="a dispute reason"),
        pytest.param(
            extraction(**NORA, secondary=[Scenario.CHARGE_DISPUTE]), "S62.dispute", id="a second, disputed subject"
        ),
        pytest.param(extraction(**NORA, signals=[Signal.BANK_REVERSAL]), "S62.dispute", id="bank asked to reverse"),
        pytest.param(
            extraction(**NORA, approval_threshold="40.00"), "S15.spoken_threshold", id="a spoken threshold reached"
        ),
    ],
)
def test_what_the_call_says_against_a_refund(reading: Any, rule: str) -> None:
    assert short(policy.decide(refund(), clean_refund(understood=reading))) == ("review", rule)


@pytest.mark.covers("S15")
def test_a_spoken_threshold_never_lets_a_refund_through() -> None:
    reading = extraction(**NORA | {"amount": "90.00"}, approval_threshold="500.00")
    own = clean_refund(understood=reading, charges=[charge(amount=Money(9000, "USD"))])
    assert short(policy.decide(refund(amount="90.00"), own)) == ("review", "S61.refund_over_limit")


ORDER = {"order_id": "QL-88"}
ORDERED = charge(references=("QL-88",))


@pytest.mark.parametrize(
    ("values", "amount", "expected"),
    [
        pytest.param({"credit_request": "21.00"}, "21.00", "allow", id="the part that was stated"),
        pytest.param({"credit_request": "half back, so twenty one dollars"}, "21.00", "allow", id="a part in words"),
        pytest.param({"credit_request": "21.00"}, "42.00", "review", id="the whole when a part was stated"),
        pytest.param({"credit_request": "21.00"}, "20.00", "review", id="another part"),
        pytest.param({"credit_request": "21.00 or 14.00"}, "21.00", "review", id="two parts"),
        pytest.param({"credit_request": "42.00"}, "42.00", "allow", id="the whole, stated"),
        pytest.param({}, "21.00", "review", id="a part nobody stated"),
        pytest.param({"amount": "21.00", **ORDER}, "21.00", "allow", id="a part of a charge named by its order"),
        pytest.param({"amount": "21.00", **ORDER}, "42.00", "review", id="the whole of it"),
        pytest.param({"amount": "21.00"}, "21.00", "review", id="a smaller amount and no reference"),
        pytest.param({"amount": "84.00", **ORDER}, "42.00", "review", id="a larger amount"),
    ],
)
def test_a_part_is_refunded_when_exactly_one_was_stated(values: dict[str, Any], amount: str, expected: str) -> None:
    own = clean_refund(understood=extraction(**NORA | values), charges=[ORDERED])
    assert policy.decide(refund(amount=amount), own).verdict.value == expected


@pytest.mark.parametrize(
    ("speech", "expected"),
    [
        ("Could I have half of it back?", "review"),
        ("A partial refund will do.", "review"),
        ("Pro rata, please.", "review"),
        ("I want a refund; I rang at half past nine and again half an hour later.", "allow"),
    ],
)
def test_a_part_that_was_heard_and_not_understood_is_not_refunded_in_full(speech: str, expected: str) -> None:
    own = clean_refund(heard=call(speech))
    assert policy.decide(refund(), own).verdict.value == expected


@pytest.mark.covers("S52")
def test_a_currency_without_a_limit_goes_to_a_person() -> None:
    yen = Money(900, "JPY")
    reading = extraction(**NORA | {"amount": "900", "currency": "JPY"})
    own = clean_refund(understood=reading, charges=[charge(amount=yen, amount_refunded=Money(0, "JPY"))])
    assert short(policy.decide(refund(amount="900", currency="JPY"), own)) == ("review", "S52.currency_without_limit")
    listed = Workspace(limits={"JPY": Limits(auto_refund="1000", high_value="100000")})
    assert short(policy.decide(refund(amount="900", currency="JPY"), replace(own, workspace=listed)))[0] == "allow"


def test_a_charge_that_no_lookup_showed_is_not_refunded_whoever_says_yes() -> None:
    own = clean_refund()
    wanted = refund(charge="ch_invented")
    assert short(policy.decide(wanted, own)) == ("review", "S61.refund_charge_unknown")
    assert policy.decide(wanted, replace(own, approved_by="Ada")).verdict is Verdict.REVIEW


@pytest.mark.covers("S61")
@pytest.mark.parametrize(
    ("values", "other", "expected"),
    [
        pytest.param({}, {"created": SPOKEN - timedelta(days=20)}, "review", id="two charges could be meant"),
        pytest.param({"payment_id": CHARGE}, {"created": SPOKEN - timedelta(days=20)}, "allow", id="one was named"),
        pytest.param(
            {}, {"created": SPOKEN - timedelta(days=35)}, "review", id="the other may be meant though it is old"
        ),
        pytest.param({}, {"amount_refunded": Money(4200, "USD")}, "allow", id="the other was refunded"),
        pytest.param({}, {"paid": False}, "allow", id="the other was never paid"),
        pytest.param({}, {"amount": Money(4300, "USD")}, "allow", id="the other has another amount"),
        pytest.param(
            {"signals": [Signal.DUPLICATE_CHARGE]},
            {"created": SPOKEN - timedelta(days=6)},
            "allow",
            id="the later of two",
        ),
        pytest.param(
            {"signals": [Signal.DUPLICATE_CHARGE]},
            {"created": SPOKEN - timedelta(days=4)},
            "review",
            id="the first of two",
        ),
    ],
)
def test_the_amount_must_tell_one_charge(values: dict[str, Any], other: dict[str, Any], expected: str) -> None:
    charges = [charge(), charge(**{"id": "ch_2", "references": ()} | other)]
    own = clean_refund(understood=extraction(**NORA | values), charges=charges)
    assert policy.decide(refund(), own).verdict.value == expected


@pytest.mark.covers("S61")
@pytest.mark.parametrize(
    ("words", "other_days_ago", "expected"),
    [
        ("It was taken on the ninth and I want my money back.", 35, ("allow", "S61.refund_clear")),
        ("I bought it on August the tenth and I want my money back.", 35, ("review", "S61.refund_which_charge")),
        ("I paid on August the tenth and I want my money back.", None, ("review", "S61.refund_date_said")),
        ("I paid on September the ninth and I want my money back.", None, ("allow", "S61.refund_clear")),
        ("My holiday starts on August the tenth and I want my money back.", None, ("allow", "S61.refund_clear")),
    ],
)
def test_the_day_said_for_the_payment_must_be_the_charges_day(
    words: str, other_days_ago: int | None, expected: tuple[str, str]
) -> None:
    charges = [charge()]
    if other_days_ago is not None:
        charges.append(charge(id="ch_2", references=(), created=SPOKEN - timedelta(days=other_days_ago)))
    assert short(policy.decide(refund(), clean_refund(charges=charges, call=call(words)))) == expected


@pytest.mark.covers("S61")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Just the one seat back. So fourteen dollars goes back on the card.", "S61.refund_other_sum"),
        ("I'm not looking for the whole lot back.", "S61.refund_amount_said"),
        ("Forty two dollars back, please, all of it.", "S61.refund_clear"),
        ("It was fourteen a seat. I want my money back.", "S61.refund_clear"),
        ("So the money is back on my card in five to ten business days.", "S61.refund_clear"),
    ],
)
def test_the_whole_is_not_refunded_when_a_part_was_spoken_of(words: str, expected: str) -> None:
    assert short(policy.decide(refund(), clean_refund(call=call(words))))[1] == expected


@pytest.mark.covers("S61")
def test_a_refund_nobody_asked_for_is_not_even_proposed() -> None:
    own = clean_refund(understood=extraction(Scenario.RENEWAL_FAILURE, **NORA))
    assert short(policy.decide(refund(), own)) == ("deny", "S61.refund_not_asked")
    beside = clean_refund(understood=extraction(Scenario.INVOICE_RESEND, secondary=[Scenario.REFUND_REQUEST], **NORA))
    assert policy.decide(refund(), beside).verdict is not Verdict.DENY


@pytest.mark.covers("S61")
def test_a_refund_is_never_called_fraudulent_and_never_made_twice() -> None:
    fraudulent = refund().arguments.model_copy(update={"reason": "fraudulent"})
    assert refund_rule(fraudulent, clean_refund()).rule == "S61.refund_reason"
    again = clean_refund(executed=(("stripe.create_refund", {"charge": CHARGE}),))
    assert short(policy.decide(refund(), again)) == ("deny", "S61.refund_once")


@pytest.mark.covers("S61", "S37")
@pytest.mark.parametrize("verdict", ["unknown", "ambiguous", "mismatched", "third_party"])
def test_nobody_unmatched_is_refunded(verdict: Any) -> None:
    own = clean_refund(match=MatchedCaller(verdict=verdict, system="stripe", id="cus_1"))
    assert short(policy.decide(refund(), own)) == ("review", "S61.refund_identity")


def _spoiled(*names: str, approved_by: str | None = None, workspace: Workspace | None = None) -> Facts:
    """The clean refund with each of ``names`` broken; two breaks of one thing leave it broken."""
    reading, record, rest = dict(NORA), dict[str, Any](), dict[str, Any]()
    for name in names:
        part, changes = BREAKS[name]
        {"reading": reading, "charge": record, "facts": rest}[part].update(changes)
    rest.setdefault("workspace", workspace)
    label = rest.pop("label", Scenario.REFUND_REQUEST)
    spoken = call(**rest.pop("call", {}))
    verdict = rest.pop("verdict", None)
    kept = rest.pop("lookups", (0, 1))
    lookups = (
        looked("stripe.find_customer", parties=[person(**rest.pop("customer", {}))], email=EMAIL),
        looked("stripe.list_charges", documents=[charge(**record)], customer="cus_1"),
        looked("stripe.list_charges", status="failed"),
    )
    own = facts(
        extraction(label, **reading), *(lookups[i] for i in kept), heard=spoken, approved_by=approved_by, **rest
    )
    if verdict is not None:
        own = replace(own, match=own.match.model_copy(update={"verdict": verdict}))
    return own


CHARGE_BREAKS: dict[str, dict[str, Any]] = {
    "of another": {"party_id": "cus_2"},
    "of nobody": {"party_id": None},
    "unpaid": {"paid": False},
    "failed": {"status": "failed"},
    "disputed": {"disputed": True},
    "dispute unknown": {"disputed": None},
    "refunded": {"amount_refunded": Money(100, "USD")},
    "refund unknown": {"amount_refunded": None},
    "in another currency": {"amount": Money(4200, "GBP")},
    "of another amount": {"amount": Money(4300, "USD")},
    "smaller": {"amount": Money(100, "USD")},
    "undated": {"created": None},
    "after the call": {"created": SPOKEN + timedelta(days=2)},
    "unknown": {"id": "ch_2", "references": ()},
}
BREAKS: dict[str, tuple[str, dict[str, Any]]] = {
    "unmatched": ("facts", {"verdict": "unknown"}),
    "mismatched": ("facts", {"verdict": "mismatched"}),
    "third party": ("facts", {"verdict": "third_party"}),
    "no charge looked up": ("facts", {"lookups": (0,)}),
    "no customer looked up": ("facts", {"lookups": (1,)}),
    "nothing looked up": ("facts", {"lookups": ()}),
    "charge lookup failed": ("facts", {"lookups": (0, 2)}),
    "vip": ("facts", {"customer": {"vip": True}}),
    "flagged": ("facts", {"call": {"flagged": True}}),
    "no times": ("facts", {"call": {"ended_at": None, "started_at": None}}),
    "live and old": (
        "facts",
        {"sandbox": False, "workspace": Workspace(mode="live"), "now": SPOKEN + timedelta(days=8)},
    ),
    "live and shadow": ("facts", {"sandbox": False, "workspace": Workspace(mode="shadow")}),
    "live stand-in": ("facts", {"sandbox": False, "stand_in": True, "workspace": Workspace(mode="live")}),
    "not billing": ("facts", {"label": Scenario.NOT_BILLING}),
    "run raised a reason": ("facts", {"raised": (ReviewReason(rule="loop.budget", text="stopped early"),)}),
    "already refunded in this run": ("facts", {"executed": (("stripe.create_refund", {}),)}),
    "workspace says review": ("facts", {"workspace": Workspace(policy={"stripe.create_refund": Verdict.REVIEW})}),
    "workspace says deny": ("facts", {"workspace": Workspace(policy={"stripe.create_refund": Verdict.DENY})}),
    "lower limit": ("facts", {"workspace": Workspace(limits={"USD": Limits(auto_refund="41.99")})}),
    "no limit": ("facts", {"workspace": Workspace(limits={"EUR": Limits()})}),
    "low high value": (
        "facts",
        {"workspace": Workspace(limits={"USD": Limits(auto_refund="42.00", high_value="42.00")})},
    ),
    "stricter threshold": ("facts", {"workspace": Workspace(thresholds=Thresholds(refund_request=0.97))}),
    "incomplete": ("reading", {"complete": False}),
    "scenario unsure": ("reading", {"confidence": 0.84}),
    "scenario not calibrated": ("reading", {"confidence": None}),
    "amount unsure": ("reading", {"amount": said("42.00", 0.89)}),
    "amount not calibrated": ("reading", {"amount": said("42.00", None)}),
    "amount lost": ("reading", {"amount": lost()}),
    "other amount": ("reading", {"amount": "41.00"}),
    "identity unsure": ("reading", {"email": said(EMAIL, 0.5)}),
    "e-mail lost": ("reading", {"email": lost()}),
    "other e-mail": ("reading", {"email": "leo@anders.example"}),
    "other name": ("reading", {"customer_name": "Leo Anders"}),
    "other currency": ("reading", {"currency": "GBP"}),
    "currency lost": ("reading", {"currency": lost()}),
    "dispute reason": ("reading", {"dispute_reason": "not mine"}),
    "dispute beside": ("reading", {"secondary": [Scenario.CHARGE_DISPUTE]}),
    "tax beside": ("reading", {"secondary": [Scenario.TAX_OR_ADDRESS_CORRECTION]}),
    "spoken threshold": ("reading", {"approval_threshold": "10.00"}),
    **{f"heard {s.value}": ("reading", {"signals": [s]}) for s in Signal if s not in HARMLESS},
    **{f"charge {name}": ("charge", changes) for name, changes in CHARGE_BREAKS.items()},
}


@pytest.mark.covers("S61", "S62")
@pytest.mark.parametrize("name", BREAKS)
def test_no_refund_is_allowed_when_any_single_condition_is_broken(name: str) -> None:
    assert policy.decide(refund(), _spoiled()).verdict is Verdict.ALLOW
    assert policy.decide(refund(), _spoiled(name)).verdict is not Verdict.ALLOW


@pytest.mark.covers("S61", "S62")
@settings(max_examples=150, deadline=None)
@given(
    broken=st.sets(st.sampled_from(sorted(BREAKS)), min_size=1, max_size=4),
    amount=st.sampled_from(["42.00", "1.00", "50.00"]),
    loose=st.booleans(),
)
def test_no_mixture_of_broken_conditions_lets_a_refund_through(broken: set[str], amount: str, loose: bool) -> None:
    workspace = Workspace(policy={"stripe.create_refund": Verdict.ALLOW}) if loose else None
    own = _spoiled(*sorted(broken), workspace=workspace)
    assert policy.decide(refund(amount=amount), own).verdict is not Verdict.ALLOW


@pytest.mark.covers("S61")
@settings(deadline=None)
@given(minor=st.integers(1, 200_000), limit=st.integers(0, 100_000), age=st.integers(-3, 60))
def test_a_refund_is_allowed_exactly_within_limit_and_age(minor: int, limit: int, age: int) -> None:
    amount = Money(minor, "USD")
    shop = Workspace(limits={"USD": Limits(auto_refund=Money(limit, "USD").text, high_value="1500.00")})
    own = clean_refund(
        understood=extraction(**NORA | {"amount": amount.text}),
        charges=[charge(amount=amount, created=SPOKEN - timedelta(days=age))],
        workspace=shop,
    )
    allowed = policy.decide(refund(amount=amount.text), own).verdict is Verdict.ALLOW
    assert allowed is (minor <= limit and minor < 150_000 and 0 <= age <= 30)


# -- approvals and loosening ---------------------------------------------------------------------------


@pytest.mark.covers("S53", "S62")
def test_an_approval_grants_what_a_person_may_grant() -> None:
    over = clean_refund(
        understood=extraction(**NORA | {"amount": "420.00"}),
        charges=[charge(amount=Money(42000, "USD"))],
        approved_by="Ada Finch",
    )
    decision = policy.decide(refund(amount="420.00"), over)
    assert short(decision) == ("allow", "S61.refund_over_limit")
    assert "Ada Finch" in decision.reason


@pytest.mark.parametrize(
    "name",
    [
        "charge of another",
        "charge of nobody",
        "charge unpaid",
        "charge disputed",
        "charge refunded",
        "charge in another currency",
        "charge smaller",
        "charge unknown",
        "no charge looked up",
        "not billing",
        "workspace says deny",
        "already refunded in this run",
        "live and shadow",
    ],
)
def test_an_approval_never_grants_a_hard_fact_away(name: str) -> None:
    own = _spoiled(name, approved_by="Ada Finch")
    assert policy.decide(refund(), own).verdict is not Verdict.ALLOW


def test_an_approver_vouches_for_the_record_tied_to_the_call_and_no_other() -> None:
    stray = charge(id="ch_2", party_id="cus_2", references=())
    mismatched = MatchedCaller(verdict="mismatched", system="stripe", id="cus_1", contradicting=("customer_name",))
    own = clean_refund(charges=[charge(), stray], match=mismatched, approved_by="Ada")
    assert policy.decide(refund(), own).verdict is Verdict.ALLOW
    assert policy.decide(refund(charge="ch_2"), own).verdict is Verdict.REVIEW


def test_a_workspace_loosens_the_age_of_a_charge_and_nothing_else() -> None:
    loose = Workspace(policy={"stripe.create_refund": Verdict.ALLOW})
    old = clean_refund(charges=[charge(created=SPOKEN - timedelta(days=45))], workspace=loose)
    assert policy.decide(refund(), old).verdict is Verdict.ALLOW
    assert short(policy.decide(refund(), replace(old, workspace=Workspace()))) == ("review", "S61.refund_age")


# -- the whole case ------------------------------------------------------------------------------------


@pytest.mark.covers("S62")
def test_a_refund_that_nobody_proposed_is_not_lost() -> None:
    reading = extraction(**NORA | {"amount": "420.00"})
    own = clean_refund(understood=reading, charges=[charge(amount=Money(42000, "USD"))])
    assert "S61.refund_over_limit" in rules(policy.case_reasons(own))
    unknown = clean_refund(understood=extraction(**NORA | {"amount": "17.00"}))
    assert "S61.refund_no_charge" in rules(policy.case_reasons(unknown))
    done = clean_refund(executed=(("stripe.create_refund", {"charge": CHARGE}),))
    assert policy.case_reasons(done) == ()


# -- other money ---------------------------------------------------------------------------------------


def _beeminder(**changes: Any) -> Facts:
    reading = extraction(Scenario.OTHER_BILLING, **NORA | {"account_id": "noraquill", "amount": "10.00"})
    return facts(
        reading,
        looked("stripe.find_customer", parties=[person(references=("noraquill",))]),
        looked("beeminder.get_user", parties=[Party("beeminder", "noraquill")]),
        looked("stripe.list_charges", documents=[charge()]),
        **changes,
    )


WANTED = {"user_id": "noraquill", "amount": "10.00", "currency": "USD", "note": "Agreed on call call_1"}


@pytest.mark.covers("S29", "S53")
def test_a_beeminder_charge_with_everything_is_proposed_and_never_automatic() -> None:
    assert short(policy.decide(action("beeminder.create_charge", **WANTED), _beeminder())) == (
        "review",
        "S29.charge_needs_person",
    )


@pytest.mark.covers("S29", "S30")
@pytest.mark.parametrize(
    ("arguments", "changes", "missing"),
    [
        (WANTED, {"match": MatchedCaller(verdict="unknown")}, "a matched caller"),
        (WANTED | {"user_id": "somebody"}, {}, "the Beeminder user"),
        (WANTED | {"note": None}, {}, "a note"),
        (WANTED | {"amount": "11.00"}, {}, "an amount that was said"),
    ],
)
def test_a_beeminder_charge_is_not_even_proposed_when_something_is_missing(
    arguments: dict[str, Any], changes: dict[str, Any], missing: str
) -> None:
    decision = policy.decide(action("beeminder.create_charge", **arguments), _beeminder(**changes))
    assert decision.verdict is Verdict.DENY
    assert missing in decision.reason


@pytest.mark.covers("S53")
def test_a_credit_memo_is_always_a_persons_decision() -> None:
    wanted = action("quickbooks.create_credit_memo", customer="41", amount="10.00", currency="USD")
    assert short(policy.decide(wanted, clean_resend())) == ("review", "S53.credit_memo")
    stray = action("quickbooks.create_credit_memo", customer="99", amount="10.00", currency="USD")
    assert short(policy.decide(stray, clean_resend())) == ("deny", "S53.credit_memo_unclear")


@pytest.mark.covers("S32", "S53")
def test_payment_settings_are_a_persons_decision() -> None:
    reading = extraction(Scenario.OTHER_BILLING, customer_name="Nora Quill", account_id="LARK-2")
    client = Party("proabono", "LARK-2", names=("Nora Quill",), references=("LARK-2",))
    own = facts(reading, looked("proabono.find_customer", parties=[client]))
    wanted = action("proabono.update_payment_settings", reference_customer="LARK-2", date_next_billing="2026-10-18")
    assert short(policy.decide(wanted, own)) == ("review", "S32.payment_settings")
    other = action("proabono.update_payment_settings", reference_customer="LARK-9", date_next_billing="2026-10-18")
    assert short(policy.decide(other, own)) == ("deny", "S32.payment_settings_unclear")
    assert policy.decide(wanted, replace(own, approved_by="Ada")).verdict is Verdict.ALLOW


def test_the_calling_number_alone_refunds_nobody() -> None:
    reading = extraction(customer_name="Nora Quill", amount="42.00", currency="USD")
    own = clean_refund(understood=reading, heard=call(from_number=NUMBER))
    assert own.match.verdict == "unknown"
    assert policy.decide(refund(), own).verdict is Verdict.REVIEW


# -- charged twice: one definition everywhere ----------------------------------------------------------


TWICE = extraction(**NORA, signals=[Signal.DUPLICATE_CHARGE])


@pytest.mark.covers("S06", "S61")
@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"created": SPOKEN - timedelta(days=36)}, id="two ordinary monthly charges"),
        pytest.param({"created": SPOKEN - timedelta(days=9)}, id="four days apart"),
        pytest.param({"created": SPOKEN - timedelta(days=5), "amount_refunded": Money(4200, "USD")}, id="refunded"),
        pytest.param({"created": SPOKEN - timedelta(days=5), "amount": Money(4100, "USD")}, id="another amount"),
        pytest.param({"created": SPOKEN - timedelta(days=5), "paid": False}, id="never paid"),
        pytest.param(None, id="no other charge"),
    ],
)
def test_a_charge_said_to_be_taken_twice_is_refunded_only_when_the_records_show_it(other: Any) -> None:
    charges = [charge()] if other is None else [charge(), charge(**{"id": "ch_2", "references": ()} | other)]
    own = clean_refund(understood=TWICE, charges=charges)
    assert policy.duplicates(own) == ()
    assert "S06.duplicate_not_seen" in rules(policy.case_reasons(own))
    assert short(policy.decide(refund(), own))[0] == "review"
    unnamed = clean_refund(understood=extraction(**NORA, signals=[Signal.DUPLICATE_CHARGE], payment_id=CHARGE))
    assert short(policy.decide(refund(), unnamed)) == ("review", "S06.duplicate_not_seen")


@pytest.mark.covers("S06", "S61")
def test_the_later_of_a_pair_is_meant_whatever_was_paid_in_other_months() -> None:
    first = charge(id="ch_2", references=(), created=SPOKEN - timedelta(days=6))
    month = charge(id="ch_3", references=(), created=SPOKEN - timedelta(days=36))
    own = clean_refund(understood=TWICE, charges=[charge(), first, month])
    assert short(policy.decide(refund(), own)) == ("allow", "S61.refund_clear")
    assert policy.decide(refund(charge="ch_2"), own).verdict is Verdict.REVIEW
    assert policy.decide(refund(charge="ch_3"), own).verdict is Verdict.REVIEW
    third = charge(id="ch_4", references=(), created=SPOKEN - timedelta(days=6, hours=1))
    assert policy.decide(refund(), clean_refund(understood=TWICE, charges=[charge(), first, third])).verdict is (
        Verdict.REVIEW
    )


@pytest.mark.covers("S61")
@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(days=30), "allow"),
        (timedelta(days=30, seconds=1), "review"),
        (timedelta(days=30, hours=23), "review"),
        (timedelta(seconds=-1), "review"),
    ],
)
def test_thirty_days_are_thirty_days_to_the_second(age: timedelta, expected: str) -> None:
    decision = policy.decide(refund(), clean_refund(charges=[charge(created=SPOKEN - age)]))
    assert decision.verdict.value == expected


@pytest.mark.covers("C06")
@pytest.mark.parametrize(
    "values", [{"payment_id": said(CHARGE, 0.6)}, {"order_id": said("QL-88", 0.6)}], ids=["payment", "order"]
)
def test_a_reference_that_stands_on_the_callers_own_record_is_sure_enough(values: dict[str, Any]) -> None:
    own = clean_refund(understood=extraction(**NORA | values), charges=[ORDERED])
    assert "C06.field_confidence" not in rules(policy.case_reasons(own))


@pytest.mark.covers("C06", "S61")
@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"currency": said("USD", 0.89)}, id="currency"),
        pytest.param({"amount": said("42.00", 0.89)}, id="amount"),
        pytest.param({"payment_id": said("ch_elsewhere", 0.89)}, id="payment"),
        pytest.param({"order_id": said("QL-99", 0.89)}, id="order"),
    ],
)
def test_each_field_a_refund_rests_on_must_be_sure_enough(values: dict[str, Any]) -> None:
    own = clean_refund(understood=extraction(**NORA | values), charges=[ORDERED])
    assert "C06.field_confidence" in rules(policy.case_reasons(own))
    assert policy.decide(refund(), own).verdict is Verdict.REVIEW


@pytest.mark.covers("C06", "S61")
@pytest.mark.parametrize("field", ["amount", "currency"])
def test_no_refund_runs_by_itself_without_amount_and_currency_from_the_call(field: str) -> None:
    own = clean_refund(understood=extraction(**NORA | {field: None}))
    assert "S61.field_missing" in rules(policy.case_reasons(own))
    assert policy.decide(refund(), own).verdict is Verdict.REVIEW
