"""Snippets that hold no identifier: every marked string has to survive redaction."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from tests.agent.redaction.generators import STYLES, pick_digits

_TEMPLATES: tuple[tuple[str, str, str], ...] = (
    ("neg_order", "My order number is {x}.", "say:6-9"),
    ("neg_order", "It's order {x}, placed last week.", "say:5-8"),
    ("neg_order", "The order id on the mail is {x} I think.", "say:12"),
    ("neg_invoice", "Invoice {x} is the one that's wrong.", "say:4-8"),
    ("neg_invoice", "It's about invoice number {x}, could you send it again?", "say:6"),
    ("neg_invoice", "Can you resend I N V dash {x}?", "say:5"),
    ("neg_ticket", "I have a ticket open, {x}.", "say:5-7"),
    ("neg_ticket", "The case number is {x}.", "say:8"),
    ("neg_tracking", "The tracking number says {x}.", "raw:12"),
    ("neg_tracking", "FedEx tracking {x}, still not here.", "raw:12"),
    ("neg_tracking", "USPS tracking number {x}", "raw:22"),
    ("neg_tracking", "The parcel is 1Z999AA1{x}.", "raw:10"),
    ("neg_phone", "Call me back on {x}, any time.", "say:10"),
    ("neg_phone", "My phone number is {x}.", "say:10-11"),
    ("neg_phone", "You can reach me at {x}.", "say:10"),
    ("neg_phone", "My mobile is {x}, but not before nine.", "say:11"),
    ("neg_phone", "It's +44 20 7946 0{x}", "raw:3"),
    ("neg_phone", "my cell, it's five five five, oh one, {x}", "say:4"),
    ("neg_amount", "They charged my card ${x}.00 yesterday.", "raw:3"),
    ("neg_amount", "I paid {x} dollars with the card.", "raw:3-5"),
    ("neg_amount", "It's {x} euros and twenty cents on my bank account.", "raw:4"),
    ("neg_amount", "The card was charged forty seven twenty five on the fourth.", "none"),
    ("neg_amount", "That came off my credit card, two hundred and eighty six pounds.", "none"),
    ("neg_amount", "We owe one thousand eight hundred seventy four euros and twenty cents.", "none"),
    ("neg_amount", "The VAT on it is {x}.50 and the total 1,{x}.00.", "raw:3"),
    ("neg_amount", "The balance on the account is twelve thousand four hundred and fifty.", "none"),
    ("neg_date", "My card was declined on September eleventh twenty twenty six.", "none"),
    ("neg_date", "It went out on 2026-09-{x} by card.", "day"),
    ("neg_date", "The subscription expires on 04/{x}, right?", "day"),
    ("neg_date", "I was born on the twelfth of June nineteen eighty five.", "none"),
    ("neg_stripe", "The charge is ch_3Nx{x}AbCdEfGhIjKl on my card.", "raw:12"),
    ("neg_stripe", "Subscription sub_1Mv{x}LkdIwHu failed.", "raw:7"),
    ("neg_stripe", "Payment intent pi_3M{x}AbCd.", "raw:10"),
    ("neg_uuid", "Call id 3f2504e0-4f89-41d3-9a0c-0305{x}.", "raw:8"),
    ("neg_last4", "It's the card ending in {x}.", "say:4"),
    ("neg_last4", "The last four digits of my card are {x}.", "say:4"),
    ("neg_last4", "Which card, the one ending {x}?", "say:4"),
    ("neg_last4", "The bank account ending in {x} is the right one.", "say:4"),
    ("neg_accession", "It's accession number triple zero one, {x}.", "say:13"),
    ("neg_quantity", "We have {x} users and 12 cards on file.", "raw:3"),
    ("neg_quantity", "It's three hundred and ten people and {x} seats.", "raw:3"),
    ("neg_post", "Our zip code is {x}.", "say:5"),
    ("neg_post", "The pin code is {x}, Chennai.", "raw:6"),
    ("neg_post", "Postcode is S W one A one A A.", "none"),
    ("neg_imei", "The phone's IMEI is 35{x}.", "raw:13"),
    ("neg_ean", "Barcode 590{x} on the box.", "raw:10"),
    ("neg_isin", "We hold US0378331005 and DE0007164600.", "none"),
    ("neg_po", "Purchase order {x} covers it.", "say:6-8"),
    ("neg_gl", "Book it to GL code {x}.", "raw:5"),
    ("neg_reference", "The reference is {x}.", "say:7-9"),
    ("neg_reference", "Confirmation number {x}, if you need it.", "say:8"),
    ("neg_customer", "My customer number is {x}.", "say:6-8"),
    ("neg_policy", "My policy number is {x}.", "raw:9"),
    ("neg_serial", "Serial number {x} on the meter.", "raw:10"),
    ("neg_ip", "It came from 192.168.{x}.12.", "raw:2"),
    ("neg_version", "We run version 12.4.{x}.", "raw:2"),
    ("neg_time", "Call me at ten thirty tomorrow, or 4:{x} pm.", "minute"),
    ("neg_address", "It's {x} Harcourt Street, flat twelve.", "raw:3"),
    ("neg_member", "My membership card number is {x}.", "raw:9"),
    ("neg_meter", "The meter reading is {x}.", "say:6"),
    ("neg_deal", "Deal id {x} in HubSpot.", "raw:11"),
    ("neg_chat", "We had two cards and three people, one for me and four to go.", "none"),
    ("neg_chat", "So I said to him, one more time, what about the bank account?", "none"),
    ("neg_chat", "I have one card and one account, that's all I have.", "none"),
    ("neg_chat", "Hotel India was fully booked, Charlie and Oscar went to Lima.", "none"),
    ("neg_email", "Write to delphine dot ackroyd nineteen eighty at copperkettle dot example.", "none"),
    ("neg_email", "It's bookings{x}@copperkettle.example for the receipt.", "raw:4"),
    ("neg_phone", "The phone number on the account is {x}.", "say:10"),
    ("neg_own_account", "My account number with you is {x}.", "say:6-8"),
)
_DIALOGS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("neg_order", "16", ("And your order number?", "It's a long one. {x}.", "{y}. I can see one parcel and four lids in it.")),
    ("neg_order", "12", ("Which order is that?", "{x}", "Okay, {y}. Two of the boxes came back.", "All three did.")),
    ("neg_order", "8", ("Order number, please?", "{x}, I think.", "{y}, from last week. Was it paid by card?")),
    ("neg_accession", "15", ("Which accession do you mean?", "{x}", "Got it. {y}. Eleven pages were filed.", "Yes, eleven.")),
    ("neg_tracking", "14", ("What does the tracking say?", "{x}.", "{y}, thanks. One van had a fault.")),
    ("neg_ticket", "7", ("The ticket, please?", "{x}.", "{y}. Nine people wrote to us about the bank transfer.")),
    ("neg_phone", "10", ("Who rings me then?", "Your account manager, before noon. Where can he get you?", "On my direct line, plus one, {x}.", "{y}. Noted.")),
    ("neg_phone", "10", ("Is the direct debit still on the same bank account?", "It is. My office line is plus four four, {x}.", "Four four, {y}.")),
    ("neg_phone", "10", ("What's the best number for you?", "{x}.", "{y}, I have it. The bank will write to you as well.")),
    ("neg_phone", "9", ("Can I ring you at work?", "Sure, plus three three, {x}, after two.", "Thank you. We close at six.")),
    ("neg_post", "5", ("What is the new address?", "its nine twelve alder creek road in salem oregon {x}", "nine twelve alder creek road salem oregon {y}", "right and our federal id changed too, is there a form for that?")),
    ("neg_post", "5", ("Your tax form has the old address.", "We moved to Dayton, Ohio {x}.", "Ohio {y}, okay.")),
    ("neg_address", "3", ("And where do the bank statements go?", "{x} Copper Beech Lane, same as the VAT letters.", "{y} Copper Beech Lane, yes.")),
    ("neg_address", "none", ("Which address?", "Thirty one Weavers Row, N R three, two P D.", "Thirty one Weavers Row, N R three two P D.", "And the VAT certificate has the old one, do you need that as well?")),
    ("neg_invoice", "5", ("The bill number?", "M K {x}.", "M K {y}. Three lakh twelve thousand four hundred rupees, due on the ninth.", "Yes. And our G S T number has changed, where do I enter it?", "You will get one form for it.")),
    ("neg_invoice", "5", ("Which invoice?", "A D {x}.", "A D {y} thats seven hundred and twelve dollars, right?", "Right. I need the EIN on it.", "We will send one form.")),
    ("neg_time", "none", ("When did you try the bank account?", "At nine, again before eleven, and once by four.", "I see two of them.")),
    ("neg_time", "none", ("Your account manager will be in by ten tomorrow.", "Ten is fine, the bank transfer can wait.")),
    ("neg_quantity", "8", ("Your meter number?", "{x}. Five readings came in this year.", "Five, okay. And the bank?")),
    ("neg_quantity", "none", ("I can't take a card on this line, I'd send you one link.", "One link is fine, for two of us.")),
)  # fmt: skip
_BEFORE = (
    "What is it about?",
    "How can I help you today?",
    "Okay, and?",
    "I have your card on file here. What happened?",
    "Sure, tell me more.",
)
_AFTER = (
    "Okay, thank you.",
    "Let me check that.",
    "One moment please.",
    "Right, I can see it.",
    "I will look into the payment.",
)


def negatives(seed: int) -> Iterator[dict[str, Any]]:
    """Every template once, with the number said or written as the template allows."""
    for number, (tag, template, how) in enumerate(_TEMPLATES):
        rng = random.Random(f"{seed}:{number}")
        said = _value(rng, how)
        text = template.replace("{x}", said)
        keep = [said] if how not in ("none", "day", "minute") and len(said) > 2 else [text.rstrip(".?")]
        turns = [
            {"speaker": "agent", "text": rng.choice(_BEFORE)},
            {"speaker": "customer", "text": text},
            {"speaker": "agent", "text": rng.choice(_AFTER)},
        ]
        yield {"id": f"{tag}-{number}-{seed}", "turns": turns, "spans": [], "keep": keep, "tags": [tag]}

    for number, (tag, size, lines) in enumerate(_DIALOGS):
        yield _dialog(random.Random(f"{seed}:dialog:{number}"), f"{tag}-dialog-{number}-{seed}", tag, size, lines)


def _dialog(rng: random.Random, name: str, tag: str, size: str, lines: tuple[str, ...]) -> dict[str, Any]:
    """A number said by one and read back, in other words, by the other; {x} is the answer and {y} the read-back."""
    # No card begins with 9, so that a long number never passes for one by chance.
    digits = "" if size == "none" else f"9{pick_digits(rng, int(size) - 1)}"
    said, again = _grouped(rng, digits), _grouped(rng, digits)
    texts = [line.replace("{x}", said).replace("{y}", again[:1].upper() + again[1:]) for line in lines]
    turns = [{"speaker": ("agent", "customer")[at % 2], "text": text} for at, text in enumerate(texts)]
    return {"id": name, "turns": turns, "spans": [], "keep": texts[1:3], "tags": [tag]}


def _value(rng: random.Random, how: str) -> str:
    if how == "none":
        return ""
    if how == "day":
        return f"{rng.randint(10, 28)}"
    if how == "minute":
        return f"{rng.randint(10, 59)}"
    style, _, spec = how.partition(":")
    low, _, high = spec.partition("-")
    digits = pick_digits(rng, rng.randint(int(low), int(high or low)))
    if style == "raw":
        return digits
    return _grouped(rng, digits)


def _grouped(rng: random.Random, digits: str) -> str:
    """``digits`` aloud, three at a time."""
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    chosen = STYLES[rng.choice(("say_words", "say_oh", "say_double", "fmt_group", "fmt_group", "say_tens"))]
    return ", ".join(chosen(group, rng) for group in groups)
