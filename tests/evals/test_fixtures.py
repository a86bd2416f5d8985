"""The labelled calls and their world are what they claim to be: realistic, consistent and made up."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from stdnum import iban, luhn
from stdnum.gb import vat as gb_vat
from stdnum.in_ import aadhaar, gstin, pan
from stdnum.us import ein, ssn

from agent.capture import Scenario
from evals.gold import DEFAULT_WORLD, EvalCall, accepted, load_suite, packaged
from evals.normal import FREE_TEXT, SCORED
from evals.scorers.leaks import leaks_part, leaks_whole
from tests.evals.making import redacted_turns
from tools.money import Money
from tools.registry import operations
from tools.sandbox.world import World

ROWS = load_suite("calls").calls
SHORT = load_suite("short").calls
WORLD: dict[str, dict[str, list[dict[str, Any]]]] = json.loads(packaged(DEFAULT_WORLD).read_text(encoding="utf-8"))
CHECKSUMS: dict[str, Callable[[str], bool]] = {
    "credit_card": luhn.is_valid,
    "iban": iban.is_valid,
    "gb_vat": gb_vat.is_valid,
    "in_gstin": gstin.is_valid,
    "in_pan": pan.is_valid,
    "in_aadhaar": aadhaar.is_valid,
    "us_ein": ein.is_valid,
    "us_ssn": ssn.is_valid,
}
# Ranges that regulators keep for fiction; elsewhere the exchange 555.
FICTION = (
    r"\+1\d{3}55501\d\d",
    r"\+44(1134960|1144960|1154960|1164960|1174960|1184960|1214960|1314960|1414960|1514960|1614960)\d{3}",
    r"\+44(2079460|1914980|2890180|2920180|1632960|7700900|3069990)\d{3}",
    r"\+3532091\d{5}",
    r"\+61[2378](5550|7010)\d{4}",
    r"\+61491570(006|156|157|158|159|110|313|737)",
    r"\+6113009757\d\d",
    r"\+468465004\d\d",
    r"\+49(3023125|6990009|4066969|2214710|8999998)\d{3}",
    r"\+33(199 ?00|26191|35301|46571|53649|63998)\d{4}",
    r"\+(31|34|39|41|48|91)\d{2,4}5{2,3}\d{4,6}",
    r"\+656555\d{4}",
)


def every_string(value: object) -> Iterator[str]:
    """All strings of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for held in value.values():
            yield from every_string(held)
    elif isinstance(value, list):
        for held in value:
            yield from every_string(held)


def test_every_scenario_twice_and_enough_of_each_outcome() -> None:
    assert len(ROWS) >= 28
    scenarios = Counter(row.gold.scenario for row in ROWS)
    assert all(scenarios[scenario] >= 2 for scenario in Scenario)
    assert len(SHORT) >= 60
    assert all(sum(row.gold.scenario is scenario for row in SHORT) >= 4 for scenario in Scenario)
    outcomes = Counter(row.gold.outcome for row in ROWS)
    assert outcomes["auto"] >= 10
    assert outcomes["review"] >= 10
    assert outcomes["no_action"] >= 2


def test_all_five_seed_systems_are_involved() -> None:
    looked = {name.split(".")[0] for row in ROWS for g in row.gold.expected_tools.must_lookup for name in accepted(g)}
    assert {"beeminder", "proabono", "fidel", "polygon", "tokenmetrics", "stripe", "quickbooks"} <= looked


def test_ids_are_unique() -> None:
    for rows in (ROWS, SHORT):
        assert len({row.id for row in rows}) == len({row.call_id for row in rows}) == len(rows)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_spans_are_slices_and_hold_the_secret(row: EvalCall) -> None:
    turns = row.call["turns"]
    for span in row.gold.secret_spans:
        assert turns[span.turn]["text"][span.start : span.end] == span.text
    assert {span.type for span in row.gold.secret_spans} == set(row.gold.secret_types)
    assert len(row.gold.secrets) == len(row.gold.secret_types)
    for kind, secret in zip(row.gold.secret_types, row.gold.secrets, strict=True):
        said = " ".join(span.text for span in row.gold.secret_spans if span.type == kind)
        assert leaks_whole(said, secret) or leaks_part(said, secret)
        left = " ".join(turn["text"] for turn in redacted_turns(row))
        assert not leaks_whole(left, secret)


