"""Finding bank details: the table's kinds, a sibling number in the same breath, payment addresses, wallets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from agent.redaction.context import BY_NAME, OWN_ACCOUNT, Label
from agent.redaction.finding import Finding, bank_is_meant, labelled, opens_iban
from agent.redaction.labels import Claim
from agent.redaction.pieces import Item, Piece, cut, make_piece
from agent.redaction.reading import Reading, tells
from agent.redaction.recognizers.bank import ACCOUNT, KINDS, is_bic, is_wallet
from agent.redaction.recognizers.base import KindRecognizer
from agent.redaction.recognizers.unnamed import unnamed_bank
from agent.words import SCALES

_HANDLES = frozenset(
    "okaxis okhdfcbank okicici oksbi ybl ibl axl paytm upi apl yapl jupiteraxis fbl icici sbi hdfcbank axisbank kotak barodampay idfcbank ptyes ptaxis "
    "pthdfc ptsbi waicici waaxis wahdfcbank wasbi abfspay airtel freecharge ikwik timecosmos slice naviaxis superyes yesg federal rbl indus cnrb".split()
)
_VPA = re.compile(r"(?<![\w.@-])[\w.-]{2,64}@([A-Za-z]{2,40})(?![\w.-]*\.\w)(?!\w)")
_WALLET = re.compile(r"\b(?:0x[0-9a-fA-F]{40}|bc1[02-9ac-hj-np-z]{11,71}|[13][1-9A-HJ-NP-Za-km-z]{25,34})\b")
_SIBLINGS = {"us_routing": 9, "uk_sort_code": 6, "au_bsb": 6, "ca_transit": 8}
_BREAKS_NAME = frozenset(
    "is its it my the u p i id upi address handle vpa on to at as use send using yes so and um uh only just please direct directly number pay thats gpay phonepe paytm".split()
)


class BankRecognizer(KindRecognizer):
    """Accounts, branch codes, IBAN, BIC, UPI addresses, wallets."""

    def __init__(self, bare_account: str) -> None:
        super().__init__("BankRecognizer", KINDS, bare_account)

    def find(self, reading: Reading) -> Iterator[Finding]:
        """The table's kinds; a branch code with an account in the same breath becomes two."""
        named = [part for found in super().find(reading) for part in _siblings(reading, found)]
        yield from named
        yield from unnamed_bank(
            reading, [found for found in named if found.kind.name in ("us_routing", "uk_sort_code")]
        )
        yield from _proven_accounts(reading)
        yield from _opened_ibans(reading)
        yield from _bics(reading)
        yield from _written(reading)
        yield from _spoken_addresses(reading)


def _proven_accounts(reading: Reading) -> Iterator[Finding]:
    """An "account number" whose check digits say that it is a bank's, whatever the setting: New Zealand's have them."""
    kind = BY_NAME["nz_account"]
    for at, piece in enumerate(reading.pieces):
        claim = reading.claims[at]
        if claim is None or OWN_ACCOUNT not in claim.label.kinds or reading.plain[at] or piece.digits < 4:
            continue
        found = labelled(reading, at, kind, claim)
        if found is not None and found.score == 1.0:
            yield found


def _opened_ibans(reading: Reading) -> Iterator[Finding]:
    """An IBAN said without its name while a bank is spoken of, perhaps broken off."""
    for at, piece in enumerate(reading.pieces):
        claim = reading.claims[at]
        if not opens_iban(piece) or reading.plain[at]:
            continue
        if claim is not None and (claim.label.kinds or (claim.turns == 0 and tells(claim.label))):
            continue
        if not bank_is_meant(reading, piece, 2):
            continue
        told = Label(piece.first, piece.first, ("iban",), True)
        found = labelled(reading, at, BY_NAME["iban"], Claim(told, 0))
        if found is not None:
            yield found


