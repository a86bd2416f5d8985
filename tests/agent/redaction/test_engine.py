"""The engine: placeholders, rows, whole calls, JSON, and failing closed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import agent.redaction.session as session
from agent.call import Call, Speaker, Turn
from agent.errors import RedactionError
from agent.redaction import Redactor
from evals.redaction.making import luhn_card
from evals.redaction.saying import BACKCHANNELS, FORMS

REDACTOR = Redactor()
CARD = "4532015112830366"
SHARED = Path(os.environ.get("BILLING_AGENT_SHARED", Path(__file__).resolve().parents[4] / "shared"))


def call_of(*texts: str, **more: Any) -> Call:
    speakers = (Speaker.AGENT, Speaker.CALLER)
    turns = tuple(Turn(speakers[at % 2], text, float(at), at + 0.5) for at, text in enumerate(texts))
    return Call("call_1", turns, workspace_id="ws_test", **more)


def test_an_identifier_over_three_turns_has_three_rows_and_one_placeholder() -> None:
    out = REDACTOR.redact_call(
        call_of(
            "Hello.",
            "The card is four five three two, oh one five one",
            "mm-hmm",
            "one two eight three",
            "Yes?",
            "oh three double six. That's it.",
        )
    )
    assert [t.text for t in out.turns] == [
        "Hello.",
        "The card is <CARD_1>",
        "mm-hmm",
        "<CARD_1>",
        "Yes?",
        "<CARD_1>. That's it.",
    ]
    assert [(r.turn, r.placeholder) for r in out.redactions] == [(1, "<CARD_1>"), (3, "<CARD_1>"), (5, "<CARD_1>")]
    assert all(out.turns[r.turn].text[r.start : r.end] == r.placeholder for r in out.redactions)
    assert out.classes() == frozenset({"card"})
    assert not out.flagged


def test_placeholders_are_numbered_in_reading_order_and_stable_for_a_value_said_two_ways() -> None:
    out = REDACTOR.redact_turns(
        [
            ("caller", "My card is 5140 7238 6255 1188, and the other card is 4532 0151 1283 0366."),
            ("agent", "So fifty one forty, seventy two thirty eight, sixty two fifty five, eleven eighty eight?"),
        ]
    )
    assert out.texts == ("My card is <CARD_1>, and the other card is <CARD_2>.", "So <CARD_1>?")


def test_an_interruption_does_not_hide_the_rest() -> None:
    out = REDACTOR.redact_turns(
        [
            ("caller", "it's four five three two, oh one five one"),
            ("agent", "Let me stop you, I don't need the card."),
            ("caller", "um, one two eight three, oh three double six. Sorry!"),
        ]
    )
    assert out.texts == ("it's <CARD_1>", "Let me stop you, I don't need the card.", "um, <CARD_1>. Sorry!")


def test_summary_analysis_and_metadata_share_the_placeholders() -> None:
    out = REDACTOR.redact_call(
        call_of(
            "Hello?", f"card {CARD}", summary=f"Caller read card {CARD}.",
            analysis={"card_number": CARD, "notes": [{"said": f"card {CARD}"}], "ok": True, "amount": 12},
            metadata={"customer": "cus_OqL3f8aT2kV0bc", "ssn": "430-76-1784"},
        )
    )  # fmt: skip
    assert out.summary == "Caller read card <CARD_1>."
    assert out.analysis == {"card_number": "<CARD_1>", "notes": [{"said": "card <CARD_1>"}], "ok": True, "amount": 12}
    assert out.metadata == {"customer": "cus_OqL3f8aT2kV0bc", "ssn": "<SSN_1>"}
    assert CARD not in out.model_dump_json()


def test_call_record_facts_are_carried_over() -> None:
    when = datetime(2026, 9, 11, 10, 44, tzinfo=UTC)
    call = call_of(
        "Hello.",
        ended_at=when,
        direction="inbound",
        from_number="+441614960233",
        recording_url="https://media.example/rec/1.wav",
    )
    out = REDACTOR.redact_call(call)
    assert (out.call_id, out.workspace_id, out.ended_at, out.caller_number) == (
        "call_1",
        "ws_test",
        when,
        "+441614960233",
    )
    assert out.recording_url == "https://media.example/rec/1.wav"
    assert (out.turns[0].start, out.turns[0].end) == (0.0, 0.5)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"card_number": CARD}, {"card_number": "<CARD_1>"}),
        ({"cardNumber": int(CARD)}, {"cardNumber": "<CARD_1>"}),
        ({f"card {CARD}": 1}, {"card <CARD_1>": 1}),
        ({"a": [[{"iban": "GB16WEST99115984230614"}]]}, {"a": [[{"iban": "<IBAN_1>"}]]}),
        ({"tax_id": "541792587"}, {"tax_id": "<TAX_ID_1>"}),
        ({"id": "ch_3NxYz82eZvKYlo2C1x8RtQ4M"}, {"id": "ch_3NxYz82eZvKYlo2C1x8RtQ4M"}),
        ({"id": "123456789012345"}, {"id": "123456789012345"}),
        ({"created": 1789034640, "ts": "1789034640.123456", "updated_at": 1789034640123}, {"created": 1789034640, "ts": "1789034640.123456", "updated_at": 1789034640123}),
        ({"uuid": "3f2504e0-4f89-41d3-9a0c-030512345678"}, {"uuid": "3f2504e0-4f89-41d3-9a0c-030512345678"}),
        ({"amount": 4900, "paid": True, "none": None, "rate": 0.19}, {"amount": 4900, "paid": True, "none": None, "rate": 0.19}),
        ({"phone": "+919876543210"}, {"phone": "+919876543210"}),
        ({"last4": "4242", "exp_month": 4}, {"last4": "4242", "exp_month": 4}),
        ({"note": "999988887777"}, {"note": "<NUMBER_1>"}),
    ],
)  # fmt: skip
def test_json(value: Any, expected: Any) -> None:
    assert REDACTOR.redact_json(value) == expected


def test_identifiers_in_names_entities_only() -> None:
    assert REDACTOR.identifiers_in(f"card {CARD} and SSN 430-76-1784") == ("CREDIT_CARD", "SSN")
    assert REDACTOR.identifiers_in("invoice 60451 for forty nine dollars") == ()


@pytest.mark.parametrize(
    "text", ["4242 4242 4242", "nine nine nine nine eight eight eight eight seven seven seven seven", "999988887777"]
)
def test_the_backstop_masks_what_nothing_explains_and_flags_the_call(text: str) -> None:
    out = REDACTOR.redact_call(call_of(f"So I have {text} here."))
    assert out.turns[0].text == "So I have <NUMBER_1> here."
    assert out.flagged


@pytest.mark.parametrize(
    "text",
    [
        "tracking number 999988887777",
        "accession triple zero one, four four seven, two oh nine, dash two six, dash triple zero three double seven",
    ],
)
def test_the_backstop_lets_explained_numbers_pass(text: str) -> None:
    out = REDACTOR.redact_turns([("caller", text)])
    assert (out.texts, out.flagged) == ((text,), False)


def test_numbers_of_placeholders_already_there_are_not_reused() -> None:
    assert REDACTOR.redact_text(f"<CARD_1> and card {CARD}") == "<CARD_1> and card <CARD_2>"


class Broken(Exception):
    """Nobody knows this error."""


@pytest.mark.parametrize("error", [ValueError(CARD), RecursionError(CARD), Broken(CARD), KeyError(CARD)])
def test_any_error_inside_becomes_a_redaction_error_without_text(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise error

    monkeypatch.setattr(session, "read_call", broken)
    for work in (
        lambda: REDACTOR.redact_text(f"card {CARD}"),
        lambda: REDACTOR.redact_turns([("caller", f"card {CARD}")]),
        lambda: REDACTOR.redact_call(call_of(f"card {CARD}")),
        lambda: REDACTOR.redact_json({"card": CARD}),
        lambda: REDACTOR.identifiers_in(f"card {CARD}"),
    ):
        with pytest.raises(RedactionError) as caught:
            work()
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None
        assert CARD not in "".join(traceback.format_exception(caught.value))


def test_json_too_deep_is_refused_not_crashed() -> None:
    value: Any = CARD
    for _ in range(5000):
        value = [value]
    with pytest.raises(RedactionError):
        REDACTOR.redact_json(value)


def test_nothing_of_a_value_is_in_any_repr() -> None:
    out = repr(REDACTOR) + repr(call_of(f"card {CARD}"))
    assert CARD not in out


def test_importing_does_not_load_presidio() -> None:
    code = "import sys, agent.redaction; sys.exit('presidio_analyzer' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[3], check=False).returncode == 0


def test_presidio_runs_offline_and_reads_no_empty_lemmas() -> None:
    """The blank-pipeline trap: Presidio's own context words need lemmas; ours need none."""
    from agent.redaction.recognizers.base import offline_engine

    artifacts = offline_engine().process_text("my social security number is 430761784", "en")
    assert artifacts.lemmas == []
    assert REDACTOR.identifiers_in("my social security number is 430761784") == ("SSN",)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.randoms(use_true_random=False),
    st.sampled_from(sorted(set(FORMS) - {"hindi", "spanish"})),
    st.sampled_from(["4", "51", "2450", "37", "6011"]),
    st.integers(1, 3),
)
def test_a_spoken_card_over_turns_never_leaks_five_digits(rng: Any, style: str, prefix: str, cuts: int) -> None:
    value = luhn_card(rng, prefix, 15 if prefix == "37" else 16)
    edges = [0, *sorted(rng.sample(range(3, len(value) - 3), cuts)), len(value)]
    turns = [("agent", "Which card was it?")]
    for begin, end in pairwise(edges):
        turns += [("caller", FORMS[style](value[begin:end], rng)), ("agent", rng.choice(BACKCHANNELS))]
    out = REDACTOR.redact_turns(turns)
    assert len(out.texts) == len(turns)
    for (speaker, before), after in zip(turns, out.texts, strict=True):
        if speaker == "caller" and len(before.replace(" ", "")) >= 5:
            assert before not in after
    left = [t for (s, _), t in zip(turns, out.texts, strict=True) if s == "caller" and "<" not in t]
    assert sum(len(t.split()) for t in left) < 5


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["agent", "caller", "unknown"]), st.text(max_size=80)), max_size=6))
def test_any_text_at_all(turns: list[tuple[str, str]]) -> None:
    out = REDACTOR.redact_turns(turns)
    assert len(out.texts) == len(turns)
    assert all(out.texts[r.turn][r.start : r.end] == r.placeholder for r in out.redactions)


