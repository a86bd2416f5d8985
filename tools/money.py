"""Money as (minor units, currency), converted at a connector's edge and nowhere else.

Exponents are ISO 4217's: most currencies have two decimals, some none, a few three.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_NO_DECIMALS = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())
_THREE_DECIMALS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())


def exponent(currency: str) -> int:
    """How many decimal digits ``currency`` (ISO 4217, upper case) has."""
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An exact amount: ``Money(4725, "GBP")`` is 47.25 pounds."""

    minor: int
    currency: str

    @classmethod
    def parse(cls, amount: str, currency: str) -> Money:
        """From a decimal string in major units, such as ``("47.25", "GBP")``.

        Raises ValueError when the text is no plain decimal, the currency is not three letters, or
        there are more decimals than the currency has.
        """
        code = currency.upper()
        if not re.fullmatch(r"[A-Z]{3}", code):
            raise ValueError("currency must be a three-letter ISO 4217 code")
        if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,3})?", amount):
            raise ValueError("amount must be a plain decimal such as 49.00")
        try:
            scaled = Decimal(amount).scaleb(exponent(code))
        except InvalidOperation as error:
            raise ValueError("amount must be a plain decimal such as 49.00") from error
        if scaled != scaled.to_integral_value():
            raise ValueError(f"amount has more decimals than {code} allows")
        return cls(int(scaled), code)

    @property
    def text(self) -> str:
        """Major units with the currency's own digits and no grouping: ``47.25``, ``5000`` for JPY."""
        digits = exponent(self.currency)
        return f"{Decimal(self.minor).scaleb(-digits):.{digits}f}"

    def __str__(self) -> str:
        return f"{self.text} {self.currency}"
