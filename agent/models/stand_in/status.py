"""Closed-set values: payment status, kind of document, tax region, and whether a call back is expected."""

from __future__ import annotations

from agent.capture import Scenario
from agent.models.stand_in.cues import INVOICE, NEGATION, RECEIPT
from agent.models.stand_in.facts import Found
from agent.models.stand_in.transcript import Heard, Place, compiled

_STATUSES: tuple[tuple[str, float, str], ...] = (
    (
        "partially_refunded",
        3.0,
        r"\b(part(ly|ially)? refund(ed)?|half (of it )?(was |has been )?refunded|refunded (part|half|some)|partial refund (was|has|went))\b",
    ),
    (
        "refunded",
        2.6,
        r"\b(already|was|has been|been|got|were|shows?( up)?( as)?|marked( as)?|is already) refunded\b|\brefund (went|has gone|was (issued|processed|sent)|is showing|already)\b",
    ),
    (
        "disputed",
        2.7,
        r"\b(it'?s|is|was|as|got|a) (a )?charge ?back\b|\bcharge ?back (is|was|has|came|flagged|on)\b",
    ),
    (
        "overdue",
        2.5,
        r"\b(over ?due|past due|past (its|the) due date|(days|weeks|months) (late|overdue|behind)|in arrears|(invoice|bill|payment)\b[^.?!]{0,24}\b(is|being|was|are) late|due date (was|has passed))\b",
    ),
    (
        "failed",
        2.4,
        r"\b(declin(ed|ing)|kicked (it|that|the payment) back|lapsed|bounc(ed|ing)|failed|did ?n'?t go through|did not go through|not go(ne)? through|was rejected|got rejected|been rejected|refused by|"
        r"(come|came|sent) back from the bank|(cheque|(the|my|our|your|a) check|transfer|debit|wire)( \w+){0,3} (came|come|went|gone|sent) back|returned (unpaid|by (the|your|our) bank)|dishonou?red|insufficient funds|could ?n'?t (take|collect|charge|process)|unable to (collect|charge|process)|did ?n'?t renew)\b",
    ),
    (
        "unpaid",
        2.0,
        r"\b(unpaid|not (been )?paid|still open|is open|still owing|still owed|outstanding|never cleared|have ?n'?t paid|has ?n'?t been paid|not yet paid|remains? open)\b",
    ),
    (
        "pending",
        1.8,
        r"\b(pending|processing|still clearing|authori[sz]ation hold|on hold|not settled|in process|under process)\b",
    ),
    (
        "paid",
        1.9,
        r"\b(that'?s paid|is paid|was paid|been paid|already paid|paid (on|in full|up|by|via|the|it|for|last|this|with|already)|we paid|i paid|(i|we|you)('?ve| have)?( already)? paid (it|that|this|for)|i'?ve paid|we'?ve paid|payment (went through|cleared|received|came through)|all (square|paid|settled)|came in on|(is|was|been) settled|"
        r"cleared on|went through|has cleared|charged (you|me|us|my|your|twice)|(you|they|ye|it)('ve| have|'d)? (took|taken|charged|debited|deducted)|(was|were|been|got) (taken|debited|deducted|collected|charged)|it'?s (all )?paid|paid,? all)\b|\bpaid(?=[.,;]|$)",
    ),
)
_QUESTION = r"\b(did|has|have|was|is|whether|if)\b[^.]{0,60}\?"

_CALL_BACK = (
    r"\b(call|ring|phone|buzz|bell) (me|us|him|her|them)( back)?\b|\bgive (me|us|him|her) a (call|ring|bell|buzz|shout)\b|\bcall[- ]?back\b"
    r"|\b(ring|call|phone) the (café|cafe|shop|office|store|salon|clinic|front desk|restaurant|landline|mobile)\b|\buse my (cell|mobile|landline|number)\b"
    r"|\b(you can|can you|please) reach me\b"
)
_WILL_CALL = (
    r"\b(will|'ll|ill|theyll|shall|going to|gonna|to)( \w+){0,3} (call|ring|phone|callback|give you a (call|ring|bell|buzz)|be calling|be ringing)( you| him| her| back)?\b"
    r"|\b(will|'ll)\b[^.?!]{0,60}\band (call|ring|phone) you\b"
    r"|\b(someone|somebody|finance|we|they|team|he|she|[a-z]+) (calls|rings|phones) you\b|\byou can have a call\b|\bexpect a call\b|\b(you('ll| will)) (get|receive|have) a (call|ring|phone call|callback)\b"
)
_NO_CALL = r"\b(no need|don'?t|do not|needn'?t|rather (not|you didn'?t)|no) (to )?(call|ring|phone|callback)\b|\b(mail|e-?mail|email) (is|will be) (fine|enough|better)\b|\bno callback\b"

