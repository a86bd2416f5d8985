"""From settings and options to what a run needs: store, model client, systems, redactor, workspace.

The only place that knows how the parts are put together; commands and services ask it for ``Deps``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

from agent.call import Call
from agent.clock import Clock, SystemClock
from agent.errors import ConfigurationError, WorldError
from agent.loop.tool_loop import Limits
from agent.models.client import open_model
from agent.models.seam import ModelClient
from agent.pipeline import Deps
from agent.redaction import Redactor
from agent.settings import Settings
from agent.store import Store
from agent.workspace import Workspace, load_workspace
from tools.registry import operations
from tools.sandbox.world import World, WorldShapeError
from tools.toolbox import Toolbox, live_toolbox, sandbox_toolbox

UNNAMED_WORKSPACE = "default"


_PATIENCE = 30.0
"""Seconds that a command waits for a call that another process is handling."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a command was told about where to act.

    ``world`` is a sandbox file, None for the real systems; ``workspace`` a workspace file; ``books`` a
    file that every sandbox request is appended to. A dry run keeps its notes in memory and leaves the
    store as it is.
    """

    world: Path | None = None
    workspace: Path | None = None
    books: Path | None = None
    dry_run: bool = False


@dataclass
class Wiring:
    """The parts of one command, each made when first needed and shared by all its calls.

    Raises ConfigurationError for a live run without a workspace file, a bad workspace or world file,
    and StorageError for a store that cannot be used.
    """

    settings: Settings
    options: Options
    clock: Clock = field(default_factory=SystemClock)

    def __post_init__(self) -> None:
        if self.options.world is None and self.options.workspace is None:
            raise ConfigurationError("a live run needs --workspace FILE; --world FILE runs against a sandbox instead")

    @cached_property
    def file(self) -> Workspace | None:
        """The workspace file, where one was named."""
        if self.options.workspace is None:
            return None
        found = load_workspace(self.options.workspace)
        if found.id is None:
            raise ConfigurationError(f"workspace file {self.options.workspace}: id is missing")
        for tool in found.policy:
            if tool not in operations():
                raise ConfigurationError(
                    f"workspace file {self.options.workspace}: policy: there is no operation {tool}"
                )
        if self.options.world is None and found.mode == "live" and _only_here(self.settings.public_url):
            raise ConfigurationError(
                "a live workspace needs BILLING_AGENT_PUBLIC_URL: the links in its hand-offs would lead to "
                f"{self.settings.public_url}, which nobody else can open"
            )
        return found

    @cached_property
    def store(self) -> Store:
        return Store(":memory:" if self.options.dry_run else self.settings.store, self.clock)

    @cached_property
    def client(self) -> ModelClient:
        return open_model(self.settings)

    @cached_property
    def toolbox(self) -> Toolbox:
        if self.options.world is None:
            return live_toolbox(self.settings.environ)
        return sandbox_toolbox(load_world(self.options.world), self.options.books)

    @cached_property
    def redactor(self) -> Redactor:
        known = self.file or Workspace()
        return Redactor(bare_account_number=known.bare_account_number, region=known.region)

    def prepare(self) -> None:
        """Make every part now, so that what is misconfigured is said before the first call."""
        for part in ("file", "toolbox", "store", "client"):
            getattr(self, part)

    def adopt(self, call: Call) -> Call:
        """``call`` in the workspace of the file, where its own format names none.

        Raises ConfigurationError when it names another one.
        """
        if self.file is None or call.workspace_id == self.file.id:
            return call
        if call.workspace_id == UNNAMED_WORKSPACE and self.file.id is not None:
            return replace(call, workspace_id=self.file.id)
        raise ConfigurationError(
            f"call {call.call_id} belongs to workspace {call.workspace_id}, "
            f"but the workspace file is that of {self.file.id}"
        )

    def workspace_for(self, workspace_id: str) -> Workspace:
        """The rules for calls of ``workspace_id``. Sandbox worlds are live: nothing real can happen there."""
        known = self.file or Workspace(id=workspace_id)
        if known.id != workspace_id:
            raise ConfigurationError(f"the workspace file is that of {known.id}, not of {workspace_id}")
        return known.model_copy(update={"mode": "live"}) if self.options.world else known

    def deps_for(self, workspace_id: str) -> Deps:
        """Everything a run in ``workspace_id`` needs."""
        return Deps(
            store=self.store,
            client=self.client,
            toolbox=self.toolbox,
            redactor=self.redactor,
            workspace=self.workspace_for(workspace_id),
            settings=self.settings,
            clock=self.clock,
            world=str(self.options.world.absolute()) if self.options.world else None,
            limits=Limits(price=self.settings.model_price, cost_usd=self.settings.model_cost_max),
            dry_run=self.options.dry_run,
            patience=_PATIENCE,
        )

    def __enter__(self) -> Wiring:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name, part in list(vars(self).items()):
            if name in ("store", "toolbox"):
                part.close()


def load_world(path: Path) -> World:
    """The sandbox world of ``path``. Raises WorldError that names the file and what is wrong with it."""
    try:
        return World.load(path)
    except WorldShapeError as error:
        told = str(error)
        raise WorldError(told if str(path) in told else f"world file {path}: {told}") from None


def _only_here(url: str) -> bool:
    """Whether ``url`` leads to this machine itself, or nowhere."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    if not host or host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
