"""Who is calling: the person, the company, and the person of ours who owns the next step."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.models.stand_in.facts import Found
from agent.models.stand_in.naming import (
    COMPANY_WORDS,
    Name,
    capitalised_runs,
    company_at,
    person_at,
    skip_fillers,
)
from agent.models.stand_in.raw_names import RawNames
from agent.models.stand_in.transcript import Heard, Line, Place, compiled

_STRONG_INTRO = (
    r"\b(?:my (?:full |good )?name(?:'?s| is|,)|name'?s|(?:it's |booked |booking is )under(?: the name(?: of)?)?|in the name of|the name(?:'s| is)|name is|i(?:'m| am) called|je m'appelle|mi chiamo|"
    r"mein name ist|ich hei(?:ß|ss)e|me llamo|mijn naam is|jag heter|mitt namn [äa]r|jeg hedder|nazywam si[ęe]|"
    r"you(?:'re| are) (?:speaking|talking) (?:to|with))\s+"
)
_WEAK_INTRO = (
    r"\b(?:this is|it(?:'?s| is)|i(?:'?m| am)|here(?:'?s| is)|sono|soy|ich bin|ik ben|je suis|c'est|hier ist|met|"
    r"calling is|speaking is)\s+"
)
_ASKS_NAME = (
    r"\byour (?:full |first |last |sur|good )?name\b|\bwho(?:'s| is|m)?(?: am i| do i| have i| i'm| are we|) ?"
    r"(?:speaking|talking|calling|this|got|on the line|i speaking)\b|\bwho am i\b|\bwho(?:'s| is) (?:this|that|calling)\b"
    r"|\bname (?:please|is (?:the|it|on)|on (?:the|your)|for the|under|of the account)|\bname,? please\b"
    r"|\bwhat name\b|\bname and\b|\bwho have i\b|\bwith whom\b|\bcon chi parlo\b|\bmit wem\b|\bmet wie\b|\b(?:first|last) name\b"
    r"|\bwho do i have\b|\bmay i know who\b|\bwho's calling\b|\bget your name\b"
)
_ASKS_COMPANY = (
    r"\b(?:company|business|organi[sz]ation|firm|shop|store|practice|restaurant|school|salon|clinic|team|employer)(?: name)?"
    r"(?: are you| is (?:it|that|this)| please|\?| you'?re| do you)|\bname of (?:the|your) (?:company|business|shop|firm|store|organi[sz]ation|practice|account)\b"
    r"|\b(?:which|what) (?:company|business|organi[sz]ation|firm|shop|store|account)\b|\bwhere are you calling from\b|\bcalling from where\b"
    r"|\band (?:the|your) (?:company|business|firm|shop|organi[sz]ation)\b"
)
_JOINS = (
    r"^(?:,? (?:here|speaking|calling|this side|again|by here))?[,.]? (?:and )?(?:i'?m |i am |we'?re |i )?(?:calling |call |ringing |ring |phoning |speaking |work )?"
    r"(?:over |here |down |up |in accounts |in finance |in billing )?"
    r"(?:from|at|with|of|for|della|dello|dell'|del|de|du|chez|von|bei|van|on behalf of|representing)(?: the firm| the company| firma)? (?-i:the |la |l'|den |der |dem |los |las |les |le )?"
)
_COMPANY_SAID = (
    r"\b(?:(?:calling|ringing|phoning) (?:from|for|on behalf of)|(?:i )?(?:run|manage|own|work (?:at|for|with)|do the books (?:at|for)|"
    r"look after|handle)(?: [\w' ]{0,40}? (?:at|for|of))?|(?:company|business|firm|shop|account)(?:'s| name)?(?:'s| is| is called)|account (?:is )?"
    r"(?:under|for|in the name of)|under the name|a nombre de|a nome (?:di|della|del)|au nom d[eu]|op naam van|auf den namen|we(?:'re| are)(?! an? )|on behalf of|(?:i'm|i am)(?: the)? [\w ]{2,25} (?:at|for|of|with)|here at|over at)\s+"
)
_OUTBOUND_ASK = (
    r"\b(?:is (?:it|this|that)|am i (?:speaking|talking) (?:to|with)|(?:may|can|could) i (?:please )?speak (?:to|with)|"
    r"speaking (?:to|with)|i'?m (?:looking for|after)|calling for|is that)\s+"
)
_SAYS_NO = r"^\W*(?:no|nope|wrong|not here|(?:he|she)(?:'s| is)(?: not| away| out)|nobody|there'?s no)\b"
_SAYS_YES = r"^\W*(?:speaking|yes|yeah|yep|this is (?:he|she|him|her)|that'?s me|it is|haan|ji|sì|si|oui|ja|correct|the same|you'?ve got|you are)\b"
_ROLE = (
    r"(?:account (?:manager|rep|director|executive|lead|partner|owner)|finance(?: director| manager| lead| team)?|billing|"
    r"accounts?(?: receivable| side| team| lead)?|credit (?:head|controller|manager|team|control)|controller|collections|"
    r"receivables|treasury|revenue|owner|supervisor|team lead|head of \w+)"
)


class People:
    """The names heard on one call, read once."""

    def __init__(self, heard: Heard) -> None:
        self.heard = heard
        caller = heard.said("caller")
        self.cased = any(line.text[:1].isupper() for line in caller[:8])
        self.raw = RawNames(heard)
        self.raw_companies: list[Found] = []
        self.ours = self._our_names()

    def _our_names(self) -> frozenset[str]:
        """Words of the names of our side, as said in the agent's greeting and introductions."""
        words: set[str] = set()
        for rank, line in enumerate(self.heard.said("agent")):
            text = line.text
            asked = compiled(_OUTBOUND_ASK).search(text)
            if asked and person_at(text, asked.end(), cased=self.cased):
                text = text[: asked.start()]
            asked_for = self._asked_for(line) if rank == 0 else None
            if asked_for:
                text = text[: asked_for.start]
            if rank == 0 and self.cased:
                words.update(word.lower() for name in capitalised_runs(text) for word in name.words)
            for pattern in (_STRONG_INTRO, r"\bthis is\s+"):
                for intro in compiled(pattern).finditer(text) if rank < 3 else ():
                    name = person_at(text, intro.end(), cased=self.cased)
                    words.update(word.lower() for word in (name.words if name else ()))
        return frozenset(words)

    def _asked_for(self, line: Line) -> Name | None:
        """ "Lakshman Pillai sir, Pillai Stores?": the customer asked for by name alone in our opening."""
        for low, high in line.sentences() if self.cased else ():
            name = person_at(line.text, skip_fillers(line.text, low), cased=True)
            if name and len(name.words) > 1 and line.text[low:high].endswith("?") and name.start - low < 12:
                return name
        return None

    def customer(self) -> tuple[Found | None, Found | None]:
        """The caller's name and company."""
        persons = sorted(self._persons(), key=lambda f: (-f.sure, f.places[0].turn))
        person = self._fuller(persons[0]) if persons else None
        companies = sorted(self._companies(person), key=lambda f: (-f.sure, f.places[0].turn))
        return person, companies[0] if companies else None

    def _persons(self) -> Iterator[Found]:
        heard = self.heard
        for place in heard.find(_STRONG_INTRO, "caller"):
            yield from self._person(place.line, place.end, 0.95)
        for line in heard.said("agent"):
            if compiled(_ASKS_NAME).search(line.text) and (reply := heard.answer_to(line)) and reply.by_caller:
                yield from self._person(reply, skip_fillers(reply.text), 0.95, alone=True)
        for place in heard.find(_WEAK_INTRO, "caller"):
            yield from self._weakly_introduced(place)
        for place in heard.find(r"\b(?:here|speaking|this side|calling)\b", "caller"):
            yield from self._ends_at(place)
        yield from self._named_afterwards()
        if not self.cased:
            yield from self._raw_opening()
        yield from self._outbound()
        if self.cased:
            yield from self._surname_first()
            yield from self._confirmed()
            yield from self._asked_by_name()
            yield from self._bare_opening()
            yield from self._addressed()

    def _person(self, line: Line, start: int, sure: float, *, alone: bool = False) -> Iterator[Found]:
        name, company = person_at(line.text, start, cased=True, most=4) if self.cased else None, None
        if not self.cased:
            name, company = self.raw.split(line, start)
        if name is None or self._is_ours(name) or _is_company(name):
            return
        if company is not None:
            place = Place(line, company.start, company.end)
            self.raw_companies.append(Found("company_name", company.display, (place,), 0.88))
        if not self.cased and alone and len(line.text[name.end :].split()) > 14:
            sure -= 0.2
        yield Found(
            "customer_name", name.display, (Place(line, name.start, name.end),), sure - 0.1 * (len(name.words) < 2)
        )

    def _weakly_introduced(self, intro: Place) -> Iterator[Found]:
        name, company = person_at(intro.line.text, intro.end, cased=self.cased, most=4), None
        if not self.cased:
            name, company = self.raw.split(intro.line, intro.end)
        if name is None:
            return
        after = intro.line.text[name.end :]
        joined = compiled(
            r"^,? (?:(?:and )?(?:i(?:'?m| am)? )?(?:from|at|with|of|here|calling|call|over|by here|ringing|speaking)|della|de|von|van|bei)\b"
        ).search(after)
        known = not self.cased and len(name.words) > 1 and (company or self.raw.heard_again(intro.line, name))
        if joined or known or (self.cased and len(name.words) > 1):
            yield from self._person(intro.line, intro.end, 0.92 if joined else 0.85)

    def _ends_at(self, place: Place) -> Iterator[Found]:
        """ "Fionnuala Geraghty here", "Kiran Rao this side"."""
        words = place.before.rstrip(" ,").split(" ")[-3:] if self.cased else []
        while words and not person_at(" ".join(words), 0, cased=True):
            words.pop(0)
        text = " ".join(words)
        name = person_at(text, 0, cased=True) if words else None
        if name and name.end == len(text):
            yield from self._person(place.line, place.line.text.rfind(text, 0, place.start), 0.9)

    def _named_afterwards(self) -> Iterator[Found]:
        """ "nuala prendiville is my name"."""
        for place in self.heard.find(r" is (?:my|the) name\b", "caller"):
            words = place.before.split(" ")
            text = _last_name(words, cased=self.cased, most=3 if self.cased else 2)
            if text:
                yield from self._person(place.line, place.line.text.rfind(text, 0, place.start), 0.93)

    def _raw_opening(self) -> Iterator[Found]:
        """ "gwen shaw here from larkfield yoga" in the caller's first turns."""
        for line in self.heard.said("caller")[:3]:
            start = skip_fillers(line.text)
            name, company = self.raw.split(line, start)
            if name is None or len(name.words) < 2:
                continue
            told = compiled(r"^,? (?:here|speaking|calling|this side|from|of|over at|yes|yeah|yep)\b").match(
                line.text[name.end :]
            )
            if told or (company and self.raw.heard_again(line, name)):
                yield from self._person(line, name.start, 0.9)

    def _surname_first(self) -> Iterator[Found]:
        """ "Kessler, Henrike Kessler"."""
        for line in self.heard.said("caller")[:4]:
            for hit in compiled(r"(?-i:\b([A-Z][\w'-]+), (?=(?:[A-Z][\w'-]+ ){1,2}\1\b))").finditer(line.text):
                yield from self._person(line, hit.end(), 0.93)

    def _outbound(self) -> Iterator[Found]:
        """ "Is it Raghav sir?" and the caller says yes."""
        for place in self.heard.find(_OUTBOUND_ASK, "agent"):
            reply = self.heard.answer_to(place.line)
            if reply and reply.by_caller and not compiled(_SAYS_NO).search(reply.text):
                sure = compiled(_SAYS_YES).search(reply.text)
                yield from self._person(place.line, place.end, 0.9 if sure else 0.74)

    def _confirmed(self) -> Iterator[Found]:
        """ "And you're Mister Alistair Boyce?" with the caller's yes."""
        for place in self.heard.find(r"\b(?:and )?you(?:'re| are)\s+", "agent"):
            reply = self.heard.answer_to(place.line)
            asked = place.line.text.rstrip().endswith("?")
            if asked and reply and reply.by_caller and compiled(_SAYS_YES).search(reply.text):
                yield from self._person(place.line, place.end, 0.9)

    def _asked_by_name(self) -> Iterator[Found]:
        for line in self.heard.said("agent")[:1]:
            name = self._asked_for(line)
            reply = self.heard.answer_to(line) if name else None
            if name and reply and not compiled(_SAYS_NO).search(reply.text):
                yield from self._person(line, name.start, 0.84)

    def _bare_opening(self) -> Iterator[Found]:
        """ "Hello Kit. Saffron Whitelock, Peverell Compliance." in the caller's first turns."""
        for rank, line in enumerate(self.heard.said("caller")[:3]):
            for low, high in line.sentences():
                commas = [mark.end() for mark in compiled(r", ").finditer(line.text, low, high)]
                for start in (low, *commas[:3]):
                    name = person_at(line.text, _past_lead(line.text, skip_fillers(line.text, start)), cased=True)
                    named_us = name is not None and any(word.lower() in self.ours for word in name.words)
                    if name and name.end <= high and len(name.words) > 1 and not named_us:
                        company = compiled(_JOINS).match(line.text[name.end :]) is not None
                        yield from self._person(
                            line, name.start, 0.84 - 0.06 * rank - 0.03 * (start != low) + 0.06 * company
                        )

    def _addressed(self) -> Iterator[Found]:
        """ "Thanks, Delphine": the agent's own word for the caller, often a first name only."""
        pattern = r"\b(?:thank you|thanks|okay|hi|hello|sorry|lovely|perfect|great|alright|right),? (?:mister |mr\.? |mrs\.? |ms\.? |miss )?(?=[A-Z])"
        for place in self.heard.find(pattern, "agent"):
            name = person_at(place.line.text, place.end, cased=True)
            if name and len(name.words) < 3:
                yield from self._person(place.line, place.end, 0.5)

    def _fuller(self, found: Found) -> Found:
        """The same person's longer name, when one was said: "Anstey. Leopold Anstey"."""
        words = found.value.split()
        if len(words) > 1:
            return found
        for line in self.heard.lines if self.cased else ():
            for run in capitalised_runs(line.text):
                name = person_at(line.text, run.start, cased=True)
                if name and len(name.words) > 1 and words[0] in name.words and not _is_company(name):
                    return Found("customer_name", name.display, (Place(line, name.start, name.end),), found.sure)
        fuller = None if self.cased else self._raw_fuller(words[0].lower())
        if fuller:
            place = Place(fuller[0], fuller[1].start, fuller[1].end)
            return Found("customer_name", fuller[1].display, (place,), found.sure)
        last = self.heard.first(r"\b(?:last name|surname|family name)(?:'s| is|,)? (?:is )?", "caller")
        name = person_at(last.line.text, last.end, cased=self.cased, most=1) if last else None
        if last and name:
            places = (*found.places, Place(last.line, name.start, name.end))
            return Found("customer_name", f"{found.value} {name.display}", places, found.sure)
        return found

    def _raw_fuller(self, word: str) -> tuple[Line, Name] | None:
        """ "alistair penrose yes": the whole name where the caller's turn begins with it."""
        for line in self.heard.said("caller")[:5]:
            name = person_at(line.text, skip_fillers(line.text), cased=False, most=3)
            if name and len(name.words) > 1 and word in name.words:
                return line, name
        return None

    def _companies(self, person: Found | None) -> Iterator[Found]:
        heard = self.heard
        yield from self.raw_companies
        if person:
            yield from self._beside(person.places[0])
            yield from self._before(person.places[0])
            yield from self._after_surname(person)
        for place in heard.find(_COMPANY_SAID, "caller"):
            yield from self._company(place.line, place.end, 0.86)
        for line in heard.said("agent"):
            if compiled(_ASKS_COMPANY).search(line.text) and (reply := heard.answer_to(line)) and reply.by_caller:
                start = skip_fillers(reply.text)
                joined = compiled(r"(?:from|at|with|the)\s+").match(reply.text, start)
                yield from self._company(reply, joined.end() if joined else start, 0.9)
        for line in heard.said("caller")[:6] if self.cased else ():
            for run in capitalised_runs(line.text):
                if _is_company(run) and sum(word[0].isupper() and word != "The" for word in run.words) > 1:
                    yield from self._company(line, run.start, 0.72)

    def _beside(self, name: Place) -> Iterator[Found]:
        """The company said right after the person's name."""
        after = name.after
        joined = compiled(_JOINS).match(after)
        if joined is None:
            joined = compiled(
                r"^(?: (?:sir|madam|ma'?am))?(?: here| speaking| calling)?[,.] (?:i'm |and |from )?(?:the |firma |ditta |société |la société |empresa |azienda |bedrijf )?"
            ).match(after)
            # "Solenne Guichard, comptabilité, Clinique ..." and "Ceri Llewellyn by here, from Ty ..."
            role = compiled(
                r"(?-i:^, (?:the )?[^\WA-Z\d_][\w' ]{2,24}, (?:at |from |of |with )?(?=[A-Z])|^ [a-z ]{2,16},? (?:from|at|of) (?=[A-Z]))"
            ).match(after)
            joined = role or joined
            if joined is None or not self.cased:
                return
            company = company_at(name.line.text, name.end + joined.end(), cased=True)
            if company and (len(company.words) > 1 or _is_company(company)) and not _spelled(company):
                yield from self._company(name.line, company.start, 0.9)
            return
        yield from self._company(name.line, name.end + joined.end(), 0.93)

    def _before(self, name: Place) -> Iterator[Found]:
        """ "Larkfield Yoga, it's Gwen Mbeki"."""
        lead = compiled(r"^([^,.?!]{3,50})[,.] (?:it'?s|this is|i'?m|i am|my name'?s|my name is) $").match(name.before)
        if lead and self.cased:
            start = skip_fillers(name.line.text)
            run = company_at(name.line.text, start, cased=True)
            if run and run.end == lead.end(1) and len(run.words) > 1:
                yield from self._company(name.line, start, 0.88)

    def _after_surname(self, person: Found) -> Iterator[Found]:
        """ "penrose glazing": a trade word right after the caller's own surname."""
        surname = person.value.split()[-1].lower()
        for place in self.heard.find(rf"\b{re.escape(surname)} (?=[^\W\d_])", "caller") if not self.cased else ():
            word = place.after.split(" ")[0].strip(".,")
            if word in COMPANY_WORDS and place.start != person.places[0].start:
                yield from self._company(place.line, place.start, 0.82)

    def _company(self, line: Line, start: int, sure: float) -> Iterator[Found]:
        name = company_at(line.text, start, cased=self.cased, most=6 if self.cased else 4)
        if name is not None and not self.cased:
            name = self.raw.trimmed(line.text, name)
        if name is None or _spelled(name) or self._is_ours(name) or compiled(_ROLE).fullmatch(" ".join(name.words)):
            return
        if len(name.words) == 1 and (name.words[0].lower() in _PLACES_AND_PARTS or len(name.words[0]) < 2):
            return
        sure += 0.04 if _is_company(name) else -0.08
        yield Found("company_name", name.display, (Place(line, name.start, name.end),), sure)

    def _is_ours(self, name: Name) -> bool:
        return all(word.lower() in self.ours for word in name.words)

    def owner(self, person: Found | None) -> Found | None:
        """The person of our side who will deal with it: a spoken claim, the record decides."""
        known = {word.lower() for word in (person.value.split() if person else ())}
        best: Found | None = None
        for line in self.heard.lines:
            for found in self._owners_in(line):
                words = {word.lower() for word in found.value.split()}
                if words & known or (line.speaker == "agent" and words <= self.ours):
                    continue
                if best is None or (len(found.value.split()) > len(best.value.split()) and best.value in found.value):
                    best = found
        return self._whole_owner(best) if best else None

    def _whole_owner(self, found: Found) -> Found:
        """The owner with the surname, when it was said anywhere: "let me get Marguerite" ... "Marguerite Osei"."""
        if len(found.value.split()) > 1:
            return found
        first = found.value.split()[0]
        for line in self.heard.lines:
            for hit in compiled(rf"\b{re.escape(first)}\b").finditer(line.text):
                name = person_at(line.text, hit.start(), cased=self.cased, most=2)
                if name and len(name.words) == 2 and self.cased and not _is_company(name):
                    return Found("finance_owner", name.display, (Place(line, name.start, name.end),), found.sure)
        return found

    def _owners_in(self, line: Line) -> Iterator[Found]:
        text = line.text
        before = rf"\b(?:our|your|the|my)?\s*(?:{_ROLE})(?:'s|,| is| called| named| person,?)? +(?:is |called |named )?"
        for role in compiled(before).finditer(text) if not line.by_caller else ():
            name = person_at(text, role.end(), cased=self.cased, most=4 if self.cased else 2)
            if self.cased or (name and len(name.words) == 2 and compiled(_OWNER_RAW).search(role[0])):
                yield from self._owner(line, name, 0.8)
        if line.speaker == "transfer_target":
            for intro in compiled(rf"{_STRONG_INTRO}|{_WEAK_INTRO}").finditer(text):
                yield from self._owner(line, person_at(text, intro.end(), cased=self.cased, most=2), 0.82)
        for sent in compiled(_WILL_GET).finditer(text) if not line.by_caller else ():
            name = person_at(text, sent.end(), cased=self.cased, most=2)
            if name and compiled(r"^,? (?:to|who|in|from|on|and (?:he|she|they))\b").match(text[name.end :]):
                yield from self._owner(line, name, 0.8)
        after = (
            rf"(?:,? (?:in|from|on|over in|at|does|handles|looks after|deals with|is|who)\b[^.?!]{{0,25}}\b{_ROLE}\b)"
        )
        for tail in compiled(after).finditer(text):
            words = text[: tail.start()].split(" ")
            said = _last_name(words, cased=self.cased, most=2 if self.cased else 1)
            if said and (self.cased or compiled(r",? (?:in|from)\b").match(tail[0])):
                start = text.rfind(said, 0, tail.start())
                yield from self._owner(line, person_at(text, start, cased=self.cased), 0.8)
        if self.cased and not line.by_caller:
            for mark in compiled(
                r"(?:(?:you've|you have) got|assigned to|pass (?:this|it) to|owner is|manager is|belongs to|i'll (?:get|have|ask)|let me (?:get|ask)) "
            ).finditer(text):
                yield from self._owner(line, person_at(text, mark.end(), cased=True), 0.72)

    def _owner(self, line: Line, name: Name | None, sure: float) -> Iterator[Found]:
        if name and not _is_company(name):
            yield Found("finance_owner", name.display, (Place(line, name.start, name.end),), sure)


