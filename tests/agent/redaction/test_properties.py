"""What holds of any call: places are exact, a second pass finds nothing, no cut and no small talk makes a number survive."""

from __future__ import annotations

import random
import re
import string
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from agent.redaction import Redactor
from agent.redaction.reading import read_call
from agent.redaction.staying import STAYS
from agent.redaction.view import fold, join_turns, read_words
from evals.redaction.identifiers import BY_TYPE
from evals.redaction.saying import BACKCHANNELS, spell
from evals.redaction.score import leaked_run
from evals.redaction.snippet import Span

Turns = list[tuple[str, str]]

EXACT = settings(max_examples=200, deadline=None, derandomize=True)
WHOLE_CALLS = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
SPEAKERS = st.sampled_from(["agent", "caller", "unknown"])
NUMBERISH = (
    "card number is my the sort code IBAN routing social SSN V A T EIN Aadhaar PAN UPI CVV PIN expires April one two three four "
    "forty sixty double triple oh hundred thousand 42 4242 4532015112830366 30-91-44 GB16WEST99115984230614 ４２４２ ४२४२ ٤٢٤٢ é ñ "
    "दो चार cuatro dos ocho n\u0303 7\u0301 \u200b \u202e , . ? no wait sorry uh and ending order invoice tracking $ 12.50 NL for to a b bank account "
    "https://pay.example/88310 jo88@mail.example sub_1NxYz82eZv <CARD_1> <NUMBER_12> <SSN_3>"
).split()
ANY_TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(NUMBERISH), max_size=16).map(" ".join),
    st.lists(st.one_of(st.sampled_from(NUMBERISH), st.text(max_size=3)), max_size=12).map("".join),
)
ANY_CALL = st.lists(st.tuples(SPEAKERS, ANY_TEXT), min_size=1, max_size=5)


@cache
def redactor() -> Redactor:
    return Redactor()


@EXACT
@given(ANY_CALL)
def test_words_and_pieces_lie_in_their_turn_and_read_back_exactly(turns: Turns) -> None:
    call = join_turns(turns)
    words = read_words(call)
    for at in range(len(words)):
        turn, offset = call.place(words.start[at])
        there = turns[turn][1][offset : offset + words.end[at] - words.start[at]]
        assert turn == words.turn[at]
        assert there == words.written[at]
        assert fold(there) == words.folded[at]
    for piece in read_call(call).pieces:
        (turn, begin), (last, end) = call.place(piece.start), call.place(piece.end - 1)
        assert turn == last == piece.turn
        assert turns[turn][1][begin : end + 1] == call.text[piece.start : piece.end]


@EXACT
@given(ANY_CALL)
def test_what_is_left_around_the_placeholders_is_what_was_said(turns: Turns) -> None:
    """The map back is exact: taking the rows' placeholders out leaves stretches of the turn, in its order."""
    out = redactor().redact_turns(turns)
    assert len(out.texts) == len(turns)
    assert len(out.reasons) == len(out.redactions)
    for at, ((_, said), text) in enumerate(zip(turns, out.texts, strict=True)):
        rows = [row for row in out.redactions if row.turn == at]
        assert [(row.start, row.end) for row in rows] == sorted((row.start, row.end) for row in rows)
        assert all(text[row.start : row.end] == row.placeholder for row in rows)
        edges = [0, *[edge for row in rows for edge in (row.start, row.end)], len(text)]
        kept = [text[begin:end] for begin, end in zip(edges[::2], edges[1::2], strict=True)]
        assert re.fullmatch(".+?".join(map(re.escape, kept)), said, re.DOTALL)


@WHOLE_CALLS
@given(ANY_CALL)
def test_a_second_pass_over_a_rich_alphabet_finds_nothing_new(turns: Turns) -> None:
    once = redactor().redact_turns(turns)
    again = redactor().redact_turns([(who, text) for (who, _), text in zip(turns, once.texts, strict=True)])
    assert again.texts == once.texts
    assert again.redactions == ()


@dataclass(frozen=True)
class Spoken:
    """A call that announces one identifier and reads it out over some turns."""

    turns: tuple[tuple[str, str], ...]
    spans: tuple[Span, ...]

    def leak(self) -> int:
        return leaked_run(self.spans, redactor().redact_turns(self.turns).texts)

    def moved(self, turns: Turns, by: int, start: int = 0) -> Spoken:
        """With ``turns`` instead: the parts from turn ``start`` on stand ``by`` turns later."""
        spans = (replace(span, turn=span.turn + by) if span.turn >= start else span for span in self.spans)
        return Spoken(tuple(turns), tuple(spans))


ANNOUNCED = {
    "pan_visa": ("What's the card number?", "My card number is "),
    "pan_amex": ("And which card?", "The Amex is "),
    "iban_gb": ("Which IBAN should we use?", "The IBAN is "),
    "iban_de": ("Which IBAN should we use?", "The IBAN is "),
    "us_ssn": ("And your social security number?", "My SSN is "),
    "us_account": ("What's the bank account number?", "My bank account number is "),
    "in_aadhaar": ("Your Aadhaar number, please?", "My Aadhaar number is "),
}
# No "tens" here: "forty, four" can be 44 or 404, and where a wrong reading of the first turns passes Luhn at 13 digits the
# rest of a card is taken for something else.
FORMS = ("words", "oh", "double", "groups", "spaced", "mixed")
# A part of a British IBAN that looks like a post code ("G B two oh E Y") is taken for one.
_POST_CODE = re.compile(r"[A-Z]{1,2}\d[A-Z0-9]?\d[A-Z]{2}")
# So is a bank's code that spells what announces something else: "A P C E" holds the French gas meter's PCE.
_SPELLS = re.compile("|".join(sorted(set(re.findall(r"\b[A-Z]{2,5}\b", STAYS)))))


