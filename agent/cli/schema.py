"""``billing-agent schema``: the JSON Schemas of the output line and of the workspace file."""

from __future__ import annotations

import argparse
import json

from agent.cli.options import Subparsers, command
from agent.cli.talk import put


def add(commands: Subparsers) -> None:
    parser = command(commands, "schema", run, "print a JSON Schema: of the process line or of the workspace file")
    parser.add_argument("what", choices=("process", "workspace"), nargs="?", default="process")


def run(arguments: argparse.Namespace) -> int:
    put(json.dumps(schema(arguments.what), indent=2, ensure_ascii=False))
    return 0


def schema(what: str) -> dict[str, object]:
    """The schema of ``process`` (one line of ``process --json``) or of ``workspace`` (the file, as JSON)."""
    from agent.run import ProcessLine
    from agent.workspace import Workspace

    if what == "workspace":
        return Workspace.model_json_schema()
    return ProcessLine.model_json_schema(mode="serialization", by_alias=True)
