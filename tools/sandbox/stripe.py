"""A pretended Stripe: lists, search, refunds and invoice mails."""

from __future__ import annotations

import re
from typing import Any

from tools.sandbox.wire import Result, Vendor, Wire, shown
from tools.shapes import table
from tools.text import fold, same_phone, same_reference

_CLAUSE = re.compile(r'(?:metadata\["(?P<key>[^"]+)"\]|(?P<field>\w+))(?P<op>[:~])"(?P<value>(?:[^"\\]|\\.)*)"')
_CLASH: Result = (400, {"error": {"type": "idempotency_error", "message": "Keys for idempotent requests"}})


def _refused(code: str) -> Result:
    return 400, {"error": {"type": "invalid_request_error", "code": code, "message": code}}


def _listed(rows: list[dict[str, Any]], wire: Wire) -> Result:
    newest = sorted(rows, key=lambda row: row.get("created") or 0, reverse=True)
    limit = int(wire.query.get("limit", "10"))
    data = [shown(row) for row in newest[:limit]]
    return 200, {"object": "list", "data": data, "has_more": len(rows) > limit, "url": wire.path}


def _fits(row: dict[str, Any], clause: re.Match[str]) -> bool:
    value = re.sub(r"\\(.)", r"\1", clause["value"])
    if clause["key"]:
        held = table(row.get("metadata")).get(clause["key"])
        return held is not None and same_reference(str(held), value)
    held = str(row.get(clause["field"]) or "")
    if clause["field"] == "phone":
        return same_phone(held, value)
    return fold(value) in fold(held) if clause["op"] == "~" else held.casefold() == value.casefold()


class StripeVendor(Vendor):
    """Customers, charges, subscriptions, invoices; refunds change their charge."""

    system = "stripe"

    def __init__(self, records: dict[str, list[dict[str, Any]]]) -> None:
        super().__init__({**records, "refunds": []})

    def unauthorized(self) -> Result:
        return 401, {"error": {"type": "invalid_request_error", "message": "no key"}}

    def not_found(self) -> Result:
        return 404, {"error": {"type": "invalid_request_error", "code": "resource_missing", "message": "missing"}}

    def find(self, wire: Wire, match: re.Match[str]) -> Result:
        row = self.one(match["kind"], "id", match["id"])
        return (200, shown(row)) if row else self.not_found()

    def list(self, wire: Wire, match: re.Match[str]) -> Result:
        rows = self.records[match["kind"]]
        for field in ("email", "customer", "subscription", "charge", "payment_intent", "status"):
            wanted = wire.query.get(field)
            if wanted and not (field == "status" and wanted == "all"):
                rows = [row for row in rows if row.get(field) == wanted]
        return _listed(rows, wire)

    def search(self, wire: Wire, match: re.Match[str]) -> Result:
        query = wire.query.get("query", "")
        clauses = list(_CLAUSE.finditer(query))
        joined = _CLAUSE.sub("", query).split()
        if not clauses or len(clauses) > 10 or (set(joined) - {"OR"} and set(joined) - {"AND"}):
            return _refused("parameter_invalid")
        needed = any if "OR" in joined else all
        return _listed([r for r in self.records[match["kind"]] if needed(_fits(r, c) for c in clauses)], wire)

    def payment_intent(self, wire: Wire, match: re.Match[str]) -> Result:
        charge = self.one("charges", "payment_intent", match["id"])
        if charge is None:
            return self.not_found()
        return 200, {"id": match["id"], "object": "payment_intent", "customer": charge.get("customer")}

    def refund(self, wire: Wire, match: re.Match[str]) -> Result:
        return self.once(wire.headers.get("idempotency-key"), wire, lambda: self._refund(wire), _CLASH)

    def _refund(self, wire: Wire) -> Result:
        form = wire.form
        key, value = (
            ("charge", form["charge"]) if "charge" in form else ("payment_intent", form.get("payment_intent", ""))
        )
        charge = self.one("charges", "id" if key == "charge" else key, value)
        if charge is None:
            return self.not_found()
        amount, refunded = charge.get("amount") or 0, charge.get("amount_refunded") or 0
        if charge.get("disputed"):
            return _refused("charge_disputed")
        if refunded >= amount:
            return _refused("charge_already_refunded")
        asked = form.get("amount", str(amount - refunded))
        if not charge.get("paid") or not asked.isdigit() or not 0 < int(asked) <= amount - refunded:
            return _refused("amount_too_large")
        charge["amount_refunded"] = refunded + int(asked)
        charge["refunded"] = charge["amount_refunded"] == amount
        metadata = {m[1]: value for name, value in form.items() if (m := re.fullmatch(r"metadata\[(.+)\]", name))}
        refund = {
            "id": f"re_sandbox{self.serial():06d}",
            "object": "refund",
            "amount": int(asked),
            "charge": charge["id"],
            "created": wire.unix,
            "currency": charge.get("currency"),
            "livemode": False,
            "metadata": metadata,
            "payment_intent": charge.get("payment_intent"),
            "reason": form.get("reason"),
            "status": "succeeded",
        }
        self.records["refunds"].append(refund)
        return 200, dict(refund)

    def send_invoice(self, wire: Wire, match: re.Match[str]) -> Result:
        return self.once(wire.headers.get("idempotency-key"), wire, lambda: self._send(match["id"]), _CLASH)

    def _send(self, invoice: str) -> Result:
        row = self.one("invoices", "id", invoice)
        if row is None:
            return self.not_found()
        if row.get("status") in ("draft", "void"):
            return _refused("invoice_not_editable")
        return 200, shown(row)

    routes = (
        ("GET", r"/v1/(?P<kind>customers|invoices)/search", search),
        ("GET", r"/v1/(?P<kind>customers|charges|subscriptions|invoices|refunds)", list),
        ("GET", r"/v1/(?P<kind>customers|charges|subscriptions|invoices|refunds)/(?P<id>[^/]+)", find),
        ("GET", r"/v1/payment_intents/(?P<id>[^/]+)", payment_intent),
        ("POST", r"/v1/refunds", refund),
        ("POST", r"/v1/invoices/(?P<id>[^/]+)/send", send_invoice),
    )
