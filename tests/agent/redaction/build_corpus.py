"""Writes ``evals/redaction/corpus.jsonl``: hand-written snippets, generated ones, and what has to stay.

Run as ``python -m tests.agent.redaction.build_corpus``; the same seed writes the same file.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

from tests.agent.redaction.generators import positives
from tests.agent.redaction.must_stay import negatives
from tests.agent.redaction.phrases import PHRASES, read_phrases

CORPUS = PHRASES.with_name("corpus.jsonl")
SEED = 7000


def cases() -> Iterator[dict[str, Any]]:
    """The corpus, in file order."""
    yield from read_phrases()
    made = list(positives(SEED))
    yield from sorted(random.Random(SEED).sample(made, 250), key=lambda case: str(case["id"]))
    yield from negatives(SEED)


def text() -> str:
    """The corpus as JSON Lines."""
    return "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases())


if __name__ == "__main__":
    CORPUS.write_text(text(), encoding="utf-8")
