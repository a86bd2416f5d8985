"""Many records: in order, in bounded memory, and never a word of a record that no worker redacted."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count, islice
from pathlib import Path

import pytest

from agent.cli import INTERRUPTED, PIPE_CLOSED, redact_pool
from agent.cli.redact_pool import redact_all
from agent.cli.redact_tasks import Done, Rules, Task
from agent.cli.workers import WorkerLost
from agent.intake.stream import Line
from tests.agent.cli.conftest import Command

ROOT = Path(__file__).parents[3]
CARD = "4242424242424242"


def record(number: int) -> bytes:
    said = f"card {CARD}" if number % 3 else "hello there"
    return json.dumps({"id": f"r{number}", "turns": [{"speaker": "caller", "text": said}]}).encode()


def tasks(numbers: Iterator[int] | range) -> Iterator[Task]:
    return (Task("x.jsonl", Line(number, record(number))) for number in numbers)


def ids(done: Iterator[list[Done]]) -> list[str]:
    return [json.loads(one.out)["id"] for chunk in done for one in chunk]


def test_a_short_input_needs_no_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redact_pool, "in_workers", None)
    for jobs in (None, 1):
        assert ids(redact_all(tasks(range(20)), Rules(), jobs)) == [f"r{number}" for number in range(20)]
    assert ids(redact_all(tasks(range(300)), Rules(), 1)) == [f"r{number}" for number in range(300)]


@pytest.mark.acceptance
def test_a_long_input_comes_back_in_order_and_is_read_only_as_far_as_it_is_worked_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(redact_pool, "_SMALL", 5)
    monkeypatch.setattr(redact_pool, "_CHUNK_RECORDS", 4)
    monkeypatch.setattr(redact_pool, "cores", lambda: 2)
    taken = 0

    def endless() -> Iterator[Task]:
        nonlocal taken
        for task in tasks(count()):
            taken += 1
            yield task

    with closing(redact_all(endless(), Rules(), None)) as redacted:
        found = ids(islice(redacted, 5 + 20))
        assert found == [f"r{number}" for number in range(5 + 20 * 4)]
        assert taken <= len(found) + 2 * 4 * 4 + 4, "the input is not read ahead without end"
    assert not multiprocessing.active_children(), "closing ends every worker"


@pytest.mark.acceptance
def test_a_worker_that_dies_is_one_sentence_and_nothing_unredacted() -> None:
    before = set(multiprocessing.active_children())
    shown: list[Done] = []
    with closing(redact_all(tasks(count()), Rules(), 2)) as redacted:
        shown += next(redacted)
        for child in set(multiprocessing.active_children()) - before:
            child.kill()
        with pytest.raises(WorkerLost) as caught:
            shown.extend(one for chunk in redacted for one in chunk)
    assert "ran out of memory" in str(caught.value)
    assert caught.value.exit_code == 1
    assert [json.loads(one.out)["id"] for one in shown] == [f"r{number}" for number in range(len(shown))]
    assert not [one for one in shown if CARD in one.out]
    assert not set(multiprocessing.active_children()) - before


def test_chunks_are_bounded_in_records_and_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redact_pool, "_CHUNK_BYTES", 1000)
    sizes = [10] * 100 + [900, 900, 5000, 10]
    made = redact_pool._chunks(Task("x", Line(at, b"x" * (size - 1))) for at, size in enumerate(sizes))
    chunks = [[task.size for task in chunk] for chunk in made]
    assert [size for chunk in chunks for size in chunk] == sizes
    assert all(len(chunk) <= 32 and sum(chunk[:-1]) < 1000 for chunk in chunks)


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """``billing-agent redact`` at work on an input that is not over yet."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "agent.cli", "redact", *arguments]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, env=env, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    with process:
        try:
            process.stdin.write(b"".join(record(number) + b"\n" for number in range(600)))
            process.stdin.flush()
            yield process
        finally:
            process.kill()


def family(process: subprocess.Popen[bytes]) -> list[int]:
    """Every process of the session that is still there."""
    listed = subprocess.run(["ps", "-eo", "pid=,sess=,stat="], capture_output=True, text=True, check=True).stdout
    rows = (row.split() for row in listed.splitlines())
    return [int(pid) for pid, session, state in rows if int(session) == process.pid and not state.startswith("Z")]


def gone(process: subprocess.Popen[bytes], within: float = 15.0) -> bool:
    until = time.monotonic() + within
    while family(process) and time.monotonic() < until:
        time.sleep(0.1)
    return not family(process)


@pytest.mark.acceptance
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_every_process_with_130_and_one_line(jobs: str) -> None:
    with running("--jobs", jobs) as process:
        assert json.loads(process.stdout.readline())["id"] == "r0"  # type: ignore[union-attr]
        os.killpg(process.pid, signal.SIGINT)
        rest, errors = process.communicate(timeout=20)
        assert process.returncode == INTERRUPTED
        assert errors == b"billing-agent: interrupted\n"
        assert CARD.encode() not in rest
        assert gone(process)


@pytest.mark.acceptance
def test_a_reader_that_goes_away_ends_every_process_quietly() -> None:
    with running("--jobs", "2") as process:
        process.stdout.readline()  # type: ignore[union-attr]
        process.stdout.close()  # type: ignore[union-attr]
        process.stdin.close()  # type: ignore[union-attr]
        assert process.wait(20) == PIPE_CLOSED
        assert process.stderr.read() == b""  # type: ignore[union-attr]
        assert gone(process)


@pytest.mark.acceptance
@pytest.mark.skipif(sys.platform != "linux", reason="looks at the processes of a session")
def test_workers_do_not_outlive_a_killed_parent() -> None:
    with running("--jobs", "2") as process:
        process.stdout.readline()  # type: ignore[union-attr]
        assert len(family(process)) > 2
        process.kill()
        process.wait(20)
        assert gone(process)


def in_this_process(
    chunks: Iterator[list[Task]],
    work: Callable[[list[Task]], list[Done]],
    jobs: int,
    begin: Callable[[Rules], None],
    rules: Rules,
) -> Iterator[list[Done]]:
    """Workers without their start, which takes seconds."""
    assert jobs == 2
    begin(rules)
    yield from map(work, chunks)


@pytest.mark.parametrize("workers", [False, pytest.param(True, marks=pytest.mark.acceptance)])
def test_all_ways_of_working_give_the_same_bytes(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: bool
) -> None:
    monkeypatch.setattr(redact_pool, "_SMALL", 20)
    monkeypatch.setattr(redact_pool, "_CHUNK_RECORDS", 8)
    monkeypatch.setattr(redact_pool, "cores", lambda: 2)
    if not workers:
        monkeypatch.setattr(redact_pool, "in_workers", in_this_process)
    bad = [b"{not json", b'{"id": "x", "turns": 5}', b'{"id": "4242424242424242", "turns": []}']
    rows = [record(n) for n in range(30)] + bad + [record(n) for n in range(30, 50)]
    (tmp_path / "many.jsonl").write_bytes(b"\n".join(rows))
    (tmp_path / "text.txt").write_text(f"Agent: hi\nCustomer: {CARD}\n")
    ran = [command("redact", "many.jsonl", "text.txt", *more) for more in (["--jobs", "1"], ["--jobs", "2"], [])]
    assert [(one.code, one.err) for one in ran] == [(1, "")] * 3
    assert ran[0].out == ran[1].out == ran[2].out
    assert ran[0].out.count("\n") == 55
    assert CARD not in ran[0].out
