"""A pretended HubSpot and a pretended Zendesk."""

from __future__ import annotations

import re
from typing import Any

from tools.sandbox.wire import Result, Vendor, Wire, shown
from tools.shapes import rows, table
from tools.text import fold, name_matches, same_phone

_PHONES = ("phone", "mobilephone")
_VERSION = r"/crm/objects/2026-03"


def _filter_fits(row: dict[str, Any], condition: dict[str, Any]) -> bool:
    field, operator = str(condition.get("propertyName")), condition.get("operator")
    value = str(condition.get("value", ""))
    if field.startswith("associations."):
        return value in [str(item) for item in row.get("_contacts") or []]
    held = row.get("id") if field == "hs_object_id" else table(row.get("properties")).get(field)
    if held is None:
        return False
    if operator == "CONTAINS_TOKEN":
        return name_matches(value, str(held)) or value in str(held)
    if operator != "EQ":
        return False
    if field in _PHONES:
        return same_phone(str(held), value)
    if field == "email":
        return str(held).casefold() == value.casefold()
    return fold(str(held)) == fold(value)


class HubSpotVendor(Vendor):
    """Contacts, owners, deals (``_contacts`` lists a deal's contact ids) and notes."""

    system = "hubspot"

    def __init__(self, records: dict[str, list[dict[str, Any]]]) -> None:
        super().__init__({**records, "notes": []})

    def not_found(self) -> Result:
        return 404, {"status": "error", "category": "OBJECT_NOT_FOUND", "message": "missing"}

    def unauthorized(self) -> Result:
        return 401, {"status": "error", "category": "INVALID_AUTHENTICATION", "message": "no token"}

    def search(self, wire: Wire, match: re.Match[str]) -> Result:
        body = wire.json
        found = self.records[match["kind"]]
        groups = rows(body.get("filterGroups"))
        if len(groups) > 5:
            return 400, {"status": "error", "category": "VALIDATION_ERROR", "message": "too many groups"}
        if groups:
            found = [r for r in found if any(all(_filter_fits(r, f) for f in rows(g.get("filters"))) for g in groups)]
        if query := fold(str(body.get("query") or "")):
            found = [r for r in found if any(query in fold(str(v)) for v in table(r.get("properties")).values() if v)]
        wanted = set(body.get("properties") or [])
        page = []
        for row in found[: int(body.get("limit", 10))]:
            kept = {name: value for name, value in table(row.get("properties")).items() if name in wanted}
            page.append({**shown(row), "properties": kept})
        return 200, {"total": len(found), "results": page}

    def owner(self, wire: Wire, match: re.Match[str]) -> Result:
        row = self.one("owners", "id", match["id"])
        return (200, shown(row)) if row else self.not_found()

    def owners(self, wire: Wire, match: re.Match[str]) -> Result:
        email = wire.query.get("email", "").casefold()
        found = [r for r in self.records["owners"] if not email or str(r.get("email") or "").casefold() == email]
        return 200, {"results": [shown(row) for row in found]}

    def note(self, wire: Wire, match: re.Match[str]) -> Result:
        body = wire.json
        properties = table(body.get("properties"))
        contacts = [str(table(link.get("to")).get("id")) for link in rows(body.get("associations"))]
        if not properties.get("hs_timestamp") or any(self.one("contacts", "id", c) is None for c in contacts):
            return 400, {"status": "error", "category": "VALIDATION_ERROR", "message": "refused"}
        note = {
            "id": str(700_000 + self.serial()),
            "properties": properties,
            "createdAt": wire.iso,
            "updatedAt": wire.iso,
            "archived": False,
            "_contacts": contacts,
        }
        self.records["notes"].append(note)
        return 201, shown(note)

    routes = (
        ("POST", _VERSION + r"/(?P<kind>contacts|deals|notes)/search", search),
        ("POST", _VERSION + r"/notes", note),
        ("GET", r"/crm/owners/2026-03/(?P<id>[^/]+)", owner),
        ("GET", r"/crm/owners/2026-03", owners),
    )


