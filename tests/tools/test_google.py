"""What Gmail, Drive and Sheets share: only the reason tells a full quota from missing rights."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tools.conftest import Lab
from tools.connector import Rejected, Unavailable

MAIL: dict[str, Any] = {"to": "zoe@lanternbakery.example", "subject": "Receipt", "body": "Hello"}


@pytest.mark.parametrize(
    ("reason", "error"), [("userRateLimitExceeded", Unavailable), ("insufficientPermissions", Rejected)]
)
def test_a_403_is_read_by_its_reason(lab: Lab, reason: str, error: type[Exception]) -> None:
    lab.faults.answer("gmail", 403, body={"error": {"code": 403, "errors": [{"reason": reason}]}})
    with pytest.raises(error):
        lab.run("gmail.send_message", **MAIL)
    assert len(lab.wire.requests) == 1
