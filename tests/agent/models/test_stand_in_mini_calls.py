"""The stand-in's reading of short calls it was not built from a template of."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from agent.capture import Scenario
from agent.extraction.reading import Reading
from agent.models.stand_in.reader import read
from agent.models.stand_in.transcript import Heard, read_prompt
from agent.values import compact_id
from tests.agent.models.mini_calls import MINI_CALLS, MiniCall

_IDS = {"invoice_number", "order_id", "account_id", "payment_id", "subscription_id"}
_DAYS = {"due_date", "follow_up_deadline"}


def heard(mini: MiniCall) -> Heard:
    lines = "\n".join(f"[{turn}] {speaker}: {text}" for turn, (speaker, text) in enumerate(mini.spoken()))
    header = f"today: {mini.today}\ndirection: {mini.direction}\nregion: {mini.region}\ncurrency: {mini.currency}"
    found = read_prompt(
        [{"role": "user", "content": f"<call>\n{header}\n</call>\n<transcript>\n{lines}\n"}],
    )
    assert found is not None
    return found


def same(field: str, value: str, wanted: str) -> bool:
    if field in _IDS:
        return compact_id(value) == compact_id(wanted)
    if field in _DAYS:
        day = datetime.fromisoformat(value).date() if "T" in value else date.fromisoformat(value)
        return day == date.fromisoformat(wanted)
    if field in {"amount", "approval_threshold"}:
        return Decimal(value) == Decimal(wanted)
    return value.casefold() == wanted.casefold()


def values(reading: dict[str, Any]) -> dict[str, str]:
    return {fact["field"]: fact["value"] for fact in reading["facts"]}


@pytest.mark.parametrize("mini", MINI_CALLS, ids=lambda mini: mini.id)
@pytest.mark.covers("S08", "S11", "S25")
def test_label_facts_and_signals(mini: MiniCall) -> None:
    reading = read(heard(mini))
    Reading.model_validate(reading)
    assert reading["scenario"] == mini.label
    assert set(mini.secondary) <= set(reading["secondary"])
    got = values(reading)
    wrong = {f: (got.get(f), want) for f, want in mini.facts.items() if f not in got or not same(f, got[f], want)}
    assert wrong == {}
    assert {name: got[name] for name in mini.absent if name in got} == {}
    signals = {one["signal"] for one in reading["signals"]}
    assert set(mini.signals) <= signals
    assert not set(mini.quiet) & signals


def test_every_label_has_several_calls() -> None:
    labels = [mini.label for mini in MINI_CALLS]
    assert all(labels.count(label.value) >= 5 for label in Scenario)


@pytest.mark.parametrize("mini", MINI_CALLS, ids=lambda mini: mini.id)
def test_every_quote_is_a_verbatim_slice_of_its_turn(mini: MiniCall) -> None:
    reading = read(heard(mini))
    turns = dict(enumerate(text for _, text in mini.spoken()))
    quotes = [quote for part in (*reading["facts"], *reading["signals"]) for quote in part["quotes"]]
    assert all(quote["quote"] in turns[quote["turn"]] for quote in quotes)
    assert all(quote["quote"].strip() for quote in quotes)
