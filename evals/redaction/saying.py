"""Says a value aloud, or writes it, the way people and recognisers do: in words, tens, pairs, letters, Spanish.

A *form* is how the digits come out; letters of a value come out in a *spelling* of their own. ``say`` gives one text
for each group of the value, so that whoever builds a call may pause, correct or change the speaker in between.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from evals.redaction.identifiers import Subject

UNITS = "zero one two three four five six seven eight nine".split()
TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = ["", "", *"twenty thirty forty fifty sixty seventy eighty ninety".split()]
SPANISH = "cero uno dos tres cuatro cinco seis siete ocho nueve".split()
HINDI = "shunya ek do teen char paanch chhe saat aath nau".split()
MONTHS = "January February March April May June July August September October November December".split()
NATO = (
    "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec romeo "
    "sierra tango uniform victor whiskey x-ray yankee zulu"
).split()
NAMES = (
    "Adam Bertie Charlie David Edward Freddie George Harry Isaac Jack Kenneth Lucy Mary Nancy Oliver Peter Queenie "
    "Robert Sugar Tommy Uncle Victor William Xavier Yellow Zebra"
).split()
FILLERS = ("uh", "um", "er", "hang on", "let me see", "and then", "hmm", "okay", "bear with me", "erm")
BACKCHANNELS = ("mm-hmm", "go ahead", "Okay.", "yep", "Right.", "uh huh", "Got it, go on.", "Yes?", "Mhm.")

Digits = Callable[[str, random.Random], str]


def _single(digits: str, zero: str) -> list[str]:
    return [zero if digit == "0" else UNITS[int(digit)] for digit in digits]


def _doubled(digits: str, rng: random.Random) -> str:
    out, at, zero = [], 0, rng.choice(("oh", "oh", "zero"))
    while at < len(digits):
        run = 1
        while run < 3 and digits[at : at + run + 1] == digits[at] * (run + 1):
            run += 1
        out.append(("", "double ", rng.choice(("triple ", "treble ")))[run - 1] + _single(digits[at], zero)[0])
        at += run
    return " ".join(out)


def _hundreds(digits: str) -> str | None:
    """Round groups as people say them: five hundred, forty two hundred, six thousand."""
    if len(digits) == 3 and digits[1:] == "00" and digits[0] != "0":
        return f"{UNITS[int(digits[0])]} hundred"
    if len(digits) == 4 and digits[1:] == "000" and digits[0] != "0":
        return f"{UNITS[int(digits[0])]} thousand"
    if len(digits) == 4 and digits[2:] == "00" and digits[0] != "0" and digits[1] != "0":
        return f"{_below_hundred(digits[:2])} hundred"
    return None


def _below_hundred(pair: str) -> str:
    value = int(pair)
    if value < 20:
        return TEENS[value - 10]
    return TENS[value // 10] + (f" {UNITS[value % 10]}" if value % 10 else "")


def _tens(digits: str, rng: random.Random) -> str:
    """Two digits a number; a pair with a leading zero, or a round one that would swallow the next digit, by itself."""
    if (round_ := _hundreds(digits)) and rng.random() < 0.7:
        return round_
    out = [_single(digits[0], "oh")[0]] if len(digits) % 2 and rng.random() < 0.6 else []
    at = len(out)
    while at < len(digits):
        pair = digits[at : at + 2]
        if len(pair) < 2 or pair[0] == "0":
            out += _single(digits[at], "oh")
            at += 1
            continue
        swallows = pair[0] != "1" and pair[1] == "0" and digits[at + 2 : at + 3] != "0"
        out.append(" ".join(_single(pair, "oh")) if swallows else _below_hundred(pair))
        at += 2
    return " ".join(out)


def _homophones(digits: str, rng: random.Random) -> str:
    swap = {"4": "for", "2": rng.choice(("to", "too")), "8": "ate", "1": "won"}
    words = [swap.get(d, UNITS[int(d)]) if at and rng.random() < 0.4 else UNITS[int(d)] for at, d in enumerate(digits)]
    return " ".join(words)


def _mixed(digits: str, rng: random.Random) -> str:
    if rng.random() < 0.4:
        return digits if rng.random() < 0.5 else " ".join(_single(digits, "oh"))
    return " ".join(
        word if rng.random() < 0.5 else digit for word, digit in zip(_single(digits, "oh"), digits, strict=True)
    )


FORMS: Mapping[str, Digits] = {
    "words": lambda d, r: " ".join(_single(d, "zero")),
    "oh": lambda d, r: " ".join(_single(d, "oh")),
    "double": _doubled,
    "tens": _tens,
    "pairs": lambda d, r: " ".join(d[at : at + 2] for at in range(0, len(d), 2)),
    "groups": lambda d, r: d,
    "spaced": lambda d, r: " ".join(d),
    "digits": lambda d, r: d,
    "commas": lambda d, r: d,
    "mixed": _mixed,
    "homophone": _homophones,
    "hyphens": lambda d, r: "-".join(_single(d, "zero")),
    "fullwidth": lambda d, r: "".join(chr(0xFF10 + int(digit)) for digit in d),
    "spanish": lambda d, r: " ".join(SPANISH[int(digit)] for digit in d),
    "hindi": lambda d, r: " ".join(HINDI[int(digit)] for digit in d),
    "letters": lambda d, r: " ".join(_single(d, "zero")),
    "nato": lambda d, r: " ".join(_single(d, "oh")),
}
"""Every form a template may ask for: digits of one group -> text."""

USUAL = ("words", "words", "oh", "oh", "double", "double", "tens", "tens", "pairs", "groups", "groups", "spaced", "digits",
         "digits", "commas", "mixed", "mixed", "homophone", "hyphens")  # fmt: skip
"""What is drawn from when a template names no form, by how common it is."""

_FIGURES = frozenset({"groups", "digits", "pairs", "commas", "fullwidth"})

Spelling = Callable[[str], str]
SPELLINGS: Mapping[str, Spelling] = {
    "caps": lambda s: " ".join(s),
    "lower": lambda s: " ".join(s.lower()),
    "nato": lambda s: " ".join(NATO[string.ascii_uppercase.index(char)] for char in s),
    "for_name": lambda s: ", ".join(f"{char} for {NAMES[string.ascii_uppercase.index(char)]}" for char in s),
    "as_in": lambda s: " ".join(f"{char} as in {NAMES[string.ascii_uppercase.index(char)]}" for char in s),
    "raw": lambda s: s,
}


@dataclass(frozen=True, slots=True)
class Said:
    """A value said: one text for each group of characters, what stands between two groups, and tags that tell how."""

    groups: tuple[str, ...]
    texts: tuple[str, ...]
    between: str
    tags: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole of it."""
        return self.between.join(self.texts)


