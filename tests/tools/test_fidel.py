"""Fidel: names are unique and final, so creation looks first and reads back."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.tools.conftest import KEY, Lab
from tools.connector import Answer, Credentials, Lost, Missing, NotConfigured, Rejected
from tools.fidel import CreateBrand, Fidel
from tools.sandbox.transport import SandboxTransport
from tools.toolbox import UNKNOWN

BRAND = "0b9c3a4e-1111-4222-8333-944445555666"
NEW: dict[str, Any] = {"name": "Harbour Tea", "website_url": "https://harbourtea.example"}


def test_brands_by_name(lab: Lab) -> None:
    answer = lab.run("fidel.list_brands", name="lantern bakery ltd")
    assert lab.last.url.host == "api.fidel.uk"
    assert lab.last.headers["fidel-key"] == "sandbox"
    assert "authorization" not in lab.last.headers
    (party,), (document,) = answer.parties, answer.documents
    assert (party.companies, party.references) == (("Lantern Bakery",), ("TM-7",))
    assert (document.type, document.id, document.status) == ("brand", BRAND, "live")
    assert lab.run("fidel.list_brands", name="nobody").parties == ()
    assert len(lab.run("fidel.list_brands").parties) == 1


def test_one_brand(lab: Lab) -> None:
    assert lab.run("fidel.get_brand", brand_id=BRAND).documents[0].description == "Lantern Bakery"
    with pytest.raises(Missing):
        lab.run("fidel.get_brand", brand_id="x")


@pytest.mark.covers("S33")
def test_a_new_brand_on_the_wire(lab: Lab) -> None:
    answer = lab.run("fidel.create_brand", **NEW)
    assert (lab.last.method, lab.last.url.path) == ("POST", "/v1/brands")
    assert lab.sent_json() == {
        "name": "Harbour Tea",
        "metadata": {"billing_agent_key": KEY},
        "websiteURL": "https://harbourtea.example",
    }
    assert answer.documents[0].id == answer.vendor_id


def test_a_taken_name_is_not_tried(lab: Lab) -> None:
    with pytest.raises(Rejected, match="already"):
        lab.run("fidel.create_brand", name="LANTERN bakery")
    assert not lab.writes


def test_already_exists_on_a_repeat_is_our_own_first_try(lab: Lab) -> None:
    lab.faults.lose("fidel", method="POST")
    with pytest.raises(Lost):
        lab.run("fidel.create_brand", **NEW)
    assert isinstance(lab.find_again("fidel.create_brand", **NEW), Answer)
    assert lab.find_again("fidel.create_brand", key="0" * 32, **NEW) is UNKNOWN
    assert lab.find_again("fidel.create_brand", name="Nobody's") is None


def test_the_vendors_duplicate_check_is_a_definite_no(lab: Lab) -> None:
    body = {"error": {"code": "x", "message": "Item already exists SECRETTEXT"}}
    lab.faults.answer("fidel", 400, method="POST", body=body)
    with pytest.raises(Rejected, match="of this name already") as caught:
        lab.run("fidel.create_brand", **NEW)
    assert "SECRETTEXT" not in str(caught.value)


@pytest.mark.covers("S33")
def test_an_update_keeps_the_old_value_and_is_skipped_when_done(lab: Lab) -> None:
    given = {"brand_id": BRAND, "website_url": "https://new.lanternbakery.example"}
    assert lab.find_again("fidel.update_brand", **given) is None
    answer = lab.run("fidel.update_brand", **given)
    assert lab.last.method == "PATCH"
    assert lab.sent_json() == {"websiteURL": "https://new.lanternbakery.example"}
    assert answer.body["before"] == "https://lanternbakery.example"
    lab.run("fidel.update_brand", **given)
    assert len(lab.writes) == 1
    assert isinstance(lab.find_again("fidel.update_brand", **given), Answer)


def test_a_key_of_the_other_mode_is_refused(lab: Lab) -> None:
    known = Credentials("fidel", {"api_key": "sk_live_x", "mode": "test"})
    own = Fidel(known, transport=SandboxTransport(lab.sandbox))
    with pytest.raises(NotConfigured) as caught:
        own.create_brand(CreateBrand(name="Harbour Tea"), KEY)
    assert "sk_live_x" not in str(caught.value)
    own.close()


@pytest.mark.parametrize("changes", [{"name": "x"}, {"name": "x" * 51}, {"website_url": "http://plain.example"}])
def test_brands_that_are_refused(lab: Lab, changes: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        lab.arguments("fidel.create_brand", **(NEW | changes))
