"""Whatever breaks, wherever, with whatever in its message: nothing that was said reaches store, line, log or stream."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from agent.cli import main
from agent.errors import ModelRefused, ModelUnavailable, RedactionError, StorageError
from agent.pipeline import process, resume
from agent.redaction import Redactor
from agent.review import approve
from agent.run import Outcome, ProcessLine, envelope_of
from agent.store import Store
from tests.agent.loop.bed import CARD, CHARGES, LOOK, REFUND, Scripted, charge, world
from tests.agent.loop.builders import SPOKEN
from tests.agent.test_pipeline import MAP, SAID, TURNS, Place, case_of, held, raw_call, reading
from tools.connector import Rejected, Unavailable
from tools.sandbox.transport import SandboxTransport
from tools.toolbox import Toolbox, sandbox_toolbox

HUSH = f"she said my card is {CARD} and I want my 42.00 dollars back, the workshop was cancelled"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """As in the pipeline's own tests, with the store in a file."""
    monkeypatch.setattr("agent.extraction.extract.load_map", lambda model: MAP)
    own = Place(tmp_path)
    own.store.close()
    own.store = Store(tmp_path / "store.db", own.clock)
    yield own
    own.close()


def kept(place: Place) -> str:
    """Everything on disk, as text."""
    return b"".join(file.read_bytes() for file in place.folder.rglob("*") if file.is_file()).decode("utf-8", "replace")


def masked(*texts: str) -> None:
    for text in texts:
        assert "41111111" not in text.replace(" ", "")


def quiet(*texts: str) -> None:
    masked(*texts)
    for text in texts:
        assert "workshop was cancelled" not in text


# -- redaction -----------------------------------------------------------------------------------------


def test_an_error_inside_redaction_leaves_an_envelope_and_nothing_else(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: Any) -> Any:
        raise ValueError(HUSH)

    with monkeypatch.context() as patch:
        patch.setattr("agent.redaction.session.read_call", broken)
        line = process(raw_call(*SAID, f"my card is {CARD}"), place.deps(redactor=Redactor()))
    assert (line.outcome, line.run_id, line.redacted_turns) == (Outcome.FAILED, None, ())
    assert line.error == str(RedactionError())
    (envelope,) = place.store.envelopes()
    assert (envelope.call_id, envelope.workspace_id, envelope.source) == ("call_1", "ws_1", "canonical")
    assert (envelope.state, envelope.received_at) == ("failed", place.clock.now())
    assert len(envelope.digest) == 64
    assert place.store.runs() == []
    assert not place.books.exists()
    quiet(line.model_dump_json(), kept(place), caplog.text, *capsys.readouterr())


