"""World files: what is refused, by name, and what is tolerated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.tools.conftest import Lab
from tests.tools.worlds import LANTERN, world
from tools.connector import Missing
from tools.sandbox.world import SHAPE, World, WorldShapeError


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "JSON object"),
        ({"paypal": {}}, "unknown system 'paypal'"),
        ({"stripe": {"cards": []}}, "unknown collection stripe.cards"),
        ({"slack": {"channels": []}}, "unknown collection slack.channels"),
        ({"stripe": []}, "stripe must be an object"),
        ({"stripe": {"charges": {}}}, "stripe.charges must be a list"),
        ({"stripe": {"charges": [1]}}, r"stripe.charges\[0\] must be an object"),
        ({"stripe": {"charges": [{"amount": 1}]}}, r'stripe.charges\[0\] has no "id"'),
        ({"proabono": {"payment_settings": [{}]}}, "_ReferenceCustomer"),
    ],
)
def test_what_is_refused(data: Any, said: str) -> None:
    with pytest.raises(WorldShapeError, match=said):
        World.of(data)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(WorldShapeError, match="does not exist"):
        World.load(tmp_path / "none.json")
    bad = tmp_path / "bad.json"
    bad.write_text("{")
    with pytest.raises(WorldShapeError, match="not valid JSON"):
        World.load(bad)
    bad.write_bytes(b"\xff\xfe{")
    with pytest.raises(WorldShapeError, match="UTF-8"):
        World.load(bad)


def test_a_world_never_changes(tmp_path: Path) -> None:
    file = tmp_path / "world.json"
    file.write_text(json.dumps(world()))
    loaded = World.load(file)
    loaded.records("stripe")["customers"].clear()
    assert loaded.records("stripe")["customers"]
    assert loaded.digest == World.of(world()).digest
    assert loaded.source == str(file)


def test_routing_keys_are_never_answered(lab: Lab) -> None:
    settings = lab.toolbox._connector("proabono").read(
        "GET", "/v1/CustomerSettingsPayment", params={"ReferenceCustomer": "OSTERIA-3"}
    )
    assert "_ReferenceCustomer" not in settings.data
    goal = lab.toolbox._connector("beeminder").read("GET", "/users/zoewalks/goals/steps.json")
    assert "_user" not in goal.data


BARE: dict[str, Any] = {
    "stripe": {
        "customers": [{"id": LANTERN}],
        "charges": [{"id": "ch_1", "customer": LANTERN, "new_field": {"deep": [None]}}],
        "subscriptions": [{"id": "sub_1", "customer": LANTERN, "items": None}],
        "invoices": [{"id": "in_1", "customer": LANTERN}],
    },
    "quickbooks": {"customers": [{"Id": "1"}], "invoices": [{"Id": "2", "CustomerRef": {"value": "1"}}]},
    "hubspot": {"contacts": [{"id": "3"}], "owners": [{"id": "4"}]},
    "zendesk": {"users": [{"id": 5, "external_id": "e"}], "tickets": [{"id": 6, "requester_id": 5}]},
    "beeminder": {"users": [{"username": "u"}], "goals": [{"slug": "g", "_user": "u"}]},
    "proabono": {
        "customers": [{"ReferenceCustomer": "r"}],
        "invoices": [{"FullNumber": "n", "ReferenceCustomer": "r"}],
    },
    "fidel": {"brands": [{"id": "b"}]},
    "polygon": {"ticker_events": [{"_key": "T"}], "filing_files": [{"_key": "F"}]},
    "tokenmetrics": {"tokens": [{"TOKEN_ID": 1}], "prices": [{"TOKEN_ID": 1}]},
    "gdrive": {"files": [{"id": "f", "name": "n"}]},
}
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("stripe.find_customer", {"reference": LANTERN}),
    ("stripe.list_charges", {"customer": LANTERN}),
    ("stripe.get_subscription", {"customer": LANTERN}),
    ("stripe.get_invoice", {"customer": LANTERN}),
    ("quickbooks.find_customer", {"reference": "1"}),
    ("quickbooks.get_invoice", {"customer": "1"}),
    ("hubspot.find_contact", {"reference": "3"}),
    ("hubspot.get_owner", {"owner_id": "4"}),
    ("zendesk.find_user", {"reference": "e"}),
    ("zendesk.list_tickets", {"requester_id": 5}),
    ("beeminder.get_user", {"username": "u"}),
    ("beeminder.get_goal", {"username": "u", "slug": "g"}),
    ("proabono.find_customer", {"reference": "r"}),
    ("proabono.list_invoices", {"reference_customer": "r"}),
    ("fidel.get_brand", {"brand_id": "b"}),
    ("polygon.get_ticker_events", {"ticker": "T"}),
    ("polygon.list_filing_files", {"filing_id": "F"}),
    ("tokenmetrics.get_tokens", {"token_id": 1}),
    ("tokenmetrics.get_price", {"token_id": 1}),
    ("gdrive.find_files", {"name": "n"}),
]


@pytest.mark.parametrize(("name", "given"), ASKED)
def test_records_with_almost_nothing_are_read(name: str, given: dict[str, Any]) -> None:
    lab = Lab(BARE)
    answer = lab.run(name, **given)
    assert answer.body
    json.dumps(answer.body)


@pytest.mark.parametrize(
    ("name", "given"), [(name, given) for name, given in ASKED if "find" in name or "list" in name]
)
def test_an_empty_world_answers_nothing(name: str, given: dict[str, Any]) -> None:
    lab = Lab({})
    try:
        answer = lab.run(name, **given)
    except Missing:
        return
    assert not answer.parties
    assert not answer.documents


def test_every_system_of_the_shape_has_a_connector() -> None:
    from tools.registry import connectors

    assert set(SHAPE) == set(connectors())
