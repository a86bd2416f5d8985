"""Recorded traffic replayed by vcrpy without a network, and nothing secret in any recording."""

from __future__ import annotations

import base64
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import httpx
import pytest
from stdnum import luhn
from vcr.errors import CannotOverwriteExistingCassetteException
from vcr.serializers import yamlserializer

from agent.redaction import Redactor
from tests.conftest import LOOPBACK
from tests.tools.cassettes import (
    BASE,
    EXCHANGES,
    FOLDER,
    ORIGIN,
    PLANTED,
    SCRUBBED,
    SECRET_HEADERS,
    SECRET_PARAMETERS,
    cassette_of,
    in_memory,
    over_the_wire,
    play,
    recording_rules,
)
from tests.tools.conftest import KEY
from tools.connector import Answer
from tools.registry import connectors

ALL = sorted(EXCHANGES)
MAIN_WRITES = {
    "stripe.create_refund",
    "quickbooks.send_invoice",
    "zendesk.create_ticket",
    "hubspot.create_note",
    "gmail.send_message",
    "slack.post_message",
    "gsheets.append_row",
    "gdrive.upload_file",
}
KEY_SHAPES = re.compile(
    r"\b[srp]k_(?:live|test)_\w+|\bxox[abepr]-[\w-]+|\bya29\.\S+|\bAIza[\w-]{30,}|\bpat-[a-z]{2}\d-\S+|\bghp_\w+"
    r"|\bwhsec_\w+|\bAKIA[0-9A-Z]{16}\b|\beyJ[\w-]{10,}\.[\w-]+|-----BEGIN [A-Z ]+-----|\b(?:Bearer|Basic) \S+",
)
TAX_SHAPES = re.compile(r"\b\d{3}-\d{2}-\d{4}\b|\b\d{2}-\d{7}\b|\b[A-Z]{5}\d{4}[A-Z]\b|\bGB\d{9}\b|\bDE\d{9}\b")
LONG_DIGITS = re.compile(r"(?<!\w)\d(?:[ -]?\d){12,18}(?!\w)")


@pytest.fixture(scope="module")
def vcr_cassette_dir() -> str:
    return str(FOLDER)


@pytest.fixture
def default_cassette_name(request: pytest.FixtureRequest) -> str:
    return str(request.node.callspec.params["system"])


@pytest.fixture
def vcr_config() -> dict[str, Any]:
    return {**recording_rules(), "record_mode": "none"}


@pytest.mark.vcr
@pytest.mark.block_network(allowed_hosts=["nowhere"])
@pytest.mark.covers("C01")
@pytest.mark.parametrize("system", ALL)
def test_the_same_connector_reads_the_replay_into_the_same_answers(system: str, vcr: Any) -> None:
    """Even loopback is closed here, so only the cassette can have answered."""
    toolbox, other = over_the_wire(), in_memory()
    replayed, expected = list(play(system, toolbox)), list(play(system, other))
    toolbox.close()
    other.close()
    assert replayed == expected
    assert all(isinstance(answer, Answer) and answer != Answer() for answer in replayed)
    assert vcr.all_played


@pytest.mark.vcr
@pytest.mark.block_network(allowed_hosts=["nowhere"])
@pytest.mark.parametrize("system", ["stripe"])
def test_what_was_never_recorded_is_not_answered(system: str, vcr: Any) -> None:
    with (
        httpx.Client(base_url=BASE, headers={"Authorization": "Bearer x"}) as client,
        pytest.raises(CannotOverwriteExistingCassetteException),
    ):
        client.post(f"/{system}/v1/refunds", data={"charge": "ch_other", "amount": "1"})
    assert vcr.play_count == 0


def test_every_system_has_a_cassette_and_the_main_writes_are_in_them() -> None:
    assert set(EXCHANGES) == set(connectors())
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(EXCHANGES)
    asked = {ask.name for asks in EXCHANGES.values() for ask in asks}
    assert asked >= MAIN_WRITES
    for system, asks in EXCHANGES.items():
        requests = [one["request"] for one in interactions(system)]
        assert any(request["method"] == "GET" or "search" in request["uri"] for request in requests), system
        writes = any(ask.name in MAIN_WRITES for ask in asks)
        assert any(request["method"] == "POST" for request in requests) or not writes, system


@pytest.mark.parametrize("system", ALL)
def test_a_cassette_says_where_it_came_from(system: str) -> None:
    assert cassette_of(system).read_text().startswith(ORIGIN)
    for one in interactions(system):
        assert one["request"]["uri"].startswith(f"{BASE}/{system}/"), "no vendor's address"


