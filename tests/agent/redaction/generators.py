"""Makes spoken snippets with marked identifiers, all synthetic and valid by their own check digits.

A snippet is the scorer's format: turns, spans (one a piece, joined by ``group``), strings to keep.
Everything follows from the seed.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from agent.redaction.context import BY_NAME
from agent.redaction.kinds import stdnum_check

UNITS = "zero one two three four five six seven eight nine".split()
TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = ["", "", *"twenty thirty forty fifty sixty seventy eighty ninety".split()]
NATO = dict(
    zip(
        string.ascii_uppercase,
        "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec romeo "
        "sierra tango uniform victor whiskey x-ray yankee zulu".split(),
        strict=True,
    )
)
FOR_NAMES = dict(
    zip(
        string.ascii_uppercase,
        "Adam Bertie Charlie David Edward Freddie George Harry Isaac Jack Kenneth Lucy Mary Nancy Oliver Peter Queenie "
        "Robert Sugar Tommy Uncle Victor William Xavier Yellow Zebra".split(),
        strict=True,
    )
)
SPANISH = "cero uno dos tres cuatro cinco seis siete ocho nueve".split()
HINDI = "shunya ek do teen char paanch chhe saat aath nau".split()
FILLERS = ("uh", "um", "er", "hang on", "let me see", "and then", "hmm", "okay")
BACKCHANNELS = ("mm-hmm", "go ahead", "Okay.", "yep", "Right.", "uh huh", "Got it, go on.", "Yes?", "Mhm.")
INTERRUPTIONS = (
    "Oh, sorry, let me stop you there for a second.",
    "You really don't have to read that out to me.",
    "Please wait, I can't take that down.",
    "I'm not able to write that here, sir.",
)


def pick_digits(rng: random.Random, count: int) -> str:
    """``count`` random digits, the first not zero."""
    return str(rng.randint(1, 9)) + "".join(rng.choice(string.digits) for _ in range(count - 1))


def solve(rng: random.Random, mask: str, valid: Callable[[str], bool]) -> str:
    """Fill ``mask`` (9 digit, A letter, X either) until ``valid`` agrees."""
    for _ in range(60_000):
        value = "".join(
            rng.choice(string.digits)
            if c == "9"
            else rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ")
            if c == "A"
            else rng.choice("ACEHX234")
            if c == "X"
            else c
            for c in mask.replace("\\", "")
        )
        if valid(value):
            return value
    raise AssertionError(f"no valid value for {mask}")


def luhn_card(rng: random.Random, prefix: str, length: int) -> str:
    """A card number of a brand by its prefix, with the right check digit."""
    body = prefix + "".join(rng.choice(string.digits) for _ in range(length - 1 - len(prefix)))
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)


@dataclass(frozen=True)
class Subject:
    """A kind of identifier as people talk of it."""

    type: str
    class_: str
    make: Callable[[random.Random], str]
    names: tuple[str, ...]
    groups: tuple[int, ...] = ()


def _std(mask: str, module: str) -> Callable[[random.Random], str]:
    return lambda rng: solve(rng, mask, stdnum_check(module))


def _card(prefixes: str, length: int) -> Callable[[random.Random], str]:
    return lambda rng: luhn_card(rng, rng.choice(prefixes.split()), length)


def _iban(country: str, mask: str) -> Callable[[random.Random], str]:
    def make(rng: random.Random) -> str:
        bban = solve(rng, mask, lambda _: True)
        number = "".join(str(int(c, 36)) for c in bban + country + "00")
        return f"{country}{98 - int(number) % 97:02d}{bban}"

    return make


def _plain(mask: str) -> Callable[[random.Random], str]:
    return lambda rng: solve(rng, mask, lambda v: v[0] != "0" or mask[0] == "0")


_CARD_NAMES = (
    "card number",
    "credit card",
    "card",
    "Visa",
    "debit card number",
    "long card number",
    "number on the card",
)
SUBJECTS: tuple[Subject, ...] = (
    Subject("pan_visa", "payment", _card("4", 16), _CARD_NAMES, (4, 4, 4, 4)),
    Subject("pan_mastercard", "payment", _card("51 52 53 54 55", 16), _CARD_NAMES, (4, 4, 4, 4)),
    Subject("pan_mastercard2", "payment", _card("2223 2450 2619 2705", 16), _CARD_NAMES, (4, 4, 4, 4)),
    Subject("pan_amex", "payment", _card("34 37", 15), ("Amex", "American Express", "card number", "corporate card"), (4, 6, 5)),
    Subject("pan_discover", "payment", _card("6011 65 644", 16), _CARD_NAMES, (4, 4, 4, 4)),
    Subject("pan_diners", "payment", _card("36 38 300", 14), ("Diners card", "card number"), (4, 6, 4)),
    Subject("pan_jcb", "payment", _card("3530 3566", 16), ("JCB card", "card"), (4, 4, 4, 4)),
    Subject("pan_unionpay", "payment", _card("62", 19), ("UnionPay card", "card number"), (6, 13)),
    Subject("pan_maestro", "payment", _card("50 58 6304", 13), ("Maestro card", "card number"), (4, 4, 5)),
    Subject("cvv", "payment", lambda r: pick_digits(r, 3), ("security code", "CVV", "three digits on the back", "C V V"), (3,)),
    Subject("expiry", "payment", lambda r: f"{r.randint(1, 12):02d}{r.randint(26, 32)}", ("card's expiry date", "card expiry", "expiry on the card"), (2, 2)),
    Subject("pin", "payment", lambda r: pick_digits(r, 4), ("card PIN", "PIN number"), (4,)),
    Subject("us_account", "payment", lambda r: pick_digits(r, r.randint(8, 12)), ("checking account number", "bank account number", "bank account", "savings account number"), (3, 3, 3, 3)),
    Subject("us_routing", "payment", lambda r: solve(r, r.choice("02 11 06 12 31".split()) + "9999999", stdnum_check("us.rtn")), ("routing number", "A B A number", "ABA routing"), (3, 3, 3)),
    Subject("uk_sort_code", "payment", _plain("999999"), ("sort code", "bank sort code"), (2, 2, 2)),
    Subject("uk_account", "payment", _plain("99999999"), ("bank account number", "current account number"), (4, 4)),
    Subject("au_bsb", "payment", _plain("999999"), ("BSB", "B S B number"), (3, 3)),
    Subject("in_ifsc", "payment", _plain("AAAA0999999"), ("IFSC", "I F S C code", "IFSC code"), (4, 1, 3, 3)),
    Subject("in_account", "payment", lambda r: pick_digits(r, r.randint(11, 16)), ("bank account number", "savings account number"), (4, 4, 4, 4)),
    Subject("iban_gb", "payment", _iban("GB", "AAAA99999999999999"), ("IBAN", "iban number"), (4, 4, 4, 4, 4, 2)),
    Subject("iban_de", "payment", _iban("DE", "999999999999999999"), ("IBAN", "I B A N"), (4, 4, 4, 4, 4, 2)),
    Subject("iban_nl", "payment", _iban("NL", "AAAA9999999999"), ("IBAN",), (4, 4, 4, 4, 2)),
    Subject("iban_fr", "payment", _iban("FR", "99999999999999999999999"), ("IBAN",), (4, 4, 4, 4, 4, 4, 3)),
    Subject("bic", "payment", lambda r: solve(r, "AAAA" + r.choice("DE GB FR NL IE".split()) + "99", lambda v: True), ("BIC", "SWIFT code"), (4, 2, 2)),
    Subject("ca_transit", "payment", _plain("99999999"), ("transit and institution number", "transit number"), (5, 3)),
    Subject("nz_account", "payment", lambda r: "01011" + pick_digits(r, 10), ("New Zealand bank account", "bank account"), (2, 4, 7, 2)),
    Subject("us_ssn", "tax", lambda r: solve(r, "999999999", lambda v: v[0] not in "0968" and stdnum_check("us.ssn")(v)), ("Social Security number", "S S N", "social", "SSN"), (3, 2, 4)),
    Subject("us_itin", "tax", lambda r: solve(r, "999999999", stdnum_check("us.itin")), ("ITIN", "I T I N"), (3, 2, 4)),
    Subject("us_ein", "tax", _std("999999999", "us.ein"), ("EIN", "employer identification number", "federal tax ID"), (2, 7)),
    Subject("uk_utr", "tax", _std("9999999999", "gb.utr"), ("UTR", "unique taxpayer reference"), (5, 5)),
    Subject("uk_nino", "tax", lambda r: solve(r, "AA999999", BY_NAME["uk_nino"].fits) + r.choice("ABCD"), ("national insurance number", "N I number"), (2, 2, 2, 2, 1)),
    Subject("gb_vat", "tax", lambda r: "GB" + solve(r, "999999999", stdnum_check("gb.vat")), ("VAT number", "V A T registration number"), (2, 3, 4, 2)),
    Subject("in_pan", "tax", lambda r: solve(r, "AAAPA9999A", BY_NAME["in_pan"].fits), ("PAN", "PAN card number", "P A N"), (5, 4, 1)),
    Subject("in_gstin", "tax", lambda r: solve(r, "27AAAPA9999A1ZX".replace("X", r.choice("ABCDEFGH123")), lambda v: True), ("GSTIN", "GST number"), (2, 5, 4, 4)),
    Subject("in_aadhaar", "tax", _std("999999999999", "in_.aadhaar"), ("Aadhaar number", "aadhar"), (4, 4, 4)),
    Subject("au_tfn", "tax", _std("999999999", "au.tfn"), ("tax file number", "T F N"), (3, 3, 3)),
    Subject("au_abn", "tax", _std("99999999999", "au.abn"), ("ABN", "A B N"), (2, 3, 3, 3)),
    Subject("ca_sin", "tax", _std("999999999", "ca.sin"), ("social insurance number", "S I N"), (3, 3, 3)),
    Subject("de_idnr", "tax", _std("99999999999", "de.idnr"), ("Steuer ID", "German tax ID", "Steueridentifikationsnummer"), (2, 3, 3, 3)),
    Subject("fr_siren", "tax", _std("999999999", "fr.siren"), ("SIREN", "SIREN number"), (3, 3, 3)),
    Subject("fr_siret", "tax", _std("99999999999999", "fr.siret"), ("SIRET", "SIRET number"), (3, 3, 3, 5)),
    Subject("es_nif", "tax", _std("99999999A", "es.dni"), ("NIF", "DNI", "D N I"), (2, 3, 3, 1)),
    Subject("es_cif", "tax", _std("B99999999", "es.cif"), ("CIF", "C I F"), (1, 4, 4)),
    Subject("it_cf", "tax", lambda r: "GFSPRB71C65L219G", ("codice fiscale", "Italian fiscal code"), (3, 3, 2, 1, 2, 1, 3, 1)),
    Subject("it_iva", "tax", _std("99999990999", "it.iva"), ("partita IVA", "partita iva"), (3, 4, 4)),
    Subject("br_cpf", "tax", _std("99999999999", "br.cpf"), ("CPF", "C P F"), (3, 3, 3, 2)),
    Subject("br_cnpj", "tax", _std("99999999000199", "br.cnpj"), ("CNPJ",), (2, 3, 3, 4, 2)),
    Subject("sg_nric", "tax", lambda r: solve(r, "S9999999A", BY_NAME["sg_nric"].proven), ("NRIC",), (1, 4, 3, 1)),
    Subject("sg_uen", "tax", _std("20999999" + "9A", "sg.uen"), ("UEN",), (4, 5, 1)),
    Subject("nl_bsn", "tax", _std("999999999", "nl.bsn"), ("BSN", "burgerservicenummer"), (3, 3, 3)),
    Subject("pl_nip", "tax", _std("9999999999", "pl.nip"), ("NIP",), (3, 3, 2, 2)),
    Subject("pl_pesel", "tax", _std("85999999999", "pl.pesel"), ("PESEL",), (6, 5)),
    Subject("pt_nif", "tax", _std("999999999", "pt.nif"), ("NIF", "numero de contribuinte"), (3, 3, 3)),
    Subject("be_nn", "tax", _std("85079999999", "be.nn"), ("rijksregisternummer", "national number"), (2, 2, 2, 3, 2)),
    Subject("se_pnr", "tax", _std("8506129999", "se.personnummer"), ("personnummer", "Swedish personal number"), (6, 4)),
    Subject("dk_cpr", "tax", _std("1206859999", "dk.cpr"), ("CPR number", "C P R"), (6, 4)),
    Subject("no_fnr", "tax", _std("12068599999", "no.fodselsnummer"), ("fødselsnummer", "birth number"), (6, 5)),
    Subject("ie_pps", "tax", _std("9999999A", "ie.pps"), ("PPS number", "P P S number"), (3, 4, 1)),
    Subject("ch_uid", "tax", _std("CHE999999999", "ch.uid"), ("UID", "Swiss UID"), (3, 3, 3, 3)),
    Subject("mx_rfc", "tax", _std("AAA880108XXX", "mx.rfc"), ("RFC",), (3, 6, 3)),
    Subject("cl_rut", "tax", _std("999999999", "cl.rut"), ("RUT",), (2, 3, 3, 1)),
    Subject("ar_cuit", "tax", _std("20999999999", "ar.cuit"), ("CUIT",), (2, 8, 1)),
    Subject("za_id", "tax", _std("8506129999089", "za.idnr"), ("South African ID number", "ID number"), (6, 4, 3)),
    Subject("nz_ird", "tax", _std("99999999", "nz.ird"), ("IRD number", "I R D"), (2, 3, 3)),
    Subject("kr_brn", "tax", _std("9999999999", "kr.brn"), ("business registration number",), (3, 2, 5)),
    Subject("jp_cn", "tax", _std("9999999999999", "jp.cn"), ("corporate number",), (1, 4, 4, 4)),
    Subject("nl_vat", "tax", lambda r: "NL" + solve(r, "999999999", stdnum_check("nl.bsn")) + "B01", ("BTW number", "VAT number"), (2, 3, 3, 3, 3)),
    Subject("de_vat", "tax", lambda r: "DE" + solve(r, "999999999", stdnum_check("de.vat")), ("VAT ID", "USt-ID"), (2, 3, 3, 3)),
    Subject("fr_vat", "tax", lambda r: "FR" + solve(r, "99999999999", stdnum_check("fr.tva")), ("VAT number", "TVA number"), (2, 2, 3, 3, 3)),
    Subject("ie_vat", "tax", lambda r: "IE" + solve(r, "9999999A", stdnum_check("ie.vat")), ("VAT number",), (2, 4, 3, 1)),
    Subject("at_vat", "tax", lambda r: "AT" + solve(r, "U99999999", stdnum_check("at.uid")), ("UID number", "VAT number"), (3, 4, 4)),
    Subject("pl_vat", "tax", lambda r: "PL" + solve(r, "9999999999", stdnum_check("pl.nip")), ("VAT number",), (2, 3, 3, 4)),
)  # fmt: skip
BY_TYPE = {subject.type: subject for subject in SUBJECTS}


def _words_of(digits: str, rng: random.Random, *, oh: bool) -> list[str]:
    return ["oh" if d == "0" and oh else UNITS[int(d)] for d in digits]


def _doubles(digits: str, rng: random.Random) -> list[str]:
    out, at = [], 0
    while at < len(digits):
        run = 1
        while at + run < len(digits) and digits[at + run] == digits[at] and run < 3:
            run += 1
        word = "oh" if digits[at] == "0" else UNITS[int(digits[at])]
        out.append(word if run == 1 else f"{'double' if run == 2 else 'triple'} {word}")
        at += run
    return out


def _pairs(digits: str, rng: random.Random) -> list[str]:
    out, at = [], 0
    while at < len(digits):
        pair = digits[at : at + 2]
        if len(pair) < 2 or pair[0] == "0":
            out.append(UNITS[int(digits[at])] if digits[at] != "0" else "oh")
            at += 1
            continue
        value = int(pair)
        out.append(
            TEENS[value - 10] if value < 20 else TENS[value // 10] + (f" {UNITS[value % 10]}" if value % 10 else "")
        )
        at += 2
    return out


def _homophones(digits: str, rng: random.Random) -> list[str]:
    swap = {"4": "for", "2": "to", "8": "ate", "1": "won"}
    return [swap.get(d, UNITS[int(d)]) if at and rng.random() < 0.4 else UNITS[int(d)] for at, d in enumerate(digits)]


STYLES: dict[str, Callable[[str, random.Random], str]] = {
    "say_words": lambda d, r: " ".join(_words_of(d, r, oh=False)),
    "say_oh": lambda d, r: " ".join(_words_of(d, r, oh=True)),
    "say_double": lambda d, r: " ".join(_doubles(d, r)),
    "say_tens": lambda d, r: " ".join(_pairs(d, r)),
    "homophone": lambda d, r: " ".join(_homophones(d, r)),
    "fmt_group": lambda d, r: d,
    "fmt_spaced": lambda d, r: " ".join(d),
    "mixed_words_digits": lambda d, r: " ".join(
        w if r.random() < 0.5 else x for w, x in zip(_words_of(d, r, oh=True), d, strict=True)
    ),
    "say_hyphen": lambda d, r: "-".join(_words_of(d, r, oh=False)),
    "fullwidth": lambda d, r: "".join(chr(0xFF10 + int(c)) for c in d),
    "spanish": lambda d, r: " ".join(SPANISH[int(c)] for c in d),
    "hindi": lambda d, r: " ".join(HINDI[int(c)] for c in d),
}
COMMON_STYLES = (
    "say_words",
    "say_oh",
    "say_double",
    "say_tens",
    "fmt_group",
    "fmt_spaced",
    "mixed_words_digits",
    "homophone",
    "say_hyphen",
)
LETTERS: dict[str, Callable[[str], str]] = {
    "letters_caps": lambda s: " ".join(s),
    "letters_lower": lambda s: " ".join(s.lower()),
    "letters_nato": lambda s: " ".join(NATO[c] for c in s),
    "letters_for": lambda s: ", ".join(f"{c} for {FOR_NAMES[c]}" for c in s),
    "letters_as_in": lambda s: " ".join(f"{c} as in {FOR_NAMES[c]}" for c in s),
    "letters_raw": lambda s: s,
}


@dataclass
class Snippet:
    """Turns in the making, with spans measured as text is added."""

    turns: list[dict[str, str]] = field(default_factory=list)
    spans: list[dict[str, Any]] = field(default_factory=list)

    def say(self, speaker: str, text: str = "") -> None:
        self.turns.append({"speaker": speaker, "text": text})

    def add(self, text: str) -> None:
        self.turns[-1]["text"] += text

    def mark(
        self, text: str, piece: str, subject: Subject, group: str, tags: list[str], spoken: str | None = None
    ) -> None:
        """Append ``text`` as a marked piece of an identifier."""
        start = len(self.turns[-1]["text"])
        self.add(text)
        self.spans.append(
            {
                "turn": len(self.turns) - 1, "start": start, "end": start + len(text), "type": subject.type, "class": subject.class_,
                "group": group, "text": text, "piece": piece, "spoken": spoken or piece, "tags": tags,
            }
        )  # fmt: skip


def cut_groups(value: str, sizes: tuple[int, ...]) -> list[str]:
    """Break a value where people pause."""
    out, at = [], 0
    for size in sizes:
        if at < len(value):
            out.append(value[at : at + size])
            at += size
    if at < len(value):
        out.append(value[at:])
    return out


def speak(group: str, digits: str, letters: str, rng: random.Random) -> str:
    """One group aloud: digits in one style, letters in another."""
    parts: list[str] = []
    run = ""
    kind = ""
    for char in [*group, ""]:
        now = "d" if char.isdigit() else "l" if char else ""
        if run and now != kind:
            parts.append(STYLES[digits](run, rng) if kind == "d" else LETTERS[letters](run))
            run = ""
        run, kind = run + char, now
    return " ".join(parts)


def damage(value: str, rng: random.Random) -> str:
    """What a recogniser may make of it: one digit changed, dropped or said twice."""
    places = [i for i, c in enumerate(value) if c.isdigit()]
    at = rng.choice(places)
    how = rng.choice(("change", "drop", "repeat"))
    if how == "drop":
        return value[:at] + value[at + 1 :]
    if how == "repeat":
        return value[: at + 1] + value[at:]
    return value[:at] + str((int(value[at]) + rng.randint(1, 9)) % 10) + value[at + 1 :]


LEADS = (
    "My {name} is {x}.", "the {name} is {x}", "Sure, the {name}, it's {x}, okay?", "Yeah so {name} {x}", "it's my {name}: {x}",
    "Right, for the {name} I have {x} here.", "So the {name} would be, um, {x}. Did you get that?", "You can use {name} {x}, if that helps.",
    "I'll give you the {name}. {x}", "Take this down, {name} number, {x}" ,
)  # fmt: skip
QUESTIONS = (
    "What's the {name}?", "And can I get your {name}, please?", "Could you read me the {name} whenever you're ready?",
    "Which {name} is that on?", "Do you have the {name} to hand?", "Okay. {name}?",
)  # fmt: skip
ANSWERS = (
    "It's {x}.",
    "{x}",
    "Sure. {x}",
    "Yeah, one sec. Okay, {x}.",
    "uh {x}",
    "That's {x}, I think.",
    "Let me find it. So, {x}.",
)


def snippet(seed: int, subject: Subject, shape: str) -> dict[str, Any]:
    """One snippet of the corpus: ``shape`` is how the number is brought up."""
    rng = random.Random(f"{seed}:{subject.type}:{shape}")
    made = Snippet()
    value = subject.make(rng)
    name = rng.choice(subject.names)
    pool = [s for s in COMMON_STYLES if s != "homophone" or len(value) > 8]
    digits = shape if shape in STYLES else rng.choice(pool)
    letters = rng.choice(list(LETTERS))
    tags = [digits, *([letters] if any(c.isalpha() for c in value) else [])]
    if shape == "damaged" and len(value) > 6:
        value = damage(value, rng)
        tags.append("asr_error")
    sizes = subject.groups if shape != "oneword" else (len(value),)
    groups = cut_groups(value, sizes)
    if subject.type == "expiry" and digits in ("fmt_group", "fullwidth"):
        groups = [f"{value[:2]}/{value[2:]}"]
    spoken = [speak(g, digits, letters, rng) if "/" not in g else g for g in groups]
    build = {
        "split": _split,
        "interrupted": _split,
        "correction": _correction,
        "filler": _filler,
        "readback": _readback,
    }.get(shape, _plain_turn)
    build(made, rng, subject, name, groups, spoken, [shape, *tags])
    if shape == "lower":
        made = _lowered(made)
    keep = ["11 Marsh Lane"] if rng.random() < 0.2 else []
    if keep:
        made.say("customer", "And the address is 11 Marsh Lane, that hasn't changed.")
    return {
        "id": f"{subject.type}-{shape}-{seed}",
        "turns": made.turns,
        "spans": made.spans,
        "keep": keep,
        "tags": ["positive", shape, *tags],
    }


def _joined(spoken: list[str], rng: random.Random) -> str:
    return rng.choice((", ", " ", ", ", ". " if rng.random() < 0.3 else ", ")).join(spoken)


def _open(made: Snippet, rng: random.Random, name: str) -> tuple[str, str]:
    """Start the turn that will hold the number; gives the text around it."""
    if rng.random() < 0.5:
        made.say("agent", rng.choice(QUESTIONS).format(name=name))
        lead = rng.choice(ANSWERS)
    else:
        made.say("agent", "How can I help?")
        lead = rng.choice(LEADS).replace("{name}", name)
    made.say("customer")
    before, _, after = lead.partition("{x}")
    made.add(before)
    return before, after


def _plain_turn(
    made: Snippet,
    rng: random.Random,
    subject: Subject,
    name: str,
    groups: list[str],
    spoken: list[str],
    tags: list[str],
) -> None:
    _, after = _open(made, rng, name)
    made.mark(_joined(spoken, rng), "".join(groups).replace("/", ""), subject, "g1", tags)
    made.add(after)


def _split(
    made: Snippet,
    rng: random.Random,
    subject: Subject,
    name: str,
    groups: list[str],
    spoken: list[str],
    tags: list[str],
) -> None:
    _, after = _open(made, rng, name)
    cuts = sorted(rng.sample(range(1, len(groups)), min(len(groups) - 1, rng.randint(1, 2)))) if len(groups) > 1 else []
    begin = 0
    for end in [*cuts, len(groups)]:
        if begin:
            made.say("agent", rng.choice(INTERRUPTIONS if tags[0] == "interrupted" else BACKCHANNELS))
            made.say("customer", rng.choice(("", "um, ", "and then ", "")))
        made.mark(
            _joined(spoken[begin:end], rng),
            "".join(groups[begin:end]).replace("/", ""),
            subject,
            "g1",
            [*tags, "cross_turn"],
        )
        begin = end
    made.add(after)


def _correction(
    made: Snippet,
    rng: random.Random,
    subject: Subject,
    name: str,
    groups: list[str],
    spoken: list[str],
    tags: list[str],
) -> None:
    _, after = _open(made, rng, name)
    at = rng.randrange(len(groups))
    wrong = damage(groups[at], rng) if any(c.isdigit() for c in groups[at]) and "/" not in groups[at] else groups[at]
    said = rng.choice((", no wait, ", ", sorry, ", ", no, scratch that, ", ", I mean, ", " no sorry "))
    parts = [
        *spoken[:at],
        speak(wrong, "say_words", "letters_caps", rng) + said + spoken[at] if wrong else spoken[at],
        *spoken[at + 1 :],
    ]
    text = ", ".join(parts)
    made.mark(
        text,
        "".join(groups).replace("/", ""),
        subject,
        "g1",
        tags,
        "".join([*groups[:at], wrong, *groups[at:]]).replace("/", ""),
    )
    made.add(after)


def _filler(
    made: Snippet,
    rng: random.Random,
    subject: Subject,
    name: str,
    groups: list[str],
    spoken: list[str],
    tags: list[str],
) -> None:
    _, after = _open(made, rng, name)
    parts = [spoken[0]]
    for part in spoken[1:]:
        parts.append(f"{rng.choice(FILLERS)}, {part}" if rng.random() < 0.6 else part)
    made.mark(", ".join(parts), "".join(groups).replace("/", ""), subject, "g1", tags)
    made.add(after)


def _readback(
    made: Snippet,
    rng: random.Random,
    subject: Subject,
    name: str,
    groups: list[str],
    spoken: list[str],
    tags: list[str],
) -> None:
    _plain_turn(made, rng, subject, name, groups, spoken, tags)
    made.say("agent", rng.choice(("So that's ", "Okay, ", "Let me read that back. ")))
    again = [
        speak(g, rng.choice(("say_words", "fmt_group")), "letters_caps", rng) if "/" not in g else g for g in groups
    ]
    made.mark(" ".join(again), "".join(groups).replace("/", ""), subject, "g2", [*tags, "readback"])
    made.add(", correct?")
    made.say("customer", "Correct.")


def _lowered(made: Snippet) -> Snippet:
    """All lower case, no punctuation, as some recognisers write."""
    out = Snippet()
    for number, turn in enumerate(made.turns):
        out.say(turn["speaker"])
        at = 0
        for span in [s for s in made.spans if s["turn"] == number]:
            out.add(_flat(turn["text"][at : span["start"]]))
            start = len(out.turns[-1]["text"])
            out.add(_flat(span["text"]))
            out.spans.append({**span, "start": start, "end": len(out.turns[-1]["text"]), "text": _flat(span["text"])})
            at = span["end"]
        out.add(_flat(turn["text"][at:]))
    return out


def _flat(text: str) -> str:
    return "".join(c for c in text.lower() if c not in ".,?!:;")


SHAPES = ("plain", "split", "interrupted", "correction", "filler", "readback", "lower", "damaged", "oneword")
EXTRA = (*COMMON_STYLES, "fullwidth", "spanish", "hindi")


def positives(seed: int) -> Iterator[dict[str, Any]]:
    """Every subject in every shape; extra styles for all-digit values."""
    for subject in SUBJECTS:
        for shape in SHAPES:
            if len(subject.groups) > 1 or shape not in ("split", "interrupted"):
                yield snippet(seed, subject, shape)
        if subject.type in (
            "pan_visa",
            "pan_mastercard2",
            "pan_amex",
            "us_ssn",
            "in_aadhaar",
            "us_account",
            "uk_sort_code",
        ):
            for style in EXTRA:
                yield snippet(seed, subject, style)
