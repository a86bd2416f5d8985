"""What the policy may look at: one frozen view of a run at the moment a decision is asked for.

Everything in ``Facts`` was verified before it got here: the call is redacted, the extraction is
grounded, the lookups were answered by the systems themselves. Rules read records through the
properties below and never a vendor's own field names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Literal, TypeVar

from agent.call import RedactedCall
from agent.capture import Extraction
from agent.loop.identity import unified
from agent.run import MatchedCaller, ReviewReason
from agent.workspace import Workspace
from tools.connector import Answer, Arguments, Operation
from tools.records import Document, Owner, Party

LookupStatus = Literal["ok", "not_found", "failed", "denied"]
R = TypeVar("R", Party, Document, Owner)


@dataclass(frozen=True)
class Looked:
    """One lookup of this run and how it ended.

    ``not_found`` is a finished lookup (the system says there is no such object); ``failed`` is not
    (no credentials, no connection, an answer nobody could read); ``denied`` never left the house.
    """

    tool: str
    arguments: dict[str, Any]
    status: LookupStatus
    answer: Answer | None = None
    error: str | None = None

    @property
    def system(self) -> str:
        return self.tool.split(".", 1)[0]

    @property
    def finished(self) -> bool:
        return self.status in ("ok", "not_found")


@dataclass(frozen=True)
class Action:
    """A typed action somebody wants done: the operation and its validated arguments."""

    operation: Operation
    arguments: Arguments


@dataclass(frozen=True)
class Facts:
    """The facts of one run. ``now`` is the wall clock (aware); rules about the conversation use
    ``call.spoken_at`` instead. ``executed`` holds (tool, arguments) of what this run already did.
    ``approved_by`` names the person whose approval is being carried out; ``stand_in`` is true when
    the rule-based offline model chose the actions; ``sandbox`` when no real system can be reached.
    ``available`` names the operations this workspace has, where that is known; without it the rules
    go by what was looked up. ``raised`` holds reasons for review that the run itself found (a bound
    that was reached, a model that failed); they hold actions back like any other reason.
    """

    call: RedactedCall
    extraction: Extraction
    workspace: Workspace
    lookups: tuple[Looked, ...]
    match: MatchedCaller
    sandbox: bool
    stand_in: bool
    now: datetime
    approved_by: str | None = None
    executed: tuple[tuple[str, dict[str, Any]], ...] = ()
    available: frozenset[str] | None = None
    raised: tuple[ReviewReason, ...] = ()

    @cached_property
    def answers(self) -> tuple[Answer, ...]:
        """The answers of the lookups that ended ok, in order."""
        return tuple(one.answer for one in self.lookups if one.status == "ok" and one.answer is not None)

    @cached_property
    def parties(self) -> tuple[Party, ...]:
        """Every party seen; the same record seen twice counts once, as it was seen last."""
        return _latest(party for answer in self.answers for party in answer.parties)

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """Every document seen, de-duplicated like ``parties``."""
        return _latest(document for answer in self.answers for document in answer.documents)

    @cached_property
    def owners(self) -> tuple[Owner, ...]:
        """Every owner of ours seen, de-duplicated like ``parties``."""
        return _latest(owner for answer in self.answers for owner in answer.owners)

    @cached_property
    def matched_parties(self) -> tuple[Party, ...]:
        """The matched caller's records in every system; empty unless the caller is matched."""
        if self.match.verdict != "matched":
            return ()
        return unified(self.match, self.parties)

    @cached_property
    def documents_of_match(self) -> tuple[Document, ...]:
        """The documents whose owner is one of the matched caller's own records."""
        own = {(party.system, party.id) for party in self.matched_parties}
        return tuple(d for d in self.documents if d.party_id is not None and (d.system, d.party_id) in own)

    @property
    def matched(self) -> bool:
        return self.match.verdict == "matched"

    @property
    def vip(self) -> bool:
        """Whether a record of the matched caller says VIP; never the caller's word.

        A caller who is not matched may still be calling about a VIP's account: then any record
        that the lookups found and that could be the caller's counts, because VIP only tightens.
        """
        if self.match.vip:
            return True
        candidates = self.matched_parties if self.matched else self.parties
        return any(party.vip for party in candidates)

    def party(self, system: str, party_id: str) -> Party | None:
        """The party ``party_id`` of ``system`` as a lookup of this run showed it, or None."""
        return next((p for p in self.parties if p.system == system and p.id == party_id), None)

    def document(self, system: str, reference: str, kind: str | None = None) -> Document | None:
        """The document of ``system`` (of type ``kind``) with this id, number or reference, or None.

        An exact id wins over a number, a number over a reference (``pi_`` of a charge).
        """
        own = [d for d in self.documents if d.system == system and kind in (None, d.type)]
        for hit in (
            [d for d in own if d.id == reference],
            [d for d in own if d.number == reference],
            [d for d in own if reference in d.references],
        ):
            if hit:
                return hit[0]
        return None

    def owned(self, document: Document) -> bool:
        """Whether ``document`` belongs to the matched caller."""
        return document in self.documents_of_match


def _latest(records: Iterable[R]) -> tuple[R, ...]:
    """The records without repeats of (system, id), each as it was seen last, in order of first sight."""
    seen: dict[tuple[str, str, str], R] = {}
    for record in records:
        seen[(record.system, str(getattr(record, "type", "")), record.id)] = record
    return tuple(seen.values())
