"""Google Drive: find and store invoices and credit notes. Nothing is ever shared from here."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any, Self

import httpx
from pydantic import Field, model_validator

from tools.arguments import Identifier, OneLine, Query
from tools.connector import Answer, Arguments, Effect, Operation, Unavailable
from tools.google import GoogleConnector
from tools.records import Document
from tools.shapes import moment, pick, rows, table, text, texts

_KEY = "billing_agent_key"
_LARGEST = 5_000_000
_MOST_HOPS = 3
_FIELDS = "id,name,mimeType,webViewLink,createdTime,appProperties,parents"
_FILE = ("id", "name", "mimeType", "webViewLink", "createdTime", "appProperties")
_DOCUMENT_HOSTS = "files.stripe.com,invoice.stripe.com,pay.stripe.com"


class FindFiles(Query):
    """By words of the file's name, or by an invoice or customer reference kept with it."""

    name: OneLine | None = None
    reference: OneLine | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        return self.need_one_of("name", "reference")


class UploadFile(Arguments):
    """A PDF document to store. ``record`` is the document's id; the rest is filled from that record."""

    record: Identifier
    name: OneLine
    folder_id: Identifier
    document_url: str | None = None
    app_properties: dict[str, str] = Field(default_factory=dict)


def _literal(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


class GDrive(GoogleConnector):
    """Client of Google Drive. Optional setting: document_hosts, a comma list of hosts that documents may be
    fetched from."""

    system = "gdrive"
    home = "https://www.googleapis.com"

    def find_files(self, args: FindFiles, _key: str | None) -> Answer:
        """Files that fit; none is an empty answer."""
        conditions = []
        if args.reference:
            value = _literal(args.reference)
            conditions += [f"appProperties has {{ key='{key}' and value={value} }}" for key in ("invoice", "customer")]
            conditions.append(f"name contains {value}")
        if args.name:
            conditions.append(f"name contains {_literal(args.name)}")
        kept = self._list(f"({' or '.join(conditions)}) and trashed = false")
        return Answer([pick(row, _FILE) for row in kept], documents=tuple(_document(row) for row in kept))

    def upload_file(self, args: UploadFile, key: str | None) -> Answer:
        """Fetch the document and store it once, under an id that was reserved first.

        Raises Rejected when there is no document to fetch or it is too large.
        """
        if key and (already := self.find_upload(args, key)):
            return already
        content = self._fetch(args.document_url)
        reserved = table(self.read("GET", "/drive/v3/files/generateIds", params={"count": 1, "space": "drive"}).data)
        ids = reserved.get("ids")
        metadata: dict[str, Any] = {
            "name": args.name,
            "parents": [args.folder_id],
            "mimeType": "application/pdf",
            "appProperties": {**args.app_properties, _KEY: key or ""},
        }
        if isinstance(ids, list) and ids and text(ids[0]):
            metadata["id"] = text(ids[0])
        boundary, body = _multipart(metadata, content)
        reply = self.write(
            "POST",
            "/upload/drive/v3/files",
            params={"uploadType": "multipart", "fields": _FIELDS, "supportsAllDrives": "true"},
            content=body,
            headers={"Content-Type": f"multipart/related; boundary={boundary}"},
        )
        row = table(reply.data)
        if text(row.get("id")) is None:
            raise self.lost("the answer does not name the file")
        return _stored(row)

    def find_upload(self, _args: UploadFile, key: str) -> Answer | None:
        """The file that carries our key, None when there is none."""
        found = self._list(f"appProperties has {{ key='{_KEY}' and value={_literal(key)} }} and trashed = false")
        return _stored(found[0]) if found else None

    def _list(self, query: str) -> list[dict[str, Any]]:
        params: dict[str, str | int | bool] = {
            "q": query,
            "fields": f"files({_FIELDS})",
            "pageSize": 20,
            "supportsAllDrives": "true",
            "includeItemsFromAllDrives": "true",
        }
        data = table(self.read("GET", "/drive/v3/files", params=params).data)
        return [row for row in rows(data.get("files")) if text(row.get("id"))]

    def _fetch(self, address: str | None) -> bytes:
        """The document's bytes, without our credentials, from an allowed host, over https only."""
        hosts = {host.strip() for host in (self.option("document_hosts") or _DOCUMENT_HOSTS).split(",")}
        for _ in range(_MOST_HOPS):
            try:
                url = httpx.URL(address or "")
            except httpx.InvalidURL:
                url = httpx.URL("")
            if url.scheme != "https" or ("*" not in hosts and url.host not in hosts):
                raise self.rejected("the document's address is not one that documents are fetched from")
            try:
                answer = self.client.get(url)
            except httpx.TransportError:
                raise Unavailable(self.system, "the document could not be fetched") from None
            if not answer.has_redirect_location:
                break
            address = str(url.join(answer.headers["location"]))
        if answer.status_code != 200:
            raise self.rejected("the document could not be fetched")
        if not answer.content.startswith(b"%PDF-") or len(answer.content) > _LARGEST:
            raise self.rejected("the document is no PDF of at most 5 MB")
        return answer.content


def _multipart(metadata: Mapping[str, Any], content: bytes) -> tuple[str, bytes]:
    boundary = f"billing-agent-{secrets.token_hex(12)}"
    head = (
        f"--{boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{json.dumps(metadata)}\r\n"
        f"--{boundary}\r\nContent-Type: application/pdf\r\n\r\n"
    )
    return boundary, head.encode() + content + f"\r\n--{boundary}--\r\n".encode()


def _document(row: Mapping[str, Any]) -> Document:
    link = text(row.get("webViewLink"))
    kept = {key: value for key, value in table(row.get("appProperties")).items() if key != _KEY}
    return Document(
        system="gdrive",
        type="file",
        id=str(row["id"]),
        number=text(kept.get("invoice")),
        references=texts(*kept.values()),
        created=moment(row.get("createdTime")),
        description=text(row.get("name")),
        url=link,
    )


def _stored(row: Mapping[str, Any]) -> Answer:
    document = _document(row)
    return Answer(pick(row, _FILE), documents=(document,), vendor_id=document.id, url=document.url)


OPERATIONS = (
    Operation(
        "gdrive.find_files",
        Effect.LOOKUP,
        "Find stored documents by file name or invoice number.",
        FindFiles,
        GDrive.find_files,
    ),
    Operation(
        "gdrive.upload_file",
        Effect.DOCUMENT,
        "Store a record's document in the billing folder.",
        UploadFile,
        GDrive.upload_file,
        house_fields=frozenset({"name", "folder_id", "document_url", "app_properties"}),
        target=lambda args: str(args.record),
        find_again=GDrive.find_upload,
        idempotency="read_back",
    ),
)