_COUNTRIES: dict[str, str] = {
    "netherlands|holland|dutch": "NL",
    "germany|german|deutschland": "DE",
    "france|french": "FR",
    "ireland|irish": "IE",
    "italy|italian|italia": "IT",
    "spain|spanish|españa": "ES",
    "portugal|portuguese": "PT",
    "belgium|belgian": "BE",
    "austria|austrian|österreich": "AT",
    "switzerland|swiss": "CH",
    "sweden|swedish|sverige": "SE",
    "denmark|danish|danmark": "DK",
    "norway|norwegian": "NO",
    "finland|finnish": "FI",
    "poland|polish": "PL",
    "luxembourg": "LU",
    "czech republic|czechia|czech": "CZ",
    "greece|greek": "GR",
    "hungary|hungarian": "HU",
    "romania|romanian": "RO",
    "united kingdom|u k|uk|england|scotland|wales|northern ireland|great britain|british": "GB",
    "india|indian": "IN",
    "canada|canadian": "CA",
    "australia|australian": "AU",
    "new zealand": "NZ",
    "singapore": "SG",
    "united states|u s a|usa": "US",
    "mexico|mexican": "MX",
    "brazil": "BR",
    "south africa": "ZA",
    "emirates|dubai|u a e": "AE",
    "japan": "JP",
}
_STATES: dict[str, str] = {
    "alabama": "AL", "alaska": "AK", "arizona": "AZ", "arkansas": "AR", "california": "CA", "colorado": "CO", "connecticut": "CT", "delaware": "DE",
    "florida": "FL", "hawaii": "HI", "idaho": "ID", "illinois": "IL", "indiana": "IN", "iowa": "IA", "kansas": "KS", "kentucky": "KY",
    "louisiana": "LA", "maine": "ME", "maryland": "MD", "massachusetts": "MA", "michigan": "MI", "minnesota": "MN", "mississippi": "MS",
    "missouri": "MO", "montana": "MT", "nebraska": "NE", "nevada": "NV", "new hampshire": "NH", "new jersey": "NJ", "new mexico": "NM",
    "new york": "NY", "north carolina": "NC", "north dakota": "ND", "ohio": "OH", "oklahoma": "OK", "oregon": "OR", "pennsylvania": "PA",
    "rhode island": "RI", "south carolina": "SC", "south dakota": "SD", "tennessee": "TN", "texas": "TX", "utah": "UT", "vermont": "VT",
    "virginia": "VA", "washington": "WA", "west virginia": "WV", "wisconsin": "WI", "wyoming": "WY",
}  # fmt: skip
_PROVINCES: dict[str, str] = {"ontario": "CA-ON", "quebec": "CA-QC", "british columbia": "CA-BC", "alberta": "CA-AB"}
_LANGUAGE_ONLY = r"\b(speak|in|better|talk|some|no|my) (dutch|german|french|italian|spanish|portuguese|swedish|danish|polish|greek|irish)\b"


def payment_status(heard: Heard) -> Found | None:
    """The state of the payment as told: our own record's word before the caller's, the graver before the milder."""
    best: tuple[float, Found] | None = None
    for status, weight, pattern in _STATUSES:
        for place in heard.find(pattern):
            if _doubted(place):
                continue
            score = weight + 0.8 * (place.line.speaker == "agent")
            sure = 0.62 + 0.06 * score
            if best is None or score > best[0]:
                best = (score, Found("payment_status", status, (place.trimmed(),), sure))
    return best[1] if best else None


def _doubted(place: Place) -> bool:
    if place.text.lower().startswith("bounc") and compiled(r"\b(e-?mail|mail|message|address|inbox)\b").search(
        place.before[-60:]
    ):
        return True
    if compiled(r"\bcheck it\b").search(place.text):
        return True
    if compiled(NEGATION).search(place.before[-28:]):
        return True
    sentence = place.line.text[place.sentence().start :][:200]
    if compiled(r"^[^.?!]*\?").search(sentence) and compiled(_QUESTION).search(sentence):
        return True
    return (
        compiled(
            r"\b(if|in case|unless|when|once|until|would|could|might|to be|gets?|will be|'ll be) (\w+ ){0,3}$"
        ).search(place.before[-30:])
        is not None
    )


