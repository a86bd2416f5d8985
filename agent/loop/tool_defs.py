"""OpenAI tool definitions, made from the operations' own argument models.

What the house fills in itself (texts, channels, keys) is taken out, and so is everything a JSON Schema
says that a model does not need: titles, defaults, lengths, nested definitions. What is given is
validated in full anyway. The definitions are paid for
on every turn of the loop, so their size is budgeted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from tools.connector import Operation

TOOLS_BUDGET = 2600
"""Most tokens (offline count, no margin) that the tools offered in one request may take."""

_DROPPED = frozenset(
    {"title", "default", "description", "$defs", "additionalProperties", "minLength", "maxLength", "exclusiveMinimum"}
)


@cache
def definition(operation: Operation) -> dict[str, Any]:
    """The function definition of ``operation`` under its wire name, without the house's own fields.

    Made once and shared: not to be changed.
    """
    schema = operation.arguments.model_json_schema()
    parts = schema.get("$defs", {})
    properties = {
        name: _slim(part, parts)
        for name, part in schema.get("properties", {}).items()
        if name not in operation.house_fields
    }
    required = [name for name in schema.get("required", []) if name in properties]
    parameters: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        parameters["required"] = required
    return {
        "type": "function",
        "function": {
            "name": operation.wire_name,
            "description": operation.description,
            "parameters": parameters,
        },
    }


def definitions(names: Iterable[str], operations: Mapping[str, Operation]) -> list[dict[str, Any]]:
    """The definitions of ``names`` (dotted), in the order given; names that no operation has are left out."""
    return [definition(operations[name]) for name in names if name in operations]


def _slim(schema: Any, parts: Mapping[str, Any]) -> Any:
    """``schema`` with references filled in, "or null" taken away and what no model reads dropped."""
    if isinstance(schema, list):
        return [_slim(one, parts) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _slim(parts[schema["$ref"].rsplit("/", 1)[-1]], parts)
    slim = {
        key: {name: _slim(one, parts) for name, one in value.items()} if key == "properties" else _slim(value, parts)
        for key, value in schema.items()
        if key not in _DROPPED
    }
    choices = [one for one in slim.get("anyOf", []) if one != {"type": "null"}]
    if "anyOf" in slim and len(choices) == 1:
        del slim["anyOf"]
        slim = {**choices[0], **slim}
    elif "anyOf" in slim:
        slim["anyOf"] = choices
    return slim
