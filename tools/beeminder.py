"""Beeminder: users, goals and charges. A charge bills the owner of the token, at once and in US dollars."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from tools.arguments import Amounted, Identifier, Query
from tools.connector import Answer, Credentials, Effect, Operation
from tools.http import HttpConnector, Reply, segment
from tools.money import Money
from tools.records import Document, Party
from tools.shapes import major_units, pick, table, text, texts, unix
from tools.text import marker

_LEAST = Money(100, "USD")
_GOAL = ("slug", "title", "pledge", "contract", "losedate", "frozen", "won", "lost", "updated_at")


class GetUser(Query):
    """A Beeminder user by name; the vendor keeps no e-mail, phone or real name to search by."""

    username: Identifier


class GetGoal(Query):
    """One goal of a user."""

    username: Identifier
    slug: Identifier


class CreateCharge(Amounted):
    """A charge of at least 1.00 US dollar. ``note`` is shown to the charged user."""

    user_id: Identifier
    currency: Literal["USD"] = "USD"
    note: Annotated[str, Field(max_length=200)] | None = None

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if self.money.minor < _LEAST.minor:
            raise ValueError(f"amount must be at least {_LEAST.text}")
        return self


class Beeminder(HttpConnector):
    """Client of www.beeminder.com. Credentials: access_token (an OAuth token) or auth_token (a personal
    one), and access_token_<user> for each user who may be charged. Host and scheme matter: other forms redirect and lose the form."""

    system = "beeminder"
    home = "https://www.beeminder.com/api/v1"

    def headers(self) -> dict[str, str]:
        if self.option("access_token") is not None:
            return {"Authorization": f"Bearer {self.secret('access_token')}"}
        self.secret("auth_token")
        return {}

    def get_user(self, args: GetUser, _key: str | None) -> Answer:
        """The user, without goals' data. Raises Missing when unknown."""
        row = self._user(args.username)
        if text(row.get("username")) is None:
            raise self.missing("user")
        return Answer(_user_body(row), parties=(_party(row),))

    def get_goal(self, args: GetGoal, _key: str | None) -> Answer:
        """One goal with its pledge. Raises Missing when unknown."""
        path = f"/users/{segment(args.username)}/goals/{segment(args.slug)}.json"
        row = table(self.read("GET", path, params=self._identity() | {"emaciated": "true"}).data)
        if text(row.get("slug")) is None:
            raise self.missing("goal")
        return Answer(pick(row, _GOAL), documents=(_goal(row, args.username),))

    def create_charge(self, args: CreateCharge, key: str | None) -> Answer:
        """Charge the user once. Raises Rejected when the token is another user's, the card is known bad or
        the dry run disagrees; a charge cannot be looked up afterwards, so a lost answer stays Lost."""
        return self._as(args.user_id)._charge(args, key)

    def _charge(self, args: CreateCharge, key: str | None) -> Answer:
        self._check_owner(args.user_id)
        note = f"{args.note or 'Agreed charge'} ({marker(key or '')})"
        form = self._identity() | {"user_id": args.user_id, "amount": args.money.text, "note": note}
        rehearsal = self.read("POST", "/charges.json", form=form | {"dryrun": "true"}, attempts=1)
        if not _fits(rehearsal, args):
            raise self.rejected("the dry run names another user or amount")
        done = self.write("POST", "/charges.json", form=form)
        row = table(done.data)
        if text(row.get("id")) is None:
            raise self.lost("the answer does not name the charge")
        return Answer(pick(row, ("id", "amount", "username")), vendor_id=text(row.get("id")))

    def _as(self, user: str) -> Beeminder:
        """This connector with the user's own token where one is kept: only it can charge that user."""
        token = self.option(f"access_token_{user.lower()}")
        if token is None:
            return self
        own = copy(self)
        own.credentials = Credentials(self.system, {**self.credentials.values, "access_token": token})
        return own

    def _check_owner(self, user: str) -> None:
        owner = self._user("me")
        if text(owner.get("username")) != user:
            raise self.rejected("the token belongs to another user, who would be charged instead")
        if owner.get("deadbeat") is not False:
            raise self.rejected("the user's payment details are out of date")

    def _user(self, name: str) -> dict[str, Any]:
        return table(self.read("GET", f"/users/{segment(name)}.json", params=self._identity()).data)

    def _identity(self) -> dict[str, str]:
        return {} if self.option("access_token") is not None else {"auth_token": self.secret("auth_token")}


def _fits(rehearsal: Reply, args: CreateCharge) -> bool:
    row = table(rehearsal.data)
    try:
        amount = Decimal(str(row.get("amount")))
    except InvalidOperation:
        return False
    return row.get("username") == args.user_id and amount == Decimal(args.money.text)


def _user_body(row: Mapping[str, Any]) -> dict[str, Any]:
    goals = row.get("goals")
    slugs = [g if isinstance(g, str) else table(g).get("slug") for g in goals] if isinstance(goals, list) else []
    return pick(row, ("username", "deadbeat", "urgency_load", "updated_at")) | {"goals": [s for s in slugs if s]}


def _party(row: Mapping[str, Any]) -> Party:
    name = str(row["username"])
    return Party(system="beeminder", id=name, references=texts(name), url=f"https://www.beeminder.com/{segment(name)}")


def _goal(row: Mapping[str, Any], user: str) -> Document:
    state = "frozen" if row.get("frozen") else "lost" if row.get("lost") else "won" if row.get("won") else "active"
    slug = str(row["slug"])
    return Document(
        system="beeminder",
        type="goal",
        id=f"{user}/{slug}",
        party_id=user,
        number=slug,
        amount=major_units(row.get("pledge"), "USD"),
        status=state,
        created=unix(row.get("created_at")),
        description=text(row.get("title")),
        url=f"https://www.beeminder.com/{segment(user)}/{segment(slug)}",
    )


OPERATIONS = (
    Operation(
        "beeminder.get_user",
        Effect.LOOKUP,
        "Get a Beeminder user by user name: goals and whether payment details are good.",
        GetUser,
        Beeminder.get_user,
    ),
    Operation(
        "beeminder.get_goal",
        Effect.LOOKUP,
        "Get one goal of a Beeminder user, with its pledge.",
        GetGoal,
        Beeminder.get_goal,
    ),
    Operation(
        "beeminder.create_charge",
        Effect.MONEY,
        "Charge a Beeminder user's card, in US dollars.",
        CreateCharge,
        Beeminder.create_charge,
        house_fields=frozenset({"note"}),
        target=lambda args: str(args.user_id),
        reversible=False,
        broad_access=True,
    ),
)