@pytest.mark.covers("C03")
@pytest.mark.parametrize("system", ALL)
def test_a_cassette_holds_placeholders_for_secrets_and_no_identifier(system: str) -> None:
    kept = cassette_of(system).read_text()
    assert SCRUBBED in kept
    assert PLANTED not in kept
    for one in interactions(system):
        request = one["request"]
        held = {name.lower(): values for name, values in request["headers"].items()}
        secrets = [name for name in SECRET_HEADERS if name in held]
        assert secrets, "every system is asked with credentials"
        assert all(held[name] == [SCRUBBED] for name in secrets)
        given = dict(httpx.URL(request["uri"]).params)
        assert all(given[name] == SCRUBBED for name in SECRET_PARAMETERS if name in given)
    assert problems(words(system)) == []


@pytest.mark.parametrize(
    "leak",
    [
        "sk_" + "test_4eC39HqLyjWDarjtT1zdp7dc",
        "Bearer " + "abcdef",
        "xox" + "b-1234-5678",
        "card 4242 4242 4242 4242",
        "5555555555554444",
        "078-05-1120",
        "iban DE89 3704 0044 0532 0130 00",
    ],
)
def test_the_scan_sees_what_it_looks_for(leak: str) -> None:
    assert problems([f"note: {leak}."])


def test_a_recorder_keeps_no_secret_wherever_it_stands(tmp_path: Path) -> None:
    from vcr import VCR

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={})

    path = tmp_path / "c.yaml"
    headers = {"Authorization": f"Bearer {PLANTED}", "X-Api-Key": PLANTED, "Fidel-Key": PLANTED, "Cookie": PLANTED}
    with VCR(record_mode="all", **recording_rules()).use_cassette(str(path)):
        client = httpx.Client(transport=httpx.MockTransport(answer), headers=headers)
        client.get(BASE.copy_merge_params(dict.fromkeys(SECRET_PARAMETERS, PLANTED)))
        client.post(BASE, data={"a": "b", **dict.fromkeys(SECRET_PARAMETERS, PLANTED)})
        client.close()
    assert path.read_text().count(SCRUBBED) >= 2 * len(SECRET_HEADERS) + 2 * len(SECRET_PARAMETERS)
    assert PLANTED not in path.read_text()


@pytest.mark.block_network
def test_the_two_guards_of_the_network_agree(allowed_hosts: Any) -> None:
    """The marker names no hosts of its own, so what --block-network allows is what tests/conftest.py allows."""
    assert allowed_hosts == LOOPBACK
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass
    with socket.socket() as outside, pytest.raises(RuntimeError):
        outside.connect(("192.0.2.1", 80))


def interactions(system: str) -> list[dict[str, Any]]:
    """What a cassette holds."""
    held: list[dict[str, Any]] = yamlserializer.deserialize(cassette_of(system).read_text())["interactions"]
    return held


def words(system: str) -> Iterator[str]:
    """Every text of a cassette, decoded; without our own ledger key and Slack's time stamps, which are digits too."""
    for one in interactions(system):
        request, response = one["request"], one["response"]
        for text in (request["uri"], str(request["headers"]), str(response["headers"])):
            yield unquote_plus(text).replace(KEY, "our-key")
        for body in (request["body"], response["body"]["string"]):
            text = unquote_plus(body.decode() if isinstance(body, bytes) else body or "")
            yield re.sub(r"\b\d{10}\.\d{6}\b", "time", _without_encoding(text)).replace(KEY, "our-key")


def _without_encoding(body: str) -> str:
    """The body with a mail in it as it reads."""
    try:
        held = json.loads(body)
        held["raw"] = base64.urlsafe_b64decode(held["raw"]).decode()
    except (ValueError, KeyError, TypeError):
        return body
    return str(held)


def problems(texts: Any) -> list[str]:
    """What of ``texts`` looks like a key, a card, a bank or a tax number."""
    redactor = Redactor()
    found = []
    for text in texts:
        found += [f"key: {match[:6]}" for match in KEY_SHAPES.findall(text)]
        found += ["tax" for _ in TAX_SHAPES.findall(text)]
        runs = (re.sub(r"[ -]", "", match) for match in LONG_DIGITS.findall(text))
        found += ["card" for run in runs if luhn.is_valid(run)]
        found += redactor.identifiers_in(text)
    return found
