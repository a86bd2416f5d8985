"""Record fixtures/cassettes anew: ``python -m tests.tools.record_cassettes``.

The sandbox is served on this machine and asked over HTTP by the connectors; vcrpy writes down what passes.
"""

from __future__ import annotations

import threading

from vcr import VCR

from tests.tools.cassettes import EXCHANGES, ORIGIN, PORT, cassette_of, over_the_wire, play, recording_rules
from tests.tools.conftest import NOW
from tests.tools.worlds import world
from tools.connector import Answer
from tools.sandbox.server import SandboxServer
from tools.sandbox.transport import Sandbox
from tools.sandbox.world import World


def record(system: str) -> int:
    """Write one system's cassette from a fresh sandbox; gives how many requests it holds."""
    made = World.of(world())
    path = cassette_of(system)
    path.unlink(missing_ok=True)
    with SandboxServer(made, port=PORT) as server:
        server.sandbox = Sandbox(made, now=lambda: NOW)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        toolbox = over_the_wire()
        try:
            with VCR(record_mode="all", **recording_rules()).use_cassette(str(path)) as cassette:
                answers = list(play(system, toolbox))
        finally:
            toolbox.close()
            server.shutdown()
            thread.join()
    if not all(isinstance(answer, Answer) for answer in answers):
        raise RuntimeError(f"{system}: an exchange has no answer, so its cassette would prove nothing")
    path.write_text(ORIGIN + path.read_text(encoding="utf-8"), encoding="utf-8")
    return len(cassette)


def main() -> None:
    """Record every system."""
    for system in EXCHANGES:
        print(f"{cassette_of(system).name}: {record(system)} requests")


if __name__ == "__main__":
    main()
