"""Redacting calls, texts and JSON: the one door through which a raw transcript becomes storable."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import unquote

from agent.call import Call, RedactedCall, RedactedTurn, Redaction
from agent.errors import RedactionError
from agent.redaction.backstop import LONG_NUMBER
from agent.redaction.placeholders import Vault
from agent.redaction.reading import read_call
from agent.redaction.view import join_turns
from agent.words import FOREIGN, HOMOPHONES, PHONETIC, REPEATS, TEENS, TENS, UNITS

if TYPE_CHECKING:
    from agent.redaction.analysis import Engines

T = TypeVar("T")
_NUMBERISH = re.compile(
    r"\d|\b(?:"
    + "|".join(
        sorted({*UNITS, *TEENS, *TENS, *REPEATS, *FOREIGN, *PHONETIC} - set(HOMOPHONES) - {"o", "do", "um", "once"})
    )
    + r")\b"
    r"|\b\w \w \w\b|\bbic\b|\bswift\b|(?-i:\b[A-Z]{8,11}\b)|[^\W\d]@[A-Za-z]|\bat ok\b",
    re.IGNORECASE,
)
_REFERENCE_KEYS = re.compile(
    r"(?:^|_)(?:at|time|ts|timestamp|date|created|updated|ms|id|number|phone|fax|mobile|version|key)$"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_IDENTIFYING_KEYS = re.compile(
    r"(?:^|_)(?:ssn|itin|ein|tin|cvv|cvc|cv2|cid|pin|pan|iban|card|routing|aba|sort|bsb|account|acct|expiry|security|tax|vat|"
    r"gstin|aadhaar|nino|utr|sin|tfn|abn|nif|siret|siren)(?:_|$)",
    re.IGNORECASE,
)
_LINK_FIELDS = ("recording_url", "transcript_url", "crm_url", "support_ticket", "payment_platform_url")
_MAX_DEPTH = 200
_PASSES = 5


@dataclass(frozen=True, slots=True)
class RedactedTurns:
    """Redacted texts in the input's order and number, the rows, and whether the backstop fired."""

    texts: tuple[str, ...]
    redactions: tuple[Redaction, ...] = field(default=())
    flagged: bool = False


