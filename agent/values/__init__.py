"""Readers of values in speech and writing, and their canonical forms: pure, used by grounding, normalising
and the offline stand-in alike."""

from __future__ import annotations

from agent.values.dates import read_dates
from agent.values.emails import read_emails
from agent.values.found import Found, FoundDate, FoundMoney
from agent.values.ids import compact_id, read_ids
from agent.values.money import read_amounts
from agent.values.normal import (
    iso_text,
    name_words,
    normal_amount,
    normal_currency,
    normal_date,
    normal_email,
    normal_id,
    normal_name,
    normal_phone,
    plain_decimal,
)
from agent.values.numbers import read_numbers
from agent.values.phones import e164, read_phones
from tools.text import unaccented as fold

__all__ = [
    "Found",
    "FoundDate",
    "FoundMoney",
    "compact_id",
    "e164",
    "fold",
    "iso_text",
    "name_words",
    "normal_amount",
    "normal_currency",
    "normal_date",
    "normal_email",
    "normal_id",
    "normal_name",
    "normal_phone",
    "plain_decimal",
    "read_amounts",
    "read_dates",
    "read_emails",
    "read_ids",
    "read_numbers",
    "read_phones",
]
