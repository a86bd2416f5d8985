"""Who is at the keyboard: the name kept with each decision."""

from __future__ import annotations

import argparse
import getpass

from agent.cli.options import option
from agent.errors import ConfigurationError


def by_option(parser: argparse.ArgumentParser) -> None:
    """``--by``, the person who decides."""
    option(parser, "--by", "NAME", "who decides, default the user of this machine")


def who(arguments: argparse.Namespace) -> str:
    """The deciding person. Raises ConfigurationError where neither option nor machine names one, RedactionError."""
    if arguments.by:
        return masked(str(arguments.by))
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        raise ConfigurationError("this machine names no user; say who decides with --by") from None


def masked(told: str) -> str:
    """What a person wrote on the command line, without any identifier they copied from a call."""
    from agent.redaction import Redactor

    return Redactor().redact_text(told)