class Redactor:
    """Removes payment and tax identifiers from calls. Cheap to make; Presidio is loaded on first use.

    ``bare_account_number``: what "account number" means when no bank is spoken of: the workspace's
    own customer account (stays, up to eight digits) or a bank account (goes). ``region``: ISO 3166
    country of the workspace.
    Every failure inside is a ``RedactionError`` without any text of the call.
    """

    def __init__(self, *, bare_account_number: Literal["own_id", "bank"] = "own_id", region: str = "US") -> None:
        self._bare_account = bare_account_number
        self._region = region

    def __repr__(self) -> str:
        return f"Redactor(bare_account_number={self._bare_account!r}, region={self._region!r})"

    @cached_property
    def _engines(self) -> Engines:
        from agent.redaction.analysis import Engines  # Presidio takes seconds to import; a CLI's --help should not pay

        return Engines(self._bare_account, self._region)

    def redact_call(self, call: Call) -> RedactedCall:
        """The call without identifiers; summary, analysis and metadata share its placeholders."""
        return _sealed(lambda: self._redact_call(call))

    def redact_turns(self, turns: Sequence[tuple[str, str]]) -> RedactedTurns:
        """Redact (speaker, text) pairs as one conversation."""
        return _sealed(lambda: self._redact(turns, Vault()))

    def redact_text(self, text: str) -> str:
        """Redact one text on its own."""
        return self.redact_turns([("unknown", text)]).texts[0]

    def redact_json(self, value: Any) -> Any:
        """Redact every string and long number of a JSON value, keys too; keys count as announcing words."""
        return _sealed(lambda: self._redact_json(value, "", Vault(), 0))

    def identifiers_in(self, text: str) -> tuple[str, ...]:
        """Entity names found in ``text``, each once, in reading order."""
        rows = _sealed(lambda: self._redact([("unknown", text)], Vault()).redactions)
        return tuple(dict.fromkeys(row.entity for row in rows))

    def _redact(self, turns: Sequence[tuple[str, str]], vault: Vault) -> RedactedTurns:
        if not any(_NUMBERISH.search(text) for _, text in turns):
            return RedactedTurns(tuple(text for _, text in turns))
        speakers = [speaker for speaker, _ in turns]
        texts = self._until_clean(speakers, [text for _, text in turns], vault)
        redactions = tuple(
            Redaction(
                turn=turn, start=start, end=end, entity=kind.entity,
                identifier_class=kind.identifier_class, placeholder=placeholder,
            )
            for turn, text in enumerate(texts)
            for start, end, placeholder, kind in vault.places(text)
        )  # fmt: skip
        flagged = any(row.entity == LONG_NUMBER.entity for row in redactions)
        return RedactedTurns(tuple(texts), redactions, flagged)

    def _until_clean(self, speakers: Sequence[str], texts: list[str], vault: Vault) -> list[str]:
        """Redact until another pass finds nothing: the gate that every output has gone through."""
        vault.reserve("\n".join(texts))
        for _ in range(_PASSES):
            reading = read_call(join_turns(list(zip(speakers, texts, strict=True))))
            found = self._engines.analyze(reading)
            if not found:
                return texts
            texts = self._engines.replace(reading, found, vault)
        raise RedactionError

    def _redact_call(self, call: Call) -> RedactedCall:
        vault = Vault()
        turns = self._redact([(turn.speaker.value, turn.text) for turn in call.turns], vault)
        summary = None if call.summary is None else self._redact([("unknown", call.summary)], vault).texts[0]
        links = {name: self._link(getattr(call, name), name, vault) for name in _LINK_FIELDS}
        lost = any(links[name] != getattr(call, name) for name in _LINK_FIELDS)
        return RedactedCall(
            call_id=call.call_id,
            workspace_id=call.workspace_id,
            source=call.source,
            started_at=call.started_at,
            ended_at=call.ended_at,
            direction=call.direction,
            from_number=call.from_number,
            to_number=call.to_number,
            **links,
            summary=summary,
            analysis=self._redact_json(dict(call.analysis), "", vault, 0),
            metadata=self._redact_json(dict(call.metadata), "", vault, 0),
            turns=tuple(
                RedactedTurn(speaker=turn.speaker, text=text, start=turn.start, end=turn.end)
                for turn, text in zip(call.turns, turns.texts, strict=True)
            ),
            redactions=turns.redactions,
            flagged=turns.flagged or lost,
        )

    def _link(self, value: str | None, name: str, vault: Vault) -> str | None:
        """A link or ticket as the sender gave it; one that holds an identifier is dropped, since half a link is none."""
        if value is None:
            return None
        pieces = [value, *re.split(r"[/?&=#;,]+", unquote(value))]
        return value if all(self._redact_leaf(piece, name, vault) == piece for piece in pieces) else None

    def _redact_json(self, value: Any, key: str, vault: Vault, depth: int) -> Any:
        if depth > _MAX_DEPTH:
            raise RedactionError
        if isinstance(value, str):
            return self._redact_leaf(value, key, vault)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._redact_number(value, key, vault)
        if isinstance(value, Mapping):
            return {
                self._redact_leaf(k, "", vault) if isinstance(k, str) else k: self._redact_json(
                    v, k if isinstance(k, str) else key, vault, depth + 1
                )
                for k, v in value.items()
            }
        if isinstance(value, list | tuple):
            joined = _as_one(value)
            if joined is not None and (text := self._redact_leaf(joined, key, vault)) != joined:
                return [text]
            return [self._redact_json(item, key, vault, depth + 1) for item in value]
        return value

    def _redact_number(self, value: float, key: str, vault: Vault) -> Any:
        """A number, when it is long or its key announces an identifier; else it is a count, a sum, a time."""
        if abs(value) < 10**11 and not (_IDENTIFYING_KEYS.search(_CAMEL.sub("_", key)) and abs(value) >= 100):
            return value
        text = f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
        cleaned = self._redact_leaf(text, key, vault)
        return value if cleaned == text else cleaned

    def _redact_leaf(self, text: str, key: str, vault: Vault) -> str:
        """One string; its key's words stand before it like a question."""
        if not _NUMBERISH.search(text):
            return text
        words = _CAMEL.sub("_", key).lower()
        if _REFERENCE_KEYS.search(words):
            words = f"reference_number_{words}"
        turns = [("key", words.replace("_", " ").replace("-", " ")), ("value", text)]
        return self._redact(turns, vault).texts[1]


def _as_one(items: Sequence[Any]) -> str | None:
    """A list of short strings and numbers as one text: a number may have been cut into its groups or digits."""
    plain = [
        item for item in items if isinstance(item, str | int) and not isinstance(item, bool) and len(str(item)) < 40
    ]
    return " ".join(map(str, plain)) if len(plain) == len(items) > 1 else None


class _Seal:
    """Swallows every error of its block: what broke may hold text of the call."""

    def __enter__(self) -> None:
        """Nothing to set up."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        return isinstance(error, Exception)


def _sealed(work: Callable[[], T]) -> T:
    """The result of ``work``, or a RedactionError that carries neither message nor context of what broke."""
    with _Seal():
        return work()
    raise RedactionError
