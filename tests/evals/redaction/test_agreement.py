"""Our redaction scorer agrees with the independent one that lies beside the checkout, where it does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from evals.redaction.build import build
from evals.redaction.run import outputs_of, product
from evals.redaction.score import score
from evals.redaction.snippet import Snippet, gold_texts

ROOT = Path(__file__).resolve().parents[3]
SCORER = Path(os.environ.get("BILLING_AGENT_SHARED") or ROOT.parent / "shared") / "scoring" / "score_redaction.py"
pytestmark = pytest.mark.skipif(not SCORER.is_file(), reason="no independent scorer beside the checkout")

CORPUS = build(3).snippets
Outputs = dict[str, Sequence[str] | None]


def _untouched(snippet: Snippet) -> list[str]:
    return [text for _, text in snippet.turns]


def _runs() -> dict[str, Outputs]:
    ours = outputs_of(CORPUS, product())
    half: Outputs = {s.id: ours[s.id] if at % 2 else _untouched(s) for at, s in enumerate(CORPUS)}
    return {"perfect": {s.id: gold_texts(s) for s in CORPUS}, "ours": ours, "half of it": half}


def _theirs(folder: Path, outputs: Outputs) -> dict[str, float]:
    corpus, redacted = folder / "corpus.jsonl", folder / "redacted.jsonl"
    corpus.write_text("".join(json.dumps(snippet.as_json()) + "\n" for snippet in CORPUS), encoding="utf-8")
    lines = [{"id": id_, "turns": [{"text": text} for text in texts or ()]} for id_, texts in outputs.items()]
    redacted.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    command = [sys.executable, str(SCORER), str(corpus), str(redacted), "--json-only"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    numbers: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return numbers


def test_totals_agree(tmp_path: Path) -> None:
    for name, outputs in _runs().items():
        theirs, ours = _theirs(tmp_path, outputs), score(CORPUS, outputs)
        assert ours.identifiers.count == theirs["identifiers"], name
        assert ours.kept.count == theirs["keep_strings"], name
        # Ours hears Spanish, Hindi and other digits, glued words and short values over turns as well.
        more = sum(ours.by_tag[tongue].wrong for tongue in ("spanish", "hindi")) + 0.012 * ours.identifiers.count
        assert 0 <= ours.identifiers.wrong - theirs["leaked"] <= more, name
        assert ours.kept.wrong == theirs["keep_lost"], name
        assert 100 * ours.words.rate == pytest.approx(theirs["other_words_lost"], abs=0.05), name
        assert 100 * ours.touched / ours.without == pytest.approx(theirs["negative_calls_hit"], abs=0.02), name
