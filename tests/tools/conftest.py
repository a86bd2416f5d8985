"""One lab for all connector tests: the connectors over the sandbox, with every request kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from tests.tools.worlds import world
from tools.connector import Answer, Arguments
from tools.http import HttpConnector
from tools.registry import connectors, operations
from tools.sandbox.faults import Faults
from tools.sandbox.transport import Sandbox, SandboxTransport, sandbox_credentials
from tools.sandbox.world import World
from tools.toolbox import Toolbox, Unknown

NOW = datetime(2026, 10, 8, 9, 30, tzinfo=UTC)
KEY = "9f2c0b7d41e84a55b0c1d2e3f4a5b6c7"


class Kept(httpx.BaseTransport):
    """Keeps what passes by."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.inner = inner
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        return self.inner.handle_request(request)


class Lab:
    """The toolbox over a sandbox, its faults, its waits and its wire."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.world = World.of(data)
        self.faults = Faults()
        self.sandbox = Sandbox(self.world, faults=self.faults, now=lambda: NOW)
        self.wire = Kept(SandboxTransport(self.sandbox))
        self.waits: list[float] = []
        known = sandbox_credentials(self.world)

        def connect(system: str) -> HttpConnector:
            made = connectors()[system]
            return made(known[system], transport=self.wire, sleep=self.waits.append, now=lambda: NOW)

        self.toolbox = Toolbox(connect, sandbox=True)

    def arguments(self, name: str, /, **given: Any) -> Arguments:
        return operations()[name].arguments.model_validate(given)

    def run(self, name: str, /, key: str | None = None, **given: Any) -> Answer:
        chosen = None if operations()[name].is_lookup else key or KEY
        return self.toolbox.run(name, self.arguments(name, **given), chosen)

    def find_again(self, name: str, /, key: str = KEY, **given: Any) -> Answer | Unknown | None:
        return self.toolbox.find_again(name, self.arguments(name, **given), key)

    @property
    def last(self) -> httpx.Request:
        return self.wire.requests[-1]

    @property
    def writes(self) -> list[httpx.Request]:
        """Requests that are no GET and no search."""
        return [r for r in self.wire.requests if r.method != "GET" and not r.url.path.endswith("/search")]

    def sent_json(self) -> Any:
        return json.loads(self.last.content)

    def sent_form(self) -> dict[str, str]:
        return dict(parse_qsl(self.last.content.decode()))


@pytest.fixture
def lab() -> Iterator[Lab]:
    made = Lab(world())
    yield made
    made.toolbox.close()
