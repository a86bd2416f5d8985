"""Operations bound to connectors: the real systems, or the sandbox, through the same code."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import httpx

from tools.connector import Answer, Arguments, Credentials, NotConfigured, Operation, ToolError
from tools.http import HttpConnector
from tools.registry import connectors, operations
from tools.sandbox.faults import Faults
from tools.sandbox.transport import Sandbox, SandboxTransport, ServedTransport, sandbox_credentials
from tools.sandbox.world import World

_PREFIX = "BILLING_AGENT_"


class Unknown:
    """Whether an effect happened cannot be established: a person has to look."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()

Connect = Callable[[str], HttpConnector]


class Toolbox:
    """Runs operations by name. Connectors are made when first needed and kept; safe to share by threads.

    ``sandbox`` says whether the systems behind it are pretended ones.
    """

    def __init__(self, connect: Connect, *, sandbox: bool) -> None:
        self.sandbox = sandbox
        self._connect = connect
        self._connectors: dict[str, HttpConnector] = {}
        self._lock = threading.Lock()

    def run(self, name: str, arguments: Arguments, key: str | None = None) -> Answer:
        """Carry out ``name``; ``key`` is the ledger key, which every action needs.

        Raises ToolError (NotConfigured, Rejected, Missing, Unavailable, Lost); KeyError for an unknown
        name and ValueError for an action without a key are mistakes of the caller.
        """
        operation = self._operation(name, arguments)
        if not operation.is_lookup and not key:
            raise ValueError(f"{name} has an effect, so it needs a key")
        return operation.call(self._connector(operation.system), arguments, key)

    def find_again(self, name: str, arguments: Arguments, key: str) -> Answer | Unknown | None:
        """After a lost answer: the effect's Answer, None when it surely did not happen, else UNKNOWN."""
        operation = self._operation(name, arguments)
        if operation.find_again is None:
            return UNKNOWN
        try:
            return operation.find_again(self._connector(operation.system), arguments, key)
        except ToolError:
            return UNKNOWN

    def configured(self, system: str) -> str | None:
        """None when ``system`` has what it needs to be asked, else one sentence that names what to set."""
        try:
            self._connector(system).require()
        except NotConfigured as error:
            return str(error)
        return None

    def close(self) -> None:
        """Give all connections back."""
        with self._lock:
            for connector in self._connectors.values():
                connector.close()
            self._connectors.clear()

    def _connector(self, system: str) -> HttpConnector:
        with self._lock:
            if system not in self._connectors:
                self._connectors[system] = self._connect(system)
            return self._connectors[system]

    def _operation(self, name: str, arguments: Arguments) -> Operation:
        operation = operations()[name]
        if not isinstance(arguments, operation.arguments):
            raise ValueError(f"{name} takes {operation.arguments.__name__}")
        return operation


def credentials(system: str, environ: Mapping[str, str]) -> Credentials:
    """A system's credentials from ``BILLING_AGENT_<SYSTEM>_<FIELD>``; blank ones count as unset."""
    prefix = f"{_PREFIX}{system.upper()}_"
    found = {name[len(prefix) :].lower(): value for name, value in environ.items() if name.startswith(prefix)}
    return Credentials(system, {name: value for name, value in found.items() if value.strip()})


def live_toolbox(environ: Mapping[str, str]) -> Toolbox:
    """The real systems, with credentials from ``environ``. A system without any answers NotConfigured."""

    def connect(system: str) -> HttpConnector:
        return connectors()[system](credentials(system, environ))

    return Toolbox(connect, sandbox=False)


def sandbox_toolbox(world: World, books: Path | None = None, *, faults: Faults | None = None) -> Toolbox:
    """The systems of ``world`` in memory. ``books`` is a file that every request is appended to; one from an
    earlier process is read first, so that what was done then is still done. ``faults`` are for tests."""
    transport = SandboxTransport(Sandbox(world, books=books, faults=faults))
    known = sandbox_credentials(world)

    def connect(system: str) -> HttpConnector:
        return connectors()[system](known[system], transport=transport, sleep=lambda seconds: None)

    return Toolbox(connect, sandbox=True)


def served_sandbox_toolbox(address: str, world: World) -> Toolbox:
    """The sandbox that another process serves over ``world`` at ``address``, such as ``http://127.0.0.1:8765``."""
    base = httpx.URL(address.rstrip("/"))
    known = sandbox_credentials(world)

    def connect(system: str) -> HttpConnector:
        values = {**known[system].values, "base_url": f"{base}/{system}"}
        return connectors()[system](Credentials(system, values), transport=ServedTransport(base))

    return Toolbox(connect, sandbox=True)
