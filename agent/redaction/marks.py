"""Stretches that are known to be something else: ids with a known prefix, links, amounts, dates, phones.

Hard marks (ids, links, e-mails, UUIDs, placeholders) are never read as numbers. Soft marks (amounts,
dates, times, phones, versions) give way when an announcing word stands directly before them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from urllib.parse import unquote

from stdnum import isin, luhn

from agent.redaction.recognizers.bank import is_iban
from agent.redaction.recognizers.cards import is_card
from agent.redaction.recognizers.tax import is_eu_vat

_PREFIXES = (
    "sub pi pm cus ch re evt in dp acct txn po tr src ba req run ws call inv price prod seti cs prv ii il si py pyr "
    "card tok trr rcpt cn dn order ord tkt case msg conv user usr org key file doc rec sess session lead deal task"
).split()
PLACEHOLDER = re.compile(r"<[A-Z]+(?:_[A-Z]+)*_\d{1,6}>")
_HARD = re.compile(
    r"<[A-Z]+(?:_[A-Z]+)*_\d{1,6}>"
    r"|\bhttps?://[^\s<>\"]{1,2000}|\bwww\.[^\s<>\"]{1,500}"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}\b"
    r"|\b(?:" + "|".join(_PREFIXES) + r")_(?=\w*[A-Za-z\d])\w{4,80}\b"
    r"|\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b"
    r"|\b(?:[A-Z]{2})?(?=[0-9]*[a-f])[0-9a-f]{24,64}\b|\b[A-Z]?(?=[0-9]*[A-F])[0-9A-F]{32}\b"
    r"|\b1Z(?:[ -]?[0-9A-Z]){16}\b"
    r"|\+\+\+\d{3}/\d{4}/\d{5}\+\+\+"
    r"|\b[A-Z]{2}[A-Z0-9]{9}\d\b(?=(?P<isin>))"
)
_MONEY_WORD = (
    r"(?:dollars?|cents?|bucks|pounds?|quid|pence|euros?|rupees?|rs|yen|francs?|kronor|kroner|zloty|reais|pesos"
    r"|usd|eur|gbp|inr|cad|aud|chf|sek|nok|dkk|pln|percent|per\s+cent)"
)
_MONEY = re.compile(
    r"[$€£₹¥]\s?\d(?:[\d,]{0,12}\d)?(?:\.\d{1,2})?(?![\d-])"
    r"|(?<![\w.,])(?:usd|eur|gbp|inr|rs|cad|aud|chf)\.?\s?\d(?:[\d,]{0,12}\d)?(?:\.\d{1,2})?(?![\d-])",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?<![\w.,-])\d{1,3}(?:,\d{2,3}){0,5}\.\d{2}(?![\w]|[.,-]\d)"
    r"|(?<![\w.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w-]|\.\d)"
    r"|(?<![\w-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:T\d\d:\d\d(?::\d\d)?\S{0,8})?(?![\w-])"
    r"|(?<![\w/.-])\d{1,2}(?P<sep>[/.-])\d{1,2}(?P=sep)(?:19|20)\d\d(?![\w/-])"
)
_SOFT = re.compile(
    r"(?<![\w.,-])[1-9]\d{0,2}(?:,\d{3}){1,3}(?![\w-]|[.,]\d)"
    r"|(?<![\w.,-])\d{1,3}(?:\.\d{3}){0,3},\d{2}(?![\w]|[.,-]\d)"
    r"|(?<![\w.,-])\d{1,9}(?:[.,]\d{1,3}){0,5}\s?(?:[$€£₹¥%]|" + _MONEY_WORD + r"\b)"
    r"|(?<![\w/.-])\d{1,2}/\d{1,2}/\d\d(?![\w/-])"
    r"|(?<![\w:])\d{1,2}:\d\d(?::\d\d)?(?![\w:])"
    r"|(?<![\w+])\+\d{1,3}[\d\s().-]{5,18}\d(?!\w)"
    r"|(?<![\w-])\(?\d{3}\)?[-.\s]{1,2}\d{3}[-.]\d{4}(?![\w-])",
    re.IGNORECASE,
)
_CUT_CARD = re.compile(r"(?<!\d)\d(?:[ ._+-]?\d){12,18}(?!\d)")
_IBANLIKE = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}[A-Z0-9]{11,30}(?![A-Z0-9])")
_SSNLIKE = re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)")
_LINK = re.compile(r"\b(?:https?://|www\.)[^\s<>\"]{1,2000}")
_CARDLIKE = re.compile(r"(?<![0-9A-Za-z])\d{13,19}(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class Marks:
    """Sorted, non-overlapping stretches of one text."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def covers(self, start: int, end: int) -> bool:
        """Whether [start, end) touches a marked stretch."""
        at = bisect_right(self.starts, start)
        if at and self.ends[at - 1] > start:
            return True
        return at < len(self.starts) and self.starts[at] < end


def _hides(marked: str) -> bool:
    """Whether an id, link or address holds a card number, an account or a social security number after all."""
    inner = marked.replace("_", " ")
    if any(luhn.is_valid(run) for run in _CARDLIKE.findall(inner)):
        return True
    if "/" not in marked and "@" not in marked:
        return False
    plain = unquote(marked)
    runs = (re.sub(r"\D", "", run) for run in _CUT_CARD.findall(plain))
    return (
        any(map(is_card, runs)) or any(map(is_iban, _IBANLIKE.findall(plain.upper()))) or bool(_SSNLIKE.search(plain))
    )


def encoded_identifiers(text: str) -> list[tuple[int, int]]:
    """Links whose percent-encoding hides an identifier: no part of them can be told apart, so they go whole."""
    return [match.span() for match in _LINK.finditer(text) if "%" in match.group() and _hides(match.group())]


def hard_marks(text: str) -> Marks:
    """Ids, links, e-mails, UUIDs and placeholders; one that hides a card number is not marked."""
    found = []
    for match in _HARD.finditer(text):
        if match.group("isin") is not None and (not isin.is_valid(match.group()) or is_eu_vat(match.group())):
            continue
        if "%" not in match.group() and _hides(match.group()):
            continue
        found.append(match.span())
    return Marks(tuple(s for s, _ in found), tuple(e for _, e in found))


def binding_marks(text: str) -> Marks:
    """Amounts with their currency in front, full dates, IP addresses: nothing announces those away."""
    found = [match.span() for match in _MONEY.finditer(text) if sum(map(str.isdigit, match.group())) < 10]
    found = sorted([*found, *(match.span() for match in _DATE.finditer(text))])
    return Marks(tuple(s for s, _ in found), tuple(e for _, e in found))


def soft_marks(text: str) -> Marks:
    """Amounts, dates, times, phones and IP addresses as they are written."""
    found = [match.span() for match in _SOFT.finditer(text)]
    return Marks(tuple(s for s, _ in found), tuple(e for _, e in found))
