"""Words that say yes, no, paid or unpaid: what a quote must not contradict."""

from __future__ import annotations

import re

from tools.text import unaccented as fold

_NOT = (
    r"not|no|never|none|nothing|nobody|without|cannot|can't|cant|don't|dont|doesn't|doesnt|didn't|didnt|isn't|isnt|wasn't|wasnt"
    r"|won't|wont|haven't|havent|hasn't|hasnt|hadn't|hadnt|aren't|arent|weren't|werent|wouldn't|wouldnt|couldn't|couldnt"
    r"|shouldn't|shouldnt|ain't|neither|nor|refuse[sd]?|nicht|kein\w*|non|nunca|jamais|nahi|nahin"
)
NEGATION = re.compile(rf"\b(?:{_NOT})\b")
_LACK = re.compile(
    r"\b(?:un\w{3,}|in(?:correct|valid|active|complete)\w*|dis\w{3,}|fail\w*|declin\w*|bounc\w*|reject\w*|refus\w*|wrong\w*|missing"
    r"|lost|lose|stop\w*|cancel\w*|called off|closed?|shut|expired?|ran out|frozen?|block\w*|block|empty|gone|only|instead"
    r"|too late|unable|broke\w*|off|zero|nought|out of|over limit|astray|poorly|back)\b"
)
_FILLING = frozenset(
    "a an the to of it i we you he she they me us my your our their his her its this that be been being is are was were am "
    "have has had do does did get got any some more much so just really even ever yet still on in at for with and or but "
    "going gonna will would can could should want wants think know sure as if by from one".split()
)


def negated_words(text: str) -> frozenset[str]:
    """Stems of the content words that a negation governs: the next two after it in the same clause."""
    stems: set[str] = set()
    for clause in _clauses(text):
        for match in NEGATION.finditer(clause):
            following = [w for w in re.findall(r"[a-z']+", clause[match.end() :]) if w not in _FILLING]
            stems.update(stem(word) for word in following[:2])
    return frozenset(stems)


def plain_words(text: str) -> frozenset[str]:
    """Stems of the content words of clauses that deny nothing."""
    clauses = (clause for clause in _clauses(text) if not NEGATION.search(clause))
    return frozenset(
        stem(word) for clause in clauses for word in re.findall(r"[a-z']+", clause) if word not in _FILLING
    )


def _clauses(text: str) -> list[str]:
    return re.split(r"[.,;:!?…]|\b(?:but|because|and|so|since|though)\b", fold(text).replace("’", "'"))


def stem(word: str) -> str:
    """A rough stem, enough to see that "refunded" is "refund"."""
    for ending in ("ations", "ation", "ings", "ing", "ied", "ies", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def is_negated(text: str) -> bool:
    """Whether any negation is said."""
    return bool(NEGATION.search(fold(text).replace("’", "'")))


def is_lacking(text: str) -> bool:
    """Whether something is said to be missing, wrong or stopped, in whatever words."""
    return is_negated(text) or bool(_LACK.search(fold(text).replace("’", "'")))


_PAID_NOT = r"(?:not|never|n't|nt|yet to be|isn't|hasn't|wasn't|cannot|can't|didn't|don't|won't)\b[^.,;]{0,24}"
_PAID = r"\b(?:paid|settled|cleared|went through|gone through|goes through|received|pagat[oa]|bezahlt)\b"
_STATUS: dict[str, str] = {
    "paid": _PAID + r"|\btaken\b|\bcharged\b|\bdebited\b|\bhad\b|\bbilled\b",
    "unpaid": r"\b(?:unpaid|open|outstanding|owe[sd]?|owing|due|never cleared|not cleared|balance|nothing paid)\b",
    "overdue": r"\b(?:overdue|past due|late|due|behind|arrears|outstanding)\b",
    "failed": r"\b(?:fail\w*|declin\w*|bounc\w*|reject\w*|come back|came back|didn't go|not go through|returned|over limit|"
    r"didn't renew|did not renew|couldn't be|expired|ran out|never cleared|didn't take|wouldn't take)\b",
    "pending": r"\b(?:pending|processing|on its way|in progress|not yet|hasn't landed|waiting|clearing|open|scheduled|tomorrow)\b",
    "refunded": r"\b(?:refund\w*|money back|given back|sent back|credited|reversed|back)\b",
    "partially_refunded": r"\b(?:part\w*|half|some of)\b",
    "disputed": r"\b(?:disput\w*|chargeback|contest\w*|challenge\w*|query|queried|not mine|wrong)\b",
}


def status_verdict(status: str, quote: str) -> bool | None:
    """Whether the quoted words say this payment status: True, None when they say none, False when they
    say another or deny it."""
    text = fold(quote).replace("’", "'")
    if status == "paid" and re.search(_PAID_NOT + _PAID, text):
        return False
    if re.search(_STATUS[status], text):
        return not (status in {"paid", "refunded"} and _denied(_STATUS[status], text))
    if status in {"unpaid", "failed", "overdue", "pending"} and re.search(_PAID_NOT + _PAID, text):
        return True
    said = [other for other, cue in _STATUS.items() if other != status and re.search(cue, text)]
    return False if said else None


def _denied(cue: str, text: str) -> bool:
    return bool(re.search(rf"\b(?:{_NOT})\b[^.,;]{{0,16}}(?:{cue})", text))


_CALL = r"\b(?:call|calls|called|calling|ring|rings|phone|phones|phoned|callback|call back|ring back|speak|reach|hear from|dial|buzz|touch base)\b"


def callback_verdict(expected: bool, quote: str) -> bool | None:
    """Whether the quoted words ask for (or decline) a call; None when they speak of neither."""
    text = fold(quote).replace("’", "'")
    if not re.search(_CALL, text):
        return None
    denied = bool(re.search(rf"\b(?:{_NOT})\b[^.,;]{{0,20}}{_CALL}|{_CALL}[^.,;]{{0,6}}\bnot\b", text))
    return denied is not expected


_DOCUMENT: dict[str, str] = {
    "invoice": r"invoice|\bbill|fattura|factura|rechnung|facture",
    "receipt": r"receipt|ricevuta|recibo|quittung|beleg|proof of payment|reçu|recu\b",
    "statement": r"statement",
    "tax_form": r"\btax|\bform\b|w.?9|1099|certificate|w nine|ten ninety nine|vat",
    "credit_note": r"credit",
    "payment_link": r"\blink|secure page|pay online",
}


def document_verdict(kind: str, quote: str) -> bool | None:
    """Whether the quoted words name this kind of document; False when they name only another."""
    text = fold(quote)
    if re.search(_DOCUMENT[kind], text):
        return True
    return False if any(re.search(cue, text) for other, cue in _DOCUMENT.items() if other != kind) else None
