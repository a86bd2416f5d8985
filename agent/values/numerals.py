"""Number words of the languages that callers mix into English: Italian, Spanish, German, French."""

from __future__ import annotations

_IT_UNITS = "uno due tre quattro cinque sei sette otto nove".split()
_IT_TEENS = "dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove".split()
_IT_TENS = "venti trenta quaranta cinquanta sessanta settanta ottanta novanta".split()
_ES_UNITS = "uno dos tres cuatro cinco seis siete ocho nueve".split()
_ES_TEENS = "diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve".split()
_ES_TENS = "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()
_ES_TWENTIES = (
    "veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve"
).split()
_DE_UNITS = "ein zwei drei vier fünf sechs sieben acht neun".split()
_DE_TEENS = "zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn".split()
_DE_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split()
_FR_UNITS = "un deux trois quatre cinq six sept huit neuf".split()
_FR_TEENS = "dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf".split()
_FR_TENS = "vingt trente quarante cinquante soixante septante quatre-vingt nonante".split()

# Words that are also everyday English (or far too short to trust) never count as foreign digits.
_AMBIGUOUS = frozenset("six sei un dix ein once do due sept".split())

TENS_LINKS = frozenset({"y", "et"})


def _table() -> dict[str, int]:
    """Every word below a hundred, the ambiguous ones too."""
    table: dict[str, int] = {}
    for teens in (_IT_TEENS, _ES_TEENS, _DE_TEENS, _FR_TEENS):
        table.update({word: 10 + step for step, word in enumerate(teens)})
    for tens in (_IT_TENS, _ES_TENS, _DE_TENS, _FR_TENS):
        table.update({word: 20 + 10 * step for step, word in enumerate(tens)})
    for units in (_IT_UNITS, _ES_UNITS, _DE_UNITS, _FR_UNITS):
        table.update({word: 1 + step for step, word in enumerate(units)})
    table.update({word: 21 + step for step, word in enumerate(_ES_TWENTIES)})
    for step, ten in enumerate(_IT_TENS):
        for unit, word in enumerate(_IT_UNITS, start=1):
            stem = ten[:-1] if unit in (1, 8) else ten
            table[stem + word.replace("tre", "tré")] = table[stem + word] = 20 + 10 * step + unit
    for step, ten in enumerate(_DE_TENS):
        for unit, word in enumerate(_DE_UNITS, start=1):
            table[f"{word}und{ten}"] = 20 + 10 * step + unit
    plain = str.maketrans("áéíóúü", "aeiouu")
    table.update({word.translate(plain): value for word, value in list(table.items())})
    table.update({word.replace("ß", "ss"): value for word, value in list(table.items())})
    return table


def _hundreds() -> dict[str, int]:
    table = {"duecento": 200, "doscientos": 200, "trescientos": 300, "quinientos": 500, "setecientos": 700}
    table |= {"novecientos": 900, "seiscientos": 600, "ochocientos": 800, "cuatrocientos": 400}
    table |= {f"{word}cento": 100 * unit for unit, word in enumerate(_IT_UNITS, start=1) if unit > 1}
    table |= {f"{word}hundert": 100 * unit for unit, word in enumerate(_DE_UNITS, start=1)}
    return table


# After a foreign ten ("quarante-sept") an ambiguous unit is no longer ambiguous.
LINKED_UNITS: dict[str, int] = {word: value for word, value in _table().items() if value < 20}
BELOW_HUNDRED: dict[str, int] = {word: value for word, value in _table().items() if word not in _AMBIGUOUS}
HUNDREDS: dict[str, int] = _hundreds()
