"""JSON as strict as a program's input must be: no twins, no NaN, no endless nesting, no half characters."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from agent.intake.record import shown

DEEPEST = 60
LONGEST_NUMBER = 300


class JsonTrouble(ValueError):
    """The text is not JSON that we accept; the message says why without showing any of it."""


def load_json(text: str) -> Any:
    """``text`` as plain data. Raises JsonTrouble."""
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer, parse_float=_real
        )
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if "\n" in text.strip() else ""
        raise JsonTrouble(f"not valid JSON ({line}column {error.colno})") from None
    except RecursionError:
        raise JsonTrouble(f"nested deeper than {DEEPEST} levels") from None
    _check_depth(value)
    return _whole(value)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise JsonTrouble(f"the field {shown(name)} stands there twice")
            seen.add(name)
    return made


def _constant(name: str) -> NoReturn:
    raise JsonTrouble(f"{name} is not a JSON number")


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise JsonTrouble(f"a number has more than {LONGEST_NUMBER} digits")
    return int(digits)


def _real(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise JsonTrouble("a number is too large")
    return number


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            child
            for item in level
            if isinstance(item, dict | list)
            for child in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return
    raise JsonTrouble(f"nested deeper than {DEEPEST} levels")


def _whole(value: Any) -> Any:
    """Lone surrogates, which cannot be written as UTF-8, become the replacement character, one for one."""
    if isinstance(value, str):
        return mend(value)
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {mend(name): _whole(item) for name, item in value.items()}
    return value


def mend(text: str) -> str:
    """``text`` with each lone surrogate replaced; the length stays."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") if _torn(text) else text


def _torn(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False
