"""The test bed: a scrubbed environment, no network, and a home and store of each test's own."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

LOOPBACK = [r"127\.0\.0\.1$", r"::1$", r"localhost$", "/"]
"""Where tests may connect, as patterns for pytest-recording's --block-network; the last is a Unix socket's path."""

_SCRUBBED = ("OPENAI_", "BILLING_AGENT_", "STRIPE_", "SLACK_", "GOOGLE_", "AWS_", "HUBSPOT_", "ZENDESK_")


@pytest.fixture(autouse=True)
def _clean_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A laptop with live keys cannot spend money through a test."""
    for name in list(os.environ):
        if name.startswith(_SCRUBBED):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def allowed_hosts(request: pytest.FixtureRequest) -> list[str]:
    """What pytest-recording lets through where it blocks: what ``_no_network`` does, unless a test names hosts."""
    marker = request.node.get_closest_marker("block_network")
    own: list[str] | None = marker.kwargs.get("allowed_hosts") if marker else None
    return LOOPBACK if own is None else own


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only loopback connections are possible."""
    real = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and host not in ("127.0.0.1", "::1", "localhost"):
            raise RuntimeError(f"a test tried to reach {host}")
        real(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)
