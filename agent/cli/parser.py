"""The tree of commands; each family of commands adds its own part.

Command modules import only the standard library in their heads, so that ``--help`` is instant.
"""

from __future__ import annotations

import argparse

from agent import __version__
from agent.cli import demo, erase, evals, pause, process, redact, review, sandbox, schema, trace
from agent.cli.options import Parser


def build_parser() -> argparse.ArgumentParser:
    """The whole tree."""
    parser = Parser(
        prog="billing-agent",
        description="Turns finished billing calls into safe, evidenced follow-up.",
        epilog="exit codes: 0 all done, 1 some failed, 2 bad usage or input, 3 configuration, 4 gate failed",
    )
    parser.add_argument("--version", action="version", version=f"billing-agent {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)
    for family in (process, redact, review, trace, evals, pause, erase, sandbox, schema, demo):
        family.add(commands)
    return parser
