"""``billing-agent erase``: what is kept of one call goes, and a receipt says what went."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from agent.cli.options import Subparsers, choice, command, flag, option, store_option
from agent.cli.talk import put, put_json

if TYPE_CHECKING:
    from agent.store import Erasure, Store


def add(commands: Subparsers) -> None:
    text = "remove a call, its run, trace and cases from the store; prints a receipt"
    parser = command(commands, "erase", run, text)
    choice(parser, "--call", "ID", "the call's id", required=True)
    option(parser, "--workspace-id", "ID", "its workspace, where several workspaces used the same call id")
    store_option(parser)
    flag(parser, "--json", "the receipt as one JSON line")


def run(arguments: argparse.Namespace) -> int:
    from agent.cli.places import open_store

    with open_store(arguments) as store:
        workspace_id = arguments.workspace_id or _workspace(store, arguments.call)
        receipt = store.erase_call(workspace_id, arguments.call)
    if arguments.json:
        put_json(
            {
                "call_id": receipt.call_id,
                "workspace_id": receipt.workspace_id,
                "run_id": receipt.run_id,
                "steps": receipt.steps,
                "cases": receipt.cases,
                "erased_at": receipt.at.isoformat(),
            }
        )
    else:
        _show(receipt)
    return 0


def _workspace(store: Store, call_id: str) -> str:
    """The workspace of the call. Raises NotFound, and BadInput for a call id that several workspaces used."""
    from agent.errors import NotFound

    try:
        return store.run(call_id).workspace_id
    except NotFound:
        kept = [envelope.workspace_id for envelope in store.envelopes() if envelope.call_id == call_id]
        if len(kept) != 1:
            raise
        return kept[0]


def _show(receipt: Erasure) -> None:
    put(f"erased at {receipt.at:%Y-%m-%d %H:%M:%S} UTC: call {receipt.call_id} of workspace {receipt.workspace_id}")
    put(f"removed: the call, run {receipt.run_id or 'none'}, {receipt.steps} trace steps, {receipt.cases} review cases")
    put("kept: that its effects happened, without their arguments, so that none can happen twice")
