"""What is sent to customers: the document is theirs, the address is on the record, the words are approved."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.capture import Scenario, Signal
from agent.loop import policy
from agent.loop.facts import Action, Facts
from agent.loop.rules.templates import read_back
from agent.run import MatchedCaller, Verdict
from agent.workspace import DEFAULT_TEMPLATES, Workspace
from tests.agent.loop.builders import (
    EMAIL,
    SPOKEN,
    action,
    charge,
    clean_refund,
    clean_resend,
    company,
    extraction,
    facts,
    invoice,
    looked,
    person,
    rules,
    send,
    short,
)
from tools.money import Money
from tools.records import Document, Party

ADDRESS = "accounts@larkspur.example"
RESEND: dict[str, Any] = {
    "customer_name": "Nora Quill",
    "company_name": "Larkspur Joinery",
    "email": ADDRESS,
    "invoice_number": "LJ-2041",
}


def written(template: str = "invoice_copy", **slots: str) -> dict[str, str]:
    """A message from one of the default templates, as the house would fill it."""
    filled = {
        "customer": "Nora Quill",
        "number": "LJ-2041",
        "amount": "310.00 USD",
        "date": "2026-08-25",
        "link": "https://pay.example/i/7001",
    } | slots
    chosen = DEFAULT_TEMPLATES[template]
    return {"subject": chosen.subject.format(**filled), "body": chosen.body.format(**filled)}


def mail(tool: str = "gmail.send_message", to: str = ADDRESS, **message: str) -> Action:
    return action(tool, to=to, **(message or written()))


@pytest.mark.covers("S10", "S65")
def test_a_resend_where_everything_matches_runs_by_itself_at_any_amount() -> None:
    assert short(policy.decide(send(), clean_resend())) == ("allow", "S10.recipient_verified")
    assert short(policy.decide(mail(), clean_resend())) == ("allow", "S10.recipient_verified")
    big = Money(9_900_000, "USD")
    rich = clean_resend(customer=company(vip=True), documents=[invoice(amount=big, amount_due=big)])
    assert short(policy.decide(send(), rich)) == ("allow", "S10.recipient_verified")
    assert policy.case_reasons(rich) == ()


@pytest.mark.covers("S10", "S65")
@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        pytest.param({"send_to": "nora@else.example"}, "S10.recipient_not_on_record", id="another address"),
        pytest.param(
            {"send_to": "Accounts@larkspur.example.attacker.example"}, "S10.recipient_not_on_record", id="look-alike"
        ),
        pytest.param({"invoice_id": "7002"}, "S10.document_owner", id="an invoice nobody looked up"),
    ],
)
def test_wrong_arguments_are_held_and_no_approval_helps(changes: dict[str, Any], rule: str) -> None:
    own = clean_resend()
    assert short(policy.decide(send(**changes), own)) == ("review", rule)
    assert policy.decide(send(**changes), replace(own, approved_by="Ada")).verdict is Verdict.REVIEW


@pytest.mark.covers("S10")
def test_an_invoice_of_another_customer_is_not_sent() -> None:
    stray = invoice(id="7002", number="LJ-9999", party_id="99")
    own = clean_resend(documents=[invoice(), stray])
    assert short(policy.decide(send(invoice_id="7002"), own)) == ("review", "S10.document_owner")


def test_the_owners_address_in_that_system_counts_and_another_systems_does_not() -> None:
    crm = Party(
        "hubspot", "8", names=("Nora Quill",), companies=("Larkspur Joinery",), emails=("nora@larkspur.example",)
    )
    own = clean_resend(documents=[invoice(email=None)])
    both = replace(own, lookups=(*own.lookups, looked("hubspot.find_contact", parties=[crm])))
    assert policy.decide(send(), both).verdict is Verdict.ALLOW
    assert short(policy.decide(send(send_to="nora@larkspur.example"), both))[1] == "S10.recipient_not_on_record"


@pytest.mark.covers("S10")
@pytest.mark.parametrize("kind", ["statement", "tax_form"])
def test_statements_and_tax_forms_always_go_to_a_person(kind: str) -> None:
    own = clean_resend(understood=extraction(Scenario.INVOICE_RESEND, document_kind=kind, **RESEND))
    assert short(policy.decide(send(), own)) == ("review", "S10.document_kind")
    assert "S10.document_kind" in rules(policy.case_reasons(own))


@pytest.mark.covers("S65")
def test_fresh_contact_data_goes_to_a_person() -> None:
    fresh = clean_resend(customer=company(contact_changed_at=SPOKEN - timedelta(days=6)))
    assert short(policy.decide(send(), fresh)) == ("review", "S65.contact_changed")
    settled = clean_resend(customer=company(contact_changed_at=SPOKEN - timedelta(days=8)))
    assert policy.decide(send(), settled).verdict is Verdict.ALLOW
    heard = clean_resend(understood=extraction(Scenario.INVOICE_RESEND, signals=[Signal.CONTACT_CHANGED], **RESEND))
    assert short(policy.decide(send(), heard)) == ("review", "S65.contact_changed")
    assert "S65.contact_changed" in rules(policy.case_reasons(heard))


@pytest.mark.covers("S08")
def test_another_document_than_the_one_named_waits() -> None:
    other = invoice(id="7002", number="LJ-2042")
    own = clean_resend(documents=[invoice(), other])
    assert short(policy.decide(send(invoice_id="7002"), own)) == ("review", "S08.which_document")


def test_without_a_number_the_amount_said_tells_the_document() -> None:
    reading = extraction(Scenario.INVOICE_RESEND, **RESEND | {"invoice_number": None}, amount="310.00", currency="USD")
    other = invoice(id="7002", number="LJ-2042", amount=Money(100, "USD"), amount_due=None)
    own = clean_resend(understood=reading, documents=[invoice(), other])
    assert policy.decide(send(), own).verdict is Verdict.ALLOW
    assert short(policy.decide(send(invoice_id="7002"), own))[1] == "S08.which_document"


@pytest.mark.covers("S43")
@pytest.mark.parametrize(
    "message",
    [
        pytest.param({"subject": "Invoice LJ-2041", "body": "Hi Nora, here you go!"}, id="a model's own words"),
        pytest.param(written() | {"body": written()["body"] + "\nPS: call me"}, id="a template with something added"),
        pytest.param(written(link="https://pay.example/i/666"), id="a link that is not the record's"),
        pytest.param(written(link="https://dashboard.example/7001"), id="an internal address"),
        pytest.param(written(number="LJ-9999"), id="another number"),
        pytest.param(written(amount="1.00 USD"), id="another amount"),
        pytest.param(written(customer="Dear friend, ignore the rest"), id="another name"),
        pytest.param(written() | {"subject": "URGENT invoice LJ-2041"}, id="another subject"),
    ],
)
def test_only_templates_filled_from_the_record_are_sent(message: dict[str, str]) -> None:
    assert short(policy.decide(mail(**message), clean_resend())) == ("deny", "S43.template_only")
    draft = policy.decide(mail("gmail.create_draft", **message), clean_resend())
    assert short(draft) == ("review", "S43.prose_draft")


@pytest.mark.covers("S43")
def test_a_draft_to_a_strange_address_and_a_draft_after_the_send() -> None:
    prose = {"subject": "About your call", "body": "We will look into it."}
    assert short(policy.decide(mail("gmail.create_draft", "x@else.example", **prose), clean_resend()))[1] == (
        "S10.recipient_not_on_record"
    )
    sent = clean_resend(executed=(("gmail.send_message", {"to": ADDRESS}),))
    assert short(policy.decide(mail("gmail.create_draft"), sent)) == ("deny", "S43.already_sent")
    assert policy.decide(mail("gmail.create_draft"), clean_resend()).verdict is Verdict.ALLOW


@pytest.mark.covers("S10", "S60")
def test_a_payment_link_is_the_records_own_or_the_workspaces_secure_page() -> None:
    secure = Workspace(secure_payment_url="https://secure.example/pay")
    reading = extraction(Scenario.RENEWAL_FAILURE, document_kind="payment_link", **RESEND)
    own = clean_resend(understood=reading, workspace=secure)
    assert policy.decide(mail(**written("payment_link")), own).verdict is Verdict.ALLOW
    page = mail(**written("payment_link", link="https://secure.example/pay"))
    assert policy.decide(page, own).verdict is Verdict.ALLOW
    assert policy.decide(page, replace(own, workspace=Workspace())).verdict is Verdict.DENY


def test_a_stored_file_of_the_document_may_be_linked() -> None:
    bare = invoice(links={})
    file = Document(
        "gdrive", "file", "f1", number="LJ-2041", references=("LJ-2041", "41"), url="https://files.example/f1"
    )
    own = clean_resend(documents=[bare])
    message = mail(**written(link="https://files.example/f1"))
    assert policy.decide(message, own).verdict is Verdict.DENY
    with_file = replace(own, lookups=(*own.lookups, looked("gdrive.find_files", documents=[file])))
    assert policy.decide(message, with_file).verdict is Verdict.ALLOW
    other = replace(file, number="LJ-1", references=("LJ-1",))
    stray = replace(own, lookups=(*own.lookups, looked("gdrive.find_files", documents=[other])))
    assert policy.decide(message, stray).verdict is Verdict.DENY


def test_what_nobody_asked_for_is_not_sent() -> None:
    collections = clean_resend(understood=extraction(Scenario.COLLECTIONS_CALL, **RESEND))
    renewal = clean_resend(understood=extraction(Scenario.RENEWAL_FAILURE, **RESEND))
    assert short(policy.decide(send(), collections)) == ("deny", "S10.not_asked")
    assert short(policy.decide(mail(), collections)) == ("deny", "S10.not_asked")
    assert short(policy.decide(send(), renewal)) == ("deny", "S10.not_asked")
    assert policy.decide(mail(**written("payment_link")), renewal).verdict is Verdict.ALLOW
    asked = clean_resend(understood=extraction(Scenario.COLLECTIONS_CALL, document_kind="invoice", **RESEND))
    assert policy.decide(send(), asked).verdict is Verdict.ALLOW


@pytest.mark.covers("S65", "S50")
@pytest.mark.parametrize("verdict", ["unknown", "ambiguous", "mismatched", "third_party"])
def test_nothing_leaves_for_an_unmatched_caller(verdict: Any) -> None:
    own = clean_resend(match=MatchedCaller(verdict=verdict, system="quickbooks", id="41"))
    upload = action("gdrive.upload_file", record="7001", name="LJ-2041.pdf", folder_id="billing-documents")
    for wanted in (send(), mail(), mail("gmail.create_draft"), upload):
        assert short(policy.decide(wanted, own)) == ("review", "S65.identity")


@pytest.mark.covers("S38")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("allow", "S38.stored")),
        ({"document_url": "https://pay.example/i/7001"}, ("allow", "S38.stored")),
        ({"document_url": "https://else.example/x.pdf"}, ("deny", "S38.source")),
        ({"folder_id": "shared-with-everyone"}, ("deny", "S38.folder")),
        ({"record": "7002"}, ("review", "S38.record")),
    ],
)
def test_files_go_into_the_configured_folder_from_the_customers_own_document(
    changes: dict[str, Any], expected: tuple[str, str]
) -> None:
    arguments = {"record": "7001", "name": "LJ-2041.pdf", "folder_id": "billing-documents"} | changes
    assert short(policy.decide(action("gdrive.upload_file", **arguments), clean_resend())) == expected


def test_a_call_about_something_else_stores_no_file() -> None:
    reading = extraction(Scenario.RENEWAL_FAILURE, **RESEND)
    upload = action("gdrive.upload_file", record="7001", name="LJ-2041.pdf", folder_id="billing-documents")
    assert short(policy.decide(upload, clean_resend(understood=reading))) == ("deny", "S38.not_a_document_call")


def test_a_receipt_of_a_charge_is_sent_to_the_address_of_the_charge() -> None:
    reading = extraction(
        Scenario.RECEIPT_TO_VERIFIED_EMAIL,
        document_kind="receipt",
        customer_name="Nora Quill",
        email=EMAIL,
        amount="42.00",
    )
    receipt = written(
        "receipt", number=charge().id, amount="42.00 USD", date="2026-09-09", link="https://receipts.example/r/1"
    )
    own = clean_refund(understood=reading)
    assert short(policy.decide(mail(to=EMAIL, **receipt), own)) == ("allow", "S10.recipient_verified")
    found = read_back(receipt["subject"], receipt["body"], own)
    assert found is not None
    assert found.document == charge()


def test_a_copy_that_cannot_be_sent_goes_to_a_person() -> None:
    nothing = facts(
        extraction(Scenario.INVOICE_RESEND, **RESEND | {"invoice_number": None}),
        looked("quickbooks.find_customer", parties=[company()]),
        looked("quickbooks.get_invoice", status="not_found"),
    )
    assert "S65.nothing_to_send" in rules(policy.case_reasons(nothing))


SAFE = st.sampled_from([ADDRESS, EMAIL, "x@else.example", "ACCOUNTS@LARKSPUR.EXAMPLE"])


@pytest.mark.covers("S10", "S65")
@settings(deadline=None)
@given(
    recipient=SAFE,
    on_document=st.sampled_from([ADDRESS, EMAIL, None]),
    on_record=st.sampled_from([ADDRESS, EMAIL]),
    owner=st.sampled_from(["41", "99"]),
)
def test_a_document_only_ever_reaches_an_address_on_its_own_record(
    recipient: str, on_document: str | None, on_record: str, owner: str
) -> None:
    own: Facts = clean_resend(customer=company(email=on_record), documents=[invoice(email=on_document, party_id=owner)])
    if policy.decide(send(send_to=recipient), own).verdict is Verdict.ALLOW:
        assert recipient.lower() in {on_document, on_record}
        assert owner == "41"
        assert own.matched


@pytest.mark.covers("S43")
@given(st.text(max_size=300), st.text(max_size=60))
def test_free_text_is_never_taken_for_a_template(body: str, subject: str) -> None:
    assert read_back(subject, body, clean_resend()) is None


# -- a Stripe invoice, mailed by Stripe ----------------------------------------------------------------


STRIPE_SEND = {"invoice": "in_1"}


def stripe_resend(**changes: Any) -> Facts:
    """A resend of an invoice that is Stripe's."""
    reading = extraction(
        Scenario.INVOICE_RESEND,
        document_kind="invoice",
        **{"customer_name": "Nora Quill", "email": EMAIL, "invoice_number": "LJ-77"} | changes.pop("said", {}),
    )
    paper = invoice(
        **{"system": "stripe", "id": "in_1", "number": "LJ-77", "party_id": "cus_1", "email": EMAIL} | changes
    )
    return facts(
        reading,
        looked("stripe.find_customer", parties=(person(),), email=EMAIL),
        looked("stripe.get_invoice", documents=(paper,), customer="cus_1"),
    )


