"""Fidel API: brands, which are merchants of a card-linked programme. A brand can never be deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from tools.arguments import Identifier, OneLine, Query
from tools.connector import Answer, Arguments, Effect, NotConfigured, Operation, Rejected
from tools.http import HttpConnector, Judgement, Reply, Verdict, segment
from tools.records import Document, Party
from tools.shapes import contact_changed, is_vip, moment, people, pick, references, rows, table, text, texts
from tools.text import fold, name_matches

_KEY = "billing_agent_key"
_BRAND = ("id", "name", "websiteURL", "logoURL", "consent", "live", "metadata", "created", "updated")


def _is_web(value: str) -> str:
    if not value.startswith("https://") or any(c.isspace() for c in value):
        raise ValueError("must be an https:// address")
    return value


WebAddress = Annotated[str, Field(max_length=2000), AfterValidator(_is_web)]


class ListBrands(Query):
    """All brands, or those whose name fits."""

    name: OneLine | None = None


class GetBrand(Query):
    """One brand by id."""

    brand_id: Identifier


class CreateBrand(Arguments):
    """A new brand; its name is final and unique in the account."""

    name: Annotated[str, Field(min_length=2, max_length=50)]
    website_url: WebAddress | None = None
    logo_url: WebAddress | None = None


class UpdateBrand(Arguments):
    """The brand's new web address; nothing else can be changed."""

    brand_id: Identifier
    website_url: WebAddress


def _party(row: Mapping[str, Any]) -> Party:
    metadata = table(row.get("metadata"))
    return Party(
        system="fidel",
        id=str(row["id"]),
        names=people(metadata),
        companies=texts(row.get("name")),
        references=references(metadata),
        vip=is_vip(metadata),
        contact_changed_at=contact_changed(metadata),
    )


def _document(row: Mapping[str, Any]) -> Document:
    live, consent = row.get("live"), row.get("consent")
    return Document(
        system="fidel",
        type="brand",
        id=str(row["id"]),
        party_id=str(row["id"]),
        number=text(row.get("name")),
        references=references(table(row.get("metadata"))),
        status="live" if live and consent else "awaiting_consent" if live else "test" if live is False else None,
        created=moment(row.get("created")),
        description=text(row.get("name")),
    )


