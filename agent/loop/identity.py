"""Who is calling: the facts of the call against the records that lookups found (pure; S37, S50, S65).

Matched means: at least two facts agree with one record and none contradicts, and at least one of
them is an e-mail, an account, customer or document id, or a phone that is not merely the (spoofable)
calling number. One person's records in several systems count as one record once they are tied to
each other by an e-mail, a reference, or a phone with a name. Nothing said on the call makes a caller
VIP, verified or anybody else's delegate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from agent.call import RedactedCall
from agent.capture import BillingCapture, Extraction, Signal
from agent.loop.names import (
    Likeness,
    company_likeness,
    company_words,
    letters,
    person_likeness,
    reference_shape,
    same_email,
    same_phone,
    same_reference,
    words,
)
from agent.run import MatchedCaller
from tools.records import Document, Party

_DOCUMENT_FIELDS = ("invoice_number", "payment_id", "subscription_id", "order_id")
STRONG = frozenset({"email", "account_id", "phone", *_DOCUMENT_FIELDS})
_PREFERRED = ("stripe", "quickbooks", "proabono", "hubspot", "zendesk", "beeminder", "fidel")
_CALLBACK_WORDS = frozenset("call ring reach text mobile cell callback extension".split())
Cluster = tuple[Party, ...]


@dataclass(frozen=True)
class _Said:
    """The identity facts of a call, read once."""

    capture: BillingCapture
    calling_number: str | None
    phone_is_callback: bool
    name_is_from_email: bool
    documents: tuple[Document, ...]

    @classmethod
    def of(cls, capture: BillingCapture, call: RedactedCall, documents: Iterable[Document]) -> _Said:
        callback, from_email = _callback_number(capture, call), _name_is_from_email(capture, call)
        return cls(capture, call.caller_number, callback, from_email, tuple(documents))

    def text(self, field: str) -> str | None:
        value = self.capture.value(field)
        return value if isinstance(value, str) and value.strip() else None

    @property
    def phone(self) -> str | None:
        """A phone that was said and is not merely the line the call came in on."""
        said = self.text("phone")
        if said is None or (self.calling_number is not None and same_phone(said, self.calling_number)):
            return None
        return said


@dataclass(frozen=True)
class _Weighed:
    """One cluster of records with the facts for and against it."""

    cluster: Cluster
    agreeing: tuple[str, ...]
    contradicting: tuple[str, ...]

    @property
    def strong(self) -> frozenset[str]:
        return STRONG.intersection(self.agreeing)

    @property
    def enough(self) -> bool:
        return len(self.agreeing) >= 2 and bool(self.strong)


def match(
    capture: BillingCapture,
    call: RedactedCall,
    parties: Sequence[Party],
    documents: Iterable[Document] = (),
    *,
    third_party: bool = False,
) -> MatchedCaller:
    """The identity verdict over everything looked up so far.

    ``documents`` lets a spoken invoice, payment, subscription or order id count for (or against) the
    record that owns it. ``third_party`` is whether the caller was heard to call for somebody else:
    then nobody is matched, whatever agrees.
    """
    said = _Said.of(capture, call, documents)
    weighed = [_weigh(said, cluster) for cluster in _clusters(parties)]
    weighed = [_with_foreign_facts(one, weighed) for one in weighed]
    ranked = sorted(weighed, key=_rank, reverse=True)
    if not ranked or not ranked[0].agreeing:
        return MatchedCaller(verdict="third_party" if third_party else "unknown")
    best, rivals = ranked[0], [one for one in ranked[1:] if one.enough and not one.contradicting]
    if third_party:
        return _verdict("third_party", best, said)
    if best.enough and not best.contradicting:
        outdone = all(best.strong > rival.strong for rival in rivals)
        one_each = _one_per_system(said, best.cluster) is not None
        return _verdict("matched" if outdone and one_each else "ambiguous", best, said)
    if best.contradicting and (best.strong or len(best.agreeing) >= 2):
        return _verdict("mismatched", best, said)
    if len([one for one in ranked if one.agreeing == best.agreeing]) > 1:
        return _verdict("ambiguous", best, said)
    return _verdict("unknown", best, said)


def identify(
    extraction: Extraction, call: RedactedCall, parties: Sequence[Party], documents: Iterable[Document] = ()
) -> MatchedCaller:
    """``match`` with the third-party signal read from the extraction."""
    heard = extraction.heard(Signal.THIRD_PARTY)
    return match(extraction.capture, call, parties, documents, third_party=heard)


def unified(matched: MatchedCaller, parties: Sequence[Party]) -> Cluster:
    """The records of every system that are the matched caller's.

    Where one system holds several records tied to the caller, only the matched one (or none, in a
    system where the match says nothing) belongs.
    """
    key = (matched.system, matched.id)
    home = next((c for c in _clusters(parties) if key in {(p.system, p.id) for p in c}), ())
    return tuple(
        p
        for p in home
        if (p.system, p.id) == key or (p.system != key[0] and sum(q.system == p.system for q in home) == 1)
    )


def _rank(one: _Weighed) -> tuple[bool, int, int, int]:
    return (one.enough and not one.contradicting, len(one.strong), len(one.agreeing), -len(one.contradicting))


def _verdict(verdict: str, best: _Weighed, said: _Said) -> MatchedCaller:
    cluster = _one_per_system(said, best.cluster) or best.cluster
    party = min(cluster, key=lambda p: (-len(_weigh(said, (p,)).agreeing), _preference(p)))
    return MatchedCaller.model_validate(
        {
            "verdict": verdict,
            "system": party.system,
            "id": party.id,
            "name": next(iter((*party.companies, *party.names)), None),
            "agreeing": best.agreeing,
            "contradicting": best.contradicting,
            "vip": any(p.vip for p in best.cluster),
        }
    )


def _preference(party: Party) -> int:
    return _PREFERRED.index(party.system) if party.system in _PREFERRED else len(_PREFERRED)


def _one_per_system(said: _Said, cluster: Cluster) -> Cluster | None:
    """The cluster with one record a system, told apart by an account or document id; None when none tells."""
    kept: list[Party] = []
    for system in dict.fromkeys(p.system for p in cluster):
        own = [p for p in cluster if p.system == system]
        if len(own) > 1:
            own = [p for p in own if _distinguishing(said, p)]
        if len(own) != 1:
            return None
        kept.append(own[0])
    return tuple(kept)


def _distinguishing(said: _Said, party: Party) -> bool:
    return bool({"account_id", *_DOCUMENT_FIELDS}.intersection(_weigh(said, (party,)).agreeing))


# -- one record or several ---------------------------------------------------------------------------


def _clusters(parties: Sequence[Party]) -> tuple[Cluster, ...]:
    """The parties grouped into people: two records are one person's when a chain of ties joins them."""
    groups: list[list[Party]] = []
    latest = {(party.system, party.id): party for party in parties}
    for party in latest.values():
        joined = [g for g in groups if any(_tied(party, other) for other in g)]
        groups = [g for g in groups if g not in joined]
        groups.append([*(p for g in joined for p in g), party])
    return tuple(tuple(group) for group in groups)


