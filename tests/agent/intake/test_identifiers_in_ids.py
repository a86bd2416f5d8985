"""An id is kept as it comes, so one that is a card number must not come in."""

from __future__ import annotations

import pytest

from agent.intake import BadRecord, parse
from agent.intake.record import holds_card, identifier_in, shown

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


IBAN = "DE89370400440532013000"
SSN = "536-22-1234"
SPELLED = "five three six two two one two three four"


@pytest.mark.parametrize(
    ("text", "held"),
    [
        (CARD, "a card number"),
        (f"call_{IBAN}", "a bank account number"),
        ("DE89 3704 0044 0532 0130 00", "a bank account number"),
        (SSN, "a Social Security number"),
        ("call 536 22 1234", "a Social Security number"),
        (SPELLED, "a number in words"),
        ("cuatro-dos-cuatro-dos", "a number in words"),
    ],
)
def test_what_an_id_plainly_is_is_named(text: str, held: str) -> None:
    assert identifier_in(text) == held


@pytest.mark.parametrize(
    "text",
    [
        "CA6e9dcb6c8af2848aae7ee7053f361be2",
        "01JD3PZ8W7QK5M2N4R6T8V0XYZ",
        "1732147200-42",
        "call-one-two",
        "KS-2026-11-12-0007",
        "536-22-12345",
        "DE89370400440532013001",
    ],
)
def test_an_id_that_only_looks_odd_is_one(text: str) -> None:
    assert identifier_in(text) is None


@pytest.mark.parametrize("field", ["call_id", "workspace_id"])
@pytest.mark.parametrize("value", [IBAN, SSN, SPELLED])
def test_no_other_identifier_is_taken_for_an_id_either(field: str, value: str) -> None:
    fields = {"call_id": "call_1", "workspace_id": "ws_1"} | {field: value}
    turns = '"turns": [{"speaker": "caller", "text": "hello"}]'
    body = ", ".join(f'"{name}": "{text}"' for name, text in fields.items())
    (bad,) = parse(f"{{{body}, {turns}}}".encode())
    assert isinstance(bad, BadRecord)
    assert bad.message.startswith(f"{field} holds a")
    assert value not in bad.message


@pytest.mark.parametrize("value", [SSN, IBAN, "4242 4242 4242 4242", SPELLED])
def test_an_identifier_in_a_number_field_is_a_withheld_number(value: str) -> None:
    (call,) = parse(
        f'{{"call_id": "c1", "to_number": "{value}", "turns": [{{"speaker": "caller", "text": "hi"}}]}}'.encode()
    )
    assert not isinstance(call, BadRecord)
    assert call.to_number is None


@pytest.mark.parametrize("name", ["card_4242_4242_4242_4242", "cvv_seven_three_seven", "x12345", "a-b.4-2.4-2.4"])
def test_a_field_name_that_holds_a_number_is_not_shown(name: str) -> None:
    assert shown(name) == "(a field with an unusual name)"


def test_a_call_shows_none_of_its_texts_numbers_and_links() -> None:
    fields = ("from_number", "recording_url", "transcript_url", "crm_url", "support_ticket", "payment_platform_url")
    body = ", ".join(f'"{name}": "+12025550143"' for name in (*fields, "summary"))
    (call,) = parse(f'{{"call_id": "c1", {body}, "turns": [{{"speaker": "caller", "text": "+12025550143"}}]}}'.encode())
    assert "2025550143" not in repr(call)
