"""How to reach the caller, and the account they are known by: e-mail, phone, account reference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from agent.models.stand_in.facts import Found
from agent.models.stand_in.transcript import Heard, Line, Place, compiled
from agent.values import Found as Value
from agent.values import read_emails, read_phones

_REJECTED_BEFORE = (
    r"\b(not|instead of|rather than|used to be|no longer|old one (is|was)|don'?t use|wrong one|was)( \w+){0,2} ?$"
)
_REJECTED_AFTER = (
    r"^[\s,.]*(is (the )?(old|wrong)|was (the )?(old|before)|no longer|isn'?t (used|right|mine)|doesn'?t (work|exist))"
)
_DENIES = r"^\W*(no|nope|not (that|quite)|it'?s not|that'?s (not|wrong|the old)|wrong|nah)\b"
_AGREES = r"^\W*(yes|yeah|yep|yup|correct|right|exactly|that'?s (it|right|the one|him|her|correct)|perfect|sì|sí|si|oui|ja|jawohl|genau|stimmt|esatto|exacto|correcto|voilà|c'est ça|klopt|haan|same|still|that is|that'?s me|one word|spot on|it is|sure|mhm|uh huh)\b"
_GOES_TO = r"\b(i'?ll|i'?m|we'?ll|we'?re|it|link|copy|receipt|invoice|goes|going)\b[^.?!]{0,60}\bto ?$"
_HELD = r"\b(on (the|your|file|record|here)|we (have|hold|ha[vs]e got)|i have|i've got|is it (still|the)|we'?re having|that one)\b"
_PHONE_CUE = r"\b(number|phone|calls?|ring|rings|cell|mobile|reach|text|whatsapp|landline|extension|contact|telephone|direct( line)?|handy|portable)\b"
_ALIKE = 0.72


@dataclass(frozen=True, slots=True)
class _Said:
    line: Line
    value: Value[str]

    @property
    def place(self) -> Place:
        return Place(self.line, self.value.start, self.value.end)


_HOLDS_IT = r"\b(that'?s (what|the one|right|it|correct)|same (one|as)|matches|i (do|have)|we (do|have)|what i'?ve got|on (file|record|here|the account))\b"


def email(heard: Heard) -> Found | None:
    """The address for this matter: the agent's read-back of the caller's address wins, the last correction
    counts, and an address that only the agent said needs the caller's yes."""
    said = [_Said(line, value) for line in heard.lines for value in read_emails(line.text)]
    kept = [one for one in said if not _rejected(heard, one)]
    callers = [one for one in kept if one.line.by_caller]
    agents = [one for one in kept if one.line.speaker == "agent"]
    if callers:
        return _confirmed(heard, callers, agents)
    for one in reversed(agents):
        reply = heard.answer_to(one.line)
        if reply and compiled(_AGREES).search(reply.text):
            return Found("email", one.value.value, (one.place,), 0.86)
        if reply and compiled(_GOES_TO).search(one.place.before):
            return Found("email", one.value.value, (one.place,), 0.78)
        if _reads_back(heard, one):
            return Found("email", one.value.value, (one.place,), 0.86)
    asked = [one for one in agents if compiled(_HELD).search(one.line.text)]
    return Found("email", asked[-1].value.value, (asked[-1].place,), 0.55) if asked else None


def _reads_back(heard: Heard, one: _Said) -> bool:
    """Whether the caller said most of this address just before, in words that are no address by themselves."""
    said = " ".join(line.text.lower() for line in heard.before(one.line, 2) if line.by_caller)
    parts = compiled(r"[^\W_]{3,}").findall(one.value.value)[:-1]
    joined = compiled(r"[\W_]").sub("", said)
    return bool(parts) and all(part in joined for part in parts) and len(said.split()) > 2


def _confirmed(heard: Heard, callers: list[_Said], agents: list[_Said]) -> Found:
    last = callers[-1]
    echoes = [one for one in agents if one.line.turn > callers[0].line.turn and _alike(one, last)]
    if echoes and echoes[-1].line.turn >= last.line.turn:
        echo = echoes[-1]
        same = echo.value.value == last.value.value
        return Found(
            "email", echo.value.value, (echo.place, last.place) if same else (echo.place,), 0.97 if same else 0.88
        )
    doubt = 0.12 if last.value.others else 0.0
    reply = heard.answer_to(last.line)
    held = reply is not None and compiled(rf"{_AGREES}|{_HOLDS_IT}").search(reply.text) is not None
    return Found("email", last.value.value, (last.place,), 0.88 + 0.06 * held - doubt)


def _alike(one: _Said, other: _Said) -> bool:
    return SequenceMatcher(None, one.value.value, other.value.value).ratio() >= _ALIKE


def _rejected(heard: Heard, one: _Said) -> bool:
    if compiled(_REJECTED_BEFORE).search(one.place.before[-40:]) or compiled(_REJECTED_AFTER).search(
        one.place.after[:40]
    ):
        return True
    reply = heard.answer_to(one.line)
    return bool(one.line.speaker == "agent" and reply and compiled(_DENIES).search(reply.text))


def phone(heard: Heard) -> Found | None:
    """A number that was said to be a phone number; the one the call came from is never asked of a model."""
    best: Found | None = None
    for line in heard.lines:
        for value in read_phones(line.text, heard.region):
            place = Place(line, value.start, value.end)
            if len(place.text) < 7 or not _is_phone(heard, place):
                continue
            if line.by_caller or (best and value.value == best.value):
                same = best is not None and value.value == best.value
                places = (*best.places, place) if best and same else (place,)
                best = Found("phone", value.value, places, 0.93 if same else 0.85)
    return best


def _is_phone(heard: Heard, place: Place) -> bool:
    near = place.before[-60:] + " " + place.after[:30]
    if compiled(r"\b(order|invoice|account|card|ticket|accession|filing|reference|tax|vat)( number| no)?\b").search(
        place.before[-30:]
    ):
        return False
    before = " ".join(line.text for line in heard.before(place.line, 2))
    return bool(compiled(_PHONE_CUE).search(near) or compiled(_PHONE_CUE).search(before))


_USER_NAME = r"\b(?:user ?name|handle|screen name|beeminder (?:name|account|user|id)|login(?: name)?)(?:'s| is|,|:| on \w+ is)?(?: it'?s| called)? (?:is )?"
_NO_USER_NAME = frozenset(
    "is on for the a an my your it and or not with please that this what which same again i we to".split()
)


def user_name(heard: Heard) -> Iterator[Found]:
    """A plain-word user name: "my username is kelpwalker"."""
    for place in heard.find(_USER_NAME + r"([a-z][a-z0-9_.-]{2,})\b"):
        word = place.text.split()[-1].strip(".,")
        if word.lower() not in _NO_USER_NAME:
            yield Found(
                "account_id",
                word.lower(),
                (Place(place.line, place.end - len(place.text.split()[-1]), place.end),),
                0.8,
            )
