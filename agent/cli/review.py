"""``billing-agent review``: the cases that wait for a person, and deciding them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from agent.cli.options import Subparsers, choice, command, flag, group, option, store_option, switch
from agent.cli.people import by_option, who
from agent.cli.talk import console, put, put_json, say
from agent.errors import BadInput

if TYPE_CHECKING:
    from agent.case import ReviewCase
    from agent.run import ProcessLine
    from agent.store import Store
    from agent.wiring import Wiring


def add(commands: Subparsers) -> None:
    family = group(commands, "review", "decide the cases that wait for a person")
    listing = command(family, "list", run_list, "the open cases, urgent ones first")
    switch(listing, "--all", "decided and expired cases too")
    option(listing, "--workspace-id", "ID", "only this workspace")
    showing = command(family, "show", run_show, "one case: why it is here, what is proposed, what was decided")
    approving = command(family, "approve", run_approve, "approve what is proposed and carry it out")
    editing = command(family, "edit", run_edit, "change arguments of a proposal before it is approved")
    rejecting = command(family, "reject", run_reject, "reject the case: nothing that is proposed will be done")
    for parser in (showing, approving, editing, rejecting):
        parser.add_argument("case", metavar="CASE", help="the case's id")
    editing.add_argument("changes", nargs="+", metavar="NAME=VALUE", help="arguments to change")
    choice(editing, "--index", "N", "which proposal, when there are several")
    choice(approving, "--index", "N", "only this proposal")
    option(approving, "--workspace", "F", "the workspace file, for cases of live runs")
    option(approving, "--model", "NAME", "the language model, as in process")
    option(approving, "--books", "F", "append every request to the sandbox to this file")
    switch(approving, "--again", "carry out an approval whose command was interrupted")
    for parser in (approving, editing, rejecting):
        by_option(parser)
        choice(parser, "--reason", "TEXT", "why; a rejection needs one")
    for parser in (listing, showing, approving, editing, rejecting):
        store_option(parser)
        flag(parser, "--json", "JSON instead of text")


def run_list(arguments: argparse.Namespace) -> int:
    from agent.clock import SystemClock
    from agent.review import waiting

    with _queue(arguments) as store:
        if arguments.all:
            cases = store.cases(None, arguments.workspace_id)
        else:
            cases = waiting(store, SystemClock(), arguments.workspace_id)
    if arguments.json:
        for case in cases:
            put_json(case.model_dump(mode="json"))
    elif not cases:
        say("no case waits for a person")
    else:
        console().print(table(cases))
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    with _queue(arguments) as store:
        case = store.case(arguments.case)
        line = store.run(case.run_id).line
    if arguments.json:
        put_json(case.model_dump(mode="json"))
    else:
        console().print(render(case, line))
    return 0


def run_approve(arguments: argparse.Namespace) -> int:
    from agent import review

    with _acting(arguments) as wiring:
        store = wiring.store
        workspace_id = store.case(arguments.case).workspace_id

        def resume(case: ReviewCase) -> ProcessLine:
            from agent.pipeline import resume as carry_out

            return carry_out(case, wiring.deps_for(workspace_id))

        if arguments.again:
            line = review.carry_on(store, arguments.case, resume=resume)
        else:
            line = review.approve(
                store,
                arguments.case,
                by=who(arguments),
                clock=wiring.clock,
                resume=resume,
                reason=arguments.reason,
                index=_index(arguments.index),
            )
    _show_line(line, arguments.json)
    return 1 if line.outcome.value == "failed" else 0


def run_edit(arguments: argparse.Namespace) -> int:
    from agent import review
    from agent.clock import SystemClock

    with _queue(arguments) as store:
        case = review.edit(
            store,
            arguments.case,
            by=who(arguments),
            clock=SystemClock(),
            changes=_changes(arguments.changes),
            check=checked_arguments,
            index=_index(arguments.index),
            reason=arguments.reason,
        )
    if arguments.json:
        put_json(case.model_dump(mode="json"))
    else:
        console().print(render(case))
    return 0


def run_reject(arguments: argparse.Namespace) -> int:
    from agent import review
    from agent.clock import SystemClock

    with _queue(arguments) as store:
        by = who(arguments)
        line = review.reject(store, arguments.case, by=by, clock=SystemClock(), reason=arguments.reason or "")
        if line is None:
            put_json(store.case(arguments.case).model_dump(mode="json"))
        else:
            _show_line(line, arguments.json)
    return 0


@contextmanager
def _queue(arguments: argparse.Namespace) -> Iterator[Store]:
    """The store, after every case past its limit was closed: what is shown or decided is never stale."""
    from agent.cli.places import open_store
    from agent.clock import SystemClock
    from agent.review import expire

    with open_store(arguments) as store:
        expire(store, SystemClock())
        yield store


def _acting(arguments: argparse.Namespace) -> Wiring:
    """The parts an approval needs; it acts where the run of its case did: its sandbox world, or live."""
    from agent.cli.process import wiring_for

    with _queue(arguments) as store:
        arguments.world = store.run(store.case(arguments.case).run_id).world
    return wiring_for(arguments)


def checked_arguments(tool: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """``arguments`` as ``tool`` takes them. Raises BadInput that names the argument, never its value."""
    from pydantic import ValidationError

    from tools.registry import operations

    operation = operations().get(tool)
    if operation is None:
        raise BadInput(f"there is no tool {tool}")
    try:
        made = operation.arguments.model_validate(dict(arguments))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        told = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            told = "is not an argument of this tool"
        place = ": ".join([tool, *(str(part) for part in first["loc"])])
        raise BadInput(f"{place}: {told[:1].lower()}{told[1:]}") from None
    return made.model_dump(mode="json", exclude_none=True)


def _changes(pairs: list[str]) -> dict[str, Any]:
    """``amount=20.00`` and the like; a value that is a JSON object, list, true, false or null is read as JSON."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.isidentifier():
            raise BadInput("changes are written NAME=VALUE, such as amount=20.00")
        found[name] = value
        if value[:1] in ("{", "[") or value in ("true", "false", "null"):
            try:
                found[name] = json.loads(value)
            except ValueError:
                raise BadInput(f"the value of {name} is not valid JSON") from None
    return found


