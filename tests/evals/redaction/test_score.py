"""Known answers: a perfect run, an untouched one, single planted leaks, lost words."""

from __future__ import annotations

from evals.redaction.build import build, fill
from evals.redaction.markup import read_markup
from evals.redaction.score import Tally, merged, score
from evals.redaction.snippet import Snippet, gold_texts

CORPUS = build()


def call(text: str) -> Snippet:
    return fill(read_markup(text, "evals/redaction/snippets/x.txt")[0], 0, 1)


def leaked(snippet: Snippet, *texts: str) -> int:
    return score([snippet], {snippet.id: texts}).identifiers.wrong


CARD = call(
    "a: Card?\nc: It's [pan_visa 4532015112830366|four five three two, oh one five one, one two eight three, oh three double six], thanks."
)
SPLIT = call(
    "c: [us_ssn/1 430|four three oh]\na: mm\nc: [us_ssn/2 76|seven six]\na: yes\nc: [us_ssn/3 1784|one seven eight four]"
)
FIXED = call("c: it's [pan_visa 4532015112830366~4531 4532015112830366|4531, no sorry, 4532 0151 1283 0366]")
CVV = call("c: the code is [cvv 914|nine one four] on the back")


def test_a_perfect_run_leaks_and_loses_nothing() -> None:
    out = score(CORPUS.snippets, {snippet.id: gold_texts(snippet) for snippet in CORPUS.snippets})
    assert out.identifiers == Tally(out.identifiers.count, 0)
    assert out.identifiers.count > 1500
    assert (out.kept.wrong, out.words.wrong, out.touched, out.missing) == (0, 0, 0, 0)


def test_an_untouched_run_leaks_everything_and_loses_nothing() -> None:
    out = score(CORPUS.snippets, {s.id: [text for _, text in s.turns] for s in CORPUS.snippets})
    assert out.identifiers.wrong == out.identifiers.count
    assert out.kept.wrong == out.words.wrong == 0


def test_what_is_missing_or_has_other_turns_counts_as_not_redacted() -> None:
    for outputs in ({}, {CARD.id: None}, {CARD.id: ("one turn",)}):
        out = score([CARD], outputs)
        assert (out.missing, out.identifiers.wrong) == (1, 1)


def test_five_characters_leak_and_four_do_not() -> None:
    assert leaked(CARD, "Card?", "It's <CARD_1> double six, thanks.") == 0
    assert leaked(CARD, "Card?", "It's <CARD_1> oh three double six, thanks.") == 0
    assert leaked(CARD, "Card?", "It's <CARD_1> three, oh three double six, thanks.") == 1
    assert leaked(CARD, "Card?", "It's four five three two <CARD_1>") == 0
    assert leaked(CARD, "Card?", "It's 4532, 0 <CARD_1>") == 1


def test_a_leak_in_another_turn_is_not_this_identifier() -> None:
    assert leaked(CARD, "4532015112830366", "It's <CARD_1>, thanks.") == 0


def test_a_placeholder_parts_what_is_left() -> None:
    assert leaked(CARD, "Card?", "four five three <CARD_1> two oh") == 0


def test_pieces_over_turns_are_put_together() -> None:
    assert leaked(SPLIT, "<SSN_1>", "mm", "<SSN_1>", "yes", "<SSN_1>") == 0
    assert leaked(SPLIT, "<SSN_1>", "mm", "<SSN_1>", "yes", "one seven eight four") == 0
    assert leaked(SPLIT, "<SSN_1>", "mm", "seven six", "yes", "one seven eight four") == 1
    assert leaked(SPLIT, "four three oh", "mm", "76", "yes", "<SSN_1>") == 1


def test_the_wrong_start_of_a_correction_is_part_of_it() -> None:
    assert leaked(FIXED, "it's <CARD_1>") == 0
    assert leaked(FIXED, "it's 4531, no sorry, <CARD_1>") == 0
    assert leaked(FIXED, "it's 4531, no sorry, 4 <CARD_1>") == 1


def test_short_ones_leak_only_whole() -> None:
    assert leaked(CVV, "the code is <CVV_1> on the back") == 0
    assert leaked(CVV, "the code is nine one on the back") == 0
    assert leaked(CVV, "the code is nine one four on the back") == 1
    assert leaked(CVV, "the code is 914 on the back") == 1
    pin = call("c: [pin/1 4|four]\na: ok\nc: [pin/2 072|oh seven two]")
    assert leaked(pin, "four", "ok", "<PIN_1>") == 0
    assert leaked(pin, "four", "ok", "oh seven two") == 1


def test_one_planted_leak_is_found_where_it_is() -> None:
    outputs = {snippet.id: list(gold_texts(snippet)) for snippet in CORPUS.snippets}
    victim = next(s for s in CORPUS.snippets if any(span.type == "us_ein" and "tens" in span.tags for span in s.spans))
    outputs[victim.id] = [text for _, text in victim.turns]
    out = score(CORPUS.snippets, outputs)
    assert {leak.id for leak in out.leaks} == {victim.id}
    assert out.by_type["us_ein"].wrong >= 1
    assert out.by_tag["tens"].wrong >= 1
    assert out.by_class["payment"].wrong == sum(span.class_ == "payment" for span in victim.spans)


def test_lost_strings_are_named_and_a_number_in_other_words_is_not_lost() -> None:
    kept = call("c: order {448 817}, paid {forty nine dollars}")
    assert score([kept], {kept.id: ("order 448 817, paid forty nine dollars",)}).kept == Tally(2, 0)
    assert score([kept], {kept.id: ("ORDER  448817, paid Forty Nine dollars",)}).kept == Tally(2, 0)
    out = score([kept], {kept.id: ("order <ID_1>, paid forty nine dollars",)})
    assert [lost.words for lost in out.lost] == ["448 817"]
    assert (out.touched, out.without) == (1, 1)


def test_words_that_went_without_need_are_counted() -> None:
    out = score([CARD], {CARD.id: ("Card?", "<CARD_1>")})
    assert out.identifiers.wrong == 0
    assert (out.words.count, out.words.wrong) == (3, 2)


def test_foreign_and_glued_digits_are_heard() -> None:
    spanish = call("c: [us_ssn 430761784|cuatro tres cero siete seis uno siete ocho cuatro]")
    assert leaked(spanish, "cuatro tres cero siete seis <SSN_1>") == 1
    glued = call("c: [us_ssn 430761784|fourthreeoh sevensix oneseveneightfour]")
    assert leaked(glued, "fourthreeoh sevensix <SSN_1>") == 1


def test_scores_of_two_halves_add_up() -> None:
    some = CORPUS.snippets[:400]
    outputs = {s.id: (gold_texts(s) if at % 3 else [text for _, text in s.turns]) for at, s in enumerate(some)}
    whole, parts = score(some, outputs), merged(score(half, outputs) for half in (some[:150], some[150:]))
    assert parts == whole
