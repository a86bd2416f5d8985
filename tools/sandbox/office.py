"""Pretended Gmail, Google Drive, Google Sheets and Slack, and the hosts that documents are fetched from."""

from __future__ import annotations

import base64
import binascii
import json
import re
from email import message_from_bytes
from typing import Any

from tools.sandbox.wire import Result, Vendor, Wire, shown
from tools.shapes import rows, table
from tools.text import fold

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def _google(status: int, reason: str) -> Result:
    errors = [{"domain": "global", "reason": reason, "message": reason}]
    return status, {"error": {"code": status, "message": reason, "errors": errors}}


class _Google(Vendor):
    def unauthorized(self) -> Result:
        return _google(401, "authError")

    def not_found(self) -> Result:
        return _google(404, "notFound")


class GmailVendor(_Google):
    """Drafts and sent mail of one mailbox."""

    system = "gmail"

    def __init__(self, records: dict[str, list[dict[str, Any]]]) -> None:
        super().__init__({**records, "drafts": [], "messages": []})

    def _message(self, raw: Any, label: str) -> dict[str, Any] | None:
        try:
            mail = message_from_bytes(base64.urlsafe_b64decode(str(raw or "").encode()))
        except (binascii.Error, ValueError):
            return None
        if not mail["To"]:
            return None
        number = self.serial()
        return {
            "id": f"msg{number:08d}",
            "threadId": f"thread{number:08d}",
            "labelIds": [label],
            "_message_id": str(mail["Message-ID"] or "").strip("<> "),
        }

    def draft(self, wire: Wire, match: re.Match[str]) -> Result:
        message = self._message(table(wire.json.get("message")).get("raw"), "DRAFT")
        if message is None:
            return _google(400, "badRequest")
        draft = {"id": f"draft{self.serial():08d}", "message": shown(message), "_message_id": message["_message_id"]}
        self.records["drafts"].append(draft)
        return 200, shown(draft)

    def send(self, wire: Wire, match: re.Match[str]) -> Result:
        message = self._message(wire.json.get("raw"), "SENT")
        if message is None:
            return _google(400, "badRequest")
        self.records["messages"].append(message)
        return 200, shown(message)

    def search(self, wire: Wire, match: re.Match[str]) -> Result:
        wanted = re.search(r"rfc822msgid:(\S+)", wire.query.get("q", ""))
        kind = match["kind"]
        found = [row for row in self.records[kind] if wanted and row["_message_id"] == wanted[1]]
        if not found:
            return 200, {"resultSizeEstimate": 0}
        return 200, {kind: [shown(row) for row in found], "resultSizeEstimate": len(found)}

    routes = (
        ("POST", r"/gmail/v1/users/me/drafts", draft),
        ("POST", r"/gmail/v1/users/me/messages/send", send),
        ("GET", r"/gmail/v1/users/me/(?P<kind>messages|drafts)", search),
    )


class GDriveVendor(_Google):
    """Files with their metadata; contents are taken and dropped."""

    system = "gdrive"

    def files(self, wire: Wire, match: re.Match[str]) -> Result:
        query = wire.query.get("q", "")
        tagged = re.findall(r"appProperties has \{ key='([^']*)' and value='((?:[^'\\]|\\.)*)' \}", query)
        named = re.findall(r"name contains '((?:[^'\\]|\\.)*)'", query)
        found = []
        for row in self.records["files"]:
            held = table(row.get("appProperties"))
            by_tag = any(str(held.get(key)) == re.sub(r"\\(.)", r"\1", value) for key, value in tagged)
            by_name = any(fold(re.sub(r"\\(.)", r"\1", value)) in fold(str(row.get("name"))) for value in named)
            if not row.get("trashed") and (by_tag or by_name):
                found.append(shown(row))
        return 200, {"files": found}

    def new_ids(self, wire: Wire, match: re.Match[str]) -> Result:
        # Reserving changes nothing that a replay of the writes could miss.
        return 200, {"ids": [f"sandboxfile{len(self.records['files']) + 1:06d}"], "space": "drive"}

    def upload(self, wire: Wire, match: re.Match[str]) -> Result:
        boundary = re.search(r"boundary=(\S+)", wire.headers.get("content-type", ""))
        parts = wire.content.split(f"--{boundary[1]}".encode()) if boundary else []
        if len(parts) < 4:
            return _google(400, "badRequest")
        metadata = table(json.loads(parts[1].split(b"\r\n\r\n", 1)[1]))
        identity = str(metadata.get("id") or f"sandboxfile{len(self.records['files']) + 1:06d}")
        if self.one("files", "id", identity) is not None:
            return _google(409, "conflict")
        file = {
            "kind": "drive#file",
            **metadata,
            "id": identity,
            "createdTime": wire.iso,
            "webViewLink": f"https://drive.google.com/file/d/{identity}/view",
        }
        self.records["files"].append(file)
        return 200, shown(file)

    routes = (
        ("GET", r"/drive/v3/files", files),
        ("GET", r"/drive/v3/files/generateIds", new_ids),
        ("POST", r"/upload/drive/v3/files", upload),
    )


