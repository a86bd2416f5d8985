"""Nets under the model: words of the call itself that forbid acting without a person (pure; S37, S50, S51, S62).

The reading of a call comes from a model, and a model can be wrong or talked round. These patterns are
read from the redacted transcript by code, whatever the model said. They only ever add a reason for
review; they are few and plain on purpose, because each false alarm costs a person's minute.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agent.call import RedactedCall, Speaker
from agent.capture import Scenario
from agent.run import ReviewReason

_MONEY = frozenset({Scenario.REFUND_REQUEST})
_SENDS = frozenset({Scenario.INVOICE_RESEND, Scenario.RECEIPT_TO_VERIFIED_EMAIL, Scenario.RENEWAL_FAILURE})
_ANY = frozenset(Scenario) - {Scenario.NOT_BILLING}
_EVEN_IDLE = frozenset({"S50.spoken_instructions", "S51.fraud_claim", "S51.legal_threat"})
_CALLER = frozenset({Speaker.CALLER, Speaker.UNKNOWN, Speaker.OTHER})
_OURS = frozenset({Speaker.AGENT, Speaker.TRANSFER_TARGET, Speaker.UNKNOWN})
_ALL = frozenset(Speaker)


@dataclass(frozen=True, slots=True)
class Net:
    """A pattern, who must have said it, on which subjects it counts, and the reason it gives."""

    pattern: re.Pattern[str]
    speakers: frozenset[Speaker]
    subjects: frozenset[Scenario]
    reason: ReviewReason


def _net(rule: str, text: str, pattern: str, speakers: frozenset[Speaker], subjects: frozenset[Scenario]) -> Net:
    return Net(re.compile(pattern, re.IGNORECASE), speakers, subjects, ReviewReason(rule=rule, text=text))


NETS: tuple[Net, ...] = (
    _net(
        "S50.spoken_instructions",
        "somebody spoke instructions meant for the system",
        r"(?:^|[.!?]\s)(?:agent|system|assistant|supervisor|operator)\s*:\s"
        r"|\b(?:ignore|disregard|forget)\s+(?:all|any|every|your|the|previous|prior|earlier|above)\b[^.!?]{0,40}"
        r"\b(?:instructions?|rules|polic(?:y|ies)|prompts?)\b"
        r"|\b(?:system prompt|policy note|end of (?:call|transcript)\b.{0,40}\bverified|note to (?:the )?(?:system|ai|model))\b"
        r"|\b(?:whoever|whatever|the (?:one|ai|bot|model|system|computer|machine)) (?:that |who )?"
        r"(?:reads?|types? up|is reading|processes|transcribes)\b"
        r"|\b(?:mark|put down|record|log|note)\b[^.!?]{0,40}\b(?:as )?(?:verified|pre-?approved|identity confirmed)\b",
        _CALLER,
        frozenset(Scenario),
    ),
    _net(
        "S37.identity_doubted",
        "our own side said on the call that the caller's details do not fit the record",
        r"\bunder (?:another|a different|someone else'?s|somebody else'?s) name\b"
        r"|\b(?:isn'?t|is not|aren'?t|not) (?:what|the (?:one|name|number|address|e-?mail)) (?:that )?(?:i|we)(?:'ve)? (?:have|hold|see|got)\b"
        r"|\b(?:does ?n[o']?t|do(?:es)? not|did ?n[o']?t) match\b"
        r"|\b(?:can(?:'t|not)|could(?:n't| not)|have(?:n't| not)|unable to) verif(?:y|ied)\b",
        _OURS,
        _ANY,
    ),
    _net(
        "S62.dispute",
        "a dispute or chargeback was spoken of",
        r"\b(?:disput\w*|charge ?backs?)\b",
        _ALL,
        _MONEY,
    ),
    _net(
        "S61.refund_given_heard",
        "a refund that was already given, or received, was spoken of",
        r"\balready (?:been )?(?:refunded|issued|credited|reversed|gave|given|got|received)\b"
        r"|\b(?:have|has|'ve|'s) (?:just |already )*(?:issued|refunded|reversed|credited) (?:the|that|it|you|your|this)\b"
        r"|\b(?:gave|given|got|received|had)\b[^.!?]{0,16}\b(?:money|refund)\b[^.!?]{0,16}\b(?:back|already|last|yesterday)\b",
        _ALL,
        _MONEY,
    ),
    _net(
        "S61.refund_refused_heard",
        "our own side said on the call that this is not refunded",
        r"\bnon-?\s?refundable\b|\b(?:not|isn'?t|can(?:'t|not)|won'?t|don'?t|do not|no longer|unable to)\b[^.!?]{0,24}\brefund(?:ed|able|s)?\b",
        _OURS,
        _MONEY,
    ),
    _net(
        "S51.fraud_claim",
        "the caller speaks of fraud or a taken-over account",
        r"\b(?:fraud\w*|scam\w*|stolen|hacked|identity theft|did(?:n't| not) authori[sz]e|unauthori[sz]ed|never authori[sz]ed)\b",
        _CALLER,
        _MONEY,
    ),
    _net(
        "S51.legal_threat",
        "a lawyer, court or regulator was mentioned as a threat",
        r"\b(?:my|our|a|the) (?:lawyer|solicitor|attorney|ombudsman|regulator)s?\b|\b(?:small claims|take you to court|sue you|legal action)\b",
        _CALLER,
        _MONEY,
    ),
    _net(
        "S02.withdrawn_heard",
        "the caller may have taken the request back",
        r"\b(?:forget (?:it|that|the|i)|never ?mind|leave it|scrap that|changed my mind"
        r"|do(?:n't| not) (?:want|need) (?:it|the (?:money|refund))(?: back)?)\b",
        _CALLER,
        _MONEY,
    ),
    _net(
        "S54.tax_heard",
        "a tax number was spoken of, and those are corrected by a person",
        r"\b(?:tax|vat|gst(?:in)?|ein|e i n|pan|abn|btw|partita iva) (?:id|number|no|code)\b|\btax form\b|\bw[ -]?(?:nine|9)\b",
        _ALL,
        _SENDS,
    ),
    _net(
        "S07.collections_heard",
        "paying later, in parts, or not being able to pay was spoken of",
        r"\b(?:can(?:'t|not) (?:pay|afford)|full i cannot|instal?ments?|payment plan|pay(?:ing)? in parts|lost (?:my|the) job"
        r"|insolven\w*|(?:closed|old|new) account)\b",
        _CALLER,
        _SENDS,
    ),
    _net(
        "S53.approval_promised",
        "the caller was told that a person decides",
        r"\b(?:needs?(?: to)?|has to|have to|must) (?:be )?(?:approved?|signed? off|authori[sz]ed?|okayed)\b"
        r"|\b(?:finance|manager|supervisor|billing team|a person|somebody|someone)\b[^.!?]{0,40}"
        r"\b(?:has to|have to|will|'ll|must|needs? to) (?:approve|decide|look|review|sign|check)\b"
        r"|\bno refund (?:is|has been|will be) (?:being )?(?:made|issued|promised)\b"
        r"|\b(?:can(?:'t|not)|not able to|unable to) (?:refund|approve|give (?:you )?(?:a |the )?refund|promise (?:you )?a refund)\b",
        _OURS,
        _MONEY,
    ),
)


_MONEY_BACK = re.compile(
    r"\b(?:refund\w*|back|reimburs\w*|credit\w*|return\w*|rimbors\w*|indietro|reembols\w*|devol\w*|rembours\w*"
    r"|erstatt\w*|zurück\w*|terug\w*|wapas)\b",
    re.IGNORECASE,
)


def refund_heard(call: RedactedCall) -> bool:
    """Whether a caller's own words ask for money back; without them no reading makes a refund."""
    return any(turn.speaker in _CALLER and _MONEY_BACK.search(turn.text) for turn in call.turns)


def caught(call: RedactedCall, subjects: frozenset[Scenario]) -> Iterator[ReviewReason]:
    """The reasons that the words of ``call`` themselves give on these subjects."""
    for net in NETS:
        if net.subjects.isdisjoint(subjects):
            continue
        if any(turn.speaker in net.speakers and net.pattern.search(turn.text) for turn in call.turns):
            yield net.reason


def caught_idle(call: RedactedCall, subjects: frozenset[Scenario]) -> Iterator[ReviewReason]:
    """Those of ``caught`` that a person must hear of though nothing is left to do."""
    return (reason for reason in caught(call, subjects) if reason.rule in _EVEN_IDLE)
