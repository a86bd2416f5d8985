"""One record or one text, redacted: what a worker of ``billing-agent redact`` does."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from agent.call import Redaction, Speaker
from agent.errors import AgentError, BadInput
from agent.intake import read_record
from agent.intake.labelled import pieces
from agent.intake.marked import marked_parts
from agent.intake.reader import Record, Text, record_of
from agent.intake.record import Refusal, identifier_in, speaker, turn_text
from agent.intake.stream import Item, Line
from agent.intake.subtitles import Part, subtitle_parts
from agent.redaction import Reason, Redactor
from agent.redaction.conversation import Conversation, Taken
from agent.workspace import Workspace, load_workspace

_BESIDE_TURNS = ("summary", "analysis", "metadata")
_ID_NAMES = ("id", "call_id")


@dataclass(frozen=True, slots=True)
class Rules:
    """How to redact, in a form that a worker process can be given."""

    bare_account_number: Literal["own_id", "bank"] = "own_id"
    region: str = "US"
    explain: bool = False

    def redactor(self) -> Redactor:
        return Redactor(bare_account_number=self.bare_account_number, region=self.region)


@dataclass(frozen=True, slots=True)
class Task:
    """One item of the input called ``name``; ``mark`` where the input begins with a byte order mark."""

    name: str
    item: Item = field(repr=False)
    mark: bool = False

    @property
    def size(self) -> int:
        """Its length in bytes, roughly."""
        if isinstance(self.item, Line):
            return len(self.item.data) + 1
        return len(self.item.content) if isinstance(self.item, Text) else 0


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a task: ``out`` for stdout, ``trouble`` and ``reasons`` (of a text) for stderr."""

    name: str
    good: bool
    size: int
    out: str = field(repr=False)
    trouble: str | None = None
    reasons: tuple[dict[str, Any], ...] = ()


def rules_of(path: str | None, *, explain: bool = False) -> Rules:
    """The rules of the workspace file at ``path``, the default ones without it. Raises ConfigurationError."""
    known = load_workspace(Path(path)) if path else Workspace()
    return Rules(known.bare_account_number, known.region, explain)


def redact_task(task: Task, redactor: Redactor, *, explain: bool = False) -> Done:
    """Redact one item; one that cannot be redacted gives an error, never its text."""
    item = task.item
    if isinstance(item, Text):
        try:
            text, reasons = _plain(item.content, redactor)
        except AgentError as error:
            return Done(task.name, False, task.size, "", str(error))
        return Done(task.name, True, task.size, "\ufeff" * task.mark + text, None, tuple(reasons) if explain else ())
    record = record_of(item.index, item.data) if isinstance(item, Line) else item
    line = redact_record(record, redactor, explain=explain)
    return Done(task.name, "error" not in line, task.size, json.dumps(line, ensure_ascii=False) + "\n")


def redact_record(record: Record, redactor: Redactor, *, explain: bool = False) -> dict[str, Any]:
    """The output object of one record; ``{"id", "error"}`` when it cannot be redacted, never its text."""
    if record.trouble:
        return {"id": None, "error": record.trouble}
    conversation = Conversation(redactor)
    ids: dict[str, Any] = {"id": None}
    try:
        ids, trouble = _ids(record.value, conversation)
        if trouble:
            return {**ids, "error": trouble}
        return {**ids, **_redacted(record.value, conversation, explain=explain)}
    except AgentError as error:
        return {**ids, "error": str(error)}


def _ids(value: object, conversation: Conversation) -> tuple[dict[str, Any], str | None]:
    """The record's ids as they came, a call's under both names; and why they cannot be used.

    One that holds an identifier stands there masked: the output would carry it as surely as a turn.
    """
    if not isinstance(value, dict):
        return {"id": None}, None
    own: dict[str, Any] = {}
    trouble = None
    for name in _ID_NAMES:
        given = value.get(name)
        if isinstance(given, str | int) and not isinstance(given, bool):
            own[name] = _masked_id(given, conversation)
            if own[name] != given:
                trouble = trouble or f"{name} holds a payment or tax identifier; give the record an id of its own"
    if "call_id" in own:
        return {"id": own.get("id", own["call_id"]), "call_id": own["call_id"]}, trouble
    return {"id": own.get("id")}, trouble


def _masked_id(given: str | int, conversation: Conversation) -> str | int:
    """``given`` itself where it is an ordinary id: words of an id ("pin-7000") announce nothing."""
    if identifier_in(str(given)) is None:
        return given
    clean = str(conversation.json(str(given), "id")[0])
    return clean if clean != str(given) else "<MASKED>"