@pytest.mark.parametrize("error", [RedactionError(HUSH), ValueError(HUSH), RecursionError(HUSH), MemoryError()])
def test_a_redactor_that_raises_anything_at_all_stops_the_call(
    place: Place, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def broken(self: Redactor, call: Any) -> Any:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(Redactor, "redact_call", broken)
        line = process(raw_call(), place.deps())
    assert line.error == str(RedactionError())
    assert len(place.store.envelopes()) == 1
    quiet(line.model_dump_json(), kept(place))
    again = process(raw_call(), place.deps())
    assert (again.outcome, again.repeated) == (Outcome.COMPLETED, False)
    assert place.store.envelopes() == [], "a call that is processed later has no envelope any more"


def test_the_digest_knows_the_same_call_again_and_no_other() -> None:
    first = envelope_of(raw_call(), SPOKEN)
    assert envelope_of(raw_call(), SPOKEN).digest == first.digest
    assert envelope_of(raw_call("something else"), SPOKEN).digest != first.digest
    assert envelope_of(replace(raw_call(), call_id="call_2"), SPOKEN).digest != first.digest
    assert envelope_of(raw_call("half a character \ud800"), SPOKEN).digest


def test_a_store_that_cannot_keep_the_envelope_says_so_without_the_call(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Redactor, call: Any) -> Any:
        raise ValueError(HUSH)

    def full(*_: Any, **__: Any) -> Any:
        raise StorageError

    with monkeypatch.context() as patch:
        patch.setattr(Redactor, "redact_call", broken)
        patch.setattr(Store, "keep_envelope", full)
        with pytest.raises(StorageError) as caught:
            process(raw_call(), place.deps())
    quiet(str(caught.value))


# -- the model -----------------------------------------------------------------------------------------


class _Strict(BaseModel):
    number: int


def _validation_error() -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        _Strict.model_validate({"number": HUSH})
    return caught.value


FOREIGN: list[Exception] = [
    ModelUnavailable(HUSH),
    ModelRefused(HUSH),
    ValueError(HUSH),
    KeyError(HUSH),
    RuntimeError(HUSH),
    _validation_error(),
    UnicodeEncodeError("utf-8", HUSH, 0, 1, "surrogates not allowed"),
]


@pytest.mark.parametrize("error", FOREIGN, ids=lambda error: type(error).__name__)
def test_a_model_that_raises_with_its_prompt_in_the_message(
    place: Place, error: Exception, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    line = process(raw_call(), place.deps(Scripted(reading=error)))
    assert line.outcome is Outcome.FAILED
    assert line.error
    quiet(line.error, caplog.text, *capsys.readouterr())
    masked(kept(place))
    assert "she said" not in kept(place)


@pytest.mark.parametrize("error", FOREIGN, ids=lambda error: type(error).__name__)
def test_a_model_that_raises_in_the_loop(place: Place, error: Exception) -> None:
    line = process(raw_call(), place.deps(Scripted([LOOK, error], reading=reading())))
    assert line.outcome is Outcome.FAILED
    assert line.error
    quiet(line.error)
    masked(kept(place))
    assert "she said" not in kept(place)
    assert line.handoff is not None


# -- the systems ---------------------------------------------------------------------------------------


def raising(error: Exception, when: Callable[[str], bool]) -> Callable[..., Any]:
    real = Toolbox.run

    def run(self: Toolbox, name: str, *rest: Any) -> Any:
        if when(name):
            raise error
        return real(self, name, *rest)

    return run


SYSTEM_ERRORS: list[Exception] = [
    Rejected("stripe", f"no such customer: {HUSH}"),
    Unavailable("stripe", f"the body was: {HUSH}"),
    KeyError(HUSH),
    json.JSONDecodeError(HUSH, HUSH, 0),
    _validation_error(),
]


@pytest.mark.parametrize("error", SYSTEM_ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("name", ["stripe.find_customer", "stripe.create_refund", "zendesk.create_ticket"])
def test_a_connector_that_raises_with_the_body_in_the_message(
    place: Place, monkeypatch: pytest.MonkeyPatch, error: Exception, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    model = Scripted(list(TURNS), reading=reading())
    with monkeypatch.context() as patch:
        patch.setattr(Toolbox, "run", raising(error, lambda asked: asked == name))
        line = process(raw_call(), place.deps(model))
    assert line.outcome in (Outcome.REVIEW, Outcome.FAILED)
    masked(line.model_dump_json(), kept(place), caplog.text, json.dumps(model.seen, default=str))


def test_a_transport_that_raises_with_the_request_in_the_message(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: SandboxTransport, request: Any) -> Any:
        raise RuntimeError(HUSH)

    with monkeypatch.context() as patch:
        patch.setattr(SandboxTransport, "handle_request", broken)
        line = process(raw_call(), place.deps())
    assert line.outcome is Outcome.FAILED
    quiet(line.error or "")
    masked(kept(place))


@pytest.mark.parametrize("error", SYSTEM_ERRORS, ids=lambda error: type(error).__name__)
def test_an_approval_whose_connector_raises(place: Place, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    held(place)
    case = case_of(place)
    told = ""
    with monkeypatch.context() as patch:
        patch.setattr(Toolbox, "run", raising(error, lambda asked: asked == "stripe.create_refund"))
        try:
            line = approve(
                place.store, case.case_id, by="ada", clock=place.clock, resume=lambda c: resume(c, place.deps())
            )
            told = line.model_dump_json()
        except type(error):  # the command line tells such an error by its type, see below
            pass
    masked(told, kept(place))


def test_records_with_identifiers_in_every_field_that_is_shown(place: Place) -> None:
    holds = world(
        stripe={"charges": [charge(description=f"card {CARD}", metadata={"note": CARD}, statement_descriptor=CARD)]}
    )
    model = Scripted([LOOK, CHARGES, REFUND, "done"], reading=reading())
    box = sandbox_toolbox(holds)
    line = process(raw_call(), place.deps(model, toolbox=box))
    box.close()
    masked(line.model_dump_json(), kept(place), json.dumps(model.seen, default=str))


# -- the store -----------------------------------------------------------------------------------------


STORE_ERRORS: list[Exception] = [
    ValueError(HUSH),
    sqlite3.OperationalError(HUSH),
    OSError(28, HUSH, HUSH),
    UnicodeEncodeError("utf-8", HUSH, 0, 1, "surrogates not allowed"),
]


@pytest.mark.parametrize("error", STORE_ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("method", ["line_for", "begin", "append", "reserve", "mark", "open_case", "finish"])
def test_a_store_that_raises_with_values_in_the_message_through_the_command(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    method: str,
    error: Exception,
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(Store, method, broken)
    monkeypatch.setenv("BILLING_AGENT_DEBUG", "1")
    call = {"call_id": "call_1", "turns": [{"speaker": "caller", "text": f"{HUSH}, please refund it"}]}
    (tmp_path / "calls.json").write_text(json.dumps(call))
    (tmp_path / "world.json").write_text("{}")
    with caplog.at_level(logging.DEBUG):
        code = main(["process", "calls.json", "--json", "--world", "world.json", "--store", "s.db"])
    out, err = capsys.readouterr()
    assert code in (0, 1, 3)
    masked(out, err, caplog.text)
    assert "she said" not in err + caplog.text
    masked(b"".join(file.read_bytes() for file in tmp_path.glob("s.db*")).decode("utf-8", "replace"))


def test_an_error_nobody_foresaw_is_told_by_its_type_by_every_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise ValueError(HUSH)

    (tmp_path / "calls.json").write_text("{}")
    Store(Path("s.db")).close()
    for target, arguments in (
        ("agent.intake.parse", ["process", "calls.json", "--world", "w.json"]),
        ("agent.store.Store.run", ["trace", "show", "call_1", "--store", "s.db"]),
        ("agent.store.Store.case", ["review", "show", "case_1", "--store", "s.db"]),
        ("agent.store.Store.pause", ["pause", "--store", "s.db"]),
        ("agent.store.Store.erase_call", ["erase", "--call", "c", "--workspace-id", "w", "--store", "s.db"]),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(target, broken)
            assert main(arguments) == 1
        out, err = capsys.readouterr()
        quiet(out, err)
        assert "ValueError" in err


def test_a_process_line_of_an_unread_call_is_what_the_command_prints(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def broken(self: Redactor, call: Any) -> Any:
        raise ValueError(HUSH)

    monkeypatch.setattr(Redactor, "redact_call", broken)
    call = {"call_id": "call_1", "turns": [{"speaker": "caller", "text": HUSH}]}
    (tmp_path / "calls.json").write_text(json.dumps(call))
    (tmp_path / "world.json").write_text("{}")
    assert main(["process", "calls.json", "--json", "--world", "world.json", "--store", "s.db"]) == 1
    line = ProcessLine.model_validate_json(capsys.readouterr().out)
    assert (line.outcome, line.error) == (Outcome.FAILED, str(RedactionError()))
    assert main(["trace", "list", "--json", "--store", "s.db"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["call_id"], row["outcome"], row["state"], row["run_id"]) == ("call_1", "failed", "failed", None)
    assert main(["trace", "list", "--store", "s.db"]) == 0
    assert "call_1 of" in capsys.readouterr().err
    assert main(["erase", "--call", "call_1", "--store", "s.db"]) == 0
    capsys.readouterr()
    assert main(["trace", "list", "--json", "--store", "s.db"]) == 0
    assert capsys.readouterr().out == ""
