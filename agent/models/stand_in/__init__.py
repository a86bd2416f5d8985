"""The offline stand-in for a language model: RULES, not an LLM, and it is named as such everywhere.

It sits behind the same SDK and the same chat-completions protocol as a hosted model, as the handler of
a mock transport, so nothing in the pipeline knows the difference. It reads only what a model would be
sent: the messages and the tool definitions of the request. It understands calls by cue words and the
shape of an answer to a question, which carries plain billing calls a long way and fails where meaning
is said in words it has no rule for. The demo, the tests and CI run on it with no key and no network;
with real credentials every action that it wants goes to a person (design, policy).

    protocol.py     a chat-completions request in, an answer out
    transcript.py   the prompt shape: header, numbered turns, what was said around a place
    reader.py       one Reading out of the subject readers beside it (scenario, people, money ...)
    planner.py      which tools to call next, from what was understood and what was answered so far
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx2


def stand_in_transport() -> httpx2.MockTransport:
    """A transport that answers chat-completions requests in this process."""
    import httpx2

    from agent.models.stand_in.protocol import handle

    return httpx2.MockTransport(handle)
