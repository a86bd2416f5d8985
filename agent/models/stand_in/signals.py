"""Things heard that decide routing. Each is proved by the sentence it was heard in.

WITHDRAWN and ANSWERED lead to doing nothing, so both need a late place in the call and an agent who
promised nothing after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from agent.capture import Signal
from agent.models.stand_in.cues import INVOICE, NEGATION, RECEIPT
from agent.models.stand_in.transcript import Heard, Line, Place, compiled


@dataclass(frozen=True, slots=True)
class _Rule:
    signal: Signal
    pattern: str
    who: str = "caller"
    negatable: bool = True
    hypothetical: bool = False


_ORDERS = (
    r"\b(ignore|disregard|forget|override|bypass|skip)\b[^.?!]{0,30}\b(instructions?|rules?|prompts?|guidelines|polic(y|ies)|checks?|review|verification|approval|queue|safeguards|restrictions|everything (above|before))\b"
    r"|\bwhoever (types|reads|transcribes|processes|writes|handles|summari[sz]es)\b|\b(note|message|instructions?|attention) (to|for) (the |your )?(system|ai|a i|bot|model|assistant|transcriber|computer|software|agent that)\b"
    r"|\b(the )?(ai|a i|model|bot|system|computer|software|machine|one|assistant|program|robot) (that|which|who) (reads?|processes|listens|types|handles|transcribes|summari[sz]es|reviews)\b"
    r"|\b(system|admin|developer|debug|root|god) (prompt|message|override|mode|note|instruction|command)\b|\byou are (now|no longer) (a|an|in|bound)\b"
    r"|\b(mark|set|label|classify|flag|log|record|treat) (this|it|me|the \w+|my \w+)( \w+){0,3} as (verified|approved|confirmed|matched|cleared|trusted|vip|paid|resolved|authenticated)\b"
    r"|\b(policy|reviewer|compliance|agent) note\s*:|\bskip the human\b|\bauto[- ]?approve\w*\b|\b(execute|trigger|call|run|invoke) (the |a )?(refund|payment|tool|function|command|create_refund|send_invoice)\b"
    r"|\b(account holder|identity|caller) (is )?(confirmed|verified) by\b|\bpassed (every|all) (check|security)\w*\b|\bno (human )?review (is )?(needed|required|necessary)\b"
    r"|\b(in your|to the|into the) (notes|summary|transcript|output|json|record|system)\b[^.?!]{0,20}\b(write|put|say|state|set|add|include)\b|\b(write|put|add|include|state) (in|into|to) (your|the) (notes|summary|output|json|record)\b[^.?!]{0,40}\b(approved|verified|refund|paid|confirmed)\b"
    r"|(?<!\w)(agent|system|assistant|operator|supervisor|developer)\s*:\s*\w+|\bend of (call|transcript|conversation)\b\s*[.:]|</?(transcript|call|system|understood)>|\b(confidence|scenario|verdict)\s*(is|=|:|to)\s*(1|one|allow|high|hundred)\b"
)
_RULES: tuple[_Rule, ...] = (
    _Rule(Signal.SPOKEN_INSTRUCTIONS, _ORDERS, "caller", negatable=False),
    _Rule(
        Signal.THIRD_PARTY,
        r"\b(on behalf of|calling for|ringing for|speaking for|phoning for) (my|a client|our client|a friend|mr|mrs|ms|miss|someone|somebody|him|her|them)\b"
        r"|\bmy (husband|wife|mum|mom|mother|dad|father|son|daughter|brother|sister|partner|boss|friend|neighbou?r|flatmate|roommate|uncle|aunt|grand\w+|in-?laws?|late \w+)('s|s')? (account|subscription|membership|card|bill|invoice|plan|name|email|e-mail|login)\b"
        r"|\b(i'?m|i am|this is) (his|her|their|the) (wife|husband|mother|father|mum|mom|son|daughter|sister|brother|assistant|p a|secretary|carer|executor|lawyer|accountant|bookkeeper|friend|partner)\b"
        r"|\b(account|subscription|it|membership)('s| is| belongs)( \w+){0,3} (my (husband|wife|mum|mom|mother|dad|father|son|daughter|brother|sister|partner|boss|friend)|someone else)\b|\b(i'?m|i am) not the account holder\b|\bnot (in )?my (account|name)\b"
        r"|\bpower of attorney\b|\bwe share (it|the (account|e-?mail))\b|\bsame household\b|\bcalling about my (husband|wife|mum|mom|mother|dad|father|son|daughter|brother|sister|friend)'?s?\b|\bi (look after|handle|do) (his|her|their|my (mum|mom|mother|dad|father)'?s) (bills|accounts?|affairs|books)\b",
        negatable=False,
    ),
    _Rule(
        Signal.THIRD_PARTY,
        r"\b(held )?under (another|a different) name\b|\bdifferent name (on|to)\b|\b(isn'?t|not) the (name|account holder)\b",
        "agent",
        negatable=False,
    ),
    _Rule(
        Signal.IDENTIFIER_TO_BE_USED,
        r"\b(charge|bill|debit) (it to |that to |this to )?(this|my|the|that|our) (new |other |business |company |corporate |credit |debit )?card\b|\b(put|charge|take|run|stick) (it|that|this|the \w+( \w+)?)( \w+)? (on|to|from|out of|through|against) (this|my|the|our|a) (new |other |business |company |different |second )*(card|account|one|visa|mastercard|amex)\b"
        r"|\b(use|take|keep|save|store|write|note|put)( down| in)? (this|the new|my new|my other|that|our new|the following)( \w+)? (card|account|number|iban|details)\b|\b(new|different|changed|other|updated) (bank|card|account|iban|direct debit|sort code) ?(details|account|number|info\w*)\b"
        r"|\b(take|collect|pull|debit|pay|deposit|transfer)\b[^.?!]{0,30}\b(from|into|to|in) (the|my|our|a) (new|other|different) (one|account|bank|card)\b|\b(keep|have|put|save|hold) (it|this|that|the (card|number|account)) on file\b"
        r"|\brefund\b[^.?!]{0,40}\b(to|onto|into) (a|my|this|the) (different|another|other|new|husband'?s|wife'?s) (card|account)\b|\b(read|give|tell) you (my|the) (card|account|bank)( \w+)?\b[^.?!]{0,25}\b(now|to pay|so you can|and you)\b"
        r"|\b(it|number|vat|tax|gst|gstin|ein)\b[^.?!<]{0,35}\b(must be|should be|should read|needs to be|has to be|is now|change it to|correct one is|right one is|new one is)\b[^.?!<]{0,16}<\w+>|\bpay (by|with) (card|this)\b[^.?!<]{0,30}<(CARD|BANK)",
        negatable=True,
    ),
    _Rule(
        Signal.CONTACT_CHANGED,
        r"\b(new|changed|different|updated?|another|personal) (e-?mail|email|mail i ?d|phone number|mobile number|contact (details|email|person)|address for (invoices|billing))\b|\b(e-?mail|phone|number|mail i ?d) (has |is |was |'s )?(changed|new|different now)\b"
        r"|\b(change|update|replace|switch) (my|the|our) (e-?mail|email|phone|mobile|contact)\b|\bno longer (use|have|at|work|access|get)\b[^.?!]{0,30}\b(e-?mail|address|number|mail|there|inbox)\b|\b(left|gone from) the (company|business)\b[^.?!]{0,40}\b(send|use|mail|now)\b|\bold (e-?mail|email)\b",
    ),
    _Rule(
        Signal.HARDSHIP,
        r"\b(lost (my|his|her|our) (job|business|income|home)|laid off|made redundant|redundancy|out of work|unemployed|furlough\w*|struggl\w+|can'?t afford|cannot afford|(financial|money) (trouble|difficult\w+|hardship|problems)|hardship|bankrupt\w*|insolven\w*|"
        r"(in|at|from) (the )?hospital|surgery|flood(ed|ing)?|water has come|fire (at|in)|burn(t|ed) down|stock is gone|business is (zero|dead|slow|very bad|down)|behind on (everything|rent)|food bank|living on|no (income|work|money)|sick pay|off sick|(had|having) an? operation|universal credit|on benefits|hours (got|were|have been) cut|(customer|client)s? (hasn'?t|haven'?t) paid|cash ?flow|hard times|tough (time|month|year)|"
        r"(full|whole|all of it)[^.?!]{0,12}(cannot|can'?t|not possible))\b",
    ),
    _Rule(
        Signal.LEGAL_THREAT,
        r"\b(lawyers?|solicitors?|attorneys?|barrister|legal (action|notice|team|proceedings|department|advice|route)|sue|suing|(take|see) (you|this|it) (to|in) court|in court|small claims|ombudsman|regulator|trading standards|better business bureau|b b b|attorney general|"
        r"consumer (court|forum|protection|affairs)|f ?c ?a|c ?f ?p ?b|litigation|tribunal|class action)\b",
    ),
    _Rule(
        Signal.COMPLAINT,
        r"\b(complain(t|ing|ed|ts)?|unacceptable|disgust\w+|ridiculous|appalling|outrageous|shambles|joke of|a joke|fed up|sick of|worst (service|company)|terrible service|(speak|talk) to (a|your|the) (manager|supervisor|boss|someone (higher|senior))|"
        r"(third|fourth|fifth|second|umpteenth|tenth) time (i|i'?ve|we|we'?ve|calling|that)|leave a (bad )?review|unbelievable|sick and tired|been going on (for )?(weeks|months))\b",
    ),
    _Rule(
        Signal.BROKEN_PROMISE,
        r"\b(said|promised|told (me|us)|assured (me|us)|swore|guaranteed)\b[^.?!]{0,70}\b(would|'d|will|by|within|was going to|were going to)\b[^?!]{0,80}\b(never|nobody|no one|didn'?t|hasn'?t|haven'?t|still|nothing|not)\b"
        r"|\b(nobody|no one|you|they|somebody|he|she) (never |didn'?t )?(called|rang|got|came|phoned|emailed|mailed|wrote)( \w+)? back\b|\b(still|never) (waiting|haven'?t (heard|had|received|got)|got it|came|happened|heard)\b[^.?!]{0,50}\b(promised|said|told|weeks?|days)\b|\bbroken promise\b|\bpromised\b[^.?!]{0,60}\b(never|nothing|not)\b",
        negatable=False,
    ),
    _Rule(
        Signal.DUPLICATE_CHARGE,
        r"\b(charged|billed|taken|took|debited|paid|hit|come out|came out|gone out|went out|deducted|cut|pulled)( \w+){0,6} (twice|two times|double|2 times)\b|\bdouble[- ]?(charg\w+|bill\w+|pay\w*|debit\w*|taken)\b|\bduplicated? (charge|payment|transaction|debit|billing)s?\b"
        r"|\btwo (identical |separate |of the same )?(charges|payments|transactions|debits|entries|deductions)\b|\b(twice|two times) (charged|billed|taken|deducted)\b|\bsame (amount|charge|payment|thing|invoice) twice\b",
        "",
    ),
    _Rule(
        Signal.BANK_REVERSAL,
        r"\bcharge ?backs?\b|\b(asked|told|called|contacted|rang|phoned|been on to|went to|gone to|go to|spoke to|instructed|got) (my|the|our) (bank|card (company|issuer))\b|\b(bank|card company|card issuer)\b[^.?!]{0,30}\b(revers\w*|disput\w*|claw\w*|pull\w* it back|stopp\w+)\b|\bdisput\w+\b[^.?!]{0,20}\bwith (my|the) (bank|card)\b",
        hypothetical=True,
    ),
    _Rule(
        Signal.ACCESS_LOST,
        r"\b(locked out|locked us|locked (my|our|me)|frozen|suspended|deactivated|(shut|cut|switched|turned) (us |me |it |everything )?off|kicked (us |me )?(out|off)|read[- ]only|"
        r"lost (all )?(access|everything)|no access|blocked|can'?t (\w+ )?(log|sign|get) ?(in|into|on)|disabled|nobody can|no one can|(billing|payment|credit) hold|put a stop)\b",
        "",
        hypothetical=True,
    ),
    _Rule(
        Signal.VULNERABILITY,
        r"\b(passed away|died|funeral|bereave\w*|widow(er)?|deceased|probate|cancer|chemo\w*|dementia|alzheimer\w*|terminal(ly)? ill|(i'?m|is|he'?s|she'?s) disabled(?= [.,;]|[.,;]|$)|disabled (person|son|daughter|mother|father|wife|husband)|disability|mental health|suicid\w*|depress(ed|ion)|breakdown|my carer|in care|stroke|heart attack|partially sighted|registered blind|i'?m (blind|deaf)|deaf (man|woman)|domestic (abuse|violence)|late (husband|wife|mother|father))\b",
    ),
    _Rule(
        Signal.FRAUD_CLAIM,
        r"\b(fraud\w*|scam(med|mer|s)?|hacked|stolen|identity theft|phish\w*|unauthori[sz]ed|taken over|compromised|someone (else )?(has |had |must have )?(used|got into|accessed|logged into)|did ?n'?t (make|authori[sz]e) (this|that|it|any|these|those))\b",
    ),
    _Rule(
        Signal.DATA_RIGHTS,
        r"\b(g ?d ?p ?r|c ?c ?p ?a|subject access|data (request|protection|subject)|(delete|erase|remove|wipe) (all )?(of )?(my|our) (data|details|information|account data|records)|right to be forgotten|what (data|information) (do )?you (hold|have|keep)|copy of (my|all my|the) (data|recording|call))\b",
        negatable=False,
    ),
    _Rule(
        Signal.COMMITMENT_CHANGE,
        r"\b(payment (plan|arrangement)|half\b[^.?!]{0,40}\bhalf|(pause|freeze) (my|our|the)|(membership|subscription|account|plan)\b[^.?!]{0,12}\bon hold|(a|per|each) (week|month) (until|till)|instal?l?ments?|part[- ]?payment|(balance|rest|remainder|remaining)\b[^.?!]{0,20}\b(after|next|later|in|by|at|end)|more time to pay|extension|extend (the )?(due|deadline)|split (it|the (bill|invoice|amount|payment)|this)|"
        r"cancel( \w+){0,2} (subscription|plan|membership|contract|account|policy)|waive|(change|move|shift|switch|push)\b[^.?!]{0,25}\b(date|day|plan|tier|annual|monthly|eighteenth|\w+teenth|\w+(st|nd|rd|th)\b)|upgrade|downgrade|open it (back )?up|unfreeze|unlock|reactivate|restore (our |my )?access|(other|second)( one| bill)? (after|next|later)|pay (it )?later|square it)\b",
        negatable=True,
    ),
)
_WITHDRAWS = (
    r"\b(never ?mind|nevermind|forget (it|about it|i (asked|called|said))|leave it( (then|there|be|for now|as it is))?|(don'?t|do not) bother|changed my mind|on second thoughts?|no need (then|any ?more|now|for (it|that|the))|(i'?ll|we'?ll|let'?s) (just )?(keep|leave) (it|the|things)|"
    r"drop (it|the whole thing|the (request|refund))|withdraw\w*|cancel (that|my|the) request|(don'?t|do not) (need|want) (it|that|the \w+|you to( \w+){0,3}) (any ?more|now|after all)|not (necessary|needed) (any ?more|now|after all)|scrap that)\b"
)
_FOUND_IT = r"\b(oh|ah|wait|hang on|actually)\b[^?]{0,40}\b(found it|there it is|i('ve| have)? (got|found|see|can see) it|it'?s (right )?(here|there)|it (just )?(came|arrived)|it'?s in my (spam|inbox|junk))\b"
_SATISFIED = r"\b(that'?s|that is) (all|everything) (i|we) (needed|wanted)|\bthat (answers|explains) (it|that|my question|everything)|\b(just|only) wanted to (check|know|confirm|make sure|ask)|\bthat makes sense\b|\b(ah|oh),? (right|okay|that explains)\b[^?]{0,30}\b(explains|clear|good to know)|\bgood to know\b|\bclears (it|that) up\b|\bthat'?s (clear|sorted|me sorted|all clear)\b"
_WILL_ACT = r"\b(i|we|they|someone|somebody|finance|team|he|she)('ll| will| am going to|'m going to|'re going to)( \w+){0,2} (send|mail|e-?mail|call|ring|raise|pass|refund|get|put|log|open|forward|write|issue|process|update|change|escalate|check|look)\b|\b(i'?m|we'?re) (sending|raising|passing|putting|logging|issuing|escalating|processing)\b|\bon (its|the) way\b"
_DROPPED = r"\b(hello\?|are you (still )?there|i('ve| have)? lost you|can you hear me|line('s| has)? (dropped|gone|cut)|call (dropped|disconnected|has ended)|you('re| are) breaking up|lost the (line|connection)|seems? we (were|got) (cut|disconnected))\b|\bhello\?"
_FAREWELL = r"\b(bye|goodbye|thanks|thank you|cheers|ta|take care|have a (good|nice|great|lovely)|arrivederci|grazie|danke|tsch[üu]ss|merci|au revoir|gracias|adi[óo]s|dank|good day|speak soon|later|great|fantastic|unbelievable|okay|ok|all right|alright|tonight|welcome)\b"
_DANGLING = r"(,|-|–|—|\.\.\.|…|\b(and|but|so|the|a|an|to|for|of|with|is|it'?s|my|because|or|if|that|at|from|on|in|i|we|um|uh|er))\s*$"
_SENT = r"\b(re-?send\w*|send\w*|sent|e-?mail\w*|mail\w*|cop(y|ies)|forward\w*|need|want|get|serve|share|have|over to you|way|new)\b"


def signals(heard: Heard) -> Iterator[tuple[Signal, Place]]:
    """Every signal heard, with the sentence that proves it; each signal at most twice."""
    count: dict[Signal, int] = {}
    for signal, place in _all(heard):
        count[signal] = count.get(signal, 0) + 1
        if count[signal] <= 2:
            yield signal, place


def _all(heard: Heard) -> Iterator[tuple[Signal, Place]]:
    for rule in _RULES:
        for place in heard.find(rule.pattern, rule.who):
            if rule.negatable and compiled(NEGATION).search(place.before[-30:]):
                continue
            if rule.hypothetical and _hypothetical(place):
                continue
            yield rule.signal, _quote(place)
    yield from _closing(heard)
    yield from _private_document(heard)


def injected(heard: Heard) -> dict[int, int]:
    """By turn, where orders to the system begin: nothing said from there to the turn's end is a fact."""
    starts: dict[int, int] = {}
    for place in heard.find(_ORDERS, "caller"):
        starts.setdefault(place.turn, place.sentence().start)
    return starts


