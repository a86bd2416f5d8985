"""Proof of a whole reading: every quote found in its turn, every value read from its quotes.

Pure. A value that fails a check is None and keeps the failed check; nothing is repaired. What is left
out altogether (an empty claim, a signal without words, an older statement) is named in ``dropped``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from agent.call import RedactedCall, Speaker
from agent.capture import CAPTURE_FIELDS, Check, Evidence, HeardSignal
from agent.extraction.freetext import prove_text
from agent.extraction.proofs.base import Prover, failed, passed
from agent.extraction.proofs.choices import prove_callback, prove_document, prove_name, prove_region, prove_status
from agent.extraction.proofs.days import prove_deadline, prove_due_date
from agent.extraction.proofs.money import amount_currency, prove_amount, prove_currency, prove_threshold
from agent.extraction.proofs.references import prove_email, prove_id, prove_phone
from agent.extraction.reading import Fact, Heard, Quote, Reading
from agent.extraction.scene import Place, Scene
from agent.values import normal_amount, plain_decimal
from agent.workspace import Workspace

DOCUMENT_KIND, MENTION = "document_kind", "mention"
_PROVERS: dict[str, Prover] = {
    "customer_name": prove_name,
    "company_name": prove_name,
    "finance_owner": prove_name,
    "account_id": prove_id,
    "invoice_number": prove_id,
    "payment_id": prove_id,
    "subscription_id": prove_id,
    "order_id": prove_id,
    "email": prove_email,
    "phone": prove_phone,
    "tax_region": prove_region,
    "amount": prove_amount,
    "approval_threshold": prove_threshold,
    "currency": prove_currency,
    "due_date": prove_due_date,
    "follow_up_deadline": prove_deadline,
    "payment_status": prove_status,
    "expects_callback": prove_callback,
    DOCUMENT_KIND: prove_document,
}
FREE_TEXT: frozenset[str] = frozenset(CAPTURE_FIELDS) - frozenset(_PROVERS)
_PLACEHOLDER = re.compile(r"<[A-Z][A-Z_]*(?:_\d+)?>")


@dataclass(frozen=True, slots=True)
class GroundedFact:
    """One field after proof. ``stated`` is the model's own figure, ``strength`` how plainly the words say the
    value, ``agreed`` whether both sides said it, ``attributed`` whether a known speaker did."""

    field: str
    value: str | bool | None
    evidence: tuple[Evidence, ...]
    checks: tuple[Check, ...]
    stated: float
    strength: float = 0.0
    agreed: bool = False
    attributed: bool = True


@dataclass(frozen=True, slots=True)
class Grounded:
    """A reading after proof, by field name (``document_kind`` among them)."""

    facts: Mapping[str, GroundedFact]
    signals: tuple[HeardSignal, ...] = ()
    mentions: tuple[Evidence, ...] = ()
    dropped: tuple[Check, ...] = ()


@dataclass(slots=True)
class _Quoted:
    """Facts of one field on their way to one: the places of their quotes, and how many were not found."""

    fact: Fact
    places: tuple[Place, ...]
    missing: int
    order: tuple[int, int] = field(default=(0, 0))


def ground(reading: Reading, call: RedactedCall, workspace: Workspace) -> Grounded:
    """Prove every fact and signal of ``reading`` against the words of ``call``."""
    scene = Scene(call, workspace)
    dropped: list[Check] = []
    by_field: dict[str, list[_Quoted]] = {}
    mentions: list[Evidence] = []
    for position, fact in enumerate(reading.facts):
        reason = _worthless(fact)
        if reason is not None:
            dropped.append(failed(fact.field, reason))
            continue
        quoted = _quoted(scene, fact, position)
        if fact.field == MENTION:
            mentions.extend(place.evidence for place in quoted.places)
        else:
            by_field.setdefault(fact.field, []).append(quoted)
    facts: dict[str, GroundedFact] = {}
    for name, candidates in by_field.items():
        facts[name] = _one(scene, name, candidates, dropped)
    _settle_currency(scene, facts)
    signals = _signals(scene, reading.signals, dropped)
    return Grounded(facts, signals, tuple(dict.fromkeys(mentions)), tuple(dropped))


def _worthless(fact: Fact) -> str | None:
    """Why a fact is left out before any proof, or None."""
    value = fact.value.strip()
    if not value or value.lower() in {"unknown", "none", "null", "n/a", "not mentioned", "not stated"}:
        return "no value was given"
    bare = _PLACEHOLDER.sub("", value)
    if _PLACEHOLDER.search(value) and (fact.field not in FREE_TEXT or not re.search(r"\w", bare)):
        return "the value is a removed identifier"
    if fact.field == "approval_threshold" and plain_decimal(value) is None:
        return "a condition in words is not an approval threshold"
    return None


def _quoted(scene: Scene, fact: Fact, position: int) -> _Quoted:
    places: list[Place] = []
    missing = 0
    for quote in fact.quotes:
        found = scene.find(quote)
        places.extend(found[:_MOST_PLACES])
        missing += not found
    last = max((place.turn for place in places), default=-1)
    return _Quoted(fact, tuple(dict.fromkeys(places)), missing, (last, position))


_MOST_PLACES = 3
"""A short quote may stand several times in its turn; this many of the places are looked at."""


def _one(scene: Scene, name: str, candidates: Sequence[_Quoted], dropped: list[Check]) -> GroundedFact:
    """The field's single fact: the latest statement, with the quotes of equal ones; free text is joined."""
    ordered = sorted(candidates, key=lambda item: item.order)
    proved = [_proved(scene, name, item) for item in ordered]
    if name in FREE_TEXT and len(proved) > 1:
        return _joined(proved, dropped)
    latest = proved[-1]
    for other in proved[:-1]:
        if other.value is not None and other.value == latest.value:
            evidence = tuple(dict.fromkeys((*other.evidence, *latest.evidence)))
            latest = replace(latest, evidence=evidence, agreed=latest.agreed or other.agreed)
        else:
            dropped.append(failed(name, "a later statement of the same field stands"))
    return latest


