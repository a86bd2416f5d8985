"""A pretended QuickBooks Online: its query language, invoice mails, credit memos and sparse updates."""

from __future__ import annotations

import re
from typing import Any

from tools.sandbox.wire import Result, Vendor, Wire, shown
from tools.shapes import table
from tools.text import fold

_QUERY = re.compile(
    r"select \* from (?P<entity>\w+)(?: where (?P<where>.+?))?(?: ORDERBY (?P<order>\w+)(?P<desc> DESC)?)?"
    r"(?: STARTPOSITION (?P<start>\d+))?(?: MAXRESULTS (?P<most>\d+))?",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"(?P<field>\w+) (?P<op>=|like) (?:'(?P<text>(?:[^'\\]|\\.)*)'|(?P<flag>true|false))", re.IGNORECASE
)
_INSIDE = {"PrimaryEmailAddr": "Address", "CustomerRef": "value", "BillEmail": "Address"}


def _fault(code: str, status: int = 400) -> Result:
    error = {"Message": "refused", "Detail": "refused", "code": code}
    return status, {"Fault": {"type": "ValidationFault", "Error": [error]}}


def _fits(row: dict[str, Any], condition: re.Match[str]) -> bool:
    held = row.get(condition["field"])
    if condition["field"] in _INSIDE:
        held = table(held).get(_INSIDE[condition["field"]])
    if condition["flag"]:
        return held is None or held is (condition["flag"].lower() == "true")
    value = re.sub(r"\\(.)", r"\1", condition["text"])
    if condition["op"].lower() == "like":
        return fold(value) in fold(str(held or ""))
    if "@" in value:
        return str(held or "").casefold() == value.casefold()
    return held is not None and fold(str(held)) == fold(value)


class QuickBooksVendor(Vendor):
    """Customers, invoices, credit memos."""

    system = "quickbooks"

    def __init__(self, records: dict[str, list[dict[str, Any]]]) -> None:
        super().__init__({**records, "creditmemos": []})

    def unauthorized(self) -> Result:
        return 401, {"fault": {"type": "AuthenticationFault", "error": [{"code": "3200"}]}}

    def not_found(self) -> Result:
        return _fault("610")

    def query(self, wire: Wire, match: re.Match[str]) -> Result:
        asked = _QUERY.fullmatch(wire.query.get("query", ""))
        kind = f"{asked['entity'].lower()}s" if asked else ""
        if asked is None or kind not in self.records:
            return _fault("4000")
        where = asked["where"] or ""
        conditions = list(_CONDITION.finditer(where))
        if {word.lower() for word in _CONDITION.sub("", where).split()} - {"and"}:
            return _fault("4000")
        found = [row for row in self.records[kind] if all(_fits(row, condition) for condition in conditions)]
        if asked["order"]:
            found.sort(key=lambda row: str(row.get(asked["order"]) or ""), reverse=bool(asked["desc"]))
        start, most = int(asked["start"] or 1) - 1, int(asked["most"] or 100)
        page = [shown(row) for row in found[start : start + most]]
        return 200, {"QueryResponse": {asked["entity"]: page, "startPosition": start + 1} if page else {}}

    def read(self, wire: Wire, match: re.Match[str]) -> Result:
        row = self.one(f"{match['kind']}s", "Id", match["id"])
        return (200, {match["kind"].capitalize(): shown(row)}) if row else self.not_found()

    def send(self, wire: Wire, match: re.Match[str]) -> Result:
        return self.once(wire.query.get("requestid"), wire, lambda: self._send(wire, match["id"]), _fault("6000"))

    def _send(self, wire: Wire, invoice: str) -> Result:
        row = self.one("invoices", "Id", invoice)
        if row is None:
            return self.not_found()
        if wire.query.get("sendTo"):
            row["BillEmail"] = {"Address": wire.query["sendTo"]}
        if not table(row.get("BillEmail")).get("Address"):
            return _fault("2020")
        row["EmailStatus"] = "EmailSent"
        row["DeliveryInfo"] = {"DeliveryType": "Email", "DeliveryTime": wire.iso}
        return 200, {"Invoice": shown(row)}

    def credit(self, wire: Wire, match: re.Match[str]) -> Result:
        return self.once(wire.query.get("requestid"), wire, lambda: self._credit(wire), _fault("6000"))

    def _credit(self, wire: Wire) -> Result:
        body = wire.json
        lines = body.get("Line") or []
        if self.one("customers", "Id", str(table(body.get("CustomerRef")).get("value"))) is None or not lines:
            return _fault("2020")
        total = round(sum(table(line).get("Amount") or 0 for line in lines), 3)
        number = self.serial()
        memo = {
            **body,
            "Id": str(9000 + number),
            "DocNumber": f"CM-{number}",
            "TotalAmt": total,
            "RemainingCredit": total,
        }
        self.records["creditmemos"].append(memo)
        return 200, {"CreditMemo": shown(memo)}

    def update(self, wire: Wire, match: re.Match[str]) -> Result:
        return self.once(wire.query.get("requestid"), wire, lambda: self._update(wire), _fault("6000"))

    def _update(self, wire: Wire) -> Result:
        body = wire.json
        row = self.one("customers", "Id", str(body.get("Id")))
        if row is None:
            return self.not_found()
        if str(row.get("SyncToken", "0")) != str(body.get("SyncToken")):
            return _fault("5010")
        row.update({field: value for field, value in body.items() if field not in ("Id", "SyncToken", "sparse")})
        row["SyncToken"] = str(int(row.get("SyncToken", "0")) + 1)
        return 200, {"Customer": shown(row)}

    routes = (
        ("GET", r"/query", query),
        ("GET", r"/(?P<kind>customer|invoice)/(?P<id>[^/]+)", read),
        ("POST", r"/invoice/(?P<id>[^/]+)/send", send),
        ("POST", r"/creditmemo", credit),
        ("POST", r"/customer", update),
    )