def _quote(place: Place) -> Place:
    sentence = place.sentence()
    return sentence if len(sentence.text) <= 200 else place.trimmed()


def _hypothetical(place: Place) -> bool:
    if compiled(
        r"\b(if|could|might|may|would|does it|will it|will i|do i|before|unless|going to|or i'?ll|then i'?ll|about to|have to|n'?t|not)\b( \w+){0,4} ?$"
    ).search(place.before[-36:]):
        return True
    return (
        compiled(r"^[^.!]{0,40}\?").search(place.after) is not None
        and compiled(r"\b(is|does|will|do|are|am)\b").match(place.sentence().text) is not None
    )


def _closing(heard: Heard) -> Iterator[tuple[Signal, Place]]:
    half = heard.lines[len(heard.lines) // 2 :]
    late = Heard(tuple(half), heard.header)
    for pattern, signal in (
        (_WITHDRAWS, Signal.WITHDRAWN),
        (_FOUND_IT, Signal.WITHDRAWN),
        (_SATISFIED, Signal.ANSWERED),
    ):
        for place in late.find(pattern, "caller"):
            if not _acted_on(heard, place.line, whole=signal is Signal.ANSWERED):
                yield signal, _quote(place)
                break
    cut = _cut_off(heard)
    if cut:
        yield Signal.CUT_OFF, cut


def _acted_on(heard: Heard, line: Line, *, whole: bool) -> bool:
    """Whether the agent promised to do something: anywhere for a question answered, afterwards for a withdrawal."""
    return any(
        (whole or place.turn > line.turn) and not place.sentence().text.endswith("?")
        for place in heard.find(_WILL_ACT, "agent")
    )


def _cut_off(heard: Heard) -> Place | None:
    if not heard.lines:
        return None
    for line in heard.lines[-2:]:
        if line.text.strip() and (hit := compiled(_DROPPED).search(line.text)):
            return Place(line, hit.start(), hit.end())
    last = heard.lines[-1]
    ended = any(compiled(_FAREWELL).search(line.text) for line in heard.lines[-3:])
    if last.text.strip() and not ended and compiled(_DANGLING).search(last.text):
        return Place(last, 0, len(last.text)).trimmed()
    if len(heard.lines) <= 2 and last.text.strip() and not ended:
        return Place(last, 0, len(last.text)).trimmed()
    return None


def _private_document(heard: Heard) -> Iterator[tuple[Signal, Place]]:
    kinds = rf"(?<!own )(?<!next )\b({INVOICE}|{RECEIPT}|statements?|w-?9|w nine|tax (form|certificate|document)|credit notes?)\b"
    asked = rf"{_SENT}[^.?!]{{0,50}}{kinds}|{kinds}[^.?!]{{0,40}}\b(again|sent|over|to me|mailed|e-?mailed|to the same|copy|copies|there)\b"
    for place in heard.find(kinds):
        sentence, negated = place.sentence(), compiled(NEGATION).search(place.before[-24:])
        number_only = compiled(rf"{kinds} (number|no)\b").search(sentence.text)
        if compiled(asked).search(sentence.text) and not negated and not number_only:
            yield Signal.PRIVATE_DOCUMENT, _quote(place)
            return
    for place in heard.find(
        r"\b(one line|line items?|first line|second line|two lines|broken down|break ?down|itemi[sz]ed|the lines? (on|of) (it|the))\b",
        "agent",
    ):
        yield Signal.PRIVATE_DOCUMENT, _quote(place)
        return
