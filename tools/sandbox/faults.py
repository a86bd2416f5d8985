"""Failures to order, for tests: what goes wrong, on which request, how often."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Moment = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One failure. ``when`` says whether the request takes effect first. Without a ``status`` the
    connection fails: before as one that was never made, after as an answer that never came."""

    when: Moment
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass
class _Order:
    system: str
    path: str
    method: str | None
    fault: Fault
    left: int


class Faults:
    """Orders for failures, used up first come first served."""

    def __init__(self) -> None:
        self._orders: list[_Order] = []

    def answer(
        self,
        system: str,
        status: int,
        *,
        path: str = "",
        method: str | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        times: int = 1,
        when: Moment = "before",
    ) -> None:
        """Answer with ``status`` and ``body`` (JSON, or bytes as they are)."""
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        self._order(system, path, method, Fault(when, status, dict(headers or {}), content), times)

    def lose(self, system: str, *, path: str = "", method: str | None = None, times: int = 1) -> None:
        """Do what was asked, then never answer."""
        self._order(system, path, method, Fault("after"), times)

    def refuse(self, system: str, *, path: str = "", method: str | None = None, times: int = 1) -> None:
        """Let no connection be made."""
        self._order(system, path, method, Fault("before"), times)

    def garble(self, system: str, *, path: str = "", method: str | None = None, times: int = 1) -> None:
        """Do what was asked, then answer with a body that cannot be read."""
        self._order(system, path, method, Fault("after", 200, {}, b"<html>oops"), times)

    def take(self, system: str, method: str, path: str) -> Fault | None:
        """The failure ordered for this request, if any; one use of it is spent."""
        for order in self._orders:
            if order.left and order.system == system and order.path in path and order.method in (None, method):
                order.left -= 1
                return order.fault
        return None

    def _order(self, system: str, path: str, method: str | None, fault: Fault, times: int) -> None:
        self._orders.append(_Order(system, path, method, fault, times))
