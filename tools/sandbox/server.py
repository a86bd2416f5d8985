"""The sandbox as a process of its own: ``http://host:port/<system>/...`` is that system's address.

A run against it survives the death of the agent's process, which is what the crash tests need.
"""

from __future__ import annotations

import http.server
import logging
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx

from tools.sandbox.transport import Sandbox, respond
from tools.sandbox.wire import Wire
from tools.sandbox.world import World

LOOPBACK = ("127.0.0.1", "localhost")


class _Handler(http.server.BaseHTTPRequestHandler):
    """Hands each request to the sandbox of its server."""

    server: SandboxServer
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        content = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        wire = read_target(self.command, self.path, headers, content, self.server.sandbox.now())
        if wire is None or wire.system not in self.server.sandbox.vendors:
            self._send(httpx.Response(404))
            return
        result, fault = self.server.sandbox.answer(wire)
        if fault is None:
            self._send(respond(result))
        elif fault.status is None:
            self.close_connection = True
        else:
            self._send(httpx.Response(fault.status, content=fault.body, headers=fault.headers))

    def _send(self, response: httpx.Response) -> None:
        self.send_response_only(response.status_code)
        for name in ("content-type", "retry-after"):
            if name in response.headers:
                self.send_header(name, response.headers[name])
        self.send_header("content-length", str(len(response.content)))
        self.end_headers()
        self.wfile.write(response.content)

    do_GET = do_POST = do_PUT = do_PATCH = _serve  # noqa: N815 - names of the base class

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the books say what was asked, without the addresses' secrets."""


class SandboxServer(http.server.ThreadingHTTPServer):
    """Serves ``world``; ``books`` is the file that each request is appended to. Port 0 takes any free one.

    Raises ValueError for a host that other machines could reach: the sandbox lets everybody in.
    """

    daemon_threads = True

    def __init__(self, world: World, books: Path | None = None, *, host: str = "127.0.0.1", port: int = 0) -> None:
        if host not in LOOPBACK:
            raise ValueError(f"a sandbox is served on this machine only, at {' or '.join(LOOPBACK)}")
        super().__init__((host, port), _Handler)
        self.sandbox = Sandbox(world, books=books)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log the kind of failure only: its text may hold what was sent."""
        kind = sys.exc_info()[0]
        logging.getLogger(__name__).error("a request failed (%s)", kind.__name__ if kind else "unknown")

    @property
    def address(self) -> str:
        """Where it listens, for ``served_sandbox_toolbox``."""
        return f"http://{self.server_address[0]!s}:{self.server_address[1]}"


def read_target(method: str, target: str, headers: dict[str, str], content: bytes, at: datetime) -> Wire | None:
    """A request to ``/<system>/<path>?<query>``, None when it names no system."""
    parts = urlsplit(target)
    system, slash, path = parts.path.lstrip("/").partition("/")
    if not system:
        return None
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    return Wire(system, method, slash + unquote(path), query, headers, content, at)