def _joined(proved: Sequence[GroundedFact], dropped: list[Check]) -> GroundedFact:
    sound = [fact for fact in proved if fact.value is not None]
    if not sound:
        return proved[-1]
    dropped.extend(
        failed(fact.field, "one of several statements was not proved") for fact in proved if fact.value is None
    )
    texts = dict.fromkeys(str(fact.value) for fact in sound)
    return replace(
        sound[-1],
        value="; ".join(texts),
        evidence=tuple(dict.fromkeys(part for fact in sound for part in fact.evidence)),
        checks=tuple(dict.fromkeys(check for fact in sound for check in fact.checks)),
        stated=min(fact.stated for fact in sound),
        strength=min(fact.strength for fact in sound),
    )


def _proved(scene: Scene, name: str, item: _Quoted) -> GroundedFact:
    evidence = tuple(dict.fromkeys(place.evidence for place in item.places))
    if item.missing or not item.places:
        check = failed("quote", "a quote is not found, word for word, in the turn it names")
        return GroundedFact(name, None, evidence, (check,), item.fact.confidence)
    prove = _PROVERS.get(name, prove_text)
    proof = prove(scene, item.fact.value, item.places)
    checks = (passed("quote", "every quote stands word for word in its turn"), *proof.checks)
    if proof.value is None:
        return GroundedFact(name, None, evidence, checks, item.fact.confidence)
    agreed = _both_sides(scene, name, item)
    speakers = {place.speaker for place in item.places}
    return GroundedFact(
        name,
        proof.value,
        evidence,
        (*checks, _speaker_check(speakers, agreed)),
        item.fact.confidence,
        proof.strength,
        agreed,
        bool(speakers & {Speaker.AGENT, Speaker.CALLER, Speaker.TRANSFER_TARGET}),
    )


