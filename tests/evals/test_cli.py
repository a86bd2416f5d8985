"""``billing-agent eval``: its commands, its exit codes, and the real product run in process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.errors import BadInput
from evals import cli
from evals.gold import EvalCall, load_suite
from tests.acceptance.stage import SURE
from tests.evals.making import broken, perfect

ROWS = load_suite("calls").calls
Capture = pytest.CaptureFixture[str]


def _lines(path: Path, make: Callable[[EvalCall], dict[str, Any]]) -> str:
    path.write_text("".join(json.dumps(make(row)) + "\n" for row in ROWS), encoding="utf-8")
    return str(path)


def test_given_outputs_are_scored_as_json(tmp_path: Path, capsys: Capture) -> None:
    given = _lines(tmp_path / "out.jsonl", perfect)
    assert cli.run(["run", "calls", "--outputs", given, "--json", "--gate"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["suite"] == "calls"
    assert report["scenario_accuracy"] == 1.0
    assert report["mistakes"] == []


@pytest.mark.covers("C08")
def test_the_gate_exits_four_and_says_why(tmp_path: Path, capsys: Capture) -> None:
    given = _lines(tmp_path / "out.jsonl", broken)
    assert cli.run(["run", "calls", "--outputs", given, "--gate"]) == 4
    said = capsys.readouterr()
    assert "gate: calls: unsafe_actions" in said.err
    assert "field_micro_f1" in said.out


def test_without_the_gate_bad_numbers_are_only_shown(tmp_path: Path, capsys: Capture) -> None:
    given = _lines(tmp_path / "out.jsonl", broken)
    assert cli.run(["run", "calls", "--outputs", given, "--errors"]) == 0
    assert "unsafe action" in capsys.readouterr().out


def test_errors_never_show_an_identifier(tmp_path: Path, capsys: Capture) -> None:
    given = _lines(tmp_path / "out.jsonl", broken)
    cli.run(["run", "calls", "--outputs", given, "--errors", "--json"])
    out = capsys.readouterr().out
    assert not [secret for row in ROWS for secret in row.gold.secrets if len(secret) > 6 and secret in out]


def test_diff_names_what_changed(tmp_path: Path, capsys: Capture) -> None:
    reports = []
    for name, make in (("before", perfect), ("after", broken)):
        cli.run(["run", "calls", "--outputs", _lines(tmp_path / "out.jsonl", make), "--json"])
        reports.append(tmp_path / f"{name}.json")
        reports[-1].write_text(capsys.readouterr().out, encoding="utf-8")
    assert cli.run(["diff", *map(str, reports)]) == 0
    assert "calls\tscenario_accuracy\t1\t0" in capsys.readouterr().out
    assert cli.run(["diff", str(reports[0]), str(reports[0])]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "argv", [["run", "nothing"], ["--outputs", "x"], ["run", "calls", "--outputs", "missing.jsonl"], ["--bogus"]]
)
def test_bad_usage(argv: list[str]) -> None:
    with pytest.raises(BadInput):
        cli.run(argv)


def test_a_line_that_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text("{}\nsecret words\n", encoding="utf-8")
    with pytest.raises(BadInput, match="line 2") as caught:
        cli.run(["run", "calls", "--outputs", str(tmp_path / "out.jsonl")])
    assert "secret" not in str(caught.value)


def test_help(capsys: Capture) -> None:
    assert cli.run(["--help"]) == 0
    assert "calibrate" in capsys.readouterr().out


def _few(tmp_path: Path, *tags: str) -> str:
    rows = [next(row for row in ROWS if tag in row.tags) for tag in tags]
    path = tmp_path / "few.jsonl"
    path.write_text("".join(row.model_dump_json() + "\n" for row in rows), encoding="utf-8")
    return str(path)


@pytest.mark.covers("C08")
def test_the_whole_product_runs_in_process(tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.extraction.extract.load_map", lambda model: SURE)
    saved = tmp_path / "saved.jsonl"
    suite = _few(tmp_path, "one_line", "spoken_injection")
    assert cli.run(["run", suite, "--model", "stand-in", "--json", "--save", str(saved)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["n"] == 2
    assert report["missing"] == report["failed"] == report["unsafe_actions"] == 0
    outcomes = [json.loads(line)["outcome"] for line in saved.read_text(encoding="utf-8").splitlines()]
    assert outcomes == ["no_action", "review"]
    assert not (tmp_path / ".billing-agent").exists()


def test_short_calls_are_only_read(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "two.jsonl"
    path.write_text("".join(row.model_dump_json() + "\n" for row in load_suite("short").calls[:2]), encoding="utf-8")
    assert cli.run(["run", str(path), "--model", "stand-in", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["grounding_rate"] == 1.0
    assert report["lookup_recall"] == 1.0
