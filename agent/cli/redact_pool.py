"""Many records at once, some at a time, by as many processes as pay."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from itertools import chain, islice

from agent.cli.redact_tasks import Done, Rules, Task, redact_task
from agent.cli.workers import cores, in_workers
from agent.redaction import Redactor

_SMALL = 256
"""Records that are redacted before more processes are worth their start (some seconds each)."""

_CHUNK_RECORDS = 32
_CHUNK_BYTES = 512 * 1024


def redact_all(tasks: Iterator[Task], rules: Rules, jobs: int | None) -> Generator[list[Done], None, None]:
    """What becomes of ``tasks``, in their order, some at a time.

    ``jobs`` workers, or None: this process, and one for each core once the input is long. Raises WorkerLost.
    Closing the generator ends every worker.
    """
    alone = jobs == 1 or (jobs is None and cores() == 1)
    redactor = rules.redactor()
    if jobs is None or alone:
        for task in tasks if alone else islice(tasks, _SMALL):
            yield [redact_task(task, redactor, explain=rules.explain)]
    first = next(tasks, None)
    if first is not None:
        yield from in_workers(_chunks(chain([first], tasks)), _redact_chunk, jobs or cores(), _begin, rules)


def _chunks(tasks: Iterator[Task]) -> Iterator[list[Task]]:
    chunk: list[Task] = []
    size = 0
    for task in tasks:
        chunk.append(task)
        size += task.size
        if len(chunk) >= _CHUNK_RECORDS or size >= _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


class _Worker:
    """What a worker process keeps between chunks."""

    redactor: Redactor
    rules: Rules


def _begin(rules: Rules) -> None:
    _Worker.rules, _Worker.redactor = rules, rules.redactor()


def _redact_chunk(chunk: list[Task]) -> list[Done]:
    return [redact_task(task, _Worker.redactor, explain=_Worker.rules.explain) for task in chunk]
