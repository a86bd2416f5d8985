"""Calls that several tests look at are handled once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.acceptance.stage import Ended, handled

Handle = Callable[[str], Ended]


@pytest.fixture(scope="session")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handle]:
    """A labelled call, handled once with no signals and nothing changed."""
    known: dict[str, Ended] = {}
    with ExitStack() as stack:

        def handle(call_id: str) -> Ended:
            if call_id not in known:
                known[call_id] = stack.enter_context(handled(tmp_path_factory.mktemp(call_id), call_id))
            return known[call_id]

        yield handle
