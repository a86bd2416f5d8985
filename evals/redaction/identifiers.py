"""The catalogue: every type of identifier that has to go, as people talk of it, with a maker of valid values.

All values are synthetic and follow from the random source. Checks are python-stdnum's where it knows the
identifier, else the issuer's shape. The catalogue shares nothing with the redactor: two pairs of eyes.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from evals.redaction import making
from evals.redaction.making import Check, Make, by_stdnum, card, iban, masked, plain, shaped, stdnum

PAYMENT, TAX = "payment", "tax"


@dataclass(frozen=True, slots=True)
class Subject:
    """One type of identifier.

    ``class_``: payment or tax. ``make``: a synthetic value without separators, letters in capitals unless it is
    ``written``. ``check``: whether a value is valid, None where nothing can tell. ``names``: what people call it.
    ``groups``: where they pause. ``mask``: how it is written with separators, # a character. ``written``: never
    said aloud, only pasted or typed.
    """

    type: str
    class_: str
    make: Make
    check: Check | None
    names: tuple[str, ...]
    groups: tuple[int, ...]
    mask: str = ""
    written: bool = False

    def value(self, rng: random.Random) -> str:
        """A new value."""
        return self.make(rng)


def _row(
    type_: str, make: Make, check: Check | None, names: str, groups: str, *, mask: str = "", written: bool = False
) -> Subject:
    """A row of the catalogue; ``names`` parted by semicolons, ``groups`` by spaces."""
    class_ = PAYMENT if type_ in _PAYMENT or type_.startswith(("pan_", "iban_")) else TAX
    said = tuple(name.strip() for name in names.split(";"))
    return Subject(type_, class_, make, check, said, tuple(map(int, groups.split())), mask, written)


def _number(type_: str, module: str, mask: str, names: str, groups: str, written_as: str = "") -> Subject:
    """A row whose values python-stdnum can check as they stand."""
    return _row(type_, by_stdnum(mask, module), stdnum(module), names, groups, mask=written_as)


def _vat(country: str, module: str, mask: str, names: str, groups: str) -> Subject:
    """A row for a VAT number: the country's letters and a number that its module checks."""
    return _row(
        f"{country.lower()}_vat",
        by_stdnum(mask, module, country),
        lambda value: value.startswith(country) and stdnum(module)(value[len(country) :]),
        names,
        groups,
    )


_PAYMENT = frozenset(
    "cvv expiry pin us_account us_routing uk_sort_code uk_account au_bsb au_account in_ifsc in_account upi bic ca_transit "
    "ca_account nz_account eth btc".split()
)
_CARD = "card number; credit card; card; Visa; debit card number; long card number; number on the card"
_PLASTIC = "card number; credit card; card; debit card number; long card number; number on the card"
_LUHN = stdnum("luhn")


def _routing(rng: random.Random) -> str:
    return making.solve(rng, rng.choice("02 11 06 12 31".split()) + "9999999", stdnum("us.rtn"))


def _expiry(rng: random.Random) -> str:
    return f"{rng.randint(1, 12):02d}{rng.randint(27, 33)}"


def _hetu(value: str) -> bool:
    return stdnum("fi.hetu")(f"{value[:6]}-{value[6:]}")


def _ssn(value: str) -> bool:
    return value[0] not in "0968" and stdnum("us.ssn")(value)


def _codice(rng: random.Random) -> str:
    return making.solve(
        rng,
        f"@@@@@@7{rng.randint(0, 9)}{rng.choice('ABCDEHLMPRST')}1{rng.randint(0, 9)}@999@",
        stdnum("it.codicefiscale"),
    )


