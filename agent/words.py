"""Number, letter and filler words as they are spoken on calls: one table for redaction and extraction."""

from __future__ import annotations

UNITS: dict[str, int] = {
    "zero": 0,
    "oh": 0,
    "o": 0,
    "nought": 0,
    "naught": 0,
    "nil": 0,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "niner": 9,
}
TEENS: dict[str, int] = {
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
}
TENS: dict[str, int] = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fourty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
SCALES: dict[str, int] = {
    "hundred": 100,
    "thousand": 1_000,
    "lakh": 100_000,
    "lakhs": 100_000,
    "lac": 100_000,
    "crore": 10_000_000,
    "crores": 10_000_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
    "grand": 1_000,
}
REPEATS: dict[str, int] = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}
HOMOPHONES: dict[str, int] = {"for": 4, "fore": 4, "to": 2, "too": 2, "won": 1, "ate": 8}
ORDINALS: dict[str, int] = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "eleventh": 11,
    "twelfth": 12,
    "thirteenth": 13,
    "fourteenth": 14,
    "fifteenth": 15,
    "sixteenth": 16,
    "seventeenth": 17,
    "eighteenth": 18,
    "nineteenth": 19,
    "twentieth": 20,
    "thirtieth": 30,
}
FILLERS: frozenset[str] = frozenset(
    "uh um er erm ehm hmm mm mhm uhm ah eh so well like okay ok right then and yeah yes sorry wait hang on let me see".split()
)
PHONETIC: dict[str, str] = {
    **{
        word: word[0]
        for word in (
            "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november "
            "oscar papa quebec romeo sierra tango uniform victor whiskey whisky xray yankee zulu"
        ).split()
    },
    "x-ray": "x",
}
LETTER_NAMES: dict[str, str] = {
    "bee": "b",
    "cee": "c",
    "dee": "d",
    "eff": "f",
    "gee": "g",
    "aitch": "h",
    "haitch": "h",
    "jay": "j",
    "kay": "k",
    "ell": "l",
    "em": "m",
    "en": "n",
    "pee": "p",
    "cue": "q",
    "queue": "q",
    "ess": "s",
    "tee": "t",
    "vee": "v",
    "zed": "z",
    "zee": "z",
}
SPANISH: dict[str, int] = {
    "cero": 0,
    "uno": 1,
    "dos": 2,
    "tres": 3,
    "cuatro": 4,
    "cinco": 5,
    "seis": 6,
    "siete": 7,
    "ocho": 8,
    "nueve": 9,
}
HINDI: dict[str, int] = {
    "shunya": 0,
    "ek": 1,
    "do": 2,
    "teen": 3,
    "char": 4,
    "chaar": 4,
    "paanch": 5,
    "panch": 5,
    "chhe": 6,
    "chhah": 6,
    "saat": 7,
    "aath": 8,
    "nau": 9,
}
