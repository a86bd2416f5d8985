"""What all connectors share: errors by who may act next, bounded retries of reads, no secrets anywhere."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.connector import Credentials, Lost, Missing, NotConfigured, Rejected, ToolError, Unavailable
from tools.http import HttpConnector, Patience, retry_after, segment

NOW = datetime(2026, 10, 8, tzinfo=UTC)
Handler = Callable[[httpx.Request], httpx.Response]


class Plain(HttpConnector):
    """A vendor with nothing of its own."""

    system = "plain"
    home = "https://api.plain.example"


class Bench:
    def __init__(self, handler: Handler, **values: str) -> None:
        self.requests: list[httpx.Request] = []
        self.waits: list[float] = []

        def kept(request: httpx.Request) -> httpx.Response:
            self.requests.append(request)
            return handler(request)

        known = Credentials("plain", {"access_token": "TOPSECRET", **values})
        self.plain = Plain(known, transport=httpx.MockTransport(kept), sleep=self.waits.append, now=lambda: NOW)


def answering(status: int, content: bytes = b"{}", headers: dict[str, str] | None = None) -> Handler:
    return lambda request: httpx.Response(status, content=content, headers=headers)


def failing(error: type[httpx.TransportError]) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        raise error("TOPSECRET", request=request)

    return handler


def error_of(act: Callable[[], object]) -> ToolError:
    with pytest.raises(ToolError) as caught:
        act()
    assert "TOPSECRET" not in str(caught.value)
    assert "VENDORTEXT" not in str(caught.value)
    return caught.value


READS = [
    (400, Rejected),
    (401, Rejected),
    (403, Rejected),
    (404, Missing),
    (409, Rejected),
    (422, Rejected),
    (302, Rejected),
]
WRITES = [
    (400, Rejected),
    (401, Rejected),
    (403, Rejected),
    (404, Missing),
    (408, Lost),
    (409, Lost),
    (422, Rejected),
    (429, Unavailable),
    (500, Lost),
    (503, Lost),
    (302, Rejected),
]


@pytest.mark.parametrize(("status", "kind"), READS)
def test_a_definite_no_to_a_read_is_not_asked_again(status: int, kind: type[ToolError]) -> None:
    bench = Bench(answering(status, b"VENDORTEXT"))
    error = error_of(lambda: bench.plain.read("GET", "/x"))
    assert type(error) is kind
    assert error.status == status
    assert len(bench.requests) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_read_is_tried_three_times(status: int) -> None:
    bench = Bench(answering(status, b"<html>VENDORTEXT"))
    assert type(error_of(lambda: bench.plain.read("GET", "/x"))) is Unavailable
    assert len(bench.requests) == 3
    assert len(bench.waits) == 2


@pytest.mark.parametrize(("status", "kind"), WRITES)
def test_a_write_is_sent_once(status: int, kind: type[ToolError]) -> None:
    bench = Bench(answering(status, b"VENDORTEXT", {"Retry-After": "1"}))
    assert type(error_of(lambda: bench.plain.write("POST", "/x", json={}))) is kind
    assert len(bench.requests) == 1
    assert not bench.waits


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (httpx.ConnectError, Unavailable),
        (httpx.ConnectTimeout, Unavailable),
        (httpx.PoolTimeout, Unavailable),
        (httpx.ReadTimeout, Lost),
        (httpx.WriteTimeout, Lost),
        (httpx.ReadError, Lost),
        (httpx.RemoteProtocolError, Lost),
    ],
)
def test_a_write_without_an_answer(failure: type[httpx.TransportError], kind: type[ToolError]) -> None:
    bench = Bench(failing(failure))
    assert type(error_of(lambda: bench.plain.write("POST", "/x"))) is kind
    assert len(bench.requests) == 1
    assert type(error_of(lambda: bench.plain.read("GET", "/x"))) is Unavailable


@pytest.mark.parametrize("content", [b"<html>VENDORTEXT", b"", b"{"])
def test_a_success_nobody_can_read(content: bytes) -> None:
    bench = Bench(answering(200, content))
    assert type(error_of(lambda: bench.plain.write("POST", "/x"))) is Lost
    assert type(error_of(lambda: bench.plain.read("GET", "/x"))) is Unavailable


def test_204_needs_no_body() -> None:
    assert Bench(answering(204, b"")).plain.read("GET", "/x").data is None


def test_retry_after_is_obeyed_when_it_is_short() -> None:
    answers = iter([httpx.Response(429, headers={"Retry-After": "7"}), httpx.Response(200, json={"a": 1})])
    bench = Bench(lambda request: next(answers))
    assert bench.plain.read("GET", "/x").data == {"a": 1}
    assert bench.waits == [7.0]
    long = Bench(answering(429, headers={"Retry-After": "3600"}))
    assert type(error_of(lambda: long.plain.read("GET", "/x"))) is Unavailable
    assert not long.waits


def test_retry_after_as_a_date() -> None:
    headers = httpx.Headers({"Retry-After": "Thu, 08 Oct 2026 00:00:09 GMT"})
    assert retry_after(headers, NOW) == 9.0
    assert retry_after(httpx.Headers({"Retry-After": "soon"}), NOW) is None
    assert retry_after(httpx.Headers({"Retry-After": "-4"}), NOW) == 0.0


@given(st.integers(1, 8), st.none() | st.floats(0, 100), st.floats(0, 1))
def test_waits_are_bounded(attempt: int, asked: float | None, chance: float) -> None:
    patience = Patience(attempts=5)
    wait = patience.wait(attempt, asked, chance)
    if attempt >= 5 or (asked is not None and asked > patience.longest):
        assert wait is None
    else:
        assert wait is not None
        assert 0 < wait <= max(patience.cap, patience.longest)
        assert wait >= (asked or 0)


def test_one_client_is_kept() -> None:
    bench = Bench(answering(200))
    before = bench.plain.client
    bench.plain.read("GET", "/x")
    assert bench.plain.client is before
    assert before.timeout.read is not None


def test_secrets_are_in_no_repr_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench(answering(200))
    with caplog.at_level(logging.DEBUG):
        bench.plain.read("GET", "/x", params={"auth_token": "TOPSECRET", "email": "zoe@lanternbakery.example"})
    assert "https://api.plain.example/x" in caplog.text
    assert "TOPSECRET" not in caplog.text
    assert "zoe@" not in caplog.text
    assert "TOPSECRET" not in repr(bench.plain.credentials)
    assert "TOPSECRET" not in repr(vars(bench.plain))


@pytest.mark.parametrize("base", ["http://api.plain.example", "ftp://x.example", "https//x", "http://[x"])
def test_secrets_only_travel_encrypted(base: str) -> None:
    bench = Bench(answering(200), base_url=base)
    error = error_of(lambda: bench.plain.read("GET", "/x"))
    assert isinstance(error, NotConfigured)
    assert "BILLING_AGENT_PLAIN_BASE_URL" in str(error)
    assert not bench.requests


@pytest.mark.parametrize("value", ["  ", "tök", "a\nb"])
def test_a_secret_no_header_can_carry(value: str) -> None:
    bench = Bench(answering(200), access_token=value)
    assert "BILLING_AGENT_PLAIN_ACCESS_TOKEN" in str(error_of(lambda: bench.plain.read("GET", "/x")))


@given(st.text(max_size=30))
def test_a_segment_is_one_segment(value: str) -> None:
    try:
        escaped = segment(value)
    except UnicodeEncodeError:
        return
    assert escaped
    assert not set("/?#") & set(escaped)
