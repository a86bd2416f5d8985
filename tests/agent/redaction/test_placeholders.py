"""Placeholders: one a value, numbered in reading order, nothing of the value in them."""

from __future__ import annotations

import pytest

from agent.redaction import Redactor
from agent.redaction.context import BY_NAME
from agent.redaction.finding import Finding
from agent.redaction.pieces import Item, Piece
from agent.redaction.placeholders import Vault

CARD, SORT_CODE = BY_NAME["card"], BY_NAME["uk_sort_code"]
FIRST, SECOND = "4532015112830366", "5140723862551188"


def finding(*values: str, kind: str = "card") -> Finding:
    return Finding(BY_NAME[kind], (), frozenset(values), 1.0)


def test_names_are_stable_and_counted_by_tag() -> None:
    vault = Vault()
    said = [finding(FIRST), finding("309144", kind="uk_sort_code"), finding(SECOND), finding(FIRST), finding("309144")]
    assert [vault.name(one) for one in said] == ["CARD_1", "SORT_CODE_1", "CARD_2", "CARD_1", "CARD_3"]


def test_any_shared_reading_is_the_same_value() -> None:
    vault = Vault()
    assert vault.name(finding("4242", "40242")) == "CARD_1"
    assert vault.name(finding("40242", "402402")) == "CARD_1"
    assert vault.name(finding("402402")) == "CARD_1"
    assert vault.name(finding("42402")) == "CARD_2"


def test_numbers_in_the_text_are_never_given_again() -> None:
    vault = Vault()
    vault.reserve("as <CARD_3> and <SORT_CODE_7> and <CARD_1> said, not <card_9> or CARD_9")
    assert vault.name(finding(FIRST)) == "CARD_4"
    assert vault.name(finding("309144", kind="uk_sort_code")) == "SORT_CODE_8"


def test_places_are_those_of_this_vault_only() -> None:
    vault = Vault()
    vault.name(finding(FIRST))
    text = "<CARD_1> and <CARD_2>, then <CARD_1>"
    assert list(vault.places(text)) == [(0, 8, "<CARD_1>", CARD), (28, 36, "<CARD_1>", CARD)]


def test_known_values_are_looked_up() -> None:
    vault = Vault()
    vault.name(finding(FIRST))
    vault.name(finding("309144", kind="uk_sort_code"))
    assert list(vault.known()) == [(CARD, frozenset({FIRST})), (SORT_CODE, frozenset({"309144"}))]
    assert vault.placeholder(SORT_CODE, "309144") == "<SORT_CODE_1>"
    with pytest.raises(KeyError):
        vault.placeholder(CARD, SECOND)


def test_nothing_of_a_value_is_in_any_repr() -> None:
    vault = Vault()
    vault.name(finding(FIRST))
    piece = Piece(0, (Item(0, 0, ("4532",), "digit"),), (), 0, 4, FIRST)
    assert repr(vault) == "Vault()"
    assert FIRST not in repr(finding(FIRST))
    assert FIRST not in repr(piece)
    assert FIRST not in repr(finding(FIRST).reason)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (f"card {SECOND}, card {FIRST}, card {SECOND}", "card <CARD_1>, card <CARD_2>, card <CARD_1>"),
        (
            "sort code 30-91-44, card 4532 0151 1283 0366, sort code 30 91 44",
            "sort code <SORT_CODE_1>, card <CARD_1>, sort code <SORT_CODE_1>",
        ),
        (
            "card 4532015112830366. I say four five three two, oh one five one, one two eight three, oh three double six.",
            "card <CARD_1>. I say <CARD_1>.",
        ),
    ],
)
def test_numbered_in_reading_order_and_stable_in_a_call(said: str, expected: str) -> None:
    assert Redactor().redact_text(said) == expected


def test_the_next_call_begins_anew() -> None:
    redactor = Redactor()
    assert [redactor.redact_text(f"card {number}") for number in (FIRST, SECOND)] == ["card <CARD_1>"] * 2
