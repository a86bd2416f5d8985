"""Zendesk: users and tickets. Comments are internal unless said otherwise, and that is always sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PositiveInt, model_validator

from tools.arguments import EmailAddress, Finder, Identifier, OneLine, Query
from tools.connector import Answer, Arguments, Effect, Missing, Operation
from tools.http import Judgement, Reply, Verdict, segment
from tools.oauth import OAuthConnector
from tools.records import Document, Party
from tools.shapes import contact_changed, is_vip, moment, pick, rows, table, text, texts
from tools.text import marker

_USER = ("id", "name", "email", "phone", "role", "organization_id", "external_id", "verified", "suspended", "tags")
_TICKET = ("id", "subject", "status", "priority", "type", "requester_id", "external_id", "tags", "updated_at")
_VIP_TAGS = frozenset({"vip", "vip_true", "vip:true", "enterprise", "plan_enterprise", "plan:enterprise"})


class ListTickets(Query):
    """Tickets that are not closed, of a requester or with our own external id."""

    requester_id: PositiveInt | None = None
    email: EmailAddress | None = None
    external_id: Identifier | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        return self.need_one_of("requester_id", "email", "external_id")


class Comment(Arguments):
    """A ticket comment; a public one is mailed to the requester."""

    body: Annotated[str, Field(min_length=1, max_length=20_000)]
    public: bool = False


class CreateTicket(Arguments):
    """A ticket for a user; internal unless the comment says otherwise."""

    requester_id: PositiveInt | None = None
    subject: OneLine
    comment: Comment
    priority: Literal["urgent", "high", "normal", "low"] = "normal"
    tags: tuple[Annotated[str, Field(pattern=r"^[a-z0-9_:/-]{1,80}$")], ...] = ()
    external_id: Identifier | None = None


class AddComment(Arguments):
    """A comment on an existing ticket."""

    ticket_id: PositiveInt
    comment: Comment


def _phrase(value: str) -> str:
    return '"' + value.replace('"', " ").strip() + '"'


def _word(value: str) -> str:
    """One search word: quotes and blanks would begin another condition."""
    return "".join(c for c in value if not c.isspace() and c != '"')


class Zendesk(OAuthConnector):
    """Client of one Zendesk account. Credentials: subdomain and access_token, or refresh_token with
    client_id and client_secret (API tokens end on 30 April 2027, so they are not supported)."""

    system = "zendesk"
    home = "https://{subdomain}.zendesk.com"
    renewal_address = "https://{subdomain}.zendesk.com/oauth/tokens"

    def judge(self, reply: Reply) -> Judgement | None:
        judgement = super().judge(reply)
        if reply.status == 400 and table(reply.data).get("error") == "IdempotentRequestError":
            return Judgement(Verdict.REFUSED, "holds the same idempotency key with other arguments")
        return judgement

    def find_user(self, args: Finder, _key: str | None) -> Answer:
        """Users that fit the strongest fact given; none is an empty answer."""
        for params in _user_searches(args):
            data = table(self.read("GET", "/api/v2/users/search", params=params).data)
            kept = [row for row in rows(data.get("users")) if text(row.get("id"))]
            if kept:
                return Answer([pick(row, _USER) for row in kept], parties=tuple(self._party(row) for row in kept))
        return Answer([])

    def _party(self, row: Mapping[str, Any]) -> Party:
        tags = {str(tag).lower() for tag in row.get("tags") or [] if isinstance(tag, str)}
        fields = table(row.get("user_fields"))
        return Party(
            system="zendesk",
            id=str(row["id"]),
            names=texts(row.get("name")),
            emails=texts(row.get("email")),
            phones=texts(row.get("phone")),
            references=texts(row.get("external_id")),
            vip=bool(tags & _VIP_TAGS) or is_vip(fields),
            contact_changed_at=contact_changed(fields),
            url=self._agent_page("users", row["id"]),
        )

    def list_tickets(self, args: ListTickets, _key: str | None) -> Answer:
        """Open tickets, newest first; none is an empty answer."""
        words = ["type:ticket", "status<closed"]
        if args.external_id:
            words.append(f"external_id:{_word(args.external_id)}")
        elif args.requester_id:
            words.append(f"requester:{args.requester_id}")
        else:
            words.append(f"requester:{_word(args.email or '')}")
        params = {"query": " ".join(words), "sort_by": "updated_at", "sort_order": "desc"}
        found = rows(table(self.read("GET", "/api/v2/search", params=params).data).get("results"))
        kept = [row for row in found if text(row.get("id"))]
        return Answer([pick(row, _TICKET) for row in kept], documents=tuple(self._ticket(row) for row in kept))

    def _ticket(self, row: Mapping[str, Any]) -> Document:
        return Document(
            system="zendesk",
            type="ticket",
            id=str(row["id"]),
            party_id=text(row.get("requester_id")),
            number=str(row["id"]),
            references=texts(row.get("external_id")),
            status=text(row.get("status")),
            created=moment(row.get("created_at")),
            description=text(row.get("subject")),
            url=self._agent_page("tickets", row["id"]),
        )

    def create_ticket(self, args: CreateTicket, key: str | None) -> Answer:
        """Open a ticket. The vendor keeps the key for two hours; ``external_id`` is there for good."""
        ticket: dict[str, Any] = {
            "subject": args.subject,
            "comment": {"body": args.comment.body, "public": args.comment.public},
            "priority": args.priority,
            "tags": list(args.tags),
            "external_id": args.external_id or marker(key or ""),
        }
        if args.requester_id is not None:
            ticket["requester_id"] = args.requester_id
        headers = {"Idempotency-Key": key or ""}
        return self._written(self.write("POST", "/api/v2/tickets", json={"ticket": ticket}, headers=headers))

    def find_ticket(self, args: CreateTicket, key: str) -> Answer | None:
        """The ticket with our external id, None when there is none; a list, which does not lag."""
        params = {"external_id": args.external_id or marker(key)}
        for row in rows(table(self.read("GET", "/api/v2/tickets", params=params).data).get("tickets")):
            if row.get("external_id") == params["external_id"] and text(row.get("id")):
                return self._ticket_answer(row)
        return None

    def add_comment(self, args: AddComment, key: str | None) -> Answer:
        """Comment on a ticket. Raises Missing when there is no such ticket."""
        comment = {"body": f"{args.comment.body}\n\n{marker(key or '')}", "public": args.comment.public}
        path = f"/api/v2/tickets/{segment(args.ticket_id)}"
        return self._written(self.write("PUT", path, json={"ticket": {"comment": comment}}))

    def find_comment(self, args: AddComment, key: str) -> Answer | None:
        """The ticket when one of its comments carries our mark, else None."""
        path = f"/api/v2/tickets/{segment(args.ticket_id)}/comments"
        params = {"sort_order": "desc"}
        try:
            comments = rows(table(self.read("GET", path, params=params).data).get("comments"))
        except Missing:
            return None
        if any(marker(key) in str(comment.get("body") or "") for comment in comments):
            return self._ticket_answer({"id": args.ticket_id})
        return None

    def _written(self, reply: Reply) -> Answer:
        row = table(table(reply.data).get("ticket"))
        if text(row.get("id")) is None:
            raise self.lost("the answer does not name the ticket")
        return self._ticket_answer(row)

    def _ticket_answer(self, row: Mapping[str, Any]) -> Answer:
        document = self._ticket(row)
        return Answer(pick(row, _TICKET), documents=(document,), vendor_id=document.id, url=document.url)

    def _agent_page(self, kind: str, record: Any) -> str:
        base = self.address("") if self.option("base_url") is None else self._account()
        return f"{base}/agent/{kind}/{segment(record)}"

    def _account(self) -> str:
        return f"https://{segment(self.option('subdomain') or 'support')}.zendesk.com"


def _user_searches(args: Finder) -> list[dict[str, str]]:
    searches = []
    if args.reference:
        searches.append({"external_id": args.reference})
    if args.email:
        searches.append({"query": f"email:{_word(args.email)}"})
    if args.phone:
        searches.append({"query": f"phone:{_phrase(args.phone)}"})
    if args.name:
        searches.append({"query": f"name:{_phrase(args.name)}"})
    return searches


_TEXTS = frozenset({"subject", "comment", "priority", "tags", "external_id"})

OPERATIONS = (
    Operation(
        "zendesk.find_user",
        Effect.LOOKUP,
        "Find a Zendesk user by e-mail, name, phone or external id.",
        Finder,
        Zendesk.find_user,
    ),
    Operation(
        "zendesk.list_tickets",
        Effect.LOOKUP,
        "List a Zendesk user's tickets that are not closed.",
        ListTickets,
        Zendesk.list_tickets,
    ),
    Operation(
        "zendesk.create_ticket",
        Effect.TICKET,
        "Open an internal Zendesk ticket for a user.",
        CreateTicket,
        Zendesk.create_ticket,
        house_fields=_TEXTS,
        target=lambda args: str(args.external_id or f"requester {args.requester_id}"),
        find_again=Zendesk.find_ticket,
        idempotency="vendor_key",
        broad_access=True,
    ),
    Operation(
        "zendesk.add_comment",
        Effect.TICKET,
        "Add an internal comment to a Zendesk ticket.",
        AddComment,
        Zendesk.add_comment,
        house_fields=frozenset({"comment"}),
        target=lambda args: str(args.ticket_id),
        find_again=Zendesk.find_comment,
        idempotency="read_back",
        broad_access=True,
    ),
)