@st.composite
def spoken(draw: st.DrawFn, type_: str, most: int = 4) -> Spoken:
    """``type_`` announced in its own turn or by a question, cut into 2 to ``most`` turns at any place."""
    rng = random.Random(draw(st.integers(0, 10**6)))
    value = BY_TYPE[type_].value(rng)
    cuts = draw(st.lists(st.integers(1, len(value) - 1), min_size=1, max_size=most - 1, unique=True).map(sorted))
    form, spelling = draw(st.sampled_from(FORMS)), draw(st.sampled_from(["caps", "nato"]))
    asked, quiet = draw(st.booleans()), draw(st.booleans())
    parts = [value[begin:end] for begin, end in pairwise([0, *cuts, len(value)])]
    assume(not any(_POST_CODE.fullmatch(part) or _SPELLS.search(part) for part in parts))
    turns: Turns = [("agent", ANNOUNCED[type_][0])] if asked else []
    spans = []
    for at, part in enumerate(parts):
        if at and not quiet:
            turns.append(("agent", draw(st.sampled_from(BACKCHANNELS))))
        lead = "" if at or asked else ANNOUNCED[type_][1]
        text = spell(part, form, spelling, rng)
        spans.append(Span(len(turns), len(lead), len(lead) + len(text), type_, "any", "1", text, part, part))
        turns.append(("caller", lead + text + draw(st.sampled_from(["", ",", "."]))))
    return Spoken(tuple(turns), tuple(spans))


@pytest.mark.covers("S21", "S24")
@pytest.mark.parametrize("type_", ANNOUNCED)
def test_no_cut_over_turns_makes_an_announced_number_survive(type_: str) -> None:
    @settings(WHOLE_CALLS, max_examples=120)
    @given(spoken(type_))
    def holds(call: Spoken) -> None:
        assert call.leak() == 0, call.turns

    holds()


def test_the_leak_measure_hears_what_is_not_redacted() -> None:
    """The properties here could not fail if the scorer were deaf."""
    turns = (("caller", "My card number is four five three two, oh one"), ("caller", "five one one two eight three"))
    spans = (
        Span(0, 18, 45, "pan_visa", "payment", "1", "four five three two, oh one", "453201", "453201"),
        Span(1, 0, 29, "pan_visa", "payment", "1", "five one one two eight three", "511283", "511283"),
    )
    assert leaked_run(spans, [text for _, text in turns]) == 12
    assert Spoken(turns, spans).leak() == 0


SMALL_TALK = (
    "It has been raining here all week.",
    "My daughter starts school on Monday.",
    "Thanks for picking up so quickly.",
    "I really like the new dashboard.",
    "We moved the office to Leeds.",
    "Could you speak up a little?",
    "Let me put the kettle on.",
    "My husband usually does this.",
    "The dog is barking, sorry about that.",
    "You have been very helpful.",
    "There are three of us in the office.",
    "The website keeps logging me out.",
)
WITH_NUMBERS = (
    "It came to forty nine dollars.",
    "We opened in nineteen ninety eight.",
    "I was on hold for ten minutes.",
    "The meeting is at half past four.",
    "Sunday was the 14th.",
    "We paid $1,250.00 for it.",
)
TALK = st.sampled_from(SMALL_TALK + WITH_NUMBERS)
SAID = st.lists(st.tuples(st.sampled_from(["agent", "caller"]), TALK), max_size=3)


@pytest.mark.parametrize("type_", ANNOUNCED)
def test_no_unrelated_text_makes_a_caught_number_survive(type_: str) -> None:
    # Between the question and the end of the number only sentences without a number: an amount the agent names right
    # after its question takes the question's place.
    @settings(WHOLE_CALLS, max_examples=80)
    @given(
        spoken(type_, 3),
        SAID,
        SAID,
        st.none() | TALK,
        st.none() | TALK,
        st.none() | st.sampled_from(SMALL_TALK),
        st.randoms(),
    )
    def holds(
        call: Spoken, ahead: Turns, behind: Turns, before: str | None, after: str | None, amid: str | None, rng: random.Random
    ) -> None:  # fmt: skip
        assume(call.leak() == 0)
        turns = list(call.turns)
        if before is not None:
            turns[0] = (turns[0][0], f"{before} {turns[0][1]}")
        if after is not None:
            turns[-1] = (turns[-1][0], turns[-1][1].rstrip(",.") + f". {after}")
        more = call.moved(turns, 0)
        if amid is not None:
            place = rng.randint(1, len(turns) - 1)
            more = more.moved([*turns[:place], ("agent", amid), *turns[place:]], 1, place)
        more = more.moved([*ahead, *more.turns, *behind], len(ahead))
        assert more.leak() == 0, more.turns

    holds()


@EXACT
@given(st.text(alphabet=string.ascii_letters + " .,?!'", max_size=80))
def test_a_text_without_figures_or_number_words_is_left_alone(text: str) -> None:
    assume(not read_call(join_turns([("caller", text)])).pieces)
    assert redactor().redact_text(text) == text
