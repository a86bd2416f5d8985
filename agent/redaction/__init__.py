"""Redaction: spoken and written payment and tax identifiers leave the call before anything else sees it."""

from agent.redaction.engine import RedactedTurns, Redactor
from agent.redaction.log import RedactingFilter

__all__ = ["RedactedTurns", "RedactingFilter", "Redactor"]
