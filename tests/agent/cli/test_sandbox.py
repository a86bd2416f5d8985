from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.agent.cli.conftest import Command

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_world_is_served_until_stopped(tmp_path: Path, how: signal.Signals) -> None:
    (tmp_path / "w.json").write_text(
        json.dumps({"stripe": {"customers": [{"id": "cus_Fern", "email": "f@g.example"}]}})
    )
    arguments = ["sandbox", "serve", "--world", "w.json", "--books", "b.jsonl", "--port", "0"]
    with subprocess.Popen(
        [sys.executable, "-m", "agent.cli", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), "BILLING_AGENT_HOST": "192.0.2.1", "BILLING_AGENT_PORT": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        answer = httpx.get(f"{address}/stripe/v1/customers/cus_Fern", headers={"Authorization": "Bearer x"})
        assert (answer.status_code, answer.json()["email"]) == (200, "f@g.example")
        process.send_signal(how)
        try:
            assert process.wait(10) == 0
        finally:
            process.kill()
        assert "a sandbox, not the vendors" in process.stderr.read()
    (entry,) = [json.loads(row) for row in Path("b.jsonl").read_text().splitlines()]
    assert (entry["system"], entry["path"]) == ("stripe", "/v1/customers/cus_Fern")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--host", "0.0.0.0"), 2, "--host: a sandbox is served on this machine only, at 127.0.0.1 or localhost"),  # noqa: S104
        (("--host", "example.org"), 2, "on this machine only"),
        (("--port", "many"), 2, "--port must be a whole number up to 65535"),
        (("--port", "70000"), 2, "--port must be a whole number up to 65535"),
        (("--world", "nowhere.json"), 3, "does not exist"),
    ],
)
def test_what_cannot_be_served_is_one_sentence(
    command: Command, world: str, arguments: tuple[str, ...], code: int, told: str
) -> None:
    ran = command("sandbox", "serve", "--world", world, *arguments)
    assert (ran.code, ran.out, ran.err.count("\n")) == (code, "", 1)
    assert told in ran.err


def test_a_port_in_use_is_named(command: Command, world: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ran = command("sandbox", "serve", "--world", world, "--port", port)
    assert (ran.code, f"port {port} of 127.0.0.1 cannot be used" in ran.err) == (3, True)
