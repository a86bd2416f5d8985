"""What the pipeline asks of a model, and what it gets back, whoever answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel

M = TypeVar("M", bound=BaseModel)
Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token counts as the provider reported them, over ``requests`` requests; ``seconds`` is wall time."""

    requests: int = 0
    prompt: int = 0
    completion: int = 0
    seconds: float = 0.0

    def __add__(self, other: Tokens) -> Tokens:
        return Tokens(
            self.requests + other.requests,
            self.prompt + other.prompt,
            self.completion + other.completion,
            self.seconds + other.seconds,
        )


@dataclass(frozen=True, slots=True)
class Structured(Generic[M]):
    """A validated answer. ``value`` is None when the answer still did not fit the schema after the
    re-ask; ``raw`` is then the last answer's JSON text, for the caller to save what it can."""

    value: M | None
    raw: str
    tokens: Tokens
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class WantedTool:
    """A tool call that the model asked for; ``arguments`` is its JSON text, not yet trusted."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Chat:
    """One assistant turn of the tool loop."""

    text: str | None
    wanted: tuple[WantedTool, ...]
    message: Message
    tokens: Tokens


class ModelClient(Protocol):
    """Both calls raise ModelUnavailable, ModelRefused or ModelNonsense (agent.errors)."""

    name: str
    is_stand_in: bool

    def structured(self, messages: Sequence[Message], response_model: type[M]) -> Structured[M]:
        """One Instructor call in TOOLS mode, re-asked once on a validation error. Never uses ``context=``."""
        ...

    def chat(self, messages: Sequence[Message], tools: Sequence[dict[str, Any]]) -> Chat:
        """One turn of the tool loop with OpenAI tool definitions."""
        ...
