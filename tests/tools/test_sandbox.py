"""The sandbox's books, its life across processes, its served form, and its manners."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.tools.conftest import KEY, Lab
from tests.tools.worlds import CHARGE, LANTERN, world
from tools.connector import Answer, Lost, Rejected
from tools.registry import operations
from tools.sandbox.server import SandboxServer
from tools.sandbox.transport import SandboxTransport
from tools.sandbox.world import World
from tools.toolbox import Toolbox, sandbox_toolbox, served_sandbox_toolbox

REFUND: dict[str, Any] = {"charge": CHARGE, "amount": "32.10", "currency": "GBP"}
ACTIONS: dict[str, dict[str, Any]] = {
    "stripe.create_refund": REFUND,
    "quickbooks.create_credit_memo": {"customer": "41", "amount": "1.00", "currency": "GBP"},
    "zendesk.create_ticket": {"requester_id": 610, "subject": "s", "comment": {"body": "b"}, "external_id": "c:ticket"},
    "zendesk.add_comment": {"ticket_id": 88, "comment": {"body": "b"}},
    "hubspot.create_note": {"contact_id": "301", "body": "b"},
    "gmail.send_message": {"to": "a@b.example", "subject": "s", "body": "b"},
    "gsheets.append_row": {"values": ["a"]},
    "slack.post_message": {"topic": "exception", "channel": "C1", "text": "t"},
    "proabono.create_customer": {"reference_customer": "N-1", "email": "a@b.example", "name": "N"},
    "fidel.create_brand": {"name": "Harbour Tea"},
    "gdrive.upload_file": {"record": "r", "name": "n", "folder_id": "f", "document_url": "https://docs.example/r"},
}


def do(toolbox: Toolbox, name: str, given: dict[str, Any], key: str = KEY) -> Answer:
    return toolbox.run(name, operations()[name].arguments.model_validate(given), key)


def again(toolbox: Toolbox, name: str, given: dict[str, Any]) -> object:
    return toolbox.find_again(name, operations()[name].arguments.model_validate(given), KEY)


def test_every_request_is_in_the_books_without_secrets(tmp_path: Path) -> None:
    books = tmp_path / "books" / "b.jsonl"
    toolbox = sandbox_toolbox(World.of(world()), books)
    do(toolbox, "stripe.create_refund", REFUND)
    lines = [json.loads(line) for line in books.read_text().splitlines()]
    assert [(line["system"], line["method"], line["path"], line["status"]) for line in lines] == [
        ("stripe", "GET", f"/v1/charges/{CHARGE}", 200),
        ("stripe", "POST", "/v1/refunds", 200),
    ]
    assert lines[1]["body"]["form"]["amount"] == "3210"
    assert lines[1]["headers"]["idempotency-key"] == KEY
    assert "authorization" not in books.read_text().lower()
    toolbox.close()


def test_the_books_are_their_owners_alone(tmp_path: Path) -> None:
    books, older = tmp_path / "b.jsonl", tmp_path / "older.jsonl"
    older.write_text("")
    older.chmod(0o644)
    for path in (books, older):
        toolbox = sandbox_toolbox(World.of(world()), path)
        do(toolbox, "stripe.create_refund", REFUND)
        toolbox.close()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "", "::"])  # noqa: S104
def test_a_sandbox_is_served_on_this_machine_only(host: str) -> None:
    with pytest.raises(ValueError, match="on this machine only"):
        SandboxServer(World.of({}), host=host)


@pytest.mark.parametrize("name", ACTIONS)
def test_what_was_done_is_still_done_in_the_next_process(tmp_path: Path, name: str) -> None:
    books = tmp_path / "b.jsonl"
    first = sandbox_toolbox(World.of(world()), books)
    done = do(first, name, ACTIONS[name])
    first.close()
    with books.open("a") as file:
        file.write('{"cut off by a cra')
    second = sandbox_toolbox(World.of(world()), books)
    found = again(second, name, ACTIONS[name])
    assert isinstance(found, Answer)
    assert found.vendor_id == done.vendor_id
    second.close()


def test_two_toolboxes_share_nothing() -> None:
    shared = World.of(world())
    for _ in range(2):
        toolbox = sandbox_toolbox(shared)
        do(toolbox, "stripe.create_refund", REFUND)
        toolbox.close()


def test_a_request_without_credentials_is_turned_away(lab: Lab) -> None:
    client = httpx.Client(transport=SandboxTransport(lab.sandbox))
    assert client.get("https://api.stripe.com/v1/customers").status_code == 401
    assert client.get("https://api.fidel.uk/v1/brands", headers={"Authorization": "x"}).status_code == 401
    assert client.post("https://slack.com/api/chat.postMessage").json() == {"ok": False, "error": "not_authed"}
    client.close()


def test_similar_hosts_are_not_vendors(lab: Lab) -> None:
    client = httpx.Client(transport=SandboxTransport(lab.sandbox))
    for address in ("https://api.stripe.com.evil.example/v1/refunds", "http://api.stripe.com/v1/refunds"):
        assert client.post(address).content.startswith(b"%PDF-")
    assert not lab.sandbox.books.entries
    client.close()


def test_refund_limits_are_the_vendors_too(lab: Lab) -> None:
    do(lab.toolbox, "stripe.create_refund", REFUND | {"amount": "30.00"})
    with pytest.raises(Rejected):
        do(lab.toolbox, "stripe.create_refund", REFUND | {"amount": "3.00"}, "1" * 32)
    headers = {"Authorization": "Bearer x"}
    client = httpx.Client(transport=SandboxTransport(lab.sandbox), headers=headers)
    answer = client.post("https://api.stripe.com/v1/refunds", data={"charge": CHARGE, "amount": "300"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "amount_too_large")
    client.close()


def test_parallel_requests_under_one_key_have_one_effect(lab: Lab) -> None:
    answers: list[str | None] = []

    def refund() -> None:
        answers.append(do(lab.toolbox, "stripe.create_refund", REFUND).vendor_id)

    threads = [threading.Thread(target=refund) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1
    assert len(lab.sandbox.vendors["stripe"].records["refunds"]) == 1


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[SandboxServer, Toolbox]]:
    own = World.of(world())
    server = SandboxServer(own, tmp_path / "b.jsonl")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    toolbox = served_sandbox_toolbox(server.address, own)
    yield server, toolbox
    toolbox.close()
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_served_sandbox_is_the_same_sandbox(served: tuple[SandboxServer, Toolbox]) -> None:
    server, toolbox = served
    arguments = operations()["stripe.list_charges"].arguments.model_validate({"customer": LANTERN})
    assert len(toolbox.run("stripe.list_charges", arguments).documents) == 2
    for name, given in ACTIONS.items():
        assert do(toolbox, name, given).vendor_id, name
    assert toolbox.sandbox
    assert {entry["system"] for entry in server.sandbox.books.entries} >= {"stripe", "zendesk", "gdrive"}


def test_a_served_sandbox_can_lose_an_answer(served: tuple[SandboxServer, Toolbox]) -> None:
    server, toolbox = served
    server.sandbox.faults.lose("stripe", path="/v1/refunds", method="POST")
    with pytest.raises(Lost):
        do(toolbox, "stripe.create_refund", REFUND)
    assert isinstance(again(toolbox, "stripe.create_refund", REFUND), Answer)
    assert httpx.get(f"{server.address}/nobody/x").status_code == 404


def test_a_request_that_breaks_the_server_is_told_by_its_kind_only(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise ValueError("card 4111 1111 1111 1111")

    monkeypatch.setattr("tools.sandbox.server.read_target", broken)
    with SandboxServer(World.of({})) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(f"{server.address}/stripe/v1/charges")
        thread.join()
    assert "a request failed (ValueError)" in caplog.text
    assert "4111" not in caplog.text + "".join(capsys.readouterr())
