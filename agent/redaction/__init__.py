"""Redaction: spoken and written payment and tax identifiers leave the call before anything else sees it."""

from agent.redaction.engine import RedactedTurns, Redactor
from agent.redaction.log import RedactingFilter
from agent.redaction.reasons import Reason

__all__ = ["RULES_VERSION", "Reason", "RedactedTurns", "RedactingFilter", "Redactor"]

RULES_VERSION = 2
"""Goes up whenever the rules take something they left before; ``redact --sweep`` records it."""
