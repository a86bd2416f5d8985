"""Labels of a call by their place, and the claim a label lays to a number."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from agent.redaction.context import Label
from agent.redaction.view import Words

_AFTER = 6
COPULAS = frozenset("is was thats that's thats it's its are".split())
_LINKING = frozenset(
    "is was s my the our your his her its that thats this it as for a are being number no here that's it's so full whole but".split()
)
ENDINGS = frozenset("ending ended ends end last final finishing finishes finish terminada acabada".split())
"""Words before the last four digits of a card or account, which may stay."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a number is said to be.

    ``distance``: words between; ``turns``: turns between, negative = after. ``passed``: another number, or
    much talk, stands between. ``mention``: the phrase is part of a story ("my card was charged"), not an
    announcement. ``foreign``: a word we do not know stands right before the number and may name it.
    ``loose``: a phrase for something that stays, but in an earlier sentence.
    """

    label: Label
    distance: int
    turns: int = 0
    passed: bool = False
    mention: bool = False
    foreign: bool = False
    loose: bool = False

    @property
    def near(self) -> bool:
        """Close enough for a weak phrase or a short number."""
        return abs(self.turns) <= 1 and self.distance <= 6 and not self.passed

    @property
    def explains(self) -> bool:
        """The number stays, for its phrase stands in its own sentence or in the question it answers."""
        return self.label.stays and not self.passed and self.turns in (-1, 0, 1) and not self.loose

    @property
    def answers_for_staying(self) -> bool:
        """The number answers a question for something that stays."""
        return self.label.stays and self.turns == 1 and not (self.passed or self.loose)

    @property
    def direct(self) -> bool:
        """The number follows its announcement or answers the question for it."""
        return self.turns in (0, 1) and self.distance <= 8 and not (self.passed or self.mention or self.foreign)


class Labels:
    """The labels of a call, by place."""

    def __init__(self, words: Words, text: str, labels: Sequence[Label]) -> None:
        self._words = words
        self._text = text
        self.all = labels
        self.starts = [label.first for label in labels]
        self.at: dict[int, Label] = {i: label for label in labels for i in range(label.first, label.last + 1)}

    def between(self, begin: int, end: int) -> Sequence[Label]:
        """Labels that begin in words [begin, end)."""
        return self.all[bisect_left(self.starts, begin) : bisect_left(self.starts, end)]

    def of_turn(self, turn: int) -> Sequence[Label]:
        return self.between(self._words.first[turn], self._words.first[turn + 1])

    def behind(self, last: int) -> tuple[Claim, bool] | None:
        """A phrase right behind a number, and whether "is" links them: "... is my card number", "... for the sort code"."""
        stop = min(self._words.first[self._words.turn[last] + 1], last + 1 + _AFTER)
        on = linked = said = False
        for at in range(last + 1, stop):
            label = self.at.get(at)
            if label is not None:
                closing = label.last + 1 >= self._words.first[self._words.turn[last] + 1]
                if (on and "cvv" not in label.kinds) or (at == last + 1 and not closing):
                    return None
                if label.stays and not said:
                    return None
                if self._words.folded[label.first] in ("sixteen", "fifteen", "16", "15"):
                    return None
                if not linked and self._closed(last, label.first):
                    return None
                return Claim(label, at - last - 1), linked
            on = on or self._words.folded[at] == "on"
            said = said or self._words.folded[at] in COPULAS or self._words.folded[at] in ("for", "as")
            linked = (linked or self._words.folded[at] in COPULAS) and self._words.folded[at] not in ("for", "as")
            if not on and self._words.folded[at] not in _LINKING:
                return None
        return None

    def _closed(self, left: int, right: int) -> bool:
        """Whether a sentence ends between two words."""
        return any(mark in self._text[self._words.end[left] : self._words.start[right]] for mark in ".?!;")

    def asked_for(self, at: int) -> bool:
        """Whether the turn before ends by asking for an identifier and word ``at`` nearly opens the answer."""
        turn = self._words.turn[at]
        if turn == 0 or at - self._words.first[turn] > 3:
            return False
        before = self.of_turn(turn - 1)
        asked = bool(before) and before[-1].strong and not before[-1].stays
        named = asked and self._words.folded[before[-1].last].removesuffix("'s") in ("number", "numbers", "code", "id")
        return named or (asked and self._words.first[turn] - before[-1].last <= 4)

    def announced_within(self, at: int, reach: int) -> bool:
        """Whether a strong phrase for an identifier ends at most ``reach`` words before word ``at``, same turn."""
        begin = max(self._words.first[self._words.turn[at]], at - reach)
        for before in range(at - 1, begin - 1, -1):
            label = self.at.get(before)
            if label is not None:
                return (label.strong or at - before <= 2) and not label.stays
        return False
