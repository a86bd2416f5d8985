"""Beeminder: the right host, the dry run first, and never a second charge."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from pydantic import ValidationError

from tests.tools.conftest import KEY, Lab
from tools.beeminder import Beeminder, CreateCharge, GetUser
from tools.connector import Credentials, Lost, Missing, Rejected, Unavailable
from tools.money import Money
from tools.toolbox import UNKNOWN

CHARGE: dict[str, Any] = {"user_id": "zoewalks", "amount": "12.00", "note": "Agreed on call c1"}


@pytest.mark.covers("S30")
def test_a_user(lab: Lab) -> None:
    answer = lab.run("beeminder.get_user", username="zoewalks")
    assert str(lab.last.url) == "https://www.beeminder.com/api/v1/users/zoewalks.json"
    (party,) = answer.parties
    assert (party.id, party.references, party.names, party.emails) == ("zoewalks", ("zoewalks",), (), ())
    assert answer.body == {"username": "zoewalks", "deadbeat": False, "goals": ["steps"]}
    with pytest.raises(Missing):
        lab.run("beeminder.get_user", username="nobody")


def test_a_goal_with_its_pledge_in_dollars(lab: Lab) -> None:
    (goal,) = lab.run("beeminder.get_goal", username="zoewalks", slug="steps").documents
    assert (goal.amount, goal.status, goal.party_id) == (Money(1000, "USD"), "active", "zoewalks")
    with pytest.raises(Missing):
        lab.run("beeminder.get_goal", username="badcard", slug="steps")


@pytest.mark.covers("S29")
def test_a_charge_is_checked_rehearsed_and_sent_once(lab: Lab) -> None:
    answer = lab.run("beeminder.create_charge", **CHARGE)
    owner, rehearsal, real = lab.wire.requests
    assert owner.url.path == "/api/v1/users/me.json"
    assert (rehearsal.url.path, real.url.path) == ("/api/v1/charges.json", "/api/v1/charges.json")
    form = dict(parse_qsl(real.content.decode()))
    assert form == {"user_id": "zoewalks", "amount": "12.00", "note": f"Agreed on call c1 (ref-{KEY[:16]})"}
    assert dict(parse_qsl(rehearsal.content.decode())) == form | {"dryrun": "true"}
    assert answer.vendor_id
    assert len(lab.sandbox.vendors["beeminder"].records["charges"]) == 1


def test_a_user_with_a_bad_card_is_not_charged(lab: Lab) -> None:
    with pytest.raises(Rejected, match="out of date"):
        lab.run("beeminder.create_charge", **(CHARGE | {"user_id": "badcard"}))
    assert not lab.writes


def test_another_users_token_charges_nobody(lab: Lab) -> None:
    with pytest.raises(Rejected, match="another user"):
        lab.run("beeminder.create_charge", **(CHARGE | {"user_id": "stranger"}))
    assert not lab.writes


def test_a_rehearsal_that_disagrees_stops_it(lab: Lab) -> None:
    lab.faults.answer("beeminder", 200, path="/charges.json", body={"username": "zoewalks", "amount": 120.0})
    with pytest.raises(Rejected, match="dry run"):
        lab.run("beeminder.create_charge", **CHARGE)
    assert len(lab.writes) == 1


def test_a_failed_rehearsal_is_neither_repeated_nor_followed(lab: Lab) -> None:
    lab.faults.answer("beeminder", 503, path="/charges.json")
    with pytest.raises(Unavailable):
        lab.run("beeminder.create_charge", **CHARGE)
    assert len(lab.writes) == 1


@pytest.mark.parametrize("status", [None, 500, 503])
def test_a_lost_charge_is_never_sent_again(lab: Lab, status: int | None) -> None:
    # The first answer is the dry run's own; the failure is for the real one.
    lab.faults.answer("beeminder", 200, path="/charges.json", body={"username": "zoewalks", "amount": 12})
    if status is None:
        lab.faults.lose("beeminder", path="/charges.json")
    else:
        lab.faults.answer("beeminder", status, path="/charges.json", when="after")
    with pytest.raises(Lost):
        lab.run("beeminder.create_charge", **CHARGE)
    assert len(lab.sandbox.vendors["beeminder"].records["charges"]) == 1
    assert lab.find_again("beeminder.create_charge", **CHARGE) is UNKNOWN


@pytest.mark.parametrize("changes", [{"amount": "0.99"}, {"currency": "EUR"}, {"dryrun": "false"}, {"amount": "1.005"}])
def test_charges_that_are_refused(lab: Lab, changes: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        lab.arguments("beeminder.create_charge", **(CHARGE | changes))


@pytest.mark.parametrize(
    "body",
    [
        {"errors": {"auth_token": "bad_token"}},
        {"error": "SECRETTEXT"},
        {"errors": "SECRETTEXT"},
        {"errors": {"value": ["SECRETTEXT"]}},
    ],
)
def test_every_error_shape_is_read(lab: Lab, body: object) -> None:
    lab.faults.answer("beeminder", 422, body=body)
    with pytest.raises(Rejected) as caught:
        lab.run("beeminder.get_user", username="zoewalks")
    assert "SECRETTEXT" not in str(caught.value)


def test_a_personal_token_travels_in_the_query_and_the_form() -> None:
    seen: list[httpx.Request] = []

    def vendor(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        body = {"username": "zoewalks", "deadbeat": False, "amount": 2, "id": "1"}
        return httpx.Response(200, json=body)

    own = Beeminder(Credentials("beeminder", {"auth_token": "TOKEN"}), transport=httpx.MockTransport(vendor))
    own.get_user(GetUser(username="zoewalks"), None)
    own.create_charge(CreateCharge(user_id="zoewalks", amount="2.00"), KEY)
    assert seen[0].url.params["auth_token"] == "TOKEN"
    assert "auth_token=TOKEN" in seen[-1].content.decode()
    assert "authorization" not in seen[0].headers
    assert "TOKEN" not in repr(own.credentials)
    own.close()
