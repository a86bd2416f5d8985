"""Review: the queue of cases that wait for a person, and what a decision does."""

from __future__ import annotations

from agent.review.queue import CheckArguments, Resume, approve, carry_on, edit, expire, reject, waiting

__all__ = ["CheckArguments", "Resume", "approve", "carry_on", "edit", "expire", "reject", "waiting"]