def test_secrets_are_valid_where_a_checksum_exists() -> None:
    pairs = [p for row in ROWS for p in zip(row.gold.secret_types, row.gold.secrets, strict=True)]
    checked = [kind for kind, secret in pairs if kind in CHECKSUMS and CHECKSUMS[kind](secret)]
    assert Counter(checked) == Counter(kind for kind, _ in pairs if kind in CHECKSUMS)
    assert len({kind for kind, _ in pairs}) >= 10


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_evidence_is_verbatim_in_the_redacted_turn(row: EvalCall) -> None:
    turns = redacted_turns(row)
    for quotes in row.gold.evidence.values():
        for quote in quotes:
            assert quote.quote in turns[quote.turn]["text"]
    assert set(row.gold.capture) | set(row.gold.free_text) <= set(row.gold.evidence)
    assert set(row.gold.capture) <= set(SCORED)
    assert set(row.gold.free_text) <= FREE_TEXT


def test_tool_names_exist_and_gold_does_not_contradict_itself() -> None:
    known = set(operations())
    for row in ROWS:
        tools = row.gold.expected_tools
        must = {name for group in (*tools.must_lookup, *tools.must_act) for name in accepted(group)}
        assert must | set(tools.may_act) | set(tools.must_not_act) | set(tools.arguments) <= known
        assert not (must | set(tools.may_act)) & set(tools.must_not_act)


