"""Two hundred calls and a sandbox world with identifiers planted wherever a sender or a record can hold one.

Everything follows from the seed. The catalogue and the ways to say a number are those of ``evals.redaction``, which
share nothing with the redactor.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from evals.redaction.identifiers import BY_TYPE, SUBJECTS, Subject
from evals.redaction.saying import say

FORMS = ("words", "oh", "double", "tens", "pairs", "groups", "spaced", "digits", "commas", "hyphens", "nato")
SHAPES = ("told", "asked", "split", "corrected", "read_back", "written")
BACKCHANNELS = ("Okay.", "mm-hmm", "Go ahead.", "Right.", "Yep.")
WRITTEN_ONLY = ("eth", "btc")
PROVING = ("pan_visa", "pan_mastercard", "pan_amex", "pan_discover", "iban_de", "iban_gb", "iban_fr")
"""Types that are known without a word about them."""


@dataclass(frozen=True, slots=True)
class Planted:
    """One identifier and the texts that hold it, one for each turn or field; ``where`` says which place it is."""

    call_id: str
    type: str
    value: str
    pieces: tuple[str, ...]
    where: str

    @property
    def names(self) -> tuple[str, ...]:
        return BY_TYPE[self.type].names


@dataclass
class Material:
    """What the product is given, and what must be found nowhere afterwards."""

    files: dict[str, str] = field(default_factory=dict)
    planted: list[Planted] = field(default_factory=list)
    calls: dict[str, dict[str, Any]] = field(default_factory=dict)


Call = dict[str, Any]
Turns = list[dict[str, Any]]
Said = tuple[Turns, Sequence[str]]
"""The turns of an exchange, and the texts in them that hold the identifier."""


class Planter:
    """Makes values and puts them into calls and records."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.planted: list[Planted] = []
        self._types = [subject.type for subject in SUBJECTS]

    def value(self, subject: Subject, call_id: str, where: str, form: str) -> tuple[str, tuple[str, ...], str]:
        """A new value said in ``form``: the whole text, one text a group, and the value."""
        value = subject.value(self.rng)
        said = say(subject, value, form, self.rng)
        return said.text, said.texts, value

    def note(self, call_id: str, subject: Subject, value: str, pieces: Sequence[str], where: str) -> None:
        self.planted.append(Planted(call_id, subject.type, value, tuple(pieces), where))

    def written(self, type_: str, call_id: str, where: str) -> str:
        """A new value as somebody types it."""
        text, _, value = self.value(BY_TYPE[type_], call_id, where, "digits")
        self.note(call_id, BY_TYPE[type_], value, (text,), where)
        return text

    def announced(self, type_: str, call_id: str, where: str) -> str:
        """The same behind the words that announce it."""
        return f"{BY_TYPE[type_].names[0]} {self.written(type_, call_id, where)}"

    # -- turns ---------------------------------------------------------------------------------------------

    def turns(self, call_id: str, number: int) -> Turns:
        """An exchange in which one identifier is said; shapes, types and forms go round."""
        subject = BY_TYPE[self._types[number % len(self._types)]]
        shape = SHAPES[(number + number // 6) % len(SHAPES)]
        form = "digits" if shape == "written" or subject.type in WRITTEN_ONLY else FORMS[number % len(FORMS)]
        text, groups, value = self.value(subject, call_id, shape, form)
        name = self.rng.choice(subject.names)
        makers: dict[str, Callable[[], Said]] = {
            "told": lambda: ([_caller(f"Sure, my {name} is {text}.")], [text]),
            "asked": lambda: ([_agent(f"What's the {name}, please?"), _caller(f"It's {text}.")], [text]),
            "written": lambda: ([_caller(f"I typed it into the chat as well: {name} {text}")], [text]),
            "split": lambda: self._split(name, groups if len(value) > 4 else [text]),
            "corrected": lambda: self._corrected(name, groups, subject, form),
            "read_back": lambda: self._read_back(name, text, subject, value),
        }
        turns, pieces = makers[shape]()
        self.note(call_id, subject, value, pieces, f"{shape}, {form}")
        return turns

    def _split(self, name: str, groups: Sequence[str]) -> Said:
        if len(groups) < 2:
            return [_agent(f"Your {name}?"), _caller(f"{groups[0]}.")], groups
        cut = self.rng.randint(1, len(groups) - 1)
        first, second = " ".join(groups[:cut]), " ".join(groups[cut:])
        between = _agent(self.rng.choice(BACKCHANNELS))
        return [_caller(f"Okay, my {name} is {first}"), between, _caller(f"{second}.")], [first, second]

    def _corrected(self, name: str, groups: Sequence[str], subject: Subject, form: str) -> Said:
        at = self.rng.randrange(len(groups))
        wrong = say(subject, subject.value(self.rng), form, self.rng).texts
        false = wrong[min(at, len(wrong) - 1)]
        said = " ".join([*groups[:at], f"{false}, no wait, {groups[at]}", *groups[at + 1 :]])
        return [_agent(f"And the {name}?"), _caller(f"It's {said}, that's right.")], [said, *groups]

    def _read_back(self, name: str, text: str, subject: Subject, value: str) -> Said:
        again = say(subject, value, self.rng.choice(("words", "groups")), self.rng).text
        read = _agent(f"Let me read that back. {again}, correct?")
        return [_caller(f"The {name} is {text}."), read, _caller("Yes.")], [text, again]

    # -- everything beside the turns -----------------------------------------------------------------------

    def beside(self, call: Call, number: int) -> None:
        """Fields of the canonical record, a few a call, in turn."""
        call_id, card = call["call_id"], PROVING[number % len(PROVING)]
        tax = ("us_ssn", "us_ein", "in_aadhaar", "uk_utr", "gb_vat")[number % 5]
        match number % 8:
            case 0:
                call["summary"] = f"The caller read out the {self.announced(tax, call_id, 'summary')} and hung up."
            case 1:
                call["analysis"] = {
                    "outcome": "refund",
                    "identity": {"ssn": self.written("us_ssn", call_id, "analysis value")},
                    "said": [f"the {self.announced(card, call_id, 'analysis nested')}", {"cvv": self.cvv(call_id)}],
                    self.written(card, call_id, "analysis key"): "seen",
                }
            case 2:
                number_text = self.written("pan_visa", call_id, "metadata number")
                call["metadata"] = {
                    "card_number": int(number_text),
                    "note": self.announced(tax, call_id, "metadata text"),
                    "deep": {"deeper": [{"iban": self.written("iban_de", call_id, "metadata nested")}]},
                }
            case 3:
                call["crm_url"] = f"https://crm.example/c/{self.written('pan_visa', call_id, 'link path')}"
                call["recording_url"] = (
                    f"https://rec.example/a.mp3?iban={self.written('iban_gb', call_id, 'link query')}"
                )
                call["support_ticket"] = f"ticket of SSN {self.written('us_ssn', call_id, 'ticket')}"
            case 4:
                call["from_number"] = self.written("pan_mastercard", call_id, "from_number")
                call["to_number"] = self.dashed(call_id, "to_number")
            case 5:
                call["turns"][0]["speaker"] = f"agent {self.written('pan_visa', call_id, 'speaker label')}"
                call["metadata"] = {"groups": self.groups(call_id)}
            case 6:
                call[f"x {self.written('pan_visa', call_id, 'name of an unknown field')}"] = 1
                call["unread"] = self.written("pan_amex", call_id, "unread field")
            case _:
                call["payment_platform_url"] = (
                    f"https://pay.example/{self.written('pan_visa', call_id, 'platform link')}"
                )
                call["metadata"] = {"said": self.spoken("pan_visa", call_id, "metadata spoken")}

    def cvv(self, call_id: str) -> str:
        return self.written("cvv", call_id, "analysis cvv")

    def dashed(self, call_id: str, where: str) -> str:
        value = BY_TYPE["us_ssn"].value(self.rng)
        text = f"{value[:3]}-{value[3:5]}-{value[5:]}"
        self.note(call_id, BY_TYPE["us_ssn"], value, (text,), where)
        return text

    def groups(self, call_id: str) -> list[str]:
        """A card cut into its groups as a list."""
        value = BY_TYPE["pan_visa"].value(self.rng)
        self.note(call_id, BY_TYPE["pan_visa"], value, (value,), "metadata list of groups")
        return [value[at : at + 4] for at in range(0, 16, 4)]

    def spoken(self, type_: str, call_id: str, where: str) -> str:
        text, _, value = self.value(BY_TYPE[type_], call_id, where, "words")
        self.note(call_id, BY_TYPE[type_], value, (text,), where)
        return f"my {BY_TYPE[type_].names[0]} is {text}"


def _caller(text: str) -> dict[str, Any]:
    return {"speaker": "caller", "text": text}


def _agent(text: str) -> dict[str, Any]:
    return {"speaker": "agent", "text": text}


# -- the calls ---------------------------------------------------------------------------------------------


def material(seed: int, calls: int) -> Material:
    """``calls`` calls in every intake format, with what was planted in them."""
    planter, made = Planter(seed), Material()
    bodies: dict[str, list[str]] = {}
    array: list[Call] = []
    for number in range(calls):
        before = len(planter.planted)
        call = _call(planter, number)
        made.calls[call["call_id"]] = call
        if number % 6 == 1:
            array.append(call)
            shown = json.dumps(call)
        elif number % 6 == 5:
            shown = made.files[f"{call['call_id']}.txt"] = _labelled(planter, call)
        else:
            name, render = _FORMATS[number % 6]
            shown = json.dumps(render(call))
            bodies.setdefault(name, []).append(shown)
        made.planted += [one for one in planter.planted[before:] if _holds(shown, one, labelled=number % 6 == 5)]
    made.files |= {name: "\n".join(lines) for name, lines in bodies.items()}
    made.files["array.json"] = json.dumps(array)
    return made


_NOT_IN_LABELLED_TEXT = ("summary", "analysis", "metadata")


def _holds(rendered: str, one: Planted, *, labelled: bool) -> bool:
    """Whether the format has a place for what was planted."""
    if labelled and one.where.startswith(_NOT_IN_LABELLED_TEXT):
        return False
    return any(piece in rendered for piece in one.pieces) or ("groups" in one.where and '"groups"' in rendered)


def _call(planter: Planter, number: int) -> Call:
    """A labelled call of the fixtures under its own id, cut short but for every seventh, with one more exchange
    before its end and something planted beside its turns."""
    known = _fixtures()
    call = dict(known[number % len(known)])
    call["call_id"] = f"planted_{number:03d}"
    turns = [dict(turn) for turn in call["turns"]]
    if number % 7:
        turns = turns[:2]
    for turn in turns:
        turn.pop("start", None)
        turn.pop("end", None)
    call["turns"] = [*turns[:-1], *planter.turns(call["call_id"], number), turns[-1]]
    planter.beside(call, number)
    return call


def _fixtures() -> list[Call]:
    text = (files("fixtures") / "calls" / "calls.jsonl").read_text(encoding="utf-8")
    return [json.loads(line)["call"] for line in text.splitlines() if line.strip()]


def _lines(call: Call) -> str:
    names = {"agent": "Agent", "caller": "User"}
    return "\n".join(f"{names.get(str(turn['speaker']).split()[0], 'Agent')}: {turn['text']}" for turn in call["turns"])


def _event(call: Call) -> Call:
    shown = {name: call.get(name) for name in ("direction", "from_number", "to_number", "summary", "recording_url")}
    own = {
        "id": call["call_id"],
        "status": "completed",
        "initiated_at": call["started_at"],
        "ended_at": call["ended_at"],
    }
    said = {"transcript": _lines(call), "post_call_analysis": call.get("analysis"), "metadata": call.get("metadata")}
    return {"event_type": "call_ended", "payload": {"call": {**_unknown(call), **shown, **own, **said}}}


def _unknown(call: Call) -> Call:
    """Fields of the record that a format has no place for: they are sent all the same, and nobody may keep them."""
    known = {"call_id", "turns", "started_at", "ended_at", "direction", "analysis", "metadata", "workspace_id"}
    return {name: value for name, value in call.items() if name not in known}


def _completed(call: Call) -> Call:
    turns = [{"role": "assistant" if t["speaker"] != "caller" else "user", "content": t["text"]} for t in call["turns"]]
    own = {"call_id": call["call_id"], "started_at": call["started_at"], "duration_seconds": 120}
    shown = {name: call.get(name) for name in ("direction", "from_number", "to_number", "summary", "recording_url")}
    return {
        **_unknown(call),
        **own,
        **shown,
        "transcript": turns,
        "extracted_data": call.get("analysis") or {},
        "metadata": call.get("metadata"),
    }


def _rest(call: Call) -> Call:
    turns = [{str(turn["speaker"]).split()[0]: turn["text"]} for turn in call["turns"]]
    shown = {name: call.get(name) for name in ("from_number", "to_number", "summary", "metadata")}
    own = {"id": call["call_id"], "call_direction": call["direction"], "createdAt": call["started_at"]}
    timeline = [{"event": "call_ended", "timestamp": call["ended_at"]}]
    return {
        **_unknown(call),
        **own,
        **shown,
        "transcript": turns,
        "timeline": timeline,
        "analysis": call.get("analysis"),
    }


_FORMATS: dict[int, tuple[str, Callable[[Call], Call]]] = {
    0: ("canonical.jsonl", lambda call: call),
    2: ("events.jsonl", _event),
    3: ("completed.jsonl", _completed),
    4: ("rest.jsonl", _rest),
}


def _labelled(planter: Planter, call: Call) -> str:
    """A header and labelled lines; one label has a number in brackets behind it."""
    call_id = call["call_id"]
    head = [
        f"Call ID: {call_id}",
        f"Date: {call['started_at']}",
        f"Ended: {call['ended_at']}",
        f"Direction: {call['direction']}",
        f"From: {planter.dashed(call_id, 'header From')}",
        f"Recording: https://rec.example/{planter.written('pan_visa', call_id, 'header link')}",
        f"Ticket: card {planter.written('pan_amex', call_id, 'header ticket')}",
    ]
    lines = _lines(call).splitlines()
    lines[0] = lines[0].replace(":", f" ({planter.written('pan_discover', call_id, 'label')}):", 1)
    return "\n".join([*head, "", *lines])


# -- the world ---------------------------------------------------------------------------------------------


def planted_world(seed: int) -> tuple[dict[str, Any], list[Planted]]:
    """The fixtures' world with identifiers in names, notes and descriptions of its records."""
    planter = Planter(seed)
    world = json.loads((files("fixtures") / "worlds" / "main.json").read_text(encoding="utf-8"))
    for number, (path, record) in enumerate(_records(world)):
        for name, text in _notes(planter, path, number).items():
            _put(record, name, text)
    return world, planter.planted


def _records(world: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for system, collections in world.items():
        for collection, records in collections.items():
            yield from ((f"{system}.{collection}", record) for record in records)


_FIELDS = {
    "stripe.customers": ("description", "metadata.note"),
    "stripe.charges": ("description", "metadata.note", "statement_descriptor"),
    "stripe.invoices": ("description", "metadata.note", "footer"),
    "stripe.subscriptions": ("description", "metadata.note"),
    "quickbooks.customers": ("Notes",),
    "quickbooks.invoices": ("PrivateNote", "CustomerMemo.value"),
    "hubspot.contacts": ("properties.hs_content_membership_notes", "properties.jobtitle"),
    "hubspot.owners": ("teams_note",),
    "zendesk.users": ("notes", "details"),
    "beeminder.goals": ("fineprint", "title"),
    "proabono.customers": ("Metadata.note",),
    "proabono.payment_settings": ("NoteInvoice",),
    "proabono.invoices": ("Note",),
    "fidel.brands": ("metadata.note",),
    "gdrive.files": ("description",),
    "polygon.filing_files": ("description",),
}
_NAMED = {"stripe.customers": "name", "zendesk.users": "name", "quickbooks.customers": "CompanyName"}


def _notes(planter: Planter, path: str, number: int) -> dict[str, str]:
    types = ("pan_visa", "us_ssn", "iban_de", "pan_amex", "us_ein")
    found = {}
    for at, name in enumerate(_FIELDS.get(path, ())):
        type_ = types[(number + at) % len(types)]
        spoken = (number + at) % 3 == 2
        found[name] = (
            planter.spoken(type_, "world", f"{path}.{name}")
            if spoken
            else planter.announced(type_, "world", f"{path}.{name}")
        )
    if path in _NAMED and number % 4 == 3:
        found[f"+{_NAMED[path]}"] = planter.written("pan_visa", "world", f"{path}.{_NAMED[path]}")
    return found


def _put(record: dict[str, Any], name: str, text: str) -> None:
    """``text`` at a dotted place; behind a plus it is added to what stands there."""
    *way, last = name.removeprefix("+").split(".")
    inner = record
    for part in way:
        if not isinstance(inner.get(part), dict):
            inner[part] = {}
        inner = inner[part]
    inner[last] = f"{inner.get(last) or ''} {text}".strip() if name.startswith("+") else text
