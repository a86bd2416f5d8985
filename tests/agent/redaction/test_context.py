"""What stands around a number decides: read-backs, interruptions, phones, addresses, amounts beside identifiers."""

from __future__ import annotations

from functools import cache

import pytest

from agent.redaction import Redactor

STAYS: dict[str, tuple[str, ...]] = {
    "an account manager's hour": (
        "c: who do i talk to about the direct debit",
        "a: The account manager rings you before eleven tomorrow, there are four of us.",
    ),
    "a direct line and its read-back": (
        "a: Where do we get hold of you?",
        "c: My direct is plus four four, one six three two, nine six oh, seven double two.",
        "a: Four four, one six three two, nine six zero, seven two two. The bank transfer is noted as well.",
    ),
    "a phone number while a bank is spoken of": (
        "a: It went from your bank account on Monday.",
        "c: Ring us on the office line, oh one six three two, nine six oh, four one nine.",
        "a: Oh one six three two, nine six zero, four one nine.",
    ),
    "an order read back, then a count": (
        "a: The order number, please.",
        "c: Bear with me. Six one two two, double nine oh four, seven three one eight, one four four oh.",
        "a: Six one two two, nine nine zero four, seven three one eight, one four four zero. We sent two crates.",
    ),
    "a filing read back, then a count": (
        "a: Which filing?",
        "c: accession triple zero one four four nine two one seven, two six, double oh three one seven one",
        "a: Zero zero zero one four four nine two one seven, two six, zero zero three one seven one. Five pages were added.",
    ),
    "an invoice, an amount and a form beside a tax number": (
        "a: Bill number?",
        "c: V J, oh four nine one two.",
        "a: V J zero four nine one two. Six lakh eleven thousand rupees, due the eighth.",
        "c: Yes. The GST number on it is the old one.",
        "a: Then you will get one form from us.",
    ),
    "a ZIP code and a house number beside a tax number": (
        "a: whats the new address",
        "c: two twenty quarry bank road in helena montana five nine six oh one",
        "a: two twenty quarry bank road helena montana five nine six zero one",
        "c: yep and there's a new federal tax id, do you want that too",
    ),
    "a post code beside a VAT number": (
        "c: It's sixty Chandlers Row, Bristol, B S three, four D N.",
        "a: Sixty Chandlers Row, Bristol, B S three four D N.",
        "c: The VAT number is another matter, I'll look it up.",
    ),
    "a sum in millions": ("c: Turnover was four million two hundred thousand one hundred and six last year.",),
    "a run of payments": ("c: I do the bank run on Fridays, the usual five forty.",),
    "a count in a new sentence": ("a: Your ticket is four four one seven oh two. Eight people wrote about it.",),
}

