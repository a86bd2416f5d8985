"""Who is calling: verdicts over the facts of the call and the records that lookups found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.capture import Scenario, Signal
from agent.loop.identity import STRONG, identify, match, unified
from agent.run import MatchedCaller
from tests.agent.loop.builders import EMAIL, NUMBER, call, capture, charge, company, extraction, invoice, person, said
from tools.records import Document, Party

OTHER = "+13035550188"
NORA: dict[str, Any] = {"customer_name": "Nora Quill"}


def verdict(
    values: dict[str, Any], *parties: Party, documents: tuple[Document, ...] = (), spoken: dict[str, Any] | None = None
) -> MatchedCaller:
    return match(capture(**values), call(**spoken or {}), parties, documents)


@pytest.mark.covers("S37", "S65")
@pytest.mark.parametrize(
    ("values", "party", "expected"),
    [
        pytest.param({**NORA, "email": EMAIL}, person(), "matched", id="name and e-mail"),
        pytest.param({"customer_name": "N. Quill", "email": EMAIL}, person(), "matched", id="initial"),
        pytest.param({"customer_name": "Nora Quil", "email": EMAIL}, person(), "matched", id="one sound"),
        pytest.param({"email": EMAIL}, person(), "matched", id="e-mail and calling number"),
        pytest.param({"email": EMAIL}, person(phones=()), "unknown", id="e-mail alone is one fact"),
        pytest.param(NORA, person(), "unknown", id="name and the spoofable calling number"),
        pytest.param(
            {**NORA, "phone": NUMBER}, person(), "unknown", id="the calling number said aloud is no phone fact"
        ),
        pytest.param({**NORA, "phone": OTHER}, person(phones=(OTHER,)), "matched", id="a phone that was said"),
        pytest.param({**NORA, "phone": OTHER}, person(), "mismatched", id="another phone than the record's"),
        pytest.param(
            {**NORA, "email": EMAIL, "phone": OTHER, "expects_callback": True},
            person(),
            "matched",
            id="a number to ring",
        ),
        pytest.param({**NORA, "account_id": "AC-77"}, person(references=("AC77",)), "matched", id="account id"),
        pytest.param(
            {**NORA, "account_id": "AC-78"}, person(references=("AC-77",)), "mismatched", id="another account"
        ),
        pytest.param({**NORA, "account_id": "cus_1"}, person(), "matched", id="the vendor's own customer id"),
        pytest.param(
            {"customer_name": "Leo Anders", "email": EMAIL}, person(), "mismatched", id="somebody else's e-mail"
        ),
        pytest.param({"customer_name": "Maude Quill", "email": EMAIL}, person(), "mismatched", id="same family"),
        pytest.param({**NORA, "email": "nora@else.example"}, person(), "mismatched", id="another e-mail"),
        pytest.param({"customer_name": "Leo Anders"}, person(phones=()), "unknown", id="nothing agrees"),
        pytest.param({}, person(phones=()), "unknown", id="nothing said"),
    ],
)
def test_a_person_record(values: dict[str, Any], party: Party, expected: str) -> None:
    assert verdict(values, party).verdict == expected


FIRM = {"company_name": "Larkspur Joinery", "email": "accounts@larkspur.example"}


@pytest.mark.parametrize(
    ("values", "party", "expected"),
    [
        pytest.param({**NORA, **FIRM}, company(), "matched", id="the named contact"),
        pytest.param({"customer_name": "Ivo Marsh", **FIRM}, company(), "matched", id="a colleague of the contact"),
        pytest.param({"customer_name": "Ivo Marsh", **FIRM}, company(names=()), "matched", id="no contact on record"),
        pytest.param(
            {"customer_name": "Ivo Marsh", "company_name": "Larkspur Joinery", "email": "nora.quill@larkspur.example"},
            company(email="nora.quill@larkspur.example"),
            "mismatched",
            id="the contact's personal address with another name",
        ),
        pytest.param(
            {"customer_name": "Ivo Marsh", "company_name": "Fennel & Sons", "email": "accounts@larkspur.example"},
            company(),
            "mismatched",
            id="another name and another company",
        ),
        pytest.param(
            {**NORA, "company_name": "Fennel & Sons", "email": "accounts@larkspur.example"},
            company(),
            "matched",
            id="the person agrees, the trading name does not",
        ),
        pytest.param(
            {"customer_name": "Ivo Marsh", "email": "desk@brackenmill.example"},
            person("Bracken Mill", "desk@brackenmill.example"),
            "matched",
            id="an unclear name that is the firm behind its mail domain",
        ),
        pytest.param(
            {"customer_name": "Ivo Marsh", "email": "nora@quill.example"},
            person("Nora Quill", "nora@quill.example"),
            "mismatched",
            id="a person with a domain of her own is no firm",
        ),
        pytest.param(
            {"customer_name": "Larkspur Joinery", "company_name": "Larkspur Joinery"},
            company(names=(), phones=()),
            "unknown",
            id="one name heard twice is one fact",
        ),
    ],
)
def test_a_company_record(values: dict[str, Any], party: Party, expected: str) -> None:
    assert verdict(values, party).verdict == expected


@pytest.mark.covers("S37")
def test_a_document_the_caller_names_counts_for_its_owner() -> None:
    owner = company(emails=(), phones=())
    values = {**NORA, "invoice_number": "LJ 2041"}
    assert verdict(values, owner).verdict == "unknown"
    found = verdict(values, owner, documents=(invoice(),))
    assert (found.verdict, found.agreeing) == ("matched", ("invoice_number", "customer_name"))


def test_a_document_of_another_customer_contradicts() -> None:
    stranger = person("Ravi Ost", "ravi@ost.example", id="cus_2", phones=())
    values = {**NORA, "email": EMAIL, "payment_id": "ch_9"}
    foreign = charge(id="ch_9", party_id="cus_2", references=())
    found = verdict(values, person(), stranger, documents=(foreign,))
    assert found.verdict == "mismatched"
    assert "payment_id" in found.contradicting


def test_two_customers_of_one_name_need_a_strong_fact_of_one() -> None:
    first = person(email="", phones=(OTHER,))
    second = person(email="", phones=(OTHER,), id="cus_2")
    assert verdict({**NORA, "phone": OTHER}, first, second).verdict == "ambiguous"
    found = verdict({**NORA, "phone": OTHER, "payment_id": "pi_1"}, first, second, documents=(charge(),))
    assert (found.verdict, found.id) == ("matched", "cus_1")


def test_two_records_of_one_system_with_one_email_are_ambiguous_until_a_document_tells_them_apart() -> None:
    twin = person(id="cus_2")
    desk = Party("zendesk", "9", names=("Nora Quill",), emails=(EMAIL,))
    values = {**NORA, "email": EMAIL}
    assert verdict(values, person(), twin, desk).verdict == "ambiguous"
    found = verdict({**values, "payment_id": CHARGE_ID}, person(), desk, twin, documents=(charge(),))
    assert (found.verdict, found.system, found.id) == ("matched", "stripe", "cus_1")
    assert {(p.system, p.id) for p in unified(found, (person(), desk, twin))} == {("stripe", "cus_1"), ("zendesk", "9")}


CHARGE_ID = charge().id


def test_the_same_record_seen_twice_is_one() -> None:
    assert verdict({**NORA, "email": EMAIL}, person(), person()).verdict == "matched"


@pytest.mark.covers("S37")
def test_records_of_one_person_in_several_systems_unify() -> None:
    billing = company(email="ledger@larkspur.example")
    crm = Party(
        "hubspot",
        "88",
        names=("Nora Quill",),
        companies=("Larkspur Joinery Ltd",),
        emails=("nora@larkspur.example",),
        vip=True,
    )
    goal = Party("beeminder", "larkspursteps")
    shop = person("Larkspur Joinery", "ledger@larkspur.example", references=("larkspursteps",))
    stranger = Party("zendesk", "5", names=("Maude Fenn",), emails=("maude@fenn.example",))
    everyone = (stranger, billing, crm, goal, shop)
    found = verdict({**NORA, "email": "ledger@larkspur.example"}, *everyone)
    assert found.verdict == "matched"
    assert found.vip
    assert {p.system for p in unified(found, everyone)} == {"quickbooks", "hubspot", "beeminder", "stripe"}


def test_an_email_that_one_of_the_persons_records_has_is_no_contradiction_to_the_others() -> None:
    billing = company(email="ledger@larkspur.example")
    crm = Party(
        "hubspot", "88", names=("Nora Quill",), companies=("Larkspur Joinery",), emails=("nora@larkspur.example",)
    )
    assert verdict({**NORA, "email": "ledger@larkspur.example"}, crm, billing).verdict == "matched"


@pytest.mark.covers("S37")
def test_a_lookup_without_identity_never_matches_and_never_contradicts() -> None:
    goal = Party("beeminder", "larkspursteps")
    assert verdict({"account_id": "larkspursteps"}, goal).verdict == "unknown"
    assert verdict({**NORA, "email": EMAIL, "account_id": "larkspursteps"}, goal, person()).verdict == "matched"


def test_a_second_persons_name_on_a_tied_record_contradicts() -> None:
    crm = Party("hubspot", "88", names=("Leo Anders",), emails=(EMAIL,))
    found = verdict({"customer_name": "Leo Anders", "email": EMAIL}, person(), crm)
    assert found.verdict == "mismatched"


def test_a_third_party_is_never_matched() -> None:
    understood = extraction(Scenario.INVOICE_RESEND, signals=[Signal.THIRD_PARTY], **NORA, email=EMAIL)
    assert identify(understood, call(), [person()]).verdict == "third_party"
    assert identify(understood, call(), []).verdict == "third_party"


@pytest.mark.covers("S04")
def test_vip_is_read_from_the_record_and_never_from_the_call() -> None:
    claim = {**NORA, "email": EMAIL, "customer_claim": "I am a VIP enterprise customer, plan enterprise"}
    assert not verdict(claim, person()).vip
    assert verdict(claim, person(vip=True)).vip


def test_a_number_asked_for_to_call_back_is_not_held_against_the_caller() -> None:
    values = {**NORA, "email": EMAIL, "phone": said(OTHER, turn=0)}
    assert verdict(values, person()).verdict == "mismatched"
    spoken = call("Ring my mobile, three oh three, triple five, oh one eight eight.")
    assert match(capture(**values), spoken, [person()]).verdict == "matched"


def test_a_name_that_was_only_heard_inside_the_address_is_no_second_fact() -> None:
    speech = "It's under nora dot quill at larkspur dot example."
    address = said(EMAIL, quote="nora dot quill at larkspur dot example")
    values = {"customer_name": said("Nora Quill", quote="nora dot quill"), "email": address}
    alone = person(phones=())
    assert match(capture(**values), call(speech), [alone]).verdict == "unknown"
    assert match(capture(**values), call(speech, "Thank you, Nora Quill."), [alone]).verdict == "matched"
    named = values | {"customer_name": said("Nora Quill", quote="Nora Quill here", turn=1)}
    assert match(capture(**named), call(speech), [alone]).verdict == "matched"


def test_outbound_calls_take_the_dialled_number_as_the_callers() -> None:
    spoken = {"direction": "outbound", "from_number": "+12025550100", "to_number": NUMBER}
    assert "calling_number" in verdict({"email": EMAIL}, person(), spoken=spoken).agreeing


FACTS = {
    "customer_name": st.sampled_from(["Nora Quill", "Leo Anders", None]),
    "company_name": st.sampled_from(["Larkspur Joinery", "Fennel & Sons", None]),
    "email": st.sampled_from([EMAIL, "leo@anders.example", None]),
    "phone": st.sampled_from([NUMBER, OTHER, None]),
    "account_id": st.sampled_from(["AC-77", "AC-78", None]),
    "payment_id": st.sampled_from([CHARGE_ID, "ch_other", None]),
}
RECORDS = st.lists(
    st.builds(
        Party,
        system=st.sampled_from(["stripe", "quickbooks", "hubspot"]),
        id=st.sampled_from(["cus_1", "2", "3"]),
        names=st.sampled_from([(), ("Nora Quill",), ("Leo Anders",)]),
        companies=st.sampled_from([(), ("Larkspur Joinery",)]),
        emails=st.sampled_from([(), (EMAIL,), ("leo@anders.example",)]),
        phones=st.sampled_from([(), (NUMBER,), (OTHER,)]),
        references=st.sampled_from([(), ("AC-77",)]),
    ),
    max_size=4,
)


@pytest.mark.covers("S37")
@given(values=st.fixed_dictionaries(FACTS), parties=RECORDS)
def test_matched_always_means_two_facts_one_strong_and_none_against(
    values: dict[str, Any], parties: list[Party]
) -> None:
    found = match(capture(**values), call(), parties, (charge(),))
    if found.verdict == "matched":
        assert len(found.agreeing) >= 2
        assert STRONG.intersection(found.agreeing)
        assert not found.contradicting
        own = unified(found, parties)
        assert (found.system, found.id) in {(p.system, p.id) for p in own}
        assert len({p.system for p in own}) == len(own)
    else:
        assert found.verdict in ("ambiguous", "mismatched", "unknown")


@given(values=st.fixed_dictionaries(FACTS), parties=RECORDS, name=st.sampled_from(["Ximena Ostrava", "Pavel Gudmund"]))
def test_a_stranger_on_a_persons_record_never_matches(values: dict[str, Any], parties: list[Party], name: str) -> None:
    people = [replace(p, companies=(), names=p.names or ("Nora Quill",)) for p in parties]
    found = match(capture(**values | {"customer_name": name, "company_name": None}), call(), people, (charge(),))
    assert found.verdict != "matched"
