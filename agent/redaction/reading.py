"""One call, read once: words, labels, pieces, and for every piece what it is said to be.

Every recognizer works on this reading; it travels through Presidio as the NLP artifacts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from agent.redaction.context import OWN_ACCOUNT, Claim, Label, Labels, find_labels
from agent.redaction.marks import hard_marks, money_marks, soft_marks
from agent.redaction.spoken import GAP_WORDS, Piece, Reader
from agent.redaction.view import CallText, Words, read_words
from agent.words import COUNTED, STREETS, US_STATES

_MONTHS = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_YEAR_BEFORE = frozenset("in since year from until by".split())
_NEW_BUSINESS = frozenset(
    "want need transfer pay paid can could would please credit debit charge send at to for an because also plus".split()
)
_PREPOSITIONS = frozenset("on for of with in linked associated registered tied connected attached".split())
_OF = _PREPOSITIONS | frozenset(
    "the your my our this that his her and to linked associated registered tied connected attached".split()
)
_CURRENCY = "$€£₹¥"
_TIME_BEFORE = frozenset("before after by around until till past about at".split())
_REFUSING = frozenset(
    "can't cant cannot don't dont not stop never needn't neednt won't wont shouldn't rather mustn't unable nicht nein no".split()
)
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z0-9]?\d[A-Z]{2}|[A-Z]\d[A-Z]\d[A-Z]\d")
_REMEMBERED = 5
_REACH = 18
_TURNS_BACK = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """What recognizers see. ``claims[i]`` belongs to ``pieces[i]``; ``plain[i]`` marks amounts and dates."""

    call: CallText
    words: Words
    labels: Labels
    pieces: Sequence[Piece]
    plain: Sequence[bool]
    claims: Sequence[Claim | None]

    def speaker(self, piece: Piece) -> str:
        return self.call.speakers[piece.turn]

    def index_at(self, word: int) -> int:
        """The index of the first piece that begins at or after ``word``."""
        return bisect_left(self.pieces, word, key=lambda p: p.first)

    def words_before(self, piece: Piece) -> int:
        """How many words of its turn stand before ``piece``."""
        return piece.first - self.words.first[piece.turn]

    def words_after(self, piece: Piece) -> int:
        """How many words of its turn stand after ``piece``."""
        return self.words.first[piece.turn + 1] - 1 - piece.last

    def continuation(self, at: int, kinds: tuple[str, ...], most: int, *, claimed: bool = True) -> Iterator[int]:
        """Indices of the pieces that carry on piece ``at``: same speaker, nothing else announced in between.

        Stops after ``most`` characters. Pieces of the other speaker in between are read-backs and skipped.
        """
        last, total = self.pieces[at], _kept(self.pieces[at])
        for index in range(at + 1, min(at + 14, len(self.pieces))):
            piece = self.pieces[index]
            if total >= most or piece.turn - last.turn > 4:
                return
            if not self._unbroken(last, piece, kinds):
                return
            if self.speaker(piece) != self.speaker(last):
                continue
            if self.plain[index]:
                continue
            if len(piece.chars) < 2 and (piece.turn == last.turn or self.words_before(piece) > 2):
                continue
            claim = self.claims[index]
            if claim is not None and claim.turns == 0 and not claim.passed and not set(claim.label.kinds) & set(kinds):
                return
            if piece.turn == last.turn and not self._same_breath(last, piece):
                return
            if piece.turn != last.turn and (self.words_after(last) > 14 or self.words_before(piece) > 12):
                return
            yield index
            total += _kept(piece)
            last = piece

    def _same_breath(self, left: Piece, right: Piece) -> bool:
        """Little is said between two pieces of one turn, and no new business."""
        between = [w for w in self.words.folded[left.last + 1 : right.first] if w not in GAP_WORDS]
        return len(between) <= 5 and not any(word in _NEW_BUSINESS for word in between)

    def tight(self, left: Piece, right: Piece) -> bool:
        """Broken off at the end of one turn and taken up at once in a later one."""
        return left.turn != right.turn and self.words_after(left) == 0 and self.words_before(right) <= 2

    def _unbroken(self, left: Piece, right: Piece, kinds: tuple[str, ...]) -> bool:
        """No phrase between the two announces something else."""
        open_ended = self.words_after(left) <= 2 and self.words_before(right) <= 3
        return all(
            set(label.kinds) & set(kinds) or (open_ended and self._refused(label, left))
            for label in self.labels.between(left.last + 1, right.first)
            if tells(label)
        )

    def _refused(self, label: Label, piece: Piece) -> bool:
        """The other speaker interrupts: "I can't take bank details by phone" asks for nothing."""
        turn = self.words.turn[label.first]
        if self.call.speakers[turn] == self.speaker(piece):
            return False
        text, low, high = self.call.text, self.call.starts[turn], self.call.end_of(turn)
        begin = max(text.rfind(mark, low, self.words.start[label.first]) for mark in ".?!;")
        end = min(
            (at for mark in ".?!;" if (at := text.find(mark, self.words.end[label.last], high)) >= 0), default=high
        )
        said = {
            self.words.folded[at]
            for at in range(self.words.first[turn], self.words.first[turn + 1])
            if begin < self.words.start[at] < end
        }
        return text[end : end + 1] != "?" and not said.isdisjoint(_REFUSING)


def tells(label: Label) -> bool:
    """Whether a phrase between two pieces is about a number at all: "the payment" is not."""
    return not label.stays or (label.strong and label.limit > 11)


def _kept(piece: Piece) -> int:
    """How many characters a piece adds to a value: half of it was taken back where it was corrected."""
    return len(piece.chars) // 2 if piece.corrected else len(piece.chars)


class _Claims:
    """Finds the claim of every piece, in order."""

    def __init__(
        self, call: CallText, words: Words, labels: Labels, pieces: Sequence[Piece], plain: Sequence[bool]
    ) -> None:
        self._call = call
        self._words = words
        self._labels = labels
        self._pieces = pieces
        self._plain = plain
        self._piece_at = {i: at for at, piece in enumerate(pieces) for i in range(piece.first, piece.last + 1)}
        self._found: list[Claim | None] = []
        self._explained: dict[str, Label] = {}

    def all(self) -> list[Claim | None]:
        for at, piece in enumerate(self._pieces):
            self._found.append(self._recalled(piece, self._claim(at, piece)))
        return self._found

    def _recalled(self, piece: Piece, claim: Claim | None) -> Claim | None:
        """A number that was said to be an order or a phone number stays one when it is read back."""
        if len(piece.chars) < _REMEMBERED:
            return claim
        said = {value for reading in piece.readings(32) for value in (reading, "".join(filter(str.isdigit, reading)))}
        said = {value for value in said if len(value) >= _REMEMBERED}
        if claim is not None and claim.label.stays:
            if claim.label.strong and claim.turns in (0, 1) and piece.digits <= claim.label.limit:
                self._explained.update(dict.fromkeys(said, claim.label))
            return claim
        if claim is not None and claim.label.strong and claim.turns == 0 and not claim.passed:
            return claim
        known = next((label for value, label in self._explained.items() if any(part in value for part in said)), None)
        return claim if known is None else Claim(known, 0)

    def _claim(self, at: int, piece: Piece) -> Claim | None:
        before = self._before(at, piece)
        behind = self._labels.behind(piece.last)
        if (
            behind is not None
            and (behind.label.kinds or before is None)
            and (before is None or before.distance > 4 or (before.label.stays and before.distance > behind.distance))
        ):
            return behind
        if before is not None:
            return before
        return self._earlier(piece) or self._next_turn(piece)

    def _before(self, at: int, piece: Piece) -> Claim | None:
        """The nearest phrase before the piece in its own turn."""
        begin = self._words.first[piece.turn]
        word, steps, passed, stayed = piece.first - 1, 0, False, None
        while word >= begin and steps < _REACH:
            label = self._labels.at.get(word)
            if label is not None:
                claim = Claim(label, steps, passed=passed)
                if label.kinds and stayed is not None:
                    return replace(claim, passed=True) if steps - stayed.distance <= 6 else stayed
                if label.kinds:
                    return replace(claim, label=self._asked_of(label))
                if not passed and stayed is None and (label.strong or steps <= 4):
                    stayed = claim
                word, steps = label.first - 1, steps + 1
                continue
            other = self._piece_at.get(word)
            if other is not None and len(self._pieces[other].chars) >= 3 and not self._plain[other]:
                if self._listed(other, piece):
                    return self._found[other]
                if stayed is not None:
                    return stayed
                passed = True
                word = self._pieces[other].first - 1
                steps += 2
                continue
            word, steps = word - 1, steps + 1
        return stayed

    def _asked_of(self, label: Label) -> Label:
        """The code on the card, the phone number on the account: what is asked stands before card or account."""
        if not {"card", OWN_ACCOUNT, "bank_account"} & set(label.kinds):
            return label
        begin = self._words.first[self._words.turn[label.first]]
        word, of = label.first - 1, False
        while word >= max(begin, label.first - 6):
            other = self._labels.at.get(word)
            if other is not None:
                beside = {"cvv", "expiry", "pin"} & set(other.kinds) and "card" in label.kinds
                return other if of or beside else label
            if word in self._piece_at or self._words.folded[word] not in _OF:
                break
            of = of or self._words.folded[word] in _PREPOSITIONS
            word -= 1
        return label

    def _listed(self, other: int, piece: Piece) -> bool:
        """Two numbers with nothing but "and" between them share one announcement."""
        between = range(self._pieces[other].last + 1, piece.first)
        return len(between) <= 3 and all(
            self._words.folded[i] in GAP_WORDS or self._words.folded[i] == "or" for i in between
        )

    def _earlier(self, piece: Piece) -> Claim | None:
        """The question before the answer, for up to some turns while nothing else is announced."""
        lead = piece.first - self._words.first[piece.turn]
        if lead > _REACH:
            return None
        for back in range(1, min(_TURNS_BACK, piece.turn) + 1):
            for label in reversed(self._labels.of_turn(piece.turn - back)):
                if label.stays and (back > 2 or not label.strong):
                    continue
                answered = self._answered(label, piece) or (
                    label.kinds != () and not self._asks(label, self._call.speakers[piece.turn])
                )
                if answered and label.stays:
                    continue
                return Claim(self._asked_of(label), lead, turns=back, passed=answered)
        return None

    def _asks(self, label: Label, speaker: str) -> bool:
        """Whether the phrase stands in the last sentence of its turn, or nearly: what follows answers it."""
        turn = self._words.turn[label.last]
        end = self._words.first[turn + 1]
        if speaker == self._call.speakers[turn]:
            return end - label.last <= 4
        rest = self._call.text[self._words.end[label.last] : self._words.end[end - 1]]
        return not any(mark in rest for mark in ".?!") or end - label.last <= 7

    def _answered(self, label: Label, piece: Piece) -> bool:
        """Whether another number stands between the phrase and the piece."""
        low = bisect_left(self._pieces, label.last, key=lambda p: p.first)
        high = bisect_left(self._pieces, piece.first, key=lambda p: p.first)
        return any(len(self._pieces[i].chars) >= 4 and not self._plain[i] for i in range(low, high))

    def _next_turn(self, piece: Piece) -> Claim | None:
        """Said as "Please, I don't need the card": what the other speaker takes the number for."""
        if piece.turn + 1 >= len(self._call.starts) or self._words.first[piece.turn + 1] - piece.last > 12:
            return None
        for label in self._labels.of_turn(piece.turn + 1):
            if label.kinds and not self._has_its_own(label, piece):
                return Claim(label, label.first - self._words.first[piece.turn + 1], turns=-1)
        return None

    def _has_its_own(self, label: Label, piece: Piece) -> bool:
        """Whether the phrase announces another number in its own turn, not one that repeats ``piece``."""
        low = bisect_left(self._pieces, label.last, key=lambda p: p.first)
        for other in self._pieces[low : low + 4]:
            if other.turn != self._words.turn[label.last] or self._labels.between(label.last + 1, other.first):
                return False
            if len(other.chars) >= 4 and other.chars not in piece.chars:
                return True
        return False


def _is_plain(call: CallText, words: Words, piece: Piece) -> bool:
    """An amount, a quantity, a date or a time: what stands around it says so."""
    if piece.digits > 9:
        return False
    after = words.folded[piece.last + 1] if piece.last + 1 < words.first[piece.turn + 1] else ""
    before = words.folded[piece.first - 1] if piece.first > words.first[piece.turn] else ""
    glue = call.text[max(0, piece.start - 2) : piece.start].strip()
    if (
        after in COUNTED
        or (glue and glue[-1] in _CURRENCY)
        or call.text[piece.end : piece.end + 1] in {"%", *_CURRENCY}
    ):
        return True
    if piece.digits <= 8 and (before in _MONTHS or after in _MONTHS):
        return True
    if _in_an_address(call, words, piece) or (len(piece.items) == 1 and _is_hour(piece, before)):
        return True
    if after in ("a", "p") and words.folded[piece.last + 1 : piece.last + 3][-1:] == ["m"]:
        return True
    year = piece.chars.isdigit() and len(piece.chars) == 4 and piece.chars[:2] in ("19", "20")
    return (year and before in _YEAR_BEFORE) or (len(piece.items) <= 2 and piece.items[0].cardinal)


def _is_hour(piece: Piece, before: str) -> bool:
    """Said as "before ten", "by four"."""
    return before in _TIME_BEFORE and piece.chars.isdigit() and len(piece.chars) <= 2 and int(piece.chars) <= 24


def _in_an_address(call: CallText, words: Words, piece: Piece) -> bool:
    """A house number with its street behind it, a ZIP code with its state in front, or a post code."""
    if _POSTCODE.fullmatch(piece.chars):
        return True
    if not piece.chars.isdigit():
        return False
    if len(piece.chars) == 5 and piece.first > words.first[piece.turn]:
        return words.folded[piece.first - 1] in US_STATES
    if len(piece.chars) > 5:
        return False
    stop = min(piece.last + 5, words.first[piece.turn + 1])
    for at in range(piece.last + 1, stop):
        word = words.folded[at]
        if word in GAP_WORDS or len(word) < 2 or _ends_sentence(call, words, at):
            return False
        if word in STREETS:
            return at > piece.last + 1
    return False


def _ends_sentence(call: CallText, words: Words, at: int) -> bool:
    """Whether a sentence ends right before word ``at``."""
    return any(mark in call.text[words.end[at - 1] : words.start[at]] for mark in ".?!;")


def read_call(call: CallText) -> Reading:
    """Read a whole call."""
    words = read_words(call)
    hard, money, soft = hard_marks(call.text), money_marks(call.text), soft_marks(call.text)
    found = find_labels(words)
    if hard.starts:
        found = [label for label in found if not hard.covers(words.start[label.first], words.end[label.last])]
    labels = Labels(words, found)
    blocked = [False] * len(words)
    for at in labels.at:
        blocked[at] = True
    for marks, binding in ((hard, True), (money, True), (soft, False)):
        for start, end in zip(marks.starts, marks.ends, strict=True):
            low = bisect_left(words.start, start)
            if not binding and low < len(words) and labels.announced_within(low, 5):
                continue
            for at in range(low, bisect_left(words.start, end)):
                blocked[at] = True
    pieces = Reader(words, call.text, blocked).pieces()
    plain = [_is_plain(call, words, p) and not labels.announced_within(p.first, 3) for p in pieces]
    claims = _Claims(call, words, labels, pieces, plain).all()
    return Reading(call, words, labels, pieces, plain, claims)