GOES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "an IBAN through a refusal that names the phone": (
        (
            "c: The IBAN is golf bravo one six, whiskey echo sierra tango, double nine one one",
            "a: Sorry, we never note bank details over the phone.",
            "c: five nine eight four, two three oh six, one four. Got it?",
        ),
        ("c: The IBAN is <IBAN_1>", "a: Sorry, we never note bank details over the phone.", "c: <IBAN_1>. Got it?"),
    ),
    "an IBAN that nobody calls one": (
        (
            "c: Then pay it to my bank, D E six one, three seven four six, four two",
            "a: I mustn't take an account number.",
            "c: eight seven eight two, four one five two, seven four nine five",
        ),
        ("c: Then pay it to my bank, <IBAN_1>", "a: I mustn't take an account number.", "c: <IBAN_1>"),
    ),
    "a corrected card in three parts": (
        (
            "c: A new card. It's four five three two, oh one five seven, no, sorry, oh one five one,",
            "a: Please stop, I can't take that.",
            "c: one two eight three,",
            "a: Don't read it to me, I have no field for it.",
            "c: and oh three double six. There.",
        ),
        (
            "c: A new card. It's <CARD_1>,",
            "a: Please stop, I can't take that.",
            "c: <CARD_1>,",
            "a: Don't read it to me, I have no field for it.",
            "c: and <CARD_1>. There.",
        ),
    ),
    "a tax number to its last two digits": (
        ("c: the ein is five four dash one seven nine", "a: no not over the phone", "c: two five eight", "a: really please stop", "c: seven oh thats it"),
        ("c: the ein is <EIN_1>", "a: no not over the phone", "c: <EIN_1>", "a: really please stop", "c: <EIN_1> thats it"),
    ),
    "letters of a value that spell another one's name": (
        ("a: The GSTIN?", "c: two seven, R R N P E, five nine six P, one Z B"),
        ("a: The GSTIN?", "c: <GSTIN_1>"),
    ),
    "letters that open a turn and spell another one's name": (
        ("c: The GSTIN is two seven", "a: You don't need to read that out.", "c: um, c v u p f", "a: Please stop.", "c: one six zero four f one z f"),
        ("c: The GSTIN is <GSTIN_1>", "a: You don't need to read that out.", "c: um, <GSTIN_1>", "a: Please stop.", "c: <GSTIN_1>"),
    ),
    "a social security number after a state": (
        ("a: And the social?", "c: That's from when we lived in Ohio, four three oh, seven six, one seven eight four."),
        ("a: And the social?", "c: That's from when we lived in Ohio, <SSN_1>."),
    ),
    "an unannounced number that the other takes for a social": (
        ("c: four three oh, seven six, one seven eight four", "a: Is that your social? Your ticket is five five one two oh nine."),
        ("c: <SSN_1>", "a: Is that your social? Your ticket is five five one two oh nine."),
    ),
    "the order number that is asked for instead stays": (
        (
            "c: My card is four five three two, oh one five one,",
            "a: I can't take the card. Give me the order number instead.",
            "c: Eight eight oh two, nine nine four.",
        ),
        ("c: My card is <CARD_1>,", "a: I can't take the card. Give me the order number instead.", "c: Eight eight oh two, nine nine four."),
    ),
    "an account behind its holder's name": (
        ("c: Account holder is Jo Park at the bank, two oh four nine, six six double eight.",),
        ("c: Account holder is Jo Park at the bank, <BANK_1>.",),
    ),
    "Spanish": (
        ("c: la tarjeta caduca cero ocho veintisiete, y el código de detrás es tres uno nueve",),
        ("c: la tarjeta caduca <EXPIRY_1>, y el código de detrás es <CVV_1>",),
    ),
    "French": (
        ("c: la carte bleue 4532 0151 1283 0366, les numéros au dos, c'est trois un neuf",),
        ("c: la carte bleue <CARD_1>, les numéros au dos, c'est <CVV_1>",),
    ),
    "German": (
        ("c: die Kreditkartennummer 4532 0151 1283 0366, die Prüfnummer ist drei eins neun",),
        ("c: die Kreditkartennummer <CARD_1>, die Prüfnummer ist <CVV_1>",),
    ),
    "Italian": (
        ("c: la carta di credito scade zero otto ventisette, il codice sul retro è tre uno nove",),
        ("c: la carta di credito scade <EXPIRY_1>, il codice sul retro è <CVV_1>",),
    ),
}  # fmt: skip


@cache
def redactor() -> Redactor:
    return Redactor()


def redacted(lines: tuple[str, ...]) -> tuple[str, ...]:
    speakers = {"a": "agent", "c": "caller"}
    out = redactor().redact_turns([(speakers[line[0]], line[3:]) for line in lines])
    return tuple(f"{line[0]}: {text}" for line, text in zip(lines, out.texts, strict=True))


@pytest.mark.parametrize("lines", STAYS.values(), ids=STAYS)
def test_what_the_call_explains_stays(lines: tuple[str, ...]) -> None:
    assert redacted(lines) == lines


@pytest.mark.covers("S21", "S24")
@pytest.mark.parametrize(("lines", "expected"), GOES.values(), ids=GOES)
def test_what_the_call_announces_goes(lines: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert redacted(lines) == expected


@pytest.mark.parametrize(
    "text",
    ["Matched on account id and email. Invoice ME-2026-01240.", "Your account. Credit note CN/2026-004411 was sent."],
)
def test_a_written_reference_near_the_word_account_stays(text: str) -> None:
    assert Redactor().redact_text(text) == text
