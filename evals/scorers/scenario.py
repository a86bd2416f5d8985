"""Is the scenario right, are the secondary ones, and does its confidence mean what it says?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evals.scorers.common import Counts, Mistake, Pair, Share, bins_error


@dataclass(frozen=True, slots=True)
class ScenarioScore:
    """Accuracy, mean F1 over the labels that occur, confusions, and F1 of the secondary labels."""

    accuracy: Share
    macro_f1: float
    calibration_error: float
    secondary: Counts
    confusions: Mapping[tuple[str, str], int]
    mistakes: tuple[Mistake, ...]


def _confidence(pair: Pair) -> float:
    scenario = pair.output.get("scenario") or {}
    return min(max(float(scenario.get("confidence") or 0.0), 0.0), 1.0)


def _secondary(pair: Pair) -> Counts:
    said = set((pair.output.get("scenario") or {}).get("secondary") or ())
    gold = {label.value for label in pair.row.gold.secondary}
    return Counts(len(said & gold), len(said - gold), len(gold - said))


def score_scenario(pairs: Sequence[Pair]) -> ScenarioScore:
    """The scenario score; no confidence counts as 0, a missing line as wrong."""
    by_label: dict[str, Counts] = {}
    confusions: Counter[tuple[str, str]] = Counter()
    for pair in pairs:
        gold, said = pair.row.gold.scenario.value, pair.label
        right = said == gold
        by_label[gold] = by_label.get(gold, Counts()) + Counts(right=int(right), missed=int(not right))
        if not right:
            confusions[gold, str(said)] += 1
            if said is not None:
                by_label[said] = by_label.get(said, Counts()) + Counts(wrong=1)
    hits = [pair.label == pair.row.gold.scenario.value for pair in pairs]
    return ScenarioScore(
        accuracy=Share(sum(hits), len(pairs)),
        macro_f1=sum(c.f1 for c in by_label.values()) / len(by_label) if by_label else 1.0,
        calibration_error=bins_error((_confidence(p), hit) for p, hit in zip(pairs, hits, strict=True)),
        secondary=sum((_secondary(pair) for pair in pairs), Counts()),
        confusions=dict(confusions),
        mistakes=tuple(
            Mistake(p.row.id, "scenario", p.row.gold.scenario.value, p.label)
            for p, hit in zip(pairs, hits, strict=True)
            if not hit
        ),
    )
