"""The fuzzer notices what it looks for: slow, endless, failing and leaking redaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from agent.errors import RedactionError
from agent.redaction import RedactedTurns, Redactor
from benchmarks import fuzz_redaction as fuzz
from benchmarks.fuzz_redaction import Outcome, Turns, Unit, Verdict


@dataclass
class Pretended:
    """Stands in for the redactor: does ``work`` first, then gives ``text`` for every turn."""

    work: Callable[[], Any] = field(default=lambda: None)
    text: str = "gone"

    def redact_turns(self, turns: Sequence[tuple[str, str]]) -> RedactedTurns:
        """As the redactor's own."""
        self.work()
        return RedactedTurns(tuple(self.text for _ in turns))


def _refuse() -> None:
    raise RedactionError


def _pretended(work: Callable[[], Any] = lambda: None, text: str = "gone") -> Redactor:
    return Pretended(work, text)  # type: ignore[return-value]


def _turns(unit: Unit, size: int) -> Turns:
    return unit.fill(size)


def test_every_unit_fills_what_is_asked_and_plants_a_card_first() -> None:
    names = [unit.name for unit in fuzz.units()]
    assert len(names) == len(set(names)) > 80
    for unit in fuzz.units():
        turns = unit.fill(3_000)
        assert 2_900 < sum(len(text) for _, text in turns) + len(turns) < 3_400, unit.name
        assert fuzz.PLANTED in turns[0][1]
        assert turns == unit.fill(3_000)


@pytest.mark.parametrize("unit", list(fuzz.units()), ids=lambda unit: unit.name)
def test_every_unit_is_redacted_without_an_error_or_the_planted_card(unit: Unit) -> None:
    assert fuzz.redacted(Redactor(), unit.fill(1_500)).fault == ""


def test_what_goes_wrong_is_named() -> None:
    turns = [("customer", f"card {fuzz.PLANTED}")]
    assert fuzz.redacted(_pretended(_refuse), turns).fault == "refused"
    assert fuzz.redacted(_pretended(text=f"card {fuzz.PLANTED}"), turns).fault == "planted card number left"
    assert fuzz.redacted(_pretended(), turns).fault == ""


def test_an_endless_one_is_given_up() -> None:
    begun = time.monotonic()
    assert fuzz.apart(_pretended(lambda: time.sleep(60)), [("customer", "hi")], 0.2).seconds is None
    assert time.monotonic() - begun < 30


def test_a_process_that_dies_is_a_fault() -> None:
    def die() -> None:
        raise SystemExit(3)

    assert fuzz.apart(_pretended(die), [("customer", "hi")]).fault == "the process died"


def test_doublings_are_judged_between_the_sizes_and_not_against_the_whole() -> None:
    grows = {50: Outcome(0.3), 100: Outcome(0.6), 200: Outcome(2.4), 1_000_000: Outcome(19.0)}
    assert Verdict("u", grows, 1_000_000).worst == pytest.approx(4.0)
    assert Verdict("u", grows, 1_000_000).faults == ["4.0 times per doubling"]
    quick = {50: Outcome(0.01), 100: Outcome(0.15), 200: Outcome(0.2)}
    assert Verdict("u", quick, 1000).faults == []


def test_a_slow_whole_an_error_and_giving_up_are_faults() -> None:
    slow = {50_000: Outcome(1.0), 1_000_000: Outcome(21.0)}
    assert Verdict("u", slow, 1_000_000).faults == ["21 s for 1,000,000"]
    assert Verdict("u", {50_000: Outcome(1.0, "refused")}, 0).faults == ["refused at 50,000"]
    assert Verdict("u", {50_000: Outcome(None)}, 0).faults == ["given up at 50,000"]


def test_an_unknown_unit_is_an_error() -> None:
    with pytest.raises(SystemExit, match="no_such_unit"):
        fuzz.chosen(["four", "no_such_unit"])


def test_the_script_writes_slow_units_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slow = tmp_path / "slow.txt"
    arguments = ["four", "--largest", "2000", "--whole", "0", "--slow", str(slow)]
    assert fuzz.main(arguments) == 0
    assert slow.read_text("utf-8") == ""
    monkeypatch.setattr(fuzz, "apart", lambda redactor, turns: Outcome(1.0, "refused"))
    assert fuzz.main(arguments) == 1
    assert "refused" in slow.read_text("utf-8")
    assert "refused" in capsys.readouterr().out


def test_the_functions_that_grow_most_are_named() -> None:
    def work(turns: Any = None) -> None:
        sum(range(1000))

    table = fuzz.blamed(Unit("four", fuzz.repeated("four ")), _pretended(work), 400)
    assert "test_fuzz_redaction.py" in table
