"""Our own format: one JSON object a call, fields as in docs/contract.md."""

from __future__ import annotations

from typing import Any

from agent.call import Call
from agent.intake.record import (
    TURN_FIELDS,
    Format,
    JsonObject,
    call_id,
    direction,
    mapping,
    moment,
    phone,
    read_turns,
    text,
    unread,
    workspace,
)

_TEXTS = (
    "recording_url",
    "transcript_url",
    "crm_url",
    "support_ticket",
    "payment_platform_url",
    "summary",
)
_FIELDS = frozenset(
    {"call_id", "workspace_id", "started_at", "ended_at", "direction", "from_number", "to_number", "turns"}
    | {"analysis", "metadata", *_TEXTS}
)


def read(record: JsonObject, given_id: str | None) -> Call:
    """A canonical record as a call. Raises Refusal."""
    turns = read_turns(record.get("turns"))
    extra: set[str] = set()
    for turn in record["turns"]:
        extra.update(unread(turn, TURN_FIELDS, "turns[]."))
    texts: dict[str, Any] = {name: text(record, name) for name in _TEXTS}
    return Call(
        call_id=call_id(record.get("call_id"), given_id),
        turns=turns,
        workspace_id=workspace(record),
        started_at=moment(record, "started_at"),
        ended_at=moment(record, "ended_at"),
        direction=direction(record),
        from_number=phone(record, "from_number"),
        to_number=phone(record, "to_number"),
        **texts,
        analysis=mapping(record, "analysis"),
        metadata=mapping(record, "metadata"),
        ignored_fields=(*unread(record, _FIELDS), *sorted(extra)),
    )


FORMAT = Format("canonical", lambda record: "turns" in record, read)
