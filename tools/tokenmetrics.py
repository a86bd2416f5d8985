"""Token Metrics: crypto tokens and prices. Reads only, each spends quota; a price is never a charge, so
its answers say nothing about who a caller is or what is owed."""

from __future__ import annotations

from typing import Any, Self

from pydantic import PositiveInt, model_validator

from tools.arguments import OneLine, Query
from tools.connector import Answer, Effect, Operation
from tools.http import HttpConnector, Judgement, Reply, Verdict
from tools.shapes import rows, table, text


class GetTokens(Query):
    """By symbol (not unique), name or id."""

    symbol: OneLine | None = None
    token_name: OneLine | None = None
    token_id: PositiveInt | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        return self.need_one_of("symbol", "token_name", "token_id")


class GetPrice(Query):
    """The present price of one token, by the id that get_tokens gave."""

    token_id: PositiveInt


class TokenMetrics(HttpConnector):
    """Client of api.tokenmetrics.com. Credentials: api_key."""

    system = "tokenmetrics"
    home = "https://api.tokenmetrics.com/v2"
    busy_wait = 60.0

    def headers(self) -> dict[str, str]:
        return {"x-api-key": self.secret("api_key")}

    def judge(self, reply: Reply) -> Judgement | None:
        if reply.status == 402:
            return Judgement(Verdict.REFUSED, "wants payment; nothing was paid")
        judgement = super().judge(reply)
        if judgement is None and table(reply.data).get("success") is False:
            return Judgement(Verdict.REFUSED)
        return judgement

    def get_tokens(self, args: GetTokens, _key: str | None) -> Answer:
        """Tokens that fit; several may share a symbol, and none is an empty answer."""
        params: dict[str, str | int | bool] = {"limit": 50, "page": 1}
        if args.token_id:
            params["token_id"] = args.token_id
        elif args.symbol:
            params["symbol"] = args.symbol.upper()
        else:
            params["token_name"] = args.token_name or ""
        return Answer([_token(row) for row in rows(table(self.read("GET", "/tokens", params=params).data).get("data"))])

    def get_price(self, args: GetPrice, _key: str | None) -> Answer:
        """The price in US dollars, with our own time of asking. Raises Missing when the token is unknown."""
        found = rows(table(self.read("GET", "/price", params={"token_id": args.token_id}).data).get("data"))
        row = next((row for row in found if row.get("TOKEN_ID") == args.token_id), None)
        if row is None:
            raise self.missing("token")
        price = row.get("CURRENT_PRICE", row.get("PRICE"))
        asked = self.now().replace(microsecond=0).isoformat()
        return Answer(_token(row) | {"CURRENT_PRICE": price, "currency": "USD", "fetched_at": asked})


def _token(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "TOKEN_ID": row.get("TOKEN_ID"),
        "TOKEN_NAME": text(row.get("TOKEN_NAME")) or text(row.get("NAME")),
        "TOKEN_SYMBOL": text(row.get("TOKEN_SYMBOL")) or text(row.get("SYMBOL")),
    }


OPERATIONS = (
    Operation(
        "tokenmetrics.get_tokens",
        Effect.LOOKUP,
        "Find crypto tokens by symbol, name or id.",
        GetTokens,
        TokenMetrics.get_tokens,
    ),
    Operation(
        "tokenmetrics.get_price",
        Effect.LOOKUP,
        "Get a crypto token's present price by token id.",
        GetPrice,
        TokenMetrics.get_price,
    ),
)
