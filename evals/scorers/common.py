"""What every scorer shares: output lines as plain mappings, counts, and one error type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.gold import EvalCall

Output = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One wrong answer, for the error list; ``got`` is never the value of an identifier."""

    call_id: str
    what: str
    expected: object
    got: object


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``total``; an empty total counts as all right."""

    hits: int = 0
    total: int = 0

    @property
    def rate(self) -> float:
        return self.hits / self.total if self.total else 1.0

    def __add__(self, other: Share) -> Share:
        return Share(self.hits + other.hits, self.total + other.total)


@dataclass(frozen=True, slots=True)
class Counts:
    """True positives, false positives and misses. Rates without cases are 1, as nothing was wrong."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        return Share(self.right, self.right + self.wrong).rate

    @property
    def recall(self) -> float:
        return Share(self.right, self.right + self.missed).rate

    @property
    def f1(self) -> float:
        if not self.right:
            return 0.0 if self.wrong or self.missed else 1.0
        return 2 * self.right / (2 * self.right + self.wrong + self.missed)


@dataclass(frozen=True, slots=True)
class Pair:
    """A labelled call and what the product said about it; ``output`` is empty when no line came."""

    row: EvalCall
    output: Output

    @property
    def label(self) -> str | None:
        scenario = self.output.get("scenario")
        return scenario.get("label") if isinstance(scenario, Mapping) else None

    @property
    def texts(self) -> tuple[str, ...]:
        """The redacted turns' texts, as the output line gives them."""
        return tuple(str(turn.get("text", "")) for turn in self.output.get("redacted_turns") or ())

    def value(self, field: str) -> Any:
        """The captured value of ``field``, None when empty."""
        captured = (self.output.get("capture") or {}).get(field) or {}
        value = captured.get("value") if isinstance(captured, Mapping) else captured
        return None if value in ("", []) else value


def pair_up(rows: Sequence[EvalCall], outputs: Iterable[Output]) -> tuple[Pair, ...]:
    """Each labelled call with its output line, joined by call_id; a later line replaces an earlier."""
    by_id = {str(output.get("call_id")): output for output in outputs}
    return tuple(Pair(row, by_id.get(row.call_id, {})) for row in rows)


def bins_error(points: Iterable[tuple[float, bool]]) -> float:
    """Calibration error over ten equal bins: mean distance of stated confidence from share right."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in points:
        bins.setdefault(min(int(confidence * 10), 9), []).append((confidence, right))
    total = sum(map(len, bins.values()))
    if not total:
        return 0.0
    return sum(abs(sum(c for c, _ in held) - sum(r for _, r in held)) for held in bins.values()) / total
