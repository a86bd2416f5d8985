"""Bank details: account and branch numbers, IBAN, BIC, Indian and other national forms, wallets."""

from __future__ import annotations

import re

from stdnum import bitcoin, iban

from agent.redaction.kinds import Check, Kind, lengths, phrases, stdnum_check

_ABA_PREFIX = re.compile(r"(?:0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)\d{7}")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_BIC_COUNTRY = re.compile(
    r"(?:A[DEFGILMOQRSTUWXZ]|B[ABDEFGHIJLMNOQRSTVWYZ]|C[ACDFGHIKLMNORUVWXYZ]|D[EJKMOZ]|E[CEGHRST]|F[IJKMOR]"
    r"|G[ABDEFGHILMNPQRSTUWY]|H[KMNRTU]|I[DELMNOQRST]|J[EMOP]|K[EGHIMNPRWYZ]|L[ABCIKRSTUVY]|M[ACDEFGHKLMNOPQRSTUVWXYZ]"
    r"|N[ACEFGILOPRUZ]|OM|P[AEFGHKLMNRSTWY]|QA|R[EOSUW]|S[ABCDEGHIJKLMNORSTVXYZ]|T[CDFGHJKLMNORTVWZ]|U[AGMSYZ]|V[ACEGINU]|W[FS]|XK|Y[ET]|Z[AMW])"
)


def is_routing(digits: str) -> bool:
    """ABA check sum and a Federal Reserve prefix; the sum alone accepts nine zeros."""
    return _ABA_PREFIX.fullmatch(digits) is not None and digits != "000000000" and stdnum_check("us.rtn")(digits)


def is_iban(value: str) -> bool:
    """ISO 13616: length by country and modulo 97; national checks are not asked for, ASR damages them."""
    return _IBAN.fullmatch(value) is not None and iban.is_valid(value, check_country=False)


def is_bic(value: str) -> bool:
    """ISO 9362: an ISO country in places five and six."""
    return len(value) in (8, 11) and value[:4].isalpha() and _BIC_COUNTRY.fullmatch(value[4:6]) is not None


def is_wallet(value: str) -> bool:
    """A Bitcoin address by its own check, or an Ethereum one by shape."""
    return bool(re.fullmatch(r"0[xX][0-9a-fA-F]{40}", value)) or bitcoin.is_valid(value)


def _kind(
    name: str, entity: str, tag: str, length: str, words: str, *, checks: tuple[Check, ...] = (), shape: str | None = None,
    letters: bool = False, alone: bool = False, least: int = 4,
) -> Kind:  # fmt: skip
    strong, weak = phrases(words)
    pattern = re.compile(shape) if shape else None
    return Kind(name, entity, tag, "bank", lengths(length), strong, weak, letters, pattern, checks, alone, least)


ROUTING = _kind(
    "us_routing", "ROUTING_NUMBER", "ROUTING", "9",
    "routing number; routing; routing code; ABA; ABA number; ABA routing; routing transit number; bank routing; R T N; RTN number; wire routing",
    checks=(is_routing,),
)  # fmt: skip
ACCOUNT = _kind(
    "bank_account", "BANK_ACCOUNT", "BANK", "6-18",
    "bank account number; bank account; bank account no; bank number; checking account number; checking account; savings account number; savings account; "
    "current account number; current account; chequing account; checking number; share draft; share draft account; savings number; ~checking; ~savings; "
    "sort code and account number; routing and account number; account and routing number; account and sort code; nominated account; "
    "account to debit; account to credit; beneficiary account; payee account; deposit account; direct deposit account; "
    "numero de cuenta; numero de la cuenta; cuenta bancaria; bankkontonummer; bankverbindung; coordonnees bancaires; coordinate bancarie; numero del conto; ~cuenta; kontonummer; konto nummer; ~konto; numero de compte; compte bancaire; conto corrente; numero di conto; "
    "conta bancaria; rekeningnummer; ~rekening; bankrekening; numer konta; khata number; khata; bank khata; CLABE; CBU; CVU; RIB; "
    "bankkonto; pankkitili; tilinumero; clearing number; giro number; bankgiro; plusgiro; postgiro; ACH account; direct debit account; "
    "account for the direct debit; account for the transfer; loan account; NUBAN; new bank details; bank details; account details; ~wire; ~wire it; ~wire it to; ~deposit it; deposit it to; deposit it into; ~pay into; ~paid into",
    least=5,
)  # fmt: skip
OWN_ACCOUNT_PHRASES = (
    "account number", "account no", "account num", "account", "acct number", "acct no", "acct", "a c number", "a slash c", "account is", "account id",
)  # fmt: skip
KINDS = (
    ROUTING,
    ACCOUNT,
    _kind(
        "iban", "IBAN", "IBAN", "15-34", "IBAN; IBAN number; I BAN; eye ban; international bank account number",
        checks=(is_iban,), shape=r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", letters=True, alone=True,
    ),
    _kind("uk_sort_code", "SORT_CODE", "SORT_CODE", "6", "sort code; sorting code; sort codes; sortcode; ~sort"),
    _kind("au_bsb", "BSB", "BSB", "6", "BSB; BSB number; BSB code; bank state branch"),
    _kind(
        "in_ifsc", "IFSC", "IFSC", "11", "IFSC; IFSC code; I F C code; IFS code; ifc code; indian financial system code",
        shape=r"[A-Z]{4}0[A-Z0-9]{6}", letters=True, checks=(lambda v: any(c.isdigit() for c in v[5:]),), alone=True,
    ),
    _kind("in_micr", "MICR", "BANK", "9", "MICR; MICR code"),
    _kind(
        "ca_transit", "TRANSIT_NUMBER", "TRANSIT", "5,8,9",
        "transit number; ~transit; transit code; branch transit; institution number; ~institution; transit and institution; "
        "branch number; branch code; ~branch thing; bank code; bankleitzahl; BLZ; financial institution number",
        least=3,
    ),
    _kind(
        "nz_account", "BANK_ACCOUNT", "BANK", "15,16", "new zealand account; new zealand bank account; n z account",
        checks=(lambda v: stdnum_check("nz.bankaccount")(v),),
    ),
    _kind(
        "bic", "BIC", "BIC", "8,11", "BIC; BIC code; SWIFT code; SWIFT; SWIFT BIC; BIC SWIFT; swift number; bank identifier code; bank identifier",
        shape=r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", letters=True, checks=(is_bic,),
    ),
    _kind("upi", "UPI", "UPI", "6-60", "UPI; UPI id; UPI address; UPI handle; VPA; virtual payment address; google pay id; phonepe id; gpay id"),
    _kind("wallet", "CRYPTO_WALLET", "WALLET", "26-62",
          "wallet address; bitcoin address; ethereum address; crypto address; btc address; eth address; crypto wallet; bitcoin wallet; ~wallet; ~crypto; ~bitcoin; ~btc; ~ethereum",
          letters=True, shape=r"[A-Za-z0-9]{26,62}"),
)  # fmt: skip
BANK_CUES = frozenset(
    "checkbook chequebook bank banks routing checking savings iban ifsc bsb ach wire debit debits swift bic transfer transfers neft rtgs imps bacs "
    "sepa aba transit payroll mandate giro sort branch payee beneficiary chequing banking reimburse reimbursement remit payout ecs nach".split()
)
"""Words that make a bare "account number" a bank account."""
