"""An id is kept as it comes, so one that is a card number must not come in."""

from __future__ import annotations

import pytest

from agent.intake import BadRecord, parse
from agent.intake.record import holds_card

CARD = "4242424242424242"


@pytest.mark.parametrize("text", [CARD, "call-4242 4242 4242 4242", "c_378282246310005", "x4242-4242-4242-4242y"])
def test_a_card_number_is_seen(text: str) -> None:
    assert holds_card(text)


@pytest.mark.parametrize(
    "text",
    [
        "call_f3593e94f625",
        "4242424242424241",
        "550e8400-e29b-41d4-a716-446655440000",
        "KS-20261112-0007",
        "+12025550143",
        "",
    ],
)
def test_an_ordinary_id_is_not(text: str) -> None:
    assert not holds_card(text)


@pytest.mark.parametrize("field", ["call_id", "workspace_id"])
def test_the_record_is_refused_without_showing_the_number(field: str) -> None:
    record = {"call_id": "call_1", "workspace_id": "ws_1"} | {field: CARD}
    turns = '"turns": [{"speaker": "caller", "text": "hello"}]'
    fields = ", ".join(f'"{name}": "{value}"' for name, value in record.items())
    (bad,) = parse(f"{{{fields}, {turns}}}".encode())
    assert isinstance(bad, BadRecord)
    assert bad.message.startswith(f"{field} holds a card number")
    assert CARD not in bad.message


def test_a_card_in_a_number_field_is_a_withheld_number() -> None:
    body = b'{"call_id": "c1", "from_number": "378282246310005", "turns": [{"speaker": "caller", "text": "hello"}]}'
    (call,) = parse(body)
    assert not isinstance(call, BadRecord)
    assert call.from_number is None
