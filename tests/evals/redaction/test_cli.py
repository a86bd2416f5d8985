"""``billing-agent eval redaction``: tables, JSON, folds, the gate's exit codes, what is shown of the held-out fold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from agent.errors import BadInput, ConfigurationError, RedactionError
from evals import cli
from evals.gate import Bounds, load_bounds
from evals.redaction import run as running
from evals.redaction.build import Corpus, build
from evals.redaction.run import measure, outputs_of, why_red
from evals.redaction.snippet import Snippet, gold_texts

Capture = pytest.CaptureFixture[str]
Turns = Sequence[tuple[str, str]]
CORPUS = build()
BY_TURNS = {snippet.turns: gold_texts(snippet) for snippet in CORPUS.snippets}


def perfect(turns: Turns) -> Sequence[str]:
    return BY_TURNS[tuple(turns)]


def nothing(turns: Turns) -> Sequence[str]:
    return [text for _, text in turns]


def use(monkeypatch: pytest.MonkeyPatch, redact: running.Redact) -> None:
    monkeypatch.setattr(running, "product", lambda: redact)


def test_a_perfect_redactor_passes_the_gate(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    use(monkeypatch, perfect)
    assert cli.run(["redaction", "--gate"]) == 0
    out = capsys.readouterr().out
    assert "held_out" in out
    assert "0.00 %" in out


@pytest.mark.covers("C08")
def test_a_redactor_that_does_nothing_is_red_in_both_folds(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    use(monkeypatch, nothing)
    assert cli.run(["redaction", "--gate", "--json"]) == 4
    said = capsys.readouterr()
    report = json.loads(said.out)
    assert report["leak_rate"] == 1.0
    assert set(report["folds"]) == {"tuned", "held_out"}
    assert report["by_type"]["cvv"]["rate"] == 1.0
    assert "gate: redaction: tuned: leak_rate is 1" in said.err
    assert "gate: redaction: held_out: leak_rate is 1" in said.err


def test_a_redactor_that_takes_everything_is_red_for_what_it_lost(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    use(monkeypatch, lambda turns: ["<GONE_1>" for _ in turns])
    assert cli.run(["redaction", "--gate"]) == 4
    said = capsys.readouterr()
    assert "keep_lost_rate" in said.err
    assert "leak_rate is" not in said.err


def test_without_the_gate_bad_numbers_are_only_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, nothing)
    assert cli.run(["redaction"]) == 0


def test_a_fold_alone_and_another_seed(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    use(monkeypatch, nothing)
    assert cli.run(["redaction", "--fold", "held_out", "--seed", "4", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert list(report["folds"]) == ["held_out"]
    assert report["seed"] == 4
    assert {leak["fold"] for leak in report["leaks"]} == {"held_out"}


def test_texts_of_the_held_out_fold_are_shown_only_when_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    use(monkeypatch, nothing)
    secret = next(s for s in CORPUS.fold("held_out").snippets if s.spans)
    text = secret.turns[secret.spans[0].turn][1]
    cli.run(["redaction", "--show", "100000"])
    shown = capsys.readouterr().out
    assert f"leak {secret.id}" in shown
    assert f"    {text}\n" not in shown
    cli.run(["redaction", "--show", "100000", "--fold", "held_out"])
    assert f"    {text}\n" in capsys.readouterr().out


def test_the_calls_can_be_written_for_other_scorers(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    assert cli.run(["redaction", "--write", str(path), "--fold", "tuned"]) == 0
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == len(CORPUS.fold("tuned").snippets)
    assert {"id", "turns", "spans", "keep", "tags", "fold"} == lines[0].keys()


@pytest.mark.parametrize("argv", [["redaction", "--fold", "both"], ["redaction", "--seed", "x"], ["redaction", "more"]])
def test_bad_usage(argv: list[str]) -> None:
    with pytest.raises(BadInput):
        cli.run(argv)


def test_the_committed_bounds_are_the_promise() -> None:
    bounds = load_bounds()["redaction"]
    assert bounds.ceilings["leak_rate"] <= 0.005
    assert bounds.ceilings["keep_lost_rate"] <= 0.01
    assert bounds.floors["snippets"] >= 1500
    assert bounds.floors["templates"] >= 150
    assert bounds.floors["without_identifier"] >= 0.35


def test_a_bound_that_nothing_measures_is_a_mistake() -> None:
    report = measure(Corpus(CORPUS.snippets[:5], 5, 0), 1, perfect)
    with pytest.raises(ConfigurationError, match="beauty"):
        why_red(report, Bounds(floors={"beauty": 1}))
    assert why_red(report, Bounds(floors={"snippets": 6})) == ["snippets is 5, its floor is 6"]


def test_a_call_that_is_refused_counts_as_not_redacted_and_is_red() -> None:
    def refuse(turns: Turns) -> Sequence[str]:
        raise RedactionError

    few = [s for s in CORPUS.snippets if s.spans][:3]
    assert outputs_of(few, refuse) == {snippet.id: None for snippet in few}
    report = measure(Corpus(tuple(few), 3, 0), 1, refuse)
    assert report.total.missing == 3
    assert why_red(report, Bounds()) == ["3 calls were not redacted"]


def test_the_product_itself_is_measured() -> None:
    redact = running.product()
    made = Snippet("x", (("customer", "my card is 4532 0151 1283 0366"),), (), (), ())
    assert outputs_of([made], redact) == {"x": ("my card is <CARD_1>",)}
