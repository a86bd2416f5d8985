"""Which actions to propose once the lookups are done, with arguments taken from the call and the answers only.

A disputed charge gets no money action; a request taken back or a question already answered gets none at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from agent.models.stand_in.answers import Paper, papers, same_number
from agent.models.stand_in.lookups import Situation, Wish, new_brand
from agent.models.stand_in.money_facts import plain
from agent.models.stand_in.transcript import compiled
from agent.values import read_amounts, read_dates

_REVIEWED = frozenset("charge_dispute vip_payment_blocker collections_call tax_or_address_correction".split())
_GRAVE = frozenset(
    "spoken_instructions third_party identifier_to_be_used hardship legal_threat complaint broken_promise bank_reversal vulnerability fraud_claim "
    "data_rights commitment_change duplicate_charge contact_changed cut_off".split()
)
_LINK_MEANT = r"\b(link|secure (page|site)|update (my|the|your|our) (card|payment|details)|new card|punch it in|pay (it )?online)\b"


def next_actions(now: Situation) -> list[Wish]:
    """The actions that the caller asked for or was promised, that are offered and were not asked for yet."""
    if {"withdrawn", "answered"} & now.signals or "not_billing" in now.labels:
        return []
    made = {one.tool for one in now.asked}
    wishes: dict[str, Wish] = {}
    for wish in (*_refund(now), *_sends(now), *_changes(now), *_alert(now), *_note(now), *_row(now)):
        wish = Wish(wish.name, {key: value for key, value in wish.arguments.items() if value is not None})
        if wish.name in now.offered and wish.name not in made and set(wish.arguments) <= now.offered[wish.name]:
            wishes.setdefault(wish.name, wish)
    return list(wishes.values())


def _amount(now: Situation) -> Decimal | None:
    try:
        return Decimal(now.fact("amount") or "")
    except InvalidOperation:
        return None


def matching(now: Situation, kind: str) -> list[Paper]:
    """The documents of ``kind`` the call can mean: by number where one was said, else by amount; newest first."""
    found = [paper for paper in papers(now.asked) if paper.kind == kind]
    number = now.fact("invoice_number") if kind == "invoice" else now.fact("payment_id")
    named = [paper for paper in found if same_number(paper, number)]
    if named:
        return named
    amount, currency = _amount(now), now.fact("currency")
    if amount is not None:
        found = [p for p in found if p.amount == amount and (not currency or p.currency in (None, currency))]
    elif len(found) > 1:
        return []
    return sorted(found, key=lambda paper: paper.created, reverse=True)


def _refund(now: Situation) -> Iterator[Wish]:
    if "refund_request" not in now.labels or "charge_dispute" in now.labels or "fraud_claim" in now.signals:
        return
    amount = _amount(now)
    charges = [charge for charge in matching(now, "charge") if charge.paid]
    if not charges and amount is not None:
        # A stated part of the one charge there is.
        every = [
            p for p in papers(now.asked) if p.kind == "charge" and p.paid and p.amount is not None and p.amount > amount
        ]
        charges = every if len(every) == 1 else []
    if charges and charges[0].currency:
        charge = charges[0]
        wanted = _part_wanted(now, charge) or (amount if amount is not None else charge.amount)
        if wanted is not None:
            money = {"amount": plain(wanted), "currency": charge.currency}
            yield Wish("stripe__create_refund", {"charge": charge.id, **money, "reason": "requested_by_customer"})
        return
    books, currency = now.customer("quickbooks"), now.fact("currency")
    if books and amount is not None and currency and not now.customer("stripe"):
        arguments = {"customer": str(books.handle), "amount": plain(amount), "currency": currency}
        yield Wish("quickbooks__create_credit_memo", arguments)


def _part_wanted(now: Situation, charge: Paper) -> Decimal | None:
    """The part of the charge that the caller asked back in so many words: "half of it, so twenty two pounds"."""
    said = {money.amount for money in read_amounts(now.fact("credit_request") or "", charge.currency)}
    parts = [amount for amount in said if charge.amount is not None and 0 < amount < charge.amount]
    if len(said) > 0:
        return parts[0] if len(parts) == 1 and len(said) == 1 else None
    return _part_back(now, charge)


_OUT_OF_IT = r"^ (back|refunded|credited|returned)\b( (out of|from|of|and)\b)?"


def _part_back(now: Situation, charge: Paper) -> Decimal | None:
    """The one smaller sum that both sides call the part to go back: "fifteen euro back out of the forty five"."""
    sums = {
        money.amount
        for line in now.heard.lines
        for money in read_amounts(line.text, charge.currency)
        if money.currency in (None, charge.currency)
        and charge.amount is not None
        and 0 < money.amount < charge.amount
        and compiled(_OUT_OF_IT).search(line.text[money.end :])
    }
    return sums.pop() if len(sums) == 1 and now.heard.first(r"\b(just|only) the\b", "caller") else None


def _recipient(now: Situation, paper: Paper | None) -> str | None:
    said = now.fact("email")
    if said:
        return said
    if paper and paper.email:
        return paper.email
    known = [
        found.emails[0]
        for s in ("stripe", "proabono", "hubspot", "zendesk")
        if (found := now.customer(s)) and found.emails
    ]
    return known[0] if known else None


def _sends(now: Situation) -> Iterator[Wish]:
    if now.document_kind in ("statement", "tax_form"):
        return
    if "invoice_resend" in now.labels:
        invoices = matching(now, "invoice")
        for paper in invoices[:1]:
            to = _recipient(now, paper)
            if paper.system == "quickbooks":
                yield Wish("quickbooks__send_invoice", {"invoice_id": paper.id, "send_to": to})
            elif to:
                yield _mail(to, "invoice_copy", paper.number or paper.id)
    if "receipt_to_verified_email" in now.labels:
        for paper in [
            *(p for p in matching(now, "invoice") if p.paid),
            *(p for p in matching(now, "charge") if p.paid),
        ][:1]:
            to = _recipient(now, paper)
            if to:
                yield _mail(to, "receipt", paper.number or paper.id)
    if "renewal_failure" in now.labels and now.heard.first(_LINK_MEANT):
        owing = [
            *(p for p in matching(now, "invoice") if p.open),
            *(p for p in papers(now.asked) if p.kind == "subscription"),
        ]
        owed = owing[0] if owing else None
        to = _recipient(now, owed)
        if to:
            yield _mail(to, "payment_link", (owed.number or owed.id) if owed else None)


def _mail(to: str, template: str, record: str | None) -> Wish:
    return Wish("gmail__send_message", {"to": to, "template": template, "record": record})


_MOVE_DATE = r"\b(chang|mov|shift|push|switch|bring|alter|set)\w*\b[^.?!]{0,50}"
_NEW_ACCOUNT = (
    r"\b(set (me|us|it|them) up|new (customer|client|account)|open (an|a new) account|sign (me|us) up|onboard|brand new|"
    r"(get|go|put (me|us)) on(to)? the (billing|books)|no billing record|(set|put|open|make) (the|a|your) (billing )?(record|account) up|"
    r"(set|open|make|create) (up )?(the|a|your) (billing )?(record|account))\b"
)
_CHARGE_ME = (
    r"\b(charge (me|us|my|the|it)|put (it|the \w+|that) through|take the (payment|pledge)|go ahead and charge)\b"
)


def _changes(now: Situation) -> Iterator[Wish]:
    if "other_billing" not in now.labels:
        return
    client = now.customer("proabono")
    if client and (moment := _new_billing_date(now)):
        arguments = {"reference_customer": str(client.handle), "date_next_billing": moment}
        yield Wish("proabono__update_payment_settings", arguments)
    name = new_brand(now.heard)
    if name and not _known_brand(now, name):
        yield Wish("fidel__create_brand", {"name": name})
    reference, email = now.fact("account_id"), now.fact("email")
    who = now.fact("company_name") or now.fact("customer_name")
    if client is None and reference and email and who and now.heard.first(_NEW_ACCOUNT):
        yield Wish("proabono__create_customer", {"reference_customer": reference, "email": email, "name": who})
    users = [row for one in now.made("beeminder__get_user") for row in one.rows()]
    amount = _amount(now)
    if users and amount is not None and now.heard.first(_CHARGE_ME, "caller"):
        yield Wish("beeminder__create_charge", {"user_id": str(users[0].get("username")), "amount": plain(amount)})


def _known_brand(now: Situation, name: str) -> bool:
    rows = [row for one in now.made("fidel__list_brands") for row in one.rows()]
    return any(str(row.get("name", "")).casefold() == name.casefold() for row in rows)


def _new_billing_date(now: Situation) -> str | None:
    """The day the caller wants to be billed on next, in the month of the next billing that can still be moved."""
    today = now.heard.today
    place = now.heard.first(_MOVE_DATE + r"\bto (the )?", "caller")
    if today is None or place is None:
        return None
    days = [
        d
        for d in read_dates(place.line.text, today, region=now.heard.region, prefer="future")
        if d.start >= place.start
    ]
    if not days:
        return None
    wanted = days[-1].value
    rows = [row for one in now.made("proabono__get_payment_settings") for row in one.rows()]
    next_billing = re.match(r"(\d{4})-(\d{2})-(\d{2})", str(rows[0].get("DateNextBilling"))) if rows else None
    day = date(wanted.year, wanted.month, wanted.day)
    if next_billing:
        planned = date(int(next_billing[1]), int(next_billing[2]), int(next_billing[3]))
        day = _in_month(day.day, planned if (planned - today).days > 3 else _month_after(planned))
    return f"{day.isoformat()}T00:00:00Z"


def _month_after(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _in_month(number: int, month: date) -> date:
    last = (_month_after(month) - date.resolution).day
    return date(month.year, month.month, min(number, last))


def _alert(now: Situation) -> Iterator[Wish]:
    vip = any(c.vip for s in ("stripe", "hubspot", "zendesk", "proabono") if (c := now.customer(s)))
    topic = None
    if "vip_payment_blocker" in now.labels and vip:
        topic = "vip_payment_blocker"
    elif "bank_reversal" in now.signals:
        topic = "chargeback"
    elif "duplicate_charge" in now.signals and _twice(now):
        topic = "duplicate_charge"
    elif "renewal_failure" in now.labels and ("access_lost" in now.signals or vip):
        topic = "renewal_failure"
    if topic:
        yield Wish("slack__post_message", {"topic": topic})


def _twice(now: Situation) -> bool:
    charges = [(p.amount, p.currency) for p in papers(now.asked) if p.kind == "charge" and p.paid]
    return len(charges) != len(set(charges))


def _note(now: Situation) -> Iterator[Wish]:
    """One internal note where the caller is known: the open ticket, a new ticket, or the contact's record."""
    user, contact = now.customer("zendesk"), now.customer("hubspot")
    owner_first = bool(now.labels & {"renewal_failure", "vip_payment_blocker"})
    if contact and (owner_first or not user):
        yield Wish("hubspot__create_note", {"contact_id": str(contact.handle)})
        return
    if user:
        tickets = [row for one in now.made("zendesk__list_tickets") for row in one.rows()]
        if (
            len(tickets) == 1
            and isinstance(tickets[0].get("id"), int)
            and _about(now, str(tickets[0].get("subject", "")))
        ):
            yield Wish("zendesk__add_comment", {"ticket_id": tickets[0]["id"]})
        else:
            yield Wish("zendesk__create_ticket", {"requester_id": user.handle})


def _about(now: Situation, subject: str) -> bool:
    """Whether a ticket's subject shares a telling word with the call."""
    words = set(re.findall(r"[^\W\d_]{5,}", subject.lower()))
    return any(compiled(rf"\b{re.escape(word)}\b").search(line.text) for word in words for line in now.heard.lines)


def _row(now: Situation) -> Iterator[Wish]:
    if now.labels & _REVIEWED or now.signals & _GRAVE:
        yield Wish("gsheets__append_row", {})
