"""Proof of facts and signals: what holds, what fails, and that nothing is repaired."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.call import Speaker
from agent.capture import Signal
from agent.extraction.grounding import ground
from agent.extraction.reading import Fact, FieldName
from agent.workspace import Workspace
from tests.agent.extraction.helpers import fact, failed_checks, grounded, heard, make_call, one, reading

SOUND: tuple[tuple[Fact, str | bool], ...] = (
    (fact("customer_name", "Imke Vantongeren", (1, "Imke Vantongeren")), "Imke Vantongeren"),
    (fact("company_name", "Brambletea House", (1, "Brambletea House")), "Brambletea House"),
    (fact("invoice_number", "KR-8205", (3, "K R eight two oh five")), "KR-8205"),
    (fact("amount", "219.60", (3, "two hundred and nineteen pounds sixty")), "219.60"),
    (fact("currency", "GBP", (3, "two hundred and nineteen pounds sixty")), "GBP"),
    (fact("due_date", "2026-10-09", (4, "due the ninth")), "2026-10-09"),
    (fact("payment_status", "failed", (4, "it bounced on Monday")), "failed"),
    (fact("email", "Imke@Brambletea.example", (6, "imke at brambletea dot example")), "imke@brambletea.example"),
    (fact("phone", "(202) 555-0144", (7, "two oh two, triple five, oh one four four")), "+12025550144"),
    (fact("follow_up_deadline", "2026-10-20", (8, "Tuesday the twentieth")), "2026-10-20"),
    (fact("approval_threshold", "4000", (8, "above four thousand dollars")), "4000.00"),
    (fact("finance_owner", "Rolf Ekdahl", (8, "Rolf Ekdahl")), "Rolf Ekdahl"),
    (fact("tax_region", "DE", (9, "in Germany")), "DE"),
    (fact("expects_callback", "true", (6, "finance will ring you")), True),
    (fact("document_kind", "invoice", (2, "Which invoice is it")), "invoice"),
    (
        fact("caller_request", "the fee of £12.50 back", (5, 'I\'d like the fee of "£12.50" back')),
        "the fee of £12.50 back",
    ),
)
US = Workspace(region="US")


@pytest.mark.covers("S08", "S11", "S12", "S13", "S15", "S16", "S17", "C04")
@pytest.mark.parametrize(("item", "value"), SOUND, ids=lambda part: getattr(part, "field", None))
def test_a_sound_fact_is_proved_in_canonical_form(item: Fact, value: str | bool) -> None:
    proved = one(item, workspace=US)
    assert proved.value == value
    assert failed_checks(proved) == []
    call = make_call()
    for evidence in proved.evidence:
        assert evidence.quote in call.turns[evidence.turn].text


@pytest.mark.parametrize(
    ("item", "check"),
    [
        (fact("amount", "219.60", (3, "two hundred and ninety pounds sixty")), "quote"),
        (fact("amount", "219.60", (2, "two hundred and nineteen pounds sixty")), "quote"),
        (fact("amount", "219.60", (99, "two hundred and nineteen pounds sixty")), "quote"),
        (fact("amount", "219.60", (3, "two hundred and nineteen pounds sixty"), (4, "invented words")), "quote"),
        (fact("amount", "291", (3, "two hundred and ninety one")), "latest_statement"),
        (fact("amount", "200", (3, "two hundred")), "value_in_quote"),
        (fact("amount", "12.50 or so", (5, "£12.50")), "format"),
        (fact("currency", "EUR", (3, "two hundred and nineteen pounds sixty")), "value_in_quote"),
        (fact("currency", "USD", (4, "Two nineteen sixty")), "value_in_quote"),
        (fact("due_date", "2026-10-19", (4, "due the ninth")), "value_in_quote"),
        (fact("due_date", "2025-10-09", (4, "due the ninth")), "value_in_quote"),
        (fact("due_date", "the ninth", (4, "due the ninth")), "format"),
        (fact("follow_up_deadline", "2026-10-12", (4, "bounced on Monday")), "not_past"),
        (fact("follow_up_deadline", "2026-10-16T15:00", (6, "by Friday at three")), "latest_statement"),
        (fact("payment_status", "paid", (4, "it bounced")), "value_in_quote"),
        (fact("payment_status", "owed", (4, "it bounced")), "format"),
        (fact("invoice_number", "KR-8206", (3, "K R eight two oh five")), "value_in_quote"),
        (fact("invoice_number", "R8205", (3, "R eight two oh five")), "value_in_quote"),
        (fact("email", "imke@brambletee.example", (6, "imke at brambletea dot example")), "value_in_quote"),
        (fact("phone", "+442079460133", (7, "My cell")), "value_in_quote"),
        (fact("customer_name", "Imke Vandongeren", (1, "Imke Vantongeren")), "value_in_quote"),
        (fact("tax_region", "FR", (9, "in Germany")), "value_in_quote"),
        (fact("expects_callback", "false", (6, "finance will ring you")), "value_in_quote"),
        (fact("document_kind", "receipt", (2, "Which invoice is it")), "value_in_quote"),
        (fact("caller_request", "please cancel the plan", (5, "I do not want to cancel the plan")), "negation"),
        (fact("caller_request", "£15.50 back", (5, "£12.50")), "value_in_quote"),
        (fact("customer_claim", "does not want the fee", (5, "I'd like the fee")), "negation"),
        (fact("next_step_owner", "Somebody named Gunnar", (6, "Someone from finance")), "name"),
        (fact("affected_record", "card <CARD_2>", (5, "My card is <CARD_1>")), "placeholder"),
    ],
)
def test_an_unproved_value_is_null_and_keeps_its_failed_check(item: Fact, check: str) -> None:
    refused = one(item, workspace=US)
    assert refused.value is None
    assert failed_checks(refused)[-1] == check
    assert item.value not in str(refused.checks)


def test_the_phone_of_another_country_is_not_invented_from_the_region() -> None:
    assert (
        one(fact("phone", "+442025550144", (7, "two oh two, triple five, oh one four four")), workspace=US).value
        is None
    )


def test_quotes_come_back_verbatim_with_the_turns_own_spacing() -> None:
    proved = one(fact("customer_claim", "took the wrong money", (1, "you took the wrong money")))
    assert [part.quote for part in proved.evidence] == ["You took  the wrong money"]


def test_a_value_that_is_only_a_placeholder_is_dropped() -> None:
    result = grounded(
        fact("account_id", "<CARD_1>", (5, "<CARD_1>")), fact("caller_request", "<CARD_1>", (5, "<CARD_1>"))
    )
    assert result.facts == {}
    assert [check.name for check in result.dropped] == ["account_id", "caller_request"]


def test_a_threshold_in_words_is_dropped_with_its_reason() -> None:
    result = grounded(fact("approval_threshold", "anything a controller signs", (8, "our controller")))
    assert result.facts == {}
    assert "condition" in result.dropped[0].reason


def test_the_later_statement_of_a_field_stands() -> None:
    result = grounded(
        fact("amount", "12.50", (5, "£12.50")), fact("amount", "219.60", (3, "two hundred and nineteen pounds sixty"))
    )
    assert result.facts["amount"].value == "12.50"
    assert [check.name for check in result.dropped] == ["amount"]


def test_equal_statements_share_their_evidence() -> None:
    result = grounded(
        fact("amount", "219.60", (3, "two hundred and nineteen pounds sixty")),
        fact("amount", "219.6", (4, "Two nineteen sixty")),
    )
    assert result.facts["amount"].value == "219.60"
    assert [part.turn for part in result.facts["amount"].evidence] == [3, 4]


def test_a_correction_by_the_other_side_supersedes() -> None:
    call = make_call((Speaker.AGENT, "That's forty nine dollars."), (Speaker.CALLER, "No, fifty nine dollars."))
    assert failed_checks(one(fact("amount", "49.00", (0, "forty nine dollars")), call)) == ["latest_statement"]
    assert one(fact("amount", "59.00", (1, "fifty nine dollars")), call).value == "59.00"


def test_a_denied_amount_is_no_amount() -> None:
    call = make_call((Speaker.CALLER, "It's not forty nine dollars."))
    assert failed_checks(one(fact("amount", "49.00", (0, "forty nine dollars")), call)) == ["negation"]


@pytest.mark.covers("S13")
def test_the_currency_said_with_the_amount_is_derived() -> None:
    result = grounded(fact("amount", "219.60", (3, "two hundred and nineteen pounds sixty")))
    assert result.facts["currency"].value == "GBP"
    assert result.facts["currency"].checks[0].name == "derived"


def test_without_a_said_currency_only_the_workspace_can_set_one() -> None:
    item = fact("amount", "18.50", (0, "eighteen fifty"))
    call = make_call((Speaker.AGENT, "It's the monthly eighteen fifty."))
    assert "currency" not in grounded(item, call=call).facts
    assert grounded(item, call=call, workspace=Workspace(currency="EUR")).facts["currency"].value == "EUR"


@pytest.mark.parametrize(
    ("workspace", "code"), [(Workspace(), "USD"), (Workspace(region="CA"), "CAD"), (Workspace(currency="AUD"), "AUD")]
)
def test_dollars_are_the_workspaces_dollars(workspace: Workspace, code: str) -> None:
    call = make_call((Speaker.CALLER, "It was forty four bucks."))
    result = grounded(fact("amount", "44", (0, "forty four bucks")), call=call, workspace=workspace)
    assert result.facts["currency"].value == code
    assert result.facts["amount"].value == "44.00"


def test_amounts_take_the_digits_of_their_currency() -> None:
    call = make_call((Speaker.CALLER, "It was five thousand yen."))
    assert grounded(fact("amount", "5000", (0, "five thousand yen")), call=call).facts["amount"].value == "5000"


def test_who_said_it_is_recorded() -> None:
    claim = one(fact("amount", "12.50", (5, "£12.50")))
    agreed = one(fact("amount", "219.60", (3, "two hundred and nineteen pounds sixty")))
    assert [check.reason for check in claim.checks if check.name == "speaker"] == ["said by caller"]
    assert not claim.agreed
    assert agreed.agreed
    assert "other side" in agreed.checks[-1].reason


def test_a_call_without_a_day_proves_only_full_dates() -> None:
    call = make_call((Speaker.AGENT, "Due on 2026-10-09, so by Friday."), ended_at=None)
    assert one(fact("due_date", "2026-10-09", (0, "2026-10-09")), call).value == "2026-10-09"
    assert one(fact("follow_up_deadline", "2026-10-16", (0, "by Friday")), call).value is None


def test_today_is_the_callers_day() -> None:
    call = make_call((Speaker.AGENT, "I'll do it tomorrow."), ended_at=datetime(2026, 10, 15, 2, 0, tzinfo=UTC))
    chicago = Workspace(timezone="America/Chicago")
    item = fact("follow_up_deadline", "2026-10-15", (0, "tomorrow"))
    assert one(item, call, chicago).value == "2026-10-15"
    assert one(item, call, Workspace(timezone="UTC")).value is None


def test_an_address_over_two_turns_is_read_when_they_follow_each_other() -> None:
    call = make_call(
        (Speaker.CALLER, "It's imke at"), (Speaker.AGENT, "mhm"), (Speaker.CALLER, "brambletea dot example.")
    )
    item = fact("email", "imke@brambletea.example", (0, "imke at"), (2, "brambletea dot example"))
    assert one(item, call).value == "imke@brambletea.example"


@pytest.mark.covers("S51")
def test_signals_need_a_verbatim_quote() -> None:
    result = ground(
        reading(
            signals=(
                heard(Signal.COMMITMENT_CHANGE, (5, "cancel the plan"), (5, "invented")),
                heard(Signal.LEGAL_THREAT, (5, "my lawyer")),
            )
        ),
        make_call(),
        Workspace(),
    )
    assert [(item.signal, item.evidence[0].quote) for item in result.signals] == [
        (Signal.COMMITMENT_CHANGE, "cancel the plan")
    ]
    assert [check.name for check in result.dropped] == ["legal_threat"]


def test_mentions_are_quotes_only() -> None:
    result = grounded(fact("mention", "Norrlund Glass", (0, "Norrlund Glass"), (0, "not said")))
    assert [part.quote for part in result.mentions] == ["Norrlund Glass"]


# ---------------------------------------------------------------- mutations

_NUMBERS: tuple[tuple[FieldName, str, int, str], ...] = (
    ("amount", "219.60", 3, "two hundred and nineteen pounds sixty"),
    ("approval_threshold", "4000.00", 8, "above four thousand dollars"),
    ("invoice_number", "KR8205", 3, "K R eight two oh five"),
    ("due_date", "2026-10-09", 4, "due the ninth"),
    ("follow_up_deadline", "2026-10-20", 8, "Tuesday the twentieth"),
    ("phone", "+12025550144", 7, "two oh two, triple five, oh one four four"),
)


@given(st.sampled_from(_NUMBERS), st.integers(0, 20), st.sampled_from("0123456789"))
def test_any_changed_digit_of_a_value_fails(case: tuple[FieldName, str, int, str], at: int, digit: str) -> None:
    field, value, turn, quote = case
    places = [index for index, char in enumerate(value) if char.isdigit()]
    index = places[at % len(places)]
    mutated = value[:index] + digit + value[index + 1 :]
    result = one(fact(field, mutated, (turn, quote)), workspace=US)
    assert (result.value is not None) == (mutated == value)


_WORDS = "zero one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty seventy eighty ninety hundred thousand".split()


@given(st.sampled_from(_NUMBERS), st.integers(0, 9), st.sampled_from([*_WORDS, "tenth", "third", ""]))
def test_any_changed_word_of_a_quote_fails(case: tuple[FieldName, str, int, str], at: int, word: str) -> None:
    field, value, turn, quote = case
    words = quote.split()
    words[at % len(words)] = word
    mutated = " ".join(part for part in words if part)
    result = one(fact(field, value, (turn, mutated)), workspace=US)
    said = mutated.casefold() in " ".join(make_call().turns[turn].text.split()).casefold()
    assert result.value is None or said


@given(
    st.sampled_from(["Imke Vantongeren", "Rolf Ekdahl", "Brambletea House"]),
    st.integers(0, 20),
    st.sampled_from("abcdefghijklmnopqrstuvwxyz"),
)
def test_any_changed_letter_of_a_name_fails(name: str, at: int, letter: str) -> None:
    letters = [index for index, char in enumerate(name) if char != " "]
    index = letters[at % len(letters)]
    mutated = name[:index] + letter + name[index + 1 :]
    turn = 8 if name == "Rolf Ekdahl" else 1
    result = one(fact("finance_owner", mutated, (turn, name)))
    assert (result.value is not None) == (mutated.casefold() == name.casefold())


@given(st.sampled_from(["cancel the plan", "wants to cancel the plan", "cancelling the plan", "please cancel"]))
def test_a_lost_negation_fails(value: str) -> None:
    assert one(fact("caller_request", value, (5, "I do not want to cancel the plan"))).value is None


@given(st.text(max_size=40), st.text(max_size=40), st.integers(0, 12))
def test_whatever_a_model_says_is_proved_or_null(value: str, quote: str, turn: int) -> None:
    fields: tuple[FieldName, ...] = (
        "amount",
        "currency",
        "due_date",
        "email",
        "phone",
        "invoice_number",
        "customer_name",
        "caller_request",
        "tax_region",
    )
    call = make_call()
    result = grounded(*(fact(field, value, (turn, quote)) for field in fields), call=call)
    for item in result.facts.values():
        assert item.value is None or all(part.quote in call.turns[part.turn].text for part in item.evidence)
        assert item.value is None or item.evidence


@pytest.mark.parametrize(
    ("code", "quote", "value"),
    [("CAD", "ninety canadian dollars", "CAD"), ("USD", "ninety canadian dollars", None), ("CAD", "ninety", None)],
)
def test_the_currency_must_be_in_its_own_quote(code: str, quote: str, value: str | None) -> None:
    call = make_call((Speaker.CALLER, "It was ninety canadian dollars."))
    assert one(fact("currency", code, (0, quote)), call).value == value