def cut(value: str, sizes: Sequence[int]) -> list[str]:
    """``value`` in groups of ``sizes``, the rest in groups like the last one."""
    out, at = [], 0
    for size in (*sizes, *[sizes[-1]] * len(value)):
        if at < len(value):
            out.append(value[at : at + size])
            at += size
    return out


def choose_form(subject: Subject, rng: random.Random) -> str:
    """A form that goes with the type; homophones only where there are enough digits to tell them by."""
    if subject.written or subject.type == "upi":
        return "digits"
    spelled = any(char.isalpha() for char in subject.value(random.Random(0)))
    enough = sum(subject.groups) > 8 and not spelled
    forms = [form for form in USUAL if form != "homophone" or enough]
    return rng.choice([*forms, "letters", "nato"] if spelled else forms)


def say(subject: Subject, value: str, form: str, rng: random.Random) -> Said:
    """``value`` of ``subject`` in ``form``, group by group."""
    if subject.written:
        return Said((value,), (value,), "", ("written",))
    if subject.type == "upi":
        return _address(value, form, rng)
    if subject.type == "expiry":
        return _expiry(value, form, rng)
    if form == "digits":
        return _written(subject, value, rng)
    spelling = _spelling(form, rng)
    groups = cut(value, (2,) * len(value) if form == "pairs" and value.isdigit() else subject.groups)
    texts = tuple(spell(group, form, spelling, rng) for group in groups)
    tags = (form, *((f"letters_{spelling}",) if any(char.isalpha() for char in value) else ()))
    if form == "commas" and value.isdigit() and rng.random() < 0.3:
        texts = tuple(", ".join(group) for group in groups)
    return Said(tuple(groups), texts, _between(form, rng), tags)


