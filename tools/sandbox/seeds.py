"""Pretended Beeminder, ProAbono, Fidel, Polygon.io and Token Metrics."""

from __future__ import annotations

import re
import uuid
from typing import Any

from tools.sandbox.wire import Result, Vendor, Wire, shown
from tools.shapes import table
from tools.text import fold

USER_MARK = "sandbox-user-"
"""A Beeminder token that begins so belongs to the user named after it."""


class BeeminderVendor(Vendor):
    """Users, their goals, and charges to the owner of the token."""

    system = "beeminder"

    def __init__(self, records: dict[str, list[dict[str, Any]]]) -> None:
        super().__init__({**records, "charges": []})

    def let_in(self, wire: Wire) -> bool:
        return bool(wire.headers.get("authorization") or wire.query.get("auth_token") or wire.form.get("auth_token"))

    def unauthorized(self) -> Result:
        return 401, {"errors": {"token": "no_token", "message": "no token"}}

    def _owner(self, wire: Wire) -> dict[str, Any] | None:
        token = wire.headers.get("authorization", "").removeprefix("Bearer ")
        if token.startswith(USER_MARK):
            return self.one("users", "username", token.removeprefix(USER_MARK))
        return next(iter(self.records["users"]), None)

    def user(self, wire: Wire, match: re.Match[str]) -> Result:
        name = match["user"]
        row = self._owner(wire) if name == "me" else self.one("users", "username", name)
        return (200, shown(row)) if row else self.not_found()

    def goals(self, wire: Wire, match: re.Match[str]) -> Result:
        return 200, [shown(row) for row in self.records["goals"] if row.get("_user") == match["user"]]

    def goal(self, wire: Wire, match: re.Match[str]) -> Result:
        for row in self.records["goals"]:
            if row.get("_user") == match["user"] and row.get("slug") == match["slug"]:
                return 200, shown(row)
        return self.not_found()

    def charge(self, wire: Wire, match: re.Match[str]) -> Result:
        # As the vendor does, it bills the token's owner whatever user_id says.
        owner, form = self._owner(wire) or {}, wire.form
        if not re.fullmatch(r"\d+(\.\d\d?)?", form.get("amount", "")) or float(form["amount"]) < 1:
            return 422, {"errors": {"amount": ["must be at least 1"]}}
        charge = {
            "id": f"{len(self.records['charges']) + 1:024x}",
            "amount": float(form["amount"]),
            "note": form.get("note"),
            "username": owner.get("username"),
        }
        if "dryrun" not in form:
            self.records["charges"].append(charge)
        return 200, charge

    routes = (
        ("GET", r"/users/(?P<user>[^/]+)\.json", user),
        ("GET", r"/users/(?P<user>[^/]+)/goals\.json", goals),
        ("GET", r"/users/(?P<user>[^/]+)/goals/(?P<slug>[^/]+)\.json", goal),
        ("POST", r"/charges\.json", charge),
    )


class ProAbonoVendor(Vendor):
    """Customers, payment settings and invoices of one business."""

    system = "proabono"

    def unauthorized(self) -> Result:
        return 401, {"Code": "unauthorized", "Message": "no key"}

    def not_found(self) -> Result:
        return 404, {"Code": "not_found", "Message": "missing"}

    def customer(self, wire: Wire, match: re.Match[str]) -> Result:
        row = self.one("customers", "ReferenceCustomer", wire.query.get("ReferenceCustomer", ""))
        return (200, shown(row)) if row else self.not_found()

    def customers(self, wire: Wire, match: re.Match[str]) -> Result:
        return self._page(self.records["customers"], wire)

    def _page(self, found: list[dict[str, Any]], wire: Wire) -> Result:
        page, size = int(wire.query.get("Page", "1")), int(wire.query.get("SizePage", "10"))
        items = [shown(row) for row in found[(page - 1) * size : page * size]]
        return 200, {"Page": page, "SizePage": size, "Count": len(items), "TotalItems": len(found), "Items": items}

    def invoices(self, wire: Wire, match: re.Match[str]) -> Result:
        reference = wire.query.get("ReferenceCustomer", "")
        found = [row for row in self.records["invoices"] if row.get("ReferenceCustomer") == reference]
        if not found:
            return (204, None) if self.one("customers", "ReferenceCustomer", reference) else self.not_found()
        return self._page(found, wire)

    def invoice(self, wire: Wire, match: re.Match[str]) -> Result:
        wanted = wire.query.get("FullNumber", "").casefold()
        found = (row for row in self.records["invoices"] if str(row.get("FullNumber")).casefold() == wanted)
        row = next(found, None)
        return (200, shown(row)) if row else self.not_found()

    def save(self, wire: Wire, match: re.Match[str]) -> Result:
        body = wire.json
        reference = str(body.get("ReferenceCustomer") or f"generated-{self.serial()}")
        row = self.one("customers", "ReferenceCustomer", reference)
        if row is not None:
            row.update(body)
            return 200, shown(row)
        fresh = {
            "Id": 990_000 + self.serial(),
            "Status": "Enabled",
            **body,
            "ReferenceCustomer": reference,
            "Links": [{"rel": "hosted-home", "href": "https://portal.proabono.example/new"}],
        }
        self.records["customers"].append(fresh)
        settings = {
            "_ReferenceCustomer": reference,
            "TypePayment": "Free",
            "ModeBilling": "Auto",
            "IsGreyListed": False,
        }
        self.records["payment_settings"].append(settings)
        return 201, shown(fresh)

    def settings(self, wire: Wire, match: re.Match[str]) -> Result:
        row = self.one("payment_settings", "_ReferenceCustomer", wire.query.get("ReferenceCustomer", ""))
        if row is None:
            return 403, {"Code": "forbidden", "Message": "unknown or inaccessible"}
        if wire.method == "POST":
            if wire.json.get("TypePayment") in ("Card", "DirectDebit", "Free"):
                return 422, [{"Code": "validation", "Message": "read-only value", "Target": "TypePayment"}]
            row.update(wire.json)
        return 200, shown(row)

    routes = (
        ("GET", r"/v1/Customer", customer),
        ("GET", r"/v1/Customers", customers),
        ("GET", r"/v1/Invoices", invoices),
        ("GET", r"/v1/Invoice", invoice),
        ("POST", r"/v1/Customer", save),
        ("GET", r"/v1/CustomerSettingsPayment", settings),
        ("POST", r"/v1/CustomerSettingsPayment", settings),
    )


