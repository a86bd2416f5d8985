"""While a command runs nothing unplanned carries an identifier: log records, warnings, fallen threads, own sentences."""

from __future__ import annotations

import gc
import io
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from agent.cli import guard
from agent.cli.guard import guarded, shown
from agent.cli.talk import say
from agent.errors import RedactionError
from agent.redaction import Redactor
from tests.agent.cli.conftest import Command

CARD = "4532 0151 1283 0366"
SPOKEN = "four five three two oh one five one one two eight three oh three six six"


@contextmanager
def bare_root() -> Iterator[logging.Logger]:
    """The root logger as a fresh process has it: without handlers, at WARNING. No fixture: pytest adds its own
    handlers when a test begins."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers[:] = []
    root.setLevel(logging.WARNING)
    try:
        yield root
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


def test_a_record_made_before_logging_is_configured_is_redacted(capsys: pytest.CaptureFixture[str]) -> None:
    with bare_root(), guarded():
        logging.getLogger("any.library").warning("the card is %s, or %s", CARD, SPOKEN)
    assert capsys.readouterr().err == "the card is <CARD_1>, or <CARD_1>\n"


@pytest.mark.parametrize(
    "name", ["httpx", "openai._base_client", "instructor", "presidio-analyzer", "decision_process", "asyncio"]
)
def test_a_record_of_any_library_is_redacted(name: str) -> None:
    stream, logger = io.StringIO(), logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.DEBUG)
    with bare_root() as root, guarded():
        root.addHandler(logging.StreamHandler(stream))
        logger.debug("the card is %s, or %s", CARD, SPOKEN)
        logger.error(f"as one text: {CARD}")
    logger.setLevel(level)
    assert stream.getvalue() == "the card is <CARD_1>, or <CARD_1>\nas one text: <CARD_1>\n"


def test_a_handler_that_is_made_later_gets_redacted_records_and_their_extra_fields() -> None:
    stream = io.StringIO()
    with bare_root() as root, guarded():
        handler = logging.StreamHandler(stream)
        handler.setFormatter(logging.Formatter("%(levelname)s %(message)s %(said)s"))
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        logging.getLogger("some.child").debug("card %s", CARD, extra={"said": SPOKEN})
    assert stream.getvalue() == "DEBUG card <CARD_1> <CARD_1>\n"


def test_a_logger_that_keeps_its_records_to_itself_is_guarded_too() -> None:
    stream, logger = io.StringIO(), logging.getLogger("keeps.to.itself")
    logger.propagate = False
    handler = logging.StreamHandler(stream)
    logger.addHandler(handler)
    with guarded():
        try:
            raise ValueError(f"no card {CARD}")
        except ValueError:
            logger.exception("failed")
    logger.removeHandler(handler)
    assert "ValueError: no card <CARD_1>" in stream.getvalue()
    assert "0366" not in stream.getvalue()


def test_a_library_that_logs_while_redaction_is_being_imported_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "agent.redaction.log", None)
    with bare_root(), guarded():
        logging.getLogger("early").error("card %s", CARD)
    assert capsys.readouterr().err == f"{guard.WITHHELD}\n"


def test_what_cannot_be_shown_breaks_neither_logging_nor_warning(capsys: pytest.CaptureFixture[str]) -> None:
    class Unshowable(UserWarning):
        def __str__(self) -> str:
            raise RuntimeError(CARD)

        __repr__ = __str__

    with bare_root(), guarded():
        logging.getLogger("any.library").warning("%s", Unshowable())
        logging.getLogger("any.library").warning("hello", extra={"body": Unshowable()})
        warnings.showwarning(Unshowable(), Unshowable, "a.py", 1)
        logging.getLogger("any.library").warning("and the next one")
    told = capsys.readouterr().err
    assert "0366" not in told
    assert told.count("withheld") == 2 - told.count("hello")
    assert f"Unshowable: {guard.WITHHELD}" in told
    assert told.endswith("and the next one\n")


@pytest.mark.filterwarnings("default")
def test_a_warning_is_a_redacted_log_record(capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.StringIO()
    with bare_root(), guarded():
        warnings.warn(f"expected a str but got {CARD}", UserWarning, stacklevel=1)
        warnings.showwarning(UserWarning(f"got {CARD}"), UserWarning, "a.py", 1, stream)
    told = capsys.readouterr().err + stream.getvalue()
    assert told.count("<CARD_1>") == 2
    assert "0366" not in told


def test_a_thread_that_falls_is_told_by_the_type_of_its_error(capsys: pytest.CaptureFixture[str]) -> None:
    def fall() -> None:
        raise KeyError(f"card {CARD}")

    with guarded():
        thread = threading.Thread(target=fall)
        thread.start()
        thread.join()
    assert capsys.readouterr().err == "billing-agent: an unexpected error ended a thread (KeyError)\n"


def test_a_destructor_that_falls_is_told_by_the_type_of_its_error(capsys: pytest.CaptureFixture[str]) -> None:
    class Falls:
        def __repr__(self) -> str:
            return f"Falls({CARD})"

        def __del__(self) -> None:
            raise OSError(f"card {CARD}")

    with guarded():
        one = Falls()
        del one
        gc.collect()
    assert capsys.readouterr().err == "billing-agent: an unexpected error ended a clean-up (OSError)\n"


def test_afterwards_everything_is_as_it_was() -> None:
    before = (logging.getLogRecordFactory(), warnings.showwarning, threading.excepthook, sys.unraisablehook)
    with guarded():
        assert logging.getLogRecordFactory() is not before[0]
    assert before == (logging.getLogRecordFactory(), warnings.showwarning, threading.excepthook, sys.unraisablehook)


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        (f"unrecognized arguments: --reasn card {CARD}", "unrecognized arguments: --reasn card <CARD_1>"),
        (f"my card {SPOKEN} does not exist", "my card <CARD_1> does not exist"),
        ("/data/20260302093000123/calls.jsonl does not exist", "/data/20260302093000123/calls.jsonl does not exist"),
        ("no case case_3f2a91c0 is in this store", "no case case_3f2a91c0 is in this store"),
    ],
)
def test_a_sentence_of_ours_carries_no_identifier(sentence: str, told: str) -> None:
    assert shown(sentence) == told


def test_a_sentence_that_cannot_be_redacted_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(self: Redactor, text: str) -> tuple[str, ...]:
        raise RedactionError

    monkeypatch.setattr(Redactor, "identifiers_in", broken)
    say(f"card {CARD}")
    assert capsys.readouterr().err == f"billing-agent: {guard.WITHHELD}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("process", f"{CARD}.json"),
        ("process", "x", "--reasn", f"card {CARD}"),
        ("erase", "--call", CARD, "--store", "s.db"),
        ("trace", "show", CARD, "--store", "s.db"),
        ("review", "show", CARD, "--store", "s.db"),
        ("resume", "--tool", CARD, "--store", "s.db"),
    ],
)
def test_no_complaint_repeats_a_number_that_was_typed(command: Command, arguments: tuple[str, ...]) -> None:
    ran = command(*arguments)
    assert ran.code == 2
    assert "0366" not in ran.out + ran.err


def test_what_is_written_about_a_pause_is_redacted(command: Command) -> None:
    ran = command("pause", "--store", "s.db", "--by", f"ana {CARD}", "--reason", f"a caller gave {SPOKEN}")
    assert (ran.code, ran.out.count("<CARD_1>")) == (0, 2)
    listed = command("pause", "--list", "--json", "--store", "s.db")
    assert "0366" not in ran.out + listed.out
    assert "six six" not in ran.out + listed.out