def _index(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit():
        raise BadInput("--index must be a whole number")
    return int(text)


def _show_line(line: ProcessLine, as_json: bool) -> None:
    if as_json:
        put(line.model_dump_json())
        return
    from agent.trace import why

    for call in line.tool_calls:
        if call.kind == "action":
            put(f"{call.tool}: {call.status.value}" + (f" ({call.error})" if call.error else ""))
    put(f"call {line.call_id}: {line.outcome.value}. {why(line)}".strip())


def table(cases: list[ReviewCase]) -> Any:
    """The cases as a table."""
    from rich.table import Table

    from agent.trace import plain

    made = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("case", "call", "urgency", "owner", "proposed", "why", "expires"):
        made.add_column(name, overflow="fold")
    for case in cases:
        proposed = ", ".join(proposal.tool for proposal in case.proposals) or "nothing"
        reason = case.reasons[0].text if case.reasons else ""
        until = f"{case.expires_at:%Y-%m-%d %H:%M}" if case.state.value == "open" else case.state.value
        made.add_row(*plain(case.case_id, case.call_id, case.urgency, case.owner or "", proposed, reason, until))
    return made


def render(case: ReviewCase, line: ProcessLine | None = None) -> Any:
    """One case for a terminal, with the quotes behind what was understood when its run's ``line`` is given."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    from agent.loop.wording import wanted
    from agent.trace import plain, understood

    head = Table(box=None, pad_edge=False, show_header=False)
    state = f"{case.state.value}, urgency {case.urgency}, owner {case.owner or 'nobody'}"
    head.add_row(*plain("case", f"{case.case_id} (call {case.call_id} in {case.workspace_id}, run {case.run_id})"))
    head.add_row(*plain("state", state))
    head.add_row(*plain("opened", f"{case.opened_at:%Y-%m-%d %H:%M}, expires {case.expires_at:%Y-%m-%d %H:%M} UTC"))
    head.add_row(*plain("summary", case.summary))
    for reason in case.reasons:
        head.add_row(*plain("why", f"{reason.text} [{reason.rule}]"))
    for proposal in case.proposals:
        given = ", ".join(f"{name}={value}" for name, value in proposal.arguments.items() if value is not None)
        policy = f"{proposal.policy.reason} [{proposal.policy.rule}]"
        head.add_row(*plain(f"proposal {proposal.index}", f"{proposal.tool} {given}\n{proposal.state}: {policy}"))
    if case.state.value == "open":
        effects = "; ".join(wanted(proposal.tool, proposal.arguments) for proposal in case.proposals)
        then = f"looked up afresh, decided by the rules again, then done once: {effects}"
        head.add_row(*plain("on approval", then if effects else "nothing is sent; the case is closed as dealt with"))
    for decision in case.decisions:
        about = "" if decision.index is None else f" proposal {decision.index}"
        told = f"{decision.verdict}{about} by {decision.by} at {decision.at:%Y-%m-%d %H:%M} UTC"
        head.add_row(*plain("decision", told + (f": {decision.reason}" if decision.reason else "")))
    return Group(head) if line is None else Group(head, Text("\nunderstood"), understood(line))
