"""Google Drive: a reserved id, our key among the properties, documents only from allowed hosts."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.tools.conftest import KEY, Lab
from tools.connector import Answer, Credentials, Lost, Rejected
from tools.gdrive import GDrive, UploadFile

FILE: dict[str, Any] = {
    "record": "in_Lantern0001",
    "name": "LB-2041.pdf",
    "folder_id": "folder9",
    "document_url": "https://hosted.stripe.example/i/1/pdf",
    "app_properties": {"invoice": "LB-2041"},
}


def test_files_by_reference_and_name(lab: Lab) -> None:
    (document,) = lab.run("gdrive.find_files", reference="LB-2041").documents
    assert (document.id, document.number, document.url) == ("drive1", "LB-2041", "https://drive.example/drive1")
    assert "appProperties has { key='invoice' and value='LB-2041' }" in lab.last.url.params["q"]
    assert lab.run("gdrive.find_files", name="Lantern's").documents
    assert "name contains 'Lantern\\'s'" in lab.last.url.params["q"]
    assert not lab.run("gdrive.find_files", reference="LB-1").documents


@pytest.mark.covers("S38")
def test_an_upload_on_the_wire(lab: Lab) -> None:
    answer = lab.run("gdrive.upload_file", **FILE)
    assert lab.last.url.path == "/upload/drive/v3/files"
    assert lab.last.url.params["uploadType"] == "multipart"
    kind = lab.last.headers["content-type"]
    assert kind.startswith("multipart/related; boundary=")
    parts = lab.last.content.split(b"--" + kind.split("boundary=")[1].encode())
    metadata = json.loads(parts[1].split(b"\r\n\r\n", 1)[1])
    assert metadata["parents"] == ["folder9"]
    assert metadata["id"] == answer.vendor_id
    assert metadata["appProperties"] == {"invoice": "LB-2041", "billing_agent_key": KEY}
    assert b"%PDF-" in parts[2]
    assert not any("permissions" in request.url.path for request in lab.wire.requests)


def test_the_document_is_fetched_without_our_token(lab: Lab) -> None:
    lab.run("gdrive.upload_file", **FILE)
    (fetch,) = [r for r in lab.wire.requests if r.url.host == "hosted.stripe.example"]
    assert "authorization" not in fetch.headers


def test_a_repeat_stores_nothing(lab: Lab) -> None:
    first = lab.run("gdrive.upload_file", **FILE)
    assert lab.run("gdrive.upload_file", **FILE).vendor_id == first.vendor_id
    assert len(lab.writes) == 1


def test_a_lost_upload_is_found_by_its_key(lab: Lab) -> None:
    assert lab.find_again("gdrive.upload_file", **FILE) is None
    lab.faults.lose("gdrive", method="POST")
    with pytest.raises(Lost):
        lab.run("gdrive.upload_file", **FILE)
    assert isinstance(lab.find_again("gdrive.upload_file", **FILE), Answer)


@pytest.mark.parametrize(
    ("address", "content"),
    [
        (None, b"%PDF-1"),
        ("http://files.stripe.com/x", b"%PDF-1"),
        ("https://169.254.169.254/x", b"%PDF-1"),
        ("https://files.stripe.com:x/", b"%PDF-1"),
        ("https://files.stripe.com/x", b"<html>"),
        ("https://files.stripe.com/x", b"%PDF-" + b"0" * 5_000_001),
    ],
)
def test_documents_that_are_refused(address: str | None, content: bytes) -> None:
    def vendor(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=content) if request.url.path == "/x" else httpx.Response(200, json={})

    own = GDrive(Credentials("gdrive", {"access_token": "t"}), transport=httpx.MockTransport(vendor))
    with pytest.raises(Rejected):
        own.upload_file(UploadFile(record="r", name="n", folder_id="f", document_url=address), KEY)
    own.close()


def test_a_redirect_may_not_lead_elsewhere() -> None:
    def vendor(request: httpx.Request) -> httpx.Response:
        if request.url.host == "pay.stripe.com":
            return httpx.Response(302, headers={"location": "https://evil.example/x"})
        return httpx.Response(200, json={})

    own = GDrive(Credentials("gdrive", {"access_token": "t"}), transport=httpx.MockTransport(vendor))
    given = UploadFile(record="r", name="n", folder_id="f", document_url="https://pay.stripe.com/x")
    with pytest.raises(Rejected):
        own.upload_file(given, KEY)
    own.close()
