"""What our connectors send, against the vendors' own descriptions where these are at hand.

The descriptions are not part of this repository; without them the tests are skipped.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from tests.tools.conftest import Lab
from tests.tools.worlds import CHARGE, LANTERN

SHARED = Path(os.environ.get("BILLING_AGENT_SHARED") or Path(__file__).resolve().parents[3] / "shared")
SPECS = SHARED / "specs"
pytestmark = pytest.mark.skipif(not SPECS.is_dir(), reason="the vendors' descriptions are not at hand")

MAIL: dict[str, Any] = {"to": "a@b.example", "subject": "s", "body": "b"}
FILE: dict[str, Any] = {"record": "r", "name": "n", "folder_id": "f", "document_url": "https://docs.example/r"}
CALLS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "gmail": [("gmail.create_draft", MAIL), ("gmail.send_message", MAIL)],
    "gdrive": [("gdrive.find_files", {"name": "n"}), ("gdrive.upload_file", FILE)],
    "gsheets": [("gsheets.append_row", {"values": ["a"]})],
}


def load(path: str) -> dict[str, Any]:
    file = SPECS / path
    raw = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    found: dict[str, Any] = json.loads(raw)
    return found


def methods(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All methods of a Google discovery document."""
    yield from node.get("methods", {}).values()
    for child in node.get("resources", {}).values():
        yield from methods(child)


def template(path: str) -> re.Pattern[str]:
    return re.compile("".join("[^/]+?" if p.startswith("{") else re.escape(p) for p in re.split(r"(\{[^}]+\})", path)))


def unknown_keys(document: dict[str, Any], name: str, value: Any) -> list[str]:
    """Keys of ``value`` that the discovery schema ``name`` does not have, at any depth."""
    properties = document["schemas"][name].get("properties", {})
    found = []
    for key, inner in value.items():
        if key not in properties:
            found.append(f"{name}.{key}")
        elif "$ref" in properties[key] and isinstance(inner, dict):
            found += unknown_keys(document, properties[key]["$ref"], inner)
    return found


@pytest.mark.parametrize(
    ("system", "file"),
    [
        ("gmail", "gmail/gmail.v1.json"),
        ("gdrive", "google-drive/drive.v3.json"),
        ("gsheets", "google-sheets/sheets.v4.json"),
    ],
)
def test_google(lab: Lab, system: str, file: str) -> None:
    document = load(file)
    for name, given in CALLS[system]:
        lab.run(name, **given)
    base = httpx.URL(document["rootUrl"]).path + document["servicePath"]
    for request in (r for r in lab.wire.requests if r.url.host.endswith("googleapis.com")):
        method = google_method(document, base, request)
        known = document["parameters"] | method.get("parameters", {})
        for key, value in request.url.params.items():
            assert key in known, (method["id"], key)
            assert value in known[key].get("enum", [value]), (method["id"], key, value)
        if request.headers.get("content-type") == "application/json":
            assert unknown_keys(document, method["request"]["$ref"], json.loads(request.content)) == []


def google_method(document: dict[str, Any], base: str, request: httpx.Request) -> dict[str, Any]:
    path = request.url.raw_path.decode().split("?")[0]
    fits = []
    for method in methods(document):
        uploads = method.get("mediaUpload", {}).get("protocols", {}).values()
        paths = [base + method.get("flatPath", method["path"]), *(upload["path"] for upload in uploads)]
        if method["httpMethod"] == request.method and any(template(p).fullmatch(path) for p in paths):
            fits.append(method)
    # Fewest placeholders first: /files/generateIds is not the file of that name.
    assert fits, f"{request.method} {path} is not described"
    return min(fits, key=lambda method: method["path"].count("{"))


def test_hubspot(lab: Lab) -> None:
    schema = load("hubspot/billing-agent.schema.json")
    lab.run("hubspot.find_contact", name="Zoe Ardent")
    lab.run("hubspot.find_deals", contact_id="301")
    for request in lab.wire.requests:
        check(schema, "searchRequest", json.loads(request.content))
    lab.run("hubspot.create_note", contact_id="301", body="b")
    check(schema, "noteCreateRequest", lab.sent_json())


def check(schema: dict[str, Any], name: str, value: Any) -> None:
    validator = Draft202012Validator({**schema, "$ref": f"#/$defs/{name}"})
    assert [error.message for error in validator.iter_errors(value)] == []