class FidelVendor(Vendor):
    """Brands; a name is unique and final."""

    system = "fidel"
    secret_headers = ("fidel-key",)

    def unauthorized(self) -> Result:
        return 401, {"error": {"code": "credential", "message": "no key"}}

    def not_found(self) -> Result:
        return 404, {"error": {"code": "item", "message": "missing"}}

    def _answer(self, items: list[dict[str, Any]], wire: Wire, status: int = 200) -> Result:
        found = [shown(row) for row in items]
        return status, {
            "items": found,
            "resource": f"/v1{wire.path}",
            "status": status,
            "execution": 1.0,
            "count": len(found),
        }

    def brands(self, wire: Wire, match: re.Match[str]) -> Result:
        name = wire.query.get("name")
        return self._answer([row for row in self.records["brands"] if name is None or row.get("name") == name], wire)

    def brand(self, wire: Wire, match: re.Match[str]) -> Result:
        row = self.one("brands", "id", match["id"])
        return self._answer([row], wire) if row else self.not_found()

    def create(self, wire: Wire, match: re.Match[str]) -> Result:
        body = wire.json
        if not 2 <= len(str(body.get("name") or "")) <= 50:
            return 400, {"error": {"code": "schema", "message": "Invalid schema", "metadata": []}}
        if any(fold(str(row.get("name"))) == fold(body["name"]) for row in self.records["brands"]):
            return 400, {"error": {"code": "item-save", "message": "Item already exists"}}
        brand = {
            "id": str(uuid.UUID(int=0x4000_8000_0000_0000_0000 + self.serial())),
            "accountId": str(uuid.UUID(int=1)),
            "logoURL": None,
            "websiteURL": None,
            **body,
            "consent": True,
            "live": False,
            "created": wire.iso,
            "updated": wire.iso,
        }
        self.records["brands"].append(brand)
        return self._answer([brand], wire, 201)

    def update(self, wire: Wire, match: re.Match[str]) -> Result:
        row = self.one("brands", "id", match["id"])
        if row is None:
            return self.not_found()
        if set(wire.json) - {"websiteURL"}:
            return 400, {"error": {"code": "schema", "message": "Invalid schema", "metadata": []}}
        row.update(wire.json, updated=wire.iso)
        return self._answer([row], wire)

    routes = (
        ("GET", r"/brands", brands),
        ("GET", r"/brands/(?P<id>[^/]+)", brand),
        ("POST", r"/brands", create),
        ("PATCH", r"/brands/(?P<id>[^/]+)", update),
    )


class PolygonVendor(Vendor):
    """Ticker events and filing files, by ``_key``."""

    system = "polygon"

    def unauthorized(self) -> Result:
        return 401, {"status": "ERROR", "request_id": "sandbox", "error": "unknown key"}

    def not_found(self) -> Result:
        return 404, {"status": "NOT_FOUND", "request_id": "sandbox"}

    def events(self, wire: Wire, match: re.Match[str]) -> Result:
        row = self.one("ticker_events", "_key", match["id"])
        return (200, shown(row)) if row else self.not_found()

    def files(self, wire: Wire, match: re.Match[str]) -> Result:
        row = self.one("filing_files", "_key", match["id"])
        return (200, shown(row)) if row else self.not_found()

    routes = (
        ("GET", r"/vX/reference/tickers/(?P<id>[^/]+)/events", events),
        ("GET", r"/v1/reference/sec/filings/(?P<id>[^/]+)/files", files),
    )


class TokenMetricsVendor(Vendor):
    """Tokens and prices."""

    system = "tokenmetrics"
    secret_headers = ("x-api-key",)

    def unauthorized(self) -> Result:
        return 401, {"success": False, "message": "no key"}

    def _answer(self, found: list[dict[str, Any]]) -> Result:
        data = [shown(row) for row in found]
        return 200, {"success": True, "message": "ok", "length": len(data), "data": data}

    def tokens(self, wire: Wire, match: re.Match[str]) -> Result:
        fields = {"symbol": "TOKEN_SYMBOL", "token_name": "TOKEN_NAME", "token_id": "TOKEN_ID"}
        found = self.records["tokens"]
        for parameter, field in fields.items():
            if parameter in wire.query:
                wanted = {fold(value) for value in wire.query[parameter].split(",")}
                found = [row for row in found if fold(str(row.get(field))) in wanted]
        return self._answer(found)

    def price(self, wire: Wire, match: re.Match[str]) -> Result:
        wanted = wire.query.get("token_id", "").split(",")
        return self._answer([row for row in self.records["prices"] if str(row.get("TOKEN_ID")) in wanted])

    routes = (("GET", r"/tokens", tokens), ("GET", r"/price", price))


def user_tokens(users: list[dict[str, Any]]) -> dict[str, str]:
    """The token of each pretended Beeminder user, as the credentials name it."""
    names = (str(table(user).get("username")) for user in users)
    return {f"access_token_{name.lower()}": USER_MARK + name for name in names}
