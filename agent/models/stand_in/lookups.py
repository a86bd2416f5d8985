"""Which lookups to make next: the caller in every system offered, then the documents the scenario needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.models.stand_in.answers import Asked, Customer, customers, papers
from agent.models.stand_in.naming import company_at
from agent.models.stand_in.transcript import Heard, compiled
from agent.values import read_ids

FINDERS = (
    "stripe__find_customer",
    "quickbooks__find_customer",
    "proabono__find_customer",
    "hubspot__find_contact",
    "zendesk__find_user",
)
_TRIES = {"hubspot": 2, "zendesk": 2}
_MOST_TRIES = 3


@dataclass(frozen=True, slots=True)
class Wish:
    """A tool call the planner wants to make."""

    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Situation:
    """Everything the planner goes by in one turn."""

    heard: Heard
    labels: frozenset[str]
    facts: Mapping[str, Any]
    signals: frozenset[str]
    document_kind: str | None
    asked: Sequence[Asked]
    offered: Mapping[str, frozenset[str]]

    def fact(self, name: str) -> str | None:
        """A captured value as text."""
        value = self.facts.get(name)
        return str(value) if value not in (None, "", False) else None

    def made(self, tool: str) -> list[Asked]:
        """The calls of ``tool`` so far."""
        return [one for one in self.asked if one.tool == tool]

    def customer(self, system: str) -> Customer | None:
        """The record of ``system`` that fits the caller best, among those its finder answered."""
        found = [c for one in self.asked if one.system == system and "__find_" in one.tool for c in customers(one)]
        known = [v.lower() for f in ("email", "company_name", "customer_name", "phone") if (v := self.fact(f))]
        return max(found, key=lambda c: sum(word in c.words for word in known)) if found else None


def next_lookups(now: Situation) -> list[Wish]:
    """The lookups still worth making, none of them made before."""
    wishes = [*_finders(now), *_beeminder(now), *_documents(now), *_subjects(now)]
    done = {(one.tool, repr(sorted(one.arguments.items()))) for one in now.asked}
    fresh: list[Wish] = []
    for wish in wishes:
        key = (wish.name, repr(sorted(wish.arguments.items())))
        allowed = wish.name in now.offered and set(wish.arguments) <= now.offered[wish.name]
        if allowed and key not in done:
            done.add(key)
            fresh.append(wish)
    return fresh


def _finders(now: Situation) -> Iterator[Wish]:
    known = any(now.customer(tool.split("__", 1)[0]) for tool in FINDERS)
    for tool in FINDERS:
        if tool not in now.offered:
            continue
        tried = now.made(tool)
        system = tool.split("__", 1)[0]
        if any(one.status in ("ok", "failed") for one in tried) or len(tried) >= (
            2 if known else _TRIES.get(system, _MOST_TRIES)
        ):
            continue
        used = {repr(sorted(one.arguments.items())) for one in tried}
        for key in _keys(now, system):
            if set(key) <= now.offered[tool] and repr(sorted(key.items())) not in used:
                yield Wish(tool, key)
                break


def _keys(now: Situation, system: str) -> Iterator[dict[str, str]]:
    """Search keys of the caller, best first for ``system``: e-mail, reference, names, phone."""
    email, company, person = now.fact("email"), now.fact("company_name"), now.fact("customer_name")
    reference = now.fact("account_id")
    if system == "quickbooks":
        reference = now.fact("invoice_number") or reference
    if email:
        yield {"email": email}
    if reference and system not in ("hubspot", "zendesk"):
        yield {"reference": reference}
    names = (person, company) if system in ("hubspot", "zendesk") else (company, person)
    for name in names:
        if name:
            yield {"name": name}
    phone = now.fact("phone") or now.heard.header.get("caller_number")
    if phone:
        yield {"phone": phone}
    if reference:
        yield {"reference": reference}
    for other in FINDERS:
        found = now.customer(other.split("__", 1)[0])
        yield from ({"email": address} for address in (found.emails[:1] if found else ()))


def _beeminder(now: Situation) -> Iterator[Wish]:
    if "beeminder__get_user" not in now.offered:
        return
    name = now.fact("account_id")
    named = now.heard.first(r"\bbeeminder\b|\buser ?name\b|\bpledge\b|\bcommitment") is not None
    if name and (named or not any(character.isdigit() for character in name)):
        yield Wish("beeminder__get_user", {"username": name.lower()})
    for one in now.made("beeminder__get_user"):
        for row in one.rows():
            goals = row.get("goals")
            if isinstance(goals, list) and len(goals) == 1 and now.heard.first(r"\b(goal|pledge|charge[sd]?)\b"):
                yield Wish("beeminder__get_goal", {"username": str(row.get("username")), "slug": str(goals[0])})


_INVOICE_LABELS = frozenset(
    "invoice_resend receipt_to_verified_email collections_call vip_payment_blocker tax_or_address_correction".split()
)
_CHARGE_LABELS = frozenset("refund_request charge_dispute receipt_to_verified_email".split())
_PLAN_LABELS = frozenset("renewal_failure vip_payment_blocker other_billing".split())
_OWNER_LABELS = frozenset("vip_payment_blocker renewal_failure collections_call other_billing".split())


def _documents(now: Situation) -> Iterator[Wish]:
    yield from _stripe(now)
    invoice = now.fact("invoice_number")
    books = now.customer("quickbooks")
    if books and (now.labels & (_INVOICE_LABELS | {"charge_dispute"}) or invoice):
        yield Wish("quickbooks__get_invoice", {"customer": str(books.handle)})
    elif invoice and _settled(now, "quickbooks__find_customer"):
        yield Wish("quickbooks__get_invoice", {"doc_number": invoice[:21]})
    client = now.customer("proabono")
    if client:
        yield Wish("proabono__list_invoices", {"reference_customer": str(client.handle)})
        if "other_billing" in now.labels or "renewal_failure" in now.labels:
            yield Wish("proabono__get_payment_settings", {"reference_customer": str(client.handle)})
    contact = now.customer("hubspot")
    if contact and now.labels & _OWNER_LABELS:
        if contact.owner:
            yield Wish("hubspot__get_owner", {"owner_id": contact.owner})
        if now.labels & {"renewal_failure", "vip_payment_blocker"}:
            yield Wish("hubspot__find_deals", {"contact_id": str(contact.handle)})
    user = now.customer("zendesk")
    if user:
        yield Wish("zendesk__list_tickets", {"requester_id": user.handle})
    yield from _files(now)


def _stripe(now: Situation) -> Iterator[Wish]:
    customer, invoice, plan = now.customer("stripe"), now.fact("invoice_number"), now.fact("subscription_id")
    if customer is None:
        if invoice and _settled(now, "stripe__find_customer"):
            yield Wish("stripe__get_invoice", {"invoice": invoice})
        return
    handle = str(customer.handle)
    if now.labels & _CHARGE_LABELS or "other_billing" in now.labels:
        yield Wish("stripe__list_charges", {"customer": handle})
    if invoice or now.labels & (_INVOICE_LABELS | {"renewal_failure"}):
        yield Wish("stripe__get_invoice", {"customer": handle})
    if plan or now.labels & _PLAN_LABELS:
        yield Wish("stripe__get_subscription", {"customer": handle})


def _settled(now: Situation, finder: str) -> bool:
    """Whether nothing more is to be hoped for from ``finder``."""
    return finder not in now.offered or not any(wish.name == finder for wish in _finders(now))


def _files(now: Situation) -> Iterator[Wish]:
    if "gdrive__find_files" not in now.offered or not now.labels & {"invoice_resend", "receipt_to_verified_email"}:
        return
    named = now.fact("invoice_number")
    numbers = [p.number for p in papers(now.asked) if p.number and p.kind == "invoice"]
    wanted = next((n for n in numbers if named and _plain(n) == _plain(named)), None) or named
    if wanted:
        yield Wish("gdrive__find_files", {"reference": wanted})


def _plain(text: str) -> str:
    return re.sub(r"\W|_", "", text).lower()


_COIN_TALK = r"\b(token(s|metrics)?|crypto\w*|coins?|price feed|live price|price (alert|signal|data|add-on)s?|altcoins?|blockchain)\b"
_COIN_NAME = (
    r"\b(?:token|coin)s?(?:,| called| named| for| is|:)* (?P<a>[a-z][\w-]{1,20})\b|\b(?:price|feed|chart|signal|alert|figure|value|prices)s? (?:of|for|on) (?:the )?(?P<b>[a-z][\w-]{1,20})\b"
    r"|\b(?P<c>[a-z][\w-]{1,20})(?:'s)? (?:token|coin|price|feed)\b|\b(?:oh|point) \w+ for (?P<d>[a-z][\w-]{1,20})\b"
)
_NOT_COINS = frozenset(
    "the a an my your our this that live single one of it for each any every right full same price token feed is was add next per and tokens in per "
    "current wrong low high whole list last new old half bad good unit sale best fair monthly annual data special market stock regular on to at".split()
)
_BRAND_TALK = r"\b(brands?|listings?|listed|merchant|storefront|off the app|on the app|cash ?back|rewards?|loyalty)\b"
_NEW_BRAND = r"\b(?:new name|(?:brand|stall|shop|store|site|place|it)(?:'s)? (?:is )?(?:called|named)|called|named|under the name(?: of)?|brand (?:is|for|name is)|name is|new brand)[.,:]? +"
_FILING_TALK = r"\b(filings?|accession|prospectus|annual report|edgar|sec file|ten[- ]?k|10-?k)\b"
_TICKER = r"\b(?:ticker|symbol|stock|listed as|trading (?:as|under))(?: symbol| code)?(?: is| was|,|:| for \w+ is)* (?P<t>(?:[a-z][ .]){1,4}[a-z]\b|[a-z]{1,5}\b)"
_SPELLED = r"(?<=\bfor )(?:[a-z] ){1,4}[a-z]\b(?! (?:zero|oh|nought|double|triple|one|two|three|four|five|six|seven|eight|nine|\d))"
_NOT_TICKERS = frozenset(
    "is was the a for on and of to data feed event change page list code at in it price market exchange info that has".split()
)


def _subjects(now: Situation) -> Iterator[Wish]:
    """Lookups of what the call is about besides the bill: brands, filings, tickers, tokens."""
    heard = now.heard
    if "fidel__list_brands" in now.offered and heard.first(_BRAND_TALK):
        names = [name for name in (new_brand(heard), now.fact("company_name")) if name]
        yield from (Wish("fidel__list_brands", {"name": name}) for name in names[:2])
        if not names:
            yield Wish("fidel__list_brands", {})
    if "polygon__list_filing_files" in now.offered and heard.first(_FILING_TALK):
        yield from (Wish("polygon__list_filing_files", {"filing_id": value}) for value in _filings(heard))
    if "polygon__get_ticker_events" in now.offered:
        yield from (Wish("polygon__get_ticker_events", {"ticker": value}) for value in _tickers(heard))
    found = any(one.status == "ok" for one in now.made("tokenmetrics__get_tokens"))
    if "tokenmetrics__get_tokens" in now.offered and not found and heard.first(_COIN_TALK):
        yield from (Wish("tokenmetrics__get_tokens", key) for key in _tokens(heard))
    for one in now.made("tokenmetrics__get_tokens"):
        for row in one.rows()[:1]:
            if isinstance(row.get("TOKEN_ID"), int):
                yield Wish("tokenmetrics__get_price", {"token_id": row["TOKEN_ID"]})


def new_brand(heard: Heard) -> str | None:
    """The name of a brand the caller wants made."""
    if not heard.first(r"\bbrands?\b"):
        return None
    for place in heard.find(_NEW_BRAND, "caller"):
        name = company_at(place.line.text, place.end, cased=True, most=5)
        if name:
            return name.display
    return None


def _filings(heard: Heard) -> list[str]:
    found = []
    for line in heard.lines:
        # "Filing" names a number as "accession" does; the reader of references knows the plain word.
        for value in read_ids(re.sub(r"\bfiling\b", "number", line.text, flags=re.IGNORECASE)):
            digits = re.sub(r"\D", "", value.value)
            if len(digits) == 18:
                found.append(f"{digits[:10]}-{digits[10:12]}-{digits[12:]}")
    return list(dict.fromkeys(found))[:2]


def _tickers(heard: Heard) -> list[str]:
    found = []
    for place in heard.find(_TICKER):
        match = compiled(_TICKER).match(place.text)
        letters = re.sub(r"[ .]", "", match["t"]) if match else ""
        spelled = bool(match) and " " in match["t"].strip() if match else False
        if letters and (spelled or letters.isupper()) and letters.lower() not in _NOT_TICKERS:
            found.append(letters.upper())
    if heard.first(r"\b(tickers?|symbols?)\b"):
        found += [place.text.replace(" ", "").upper() for place in heard.find(_SPELLED)]
    return list(dict.fromkeys(found))[:2]


def _tokens(heard: Heard) -> list[dict[str, str]]:
    keys: list[dict[str, str]] = []
    for place in heard.find(_COIN_NAME):
        match = compiled(_COIN_NAME).match(place.text)
        name = next((group for group in match.groups() if group), "") if match else ""
        if name and name.lower() not in _NOT_COINS and not name.isdigit():
            symbol = name.isupper() and len(name) <= 6
            key = {"symbol": name} if symbol else {"token_name": name}
            if key not in keys:
                keys.append(key)
    return sorted(keys, key=lambda key: not next(iter(key.values()))[:1].isupper())[:2]
