"""``billing-agent sandbox serve``: the pretended systems of a world over HTTP, on this machine only."""

from __future__ import annotations

import argparse
import signal
from pathlib import Path

from agent.cli.options import Subparsers, choice, command, flag, group, option
from agent.cli.talk import put, put_json, say
from agent.errors import BadInput, ConfigurationError

PORT = "8765"


def add(commands: Subparsers) -> None:
    family = group(commands, "sandbox", "pretended outside systems, for trying things out")
    parser = command(family, "serve", run_serve, "serve a sandbox world on this machine until interrupted")
    option(parser, "--world", "F", "the sandbox world file", required=True)
    option(parser, "--books", "F", "append every request to this file")
    # Not from the environment: a host and port set there are meant for the service that others reach.
    choice(parser, "--host", "HOST", "127.0.0.1 (default) or localhost; others are refused", default="127.0.0.1")
    choice(parser, "--port", "N", f"default {PORT}; 0 takes any free one", default=PORT)
    flag(parser, "--json", "the address as one JSON line")


def run_serve(arguments: argparse.Namespace) -> int:
    """Raises BadInput for another host or no port, WorldError, ConfigurationError for a port in use."""
    from agent.wiring import load_world
    from tools.sandbox.server import SandboxServer

    world = load_world(Path(arguments.world))
    port = _port(arguments.port)
    try:
        server = SandboxServer(
            world, Path(arguments.books) if arguments.books else None, host=arguments.host, port=port
        )
    except ValueError as error:
        raise BadInput(f"--host: {error}") from None
    except OSError:
        raise ConfigurationError(f"port {port} of {arguments.host} cannot be used; name another with --port") from None
    # A shell that starts this in the background has it ignore Ctrl-C; a supervisor stops it with SIGTERM.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    with server:
        if arguments.json:
            put_json({"address": server.address})
        else:
            put(server.address)
        say("a sandbox, not the vendors: STRIPE is at /stripe and so on; BILLING_AGENT_<SYSTEM>_BASE_URL leads there")
        try:
            server.serve_forever(poll_interval=0.1)
        except KeyboardInterrupt:
            say("stopped")
    return 0


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise BadInput("--port must be a whole number up to 65535")
    return int(text)
