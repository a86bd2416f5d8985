"""Where and when a call was held: the day the speakers meant by "today", the country, the currency."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers

from agent.call import RedactedCall
from agent.workspace import Workspace

_CURRENCY_OF_REGION = {
    "US": "USD",
    "CA": "CAD",
    "AU": "AUD",
    "NZ": "NZD",
    "SG": "SGD",
    "HK": "HKD",
    "GB": "GBP",
    "IN": "INR",
    "PK": "PKR",
    "LK": "LKR",
    "NP": "NPR",
    "CH": "CHF",
    "MX": "MXN",
    "CO": "COP",
    "AR": "ARS",
    "CL": "CLP",
    "PH": "PHP",
    "SE": "SEK",
    "NO": "NOK",
    "DK": "DKK",
    "CZ": "CZK",
    "KE": "KES",
    "UG": "UGX",
    "EG": "EGP",
    "SA": "SAR",
    "QA": "QAR",
    "OM": "OMR",
    "KW": "KWD",
    "BH": "BHD",
    "JO": "JOD",
    "TN": "TND",
}


def call_region(call: RedactedCall, workspace: Workspace) -> str | None:
    """ISO 3166 country: the workspace's own when its file sets one, else the caller number's, else None."""
    if "region" in workspace.model_fields_set:
        return workspace.region.upper()
    number = _caller_number(call)
    return phonenumbers.region_code_for_number(number) if number is not None else None


def call_currency(workspace: Workspace) -> str | None:
    """The workspace's currency when its file sets one; a default nobody chose proves nothing."""
    return workspace.currency if "currency" in workspace.model_fields_set else None


def spoken_currency_default(call: RedactedCall, workspace: Workspace) -> str | None:
    """Which dollar, pound or rupee a bare "dollars" means here; None leaves the commonest."""
    return call_currency(workspace) or _CURRENCY_OF_REGION.get(call_region(call, workspace) or "")


def call_today(call: RedactedCall, workspace: Workspace) -> date | None:
    """The day on the speakers' calendar when the call ended: in the workspace's time zone when its file
    sets one, else the offset of the call's own time, else the caller number's zone when it has just one."""
    moment = call.spoken_at
    if moment is None:
        return None
    zone = workspace.timezone if "timezone" in workspace.model_fields_set else None
    if zone is None and not moment.utcoffset():
        zone = _caller_zone(call)
    try:
        return moment.astimezone(ZoneInfo(zone)).date() if zone else moment.date()
    except (ZoneInfoNotFoundError, ValueError):
        return moment.date()


def _caller_number(call: RedactedCall) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(call.caller_number, None) if call.caller_number else None
    except phonenumbers.NumberParseException:
        return None


def _caller_zone(call: RedactedCall) -> str | None:
    number = _caller_number(call)
    if number is None:
        return None
    from phonenumbers.timezone import time_zones_for_number

    zones = time_zones_for_number(number)
    return zones[0] if len(zones) == 1 and not zones[0].startswith("Etc/") else None
