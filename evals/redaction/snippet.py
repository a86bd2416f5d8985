"""One synthetic call with its identifiers marked, in memory and as a line for other scorers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

TUNED, HELD_OUT = "tuned", "held_out"
FOLDS = (TUNED, HELD_OUT)
"""What rules may be written beside, and what they may only be measured on."""


@dataclass(frozen=True, slots=True)
class Span:
    """One piece of an identifier: ``turn[start:end]`` is ``text``.

    Pieces of one identifier share ``group``. ``piece`` are its right characters here, ``spoken`` all that was said.
    """

    turn: int
    start: int
    end: int
    type: str
    class_: str
    group: str
    text: str
    piece: str
    spoken: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snippet:
    """A call of (speaker, text) turns, its marked identifiers, strings that must stay, tags and fold.

    ``keep_tags`` says what each string that must stay is, where that is known.
    """

    id: str
    turns: tuple[tuple[str, str], ...]
    spans: tuple[Span, ...]
    keep: tuple[str, ...]
    tags: tuple[str, ...]
    fold: str = TUNED
    keep_tags: tuple[str, ...] = ()

    def groups(self) -> dict[str, list[Span]]:
        """The pieces of each identifier, in reading order."""
        found: dict[str, list[Span]] = {}
        for span in sorted(self.spans, key=lambda span: (span.turn, span.start)):
            found.setdefault(span.group, []).append(span)
        return found

    def as_json(self) -> dict[str, Any]:
        """The line that other scorers read; ``class`` and ``speaker`` under their own names."""
        spans = [
            {("class" if name == "class_" else name): value for name, value in asdict(span).items()}
            for span in self.spans
        ]
        turns = [{"speaker": speaker, "text": text} for speaker, text in self.turns]
        return {
            "id": self.id, "turns": turns, "spans": spans, "keep": list(self.keep), "tags": list(self.tags), "fold": self.fold,
        }  # fmt: skip


def gold_texts(snippet: Snippet, placeholder: str = "<GONE_1>") -> tuple[str, ...]:
    """The turns as a perfect redactor leaves them."""
    texts = [text for _, text in snippet.turns]
    for span in sorted(snippet.spans, key=lambda span: -span.start):
        text = texts[span.turn]
        texts[span.turn] = text[: span.start] + placeholder + text[span.end :]
    return tuple(texts)
