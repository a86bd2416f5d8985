"""QuickBooks: the query language, decimals, faults in 200 answers, requestid."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.tools.conftest import KEY, Lab
from tools.connector import Answer, Lost, Missing, Rejected, Unavailable
from tools.money import Money
from tools.toolbox import UNKNOWN

ADDRESS: dict[str, Any] = {
    "customer_id": "41",
    "line1": "10 Quarry Lane",
    "city": "Leeds",
    "postal_code": "LS1 1AB",
    "country": "GB",
}


@pytest.mark.covers("S41")
def test_a_query_on_the_wire(lab: Lab) -> None:
    answer = lab.run("quickbooks.find_customer", email="accounts@orourke.example")
    assert lab.last.url.path == "/v3/company/sandbox/query"
    assert lab.last.url.params["minorversion"] == "75"
    assert lab.last.headers["accept"] == "application/json"
    assert lab.last.url.params["query"].startswith(
        "select * from Customer where PrimaryEmailAddr = 'accounts@orourke.example' STARTPOSITION 1"
    )
    party = answer.parties[0]
    assert party.names == ("Maeve O'Rourke",)
    assert party.companies == ("O'Rourke Masonry Ltd",)
    assert party.phones == ("(020) 7946 0017",)


def test_quotes_are_escaped(lab: Lab) -> None:
    answer = lab.run("quickbooks.find_customer", name="O'Rourke Masonry")
    assert "like '%O\\'Rourke Masonry%'" in lab.last.url.params["query"]
    assert [party.id for party in answer.parties] == ["41"]
    assert not lab.run("quickbooks.find_customer", name="x' or Id = '41").parties


@pytest.mark.parametrize(
    "given",
    [{"name": "Maeve O'Rourke"}, {"phone": "+442079460017"}, {"reference": "OMUK118"}, {"reference": "41"}],
)
def test_a_customer_is_found_by(lab: Lab, given: dict[str, str]) -> None:
    assert [party.id for party in lab.run("quickbooks.find_customer", **given).parties] == ["41"]


def test_a_person_without_company_is_no_company(lab: Lab) -> None:
    (party,) = lab.run("quickbooks.find_customer", name="nils soderberg").parties
    assert (party.names, party.companies) == (("Nils Söderberg",), ())


def test_private_fields_are_dropped(lab: Lab) -> None:
    body = lab.run("quickbooks.find_customer", reference="41").body[0]
    assert not {"Notes", "PrimaryTaxIdentifier", "PrimaryPhone"} & set(body)


def test_an_invoice_as_a_document(lab: Lab) -> None:
    (document,) = lab.run("quickbooks.get_invoice", doc_number="OM-UK-118").documents
    assert (document.amount, document.amount_due) == (Money(27550, "GBP"), Money(7550, "GBP"))
    assert (document.status, document.paid, document.party_id) == ("partially_paid", False, "41")
    assert document.due == date(2026, 9, 15)
    assert document.email == "accounts@orourke.example"


def test_whole_yen_and_paid(lab: Lab) -> None:
    (document,) = lab.run("quickbooks.get_invoice", invoice_id="5002").documents
    assert document.amount == Money(5000, "JPY")
    assert document.paid is True


def test_invoices_of_a_customer_and_unknown_ones(lab: Lab) -> None:
    assert len(lab.run("quickbooks.get_invoice", customer="41").documents) == 2
    for given in ({"doc_number": "OM-404"}, {"invoice_id": "9"}):
        with pytest.raises(Missing):
            lab.run("quickbooks.get_invoice", **given)


def test_sending_names_the_recipient(lab: Lab) -> None:
    answer = lab.run("quickbooks.send_invoice", invoice_id="5001", send_to="accounts@orourke.example")
    assert lab.last.url.path == "/v3/company/sandbox/invoice/5001/send"
    assert dict(lab.last.url.params) == {
        "minorversion": "75",
        "requestid": KEY,
        "sendTo": "accounts@orourke.example",
    }
    assert lab.last.headers["content-type"] == "application/octet-stream"
    assert lab.last.content == b""
    assert answer.body["EmailStatus"] == "EmailSent"


def test_a_credit_memo_on_the_wire(lab: Lab) -> None:
    given = {"customer": "41", "amount": "12.50", "currency": "GBP", "private_note": "Call c1"}
    answer = lab.run("quickbooks.create_credit_memo", **given)
    assert lab.last.url.params["requestid"] == KEY
    body = lab.sent_json()
    assert body["CustomerRef"] == {"value": "41"}
    assert body["CurrencyRef"] == {"value": "GBP"}
    assert body["Line"][0]["Amount"] == 12.5
    assert body["Line"][0]["SalesItemLineDetail"]["ItemRef"] == {"value": "1"}
    assert body["PrivateNote"].startswith("Call c1 [ref-9f2c")
    found = lab.find_again("quickbooks.create_credit_memo", **given)
    assert isinstance(found, Answer)
    assert found.vendor_id == answer.vendor_id
    assert lab.find_again("quickbooks.create_credit_memo", key="0" * 32, **given) is None


def test_a_credit_in_another_currency_is_refused(lab: Lab) -> None:
    with pytest.raises(Rejected, match="currency"):
        lab.run("quickbooks.create_credit_memo", customer="41", amount="12.50", currency="USD")
    assert not lab.writes


def test_the_address_is_a_sparse_update_with_the_token_just_read(lab: Lab) -> None:
    answer = lab.run("quickbooks.update_customer_address", **ADDRESS)
    body = lab.sent_json()
    assert (body["Id"], body["SyncToken"], body["sparse"]) == ("41", "3", True)
    assert body["BillAddr"]["Line1"] == "10 Quarry Lane"
    assert answer.body["before"]["Line1"] == "9 Quarry Lane"
    assert isinstance(lab.find_again("quickbooks.update_customer_address", **ADDRESS), Answer)
    assert lab.find_again("quickbooks.update_customer_address", **(ADDRESS | {"line1": "11"})) is None


def _fault(code: str, kind: str = "ValidationFault") -> dict[str, object]:
    return {"Fault": {"type": kind, "Error": [{"Message": "SECRETTEXT", "code": code}]}}


def test_a_200_may_be_a_fault(lab: Lab) -> None:
    lab.faults.answer("quickbooks", 200, body=_fault("610"))
    with pytest.raises(Missing):
        lab.run("quickbooks.get_invoice", invoice_id="5001")
    lab.faults.answer("quickbooks", 200, body={"fault": {"type": "SystemFault", "error": []}}, times=3)
    with pytest.raises(Unavailable):
        lab.run("quickbooks.get_invoice", invoice_id="5001")


def test_faults_of_a_write(lab: Lab) -> None:
    lab.faults.answer("quickbooks", 400, path="/customer", method="POST", body=_fault("5010"))
    with pytest.raises(Rejected, match="changed by somebody else") as caught:
        lab.run("quickbooks.update_customer_address", **ADDRESS)
    assert "SECRETTEXT" not in str(caught.value)
    lab.faults.answer("quickbooks", 200, path="/customer", method="POST", body=_fault("1", "SystemFault"))
    with pytest.raises(Lost):
        lab.run("quickbooks.update_customer_address", **ADDRESS)


def test_throttling_is_not_waited_for(lab: Lab) -> None:
    lab.faults.answer("quickbooks", 429)
    with pytest.raises(Unavailable):
        lab.run("quickbooks.get_invoice", invoice_id="5001")
    assert not lab.waits


def test_a_lost_mail_stays_unknown(lab: Lab) -> None:
    given = {"invoice_id": "5001", "send_to": "accounts@orourke.example"}
    lab.faults.lose("quickbooks", path="/send")
    with pytest.raises(Lost):
        lab.run("quickbooks.send_invoice", **given)
    assert lab.find_again("quickbooks.send_invoice", **given) is UNKNOWN
