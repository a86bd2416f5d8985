"""What every connector shares: one way to send, to judge an answer and to wait.

Reads are tried again a bounded number of times, with capped back-off, jitter and the vendor's
Retry-After. Writes are sent once: an answer that never came is ``Lost``. No message holds response
text, an address with its query, or a secret.
"""

from __future__ import annotations

import json as jsonlib
import logging
import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any, ClassVar
from urllib.parse import quote

import httpx

from tools.connector import Credentials, Lost, Missing, NotConfigured, Rejected, ToolError, Unavailable

_TIMEOUT = httpx.Timeout(20.0, connect=5.0)
_LIMITS = httpx.Limits(max_connections=20, max_keepalive_connections=10, keepalive_expiry=30.0)
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)

Params = Mapping[str, str | int | bool]


class Verdict(Enum):
    """What an answer means, before it is known whether the request was a read or a write."""

    MISSING = "knows no such object"
    REFUSED = "refused the request"
    FORBIDDEN = "refused the credentials or their rights"
    CONFLICT = "reported a conflict"
    THROTTLED = "asked to slow down"
    TROUBLE = "gave no usable answer"


@dataclass(frozen=True, slots=True)
class Judgement:
    """An answer that is no success: what it means, and a reason in our own words."""

    verdict: Verdict
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """A vendor's answer. ``data`` is its JSON, None when there is no body or it is not JSON."""

    status: int
    data: Any = field(default=None, repr=False)
    headers: httpx.Headers = field(default_factory=httpx.Headers, repr=False)
    readable: bool = True


@dataclass(frozen=True, slots=True)
class Patience:
    """How a read is tried again: ``attempts`` in all, waits doubling from ``first`` to ``cap`` seconds; a
    vendor that asks for more than ``longest`` seconds is not waited for."""

    attempts: int = 3
    first: float = 0.5
    cap: float = 8.0
    longest: float = 20.0

    def wait(self, attempt: int, asked: float | None, chance: float) -> float | None:
        """Seconds before the next try after ``attempt`` tries, or None to give up.

        ``asked`` is what the vendor asked for; ``chance`` in 0..1 spreads the waits of many workers.
        """
        if attempt >= self.attempts or (asked is not None and asked > self.longest):
            return None
        backoff = min(self.cap, self.first * 2.0 ** (attempt - 1)) * (0.5 + chance / 2)
        return max(backoff, asked or 0.0)


_QUERY = re.compile(r"(https?://)(?:[^\s\"/?]*@)?([^\s\"?]*)\?[^\s\"]*")


