"""Where a person's or a company's name begins and ends, in cased and in all-lower-case transcripts."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"[^\W\d_][\w'’]*(?:[-&.][^\W\d_][\w'’]*)*|\d+|&")
_PARTICLES = frozenset("de del della di da dos das du van von der den la le ten ter bin al ní ni mac y e zu".split())
_CONNECTORS = frozenset("and & of the for de del della di da du des la le les van von der y e und et en".split())
TITLES = frozenset(
    "mr mrs ms miss mister dr doctor sir madam frau herr signora signor señora señor madame monsieur".split()
)
COMPANY_WORDS = frozenset(
    "ltd limited llc llp inc incorporated gmbh ag bv nv sas sarl srl spa ab oy as aps pvt plc co company corp corporation "
    "group holdings partners associates solutions services systems consulting consultants logistics industries enterprises "
    "traders trading exports foods bakery bakers cafe café restaurant kitchen deli bistro bar grill hotel inn lodge hostel "
    "clinic dental dentistry pharmacy veterinary vets hospital health care wellness fitness gym yoga studio studios salon "
    "barbers spa garden gardens centre center nursery farm farms orchard florist flowers landscaping construction builders "
    "roofing plumbing electrical heating joinery carpentry furniture interiors motors garage autos auto cars cycles bikes "
    "transport freight couriers haulage shipping travel tours media press publishing print printing design designs creative "
    "digital software labs lab tech technologies analytics data networks telecom security insurance capital finance "
    "accountants accounting advisors legal law solicitors attorneys school academy college university trust foundation "
    "association council church club society theatre gallery museum books library store stores shop outfitters supply "
    "supplies wholesale brewing brewery distillery coffee roasters tea wines catering events rentals realty properties "
    "estates agency compliance research robotics instruments textiles fabrics apparel clothing jewellers optics pumps "
    "agro energy solar water marine yachts aviation pets grooming toys games sports ceramics pottery glass metals steel "
    "tools hardware timber paints packaging paper plastics chemicals pharma biotech locanda trattoria osteria "
    "bakeries glazing kilns stables silks soaps technologies tecnologías talleres taller atelier clinique clínica clinica "
    "praxis kanzlei werkstatt orgelbau fietsatelier zeilschool drukarnia agriturismo fisioterapia physio physiotherapy "
    "osteopathy creche crèche nursery nurseries kennels cattery livery plumbers roofers tiling flooring carpets blinds "
    "windows doors scaffolding fencing drainage surveyors architects brewers vineyards winery butchers greengrocers "
    "fishmongers patisserie bistrot pizzeria gelateria taproom tavern pub arms lettings removals storage laundry cleaners "
    "cleaning tailors upholstery antiques auctions framing printers signs stationers opticians chiropody podiatry "
    "advisors advisers lending brokers partners institute laboratories surgery hospice housing charity bookshop "
    "bikes skates surf climbing swimming dance music pilates crossfit boxing golf tennis cricket rowing sailing".split()
)
# Words that open a sentence or fill it, so a capital letter on them names nobody.
NOT_NAMES = frozenset(
    (
        "a about absolutely account accounts actually after again agent ah all alright also am amount an and any anyway are as ask "
        "asking at auf aye back be because been before better bill billing bonjour brilliant buongiorno but by bye call called calling "
        "can cannot card charge cheers ciao come comes could course customer da day dear did do does doing don't done due eh ehm either "
        "email er erm everything exactly excellent excuse fair feel fine first for from full get getting go going gonna good goodbye "
        "got grand grazie great guten ha haan had hallo hang happy has have having he hello help her here hey hi his hiya hm hmm hold "
        "hola honestly how however i i'd i'll i'm i've if in india indeed interested invoice is isn't it it's its ja just kind know "
        "last let let's like listen little look looking lovely ma'am madam madame many may maybe me mean mhm might mine miss missed mm "
        "moment monday money month more morning mr mrs ms much my myself name need needing never nice no nobody none nope not nothing "
        "now number of off oh ok okay on once one only or order our out over paid pay payment perfect please pleased possible prima "
        "probably problem put quite really receipt refund regarding remember reset right ring ringing same say says see seen send she "
        "should sign sir so some somebody someone sorry speak speaking still stop stuff subscription super supposed sure sweet ta take "
        "talk talking thank thanks that that's the their them then there there's these they they're thing things think this those "
        "through till to today tomorrow too trouble try trying tuesday two um uh under understand understood unbelievable until up us "
        "very wait want wanted wants was we we'd we'll we're we've wednesday thursday friday saturday sunday week well went were what "
        "what's when where which who whole whoever why will with won't wondering would wouldn't wow wrong yeah yep yes yesterday yet "
        "you you'd you'll you're you've your yours yup january february march april june july august september october november "
        "december english unser unsere mein meine wir ich das die der es konto notre nous je mon votre nuestro nuestra yo noi nostro nostra mijn onze wij howya howdy howiya grüß gott servus moin salut allô allo buenos buenas días dias dia bom boa tarde olá hej hei goeie goede goedemiddag goedemorgen goedendag hallo g'day gday together run firma ditta société empresa maestro stripe quickbooks paypal visa mastercard amex vat gst tax euro euros dollars pounds rupees pacific central "
        "eastern gmt pm hr gracias bitte danke merci oui si sì non nein nee dank dag tag good afternoon evening hullo howdy "
        "greetings namaste speaking's myself's just's fantastic wonderful awesome cool smashing gotcha correct certainly "
        "definitely basically unfortunately apparently obviously afternoon evening during since while cancel cancelled charged "
        "sponsor frozen locked owed owner director manager finance office support sales team department company business firm shop "
        "from over calling phoning into onto hallo wie schönen schönes abend bonsoir buonasera salve dzien dobry pronto hour"
    ).split()
)
# In transcripts without punctuation "it's" is written "its"; the same words open sentences there.
_RAW_NOT_NAMES = NOT_NAMES | {word.replace("'", "") for word in NOT_NAMES} - {"shell", "hell"}
_FILLER = re.compile(
    r"(?:\s|[,.…!\-–—]|\b(?:uh|um|er|erm|ehm|ah|oh|well|so|yeah|yes|yep|sure|okay|ok|right|of course|hi|hello|hey|hiya|hullo|"
    r"it'?s|it is|that'?s|that is|this is|that would be|that'd be|i'?m|i am|my name'?s|my name is|name'?s|name is|the name'?s|"
    r"the name is|its|thats|im|my names|names|certainly|haan|ja|sì|si|oui|no problem|sir|ma'?am|madam|myself|under|please|just|good morning|good afternoon|"
    r"you can put|put it under|it should be|it'?ll be|it will be|should be|i think|speaking with|full name is|first name|is)\b)*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name's words and where they stand."""

    start: int
    end: int
    words: tuple[str, ...]

    @property
    def display(self) -> str:
        """The name as it should be written: capitals put back when the transcript has none."""
        if any(word[:1].isupper() for word in self.words):
            return " ".join(self.words)
        small = _PARTICLES | {"and", "of", "the", "&"}
        return " ".join(w if w in small and at else w[:1].upper() + w[1:] for at, w in enumerate(self.words))


