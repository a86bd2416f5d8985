"""Names of countries and states as they are spoken, to ISO 3166."""

from __future__ import annotations

import re
from functools import cache

from babel import Locale

from tools.text import unaccented as fold

_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt")
_SAID: dict[str, str] = {
    "GB": "uk|u k|united kingdom|britain|great britain|england|scotland|wales|northern ireland|british|english",
    "US": "us|u s|usa|u s a|united states|america|the states|american",
    "NL": "holland|the netherlands|netherlands|dutch",
    "DE": "germany|german|deutschland",
    "FR": "france|french",
    "ES": "spain|spanish",
    "IT": "italy|italian",
    "IE": "ireland|irish|eire",
    "IN": "india|indian|gst",
    "AT": "austria|austrian",
    "CH": "switzerland|swiss",
    "BE": "belgium|belgian",
    "PT": "portugal|portuguese",
    "PL": "poland|polish",
    "SE": "sweden|swedish",
    "NO": "norway|norwegian",
    "DK": "denmark|danish",
    "FI": "finland|finnish",
    "CZ": "czechia|czech republic|czech",
    "AU": "australia|australian",
    "NZ": "new zealand",
    "CA": "canada|canadian",
    "AE": "emirates|united arab emirates|dubai|abu dhabi|u a e|uae",
}
_US_STATES = (
    "AL Alabama AK Alaska AZ Arizona AR Arkansas CA California CO Colorado CT Connecticut DE Delaware FL Florida "
    "GA Georgia HI Hawaii ID Idaho IL Illinois IN Indiana IA Iowa KS Kansas KY Kentucky LA Louisiana ME Maine "
    "MD Maryland MA Massachusetts MI Michigan MN Minnesota MS Mississippi MO Missouri MT Montana NE Nebraska NV Nevada "
    "NH New_Hampshire NJ New_Jersey NM New_Mexico NY New_York NC North_Carolina ND North_Dakota OH Ohio OK Oklahoma "
    "OR Oregon PA Pennsylvania RI Rhode_Island SC South_Carolina SD South_Dakota TN Tennessee TX Texas UT Utah "
    "VT Vermont VA Virginia WA Washington WV West_Virginia WI Wisconsin WY Wyoming DC District_of_Columbia"
)
_CA_PROVINCES = (
    "AB Alberta BC British_Columbia MB Manitoba NB New_Brunswick NL Newfoundland NS Nova_Scotia ON Ontario "
    "PE Prince_Edward_Island QC Quebec SK Saskatchewan"
)
_IN_STATES = (
    "MH Maharashtra KA Karnataka TN Tamil_Nadu DL Delhi GJ Gujarat RJ Rajasthan UP Uttar_Pradesh WB West_Bengal "
    "KL Kerala AP Andhra_Pradesh TG Telangana PB Punjab HR Haryana MP Madhya_Pradesh BR Bihar OD Odisha GA Goa"
)
_AU_STATES = "NSW New_South_Wales VIC Victoria QLD Queensland WA Western_Australia SA South_Australia TAS Tasmania"
_CODE = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")


def normal_region(value: str) -> str | None:
    """An ISO 3166 code in capitals (``DE``, ``US-CA``) of a country that exists, or None."""
    code = value.strip().upper().replace("_", "-").replace("UK", "GB")
    return code if _CODE.fullmatch(code) and code[:2] in _names_in("en") else None


def says_region(text: str, code: str) -> bool:
    """Whether ``text`` names the region ``code``: its name, a common word for it, or the code itself."""
    plain = " ".join(re.findall(r"[a-z]+", fold(text)))
    if re.search(rf"\b{re.escape(code)}\b", text):
        return True
    return any(
        re.search(rf"\b{re.escape(name)}\b", plain) for name in _names(code) if len(name) > 2 or " " in name
    ) or (code in {"GB", "US"} and bool(re.search(r"\b(UK|US)\b", text)) and (code == "GB") == ("UK" in text))


@cache
def _names(code: str) -> frozenset[str]:
    if "-" in code:
        return frozenset({_subdivisions().get(code, "")} - {""})
    names = set(_SAID.get(code, "").split("|")) - {""}
    names |= {_plain(_names_in(language).get(code, "")) for language in _LANGUAGES} - {""}
    return frozenset(names)


@cache
def _names_in(language: str) -> dict[str, str]:
    """Country code -> name in ``language``, from Unicode's locale data."""
    return {code: name for code, name in Locale(language).territories.items() if re.fullmatch("[A-Z]{2}", code)}


@cache
def _subdivisions() -> dict[str, str]:
    table: dict[str, str] = {}
    for country, listing in (("US", _US_STATES), ("CA", _CA_PROVINCES), ("IN", _IN_STATES), ("AU", _AU_STATES)):
        words = listing.split()
        for code, name in zip(words[::2], words[1::2], strict=True):
            table[f"{country}-{code}"] = _plain(name.replace("_", " "))
    return table


def _plain(name: str) -> str:
    return " ".join(re.findall(r"[a-z]+", fold(name)))
