"""What systems answer, without the identifiers that somebody typed into their records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from agent.loop.desk import Cleaner
from agent.redaction.backstop import LONG_NUMBER
from agent.redaction.links import entities_in_link
from tools.connector import Answer
from tools.records import Document, Owner, Party


def clean_answer(answer: Answer, redactor: Cleaner) -> Answer:
    """``answer`` with identifiers masked in everything that a person reads later: the body, names,
    descriptions, numbers, states, links.

    What only ever is compared stays as it is: ids, references, e-mail addresses, phones. Actions are checked
    and carried out with them, and the egress guard stands before every one.
    """
    return replace(
        answer,
        body=redactor.redact_json(answer.body),
        parties=tuple(_party(one, redactor) for one in answer.parties),
        documents=tuple(_document(one, redactor) for one in answer.documents),
        owners=tuple(_owner(one, redactor) for one in answer.owners),
        url=_link(answer.url, redactor),
    )


def _party(party: Party, redactor: Cleaner) -> Party:
    return replace(
        party,
        names=tuple(redactor.redact_text(name) for name in party.names),
        companies=tuple(redactor.redact_text(name) for name in party.companies),
        url=_link(party.url, redactor),
    )


def _document(document: Document, redactor: Cleaner) -> Document:
    return replace(
        document,
        number=_own_number(document.number, redactor),
        status=_masked(document.status, redactor),
        description=_masked(document.description, redactor),
        url=_link(document.url, redactor),
        links=_links(document.links, redactor),
    )


def _owner(owner: Owner, redactor: Cleaner) -> Owner:
    return replace(owner, name=redactor.redact_text(owner.name), email=_masked(owner.email, redactor))


def _masked(text: str | None, redactor: Cleaner) -> str | None:
    return None if text is None else redactor.redact_text(text)


def _own_number(number: str | None, redactor: Cleaner) -> str | None:
    """A document's number; one that is an identifier is none, and the document then goes by its id."""
    field: dict[str, Any] = {"number": number}
    return number if redactor.redact_json(field) == field else None


def _links(links: Mapping[str, str], redactor: Cleaner) -> dict[str, str]:
    return {purpose: link for purpose, link in links.items() if _link(link, redactor) is not None}


def _link(link: str | None, redactor: Cleaner) -> str | None:
    """The address, or none where it holds an identifier: half a link is no link. Vendors' own numbers are long."""
    if link is None:
        return None
    found = entities_in_link(link, lambda turns: [row.entity for row in redactor.redact_turns(turns).redactions])
    return None if found - {LONG_NUMBER.entity} else link
