"""What a provider may send that is no answer: counts that are none, JSON nested without end."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from agent.errors import ModelNonsense
from agent.extraction.salvage import salvage
from agent.models.client import _tokens


@pytest.mark.parametrize("odd", ["x", None, -3, True, 1.5, [], {}])
def test_a_token_count_that_is_no_count_is_nought(odd: Any) -> None:
    tokens = _tokens(SimpleNamespace(prompt_tokens=odd, completion_tokens=7), 1, 0.5)
    assert (tokens.prompt, tokens.completion, tokens.requests) == (0, 7, 1)


def test_an_answer_nested_without_end_is_nonsense_not_a_crash() -> None:
    with pytest.raises(ModelNonsense):
        salvage("[" * 200_000)