def _speaker_check(speakers: Iterable[Speaker], agreed: bool) -> Check:
    """Whose word the value is: a caller's claim, or said by the agent, or by both."""
    said = sorted(speaker.value.replace("_", " ") for speaker in speakers)
    who = " and ".join(said)
    more = "; the other side says the same" if agreed and len(said) == 1 else ""
    return passed("speaker", f"said by {who}{more}")


_BY_TURN = {
    "amount": "amounts",
    "approval_threshold": "amounts",
    "email": "emails",
    "phone": "phones",
    **dict.fromkeys(("account_id", "invoice_number", "payment_id", "subscription_id", "order_id"), "ids"),
}


def _both_sides(scene: Scene, name: str, item: _Quoted) -> bool:
    """Whether caller and agent both said the value: in the quotes, or read from another turn."""
    speakers = {place.speaker for place in item.places}
    if {Speaker.AGENT, Speaker.CALLER} <= speakers:
        return True
    kind = _BY_TURN.get(name)
    if kind is None or not speakers & {Speaker.AGENT, Speaker.CALLER}:
        return False
    prove = _PROVERS[name]
    other_side = Speaker.CALLER if Speaker.AGENT in speakers else Speaker.AGENT
    for turn, spoken in enumerate(scene.call.turns):
        if spoken.speaker is other_side and getattr(scene, kind)(turn):
            whole = Place(turn, 0, len(spoken.text), spoken.text, spoken.speaker)
            if prove(scene, item.fact.value, (whole,)).value is not None:
                return True
    return False


def _settle_currency(scene: Scene, facts: dict[str, GroundedFact]) -> None:
    """Give amounts their currency's digits, and the currency that was said with the amount when the reading
    left it out; a currency whose proof failed stays unknown."""
    amount = facts.get("amount")
    if amount is not None and amount.value is not None and "currency" not in facts:
        places = _places(scene, amount.evidence)
        said = amount_currency(scene, str(amount.value), places)
        code = said or scene.currency
        if code is not None:
            why = "said together with the amount" if said else "no currency was said; the workspace's own"
            check = passed("derived", f"the currency {why}" if said else why)
            strength = amount.strength if said else 0.8
            facts["currency"] = replace(amount, field="currency", value=code, checks=(check,), strength=strength)
    known = facts.get("currency")
    code = str(known.value) if known is not None and known.value is not None else None
    for name in ("amount", "approval_threshold"):
        fact = facts.get(name)
        if fact is None or fact.value is None or code is None:
            continue
        text = normal_amount(str(fact.value), code)
        if text is None:
            check = failed("format", "the amount has more decimals than its currency")
            facts[name] = replace(fact, value=None, checks=(*fact.checks, check), strength=0.0)
        else:
            facts[name] = replace(fact, value=text)


def _places(scene: Scene, evidence: Sequence[Evidence]) -> tuple[Place, ...]:
    found = (scene.find(Quote(turn=part.turn, quote=part.quote)) for part in evidence)
    return tuple(place for places in found for place in places)


def _signals(scene: Scene, heard: Sequence[Heard], dropped: list[Check]) -> tuple[HeardSignal, ...]:
    """Signals with at least one verbatim quote, each once; the others are dropped."""
    proved: dict[str, list[Evidence]] = {}
    for item in heard:
        places = [place for quote in item.quotes for place in scene.find(quote)[:1]]
        if not places:
            dropped.append(failed(item.signal.value, "no quote of the signal is found, word for word"))
            continue
        proved.setdefault(item.signal.value, []).extend(place.evidence for place in places)
    return tuple(
        HeardSignal.model_validate({"signal": signal, "evidence": tuple(dict.fromkeys(evidence))})
        for signal, evidence in proved.items()
    )
