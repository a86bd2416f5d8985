"""``billing-agent pause`` and ``resume``: stop and start effects, everywhere or in one scope."""

from __future__ import annotations

import argparse
from typing import Any

from agent.cli.options import Subparsers, choice, command, flag, option, store_option, switch
from agent.cli.people import by_option, masked, who
from agent.cli.talk import put, put_json


def add(commands: Subparsers) -> None:
    stop = command(commands, "pause", run_pause, "stop all effects at once, or those of one workspace or tool")
    _scope(stop)
    by_option(stop)
    choice(stop, "--reason", "TEXT", "why; shown wherever an effect is held back")
    switch(stop, "--list", "show the pauses in force and change nothing")
    go = command(commands, "resume", run_resume, "lift the pause of exactly this scope")
    _scope(go)
    for parser in (stop, go):
        store_option(parser)
        flag(parser, "--json", "one JSON line a pause")


def _scope(parser: argparse.ArgumentParser) -> None:
    option(parser, "--workspace-id", "ID", "this workspace only")
    option(parser, "--tool", "NAME", "this operation (stripe.create_refund) or system (stripe) only")


def run_pause(arguments: argparse.Namespace) -> int:
    from agent.cli.places import open_store

    tool = _known(arguments.tool)
    with open_store(arguments) as store:
        if not arguments.list:
            store.pause(
                by=who(arguments),
                reason=None if arguments.reason is None else masked(arguments.reason),
                workspace_id=arguments.workspace_id,
                tool=tool,
            )
        _show(store.pauses(), arguments.json)
    return 0


def run_resume(arguments: argparse.Namespace) -> int:
    from agent.cli.places import open_store
    from agent.errors import NotFound

    with open_store(arguments) as store:
        if not store.resume(workspace_id=arguments.workspace_id, tool=_known(arguments.tool)):
            raise NotFound("nothing is paused in this scope; billing-agent pause --list shows what is")
        _show(store.pauses(), arguments.json)
    return 0


def _known(tool: str | None) -> str | None:
    """``tool`` as the ledger knows it. Raises BadInput for a name that is no operation and no system: a
    stop that stops nothing must not look like one."""
    from agent.errors import BadInput
    from tools.registry import operations

    if tool is None:
        return None
    name, known = tool.strip().lower(), operations()
    if name not in known and name not in {operation.system for operation in known.values()}:
        raise BadInput(f"--tool: there is no operation or system {name!r}; docs/tools.md lists them")
    return name


def _show(pauses: list[Any], as_json: bool) -> None:
    if not pauses and not as_json:
        put("nothing is paused")
    for pause in pauses:
        if as_json:
            put_json(
                {
                    "workspace_id": pause.workspace_id,
                    "tool": pause.tool,
                    "by": pause.by,
                    "reason": pause.reason,
                    "at": pause.at.isoformat(),
                }
            )
        else:
            put(
                f"{pause.scope}: paused by {pause.by} at {pause.at:%Y-%m-%d %H:%M} UTC, {pause.reason or 'no reason given'}"
            )
