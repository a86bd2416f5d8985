"""Log records are redacted: message, arguments, exception text."""

from __future__ import annotations

import io
import logging

import pytest

from agent.redaction import RedactingFilter, Redactor

CARD = "4532 0151 1283 0366"


@pytest.fixture
def logged() -> tuple[logging.Logger, io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RedactingFilter())
    logger = logging.Logger("redaction-test")
    logger.addHandler(handler)
    return logger, stream


def test_message_and_arguments(logged: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = logged
    logger.info("the card is %s", CARD)
    logger.info("nothing here")
    assert stream.getvalue() == "the card is <CARD_1>\nnothing here\n"


def test_exception_text(logged: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = logged
    try:
        raise ValueError(f"bad card {CARD}")
    except ValueError:
        logger.exception("failed")
    assert "ValueError: bad card <CARD_1>" in stream.getvalue()
    assert CARD not in stream.getvalue()


def test_arguments_that_do_not_fit(logged: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = logged
    logger.info("the card is %d", f"card {CARD}")
    assert CARD not in stream.getvalue()


def test_a_record_that_cannot_be_redacted_is_withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    redactor = Redactor()
    monkeypatch.setattr("agent.redaction.engine.read_call", lambda _: (_ for _ in ()).throw(ValueError(CARD)))
    record = logging.makeLogRecord({"msg": f"card {CARD}", "exc_text": CARD, "stack_info": CARD})
    assert RedactingFilter(redactor).filter(record)
    assert record.getMessage() == "(log record withheld: it could not be redacted)"
    assert (record.exc_text, record.stack_info) == (None, None)


def test_records_made_while_redacting_are_masked_without_recursion() -> None:
    filter_ = RedactingFilter()
    filter_._inside.busy = True
    record = logging.makeLogRecord({"msg": f"seen {CARD}", "exc_text": CARD})
    assert filter_.filter(record)
    assert record.getMessage() == "seen <NUMBER>"
    assert record.exc_text is None
