"""Redacting JSON records: keys announce their values, and a number may lie in pieces over siblings."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agent.errors import RedactionError
from agent.redaction.recognizers.cards import is_card

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

        Raises RedactionError for a value nested deeper than 200 levels.
        """
        if depth > _MAX_DEPTH:
            raise RedactionError
        if isinstance(value, str):
            return self.leaf(value, key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._number(value, key)
        if isinstance(value, Mapping):
            return self._object(value, key, depth)
        if isinstance(value, list | tuple):
            return self._list(value, key, depth)
        return value

    def leaf(self, text: str, key: str) -> str:
        """One string; its key's words stand before it like a question."""
        words = _CAMEL.sub("_", key).lower()
        if _REFERENCE_KEYS.search(words):
            words = f"reference_number_{words}"
        return self._clean([("key", words.replace("_", " ").replace("-", " ")), ("value", text)])[1]

    def _object(self, value: Mapping[Any, Any], key: str, depth: int) -> dict[Any, Any]:
        parts = _cut_card(value)
        return {
            self.leaf(k, "") if isinstance(k, str) else k: _MASK
            if k in parts
            else self.value(v, k if isinstance(k, str) else key, depth + 1)
            for k, v in value.items()
        }

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

    def _number(self, value: float, key: str) -> Any:
        """A number, when it is long or its key announces an identifier; else it is a count, a sum, a time."""
        if abs(value) < 10**11 and not (_IDENTIFYING_KEYS.search(_CAMEL.sub("_", key)) and abs(value) >= 100):
            return value
        text = f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
        cleaned = self.leaf(text, key)
        return value if cleaned == text else cleaned


def _as_one(items: Sequence[Any]) -> str | None:
    """A list of short strings and numbers as one text: a number may have been cut into its groups or digits."""
    plain = [
        item
        for item in items
        if isinstance(item, str | int) and not isinstance(item, bool) and _PART.fullmatch(str(item).strip())
    ]
    return " ".join(map(str, plain)) if len(plain) == len(items) > 1 else None


def _cut_card(value: Mapping[Any, Any]) -> frozenset[Any]:
    """The keys of neighbouring fields that together are one card number: ``{"c1": "4242", "c2": "4242", ...}``."""
    names = list(value)
    texts = [str(v).strip() if isinstance(v, str | int) and not isinstance(v, bool) else "" for v in value.values()]
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
