"""The rows of one call as today's rules would have stored them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import BaseModel, ValidationError

from agent.call import RedactedCall
from agent.case import Decision, ReviewCase
from agent.errors import RedactionError
from agent.redaction import Redactor
from agent.redaction.conversation import Conversation
from agent.run import ProcessLine
from agent.store import TextRow
from agent.store.texts import MASKED, SWEPT, Holds
from agent.sweep.changes import Copies, TurnChange, change_of
from agent.sweep.shield import Shield, prompt_line

Counts = Counter[tuple[str, str, str]]

_PLACEHOLDER = re.compile(r"<[A-Z]+(?:_[A-Z]+)*_\d{1,6}>")
_PART = "<NUMBER_PART>"
_LONG_NUMBER = "LONG_NUMBER"
_TURN_LISTS = ("turns", "redacted_turns")
_FLAGS = {"card": "card_number", "bank": "bank_details", "tax": "tax_identifier"}
_MODELS: dict[str, type[BaseModel]] = {
    "calls": RedactedCall,
    "runs": ProcessLine,
    "cases": ReviewCase,
    "decisions": Decision,
}

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Masked:
    """The rows in their order, and how many stretches went from them by (table, column, entity)."""

    rows: tuple[TextRow, ...]
    counts: Counts


def mask_rows(rows: Sequence[TextRow], redactor: Redactor, own_ids: Iterable[str]) -> Masked:
    """``rows`` of one call, masked; ``own_ids`` are the ids of the call, its runs and its cases, which stay.

    Raises RedactionError, also where a row could not be read any more once it is masked.
    """
    texts = [text for row in rows for text in row.texts.values() if text]
    work = _Work(Conversation(redactor, texts), Shield(own_ids, texts))
    documents = [{column: _parsed(row, column) for column in row.texts} for row in rows]
    work.hear(value for document in documents for value in document.values())
    counts: Counts = Counter()
    after = []
    for row, document in zip(rows, documents, strict=True):
        changed: dict[str, str | None] = {}
        for column, holds in SWEPT[row.table].items():
            text = row.texts[column]
            if text is None:
                continue
            new, taken = work.masked(document[column], text, holds)
            if new != text:
                changed[column] = _checked(row.table, text, new)
                counts.update({(row.table, column, entity): n for entity, n in taken.items()})
        after.append(replace(row, texts={**row.texts, **changed}) if changed else row)
    return Masked(tuple(after), counts)


def _parsed(row: TextRow, column: str) -> Any:
    """The column's JSON value; the text itself where it holds none."""
    text = row.texts[column]
    if text is None or SWEPT[row.table][column] != "json":
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _checked(table: str, old: str, new: str) -> str:
    """``new``, unless it can no longer be read as what ``old`` was."""
    model = _MODELS.get(table)
    if model is not None and _readable(model, old) and not _readable(model, new):
        raise RedactionError
    return new


def _readable(model: type[BaseModel], text: str) -> bool:
    try:
        value = json.loads(text)
        model.model_validate({**value, "decisions": ()} if model is ReviewCase else value)
    except (ValidationError, ValueError, TypeError):
        return False
    return True


