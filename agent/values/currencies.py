"""Currency words, symbols and codes as said on calls, to ISO 4217."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Part = Literal["major", "minor"]

# Words shared by several currencies: the workspace's own currency decides when it is one of them.
_SHARED: dict[str, tuple[str, ...]] = {
    "dollar": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD"),
    "pound": ("GBP", "EGP"),
    "rupee": ("INR", "PKR", "LKR", "NPR"),
    "franc": ("CHF", "XOF", "XAF"),
    "peso": ("MXN", "PHP", "COP", "ARS", "CLP"),
    "crown": ("SEK", "NOK", "DKK", "CZK"),
    "riyal": ("SAR", "QAR", "OMR"),
    "dinar": ("KWD", "BHD", "JOD", "TND"),
    "shilling": ("KES", "UGX", "TZS"),
}
_WORDS: dict[str, str] = {
    **dict.fromkeys(("dollar", "dollars", "buck", "bucks", "dólares", "dolares"), "dollar"),
    **dict.fromkeys(("pound", "pounds", "quid", "sterling"), "pound"),
    **dict.fromkeys(("rupee", "rupees", "rs", "rupaye", "rupaiya"), "rupee"),
    **dict.fromkeys(("euro", "euros", "eur"), "EUR"),
    **dict.fromkeys(("franc", "francs", "franken"), "franc"),
    **dict.fromkeys(("peso", "pesos"), "peso"),
    **dict.fromkeys(("kronor", "kroner", "krona", "krone", "crowns"), "crown"),
    **dict.fromkeys(("riyal", "riyals", "rial", "rials"), "riyal"),
    **dict.fromkeys(("dinar", "dinars"), "dinar"),
    **dict.fromkeys(("shilling", "shillings"), "shilling"),
    **dict.fromkeys(("yen",), "JPY"),
    **dict.fromkeys(("yuan", "renminbi"), "CNY"),
    **dict.fromkeys(("real", "reais"), "BRL"),
    **dict.fromkeys(("rand", "rands"), "ZAR"),
    **dict.fromkeys(("zloty", "zlotys", "złoty"), "PLN"),
    **dict.fromkeys(("dirham", "dirhams"), "AED"),
    **dict.fromkeys(("naira",), "NGN"),
    **dict.fromkeys(("baht",), "THB"),
    **dict.fromkeys(("ringgit",), "MYR"),
    **dict.fromkeys(("shekel", "shekels"), "ILS"),
}
_MINOR: dict[str, str | None] = {
    **dict.fromkeys(("cent", "cents", "centavos"), None),
    **dict.fromkeys(("penny", "pence", "pennies", "p"), "pound"),
    **dict.fromkeys(("paise", "paisa"), "rupee"),
    **dict.fromkeys(("centesimi", "céntimos", "centimos", "eurocent"), "EUR"),
}
_SYMBOLS: dict[str, str] = {"$": "dollar", "€": "EUR", "£": "pound", "₹": "rupee", "¥": "JPY", "zł": "PLN"}
_NATIONS: dict[str, str] = {
    **dict.fromkeys(("us", "u.s", "american"), "USD"),
    **dict.fromkeys(("canadian",), "CAD"),
    **dict.fromkeys(("australian", "aussie"), "AUD"),
    **dict.fromkeys(("singapore",), "SGD"),
    **dict.fromkeys(("swiss",), "CHF"),
    **dict.fromkeys(("indian",), "INR"),
    **dict.fromkeys(("swedish",), "SEK"),
    **dict.fromkeys(("norwegian",), "NOK"),
    **dict.fromkeys(("danish",), "DKK"),
    **dict.fromkeys(("mexican",), "MXN"),
}
CODES: frozenset[str] = frozenset(
    "USD EUR GBP INR CAD AUD NZD SGD HKD CHF JPY CNY SEK NOK DKK PLN CZK HUF RON BRL MXN ZAR AED SAR QAR KWD BHD OMR "
    "JOD ILS TRY THB MYR IDR PHP KRW NGN KES EGP PKR LKR NPR ARS CLP COP VND TND ISK".split()
)
_ONE = frozenset({"dollar", "buck", "pound", "quid", "euro", "rupee", "fiver", "tenner"})


@dataclass(frozen=True, slots=True)
class Unit:
    """A currency word: its ISO code, and whether it counts whole units or hundredths ("pence").
    ``code`` is None for "cents" of an unsaid currency."""

    code: str | None
    part: Part


def _resolve(family: str, default: str | None) -> str:
    shared = _SHARED.get(family)
    if shared is None:
        return family
    return default if default in shared else shared[0]


def word_unit(low: str, default: str | None) -> Unit | None:
    """The unit that a currency word names; ``default`` settles which dollar, pound or rupee."""
    if low in _WORDS:
        return Unit(_resolve(_WORDS[low], default), "major")
    if low in _MINOR:
        family = _MINOR[low]
        if family is None:
            return Unit(default, "minor")
        return Unit(_resolve(family, default), "minor")
    return None


def symbol_code(text: str, default: str | None) -> str | None:
    """The ISO code of a written symbol such as ``€``, or None."""
    family = _SYMBOLS.get(text)
    return None if family is None else _resolve(family, default)


def nation_code(low: str) -> str | None:
    """The ISO code that a nation before the unit settles ("canadian dollars"), or None."""
    return _NATIONS.get(low)


def counts_one(low: str) -> bool:
    """Whether "a" before the word means one of it ("a buck fifty")."""
    return low in _ONE
