"""While a command runs, what nobody planned to write is written redacted or not at all.

Log records of any library, also those made before logging is configured, pass the redacting filter;
warnings become log records; an exception that reaches the top of a thread or a destructor is told by its type only,
because its text may hold what was said on a call. Only the standard library is imported in the head.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from agent.redaction import RedactingFilter, Redactor

Factory = Callable[..., logging.LogRecord]
WITHHELD = "(a message that could not be redacted is not shown)"


@contextmanager
def guarded() -> Iterator[None]:
    """The guard for the time of one command; afterwards everything is as it was."""
    from agent.cli.talk import say

    def fell(where: str, kind: type[BaseException] | None) -> None:
        if kind is not None and not issubclass(kind, SystemExit):
            say(f"an unexpected error ended {where} ({kind.__name__})")

    factory, shown_before = logging.getLogRecordFactory(), warnings.showwarning
    hooks = threading.excepthook, sys.unraisablehook
    logging.setLogRecordFactory(redacting(factory))
    warnings.showwarning = _logged
    threading.excepthook = lambda fallen: fell("a thread", fallen.exc_type)
    sys.unraisablehook = lambda fallen: fell("a clean-up", fallen.exc_type)
    try:
        yield
    finally:
        logging.setLogRecordFactory(factory)
        warnings.showwarning = shown_before
        threading.excepthook, sys.unraisablehook = hooks


def redacting(made: Factory) -> Factory:
    """A record factory whose records are redacted when they are made, wherever they go afterwards; the handlers
    they can reach get the filter too, for the fields that are added to a record later."""

    def factory(*arguments: Any, **more: Any) -> logging.LogRecord:
        record = made(*arguments, **more)
        try:
            from agent.redaction.log import filtered_handlers
        except ImportError:  # a library logs while redaction itself is being imported
            record.msg, record.args, record.exc_info, record.stack_info = WITHHELD, (), None, None
            return record
        own = _filter()
        own.filter(record)
        filtered_handlers(record.name, own)
        return record

    return factory


def shown(sentence: str) -> str:
    """``sentence`` as it may stand on a stream. Long numbers that are no known identifier stay: paths hold them."""
    from agent.errors import RedactionError

    if not _may_hold_one(sentence):
        return sentence
    try:
        found = set(_redactor().identifiers_in(sentence)) - {"LONG_NUMBER"}
        return _redactor().redact_text(sentence) if found else sentence
    except RedactionError:
        return WITHHELD


def _may_hold_one(sentence: str) -> bool:
    """Whether three digits, three number words or an address are in it; else a complaint need not wait two seconds
    for the recognizers to load."""
    from agent.words import FOREIGN, PHONETIC, TEENS, TENS, UNITS

    numbers = sum(
        word in known
        for word in re.findall(r"[^\W\d_]+", sentence.lower())
        for known in (UNITS, TEENS, TENS, FOREIGN, PHONETIC)
    )
    return "@" in sentence or numbers >= 3 or len(re.findall(r"\d", sentence)) >= 3


@cache
def _redactor() -> Redactor:
    from agent.redaction import Redactor

    return Redactor()


@cache
def _filter() -> RedactingFilter:
    from agent.redaction.log import RedactingFilter

    return RedactingFilter(_redactor())


def _logged(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """A warning as a log record, so that it is redacted like one; pydantic's show the values they are about."""
    from agent.errors import RedactionError
    from agent.redaction.session import sealed

    try:
        text = sealed(lambda: warnings.formatwarning(message, category, filename, lineno, line))
    except RedactionError:  # one that cannot be shown
        text = f"{category.__name__}: {WITHHELD}\n"
    if file is not None:
        file.write(shown(text))
        return
    logging.getLogger("py.warnings").warning("%s", text)
