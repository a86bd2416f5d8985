"""HubSpot: dated paths, string values, notes as escaped HTML with our mark."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tools.conftest import KEY, Lab
from tools.connector import Answer, Lost, Missing, Rejected
from tools.money import Money
from tools.toolbox import UNKNOWN

NOTE: dict[str, Any] = {"contact_id": "301", "body": "Refund <b>asked</b>\nOwner: finance"}


@pytest.mark.covers("S42")
def test_a_search_on_the_wire(lab: Lab) -> None:
    answer = lab.run("hubspot.find_contact", email="Zoe@lanternbakery.example")
    assert lab.last.url.path == "/crm/objects/2026-03/contacts/search"
    body = lab.sent_json()
    assert body["filterGroups"] == [
        {"filters": [{"propertyName": "email", "operator": "EQ", "value": "zoe@lanternbakery.example"}]}
    ]
    assert body["limit"] == 10
    (party,) = answer.parties
    assert party.names == ("Zoë Ardent",)
    assert party.companies == ("Lantern Bakery",)
    assert party.owner_id == "77"
    assert party.vip


@pytest.mark.parametrize(
    "given",
    [{"name": "Zoe Ardent"}, {"name": "Lantern Bakery Ltd"}, {"phone": "+441632960011"}, {"reference": "301"}],
)
def test_a_contact_is_found_by(lab: Lab, given: dict[str, str]) -> None:
    assert [party.id for party in lab.run("hubspot.find_contact", **given).parties] == ["301"]


def test_unasked_properties_never_come_back(lab: Lab) -> None:
    assert "birthday" not in lab.run("hubspot.find_contact", reference="301").body[0]


def test_deals_of_a_contact(lab: Lab) -> None:
    (deal,) = lab.run("hubspot.find_deals", contact_id="301").documents
    assert lab.sent_json()["filterGroups"][0]["filters"][0]["propertyName"] == "associations.contact"
    assert (deal.amount, deal.party_id, deal.description) == (Money(125000, "GBP"), "301", "Renewal 2027")
    assert not lab.run("hubspot.find_deals", contact_id="302").documents


def test_the_owner(lab: Lab) -> None:
    (owner,) = lab.run("hubspot.get_owner", owner_id="77").owners
    assert (owner.name, owner.email) == ("Ivo Marsh", "ivo@house.example")
    assert lab.last.url.path == "/crm/owners/2026-03/77"
    assert lab.run("hubspot.get_owner", email="ivo@house.example").owners == (owner,)
    with pytest.raises(Missing):
        lab.run("hubspot.get_owner", owner_id="1")


def test_a_note_on_the_wire(lab: Lab) -> None:
    answer = lab.run("hubspot.create_note", **NOTE)
    assert lab.last.url.path == "/crm/objects/2026-03/notes"
    body = lab.sent_json()
    assert body["properties"]["hs_timestamp"] == "2026-10-08T09:30:00Z"
    text = body["properties"]["hs_note_body"]
    assert text == f"Refund &lt;b&gt;asked&lt;/b&gt;<br>Owner: finance<br>ref-{KEY[:16]}"
    assert body["associations"] == [
        {
            "to": {"id": "301"},
            "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 202}],
        }
    ]
    assert answer.url == "https://app.hubspot.com/contacts/1/record/0-1/301"


def test_a_lost_note_is_found_by_its_mark(lab: Lab) -> None:
    lab.faults.lose("hubspot", path="/notes", method="POST")
    with pytest.raises(Lost):
        lab.run("hubspot.create_note", **NOTE)
    assert isinstance(lab.find_again("hubspot.create_note", **NOTE), Answer)
    assert lab.find_again("hubspot.create_note", key="0" * 32, **NOTE) is UNKNOWN


def test_a_note_on_nobody_is_refused(lab: Lab) -> None:
    with pytest.raises(Rejected):
        lab.run("hubspot.create_note", contact_id="999", body="x")
