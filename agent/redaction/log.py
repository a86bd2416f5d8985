"""Log records pass through redaction too: no identifier reaches a log file."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Iterator, Mapping
from typing import Any

from agent.errors import RedactionError
from agent.redaction.engine import Redactor
from agent.redaction.scalars import as_text
from agent.redaction.session import sealed

_WITHHELD = "(log record withheld: it could not be redacted)"
_PLAIN = (str, int, float, bool)
_OWN = frozenset({*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"})
"""What every record carries; anything else was added by whoever logs (``extra=``)."""


class RedactingFilter(logging.Filter):
    """Redacts a record's message, arguments, extra fields and exception text; a record that fails is withheld, also
    one with an object in it that cannot be shown. Logging never raises for it.

    Put it on handlers, not on loggers: a logger's filter does not see its children's records. A record that
    redaction's own libraries make while another is redacted may hold pieces of it, so it is dropped.
    """

    def __init__(self, redactor: Redactor | None = None) -> None:
        super().__init__()
        self._redactor = redactor or Redactor()
        self._inside = threading.local()

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrites ``record`` in place; lets it through unless it was made while another was redacted."""
        if getattr(self._inside, "busy", False):
            _withhold(record)
            return False
        self._inside.busy = True
        try:
            sealed(lambda: self._redact(record))
        except RedactionError:
            _withhold(record)
        finally:
            self._inside.busy = False
        return True

    def _redact(self, record: logging.LogRecord) -> None:
        self._message(record)
        self._exception(record)
        self._extras(record)

    def _message(self, record: logging.LogRecord) -> None:
        """Message and arguments become one clean text; where nothing is to be hidden they stay apart, for
        formatters that want them so. An object could show itself otherwise the next time."""
        told = _message(record)
        clean = self._redactor.redact_text(told)
        if clean != told or not _fits(record) or not _lasting(record):
            record.msg, record.args = clean, ()

    def _exception(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_text is None:
            record.exc_text = "".join(traceback.format_exception(*record.exc_info)).rstrip("\n")
        record.exc_info = None
        if record.exc_text:
            record.exc_text = self._redactor.redact_text(record.exc_text)
        if record.stack_info:
            record.stack_info = self._redactor.redact_text(record.stack_info)

    def _extras(self, record: logging.LogRecord) -> None:
        for name in _extra_names(record):
            record.__dict__[name] = self._clean(name, record.__dict__[name])

    def _clean(self, name: str, value: Any) -> Any:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, Mapping | list | tuple | set | frozenset) or as_text(value) is not None:
            return self._redactor.redact_json({name: value}).get(name, _WITHHELD)
        return self._redactor.redact_text(str(value))


def filtered_handlers(name: str | None, own: RedactingFilter) -> None:
    """Put ``own`` on every handler that records of logger ``name`` can reach and that has no such filter yet."""
    for handler in _handlers(name):
        if not any(isinstance(known, RedactingFilter) for known in handler.filters):
            handler.addFilter(own)


def _handlers(name: str | None) -> Iterator[logging.Handler]:
    if logging.lastResort is not None:
        yield logging.lastResort
    logger: logging.Logger | None = logging.getLogger(name)
    while logger is not None:
        yield from logger.handlers
        logger = logger.parent if logger.propagate else None


def _withhold(record: logging.LogRecord) -> None:
    record.msg, record.args = _WITHHELD, ()
    record.exc_info = record.exc_text = record.stack_info = None
    for name in _extra_names(record):
        record.__dict__[name] = _WITHHELD


def _extra_names(record: logging.LogRecord) -> list[str]:
    return [name for name in vars(record) if name not in _OWN]


def _fits(record: logging.LogRecord) -> bool:
    try:
        record.getMessage()
    except (TypeError, ValueError, KeyError):
        return False
    return True


def _lasting(record: logging.LogRecord) -> bool:
    """Whether message and arguments are plain values, which are shown later as they are shown now."""
    args = record.args.values() if isinstance(record.args, Mapping) else record.args or ()
    return all(one is None or type(one) in _PLAIN for one in (record.msg, *args))


def _message(record: logging.LogRecord) -> str:
    """The formatted message; arguments that do not fit the format are shown beside it."""
    return record.getMessage() if _fits(record) else f"{record.msg} {record.args!r}"
