"""The command line: data to stdout, talk to stderr, one line for an error, documented exit codes.

0 all done   1 some failed   2 bad usage or input   3 configuration   4 gate failed
130 interrupted   141 the reader of our output went away
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

from agent.cli.guard import guarded
from agent.cli.options import Usage
from agent.cli.parser import build_parser
from agent.cli.talk import drop_stdout, prepare_streams, say
from agent.errors import AgentError

INTERRUPTED = 130
PIPE_CLOSED = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives its exit code and never raises for a failure it can name."""
    prepare_streams()
    with guarded():
        return _guarded(argv)


def _guarded(argv: Sequence[str] | None) -> int:
    try:
        code = _command(argv)
        sys.stdout.flush()
    except BrokenPipeError:
        drop_stdout()
        return PIPE_CLOSED
    except KeyboardInterrupt:
        say("interrupted")
        return INTERRUPTED
    except AgentError as error:
        say(str(error))
        return error.exit_code
    except Exception as error:  # noqa: BLE001 - the outermost boundary: any bug ends as one line without its text
        return _bug(error)
    return code


def _command(argv: Sequence[str] | None) -> int:
    try:
        arguments = build_parser().parse_args(argv)
    except Usage as usage:
        say(str(usage))
        return usage.exit_code
    except SystemExit as leaving:
        return int(leaving.code or 0)
    code: int = arguments.handler(arguments)
    return code


def _bug(error: BaseException) -> int:
    """Report a failure nobody foresaw: its type only, because its text may hold what was said on a call."""
    say(f"an unexpected error stopped the command ({type(error).__name__}); set BILLING_AGENT_DEBUG=1 to see where")
    if os.environ.get("BILLING_AGENT_DEBUG"):
        sys.stderr.write("".join(traceback.format_tb(error.__traceback__)))
    return 1
