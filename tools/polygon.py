"""Polygon.io, now Massive: ticker history and filing files. Reads only; it holds no customers, so its
answers never say who a caller is, and a public filing is never the caller's invoice."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from tools.arguments import Identifier, Query
from tools.connector import Answer, Effect, Operation
from tools.http import HttpConnector, Judgement, Reply, Verdict, segment
from tools.shapes import pick, rows, table, text

_FILE = ("id", "filename", "description", "type", "sequence", "size_bytes", "source_url")


class TickerEvents(Query):
    """A ticker symbol; case counts."""

    ticker: Identifier


class FilingFiles(Query):
    """A filing by its id (accession number)."""

    filing_id: Identifier
    limit: Annotated[int, Field(ge=1, le=1000)] = 50


class Polygon(HttpConnector):
    """Client of api.massive.com. Credentials: api_key, sent in a header so that it stays out of addresses."""

    system = "polygon"
    home = "https://api.massive.com"
    busy_wait = 60.0

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret('api_key')}"}

    def judge(self, reply: Reply) -> Judgement | None:
        if reply.status == 403:
            return Judgement(Verdict.FORBIDDEN, "does not offer this data on the present plan")
        judgement = super().judge(reply)
        by_body = {
            "NOT_FOUND": Verdict.MISSING,
            "NOT_AUTHORIZED": Verdict.FORBIDDEN,
            "ERROR": Verdict.TROUBLE,
        }
        verdict = by_body.get(str(table(reply.data).get("status")))
        return Judgement(verdict) if judgement is None and verdict else judgement

    def get_ticker_events(self, args: TickerEvents, _key: str | None) -> Answer:
        """Symbol changes of the company that holds the ticker now. Raises Missing when unknown."""
        path = f"/vX/reference/tickers/{segment(args.ticker)}/events"
        results = table(table(self.read("GET", path, params={"types": "ticker_change"}).data).get("results"))
        events = [_event(event) for event in rows(results.get("events"))]
        return Answer(pick(results, ("name", "composite_figi", "cik")) | {"events": events})

    def list_filing_files(self, args: FilingFiles, _key: str | None) -> Answer:
        """Files of a public filing. Raises Missing when the filing is unknown."""
        path = f"/v1/reference/sec/filings/{segment(args.filing_id)}/files"
        params: dict[str, str | int | bool] = {"limit": args.limit, "sort": "sequence", "order": "asc"}
        results = rows(table(self.read("GET", path, params=params).data).get("results"))
        return Answer({"filing_id": args.filing_id, "files": [pick(row, _FILE) for row in results]})


def _event(row: dict[str, Any]) -> dict[str, Any]:
    kind = text(row.get("type")) or text(row.get("event_type"))
    return {"type": kind, "date": row.get("date"), "ticker": table(row.get("ticker_change")).get("ticker")}


OPERATIONS = (
    Operation(
        "polygon.get_ticker_events",
        Effect.LOOKUP,
        "Get the symbol changes of a listed company by ticker.",
        TickerEvents,
        Polygon.get_ticker_events,
    ),
    Operation(
        "polygon.list_filing_files",
        Effect.LOOKUP,
        "List the files of a public SEC filing by its id.",
        FilingFiles,
        Polygon.list_filing_files,
    ),
)
