"""One run at work: what it has looked up, decided and done so far, and where it writes that down.

Everything that a run changes while it works is here, so that the loop, the duties and the effects are
functions over one object. The values that leave it (``facts``, ``calls``, ``reasons``) are frozen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from agent.call import RedactedCall
from agent.capture import Extraction
from agent.clock import Clock
from agent.errors import RedactionError
from agent.ledger import CapRules, EffectState, Intent, LedgerEntry, Reservation
from agent.loop import identity
from agent.loop.facts import Facts, Looked
from agent.redaction import RedactedTurns
from agent.run import MatchedCaller, PolicyDecision, ReviewReason, StepKind, ToolCall, ToolStatus
from agent.workspace import Workspace
from tools.connector import Answer, Arguments, Operation
from tools.toolbox import Unknown

Record = Callable[[StepKind, str, dict[str, Any]], object]
ReplyStatus = Literal["ok", "not_found", "failed", "denied", "held", "done"]


class Cleaner(Protocol):
    """What the loop needs of the redactor."""

    def redact_text(self, text: str) -> str: ...
    def redact_turns(self, turns: Sequence[tuple[str, str]]) -> RedactedTurns: ...
    def redact_json(self, value: Any) -> Any: ...
    def identifiers_in(self, text: str) -> tuple[str, ...]: ...


class Tools(Protocol):
    """What the loop needs of the toolbox."""

    @property
    def sandbox(self) -> bool: ...
    def run(self, name: str, arguments: Arguments, key: str | None = None) -> Answer: ...
    def find_again(self, name: str, arguments: Arguments, key: str) -> Answer | Unknown | None: ...


class Ledger(Protocol):
    """What effects need of the store."""

    def reserve(self, intent: Intent, caps: CapRules) -> Reservation: ...
    def mark(
        self, key: str, state: EffectState, vendor_id: str | None = None, url: str | None = None
    ) -> LedgerEntry: ...
    def effects(self, workspace_id: str, call_id: str) -> list[LedgerEntry]: ...


@dataclass(frozen=True, slots=True)
class Reply:
    """What one wanted tool call came to, as the model is told it."""

    status: ReplyStatus
    result: Any = None
    reason: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The wire form: ``reason`` only where there is one."""
        told: dict[str, Any] = {"status": self.status, "result": self.result}
        return told if self.reason is None else {**told, "reason": self.reason}


@dataclass(frozen=True)
class Wanted:
    """An action noted for the end of the run: as the model gave it, with the ledger target it would have."""

    operation: Operation
    raw: dict[str, Any]
    target: str


@dataclass
class Desk:
    """The working state of one run.

    ``operations`` are all that exist, ``available`` those whose system is connected here. ``urls`` maps an
    index of ``calls`` to the address of what that action made, ``targets`` to its ledger target.
    """

    run_id: str
    call: RedactedCall
    extraction: Extraction
    workspace: Workspace
    operations: Mapping[str, Operation]
    tools: Tools
    redactor: Cleaner
    ledger: Ledger
    clock: Clock
    record: Record
    public_url: str
    available: frozenset[str]
    stand_in: bool = False
    dry_run: bool = False
    approved_by: str | None = None
    calls: list[ToolCall] = field(default_factory=list)
    looked: list[Looked] = field(default_factory=list)
    reasons: list[ReviewReason] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)
    urls: dict[int, str] = field(default_factory=dict)
    targets: dict[int, str] = field(default_factory=dict)
    match: MatchedCaller = field(default_factory=lambda: MatchedCaller(verdict="unknown"))

    def facts(self) -> Facts:
        """What the policy may look at now."""
        return Facts(
            call=self.call,
            extraction=self.extraction,
            workspace=self.workspace,
            lookups=tuple(self.looked),
            match=self.match,
            sandbox=self.tools.sandbox,
            stand_in=self.stand_in,
            now=self.clock.now(),
            approved_by=self.approved_by,
            available=self.available,
            raised=tuple(self.reasons),
            executed=tuple(
                (one.tool, one.arguments)
                for one in self.calls
                if one.kind == "action" and one.status is ToolStatus.EXECUTED
            ),
        )

    @property
    def shadow(self) -> bool:
        """Whether nothing may leave the house: a dry run, or real systems without ``mode = "live"``."""
        return self.dry_run or (not self.tools.sandbox and self.workspace.mode == "shadow")

    def keep(self, call: ToolCall, url: str | None = None, **told: Any) -> ToolCall:
        """Put ``call`` on the run's list, identifiers masked, and into the trace, there with what else is ``told``.

        What was done stays on the list also when masking fails: then without its arguments.
        """
        try:
            clean = call.model_copy(update={"arguments": self.redactor.redact_json(call.arguments)})
        except RedactionError:
            self.calls.append(call.model_copy(update={"arguments": {}}))
            raise
        if url is not None:
            self.urls[len(self.calls)] = url
        self.calls.append(clean)
        self.record(
            "lookup" if call.kind == "lookup" else "action", call.tool, {**clean.model_dump(mode="json"), **told}
        )
        return clean

    def deny(
        self, operation_name: str, kind: Literal["lookup", "action"], why: PolicyDecision, arguments: dict[str, Any]
    ) -> Reply:
        """Record a refused tool call and tell the model why."""
        self.keep(ToolCall(tool=operation_name, kind=kind, status=ToolStatus.DENIED, arguments=arguments, policy=why))
        return Reply("denied", reason=why.reason)

    def need_person(self, rule: str, text: str) -> None:
        """Add a review reason once."""
        reason = ReviewReason(rule=rule, text=text)
        if reason not in self.reasons:
            self.reasons.append(reason)

    def saw(self, looked: Looked) -> None:
        """Take a lookup into account and match the caller anew; a new verdict goes to the trace."""
        self.looked.append(looked)
        facts = self.facts()
        verdict = identity.identify(self.extraction, self.call, facts.parties, facts.documents)
        if verdict != self.match:
            self.match = verdict
            self.record("matched", verdict.verdict, verdict.model_dump(mode="json"))
