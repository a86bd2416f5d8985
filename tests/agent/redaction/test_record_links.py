"""Links and tickets of the call record: kept as they come, dropped when they hold an identifier."""

from __future__ import annotations

import pytest

from agent.call import Call, Speaker, Turn
from agent.loop.cleaning import clean_answer
from agent.redaction import Redactor
from agent.redaction.links import entities_in_link
from tools.connector import Answer
from tools.records import Document

CARD = "4242424242424242"
IBAN = "DE61374642878241527495"
FIELDS = ("recording_url", "transcript_url", "crm_url", "support_ticket", "payment_platform_url")


def _call(**links: str) -> Call:
    return Call(call_id="call_1", turns=(Turn(Speaker.CALLER, "hello"),), **links)  # type: ignore[arg-type]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "value", [CARD, f"https://crm.example/x?number={IBAN}", "https://crm.example/4242%204242%204242%204242"]
)
def test_a_link_with_an_identifier_is_dropped_and_the_call_flagged(field: str, value: str) -> None:
    redacted = Redactor().redact_call(_call(**{field: value}))
    assert getattr(redacted, field) is None
    assert redacted.flagged


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("recording_url", "https://recordings.example/call_hl7q2m9x4trk01.mp3?sig=EXAMPLE&se=2026-11-17T15%3A04%3A00Z"),
        ("transcript_url", "https://x.example/t/550e8400-e29b-41d4-a716-446655440000"),
        ("crm_url", "https://crm.example/contacts/152604"),
        ("support_ticket", "448817"),
        ("payment_platform_url", "https://dashboard.stripe.com/payments/pi_3MtwBwLkdIwHu7ix28a3tqPa"),
    ],
)
def test_an_ordinary_link_stays(field: str, value: str) -> None:
    redacted = Redactor().redact_call(_call(**{field: value}))
    assert getattr(redacted, field) == value
    assert not redacted.flagged


BAD = [
    "https://x.example/4242-4242-4242-4242",
    "https://x.example/4242.4242.4242.4242",
    "https://x.example/4242_4242_4242_4242",
    "https://x.example/4242/4242/4242/4242",
    "https://x.example/4242%2D4242%2D4242%2D4242",
    "https://x.example/p?card=4242%204242%204242%204242",
    "https://x.example/p?card=4242+4242+4242+4242",
    "https://x.example/p?card=4242%25204242%25204242%25204242",
    "https://x.example/p?card=%34%32%34%32%34%32%34%32%34%32%34%32%34%32%34%32",
    "https://x.example/?to=https%3A%2F%2Fy.example%2F%3Fcard%3D4242%2B4242%2B4242%2B4242",
    "https://x.example/receipt-4242424242424242.pdf",
    "https://4242424242424242.x.example/",
    "https://x.example/#card:4242424242424242",
    "https://x.example/?4242424242424242=",
    "https://x.example/?ssn=536-22-1234",
    "https://x.example/?ssn=536221234",
    "https://x.example/ssn/536221234",
    "https://x.example/a?cvv=737",
    "https://x.example/GB82WEST12345698765432",
    "https://x.example/gb82west12345698765432",
    "https://x.example/GB82-WEST-1234-5698-7654-32",
    "https://x.example/GB82%20WEST%201234%205698%207654%2032",
]
GOOD = [
    "https://crm.example/card/152604",
    "https://crm.example/accounts/40012345",
    "https://rec.example/2026/11/17/15/04/00/call.mp3",
    "https://rec.example/2026-11-17T15:04:00.123Z.wav",
    "https://x.example/?phone=%2B12025550143",
    "https://x.example/?start=2026-11-17&end=2026-11-18&amount=49.00",
    "https://x.example/r/35a8b894-a2ee-da83-4083-534355744277.wav",
    "https://api.example/Accounts/ACad5b91b004dca8dd6d87a9fbe4df2a45/Recordings/RE579e16881003af8decdea3e8bfe34b62",
    "https://x.example/i/acct_1uyN5g3m4z20HGuE-/live_q0y-pCg309Tgx-qDg5yYc1p_RDlhI3CM_PVm_yOcYbBSyUUq8eqd5TGqWOMTWo?s=ap",
    "https://r.example/a.mp3?X-Sig=c9e426b2af12660186a2155a6a5bc54c1667f40cc363946009581724df77cf41&Expires=1796801156",
]


@pytest.mark.parametrize("link", BAD)
def test_an_identifier_is_seen_whatever_separates_or_encodes_it(link: str) -> None:
    redactor = Redactor()
    assert entities_in_link(link, lambda turns: [row.entity for row in redactor.redact_turns(turns).redactions])
    assert redactor.redact_call(_call(crm_url=link)).crm_url is None


@pytest.mark.parametrize("link", GOOD)
def test_random_ids_days_and_signatures_are_no_identifiers(link: str) -> None:
    redacted = Redactor().redact_call(_call(recording_url=link))
    assert (redacted.recording_url, redacted.flagged) == (link, False)


def test_reading_a_link_in_many_ways_takes_no_placeholder_from_the_call() -> None:

    redacted = Redactor().redact_call(
        Call(call_id="call_1", turns=(Turn(Speaker.CALLER, f"card {CARD}"),), metadata={"card": IBAN}, crm_url=BAD[0])
    )
    assert redacted.metadata == {"card": "<IBAN_1>"}
    assert redacted.turns[0].text == "card <CARD_1>"


@pytest.mark.parametrize("link", BAD)
def test_answers_of_systems_lose_such_links_too(link: str) -> None:
    document = Document(system="stripe", type="invoice", id="in_1", url=link, links={"pdf": link})
    (shown,) = clean_answer(Answer(None, (), (document,)), Redactor()).documents
    assert (shown.url, shown.links) == (None, {})
