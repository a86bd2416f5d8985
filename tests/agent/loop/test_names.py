"""Names, e-mails, phones and references as people say them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.loop.names import (
    Likeness,
    company_likeness,
    letters,
    person_likeness,
    reference_shape,
    same_email,
    same_phone,
    same_reference,
)


@pytest.mark.parametrize(
    ("said", "recorded", "expected"),
    [
        ("Nora Quill", "Nora Quill", Likeness.SAME),
        ("nora quill", "Ms. Nora Quill", Likeness.SAME),
        ("Quill, Nora", "Nora Quill", Likeness.SAME),
        ("José Núñez", "Jose Nunez", Likeness.SAME),
        ("Sinead O'Hara", "Sinéad OHara", Likeness.SAME),
        ("Søren Dahl", "Soren Dahl", Likeness.SAME),
        ("N. Quill", "Nora Quill", Likeness.SAME),
        ("Nora Quill", "Nora Jane Quill", Likeness.SAME),
        ("Bob Fenn", "Robert Fenn", Likeness.SAME),
        ("Stephen Clarke", "Steven Clark", Likeness.SAME),
        ("Gus Halvorsen", "Gus Halvorson", Likeness.NEAR),
        ("Nora", "Nora Quill", Likeness.NEAR),
        ("Mister Quill", "Nora Quill", Likeness.NEAR),
        ("N Q", "Nora Quill", Likeness.NEAR),
        ("", "Nora Quill", Likeness.NEAR),
        ("Nora Quill", "Maude Quill", Likeness.DIFFERENT),
        ("Nora Fenn", "Nora Quill", Likeness.DIFFERENT),
        ("Leo Anders", "Ravi Ostergaard", Likeness.DIFFERENT),
    ],
)
def test_person_names(said: str, recorded: str, expected: Likeness) -> None:
    assert person_likeness(said, recorded) is expected
    assert person_likeness(recorded, said) is expected


@pytest.mark.parametrize(
    ("said", "recorded", "expected"),
    [
        ("Larkspur Joinery", "Larkspur Joinery Ltd.", Likeness.SAME),
        ("larkspur", "Larkspur Joinery", Likeness.SAME),
        ("Lark Spur Joinery", "Larkspur Joinery LLP", Likeness.SAME),
        ("Café Röstwerk", "Cafe Rostwerk GmbH", Likeness.SAME),
        ("Locanda del Faro", "Locanda Faro SRL", Likeness.SAME),
        ("Larkspur Dental", "Larkspur Joinery", Likeness.DIFFERENT),
        ("Joinery", "Larkspur Joinery", Likeness.DIFFERENT),
        ("Larkspor Joinery", "Larkspur Joinery", Likeness.NEAR),
    ],
)
def test_company_names(said: str, recorded: str, expected: Likeness) -> None:
    assert company_likeness(said, recorded) is expected
    assert company_likeness(recorded, said) is expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+442920180441", "029 2018 0441", True),
        ("+91 422 555 7713", "+914225557713", True),
        ("+12025550147", "(202) 555-0147", True),
        ("+12025550147", "+12025550148", False),
        ("5550147", "+12025550147", False),
        ("0147", "+12025550147", False),
        ("+12025550147", "+4412025550147", True),
        ("", "+12025550147", False),
    ],
)
def test_phones(one: str, other: str, same: bool) -> None:
    assert same_phone(one, other) is same


def test_emails_and_references() -> None:
    assert same_email("Nora@Larkspur.example ", "nora@larkspur.example")
    assert not same_email("nora.quill@larkspur.example", "noraquill@larkspur.example")
    assert not same_email("", "")
    assert same_reference("LJ-2041", "lj 2041")
    assert not same_reference("", "")
    assert reference_shape("LJ-2041") == reference_shape("lj7") != reference_shape("2041")


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_symmetric_and_never_fails(a: str, b: str) -> None:
    assert person_likeness(a, b) is person_likeness(b, a)
    assert company_likeness(a, b) is company_likeness(b, a)


@given(st.text(alphabet="abcdefghij klmnop", min_size=3, max_size=30).filter(lambda t: len(t.split()) >= 2))
def test_a_name_of_two_words_is_like_itself_when_one_of_them_is_whole(name: str) -> None:
    if any(len(word) > 1 for word in name.split()) and name.split()[0] not in ("mr", "ms"):
        assert person_likeness(name, name) is not Likeness.DIFFERENT
    assert letters(name) == letters(name.upper())
