"""Canonical written forms of values, whoever wrote them: the contract's own notation, or None when a
text cannot be the value it should be."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from agent.values.currencies import CODES, symbol_code, word_unit
from agent.values.emails import read_emails
from agent.values.numbers import written_number
from agent.values.phones import e164
from tools.money import Money, exponent
from tools.text import unaccented as fold

_TITLES = frozenset("mr mrs ms mister missus madam miss frau herr dr doctor sir signor signora monsieur madame".split())


_AMOUNT = re.compile(r"(?P<before>[^\d\s]{0,4}?)\s*(?P<number>\d[\d.,'’\u00a0\u202f]*)\s*(?P<after>[^\d\s]{0,10})")


def plain_decimal(text: str) -> Decimal | None:
    """The number that a written amount holds ("$1,874.20", "1.874,20 €", "47.25 GBP"), or None when there
    are other words beside it."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None or not re.fullmatch(r"\d+(?:[.,'’\u00a0\u202f]\d+)*", match["number"]):
        return None
    for word in (match["before"].rstrip("."), match["after"]):
        if word and normal_currency(word) is None:
            return None
    read = written_number(match["number"])
    return read[0] if read else None


def normal_amount(value: str | Decimal, currency: str | None) -> str | None:
    """Major units with the currency's own digits and no grouping ("49.00"), two without a currency;
    None when the text is no plain amount or has more decimals than the currency."""
    amount = plain_decimal(value) if isinstance(value, str) else value
    if amount is None or not amount.is_finite() or amount < 0:
        return None
    digits = exponent(currency) if currency else 2
    if amount != amount.quantize(Decimal(1).scaleb(-digits)):
        return None
    return Money(int(amount.scaleb(digits)), currency or "XXX").text


def normal_currency(value: str, default: str | None = None) -> str | None:
    """ISO 4217 in capitals from a code, symbol or word ("£", "bucks"), or None."""
    text = value.strip()
    if text.upper() in CODES:
        return text.upper()
    unit = word_unit(text.lower(), default)
    return symbol_code(text, default) or (unit.code if unit and unit.part == "major" else None)


def normal_date(value: str) -> date | None:
    """The date, or datetime when a time is written, of an ISO text; None for anything else."""
    text = value.strip()
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else datetime.fromisoformat(text)
    except ValueError:
        return None


def iso_text(value: date) -> str:
    """ISO 8601 without seconds when they are zero: ``2026-09-22`` or ``2026-09-22T19:00``."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds" if value.second else "minutes")
    return value.isoformat()


def normal_email(value: str) -> str | None:
    """The address in lower case, or None when the text is no single address."""
    found = read_emails(value.strip().strip("<>"))
    return found[0].value if len(found) == 1 and re.fullmatch(r"\S+@\S+", value.strip()) else None


def normal_phone(value: str, region: str) -> str | None:
    """E.164, or None when the text cannot be a phone number."""
    text = value.strip()
    if not re.fullmatch(r"\+?[\d\s().\-/]+", text):
        return None
    return e164(re.sub(r"[^\d+]", "", text), region)


def normal_id(value: str) -> str | None:
    """The reference without outer punctuation and inner spaces; letters and digits kept as written, upper
    case unless it is a vendor id (``ch_...``). None without any letter or digit."""
    text = re.sub(r"\s+", "", value.strip().strip("#.,;:\"'"))
    if not any(char.isalnum() for char in text):
        return None
    return text if re.match(r"[a-z]{2,6}_", text) else text.upper()


def name_words(value: str) -> list[str]:
    """The words of a name, folded, without titles."""
    words = re.findall(r"[^\W_]+", fold(value.replace("'", "").replace("’", "")))
    return [word for word in words if word not in _TITLES]


def normal_name(value: str) -> str | None:
    """A name as shown: spaces tidied, titles dropped, a name in one case given capitals; None when empty."""
    words = [word for word in value.split() if fold(word.strip(".,")) not in _TITLES]
    text = " ".join(words).strip(" .,;:")
    if not text:
        return None
    return text.title() if text in (text.lower(), text.upper()) and len(text) > 4 and "'" not in text else text
