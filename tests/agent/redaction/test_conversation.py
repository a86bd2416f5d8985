"""One call, piece by piece: placeholders and findings are shared, and every piece says what went."""

from __future__ import annotations

import pytest

from agent.errors import RedactionError
from agent.redaction import Redactor
from agent.redaction.conversation import Conversation

CARD = "4532015112830366"
REDACTOR = Redactor()


def test_a_value_keeps_its_placeholder_and_is_known_where_nothing_announces_it() -> None:
    call = Conversation(REDACTOR)
    said = call.turns([("agent", "Which account?"), ("caller", f"bank account 62487447, or card {CARD}")])
    assert said.texts[1] == "bank account <BANK_1>, or card <CARD_1>"
    clean, taken = call.json({"who": "Ana", "value": "62487447", "quote": "four five three two oh one five one"})
    assert clean["value"] == "<BANK_1>"
    assert clean["who"] == "Ana"
    assert ("<BANK_1>", "BANK_ACCOUNT", "read_back") in [(t.placeholder, t.entity, t.reason.found_by) for t in taken]


def test_placeholders_that_stand_somewhere_already_are_not_given_again() -> None:
    call = Conversation(REDACTOR, ["<CARD_3> was said", "and <SSN_1>"])
    assert call.turns([("caller", f"my card {CARD}")]).texts == ("my card <CARD_4>",)
    assert call.json("ssn 430-76-1784")[0] == "ssn <SSN_2>"


def test_a_text_with_placeholders_of_its_own_call_can_be_redacted_again() -> None:
    call = Conversation(REDACTOR)
    first = call.turns([("caller", f"my card {CARD}")])
    again = call.turns([("caller", f"{first.texts[0]}, sort code 30 91 44"), ("agent", first.texts[0])])
    assert again.texts == ("my card <CARD_1>, sort code <SORT_CODE_1>", "my card <CARD_1>")
    assert len(again.redactions) == len(again.reasons) == 3
    assert [reason.rule for reason in again.reasons] == ["card", "uk_sort_code", "card"]


def test_what_went_is_told_once_in_reading_order() -> None:
    call = Conversation(REDACTOR)
    value = {"notes": [{"role": "agent", "text": "sort code?"}, {"role": "caller", "text": "30 91 44"}], "card": CARD}
    clean, taken = call.json(value, "metadata")
    assert clean["notes"][1]["text"] == "<SORT_CODE_1>"
    assert [(one.placeholder, one.reason.announced_by) for one in taken] == [
        ("<SORT_CODE_1>", "sort code"),
        ("<CARD_1>", "card"),
    ]
    assert call.json("nothing here")[1] == ()


def test_a_written_number_that_was_made_of_a_value_goes_also_where_rules_let_it_be() -> None:
    call = Conversation(REDACTOR)
    assert call.without_known(f"+49{CARD}") == f"+49{CARD}", "nothing is known yet"
    call.turns([("caller", f"my card {CARD} and bank account 62487447")])
    kept = "phone +1 202 555 0143, order 3201511 and 0151 1283"
    assert (
        call.without_known(f"value +49{CARD[4:]}; {kept}") == f"value <CARD_1>; {kept.replace('0151 1283', '<CARD_1>')}"
    )
    assert call.without_known("id 99-6248-7447") == "id <BANK_1>"


def test_rows_are_found_again_in_other_texts() -> None:
    call = Conversation(REDACTOR, ["<CARD_1>"])
    call.turns([("caller", f"card {CARD}")])
    (row,) = call.rows(["an old <CARD_1>", "and <CARD_2> today"])
    assert (row.turn, row.start, row.end, row.entity) == (1, 4, 12, "CREDIT_CARD")


def test_a_failure_says_nothing_of_the_text() -> None:
    deep: object = CARD
    for _ in range(300):
        deep = [deep]
    with pytest.raises(RedactionError) as caught:
        Conversation(REDACTOR).json(deep)
    assert "4532" not in str(caught.value)
    assert repr(Conversation(REDACTOR)) == "Conversation()"
