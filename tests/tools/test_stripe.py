"""Stripe: what goes over the wire, and what comes back as records."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from tests.tools.conftest import KEY, Lab
from tests.tools.worlds import CHARGE, LANTERN, YEN
from tools.connector import Answer, Lost, Missing, Rejected, Unavailable
from tools.money import Money
from tools.stripe import OPERATIONS
from tools.toolbox import UNKNOWN

REFUND: dict[str, Any] = {"charge": CHARGE, "amount": "32.10", "currency": "GBP", "reason": "requested_by_customer"}


@pytest.mark.covers("S40")
def test_a_customer_is_listed_by_exact_email_first(lab: Lab) -> None:
    answer = lab.run("stripe.find_customer", email="Till@lanternbakery.example")
    assert str(lab.last.url).startswith("https://api.stripe.com/v1/customers?email=Till%40lanternbakery.example")
    assert lab.last.headers["authorization"] == "Bearer sandbox"
    assert lab.last.headers["stripe-version"]
    assert answer.parties[0].id == LANTERN


def test_other_case_of_the_email_is_found_by_search(lab: Lab) -> None:
    answer = lab.run("stripe.find_customer", email="till@lanternbakery.example")
    assert lab.last.url.path == "/v1/customers/search"
    assert lab.last.url.params["query"] == 'email:"till@lanternbakery.example"'
    assert [party.id for party in answer.parties] == [LANTERN]


def test_a_customer_as_a_party(lab: Lab) -> None:
    party = lab.run("stripe.find_customer", reference=LANTERN).parties[0]
    assert party.names == ("Lantern Bakery", "Zoë Ardent")
    assert party.companies == ("Lantern Bakery",)
    assert party.references == ("Lantern Bakery",)
    assert party.vip
    assert party.contact_changed_at is None


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"name": "zoe ardent"}, [LANTERN]),
        ({"name": "Lantern Bakery Ltd."}, [LANTERN]),
        ({"phone": "01632 960011"}, [LANTERN]),
        ({"reference": "AH9"}, [YEN]),
        ({"reference": "in_Lantern0001"}, [LANTERN]),
        ({"reference": "pi_Yen0003"}, [YEN]),
        ({"reference": "nobody"}, []),
        ({"name": 'x" OR name~"Lantern'}, []),
    ],
)
def test_a_customer_is_found_by(lab: Lab, given: dict[str, str], found: list[str]) -> None:
    assert [party.id for party in lab.run("stripe.find_customer", **given).parties] == found


def test_personal_fields_are_dropped(lab: Lab) -> None:
    body = lab.run("stripe.find_customer", reference=LANTERN).body[0]
    assert "address" not in body
    assert "default_source" not in body


def test_a_charge_as_a_document(lab: Lab) -> None:
    answer = lab.run("stripe.list_charges", customer=LANTERN)
    assert lab.last.url.params["customer"] == LANTERN
    newest, older = answer.documents
    assert newest.amount == Money(3210, "GBP")
    assert newest.amount_refunded == Money(0, "GBP")
    assert (newest.paid, newest.disputed, older.disputed) == (True, False, True)
    assert newest.created == datetime(2026, 10, 1, tzinfo=UTC)
    assert newest.references == ("LB-77", "in_Lantern0001", "pi_Lantern0001")
    assert newest.email == "till@lanternbakery.example"
    assert newest.links == {"receipt": "https://receipts.stripe.example/r1"}


def test_of_the_card_only_brand_and_last_four_stay(lab: Lab) -> None:
    body = lab.run("stripe.list_charges", customer=LANTERN).body[0]
    assert body["card"] == {"brand": "visa", "last4": "4242"}
    assert "payment_method_details" not in body


def test_amounts_without_and_with_three_decimals(lab: Lab) -> None:
    shown = {d.id: str(d.amount) for d in lab.run("stripe.list_charges", customer=YEN).documents}
    assert shown == {"ch_Yen0003": "5000 JPY", "ch_Dinar0004": "12.345 KWD"}


@pytest.mark.parametrize("given", [{"invoice": "LB2041"}, {"invoice": "in_Lantern0001"}, {"customer": LANTERN}])
def test_an_invoice_as_a_document(lab: Lab, given: dict[str, str]) -> None:
    (document,) = lab.run("stripe.get_invoice", **given).documents
    assert (document.number, str(document.amount), str(document.amount_due)) == ("LB-2041", "32.10 GBP", "32.10 GBP")
    assert document.due == date(2026, 10, 2)
    assert document.links["hosted"] == "https://hosted.stripe.example/i/1"
    assert document.paid is False


def test_an_unknown_invoice_is_missing(lab: Lab) -> None:
    with pytest.raises(Missing):
        lab.run("stripe.get_invoice", invoice="LB-1")
    with pytest.raises(Missing):
        lab.run("stripe.get_invoice", invoice="in_nope")


def test_a_subscription_ends_with_its_items_period(lab: Lab) -> None:
    (document,) = lab.run("stripe.get_subscription", customer=LANTERN).documents
    assert lab.last.url.params["status"] == "all"
    assert document.access_ends == datetime(2026, 10, 2, tzinfo=UTC)
    assert document.amount == Money(3210, "GBP")
    assert document.references == ("in_Lantern0001",)


def test_a_refund_on_the_wire(lab: Lab) -> None:
    answer = lab.run("stripe.create_refund", **REFUND)
    assert (lab.last.method, str(lab.last.url)) == ("POST", "https://api.stripe.com/v1/refunds")
    assert lab.last.headers["idempotency-key"] == KEY
    assert lab.last.headers["content-type"] == "application/x-www-form-urlencoded"
    assert lab.sent_form() == {
        "charge": CHARGE,
        "amount": "3210",
        "reason": "requested_by_customer",
        "metadata[billing_agent_key]": KEY,
    }
    assert answer.vendor_id
    (newest, _) = lab.run("stripe.list_charges", customer=LANTERN).documents
    assert newest.amount_refunded == Money(3210, "GBP")


@pytest.mark.parametrize(
    ("charge", "amount", "currency", "minor"),
    [("ch_Yen0003", "5000", "JPY", "5000"), ("ch_Dinar0004", "12.345", "KWD", "12345")],
)
def test_refund_units(lab: Lab, charge: str, amount: str, currency: str, minor: str) -> None:
    lab.run("stripe.create_refund", charge=charge, amount=amount, currency=currency)
    assert lab.sent_form()["amount"] == minor


@pytest.mark.parametrize(
    "changes",
    [{"currency": "USD"}, {"amount": "32.11"}, {"charge": "ch_Old0002", "amount": "1.00"}, {"charge": "ch_none"}],
)
def test_a_refund_the_charge_cannot_bear_is_never_sent(lab: Lab, changes: dict[str, str]) -> None:
    with pytest.raises(Rejected):
        lab.run("stripe.create_refund", **(REFUND | changes))
    assert not lab.writes


@pytest.mark.parametrize(
    "changes",
    [{"reason": "fraudulent"}, {"amount": "0.00"}, {"amount": "1.005"}, {"amount": "1,000.00"}, {"amount": "-1.00"}],
)
def test_refund_arguments_that_are_refused(lab: Lab, changes: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        lab.arguments("stripe.create_refund", **(REFUND | changes))


@pytest.mark.covers("S46")
def test_the_same_key_refunds_once(lab: Lab) -> None:
    first = lab.run("stripe.create_refund", **REFUND)
    assert lab.run("stripe.create_refund", **REFUND).vendor_id == first.vendor_id
    assert len(lab.sandbox.vendors["stripe"].records["refunds"]) == 1


def test_the_same_key_with_another_amount_is_refused_by_the_vendor(lab: Lab) -> None:
    lab.run("stripe.send_invoice", invoice="in_Lantern0001")
    connector = lab.toolbox._connector("stripe")
    with pytest.raises(Rejected, match="same idempotency key with other arguments"):
        connector.write("POST", "/v1/invoices/in_Other/send", form={}, headers={"Idempotency-Key": KEY})


def test_a_lost_refund_is_found_again_by_its_key(lab: Lab) -> None:
    lab.faults.lose("stripe", path="/v1/refunds", method="POST")
    with pytest.raises(Lost):
        lab.run("stripe.create_refund", **REFUND)
    assert len(lab.writes) == 1
    found = lab.find_again("stripe.create_refund", **REFUND)
    assert isinstance(found, Answer)
    assert found.vendor_id == lab.sandbox.vendors["stripe"].records["refunds"][0]["id"]
    assert lab.find_again("stripe.create_refund", key="other", **REFUND) is None


@pytest.mark.parametrize(
    ("status", "error"), [(402, Rejected), (409, Lost), (424, Lost), (500, Lost), (429, Unavailable)]
)
def test_refund_answers(lab: Lab, status: int, error: type[Exception]) -> None:
    lab.faults.answer(
        "stripe", status, path="/v1/refunds", body={"error": {"type": "api_error", "message": "SECRETTEXT"}}
    )
    with pytest.raises(error) as caught:
        lab.run("stripe.create_refund", **REFUND)
    assert "SECRETTEXT" not in str(caught.value)
    assert len(lab.writes) == 1
    assert not lab.waits


def test_known_codes_are_said_in_our_words(lab: Lab) -> None:
    lab.faults.answer("stripe", 400, path="/v1/refunds", body={"error": {"code": "charge_already_refunded"}})
    with pytest.raises(Rejected, match="already refunded"):
        lab.run("stripe.create_refund", **REFUND)


def test_a_read_is_not_retried_when_the_vendor_says_so(lab: Lab) -> None:
    lab.faults.answer("stripe", 500, headers={"Stripe-Should-Retry": "false"}, times=5)
    with pytest.raises(Unavailable):
        lab.run("stripe.list_charges", customer=LANTERN)
    assert len(lab.wire.requests) == 1


def test_sending_an_invoice(lab: Lab) -> None:
    answer = lab.run("stripe.send_invoice", invoice="in_Lantern0001")
    assert lab.last.url.path == "/v1/invoices/in_Lantern0001/send"
    assert lab.last.headers["idempotency-key"] == KEY
    assert answer.documents[0].number == "LB-2041"
    assert lab.find_again("stripe.send_invoice", invoice="in_Lantern0001") is UNKNOWN


def test_targets() -> None:
    targets = {o.name: o.target for o in OPERATIONS}
    refund = next(o for o in OPERATIONS if o.name == "stripe.create_refund").arguments.model_validate(REFUND)
    made = targets["stripe.create_refund"]
    assert made is not None
    assert made(refund) == CHARGE
