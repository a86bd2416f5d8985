"""Two hundred calls with identifiers everywhere, through the real command: afterwards not one can be read anywhere.

Searched are the database with its side files, the log of every library at DEBUG, the trace as text and as JSON, the
prompts as stored and as sent, what a recorder of the wire keeps, temporary files, the sandbox's books, stdout and
stderr, for every planted value as digits and as it was spoken.
"""

from __future__ import annotations

import io
import json
import logging
import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pytest

from agent.call import Call
from agent.cli import main
from agent.cli.guard import guarded
from agent.cli.process import handle
from agent.intake import BadRecord, parse
from agent.models.client import open_model
from agent.models.stand_in import stand_in_transport
from agent.redaction import Redactor
from agent.settings import STAND_IN, Settings
from agent.wiring import Options, Wiring
from tests.acceptance.planting import Material, Planted, material, planted_world
from tests.acceptance.searching import Hay, rows_of, search

if TYPE_CHECKING:
    import httpx2

ROOT = Path(__file__).resolve().parents[2]
SEED, CALLS = 20261, 200
_DEBUG_LOG = """
import logging
logging.basicConfig(level=logging.DEBUG, filename={file!r}, format="%(asctime)s %(name)s %(levelname)s %(message)s")
logging.getLogger("presidio-analyzer").setLevel(logging.INFO)
"""
"""Logging at DEBUG into a file, before the command can say anything about it. Presidio writes 70,000 lines of it, so
those are looked at in the smaller run below."""


@dataclass(frozen=True)
class Left:
    """What a run of the command left behind, and what it had been given."""

    folder: Path
    given: Material
    in_records: Sequence[Planted]
    files: Sequence[Hay]
    out: str
    err: str
    code: int

    @property
    def everything(self) -> list[Planted]:
        return [*self.given.planted, *self.in_records]

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


def run(folder: Path, given: Material, world: dict[str, Any], in_records: Sequence[Planted]) -> Left:
    """The command over every input. Near the end somebody opens the store to read it, so that the write-ahead log
    is there afterwards, as it is after a crash."""
    for part in ("inbox", "early", "left", "left/tmp", "left/home"):
        (folder / part).mkdir()
    for name, text in given.files.items():
        (folder / "inbox" / name).write_text(text, encoding="utf-8")
    (folder / "world.json").write_text(json.dumps(world), encoding="utf-8")
    (folder / "early" / "sitecustomize.py").write_text(_DEBUG_LOG.format(file=str(folder / "left" / "debug.log")))
    with (
        (folder / "stderr").open("w+", encoding="utf-8") as talk,
        _started(folder, talk) as process,
        ExitStack() as later,
    ):
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if len(lines) == CALLS - 12:
                reader = later.enter_context(closing(sqlite3.connect(folder / "left" / "store.db")))
                reader.execute("BEGIN")
                reader.execute("SELECT COUNT(*) FROM runs").fetchone()
        code = process.wait()
        talk.seek(0)
        return Left(folder, given, in_records, _files(folder / "left"), "".join(lines), talk.read(), code)


def _files(folder: Path) -> tuple[Hay, ...]:
    """Every file, whatever it is, as text."""
    found = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return tuple(Hay(file.name, file.read_bytes().decode("utf-8", "replace")) for file in found)


def _started(folder: Path, talk: IO[str]) -> subprocess.Popen[str]:
    left = folder / "left"
    env = {name: value for name, value in os.environ.items() if not name.startswith(("BILLING_AGENT_", "OPENAI_"))}
    env |= {
        "PYTHONPATH": os.pathsep.join((str(folder / "early"), str(ROOT))),
        "HOME": str(left / "home"),
        "TMPDIR": str(left / "tmp"),
        "OPENAI_LOG": "debug",
        "BILLING_AGENT_DEBUG": "1",
        "PYTHONWARNINGS": "default",
    }
    options = ("--world", str(folder / "world.json"), "--store", str(left / "store.db"), "--books", str(left / "books"))
    command = [sys.executable, "-m", "agent.cli", "process", str(folder / "inbox"), "--json", *options]
    return subprocess.Popen(
        command, env=env, cwd=left, stdout=subprocess.PIPE, stderr=talk, text=True, encoding="utf-8"
    )


def told(found: Sequence[tuple[str, Planted, str]]) -> list[str]:
    """What was found, for a failing test: places and kinds, never the value."""
    return sorted({f"{name}: {one.type} of {one.call_id} ({one.where}) can be read, {how}" for name, one, how in found})


@pytest.mark.acceptance
@pytest.mark.covers("C03", "S21", "S24", "S59")
def test_two_hundred_calls_leave_no_identifier_anywhere(tmp_path: Path) -> None:
    """One test, because the calls are handled once for all that is looked at."""
    left = run(tmp_path, material(SEED, CALLS), *planted_world(SEED + 1))
    was_handled(left)
    assert {"store.db", "store.db-wal", "store.db-shm", "debug.log", "books"} == {hay.name for hay in left.files}, (
        "what stays behind is known: no temporary file, nothing in the home folder"
    )
    streams = [Hay("stdout", left.out), Hay("stderr", left.err)]
    rows = rows_of(tmp_path / "left" / "store.db")
    found = search([*left.files, rows, *streams, *traces(left)], left.everything)
    assert told([*found, *in_pieces(left)]) == []


