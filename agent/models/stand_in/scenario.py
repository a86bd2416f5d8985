"""Which of the ten scenarios a call is, by weighing cue words of who said them and when.

Each cue counts once, at its strongest hit: more in the caller's opening, where people say why they
ring; nothing under a negation. The weights were set by hand on calls of our own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agent.capture import Scenario
from agent.models.stand_in.cue import Cue
from agent.models.stand_in.cues import BLOCKED, NEGATION, PEOPLE, S, cue_tables
from agent.models.stand_in.transcript import Heard, Line, Place, compiled

_FLOOR = 1.6
_STRONG = 4.0
_SECOND_ISSUE = (
    r"\b(two|couple of|few|three) (things|issues|questions|matters)\b|\b(one|1) (more|other|last) (thing|question)\b"
    r"|\banother (thing|question|issue|matter)\b|\bwhile i('ve| have|'m| am)? ?(got|have|on|here)\b"
    r"|\b(second|other) (thing|issue|question)\b|\bseparate(ly)? (thing|issue|matter|from)\b|\bseparately\b"
    r"|\bthe nice one\b|\bon top of that\b|\bsame time\b.{0,20}\bcan (you|i)\b|\balso,? (could|can|i|we|would|while)\b"
)
_OPENING = ((3, 1.4), (6, 1.15))


@dataclass(frozen=True, slots=True)
class ScenarioGuess:
    """The best label, how sure the cues make it (0..1), and what else was asked for."""

    label: S
    confidence: float
    secondary: tuple[S, ...]
    scores: Mapping[S, float]


def guess_scenario(heard: Heard) -> ScenarioGuess:
    """Score every label and settle the ones that overlap."""
    scores = {label: _score(heard, cues) for label, cues in cue_tables().items()}
    _settle(heard, scores)
    _first_things_first(heard, scores)
    label: Scenario = max((name for name in Scenario if name is not S.NOT_BILLING), key=lambda name: scores[name])
    best = scores[label]
    off_topic = scores[S.NOT_BILLING]
    thin = best < _FLOOR or off_topic > best + 1.5
    if thin:
        label, best = _thin_evidence(heard, best, off_topic)
    rivals = sorted((score for name, score in scores.items() if name is not label), reverse=True)
    margin = max(0.0, best - rivals[0]) / max(best, 1.0)
    confidence = 0.4 + 0.27 * min(1.0, best / 6) + 0.33 * min(1.0, margin * 1.5)
    if thin and label is S.OTHER_BILLING:
        # Nothing in particular was heard: no more than a guess.
        confidence = min(confidence, 0.55)
    if label is S.NOT_BILLING:
        # Here it is the lack of anything about money that makes it sure.
        rival = max(score for name, score in scores.items() if name is not S.NOT_BILLING)
        confidence = 0.72 + 0.24 * min(1.0, max(0.0, off_topic - 0.5 * rival - 0.5) / 3.0)
    return ScenarioGuess(label, round(min(confidence, 0.99), 3), _secondary(heard, label, scores), scores)


def _thin_evidence(heard: Heard, best: float, off_topic: float) -> tuple[S, float]:
    if off_topic >= 4.5 and off_topic > best + 1.5:
        return S.NOT_BILLING, off_topic
    if heard.first(_MONEY_SAID) is None and (off_topic > best or heard.first(_MONEY_WORDS, "caller") is None):
        return S.NOT_BILLING, max(off_topic, 2.0)
    return S.OTHER_BILLING, 2.0


_MONEY_SAID = r"(pounds?|dollars?|euros?|rupees|bucks|quid|pence|cents|[$€£₹])(?!\w)|\b(invoice|refund|receipt)\b"
_MONEY_WORDS = (
    r"\b(bill(s|ed)?|invoices?|charg(e|es|ed)|pay(ment|ments|ing)?|paid|refund|receipt|subscription|price|fee|tax|"
    r"credit|debit|balance|money|fattura|rechnung|facture|factura|factuur)\b"
)


def _score(heard: Heard, cues: tuple[Cue, ...]) -> float:
    openings = {line.turn: rank for rank, line in enumerate(heard.said("caller"))}
    total = 0.0
    for cue in cues:
        best = 0.0
        for place in heard.find(cue.pattern, cue.who):
            if cue.negatable and _negated(place):
                continue
            best = max(best, cue.weight * _early(openings.get(place.turn)))
        total += best
    return total


def _early(rank: int | None) -> float:
    if rank is None:
        return 1.0
    return next((factor for bound, factor in _OPENING if rank < bound), 1.0)


def _negated(place: Place) -> bool:
    return compiled(NEGATION).search(place.before[-32:]) is not None


def _settle(heard: Heard, scores: dict[S, float]) -> None:
    """Overlaps between labels that share words, one line of reasoning each."""
    blocked, payment = _stated(heard, BLOCKED), heard.first(_PAYMENT_TROUBLE)
    weighty = heard.first(_IMPACT) or heard.first(_IMPORTANT)
    if blocked and payment and weighty:
        scores[S.VIP_PAYMENT_BLOCKER] += 3.5
        scores[S.RENEWAL_FAILURE] *= 0.6
        for label in (S.CHARGE_DISPUTE, S.RENEWAL_FAILURE):
            scores[label] = min(scores[label], scores[S.VIP_PAYMENT_BLOCKER] - 0.5)
    elif not (weighty and blocked):
        # Trouble without a standstill, or a standstill of one person, is an ordinary failed payment.
        scores[S.VIP_PAYMENT_BLOCKER] *= 0.5 if blocked and payment else 0.35
    if heard.first(r"\b(refund|money back)\b", "caller"):
        # A renewal that went through against somebody's wish is no failed renewal.
        scores[S.RENEWAL_FAILURE] *= 0.6
    if _we_chase(heard):
        scores[S.COLLECTIONS_CALL] += 3.0
        for label in (S.CHARGE_DISPUTE, S.OTHER_BILLING, S.RENEWAL_FAILURE, S.INVOICE_RESEND):
            scores[label] = min(scores[label], scores[S.COLLECTIONS_CALL] - 0.5)
    if scores[S.CHARGE_DISPUTE] >= 3.5 and scores[S.CHARGE_DISPUTE] > 0.55 * scores[S.REFUND_REQUEST]:
        # Wanting the money back is what a dispute asks for; the quarrel about the charge decides.
        scores[S.REFUND_REQUEST] = min(scores[S.REFUND_REQUEST], scores[S.CHARGE_DISPUTE] - 0.5)
    if scores[S.TAX_OR_ADDRESS_CORRECTION] >= 2.8:
        # A corrected invoice is sent again as a matter of course.
        scores[S.INVOICE_RESEND] *= 0.6
        scores[S.CHARGE_DISPUTE] *= 0.6
    if scores[S.RECEIPT_TO_VERIFIED_EMAIL] >= 4:
        scores[S.INVOICE_RESEND] *= 0.7
        if not heard.first(r"\b(wrong|incorrect|correct(ed|ion)?|missing)\b"):
            scores[S.TAX_OR_ADDRESS_CORRECTION] *= 0.5
    if max(scores[S.REFUND_REQUEST], scores[S.CHARGE_DISPUTE]) >= 4:
        scores[S.RECEIPT_TO_VERIFIED_EMAIL] *= 0.7
        scores[S.OTHER_BILLING] *= 0.7
    specific = max(score for label, score in scores.items() if label not in (S.OTHER_BILLING, S.NOT_BILLING))
    if specific >= 4.5 and specific > 0.8 * scores[S.NOT_BILLING]:
        scores[S.NOT_BILLING] *= 0.5


_QUARREL = r"\b(disput\w*|wrong|double|twice|incorrect|over-?charg\w*|never (had|ordered|got|received)|already paid|not (mine|ours|right)|did ?n'?t order)\b"
_NEXT_ISSUE = (
    r"\b(another|the other|a second|the second|one more|one other) (thing|question|issue|matter)\b|\bsecondly\b"
    r"|\bwhile i('ve| have) (got )?you\b|\band the nice one\b"
)


def _first_things_first(heard: Heard, scores: dict[S, float]) -> None:
    """What was brought up only as "the other thing" is a second issue, however loudly it is told."""
    turn = heard.first(_NEXT_ISSUE)
    if turn is None:
        return
    at = heard.lines.index(turn.line)
    head = Line(turn.line.turn, turn.line.speaker, turn.line.text[: turn.start])
    before = Heard((*heard.lines[:at], head), heard.header)
    early = {label: _score(before, cue_tables()[label]) for label in scores}
    first = max((label for label in scores if label is not S.NOT_BILLING), key=lambda label: early[label])
    for label in scores:
        if early[first] >= _STRONG and early[label] < 1.5:
            scores[label] = min(scores[label], scores[first] - 1.0)


def _stated(heard: Heard, pattern: str) -> Place | None:
    """The first place where ``pattern`` is told as a fact, not asked ("does it shut me off?") or denied."""
    for place in heard.find(pattern):
        asked = compiled(
            r"(^|[.,!?;] |\b(and|so|but) )(does|will|is|did|do|would|if) (it|this|that|they|you|my|our|the)\b[^.?!]*$"
        ).search(place.before[-40:])
        question = place.line.text[place.sentence().end :].lstrip()[:1] == "?"
        # "I can't take it here" is what our side may not do, and stops nobody's work.
        ours = place.line.speaker == "agent" and compiled(r"\b(i|we) $").search(place.before[-8:]) is not None
        if not (asked or question or ours or _negated(place)):
            return place
    return None


def _we_chase(heard: Heard) -> bool:
    """Whether our side opened the matter: we rang, or asked for the person, and named money that is due."""
    opening = heard.said("agent")[:3]
    asked_for = any(
        compiled(
            r"\b(is (that|this|it)|am i (speaking|talking)|may i speak|i'm (after|looking for)|(can|could) i speak)\b"
        ).search(line.text)
        for line in opening[:1]
    )
    due = any(compiled(_DUE).search(line.text) for line in opening)
    return due and (heard.outbound or asked_for)


_DUE = (
    r"\b(was due|were due|due (on|since|last)|due date|overdue|past due|outstanding|unpaid|owing|arrears|balance|not (been )?paid|have ?n'?t (been )?paid|"
    r"come back from the bank|bounced|has ?n'?t (come in|come through|arrived|reached us|been (paid|received))|missed( a| the| your)? payment|(days|weeks|months) late|still open)\b"
)
_PAYMENT_TROUBLE = (
    r"\b(unpaid|declin\w+|bounc\w+|overdue|past due|outstanding|failed|didn'?t go through|not go(ne)? through|"
    r"never cleared|was due|went back|cannot pay|can'?t pay|non payment|payment (issue|problem|error|hold|block\w*)|billing (issue|problem|hold|block)|rejected|"
    r"card (expired|ran out|was refused)|non[- ]?payment|invoice (is |was )?(open|due)|arrears|come back from the bank|"
    r"returned|owe[sd]?|owing)\b"
)
_IMPACT = (
    rf"\b(hundred|thousand|\d{{2,}}|[a-z]+ty([- ]\w+)?|dozen|dozens of|hundreds of|thousands of|twelve|fifteen|eighteen|"
    rf"all (our|my|the)|every one of our)( (and|of|our|my|the|or|so|odd|\w+)){{0,4}} ({PEOPLE})\b"
    r"|\b(whole|entire) (\w+ )?(team|company|office|floor|department|fleet|warehouse|organi[sz]ation|school|hospital|"
    r"site|business|operation|chain|network|plant|depot)\b|\b(production|payroll|operations) (is|are|has|have) "
    r"|\b(launch|go[- ]?live|kick(s|ing)? off|conference|trade show|board meeting|black friday|grand opening|opening day)\b"
)
_IMPORTANT = (
    r"\b(v ?i ?p|priority (account|customer|client|list)|enterprise|platinum|top[- ]tier|key account|strategic (account|"
    r"customer)|(biggest|largest|top) (client|customer|account)s?|premier (account|customer|client|support|desk|line)|enterprise (desk|line)|white[- ]glove)\b"
)


def _secondary(heard: Heard, label: S, scores: Mapping[S, float]) -> tuple[S, ...]:
    if label is S.NOT_BILLING:
        return ()
    found = [name for name in S if name not in (label, S.NOT_BILLING) and _also(heard, label, name, scores)]
    return tuple(found[:3])


_CLOSE = {
    (S.RECEIPT_TO_VERIFIED_EMAIL, S.INVOICE_RESEND),
    (S.TAX_OR_ADDRESS_CORRECTION, S.INVOICE_RESEND),
    (S.TAX_OR_ADDRESS_CORRECTION, S.CHARGE_DISPUTE),
    (S.VIP_PAYMENT_BLOCKER, S.RENEWAL_FAILURE),
    (S.VIP_PAYMENT_BLOCKER, S.COLLECTIONS_CALL),
    (S.COLLECTIONS_CALL, S.RENEWAL_FAILURE),
    (S.REFUND_REQUEST, S.CHARGE_DISPUTE),
    (S.REFUND_REQUEST, S.RENEWAL_FAILURE),
    (S.CHARGE_DISPUTE, S.RENEWAL_FAILURE),
}


def _also(heard: Heard, label: S, name: S, scores: Mapping[S, float]) -> bool:
    own = _second_issue_score(heard, name)
    if name is S.OTHER_BILLING:
        return own >= 1.8
    if name is S.VIP_PAYMENT_BLOCKER:
        return False
    if label is S.CHARGE_DISPUTE and name is S.REFUND_REQUEST:
        return scores[name] >= 2.8
    if label is S.COLLECTIONS_CALL and name is S.CHARGE_DISPUTE:
        return scores[name] >= 3.0 and heard.first(_QUARREL, "caller") is not None
    if (label, name) in _CLOSE or (name, label) in _CLOSE:
        return own >= 4.0
    return own >= 2.5 or scores[name] >= max(_STRONG + 0.5, 0.55 * scores[label])


def _second_issue_score(heard: Heard, name: S) -> float:
    """The label's score over what was said after the caller brought up something else."""
    turn = heard.first(_SECOND_ISSUE, "caller")
    if turn is None:
        return 0.0
    at = heard.lines.index(turn.line)
    own_words = cue_tables()[name]
    rest = Heard(heard.lines[at:], heard.header)
    start = 0.0
    for cue in own_words:
        hits = list(rest.find(cue.pattern, cue.who or "caller"))
        fresh = [p for p in hits if p.turn != turn.turn or p.start >= turn.start]
        if any(not (cue.negatable and _negated(p)) for p in fresh):
            start += cue.weight
    return start
