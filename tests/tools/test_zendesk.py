"""Zendesk: internal by default, the key on creation, our external id and mark to find things again."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.tools.conftest import KEY, Lab
from tools.connector import Answer, Lost, Missing, Rejected

TICKET: dict[str, Any] = {
    "requester_id": 610,
    "subject": "Refund",
    "comment": {"body": "Asked for 32.10 GBP"},
    "priority": "high",
    "external_id": "call_1:ticket",
}
COMMENT: dict[str, Any] = {"ticket_id": 88, "comment": {"body": "Paid since"}}


@pytest.mark.covers("S44")
def test_a_ticket_on_the_wire(lab: Lab) -> None:
    answer = lab.run("zendesk.create_ticket", **TICKET)
    assert str(lab.last.url) == "https://sandbox.zendesk.com/api/v2/tickets"
    assert lab.last.headers["idempotency-key"] == KEY
    assert lab.sent_json() == {
        "ticket": {
            "subject": "Refund",
            "comment": {"body": "Asked for 32.10 GBP", "public": False},
            "priority": "high",
            "tags": [],
            "external_id": "call_1:ticket",
            "requester_id": 610,
        }
    }
    assert answer.vendor_id == "89"
    assert answer.url == "https://sandbox.zendesk.com/agent/tickets/89"


def test_a_user_as_a_party(lab: Lab) -> None:
    (party,) = lab.run("zendesk.find_user", email="zoe@lanternbakery.example").parties
    assert lab.last.url.params["query"] == "email:zoe@lanternbakery.example"
    assert (party.names, party.references, party.vip) == (("Zoë Ardent",), ("LB-1",), True)


@pytest.mark.parametrize("given", [{"name": "zoe ardent"}, {"phone": "+441632960011"}, {"reference": "LB-1"}])
def test_a_user_is_found_by(lab: Lab, given: dict[str, str]) -> None:
    answer = lab.run("zendesk.find_user", **given)
    assert [party.id for party in answer.parties] == ["610"]
    assert "notes" not in answer.body[0]


def test_open_tickets_of_a_requester(lab: Lab) -> None:
    (document,) = lab.run("zendesk.list_tickets", requester_id=610).documents
    assert lab.last.url.params["query"] == "type:ticket status<closed requester:610"
    assert (document.id, document.status, document.party_id) == ("88", "open", "610")
    assert lab.run("zendesk.list_tickets", email="zoe@lanternbakery.example").documents == (document,)


def test_search_words_cannot_be_smuggled_in(lab: Lab) -> None:
    lab.run("zendesk.list_tickets", external_id='x requester:"610"')
    assert lab.last.url.params["query"].split(" ")[2:] == ["external_id:xrequester:610"]


def test_the_same_key_makes_one_ticket_and_no_other(lab: Lab) -> None:
    first = lab.run("zendesk.create_ticket", **TICKET)
    assert lab.run("zendesk.create_ticket", **TICKET).vendor_id == first.vendor_id
    with pytest.raises(Rejected, match="same idempotency key"):
        lab.run("zendesk.create_ticket", **(TICKET | {"subject": "Other"}))


def test_a_lost_ticket_is_found_by_its_external_id(lab: Lab) -> None:
    lab.faults.lose("zendesk", method="POST")
    with pytest.raises(Lost):
        lab.run("zendesk.create_ticket", **TICKET)
    assert isinstance(lab.find_again("zendesk.create_ticket", **TICKET), Answer)
    assert lab.last.url.params["external_id"] == "call_1:ticket"
    assert lab.find_again("zendesk.create_ticket", **(TICKET | {"external_id": "call_2:ticket"})) is None


def test_a_comment_is_internal_and_carries_our_mark(lab: Lab) -> None:
    assert lab.find_again("zendesk.add_comment", **COMMENT) is None
    answer = lab.run("zendesk.add_comment", **COMMENT)
    assert (lab.last.method, lab.last.url.path) == ("PUT", "/api/v2/tickets/88")
    assert lab.sent_json() == {"ticket": {"comment": {"body": f"Paid since\n\nref-{KEY[:16]}", "public": False}}}
    assert answer.vendor_id == "88"
    assert isinstance(lab.find_again("zendesk.add_comment", **COMMENT), Answer)


def test_unknown_ticket_and_unknown_requester(lab: Lab) -> None:
    with pytest.raises(Missing):
        lab.run("zendesk.add_comment", ticket_id=1, comment={"body": "x"})
    with pytest.raises(Rejected):
        lab.run("zendesk.create_ticket", **(TICKET | {"requester_id": 1}))


def test_arguments_that_are_refused(lab: Lab) -> None:
    for changes in ({"priority": "super"}, {"comment": {"body": ""}}, {"assignee_id": 3}):
        with pytest.raises(ValidationError):
            lab.arguments("zendesk.create_ticket", **{**TICKET, **changes})


def test_text_plain_errors_are_read_by_status(lab: Lab) -> None:
    lab.faults.answer("zendesk", 404, body=b"SECRETTEXT", path="/comments")
    with pytest.raises(Missing) as caught:
        lab.toolbox._connector("zendesk").read("GET", "/api/v2/tickets/88/comments")
    assert "SECRETTEXT" not in str(caught.value)
