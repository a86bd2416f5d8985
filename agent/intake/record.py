"""Reading one record's fields: each reader gives a checked value or refuses with the field's name.

A refusal names the field and the rule, never the value: values may hold what must not be shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from stdnum import iban, luhn
from stdnum.us import ssn

from agent.call import Call, Direction, Speaker, Turn
from agent.errors import BadInput
from agent.words import FOREIGN, TEENS, TENS, UNITS

JsonObject = Mapping[str, Any]

CALL_ID_LIMIT = 200
MISSING_CALL_ID = "call_id is missing; name the call with --call-id"

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,39}")
_PHONE_NOISE = str.maketrans("", "", " \t-().")

_SPEAKERS: dict[Speaker, str] = {
    Speaker.AGENT: "agent assistant bot ai robot rep representative automated_agent human_agent any_agent operator advisor",
    Speaker.CALLER: "caller customer user end_user guest client contact",
    Speaker.TRANSFER_TARGET: "transfer_target transfer-target",
    Speaker.OTHER: "other",
    Speaker.UNKNOWN: "unknown",
}
SPEAKER_WORDS: dict[str, Speaker] = {word: speaker for speaker, words in _SPEAKERS.items() for word in words.split()}
NOT_SPOKEN = frozenset(
    "system tool tool_call tool_calls tool_call_result tool_call_invocation tool_result function dtmf "
    "agent-action node_transition".split()
)


class Refusal(BadInput):
    """This record cannot be processed."""


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that is not a call: its place in the input, counted from 0, and why, in one sentence."""

    index: int
    message: str


Parsed = Call | BadRecord


@dataclass(frozen=True, slots=True)
class Format:
    """One transcript format: how a JSON record of it looks, and how it is read.

    ``read`` gets the record and the call id that the command named, and raises Refusal.
    """

    name: str
    claims: Callable[[JsonObject], bool]
    read: Callable[[JsonObject, str | None], Call]


def shown(name: str) -> str:
    """A field name as it may be printed: one that looks like data is not."""
    numbers = len(re.findall(r"\d", name)) >= 5 or _said_numbers(name) >= 3
    return name if _PLAIN_NAME.fullmatch(name) and not numbers else "(a field with an unusual name)"


def text(record: JsonObject, name: str) -> str | None:
    """The text of field ``name``; None when it is absent, null or blank."""
    value = record.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise Refusal(f"{name} must be text")
    return value.strip() or None


_CARD_SHAPE = re.compile(r"(?<![0-9])(?:3[0-9]|[2456][0-9])[0-9](?:[ _.-]?[0-9]){10,16}(?![0-9])")


def holds_card(value: str) -> bool:
    """Whether a digit run of ``value`` is a card number by first digits, length and check digit (ISO/IEC 7812).

    Ids are the one thing that is kept as it comes, so one that is a card number must not come in.
    """
    return any(luhn.is_valid(re.sub(r"[^0-9]", "", run)) for run in _CARD_SHAPE.findall(value))


_IBAN_SHAPE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?: ?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])")
_SSN_SHAPE = re.compile(r"(?<![0-9])[0-9]{3}([ -])[0-9]{2}\1[0-9]{4}(?![0-9])")
_NUMBER_WORDS = frozenset(word for word in {*UNITS, *TEENS, *TENS, *FOREIGN} if len(word) > 2)
_SPELLED = 4


def identifier_in(value: str) -> str | None:
    """What payment or tax identifier ``value`` plainly is or holds, in words; None for an ordinary id.

    Only what no id is by chance: a card or bank account number with its check digits, a Social Security number
    with its own hyphens, a number spelled out in words. Anything more is redaction's, which ids do not pass.
    """
    if holds_card(value):
        return "a card number"
    if any(iban.is_valid(found) for found in _IBAN_SHAPE.findall(value)):
        return "a bank account number"
    if any(ssn.is_valid(found.group()) for found in _SSN_SHAPE.finditer(value.replace(" ", "-"))):
        return "a Social Security number"
    return "a number in words" if _said_numbers(value) >= _SPELLED else None


def _said_numbers(value: str) -> int:
    return sum(word in _NUMBER_WORDS for word in re.findall(r"[^\W\d_]+", value.lower()))


