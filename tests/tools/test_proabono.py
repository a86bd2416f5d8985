"""ProAbono: an upsert guarded by a lookup, 204, 403 that means unknown, and links that stay inside."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from tests.tools.conftest import KEY, Lab
from tools.connector import Answer, Lost, Missing, Rejected
from tools.money import Money
from tools.toolbox import UNKNOWN

NEW: dict[str, Any] = {
    "reference_customer": "ACCT-9",
    "email": "Buchhaltung@Neu.example",
    "name": "Neu",
    "language": "de",
}
MOVE: dict[str, Any] = {"reference_customer": "OSTERIA-3", "date_next_billing": "2026-10-20"}


def test_a_customer_by_reference(lab: Lab) -> None:
    answer = lab.run("proabono.find_customer", reference="OSTERIA-3")
    assert str(lab.last.url) == "https://api-0.proabono.com/v1/Customer?ReferenceCustomer=OSTERIA-3"
    assert lab.last.headers["authorization"].startswith("Basic ")
    (party,) = answer.parties
    assert party.id == "OSTERIA-3"
    assert party.names == ("Osteria Lupo", "Bice Lupo")
    assert party.references == ("OSTERIA-3", "CRM-5")
    assert party.vip


@pytest.mark.parametrize(
    "given", [{"email": "CONTI@osterialupo.example"}, {"name": "bice lupo"}, {"reference": "osteria3"}]
)
def test_a_customer_is_found_by(lab: Lab, given: dict[str, str]) -> None:
    assert [party.id for party in lab.run("proabono.find_customer", **given).parties] == ["OSTERIA-3"]


def test_phones_are_not_held(lab: Lab) -> None:
    assert lab.run("proabono.find_customer", phone="+390212345").parties == ()
    assert not lab.wire.requests


def test_portal_links_and_invoice_notes_never_come_back(lab: Lab) -> None:
    answers = [
        lab.run("proabono.find_customer", reference="OSTERIA-3"),
        lab.run("proabono.list_invoices", reference_customer="OSTERIA-3"),
        lab.run("proabono.get_payment_settings", reference_customer="OSTERIA-3"),
        lab.run("proabono.create_customer", **NEW),
    ]
    for answer in answers:
        assert "proabono.example" not in repr(answer)
        assert "private remark" not in repr(answer)


def test_invoices_are_in_the_smallest_unit(lab: Lab) -> None:
    (document,) = lab.run("proabono.list_invoices", reference_customer="OSTERIA-3").documents
    assert document.amount == document.amount_due == Money(1999, "EUR")
    assert (document.status, document.paid, document.due) == ("due", False, date(2026, 9, 15))
    assert lab.run("proabono.list_invoices", full_number="OL-2026-7").documents == (document,)


def test_no_invoices_is_204_and_no_customer_is_missing(lab: Lab) -> None:
    assert lab.run("proabono.list_invoices", reference_customer="EMPTY-1").documents == ()
    for given in ({"reference_customer": "NOBODY"}, {"full_number": "X-1"}):
        with pytest.raises(Missing):
            lab.run("proabono.list_invoices", **given)


def test_403_on_settings_means_unknown_but_not_elsewhere(lab: Lab) -> None:
    with pytest.raises(Missing):
        lab.run("proabono.get_payment_settings", reference_customer="NOBODY")
    lab.faults.answer("proabono", 403, path="/v1/Customer")
    with pytest.raises(Rejected) as caught:
        lab.run("proabono.find_customer", reference="OSTERIA-3")
    assert not isinstance(caught.value, Missing)


def test_settings_as_a_document(lab: Lab) -> None:
    (document,) = lab.run("proabono.get_payment_settings", reference_customer="OSTERIA-3").documents
    assert (document.status, document.due, document.party_id) == ("Card", date(2026, 10, 1), "OSTERIA-3")


@pytest.mark.covers("S31")
def test_creating_looks_first_and_never_overwrites(lab: Lab) -> None:
    answer = lab.run("proabono.create_customer", **NEW)
    assert [request.method for request in lab.wire.requests] == ["GET", "POST"]
    assert lab.sent_json() == {
        "ReferenceCustomer": "ACCT-9",
        "Email": "buchhaltung@neu.example",
        "Name": "Neu",
        "Language": "de",
        "Metadata": {"billing_agent_key": KEY},
    }
    assert answer.body["created"] is True
    with pytest.raises(Rejected, match="exists already"):
        lab.run("proabono.create_customer", **(NEW | {"reference_customer": "OSTERIA-3"}))
    assert len(lab.writes) == 1


@pytest.mark.covers("S31")
def test_a_200_instead_of_201_is_told(lab: Lab) -> None:
    lab.faults.answer("proabono", 200, method="POST", body={"ReferenceCustomer": "ACCT-9"})
    assert lab.run("proabono.create_customer", **NEW).body["created"] is False


def test_a_lost_creation_is_found_by_our_mark(lab: Lab) -> None:
    assert lab.find_again("proabono.create_customer", **NEW) is None
    lab.faults.lose("proabono", method="POST")
    with pytest.raises(Lost):
        lab.run("proabono.create_customer", **NEW)
    assert isinstance(lab.find_again("proabono.create_customer", **NEW), Answer)
    assert lab.find_again("proabono.create_customer", key="0" * 32, **NEW) is UNKNOWN


@pytest.mark.covers("S32")
def test_settings_are_changed_field_by_field(lab: Lab) -> None:
    assert lab.find_again("proabono.update_payment_settings", **MOVE) is UNKNOWN
    answer = lab.run("proabono.update_payment_settings", **MOVE)
    assert dict(lab.last.url.params) == {"ReferenceCustomer": "OSTERIA-3"}
    assert lab.sent_json() == {"DateNextBilling": "2026-10-20T00:00:00Z"}
    assert answer.body["before"]["DateNextBilling"] == "2026-10-01T00:00:00Z"
    assert isinstance(lab.find_again("proabono.update_payment_settings", **MOVE), Answer)


def test_a_gateway_managed_method_is_not_replaced(lab: Lab) -> None:
    given = {"reference_customer": "OSTERIA-3", "type_payment": "ExternalBank"}
    with pytest.raises(Rejected, match="gateway"):
        lab.run("proabono.update_payment_settings", **given)
    assert not lab.writes


def test_an_answer_without_the_new_values_is_lost(lab: Lab) -> None:
    lab.faults.answer("proabono", 200, method="POST", body={"DateNextBilling": "2026-10-01T00:00:00Z"})
    with pytest.raises(Lost):
        lab.run("proabono.update_payment_settings", **MOVE)


@pytest.mark.parametrize(
    "changes",
    [{"type_payment": "Card"}, {"note_invoice": "x"}, {"date_next_billing": "next month"}, {"date_next_billing": None}],
)
def test_settings_that_are_refused(lab: Lab, changes: dict[str, str | None]) -> None:
    with pytest.raises(ValidationError):
        lab.arguments("proabono.update_payment_settings", **(MOVE | changes))


def test_a_422_is_a_list(lab: Lab) -> None:
    lab.faults.answer("proabono", 422, method="POST", body=[{"Code": "x", "Message": "SECRETTEXT"}])
    with pytest.raises(Rejected) as caught:
        lab.run("proabono.create_customer", **NEW)
    assert "SECRETTEXT" not in str(caught.value)