def _siblings(reading: Reading, found: Finding) -> Iterator[Finding]:
    size = _SIBLINGS.get(found.kind.name)
    piece = found.pieces[0]
    if size is None or len(found.pieces) > 1 or len(piece.chars) < size + 5:
        yield found
        return
    at = 0
    for index, item in enumerate(piece.items):
        at += len(item.text)
        if at == size and index + 1 < len(piece.items):
            head = cut(reading.words, piece, 0, index + 1)
            rest = cut(reading.words, piece, index + 1, len(piece.items))
            yield replace(found, pieces=(head,), values=frozenset({head.chars}))
            yield replace(found, kind=ACCOUNT, pieces=(rest,), values=frozenset({rest.chars}))
            return
    yield found


def _bics(reading: Reading) -> Iterator[Finding]:
    """A BIC written as one word behind its announcement."""
    words = reading.words
    for label in reading.labels.all:
        if "bic" not in label.kinds:
            continue
        stop = min(words.first[words.turn[label.last] + 1], label.last + 9)
        for at in range(label.last + 1, stop):
            value = words.written[at].upper()
            if is_bic(value) and _code_like(words.written[at], at - label.last):
                item = Item(at, at, (value,), "mixed")
                yield Finding(BY_NAME["bic"], (make_piece(words, (item,), ()),), frozenset({value}), 0.9)


def _code_like(written: str, distance: int) -> bool:
    """Capitals or digits, or right behind the announcement: "thousand" and "business" have a country inside as well."""
    plain = {*SCALES, "transfer", "identity", "business", "customer"}
    marked = any(c.isdigit() or c.isupper() for c in written[1:])
    return written.lower() not in plain and (marked or distance <= 2)


def _stretch(reading: Reading, start: int, end: int, value: str) -> Piece:
    turn, _ = reading.call.place(start)
    at = next(
        (i for i in range(reading.words.first[turn], reading.words.first[turn + 1]) if reading.words.end[i] > start),
        reading.words.first[turn],
    )
    return Piece(turn, (Item(at, at, (value,), "mixed"),), (), start, end, value)


def _written(reading: Reading) -> Iterator[Finding]:
    """name@handle without a dot behind the handle, and wallet addresses by their own form."""
    text = reading.call.text
    if "@" in text:
        for match in _VPA.finditer(text):
            announced = match.group(1).lower() in _HANDLES or any("upi" in label.kinds for label in reading.labels.all)
            if announced:
                yield Finding(
                    BY_NAME["upi"],
                    (_stretch(reading, *match.span(), match.group().upper()),),
                    frozenset({match.group().upper()}),
                    0.95,
                )
    for match in _WALLET.finditer(text):
        if is_wallet(match.group()) or any("wallet" in label.kinds for label in reading.labels.all):
            yield Finding(
                BY_NAME["wallet"], (_stretch(reading, *match.span(), match.group()),), frozenset({match.group()}), 0.95
            )


def _spoken_addresses(reading: Reading) -> Iterator[Finding]:
    """Said as "ravi dot kumar at ok axis": a known handle behind "at", the name in front up to its first plain word."""
    words = reading.words
    for at in range(1, len(words) - 1):
        if words.folded[at] != "at" or words.turn[at + 1] != words.turn[at]:
            continue
        rate = words.folded[at + 1 : at + 3] == ["the", "rate"]  # India's name for the sign
        last = _handle_end(reading, at + 3 if rate else at + 1)
        if last is None:
            continue
        begin = at
        floor = max(words.first[words.turn[at]], at - 14)
        while begin > floor and words.folded[begin - 1] not in _BREAKS_NAME:
            begin -= 1
        if begin == at:
            continue
        value = "".join(words.folded[begin : last + 1]).upper()
        item = Item(begin, last, (value,), "mixed")
        yield Finding(BY_NAME["upi"], (make_piece(words, (item,), ()),), frozenset({value}), 0.9)


def _handle_end(reading: Reading, at: int) -> int | None:
    """The last word of a known handle said in one to three words: "ok hdfc bank"."""
    words = reading.words
    stop = min(words.first[words.turn[at] + 1], at + 6)
    joined, best = "", None
    for index in range(at, stop):
        joined += words.folded[index]
        if joined in _HANDLES and not (index + 1 < stop and words.folded[index + 1] == "dot"):
            best = index
    return best
