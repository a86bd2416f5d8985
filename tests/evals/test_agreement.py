"""Our headline numbers agree with the independent scorer that lies beside the checkout, where it does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evals.gold import EvalCall, load_suite, packaged
from evals.report import build_report
from tests.evals.making import broken, perfect

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("BILLING_AGENT_SHARED") or ROOT.parent / "shared")
SCORER = SHARED / "scoring" / "score_calls.py"
ROWS = load_suite("calls").calls
COMPARED = (
    "scenario_accuracy scenario_macro_f1 ece secondary_f1 field_precision field_recall field_micro_f1 "
    "free_text_recall grounding_rate evidence_coverage suppression_accuracy must_act_recall lookup_recall "
    "review_precision review_recall review_f1 outcome_accuracy"
).split()

pytestmark = pytest.mark.skipif(not SCORER.is_file(), reason="no independent scorer beside the checkout")


def _mixed(row: EvalCall) -> dict[str, Any]:
    """Some calls right, some wrong, some half: so that no number is 0 or 1 by accident."""
    kind = int(row.id[1:]) % 3
    line = broken(row) if kind == 0 else perfect(row)
    if kind == 1:
        line["scenario"]["confidence"] = 0.62
        line["capture"]["order_id"] = {"value": "ZZ-1", "confidence": 0.5, "evidence": []}
        line["tool_calls"] = line["tool_calls"][:1]
    return line


def _theirs(gold: Path, outputs: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, str(SCORER), str(gold), str(outputs)], capture_output=True, text=True, check=True, timeout=120
    )
    numbers: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return numbers


@pytest.mark.parametrize("made", [perfect, broken, _mixed])
def test_headline_numbers_agree(made: Callable[[EvalCall], dict[str, Any]], tmp_path: Path) -> None:
    outputs = [made(row) for row in ROWS]
    gold, said = tmp_path / "gold.jsonl", tmp_path / "out.jsonl"
    gold.write_text(packaged(("fixtures.calls", "calls.jsonl")).read_text(encoding="utf-8"), encoding="utf-8")
    said.write_text("".join(json.dumps(line) + "\n" for line in outputs), encoding="utf-8")
    theirs, ours = _theirs(gold, said), build_report("calls", "made", ROWS, outputs).headline
    assert {name: ours[name] for name in COMPARED} == pytest.approx({n: theirs[n] for n in COMPARED}, abs=0.02)
    assert ours["unsafe_actions"] == theirs["unsafe_actions"]
    # Ours also hears payment addresses read out with "at" and "dot".
    spoken_addresses = sum(kind == "in_upi" for row in ROWS for kind in row.gold.secret_types)
    assert 0 <= ours["leaks"] - theirs["leaks"] <= spoken_addresses
    assert ours["partial_leaks"] == theirs["partial_leaks"]
