"""The free-text facts, as verbatim sentences: what is wanted, why, what was promised, what terms were named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from agent.capture import Scenario as Label
from agent.models.stand_in.cues import BLOCKED, PEOPLE, cue_tables
from agent.models.stand_in.facts import Found
from agent.models.stand_in.transcript import Heard, Line, Place, compiled
from agent.values import read_amounts

_LONGEST = 260
_REQUEST = (
    (r"\b(my bank|the bank|dot \w+|my name|who('s| is) calling|that one\?|how are you)\b|@", -2.0),
    (r"\b(we|i) (do not|don'?t|did not|didn'?t|never) (?!want|need|like)\w+", -1.2),
    (
        r"^(so|and|then|just|please|well|look|okay|no|yes|yeah|right|kindly|now|only|[,. ])*(do|put|send|give|make|write|stop|leave|forget|take|switch|lift|open|return|shoot|keep|pull|remove|change|add|fix|let|cancel|charge|move|quit|re-?issue|resend|e-?mail)\b",
        1.5,
    ),
    (
        r"\b(my|our|the) (renewal|payment|plan|subscription|card|bank|account|konto)\b[^.?!]{0,30}\b(fail\w*|chang\w*|declin\w*|stopped|bounced|blocked|geändert)\b",
        0.8,
    ),
    (r"\bi (get|have) (it|them|that|this) (back|again)\b|\b(again|instead)( please)?$", 1.5),
    (r"\b(when('?s| is| does| will| do)|how much|is it still|what('?s| is) (the|my|our)|where('?s| is))\b", 1.3),
    (r"\b(missing|correction|wrong|fails?|old (\w+ )?(number|address|name)|we('ve| have)? moved|not right)\b", 0.9),
    (r"\bi (can|could) (do|pay|manage|give|send)\b", 1.2),
    (r"\bwanna\b|\bgive me\b", 1.5),
    (r"\b(can|could|would|will) (you|ye|we|i|someone|somebody|it|they)\b", 1.5),
    (
        r"\b(i|we)('d| would)? (just |really |only )?(want|need|like|require)\b|\bi'?m (looking|hoping|calling|ringing|requesting|asking)\b|\bi am requesting\b",
        1.8,
    ),
    (
        r"\b(please|pls|kindly|mi serve|vorrei|quisiera|je voudrais|ich (m[öo]chte|brauche)|ik wil|would it be possible|is it possible|any chance|wondering)\b",
        1.0,
    ),
    (
        r"\b(back|refund\w*|send|re-?send|copy|move|change|update|open|unlock|unfreeze|fix|correct|cancel|waive|stop|remove|add|extend|split|instal\w+|plan|receipt|invoice|renew)\b",
        0.8,
    ),
    (r"\b(about|regarding|calling for|it'?s (about|for)|concerning|the reason)\b", 0.9),
)
_REASON = (
    (
        r"\b(out of date|when (it|they) (came|arrived)|told (you|your|them|him|her)|rubbish|leak\w*|stuck|bounced|misprint\w*|misspel\w*|bent|cracked|torn|scratched|stale|leaking|short|boiler|cyclone|storm|strike|regret\w*|clicked|pressed|use (to|for) (me|us))\b"
        r"|\b(every (single )?one|they all|all of them|it|and|only)( \w+)? (says?|reads?)\b",
        1.1,
    ),
    (r"\b(stop|quit) (ringing|calling|phoning)\b", -1.0),
    (r"^\W*([a-z] ){1,5}|\baddress\b|\bcan (i|you)\b", -0.6),
    (r"\b(zero|oh|double|triple)\b|\?$|\bdon'?t have it on me\b", -1.2),
    (
        r"\b(because|since|'cause|cos|due to|as (we|i|it|they)|the thing is|reason|what happened|the problem|the trouble|turns out)\b",
        1.0,
    ),
    (
        r"\b(never|didn'?t|did not|doesn'?t|don'?t|wasn'?t|isn'?t|haven'?t|hasn'?t|couldn'?t|can'?t|not|no longer|nothing|only)\b",
        1.0,
    ),
    (
        r"\b(no use|hates?|cancel\w*|called (it )?off|twice|double|duplicate|mistake|accident\w*|wrong|broken|fault\w*|damaged|late|closed|shut|stopped|unused|down|flat|dead|frozen|quit|sold|moved|left|poorly|ill|sick|trial|gone|lost|flood\w*|water|fire|hospital|zero|missing|expired|failed)\b",
        1.3,
    ),
    (r"\b(charged|billed|took|paid|supposed|should|agreed|quoted|promised|expected|for nothing|sat at|instead)\b", 0.8),
    (
        r"\b(one|two|three|four|five|six|seven|eight|nine|ten|twelve|\w+teen|\w+ty|\d+|twice|both|days|weeks|months|"
        r"january|february|march|april|june|july|august|september|october|november|december)\b",
        0.6,
    ),
)
_PROMISE = (
    (
        r"\b(will|'ll|ill|youll|theyll|hell|shell|itll|i'?m (sending|walking|adding|putting|marking|passing|raising|noting|going|logging|opening|issuing|escalating)|we'?re (sending|going)|gonna|going to|shall)\b",
        1.5,
    ),
    (
        r"\b(you('?ll| will|r|)( should)? (get|receive|have|hear|see)|(drop|give) you a (line|ring|call|bell)|(returns?|goes?|comes?|given|paid|back) (back )?(to|on|onto) (the|your) (same )?(card|account)|on (its|the) way|goes (in|off|to|through|out|back|on)|phones|mails|rings|calls|sends|we send|is sent|going out)\b",
        1.3,
    ),
    (r"\b(someone|somebody|finance|team|colleague|manager|a person|accounts|specialist)\b", 0.7),
    (
        r"\b(send|mail|e-?mail|call|ring|phone|line|in touch|link|form|record|refund\w*|back (on|to|onto)|review|look|write|credit|process|update|confirm|escalat\w+|approv\w+|ticket|note|request|copy|receipt|invoice|over to you)\b",
        1.0,
    ),
    (
        r"\b(today|tomorrow|tonight|by|within|before|now|straight away|right away|this week|next week|monday|tuesday|wednesday|thursday|friday|hours?|days?|minutes?)\b",
        0.4,
    ),
)
_OURS = (
    r"\b(i|we|they|he|she|someone|somebody|finance|[a-z]+)('?ll| will)\b|\bi'?m (sending|passing|raising|putting|walking)\b",
    0.8,
)
_THEIRS = (r"\byou('?ll| will) (have to|need to|want to|put|fill|enter|set|bring)\b", -1.4)
_NO_PROMISE = r"\b(can'?t|cannot|won'?t|unable|not allowed|don'?t|haven'?t|no refund|if you|let me (check|look|see|pull|list|stop|find)|bear with|one (moment|second)|look that up)\b"
_TERMS = (
    r"\b(our (terms|policy)|policy|terms|non-?refundable|refund(ed|able) (in full|within|if|only)|within (\w+ ){1,3}(days|hours|months) (of|from|after)|notice period|contract|"
    r"(has|have|needs?) to (be )?(approve\w*|okayed|sign\w*|authori\w*|reviewed?|see it)|someone has to|(somebody|finance|a person|manager) (has|needs|must)|can'?t (\w+ ){0,4}(myself|from (here|my side|this))|cannot (\w+ ){0,3}(from my side|on this line|decide)|"
    r"grace period|late fee|minimum term|cooling[- ]off|pro-?rat\w+|standard (is|practice)|approval)\b"
)
_IMPACT = (
    (rf"{BLOCKED}", 1.0),
    (rf"\b({PEOPLE})\b", 1.2),
    (
        r"\b(urgent\w*|emergency|five alarm|asap|right away|tonight|tomorrow|immediately|critical|deadline|before)\b",
        0.9,
    ),
    (
        r"\b(frozen|locked|suspended|blocked|shut|cut off|down|dark|blind|every minute|costs?|nobody|no one|everyone|everybody|whole|can'?t|cannot|stuck|lose|losing|stranded|unpaid)\b",
        1.2,
    ),
    (
        r"\b(people|users|staff|team|customers|patients|students|drivers|sites|stores|launch|challenge|event|payroll|production|go live|kicks? off|conference|opening)\b",
        1.4,
    ),
    (
        r"\b(lawyer|solicitor|harass\w*|legal|ombudsman|complain\w*|regulator|court|manager|hospital|flood\w*|lost|closed|died|fraud|hacked)\b",
        1.2,
    ),
)
_OWNERS = (
    r"\b(the |our |your )?(finance( team| department)?|billing( team)?|accounts( team| department| receivable)?|credit (team|control|head)|collections( team)?|account manager|a person( in \w+)?|"
    r"(someone|somebody) (in|from) \w+|tax team|support( team)?|a colleague|my (manager|supervisor))\b"
)


_NO_REASON = (
    r"\b(dispute (this|it|that|something)|my bank|the bank|call me|ring me|my name|e-?mail|dot \w+|thank you|bankrupt me|"
    r"put dispute|first question|that one\?|(new|old) (card|account)|from the new|how much|wrong glasses)\b|@|\?$|\bhere,"
)
_PLACEHOLDER = r"<[A-Z][A-Z_]*\d*>"


@dataclass(frozen=True, slots=True)
class _Scored:
    place: Place
    score: float


def free_texts(heard: Heard, label: Label, secondary: Sequence[Label], owner: Found | None) -> Iterator[Found]:
    """Every free-text fact that has words to prove it."""
    labels = (label, *secondary)
    topic = _topic_score(heard, labels)
    if label is Label.NOT_BILLING:
        return
    requests = _best(heard, "caller", _REQUEST, topic, opening=0.6)
    yield from _text("caller_request", requests[:2], 0.8)
    reasons = _best(
        heard,
        "caller",
        _REASON,
        _why(topic),
        opening=0.0,
        answers=r"\b(why|reason|what happened|what'?s (wrong|the (problem|issue|matter))|went wrong|tell me|talk to me|trouble)\b",
    )
    if Label.REFUND_REQUEST in labels and Label.CHARGE_DISPUTE not in labels:
        yield from _text("refund_reason", reasons[:2], 0.75)
    if Label.CHARGE_DISPUTE in labels:
        yield from _text("dispute_reason", reasons[:3], 0.75)
    yield from _text("customer_claim", reasons[:3], 0.65)
    if Label.REFUND_REQUEST in labels or Label.CHARGE_DISPUTE in labels:
        yield from _credit(heard)
    promises = [
        one
        for one in _best(heard, "agent", (*_PROMISE, _OURS, _THEIRS), _no_topic, opening=0.0)
        if _is_promise(one.place)
    ]
    yield from _text("promised_next_step", promises[:2], 0.8)
    yield from _step_owner(promises, owner)
    yield from _terms(heard)
    if label in (Label.VIP_PAYMENT_BLOCKER, Label.COLLECTIONS_CALL, Label.RENEWAL_FAILURE, Label.CHARGE_DISPUTE):
        least = 1.2 if label in (Label.VIP_PAYMENT_BLOCKER, Label.COLLECTIONS_CALL) else 1.8
        impacts = [one for one in _best(heard, "caller", _IMPACT, _no_topic, opening=0.2) if one.score >= least]
        yield from _text("escalation_reason", impacts[:2], 0.7)


def _why(topic: Callable[[Place], float]) -> Callable[[Place], float]:
    """The topic's weight halved, and less for what is said around a reason without being one."""

    def score(place: Place) -> float:
        return 0.5 * topic(place) - 2.0 * (compiled(_NO_REASON).search(place.text) is not None)

    return score


