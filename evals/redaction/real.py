"""Open real data, where somebody has it: callers that no rule here was written beside.

Two folders are read when they are there. ``natcs-insurance``: opening utterances of insurance calls, marked for
redaction by character. ``multidogo-dev``: the customer's half of support chats with a bank (finance) and a cable company
(media), labelled token by token for another purpose, so the labels have to be read. A chat is one call of one speaker.

What a label means here, and why:

* ``ssn`` goes when the customer names it (ssn, social, security) in that turn or the one before. Else the number, mostly
  four digits alone, answers a question that is not in the data and could as well be the last four of a card, which
  stay: nobody can decide that from the text, so it is *unseen*.
* ``card_number`` of 12 digits or more goes when the customer has spoken of a card by then or its check digit holds; 10
  and 11 digits (damaged) only when the turn names a card. Four digits are the last four and stay. Else unseen.
* ``account_number`` and ``target_account_number`` of six digits or more go when the customer has spoken of a bank's
  business by then (checking, savings, routing, transfer, balance ...) and names an account in that turn or the one
  before. Four digits stay. Else unseen: the number may be the company's own, or anything.
* ``account_id`` (media) is the cable company's own number: it stays; from 12 digits on it is unseen, for the backstop
  takes any such run that nothing explains.
* Amounts, dates, times, post codes, addresses, quantities and names stay.
* Noise of the source is neither: scientific notation (446 e 15) and spreadsheet day numbers (43269), a label on a word
  that holds no digit where there should be some, an amount or date of twelve digits or more.
* In ``natcs-insurance`` the marks say it themselves: redact, keep, either (unseen here).

*Unseen* numbers are counted, and how many of them are taken, but neither is an error.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from agent.errors import BadInput
from evals.redaction.making import stdnum
from evals.redaction.run import Redact, outputs_of
from evals.redaction.score import Score, score
from evals.redaction.snippet import Snippet, Span

REDACT, KEEP, UNSEEN = "redact", "keep", "unseen"
_NAMED = {"ssn": r"ssn|social|security", "card_number": r"card", "account": r"\bacc?\b|account|accoumt"}
_BANKING = re.compile(r"bank|check|saving|routing|transfer|balance|deposit|wire|statement", re.IGNORECASE)
_CARD = re.compile(r"card|visa|amex|master", re.IGNORECASE)
_STAYS = frozenset(
    "name username address charge_date charge_time charge_amount transferamount lastuseddate lastusedtime "
    "current_zipcode new_zipcode datacategoryvalues date".split()
)
_WORDS_STAY = frozenset({"name", "username"})
_NATCS_TYPES = {
    "card": ("card_number", "payment"),
    "expiry": ("expiry", "payment"),
    "bank_account": ("account_number", "payment"),
    "routing": ("routing_number", "payment"),
}


@dataclass(frozen=True, slots=True)
class RealReport:
    """One data set: what had to go and to stay, and how many of the numbers nobody can decide were taken."""

    name: str
    score: Score
    unseen: int
    unseen_taken: int

    @property
    def headline(self) -> dict[str, float | int]:
        """The numbers that are printed."""
        return {**self.score.headline, "unseen": self.unseen, "unseen_taken": self.unseen_taken}


@dataclass(frozen=True, slots=True)
class _Said:
    """What the customer has said by now, for deciding what a label means."""

    turn: str
    before: str
    call: str


def measure_real(folder: Path, redact: Redact) -> list[RealReport]:
    """Scores every data set that ``folder`` holds. Raises BadInput when it holds none or a file is broken."""
    reports = [_report(name, snippets, redact) for name, snippets in _data_sets(folder)]
    if not reports:
        raise BadInput(f"{folder} holds neither natcs-insurance nor multidogo-dev")
    return reports


def _data_sets(folder: Path) -> Iterator[tuple[str, list[Snippet]]]:
    if (folder / "natcs-insurance" / "spans.jsonl").is_file():
        yield "natcs-insurance", read_natcs(folder / "natcs-insurance")
    for domain in ("finance", "media"):
        path = folder / "multidogo-dev" / f"{domain}-dev.tsv"
        if path.is_file():
            yield f"multidogo {domain}", read_multidogo(path)


def _report(name: str, snippets: Sequence[Snippet], redact: Redact) -> RealReport:
    outputs = outputs_of(snippets, redact)
    decided = [replace(s, spans=tuple(span for span in s.spans if span.class_ != UNSEEN)) for s in snippets]
    open_ = [replace(s, keep=(), spans=tuple(span for span in s.spans if span.class_ == UNSEEN)) for s in snippets]
    unseen = score([s for s in open_ if s.spans], outputs).identifiers
    return RealReport(name, score(decided, outputs), unseen.count, unseen.count - unseen.wrong)


def _lines(path: Path) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError):
        raise BadInput(f"{path} cannot be read as JSON lines") from None


def read_natcs(folder: Path) -> list[Snippet]:
    """Each utterance as a call of one turn, with its marks. Raises BadInput."""
    marks: dict[str, list[dict[str, Any]]] = {}
    for mark in _lines(folder / "spans.jsonl"):
        marks.setdefault(mark["id"], []).append(mark)
    return [
        _natcs(row["utterance_id"], row["utterance"], marks.get(row["utterance_id"], ()))
        for row in _lines(folder / "utterances.jsonl")
    ]


def _natcs(id_: str, text: str, marks: Iterable[Mapping[str, Any]]) -> Snippet:
    spans: list[Span] = []
    keep: list[tuple[str, str]] = []
    for mark in marks:
        words = text[mark["start"] : mark["end"]]
        if mark["rule"] == KEEP:
            keep.append((words, mark["kind"]))
            continue
        type_, class_ = _NATCS_TYPES[mark["kind"]] if mark["rule"] == REDACT else (mark["kind"], UNSEEN)
        tags = (str(mark["tier"]),) if mark.get("tier") else ()
        spans.append(_span(0, mark["start"], words, type_, class_, len(spans), tags))
    return Snippet(
        id_, (("customer", text),), tuple(spans), tuple(w for w, _ in keep), (), keep_tags=tuple(k for _, k in keep)
    )


def _span(turn: int, start: int, words: str, type_: str, class_: str, number: int, tags: tuple[str, ...]) -> Span:
    value = re.sub(r"\W", "", words)
    return Span(turn, start, start + len(words), type_, class_, f"g{number}", words, value, value, tags)


def read_multidogo(path: Path) -> list[Snippet]:
    """Each conversation as one call of the customer's turns, labels read as the head of this module says.

    Raises BadInput when the file is not such a table.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        kept = [(row["conversationId"], row["utterance"], row["slot-labels"]) for row in rows]
    except (OSError, UnicodeDecodeError, KeyError, csv.Error):
        raise BadInput(f"{path} is not a table with conversationId, utterance and slot-labels") from None
    return [_chat(id_, [row[1:] for row in turns]) for id_, turns in groupby(kept, key=lambda row: row[0])]


