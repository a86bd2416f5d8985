"""The extraction prompt: fixed instructions first, so that providers can cache them, the call last."""

from __future__ import annotations

from collections.abc import Sequence

import prompts
from agent.call import RedactedCall, RedactedTurn
from agent.extraction.place import call_currency, call_region, call_today
from agent.extraction.tokens import count_tokens
from agent.models.seam import Message
from agent.workspace import Workspace

PROMPT = "extract_billing"
WINDOW_TOKENS = 12_000
OVERLAP_TURNS = 8
Window = tuple[int, int]


def render_messages(call: RedactedCall, workspace: Workspace, window: Window | None = None) -> list[Message]:
    """The messages of one extraction request; ``window`` limits the transcript to turns ``first:last``."""
    return [
        {"role": "system", "content": prompts.load(PROMPT).text},
        {"role": "user", "content": render_call(call, workspace, window)},
    ]


def render_call(call: RedactedCall, workspace: Workspace, window: Window | None = None) -> str:
    """The call as every prompt shows it: a header, then the numbered transcript with nothing after it."""
    return f"{render_header(call, workspace)}\n{render_transcript(call, window)}"


def render_header(call: RedactedCall, workspace: Workspace) -> str:
    """The few call-record facts that reading the words needs; "unknown" where there is none."""
    today = call_today(call, workspace)
    lines = (
        f"today: {f'{today.isoformat()} {today:%A}' if today else 'unknown'}",
        f"direction: {call.direction or 'unknown'}",
        f"caller_number: {call.caller_number or 'unknown'}",
        f"region: {call_region(call, workspace) or 'unknown'}",
        f"currency: {call_currency(workspace) or 'unknown'}",
    )
    return "<call>\n" + "\n".join(lines) + "\n</call>"


def render_transcript(call: RedactedCall, window: Window | None = None) -> str:
    """``<transcript>`` and one line a turn. Line breaks inside a turn become spaces, so nobody can speak a
    turn of another; the numbers are the call's own also in a window."""
    first, last = window or (0, len(call.turns))
    turns = (render_turn(index, call.turns[index]) for index in range(first, last))
    return "\n".join(("<transcript>", *turns))


def render_turn(index: int, turn: RedactedTurn) -> str:
    """One transcript line: ``[3] caller: text``."""
    return f"[{index}] {turn.speaker}: {' '.join(turn.text.split())}"


def windows(call: RedactedCall, budget: int = WINDOW_TOKENS, model: str | None = None) -> list[Window]:
    """Turn ranges whose transcripts fit ``budget`` tokens each; neighbours share a few turns so that no
    statement loses its context. One range when the whole call fits; a longer turn stands alone."""
    sizes = [count_tokens(render_turn(index, turn), model) + 1 for index, turn in enumerate(call.turns)]
    ranges: list[Window] = []
    first = 0
    while True:
        last = _fill(sizes, first, budget)
        ranges.append((first, last))
        if last >= len(sizes):
            return ranges
        first = max(first + 1, last - _overlap(sizes, first, last, budget))
        while _fill(sizes, first, budget) <= last:
            first += 1


def _fill(sizes: Sequence[int], first: int, budget: int) -> int:
    total, last = 0, first
    while last < len(sizes) and (last == first or total + sizes[last] <= budget):
        total += sizes[last]
        last += 1
    return last


def _overlap(sizes: Sequence[int], first: int, last: int, budget: int) -> int:
    """How many turns to repeat: up to eight, at most a quarter of the budget and half of the window."""
    shared, total = 0, 0
    while shared < min(OVERLAP_TURNS, (last - first) // 2) and total + sizes[last - 1 - shared] <= budget // 4:
        total += sizes[last - 1 - shared]
        shared += 1
    return shared