def _tied(a: Party, b: Party) -> bool:
    """Whether two records of different systems are one person's or one company's."""
    if a.system == b.system:
        return False
    if any(same_email(x, y) for x in a.emails for y in b.emails):
        return True
    if any(_telling(x) and same_reference(x, y) for x in (*a.references, a.id) for y in (*b.references, b.id)):
        return True
    people = _any(person_likeness, a.names, b.names)
    firms = _any(company_likeness, a.companies, b.companies)
    if any(same_phone(x, y) for x in a.phones for y in b.phones) and (people or firms):
        return True
    return people and _any(company_likeness, _firms(a), _firms(b))


def _telling(reference: str) -> bool:
    """Whether an id could not be another system's by chance: a plain short number could."""
    key = letters(reference)
    return len(key) >= 5 and not key.isdigit()


def _any(compare: Callable[[str, str], Likeness], ours: Iterable[str], theirs: Sequence[str]) -> bool:
    return any(compare(x, y) is Likeness.SAME for x in ours for y in theirs)


def _firms(party: Party) -> tuple[str, ...]:
    """Names that are surely an organisation's, not a person's."""
    return tuple(c for c in party.companies if c not in party.names or _sounds_like_a_firm(c, party.emails))


def _sounds_like_a_firm(name: str, emails: Sequence[str]) -> bool:
    """Whether an unclear record name is the organisation behind its own mail domain.

    ``Locanda del Pesco`` with ``segreteria@locandapesco.example`` is; ``Ravenna Ostrow`` with
    ``ravenna@ostrow.example`` is not, because the part before the @ is a person of that name.
    """
    parts = company_words(name)
    for email in emails:
        local, _, domain = email.partition("@")
        label = letters(domain.split(".", 1)[0])
        known = [w for w in parts if len(w) > 2 and w in label]
        personal = any(w in words(local.replace(".", " ")) for w in parts)
        if known and sum(map(len, known)) >= 0.8 * len(label) and not personal:
            return True
    return bool(set(words(name)) - set(parts)) and len(parts) >= 1 and _legal_form(name)


