"""One call, read once: words, labels, pieces, and for every piece what it is said to be.

Every recognizer works on this reading; it travels through Presidio as the NLP artifacts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.redaction.claims import Claims
from agent.redaction.context import Label, acronyms, find_labels
from agent.redaction.labels import Claim, Labels
from agent.redaction.marks import PLACEHOLDER, binding_marks, hard_marks, soft_marks
from agent.redaction.pieces import GAP_WORDS, Piece
from agent.redaction.spoken import Reader
from agent.redaction.view import CallText, Words, read_words
from agent.words import COUNTED, ORDINALS, STREETS, US_STATES

_MONTHS = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_YEAR_BEFORE = frozenset("in since year from until by".split())
_NEW_BUSINESS = frozenset(
    "want need transfer pay paid can could would please credit debit charge send at to for an because also plus".split()
)
_CURRENCY = "$€£₹¥"
_TIME_BEFORE = frozenset("before after by around until till past about at".split())
_REFUSING = frozenset(
    "can't cant cannot don't dont not stop never needn't neednt won't wont shouldn't rather mustn't unable nicht nein no".split()
)
_TAX_FORM = re.compile(r"W[2489]|10(?:40|95|98|99)")
"""An American tax form ("W9", "1099")."""
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z0-9]?\d[A-Z]{2}|[A-Z]\d[A-Z]\d[A-Z]\d")


@dataclass(frozen=True, slots=True)
class Reading:
    """What recognizers see. ``claims[i]`` belongs to ``pieces[i]``; ``plain[i]`` marks amounts and dates."""

    call: CallText
    words: Words
    labels: Labels
    pieces: Sequence[Piece]
    plain: Sequence[bool]
    claims: Sequence[Claim | None]
    replaced: Sequence[int] = ()
    """The words of placeholders that earlier passes put in, in order."""

    def speaker(self, piece: Piece) -> str:
        return self.call.speakers[piece.turn]

    def is_replaced(self, word: int) -> bool:
        """Whether the word is a placeholder's own name, no word of the call."""
        at = bisect_left(self.replaced, word)
        return at < len(self.replaced) and self.replaced[at] == word

    def phrase(self, label: Label) -> str:
        """The announcing phrase as our tables know it."""
        return " ".join(self.words.folded[label.first : label.last + 1])

    def index_at(self, word: int) -> int:
        """The index of the first piece that begins at or after ``word``."""
        return bisect_left(self.pieces, word, key=lambda p: p.first)

    def words_before(self, piece: Piece) -> int:
        """How many words of its turn stand before ``piece``."""
        return piece.first - self.words.first[piece.turn]

    def words_after(self, piece: Piece) -> int:
        """How many words of its turn stand after ``piece``."""
        return self.words.first[piece.turn + 1] - 1 - piece.last

    def continuation(self, at: int, kinds: tuple[str, ...], most: int, *, lone: bool = False) -> Iterator[int]:
        """Indices of the pieces that carry on piece ``at``: same speaker, nothing else announced in between.

        Stops after ``most`` characters. Pieces of the other speaker in between are read-backs and skipped.
        ``lone``: a single digit counts with more words around it ("sorry the dog, seven").
        """
        last, total = self.pieces[at], _kept(self.pieces[at])
        for index in range(at + 1, min(at + 44, len(self.pieces))):
            piece = self.pieces[index]
            if total >= most or piece.turn - last.turn > 4:
                return
            if not self._unbroken(last, piece, kinds):
                return
            if self.speaker(piece) != self.speaker(last):
                continue
            if self.plain[index]:
                continue
            if len(piece.chars) < 2 and not lone and (piece.turn == last.turn or self.words_before(piece) > 2):
                continue
            claim = self.claims[index]
            if claim is not None and claim.answers_for_staying:
                return
            if claim is not None and piece.turn == last.turn and last.last < claim.label.first < piece.first:
                return
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
        taken_up = self.words_before(right) <= 2 and self.words_after(right) <= 2
        return left.turn != right.turn and self.words_after(left) == 0 and taken_up

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


def _is_counted(call: CallText, words: Words, piece: Piece) -> bool:
    """A currency or a thing that is counted stands right behind it."""
    if _TAX_FORM.fullmatch(piece.chars):
        return True
    if piece.digits <= 7 and "point" in words.folded[piece.first : piece.last]:
        return True
    after = piece.last + 1
    if after >= words.first[piece.turn + 1] or piece.digits > 9:
        return False
    return words.folded[after] in COUNTED and not call.text[piece.end : words.start[after]].strip()


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
    after_next = words.folded[piece.last + 2] if piece.last + 2 < words.first[piece.turn + 1] else ""
    if after in ("a", "per", "each") and after_next in COUNTED and piece.digits <= 6:
        return True
    if piece.digits <= 8 and (before in _MONTHS or after in _MONTHS):
        return True
    if _in_an_address(call, words, piece) or (len(piece.items) == 1 and _is_hour(piece, before)):
        return True
    if after in ("a", "p") and words.folded[piece.last + 1 : piece.last + 3][-1:] == ["m"]:
        return True
    if before in ORDINALS and words.folded[piece.first - 2] in _MONTHS:
        return True
    year = piece.chars.isdigit() and len(piece.chars) == 4 and piece.chars[:2] in ("19", "20")
    return (year and before in _YEAR_BEFORE) or (
        len(piece.items) <= 2 and piece.items[0].cardinal and not _whole_turn(words, piece)
    )


def _whole_turn(words: Words, piece: Piece) -> bool:
    """Nothing else is said in the turn: digits read out rather than a sum in a sentence."""
    return piece.first == words.first[piece.turn] and piece.last + 1 == words.first[piece.turn + 1]


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
    hard, money, soft = hard_marks(call.text), binding_marks(call.text), soft_marks(call.text)
    found = find_labels(words)
    if hard.starts:
        found = [label for label in found if not hard.covers(words.start[label.first], words.end[label.last])]
    labels = Labels(words, call.text, found)
    blocked = [False] * len(words)
    for at in labels.at:
        blocked[at] = True
    for marks, binding in ((hard, True), (money, True), (soft, False)):
        for start, end in zip(marks.starts, marks.ends, strict=True):
            low = bisect_left(words.start, start)
            if not binding and low < len(words) and (labels.announced_within(low, 5) or labels.asked_for(low)):
                continue
            for at in range(low, bisect_left(words.start, end)):
                blocked[at] = True
    pieces = Reader(words, call.text, blocked, acronyms()).pieces()
    plain = [
        _is_counted(call, words, p) or (_is_plain(call, words, p) and not labels.announced_within(p.first, 3))
        for p in pieces
    ]
    replaced = [
        at
        for match in PLACEHOLDER.finditer(call.text)
        for at in range(bisect_left(words.start, match.start()), bisect_left(words.start, match.end()))
    ]
    claims = Claims(call, words, labels, pieces, plain, replaced).all()
    return Reading(call, words, labels, pieces, plain, claims, replaced)
