"""How a synthetic value comes about: filling a mask until a check agrees, card and bank check digits, wallets."""

from __future__ import annotations

import hashlib
import importlib
import random
import re
import string
from collections.abc import Callable
from functools import cache
from typing import cast

Make = Callable[[random.Random], str]
Check = Callable[[str], bool]

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_TRIES = 60_000


@cache
def stdnum(module: str) -> Check:
    """``is_valid`` of a python-stdnum module, e.g. ``us.rtn``."""
    return cast(Check, importlib.import_module(f"stdnum.{module}").is_valid)


def shaped(pattern: str) -> Check:
    """A check that is a pattern over the whole value."""
    return lambda value: re.fullmatch(pattern, value) is not None


def digits(rng: random.Random, count: int) -> str:
    """``count`` random digits, the first not zero."""
    return str(rng.randint(1, 9)) + "".join(rng.choice(string.digits) for _ in range(count - 1))


def solve(rng: random.Random, mask: str, valid: Check) -> str:
    """Fill ``mask`` (9 a digit, @ a letter, * either, anything else itself) until ``valid`` agrees.

    Raises ValueError when no value is found, which means that mask and check do not go together.
    """
    pools = {"9": string.digits, "@": _LETTERS, "*": string.digits + _LETTERS}
    for _ in range(_TRIES):
        value = "".join(rng.choice(pools[char]) if char in pools else char for char in mask)
        if valid(value):
            return value
    raise ValueError(f"no valid value for the mask {mask}")


def masked(mask: str, check: Check) -> Make:
    """A maker that fills ``mask`` until ``check`` agrees."""
    return lambda rng: solve(rng, mask, check)


def by_stdnum(mask: str, module: str, prefix: str = "") -> Make:
    """A maker whose values, without ``prefix``, are valid for a module of python-stdnum."""
    return lambda rng: prefix + solve(rng, mask, stdnum(module))


def plain(low: int, high: int | None = None) -> Make:
    """A maker of ``low`` to ``high`` random digits, the first not zero."""
    return lambda rng: digits(rng, rng.randint(low, high or low))


def luhn_card(rng: random.Random, prefix: str, length: int) -> str:
    """A card number of a brand by its prefix, with the right check digit."""
    body = prefix + "".join(rng.choice(string.digits) for _ in range(length - 1 - len(prefix)))
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)


def card(prefixes: str, length: int) -> Make:
    """A maker of card numbers of one brand."""
    return lambda rng: luhn_card(rng, rng.choice(prefixes.split()), length)


def iban(country: str, mask: str) -> Make:
    """A maker of IBANs with right check digits, the national ones too where python-stdnum knows them."""

    def whole(bban: str) -> str:
        number = "".join(str(int(char, 36)) for char in f"{bban}{country}00")
        return f"{country}{98 - int(number) % 97:02d}{bban}"

    return lambda rng: whole(solve(rng, mask, lambda bban: stdnum("iban")(whole(bban))))


def wallet_btc(rng: random.Random) -> str:
    """A Bitcoin address: version, twenty bytes and the tail of a double SHA-256, in base 58."""
    body = bytes([rng.choice((0, 5))]) + rng.randbytes(20)
    tail = hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4]
    number, out = int.from_bytes(body + tail, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        out = _BASE58[rest] + out
    return "1" * (len(body) - len(body.lstrip(b"\0"))) + out


def wallet_eth(rng: random.Random) -> str:
    """An Ethereum address in lower case, which carries no checksum."""
    return "0x" + rng.randbytes(20).hex()


_FIRST = "ravi priya anil sunita farhan deepa meena arjun kavya imran rohan lata".split()
_LAST = "kumar sharma iyer patel nair reddy khan bose".split()
_HANDLES = "okaxis okhdfcbank okicici oksbi ybl ibl paytm upi".split()


def payment_address(rng: random.Random) -> str:
    """A UPI address as it is written."""
    name = rng.choice(_FIRST) + rng.choice(("", ".")) + rng.choice(_LAST)
    return f"{name}{rng.choice(('', digits(rng, 2)))}@{rng.choice(_HANDLES)}"


def nric(value: str) -> bool:
    """Check letter of a Singapore NRIC of the series S (weights of the issuer)."""
    if re.fullmatch(r"S\d{7}[A-Z]", value) is None:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(value[1:8], (2, 7, 6, 5, 4, 3, 2), strict=True))
    return value[8] == "JZIHGFEDCBA"[total % 11]


def nino(value: str) -> bool:
    """Letters a National Insurance number may have; it carries no check digit."""
    never = value[:2] in ("BG", "GB", "NK", "KN", "TN", "NT", "ZZ") or value[0] in "DFIQUV" or value[1] in "DFIOQUV"
    return shaped(r"[A-Z]{2}\d{6}[A-D]")(value) and not never
