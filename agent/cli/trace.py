"""``billing-agent trace``: the runs that are kept, and one of them in full."""

from __future__ import annotations

import argparse
from typing import Any

from agent.cli.options import Subparsers, command, flag, group, option, store_option
from agent.cli.talk import console, put_json, say
from agent.errors import BadInput


def add(commands: Subparsers) -> None:
    family = group(commands, "trace", "read what runs did")
    listing = command(family, "list", run_list, "the newest runs")
    option(listing, "--limit", "N", "how many, default 20", default="20")
    option(listing, "--outcome", "NAME", "only completed, review, no_action or failed")
    option(listing, "--workspace-id", "ID", "only this workspace")
    showing = command(family, "show", run_show, "one run in full")
    showing.add_argument("run", metavar="RUN", help="a run id or call id")
    for parser in (listing, showing):
        store_option(parser)
        flag(parser, "--json", "JSON instead of text")


def run_list(arguments: argparse.Namespace) -> int:
    from agent.cli.places import open_store

    with open_store(arguments) as store:
        outcome = _outcome(arguments)
        runs = store.runs(_limit(arguments.limit), workspace_id=arguments.workspace_id, outcome=outcome)
        unread = store.envelopes(arguments.workspace_id) if outcome in (None, "failed") else []
    if arguments.json:
        for summary in runs:
            put_json(_plain(summary))
        for envelope in unread:
            put_json({"run_id": None, "outcome": "failed", **envelope.model_dump(mode="json")})
        return 0
    console().print(_table(runs))
    for envelope in unread:
        say(f"call {envelope.call_id} of {envelope.received_at:%Y-%m-%d %H:%M} could not be redacted and was not kept")
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    from agent.cli.places import open_store
    from agent.trace import as_json, render

    with open_store(arguments) as store:
        found = store.run(arguments.run)
    if arguments.json:
        put_json(as_json(found))
    else:
        console().print(render(found))
    return 0


def _limit(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 100_000:
        raise BadInput("--limit must be a whole number from 1 to 100000")
    return int(text)


def _outcome(arguments: argparse.Namespace) -> Any:
    from agent.run import Outcome

    try:
        return Outcome(arguments.outcome) if arguments.outcome else None
    except ValueError:
        raise BadInput(f"--outcome must be one of {', '.join(Outcome)}") from None


def _plain(summary: Any) -> dict[str, Any]:
    ended = summary.finished_at
    return {
        "run_id": summary.run_id,
        "call_id": summary.call_id,
        "workspace_id": summary.workspace_id,
        "model": summary.model,
        "world": summary.world,
        "attempt": summary.attempt,
        "started_at": summary.started_at.isoformat(),
        "finished_at": ended.isoformat() if ended else None,
        "outcome": summary.outcome.value if summary.outcome else None,
        "scenario": summary.scenario,
    }


def _table(runs: list[Any]) -> Any:
    from rich.table import Table

    from agent.trace import plain

    made = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("run", "call", "workspace", "started", "scenario", "outcome", "model"):
        made.add_column(name, overflow="fold")
    for run in runs:
        ended = run.outcome.value if run.outcome else "under way"
        cells = (run.run_id, run.call_id, run.workspace_id, f"{run.started_at:%Y-%m-%d %H:%M}")
        made.add_row(*plain(*cells, run.scenario or "", ended, run.model))
    return made
