"""Counting tokens with and without the vocabulary, and never over the network."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.extraction.tokens import MARGIN, PER_MESSAGE, count_tokens, estimate, is_exact, offline_count


@pytest.fixture(autouse=True)
def _empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path / "ranks"))


# Reference counts of the vocabulary for these texts: 6, 6, 7.
@pytest.mark.parametrize(
    ("text", "count"), [("tiktoken is great!", 5), ("antidisestablishmentarianism", 7), ("2 + 2 = 4", 5), ("", 0)]
)
def test_the_estimate_is_near_the_reference(text: str, count: int) -> None:
    assert offline_count(text) == count


def test_without_a_rank_file_counting_stays_offline() -> None:
    assert not is_exact("gpt-5-mini")
    assert count_tokens("forty seven pounds", "gpt-5-mini") == offline_count("forty seven pounds")


def test_a_rank_file_with_a_wrong_hash_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "damaged"
    folder.mkdir()
    (folder / "fb374d419588a4632f3f557e76b4b70aebbca790").write_bytes(b"not a rank file")
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(folder))
    assert not is_exact()
    assert (folder / "fb374d419588a4632f3f557e76b4b70aebbca790").exists()


def test_an_empty_cache_setting_means_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "")
    assert not is_exact("gpt-4")


def test_an_estimate_of_messages_has_its_margin() -> None:
    messages = [{"role": "user", "content": "word " * 100}, {"role": "tool", "content": "", "tool_call_id": "a"}]
    bare = offline_count("word " * 100)
    assert estimate(messages) >= MARGIN * bare + 2 * PER_MESSAGE


@given(st.text(max_size=200), st.text(max_size=200))
def test_counts_grow_with_the_text(left: str, right: str) -> None:
    assert 0 <= offline_count(left) <= offline_count(left + " " + right) + 1
    assert offline_count(left) >= len(left.encode()) / 4
