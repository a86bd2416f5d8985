"""Comparing what a caller said with what a record holds: names, phones and references.

Used where a vendor cannot filter by itself, and by the sandbox. Never decides identity: that is the
matcher's job, on the records that come back.
"""

from __future__ import annotations

import re
import unicodedata

_LEGAL_FORMS = frozenset(
    "ab ag as bv co company corp corporation cv gmbh inc incorporated kft kg limited llc llp ltd lp nv oy "
    "plc pte pty pvt sa sarl sas sl slu spa srl sro".split()
)
_SHORTEST_PHONE = 7


_LIGATURES = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)


def unaccented(text: str) -> str:
    """Lower case without accents; letters that carry no accent mark (ø, ß, ł) become plain ones."""
    plain = text.casefold().translate(_LIGATURES)
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c)).casefold()


def fold(text: str) -> str:
    """Unaccented words with single spaces between: ``"Café & Co."`` becomes ``cafe co``."""
    return " ".join(re.findall(r"[^\W_]+", unaccented(text)))


def without_legal_form(name: str) -> str:
    """``name`` with trailing legal forms (Ltd, GmbH, S.r.l. ...) taken off; unchanged when nothing would be left."""
    words = name.replace(".", "").split()
    while len(words) > 1 and fold(words[-1]) in _LEGAL_FORMS:
        words.pop()
    return " ".join(words).rstrip(",& ") if words else name


def name_matches(said: str, held: str) -> bool:
    """Whether ``said``'s words (legal forms aside) stand together in ``held``, case and accents aside."""
    wanted = fold(without_legal_form(said))
    return bool(wanted) and f" {wanted} " in f" {fold(held)} "


def same_reference(one: str, other: str) -> bool:
    """Whether two spellings of a reference agree when only letters and digits count: SW7315 and SW-7315."""
    first, second = fold(one).replace(" ", ""), fold(other).replace(" ", "")
    return bool(first) and first == second


def reference_spellings(reference: str) -> tuple[str, ...]:
    """``reference`` as said, in capitals, and with a dash where letters meet digits, without repeats."""
    capitals = reference.upper()
    dashed = re.sub(r"(?<=[A-Z])(?=\d)", "-", capitals, count=1)
    return tuple(dict.fromkeys((reference, capitals, dashed)))


def same_phone(one: str, other: str) -> bool:
    """Whether two numbers agree when one may be written nationally: +44 29 2018 0441 and 029 2018 0441."""
    first, second = (re.sub(r"\D", "", number).lstrip("0") for number in (one, other))
    if min(len(first), len(second)) < _SHORTEST_PHONE:
        return False
    return first.endswith(second) or second.endswith(first)


def marker(key: str) -> str:
    """The short mark that a text of ours carries in a system without idempotency keys."""
    return f"ref-{key[:16]}"