def test_proabono(lab: Lab) -> None:
    lab.run("proabono.create_customer", reference_customer="N-1", email="a@b.example", name="N")
    body = load("proabono/create-or-update-a-customer.RequestSchema.json")["body"]
    schema = body["content"]["application/json"]["schema"]
    assert set(lab.sent_json()) <= set(schema["properties"])
    lab.run("proabono.update_payment_settings", reference_customer="OSTERIA-3", date_next_billing="2026-11-01")
    body = load("proabono/update-the-payment-settings-of-a-customer.RequestSchema.json")["body"]
    schema = body["content"]["application/json"]["schema"]
    assert [e.message for e in Draft202012Validator(schema).iter_errors(lab.sent_json())] == []
    assert set(lab.sent_json()) <= set(schema["properties"])


def test_polygon(lab: Lab) -> None:
    paths = load("polygon-io/massive-rest-openapi.json")["paths"]
    lab.run("polygon.get_ticker_events", ticker="LNTN")
    lab.run("polygon.list_filing_files", filing_id="0000000009-26-000004")
    for request in lab.wire.requests:
        (found,) = [p for p in paths if template(p).fullmatch(request.url.path)]
        known = {parameter["name"] for parameter in paths[found]["get"]["parameters"]}
        assert set(request.url.params) <= known


def test_slack(lab: Lab) -> None:
    paths = load("slack/slack_web_openapi_v2.json.gz")["paths"]
    known = {parameter["name"] for parameter in paths["/chat.postMessage"]["post"]["parameters"]}
    lab.run("slack.post_message", topic="exception", channel="C1", text="t", thread_ts="1.000001")
    # The file is of 2021; metadata was added since.
    assert set(lab.sent_json()) - {"metadata"} <= known


def test_quickbooks_field_names(lab: Lab) -> None:
    names = set()
    for file in (SPECS / "quickbooks").glob("*.xsd"):
        names |= set(
            re.findall(r'<xs:(?:element|attribute)[^>]*? (?:name|ref)="(?:\w+:)?(\w+)"', file.read_text("utf-8"))
        )
    lab.run("quickbooks.create_credit_memo", customer="41", amount="1.00", currency="GBP")
    lab.run(
        "quickbooks.update_customer_address",
        "1" * 32,
        customer_id="41",
        line1="a",
        line2="b",
        city="c",
        region="d",
        postal_code="e",
        country="GB",
    )
    for request in lab.writes:
        assert set(keys_of(json.loads(request.content))) - names - {"value"} == set()


def keys_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_of(inner)


STRIPE_FORMS = {
    "stripe.create_refund": ({"charge": CHARGE, "amount": "1.00", "currency": "GBP"}, "/v1/refunds"),
    "stripe.send_invoice": ({"invoice": "in_Lantern0001"}, "/v1/invoices/{invoice}/send"),
}
STRIPE_QUERIES = {
    "stripe.find_customer": ({"email": "Till@lanternbakery.example"}, "/v1/customers"),
    "stripe.list_charges": ({"customer": LANTERN}, "/v1/charges"),
    "stripe.get_subscription": ({"customer": LANTERN}, "/v1/subscriptions"),
}


@pytest.fixture(scope="module")
def stripe_sections() -> dict[str, str]:
    """The Stripe file cut by path: reading all of it as YAML would take longer than all other tests."""
    text = gzip.decompress((SPECS / "stripe" / "spec3.2023-08-16.yaml.gz").read_bytes()).decode()
    parts = re.split(r"^  (/v1/[^\s:]+):$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("name", STRIPE_FORMS)
def test_stripe_forms(lab: Lab, stripe_sections: dict[str, str], name: str) -> None:
    given, path = STRIPE_FORMS[name]
    lab.run(name, **given)
    for field in {key.split("[")[0] for key in lab.sent_form()}:
        assert re.search(rf"^\s+{field}:$", stripe_sections[path], flags=re.MULTILINE), field


@pytest.mark.parametrize("name", STRIPE_QUERIES)
def test_stripe_queries(lab: Lab, stripe_sections: dict[str, str], name: str) -> None:
    given, path = STRIPE_QUERIES[name]
    lab.run(name, **given)
    assert lab.last.url.path == path
    for field in lab.last.url.params:
        assert re.search(rf"name: {field}$", stripe_sections[path], flags=re.MULTILINE), field
