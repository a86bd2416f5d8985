"""Tokens that are renewed, and refresh tokens that rotate."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl

import httpx
import pytest

from tools.connector import Credentials, NotConfigured, Unavailable
from tools.quickbooks import GetInvoice, QuickBooks

KNOWN = {"realm_id": "9", "refresh_token": "R0", "client_id": "cid", "client_secret": "CSECRET"}


class Vendor:
    """A token service that rotates, and a company with one invoice."""

    def __init__(self) -> None:
        self.now = datetime(2026, 10, 8, tzinfo=UTC)
        self.renewals: list[dict[str, str]] = []
        self.tokens: list[str] = []
        self.status = 200

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "oauth.platform.intuit.com":
            self.renewals.append(dict(parse_qsl(request.content.decode())))
            number = len(self.renewals)
            body = {"access_token": f"A{number}", "refresh_token": f"R{number}", "expires_in": 3600}
            return httpx.Response(self.status, json=body if self.status == 200 else {"error": "VENDORTEXT"})
        self.tokens.append(request.headers["authorization"])
        return httpx.Response(200, json={"Invoice": {"Id": "1"}})

    def connector(self, **more: str) -> QuickBooks:
        known = Credentials("quickbooks", {**KNOWN, **more})
        return QuickBooks(known, transport=httpx.MockTransport(self), now=lambda: self.now)


def ask(connector: QuickBooks) -> None:
    connector.get_invoice(GetInvoice(invoice_id="1"), None)


def test_a_token_is_kept_until_shortly_before_its_end() -> None:
    vendor = Vendor()
    own = vendor.connector()
    ask(own)
    vendor.now += timedelta(minutes=58)
    ask(own)
    vendor.now += timedelta(minutes=2)
    ask(own)
    assert vendor.tokens == ["Bearer A1", "Bearer A1", "Bearer A2"]
    assert [renewal["refresh_token"] for renewal in vendor.renewals] == ["R0", "R1"]
    own.close()


def test_the_newest_refresh_token_outlives_the_process(tmp_path: Path) -> None:
    vendor, file = Vendor(), tmp_path / "qb.json"
    for _ in range(2):
        own = vendor.connector(token_file=str(file))
        ask(own)
        own.close()
    assert vendor.renewals[1]["refresh_token"] == "R1"
    assert json.loads(file.read_text()) == {"refresh_token": "R2"}
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("status", "kind"), [(400, NotConfigured), (503, Unavailable)])
def test_a_refused_or_failing_renewal(status: int, kind: type[Exception]) -> None:
    vendor = Vendor()
    vendor.status = status
    own = vendor.connector()
    with pytest.raises(kind) as caught:
        ask(own)
    assert not vendor.tokens
    assert all(secret not in str(caught.value) for secret in ("R0", "CSECRET", "VENDORTEXT"))
    own.close()


def test_an_unreadable_token_file(tmp_path: Path) -> None:
    file = tmp_path / "qb.json"
    file.write_text("{")
    own = Vendor().connector(token_file=str(file))
    with pytest.raises(NotConfigured, match="token file"):
        ask(own)
    own.close()