@pytest.mark.covers("S10", "S65")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, ("allow", "S10.recipient_verified"), id="clear"),
        pytest.param({"party_id": "cus_9"}, ("review", "S10.document_owner"), id="another customer's"),
        pytest.param({"id": "in_2"}, ("review", "S10.document_owner"), id="never looked up"),
        pytest.param({"status": "draft"}, ("review", "S10.not_issued"), id="a draft would become final"),
        pytest.param({"status": None}, ("review", "S10.not_issued"), id="status not known"),
        pytest.param({"email": "old@larkspur.example"}, ("review", "S10.recipient_unclear"), id="two addresses"),
        pytest.param({"said": {"email": "n@quill.example"}}, ("review", "S10.recipient_not_on_record"), id="elsewhere"),
    ],
)
def test_a_stripe_invoice_goes_to_the_address_stripe_has(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    own = replace(stripe_resend(**changes), match=stripe_resend().match)
    assert short(policy.decide(action("stripe.send_invoice", **STRIPE_SEND), own)) == expected


def test_one_copy_of_a_document_is_sent_in_a_run() -> None:
    mailed = (("gmail.send_message", {"to": EMAIL, "record": "in_1"}),)
    own = replace(stripe_resend(), executed=mailed)
    assert short(policy.decide(action("stripe.send_invoice", **STRIPE_SEND), own)) == ("deny", "S10.already_sent")


def test_an_unmatched_caller_or_another_subject_gets_no_stripe_invoice() -> None:
    stranger = replace(stripe_resend(), match=MatchedCaller(verdict="unknown"))
    assert short(policy.decide(action("stripe.send_invoice", **STRIPE_SEND), stranger))[0] == "review"
    assert short(policy.decide(action("stripe.send_invoice", invoice="in_1"), clean_refund()))[0] == "deny"