_DOCUMENTS: tuple[tuple[str, str], ...] = (
    (
        "tax_form",
        r"\b(w-?9|w nine|ten ninety nine|1099|tax (form|certificate|document|summary)|vat (certificate|summary)|form sixteen|t ?d ?s certificate)\b",
    ),
    ("credit_note", r"\b(credit (note|memo)|nota di credito|gutschrift|avoir)\b"),
    ("statement", r"\b(account statement|statements?( of account| for|\b))|\b(kontoauszug|extracto)\b"),
    ("payment_link", r"\b((secure |payment |pay )?link)\b"),
    ("receipt", rf"\b{RECEIPT}\b"),
    ("invoice", rf"\b{INVOICE}\b"),
)
_WANTED = r"\b(send\w*|sent|re-?send\w*|copy|copies|e-?mail\w*|mail\w*|need\w*|get|want\w*|forward\w*|serve|share|have|over to|way|again|issue|fill|new|corrected|provide|attach\w*)\b"
_BY_LABEL = {
    Scenario.RECEIPT_TO_VERIFIED_EMAIL: ("receipt",),
    Scenario.INVOICE_RESEND: ("invoice", "credit_note", "statement"),
    Scenario.RENEWAL_FAILURE: ("payment_link",),
    Scenario.TAX_OR_ADDRESS_CORRECTION: ("invoice", "tax_form"),
    Scenario.OTHER_BILLING: ("tax_form", "credit_note", "statement", "payment_link"),
    Scenario.COLLECTIONS_CALL: ("payment_link", "statement"),
}


def document_kind(heard: Heard, label: Scenario) -> Found | None:
    """The kind of document that was asked for or promised, in the order that fits the scenario."""
    order = {kind: rank for rank, kind in enumerate(_BY_LABEL.get(label, ()))}
    hits: list[tuple[int, Found]] = []
    for kind, pattern in _DOCUMENTS:
        for place in heard.find(pattern):
            sentence = place.sentence()
            if compiled(_WANTED).search(sentence.text) and not compiled(r"\bsecure form\b").search(sentence.text):
                hits.append((order.get(kind, 9), Found("document_kind", kind, (place,), 0.9 if kind in order else 0.6)))
                break
    if not hits and label is Scenario.RECEIPT_TO_VERIFIED_EMAIL and (named := heard.first(rf"\b{RECEIPT}\b")):
        return Found("document_kind", "receipt", (named,), 0.8)
    if not hits:
        return None
    rank, found = min(hits, key=lambda hit: hit[0])
    return found if rank < 9 else None


def expects_callback(heard: Heard) -> Found | None:
    """Whether somebody is to ring the caller: asked for by the caller or promised by the agent."""
    refused = heard.first(_NO_CALL, "caller")
    if refused:
        return Found("expects_callback", "false", (refused.sentence(),), 0.8)
    for who, pattern, sure in (("agent", _WILL_CALL, 0.88), ("caller", _CALL_BACK, 0.85)):
        for place in heard.find(pattern, who):
            if not compiled(NEGATION).search(place.before[-24:]) and not _offer(heard, place):
                return Found("expects_callback", "true", (place.trimmed(),), sure)
    return None


def _offer(heard: Heard, place: Place) -> bool:
    """An agent's "would you like a call back?" that the caller did not take up, or words about past calls."""
    if compiled(
        r"\b(last time|yesterday|already|before|tried to|thanks for|why did|when (you|they)|used to|have to|wanted to) ?(\w+ ){0,2}$"
    ).search(place.before[-30:]):
        return True
    rest = place.line.text[place.start :]
    if place.line.speaker == "agent" and compiled(r"^[^.!]*\?").search(rest):
        reply = heard.answer_to(place.line)
        return (
            reply is None
            or compiled(
                r"^\W*(yes|yeah|please|sure|ok|that|go on|lovely|perfect|sì|ja|oui|on|use|any)\b|\b(any ?time|any (morning|day|afternoon)|my (mobile|cell|number|direct))\b"
            ).search(reply.text)
            is None
        )
    return False


def tax_region(heard: Heard, label: Scenario) -> Found | None:
    """The country or state of the tax matter, where the call is about one and it was named."""
    about_tax = label is Scenario.TAX_OR_ADDRESS_CORRECTION or heard.first(
        r"\b(vat|gst|sales tax|tax (id|number|exempt\w*))\b"
    )
    if not about_tax:
        return None
    regions = {**_COUNTRIES, **{name: f"US-{code}" for name, code in _STATES.items()}, **_PROVINCES}
    best: Found | None = None
    for names, code in regions.items():
        for place in heard.find(rf"\b({names})\b"):
            if compiled(_LANGUAGE_ONLY).search(place.line.text) or compiled(
                r"\b(not|moved from|from|left|old)( \w+)? ?$"
            ).search(place.before[-18:]):
                continue
            sure = 0.8 + 0.08 * place.line.by_caller - 0.2 * (len(place.text) < 3)
            if best is None or (sure, place.turn) >= (best.sure, best.places[0].turn):
                best = Found("tax_region", code, (place,), sure)
    if best is None and heard.region == "IN" and (place_ := heard.first(r"\bg ?s ?t( ?i ?n)?\b")):
        best = Found("tax_region", "IN", (place_,), 0.6)
    return best
