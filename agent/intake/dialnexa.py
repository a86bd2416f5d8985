"""DialNexa: the pushed ``call_ended`` event, the flat ``call.completed`` body, and calls read back.

The transcript comes in several shapes, so one reader takes them all: labelled lines (also with spaces
where line ends should be), a string that is itself JSON, a list of turns, or an object keyed by role.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from agent.call import Call, Turn
from agent.intake.jsontext import JsonTrouble, load_json
from agent.intake.labelled import turns_of
from agent.intake.record import (
    NOT_SPOKEN,
    SPEAKER_WORDS,
    Format,
    JsonObject,
    Refusal,
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

_DURATIONS = ("duration_in_seconds", "duration_seconds", "duration")
_STARTS = ("initiated_at", "started_at", "called_time", "createdAt", "created_at")
_ANALYSES = ("post_call_analysis", "postcallanalysis", "extracted_data", "analysis")
_RECORDINGS = ("recording_url", "recording_sas_url")
_READ = frozenset(
    {"id", "call_id", "workspace_id", "direction", "call_direction", "from_number", "to_number", "status", "transcript"}
    | {"summary", "metadata", "ended_at", "timeline", *_DURATIONS, *_STARTS, *_ANALYSES, *_RECORDINGS}
)
# Documented fields that say nothing about the customer's matter; only others are named as not read.
_KNOWN = _READ | frozenset(
    "type category category_id agent_id agent_version hangup_reason disconnection_reason end_reason sentiment "
    "billing event_type".split()
)
_NOTHING_SAID = frozenset(
    "hangup created initiated sent received did_not_pick busy no_answer failed cancelled retry_expired".split()
)


def read_event(record: JsonObject, given_id: str | None) -> Call:
    """A pushed event, ``{event_type, payload: {call}}``. Raises Refusal, also for events without a call's words."""
    event = text(record, "event_type") or ""
    call = record["payload"]["call"]
    if event != "call_ended":
        known = event if event in ("call_initiated", "transfer_completed") else "of this kind"
        raise Refusal(f"an event {known} carries no transcript, so there is nothing to process")
    return _read(call, given_id, "dialnexa.call_ended", "payload.call.")


def read_flat(record: JsonObject, given_id: str | None) -> Call:
    """The flat ``call.completed`` body. Raises Refusal."""
    return _read(record, given_id, "dialnexa.call_completed", "")


def read_back(record: JsonObject, given_id: str | None) -> Call:
    """A call or call log as the REST API gives it. Raises Refusal."""
    return _read(record, given_id, "dialnexa.rest", "")


def refuse_wordless(record: JsonObject, given_id: str | None) -> Call:
    """The older envelope and the address check: neither carries a transcript. Raises Refusal."""
    raise Refusal("this DialNexa message carries no transcript, so there is nothing to process")


def _read(call: JsonObject, given_id: str | None, source: str, prefix: str) -> Call:
    status = (text(call, "status") or "completed").lower()
    if status in _NOTHING_SAID:
        raise Refusal(f"the call never connected (status {status}), so there is nothing to process")
    started, ended = _times(call)
    own_id = call.get("call_id") if call.get("call_id") is not None else call.get("id")
    return Call(
        call_id=call_id(own_id, given_id),
        turns=read_transcript(call.get("transcript"), f"{prefix}transcript"),
        workspace_id=workspace(call),
        source=source,
        started_at=started,
        ended_at=ended,
        direction=direction(call) or direction(call, "call_direction"),
        from_number=phone(call, "from_number"),
        to_number=phone(call, "to_number"),
        recording_url=_first(text(call, name) for name in _RECORDINGS),
        summary=text(call, "summary"),
        analysis=_first(mapping(call, name) for name in _ANALYSES) or {},
        metadata=mapping(call, "metadata"),
        ignored_fields=unread(call, _KNOWN, prefix),
    )


def _first(values: Iterable[Any]) -> Any:
    return next((value for value in values if value), None)


def _times(call: JsonObject) -> tuple[datetime | None, datetime | None]:
    """Start and end: as stated, from the timeline of a call log, or start plus duration."""
    started = _first(moment(call, name) for name in _STARTS)
    ended = moment(call, "ended_at")
    timeline = call.get("timeline")
    for entry in timeline if isinstance(timeline, list) else []:
        if isinstance(entry, dict) and entry.get("event") == "call_ended":
            ended = ended or moment(entry, "timestamp")
    length = _first(call.get(name) for name in _DURATIONS)
    if ended is None and started is not None and isinstance(length, int | float) and 0 < length < 86_400:
        ended = started + timedelta(seconds=float(length))
    return started, ended


def read_transcript(value: object, name: str) -> tuple[Turn, ...]:
    """A transcript in any of its shapes. Raises Refusal that names ``name``."""
    if isinstance(value, str) and value.strip()[:1] in ("[", "{"):
        with suppress(JsonTrouble):  # Labelled lines may begin with a time in brackets.
            value = load_json(value)
    if isinstance(value, str):
        turns = turns_of(value)
        if turns:
            return turns
        value = None
    if isinstance(value, dict):
        inner = next(
            (value[key] for key in ("turns", "messages", "transcript") if isinstance(value.get(key), list)), None
        )
        value = inner if inner is not None else _from_roles(value, name)
    if value is None or value == []:
        raise Refusal(f"{name} is missing or empty, so there is nothing to process")
    if isinstance(value, list):
        value = [entry for item in value for entry in _unkeyed(item, name)]
    return read_turns(value, name)


def _is_role(key: str) -> bool:
    return key.strip().lower() in SPEAKER_WORDS or key.strip().lower() in NOT_SPOKEN


def _unkeyed(item: object, name: str) -> list[object]:
    """``{"agent": "Hello"}`` inside a list is one turn too."""
    if isinstance(item, dict) and len(item) == 1 and _is_role(next(iter(item))) and "text" not in item:
        return list(_from_roles(item, name))
    return [item]


def _from_roles(value: JsonObject, name: str) -> list[dict[str, Any]]:
    """Turns of an object keyed by role, by time where every turn has one, else in the order given."""
    found: list[dict[str, Any]] = []
    for role, said in value.items():
        if not _is_role(role):
            raise Refusal(f"{name} must be text, a list of turns or an object keyed by speaker")
        for item in said if isinstance(said, list) else [said]:
            found.append({**item, "speaker": role} if isinstance(item, dict) else {"speaker": role, "text": item})
    if found and all(isinstance(turn.get("start"), int | float) for turn in found):
        found.sort(key=lambda turn: float(turn["start"]))
    return found


def _is_event(record: JsonObject) -> bool:
    payload = record.get("payload")
    return "event_type" in record and isinstance(payload, dict) and isinstance(payload.get("call"), dict)


def _is_wordless(record: JsonObject) -> bool:
    envelope = "event" in record and "workspace_id" in record and "session_id" in record
    return envelope or set(record) == {"message", "timestamp"}


def _is_read_back(record: JsonObject) -> bool:
    marks = {"call_direction", "createdAt", "timeline", "end_reason", "duration_seconds", "agent_id"}
    return "transcript" in record and ("id" in record or "call_id" in record) and not marks.isdisjoint(record)


EVENT = Format("dialnexa.call_ended", _is_event, read_event)
WORDLESS = Format("dialnexa.envelope", _is_wordless, refuse_wordless)
FLAT = Format("dialnexa.call_completed", lambda r: "call_id" in r and "extracted_data" in r, read_flat)
READ_BACK = Format("dialnexa.rest", _is_read_back, read_back)