def _no_topic(place: Place) -> float:
    return 0.0


def _topic_score(heard: Heard, labels: Sequence[Label]) -> Callable[[Place], float]:
    patterns = [cue.pattern for label in labels for cue in cue_tables()[label] if cue.who != "agent"]

    def score(place: Place) -> float:
        return 1.4 * min(2, sum(compiled(pattern).search(place.text) is not None for pattern in patterns))

    return score


def _best(
    heard: Heard,
    who: str,
    cues: Sequence[tuple[str, float]],
    topic: Callable[[Place], float],
    *,
    opening: float,
    answers: str | None = None,
) -> list[_Scored]:
    """Sentences of ``who`` by cue score, best first; an answer to a question that asks for it counts more."""
    scored = []
    for rank, line in enumerate(heard.said(who)):
        asked = _is_answer(heard, line, answers)
        for low, high in line.sentences():
            place = Place(line, low, high).trimmed()
            words = len(place.text.split())
            removed = compiled(_PLACEHOLDER).search(place.text)
            if removed:
                # What was said before a removed identifier may still be the request.
                place = Place(line, place.start, place.start + removed.start()).trimmed()
                words = len(place.text.split())
            if words < 3:
                continue
            cue_score = sum(weight for pattern, weight in cues if compiled(pattern).search(place.text))
            if cue_score <= 0:
                continue
            score: float = cue_score + topic(place) + opening * (rank < 4) + 1.2 * asked - 0.4 * (words < 5)
            scored.append(_Scored(place, score))
    return sorted(scored, key=lambda one: (-one.score, one.place.turn, one.place.start))


