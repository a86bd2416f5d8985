"""HubSpot: contacts, deals, owners and notes (dated paths of 2026-03). Many people read it."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from tools.arguments import EmailAddress, Finder, Identifier, Query
from tools.connector import Answer, Arguments, Effect, Missing, Operation
from tools.http import segment
from tools.oauth import OAuthConnector
from tools.records import Document, Owner, Party
from tools.shapes import contact_changed, day, is_vip, major_units, moment, pick, rows, table, text, texts
from tools.text import marker, without_legal_form

_VERSION = "2026-03"
_NOTE_TO_CONTACT = 202
_LIMIT = 10
_CONTACT = (
    "email",
    "firstname",
    "lastname",
    "phone",
    "mobilephone",
    "company",
    "hubspot_owner_id",
    "associatedcompanyid",
    "lifecyclestage",
    "account_id",
    "vip",
    "plan",
    "contact_changed_at",
)
_DEAL = ("dealname", "amount", "deal_currency_code", "closedate", "dealstage", "hubspot_owner_id")


class FindDeals(Query):
    """The deals of a contact, such as its renewals."""

    contact_id: Identifier


class GetOwner(Query):
    """One of our own people, by owner id or e-mail."""

    owner_id: Identifier | None = None
    email: EmailAddress | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        return self.need_one_of("owner_id", "email")


class CreateNote(Arguments):
    """A note on a contact, as plain text."""

    contact_id: Identifier
    body: Annotated[str, Field(min_length=1, max_length=20_000)]


Filter = dict[str, str]


def _equal(field: str, value: str) -> Filter:
    return {"propertyName": field, "operator": "EQ", "value": value}


def _token(field: str, value: str) -> Filter:
    return {"propertyName": field, "operator": "CONTAINS_TOKEN", "value": value}


def _search(groups: list[list[Filter]], fields: tuple[str, ...], query: str | None = None) -> dict[str, Any]:
    body: dict[str, Any] = {
        "filterGroups": [{"filters": group} for group in groups],
        "properties": list(fields),
        "limit": _LIMIT,
        "after": "0",
        "sorts": [],
    }
    return body | ({"query": query} if query else {})


class HubSpot(OAuthConnector):
    """Client of one HubSpot account. Credentials: access_token; optional portal_id, for links."""

    system = "hubspot"
    home = "https://api.hubapi.com"
    busy_wait = 10.0

    def find_contact(self, args: Finder, _key: str | None) -> Answer:
        """Contacts that fit the strongest fact given; none is an empty answer."""
        for body in _contact_searches(args):
            kept = self._results("contacts", body)
            if kept:
                shown = [{"id": row["id"]} | pick(table(row.get("properties")), _CONTACT) for row in kept]
                return Answer(shown, parties=tuple(self._party(row) for row in kept))
        return Answer([])

    def _party(self, row: Mapping[str, Any]) -> Party:
        held = table(row.get("properties"))
        return Party(
            system="hubspot",
            id=str(row["id"]),
            names=texts(" ".join(texts(held.get("firstname"), held.get("lastname")))),
            companies=texts(held.get("company")),
            emails=texts(held.get("email")),
            phones=texts(held.get("phone"), held.get("mobilephone")),
            references=texts(held.get("account_id")),
            vip=is_vip(held),
            owner_id=text(held.get("hubspot_owner_id")),
            contact_changed_at=contact_changed(held),
            url=self._link("0-1", str(row["id"])),
        )

    def find_deals(self, args: FindDeals, _key: str | None) -> Answer:
        """Deals of the contact; none is an empty answer."""
        kept = self._results("deals", _search([[_equal("associations.contact", args.contact_id)]], _DEAL))
        shown = [{"id": row["id"]} | pick(table(row.get("properties")), _DEAL) for row in kept]
        return Answer(shown, documents=tuple(self._deal(row, args.contact_id) for row in kept))

    def _deal(self, row: Mapping[str, Any], contact: str) -> Document:
        held = table(row.get("properties"))
        return Document(
            system="hubspot",
            type="deal",
            id=str(row["id"]),
            party_id=contact,
            amount=major_units(held.get("amount"), held.get("deal_currency_code")),
            status=text(held.get("dealstage")),
            created=moment(row.get("createdAt")),
            due=day(held.get("closedate")),
            description=text(held.get("dealname")),
            url=self._link("0-3", str(row["id"])),
        )

    def get_owner(self, args: GetOwner, _key: str | None) -> Answer:
        """The owner. Raises Missing when unknown."""
        if args.owner_id:
            found = rows([self.read("GET", f"/crm/owners/{_VERSION}/{segment(args.owner_id)}").data])
        else:
            data = self.read("GET", f"/crm/owners/{_VERSION}", params={"email": args.email or "", "limit": 5}).data
            found = rows(table(data).get("results"))
        owners = tuple(_owner(row) for row in found if text(row.get("id")))
        if not owners:
            raise self.missing("owner")
        return Answer([pick(row, ("id", "email", "firstName", "lastName", "archived")) for row in found], owners=owners)

    def create_note(self, args: CreateNote, key: str | None) -> Answer:
        """Write a note; its text is escaped, because HubSpot shows notes as HTML."""
        shown = html.escape(args.body, quote=False).replace("\n", "<br>")
        body = {
            "properties": {
                "hs_timestamp": self.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
                "hs_note_body": f"{shown}<br>{marker(key or '')}",
            },
            "associations": [
                {
                    "to": {"id": args.contact_id},
                    "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": _NOTE_TO_CONTACT}],
                }
            ],
        }
        row = table(self.write("POST", f"/crm/objects/{_VERSION}/notes", json=body).data)
        if text(row.get("id")) is None:
            raise self.lost("the answer does not name the note")
        return self._noted(row, args)

    def find_note(self, args: CreateNote, key: str) -> Answer | None:
        """The note that carries our mark. Raises Lost when there is none, since search lags behind."""
        found = self._results("notes", _search([[_token("hs_note_body", marker(key))]], ("hs_note_body",)))
        if not found:
            raise self.lost("the note is not found, which the search's delay may explain")
        return self._noted(found[0], args)

    def _noted(self, row: Mapping[str, Any], args: CreateNote) -> Answer:
        note = str(row["id"])
        return Answer({"id": note}, vendor_id=note, url=self._link("0-1", args.contact_id))

    def _results(self, kind: str, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        try:
            reply = self.read("POST", f"/crm/objects/{_VERSION}/{kind}/search", json=body)
        except Missing:
            return []
        return [row for row in rows(table(reply.data).get("results")) if text(row.get("id"))]

    def _link(self, kind: str, record: str) -> str | None:
        portal = self.option("portal_id")
        return f"https://app.hubspot.com/contacts/{segment(portal)}/record/{kind}/{segment(record)}" if portal else None


def _contact_searches(args: Finder) -> list[dict[str, Any]]:
    searches = []
    if args.reference:
        if args.reference.isdigit():
            searches.append(_search([[_equal("hs_object_id", args.reference)]], _CONTACT))
        searches.append(_search([], _CONTACT, query=args.reference))
    if args.email:
        searches.append(_search([[_equal("email", args.email.lower())]], _CONTACT))
    if args.phone:
        searches.append(_search([[_equal("phone", args.phone)], [_equal("mobilephone", args.phone)]], _CONTACT))
    if args.name:
        company = without_legal_form(args.name)
        groups = [[_equal("company", args.name)], [_token("company", company)]]
        given, _, family = args.name.rpartition(" ")
        if given:
            groups.insert(0, [_equal("firstname", given), _equal("lastname", family)])
        searches.append(_search(groups, _CONTACT))
    return searches


def _owner(row: Mapping[str, Any]) -> Owner:
    name = " ".join(texts(row.get("firstName"), row.get("lastName")))
    email = text(row.get("email"))
    return Owner("hubspot", str(row.get("id")), name or email or str(row.get("id")), email)


OPERATIONS = (
    Operation(
        "hubspot.find_contact",
        Effect.LOOKUP,
        "Find a HubSpot contact by e-mail, name, phone or reference.",
        Finder,
        HubSpot.find_contact,
    ),
    Operation(
        "hubspot.find_deals",
        Effect.LOOKUP,
        "List the HubSpot deals (renewals) of a contact.",
        FindDeals,
        HubSpot.find_deals,
    ),
    Operation(
        "hubspot.get_owner",
        Effect.LOOKUP,
        "Get the HubSpot owner of an account by owner id or e-mail.",
        GetOwner,
        HubSpot.get_owner,
    ),
    Operation(
        "hubspot.create_note",
        Effect.NOTE,
        "Write an internal note on a HubSpot contact.",
        CreateNote,
        HubSpot.create_note,
        house_fields=frozenset({"body"}),
        target=lambda args: str(args.contact_id),
        find_again=HubSpot.find_note,
        idempotency="read_back",
        broad_access=True,
    ),
)