def _redacted(value: Any, conversation: Conversation, *, explain: bool) -> dict[str, Any]:
    ids: dict[str, Any] = {}
    beside: Mapping[str, Any]
    if isinstance(value, dict) and "turns" in value:
        said = _turns(value["turns"])
        spoken = [(str(speaker(name)), text) for name, text in said]
        names = [name for name, _ in said]
        beside = {name: value[name] for name in _BESIDE_TURNS if name in value}
    else:
        call = read_record(value, "unnamed")
        if call.call_id != "unnamed":
            ids, trouble = _ids({"call_id": call.call_id}, conversation)
            if trouble:
                raise BadInput(trouble)
        spoken = [(turn.speaker.value, turn.text) for turn in call.turns]
        names = [turn.speaker.value for turn in call.turns]
        beside = {name: getattr(call, name) for name in _BESIDE_TURNS if getattr(call, name)}
    found = conversation.turns(spoken)
    turns = [{"speaker": conversation.json(n)[0], "text": t} for n, t in zip(names, found.texts, strict=True)]
    line = {**ids, "turns": turns, "redactions": [row.model_dump(mode="json") for row in found.redactions]}
    told = [_told(row, reason) for row, reason in zip(found.redactions, found.reasons, strict=True)]
    for name, given in beside.items():
        line[name], taken = conversation.json(_plain_json(given), name)
        told += [_told_of(name, one) for one in taken]
    return {**line, "reasons": told} if explain else line


def _plain_json(given: Any) -> Any:
    return dict(given) if isinstance(given, Mapping) else given


def _told(row: Redaction, reason: Reason) -> dict[str, Any]:
    """Why a stretch of a turn went, as ``--explain`` shows it."""
    return {"turn": row.turn, "placeholder": row.placeholder, "entity": row.entity, **_why(reason)}


def _told_of(name: str, taken: Taken) -> dict[str, Any]:
    """The same for a stretch of another field of the record."""
    return {"turn": None, "field": name, "placeholder": taken.placeholder, "entity": taken.entity, **_why(taken.reason)}


def _why(reason: Reason) -> dict[str, Any]:
    return {
        "rule": reason.rule,
        "found_by": reason.found_by,
        "announced_by": reason.announced_by,
        "check": reason.check,
    }


def _turns(value: object) -> list[tuple[Any, str]]:
    """(speaker as given, text) of every turn: none is dropped, so that the output has the input's turns."""
    if not isinstance(value, list):
        raise Refusal("turns must be a list")
    found = []
    for index, item in enumerate(value):
        if not isinstance(item, dict):
            raise Refusal(f"turns[{index}] must be an object")
        name = item.get("speaker", item.get("role"))
        found.append((name if isinstance(name, str | int) else None, turn_text(item, f"turns[{index}]")))
    return found


def _plain(content: str, redactor: Redactor) -> tuple[str, list[dict[str, Any]]]:
    """Plain text with its layout kept, its words read as one conversation; and why, by line of the text."""
    conversation = Conversation(redactor)
    parts = _parts(content)
    found = conversation.turns([(_voice(part.who), part.text) for part in parts if part.kind == "said"])
    said, starts, line = iter(found.texts), [], 1
    beside: dict[str, str] = {}
    out = []
    for part in parts:
        if part.kind == "said":
            starts.append(line)
            out.append(next(said))
        elif part.kind == "beside":
            if part.text not in beside:
                beside[part.text] = str(conversation.json(part.text)[0])
            out.append(beside[part.text])
        else:
            out.append(part.text)
        line += out[-1].count("\n")
    return "".join(out), _by_line(found.redactions, found.reasons, starts, found.texts)


def _parts(content: str) -> list[Part]:
    """Subtitles, a transcript with marks of its own, labelled text, or one stretch of speech."""
    found = subtitle_parts(content) or marked_parts(content)
    if found is not None:
        return found
    labelled = pieces(content)
    if not any(piece.who for piece in labelled):
        return [Part(content, "said")]
    return [part for piece in labelled for part in (Part(piece.lead, "beside"), Part(piece.said, "said", piece.who))]


def _voice(who: str | None) -> str:
    """The speaker as redaction tells voices apart: a name nobody knows is still a voice of its own."""
    known = speaker(who)
    return known.value if who is None or known is not Speaker.UNKNOWN else who


def _by_line(
    rows: Sequence[Redaction], reasons: Sequence[Reason], starts: Sequence[int], texts: Sequence[str]
) -> list[dict[str, Any]]:
    return [
        {
            "line": starts[row.turn] + texts[row.turn].count("\n", 0, row.start),
            "placeholder": row.placeholder,
            "entity": row.entity,
            **_why(reason),
        }
        for row, reason in zip(rows, reasons, strict=True)
    ]
