"""What Gmail, Drive and Sheets share: token renewal, and errors that only the reason tells apart."""

from __future__ import annotations

from tools.http import Judgement, Reply, Verdict
from tools.oauth import OAuthConnector
from tools.shapes import rows, table

_BUSY = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded", "quotaExceeded"})


class GoogleConnector(OAuthConnector):
    """Credentials: access_token, or refresh_token with client_id and client_secret."""

    renewal_address = "https://oauth2.googleapis.com/token"

    def judge(self, reply: Reply) -> Judgement | None:
        """A 403 may mean a used-up quota: look at the reason, not at the status alone."""
        judgement = super().judge(reply)
        if judgement is not None and reply.status == 403:
            error = table(table(reply.data).get("error"))
            reasons = {str(row.get("reason")) for row in rows(error.get("errors"))}
            if reasons & _BUSY or error.get("status") == "RESOURCE_EXHAUSTED":
                return Judgement(Verdict.THROTTLED)
        return judgement