class Fidel(HttpConnector):
    """Client of api.fidel.uk. Credentials: api_key (a secret key); optional mode, ``test`` or ``live``."""

    system = "fidel"
    home = "https://api.fidel.uk/v1"

    def headers(self) -> dict[str, str]:
        return {"Fidel-Key": self.secret("api_key")}

    def judge(self, reply: Reply) -> Judgement | None:
        judgement = super().judge(reply)
        error = table(table(reply.data).get("error"))
        if reply.status == 400 and "already exists" in str(error.get("message", "")).lower():
            return Judgement(Verdict.REFUSED, "has a brand of this name already")
        if reply.status == 403:
            return Judgement(Verdict.REFUSED, "refused the request as malformed")
        return judgement

    def list_brands(self, args: ListBrands, _key: str | None) -> Answer:
        """Brands whose name fits; none is an empty answer."""
        return _found(self._named(args.name) if args.name else self._pages({}))

    def _named(self, name: str) -> list[dict[str, Any]]:
        filtered = [row for row in self._pages({"name": name}) if name_matches(name, str(row.get("name") or ""))]
        # The vendor's own filter wants the exact spelling, so the whole list is the second try.
        return filtered or [row for row in self._pages({}) if name_matches(name, str(row.get("name") or ""))]

    def _pages(self, params: Mapping[str, str]) -> list[dict[str, Any]]:
        data = table(self.read("GET", "/brands", params={**params, "limit": 100, "order": "desc"}).data)
        return [row for row in rows(data.get("items")) if text(row.get("id"))]

    def get_brand(self, args: GetBrand, _key: str | None) -> Answer:
        """One brand. Raises Missing when unknown."""
        return _found([self._brand(args.brand_id)])

    def _brand(self, brand: str) -> dict[str, Any]:
        row = _first(self.read("GET", f"/brands/{segment(brand)}"))
        if text(row.get("id")) is None:
            raise self.missing("brand")
        return row

    def create_brand(self, args: CreateBrand, key: str | None) -> Answer:
        """Create a brand whose name is free. Raises Rejected when it is taken."""
        self._check_mode()
        if self._of_name(args.name) is not None:
            raise self.rejected("has a brand of this name already")
        body: dict[str, Any] = {"name": args.name, "metadata": {_KEY: key or ""}}
        if args.website_url:
            body["websiteURL"] = args.website_url
        if args.logo_url:
            body["logoURL"] = args.logo_url
        try:
            row = _first(self.write("POST", "/brands", json=body))
        except Rejected:
            made = self._of_name(args.name)
            if made is None or not key or table(made.get("metadata")).get(_KEY) != key:
                raise
            return _done(made)
        if text(row.get("id")) is None:
            raise self.lost("the answer does not name the brand")
        return _done(row)

    def find_created(self, args: CreateBrand, key: str) -> Answer | None:
        """The brand made under ``key``, None when the name is free. Raises Lost when it is another's."""
        row = self._of_name(args.name)
        if row is None:
            return None
        if table(row.get("metadata")).get(_KEY) != key:
            raise self.lost("the name belongs to a brand that does not carry our mark")
        return _done(row)

    def update_brand(self, args: UpdateBrand, _key: str | None) -> Answer:
        """Set the web address; the old one is in ``body["before"]``."""
        self._check_mode()
        before = self._brand(args.brand_id)
        if before.get("websiteURL") == args.website_url:
            return _done(before)
        path = f"/brands/{segment(args.brand_id)}"
        row = _first(self.write("PATCH", path, json={"websiteURL": args.website_url}))
        if row.get("websiteURL") != args.website_url:
            raise self.lost("the answer does not show the new address")
        done = _done(row)
        return Answer(
            {**done.body, "before": before.get("websiteURL")}, done.parties, done.documents, vendor_id=done.vendor_id
        )

    def find_updated(self, args: UpdateBrand, _key: str) -> Answer | None:
        """The brand when its address is as wanted, None when it is not."""
        row = self._brand(args.brand_id)
        return _done(row) if row.get("websiteURL") == args.website_url else None

    def _of_name(self, name: str) -> dict[str, Any] | None:
        wanted = fold(name)
        return next((row for row in self._named(name) if fold(str(row.get("name") or "")) == wanted), None)

    def _check_mode(self) -> None:
        mode = self.option("mode")
        if mode is not None and not self.secret("api_key").startswith(f"sk_{mode}_"):
            raise NotConfigured(self.system, "BILLING_AGENT_FIDEL_API_KEY is no key of BILLING_AGENT_FIDEL_MODE")


def _first(reply: Reply) -> dict[str, Any]:
    found = rows(table(reply.data).get("items"))
    return found[0] if found else {}


def _found(brands: list[dict[str, Any]]) -> Answer:
    return Answer(
        [pick(row, _BRAND) for row in brands],
        parties=tuple(_party(row) for row in brands),
        documents=tuple(_document(row) for row in brands),
    )


def _done(row: Mapping[str, Any]) -> Answer:
    return Answer(pick(row, _BRAND), (_party(row),), (_document(row),), vendor_id=str(row["id"]))


OPERATIONS = (
    Operation(
        "fidel.list_brands",
        Effect.LOOKUP,
        "List Fidel brands (merchants), by name where known.",
        ListBrands,
        Fidel.list_brands,
    ),
    Operation("fidel.get_brand", Effect.LOOKUP, "Get one Fidel brand by id.", GetBrand, Fidel.get_brand),
    Operation(
        "fidel.create_brand",
        Effect.LEGAL,
        "Create a Fidel brand (merchant); it can never be deleted.",
        CreateBrand,
        Fidel.create_brand,
        target=lambda args: fold(args.name),
        find_again=Fidel.find_created,
        idempotency="read_back",
        reversible=False,
        broad_access=True,
    ),
    Operation(
        "fidel.update_brand",
        Effect.RECORD,
        "Change a Fidel brand's web address.",
        UpdateBrand,
        Fidel.update_brand,
        target=lambda args: str(args.brand_id),
        find_again=Fidel.find_updated,
        idempotency="set_semantics",
        broad_access=True,
    ),
)