_PAYMENTS = (
    _row("pan_visa", card("4", 16), _LUHN, _CARD, "4 4 4 4"),
    _row("pan_mastercard", card("51 52 53 54 55", 16), _LUHN, f"{_PLASTIC}; Mastercard", "4 4 4 4"),
    _row("pan_mastercard2", card("2223 2450 2619 2705", 16), _LUHN, _PLASTIC, "4 4 4 4"),
    _row("pan_amex", card("34 37", 15), _LUHN, "Amex; American Express; card number; corporate card", "4 6 5"),
    _row("pan_discover", card("6011 65 644", 16), _LUHN, _PLASTIC, "4 4 4 4"),
    _row("pan_diners", card("36 38 300", 14), _LUHN, "Diners card; card number", "4 6 4"),
    _row("pan_jcb", card("3530 3566", 16), _LUHN, "JCB card; card", "4 4 4 4"),
    _row("pan_unionpay", card("62", 19), _LUHN, "UnionPay card; card number", "6 13"),
    _row("pan_maestro", card("50 58 6304", 13), _LUHN, "Maestro card; card number", "4 4 5"),
    _row("cvv", plain(3), None, "security code; CVV; three digits on the back; C V V", "3"),
    _row("expiry", _expiry, None, "card's expiry date; card expiry; expiry on the card", "4"),
    _row("pin", plain(4), None, "card PIN; PIN number", "4"),
    _row("us_account", plain(8, 12), None, "checking account number; bank account number; bank account; savings account number", "3 3 3 3"),
    _row("us_routing", _routing, stdnum("us.rtn"), "routing number; A B A number; ABA routing", "3 3 3"),
    _row("uk_sort_code", plain(6), None, "sort code; bank sort code", "2 2 2", mask="##-##-##"),
    _row("uk_account", plain(8), None, "bank account number; current account number", "4 4"),
    _row("au_bsb", plain(6), None, "BSB; B S B number", "3 3", mask="###-###"),
    _row("au_account", plain(6, 9), None, "bank account number; savings account at the bank", "3 3 3"),
    _row("in_ifsc", masked("@@@@0999999", shaped("[A-Z]{4}0[0-9]{6}")), shaped("[A-Z]{4}0[A-Z0-9]{6}"), "IFSC; I F S C code; IFSC code", "4 1 3 3"),
    _row("in_account", plain(11, 16), None, "bank account number; savings account number", "4 4 4 4"),
    _row("upi", making.payment_address, shaped(r"[a-z0-9.]+@[a-z]+"), "UPI; UPI id; u p i", "99"),
    _row("iban_gb", iban("GB", "@@@@99999999999999"), stdnum("iban"), "IBAN; iban number", "4 4 4 4 4 2"),
    _row("iban_de", iban("DE", "999999999999999999"), stdnum("iban"), "IBAN; I B A N", "4 4 4 4 4 2"),
    _row("iban_nl", iban("NL", "@@@@9999999999"), stdnum("iban"), "IBAN; Dutch IBAN", "4 4 4 4 2"),
    _row("iban_fr", iban("FR", "99999999999999999999999"), stdnum("iban"), "IBAN; French IBAN", "4 4 4 4 4 4 3"),
    _row("iban_es", iban("ES", "99999999999999999999"), stdnum("iban"), "IBAN; Spanish IBAN", "4 4 4 4 4 4"),
    _row("iban_it", iban("IT", "@9999999999999999999999"), stdnum("iban"), "IBAN; Italian IBAN", "4 4 4 4 4 4 3"),
    _row("iban_ie", iban("IE", "@@@@99999999999999"), stdnum("iban"), "IBAN; Irish IBAN", "4 4 4 4 4 2"),
    _row("iban_be", iban("BE", "999999999999"), stdnum("iban"), "IBAN; Belgian IBAN", "4 4 4 4"),
    _row("bic", lambda rng: making.solve(rng, "@@@@" + rng.choice("DE GB FR NL IE".split()) + "99", stdnum("bic")), stdnum("bic"), "BIC; SWIFT code", "4 2 2"),
    _row("ca_transit", plain(8), None, "transit and institution number; transit number", "5 3", mask="#####-###"),
    _row("ca_account", plain(7, 12), None, "chequing account number; bank account number; bank account", "3 4 5"),
    _row("nz_account", lambda rng: making.solve(rng, "0100119999999000", stdnum("nz.bankaccount")), stdnum("nz.bankaccount"), "New Zealand bank account; bank account", "2 4 7 3", mask="##-####-#######-###"),
    _row("eth", making.wallet_eth, shaped("0x[0-9a-f]{40}"), "wallet address; Ethereum address", "99", written=True),
    _row("btc", making.wallet_btc, stdnum("bitcoin"), "bitcoin address; wallet; BTC wallet address", "99", written=True),
)  # fmt: skip
_TAXES = (
    _row("us_ssn", masked("999999999", _ssn), _ssn, "Social Security number; S S N; social; SSN", "3 2 4", mask="###-##-####"),
    _row("us_ssn4", plain(4), None, "last four of the Social Security number; last four of my social; last four of the SSN", "4"),
    _number("us_itin", "us.itin", "999999999", "ITIN; I T I N", "3 2 4", "###-##-####"),
    _number("us_ein", "us.ein", "999999999", "EIN; employer identification number; federal tax ID", "2 7", "##-#######"),
    _number("uk_utr", "gb.utr", "9999999999", "UTR; unique taxpayer reference", "5 5"),
    _row("uk_nino", lambda rng: making.solve(rng, "@@999999" + rng.choice("ABCD"), making.nino), making.nino, "national insurance number; N I number", "2 2 2 2 1"),
    _vat("GB", "gb.vat", "999999999", "VAT number; V A T registration number", "2 3 4 2"),
    _number("in_pan", "in_.pan", "@@@P@9999@", "PAN; PAN card number; P A N", "5 4 1"),
    _number("in_gstin", "in_.gstin", "27@@@P@9999@1Z*", "GSTIN; GST number", "2 5 4 4"),
    _number("in_aadhaar", "in_.aadhaar", "999999999999", "Aadhaar number; aadhar", "4 4 4"),
    _number("au_tfn", "au.tfn", "999999999", "tax file number; T F N", "3 3 3"),
    _number("au_abn", "au.abn", "99999999999", "ABN; A B N", "2 3 3 3"),
    _number("ca_sin", "ca.sin", "999999999", "social insurance number; S I N", "3 3 3", "###-###-###"),
    _number("ca_bn", "ca.bn", "999999999RT0001", "business number; CRA business number; GST/HST number", "3 3 3 2 4"),
    _number("de_idnr", "de.idnr", "99999999999", "Steuer ID; German tax ID; Steueridentifikationsnummer", "2 3 3 3"),
    _number("fr_siren", "fr.siren", "999999999", "SIREN; SIREN number", "3 3 3"),
    _number("fr_siret", "fr.siret", "99999999999999", "SIRET; SIRET number", "3 3 3 5"),
    _number("es_nif", "es.dni", "99999999@", "NIF; DNI; D N I", "2 3 3 1", "########-#"),
    _number("es_nie", "es.nie", "X9999999@", "NIE; N I E; NIE number", "1 3 4 1", "#-#######-#"),
    _number("es_cif", "es.cif", "B99999999", "CIF; C I F", "1 4 4"),
    _row("it_cf", _codice, stdnum("it.codicefiscale"), "codice fiscale; Italian fiscal code", "3 3 2 1 2 1 3 1"),
    _number("it_iva", "it.iva", "99999990999", "partita IVA; partita iva", "3 4 4"),
    _number("br_cpf", "br.cpf", "99999999999", "CPF; C P F", "3 3 3 2", "###.###.###-##"),
    _number("br_cnpj", "br.cnpj", "99999999000199", "CNPJ; C N P J", "2 3 3 4 2", "##.###.###/####-##"),
    _row("sg_nric", masked("S9999999@", making.nric), making.nric, "NRIC; N R I C", "1 4 3 1"),
    _number("sg_uen", "sg.uen", "209999999@", "UEN; U E N", "4 5 1"),
    _number("nl_bsn", "nl.bsn", "999999999", "BSN; burgerservicenummer", "3 3 3"),
    _number("pl_nip", "pl.nip", "9999999999", "NIP; N I P", "3 3 2 2", "###-###-##-##"),
    _number("pl_pesel", "pl.pesel", "85099999999", "PESEL; pesel number", "6 5"),
    _number("pt_nif", "pt.nif", "999999999", "NIF; numero de contribuinte", "3 3 3"),
    _number("be_nn", "be.nn", "85079999999", "rijksregisternummer; national number", "2 2 2 3 2", "##.##.##-###.##"),
    _number("se_pnr", "se.personnummer", "8506129999", "personnummer; Swedish personal number", "6 4", "######-####"),
    _number("dk_cpr", "dk.cpr", "1206859999", "CPR number; C P R", "6 4", "######-####"),
    _row("fi_hetu", masked("120685999*", _hetu), _hetu, "henkilötunnus; Finnish personal identity code; hetu", "6 4", mask="######-####"),
    _number("no_fnr", "no.fodselsnummer", "12068599999", "fødselsnummer; birth number", "6 5"),
    _number("ie_pps", "ie.pps", "9999999@", "PPS number; P P S number", "3 4 1"),
    _number("ch_uid", "ch.uid", "CHE999999999", "UID; Swiss UID", "3 3 3 3", "###-###.###.###"),
    _number("mx_rfc", "mx.rfc", "@@@880108***", "RFC; R F C", "3 6 3"),
    _number("cl_rut", "cl.rut", "999999999", "RUT; R U T", "2 3 3 1", "##.###.###-#"),
    _number("ar_cuit", "ar.cuit", "20999999999", "CUIT; C U I T", "2 8 1", "##-########-#"),
    _number("za_id", "za.idnr", "8506129999089", "South African ID number; ID number", "6 4 3"),
    _number("nz_ird", "nz.ird", "99999999", "IRD number; I R D", "2 3 3", "##-###-###"),
    _number("kr_brn", "kr.brn", "1299999999", "business registration number; Korean business number", "3 2 5", "###-##-#####"),
    _number("jp_cn", "jp.cn", "9999999999999", "corporate number; Japanese corporate number", "1 4 4 4"),
    _vat("NL", "nl.btw", "999999999B01", "BTW number; VAT number", "2 3 3 3 3"),
    _vat("DE", "de.vat", "999999999", "VAT ID; USt-ID", "2 3 3 3"),
    _vat("FR", "fr.tva", "99999999999", "VAT number; TVA number", "2 2 3 3 3"),
    _vat("ES", "es.nif", "B99999999", "VAT number; Spanish VAT number", "2 1 4 4"),
    _vat("IT", "it.iva", "99999990999", "VAT number; Italian VAT number", "2 3 4 4"),
    _vat("IE", "ie.vat", "9999999@", "VAT number; Irish VAT number", "2 4 3 1"),
    _vat("AT", "at.uid", "U99999999", "UID number; VAT number", "3 4 4"),
    _vat("PL", "pl.nip", "9999999999", "VAT number; Polish VAT number", "2 3 3 4"),
    _vat("BE", "be.vat", "0999999999", "VAT number; BTW number", "2 4 3 3"),
    _vat("SE", "se.vat", "559999999901", "VAT number; momsnummer", "2 6 4 2"),
    _vat("DK", "dk.cvr", "99999999", "VAT number; CVR number", "2 2 2 2 2"),
)  # fmt: skip
SUBJECTS: tuple[Subject, ...] = (*_PAYMENTS, *_TAXES)
BY_TYPE: Mapping[str, Subject] = {subject.type: subject for subject in SUBJECTS}
