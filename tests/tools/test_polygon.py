"""Polygon.io: reads with the key in a header; no answer says who a caller is."""

from __future__ import annotations

import pytest

from tests.tools.conftest import Lab
from tools.connector import Missing, Rejected, Unavailable


@pytest.mark.covers("S34")
def test_ticker_events_with_either_field_name(lab: Lab) -> None:
    answer = lab.run("polygon.get_ticker_events", ticker="LNTN")
    assert str(lab.last.url) == "https://api.massive.com/vX/reference/tickers/LNTN/events?types=ticker_change"
    assert lab.last.headers["authorization"] == "Bearer sandbox"
    assert answer.body["events"] == [{"type": "ticker_change", "date": "2025-01-02", "ticker": "LNT"}]
    assert (answer.parties, answer.documents) == ((), ())


@pytest.mark.covers("S34")
def test_files_of_a_filing(lab: Lab) -> None:
    answer = lab.run("polygon.list_filing_files", filing_id="0000000009-26-000004")
    assert lab.last.url.path == "/v1/reference/sec/filings/0000000009-26-000004/files"
    assert [file["filename"] for file in answer.body["files"]] == ["lntn.htm"]
    assert answer.documents == ()


def test_an_id_cannot_change_the_path(lab: Lab) -> None:
    with pytest.raises(Missing):
        lab.run("polygon.list_filing_files", filing_id="../../x?apiKey=1")
    assert lab.last.url.raw_path.startswith(b"/v1/reference/sec/filings/..%2F..%2Fx%3FapiKey%3D1/files")


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, {"status": "ERROR", "error": "x"}, Rejected),
        (403, {"status": "NOT_AUTHORIZED"}, Rejected),
        (404, {"status": "NOT_FOUND"}, Missing),
        (429, b"", Unavailable),
        (502, b"<html>", Unavailable),
        (200, {"status": "NOT_FOUND"}, Missing),
    ],
)
def test_error_answers(lab: Lab, status: int, body: object, error: type[Exception]) -> None:
    lab.faults.answer("polygon", status, body=body, times=3)
    with pytest.raises(error):
        lab.run("polygon.get_ticker_events", ticker="LNTN")


def test_a_per_minute_limit_is_not_waited_for(lab: Lab) -> None:
    lab.faults.answer("polygon", 429)
    with pytest.raises(Unavailable):
        lab.run("polygon.get_ticker_events", ticker="LNTN")
    assert not lab.waits