class _BareAddresses(logging.Filter):
    """Takes the query off addresses in httpx's own log lines: queries carry tokens and e-mail addresses. A line
    that somebody formatted before us is searched for them."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                str(a.copy_with(query=None, userinfo=b"")) if isinstance(a, httpx.URL) else a for a in record.args
            )
        if not record.args:
            record.msg = _QUERY.sub(r"\1\2", str(record.msg))
        return True


_BARE_ADDRESSES = _BareAddresses()


def segment(value: str | int) -> str:
    """One path segment, escaped so that an id can never change the path."""
    return quote(str(value), safe="") or "-"


def retry_after(headers: httpx.Headers, now: datetime) -> float | None:
    """Seconds of a Retry-After header (a number or an HTTP date), None when there is none."""
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds())


def _utc_now() -> datetime:
    return datetime.now(UTC)


class HttpConnector:
    """Base of every connector: credentials, one kept-alive client, and the rules above.

    Subclasses set ``system`` and ``home`` (the vendor's address; ``{field}`` is filled from the
    credentials), say in ``headers`` how they authenticate, and may refine ``judge``.
    ``busy_wait`` is what the vendor wants after a 429 without Retry-After, in seconds.
    """

    system: ClassVar[str]
    home: ClassVar[str]
    busy_wait: ClassVar[float] = 1.0

    def __init__(
        self,
        credentials: Credentials,
        *,
        transport: httpx.BaseTransport | None = None,
        patience: Patience | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self.credentials = credentials
        self.client = httpx.Client(transport=transport, timeout=_TIMEOUT, limits=_LIMITS, follow_redirects=False)
        self.patience = patience or Patience()
        self.now = now
        self._sleep = sleep
        self.transport = transport
        logging.getLogger("httpx").addFilter(_BARE_ADDRESSES)

    def close(self) -> None:
        """Give the connections back."""
        self.client.close()

    def secret(self, name: str) -> str:
        """A credential that may stand in a header. Raises NotConfigured that names the variable."""
        value = self.credentials.get(name).strip()
        if not value or not value.isascii() or not value.isprintable():
            variable = f"BILLING_AGENT_{self.system}_{name}".upper()
            raise NotConfigured(
                self.system, f"not configured: {variable} is empty or has characters no header may carry"
            )
        return value

    def option(self, name: str) -> str | None:
        """An optional setting of the system."""
        return self.credentials.values.get(name) or None

    def require(self) -> None:
        """Raise NotConfigured when a credential that every request needs is missing."""
        self.address("")
        self.headers()

    def address(self, path: str) -> str:
        """The full address of ``path``. Anything but https is refused, except on this machine."""
        base = self.option("base_url")
        if base is None:
            fields = [part.split("}", 1)[0] for part in self.home.split("{")[1:]]
            base = self.home.format(**{name: segment(self.secret(name)) for name in fields})
        try:
            url = httpx.URL(base)
        except httpx.InvalidURL:
            url = httpx.URL("")
        if url.scheme != "https" and url.host not in ("127.0.0.1", "localhost", "::1"):
            raise NotConfigured(self.system, f"BILLING_AGENT_{self.system.upper()}_BASE_URL must begin with https://")
        return base.rstrip("/") + path

    def headers(self) -> dict[str, str]:
        """Headers of every request, with the credentials."""
        return {"Authorization": f"Bearer {self.secret('access_token')}"}

    def judge(self, reply: Reply) -> Judgement | None:
        """What ``reply`` means, None for success. Status codes first; bodies where a vendor needs it."""
        status = reply.status
        if status < 300:
            return None if reply.readable else Judgement(Verdict.TROUBLE, "the answer could not be read")
        by_status = {
            401: Verdict.FORBIDDEN,
            403: Verdict.FORBIDDEN,
            404: Verdict.MISSING,
            408: Verdict.TROUBLE,
            409: Verdict.CONFLICT,
            410: Verdict.MISSING,
            424: Verdict.TROUBLE,
            425: Verdict.THROTTLED,
            429: Verdict.THROTTLED,
        }
        return Judgement(by_status.get(status, Verdict.TROUBLE if status >= 500 else Verdict.REFUSED))

    def read(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        attempts: int | None = None,
    ) -> Reply:
        """Ask for something; tried again within ``patience``.

        Raises Missing, Rejected, Unavailable or NotConfigured.
        """
        patience = self.patience if attempts is None else Patience(attempts=attempts)
        attempt = 0
        while True:
            attempt += 1
            asked: float | None = None
            try:
                reply = self._send(method, path, params=params, json=json, form=form)
            except (httpx.TransportError, httpx.DecodingError):
                failure: ToolError = Unavailable(self.system, "could not be reached")
            else:
                judgement = self.judge(reply)
                if judgement is None:
                    return reply
                failure = self._read_failure(reply, judgement)
                asked = self._asked_wait(reply, judgement)
            again = isinstance(failure, Unavailable)
            wait = patience.wait(attempt, asked, random.random()) if again else None
            if wait is None:
                raise failure
            self._sleep(wait)

    def write(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Do something, once.

        Raises Rejected or Missing (nothing happened), Unavailable (nothing was carried out), Lost (not known).
        """
        try:
            reply = self._send(method, path, params=params, json=json, form=form, content=content, headers=headers)
        except _NOT_SENT:
            raise Unavailable(self.system, "could not be reached; nothing was sent") from None
        except (httpx.TransportError, httpx.DecodingError):
            raise Lost(self.system, "no answer came back; whether it happened is not known") from None
        judgement = self.judge(reply)
        if judgement is None:
            return reply
        match judgement.verdict:
            case Verdict.TROUBLE | Verdict.CONFLICT:
                kind: type[ToolError] = Lost
            case Verdict.THROTTLED:
                kind = Unavailable
            case Verdict.MISSING:
                kind = Missing
            case _:
                kind = Rejected
        raise self._error(kind, reply, judgement) from None

    def lost(self, reason: str) -> Lost:
        """The error for an effect whose outcome cannot be established."""
        return Lost(self.system, reason)

    def rejected(self, reason: str) -> Rejected:
        """The error for an effect that is refused before or by the vendor."""
        return Rejected(self.system, reason)

    def missing(self, what: str) -> Missing:
        """The error for an object that is not there."""
        return Missing(self.system, f"knows no such {what}", status=404)

    def _asked_wait(self, reply: Reply, judgement: Judgement) -> float | None:
        """Seconds the vendor wants us to wait; endless when it wants no second try."""
        if reply.headers.get("stripe-should-retry") == "false":
            return float("inf")
        asked = retry_after(reply.headers, self.now())
        return self.busy_wait if asked is None and judgement.verdict is Verdict.THROTTLED else asked

    def _read_failure(self, reply: Reply, judgement: Judgement) -> ToolError:
        match judgement.verdict:
            case Verdict.TROUBLE | Verdict.THROTTLED:
                return self._error(Unavailable, reply, judgement)
            case Verdict.MISSING:
                return self._error(Missing, reply, judgement)
            case _:
                return self._error(Rejected, reply, judgement)

    def _error(self, kind: type[ToolError], reply: Reply, judgement: Judgement) -> ToolError:
        return kind(self.system, f"{judgement.reason or judgement.verdict.value} ({reply.status})", status=reply.status)

    def _send(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        given = {"Accept": "application/json", **self.headers(), **(headers or {})}
        response = self.client.request(
            method, self.address(path), params=dict(params or {}), json=json, data=form, content=content, headers=given
        )
        return _reply(response)


def _reply(response: httpx.Response) -> Reply:
    if not response.content.strip():
        return Reply(response.status_code, None, response.headers, response.status_code in (202, 204))
    try:
        data = jsonlib.loads(response.content)
    except ValueError:
        return Reply(response.status_code, None, response.headers, readable=False)
    return Reply(response.status_code, data, response.headers)