def _legal_form(name: str) -> bool:
    return words(name)[-1] not in company_words(name)


# -- facts for and against ---------------------------------------------------------------------------


def _weigh(said: _Said, cluster: Cluster) -> _Weighed:
    agreeing: list[str] = []
    contradicting: list[str] = []
    for field, likeness in (
        ("email", _email(said, cluster)),
        ("account_id", _account(said, cluster)),
        *((field, _document(said, cluster, field)) for field in _DOCUMENT_FIELDS),
        ("phone", _phone(said, cluster)),
        ("calling_number", _calling_number(said, cluster)),
        ("customer_name", _person(said, cluster)),
        ("company_name", _company(said, cluster)),
    ):
        if likeness is Likeness.SAME:
            agreeing.append(field)
        elif likeness is Likeness.DIFFERENT:
            contradicting.append(field)
    return _Weighed(cluster, _counted_once(said, agreeing), tuple(contradicting))


def _counted_once(said: _Said, agreeing: list[str]) -> tuple[str, ...]:
    """One utterance is one fact: a name that was taken for person and company alike counts once, and so
    does a name that was only read out of the e-mail address."""
    if "email" in agreeing and said.name_is_from_email:
        agreeing = [field for field in agreeing if field != "customer_name"]
    name, company = said.text("customer_name"), said.text("company_name")
    if name and company and letters(name) == letters(company) and {"customer_name", "company_name"} <= set(agreeing):
        return tuple(field for field in agreeing if field != "company_name")
    return tuple(agreeing)


def _name_is_from_email(capture: BillingCapture, call: RedactedCall) -> bool:
    """Whether the caller's name was only ever heard inside the address: every quote that proves it lies in
    the address's own quotes, and outside of those nobody said its words."""
    address = [(e.turn, e.quote) for e in capture.email.evidence]
    own = [(e.turn, letters(e.quote)) for e in capture.customer_name.evidence]
    if not own or not all(any(turn == t and quote in letters(q) for t, q in address) for turn, quote in own):
        return False
    rest: set[str] = set()
    for index, turn in enumerate(call.turns):
        text = turn.text
        for _, quote in (pair for pair in address if pair[0] == index):
            text = text.replace(quote, " ")
        rest.update(words(text))
    return not set(words(capture.customer_name.value or "")) <= rest


def _email(said: _Said, cluster: Cluster) -> Likeness:
    value, known = said.text("email"), [e for p in cluster for e in p.emails]
    if value is None or not known:
        return Likeness.NEAR
    return Likeness.SAME if any(same_email(value, e) for e in known) else Likeness.DIFFERENT


def _account(said: _Said, cluster: Cluster) -> Likeness:
    value = said.text("account_id")
    if value is None:
        return Likeness.NEAR
    known = [r for p in cluster for r in (*p.references, p.id)]
    if any(same_reference(value, r) for r in known):
        return Likeness.SAME
    series = any(reference_shape(value) == reference_shape(r) and not letters(r).isdigit() for r in known)
    return Likeness.DIFFERENT if series else Likeness.NEAR


def _document(said: _Said, cluster: Cluster, field: str) -> Likeness:
    """Whether the document the caller named is this cluster's, another's, or nobody's we have seen."""
    value = said.text(field)
    if value is None:
        return Likeness.NEAR
    named = [
        d
        for d in said.documents
        if d.party_id is not None and any(same_reference(value, x) for x in (d.id, d.number or "", *d.references))
    ]
    if any((d.system, d.party_id) in {(p.system, p.id) for p in cluster} for d in named):
        return Likeness.SAME
    systems = {p.system for p in cluster}
    return Likeness.DIFFERENT if any(d.system in systems for d in named) else Likeness.NEAR


