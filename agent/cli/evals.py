"""``billing-agent eval``: hands over to the command that the evals package registers, if it is installed.

The product never imports evals; the entry-point group ``billing_agent.commands`` is the only door.
"""

from __future__ import annotations

import argparse
from importlib.metadata import entry_points

from agent.cli.options import Subparsers, command
from agent.errors import ConfigurationError

GROUP = "billing_agent.commands"


def add(commands: Subparsers) -> None:
    text = "measure against gold calls; --gate fails when a gate is red"
    parser = command(commands, "eval", run, text, add_help=False)
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="...", help="options of the eval suite")
    parser.prefix_chars = "\0"  # every option, --help too, belongs to evals


def run(arguments: argparse.Namespace) -> int:
    """Raises ConfigurationError when no package provides the command."""
    for entry in entry_points(group=GROUP, name="eval"):
        code: int = entry.load()(arguments.rest)
        return code
    raise ConfigurationError("the eval command is not installed here; install the package with its evals")