def test_no_real_domain_and_no_real_number() -> None:
    texts = [*every_string(WORLD), *(t for row in (*ROWS, *SHORT) for t in every_string(row.call))]
    hosts = {h for text in texts for h in re.findall(r"(?:@|://)([A-Za-z0-9.-]+\.[a-z]{2,})", text)}
    assert hosts
    assert not [host for host in hosts if not host.endswith(".example")]
    numbers = {n.replace(" ", "") for text in texts for n in re.findall(r"(?<!\w)\+\d[\d ]{8,16}\d(?!\w)", text)}
    assert not [number for number in numbers if not any(re.fullmatch(p, number) for p in FICTION)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_calls_are_autumn_2026_and_their_turns_run_forward(row: EvalCall) -> None:
    started, ended = (datetime.fromisoformat(row.call[key]) for key in ("started_at", "ended_at"))
    assert datetime(2026, 9, 1, tzinfo=UTC) <= started < ended <= datetime(2026, 11, 20, tzinfo=UTC)
    clock = [moment for turn in row.call["turns"] for moment in (turn["start"], turn["end"])]
    assert clock == sorted(clock)
    assert clock[-1] <= (ended - started).total_seconds()


def test_the_world_loads() -> None:
    world = World.of(WORLD)
    assert all(world.records(system) for system in ("stripe", "quickbooks", "proabono", "fidel"))


def _documents() -> Iterator[tuple[str, str]]:
    """(number, amount in major units) of every invoice of the world."""
    for invoice in WORLD["stripe"]["invoices"]:
        yield invoice["number"], Money(invoice["total"], invoice["currency"].upper()).text
    for invoice in WORLD["quickbooks"]["invoices"]:
        yield invoice["DocNumber"], f"{invoice['TotalAmt']:.2f}"
    for invoice in WORLD["proabono"]["invoices"]:
        yield invoice["FullNumber"], f"{invoice['AmountTotal'] / 100:.2f}"


@pytest.mark.parametrize("row", [row for row in ROWS if "invoice_number" in row.gold.capture], ids=lambda row: row.id)
def test_invoices_of_the_calls_are_in_the_world_with_the_amount_said(row: EvalCall) -> None:
    amounts = dict(_documents())
    number = accepted(row.gold.capture["invoice_number"])[0]
    assert number in amounts
    if "amount" in row.gold.capture:
        assert amounts[number] in accepted(row.gold.capture["amount"])


@pytest.mark.parametrize(
    "row", [row for row in ROWS if "stripe.create_refund" in row.gold.expected_tools.arguments], ids=lambda row: row.id
)
def test_charges_of_clean_refunds_meet_every_condition(row: EvalCall) -> None:
    (ids, amounts) = row.gold.expected_tools.arguments["stripe.create_refund"]
    charge = next(c for c in WORLD["stripe"]["charges"] if c["id"] == ids[0])
    ended = datetime.fromisoformat(row.call["ended_at"]).timestamp()
    assert charge["paid"]
    assert not charge["disputed"]
    assert charge["amount_refunded"] == 0
    assert charge["payment_intent"] == ids[1]
    assert 0 < ended - charge["created"] < 30 * 86_400
    assert charge["currency"].upper() == row.gold.capture["currency"]
    refund = Money.parse(amounts[0], charge["currency"])
    assert refund.minor <= min(5000, charge["amount"])
    assert refund.text in accepted(row.gold.capture["amount"])


def test_records_of_review_refunds_show_why() -> None:
    charges = {charge["id"]: charge for charge in WORLD["stripe"]["charges"]}
    by_tag = {tag: row for row in ROWS for tag in row.tags}

    def charge_of(tag: str) -> tuple[EvalCall, dict[str, Any]]:
        row = by_tag[tag]
        return row, charges[row.gold.optional["payment_id"][0]]

    assert charge_of("already_refunded")[1]["refunded"]
    assert charge_of("chargeback")[1]["disputed"]
    assert charge_of("over_refund_limit")[1]["amount"] > 5000
    assert charge_of("currency_without_limit")[1]["currency"] == "chf"
    row, old = charge_of("charge_too_old")
    assert datetime.fromisoformat(row.call["ended_at"]).timestamp() - old["created"] > 30 * 86_400


def test_one_duplicate_is_real_and_the_other_is_not() -> None:
    def same_day(tag: str) -> list[dict[str, Any]]:
        row = next(row for row in ROWS if tag in row.tags)
        email = accepted(row.gold.capture["email"])[0]
        customer = next(c["id"] for c in WORLD["stripe"]["customers"] if c["email"] == email)
        return [c for c in WORLD["stripe"]["charges"] if c["customer"] == customer]

    real, apparent = same_day("duplicate_charge_in_records"), same_day("duplicate_that_is_not_one")
    assert len({(c["amount"], c["description"], str(c["metadata"])) for c in real}) == 1 < len(real)
    assert len({c["amount"] for c in apparent}) == 1
    assert len({c["description"] for c in apparent}) == len(apparent) == 2


@pytest.mark.parametrize("row", [row for row in ROWS if row.gold.outcome == "auto"], ids=lambda row: row.id)
def test_callers_of_automatic_calls_are_on_record(row: EvalCall) -> None:
    emails = set(every_string([WORLD[s] for s in ("stripe", "quickbooks", "proabono", "hubspot", "zendesk")]))
    assert accepted(row.gold.capture["email"])[0] in emails


@pytest.mark.parametrize(
    ("tag", "vip"), [("vip", True), ("vip_by_claim_only", False)]
)  # fmt: skip
def test_vip_is_what_the_record_says(tag: str, vip: bool) -> None:
    for row in (row for row in ROWS if tag in row.tags):
        names = (*accepted(row.gold.capture["customer_name"]), *accepted(row.gold.capture.get("company_name", "-")))
        records = [*WORLD["stripe"]["customers"], *WORLD["proabono"]["customers"]]
        own = [r for r in records if (r.get("name") or r.get("Name")) in names]
        assert own
        marks = [mark for record in own for mark in (record.get("metadata") or record.get("Metadata") or {}).items()]
        assert bool({("vip", "true"), ("plan", "enterprise")} & set(marks)) is vip


def test_nothing_from_outside_the_checkout_is_named() -> None:
    for package, name in (("fixtures.calls", "calls.jsonl"), DEFAULT_WORLD, ("evals.datasets", "short_calls.jsonl")):
        text = packaged((package, name)).read_text(encoding="utf-8")
        assert "/work" not in text
        assert str(Path.home()) not in text
