"""The catalogue makes values that their issuers' rules accept, and the same ones for the same seed."""

from __future__ import annotations

import random
import re

import pytest

from evals.redaction.identifiers import BY_TYPE, SUBJECTS, Subject
from evals.redaction.making import luhn_card, solve, stdnum

CHECKED = {
    "us_routing": "us.rtn", "nz_account": "nz.bankaccount", "btc": "bitcoin", "bic": "bic", "us_ssn": "us.ssn",
    "us_itin": "us.itin", "us_ein": "us.ein", "uk_utr": "gb.utr", "gb_vat": "gb.vat", "in_pan": "in_.pan",
    "in_gstin": "in_.gstin", "in_aadhaar": "in_.aadhaar", "au_tfn": "au.tfn", "au_abn": "au.abn", "ca_sin": "ca.sin",
    "ca_bn": "ca.bn", "de_idnr": "de.idnr", "fr_siren": "fr.siren", "fr_siret": "fr.siret", "es_nif": "es.nif",
    "es_nie": "es.nie", "es_cif": "es.cif", "it_cf": "it.codicefiscale", "it_iva": "it.iva", "br_cpf": "br.cpf",
    "br_cnpj": "br.cnpj", "sg_uen": "sg.uen", "nl_bsn": "nl.bsn", "pl_nip": "pl.nip", "pl_pesel": "pl.pesel",
    "pt_nif": "pt.nif", "be_nn": "be.nn", "se_pnr": "se.personnummer", "dk_cpr": "dk.cpr", "no_fnr": "no.fodselsnummer",
    "ie_pps": "ie.pps", "ch_uid": "ch.uid", "mx_rfc": "mx.rfc", "cl_rut": "cl.rut", "ar_cuit": "ar.cuit",
    "za_id": "za.idnr", "nz_ird": "nz.ird", "kr_brn": "kr.brn", "jp_cn": "jp.cn",
}  # fmt: skip
SHAPED = {
    "cvv": r"\d{3}", "expiry": r"(0[1-9]|1[0-2])\d\d", "pin": r"\d{4}", "us_ssn4": r"\d{4}", "us_account": r"\d{8,12}",
    "uk_sort_code": r"\d{6}", "uk_account": r"\d{8}", "au_bsb": r"\d{6}", "au_account": r"\d{6,9}",
    "in_ifsc": r"[A-Z]{4}0\d{6}", "in_account": r"\d{11,16}", "upi": r"[a-z0-9.]+@[a-z]+", "ca_transit": r"\d{8}",
    "ca_account": r"\d{7,12}", "eth": r"0x[0-9a-f]{40}", "uk_nino": r"[A-Z]{2}\d{6}[A-D]", "sg_nric": r"S\d{7}[A-Z]",
}  # fmt: skip
BRANDS = {
    "pan_visa": r"4\d{15}", "pan_mastercard": r"5[1-5]\d{14}", "pan_mastercard2": r"2[2-7]\d{14}",
    "pan_amex": r"3[47]\d{13}", "pan_discover": r"6(?:011|4[4-9]|5)\d+", "pan_diners": r"3(?:0[0-5]|[68])\d+",
    "pan_jcb": r"35[2-8]\d{13}", "pan_unionpay": r"62\d{14,17}", "pan_maestro": r"(?:5[0678]|6)\d{10,17}",
}  # fmt: skip


def values(subject: Subject, seed: int = 5) -> list[str]:
    rng = random.Random(seed)
    return [subject.value(rng) for _ in range(12)]


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda s: s.type)
def test_values_are_valid_by_an_outside_rule(subject: Subject) -> None:
    for value in values(subject):
        if subject.type in CHECKED:
            assert stdnum(CHECKED[subject.type])(value), value
        elif subject.type in BRANDS:
            assert re.fullmatch(BRANDS[subject.type], value), value
            assert stdnum("luhn")(value), value
        elif subject.type.startswith("iban_"):
            assert value[:2] == subject.type[-2:].upper()
            assert stdnum("iban")(value), value
        elif subject.type == "fi_hetu":
            assert stdnum("fi.hetu")(f"{value[:6]}-{value[6:]}"), value
        elif subject.type.endswith("_vat"):
            assert stdnum("eu.vat")(value), value
        else:
            assert re.fullmatch(SHAPED[subject.type], value), value


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda s: s.type)
def test_the_same_seed_makes_the_same_values_and_another_makes_others(subject: Subject) -> None:
    assert values(subject) == values(subject)
    assert values(subject) != values(subject, 6)


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda s: s.type)
def test_a_row_is_complete(subject: Subject) -> None:
    assert subject.class_ in ("payment", "tax")
    assert all(subject.names)
    assert sum(subject.groups) >= min(map(len, values(subject)))
    assert not subject.mask or subject.mask.count("#") == len(values(subject)[0])


def test_every_type_is_there_once() -> None:
    assert len(BY_TYPE) == len(SUBJECTS) >= 90
    wanted = "eth btc upi fi_hetu ca_bn es_nie es_vat it_vat be_vat se_vat dk_vat ca_account au_account iban_es iban_it iban_ie iban_be us_ssn4"
    assert set(wanted.split()) <= BY_TYPE.keys()


def test_a_card_with_a_wrong_digit_fails() -> None:
    card = luhn_card(random.Random(1), "4", 16)
    assert not stdnum("luhn")(card[:-1] + str((int(card[-1]) + 1) % 10))


def test_a_mask_that_fits_no_check_is_told() -> None:
    with pytest.raises(ValueError, match="no valid value"):
        solve(random.Random(1), "9", lambda _: False)