class GSheetsVendor(_Google):
    """Sheets that begin empty under any id."""

    system = "gsheets"

    def __init__(self, records: dict[str, list[dict[str, Any]]]) -> None:
        super().__init__({**records, "rows": []})

    def _sheet(self, sheet: str) -> list[list[Any]]:
        return [row["values"] for row in self.records["rows"] if row["sheet"] == sheet]

    def read(self, wire: Wire, match: re.Match[str]) -> Result:
        held = [row[:1] for row in self._sheet(match["id"])]
        return 200, {"range": match["range"], "majorDimension": "ROWS", **({"values": held} if held else {})}

    def append(self, wire: Wire, match: re.Match[str]) -> Result:
        values = wire.json.get("values")
        if wire.query.get("valueInputOption") not in ("RAW", "USER_ENTERED") or not isinstance(values, list):
            return _google(400, "badRequest")
        self.records["rows"].extend({"sheet": match["id"], "values": row} for row in values)
        name, number = match["range"].split("!")[0], len(self._sheet(match["id"]))
        updates = {"updatedRange": f"{name}!A{number}", "updatedRows": len(values)}
        return 200, {"spreadsheetId": match["id"], "updates": updates}

    routes = (
        ("POST", r"/v4/spreadsheets/(?P<id>[^/]+)/values/(?P<range>[^/]+):append", append),
        ("GET", r"/v4/spreadsheets/(?P<id>[^/]+)/values/(?P<range>[^/]+)", read),
    )


class SlackVendor(Vendor):
    """Any channel; failures come with status 200, as the vendor's do."""

    system = "slack"

    def __init__(self, records: dict[str, list[dict[str, Any]]]) -> None:
        super().__init__({**records, "messages": []})

    def unauthorized(self) -> Result:
        return 200, {"ok": False, "error": "not_authed"}

    def not_found(self) -> Result:
        return 200, {"ok": False, "error": "unknown_method"}

    def post(self, wire: Wire, match: re.Match[str]) -> Result:
        body = wire.json
        if not body.get("channel"):
            return 200, {"ok": False, "error": "channel_not_found"}
        if not body.get("text"):
            return 200, {"ok": False, "error": "no_text"}
        ts = f"{wire.unix}.{self.serial():06d}"
        message = {**body, "ts": ts, "type": "message"}
        self.records["messages"].append(message)
        return 200, {"ok": True, "channel": body["channel"], "ts": ts, "message": message}

    def history(self, wire: Wire, match: re.Match[str]) -> Result:
        thread = wire.query.get("ts")
        held = [row for row in self.records["messages"] if row["channel"] == wire.query.get("channel")]
        if thread:
            held = [row for row in held if thread in (row["ts"], row.get("thread_ts"))]
        return 200, {"ok": True, "messages": rows(held[::-1]), "has_more": False}

    routes = (
        ("POST", r"/chat\.postMessage", post),
        ("GET", r"/conversations\.(history|replies)", history),
    )
