"""Records that others rely on: customers, brands, addresses (S31, S33, S53, S54)."""

from __future__ import annotations

from agent.loop.facts import Facts
from agent.loop.names import same_email, same_reference
from agent.loop.rules.money import Judge
from agent.loop.rules.ruling import Ruling, allow, deny, given, held, loosened, review
from tools.connector import Arguments


def create_customer(arguments: Arguments, facts: Facts) -> Ruling:
    """A ProAbono customer: an upsert, so only when a lookup by this very reference showed none (S31)."""
    reference = str(given(arguments, "reference_customer", "reference") or "")
    shown = [p for p in facts.parties if p.system == "proabono"]
    if any(same_reference(reference, own) for p in shown for own in (p.id, *p.references)):
        return deny(
            "S31.exists", "a customer with this reference exists and would be overwritten", "an unused reference"
        )
    if not _looked_for(reference, facts):
        return held(
            "S31.lookup_first", "no lookup by this reference has shown that it is free", "a lookup that finds none"
        )
    if not facts.matched and facts.approved_by is None:
        return review("S31.identity", "the caller is not identified", "a matched caller")
    email = str(given(arguments, "email") or "")
    known = [e for p in facts.matched_parties for e in p.emails]
    strange = facts.matched and not any(same_email(email, e) for e in known)
    if strange and not loosened("proabono.create_customer", facts.workspace):
        return review("S31.email", "the e-mail is not one on the matched caller's records", "the address on the record")
    return allow("S31.new_customer", "identified caller; the lookup by this reference showed none")


def _looked_for(reference: str, facts: Facts) -> bool:
    """Whether a finished lookup in ProAbono asked for ``reference`` and found nobody."""
    for looked in facts.lookups:
        if looked.system != "proabono" or looked.status not in ("ok", "not_found"):
            continue
        asked = [str(value) for value in looked.arguments.values() if value is not None]
        nobody = looked.answer is None or not looked.answer.parties
        if nobody and looked.tool == "proabono.find_customer" and any(same_reference(reference, one) for one in asked):
            return True
    return False


def brand(arguments: Arguments, facts: Facts) -> Ruling:
    """A Fidel brand: never by itself, since it cannot be deleted and binds a merchant (S33)."""
    if not facts.matched and facts.approved_by is None:
        return deny("S33.brand_unclear", "not proposed without a matched caller", "a matched caller")
    known = given(arguments, "brand_id")
    if known is not None and facts.document("fidel", str(known)) is None:
        return deny("S33.brand_unclear", "no lookup of this run showed this brand", "a looked-up brand")
    return review("S33.brand", "a brand binds a merchant and cannot be deleted, so a person decides", "an approval")


def address(arguments: Arguments, facts: Facts) -> Ruling:
    """A billing address: corrected by a person, on the matched caller's own record (S53, S54)."""
    customer = str(given(arguments, "customer_id", "customer") or "")
    pool = facts.matched_parties if facts.matched or facts.approved_by is None else facts.parties
    if not any(p.system == "quickbooks" and p.id == customer for p in pool):
        return deny(
            "S54.address_unclear", "not proposed: the record is not the matched caller's", "the caller's own record"
        )
    return review("S54.address", "addresses decide taxes and deliveries, so a person corrects them", "an approval")


RECORD_RULES: dict[str, Judge] = {
    "proabono.create_customer": create_customer,
    "fidel.create_brand": brand,
    "fidel.update_brand": brand,
    "quickbooks.update_customer_address": address,
}
