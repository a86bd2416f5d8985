"""Are the captured values right? Exact fields by precision and recall, free text by the words it must hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.normal import SCORED, canonical, fold, same
from evals.scorers.common import Counts, Mistake, Pair, Share, bins_error


@dataclass(frozen=True, slots=True)
class FieldScore:
    """Counts by field; a wrong value is a false positive and a miss. ``free_text`` is the share of
    gold words found; ``calibration_error`` compares the confidence of scored values with their truth."""

    by_field: Mapping[str, Counts]
    free_text: Share
    calibration_error: float
    mistakes: tuple[Mistake, ...]

    @property
    def micro(self) -> Counts:
        return sum(self.by_field.values(), Counts())


def _free_of_charge(pair: Pair, field: str, value: Any) -> bool:
    """Values that are not in gold and still not wrong: optional ones, the call's own numbers, defaults."""
    gold = pair.row.gold
    if field in gold.optional and same(field, value, gold.optional[field]):
        return True
    if field == "phone":
        own = (pair.row.call.get("from_number"), pair.row.call.get("to_number"))
        return canonical(field, value) in [canonical(field, number) for number in own]
    defaults = {"expects_callback": False, "payment_status": "unknown"}
    return field == "finance_owner" or (field in defaults and canonical(field, value) == defaults[field])


def judge(pair: Pair, field: str) -> tuple[Counts, Mistake | None]:
    """How the value of one exact field counts, and the mistake if it is one."""
    value, gold = pair.value(field), pair.row.gold.capture
    if field in gold:
        if value is not None and same(field, value, gold[field]):
            return Counts(right=1), None
        return Counts(wrong=int(value is not None), missed=1), Mistake(pair.row.id, field, gold[field], value)
    if value is None or _free_of_charge(pair, field, value):
        return Counts(), None
    return Counts(wrong=1), Mistake(pair.row.id, field, None, value)


def _free_text(pair: Pair) -> Iterator[tuple[bool, Mistake]]:
    for field, groups in pair.row.gold.free_text.items():
        said = fold(str(pair.value(field) or ""))
        for group in groups:
            hit = any(fold(word) in said for word in group.split("|"))
            yield hit, Mistake(pair.row.id, field, group, pair.value(field))


def truth(pair: Pair, field: str) -> bool | None:
    """Whether the value given for ``field`` is right; None when there is none or gold cannot tell.

    Free text is right when every group of gold words is met.
    """
    value, gold = pair.value(field), pair.row.gold
    if value is None:
        return None
    if field in SCORED:
        counts, _ = judge(pair, field)
        known = counts.right or counts.wrong or (field in gold.optional and field != "finance_owner")
        return not counts.wrong if known else None
    groups = gold.free_text.get(field)
    if groups is None:
        return None
    return all(any(fold(word) in fold(str(value)) for word in group.split("|")) for group in groups)


def confidences(pair: Pair) -> Iterator[tuple[float, bool]]:
    """(stated confidence, right?) for each value that has a confidence and can be judged."""
    for field, captured in (pair.output.get("capture") or {}).items():
        confidence, right = (captured or {}).get("confidence"), truth(pair, field)
        if confidence is not None and right is not None:
            yield float(confidence), right


def score_fields(pairs: Sequence[Pair]) -> FieldScore:
    """The capture score over all calls."""
    by_field = dict.fromkeys(SCORED, Counts())
    mistakes: list[Mistake] = []
    words = Share()
    for pair in pairs:
        for field in SCORED:
            counts, mistake = judge(pair, field)
            by_field[field] += counts
            mistakes += [mistake] if mistake else []
        for hit, miss in _free_text(pair):
            words += Share(int(hit), 1)
            mistakes += [] if hit else [miss]
    points = [point for pair in pairs for point in confidences(pair)]
    return FieldScore(by_field, words, bins_error(points), tuple(mistakes))
