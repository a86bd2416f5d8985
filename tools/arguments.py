"""Argument shapes that several systems share."""

from __future__ import annotations

import re
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from tools.connector import Arguments
from tools.money import Money

_ADDRESS = re.compile(r"[^@\s,;<>\"()]+@[^@\s,;<>\"()]+\.[^@\s,;<>\"()]+")


def _one_address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError("must be one plain e-mail address")
    return value


def _one_line(value: str) -> str:
    if any(c in value for c in "\r\n\0"):
        raise ValueError("must be one line")
    return value


Identifier = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_one_line)]
EmailAddress = Annotated[str, Field(max_length=254), AfterValidator(_one_address)]
OneLine = Annotated[str, Field(min_length=1, max_length=250), AfterValidator(_one_line)]


class Query(Arguments):
    """Arguments of a lookup: a blank string counts as not given."""

    @field_validator("*", mode="before")
    @classmethod
    def _blank_is_none(cls, value: Any) -> Any:
        return None if isinstance(value, str) and not value.strip() else value

    def need_one_of(self, *fields: str) -> Self:
        """Self, or a ValueError that lists ``fields`` when none of them is given."""
        if all(getattr(self, field) is None for field in fields):
            raise ValueError(f"give at least one of {', '.join(fields)}")
        return self


class Finder(Query):
    """Who to look for. Connectors try the strongest fact first: reference, e-mail, phone, name."""

    email: EmailAddress | None = None
    name: OneLine | None = None
    phone: OneLine | None = None
    reference: OneLine | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        return self.need_one_of("email", "name", "phone", "reference")


class Amounted(Arguments):
    """An amount in major units (``"47.25"``) and its ISO 4217 currency; more than zero."""

    amount: str
    currency: str

    @model_validator(mode="after")
    def _is_money(self) -> Self:
        if self.money.minor <= 0:
            raise ValueError("amount must be more than zero")
        return self

    @property
    def money(self) -> Money:
        """The same, exact. Raises ValueError as Money.parse does."""
        return Money.parse(self.amount, self.currency)