def _is_answer(heard: Heard, line: Line, answers: str | None) -> bool:
    if answers is None:
        return False
    before = heard.before(line, 1)
    return bool(before) and before[0].speaker == "agent" and compiled(answers).search(before[0].text) is not None


def _text(field: str, scored: Sequence[_Scored], sure: float) -> Iterator[Found]:
    """One fact from the best sentences: they are widened while short, and told in the order of the call."""
    if not scored:
        return
    floor = scored[0].score * 0.6
    places: list[Place] = []
    for one in scored:
        place = _widened(one.place)
        if one.score >= floor and not any(_overlap(place, other) for other in places):
            places.append(place)
    places.sort(key=lambda place: (place.turn, place.start))
    strength = min(scored[0].score, 5.0) / 5.0
    yield Found(field, "; ".join(place.text for place in places), tuple(places), sure - 0.25 + 0.3 * strength)


def _widened(place: Place) -> Place:
    """The sentence, with the next one while both together stay short and it holds no placeholder."""
    if len(place.text) > _LONGEST:
        cut = place.line.text.rfind(" ", place.start, place.start + _LONGEST)
        return Place(place.line, place.start, cut if cut > place.start else place.start + _LONGEST)
    if len(place.text) > 70:
        return place
    for low, high in place.line.sentences():
        if low >= place.end and high - place.start <= 170 and "<" not in place.line.text[low:high]:
            return Place(place.line, place.start, high).trimmed()
    return place


