"""Newer rules over what is stored: what they find is masked wherever a copy of it stands."""

from __future__ import annotations

from agent.sweep.sweeping import Looked, Report, Stored, look, sweep

__all__ = ["Looked", "Report", "Stored", "look", "sweep"]
