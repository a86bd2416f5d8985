"""JSON records: no field is lost, no value passes unread, and a long list costs as much as its entries."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count, islice
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import RedactionError
from agent.redaction import Redactor
from agent.redaction.finding import Finding
from agent.redaction.readbacks import Index
from agent.redaction.recognizers.cards import is_card
from agent.redaction.scalars import as_text

REDACTOR = Redactor()
CARD = "4242424242424242"


def test_names_that_become_one_are_numbered_and_nothing_is_lost() -> None:
    value = {f"card {CARD}": 1, "card 4242 4242 4242 4242": 3, "card <CARD_1>": 4, "card <CARD_1> (2)": 5, int(CARD): 6}
    clean = REDACTOR.redact_json(value)
    assert sorted(clean.values()) == [1, 3, 4, 5, 6]
    assert not any("4242" in str(name) for name in clean)


def test_names_without_identifiers_stay_also_beside_one_that_becomes_the_same() -> None:
    clean = REDACTOR.redact_json(
        {"a": {f"card {CARD}": "first"}, "b": {f"card {CARD}": 1, "card 4242-4242-4242-4242": 2}}
    )
    assert clean == {"a": {"card <CARD_1>": "first"}, "b": {"card <CARD_1>": 1, "card <CARD_1> (2)": 2}}


SPELLINGS = st.sampled_from(
    [CARD, "4242 4242 4242 4242", "4242-4242-4242-4242", "<CARD_1>", "<CARD_2>", "(2)", "hello"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(SPELLINGS, min_size=1, max_size=3).map(" ".join), unique=True, max_size=6))
def test_as_many_fields_come_back_as_were_given(names: list[str]) -> None:
    clean = REDACTOR.redact_json({name: at for at, name in enumerate(names)})
    assert sorted(clean.values()) == list(range(len(names)))
    assert CARD not in json.dumps(clean).replace(" ", "").replace("-", "")


@pytest.mark.parametrize(
    "value",
    [
        {int(CARD): "x"}, {float(CARD): "x"}, {Decimal(CARD): "x"}, {CARD.encode(): "x"}, {"note": CARD.encode()},
        {"note": bytearray(CARD.encode())}, {"note": {CARD}}, {"note": frozenset({int(CARD)})}, {"note": Decimal(CARD)},
        {"note": Decimal("4.242424242424242E+15")}, {"note": float(CARD)}, {"cvv": Decimal("737")}, {"cvv": 737.0},
        {"note": PurePosixPath(f"/cards/{CARD}")}, {"c1": 4242.0, "c2": 4242.0, "c3": 4242.0, "c4": 4242.0},
        {"parts": [4242.0, 4242.0, 4242.0, 4242.0]}, {"parts": [b"4242", b"4242", b"4242", b"4242"]},
    ],
)  # fmt: skip
def test_values_that_are_no_text_are_read_as_one(value: Any) -> None:
    clean = repr(REDACTOR.redact_json(value))
    assert "4242" not in clean
    assert "737" not in clean


def test_values_with_nothing_in_them_stay_what_they_are() -> None:
    day = datetime(2026, 11, 17, 15, 4, 5, 123456, tzinfo=UTC)
    value = {
        "a": day, "b": day.date(), "c": day.time(), "d": Decimal("49.90"), "e": {"red", "blue"}, "f": b"hello", "g": UUID(int=7),
        "h": None, "i": True, "j": 1.5, 3: "three", None: "none", "k": float("nan"), "l": date(2026, 1, 2), "m": (1, 2),
    }  # fmt: skip
    clean = REDACTOR.redact_json(value)
    assert {name: type(one) for name, one in clean.items()} == {
        name: list if type(one) is tuple else type(one) for name, one in value.items()
    }
    assert str(clean["k"]) == "nan"
    assert clean["e"] == {"red", "blue"}


@pytest.mark.parametrize("value", [object(), {"a": [object()]}, {("a", "b"): 1}, {"a": 1 + 2j}, {"a": memoryview(b"")}])
def test_a_value_that_nobody_can_read_is_refused(value: Any) -> None:
    with pytest.raises(RedactionError):
        REDACTOR.redact_json(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2) | st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_written_out(value: Decimal | float) -> None:
    text = as_text(value)
    assert text is not None
    assert "e" not in text.lower()
    assert float(text) == float(value)


def cards() -> list[str]:
    """Cards that follow one another."""
    return list(islice((text for n in count(10**15 * 4) if is_card(text := str(n))), 800))


def test_a_value_met_again_and_again_is_known_once() -> None:
    session = REDACTOR.session()
    session.walk.value([{"note": f"card {CARD}", "cvv": 737}] * 50)
    assert [(kind.name, values) for kind, values in session.known()] == [("card", frozenset({CARD}))]


def test_every_value_is_indexed_once_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work is counted, not timed: a leaf that looked through all earlier values anew would count a million."""
    added: list[int] = []
    real = Index.add

    def counting(self: Index, finding: Finding) -> None:
        added.append(1)
        real(self, finding)

    monkeypatch.setattr(Index, "add", counting)
    rows = [{"note": f"card {card}"} for card in cards()[:200]]
    assert REDACTOR.redact_json(rows)[-1] == {"note": "card <CARD_200>"}
    assert len(added) <= 4 * len(rows)