def _overlap(one: Place, other: Place) -> bool:
    return one.turn == other.turn and one.start < other.end and other.start < one.end


def _is_promise(place: Place) -> bool:
    if compiled(_NO_PROMISE).search(place.text) and not compiled(
        r"\b(will|'ll) (call|mail|send|get|ring|write|e-?mail)\b"
    ).search(place.text):
        return False
    asked = place.line.text[place.end : place.end + 2].startswith("?")
    asked = asked and not compiled(
        r", (is that (all right|ok\w*|fine|good)|all right|ok(ay)?|right|shall i|yeah)$"
    ).search(place.text)
    return not asked and (
        compiled(_PROMISE[0][0]).search(place.text) is not None
        or compiled(_PROMISE[1][0]).search(place.text) is not None
    )


def _credit(heard: Heard) -> Iterator[Found]:
    pattern = (
        r"\b(want|like|need|have|get|getting|give|put|the whole|all of|half)\b[^.?!]{0,70}\b(back|refund(ed)?|credit(ed)?|off)\b|\b(refund|credit|reimburse)\w*\b[^.?!]{0,40}\b(me|us|of|for|the)\b"
        r"|\b(return|give back|send back)( me| us)? (it|one|the|that|them|half|both|my)\b|\bi get (it|that|them) (again|back)\b"
        r"|\b[\w ]{3,60} back\b(?! (to you|at))"
    )
    for place in heard.find(pattern, "caller"):
        if not compiled(r"\b(call|ring|get|got|come|go|went|be|phone|write) (me |us |you )?back\b").search(place.text):
            sentence = _widened(place.sentence())
            part = _part_named(heard, sentence)
            text = f"{sentence.text}; {part.text}" if part else sentence.text
            yield Found("credit_request", text, (sentence, part) if part else (sentence,), 0.72)
            return


