"""Reads the hand-written snippets: ``[type value|words]`` marks an identifier, ``{words}`` what has to stay."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

PHRASES = Path(__file__).resolve().parents[3] / "evals" / "redaction" / "phrases.txt"
_MARK = re.compile(r"\[(?P<type>\w+) (?P<value>[^|\]]+)\|(?P<words>[^\]]+)\]|\{(?P<keep>[^}]+)\}")
_PAYMENT = (
    "pan_",
    "cvv",
    "expiry",
    "pin",
    "uk_sort",
    "uk_account",
    "us_account",
    "us_routing",
    "iban",
    "bic",
    "upi",
    "in_ifsc",
    "in_account",
    "au_bsb",
    "eth",
)


def read_phrases() -> list[dict[str, Any]]:
    """All snippets, in the scorer's format."""
    text = "\n".join(line for line in PHRASES.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    blocks = [block for block in text.split("\n\n") if block.strip()]
    return [_snippet(number, block.strip().splitlines()) for number, block in enumerate(blocks)]


def _snippet(number: int, lines: list[str]) -> dict[str, Any]:
    made: dict[str, Any] = {"id": f"hand-{number:03d}", "turns": [], "spans": [], "keep": [], "tags": []}
    for turn, line in enumerate(lines):
        who, _, marked = line.partition(": ")
        text, at = "", 0
        for match in _MARK.finditer(marked):
            text += marked[at : match.start()]
            at = match.end()
            if match["keep"]:
                made["keep"].append(match["keep"])
                text += match["keep"]
                continue
            made["spans"].append(_span(match, turn, len(text), made["spans"]))
            text += match["words"]
        made["turns"].append({"speaker": "agent" if who == "a" else "customer", "text": text + marked[at:]})
    made["tags"] = ["positive", "hand"] if made["spans"] else ["neg_hand"]
    return made


def _span(match: re.Match[str], turn: int, start: int, before: list[dict[str, Any]]) -> dict[str, Any]:
    kind, value = match["type"], match["value"]
    return {
        "turn": turn, "start": start, "end": start + len(match["words"]), "type": kind,
        "class": "payment" if kind.startswith(_PAYMENT) else "tax", "group": f"g{len(before)}",
        "text": match["words"], "piece": value, "spoken": value, "tags": ["hand"],
    }  # fmt: skip
