"""Wider wording of the ten scenarios: how people ask without the word for it, and how an agent names what he does.

These stand beside the plain cues of ``cues``; each weighs less than a plain one, so that two of them, or one from
each side of the call, make a label.
"""

from __future__ import annotations

from collections.abc import Mapping

from agent.capture import Scenario
from agent.models.stand_in.cue import Cue

S = Scenario
WIDER: Mapping[Scenario, tuple[Cue, ...]] = {
    S.REFUND_REQUEST: (
        Cue(
            r"\b(forgot|meant|tried|trying|wanted|supposed) to (stop|cancel|skip|pause|switch (it )?off|turn (it )?off|return)\b"
            r"|\b(did ?n'?t|never) (mean|need|want|get round|get to|even) ?(to )?(use|open|buy|order|keep|start|watch|log)?\b"
            r"|\bno longer (need|want|use)\b|\bdon'?t (need|want|use) (it|that|them|this)( any ?more)?\b|\btoo many\b|\bby mistake\b",
            1.4,
            "caller",
        ),
        Cue(
            r"\b(can|could|would|may|is there any way|any chance|possible)\b[^.?!]{0,50}\b(undo|undone|revers\w+|void(ed)?|take (it|that|them) back|(have|get|give|send) (me |us )?(it|that|this|those|the \w+|my \w+)( \w+){0,2} back)\b",
            3.0,
            "caller",
        ),
        Cue(
            r"\b(i'?ll|i can|i'?ve|i'?m|let me|we can|we'?ll|can)\b[^.?!]{0,30}\b(revers\w+|send\w*|giv\w+|put\w*|pop\w*|push\w*|get\w*|pay\w*) (it|that|this|the \w+|all of it|you|your \w+)( \w+){0,3} (back|through|to your card)\b"
            r"|\byou'?ll (see|have|get) (it|that|the money)\b[^.?!]{0,30}\b(days?|week|back|card|account|statement)\b|\b(within|inside) (the |our )?(\w+ )?(day|days|week|window|period)\b[^.?!]{0,20}\b(fine|back|refund\w*|allowed)\b",
            1.8,
            "agent",
        ),
    ),
    S.CHARGE_DISPUTE: (
        Cue(
            r"\bwhat('?s| is| are| was) (this|that|these|those)\b[^.?!]{0,40}\b(for|from|on my|about)\b|\bwhy (have|am|was|were|did|are|is|do|has)\b[^.?!]{0,30}\b(charged|paying|billed|taken|took|take|gone up|more|double|two)\b"
            r"|\b(is ?n'?t|aren'?t|not|ain'?t) (mine|ours|my (charge|order|payment)|something (i|we))\b|\bshould(n'?t| not) (be|have been) (there|on (there|here|it)|taken)\b|\bnothing to do with (me|us)\b",
            2.4,
            "caller",
        ),
        Cue(
            r"\bthere'?s two (of (them|it)|\w+s)\b|\b(two|both) (of them )?(went|gone|came|come|left|taken|payments|debits|charges)\b|\b(again|another one|second time|more than once)\b[^.?!]{0,30}\b(same|two days|day after|next day|week later)\b",
            2.4,
            "caller",
        ),
        Cue(
            r"\b(left|closed|stopped|quit|ended|gave up|moved out|handed (it )?(in|back))\b[^.?!]{0,60}\b(still|keep\w*|again|another|anyway)\b[^.?!]{0,30}\b(charg\w*|tak\w*|took|bill\w*|pay\w*|money|debit\w*|out)\b"
            r"|\b(put|went|gone) (the price )?up without\b|\bnobody (told|asked|warned|mentioned)\b|\b(not|isn'?t|hardly|un)[ ]?fair\b|\bmore than (i|we|you|it|they) (was|were|agreed|said|signed|should|quoted)\b|\b(look\w*|seems?) wrong\b|\b(wants?|needs?|should be|get|have) (it |that |this )?(taking|taken|knocked|wiped|struck) off\b",
            2.2,
            "caller",
        ),
        Cue(
            r"\b(log|raise|open|put|note|pass|take)\w*\b[^.?!]{0,30}\b(dispute\w*|query|as a (query|complaint)|investigat\w+)\b|\b(look into|investigate|query|check) (the|that|this|why) (charge|payment|debit|second|amount)\b|\bcontested\b",
            2.2,
            "agent",
        ),
    ),
    S.INVOICE_RESEND: (
        Cue(
            r"\b(paperwork|the bill|billing document|document|pdf|breakdown sheet|the (january|february|march|april|may|june|july|august|september|october|november|december|last|latest) one)\b[^.?!]{0,50}\b(send|again|over|copy|missing|never|lost|find|get|have|need)\b"
            r"|\b(send|ping|shoot|fire|pop|get|forward|drop|whizz|fling)\b[^.?!]{0,24}\b(paperwork|the bill|pdf|document)\b|\b(never|didn'?t|not|hasn'?t) (landed|turned up|made it|come through|reach\w*)\b[^.?!]{0,30}\b(inbox|mail|post|desk)\b",
            2.2,
            "caller",
        ),
        Cue(
            r"\b(ping|shoot|fire|pop|get|send|drop)\w*\b[^.?!]{0,24}\b(invoice|bill|pdf|copy)\b[^.?!]{0,24}\b(over|again|now|across|to)\b",
            1.6,
            "agent",
        ),
    ),
    S.RECEIPT_TO_VERIFIED_EMAIL: (
        Cue(
            r"\b(show|shows|prove|proves|proof|says?|confirm\w*|evidence)\b[^.?!]{0,24}\b(that )?(i|we|it|they|it'?s|i'?ve|we'?ve)( have| has|'ve|'s)?( been)? (paid|settled|gone through)\b"
            r"|\b(something|anything|a (slip|note|document|confirmation))\b[^.?!]{0,30}\b(for (my|our|the) (expenses?|accountant|boss|records|taxes|tax return|bookkeeper|claim|employer|grant))\b|\bclaim (it|this|that) (back )?(on|from|through) (expenses|work|my employer)\b",
            3.0,
            "caller",
        ),
        Cue(
            r"\b(send|e-?mail|mail|have)\w*\b[^.?!]{0,30}\b(payment confirmation|confirmation of (the )?payment|proof of payment)\b",
            2.4,
        ),
    ),
    S.RENEWAL_FAILURE: (
        Cue(
            r"\b(says?|said|saying|message|e-?mail|notice|banner|pop ?up|tells?|telling)\b[^.?!]{0,50}\b(payment|card|renewal|plan|subscription|membership)\b[^.?!]{0,40}\b(fail\w*|declin\w*|expired?|ended|lapsed|problem|update|not (go|gone|work\w*)|did ?n'?t|could ?n'?t|rejected)\b"
            r"|\b(gone|went|back|dropped|put|kicked|knocked) (me |us )?(back )?(down )?(to|on|onto) (the )?(free|basic|standard|lite|starter)\b|\b(bank|they) (sent|gave|issued) (me|us) a new (card|one)\b|\bcard\b[^.?!]{0,30}\b(run out|ran out|expired|changed|replaced|cancelled|lost|stopped)\b",
            2.2,
            "caller",
        ),
        Cue(
            r"\b(card|payment|renewal|debit|mandate)\b[^.?!]{0,40}\b(declined|refused|expired|bounced|failed|was ?n'?t accepted|did ?n'?t (go|clear|take)|came back)\b",
            1.6,
            "agent",
        ),
    ),
    S.COLLECTIONS_CALL: (
        Cue(
            r"\b(got|had|received|getting|keep getting)\b[^.?!]{0,24}\b(letters?|reminders?|notices?|texts?|demand)\b[^.?!]{0,40}\b(owe|owing|pay|paid|due|overdue|money|bill|invoice|debt)\b"
            r"|\b(pay|settle|clear)\b[^.?!]{0,30}\b(when i get paid|pay ?day|end of (the )?month|in bits|bit (at a time|by bit)|after (my|our|the) (wages|customers?|clients?))\b|\b(a bit|little) (at a time|each (week|month))\b|\bget caught up\b|\bfell behind\b|\bset up (an arrangement|a plan)\b",
            2.4,
            "caller",
        ),
        Cue(
            r"\b(still|not) (showing|seeing|had|received|got)( \w+){0,3} (payment|it|anything)\b|\b(is|it'?s|been) (now )?(\w+ )?(days|weeks|months) (over|past|late)\b|\bwhen (do|could|might|would|will|can) you\b[^.?!]{0,24}\b(pay|settle|clear|take care|sort|manage)\b",
            2.0,
            "agent",
        ),
    ),
    S.TAX_OR_ADDRESS_CORRECTION: (
        Cue(
            r"\b(made out|addressed|billed|issued|going|goes|sent) to (the |our |my )?(old|wrong|previous|former|parent|sister)\b|\bin the (wrong|old) name\b|\b(name|address|entity|company|number|details) on (the |our |your |it|there|that)[^.?!]{0,30}\b(wrong|old|out of date|changed|different|missing|is ?n'?t|not)\b"
            r"|\b(wrong|old|missing|no|without|out of date)\b[^.?!]{0,24}\b(name|address|vat|v a t|tax|gst|registration|company number|details|postcode)\b[^.?!]{0,30}\b(on|invoice|bill|it)\b|\bregistration number\b|\bwe('?ve| have)? (moved|changed (our )?(name|address)|incorporated|become (a )?limited)\b",
            2.4,
            "caller",
        ),
        Cue(
            r"\b(correct(ed)?|amend(ed)?|revised|re-?issue\w*)\b[^.?!]{0,24}\b(invoice|bill|one|copy|version)\b|\bsecure form\b[^.?!]{0,30}\b(tax|vat|number|address)\b",
            1.8,
            "agent",
        ),
    ),
    S.OTHER_BILLING: (
        Cue(
            r"\b(how (does|do|would|long)|what (happens|would happen)|is (there|it)|do (you|i|we)|does (the|it|that)|can (i|we) still)\b[^.?!]{0,50}\b(billing|billed|price|cost|discount|plan|pay (by|with|annually|yearly|monthly)|payment method|trial|contract|balance|credit|fee)\b"
            r"|\b(stop|cancel|end|leave)\b[^.?!]{0,20}\b(subscription|plan|membership|service|contract|everything)\b[^.?!]{0,24}\b(end of|from|next|after|before)\b|\b(more|fewer|extra|less|another|two|three|add|remove|drop)\b[^.?!]{0,14}\b(seats?|users?|licen[cs]es?|lines?)\b",
            1.8,
            "caller",
        ),
    ),
    S.NOT_BILLING: (
        Cue(
            r"\b(is (this|that)|have i (got|reached)|i'?m (looking|after|trying to (reach|get))|can (i|you) (speak|talk|put me)|put me through)\b[^.?!]{0,40}\b(the (dentist|surgery|school|council|hotel|restaurant|garage|vet|hospital|pharmacy|library|gym|taxi|police|landlord)|sales|support|technical|tech|i t|reception|warehouse|dispatch|marketing|press office|careers|human resources|engineering)\b"
            r"|\b(app|site|website|page|software|device|machine|printer|camera|login|screen|update)\b[^.?!]{0,30}\b(crash\w*|freez\w*|won'?t (load|open|start|connect|turn)|not (loading|working|connecting)|broken|stuck|spinning|error)\b|\b(how do i|how can i|where do i)\b[^.?!]{0,40}\b(install|set up|connect|reset|export|upload|print|pair|log in)\b",
            2.4,
            "caller",
        ),
        Cue(
            r"\b(this is|you'?ve (reached|come through to)|we'?re|i'?m) (just |only )?(the )?(billing|accounts|finance|payments)\b[^.?!]{0,40}\b(support|sales|line|team|desk|number|you'?d|you'?ll|other|different)\b|\b(that'?s|it'?s|you want) (a|the|one for|for) (\w+ )?(support|sales|product|delivery|technical|warehouse|hr|people|press|careers)( team| desk| line)?\b|\bnot something (i|we) (can|do|handle|deal)\b|\bdon'?t (do|handle|sell|have) (that|those|any \w+) here\b",
            2.4,
            "agent",
        ),
    ),
}
