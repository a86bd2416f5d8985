"""The spoken-number reader: from the words of a call to pieces of digits and letters, with their places.

A unit is "forty two", "double oh", "G for George", "4242"; a run of them in one turn is a piece. Putting pieces
of several turns together is the business of the reading and the recognizers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from itertools import takewhile

from agent.redaction.borders import Borders, numeric_like, sentence_between
from agent.redaction.pieces import CORRECTING, GAP_WORDS, Gap, Item, Piece, make_piece
from agent.redaction.view import Words
from agent.words import (
    AMBIGUOUS,
    FILLERS,
    FOREIGN,
    HOMOPHONES,
    LETTER_NAMES,
    ORDINALS,
    PHONETIC,
    REPEATS,
    SCALES,
    TEENS,
    TENS,
    UNITS,
)

_MISHEARD = {**HOMOPHONES, "tree": 3, "fife": 5, "sex": 6, "free": 3, "owe": 0, "wan": 1, "fore": 4, "tu": 2, "sics": 6}
_SOUNDS = {
    "see": "C",
    "sea": "C",
    "are": "R",
    "ar": "R",
    "you": "U",
    "why": "Y",
    "tea": "T",
    "ex": "X",
    "el": "L",
    "eye": "I",
    "oh": "O",
}
_MEASURED = re.compile(
    r"\d{1,6}(?:st|nd|rd|th|am|pm|k|m|mb|gb|tb|kg|km|cm|mm|g|h|hrs?|min|ms|s|x|p|ish)|q[1-4]|[a-z]{1,3}\d{1,2}"
)
_IBAN_HEAD = re.compile(
    r"(?:A[DELT]|B[AEG]|C[HYZ]|D[EK]|E[ES]|F[IR]|G[BR]|H[RU]|I[EST]|L[ITUV]|M[CT]|N[LO]|P[LT]|R[OS]|S[EIK])\d\d"
)
_TRIM = frozenset({"a", "i"})
_PRONOUN_BEFORE = frozenset(
    "the that this new old which another any each no every other wrong right only first last next same second third".split()
)
_PRONOUN_AFTER = frozenset(
    "sec second seconds moment minute min tick thing things more of from ending ends last that which who is was the my your day time way".split()
)
_GOING = frozenset(
    "goes go going went sent send sending pay paid transfer moved move switch change changed email text link over up back".split()
)
_TO_SOMEBODY = frozenset(
    "tell give thank call ring send text show do did can could will would have are with from for if and what".split()
)
_EXPLAINING = frozenset("for like come wie comme como de como van som jako za".split())
"""Between a letter and the word that spells it out: "R come Roma", "A wie Anton", "B de Barcelona"."""
_NAMED_DIGITS = frozenset("digit digits number numbers figures numerals".split())
_COUNTED_FROM = frozenset("last final first ultimos ultimas".split())
_COUNTS = frozenset("2 3 4 5 6 7 8 9 two three four five six seven eight nine".split())
_OPENING = frozenset("with are has was have goes begins starts reads code card account".split())
_MAX_GAP = 9


def _small(words: Words, at: int, stop: int) -> tuple[int, int, tuple[str, ...]] | None:
    """A number below 100 at word ``at``: (value, next word, readings)."""
    word = words.folded[at]
    if word in TEENS:
        return TEENS[word], at + 1, (str(TEENS[word]),)
    if word in TENS:
        tens = TENS[word]
        if at + 1 < stop and words.folded[at + 1] in ORDINALS:
            return None
        unit = UNITS.get(words.folded[at + 1], 0) if at + 1 < stop else 0
        if unit:
            return tens + unit, at + 2, (str(tens + unit), f"{tens}{unit}")
        return tens, at + 1, (str(tens),)
    if word in UNITS:
        return UNITS[word], at + 1, (str(UNITS[word]),)
    if word.isdigit() and len(word) <= 3:
        return int(word), at + 1, (word,)
    return None


def _cardinal(words: Words, at: int, stop: int) -> Item | None:
    """A number in words, with hundreds and thousands: "forty two hundred", "four thousand two hundred and two"."""
    begun = _small(words, at, stop)
    if begun is None:
        return None
    value, after, readings = begun
    spoken = words.folded[at:after]
    if after >= stop or words.folded[after] not in SCALES or value == 0:
        return Item(at, after - 1, readings, "digit")
    total, loose, current = 0, "", value
    last_scale = 10**12
    while after < stop and words.folded[after] in SCALES and SCALES[words.folded[after]] < last_scale:
        scale = SCALES[words.folded[after]]
        loose += f"{current}{str(scale)[1:]}"
        total += current * scale
        after += 1
        last_scale = scale
        following = after + 1 if after + 1 < stop and words.folded[after] == "and" else after
        small = _small(words, following, stop) if following < stop else None
        if small is not None and small[1] < stop and SCALES.get(words.folded[small[1]], 0) >= scale:
            small = None
        if small is None:
            return Item(at, after - 1, _distinct(str(total), loose), "digit", cardinal=True)
        current, after, _ = small
    if spoken and current:
        return Item(at, after - 1, _distinct(str(total + current), f"{loose}{current}"), "digit", cardinal=True)
    return Item(at, after - 1, _distinct(f"{total}{current}", loose), "digit", cardinal=True)


def _distinct(*readings: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(readings))


class Reader:
    """Reads items out of the words of one call. ``blocked[i]`` words are never read."""

    def __init__(self, words: Words, text: str, blocked: list[bool], names: Set[str] = frozenset()) -> None:
        """``names``: acronyms that announce something and so are no letters of a value: "VAT", "PAN"."""
        self._words = words
        self._names = names
        self._borders = Borders(words, text, self.item)
        self._text = text
        self._blocked = blocked
        self._foreign = self._foreign_words()
        self._shouting = self._shouted_turns()

    def _shouted_turns(self) -> set[int]:
        """Turns written in capitals throughout, where capitals say nothing."""
        words, found = self._words, set()
        for turn in range(len(words.first) - 1):
            written = [
                w for w in words.written[words.first[turn] : words.first[turn + 1]] if len(w) > 2 and w.isalpha()
            ]
            if len(written) >= 4 and sum(w.isupper() for w in written) * 2 > len(written):
                found.add(turn)
        return found

    def _foreign_words(self) -> set[int]:
        """Positions of other languages' number words that stand among at least two like them."""
        folded, cluster, found = self._words.folded, list[int](), set[int]()
        last, clear = -9, 0
        for at, word in enumerate(folded):
            number = word in FOREIGN
            if number or (cluster and (word in UNITS or (word.isascii() and word.isdigit()))):
                if cluster and at - last > 2:
                    cluster, clear = [], 0
                if not cluster and at and folded[at - 1] in UNITS:
                    cluster = [at - 1]
                cluster.append(at)
                clear += number and word not in AMBIGUOUS
                last = at
                adjacent = len(cluster) >= 3 and at - cluster[-3] == 2
                long = len(cluster) >= 6 and at - cluster[-6] == 5 and len({folded[i] for i in cluster[-6:]}) > 1
                long = long and all(folded[i] in FOREIGN for i in cluster[-6:])
                if long or (len(cluster) >= 3 and (clear >= 2 or (clear and (adjacent or len(cluster) >= 4)))):
                    found.update(i for i in cluster if folded[i] in FOREIGN)
                    cluster = cluster[-6:]
        return found

    def item(self, at: int, stop: int) -> Item | None:
        """The item that begins at word ``at``; ``stop`` is the end of its turn."""
        if self._blocked[at]:
            return None
        word = self._words.folded[at]
        if at in self._foreign:
            return self._foreign_item(at, stop)
        if word in REPEATS:
            return self._repeat(at, stop)
        if (
            word.isascii()
            and word.isdigit()
            and len(word) <= 3
            and at + 1 < stop
            and self._words.folded[at + 1] in SCALES
        ):
            return _cardinal(self._words, at, stop)
        if (
            at > self._words.first[self._words.turn[at]]
            and self._words.folded[at - 1] in _COUNTED_FROM
            and word in _COUNTS
        ):
            return None
        if word in UNITS or word in TEENS or word in TENS:
            if word == "o" and self._written(at) == "O":
                return Item(at, at, ("0", "O"), "digit")
            return self._number(at, stop)
        if word[0].isascii() and any(map(str.isdigit, word)):
            return self._raw(at, word)
        return self._letters(at, stop, word)

    def _written(self, at: int) -> str:
        return self._words.written[at]

    def _number(self, at: int, stop: int) -> Item | None:
        words = self._words
        if at + 1 < stop and words.folded[at + 1] in _NAMED_DIGITS:
            return None
        if words.folded[at] == "one":
            before = words.folded[at - 1] if at > words.first[words.turn[at]] else ""
            following = words.folded[at + 1] if at + 1 < stop else ""
            numeric = (
                following in UNITS
                or following in TENS
                or following in TEENS
                or following in REPEATS
                or following in SCALES
            )
            if not numeric and (before in _PRONOUN_BEFORE or (following in _PRONOUN_AFTER and before not in UNITS)):
                return None
        return _cardinal(words, at, stop)

    def _foreign_item(self, at: int, stop: int) -> Item:
        folded = self._words.folded
        value = FOREIGN[folded[at]]
        if (
            value >= 20
            and value % 10 == 0
            and at + 2 < stop
            and folded[at + 1] in ("y", "e", "et")
            and at + 2 in self._foreign
        ):
            unit = FOREIGN[folded[at + 2]]
            if 0 < unit < 10:
                return Item(at, at + 2, (str(value + unit), f"{value}{unit}"), "digit")
        return Item(at, at, (str(value),), "digit")

    def _repeat(self, at: int, stop: int) -> Item | None:
        """Said as "double four", "triple oh", "double R", "double u"."""
        times = REPEATS[self._words.folded[at]]
        following = at + 1
        if following >= stop or self._blocked[following]:
            return None
        word = self._words.folded[following]
        if word in ("u", "you"):
            return Item(at, following, ("W", "U" * times), "letter")
        if word in UNITS:
            return Item(at, following, (str(UNITS[word]) * times,), "digit")
        if word.isascii() and word.isdigit():
            return Item(at, following, (word * times,), "digit")
        if following in self._foreign or word in HOMOPHONES:
            value = FOREIGN.get(word, HOMOPHONES.get(word, 0))
            return Item(at, following, (str(value) * times,), "digit")
        letter = word if len(word) == 1 else PHONETIC.get(word, LETTER_NAMES.get(word, ""))
        return (
            Item(at, following, (letter.upper() * times,), "letter") if letter.isalpha() and letter.isascii() else None
        )

    def _raw(self, at: int, word: str) -> Item | None:
        if not word.isascii() or "'" in word:
            return None
        if word.isdigit():
            return Item(at, at, (word,), "digit")
        written = self._written(at)
        control = len(word) > 4 and written[-1].isupper()  # "7321K" is no number of thousands
        control = control or _IBAN_HEAD.fullmatch(written.upper()) is not None
        if _MEASURED.fullmatch(word) and not control and not self._beside_group(at):
            return None
        return Item(at, at, (word.upper(),), "mixed")

    def _beside_group(self, at: int) -> bool:
        """Whether a written group of digits or capitals touches the word: "DE61 3746", "B01" after "387981135"."""
        words = self._words
        for other in (at - 1, at + 1):
            if 0 <= other < len(words) and words.turn[other] == words.turn[at]:
                between = self._text[min(words.end[at], words.end[other]) : max(words.start[at], words.start[other])]
                near = words.folded[other]
                group = near.isalpha() and 2 <= len(near) <= 6 and words.written[other].isupper()
                if len(between) <= 2 and (group or (any(map(str.isdigit, near)) and not _MEASURED.fullmatch(near))):
                    return True
        return False

    def _letters(self, at: int, stop: int, word: str) -> Item | None:
        if len(word) == 1:
            if not (word.isascii() and word.isalpha()):
                return None
            if word == "x" and at + 1 < stop and self._words.folded[at + 1] == "ray":
                return Item(at, at + 1, ("X",), "letter")
            last = self._explained(at, stop, word)
            if (
                last == at
                and word in _TRIM
                and at + 1 < stop
                and not numeric_like(self._words, at + 1)
                and not self._closing(at)
            ):
                spelled = at > self._words.first[self._words.turn[at]] and len(self._words.folded[at - 1]) == 1
                if word == "i" or not spelled or self._words.folded[at - 1].isdigit():
                    return None
            return Item(
                at, last, (word.upper(),), "letter", sure=word not in _TRIM or last > at or self._closes(at, stop)
            )
        if word in PHONETIC:
            return Item(at, at, (PHONETIC[word].upper(),), "letter")
        if word in LETTER_NAMES and word != "queue":
            return Item(at, self._explained(at, stop, LETTER_NAMES[word]), (LETTER_NAMES[word].upper(),), "letter")
        if word in _MISHEARD:
            return Item(at, at, (str(_MISHEARD[word]), ""), "digit", sure=False)
        if (
            word == "you"
            and at > self._words.first[self._words.turn[at]]
            and self._words.folded[at - 1] in _TO_SOMEBODY
        ):
            return None
        if word in _SOUNDS:
            return Item(at, at, (_SOUNDS[word], ""), "letter", sure=False)
        written = self._written(at)
        group = 2 <= len(written) <= 6 and written.isascii() and written.isalpha() and written.isupper()
        if group and word not in GAP_WORDS and word not in self._names and self._words.turn[at] not in self._shouting:
            return Item(at, at, (written,), "letter")
        return None

    def _closes(self, at: int, stop: int) -> bool:
        return self._written(at) == "A" and (at + 1 >= stop or self._closing(at))

    def _closing(self, at: int) -> bool:
        """A capital A at the end of a sentence, right behind a digit or a letter, is a control letter."""
        before = at > self._words.first[self._words.turn[at]] and numeric_like(self._words, at - 1)
        return before and self._written(at) == "A" and sentence_between(self._words, self._text, at, at + 1)

    def _explained(self, at: int, stop: int, letter: str) -> int:
        """The last word of "G for George", "B as in Bravo", "S like Sam", else ``at``."""
        folded = self._words.folded
        if folded[at + 1 : at + 4] == ["for", "x", "ray"] and letter == "x":
            return at + 3
        if at + 2 < stop and folded[at + 1] in _EXPLAINING and folded[at + 2][:1] == letter and len(folded[at + 2]) > 2:
            return at + 2
        if at + 3 < stop and folded[at + 1] == "as" and folded[at + 2] == "in":
            return at + 3
        named = at + 1 < stop and len(folded[at + 1]) > 3 and folded[at + 1][0] == letter and letter not in _TRIM
        if named and self._written(at + 1)[0].isupper() and self._written(at + 1)[1:].islower():
            return at + 1
        return at

    def pieces(self) -> list[Piece]:
        """Every piece of the call, in order."""
        found: list[Piece] = []
        for turn in range(len(self._words.first) - 1):
            found += self._turn_pieces(self._words.first[turn], self._words.first[turn + 1])
        return found

    def _turn_pieces(self, begin: int, stop: int) -> Iterator[Piece]:
        items: list[Item] = []
        gaps: list[Gap] = []
        at = begin
        pending = said = 0
        corrects = False
        while at < stop:
            item = self.item(at, stop)
            if item is not None and (item.sure or pending == 0 or not items):
                if items and (self._borders.apart(items[-1], item, stop, said) or self._preposition(items, gaps, item)):
                    yield from self._finish(items, gaps)
                    items, gaps, said = [], [], 0
                if items:
                    between = self._words.folded[items[-1].last + 1 : item.first]
                    listed = between == ["and"] or "or" in between
                    gaps.append(
                        Gap(
                            pending,
                            corrects,
                            sentence_between(self._words, self._text, items[-1].last, item.first),
                            listed,
                        )
                    )
                items.append(item)
                said += len(item.text) if item.sure else 0
                at, pending, corrects = item.last + 1, 0, False
                continue
            word = self._words.folded[at]
            if items and self._words.folded[at : min(at + 3, stop)] == ["bear", "with", "me"]:
                at, pending = at + 3, pending + 1
                continue
            if items and not self._blocked[at] and word in GAP_WORDS and pending < _MAX_GAP:
                pending += 1
                corrects = corrects or word in CORRECTING
                at += 1
                continue
            if items:
                yield from self._finish(items, gaps)
                items, gaps = [], []
            pending, said, corrects = 0, 0, False
            at += 1
        if items:
            yield from self._finish(items, gaps)

    def _preposition(self, items: list[Item], gaps: list[Gap], item: Item) -> bool:
        """As in "the 1099 for twelve thousand": a homophone in front of an amount is the word itself."""
        if not item.cardinal or items[-1].sure or len(item.text) < 3:
            return False
        items.pop()
        if gaps:
            gaps.pop()
        return bool(items)

    def _finish(self, items: list[Item], gaps: list[Gap]) -> Iterator[Piece]:
        """Unsure items at the edges, and those cut off from a sure neighbour, are not part of the number."""
        begin, end = 0, len(items)
        while begin < end and not items[begin].sure and not self._leads(items, gaps, begin, end):
            begin += 1
        while end > begin and not items[end - 1].sure and not self._trails(items, gaps, begin, end):
            end -= 1
        if end - begin > 1 and self._is_pronoun(items[begin], items[begin + 1]):
            begin += 1
        if end - begin > 2 and self._that_one(items[begin], items[end - 1]):
            end -= 1
        interjection = end - begin == 1 and self._words.folded[items[begin].first] in ("oh", "o")
        if interjection:  # the whole turn: a digit in a number that comes one a turn
            turn = self._words.turn[items[begin].first]
            others = self._words.folded[self._words.first[turn] : self._words.first[turn + 1]]
            interjection = not (FILLERS - {"yeah", "yes", "ok", "okay"}).union(("oh", "o")).issuperset(others)
        if begin < end and not interjection:
            yield make_piece(self._words, tuple(items[begin:end]), tuple(gaps[begin : end - 1]))

    def _that_one(self, first: Item, last: Item) -> bool:
        """As in "the two two nine six one?": which of several."""
        words = self._words
        closing = last.last + 1 >= words.first[words.turn[last.last] + 1] or sentence_between(
            self._words, self._text, last.last, last.last + 1
        )
        opened = first.first > words.first[words.turn[first.first]] and words.folded[first.first - 1] == "the"
        return words.folded[last.first] == "one" and closing and opened and last.first == last.last

    def _is_pronoun(self, first: Item, second: Item) -> bool:
        """As in "the Lloyds one, 20496688", or at the end of a sentence: "It's a long one. Seven seven ..."."""
        words = self._words
        if words.folded[first.last] != "one" or first.last != first.first or not second.text.isdigit():
            return False
        between = self._text[words.end[first.last] : words.start[second.first]]
        if any(mark in between for mark in ".?!") and first.first > words.first[words.turn[first.first]]:
            before = words.folded[first.first - 1]
            joined = not self._text[words.end[first.first - 1] : words.start[first.first]].strip()
            plain = len(before) > 2 and before not in _OPENING and before not in GAP_WORDS
            return joined and (plain or before in _PRONOUN_BEFORE)
        written = self._written(second.first)
        return written.isdigit() and len(second.text) > 1 and any(c in between for c in ",.:;")

    def _leads(self, items: list[Item], gaps: list[Gap], at: int, end: int) -> bool:
        """A homophone may open a number: "it's for two for two ..."."""
        if items[at].shape == "letter":
            ahead = zip(items[at + 1 : min(at + 3, end)], gaps[at : at + 2], strict=False)
            spelled = takewhile(lambda next_: next_[0].shape == "letter" and next_[1].words == 0, ahead)
            return any(item.sure for item, _ in spelled)
        first = items[at].first
        if first > self._words.first[self._words.turn[first]] and self._words.folded[first - 1] in _GOING:
            return False
        following = items[at : at + 4]
        single = [i for i in following if i.shape == "digit" and len(i.text) == 1]
        spoken = not self._written(items[at].first + 1).isdigit() if at + 1 < end else False
        return len(single) == 4 and spoken and all(g.words == 0 for g in gaps[at : at + 3])

    def _trails(self, items: list[Item], gaps: list[Gap], begin: int, end: int) -> bool:
        """...or close it: "... eight two eight to"; at a stop, or where the turn is nothing but a number."""
        if items[end - 1].shape == "letter":
            return end - 2 >= begin and len(items[end - 1].text) == 1 and gaps[end - 2].words == 0
        turn = self._words.turn[items[begin].first]
        opens, closes = (
            items[begin].first == self._words.first[turn],
            items[end - 1].last == self._words.first[turn + 1] - 1,
        )
        if opens and closes and end - begin >= 3 and not any(g.words for g in gaps[begin : end - 1]):
            return True
        before = items[max(begin, end - 5) : end]
        single = [i for i in before if i.shape == "digit" and len(i.text) == 1]
        if len(single) < 5 or any(g.words for g in gaps[max(begin, end - 5) : end - 1]):
            return False
        after = self._words.end[items[end - 1].last]
        return self._text[after : after + 1] in ("", "\n", ".", ",", "!", "?")
