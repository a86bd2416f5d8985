"""What a single rule says, before the case, the workspace and an approval are laid over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agent.run import PolicyDecision, Verdict
from agent.workspace import LOOSENABLE, Workspace
from tools.connector import Arguments


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict and what may change it.

    ``grantable``: a person's approval turns this review into an allow; a review that rests on a hard
    fact (a charge nobody looked up, an address not on the record) stays one until the fact changes.
    """

    verdict: Verdict
    rule: str
    reason: str
    needs: str | None = None
    grantable: bool = True

    @property
    def decision(self) -> PolicyDecision:
        return PolicyDecision(verdict=self.verdict, rule=self.rule, reason=self.reason, needs=self.needs)


def allow(rule: str, reason: str) -> Ruling:
    """The action may be done."""
    return Ruling(Verdict.ALLOW, rule, reason)


def review(rule: str, reason: str, needs: str | None = None) -> Ruling:
    """A person must decide, and may say yes."""
    return Ruling(Verdict.REVIEW, rule, reason, needs)


def held(rule: str, reason: str, needs: str) -> Ruling:
    """A person must look, but nobody may say yes until ``needs`` is true."""
    return Ruling(Verdict.REVIEW, rule, reason, needs, grantable=False)


def deny(rule: str, reason: str, needs: str | None = None) -> Ruling:
    """The action is not even proposed."""
    return Ruling(Verdict.DENY, rule, reason, needs, grantable=False)


def loosened(tool: str, workspace: Workspace) -> bool:
    """Whether the workspace loosens ``tool`` at all; only the operations marked * may be. What a loosened
    operation is let off is one soft condition of its own rule, never identity, ownership or the record."""
    return tool in LOOSENABLE and workspace.policy.get(tool) is Verdict.ALLOW


def given(arguments: Arguments, *names: str) -> Any:
    """The first of the argument fields ``names`` that the operation has and that was given, or None."""
    for name in names:
        value = getattr(arguments, name, None)
        if value is not None and value != "":
            return value
    return None
