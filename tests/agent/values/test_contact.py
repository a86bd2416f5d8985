"""E-mail addresses and phone numbers, said and written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.values import normal_email, normal_phone, read_emails, read_phones


@pytest.mark.covers("S11")
@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("marta, at brambletea dot example. That's B R A M B L E, tea.", "marta@brambletea.example"),
        ("bills at norrlund dash glas dot example", "bills@norrlund-glas.example"),
        ("it's uh tom dot abara at pikelane dot example thanks", "tom.abara@pikelane.example"),
        ("jo underscore lind forty two at the rate north wind dot example", "jo_lind42@northwind.example"),
        ("ufficio chiocciola vinoalto punto example", "ufficio@vinoalto.example"),
        ("info arroba casaluna punto example", "info@casaluna.example"),
        ("hans punkt meier klammeraffe nordwerk punkt example", "hans.meier@nordwerk.example"),
        ("a b three hyphen q d at m n o dot example", "ab3-qd@mno.example"),
        ("accounts at fenwright dot co dot uk.", "accounts@fenwright.co.uk"),
        ("R oakden, so the letter R and my last name, at lime post dot example", "roakden@limepost.example"),
        ("write to Paula.Voss+bills@Kestrel.Example today", "paula.voss+bills@kestrel.example"),
        ("r smith at hollow dot example", "rsmith@hollow.example"),
        ("yes, fionn at glenmore dot example, F I O double N", "fionn@glenmore.example"),
        ("odile at marrowfen, all one word, dot example", "odile@marrowfen.example"),
        ("petra dot loom, at marrow fen, one word, dot example", "petra.loom@marrowfen.example"),
        ("It's J, point, ferrand, at nord, trait d'union, atlas, point example", "j.ferrand@nord-atlas.example"),
        ("biuro b i u r o at stolarz hyphen las dot example", "biuro@stolarz-las.example"),
        ("post at hafen minus kran dot example", "post@hafen-kran.example"),
    ],
)
def test_reads_an_address(text: str, email: str) -> None:
    assert [item.value for item in read_emails(text)] == [email]


@pytest.mark.parametrize(
    "text",
    ["at the end of the day", "the web's second cup dot example", "look at it. Example one", "we met at noon dot"],
)
def test_leaves_what_is_no_address(text: str) -> None:
    assert read_emails(text) == []


def test_a_name_spelled_differently_wins_and_keeps_the_heard_form() -> None:
    (found,) = read_emails("olga at coperpot dot example. C O double P E R, pot.")
    assert found.value == "olga@copperpot.example"
    assert "olga@coperpot.example" in found.others


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("it's six one two, triple five, oh one four four.", "US", "+16125550144"),
        ("(612) 555-0144", "US", "+16125550144"),
        ("+44 113 496 0777", "US", "+441134960777"),
        ("oh one one three, four nine six, oh triple seven", "GB", "+441134960777"),
        ("plus four four, one one three, four nine six, oh seven seven seven", "US", "+441134960777"),
        ("eight hundred, five five five, oh one two three", "US", "+18005550123"),
        ("0044 113 496 0777", "US", "+441134960777"),
        ("oh one one three, four nine six, oh triple seven", "US", "+441134960777"),
    ],
)
def test_reads_a_phone_number(text: str, region: str, number: str) -> None:
    assert [item.value for item in read_phones(text, region)] == [number]


@pytest.mark.parametrize(
    "text",
    [
        "invoice number six one two five five five oh one four four",
        "order L Q six one two five five five oh one four four",
        "eight eight two six",
        "forty nine ninety nine",
        "<CARD_1> six one two",
    ],
)
def test_leaves_what_is_no_phone_number(text: str) -> None:
    assert read_phones(text, "US") == []


def test_canonical_forms() -> None:
    assert normal_email(" Marta@Brambletea.Example ") == "marta@brambletea.example"
    assert normal_email("marta at brambletea") is None
    assert normal_phone("(612) 555-0144", "US") == "+16125550144"
    assert normal_phone("call me", "US") is None


_DIGITS = "zero one two three four five six seven eight nine".split()


@given(st.text("0123456789", min_size=4, max_size=4))
def test_every_spoken_number_is_read_back(last: str) -> None:
    spoken = " ".join(_DIGITS[int(digit)] for digit in last)
    assert [item.value for item in read_phones(f"two oh two, triple five, {spoken}", "US")] == [f"+1202555{last}"]


@given(st.text(max_size=60))
def test_any_text_is_safe_to_read(text: str) -> None:
    for item in (*read_emails(text), *read_phones(text, "GB")):
        assert 0 <= item.start < item.end <= len(text)


def test_the_place_of_what_is_found_is_exact() -> None:
    text = "write to rosa@fernhill.example or ring +44 20 7946 0155, please"
    (mail,), (phone,) = read_emails(text), read_phones(text, "GB")
    assert text[mail.start : mail.end] == "rosa@fernhill.example"
    assert text[phone.start : phone.end] == "+44 20 7946 0155"
