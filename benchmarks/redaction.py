"""How fast redaction is beside Presidio's own full pattern set, on the same calls in one run.

    python benchmarks/redaction.py [ROUNDS]

Both see every turn of every fixture call. Rounds alternate, so that a busy machine slows both; the ratio of
the medians is the figure to quote.
"""

from __future__ import annotations

import inspect
import json
import statistics
import sys
import time
from collections.abc import Callable
from importlib.resources import files

import presidio_analyzer.predefined_recognizers as predefined
from presidio_analyzer import AnalyzerEngine, PatternRecognizer, RecognizerRegistry
from presidio_analyzer.nlp_engine import NoOpNlpEngine

from agent.redaction import Redactor

Turns = list[tuple[str, str]]


def calls() -> list[Turns]:
    """The turns of every fixture call."""
    lines = (files("fixtures") / "calls" / "calls.jsonl").read_text(encoding="utf-8").splitlines()
    return [[(turn["speaker"], turn["text"]) for turn in json.loads(line)["call"]["turns"]] for line in lines]


def full_presidio() -> AnalyzerEngine:
    """Every pattern recognizer that Presidio ships, set to English."""
    registry = RecognizerRegistry(supported_languages=["en"])
    for _, kind in inspect.getmembers(predefined, inspect.isclass):
        if issubclass(kind, PatternRecognizer) and kind is not PatternRecognizer:
            registry.add_recognizer(kind(supported_language="en"))
    return AnalyzerEngine(
        registry=registry,
        nlp_engine=NoOpNlpEngine(models=[{"lang_code": "en", "model_name": "none"}]),
        supported_languages=["en"],
    )


def timed(work: Callable[[], object]) -> float:
    """Seconds that ``work`` took."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(rounds: int) -> None:
    corpus, redactor, presidio = calls(), Redactor(), full_presidio()

    def ours() -> None:
        for turns in corpus:
            redactor.redact_turns(turns)

    def theirs() -> None:
        for turns in corpus:
            for _, text in turns:
                presidio.analyze(text, language="en")

    ours(), theirs()
    pairs = [(timed(ours), timed(theirs)) for _ in range(rounds)]
    mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    per_call = mine / len(corpus) * 1000
    recognizers = len(presidio.registry.recognizers)
    sys.stdout.write(
        f"{len(corpus)} calls, {rounds} rounds: ours {per_call:.1f} ms a call; "
        f"Presidio with {recognizers} pattern recognizers takes {other / mine:.1f} times as long\n"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
