"""Redacting JSON records: keys announce their values, and a number may lie in pieces over siblings."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any

from agent.errors import RedactionError
from agent.redaction.recognizers.cards import is_card
from agent.redaction.scalars import as_text, is_number

Conversation = Sequence[tuple[str, str]]
Clean = Callable[[Conversation], Sequence[str]]
"""Redacts (speaker, text) pairs as one conversation; as many texts come back."""

_REFERENCE_KEYS = re.compile(
    r"(?:^|_)(?:at|time|ts|timestamp|date|created|updated|ms|id|number|phone|fax|mobile|version|key)$"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_IDENTIFYING_KEYS = re.compile(
    r"(?:^|_)(?:ssn|itin|ein|tin|cvv|cvc|cv2|cid|pin|pan|iban|card|routing|aba|sort|bsb|account|acct|expiry|security|tax|vat|"
    r"gstin|aadhaar|nino|utr|sin|tfn|abn|nif|siret|siren)(?:_|$)",
    re.IGNORECASE,
)
_SAID_KEYS = ("text", "content", "message", "utterance", "transcript", "body")
_SPEAKER_KEYS = ("speaker", "role", "from", "author")
_MAX_DEPTH = 200
_GROUP = re.compile(r"\d{1,8}")
_PART = re.compile(r"\d{1,12}|[A-Za-z]{1,7}")
_MASK = "<NUMBER_PART>"


class RecordWalk:
    """Walks one JSON value; ``clean`` does the redacting."""

    def __init__(self, clean: Clean) -> None:
        self._clean = clean

    def value(self, value: Any, key: str = "", depth: int = 0) -> Any:
        """``value`` without identifiers, in the same shape; a list that was one cut number becomes one string.

        What JSON does not know is read as its text (bytes, dates, UUIDs, paths) or as a list (sets), and comes
        back as it was when nothing is in it. Raises RedactionError for any other type, and for a value nested
        deeper than 200 levels: nothing passes that was not looked at.
        """
        if depth > _MAX_DEPTH:
            raise RedactionError
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self.leaf(value, key)
        if isinstance(value, Mapping):
            return self._object(value, key, depth)
        if isinstance(value, list | tuple):
            return self._list(value, key, depth)
        if isinstance(value, set | frozenset):
            items = list(value)
            cleaned = self._list(items, key, depth)
            return value if cleaned == items else cleaned
        return self._scalar(value, key)

    def leaf(self, text: str, key: str) -> str:
        """One string; its key's words stand before it like a question."""
        words = _CAMEL.sub("_", key).lower()
        if _REFERENCE_KEYS.search(words):
            words = f"reference_number_{words}"
        return self._clean([("key", words.replace("_", " ").replace("-", " ")), ("value", text)])[1]

    def _object(self, value: Mapping[Any, Any], key: str, depth: int) -> dict[Any, Any]:
        parts = _cut_card(value)
        fields = [
            (k, self._name(k), _MASK if k in parts else self.value(v, k if isinstance(k, str) else key, depth + 1))
            for k, v in value.items()
        ]
        as_before = {name for k, name, _ in fields if name == k}
        out: dict[Any, Any] = {}
        for k, name, cleaned in fields:
            out[name if name == k else _free(name, as_before, out)] = cleaned
        return out

    def _name(self, key: Any) -> Any:
        """A field's name; two names that lose their identifiers may become one, which ``_object`` numbers."""
        return self.leaf(key, "") if isinstance(key, str) else self.value(key)

    def _list(self, items: Sequence[Any], key: str, depth: int) -> list[Any]:
        joined = _as_one(items)
        if joined is not None and (text := self.leaf(joined, key)) != joined:
            return [text]
        said = _said(items)
        if said is None:
            return [self.value(item, key, depth + 1) for item in items]
        texts = iter(self._clean([(who, text) for _, who, text in said]))
        heard = [{**item, name: next(texts)} for item, (name, _, _) in zip(items, said, strict=True)]
        return [self.value(item, key, depth + 1) for item in heard]

    def _scalar(self, value: Any, key: str) -> Any:
        """One value that is no text. A number is looked at when it is long or its key announces an identifier; else
        it is a count, a sum, a time."""
        if is_number(value) and abs(value) < 10**11:
            announced = _IDENTIFYING_KEYS.search(_CAMEL.sub("_", key)) is not None
            if not (announced and abs(value) >= 100):
                return value
        text = as_text(value)
        if text is None:
            raise RedactionError
        cleaned = self.leaf(text, key)
        return value if cleaned == text else cleaned


def _free(name: Any, *taken: Container[Any]) -> Any:
    """``name``, or with a number behind it the first that is not taken."""
    one, at = name, 1
    while any(one in names for names in taken):
        at += 1
        one = f"{name} ({at})"
    return one


def _as_one(items: Sequence[Any]) -> str | None:
    """A list of short strings and numbers as one text: a number may have been cut into its groups or digits."""
    plain = [_told(item) for item in items]
    return " ".join(plain) if len(plain) > 1 and all(_PART.fullmatch(text) for text in plain) else None


def _told(item: Any) -> str:
    """A text or number without the space around it; nothing for any other value."""
    return (as_text(item) or "").strip() if isinstance(item, str | bytes) or is_number(item) else ""


def _cut_card(value: Mapping[Any, Any]) -> frozenset[Any]:
    """The keys of neighbouring fields that together are one card number: ``{"c1": "4242", "c2": "4242", ...}``."""
    names = list(value)
    texts = [_told(v) for v in value.values()]
    groups = [bool(_GROUP.fullmatch(text)) for text in texts]
    for begin in range(len(names)):
        joined = ""
        for end in range(begin, len(names)):
            if not groups[end] or len(joined) > 19:
                break
            joined += texts[end]
            if end - begin >= 1 and 13 <= len(joined) <= 19 and is_card(joined) and _alike(names[begin : end + 1]):
                return frozenset(names[begin : end + 1])
    return frozenset()


def _alike(names: Sequence[Any]) -> bool:
    """Whether the names count up: the same word with different numbers or letters behind it."""
    stems = {re.sub(r"[\W_]*(?:\d+|[a-d])$", "", str(name).lower()) for name in names}
    return len(stems) == 1


def _said(items: Sequence[Any]) -> list[tuple[str, str, str]] | None:
    """(field, speaker, text) of every entry when the list is a transcript of its own, else None."""
    found = []
    for item in items:
        if not isinstance(item, Mapping):
            return None
        name = next((key for key in _SAID_KEYS if isinstance(item.get(key), str)), None)
        if name is None:
            return None
        who = next((str(item[key]) for key in _SPEAKER_KEYS if isinstance(item.get(key), str)), "unknown")
        found.append((name, who, item[name]))
    return found if len(found) > 1 else None
