"""What options are made of. An option is also an environment variable BILLING_AGENT_<OPTION>, unless it
belongs to one invocation: which proposal, why, whether at all. A variable left over in a shell decides none of these.

Only the standard library is imported here and in the command modules' heads, so that ``--help`` is instant.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from typing import Any, NoReturn

from agent.errors import BadInput

PREFIX = "BILLING_AGENT_"
_TRUE = frozenset({"1", "true", "yes", "on"})

Subparsers = Any
Run = Callable[[argparse.Namespace], int]


class Usage(BadInput):
    """The command line cannot be understood."""


class Parser(argparse.ArgumentParser):
    """Complains in one line."""

    def error(self, message: str) -> NoReturn:
        raise Usage(f"{message} (see {self.prog} --help)")


def variable(name: str) -> str:
    """The environment variable of option ``--some-name``."""
    return PREFIX + name.lstrip("-").replace("-", "_").upper()


def option(parser: argparse.ArgumentParser, name: str, metavar: str, text: str, **more: Any) -> None:
    """An option with a value; the environment gives its default."""
    env = variable(name)
    default = os.environ.get(env) or more.pop("default", None)
    required = more.pop("required", False) and default is None
    more.update(default=default, required=required, metavar=metavar, help=f"{text} [{env}]")
    parser.add_argument(name, **more)


def choice(parser: argparse.ArgumentParser, name: str, metavar: str, text: str, **more: Any) -> None:
    """An option with a value that belongs to this invocation alone: the environment is not asked."""
    parser.add_argument(name, metavar=metavar, help=text, **more)


def switch(parser: argparse.ArgumentParser, name: str, text: str) -> None:
    """An option without a value that belongs to this invocation alone."""
    parser.add_argument(name, action="store_true", help=text)


def flag(parser: argparse.ArgumentParser, name: str, text: str) -> None:
    """An option without a value; 1, true, yes or on in the environment sets it."""
    env = variable(name)
    default = os.environ.get(env, "").strip().lower() in _TRUE
    parser.add_argument(name, action="store_true", default=default, help=f"{text} [{env}]")


def store_option(parser: argparse.ArgumentParser) -> None:
    """Where the store is; every command that reads or writes it has this."""
    option(parser, "--store", "F", "the store's file, default ./.billing-agent/store.db")


def command(group: Subparsers, name: str, run: Run, text: str, *, add_help: bool = True) -> argparse.ArgumentParser:
    """A command named ``name`` that ``run`` carries out; gives its parser for its options."""
    about = text[0].upper() + text[1:] + "."
    parser: argparse.ArgumentParser = group.add_parser(name, help=text, description=about, add_help=add_help)
    parser.set_defaults(handler=run)
    return parser


def group(parent: Subparsers, name: str, text: str) -> Subparsers:
    """A command with commands of its own."""
    parser = parent.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    return parser.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)
