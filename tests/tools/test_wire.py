"""The sandbox's requests, its books and its ordered failures, apart from any vendor."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from tools.sandbox.books import Books
from tools.sandbox.faults import Fault, Faults
from tools.sandbox.server import read_target
from tools.sandbox.transport import read_request, respond
from tools.sandbox.wire import Vendor, Wire, shown

AT = datetime(2026, 10, 8, 9, 30, tzinfo=UTC)


def wire(content: bytes = b"", method: str = "POST", **headers: str) -> Wire:
    return Wire("stripe", method, "/v1/x", {"a": "b"}, headers, content, AT)


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"null", b"\xff"])
def test_a_body_that_is_no_object_reads_as_an_empty_one(content: bytes) -> None:
    assert wire(content).json == {}


def test_forms_keep_blank_values_and_times_are_the_requests_own() -> None:
    assert wire(b"a=1&b=&c=%C3%A9").form == {"a": "1", "b": "", "c": "é"}
    assert (wire().unix, wire().iso) == (int(AT.timestamp()), "2026-10-08T09:30:00Z")
    assert shown({"id": 1, "_user": "zoe"}) == {"id": 1}


@pytest.mark.parametrize(
    ("address", "system", "path"),
    [
        ("https://api.stripe.com/v1/charges?limit=1", "stripe", "/v1/charges"),
        ("https://quickbooks.api.intuit.com/v3/company/91/query", "quickbooks", "/query"),
        ("https://sandbox.zendesk.com/api/v2/tickets.json", "zendesk", "/api/v2/tickets.json"),
        ("https://slack.com/api/chat.postMessage", "slack", "/chat.postMessage"),
        ("https://slack.com/apiary", None, None),
        ("https://slack.com.evil.example/api/chat.postMessage", None, None),
        ("http://api.stripe.com/v1/charges", None, None),
    ],
)
def test_a_request_belongs_to_the_vendor_at_its_address(address: str, system: str | None, path: str | None) -> None:
    found = read_request(httpx.Request("GET", address), AT)
    assert (found and found.system, found and found.path) == (system, path)


def test_over_the_network_the_first_part_of_the_path_names_the_system() -> None:
    found = read_target("GET", "/stripe/v1/customers/a%20b?email=x%40y.example&z=", {}, b"", AT)
    assert found is not None
    assert (found.system, found.path) == ("stripe", "/v1/customers/a b")
    assert found.query == {"email": "x@y.example", "z": ""}
    assert read_target("GET", "/", {}, b"", AT) is None


def test_results_become_responses() -> None:
    assert (respond((204, None)).status_code, respond((204, None)).content) == (204, b"")
    assert respond((200, b"%PDF")).content == b"%PDF"
    assert respond((201, {"a": 1})).json() == {"a": 1}


class _Counter(Vendor):
    system = "stripe"

    def add(self, sent: Wire, match: object) -> tuple[int, object]:
        return self.once(sent.headers.get("key"), sent, lambda: (200, {"n": self.serial()}), (409, None))

    routes = (("POST", "/v1/x", add),)


def test_one_key_has_one_effect_and_never_another() -> None:
    vendor = _Counter({})
    first = vendor.handle(wire(b"a", key="k"))
    assert vendor.handle(wire(b"a", key="k")) == first == (200, {"n": 1})
    assert vendor.handle(wire(b"b", key="k")) == (409, None)
    assert vendor.handle(wire(b"a")) == (200, {"n": 2})
    assert vendor.handle(wire(b"a", method="GET"))[0] == 404


def test_books_keep_no_secret_and_give_back_the_writes_that_succeeded(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "b.jsonl"
    books = Books(path)
    form = {
        "content-type": "application/x-www-form-urlencoded",
        "authorization": "Bearer s3cret",
        "idempotency-key": "k",
    }
    sent = Wire(
        "beeminder", "POST", "/charges.json", {"auth_token": "s3cret", "q": "1"}, form, b"access_token=s3cret&a=1", AT
    )
    for one, status in (
        (sent, 200),
        (wire(b'{"a": 1}', **{"content-type": "application/json"}), 201),
        (wire(b"\x00\xff", **{"content-type": "application/pdf"}), 200),
        (wire(b"refused"), 402),
        (wire(method="GET"), 200),
    ):
        books.append(one, status)
    assert "s3cret" not in path.read_text()
    assert len(books.entries) == len(path.read_text().splitlines()) == 5
    again = list(Books(path).earlier_writes())
    assert [one.content for one in again] == [b"a=1", b'{"a": 1}', b"\x00\xff"]
    assert (again[0].query, again[0].at, again[0].headers["idempotency-key"]) == ({"q": "1"}, AT, "k")
    path.write_text(path.read_text() + json.dumps({"cut": 1})[:5])
    assert len(list(Books(path).earlier_writes())) == 3
    assert list(Books(None).earlier_writes()) == []


def test_failures_are_used_up_first_come_first_served() -> None:
    faults = Faults()
    faults.answer("stripe", 503, path="/v1", times=2, body={"a": 1}, headers={"retry-after": "1"})
    faults.lose("stripe", method="POST")
    faults.refuse("gmail")
    taken = [faults.take("stripe", "POST", "/v1/x") for _ in range(4)]
    assert [fault and (fault.when, fault.status) for fault in taken] == [
        ("before", 503),
        ("before", 503),
        ("after", None),
        None,
    ]
    assert taken[0] == Fault("before", 503, {"retry-after": "1"}, b'{"a": 1}')
    assert faults.take("gmail", "GET", "/x") == Fault("before")
    assert faults.take("slack", "GET", "/x") is None
