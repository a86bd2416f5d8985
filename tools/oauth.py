"""Systems behind OAuth 2.0: a fixed access token, or one renewed with a refresh token.

Vendors that rotate refresh tokens (QuickBooks, Zendesk) make every older one useless, so the newest is
kept in ``BILLING_AGENT_<SYSTEM>_TOKEN_FILE`` (mode 600) when that is set.
"""

from __future__ import annotations

import json
import os
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import httpx

from tools.connector import NotConfigured, Unavailable
from tools.http import HttpConnector, segment
from tools.shapes import table, text

_EARLY = timedelta(seconds=60)
_SHORTEST_LIFE = 120


class OAuthConnector(HttpConnector):
    """A connector with a bearer token. Credentials: access_token, or refresh_token with client_id and
    client_secret. ``renewal_address`` is where tokens are renewed; ``{field}`` is filled from the credentials."""

    renewal_address: ClassVar[str] = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lock = threading.Lock()
        self._token: str | None = None
        self._renew_at: datetime | None = None
        self._refresh: str | None = None

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._bearer()}"}

    def _bearer(self) -> str:
        if not self.renewal_address or self.option("refresh_token") is None:
            return self.secret("access_token")
        with self._lock:
            if self._token is None or self._renew_at is None or self.now() >= self._renew_at:
                self._renew()
            return self._token or ""

    def _renew(self) -> None:
        form = {"grant_type": "refresh_token", "refresh_token": self._refresh or self._stored() or ""}
        client = (self.secret("client_id"), self.secret("client_secret"))
        form |= {"client_id": client[0], "client_secret": client[1]}
        fields = [part.split("}", 1)[0] for part in self.renewal_address.split("{")[1:]]
        address = self.renewal_address.format(**{name: segment(self.secret(name)) for name in fields})
        try:
            answer = self.client.post(address, data=form, auth=client, headers={"Accept": "application/json"})
        except httpx.TransportError:
            raise Unavailable(self.system, "the token service could not be reached") from None
        if answer.status_code == 429 or answer.status_code >= 500:
            raise Unavailable(self.system, "the token service is not available", status=answer.status_code)
        token = self._take(answer)
        if answer.status_code >= 300 or token is None:
            raise NotConfigured(self.system, "the refresh token was refused; connect the system again", status=401)
        self._token = token

    def _take(self, answer: httpx.Response) -> str | None:
        try:
            data = table(answer.json())
        except ValueError:
            return None
        life = data.get("expires_in")
        seconds = life if isinstance(life, int) and not isinstance(life, bool) else 3600
        self._renew_at = self.now() + timedelta(seconds=max(seconds, _SHORTEST_LIFE)) - _EARLY
        newest = text(data.get("refresh_token"))
        if newest and newest != self._refresh:
            self._refresh = newest
            self._keep(newest)
        return text(data.get("access_token"))

    def _stored(self) -> str | None:
        path = self.option("token_file")
        if path is not None:
            try:
                return text(table(json.loads(Path(path).read_text(encoding="utf-8"))).get("refresh_token"))
            except FileNotFoundError:
                pass
            except (OSError, ValueError):
                raise NotConfigured(self.system, "the token file cannot be read") from None
        return self.option("refresh_token")

    def _keep(self, refresh_token: str) -> None:
        path = self.option("token_file")
        if path is None:
            return
        fresh = Path(f"{path}.new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"refresh_token": refresh_token}, file)
        fresh.replace(path)