def _chat(id_: str, rows: Sequence[tuple[str, ...]]) -> Snippet:
    spans: list[Span] = []
    keep: list[tuple[str, str]] = []
    heard: list[str] = []
    for turn, (text, labels) in enumerate(rows):
        heard.append(text)
        said = _Said(text, heard[-2] if turn else "", " ".join(heard))
        for label, start, words in _slots(text, labels.split()):
            rule = meaning(label, words, said)
            if rule == KEEP:
                keep.append((words, label))
                continue
            start, words = _figures(start, words)
            if rule is not None:
                class_ = UNSEEN if rule == UNSEEN else "tax" if label == "ssn" else "payment"
                spans.append(_span(turn, start, words, label, class_, len(spans), (_where(label, said),)))
    turns = tuple(("customer", text) for text, _ in rows)
    return Snippet(id_, turns, tuple(spans), tuple(w for w, _ in keep), (), keep_tags=tuple(k for _, k in keep))


def _slots(text: str, labels: Sequence[str]) -> Iterator[tuple[str, int, str]]:
    """Runs of one label: (label, start, words). A row whose labels do not fit its tokens has none."""
    tokens = list(re.finditer(r"\S+", text))
    if len(tokens) != len(labels):
        tokens = list(re.finditer(r"[^ ]+", text))
    if len(tokens) != len(labels):
        return
    for label, run in groupby(zip(labels, tokens, strict=True), key=lambda pair: pair[0]):
        held = [token for _, token in run]
        if label != "O":
            yield label, held[0].start(), text[held[0].start() : held[-1].end()]


def _figures(start: int, words: str) -> tuple[int, str]:
    """From the first to the last digit: labels lie on words around the number, too."""
    held = re.search(r"\d.*\d|\d", words)
    return (start + held.start(), held.group()) if held else (start, words)


def meaning(label: str, words: str, said: _Said) -> str | None:
    """Whether the words under ``label`` go, stay or cannot be decided; None for noise."""
    number = re.sub(r"\D", "", words)
    if not number:
        return KEEP if label in _WORDS_STAY else None
    if re.search(r"\d e \d", words) or re.fullmatch(r"4[2-4]\d{3}", words):
        return None
    if label in _STAYS:
        return KEEP if len(number) < 12 else None
    if label == "account_id":
        return KEEP if len(number) < 12 else UNSEEN
    if label == "ssn":
        return (REDACT if _named(label, said) else UNSEEN) if len(number) >= 3 else None
    if label == "card_number":
        return _card_number(number, said)
    if label in ("account_number", "target_account_number"):
        if len(number) < 6:
            return KEEP if len(number) == 4 else None
        return REDACT if _BANKING.search(said.call) and _named(label, said) else UNSEEN
    return None


def _card_number(number: str, said: _Said) -> str | None:
    if len(number) < 10:
        return KEEP if len(number) == 4 else None
    if len(number) < 12:
        return REDACT if _CARD.search(said.turn) else UNSEEN
    return REDACT if _CARD.search(said.call) or stdnum("luhn")(number) else UNSEEN


def _named(label: str, said: _Said) -> bool:
    kind = "account" if "account" in label else label
    return re.search(_NAMED[kind], f"{said.before} {said.turn}", re.IGNORECASE) is not None


def _where(label: str, said: _Said) -> str:
    return "named_nearby" if _named(label, said) else "named_earlier"
