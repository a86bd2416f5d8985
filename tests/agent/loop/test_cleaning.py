"""What a system answers is shown without identifiers; what is only compared stays as it is."""

from __future__ import annotations

from datetime import date

import pytest

from agent.loop.cleaning import clean_answer
from tests.agent.loop.bed import CARD, redactor
from tools.connector import Answer
from tools.money import Money
from tools.records import Document, Owner, Party

PLAIN = Document(
    system="stripe",
    type="invoice",
    id="in_1",
    party_id="cus_1",
    number="LJ-2041",
    references=("pi_1",),
    amount=Money(4200, "USD"),
    status="open",
    due=date(2026, 10, 1),
    email="nora.quill@larkspur.example",
    description="Workshop seat",
    url="https://dashboard.example/invoices/in_1",
    links={"hosted": "https://pay.example/i/77", "pdf": "https://files.example/acct_1/test_YWNjdF8xLF9LcTBlNDQ0?s=ap"},
)
PARTY = Party(
    system="stripe",
    id="cus_1",
    names=("Nora Quill",),
    companies=("Larkspur Joinery",),
    emails=("nora.quill@larkspur.example",),
    phones=("+12025550143",),
    references=("LB-1",),
    url="https://dashboard.example/customers/cus_1",
)
OWNER = Owner(system="hubspot", id="77", name="Edda Lund", email="edda.lund@house.example")


def test_an_ordinary_answer_is_as_it_was() -> None:
    answer = Answer({"id": "in_1", "total": 4200}, (PARTY,), (PLAIN,), (OWNER,), url="https://pay.example/i/77")
    assert clean_answer(answer, redactor()) == answer


@pytest.mark.covers("C03", "S59")
def test_whatever_somebody_typed_into_a_record_is_masked() -> None:
    from dataclasses import replace

    document = replace(
        PLAIN,
        number=CARD,
        status=f"paid with {CARD}",
        description=f"card {CARD}",
        url=f"https://dashboard.example/{CARD.replace(' ', '-')}",
        links={"hosted": "https://pay.example/i/77", "pdf": f"https://files.example/?card={CARD.replace(' ', '%20')}"},
    )
    party = replace(PARTY, names=(f"Nora {CARD}",), companies=(CARD,), url="https://x.example/DE89370400440532013000")
    owner = replace(OWNER, name=f"Edda {CARD}", email=None)
    clean = clean_answer(Answer({"note": CARD, CARD: 1}, (party,), (document,), (owner,)), redactor())
    (shown,) = clean.documents
    assert (shown.number, shown.status, shown.description) == (None, "paid with <CARD_1>", "card <CARD_1>")
    assert (shown.url, shown.links) == (None, {"hosted": "https://pay.example/i/77"})
    assert clean.parties[0].names == ("Nora <CARD_1>",)
    assert clean.parties[0].companies == ("<CARD_1>",)
    assert clean.parties[0].url is None
    assert clean.owners[0].name == "Edda <CARD_1>"
    assert "4111" not in repr(clean)


def test_a_long_number_of_the_vendors_own_stays_a_number() -> None:
    from dataclasses import replace

    filing = replace(PLAIN, number="000119312526000123", url="https://files.example/000119312526000123/a.pdf")
    (shown,) = clean_answer(Answer(None, (), (filing,)), redactor()).documents
    assert (shown.number, shown.url) == (filing.number, filing.url)
