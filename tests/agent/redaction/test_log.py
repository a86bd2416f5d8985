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
    monkeypatch.setattr("agent.redaction.session.read_call", lambda _: (_ for _ in ()).throw(ValueError(CARD)))
    record = logging.makeLogRecord({"msg": f"card {CARD}", "exc_text": CARD, "stack_info": CARD})
    assert RedactingFilter(redactor).filter(record)
    assert record.getMessage() == "(log record withheld: it could not be redacted)"
    assert (record.exc_text, record.stack_info) == (None, None)


def test_records_made_while_redacting_are_dropped_without_recursion() -> None:
    """They hold pieces of what is being redacted, and a piece of a spoken number cannot be recognised."""
    filter_ = RedactingFilter()
    filter_._inside.busy = True
    record = logging.makeLogRecord({"msg": "seen four five three two", "exc_text": CARD, "said": "oh one five one"})
    assert not filter_.filter(record)
    assert record.getMessage() == "(log record withheld: it could not be redacted)"
    assert record.exc_text is None
    assert "oh one" not in str(vars(record))


def test_what_is_added_to_a_record_is_redacted_too() -> None:
    class Body:
        def __str__(self) -> str:
            return f"body with {CARD}"

    extra = {"call": {"text": f"card {CARD}", "turn": 3}, "cvv": 737, "body": Body(), "seconds": 0.25, "done": True}
    record = logging.makeLogRecord({"msg": "nothing here", **extra})
    RedactingFilter().filter(record)
    said = {name: record.__dict__[name] for name in extra}
    assert said["call"] == {"text": "card <CARD_1>", "turn": 3}
    assert said["body"] == "body with <CARD_1>"
    assert "737" not in str(said["cvv"])
    assert (said["seconds"], said["done"]) == (0.25, True)


def test_a_record_with_nothing_to_hide_keeps_message_and_arguments_apart() -> None:
    """Formatters of web servers read the arguments one by one."""
    record = logging.makeLogRecord({"msg": '%s - "%s %s" %d', "args": ("127.0.0.1", "GET", "/runs/run_1", 200)})
    RedactingFilter().filter(record)
    assert record.args == ("127.0.0.1", "GET", "/runs/run_1", 200)


class Unshowable:
    """Raises whenever somebody wants to show it; the error holds what must not be seen."""

    def __str__(self) -> str:
        raise RuntimeError(CARD)

    __repr__ = __str__


@pytest.mark.parametrize("error", [RuntimeError, ValueError, AttributeError, RecursionError])
def test_an_object_that_cannot_be_shown_withholds_its_record_and_never_raises(
    logged: tuple[logging.Logger, io.StringIO], error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(self: object) -> str:
        raise error(CARD)

    monkeypatch.setattr(Unshowable, "__str__", fails)
    monkeypatch.setattr(Unshowable, "__repr__", fails)
    logger, stream = logged
    withheld = "(log record withheld: it could not be redacted)\n"
    logger.warning("%s", Unshowable())
    logger.warning("%d", Unshowable())
    logger.warning(Unshowable())
    logger.warning("hello", extra={"body": Unshowable()})
    logger.warning("hello", extra={"body": {"deep": [Unshowable()]}})
    assert stream.getvalue() == withheld * 5
    logger.warning("and the next one")
    assert stream.getvalue() == withheld * 5 + "and the next one\n"


def test_an_exception_that_cannot_be_shown_does_not_break_logging(logged: tuple[logging.Logger, io.StringIO]) -> None:
    class Odd(Exception):
        __str__ = Unshowable.__str__

    logger, stream = logged
    try:
        raise Odd
    except Odd:
        logger.exception("failed")
    assert "0366" not in stream.getvalue()
    assert stream.getvalue()


def test_an_object_is_shown_once_and_kept_as_it_was_shown(logged: tuple[logging.Logger, io.StringIO]) -> None:
    class Changing:
        shown = 0

        def __str__(self) -> str:
            self.shown += 1
            return "nothing yet" if self.shown <= 2 else f"card {CARD}"

    logger, stream = logged
    logger.info("%s", Changing())
    assert stream.getvalue() == "nothing yet\n"
