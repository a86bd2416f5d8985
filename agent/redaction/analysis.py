"""Running Presidio over a call: its analyzer with our recognizers, its anonymizer with our placeholders."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import OperatorConfig
from presidio_anonymizer.entities import RecognizerResult as Stretch
from presidio_anonymizer.operators import Operator, OperatorType

from agent.redaction.backstop import unexplained
from agent.redaction.finding import Finding
from agent.redaction.pieces import Piece
from agent.redaction.placeholders import Vault
from agent.redaction.readbacks import Index, read_backs
from agent.redaction.reading import Reading
from agent.redaction.recognizers.bank_finder import BankRecognizer
from agent.redaction.recognizers.base import (
    CallArtifacts,
    as_results,
    known_to,
    offline_engine,
    reading_of,
)
from agent.redaction.recognizers.card_finder import CardRecognizer
from agent.redaction.recognizers.tax_finder import TaxRecognizer


class Placeholder(Operator):
    """Presidio operator: the entity type handed over is the placeholder's name, ``CARD_1``."""

    def operate(self, text: str = "", params: dict[str, Any] | None = None) -> str:
        """The bracketed name; ``text`` is not looked at."""
        return f"<{(params or {})['entity_type']}>"

    def validate(self, params: dict[str, Any] | None = None) -> None:
        """Needs nothing but the entity type, which Presidio always passes."""

    def operator_name(self) -> str:
        return "placeholder"

    def operator_type(self) -> OperatorType:
        return OperatorType.Anonymize


class CallContext(ContextAwareEnhancer):
    """Our context step: read-backs are added, overlaps resolved, the backstop closes.

    Announcing words were weighed by the recognizers already: they need the call, not five words.
    """

    def __init__(self) -> None:
        super().__init__(0.0, 0.0, 0, 0)

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        recognizers: list[EntityRecognizer],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        """Non-overlapping results of the whole call."""
        reading = reading_of(nlp_artifacts)
        findings = _distinct(result.recognition_metadata["finding"] for result in raw_results)
        findings = resolve(findings)
        findings = resolve([*findings, *read_backs(reading, findings, known_to(nlp_artifacts))])
        taken = [(piece.start, piece.end) for finding in findings for piece in finding.pieces]
        findings += unexplained(reading, taken)
        results = [result for finding in findings for result in as_results(finding)]
        for result in results:
            result.recognition_metadata[RecognizerResult.RECOGNIZER_IDENTIFIER_KEY] = recognizers[0].id
        return results


def _distinct(findings: Iterable[Finding]) -> list[Finding]:
    return list({id(finding): finding for finding in findings}.values())


def _overlaps(taken: Sequence[tuple[int, int]], piece: Piece) -> bool:
    """Whether the piece touches one of the sorted stretches, which do not touch one another."""
    at = bisect_left(taken, (piece.end, 0))
    return at > 0 and taken[at - 1][1] > piece.start


def resolve(findings: Sequence[Finding]) -> list[Finding]:
    """The surest and longest findings first; what they leave of others stays with those others."""
    ordered = sorted(findings, key=lambda f: (-f.score, -f.size, f.pieces[0].start))
    taken: list[tuple[int, int]] = []
    kept: list[Finding] = []
    for finding in ordered:
        free = tuple(piece for piece in finding.pieces if not _overlaps(taken, piece))
        if not free:
            continue
        for piece in free:
            insort(taken, (piece.start, piece.end))
        kept.append(finding if len(free) == len(finding.pieces) else replace(finding, pieces=free))
    return kept


class Engines:
    """Presidio's two engines, built once."""

    def __init__(self, bare_account: str, region: str) -> None:
        recognizers: list[EntityRecognizer] = [
            CardRecognizer(bare_account),
            BankRecognizer(bare_account),
            TaxRecognizer(bare_account, region),
        ]
        registry = RecognizerRegistry(recognizers=recognizers, supported_languages=["en"])
        self._analyzer = AnalyzerEngine(
            registry=registry, nlp_engine=offline_engine(), context_aware_enhancer=CallContext()
        )
        self._anonymizer = AnonymizerEngine()  # type: ignore[no-untyped-call]
        self._anonymizer.add_anonymizer(Placeholder)

    def analyze(self, reading: Reading, known: Index | None = None) -> list[tuple[Piece, Finding]]:
        """Every stretch to replace, in reading order; ``known`` values of other parts of the call go too."""
        artifacts = CallArtifacts(reading, known)
        results = self._analyzer.analyze(text=reading.call.text, language="en", nlp_artifacts=artifacts)
        spans = {(r.start, r.end): r.recognition_metadata["finding"] for r in results}
        pieces = {(p.start, p.end): p for finding in _distinct(spans.values()) for p in finding.pieces}
        return [(pieces[span], finding) for span, finding in sorted(spans.items(), key=lambda entry: entry[0])]

    def replace(self, reading: Reading, found: Sequence[tuple[Piece, Finding]], vault: Vault) -> list[str]:
        """The turns with every found stretch replaced, through Presidio's anonymizer, a turn at a time."""
        call = reading.call
        by_turn: dict[int, list[Stretch]] = defaultdict(list)
        for piece, finding in found:
            begin = call.starts[piece.turn]
            by_turn[piece.turn].append(Stretch(vault.name(finding), piece.start - begin, piece.end - begin, 1.0))
        texts = [call.text[start : call.end_of(turn)] for turn, start in enumerate(call.starts)]
        for turn, stretches in by_turn.items():
            done = self._anonymizer.anonymize(
                texts[turn],
                stretches,
                operators={"DEFAULT": OperatorConfig("placeholder")},
                merge_entities_with_spaces=False,
            )
            texts[turn] = done.text
        return texts
