"""The comparison runs on a handful of calls, and its adapters do what they say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import redaction, rivals
from evals.redaction.build import Corpus
from evals.redaction.snippet import HELD_OUT, TUNED, Snippet, Span

CARD = "4111111111111111"


def _snippet(id_: str, text: str, fold: str) -> Snippet:
    start = text.index(CARD)
    span = Span(0, start, start + len(CARD), "pan", "card", "a", CARD, CARD, CARD)
    return Snippet(id_, (("customer", text),), (span,), ("order 1234567",), (), fold)


CORPUS = Corpus(
    (
        _snippet("a", f"My card number is {CARD}, it was for order 1234567.", TUNED),
        _snippet("b", f"Sure, order 1234567. The card is {CARD}.", HELD_OUT),
    ),
    2,
    0,
)


def test_the_whole_comparison_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(redaction, "build", lambda: CORPUS)
    monkeypatch.setattr(redaction, "fixture_calls", lambda: [list(one.turns) for one in CORPUS.snippets])
    figures = tmp_path / "figures.json"
    assert redaction.main(["--rounds", "1", "--largest", "40", "--json", str(figures)]) == 0
    rows = json.loads(figures.read_text("utf-8"))
    assert rows["speed"][0]["times_ours"] == 1.0
    assert {"ours", "mask every number"} < {row["tool"] for row in rows["speed"]}
    assert any("all 91" in row["tool"] for row in rows["speed"])
    ours = [row for row in rows["quality"] if row["tool"] == "ours"]
    assert [(row["fold"], row["leaks"], row["lost"]) for row in ours] == [(TUNED, 0.0, 0.0), (HELD_OUT, 0.0, 0.0)]
    blunt = [row["lost"] for row in rows["quality"] if row["tool"] == "mask every number"]
    assert blunt == [100.0, 100.0]
    printed = capsys.readouterr()
    assert "times ours" in printed.out
    for name in rivals.OTHERS:
        assert name in printed.out or f"{name} is not installed" in printed.err


def test_a_tool_that_is_not_installed_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(rivals.OTHERS, "no_such_redactor_at_all", lambda module: str)
    assert rivals.other("no_such_redactor_at_all") is None


@pytest.mark.parametrize("name", sorted(rivals.OTHERS))
def test_an_installed_tool_takes_a_written_number_and_leaves_an_address(name: str) -> None:
    tool = rivals.other(name) if name in rivals.OTHERS else None
    if tool is None:
        pytest.skip(f"{name} is not installed; it is in the bench extra")
    said = tool.redact(f"The SSN is 536-22-1234, the card {CARD}, mail ann@shop.example")
    assert "536-22-1234" not in said or CARD not in said
    assert "ann@shop.example" in said


def test_presidio_gets_its_context_words() -> None:
    """On a plain blank pipeline an undashed number stays under 0.4 and the comparison would be unfair."""
    full = next(tool for tool in rivals.presidio_tools() if "0.4" in tool.name)
    assert full.redact("my social security number is 536221234") == "my social security number is <GONE>"
    assert full.redact("call me at +1 415 555 0100") == "call me at +1 415 555 0100"


def test_stretches_that_overlap_become_one_placeholder() -> None:
    assert rivals.replaced("abcdefgh", [(4, 6), (1, 3), (2, 5)]) == "a<GONE>gh"
    assert rivals.replaced("abcdefgh", [(0, 6), (1, 3), (6, 8)]) == "<GONE><GONE>"
    assert rivals.replaced("abc", []) == "abc"


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [("CREDIT_CARD", True), ("us_ssn", True), ("DE_VAT_ID", True), ("IBAN_CODE", True), ("US_ROUTING_NUMBER", True),
     ("phone", False), ("EMAIL_ADDRESS", False), ("DATE_TIME", False), ("UK_NHS", False), ("US_ZIP", False),
     ("NATIONAL_ID", True), ("IN_AADHAAR", True), ("SE_ORGANISATIONSNUMMER", True)],
)  # fmt: skip
def test_what_counts_as_payment_or_tax(kind: str, wanted: bool) -> None:
    assert rivals.of_payment_or_tax(kind) is wanted


def test_one_call_has_as_many_words_as_asked_for() -> None:
    calls = [[("agent", "one two three"), ("customer", "four five")], [("agent", "six")]]
    assert redaction.one_call(calls, 4) == [("agent", "one two three"), ("customer", "four")]
    long = redaction.one_call(calls, 600)
    assert redaction.words_in(long) == 600
    assert long[:3] == long[3:6]


def test_no_call_cannot_be_made_longer() -> None:
    with pytest.raises(ValueError, match="no call"):
        redaction.one_call([], 10)