def skip_fillers(text: str, start: int = 0) -> int:
    """The offset after greetings, fillers and "it's" at ``start``."""
    found = _FILLER.match(text, start)
    return found.end() if found else start


def is_name_word(word: str, *, cased: bool) -> bool:
    """Whether ``word`` may be part of a person's name."""
    if word.lower() in (NOT_NAMES if cased else _RAW_NOT_NAMES) or len(word) < 2 or word.isdigit():
        return False
    return word[0].isupper() if cased else word[0].isalpha()


def person_at(text: str, start: int, *, cased: bool, most: int = 4) -> Name | None:
    """The person's name that begins at ``start``; titles before it are left out."""
    words: list[re.Match[str]] = []
    titled = False
    for token in _TOKEN.finditer(text, start):
        gap = text[words[-1].end() if words else start : token.start()]
        word = token[0]
        if titled and not words:
            gap = gap.strip(".")
        if word.lower() in TITLES and not words and not gap.strip():
            start, titled = token.end(), True
            continue
        if gap.strip() and not (words and gap == ". " and len(words[-1][0]) == 1):
            break
        initial = cased and len(word) == 1 and word.isupper() and word != "I" and bool(words)
        inside = bool(words) and word.lower() in _PARTICLES and _next_is_name(text, token.end(), cased)
        if not (is_name_word(word, cased=cased) or initial or inside) or len(words) == most:
            break
        words.append(token)
    while words and len(words[-1][0]) == 1:
        words.pop()
    return _name(words)


def company_at(text: str, start: int, *, cased: bool, most: int = 6) -> Name | None:
    """The company name that begins at ``start``."""
    words: list[re.Match[str]] = []
    for token in _TOKEN.finditer(text, start):
        gap = text[words[-1].end() if words else start : token.start()]
        word = token[0]
        if gap.strip() or len(words) == most:
            break
        if not words and word.lower() in ("the", "a"):
            if not cased or word[0].islower():
                start = token.end()
                continue
        elif word.lower() in _CONNECTORS:
            if not words or not _next_is_name(text, token.end(), cased, company=True):
                break
        elif not _company_word(word, cased, bool(words)):
            break
        words.append(token)
    while words and words[-1][0].lower() in _CONNECTORS:
        words.pop()
    return _name(words)


def _company_word(word: str, cased: bool, inside: bool) -> bool:
    low = word.lower()
    if cased:
        capital = word[0].isupper() or (inside and (word[0].isdigit() or low in COMPANY_WORDS))
        return capital and (inside or low in COMPANY_WORDS or low not in NOT_NAMES)
    return low in COMPANY_WORDS or (low not in _RAW_NOT_NAMES and len(word) > 1)


def _next_is_name(text: str, start: int, cased: bool, company: bool = False) -> bool:
    token = _TOKEN.match(text, start + 1) if text[start : start + 1] == " " else None
    if token is None:
        return False
    return _company_word(token[0], cased, False) if company else is_name_word(token[0], cased=cased)


def _name(words: list[re.Match[str]]) -> Name | None:
    if not words:
        return None
    return Name(words[0].start(), words[-1].end(), tuple(word[0] for word in words))


def capitalised_runs(text: str) -> list[Name]:
    """Every run of capitalised words that could name somebody or something, left to right."""
    found, at = [], 0
    while token := _TOKEN.search(text, at):
        name = company_at(text, token.start(), cased=True) if token[0][0].isupper() else None
        if name:
            found.append(name)
        at = max(token.end(), name.end if name else 0)
    return found
