"""Whatever way a value is said, it can be written down again."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.redaction.filling import characters, correct, damage
from evals.redaction.hearing import Ear, hear, readings, written
from evals.redaction.identifiers import BY_TYPE, SUBJECTS
from evals.redaction.saying import FORMS, HINDI, SPANISH, UNITS, choose_form, cut, number, say

VISA = BY_TYPE["pan_visa"]
LETTERED = ("in_pan", "iban_gb", "it_cf", "uk_nino", "es_nif")


def heard(text: str, value: str) -> bool:
    return any(written(value) in reading for reading in readings(text))


@pytest.mark.parametrize("form", FORMS)
@given(digits=st.text("0123456789", min_size=12, max_size=19), seed=st.integers(0, 99))
def test_digits_said_in_any_form_are_heard_again(form: str, digits: str, seed: int) -> None:
    said = say(VISA, digits, form, random.Random(seed))
    assert "".join(said.groups) == digits
    assert heard(said.text, digits), said.text


@pytest.mark.parametrize("form", sorted(set(FORMS) - {"spanish", "hindi", "homophone"}))
@pytest.mark.parametrize("type_", LETTERED)
def test_letters_said_in_any_form_are_heard_again(form: str, type_: str) -> None:
    for seed in range(20):
        rng = random.Random(seed)
        value = BY_TYPE[type_].value(rng)
        assert heard(say(BY_TYPE[type_], value, form, rng).text, value)


def test_forms_known_by_heart() -> None:
    rng = random.Random(0)
    assert FORMS["words"]("4032", rng) == "four zero three two"
    assert FORMS["oh"]("4032", rng) == "four oh three two"
    assert FORMS["pairs"]("4032", rng) == "40 32"
    assert FORMS["spaced"]("4032", rng) == "4 0 3 2"
    assert FORMS["hyphens"]("41", rng) == "four-one"
    assert FORMS["fullwidth"]("41", rng) == "４１"
    assert FORMS["spanish"]("07", rng) == f"{SPANISH[0]} {SPANISH[7]}"
    assert FORMS["hindi"]("07", rng) == f"{HINDI[0]} {HINDI[7]}"
    assert {FORMS["double"]("5511", random.Random(n)) for n in range(9)} == {"double five double one"}
    assert FORMS["tens"]("4532", random.Random(0)) == "forty five thirty two"


def test_round_groups_are_said_as_hundreds() -> None:
    texts = {FORMS["tens"]("4200", random.Random(seed)) for seed in range(20)}
    assert "forty two hundred" in texts
    assert all(hear(text, Ear()) == "4200" for text in texts)


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda s: s.type)
def test_every_type_has_a_form(subject: object) -> None:
    from evals.redaction.identifiers import Subject

    assert isinstance(subject, Subject)
    for seed in range(10):
        rng = random.Random(seed)
        value, form = subject.value(rng), choose_form(subject, rng)
        said = say(subject, value, form, rng)
        assert said.text
        assert characters("".join(said.groups)) == characters(value)


def test_an_issuer_format_keeps_its_separators() -> None:
    texts = {say(BY_TYPE["us_ssn"], "430761784", "digits", random.Random(seed)).text for seed in range(20)}
    assert texts == {"430-76-1784", "430761784"}


def test_an_expiry_is_said_in_several_ways() -> None:
    texts = {
        say(BY_TYPE["expiry"], "0827", form, random.Random(n)).text
        for n in range(30)
        for form in ("words", "digits", "oh")
    }
    assert {"08/27", "August twenty seven", "oh eight two seven", "zero eight, two seven"} <= texts


def test_a_damaged_value_passes_no_check() -> None:
    rng = random.Random(3)
    for _ in range(50):
        card = VISA.value(rng)
        assert VISA.check is not None
        assert not VISA.check(damage(VISA, card, rng))


def test_a_correction_says_the_right_value_and_something_wrong() -> None:
    for seed in range(60):
        rng = random.Random(seed)
        value = VISA.value(rng)
        piece = correct(VISA, say(VISA, value, "words", rng), "words", rng)
        assert piece.right == value
        assert piece.spoken != value
        assert any(word in piece.text for word in UNITS)
        assert heard(piece.text, piece.spoken), piece.text


@given(st.text("0123456789", min_size=1, max_size=30), st.lists(st.integers(1, 6), min_size=1, max_size=4))
def test_cutting_loses_nothing(digits: str, sizes: list[int]) -> None:
    assert "".join(cut(digits, sizes)) == digits


@given(st.text("0123456789", min_size=1, max_size=20), st.sampled_from(sorted(FORMS)), st.integers(0, 50))
def test_a_plain_number_is_heard_again(digits: str, form: str, seed: int) -> None:
    assert heard(number(digits, form, random.Random(seed)), digits)
