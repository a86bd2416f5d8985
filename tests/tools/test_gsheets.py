"""Google Sheets: raw values, inserted rows, the key in column A."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tools.conftest import KEY, Lab
from tools.connector import Answer, Credentials, Lost, NotConfigured
from tools.gsheets import AppendRow, GSheets

ROW: dict[str, Any] = {"values": ["2026-10-08", "call_1", "=HYPERLINK(x)", "00123"]}


@pytest.mark.covers("S39")
def test_a_row_on_the_wire(lab: Lab) -> None:
    answer = lab.run("gsheets.append_row", **ROW)
    assert lab.last.url.raw_path.startswith(b"/v4/spreadsheets/billing-exceptions/values/Queue%21A1%3AL1:append")
    assert dict(lab.last.url.params) == {"valueInputOption": "RAW", "insertDataOption": "INSERT_ROWS"}
    assert lab.sent_json() == {"majorDimension": "ROWS", "values": [[KEY, *ROW["values"]]]}
    assert answer.vendor_id == "Queue!A1"


def test_a_row_with_the_same_key_is_written_once(lab: Lab) -> None:
    lab.run("gsheets.append_row", **ROW)
    lab.run("gsheets.append_row", **ROW)
    assert len(lab.writes) == 1
    lab.run("gsheets.append_row", key="0" * 32, **ROW)
    assert len(lab.writes) == 2


def test_a_lost_row_is_found_in_column_a(lab: Lab) -> None:
    assert lab.find_again("gsheets.append_row", **ROW) is None
    lab.faults.lose("gsheets", method="POST")
    with pytest.raises(Lost):
        lab.run("gsheets.append_row", **ROW)
    found = lab.find_again("gsheets.append_row", **ROW)
    assert isinstance(found, Answer)
    assert found.vendor_id == "Queue!A1"


def test_the_workspace_names_sheet_and_range(lab: Lab) -> None:
    lab.run("gsheets.append_row", spreadsheet_id="own", range="Cases!A1:L1", **ROW)
    assert b"/v4/spreadsheets/own/values/Cases%21A1%3AL1:append" in lab.last.url.raw_path


def test_without_a_sheet_it_is_not_configured() -> None:
    own = GSheets(Credentials("gsheets", {"access_token": "t"}))
    with pytest.raises(NotConfigured, match="BILLING_AGENT_GSHEETS_SPREADSHEET_ID"):
        own.append_row(AppendRow(values=("a",)), None)
    own.close()