def _phone(said: _Said, cluster: Cluster) -> Likeness:
    value, known = said.phone, [n for p in cluster for n in p.phones]
    if value is None or not known:
        return Likeness.NEAR
    if any(same_phone(value, n) for n in known):
        return Likeness.SAME
    local = "".join(c for c in value if c.isdigit())
    shortened = len(local) < 8 and any(n.endswith(local[-6:]) for n in known)
    return Likeness.NEAR if said.phone_is_callback or shortened else Likeness.DIFFERENT


def _calling_number(said: _Said, cluster: Cluster) -> Likeness:
    number = said.calling_number
    if number and any(same_phone(number, n) for p in cluster for n in p.phones):
        return Likeness.SAME
    return Likeness.NEAR


def _person(said: _Said, cluster: Cluster) -> Likeness:
    """The caller's own name. On a person's record another name contradicts; on a company's it does
    so only when the agreeing e-mail is personally the named contact's."""
    value = said.text("customer_name")
    if value is None:
        return Likeness.NEAR
    best = Likeness.NEAR
    for party in cluster:
        likeness = max((person_likeness(value, n) for n in party.names), key=_STRENGTH.__getitem__, default=None)
        if likeness is Likeness.SAME:
            best = Likeness.SAME
        elif likeness is Likeness.DIFFERENT and not _colleague(said, party, value):
            return Likeness.DIFFERENT
    return best


_STRENGTH = {Likeness.DIFFERENT: 0, Likeness.NEAR: 1, Likeness.SAME: 2}


def _colleague(said: _Said, party: Party, name: str) -> bool:
    """Whether a caller of another name may still speak for a company's record."""
    company = said.text("company_name")
    firms = _firms(party)
    named = company is not None and _any(company_likeness, (company,), party.companies)
    itself = _any(company_likeness, (name,), party.companies)
    if not (named or itself or firms):
        return False
    if firms and company is not None and not named:
        return False
    contacts = [n for n in party.names if n not in party.companies]
    return not any(_personal(said, contact) for contact in contacts)


def _personal(said: _Said, contact: str) -> bool:
    """Whether the e-mail that was said carries the name of ``contact``: somebody else is using it."""
    email = said.text("email")
    if email is None:
        return False
    local = letters(email.partition("@")[0])
    return any(len(w) >= 4 and w in local for w in words(contact))


def _company(said: _Said, cluster: Cluster) -> Likeness:
    """The company the caller named. Another company contradicts unless the person agrees by name:
    people work for two firms, and firms trade under two names."""
    value = said.text("company_name")
    if value is None:
        return Likeness.NEAR
    if _any(company_likeness, (value,), tuple(c for p in cluster for c in p.companies)):
        return Likeness.SAME
    firms = tuple(c for p in cluster for c in _firms(p))
    if not firms or any(company_likeness(value, c) is Likeness.NEAR for c in firms):
        return Likeness.NEAR
    return Likeness.NEAR if _person(said, cluster) is Likeness.SAME else Likeness.DIFFERENT


def _with_foreign_facts(one: _Weighed, everyone: Sequence[_Weighed]) -> _Weighed:
    """A strong fact that fits another person's record and not this one speaks against this one."""
    others = [other for other in everyone if other is not one and any(map(_has_identity, other.cluster))]
    foreign = {field for other in others for field in other.strong} - set(one.agreeing)
    against = tuple(f for f in sorted(foreign) if f not in one.contradicting)
    return _Weighed(one.cluster, one.agreeing, (*one.contradicting, *against))


def _has_identity(party: Party) -> bool:
    """Whether a record says anything about who it is; a bare username or id proves nobody (S37)."""
    return bool(party.names or party.companies or party.emails or party.phones)


def _callback_number(capture: BillingCapture, call: RedactedCall) -> bool:
    """Whether the phone was given to be rung on rather than to prove who is calling."""
    if capture.value("expects_callback"):
        return True
    heard: set[str] = set()
    for evidence in capture.phone.evidence:
        for index in (evidence.turn - 1, evidence.turn):
            if 0 <= index < len(call.turns):
                heard.update(words(call.turns[index].text))
    return bool(heard & _CALLBACK_WORDS)
