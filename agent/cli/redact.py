"""``billing-agent redact``: identifiers out of records or plain text, one output line per input record."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from agent.cli.inputs import STDIN, sources
from agent.cli.options import Subparsers, command
from agent.cli.talk import put_json, say

if TYPE_CHECKING:
    from agent.intake.reader import Record
    from agent.redaction import Redactor


def add(commands: Subparsers) -> None:
    parser = command(commands, "redact", run, "remove payment and tax identifiers, stdin to stdout")
    parser.add_argument("path", nargs="?", default=STDIN, metavar="PATH", help="a file, or - for stdin (default)")


def run(arguments: argparse.Namespace) -> int:
    from agent.intake.reader import Text, read
    from agent.redaction import Redactor

    good = bad = 0
    for source in sources([arguments.path]):
        if source.data is None:
            say(f"{source.name} {source.trouble}")
            bad += 1
            continue
        found = read(source.data, None if arguments.path == STDIN else source.name)
        if isinstance(found, Text):
            sys.stdout.write(_plain(found.content, Redactor()))
            good += 1
            continue
        if not found:
            say(f"{source.name} is empty")
            return 2
        redactor = Redactor()
        for record in found:
            line = redact_record(record, redactor)
            put_json(line)
            good, bad = (good, bad + 1) if "error" in line else (good + 1, bad)
    return 0 if not bad else 1 if good else 2


def redact_record(record: Record, redactor: Redactor) -> dict[str, Any]:
    """The output object of one record; ``{"id", "error"}`` when it cannot be redacted, never its text."""
    from agent.errors import AgentError

    ids = _ids(record.value)
    if record.trouble:
        return {"id": None, "error": record.trouble}
    try:
        return {**ids, **_redacted(record.value, redactor)}
    except AgentError as error:
        return {**ids, "error": str(error)}


def _ids(value: object) -> dict[str, Any]:
    """The record's id as it came; a call's id stands under both names."""
    if not isinstance(value, dict):
        return {"id": None}
    own = {name: value[name] for name in ("id", "call_id") if isinstance(value.get(name), str | int)}
    if "call_id" in own:
        return {"id": own.get("id", own["call_id"]), "call_id": own["call_id"]}
    return {"id": own.get("id")}


def _redacted(value: object, redactor: Redactor) -> dict[str, Any]:
    from agent.intake import read_record
    from agent.intake.record import speaker

    if isinstance(value, dict) and "turns" in value:
        said = _turns(value["turns"])
        names = [name for name, _ in said]
        spoken = [(str(speaker(name)), text) for name, text in said]
        ids: dict[str, Any] = {}
    else:
        call = read_record(value, "unnamed")
        names = [turn.speaker.value for turn in call.turns]
        spoken = [(turn.speaker.value, turn.text) for turn in call.turns]
        ids = {"id": call.call_id, "call_id": call.call_id} if call.call_id != "unnamed" else {}
    redacted = redactor.redact_turns(spoken)
    shown = [_shown(name, redactor) for name in names]
    turns = [{"speaker": name, "text": text} for name, text in zip(shown, redacted.texts, strict=True)]
    rows = [redaction.model_dump(mode="json") for redaction in redacted.redactions]
    return {**ids, "turns": turns, "redactions": rows}


def _shown(name: str | int | None, redactor: Redactor) -> Any:
    """A speaker's label as it came, without an identifier somebody put into it."""
    return redactor.redact_json(name)


def _turns(value: object) -> list[tuple[Any, str]]:
    """(speaker as given, text) of every turn: none is dropped, so that the output has the input's turns."""
    from agent.intake.record import Refusal, turn_text

    if not isinstance(value, list):
        raise Refusal("turns must be a list")
    found = []
    for index, item in enumerate(value):
        if not isinstance(item, dict):
            raise Refusal(f"turns[{index}] must be an object")
        name = item.get("speaker", item.get("role"))
        found.append((name if isinstance(name, str | int) else None, turn_text(item, f"turns[{index}]")))
    return found


def _plain(content: str, redactor: Redactor) -> str:
    """Plain text with its layout kept; labelled turns are read as one conversation."""
    from agent.intake.labelled import pieces
    from agent.intake.record import speaker

    found = pieces(content)
    if not any(piece.who for piece in found):
        return redactor.redact_text(content)
    redacted = redactor.redact_turns([(str(speaker(piece.who)), piece.said) for piece in found])
    return "".join(redactor.redact_text(piece.lead) + text for piece, text in zip(found, redacted.texts, strict=True))