_OWNER_RAW = r"\b(?:manager|controller|director|owner|head|lead|treasurer|bookkeeper|supervisor)\b"
_WILL_GET = r"\b(?:i'?ll|let me|i can|we'?ll|i'?m going to|i will) (?:get|have|ask|bring|tell|pass (?:this|it) to|send (?:this|it) to) "
_LEADS = compiled(r"(?:with|met|here is|hier ist?|ici|aquí|qui) +(?=[^\W\d_])")


def _past_lead(text: str, start: int) -> int:
    """After "with" or "here is", as Dutch and German speakers open."""
    lead = _LEADS.match(text, start)
    return lead.end() if lead else start


_PLACES_AND_PARTS = frozenset(
    "london paris berlin dublin mumbai delhi austin texas leeds york manchester home work here".split()
)


def _is_company(name: Name) -> bool:
    return any(word.lower() in COMPANY_WORDS for word in name.words)


def _spelled(name: Name) -> bool:
    return sum(len(word) == 1 for word in name.words) > 1


def _last_name(words: list[str], *, cased: bool, most: int) -> str | None:
    for count in range(min(most, len(words)), 0, -1):
        text = " ".join(words[-count:])
        name = person_at(text, 0, cased=cased)
        if name and name.start == 0 and name.end == len(text):
            return text
    return None
