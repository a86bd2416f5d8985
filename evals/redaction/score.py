"""How much of what had to go can still be read, and how much of what had to stay is gone.

**Leak**: five or more characters in a row of an identifier can still be read from the turns it was in, once spoken
numbers, letters and homophones are written down (``hearing``). A placeholder ends a run; the pieces of one identifier
over several turns are put together first. Identifiers under five characters leak only whole. Either counts: the right
value, or all that was said (a correction leaves both).

**Lost**: a string that had to stay is neither there word for word nor can its number be heard any more. Other words that
went although no identifier held them are counted apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from evals.redaction.hearing import GAP, Ear, hear, plain, readings, tokens, written
from evals.redaction.snippet import Snippet, Span, gold_texts

RUN = 5
"""Characters in a row that make a leak; a shorter identifier leaks only whole."""

_PIECE = 4
"""Characters in a row that count within one piece of an identifier that is spread over several."""


@dataclass(slots=True)
class Tally:
    """How many there were and how many of them went wrong."""

    count: int = 0
    wrong: int = 0

    def add(self, wrong: bool) -> None:
        """One more."""
        self.count += 1
        self.wrong += wrong

    @property
    def rate(self) -> float:
        """Share that went wrong; 0 of nothing."""
        return self.wrong / self.count if self.count else 0.0

    def merge(self, other: Tally) -> None:
        """All of ``other`` as well."""
        self.count += other.count
        self.wrong += other.wrong


Table = dict[str, Tally]


@dataclass(frozen=True, slots=True)
class Leak:
    """An identifier that can still be read: ``run`` characters of it in a row. ``texts`` are its turns as they came out."""

    id: str
    type: str
    run: int
    fold: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lost:
    """A string that had to stay and did not."""

    id: str
    words: str
    fold: str


@dataclass(slots=True)
class Score:
    """All counts of one run. ``by_*`` are leaks, ``kept_by_tag`` lost strings."""

    snippets: int = 0
    without: int = 0
    touched: int = 0
    missing: int = 0
    identifiers: Tally = field(default_factory=Tally)
    kept: Tally = field(default_factory=Tally)
    words: Tally = field(default_factory=Tally)
    by_class: Table = field(default_factory=dict)
    by_type: Table = field(default_factory=dict)
    by_tag: Table = field(default_factory=dict)
    kept_by_tag: Table = field(default_factory=dict)
    leaks: list[Leak] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)

    @property
    def headline(self) -> dict[str, float | int]:
        """The numbers that are compared, gated and printed; rates are shares of one."""
        return {
            "snippets": self.snippets,
            "without_identifier": round(self.without / self.snippets, 4) if self.snippets else 0.0,
            "identifiers": self.identifiers.count,
            "leaked": self.identifiers.wrong,
            "leak_rate": round(self.identifiers.rate, 5),
            "keep_strings": self.kept.count,
            "keep_lost": self.kept.wrong,
            "keep_lost_rate": round(self.kept.rate, 5),
            "other_words_lost_rate": round(self.words.rate, 5),
            "negatives_touched": self.touched,
            "missing": self.missing,
        }


def score(snippets: Iterable[Snippet], outputs: Mapping[str, Sequence[str] | None]) -> Score:
    """``outputs`` against ``snippets``: id -> turn texts. None, a missing id and another number of turns count as
    not redacted."""
    total = Score()
    for snippet in snippets:
        said = tuple(text for _, text in snippet.turns)
        got = outputs.get(snippet.id)
        if got is None or len(got) != len(said):
            total.missing += 1
            got = said
        _add(total, snippet, tuple(got))
    return total


def merged(scores: Iterable[Score]) -> Score:
    """Several scores of different calls as one."""
    total = Score()
    for one in scores:
        total.snippets += one.snippets
        total.without += one.without
        total.touched += one.touched
        total.missing += one.missing
        for mine, theirs in ((total.identifiers, one.identifiers), (total.kept, one.kept), (total.words, one.words)):
            mine.merge(theirs)
        for name in ("by_class", "by_type", "by_tag", "kept_by_tag"):
            table: Table = getattr(total, name)
            for key, tally in getattr(one, name).items():
                table.setdefault(key, Tally()).merge(tally)
        total.leaks += one.leaks
        total.lost += one.lost
    return total


def _add(total: Score, snippet: Snippet, texts: tuple[str, ...]) -> None:
    total.snippets += 1
    for spans in snippet.groups().values():
        run = leaked_run(spans, texts)
        total.identifiers.add(run > 0)
        first = spans[0]
        _count(total.by_class, (first.class_,), run > 0)
        _count(total.by_type, (first.type,), run > 0)
        _count(total.by_tag, _tags(snippet, spans), run > 0)
        if run:
            turns = dict.fromkeys(span.turn for span in spans)
            total.leaks.append(Leak(snippet.id, first.type, run, snippet.fold, tuple(texts[turn] for turn in turns)))
    lost_before = total.kept.wrong
    joined = _even(" \n ".join(texts))
    for words, tag in zip_longest(snippet.keep, snippet.keep_tags, fillvalue=""):
        gone = not _kept(words, joined, texts)
        total.kept.add(gone)
        _count(total.kept_by_tag, (*snippet.tags, *filter(None, [tag])), gone)
        if gone:
            total.lost.append(Lost(snippet.id, words, snippet.fold))
    if not snippet.spans:
        total.without += 1
        total.touched += total.kept.wrong > lost_before
    for want, have in zip(gold_texts(snippet), texts, strict=True):
        wanted = Counter(_words(want))
        total.words.count += wanted.total()
        total.words.wrong += (wanted - Counter(_words(have))).total()


def _count(table: Table, names: Iterable[str], wrong: bool) -> None:
    for name in dict.fromkeys(names):
        table.setdefault(name, Tally()).add(wrong)


def _tags(snippet: Snippet, spans: Sequence[Span]) -> list[str]:
    own = [tag for span in spans for tag in span.tags]
    return [*snippet.tags, *own, *([] if "cross_turn" in own else ["single_turn"])]


def leaked_run(spans: Sequence[Span], texts: Sequence[str]) -> int:
    """Longest run of characters of one identifier that can still be read from its turns; 0 is no leak."""
    heard = {turn: readings(texts[turn]) for turn in {span.turn for span in spans}}
    for pieces in ([written(span.piece) for span in spans], [written(span.spoken) for span in spans]):
        whole = "".join(pieces)
        if 0 < len(whole) < RUN:
            if all(
                _short_stands(piece, span, heard[span.turn], texts[span.turn])
                for span, piece in zip(spans, pieces, strict=True)
            ):
                return len(whole)
            continue
        readable = [
            known
            for span, piece in zip(spans, pieces, strict=True)
            for known in _readable(piece, heard[span.turn], RUN if len(spans) == 1 else _PIECE)
        ]
        longest = _longest(readable)
        if longest >= RUN:
            return longest
    return 0


def _short_stands(whole: str, span: Span, heard: frozenset[str], text: str) -> bool:
    """Whether a short identifier, or its piece in this turn, can be read whole or stands there as it was said."""
    surface = written(span.text)
    bare = next(iter(readings(text, ())))
    return any(whole in reading for reading in heard) or (len(surface) >= 3 and surface in bare)


def _readable(piece: str, heard: Iterable[str], need: int) -> list[bool]:
    """For each character of ``piece`` whether it stands in a run of at least ``need`` in any reading."""
    known = [False] * len(piece)
    need = min(need, len(piece))
    for reading in heard:
        for start in range(len(piece) - need + 1):
            if need and piece[start : start + need] in reading:
                known[start : start + need] = [True] * need
    return known


def _longest(known: Sequence[bool]) -> int:
    best = run = 0
    for readable in known:
        run = run + 1 if readable else 0
        best = max(best, run)
    return best


def _even(text: str) -> str:
    return re.sub(r"\s+", " ", plain(text).casefold()).strip()


def _kept(words: str, joined: str, texts: Sequence[str]) -> bool:
    if _even(words) in joined:
        return True
    number = hear(words, Ear())
    return len(number) >= 4 and any(number in reading for text in texts for reading in readings(text))


def _words(text: str) -> list[str]:
    return [token.lower() for token in tokens(text) if token != GAP]
