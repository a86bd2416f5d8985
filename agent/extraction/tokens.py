"""Counting tokens: exact with tiktoken when its rank file is at hand, a careful estimate otherwise.

tiktoken fetches its rank file over the network with no time limit, so it is asked only when the file
already lies in its cache and has the right hash. Counts without it are estimates; after a call the
provider's own usage replaces them.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import regex

from agent.models.seam import Message

if TYPE_CHECKING:
    import tiktoken

# SHA-1 of the rank file's address (its name in the cache) and SHA-256 of its contents.
_RANK_FILES: dict[str, tuple[str, str]] = {
    "o200k_base": (
        "fb374d419588a4632f3f557e76b4b70aebbca790",
        "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    ),
    "cl100k_base": (
        "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
        "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    ),
}
_OLD_MODELS = ("gpt-4-", "gpt-3.5", "text-embedding")
_PIECE = regex.compile(
    r" ?\p{L}[\p{L}\p{M}]*(?:['’]\p{L}{1,2})?| ?\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+", regex.VERSION1
)
_WHOLE_PIECE = 9
_BYTES_PER_TOKEN = 5
MARGIN = 1.3
PER_MESSAGE = 4


def count_tokens(text: str, model: str | None = None) -> int:
    """Tokens of ``text`` for ``model``: exact when the rank file is cached, else ``offline_count``."""
    encoding = _encoding(_encoding_name(model), _cache_folder())
    return offline_count(text) if encoding is None else len(encoding.encode_ordinary(text))


def is_exact(model: str | None = None) -> bool:
    """Whether ``count_tokens`` counts with the model's own vocabulary."""
    return _encoding(_encoding_name(model), _cache_folder()) is not None


def offline_count(text: str) -> int:
    """An estimate that needs no vocabulary and has no margin: one token for a piece of up to nine bytes,
    one for every five bytes of a longer one, and never less than a quarter of all bytes."""
    pieces = 0
    for match in _PIECE.finditer(text):
        size = len(match.group().encode())
        pieces += 1 if size <= _WHOLE_PIECE else math.ceil(size / _BYTES_PER_TOKEN)
    return max(pieces, math.ceil(len(text.encode()) / 4))


def estimate(messages: Sequence[Message], model: str | None = None) -> int:
    """Prompt tokens of ``messages`` for a budget guard: exact counts are taken as they are, estimates get a
    margin of 30 %; four more for each message."""
    total = 0
    for message in messages:
        total += count_tokens(_text(message), model)
    if not is_exact(model):
        total = math.ceil(total * MARGIN)
    return total + PER_MESSAGE * len(messages)


def _text(message: Message) -> str:
    content = message.get("content")
    rest = {key: value for key, value in message.items() if key not in {"content", "role"} and value}
    words = content if isinstance(content, str) else json.dumps(content or "")
    return words + (json.dumps(rest, default=str) if rest else "")


def _encoding_name(model: str | None) -> str:
    name = (model or "").rsplit("/", 1)[-1]
    return "cl100k_base" if name == "gpt-4" or name.startswith(_OLD_MODELS) else "o200k_base"


def _cache_folder() -> str:
    for variable in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"):
        if variable in os.environ:
            return os.environ[variable]
    return str(Path(tempfile.gettempdir()) / "data-gym-cache")


@cache
def _encoding(name: str, folder: str) -> tiktoken.Encoding | None:
    if not folder:
        return None
    file_name, digest = _RANK_FILES[name]
    try:
        data = (Path(folder) / file_name).read_bytes()
    except OSError:
        return None
    if hashlib.sha256(data).hexdigest() != digest:
        return None
    import tiktoken

    return tiktoken.get_encoding(name)