def _part_named(heard: Heard, request: Place) -> Place | None:
    """The sum that the agent names for a part asked back without one: "fifteen euro back out of the forty five"."""
    if read_amounts(request.text, heard.currency) or not compiled(r"\b(just|only|one|half|part)\b").search(
        request.text
    ):
        return None
    for line in heard.said("agent"):
        for money in read_amounts(line.text, heard.currency) if line.turn > request.turn else ():
            back = compiled(r"^ (back|refunded|returned|credited)\b(?= (out of|from)\b)").match(line.text[money.end :])
            if back:
                return Place(line, money.start, money.end + back.end())
    return None


def _terms(heard: Heard) -> Iterator[Found]:
    for who in ("agent", "caller"):
        for place in heard.find(_TERMS, who):
            sentence = place.sentence()
            if len(sentence.text.split()) > 3:
                yield Found(
                    "policy_context",
                    sentence.text[:_LONGEST].rstrip(),
                    (_cut(sentence),),
                    0.72 if who == "agent" else 0.6,
                )
                return


def _cut(place: Place) -> Place:
    return Place(place.line, place.start, place.start + len(place.text[:_LONGEST].rstrip()))


def _step_owner(promises: Sequence[_Scored], owner: Found | None) -> Iterator[Found]:
    for one in promises[:3]:
        hit = compiled(_OWNERS).search(one.place.text)
        if hit:
            start = one.place.start + hit.start()
            place = Place(one.place.line, start, one.place.start + hit.end())
            yield Found("next_step_owner", place.text, (place,), 0.7)
            return
    if owner:
        yield Found("next_step_owner", owner.value, owner.places, owner.sure - 0.1)


_ADDRESS = r"\b(\w+,? ){0,6}(street|row|mews|close|crescent|quay|wharf|road|avenue|lane|drive|boulevard|square|court|terrace|way|place|suite|unit|floor|building|house|park|straße|strasse|via|rue|calle|plaza|nagar|marg|postcode|zip)\b[^.?!]*"


def billing_address(heard: Heard, label: Label) -> Found | None:
    """The address that should stand on the invoice, in the caller's words."""
    if label is not Label.TAX_OR_ADDRESS_CORRECTION:
        return None
    hits = [
        place
        for place in heard.find(_ADDRESS, "caller")
        if len(place.text.split()) >= 3
        and not compiled(r"\b(by the way|no way|in place|either way|on the way|the old|used to)\b").search(place.text)
    ]
    if not hits:
        return None
    place = hits[-1].trimmed()
    return Found("billing_address", place.text[:_LONGEST], (_cut(place),), 0.7)


def affected_record(heard: Heard, references: Sequence[Found], label: Label) -> Found | None:
    """The invoice, order, payment or subscription the call is about, in the words it was named with."""
    for field in ("invoice_number", "order_id", "payment_id", "subscription_id"):
        for found in references:
            if found.field == field:
                place = found.places[0]
                start = max(0, place.start - 24)
                lead = compiled(r"\b(invoice|bill|order|payment|subscription|charge|receipt)\b[^.?!]*$").search(
                    place.line.text[start : place.start]
                )
                widened = Place(place.line, start + lead.start(), place.end) if lead else place
                return Found("affected_record", widened.text, (widened,), 0.75)
    if label in (Label.NOT_BILLING, Label.OTHER_BILLING):
        return None
    named = heard.first(
        r"\b(the|my|our|your|this|that|an?) (?:[\w-]+ ){0,3}(invoice|bill|charge|payment|subscription|membership|plan|order|receipt|add-on|licen[cs]e|renewal)\b"
    )
    return Found("affected_record", named.text, (named,), 0.6) if named else None
