"""What went from a turn goes from every copy of its words, and from nothing else."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agent.call import Redaction
from agent.sweep.changes import Copies, Stretch, TurnChange, change_of

KEPT = st.text(alphabet="ab <_>1", max_size=6)
GONE = st.text(alphabet="ab 12", min_size=1, max_size=6)


def built(kept: list[str], gone: list[str]) -> tuple[str, str, list[Redaction]]:
    """A turn before and after: ``kept`` around ``gone``, and the rows of the placeholders."""
    old = new = kept[0]
    rows = []
    for number, (stretch, after) in enumerate(zip(gone, kept[1:], strict=True)):
        name = f"<CARD_{number + 1}>"
        place = {"turn": 0, "start": len(new), "end": len(new) + len(name)}
        rows.append(Redaction(**place, entity="CREDIT_CARD", identifier_class="card", placeholder=name))
        old, new = old + stretch + after, new + name + after
    return old, new, rows


def applied(change: TurnChange) -> str:
    text, at = "", 0
    for stretch in change.stretches:
        text += change.old[at : stretch.start] + stretch.into
        at = stretch.end
    return text + change.old[at:]


@given(st.data(), st.integers(1, 4))
def test_the_stretches_give_the_new_turn_and_cover_all_that_went(data: st.DataObject, count: int) -> None:
    kept = data.draw(st.lists(KEPT, min_size=count + 1, max_size=count + 1))
    gone = data.draw(st.lists(GONE, min_size=count, max_size=count))
    old, new, rows = built(kept, gone)
    change = change_of(old, new, rows)
    assert applied(change) == new
    assert all(0 <= one.start < one.end <= len(old) for one in change.stretches)
    assert "".join(one.into for one in change.stretches).count("<CARD_") >= count


@given(st.data(), st.integers(1, 3))
def test_any_slice_of_the_old_turn_becomes_a_slice_of_the_new_one(data: st.DataObject, count: int) -> None:
    kept = data.draw(st.lists(KEPT, min_size=count + 1, max_size=count + 1))
    gone = data.draw(st.lists(GONE, min_size=count, max_size=count))
    change = change_of(*built(kept, gone))
    start = data.draw(st.integers(0, len(change.old)))
    end = data.draw(st.integers(start, len(change.old)))
    became = change.sliced(start, end)
    untouched = not any(one.start < end and start < one.end for one in change.stretches)
    assert (became is None) == untouched
    assert (change.old[start:end] if became is None else became) in change.new


@given(st.text(alphabet="ab12 ", max_size=30))
def test_a_text_without_the_turns_words_stays(text: str) -> None:
    old, new, rows = built(["my card ", " ok"], ["9999 8888 7777 6666"])
    assume("card" not in text)
    assert Copies([change_of(old, new, rows)]).mended(text) == text


OLD, NEW, ROWS = built(
    ["yes,  it is ", ", and the code is ", "\nthanks a lot"], ["four two four two four two", "one two three"]
)
CHANGE = change_of(OLD, NEW, ROWS)


def test_two_stretches_are_told_apart() -> None:
    assert CHANGE.stretches == (Stretch(12, 38, "<CARD_1>"), Stretch(56, 69, "<CARD_2>"))


@pytest.mark.parametrize(
    ("text", "became"),
    [
        (OLD, NEW),
        (f"[1] caller: {OLD}", f"[1] caller: {NEW}"),
        (f"[1] caller: {' '.join(OLD.split())}\n[2] x", f"[1] caller: {' '.join(NEW.split())}\n[2] x"),
        ("it is four two four", "it is <CARD_1>"),
        ("two, and the code is one", "<CARD_1>, and the code is <CARD_2>"),
        ("The caller said four two four two four two.", "The caller said <CARD_1>."),
        ('{"quote": "the code is one two three"}', '{"quote": "the code is <CARD_2>"}'),
        ("one two three is how one counts", "one two three is how one counts"),
        ("fourteen", "fourteen"),
        ("thanks a lot", "thanks a lot"),
        ("and the code", "and the code"),
    ],
)
def test_copies_of_a_turn_change_as_it_did(text: str, became: str) -> None:
    assert Copies([CHANGE]).mended(text) == became


def test_a_number_inside_a_longer_one_is_another_number() -> None:
    change = change_of(*built(["card ", ""], ["4242 4242"]))
    assert Copies([change]).mended("94242 42425 but 4242 4242") == "94242 42425 but <CARD_1>"


def test_a_short_turn_is_changed_only_where_it_is_the_whole_text() -> None:
    change = change_of(*built(["", ""], ["123"]))
    copies = Copies([change])
    assert copies.mended("123") == "<CARD_1>"
    assert copies.mended("invoice 123") == "invoice 123"
