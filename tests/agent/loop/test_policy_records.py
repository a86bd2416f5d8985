"""Customers, brands and addresses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agent.capture import Scenario
from agent.loop import policy
from agent.loop.facts import Facts, Looked
from agent.run import MatchedCaller, Verdict
from agent.workspace import Workspace
from tests.agent.loop.builders import EMAIL, action, clean_resend, extraction, facts, looked, person, short
from tools.records import Document, Party

NEW = {"reference_customer": "LARK-9", "email": EMAIL, "name": "Nora Quill"}


def signing_up(*lookups: Looked, **changes: Any) -> Facts:
    reading = extraction(Scenario.OTHER_BILLING, customer_name="Nora Quill", email=EMAIL)
    return facts(reading, looked("stripe.find_customer", parties=[person()]), *lookups, **changes)


FREE = looked("proabono.find_customer", status="not_found", reference="LARK-9")


@pytest.mark.covers("S31")
def test_a_customer_is_created_only_after_a_lookup_by_reference_showed_none() -> None:
    wanted = action("proabono.create_customer", **NEW)
    assert short(policy.decide(wanted, signing_up(FREE))) == ("allow", "S31.new_customer")
    assert short(policy.decide(wanted, signing_up())) == ("review", "S31.lookup_first")
    other = looked("proabono.find_customer", status="not_found", reference="LARK-8")
    assert short(policy.decide(wanted, signing_up(other))) == ("review", "S31.lookup_first")
    failed = looked("proabono.find_customer", status="failed", reference="LARK-9")
    assert short(policy.decide(wanted, signing_up(failed))) == ("review", "S31.lookup_first")
    assert policy.decide(wanted, signing_up(approved_by="Ada")).verdict is Verdict.REVIEW


@pytest.mark.covers("S31")
def test_an_existing_customer_is_never_overwritten() -> None:
    there = Party("proabono", "LARK-9", names=("Somebody Else",), references=("lark 9",))
    own = signing_up(FREE, looked("proabono.find_customer", parties=[there], reference="LARK-9"))
    assert short(policy.decide(action("proabono.create_customer", **NEW), own)) == ("deny", "S31.exists")
    assert (
        policy.decide(action("proabono.create_customer", **NEW), replace(own, approved_by="Ada")).verdict
        is Verdict.DENY
    )


@pytest.mark.covers("S31")
def test_an_unidentified_caller_creates_nobody_whatever_the_workspace_says() -> None:
    loose = Workspace(policy={"proabono.create_customer": Verdict.ALLOW})
    own = signing_up(FREE, match=MatchedCaller(verdict="unknown"), workspace=loose)
    assert short(policy.decide(action("proabono.create_customer", **NEW), own)) == ("review", "S31.identity")
    strange = action("proabono.create_customer", **NEW | {"email": "x@else.example"})
    assert short(policy.decide(strange, signing_up(FREE))) == ("review", "S31.email")
    assert policy.decide(strange, signing_up(FREE, workspace=loose)).verdict is Verdict.ALLOW


@pytest.mark.covers("S33")
def test_brands_are_a_persons_decision() -> None:
    brand = Document("fidel", "brand", "b-1")
    own = signing_up(looked("fidel.get_brand", documents=[brand]))
    assert short(policy.decide(action("fidel.create_brand", name="Second Larkspur"), own)) == ("review", "S33.brand")
    web = {"website_url": "https://larkspur.example"}
    assert short(policy.decide(action("fidel.update_brand", brand_id="b-1", **web), own)) == ("review", "S33.brand")
    assert short(policy.decide(action("fidel.update_brand", brand_id="b-2", **web), own)) == (
        "deny",
        "S33.brand_unclear",
    )
    stranger = replace(own, match=MatchedCaller(verdict="unknown"))
    assert short(policy.decide(action("fidel.create_brand", name="Second Larkspur"), stranger))[0] == "deny"


@pytest.mark.covers("S53", "S54")
def test_addresses_are_corrected_by_a_person_on_the_callers_own_record() -> None:
    new = {"line1": "4 Mill Lane", "city": "Salem", "postal_code": "97301", "country": "US"}
    own = clean_resend()
    assert short(policy.decide(action("quickbooks.update_customer_address", customer_id="41", **new), own)) == (
        "review",
        "S54.address",
    )
    stray = action("quickbooks.update_customer_address", customer_id="99", **new)
    assert short(policy.decide(stray, own)) == ("deny", "S54.address_unclear")
    assert policy.decide(stray, replace(own, approved_by="Ada")).verdict is Verdict.DENY
