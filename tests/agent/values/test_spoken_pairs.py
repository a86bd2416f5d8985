"""Spoken values with their written side from a published test set: at least 95 % of the everyday ones."""

from __future__ import annotations

import json
import os
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agent.values import read_amounts, read_dates, read_emails, read_numbers
from agent.values.lexer import lex
from agent.values.spelling import digit_run, digits_at

TODAY = date(2026, 10, 15)


def _pairs() -> list[dict[str, Any]]:
    shared = Path(os.environ.get("BILLING_AGENT_SHARED") or Path(__file__).parents[4] / "shared")
    path = shared / "data" / "spoken-values" / "pairs.jsonl"
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


PAIRS = _pairs()


def _digit_runs(text: str) -> list[str]:
    tokens, runs, index = lex(text), [], 0
    while index < len(tokens):
        run = digit_run(tokens, index) if digits_at(tokens, index) else None
        index = run.last if run else index + 1
        runs += [run.text] if run else []
    return runs


def _read(pair: dict[str, Any]) -> tuple[object, object] | None:
    """What was read and what should have been, or None for a pair that is no everyday value of a call."""
    spoken, value, kind = pair["spoken"], pair["value"], pair["kind"]
    if kind == "money":
        default = "USD" if pair["currency"] == "USD" else None
        return [(m.amount, m.currency or default) for m in read_amounts(spoken, default)], [
            (Decimal(value), pair["currency"])
        ]
    if kind == "number":
        return [number for number, _, _ in read_numbers(spoken)], [Decimal(value)]
    if kind == "email":
        return [found.value for found in read_emails(spoken)], [value]
    if kind in {"phone", "digits"}:
        return _digit_runs(spoken), [value]
    if kind == "date" and re.fullmatch(r"(\d{4}|-)-\d\d-\d\d", value):
        return [found.value.isoformat()[-5:] for found in read_dates(spoken, TODAY)], [value[-5:]]
    return None


@pytest.mark.skipif(not PAIRS, reason="the shared spoken-values set is not beside this checkout")
def test_everyday_spoken_values() -> None:
    read = [both for pair in PAIRS if (both := _read(pair)) is not None]
    wrong = [both for both in read if both[0] != both[1]]
    assert len(read) >= 80
    assert len(wrong) <= 0.05 * len(read), wrong
