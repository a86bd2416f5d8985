"""Token Metrics: symbols are not unique, a price is no charge, nothing is ever paid per request."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tests.tools.conftest import Lab
from tools.connector import Missing, Rejected


@pytest.mark.covers("S35")
def test_tokens_by_symbol(lab: Lab) -> None:
    answer = lab.run("tokenmetrics.get_tokens", symbol="ltrn")
    assert lab.last.url.path == "/v2/tokens"
    assert dict(lab.last.url.params) == {"limit": "50", "page": "1", "symbol": "LTRN"}
    assert lab.last.headers["x-api-key"] == "sandbox"
    assert "x-coinbase-402" not in lab.last.headers
    assert [token["TOKEN_ID"] for token in answer.body] == [11, 12]
    assert lab.run("tokenmetrics.get_tokens", token_name="Nothing").body == []


@pytest.mark.covers("S35")
def test_a_price_by_id_with_our_time_of_asking(lab: Lab) -> None:
    answer = lab.run("tokenmetrics.get_price", token_id=11)
    assert dict(lab.last.url.params) == {"token_id": "11"}
    assert answer.body == {
        "TOKEN_ID": 11,
        "TOKEN_NAME": "Lantern",
        "TOKEN_SYMBOL": "LTRN",
        "CURRENT_PRICE": 1.25,
        "currency": "USD",
        "fetched_at": "2026-10-08T09:30:00+00:00",
    }
    assert (answer.parties, answer.documents) == ((), ())
    with pytest.raises(Missing):
        lab.run("tokenmetrics.get_price", token_id=12)


def test_older_field_names_are_read(lab: Lab) -> None:
    data = {"success": True, "data": [{"TOKEN_ID": 5, "NAME": "Old", "SYMBOL": "OLD", "PRICE": 2}]}
    lab.faults.answer("tokenmetrics", 200, body=data)
    body = lab.run("tokenmetrics.get_price", token_id=5).body
    assert (body["TOKEN_NAME"], body["CURRENT_PRICE"]) == ("Old", 2)


def test_a_402_is_a_hard_stop(lab: Lab) -> None:
    lab.faults.answer("tokenmetrics", 402, body={"error": {"code": "x"}})
    with pytest.raises(Rejected, match="nothing was paid"):
        lab.run("tokenmetrics.get_price", token_id=11)
    assert len(lab.wire.requests) == 1


def test_success_false_on_a_200(lab: Lab) -> None:
    lab.faults.answer("tokenmetrics", 200, body={"success": False, "message": "SECRETTEXT"})
    with pytest.raises(Rejected) as caught:
        lab.run("tokenmetrics.get_tokens", symbol="LTRN")
    assert "SECRETTEXT" not in str(caught.value)


def test_something_is_needed(lab: Lab) -> None:
    with pytest.raises(ValidationError, match="at least one of symbol, token_name, token_id"):
        lab.arguments("tokenmetrics.get_tokens", symbol="  ")
