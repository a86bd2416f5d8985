"""What is kept, and where all SQL lives."""

from __future__ import annotations

from agent.store.effects import LockHolder, Pause
from agent.store.runs import Erasure, RunSummary
from agent.store.store import Store
from agent.store.sweeps import Counts, Group, Sweep, TextRow

__all__ = ["Counts", "Erasure", "Group", "LockHolder", "Pause", "RunSummary", "Store", "Sweep", "TextRow"]
