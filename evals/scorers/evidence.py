"""Is every quote really in the turn it names, and does every value have one? And are the flags right?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.scorers.common import Mistake, Pair, Share

FLAGS = ("card_number", "bank_details", "tax_identifier", "private_billing_document")


@dataclass(frozen=True, slots=True)
class EvidenceScore:
    """``grounding``: quotes that stand verbatim in their turn; ``coverage``: values with a quote;
    ``suppression``: flags that are right (a null flag in gold is not judged)."""

    grounding: Share
    coverage: Share
    suppression: Share
    mistakes: tuple[Mistake, ...]


def _stands(texts: Sequence[str], evidence: Mapping[str, Any]) -> bool:
    turn, quote = evidence.get("turn"), evidence.get("quote")
    return isinstance(turn, int) and 0 <= turn < len(texts) and bool(quote) and str(quote) in texts[turn]


def _grounding(pair: Pair) -> tuple[Share, Share, list[Mistake]]:
    quotes, values, mistakes = Share(), Share(), []
    for field, captured in (pair.output.get("capture") or {}).items():
        if pair.value(field) is None:
            continue
        evidence = captured.get("evidence") or ()
        values += Share(int(bool(evidence)), 1)
        for one in evidence:
            stands = _stands(pair.texts, one)
            quotes += Share(int(stands), 1)
            if not stands:
                mistakes.append(Mistake(pair.row.id, f"grounding of {field}", one.get("turn"), one.get("quote")))
    return quotes, values, mistakes


def _flags(pair: Pair) -> tuple[Share, list[Mistake]]:
    said = pair.output.get("suppression") or {}
    share, mistakes = Share(), []
    for flag in FLAGS:
        gold = pair.row.gold.suppression.get(flag)
        if gold is None:
            continue
        right = bool(pair.output) and bool(said.get(flag, False)) == gold
        share += Share(int(right), 1)
        if not right:
            mistakes.append(Mistake(pair.row.id, f"suppression of {flag}", gold, said.get(flag)))
    return share, mistakes


def score_evidence(pairs: Sequence[Pair]) -> EvidenceScore:
    """Grounding, coverage and suppression flags over all calls."""
    grounding, coverage, suppression = Share(), Share(), Share()
    mistakes: list[Mistake] = []
    for pair in pairs:
        quotes, values, ungrounded = _grounding(pair)
        flags, misflagged = _flags(pair)
        grounding, coverage, suppression = grounding + quotes, coverage + values, suppression + flags
        mistakes += [*ungrounded, *misflagged]
    return EvidenceScore(grounding, coverage, suppression, tuple(mistakes))