class ZendeskVendor(Vendor):
    """Users, tickets and their comments."""

    system = "zendesk"

    def __init__(self, records: dict[str, list[dict[str, Any]]]) -> None:
        super().__init__({**records, "comments": []})

    def not_found(self) -> Result:
        return 404, {"error": "RecordNotFound", "description": "Not found"}

    def unauthorized(self) -> Result:
        return 401, {"error": {"title": "Unauthorized", "message": "no token"}}

    def users(self, wire: Wire, match: re.Match[str]) -> Result:
        found = self.records["users"]
        if external := wire.query.get("external_id"):
            found = [row for row in found if str(row.get("external_id") or "").casefold() == external.casefold()]
        for field, quoted, bare in re.findall(r'(\w+):(?:"([^"]*)"|(\S+))', wire.query.get("query", "")):
            found = [row for row in found if _user_fits(row, field, quoted or bare)]
        return 200, {"users": [shown(row) for row in found], "count": len(found), "next_page": None}

    def search(self, wire: Wire, match: re.Match[str]) -> Result:
        found = self.records["tickets"]
        for field, sign, value in re.findall(r"(\w+)([:<])(\S+)", wire.query.get("query", "")):
            if field == "requester":
                users = {
                    str(u["id"])
                    for u in self.records["users"]
                    if str(u.get("email") or "").casefold() == value.casefold()
                }
                found = [row for row in found if str(row.get("requester_id")) in users | {value}]
            elif field == "external_id":
                found = [row for row in found if row.get("external_id") == value]
            elif field == "status" and sign == "<":
                found = [row for row in found if row.get("status") != value]
        newest = sorted(found, key=lambda row: str(row.get("updated_at") or ""), reverse=True)
        results = [{**shown(row), "result_type": "ticket"} for row in newest]
        return 200, {"results": results, "count": len(found), "next_page": None}

    def tickets(self, wire: Wire, match: re.Match[str]) -> Result:
        external = wire.query.get("external_id")
        found = [r for r in self.records["tickets"] if external is None or r.get("external_id") == external]
        return 200, {"tickets": [shown(row) for row in found], "count": len(found)}

    def create(self, wire: Wire, match: re.Match[str]) -> Result:
        clash = (400, {"error": "IdempotentRequestError", "description": "other parameters"})
        return self.once(wire.headers.get("idempotency-key"), wire, lambda: self._create(wire), clash)

    def _create(self, wire: Wire) -> Result:
        given = table(wire.json.get("ticket"))
        comment = table(given.get("comment"))
        requester = given.get("requester_id")
        if not comment.get("body") or (requester and self.one("users", "id", str(requester)) is None):
            return 422, {"error": "RecordInvalid", "description": "refused", "details": {}}
        taken = [row["id"] for row in self.records["tickets"] if isinstance(row["id"], int)]
        ticket = {
            "id": max(taken, default=1000) + 1,
            "status": "new",
            "created_at": wire.iso,
            "updated_at": wire.iso,
            **{key: value for key, value in given.items() if key != "comment"},
            "description": comment["body"],
        }
        self.records["tickets"].append(ticket)
        self._comment(ticket["id"], comment)
        return 201, {"ticket": shown(ticket)}

    def update(self, wire: Wire, match: re.Match[str]) -> Result:
        ticket = self.one("tickets", "id", match["id"])
        if ticket is None:
            return self.not_found()
        given = table(wire.json.get("ticket"))
        if comment := table(given.get("comment")):
            self._comment(ticket["id"], comment)
        ticket.update({key: value for key, value in given.items() if key != "comment"}, updated_at=wire.iso)
        return 200, {"ticket": shown(ticket)}

    def _comment(self, ticket: Any, comment: dict[str, Any]) -> None:
        # The vendor's own default is a public comment, which is why a connector must always say.
        public = comment.get("public", True)
        entry = {"id": self.serial(), "body": comment.get("body"), "public": public, "_ticket": str(ticket)}
        self.records["comments"].append(entry)

    def comments(self, wire: Wire, match: re.Match[str]) -> Result:
        if self.one("tickets", "id", match["id"]) is None:
            return self.not_found()
        return 200, {"comments": [shown(row) for row in self.records["comments"] if row["_ticket"] == match["id"]]}

    routes = (
        ("GET", r"/api/v2/users/search", users),
        ("GET", r"/api/v2/search", search),
        ("GET", r"/api/v2/tickets", tickets),
        ("POST", r"/api/v2/tickets", create),
        ("PUT", r"/api/v2/tickets/(?P<id>\d+)", update),
        ("GET", r"/api/v2/tickets/(?P<id>\d+)/comments", comments),
    )


def _user_fits(row: dict[str, Any], field: str, value: str) -> bool:
    held = str(row.get(field) or "")
    if field == "phone":
        return same_phone(held, value)
    return name_matches(value, held) if field == "name" else held.casefold() == value.casefold()
