"""Every column of the store that may hold words of calls, records or people, and every column that may not.

This list is what a sweep looks at. A migration that adds a column must add it here; a test compares the
two with the schema.
"""

from __future__ import annotations

from typing import Literal

Holds = Literal["json", "text", "key"]
"""``json``: a JSON document. ``text``: plain words. ``key``: an outside object's id that the ledger compares;
where it holds an identifier the whole of it becomes ``MASKED``."""

MASKED = "<MASKED>"
"""Stands for an object that is no longer known. Locks and caps treat it as any object, so that masking one
never lets an effect through."""

SWEPT: dict[str, dict[str, Holds]] = {
    "calls": {"body": "json"},
    "runs": {"line": "json"},
    "steps": {"title": "text", "data": "json"},
    "ledger": {
        "arguments": "json",
        "target": "key",
        "lock_object": "key",
        "customer": "key",
        "vendor_id": "key",
        "url": "text",
    },
    "cases": {"body": "json"},
    "case_locks": {"object": "key"},
    "decisions": {"body": "json"},
    "pauses": {"by": "text", "reason": "text"},
}

NO_TEXT: dict[str, str] = {
    "migrations": "name applied_at",
    "calls": "workspace_id call_id stored_at",
    "runs": "run_id workspace_id call_id model world attempt started_at finished_at outcome scenario",
    "steps": "run_id seq attempt kind at",
    "envelopes": "workspace_id call_id source received_at digest state",
    "erasures": "run_id workspace_id call_id erased_at",
    "ledger": "key workspace_id call_id run_id run_attempt tool fingerprint attempt lock_system lock_class effect minor "
    "currency automatic state created_at updated_at",
    "cases": "case_id run_id call_id workspace_id state opened_at expires_at",
    "case_locks": "case_id system class",
    "decisions": "case_id seq",
    "pauses": "workspace_id tool at",
    "sweeps": "sweep_id rules_version started_at finished_at calls failed rewritten",
    "swept": "sweep_id in_table in_column entity stretches",
    "sweeping": "run_id",
}
"""Our own ids, digests, counts, times and closed sets of words. The call's and the workspace's id are the
sender's: intake refuses one that holds a card number, and they are the keys of everything, so they stay."""
