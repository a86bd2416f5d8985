"""Every kind of identifier goes, written and spoken; everything of the must-stay list stays."""

from __future__ import annotations

import json
import random
from functools import cache
from typing import Any

import pytest

from agent.redaction import RedactedTurns, Redactor
from agent.redaction.context import KINDS
from agent.redaction.recognizers.bank import is_bic, is_iban, is_routing, is_wallet
from agent.redaction.recognizers.cards import is_card
from agent.redaction.recognizers.tax import is_eu_vat, is_nric
from evals.redaction.identifiers import SUBJECTS, Subject
from tests.agent.redaction.cases import negatives, positives, read_phrases, snippet


@cache
def redactor() -> Redactor:
    return Redactor()


def redact(case: dict[str, Any]) -> RedactedTurns:
    return redactor().redact_turns([(turn["speaker"], turn["text"]) for turn in case["turns"]])


def lost_pieces(case: dict[str, Any]) -> list[str]:
    """Marked pieces of which the larger part can still be read in their turn."""
    out = redact(case)
    survived = []
    for span in case["spans"]:
        text = out.texts[span["turn"]]
        if len(span["text"]) < 3:
            continue
        half = len(span["text"]) // 2
        if span["text"] in text or (
            len(span["text"]) > 15 and (span["text"][:half] in text or span["text"][-half:] in text)
        ):
            survived.append(span["text"])
    return survived


@pytest.mark.covers("S21", "S24")
@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda s: s.type)
def test_every_kind_goes_however_it_is_said(subject: Subject) -> None:
    for seed in (101, 102):
        for shape in ("plain", "split", "lower", "filler", "correction", "damaged", "readback", "oneword"):
            case = snippet(seed, subject, shape)
            if case is None:
                continue
            assert lost_pieces(case) == [], case["id"]


@pytest.mark.parametrize("case", read_phrases(), ids=lambda c: c["id"])
def test_hand_written_snippets(case: dict[str, Any]) -> None:
    out = redact(case)
    assert lost_pieces(case) == []
    joined = " ".join(out.texts)
    assert [kept for kept in case["keep"] if kept not in joined] == []


@pytest.mark.parametrize("case", list(negatives(101)), ids=lambda c: c["id"])
def test_what_must_stay(case: dict[str, Any]) -> None:
    out = redact(case)
    assert out.texts == tuple(turn["text"] for turn in case["turns"])
    assert out.redactions == ()


@pytest.mark.parametrize(
    ("text", "entity", "placeholder"),
    [
        ("card 4532 0151 1283 0366", "CREDIT_CARD", "<CARD_1>"),
        ("the C V V is two nine one", "CARD_CVV", "<CVV_1>"),
        ("the card's expiry date is 04/27", "CARD_EXPIRY", "<EXPIRY_1>"),
        ("my card PIN is four oh seven two", "CARD_PIN", "<PIN_1>"),
        ("sort code 30-91-44", "SORT_CODE", "<SORT_CODE_1>"),
        ("routing number 118853453", "ROUTING_NUMBER", "<ROUTING_1>"),
        ("bank account number 6248744731", "BANK_ACCOUNT", "<BANK_1>"),
        ("GB16 WEST 9911 5984 2306 14", "IBAN", "<IBAN_1>"),
        ("IFSC SBIN0094478", "IFSC", "<IFSC_1>"),
        ("pay ravi.kumar@okaxis", "UPI", "<UPI_1>"),
        ("SWIFT code DEUTDEFF500", "BIC", "<BIC_1>"),
        ("BSB 736-617", "BSB", "<BSB_1>"),
        ("SSN 430-76-1784", "SSN", "<SSN_1>"),
        ("ITIN 943792983", "ITIN", "<ITIN_1>"),
        ("EIN 54-1792587", "EIN", "<EIN_1>"),
        ("VAT number GB845267549", "VAT", "<VAT_1>"),
        ("PAN SZWPW2049E", "PAN", "<PAN_1>"),
        ("GSTIN 06XYOPW2604F1ZN", "GSTIN", "<GSTIN_1>"),
        ("aadhaar 4820 4471 4359", "AADHAAR", "<AADHAAR_1>"),
        ("UTR 6574989009", "UTR", "<UTR_1>"),
        ("national insurance number YX083193B", "NINO", "<NINO_1>"),
        ("wallet 1DLh4Bvn9PjfpfUGn6A7t6W37UoZXhS9QE", "CRYPTO_WALLET", "<WALLET_1>"),
    ],
)
def test_entity_and_placeholder(text: str, entity: str, placeholder: str) -> None:
    out = redactor().redact_turns([("caller", text)])
    assert [(row.entity, row.placeholder) for row in out.redactions] == [(entity, placeholder)]


