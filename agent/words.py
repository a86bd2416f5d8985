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
    "shoonya": 0,
    "sunya": 0,
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
SPANISH_TENS: dict[str, int] = {
    "diez": 10,
    "once": 11,
    "doce": 12,
    "trece": 13,
    "catorce": 14,
    "quince": 15,
    "dieciseis": 16,
    "diecisiete": 17,
    "dieciocho": 18,
    "diecinueve": 19,
    "veinte": 20,
    **{f"veinti{unit}": 20 + value for unit, value in SPANISH.items() if value},
    "veintiun": 21,
    "treinta": 30,
    "cuarenta": 40,
    "cincuenta": 50,
    "sesenta": 60,
    "setenta": 70,
    "ochenta": 80,
    "noventa": 90,
}
DEVANAGARI: dict[str, int] = {
    "शून्य": 0,
    "जीरो": 0,
    "एक": 1,
    "दो": 2,
    "तीन": 3,
    "चार": 4,
    "पांच": 5,
    "पाँच": 5,
    "छह": 6,
    "छः": 6,
    "छे": 6,
    "सात": 7,
    "आठ": 8,
    "नौ": 9,
}
_GERMAN_UNITS = {
    "ein": 1,
    "zwei": 2,
    "drei": 3,
    "vier": 4,
    "funf": 5,
    "sechs": 6,
    "sieben": 7,
    "acht": 8,
    "neun": 9,
}
_GERMAN_TENS = {
    "zwanzig": 20,
    "dreissig": 30,
    "dreißig": 30,
    "vierzig": 40,
    "funfzig": 50,
    "sechzig": 60,
    "siebzig": 70,
    "achtzig": 80,
    "neunzig": 90,
}
GERMAN: dict[str, int] = {
    "null": 0,
    "eins": 1,
    "zwo": 2,
    **{word: value for word, value in _GERMAN_UNITS.items() if value > 1},
    "zehn": 10,
    "elf": 11,
    "zwolf": 12,
    "dreizehn": 13,
    "vierzehn": 14,
    "funfzehn": 15,
    "sechzehn": 16,
    "siebzehn": 17,
    "achtzehn": 18,
    "neunzehn": 19,
    **_GERMAN_TENS,
    **{f"{unit}und{ten}": tens + ones for ten, tens in _GERMAN_TENS.items() for unit, ones in _GERMAN_UNITS.items()},
}
FRENCH: dict[str, int] = {
    "un": 1,
    "deux": 2,
    "trois": 3,
    "quatre": 4,
    "cinq": 5,
    "six": 6,
    "sept": 7,
    "huit": 8,
    "neuf": 9,
    "dix": 10,
    "onze": 11,
    "douze": 12,
    "treize": 13,
    "quatorze": 14,
    "quinze": 15,
    "seize": 16,
    "vingt": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "soixante": 60,
}
_ITALIAN_TENS = {
    "vent": 20,
    "trent": 30,
    "quarant": 40,
    "cinquant": 50,
    "sessant": 60,
    "settant": 70,
    "ottant": 80,
    "novant": 90,
}
_ITALIAN_TEENS = "undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove".split()
_ITALIAN_UNITS = "due tre quattro cinque sei sette".split()
ITALIAN: dict[str, int] = {
    **{word: value for value, word in enumerate(_ITALIAN_TEENS, 11)},
    **{f"{ten}uno": tens + 1 for ten, tens in _ITALIAN_TENS.items()},
    **{f"{ten}otto": tens + 8 for ten, tens in _ITALIAN_TENS.items()},
    **{
        f"{ten}{'i' if tens == 20 else 'a'}{unit}": tens + value
        for ten, tens in _ITALIAN_TENS.items()
        for value, unit in (*enumerate(_ITALIAN_UNITS, 2), (9, "nove"))
    },
    "uno": 1,
    "due": 2,
    "tre": 3,
    "quattro": 4,
    "cinque": 5,
    "sei": 6,
    "sette": 7,
    "otto": 8,
    "nove": 9,
    "dieci": 10,
    "venti": 20,
    "trenta": 30,
    "quaranta": 40,
    "cinquanta": 50,
    "sessanta": 60,
    "settanta": 70,
    "ottanta": 80,
    "novanta": 90,
}
PORTUGUESE: dict[str, int] = {
    "um": 1,
    "dois": 2,
    "duas": 2,
    "quatro": 4,
    "sete": 7,
    "oito": 8,
    "meia": 6,
    "dez": 10,
    "vinte": 20,
    "trinta": 30,
    "quarenta": 40,
    "cinquenta": 50,
}
DUTCH: dict[str, int] = {
    "nul": 0,
    "een": 1,
    "twee": 2,
    "drie": 3,
    "vijf": 5,
    "zes": 6,
    "zeven": 7,
    "negen": 9,
    "tien": 10,
    "twintig": 20,
    "dertig": 30,
    "veertig": 40,
    "vijftig": 50,
    "zestig": 60,
    "zeventig": 70,
    "tachtig": 80,
    "negentig": 90,
}
POLISH: dict[str, int] = {
    "zero": 0,
    "jeden": 1,
    "dwa": 2,
    "trzy": 3,
    "cztery": 4,
    "piec": 5,
    "szesc": 6,
    "siedem": 7,
    "osiem": 8,
    "dziewiec": 9,
}
FOREIGN: dict[str, int] = {
    **POLISH,
    **DUTCH,
    **PORTUGUESE,
    **FRENCH,
    **GERMAN,
    **ITALIAN,
    **HINDI,
    **DEVANAGARI,
    **SPANISH,
    **SPANISH_TENS,
}
"""Number words of other languages, accents dropped; they count only among each other (see AMBIGUOUS)."""
for _word in (*UNITS, *TEENS, *TENS):
    FOREIGN.pop(_word, None)
AMBIGUOUS: frozenset[str] = frozenset(
    "do teen char um un once due sei tre six null een dix elf sept nove seize zes meia".split()
)
"""Foreign number words that are also everyday words of English or another language on our calls."""
COUNTED: frozenset[str] = frozenset(
    "dirham dirhams riyal riyals rand kroner kronor dinar dinars paise nights night bags bag megas megabytes pallets percent dollars dollar bucks cents cent pounds pound quid pence euros euro rupees rupee rs yen francs usd eur gbp inr percent "
    "people person days day weeks week months month years year yrs hours hour hrs minutes minute mins seconds units unit "
    "seats seat users user licences licenses items item boxes pieces miles km kg times orders invoices calls pages lines "
    "tokens shares points copies lakh lakhs crore crores million billion am pm o'clock employees staff customers sites "
    "cards payments instalments installments euro's ish odd".split()
)
"""What is counted or paid: a number right in front of such a word is an amount, a quantity or a time."""
STREETS: frozenset[str] = frozenset(
    "road street avenue ave lane drive boulevard blvd crescent terrace row square parkway highway court rd "
    "strasse straße platz rue calle avenida gardens grove mews quay".split()
)
"""What a house number stands in front of."""
US_STATES: frozenset[str] = frozenset(
    "alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois indiana "
    "iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska "
    "nevada hampshire jersey mexico york carolina dakota ohio oklahoma oregon pennsylvania island tennessee texas utah "
    "vermont virginia washington wisconsin wyoming".split()
)
"""The last word of each state's name: a ZIP code follows it."""
