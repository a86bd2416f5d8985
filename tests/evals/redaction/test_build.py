"""The corpus: the same for the same seed, as large and as mixed as was promised, its spans exact."""

from __future__ import annotations

from collections import Counter

import pytest

from evals.redaction import build as building
from evals.redaction.build import BLIND, build, fill, fold_of, scripts, takes
from evals.redaction.identifiers import BY_TYPE
from evals.redaction.markup import KeepNumber, Slot, read_markup
from evals.redaction.saying import FORMS
from evals.redaction.snippet import FOLDS, HELD_OUT, TUNED, Snippet, gold_texts

CORPUS = build()


def of(text: str, seed: int = 1, type_: str | None = None) -> Snippet:
    return fill(read_markup(text, "evals/redaction/templates/x.txt")[0], 0, seed, type_)


def test_the_same_seed_builds_the_same_calls() -> None:
    assert build(7) == build(7)
    assert build(7) != build(8)


def test_it_is_as_large_as_promised() -> None:
    assert len(CORPUS.snippets) >= 1500
    assert CORPUS.templates >= 150
    assert len({snippet.id for snippet in CORPUS.snippets}) == len(CORPUS.snippets)


@pytest.mark.parametrize("fold", FOLDS)
def test_each_fold_has_every_type_and_enough_without_any(fold: str) -> None:
    held = CORPUS.fold(fold).snippets
    assert {span.type for snippet in held for span in snippet.spans} == BY_TYPE.keys()
    assert sum(not snippet.spans for snippet in held) >= 0.35 * len(held)


def test_every_form_is_said() -> None:
    tags = Counter(tag for snippet in CORPUS.snippets for span in snippet.spans for tag in span.tags)
    assert FORMS.keys() <= tags.keys()
    assert {"correction", "damaged", "cross_turn", "readback", "filler", "month_name", "issuer_format"} <= tags.keys()


def test_blind_files_are_held_out_and_the_others_are_not() -> None:
    for folder in ("snippets", "templates"):
        for script in scripts(folder):
            blind = f"/{folder}/{BLIND}" in script.source
            assert fold_of(script) == (HELD_OUT if blind else TUNED)
    assert {snippet.fold for snippet in CORPUS.snippets} == set(FOLDS)
    assert CORPUS.fold("all") is CORPUS


def test_spans_and_keeps_stand_in_the_text() -> None:
    for snippet in CORPUS.snippets:
        for span in snippet.spans:
            assert snippet.turns[span.turn][1][span.start : span.end] == span.text, snippet.id
            assert span.class_ == BY_TYPE[span.type].class_
        assert all(any(words in text for _, text in snippet.turns) for words in snippet.keep), snippet.id
        assert not any("{" in text or "[" in text or "<any>" in text for _, text in snippet.turns), snippet.id


def test_written_calls_are_never_changed() -> None:
    script = read_markup("c: {US0378331005}, i said", "evals/redaction/snippets/x.txt")[0]
    assert [fill(script, 0, seed).turns[0][1] for seed in range(30)] == ["US0378331005, i said"] * 30


def test_a_value_is_cut_and_said_again_whole() -> None:
    for seed in range(20):
        made = of("c: [pan_visa/1]\na: mm\nc: [pan_visa/2]\na: So [pan_visa=]?", seed)
        one, two, again = made.spans
        assert one.group == two.group != again.group
        assert one.piece + two.piece == again.piece
        assert "cross_turn" in one.tags
        assert "readback" in again.tags


def test_a_call_without_capitals_and_stops_stays_like_that() -> None:
    for seed in range(20):
        (text,) = (words for _, words in of("c: its [in_pan] and order {#6}", seed).turns)
        assert text == text.lower()
        assert "," not in text


def test_a_number_is_read_back_in_other_words() -> None:
    made = of("c: {#8:words}\na: {#=}, right?")
    assert len(made.keep) == 2


def test_a_long_plain_number_is_never_a_card() -> None:
    for seed in range(30):
        (words,) = of("c: order {#16:digits}", seed).keep
        assert words[0] == "9"


def test_short_values_are_not_cut_and_written_ones_not_spoken() -> None:
    cut, spoken = (read_markup(text, "x.txt")[0] for text in ("c: [any/1] [any/2]", "c: [any:words]"))
    assert takes(cut, "pan_visa")
    assert not takes(cut, "cvv")
    assert takes(spoken, "cvv")
    assert not takes(spoken, "eth")


def test_one_negative_template_is_enough_to_fill_up(monkeypatch: pytest.MonkeyPatch) -> None:
    small = {"snippets": read_markup("c: [cvv 914|914]\n\n" * 30, "evals/redaction/snippets/x.txt"),
             "templates": read_markup("c: order {#6}\n\n" * 3, "evals/redaction/templates/x.txt")}  # fmt: skip
    monkeypatch.setattr(building, "scripts", lambda folder: tuple(small[folder]))
    made = build(1)
    assert sum(not snippet.spans for snippet in made.snippets) >= 0.35 * len(made.snippets)


def test_the_gold_redaction_leaves_what_must_stay() -> None:
    for snippet in CORPUS.snippets[:300]:
        texts = gold_texts(snippet)
        assert all(any(words in text for text in texts) for words in snippet.keep), snippet.id
        assert sum(text.count("<GONE_1>") for text in texts) == len(snippet.spans)


def test_templates_hold_slots_of_their_own() -> None:
    generated = [
        script for script in scripts("templates") if any(isinstance(p, Slot | KeepNumber) for p in script.parts)
    ]
    assert len(generated) >= 150
