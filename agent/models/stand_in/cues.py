"""Cue words of the ten scenarios, in the English of several countries and the main words of others.

Calls between Europeans mix languages around the one noun that matters, so nouns of the larger ones are
listed beside the English.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from agent.capture import Scenario
from agent.models.stand_in.cue import Cue
from agent.models.stand_in.wider_cues import WIDER

S = Scenario
NEGATION = (
    r"\b(not|never|no|without|isn'?t|wasn'?t|don'?t|didn'?t|doesn'?t|haven'?t|won'?t|wouldn'?t|nothing)( \w+){0,3} ?$"
)
INVOICE = r"(invoices?|bills?|fattur[ae]|rechnung(en)?|factures?|facturas?|faktura|factu(ur|ren)|faktur[ae]?)"
RECEIPT = (
    r"(receipts?|ricevut[ae]|recibos?|re[çc]us?|quittung(en)?|beleg|kvitto|kvittering|bonnetje|betaalbewijs|"
    r"proof of (the )?payment|payment (confirmation|receipt)|zahlungsbest[äa]tigung)"
)
_TAX_ID = (
    r"(v ?a ?t|g ?s ?t( ?i ?n)?|tax|e ?i ?n|t ?v ?a|i ?v ?a|b ?t ?w|ust|mwst|partita iva|siret|a ?b ?n|umsatzsteuer)"
)
BLOCKED = (
    r"\b(locked out|locked us|locked (my|our|the)|lock(s|ed)? (me|us|everyone|everybody)|frozen|froze|suspend\w*|restricted|put a stop|"
    r"shut (us |me |it )?(off|down|out)|cut (us )?off|switched off|turned off|blocked|deactivated|disabled|"
    r"kicked (us )?(out|off)|(on|billing|payment|credit) hold|lost (all )?access|read[- ]only|(services?|offers?|orders?|everything|account|workspace|site) (is |are |been |was |were )?(all )?(paused|down|stopped)|"
    r"(switch|turn|put) (us|me|it|everything) back on|(lift|remove) the (block|hold|suspension)|none of (our|the|my) \w+( \w+)? (is|are|can|will|work\w*)|"
    r"can(no|')t (\w+ )?(log|sign|get|access|use|place|run|take|process|"
    r"book|open|ship|send|print|ring|serve|sell|check|trade|operate|see|do|work|charge|load|enter)|no(body| one|-one) can|unable to (log|access|use|process)|greyed out|not working)\b"
)
PEOPLE = (
    r"people|users|staff|employees|seats|stores|sites|drivers|students|attendees|agents|nurses|locations|members|"
    r"patients|clinics|branches|shops|restaurants|guests|delegates|engineers|reps|technicians|customers|workers|"
    r"pupils|teachers|colleagues|riders|couriers|clinicians|doctors|hospitals|registers|schools|warehouses|offices|properties|analysts|developers|operators|passengers|members of staff|desks|rooms|beds|machines|devices|terminals|tills|trucks|crews?"
)
_WRONG = (
    r"(wrong|incorrect|chang\w*|updat\w*|correct\w*|fix\w*|amend\w*|moved?|old|outdated|former|typo|misspel\w*|"
    r"mis-?typed|spelt|spelled|missing|replace|different|new)"
)


@lru_cache(maxsize=1)
def cue_tables() -> Mapping[S, tuple[Cue, ...]]:
    """The cues of every label."""
    plain = {
        S.REFUND_REQUEST: _REFUND,
        S.CHARGE_DISPUTE: _DISPUTE,
        S.INVOICE_RESEND: _INVOICE,
        S.RECEIPT_TO_VERIFIED_EMAIL: _RECEIPT,
        S.RENEWAL_FAILURE: _RENEWAL,
        S.VIP_PAYMENT_BLOCKER: _VIP,
        S.COLLECTIONS_CALL: _COLLECTIONS,
        S.TAX_OR_ADDRESS_CORRECTION: _TAX,
        S.OTHER_BILLING: _OTHER,
        S.NOT_BILLING: _NOT_BILLING,
    }
    return {label: (*cues, *WIDER.get(label, ())) for label, cues in plain.items()}


_REFUND = (
    Cue(
        r"\b(i|we) (get|have|become) (it|them|that|this|the money) (back|again)\b|\b(want|like|need|wish|mean|going|trying) to (return|give back|send back) (it|them|this|that|the)\b"
        r"|\b(can|could|may|will|would) (i|we|it|that|you)\b[^.?!]{0,30}\b(go|put|come|pop|return\w*)( \w+){0,2} (back )?(on|to|onto) (my|our|the) (card|account)\b",
        3.0,
        "caller",
    ),
    Cue(
        r"\b(clicked|pressed|tapped|hit|ordered|bought|booked|picked|chose|selected|signed up)\b[^.?!]{0,50}\b(wrong|mistake|accident\w*|in error|not meant|didn'?t mean)\b"
        r"|\b(regret\w*|misprint\w*|damaged|faulty|broken|doesn'?t (fit|suit|open|work|run)|no (use|good) (to|for) (me|us)|never (ran|started|opened|began|went live|happened|matched))\b",
        1.6,
        "caller",
    ),
    Cue(
        r"\b(goes?|go|going|sent|given|come|comes|paid|return\w*) (straight |right )?(back )?(on |to |onto )(the|your) (same )?(card|account)\b|\b(money|payment|amount|month) (goes|is given|comes|is paid|will go) back\b|\b(is|are|gets?) (given|paid) back\b|\brefundable\b|\bwe refund\b",
        2.4,
        "agent",
        negatable=True,
    ),
    Cue(
        r"\b(want|need|like|get|have|give|getting)( me| us)?( (?!call|ring|get|hear|be|go|come)\w+){1,5} back\b(?! (in|to|on|at|from|by|up|then|online|open)\b)",
        2.4,
        "caller",
        negatable=True,
    ),
    Cue(
        r"\b(what (i|we) (have )?paid|compensat\w+|(get|give me|want) my money|return(ing)? (it|them|the)|send (it|them) back)\b",
        1.8,
        "caller",
    ),
    Cue(
        r"\brefunds? (desk|team|department)\b|\b(goes|gone|going|go) back (to|on|onto) (your|the) (card|account)\b",
        2.0,
        "agent",
    ),
    Cue(r"\brefund(s|ed|ing)?\b", 3.2, "caller", negatable=True),
    Cue(r"\brefund(s|ed|ing)?\b", 2.4, "agent", negatable=True),
    Cue(
        r"\b(money|it|that|this|payment|amount|fee|deposit|cash|pounds?|dollars?|euros?|rupees|quid|bucks|cents|pence|"
        r"[a-z]+ty|\d+|half|all of it|those|them)( \w+){0,1} back\b(?! (to|on|in|from|up|then|at|for|before)\b)",
        3.0,
        "caller",
        negatable=True,
    ),
    Cue(r"\b(want|like|get|getting|have|give)( \w+){0,4} (money|payment) back\b", 1.5, "caller"),
    Cue(
        r"\b(reimburse\w*|rimborso|reembolso|devoluci[óo]n|remboursement|r[üu]ckerstattung|erstattung|terugbetal\w*)\b",
        3.2,
    ),
    Cue(r"\b(full|whole|entire|partial) amount back\b|\bback (on|to|onto) (the|your|my) (card|account)\b", 1.6),
    Cue(r"\b(credited?|put it|send it) back\b|\bpaid back\b", 1.5, "caller"),
    Cue(
        r"\b(never used|unused|haven'?t used|didn'?t use|changed my mind|no longer need|cooling[- ]off|by (mistake|accident)|"
        r"accidentally|called (it )?off|cancell?ed (it|the|within|on me|last minute)|free trial|trial (was|ended|period))\b",
        1.5,
        "caller",
    ),
)
_DISPUTE = (
    Cue(
        r"\bdouble[- ]?count\w*\b|\b(have|had|got|has|'ve) (us|me) down for\b|\b(i|we) (did ?n'?t|never) (have|had|use|used|get)\b|\bain'?t pay\w*",
        2.2,
        "caller",
    ),
    Cue(
        r"\b(took|taken|charged|billed|paid|debited)\b[^.?!]{0,80}\b(another (one|charge|payment)|second (one|charge|payment|time)|same (appointment|order|month|thing|booking|invoice|week|service))\b",
        2.8,
        "caller",
    ),
    Cue(
        r"\b(do ?n'?t|do not|can'?t|cannot|won'?t) accept\b|\bbut (we|i)( only)? (received|got|have|ordered|had|used|agreed)\b|\btake (it|them|that|this|two|one|half|the \w+) (off|away|out)\b"
        r"|\b(closed|cancell?ed|stopped)\b[^.?!]{0,30}\b(account|subscription|membership)\b[^.?!]{0,60}\b(charg|bill|tak|debit)\w*|\bkeep (taking|charging|billing|debiting)\b",
        2.8,
        "caller",
    ),
    Cue(
        r"\b(register|raise|log|open|submit|file|start)\b[^.?!]{0,20}\b(claim|query|dispute|complaint|case)\b",
        2.0,
        "agent",
    ),
    Cue(r"\b(disputes?|fraud) (team|department|desk)\b|\b(open|start|raise)( \w+){0,2} investigation\b", 2.4, "agent"),
    Cue(r"\b(nobody|no one|you) (asked|told) (me|us)\b", 1.2, "caller"),
    Cue(r"\bdisput(e|ed|ing|es)\b", 4.5, "caller", negatable=True),
    Cue(r"\bdisput(e|ed|ing|es)\b", 2.0, "agent", negatable=True),
    Cue(
        r"\b(charged|billed|taken|took|debited|paid|hit|come out|gone out|went out|deducted|cut|pulled)( \w+){0,6} "
        r"(twice|two times|double|2 times)\b|\bdouble[- ]?(charg\w+|bill\w+|pay\w*|debit\w*|taken)\b"
        r"|\bduplicate(d)? (charge|payment|transaction|debit|billing)s?\b|\btwo (identical |separate |of the same )?"
        r"(charges|payments|transactions|debits|entries|deductions)\b|\b(twice|two times) (charged|billed|taken|deducted)\b"
        r"|\bsame (amount|charge|payment|thing) twice\b",
        4.2,
        negatable=True,
    ),
    Cue(
        r"\b(charge ?back|(my|the|our) bank (to|about)|(told|asked|rang|called|contacted) (my|the|our) bank)\b",
        2.0,
        "caller",
    ),
    Cue(
        r"\b(did ?n'?t|never|did not|hadn'?t|have ?n'?t|nobody( here)?|none of us|no one)( \w+){0,2} "
        r"(authori[sz]ed?|approved?|agreed?( to)?|ordered|order|sign(ed)? (up|off)|consent(ed)?|asked? for|bought|requested|subscribed?)\b",
        3.0,
        "caller",
    ),
    Cue(
        r"\b(do ?n'?t|do not|cannot|can'?t|did ?n'?t|not) (even )?(recogni[sz]e|know what|understand (why|what))\b|\bno (idea|clue)\b[^.?!]{0,12}\bwh(at|y|o)\b|\bnever (joined|heard of|bought|had)\b"
        r"|\bunrecogni[sz]ed\b|\bwhat (is|was|'s) (this|that) (charge|payment|transaction)\b",
        3.0,
        "caller",
    ),
    Cue(
        r"\bover-?(charg|bill)\w+|\bcharged (me |us )?(too much|more|extra|the wrong|the full|full)\b|\bwrong(ly)? (amount|price|charge\w*|bill\w*|rate)\b"
        r"|\b(incorrect|erroneous)(ly)? (charge\w*|bill\w*|amount)\b|\b(should ?n'?t|should not|should never|shouldn't) (have |'ve )?(been |be |have )?(charg|bill|pay)\w*"
        r"|\bnot what (i|we|was|you|they)( \w+){0,2} (agreed|quoted|signed|told|promised)\b"
        r"|\b(quoted|told|promised|advertised)\b[^.?!]{0,40}\b(free|cheaper|no charge|only|less|included|a month|discount|half|\w+ty)\b",
        3.0,
    ),
    Cue(
        r"\b(it'?s|is|was|that'?s|which is|are) (just |plain |simply |completely |all |not )?(wrong|not right|not correct|incorrect)\b",
        1.8,
        "caller",
    ),
    Cue(
        r"\b(not|n'?t|refuse to|refusing to|no way i'?m) (gonna |going to )?pay(ing)?\b(?! (you )?(in|by|on|until|today|now|all|it all|the full|full))",
        2.2,
        "caller",
    ),
    Cue(r"\b(fraud\w*|scam\w*|unauthori[sz]ed|stolen|hacked|rip[- ]?off)\b", 3.0, "caller", negatable=True),
    Cue(
        r"\bcancell?ed\b.{0,90}\b(charg|bill|paying|debit)\w*|\b(charg|bill|debit)\w*\b.{0,60}\b(after|even though|although|despite)\b.{0,25}\bcancel\w*"
        r"|\bstill (being |getting |been )?(charg|bill|debit|tak)\w*",
        3.0,
        "caller",
    ),
    Cue(
        r"\b(never|did ?n'?t|has ?n'?t|not) (arrived?|come|came|received?|turned up|show(ed)? up|delivered|worked?|got)\b",
        1.0,
        "caller",
    ),
    Cue(
        r"\b(contest|challenge) (this|that|the|it|a)\b|\bquery (this|that|the|a) (charge|bill|invoice|amount|line)\b",
        2.5,
        "caller",
    ),
)
_INVOICE = (
    Cue(
        rf"\b(can|could|would|will) (you|ye|someone|i|we)\b[^.?!]{{0,50}}(?<!own )(?<!my )(?<!next )\b{INVOICE}\b",
        1.8,
        "caller",
    ),
    Cue(rf"\b{INVOICE}\b", 0.8, "caller"),
    Cue(r"\bon (its|the) way\b", 0.6, "agent"),
    Cue(rf"\b(chasing|after|looking for|track(ing)? down|hunting for)\b[^.?!]{{0,30}}\b{INVOICE}\b", 2.8, "caller"),
    Cue(
        rf"\b{INVOICE}\b[^.?!]{{0,24}}\b(we|i) (don'?t|haven'?t|can'?t)( \w+){{0,3}} (have|got|find|see)\b",
        2.6,
        "caller",
    ),
    Cue(
        rf"\b(cop(y|ies)|duplicate|pdf|reprint|scan)( \w+){{0,4}} {INVOICE}\b|\b{INVOICE} (copy|copies|pdf|again)\b",
        4.0,
    ),
    Cue(
        rf"\b(re-?send|send|sent|e-?mail|mail|forward|share|need|get|wants?|re-?issue|shoot|give|have|provide|missing|serve|brauche)\b[^.?!]{{0,40}}(?<!own )(?<!separate )\b{INVOICE}\b",
        2.4,
        "caller",
    ),
    Cue(
        rf"\b(never|did ?n'?t|did not|have ?n'?t|has ?n'?t|had ?n'?t|not)\b[^.?!]{{0,18}}\b(got|gotten|received?|receiving|get|seen|see|had|have|arrived?|come|came|find)\b[^.?!]{{0,25}}\b{INVOICE}\b"
        rf"|\b{INVOICE}\b[^.?!]{{0,30}}\b(never|did ?n'?t|has ?n'?t|not) (been )?(came|come|arrived?|received|reached|turned up|show)\b",
        3.2,
        "caller",
    ),
    Cue(
        rf"\b(lost|missing|can'?t find|cannot find|mislaid|astray|deleted|spam|misplaced)\b(?! (on|from)\b)[^.?!]{{0,40}}\b({INVOICE}|paperwork)\b"
        rf"|\b{INVOICE}\b[^.?!]{{0,40}}\b(missing|lost|astray|deleted|vanished|bounced back)\b",
        3.0,
        "caller",
    ),
    Cue(rf"\b(re-?send|send|e-?mail|mail|forward)\b[^.?!]{{0,30}}\b({INVOICE}|copy)\b", 2.2, "agent"),
    Cue(r"\bre-?send\b|\bsend (it|that|them|those) (again|over|to)\b", 1.0),
)
_RECEIPT = (
    Cue(rf"\b{RECEIPT}\b", 4.4, "caller"),
    Cue(rf"\b{RECEIPT}\b", 3.0, "agent", negatable=True),
    Cue(
        r"\b(something|anything|thing|paper\w*|document)\b[^.?!]{0,16}\b(show\w*|saying|says|prov\w+|confirm\w*)\b[^.?!]{0,16}\b(paid|payment)\b|\b(evidence|proof|confirmation)\b[^.?!]{0,16}\b(paid|payment|purchase)\b",
        3.4,
        "caller",
    ),
    Cue(r"\b(expenses?|expense report|reimburse me|accountant|bookkeeper|tax return|deduct)\b", 0.5, "caller"),
)
_RENEWAL = (
    Cue(
        r"\b(listing|subscription|membership|plan|licen[cs]e|cover|access)( \w+){0,2} (has |have |was |is )?(ended|stopped|run out|ran out|dropped|lapsed|gone off)\b|\brenewal (is |was )?(unpaid|due|missed)\b|\bdropped off\b",
        2.4,
        "caller",
    ),
    Cue(
        r"\bpayment link\b[^.?!]{0,40}\b(shall|send|mail|e-?mail|now|going)\b|\b(mail|e-?mail|send|text)\b[^.?!]{0,20}\b(the|a) (payment )?link\b|\b(try|take|run|attempt) (the (renewal|payment)|it) again\b|\bcomes back (on )?by itself\b",
        1.4,
        "agent",
    ),
    Cue(
        r"\b(could ?n'?t|could not|can'?t|cannot|was ?n'?t|not|wo ?n'?t|fail\w*)( \w+){0,3} (extend|extended|prolong\w*|continued?|renewable|take (the|my|our) payment)\b",
        3.0,
    ),
    Cue(
        r"\b(direct debit|mandate|payment|card)\b[^.?!]{0,30}\b(returned|rejected|refused|sent back|kicked back)\b", 2.0
    ),
    Cue(
        r"\b(did ?n'?t|not|fail\w*|won'?t|would ?n'?t|has ?n'?t|never|could ?n'?t|unable to|can'?t|cannot|does ?n'?t)( \w+){0,3} (auto[- ]?)?renew\w*"
        r"|\brenew\w*\b[^.?!]{0,40}\b(fail\w*|declin\w*|bounc\w*|did ?n'?t|not go|not gone|reject\w*|unsuccessful|problem|stuck|error|hasn'?t|never|could ?n'?t)\b",
        4.6,
    ),
    Cue(
        r"\b(auto[- ]?renew\w*|renewals?|renew(ed|s|ing)?|rinnovo|renovaci[óo]n|renouvellement|verl[äa]nger\w+|verleng\w+)\b",
        1.8,
    ),
    Cue(
        r"\b(subscription|membership|plan|licen[cs]es?|plus|premium|pro|package|policy|account)\b[^.?!]{0,45}\b(lapsed?|expired?|paused|inactive|stopped working|"
        r"fail\w*|bounc\w*|declin\w*|downgraded|dropped)\b",
        2.4,
    ),
    Cue(
        r"\bcard( \w+){0,3} (expired?|declined|ran out|run out|rejected|bounced|replaced|changed)\b|\b(expired|new|replacement|lost) card\b"
        r"|\b(payment|charge|debit|direct debit|mandate)( \w+){0,4} (fail\w*|declin\w*|bounc\w*|reject\w*|returned|did ?n'?t go|not go)\b|\binsufficient funds\b",
        2.0,
    ),
    Cue(
        r"\b(downgrad\w+|drops? (you|us|me) (down|to)|grace period|retry|try it again|try again|re-?try)\b",
        1.0,
        "agent",
    ),
)
_VIP = (
    Cue(
        r"\b(v ?i ?p|priority (account|customer|client|list)|enterprise|platinum|top[- ]tier|key account|strategic (account|customer)|(biggest|largest) (client|customer|account)s?|premier)\b",
        2.6,
    ),
    Cue(
        r"\b(locked out|frozen|froze|suspended|(on|billing|payment|credit) hold|read[- ]only|blocked|deactivated|disabled|lost access|shut (us |it )?(off|down)|cut (us )?off)\b",
        2.2,
        negatable=True,
    ),
    Cue(
        r"\b(five alarm|emergency|urgent(ly)?|critical|disaster|crisis|escalat\w+|top priority|right (now|away)|immediately|asap|a s a p)\b",
        1.2,
    ),
    Cue(r"\b(no(body| one) can|can'?t (log|get|sign|access|place|process|run|open|ship|take))\b", 1.4, "caller"),
    Cue(
        r"\b(tomorrow|tonight|this (morning|afternoon|evening)|in (an|one|two|three|four|a few|\d+) hours?)\b",
        0.6,
        "caller",
    ),
)
_COLLECTIONS = (
    Cue(
        r"\b(do|pay|manage|afford|spare|send)( you)? [\w ]{2,20} (a|per|each|every) (week|month|fortnight)\b|\bhalf\b[^.?!]{0,40}\bhalf\b|\bin (two|three|four) (goes|parts|payments)\b",
        2.4,
        "caller",
    ),
    Cue(
        r"\b(has ?n'?t|have ?n'?t|did ?n'?t|not) (come in|come through|arrived|reached us|been (paid|received))\b|\bmissed( a| the| your)? payment\b",
        2.0,
        "agent",
    ),
    Cue(rf"\b{INVOICE}\b[^.?!]{{0,30}}\b(late(?! fee)|overdue)\b", 2.0),
    Cue(
        r"\b(keep|kept|stop|quit)( \w+){0,2} (calling|ringing|phoning|chasing|harassing|sending( \w+){0,3} (letters|reminders|notices))\b",
        2.6,
        "caller",
    ),
    Cue(r"\b(accounts receivable|credit control|collections)\b", 1.2, "agent"),
    Cue(
        r"\b(invoice|bill|balance|payment|account)\b[^.?!]{0,60}\b((was|is|were) due|due on|overdue|past due|outstanding)\b",
        1.6,
        "agent",
    ),
    Cue(r"\b(i|we)('ll| will)( \w+){0,2} pay\b", 1.2, "caller"),
    Cue(
        r"\b(past due|overdue|over due|outstanding (balance|amount|invoice|bill|payment)|arrears|final (notice|demand|reminder)|collections?|"
        r"debt|red letter|payment reminder|reminder (letter|e-?mail|notice)s?|bailiffs?|small claims|remaining balance|past the due date|"
        r"(months?|weeks?|days) (late|behind|overdue)|behind (on|with)|dunning|mahnung|sollecito|impay[ée]|remains? unpaid|still unpaid|unpaid since)\b",
        2.6,
    ),
    Cue(
        r"\b(instal?l?ments?|payment (plan|arrangement)|part[- ]?payment|pay (some|half|part|a bit)|half now|(rest|balance|remaining|remainder)( \w+){0,3} (next|after|later|by|in|on)|"
        r"over (two|three|four|five|six|twelve|\d+) (months|weeks|payments)|split (it|the|this|into)|more time|extension|bit by bit|spread (it|the|that))\b",
        3.0,
        "caller",
    ),
    Cue(
        r"\b(can'?t|cannot|can not|could ?n'?t|unable to|not able to|struggling to|wo ?n'?t be able to|no way to|difficult to)( \w+){0,4} (pay|afford|clear|settle)\b"
        r"|\b(full|whole|entire|all of it|everything)\b[^.?!]{0,20}\b(cannot|can'?t|not possible|unable|impossible)\b|\bcash ?flow\b",
        2.6,
        "caller",
    ),
    Cue(
        r"\b(calling|call|ringing|following up|reaching out|chasing|it is|it'?s|this is)( \w+){0,4} (about|regarding|for|on|because|in relation)\b[^.?!]{0,50}\b(invoice|bill|balance|payment|account|amount|instal?ment|due)\b",
        1.8,
        "agent",
    ),
    Cue(
        r"\b(i|we)('ll| will| can| shall| could|'m going to)( \w+){0,5} (pay|transfer|send|clear|settle|give|do|deposit|make)\b[^.?!]{0,45}\b(by|on|this|next|end of|until|till|before|tomorrow|month)\b",
        2.0,
        "caller",
    ),
    Cue(r"\b(cheque|check)( \w+){0,3} (come back|came back|bounced|returned|dishonou?red)\b", 1.5),
    Cue(
        r"\b(when (can|will|could|would) (you|we)( \w+){0,3} (pay|expect|clear|settle)|arrange (a )?payment|promise to pay|payment date)\b",
        2.4,
        "agent",
    ),
    Cue(
        r"\b(laid off|lost (my|his|her) job|hospital|hardship|struggling|hard times|redundan\w+|bankrupt\w*|insolven\w*|tight (month|right now))\b",
        1.2,
        "caller",
        negatable=True,
    ),
)
_TAX = (
    Cue(r"\b(change of|new|legal|registered) (legal )?(name|entity)\b|\bchange of (address|ownership)\b", 2.6, "agent"),
    Cue(
        r"\b(we|we'?ve|we have|company|firm)( \w+){0,2} (merged|rebranded|renamed|been (acquired|bought|taken over)|changed (our|the|its) name)\b",
        2.6,
        "caller",
    ),
    Cue(rf"\b(with|without|plus|no|charg\w+|add\w*|remov\w+)( \w+){{0,2}} {_TAX_ID}\b", 2.4, "caller"),
    Cue(r"\b(corrected?|amended|new version of the) (one|invoice|bill|version|copy)\b|\btax team\b", 2.0, "agent"),
    Cue(
        rf"\b{_TAX_ID}( \w+)? (number|num|id|i d|no|registration|code|details|certificate|exempt\w*|info\w*|nummer|rate|office)\b|\bgstin\b|\btax[- ]exempt\w*|\breverse charge\b"
        r"|\bresale certificate\b|\b(btw|ust|mwst|umsatzsteuer)[- ]?(nummer|id|idnr)\b|\bpartita iva\b|\bnum[ée]ro de tva\b",
        3.2,
    ),
    Cue(
        r"\b(sales )?(tax|vat|gst|g s t|v a t)\b[^.?!]{0,50}\b(wrong|incorrect|should ?n'?t|exempt|remove[d]?|charged|missing|different|change)\b|\b(wrong|incorrect|remove|charged( us| me)?)\b[^.?!]{0,30}\b(tax|vat|gst)\b",
        2.8,
        "caller",
    ),
    Cue(
        rf"(?<!mail )(?<!email )\baddress(es)?\b[^.?!]{{0,50}}\b{_WRONG}\b|\b{_WRONG}\b[^.?!]{{0,45}}(?<!mail )(?<!email )\b(?<!ip )address\b",
        2.6,
        "caller",
    ),
    Cue(
        r"\b(billing|invoice|registered|company|legal|mailing|business|office|street|postal) address\b|\bindirizzo\b|\banschrift\b|\bdirecci[óo]n\b",
        2.2,
    ),
    Cue(
        rf"\b(company|legal|business|registered|trading|entity|firm'?s?|our) name\b[^.?!]{{0,45}}\b{_WRONG}\b|\b{_WRONG}\b[^.?!]{{0,30}}\b(company|legal|business|registered|entity|firm) (name|entity)\b"
        r"|\b(wrong|old|former)\b[^.?!]{0,25}\b(entity|company|firm)\b",
        3.0,
        "caller",
    ),
    Cue(
        r"\b(we|we'?ve|we have|office|company|they)( \w+){0,2} (moved|relocated|changed (premises|offices?))\b",
        1.8,
        "caller",
    ),
    Cue(
        r"\bname of (the|our|my) (firm|company|business|practice|school)\b[^.?!]{0,40}\b(wrong|changed|old|different|now)\b",
        3.0,
        "caller",
    ),
    Cue(r"\b(w-?9|w nine|tax (form|certificate))\b", 2.4, "caller"),
    Cue(r"\bnew address\b|\b(old|wrong|previous) (place|address|name) on\b", 2.0, "caller"),
    Cue(r"\b(address|tax|vat|gst|legal name)\b[^.?!]{0,30}\b(correct|update|chang|amend|form)\w*", 1.2, "agent"),
)
_OTHER = (
    Cue(
        r"\b(get|set|put)( us| me)?( up)? (on|onto|up (on|for)) (the |your )?(billing|books|invoicing)\b|\b(brand new|new) (customer|client|account)\b|\bnext (payment|charge|bill|debit)\b|\b(pass|switch|change|move|go) (over )?to (bank transfer|transfer|direct debit|invoice|virement|transferencia|bonifico|sepa)\b",
        2.4,
        "caller",
    ),
    Cue(
        r"\b(paus(e|ing)|freez(e|ing)|suspend(ing)?|put|hold(ing)?)\b[^.?!]{0,30}\b(membership|subscription|account|plan|payments?)\b( on hold)?",
        2.8,
        "caller",
    ),
    Cue(
        r"\b(chang|mov|shift|push|switch|bring|alter|set)\w*\b[^.?!]{0,35}\b(billing|payment|debit|charge|due|invoice|collection|direct debit)?[- ]?(date|day)\b"
        r"|\b(move|shift|push|change) it( back)? (to|from|till|until)\b|\b(billing|payment) (date|day|cycle)\b|\bday (ye|you|they) take the money\b",
        3.4,
    ),
    Cue(
        r"\b(upgrad|downgrad|switch|chang|mov)\w*\b[^.?!]{0,30}\b(plan|tier|package|annual|yearly|monthly|seats?|licen[cs]es)\b",
        2.8,
        "caller",
    ),
    Cue(
        r"\b(how much|what does|what would|what'?s)\b[^.?!]{0,30}\b(cost|price|pay|owe|charge|fee|fees|bill|rate|balance)\b",
        1.8,
        "caller",
    ),
    Cue(
        r"\b(pricing|price (list|increase|change|rise)|discount|coupon|promo( code)?|voucher|gift card|loyalty)\b",
        2.4,
        "caller",
    ),
    Cue(
        r"\b(send|need|get|want|have|e-?mail|copy|request|provide|give)\b[^.?!]{0,30}\bstatements?\b|\bstatements? of accounts?\b|\bkontoauszug\b|\bextracto\b",
        2.8,
        "caller",
    ),
    Cue(
        r"\bcancel(l?ing|l?ation)?\b[^.?!]{0,20}\b(subscription|plan|membership|account|contract|policy|service)\b",
        2.6,
        "caller",
    ),
    Cue(
        r"\b(bank|account|konto|card|iban) (account |details )?(has |have |is |hat |was )?(sich )?(chang|geändert|moved)\w*\b|\bnew (bank account|bank|iban|direct debit)\b"
        r"|\b(updat|chang|replac|add|switch|giv|put|us)\w*\b[^.?!]{0,30}\b(card|payment (method|details)|bank (account|details)|direct debit|mandate|card on file)\b",
        2.2,
        "caller",
    ),
    Cue(
        r"\b(when|what (day|date|time))('?s)?\b[^.?!]{0,35}\b(charged?|billed|payment|due|come out|taken|take (the |my |any )?(money|payment|it)|invoiced?|renew\w*|bill)\b",
        2.6,
        "caller",
    ),
    Cue(
        r"\b(credit (note|memo|balance)|store credit|account credit|purchase order|p ?o number|payouts?|commission|remittance)\b",
        2.6,
        "caller",
    ),
    Cue(
        r"\b(break ?down|explain|walk me through|understand|question about|what (is|are|'s) (this|that|the))\b[^.?!]{0,35}\b(bill|invoice|charge|fee|line|amount|item|statement)s?\b",
        2.4,
        "caller",
    ),
    Cue(
        r"\b(did|has|have|was|is|check (if|whether))\b[^.?!]{0,20}\b(my|our|the) (last )?(payment|transfer|cheque|check|wire|money)\b[^.?!]{0,30}\b(go|gone|went|come|came|received?|cleared?|arrived?|reach\w*|land\w*|posted|there)\b",
        2.6,
        "caller",
    ),
    Cue(
        r"\badd\b[^.?!]{0,30}\b(to (the|our|my) (plan|account|bill|subscription)|another|seats?|users?|licen[cs]es?|line)\b",
        2.4,
        "caller",
    ),
    Cue(
        r"\b(own brand|new brand|second brand|brand|listing|merchant (id|account)|add(ing)? (a )?(location|site|store|shop|brand)|new (location|site|store|branch))\b",
        2.6,
        "caller",
    ),
    Cue(
        r"\b(payment terms|net (thirty|sixty|\d+)|annual billing|monthly billing|usage (charges|bill)|pro-?rat\w+|autopay|auto pay|paperless)\b",
        2.2,
    ),
)
_NOT_BILLING = (
    Cue(
        r"\b(you'?ve|you have|you'?ve got|got|have|rang|dialled|dialed|it'?s|this is) (got )?(the |a )?wrong (number|company|place|people|department|line)\b|\bprivate company\b|\bnothing to do with us\b|\bthis is (just |only )?(the )?(billing|accounts|finance) (desk|line|department)\b|\bline is (only )?for (payments|billing|invoices)\b",
        3.4,
        "agent",
    ),
    Cue(
        r"\b(i can'?t|i cannot|i'?m not able to|not able to|we don'?t|i don'?t) (confirm (any|who|that some)\w*|open the door|look up (parcels|deliver\w+)|pass on messages|sell|do (repairs|deliveries|hiring)|take (job )?applications|help with (that|this|parcels|deliveries))\b",
        2.4,
        "agent",
    ),
    Cue(
        r"\b(verif\w+|confirm\w*|check) (of )?(\w+ )?employment\b|\b(employment|mortgage|tenant|landlord|reference) (check|reference|verification)\b|\b(people|h r|hr|human resources) (team|department)\b|\bis (that|this) (the )?(revenue|tax office|council|bank|hospital|surgery|post office|police|doctors?)\b|\b(i'?m (a|the|your) (driver|courier|postman|journalist|student|recruiter))\b|\b(buzzer|doorbell|loading bay)\b",
        2.8,
        "caller",
    ),
    Cue(
        r"\b(do|can|could) you (guys )?(deliver|sell|stock|fit|install|repair|offer|ship|make)\b|\b(after|want|need|get|like|for) (a|some) quotes?\b|\bin stock\b",
        2.4,
        "caller",
    ),
    Cue(
        r"\b(put you through|transfer you|pass you over)\b(?![^.?!]{0,25}\b(finance|billing|accounts|refund|collections|manager))"
        r"|\b(you'?d|you'?ll|you) (want|need|have)( to)? (the|our|(call|ring|speak|talk|write|ask|go|e-?mail))\b",
        2.2,
        "agent",
    ),
    Cue(
        r"\b(interviews?|job (interview|application|advert|opening|posting|offer)|(a|the) job (you|that|at)|payable job|vacanc(y|ies)|applicant|applying|application|hiring|recruit\w*|resume|c v|cv|careers?|internship|h ?r)\b",
        3.2,
        "caller",
    ),
    Cue(
        r"(?<!it is )(?<!has )\bwrong number\b(?! (on|in|for|of)\b)"
        r"|\bwho is this\b.{0,20}\bwrong\b|\bnot (a|your) customer\b|\bdon'?t have an account\b",
        4.0,
    ),
    Cue(
        r"\b(password|log ?in|reset|sign ?in|two factor|verification code|bug|error message|crash\w*|install\w*|wi-?fi|router|firmware|screen|bluetooth|sync\w*|export|integration|a ?p ?i key)\b",
        2.2,
        "caller",
    ),
    Cue(r"\b(deliver(y|ed)|shipment|parcel|package|tracking|courier|dispatch)\b", 1.8, "caller"),
    Cue(
        r"\b(appointment|book(ing)? (a|an) (table|demo|visit|room|slot)|opening hours|what time do you (open|close)|directions|parking|partnership|sponsorship|journalist|press|survey|warranty|lost property|donat\w+|volunteer\w*|feature request|training)\b",
        2.4,
        "caller",
    ),
    Cue(
        r"\b(only|just) (handles?|deals? with|does|do) (invoices|billing|payments)\b|\b(this|that) is (the )?(billing|accounts|finance)( \w+)?,? (not|only)\b|\bnot (a|something) (billing|for billing)\b|\bother (department|team|line)\b",
        2.0,
        "agent",
    ),
)
