"""Log records pass through redaction too: no identifier reaches a log file."""

from __future__ import annotations

import logging
import re
import threading
import traceback

from agent.errors import RedactionError
from agent.redaction.engine import Redactor

_WITHHELD = "(log record withheld: it could not be redacted)"
_LONG = re.compile(r"\d(?:[\s.,-]?\d){4,}")


class RedactingFilter(logging.Filter):
    """Redacts a record's message, arguments and exception text; a record that fails is withheld.

    Put it on handlers, not on loggers: a logger's filter does not see its children's records.
    """

    def __init__(self, redactor: Redactor | None = None) -> None:
        super().__init__()
        self._redactor = redactor or Redactor()
        self._inside = threading.local()

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrites ``record`` in place; always lets it through."""
        if getattr(self._inside, "busy", False):  # redaction's own libraries log while it runs
            record.msg, record.args = _LONG.sub("<NUMBER>", _message(record)), ()
            record.exc_info = record.exc_text = record.stack_info = None
            return True
        self._inside.busy = True
        try:
            record.msg = self._redactor.redact_text(_message(record))
            record.args = ()
            self._exception(record)
        except RedactionError:
            record.msg, record.args = _WITHHELD, ()
            record.exc_info = record.exc_text = record.stack_info = None
        finally:
            self._inside.busy = False
        return True

    def _exception(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_text is None:
            record.exc_text = "".join(traceback.format_exception(*record.exc_info)).rstrip("\n")
        record.exc_info = None
        if record.exc_text:
            record.exc_text = self._redactor.redact_text(record.exc_text)
        if record.stack_info:
            record.stack_info = self._redactor.redact_text(record.stack_info)


def _message(record: logging.LogRecord) -> str:
    """The formatted message; arguments that do not fit the format are shown beside it."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} {record.args!r}"