WORDS = (
    "card number is my the sort code routing social V A T one two three four forty sixty double oh hundred thousand 42 4242 "
    "999 , . no wait sorry uh and ending order tracking $ 12.50 GB NL for to a b ei account bank pin expires April <CARD_1>"
).split()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=30), min_size=1, max_size=4))
def test_a_second_pass_finds_nothing_new(spoken: list[list[str]]) -> None:
    turns = [("agent" if at % 2 else "caller", " ".join(words)) for at, words in enumerate(spoken)]
    once = REDACTOR.redact_turns(turns)
    again = REDACTOR.redact_turns([(s, t) for (s, _), t in zip(turns, once.texts, strict=True)])
    assert again.texts == once.texts


@pytest.mark.skipif(
    not (SHARED / "examples" / "calls.jsonl").exists(), reason="the shared examples are not beside the checkout"
)
def test_the_examples_leak_nothing() -> None:
    for line in (SHARED / "examples" / "calls.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        out = REDACTOR.redact_turns([(t["speaker"], t["text"]) for t in row["call"]["turns"]])
        spans = row["gold"].get("secret_spans", [])
        touched = {r.turn for r in out.redactions}
        assert touched == {span["turn"] for span in spans}
        for span in spans:
            assert span["text"] not in out.texts[span["turn"]]


UNITS = (
    "4 ", "four ", "a b ", "forty two ", "1.1.", "a@", "card number one ", "4242 no wait ", "double oh ", "four hundred ", "G for George 1 ",
    "card 4532 ", "4532 0151 1283 0366 ", "and 4242 or ", "order 770412. ", "expires 04/27 ", "<CARD_1> ", "cuatro dos ", "４２ ",
)  # fmt: skip
ROOM = str(Path(session.__file__).parent)


def work_on(text: str) -> int:
    """How many calls of functions and steps of generators of this package redacting ``text`` takes."""
    count = 0

    def seen(frame: FrameType, event: str, _: object) -> None:
        nonlocal count
        count += event == "call" and frame.f_code.co_filename.startswith(ROOM)

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        REDACTOR.redact_text(text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("unit", UNITS)
def test_long_text_is_linear(unit: str) -> None:
    """Twice the text is at most two and a half times the work."""
    repeated = 3_000 // len(unit)
    work_on("card 4532 0151 1283 0366")  # loads what is loaded once
    once, twice = work_on(unit * repeated), work_on(unit * (2 * repeated))
    assert once > 0
    assert twice <= 2.5 * once


@pytest.mark.parametrize(
    "value",
    [
        {"ssn": 536904399}, {"cvv": 739}, {"pin": 4821}, {"routing_number": 21000021}, {"bank_account": 8839201746},
        {"card": 4532015112830366.0}, {"numbers": ["4532", "0151", "1283", "0366"]}, {"digits": [int(d) for d in "4532015112830366"]},
    ],
)  # fmt: skip
def test_a_number_under_an_announcing_key_or_cut_into_a_list_is_removed(value: dict[str, Any]) -> None:
    cleaned = Redactor().redact_json(value)
    assert not any(char.isdigit() for char in json.dumps(cleaned).replace("_1>", ""))


def test_counts_sums_and_times_under_other_keys_stay() -> None:
    value = {"amount": 132, "duration": 58.5, "created": 1789203600, "scores": [1, 2, 3], "invoices": ["HL-1", "HL-2"]}
    assert Redactor().redact_json(value) == value
