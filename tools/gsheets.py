"""Google Sheets: the exception review queue. Column A holds the ledger key; values are written as they are."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from tools.arguments import Identifier
from tools.connector import Answer, Arguments, Effect, NotConfigured, Operation
from tools.google import GoogleConnector
from tools.http import segment
from tools.shapes import table, text

_RANGE = "Queue!A1:L1"


class AppendRow(Arguments):
    """One row of the queue, without its key column. Sheet and range come from the workspace, else from the
    system's settings."""

    values: tuple[Annotated[str, Field(max_length=5000)], ...] = Field(min_length=1, max_length=25)
    spreadsheet_id: Identifier | None = None
    range: Identifier | None = None


class GSheets(GoogleConnector):
    """Client of one spreadsheet. Settings: spreadsheet_id, range (default ``Queue!A1:L1``)."""

    system = "gsheets"
    home = "https://sheets.googleapis.com"

    def append_row(self, args: AppendRow, key: str | None) -> Answer:
        """Append the row after the table's last one; a row with the same key is not written again."""
        if key and (already := self.find_row(args, key)):
            return already
        reply = self.write(
            "POST",
            f"{self._values(args, self._range(args))}:append",
            params={"valueInputOption": "RAW", "insertDataOption": "INSERT_ROWS"},
            json={"majorDimension": "ROWS", "values": [[key or "", *args.values]]},
        )
        place = text(table(table(reply.data).get("updates")).get("updatedRange"))
        if place is None:
            raise self.lost("the answer does not say which row was written")
        return self._row(args, place)

    def find_row(self, args: AppendRow, key: str) -> Answer | None:
        """The row whose first column is ``key``, None when there is none."""
        sheet, _, _ = self._range(args).rpartition("!")
        column = f"{sheet}!A:A" if sheet else "A:A"
        held: Any = table(self.read("GET", self._values(args, column)).data).get("values")
        for number, row in enumerate(held if isinstance(held, list) else [], start=1):
            if isinstance(row, list) and row and row[0] == key:
                return self._row(args, f"{sheet}!A{number}" if sheet else f"A{number}")
        return None

    def _row(self, args: AppendRow, place: str) -> Answer:
        url = f"https://docs.google.com/spreadsheets/d/{segment(self._sheet(args))}/edit"
        return Answer({"updatedRange": place}, vendor_id=place, url=url)

    def _values(self, args: AppendRow, cells: str) -> str:
        return f"/v4/spreadsheets/{segment(self._sheet(args))}/values/{segment(cells)}"

    def _range(self, args: AppendRow) -> str:
        return args.range or self.option("range") or _RANGE

    def _sheet(self, args: AppendRow) -> str:
        sheet = args.spreadsheet_id or self.option("spreadsheet_id")
        if sheet is None:
            raise NotConfigured(self.system, "not configured: set BILLING_AGENT_GSHEETS_SPREADSHEET_ID")
        return sheet


OPERATIONS = (
    Operation(
        "gsheets.append_row",
        Effect.ROW,
        "Add a row to the exception review queue.",
        AppendRow,
        GSheets.append_row,
        house_fields=frozenset({"values", "spreadsheet_id", "range"}),
        target=lambda args: "case",
        find_again=GSheets.find_row,
        idempotency="read_back",
        broad_access=True,
    ),
)
