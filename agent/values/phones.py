"""Phone numbers, written and spoken, to E.164."""

from __future__ import annotations

import phonenumbers

from agent.values.found import Found
from agent.values.lexer import Kind, Tokens, at, lex
from agent.values.spelling import digit_run, digits_at

_PAUSES = frozenset({",", "-", "–", ".", "(", ")", "/", "…"})
_NOT_A_PHONE = frozenset(
    "invoice order account reference ref ticket card subscription iban routing accession case tracking id document policy".split()
)
_NO_TRUNK_ZERO = frozenset({"US", "CA"})
_LINKS = frozenset("number is no it's the of that's as i have here should be was , : # um uh er".split())


def read_phones(text: str, region: str) -> list[Found[str]]:
    """Every phone number in ``text`` as E.164, in order. ``region`` (ISO 3166) is the country of numbers
    said without a country code. A number must be possible in its country; fiction ranges are."""
    tokens = lex(text)
    found: list[Found[str]] = []
    index = 0
    while index < len(tokens):
        plus = _plus(tokens, index)
        start = index + plus
        run = digit_run(tokens, start, pauses=_PAUSES) if digits_at(tokens, start) else None
        if run is None:
            index += 1
            continue
        number = None if _named_otherwise(tokens, index) else e164(("+" if plus else "") + run.text, region)
        if number is not None:
            found.append(Found(number, tokens[index].start, tokens[run.last - 1].end))
        index = run.last
    return found


def _plus(tokens: Tokens, index: int) -> int:
    token = at(tokens, index)
    return 1 if token.low in {"plus", "+"} and token.kind in (Kind.WORD, Kind.MARK) else 0


def _named_otherwise(tokens: Tokens, index: int) -> bool:
    """Whether the words before say that the digits are something else ("order number")."""
    cursor = index - 1
    while cursor > index - 7 and at(tokens, cursor).low in _LINKS:
        cursor -= 1
    before = at(tokens, cursor)
    return (
        before.low in _NOT_A_PHONE or before.kind is Kind.PLACEHOLDER or (len(before.low) == 1 and before.low.isalpha())
    )


def e164(digits: str, region: str) -> str | None:
    """E.164 of a written number, or None when it cannot be one. ``00`` counts as plus."""
    plain = "+" + digits[2:] if digits.startswith("00") else digits
    length = sum(char.isdigit() for char in plain)
    if not 8 <= length <= 15 or (length < 9 and not plain.startswith("+")):
        return None
    if region in _NO_TRUNK_ZERO and len(plain) == 11 and plain[:2] in {"01", "02", "07"}:
        # Nobody in North America dials a leading zero; eleven digits with one are British.
        region = "GB"
    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
