"""Reading a finished message back against the workspace's approved templates (pure; S43).

A message counts as a template's when it is that template word for word and every slot holds a value of
the matched customer's own record. Nothing a model wrote can pass, whoever composed the message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from agent.loop.facts import Facts
from agent.loop.names import letters, same_reference
from agent.workspace import SLOTS, Template
from tools.records import Document

_SLOT = re.compile(r"\{(" + "|".join(SLOTS) + r")\}")
_SHAPES: Mapping[str, str] = {
    "customer": r"[^\n]{1,160}",
    "number": r"[^\n]{1,80}",
    "amount": r"[^\n]{0,60}",
    "date": r"[^\n]{0,40}",
    "link": r"https?://[^\s<>]{1,500}",
}


@dataclass(frozen=True, slots=True)
class Filled:
    """A message that is template ``name``; ``document`` is the record its slots were filled from."""

    name: str
    slots: Mapping[str, str]
    document: Document | None


def read_back(subject: str | None, body: str, facts: Facts) -> Filled | None:
    """The template that ``subject`` and ``body`` are, filled from the customer's records, or None.

    A text without a subject line (a ticket comment) is held against the bodies alone.
    """
    for name, template in facts.workspace.templates.items():
        slots = _slots(template, subject, body)
        if slots is None:
            continue
        for document in (*facts.documents_of_match, None):
            if all(_true(slot, value, document, facts) for slot, value in slots.items()):
                return Filled(name, slots, document)
    return None


def _slots(template: Template, subject: str | None, body: str) -> dict[str, str] | None:
    """The slot values when the texts are exactly the template's, else None."""
    parts = _SLOT.split(_joined(None if subject is None else template.subject, template.body))
    pattern, seen = "", set[str]()
    for index, part in enumerate(parts):
        if index % 2 == 0:
            pattern += re.escape(part)
        elif part in seen:
            pattern += f"(?P={part})"
        else:
            seen.add(part)
            pattern += f"(?P<{part}>{_SHAPES[part]})"
    found = re.fullmatch(pattern, _joined(subject, body))
    return None if found is None else found.groupdict()


def _joined(subject: str | None, body: str) -> str:
    return body.strip() if subject is None else "\x00".join((subject.strip(), body.strip()))


def _true(slot: str, value: str, document: Document | None, facts: Facts) -> bool:
    """Whether ``value`` is what the record says; a message about no document has no document's slots."""
    if slot == "customer":
        return any(letters(value) == letters(name) for name in _names(facts))
    if slot == "link":
        return value in _links(document, facts)
    if document is None:
        return False
    if slot == "number":
        return value.strip() in {document.number, document.id}
    if slot == "amount":
        known = [money for money in (document.amount, document.amount_due) if money is not None]
        return value.strip() in {text for money in known for text in (str(money), money.text)}
    return value.strip() in {moment.isoformat() for moment in _days(document)}


def _names(facts: Facts) -> Iterator[str]:
    for party in facts.matched_parties:
        yield from (*party.names, *party.companies)


def _links(document: Document | None, facts: Facts) -> set[str]:
    """The document's own customer links, its stored file and the workspace's secure pages; never a
    dashboard address."""
    secure = {url for url in (facts.workspace.secure_payment_url, facts.workspace.secure_tax_form_url) if url}
    if document is None:
        return secure
    files = [one for one in stored_files(document, facts) if one.url or one.links]
    return secure.union(
        document.links.values(), *(one.links.values() for one in files), (f.url for f in files if f.url)
    )


def stored_files(document: Document, facts: Facts) -> tuple[Document, ...]:
    """The looked-up files that were stored for ``document``: filed under its own number or id."""
    own = [value for value in (document.number, document.id) if value]
    return tuple(
        one
        for one in facts.documents
        if one.type == "file" and any(same_reference(value, filed) for value in own for filed in one.references)
    )


def _days(document: Document) -> Iterator[date]:
    if document.created is not None:
        yield document.created.date()
    if document.due is not None:
        yield document.due