def spell(group: str, form: str, spelling: str, rng: random.Random) -> str:
    """One group: its digits in ``form``, its letters in ``spelling``."""
    parts: list[str] = []
    run = ""
    for char, after in zip(group, [*group[1:], ""], strict=True):
        run += char
        if not after or after.isdigit() != char.isdigit():
            parts.append(FORMS[form](run, rng) if char.isdigit() else SPELLINGS[spelling](run))
            run = ""
    return ("" if form in _FIGURES and spelling == "raw" else " ").join(parts)


def number(digits: str, form: str, rng: random.Random) -> str:
    """A plain number of no type, said three or four digits at a time."""
    if form == "digits":
        return digits
    groups = [digits] if len(digits) < 6 else cut(digits, (rng.choice((3, 4)),))
    return _between(form, rng).join(FORMS[form](group, rng) for group in groups)


def _spelling(form: str, rng: random.Random) -> str:
    if form == "nato":
        return "nato"
    if form == "letters":
        return rng.choice(("caps", "lower"))
    if form in _FIGURES:
        return rng.choice(("raw", "raw", "caps"))
    return rng.choice(list(SPELLINGS))


def _between(form: str, rng: random.Random) -> str:
    if form == "commas":
        return ", "
    if form in ("groups", "fullwidth"):
        return rng.choice((" ", " ", "-"))
    if form in ("pairs", "spaced", "homophone"):
        return " "
    return rng.choice((", ", " ", ", ", " ", ". "))


def _written(subject: Subject, value: str, rng: random.Random) -> Said:
    """In one piece, or with the separators of its issuer."""
    if subject.mask.count("#") == len(value) and rng.random() < 0.6:
        chars, pieces = iter(value), [""]
        for sign in subject.mask:
            if sign == "#":
                pieces[-1] += next(chars)
            else:
                pieces.append(sign)
        groups = tuple("".join(char for char in piece if char.isalnum()) for piece in pieces)
        return Said(groups, tuple(pieces), "", ("digits", "issuer_format"))
    return Said((value,), (value,), "", ("digits",))


def _address(value: str, form: str, rng: random.Random) -> Said:
    if form == "digits":
        return Said((value,), (value,), "", ("written",))
    name, _, handle = value.partition("@")
    letters = "".join(char for char in name if not char.isdigit()).replace(".", " dot ")
    tail = "".join(char for char in name if char.isdigit())
    heard = [letters] + ([_single_text(tail)] if tail else [])
    domain = f"ok {handle[2:]}" if handle.startswith("ok") and rng.random() < 0.5 else handle
    return Said((value,), (f"{' '.join(heard)} at {domain}",), "", ("spoken_address",))


def _single_text(digits: str) -> str:
    return " ".join(_single(digits, "zero"))


def _expiry(value: str, form: str, rng: random.Random) -> Said:
    month, year = value[:2], value[2:]
    if form in ("digits", "groups", "commas", "fullwidth", "pairs"):
        text = rng.choice((f"{month}/{year}", f"{month}/20{year}", value, f"{month} {year}", f"{month}-{year}"))
        return Said((value,), (text,), "", ("digits",))
    if form in ("words", "oh", "double", "tens", "letters", "nato") and rng.random() < 0.4:
        said = rng.choice((_below_hundred(year), f"twenty {_below_hundred(year)}", year, f"20{year}"))
        return Said((value,), (f"{MONTHS[int(month) - 1]} {said}",), "", (form, "month_name"))
    parts = (month, year)
    return Said(parts, tuple(FORMS[form](part, rng) for part in parts), rng.choice((" ", ", ")), (form,))
