"""Work in other processes: chunks go out, and what became of them comes back in the order they went.

Only so many chunks are under way that a slow worker never makes the input pile up in memory. Ctrl-C is for us
alone: we end the workers, and they end by themselves when we are killed.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, TypeVar

from agent.cli.guard import guarded
from agent.errors import AgentError

T = TypeVar("T")
R = TypeVar("R")

_WAITING = 4
"""Chunks under way for each worker."""


class WorkerLost(AgentError):
    """a worker process was killed or ran out of memory: nothing from its records on was done; try --jobs 1"""


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_workers(
    chunks: Iterator[list[T]],
    work: Callable[[list[T]], R],
    jobs: int,
    begin: Callable[..., None],
    *begin_with: Any,
) -> Iterator[R]:
    """``work`` of every chunk, in order, by ``jobs`` processes that each call ``begin(*begin_with)`` first.

    Functions and arguments must be picklable. Raises WorkerLost. Closing the iterator ends every worker.
    """
    before = set(multiprocessing.active_children())
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, mp_context=spawn, initializer=_begin, initargs=(begin, begin_with))
    waiting: deque[Future[R]] = deque()
    finished = False
    try:
        for chunk in chunks:
            with _uninterrupted():  # a child begins with our signal mask
                waiting.append(pool.submit(_guarded, work, chunk))
            if len(waiting) >= jobs * _WAITING:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
        finished = True
    except BrokenProcessPool:
        raise WorkerLost from None
    finally:
        with _uninterrupted():
            if not finished:
                for child in set(multiprocessing.active_children()) - before:
                    child.terminate()
            pool.shutdown(cancel_futures=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits until the block is done."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(begin: Callable[..., None], begin_with: tuple[Any, ...]) -> None:
    """Runs once in every worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    begin(*begin_with)


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _guarded(work: Callable[[T], R], chunk: T) -> R:
    """What a library writes in a worker is guarded as it is here."""
    with guarded():
        return work(chunk)
