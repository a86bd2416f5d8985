"""Versioned prompt files. Each is a folder with ``prompt.md`` and ``meta.toml`` (version, budget, history)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt's text, its version (``extract_billing/3``) and its rendered-size budget in tokens,
    counted with the offline counter without margin."""

    name: str
    version: str
    text: str
    budget: int


@cache
def load(name: str) -> Prompt:
    """The current version of prompt ``name``. Raises FileNotFoundError for an unknown name."""
    folder = files("prompts") / name
    meta = tomllib.loads((folder / "meta.toml").read_text(encoding="utf-8"))
    text = (folder / "prompt.md").read_text(encoding="utf-8")
    return Prompt(name, f"{name}/{meta['version']}", text, int(meta["budget"]))