@dataclass
class _Work:
    """What was found out about one call so far."""

    conversation: Conversation
    shield: Shield
    copies: Copies = field(default_factory=lambda: Copies(()))
    moved: tuple[Any, Any] = (None, None)
    """The call's rows before and after, once its turns have changed."""

    def hear(self, documents: Iterable[Any]) -> None:
        """Read every transcript among ``documents`` as the conversation it was."""
        changes: list[TurnChange] = []
        heard = set()
        for document in documents:
            said = _said(document)
            if said is None or tuple(said) in heard:
                continue
            heard.add(tuple(said))
            found = self.conversation.turns(said)
            for turn, ((who, old), new) in enumerate(zip(said, found.texts, strict=True)):
                self.shield.line(prompt_line(turn, who, old), prompt_line(turn, who, new))
                if old != new:
                    changes.append(change_of(old, new, [row for row in found.redactions if row.turn == turn]))
        self.copies = Copies(changes)

    def masked(self, value: Any, text: str, holds: Holds) -> tuple[str, Counter[str]]:
        """The column's new text, ``text`` itself where nothing went, and how often which entity went."""
        if holds == "key":
            return self._masked_key(text)
        clean = self._cleaned(value)
        if clean == value and not self._tells_of_rows(value):
            return text, Counter()
        plain = clean if isinstance(clean, str) else _json(clean)
        taken_here = Counter(row.entity for row in self.conversation.rows([plain]))
        taken_here[_PART] += plain.count(_PART) - text.count(_PART)
        return (plain if isinstance(clean, str) else _json(self._settled(clean))), +taken_here

    def _cleaned(self, value: Any) -> Any:
        clean, _ = self.conversation.json(_each_text(value, self._sheltered))
        return _each_text(clean, self.shield.down)

    def _sheltered(self, text: str) -> str:
        """``text`` as the rules are shown it. JSON inside a text (a tool's arguments, its answer) is read as JSON:
        as words, its brackets and names would say things that nobody said."""
        inner = _inner_json(text)
        if inner is None:
            return self.conversation.without_known(self.shield.up(self.copies.mended(self.shield.lines(text))))
        clean = self._cleaned(inner)
        return self.shield.hold(text if clean == inner else json.dumps(clean, ensure_ascii=False))

    def _masked_key(self, text: str) -> tuple[str, Counter[str]]:
        """An outside object's id: a long number alone is no reason to forget it."""
        _, taken = self.conversation.json(self.shield.up(text), "reference_id")
        found = Counter(one.entity for one in taken if one.entity != _LONG_NUMBER)
        return (MASKED if found else text), found

    def _tells_of_rows(self, document: Any) -> bool:
        """Whether ``document`` is the trace's record of rows that have moved."""
        before, after = self.moved
        told = document.get("data") if isinstance(document, dict) else None
        return isinstance(told, dict) and before is not None and before != after and told.get("redactions") == before

    def _settled(self, document: Any) -> Any:
        """``document`` with rows, classes and flags that fit its new texts."""
        if not isinstance(document, dict):
            return document
        if self._tells_of_rows(document):
            rows: Rows = self.moved[1]
            told = {**document["data"], "redactions": rows, "classes": sorted(_classes(rows))}
            return {**document, "data": {**told, **_flagged(told, rows)}}
        texts = next((texts for name in _TURN_LISTS if (texts := _texts(document.get(name))) is not None), None)
        if texts is None or not isinstance(document.get("redactions"), list):
            return document
        rows = _relocated(document["redactions"], texts, self.conversation)
        self.moved = (document["redactions"], rows)
        settled = {**document, "redactions": rows, **_flagged(document, rows)}
        if isinstance(document.get("suppression"), dict):
            heard = {flag: True for kind, flag in _FLAGS.items() if kind in _classes(rows)}
            settled["suppression"] = {**document["suppression"], **heard}
        return settled


def _classes(rows: Rows) -> set[str]:
    return {str(row["class"]) for row in rows if "class" in row}


def _flagged(document: dict[str, Any], rows: Rows) -> dict[str, bool]:
    """``flagged`` where the document has it and a number that nothing explained went."""
    return {"flagged": True} if "flagged" in document and any(r.get("entity") == _LONG_NUMBER for r in rows) else {}


def _inner_json(text: str) -> Any:
    """The object or list that ``text`` is the JSON of; None for any other text."""
    if text[:1] not in ("{", "["):
        return None
    try:
        inner = json.loads(text)
    except ValueError:
        return None
    return inner if isinstance(inner, dict | list) else None


def _relocated(old: Sequence[Any], texts: Sequence[str], conversation: Conversation) -> Rows:
    """The rows of ``old`` where their placeholders stand now, and those of what just went, in reading order."""
    known = {str(row["placeholder"]): row for row in old if isinstance(row, dict) and "placeholder" in row}
    found = [
        {**known[match.group()], "turn": turn, "start": match.start(), "end": match.end()}
        for turn, text in enumerate(texts)
        for match in _PLACEHOLDER.finditer(text)
        if match.group() in known
    ]
    found += [row.model_dump(mode="json") for row in conversation.rows(texts)]
    return sorted(found, key=lambda row: (row["turn"], row["start"]))


def _said(document: Any) -> list[tuple[str, str]] | None:
    """(speaker, text) of the transcript that ``document`` holds; None where it holds none."""
    if not isinstance(document, dict):
        return None
    for name in _TURN_LISTS:
        texts = _texts(document.get(name))
        if texts is not None:
            return [(str(turn.get("speaker")), text) for turn, text in zip(document[name], texts, strict=True)]
    return None


def _texts(turns: Any) -> list[str] | None:
    if not isinstance(turns, list) or not all(isinstance(turn, dict) for turn in turns):
        return None
    texts = [turn.get("text") for turn in turns]
    return texts if all(isinstance(text, str) for text in texts) else None


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    """``value`` with every text in it changed, names too."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {change(name): _each_text(item, change) for name, item in value.items()}
    if isinstance(value, list):
        return [_each_text(item, change) for item in value]
    return value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
