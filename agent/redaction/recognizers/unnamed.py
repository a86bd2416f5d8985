"""Numbers nobody names, told by their check or their form and by what the call is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.redaction.context import BY_NAME, OWN_ACCOUNT
from agent.redaction.finding import Finding, corrected_values, digits_only, phone_shaped
from agent.redaction.kinds import Kind
from agent.redaction.pieces import Piece
from agent.redaction.reading import Reading
from agent.redaction.recognizers.bank import ACCOUNT, BANK_CUES, ROUTING, is_routing

_ACCOUNT_CUES = BANK_CUES | frozenset(
    "account joint checkbook chequebook natwest barclays lloyds hsbc santander monzo starling halifax nationwide revolut tsb chase citi "
    "citibank suntrust westpac commbank nab anz".split()
)
_TAX_CUES = frozenset(
    "revenue hmrc irs tax taxes taxman taxpayer finanzamt hacienda agenzia ato cra sars fisc impots nonprofit exempt exemption w9 w2 1099 "
    "payroll federal employer self-assessment gst vat ein utr tfn itin social".split()
)
_UK_TAX = frozenset("revenue hmrc utr".split())
_TURNS = 5
_REACH = 150  # words; a turn may be a whole recording
_RECENT = 6
_AFTER_CODE = 3


@dataclass(frozen=True, slots=True)
class _Code:
    """A routing number or sort code found without its name: an account may follow."""

    turn: int
    last: int
    speaker: str


def unnamed_bank(reading: Reading, codes: Sequence[Finding]) -> Iterator[Finding]:
    """Routing numbers by their check, sort codes by their three pairs, and the account said after either.

    ``codes``: routing numbers and sort codes that were announced.
    """
    known = [_Code(f.pieces[-1].turn, f.pieces[-1].last, reading.speaker(f.pieces[-1])) for f in codes]
    for at, piece in enumerate(reading.pieces):
        if reading.plain[at] or _explained(reading, at):
            continue
        part = digits_only(reading.words, piece)
        if part is None:
            continue
        beside = _beside_code(reading, part, known)
        if (phone_shaped(part.chars) and not beside) or _prose(part):
            continue
        found = _routing(reading, part) or _sort_code(reading, part) or _code_and_account(reading, at, part)
        if found is not None:
            known.append(_Code(part.turn, part.last, reading.speaker(part)))
            yield found
        elif 7 <= len(part.chars) <= 14 and (beside or _follows(reading, at, known)):
            yield Finding(ACCOUNT, (part,), frozenset({part.chars}), 0.55)


def unnamed_tax(reading: Reading, kinds: Sequence[Kind]) -> Iterator[Finding]:
    """Nine to eleven digits that a tax rule proves, in a call about tax, with nothing that explains them."""
    for at, piece in enumerate(reading.pieces):
        if reading.plain[at] or not 9 <= piece.digits <= 11 or _explained(reading, at) or _own_account(reading, at):
            continue
        if sum(c.isalpha() for c in piece.chars) > 1 or piece.chars[0] == "0":
            continue
        if not _spoken_of(reading, piece, _TAX_CUES):
            continue
        part = digits_only(reading.words, piece)
        if part is None or _prose(part) or (phone_shaped(part.chars) and not _spoken_of(reading, piece, _UK_TAX)):
            continue
        if any(kind.proven(value) for kind in kinds for value in part.readings(4)):
            yield Finding(BY_NAME["tax_id"], (part,), frozenset({part.chars}), 0.5)


def _own_account(reading: Reading, at: int) -> bool:
    """The answer to a question for the business's own account number."""
    claim = reading.claims[at]
    return claim is not None and claim.label.kinds == (OWN_ACCOUNT,) and claim.direct


def _prose(part: Piece) -> bool:
    """Sums and lists, not one number read out."""
    return any(item.cardinal for item in part.items) or any(
        gap.listed or (gap.words > 1 and not gap.corrects) for gap in part.gaps
    )


def _beside_code(reading: Reading, part: Piece, known: Sequence[_Code]) -> bool:
    """Right behind a branch code in the same turn."""
    return any(code.turn == part.turn and 0 < part.first - code.last <= 3 for code in known[-_RECENT:])


def _code_and_account(reading: Reading, at: int, part: Piece) -> Finding | None:
    """Six digits with seven or eight right behind them: a sort code and its account, where a bank is spoken of."""
    following = reading.pieces[at + 1 : at + 2]
    if len(part.chars) != 6 or not following or following[0].turn != part.turn:
        return None
    account = following[0]
    if account.digits not in (7, 8) or account.first - part.last > 6 or not _spoken_of(reading, part, _ACCOUNT_CUES):
        return None
    return Finding(BY_NAME["uk_sort_code"], (part,), frozenset({part.chars}), 0.55)


def _explained(reading: Reading, at: int) -> bool:
    """A phrase says what the number is, be it an identifier (others see to that) or not."""
    claim = reading.claims[at]
    named = (
        claim is not None
        and claim.label.stays
        and claim.turns in (0, 1)
        and not claim.passed
        and claim.label.limit > 11
    )
    return claim is not None and (claim.explains or named)


def _spoken_of(reading: Reading, piece: Piece, cues: frozenset[str]) -> bool:
    words = reading.words
    begin = max(words.first[max(0, piece.turn - _TURNS)], piece.first - _REACH)
    end = min(words.first[min(piece.turn + 2, len(words.first) - 1)], piece.last + _REACH)
    return any(words.folded[at] in cues and not reading.is_replaced(at) for at in range(begin, end))


def _routing(reading: Reading, part: Piece) -> Finding | None:
    if not _spoken_of(reading, part, _ACCOUNT_CUES):
        return None
    values = list(part.readings(16)) + (list(corrected_values([part])) if part.corrected else [])
    proven = next((value for value in values if is_routing(value)), None)
    return None if proven is None else Finding(ROUTING, (part,), frozenset({proven}), 0.6)


def _sort_code(reading: Reading, part: Piece) -> Finding | None:
    """Six digits in three pairs, "seventy, eighty three, seventy five", while an account is spoken of."""
    pairs = len(part.items) == 3 and all(len(item.text) == 2 for item in part.items)
    if not pairs or not part.chars.isdigit() or not _spoken_of(reading, part, _ACCOUNT_CUES):
        return None
    return Finding(BY_NAME["uk_sort_code"], (part,), frozenset({part.chars}), 0.55)


def _follows(reading: Reading, at: int, known: Sequence[_Code]) -> bool:
    """The next number of the same speaker, a few turns on at most."""
    piece = reading.pieces[at]
    speaker = reading.speaker(piece)
    before = [code for code in known[-_RECENT:] if code.last < piece.first and piece.turn - code.turn <= _AFTER_CODE]
    if not before or before[-1].speaker != speaker:
        return False
    between = reading.pieces[reading.index_at(before[-1].last + 1) : at]
    return not any(len(other.chars) >= 4 and reading.speaker(other) == speaker for other in between)