def was_handled(left: Left) -> None:
    """Else there would be nothing to find."""
    lines = left.lines
    assert {line["call_id"] for line in lines} == set(left.given.calls)
    assert (left.code, [line["call_id"] for line in lines if line["outcome"] == "failed"]) == (0, [])
    calls = [call for line in lines for call in line["tool_calls"] if call["status"] == "executed"]
    assert len(calls) > CALLS, "records with planted identifiers were looked up"
    assert sum(bool(line["redactions"]) for line in lines) > CALLS * 0.9
    assert len(left.everything) > 900
    assert "fields that are not read" in left.err


def in_pieces(left: Left) -> list[tuple[str, Planted, str]]:
    """Turn by turn and speaker by speaker, where a number may lie in pieces."""
    by_call: dict[str, list[Planted]] = {}
    for one in left.given.planted:
        by_call.setdefault(one.call_id, []).append(one)
    found = []
    for line in left.lines:
        turns = line["redacted_turns"]
        texts = [" ".join(turn["text"] for turn in turns)]
        texts += [" ".join(t["text"] for t in turns if t["speaker"] == who) for who in ("agent", "caller")]
        for one in by_call[line["call_id"]]:
            hows = (Hay(line["call_id"], text).holds(one, own=True) for text in texts)
            found += [(f"turns of {line['call_id']}", one, how) for how in hows if how is not None]
    return found


def traces(left: Left) -> list[Hay]:
    """What the commands that read the store show: runs as JSON and as text, the list, the queue."""
    store = ["--store", str(left.folder / "left" / "store.db")]
    commands = [["trace", "show", call_id, "--json"] for call_id in list(left.given.calls)[::8]]
    commands += [["trace", "show", call_id] for call_id in list(left.given.calls)[::10]]
    commands += [["trace", "list", "--limit", "1000"], ["review", "list", "--all", "--json"], ["review", "list"]]
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        codes = {main([*command, *store]) for command in commands}
    assert codes == {0}
    assert out.getvalue().count('"kind": "model"') > CALLS / 8, "the prompts are in it, as they are stored"
    return [Hay("trace", out.getvalue()), Hay("trace, stderr", err.getvalue())]


# -- what is sent --------------------------------------------------------------------------------------


class _Wire:
    """A transport that keeps what goes over it, as a recorder of cassettes does."""

    def __init__(self, real: httpx2.BaseTransport) -> None:
        self.real = real
        self.kept: list[str] = []

    def __enter__(self) -> _Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.kept.append(request.read().decode())
        response = self.real.handle_request(request)
        self.kept.append(response.read().decode())
        return response

    def close(self) -> None:
        self.real.close()


@pytest.mark.acceptance
@pytest.mark.covers("C03", "S59")
def test_nothing_planted_goes_over_the_wire(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """In this process, with every library's log at DEBUG, redaction's own too: prompts as they are sent, and what a
    recorder of the wire would keep as a cassette."""
    given, (world, in_records) = material(SEED + 2, 14), planted_world(SEED + 3)
    (tmp_path / "world.json").write_text(json.dumps(world), encoding="utf-8")
    calls = [item for name, text in given.files.items() for item in parse(text.encode(), name=name)]
    assert not any(isinstance(item, BadRecord) for item in calls)
    wire = _Wire(stand_in_transport())
    settings = Settings.load({}, store=str(tmp_path / "own.db"), model=STAND_IN)
    options = Options(world=tmp_path / "world.json", books=tmp_path / "books")
    with caplog.at_level(logging.DEBUG), guarded(), Wiring(settings, options) as wiring:
        vars(wiring)["client"] = open_model(settings, transport=wire)  # type: ignore[arg-type]
        lines = list(handle([call for call in calls if isinstance(call, Call)], wiring))
    assert len(lines) == len(given.calls)
    assert sum("<transcript>" in text for text in wire.kept) >= len(lines)
    kept = [Hay("cassette", "\n".join(wire.kept)), Hay("log", caplog.text)]
    kept += [Hay(name, (tmp_path / name).read_bytes().decode("utf-8", "replace")) for name in ("own.db", "books")]
    assert "presidio" in caplog.text
    assert told(search(kept, [*given.planted, *in_records])) == []


@pytest.mark.acceptance
def test_no_committed_cassette_holds_an_identifier() -> None:
    redactor = Redactor()
    for cassette in sorted((ROOT / "fixtures" / "cassettes").glob("*.yaml")):
        found = set(redactor.identifiers_in(cassette.read_text(encoding="utf-8"))) - {"LONG_NUMBER"}
        assert not found, cassette.name
