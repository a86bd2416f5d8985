"""Why stretches of a text were taken, as a table: without their values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_FOUND_BY = {
    "announced": "announcing words",
    "proves_itself": "its own check digits or shape",
    "read_back": "a repetition",
    "beside_card": "its place beside a card",
    "long_number": "the net for long numbers",
}
_CHECKS = {"passed": "passed", "failed": "failed", "none": "has none"}


def table(name: str, reasons: Sequence[dict[str, Any]]) -> Any:
    """One row a stretch, in reading order."""
    from rich.table import Table

    from agent.trace import plain

    made = Table(title=plain(name)[0], title_justify="left", box=None, pad_edge=False, header_style="dim")
    for column in ("line", "placeholder", "entity", "rule", "found by", "announced by", "check digits"):
        made.add_column(column, overflow="fold")
    for one in reasons:
        cells = (str(one["line"]), one["placeholder"], one["entity"], one["rule"], _FOUND_BY[one["found_by"]])
        made.add_row(*plain(*cells, one["announced_by"] or "", _CHECKS[one["check"]]))
    return made