@pytest.mark.parametrize(
    "number",
    "4453331478932885 5140723862551188 2619487333113874 341351197181477 6491580699833970 30526000705614 3544897071248104 "
    "6275690072003171671 501823431223 8172003869967843 2204179648447300 4971002011831621647".split(),
)
def test_all_brands(number: str) -> None:
    assert is_card(number)
    assert not is_card(number[:-1] + str((int(number[-1]) + 1) % 10))


def test_checks_of_our_own() -> None:
    assert is_routing("118853453")
    assert not is_routing("000000000")
    assert is_iban("DE61374642878241527495")
    assert not is_iban("GB09MIDL27665206171730")
    assert is_bic("DEUTDEFF500")
    assert not is_bic("DEUTQQFF500")
    assert is_wallet("0x" + "ab" * 20)
    assert is_nric("S6247109C")
    assert not is_nric("S6247109A")
    assert all(
        map(
            is_eu_vat,
            "ATU14492262 BE0297908873 DE629975951 EL014165628 FR95171508088 IE1001307BA NL036286801B09 GB845267549".split(),
        )
    )


EU_VAT = (
    "ATU14492262 BE0297908873 BG837541253 CY36845128L CZ03183751 DE629975951 DK42466794 EE334985367 EL014165628 ESB62787692 "
    "FI28829654 FR95171508088 HR92909508296 HU64410445 IE1001307BA IT01776390690 LT157334312 LU04356342 LV45812334380 MT24751934 "
    "NL036286801B09 PL6379303418 PT562192654 RO59129200 SE556789260801 SI50469606 SK2024679118"
).split()


@pytest.mark.parametrize("number", EU_VAT)
def test_all_27_vat_numbers_go_written_and_spelled_without_being_announced(number: str) -> None:
    assert redactor().identifiers_in(f"it has to be {number} on there") == ("VAT",)
    assert redactor().redact_text(f"it has to be {' '.join(number)} on there") == "it has to be <VAT_1> on there"


def test_a_bare_account_number_is_the_workspaces_own_unless_a_bank_is_meant() -> None:
    bare = "My account number is 55 02 71 38."
    assert Redactor().redact_text(bare) == bare
    assert Redactor(bare_account_number="bank").redact_text(bare) == "My account number is <BANK_1>."
    assert Redactor().redact_text("My account number is 19165549155217.") == "My account number is <BANK_1>."
    banked = [("agent", "Which bank is it with?"), ("caller", bare)]
    assert Redactor().redact_turns(banked).texts[1] == "My account number is <BANK_1>."


def test_pan_in_lower_case_counts_in_india() -> None:
    damaged = "my pan is szwpw204e"
    assert "204" not in Redactor(region="IN").redact_text(damaged)


def test_a_misheard_card_goes_when_announced() -> None:
    assert redactor().redact_text("card number 4532 0151 1283 0361") == "card number <CARD_1>"


def test_an_unannounced_sixteen_digit_order_number_stays() -> None:
    text = "order number 4532 0151 1283 0361"
    assert redactor().redact_text(text) == text


def test_last_four_of_a_card_stays_and_of_a_tax_number_goes() -> None:
    assert redactor().redact_text("the card ending in 4407") == "the card ending in 4407"
    assert redactor().redact_text("last four of my social is 1784") == "last four of my social is <SSN_1>"


def test_every_kind_has_words_or_proves_itself() -> None:
    assert [kind.name for kind in KINDS if not kind.strong and not kind.weak and not kind.alone] == []
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_measured_on_a_fresh_corpus() -> None:
    """At most 2 % of identifiers readable and 1 % of strings lost, on seeds no one tuned against."""
    cases = [c for seed in (9001, 9002) for c in positives(seed)]
    random.Random(1).shuffle(cases)
    leaks = sum(bool(lost_pieces(case)) for case in cases[:500])
    kept = [(case, redact(case)) for seed in (9001, 9002) for case in negatives(seed)]
    lost = sum(any(k not in " ".join(out.texts) for k in case["keep"]) for case, out in kept)
    assert leaks <= 10, json.dumps({"leaks": leaks})
    assert lost <= len(kept) // 100, json.dumps({"lost": lost})
