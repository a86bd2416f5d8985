"""Where one number ends and something else begins, though no word that could not stand in a number is between."""

from __future__ import annotations

from collections.abc import Callable

from agent.redaction.pieces import GAP_WORDS, Item
from agent.redaction.view import Words
from agent.words import COUNTED, PHONETIC, REPEATS, TEENS, TENS, UNITS

ReadItem = Callable[[int, int], Item | None]
"""(word, end of its turn) -> the item that begins there."""

_TIMES = frozenset("after before until till around".split())
_REPEATED = frozenset("times days weeks months years people".split())
_CLOSING = frozenset("please thanks thank got did does can will cheers if thats".split())
_NOT_COUNTED = GAP_WORDS | _CLOSING | frozenset("for fore to too won ate tree fife sex free owe wan tu sics".split())


def sentence_between(words: Words, text: str, left: int, right: int) -> bool:
    """Whether a sentence ends between two words."""
    between = text[words.end[left] : words.start[right]]
    return any(mark in between for mark in ".?!;\n")


def numeric_like(words: Words, at: int) -> bool:
    """Whether a word can go on a spelled number: another letter, a digit, a number word."""
    word = words.folded[at]
    return (
        len(word) == 1
        or word[0].isdigit()
        or word in UNITS
        or word in TENS
        or word in TEENS
        or word in REPEATS
        or word in PHONETIC
    )


class Borders:
    """Looks at the item behind a number; ``item`` reads further ones."""

    def __init__(self, words: Words, text: str, item: ReadItem) -> None:
        self._words = words
        self._text = text
        self._item = item

    def apart(self, left: Item, item: Item, stop: int, said: int) -> bool:
        """Whether ``item`` begins something else; ``said``: the characters of the number so far."""
        return (
            (item.cardinal and (item.first - left.last > 2 or self._equated(left, item)))
            or self._the_one(left, item)
            or (item.first - left.last > 1 and self._words.folded[item.first - 1] in _TIMES and len(item.text) <= 2)
            or self._bank_named(left, item, stop)
            or self._year_ended(left, item)
            or self._name_ended(left, item, said)
            or self._counts(left, item, stop, said)
            or self._asks_on(left, item)
            or self._two_numbers(left, item, said)
            or self._begins_prose(left, item, stop)
            or self._begins_name(left, item, stop)
        )

    def _equated(self, left: Item, item: Item) -> bool:
        """As in "three three oh eight, that's two hundred seventy five"."""
        return not {"thats", "its", "is"}.isdisjoint(self._words.folded[left.last + 1 : item.first])

    def _the_one(self, left: Item, item: Item) -> bool:
        """As in "oh six twenty eight, and then the three at the back"."""
        return item.first - left.last > 1 and self._words.folded[item.first - 1] == "the" and len(item.text) == 1

    def _bank_named(self, left: Item, item: Item, stop: int) -> bool:
        """As in "... seven seven, it's ING": a written group behind a copula, no digit after it."""
        group = (
            item.shape == "letter"
            and len(self._words.written[item.first]) > 1
            and self._words.written[item.first].isupper()
        )
        last = item.last + 1 >= stop or not numeric_like(self._words, item.last + 1)
        return group and last and self._equated(left, item)

    def _counts(self, left: Item, item: Item, stop: int, said: int) -> bool:
        """As in "... nine four oh eight, thirty dollars", "four six four one three times": the last of them is counted."""
        after = item.last + 1
        if after >= stop or self._words.folded[after] not in COUNTED or not item.text.isdigit() or len(item.text) > 3:
            return False
        comma = "," in self._text[self._words.end[left.last] : self._words.start[item.first]]
        return said >= 4 and (comma or self._words.folded[after] in _REPEATED)

    def _asks_on(self, left: Item, item: Item) -> bool:
        """As in "67-2311291. And is the ten ninety nine for ...": a new sentence with a noun of its own."""
        between = self._words.folded[left.last + 1 : item.first]
        return (
            "the" in between and len(between) >= 3 and sentence_between(self._words, self._text, left.last, item.first)
        )

    def _two_numbers(self, left: Item, item: Item, said: int) -> bool:
        """Two numbers with "and" between: "026142997 and 8548429947", a sort code and the account behind it.

        ``said``: the digits so far; a branch code has six or nine.
        """
        between = self._words.folded[left.last + 1 : item.first]
        if between != ["and"]:
            return False
        if len(left.text) == 4 and left.text[:2] == "20":  # "July 2029 and eight six seven"
            return True
        return min(len(left.text), len(item.text)) >= 6 or (
            said in (6, 9) and not sentence_between(self._words, self._text, left.last, item.first)
        )

    def _year_ended(self, left: Item, item: Item) -> bool:
        """As in "since 1974. Eight, thirty one": a year closes its sentence."""
        before = left.first > self._words.first[self._words.turn[left.first]] and self._words.folded[left.first - 1]
        year = len(left.text) == 4 and left.text[:2] in ("19", "20") and before in ("since", "in", "from", "of")
        return (
            (year or left.cardinal)
            and sentence_between(self._words, self._text, left.last, item.first)
            and not item.cardinal
        )

    def _name_ended(self, left: Item, item: Item, said: int) -> bool:
        """As in "... for the CIS. It's seven one one": a written group that ends a sentence before the number."""
        alone = left.shape == "letter" and said == len(left.text) > 1 and self._words.written[left.first].isupper()
        return alone and sentence_between(self._words, self._text, left.last, item.first)

    def _begins_name(self, left: Item, item: Item, stop: int) -> bool:
        """As in "... A for Agra. TDS was forty two": a written group in a new sentence that no digit follows."""
        if (
            item.shape != "letter"
            or not self._words.written[item.first][1:].isupper()
            or not sentence_between(self._words, self._text, left.last, item.first)
        ):
            return False
        return item.last + 1 >= stop or not numeric_like(self._words, item.last + 1)

    def _begins_prose(self, left: Item, item: Item, stop: int) -> bool:
        """As in "... oh four. Three files are in it": a count or an amount is no part of the number before it.

        In a new sentence a count is a small number with a plain word behind it; an amount with hundreds or
        thousands needs no new sentence.
        """
        sentence = sentence_between(self._words, self._text, left.last, item.first)
        if not (sentence or item.cardinal):
            return False
        last, size = item, 1
        while size < 9 and last.last + 1 < stop:
            following = self._item(last.last + 1, stop)
            if (
                following is None
                or not following.sure
                or sentence_between(self._words, self._text, last.last, following.first)
            ):
                break
            last, size = following, size + 1
        after = last.last + 1
        if after >= stop or self._text[self._words.end[last.last] : self._words.start[after]].strip():
            return False
        word = self._words.folded[after]
        if word in COUNTED:
            return True
        small = item.cardinal or (item.readings[0].isdigit() and int(item.readings[0]) < 100)
        return sentence and size == 1 and small and word.isalpha() and word not in _NOT_COUNTED
