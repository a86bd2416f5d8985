"""Intake: bytes of any known format in, calls out, and for the rest one sentence that names the field."""

from __future__ import annotations

from agent.call import Call
from agent.intake import canonical, dialnexa
from agent.intake.labelled import read_text
from agent.intake.reader import MAX_BYTES, Record, Text, read
from agent.intake.record import MISSING_CALL_ID, BadRecord, Format, Parsed, Refusal

__all__ = ["FORMATS", "MAX_BYTES", "BadRecord", "Format", "Parsed", "parse", "read_record"]

# The first that claims a record reads it; a new format is one module and one line here.
FORMATS: tuple[Format, ...] = (
    dialnexa.EVENT,
    dialnexa.WORDLESS,
    dialnexa.FLAT,
    canonical.FORMAT,
    dialnexa.READ_BACK,
)

_NO_FORMAT = "the record has no turns and is of no known format"
_EMPTY = "the input is empty"
_SEVERAL_WITHOUT_ID = "call_id is missing, and --call-id can name one call only"


def parse(data: bytes, *, name: str | None = None, call_id: str | None = None) -> list[Parsed]:
    """Every call of ``data`` in input order; what is no call is a BadRecord in its place.

    ``name`` is the file's name, where there is one; ``call_id`` names a call whose format has no id.
    """
    source = read(data, name)
    if isinstance(source, Text):
        return [_text(source, call_id)]
    if not source:
        return [BadRecord(0, _EMPTY)]
    parsed = [_record(record, None) for record in source]
    nameless = [item.index for item in parsed if isinstance(item, BadRecord) and item.message == MISSING_CALL_ID]
    if call_id is None or not nameless:
        return parsed
    if len(nameless) == 1:
        parsed[nameless[0]] = _record(source[nameless[0]], call_id)
        return parsed
    return [BadRecord(n, _SEVERAL_WITHOUT_ID) if n in nameless else item for n, item in enumerate(parsed)]


def read_record(value: object, call_id: str | None = None) -> Call:
    """One JSON record as a call. Raises BadInput that names the field."""
    if not isinstance(value, dict):
        raise Refusal("the record must be a JSON object")
    for known in FORMATS:
        if known.claims(value):
            return known.read(value, call_id)
    raise Refusal("turns is missing" if "call_id" in value else _NO_FORMAT)


def _record(record: Record, call_id: str | None) -> Parsed:
    if record.trouble:
        return BadRecord(record.index, record.trouble)
    try:
        return read_record(record.value, call_id)
    except Refusal as refusal:
        return BadRecord(record.index, str(refusal))


def _text(source: Text, call_id: str | None) -> Parsed:
    try:
        return read_text(source.content, call_id)
    except Refusal as refusal:
        return BadRecord(0, str(refusal))