def call_id(value: object, given: str | None) -> str:
    """The call's id: its own, else the one the command named. It is the key of every action, so it is
    never invented."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is not None and not isinstance(value, str):
        raise Refusal("call_id must be text")
    found = (value or "").strip() or (given or "").strip()
    if not found:
        raise Refusal(MISSING_CALL_ID)
    if len(found) > CALL_ID_LIMIT or not found.isprintable() or "\ufffd" in found:
        raise Refusal(f"call_id must be at most {CALL_ID_LIMIT} printable characters")
    if (held := identifier_in(found)) is not None:
        raise Refusal(f"call_id holds {held}; send the platform's own id of the call")
    return found


def workspace(record: JsonObject) -> str:
    """The workspace whose rules apply; ``default`` where the sender names none."""
    found = text(record, "workspace_id") or "default"
    if (held := identifier_in(found)) is not None:
        raise Refusal(f"workspace_id holds {held}; send the workspace's own id")
    return found


def moment(record: JsonObject, name: str) -> datetime | None:
    """An ISO 8601 time with its offset; a time without one is refused, because days would be guessed."""
    value = text(record, name)
    return None if value is None else read_moment(value, name)


def read_moment(value: str, name: str) -> datetime:
    """``value`` as a time. Raises Refusal that names ``name``."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise Refusal(f"{name} must be an ISO 8601 time such as 2026-03-02T09:30:00+01:00") from None
    if at.tzinfo is None:
        raise Refusal(f"{name} must carry its offset, such as Z or +01:00")
    if not 1970 <= at.year <= 2200:
        raise Refusal(f"{name} must be between the years 1970 and 2200")
    return at


def direction(record: JsonObject, name: str = "direction") -> Direction | None:
    """``inbound`` or ``outbound`` in any case."""
    value = text(record, name)
    if value is None:
        return None
    lowered = value.lower()
    if lowered == "inbound":
        return "inbound"
    if lowered == "outbound":
        return "outbound"
    raise Refusal(f"{name} must be inbound or outbound")


def phone(record: JsonObject, name: str) -> str | None:
    """A number with its plus; platforms that leave the plus out get it back. A withheld number is None, and so
    is an identifier that somebody put in its place."""
    value = record.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is not None and not isinstance(value, str):
        raise Refusal(f"{name} must be text")
    digits = (value or "").translate(_PHONE_NOISE)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if identifier_in(value or "") is not None or holds_card(digits):
        return None
    if re.fullmatch(r"\+?[1-9]\d{6,14}", digits):
        return digits if digits.startswith("+") else f"+{digits}"
    return digits if re.fullmatch(r"0\d{5,13}", digits) else None


def seconds(record: JsonObject, name: str, where: str) -> float | None:
    """A number of seconds from the start of the call."""
    value = record.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e7:
        raise Refusal(f"{where}.{name} must be a number of seconds")
    return float(value)


def mapping(record: JsonObject, name: str) -> dict[str, Any]:
    """An object; absent and null are an empty one."""
    value = record.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Refusal(f"{name} must be an object")
    return value


def speaker(value: object) -> Speaker:
    """Who spoke, by any platform's word for it; a word that says nothing is ``unknown``, never a guess."""
    if not isinstance(value, str):
        return Speaker.UNKNOWN
    return SPEAKER_WORDS.get(value.strip().lower().replace(" ", "_"), Speaker.UNKNOWN)


_ROLE_KEYS = ("speaker", "role", "user", "participant")
_TEXT_KEYS = ("text", "content", "message", "utterance")
TURN_FIELDS = frozenset({*_ROLE_KEYS, *_TEXT_KEYS, "start", "end"})


def read_turns(value: object, name: str = "turns") -> tuple[Turn, ...]:
    """The spoken turns of a list; system and tool turns are dropped before numbering.

    Raises Refusal that names the first turn that is not usable, counted as in the input.
    """
    if value is None:
        raise Refusal(f"{name} is missing")
    if not isinstance(value, list):
        raise Refusal(f"{name} must be a list")
    turns = tuple(turn for index, item in enumerate(value) if (turn := _turn(item, f"{name}[{index}]")) is not None)
    if not turns:
        raise Refusal(f"{name} holds nothing that was spoken, so there is nothing to process")
    return turns


def _turn(item: object, where: str) -> Turn | None:
    if not isinstance(item, dict):
        raise Refusal(f"{where} must be an object")
    role = next((item[key] for key in _ROLE_KEYS if item.get(key) is not None), None)
    if isinstance(role, str) and role.strip().lower() in NOT_SPOKEN:
        return None
    return Turn(speaker(role), turn_text(item, where), seconds(item, "start", where), seconds(item, "end", where))


def turn_text(item: JsonObject, where: str) -> str:
    """What was said in a turn; an empty text is a turn, a missing one is not."""
    said = next((item[key] for key in _TEXT_KEYS if item.get(key) is not None), None)
    if said is None:
        raise Refusal(f"{where}.text is missing")
    if not isinstance(said, str):
        raise Refusal(f"{where}.text must be text")
    return said


def unread(record: JsonObject, read: frozenset[str], prefix: str = "") -> tuple[str, ...]:
    """Names of the fields that no one reads, for one line on stderr."""
    return tuple(sorted({prefix + shown(name) for name in record if name not in read}))
