"""Putting pieces together to an identifier: readings, corrections, lengths, checks."""

from __future__ import annotations

import pytest

from agent.redaction.context import BY_NAME
from agent.redaction.finding import (
    Finding,
    bank_is_meant,
    corrected_values,
    digits_only,
    is_last_four,
    opens_iban,
    phone_shaped,
    proves,
    values_of,
    windows,
)
from agent.redaction.pieces import Piece
from agent.redaction.reading import Reading, read_call
from agent.redaction.view import join_turns


def read(*texts: str) -> Reading:
    return read_call(join_turns([("agent" if at % 2 else "caller", text) for at, text in enumerate(texts)]))


def only(text: str) -> Piece:
    (piece,) = read(text).pieces
    return piece


def test_values_of_several_pieces_come_best_first() -> None:
    assert values_of([only("forty two"), only("7")]) == ["427", "4027"]
    assert len(values_of([only("forty two " * 6)], limit=5)) == 5


def test_a_correction_takes_back_what_was_said() -> None:
    piece = only("4532 0157 sorry 0151")
    assert piece.corrected
    assert "45320151" in set(corrected_values([piece]))
    assert "453201570151" not in set(corrected_values([piece]))


@pytest.mark.parametrize(
    ("kind", "said", "proven"),
    [
        ("card", "4532 0151 1283 0366", {"4532015112830366"}),
        ("card", "4532 0151 1283 0361", set()),
        ("card", "4532 0157 sorry 0151 1283 0366", {"4532015112830366"}),
        ("us_routing", "118853453", {"118853453"}),
        ("us_routing", "118853454", set()),
        ("in_aadhaar", "4820 4471 4359", {"482044714359"}),
        ("uk_sort_code", "30-91-44", set()),
    ],
)
def test_proves(kind: str, said: str, proven: set[str]) -> None:
    assert proves(BY_NAME[kind], [only(said)]) == proven


@pytest.mark.parametrize(
    ("said", "last_four"),
    [
        ("the card ending in 4407", True),
        ("the last four are 4407", True),
        ("4407 is what it's ending in", True),
        ("it ended 4407", True),
        ("the card is 4407", False),
        ("at the end of 4407", False),
        ("ending in what, the expiry is 4407", False),
    ],
)
def test_is_last_four(said: str, last_four: bool) -> None:
    reading = read(said)
    assert is_last_four(reading, reading.pieces[-1]) is last_four


@pytest.mark.parametrize(
    ("texts", "meant"),
    [
        (("My bank is Barclays.", "The account number?", "55 02 71 38"), True),
        (("My sparkbank one", "The account number?", "55 02 71 38"), True),
        (("The sort code is 30-91-44.", "The account number?", "55 02 71 38"), True),
        (("The dashboard.", "The account number?", "55 02 71 38"), False),
        (("My bank is Barclays.", *("hm",) * 7, "55 02 71 38"), False),
    ],
)
def test_bank_is_meant(texts: tuple[str, ...], meant: bool) -> None:
    reading = read(*texts)
    assert bank_is_meant(reading, reading.pieces[-1]) is meant


@pytest.mark.parametrize(
    ("value", "phone"),
    [("07700900123", True), ("0161496023", True), ("2025550143", True), ("12025550143", True), ("1025550143", False), ("00770090012", False), ("62487447", False)],
)  # fmt: skip
def test_phone_shaped(value: str, phone: bool) -> None:
    assert phone_shaped(value) is phone


@pytest.mark.parametrize(
    ("said", "opens"),
    [("GB16 WEST 9911", True), ("G B one six W E S T", True), ("ZZ16 WEST 9911", False), ("GB16", False), ("4532", False)],
)  # fmt: skip
def test_opens_iban(said: str, opens: bool) -> None:
    assert opens_iban(only(said)) is opens


@pytest.mark.parametrize(
    ("said", "digits"), [("4532 0151", "45320151"), ("G B 16 W 99 D", "1699"), ("30 and 91", "3091")]
)
def test_digits_only(said: str, digits: str) -> None:
    reading = read(said)
    part = digits_only(reading.words, reading.pieces[0])
    assert part is not None
    assert part.chars == digits


def test_letters_alone_hold_no_digits() -> None:
    reading = read("G B W S")
    assert [digits_only(reading.words, piece) for piece in reading.pieces] == [None]


def test_windows_are_whole_items_in_every_reading() -> None:
    items = only("forty two 15 1").items
    assert set(windows(items, 3, 4)) == {(0, 2, "4215"), (0, 1, "402"), (1, 3, "151")}


def test_windows_end_on_a_soup_of_readings() -> None:
    """Every item reads in two ways: 2 to the 60th without a budget."""
    items = only("forty two " * 60).items
    assert 0 < sum(1 for _ in windows(items, 13, 19)) < 60_000


@pytest.mark.parametrize(
    ("kind", "value", "check"),
    [("card", "4532015112830366", "passed"), ("card", "4532015112830361", "failed"), ("uk_sort_code", "309144", "none")],
)  # fmt: skip
def test_the_reason_tells_the_check(kind: str, value: str, check: str) -> None:
    found = Finding(BY_NAME[kind], (), frozenset({value}), 0.9, "announced", "phrase")
    assert (found.reason.rule, found.reason.check, found.reason.announced_by) == (kind, check, "phrase")
