"""Presidio recognizers over a whole call: the reading travels as NLP artifacts, findings as results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts, NoOpNlpEngine

from agent.redaction.finding import Finding, alone, alone_in, kinds_claimed, labelled
from agent.redaction.kinds import Kind
from agent.redaction.pieces import Piece, cut
from agent.redaction.readbacks import Index
from agent.redaction.reading import Reading


class CallArtifacts(NlpArtifacts):
    """What Presidio hands to every recognizer: our reading of the call."""

    def __init__(self, reading: Reading, known: Index | None = None) -> None:
        blank = offline_engine().process_text("", "en")
        super().__init__([], blank.tokens, [], [], blank.nlp_engine, "en")
        self.reading = reading
        self.known = known


def _ours(artifacts: NlpArtifacts) -> CallArtifacts:
    if not isinstance(artifacts, CallArtifacts):
        raise TypeError("recognizers of this package read calls, not plain artifacts")
    return artifacts


def reading_of(artifacts: NlpArtifacts) -> Reading:
    """The reading inside Presidio's artifacts; anything else is a programming error."""
    return _ours(artifacts).reading


def known_to(artifacts: NlpArtifacts) -> Index | None:
    """The values that travel with the reading."""
    return _ours(artifacts).known


@cache
def offline_engine() -> NoOpNlpEngine:
    """Presidio's engine without a language model; nothing is downloaded."""
    engine = NoOpNlpEngine([{"lang_code": "en", "model_name": "none"}])
    engine.load()
    return engine


def as_results(finding: Finding) -> list[RecognizerResult]:
    """One result a piece; all carry their finding, so that pieces keep together."""
    return [
        RecognizerResult(
            finding.kind.entity, piece.start, piece.end, finding.score, recognition_metadata={"finding": finding}
        )
        for piece in finding.pieces
    ]


_OVER_ANY_PHRASE = frozenset(("iban", "vat", "in_gstin", "it_cf", "ca_bn_account", "ch_uid_written"))
"""Forms so much of their own that their check outweighs a phrase that names something else."""


class KindRecognizer(EntityRecognizer):
    """Finds the identifiers of one family in the reading of a call."""

    def __init__(self, name: str, kinds: Sequence[Kind], bare_account: str, region: str = "US") -> None:
        self.kinds = tuple(kinds)
        self.bare_account = bare_account
        self.region = region
        self._alone = tuple(kind for kind in kinds if kind.alone)
        super().__init__(sorted({kind.entity for kind in kinds}), name=name, supported_language="en")

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts) -> list[RecognizerResult]:
        """Results for every finding; ``text`` is the joined call, offsets are into it."""
        return [result for finding in self.find(reading_of(nlp_artifacts)) for result in as_results(finding)]

    def find(self, reading: Reading) -> Iterator[Finding]:
        """Announced identifiers, then those that prove themselves."""
        carried: set[tuple[int, int]] = set()
        for at, piece in enumerate(reading.pieces):
            if (piece.turn, piece.first) in carried:
                continue
            claim = reading.claims[at]
            found = None
            if claim is not None and claim.label.kinds and not reading.plain[at]:
                found = self._announced(reading, at)
            if found is None and len(piece.chars) >= 8 and not reading.plain[at]:
                stays = (
                    claim is not None
                    and claim.label.strong
                    and claim.label.stays
                    and claim.turns <= 1
                    and not claim.passed
                )
                found = self._proving_itself(reading, at, stays)
            if found is not None and found.found_by == "proves_itself":
                yield from self._further(reading, piece, found)
            if found is not None:
                if found.score == 1.0:
                    carried.update((part.turn, part.first) for part in found.pieces[1:])
                yield found

    def _further(self, reading: Reading, piece: Piece, found: Finding) -> Iterator[Finding]:
        """What else proves itself behind ``found`` in the same piece: a list of numbers with only commas between."""
        last = found.pieces[-1].last
        while True:
            begin = next((at for at, item in enumerate(piece.items) if item.first > last), None)
            if begin is None:
                return
            piece = cut(reading.words, piece, begin, len(piece.items))
            more = next((f for kind in self._alone if (f := alone_in(reading, piece, kind)) is not None), None)
            if more is None:
                return
            yield more
            last = more.pieces[-1].last

    def _announced(self, reading: Reading, at: int) -> Finding | None:
        claim = reading.claims[at]
        assert claim is not None
        best: Finding | None = None
        for kind in kinds_claimed(reading, reading.pieces[at], claim, self.bare_account):
            if kind not in self.kinds:
                continue
            told = claim
            if kind.name == "in_pan" and self.region == "IN":  # there "pan" is hardly ever kitchenware
                told = replace(claim, label=replace(claim.label, strong=True))
            found = labelled(reading, at, kind, told)
            if found is not None and (best is None or found.score > best.score):
                best = found
        return best

    def _proving_itself(self, reading: Reading, at: int, stays: bool) -> Finding | None:
        for kind in self._alone:
            if stays and kind.name not in _OVER_ANY_PHRASE and kind.name != "es_nif":
                continue
            found = alone(reading, at, kind)
            nie = found is not None and all(value[0] in "XYZ" for value in found.values)
            if found is not None and (not stays or kind.name != "es_nif" or nie):
                return found
        return None
