"""Review cases, what their proposals hold across calls, and the decisions on them."""

from __future__ import annotations

from collections.abc import Iterable

from agent.case import CaseState, Decision, ReviewCase
from agent.errors import NeedsPerson, NotFound
from agent.store.database import Row, Work
from agent.store.shelf import Shelf, stamp


class CaseShelf(Shelf):
    """The queue of calls that wait for a person."""

    def open_case(self, case: ReviewCase, locks: Iterable[tuple[str, str, str]] = ()) -> ReviewCase:
        """Store a new case. ``locks`` names what its proposals would touch, as ``Intent.lock`` does: while
        the case is open, no other call may touch it by itself."""
        with self._db.writing() as work:
            own = case.model_dump(mode="json", include={"case_id", "run_id", "call_id", "workspace_id", "state"})
            times = {"opened_at": stamp(case.opened_at), "expires_at": stamp(case.expires_at)}
            work.run("add_case", **own, **times, body=_body(case))
            for system, operation_class, lock_object in locks:
                values = {"system": system, "class": operation_class, "object": lock_object}
                work.run("add_case_lock", case_id=case.case_id, **values)
            for decision in case.decisions:
                work.run("add_decision", case_id=case.case_id, body=decision.model_dump_json())
        return case

    def case(self, case_id: str) -> ReviewCase:
        """One case with its decisions. Raises NotFound."""
        with self._db.reading() as work:
            return _case(work, case_id)

    def cases(self, state: CaseState | None = None, workspace_id: str | None = None) -> list[ReviewCase]:
        """Cases oldest first, all states unless one is named."""
        with self._db.reading() as work:
            rows = work.all("list_cases", state=state, workspace_id=workspace_id)
            return [_with_decisions(work, row["case_id"], row) for row in rows]

    def decide(self, case_id: str, decision: Decision, new_state: CaseState) -> ReviewCase:
        """Record ``decision`` and move the case from open to ``new_state`` (which may be open again).

        The case's proposals take over the verdict and any edited arguments. Of two people who decide
        at the same time one gets NeedsPerson. Raises NotFound for an unknown case.
        """
        with self._db.writing() as work:
            before = _case(work, case_id)
            if before.state is not CaseState.OPEN:
                raise NeedsPerson(f"case {case_id} is already {before.state}; it can be decided only once")
            after = decided(before, decision, new_state)
            if not work.run("change_case", case_id=case_id, state=new_state.value, body=_body(after)):
                raise NeedsPerson(f"case {case_id} was decided by someone else at the same moment")
            work.run("add_decision", case_id=case_id, body=decision.model_dump_json())
        return after


_PROPOSAL_STATES = {"approve": "approved", "reject": "rejected", "expire": "expired"}


def decided(case: ReviewCase, decision: Decision, new_state: CaseState) -> ReviewCase:
    """``case`` after ``decision``: verdict and edited arguments go to the named proposal, or to all that
    are still proposed. An ``edit`` changes arguments and leaves the proposal proposed."""
    proposals = []
    for proposal in case.proposals:
        if proposal.state == "proposed" and decision.index in (None, proposal.index):
            change: dict[str, object] = {"state": _PROPOSAL_STATES.get(decision.verdict, proposal.state)}
            if decision.edited is not None:
                change["arguments"] = decision.edited
            proposal = proposal.model_copy(update=change)
        proposals.append(proposal)
    changed = {"state": new_state, "proposals": tuple(proposals), "decisions": (*case.decisions, decision)}
    return case.model_copy(update=changed)


def _body(case: ReviewCase) -> str:
    return case.model_dump_json(exclude={"decisions"})


def _case(work: Work, case_id: str) -> ReviewCase:
    row = work.one("get_case", case_id=case_id)
    if row is None:
        raise NotFound(f"no case {case_id} is in this store")
    return _with_decisions(work, case_id, row)


def _with_decisions(work: Work, case_id: str, row: Row) -> ReviewCase:
    kept = work.all("decisions_of_case", case_id=case_id)
    decisions = tuple(Decision.model_validate_json(decision["body"]) for decision in kept)
    return ReviewCase.model_validate_json(row["body"]).model_copy(update={"decisions": decisions})
