"""Tax and national identity numbers: the United States, the United Kingdom, India, and the rest of the world.

Shapes and check digits are python-stdnum's; the forms it lacks (UK national insurance, Singapore NRIC)
are written out here. Eleven digits or fewer never go by a check alone.
"""

from __future__ import annotations

import re

from agent.redaction.kinds import Check, Kind, lengths, phrases, stdnum_check

_NINO = re.compile(r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]?")
_PAN = r"[A-Z]{3}[ABCFGHJLPTK][A-Z]\d{4}[A-Z]"


def is_nric(value: str) -> bool:
    """Singapore NRIC and FIN: weights 2,7,6,5,4,3,2 modulo 11 to a letter."""
    if re.fullmatch(r"[STFGM]\d{7}[A-Z]", value) is None:
        return False
    total = sum(w * int(d) for w, d in zip((2, 7, 6, 5, 4, 3, 2), value[1:8], strict=True))
    total += {"T": 4, "G": 4, "M": 3}.get(value[0], 0)
    letters = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK", "M": "XWUTRQPNJLK"}
    return letters[value[0]][total % 11] == value[8]


def is_eu_vat(value: str) -> bool:
    """A VAT number with its country prefix, by that country's rule; GB and XI count, GR is read as EL."""
    if value[:2] in ("GB", "XI"):
        return stdnum_check("gb.vat")(value[2:])
    if value[:2] == "CH":
        return stdnum_check("ch.vat")(value)
    return stdnum_check("eu.vat")(value)


def _kind(
    name: str, entity: str, tag: str, length: str, words: str, *, modules: str = "", checks: tuple[Check, ...] = (),
    shape: str | None = None, alone: bool = False, letters: bool | None = None, least: int = 4,
) -> Kind:  # fmt: skip
    strong, weak = phrases(words)
    found = (*checks, *(_lazily(module) for module in modules.split()))
    has_letters = letters if letters is not None else shape is not None
    pattern = re.compile(shape) if shape else None
    return Kind(name, entity, tag, "tax", lengths(length), strong, weak, has_letters, pattern, found, alone, least)


def _lazily(module: str) -> Check:
    return lambda value: stdnum_check(module)(value)


_VAT_SHAPE = (
    r"(?:AT)U\d{8}|BE[01]\d{9}|BG\d{9,10}|CY\d{8}[A-Z]|CZ\d{8,10}|DE\d{9}|DK\d{8}|EE\d{9}|(?:EL|GR)\d{9}|ES[A-Z0-9]\d{7}[A-Z0-9]|FI\d{8}"
    r"|FR[A-Z0-9]{2}\d{9}|(?:GB|XI)(?:\d{9}|\d{12}|GD\d{3}|HA\d{3})|HR\d{11}|HU\d{8}|IE\d[A-Z0-9+*]\d{5}[A-Z]{1,2}|IT\d{11}|LT(?:\d{9}|\d{12})"
    r"|LU\d{8}|LV\d{11}|MT\d{8}|NL\d{9}B\d{2}|PL\d{10}|PT\d{9}|RO\d{2,10}|SE\d{10}01|SI\d{8}|SK\d{10}|CHE\d{9}(?:MWST|TVA|IVA)?"
)
VAT = _kind(
    "vat", "VAT", "VAT", "8-15",
    "VAT number; VAT no; VAT id; VAT registration; VAT registration number; VAT reg; VAT reg number; VAT code; VAT identification; VAT identification number; VATIN; "
    "value added tax number; UST ID; ust id nr; umsatzsteuer; umsatzsteuer id; umsatzsteuer identifikationsnummer; mehrwertsteuernummer; UID nummer; T V A; TVA; numero de TVA; "
    "TVA intracommunautaire; tva number; partita IVA; p iva; partita; numero IVA; NIF IVA; btw nummer; BTW; b t w number; btw id; btw number; MOMS; moms number; momsnummer; "
    "momsregistreringsnummer; ALV numero; A L V number; DIC; d i c; DPH; PVN; PVM; KMKR; OIB; CVR; CVR number; S E number; UID number; ATU number; AFM; A F M; "
    "tax number; tax no; european VAT; eu VAT; e u vat; intra community; ic dph; id za ddv; davcna; adoszam; kozossegi adoszam; cui; C U I; ~VAT",
    checks=(is_eu_vat,), shape=_VAT_SHAPE, alone=True,
    modules="gb.vat de.vat it.iva",
)  # fmt: skip
_ANY = _kind(
    "tax_id", "TAX_ID", "TAX_ID", "6-15",
    "tax id; tax i d; tax id number; tax identifier; tax identification; tax identification number; tax identity number; taxpayer id; tax payer id; taxpayer number; "
    "taxpayer identification number; taxpayer identification; taxpayer reference; TIN number; tin is; T I N; tax file; tax reference; tax ref; tax ref number; tax registration; "
    "tax registration number; tax code; fiscal code; fiscal number; fiscal id; national id; national id number; national identity; national identity number; "
    "national identification number; national number; identity number; identity card number; identity card; id card number; personal number; personal id number; personal code; "
    "personal identification number; personal identity code; personal identity number; citizen number; citizen service number; government id; business number; company tax; "
    "corporate number; corporation number; company registration number; business registration number; registration number of the company; social insurance; social insurance number; "
    "social security; identity code; national registry number; numero fiscal; numero fiscale; numero d'identification fiscale; identifiant fiscal; numero de identificacion fiscal; identificacion fiscal; steueridentnummer;  unique taxpayer; resident registration number; resident number; TIN",
    letters=True,
)  # fmt: skip
US_UK_IN = (
    _kind("us_ssn", "SSN", "SSN", "9", "SSN; social security number; social security; social; ~soc; social security no; socials; ss number; SSA number",
          modules="us.ssn"),
    _kind("us_itin", "ITIN", "ITIN", "9", "ITIN; ITIN number; eye tin; individual taxpayer identification number; individual taxpayer; ATIN; PTIN", modules="us.itin us.ptin us.atin"),
    _kind("us_ein", "EIN", "EIN", "9", "EIN; EIN number; employer identification number; employer id; employer id number; employer identification; FEIN; federal tax id; "
          "federal id; federal one; federal number; federal id number; federal tax number; federal tax id number; employer number", modules="us.ein"),
    _kind("uk_utr", "UTR", "UTR", "10", "UTR; UTR number; unique taxpayer reference; unique tax reference; self assessment; self assessment number; tax reference; "
          "H M R C reference; hmrc reference", modules="gb.utr", shape=r"\d{10}K?"),
    _kind("uk_nino", "NINO", "NINO", "8,9", "national insurance number; national insurance; national insurance no; NI number; N I number; N I no; NINO; nino; n ino; NI",
          shape=_NINO.pattern, checks=(lambda v: len(v) == 9 and _NINO.fullmatch(v) is not None,), alone=True),
    _kind("in_pan", "PAN", "PAN", "10", "PAN number; PAN card; PAN card number; PAN no; permanent account number; PAN is; company PAN; PAN of; PAN",
          shape=_PAN, checks=(lambda v: True,), alone=True),
    _kind("in_gstin", "GSTIN", "GSTIN", "15", "GSTIN; GSTIN number; GST number; GST no; GST registration; GST registration number; GST id; G S T; gst in; GST; goods and services tax number",
          shape=r"\d{2}[A-Z]{5}\d{4}[A-Z][A-Z0-9]Z[A-Z0-9]", modules="in_.gstin", alone=True),
    _kind("in_aadhaar", "AADHAAR", "AADHAAR", "12,16", "aadhaar; aadhar; adhaar; adhar; aadhaar number; aadhaar card; aadhar number; aadhar card; aadhar card number; UIDAI; U I D A I; "
          "unique identification; virtual id; V I D", modules="in_.aadhaar in_.vid"),
    _kind("in_tan", "TAN", "TAX_ID", "10", "TAN number; TAN; CIN", shape=r"[A-Z]{4}\d{5}[A-Z]"),
)  # fmt: skip
EUROPE = (
    _kind("de_idnr", "DE_TAX_ID", "TAX_ID", "10-13", "steuer ID; steuer identifikationsnummer; steueridentifikationsnummer; steuer identifikations nummer; identifikationsnummer; steuernummer; steuer nummer; ID nr; idnr; IDNR; "
          "german tax id; german tax number; german tax; wirtschafts id; finanzamt number; tax office number; steuer number", modules="de.idnr"),
    _kind("fr_siren", "SIREN", "TAX_ID", "9,14", "SIREN; SIREN number; numero SIREN; SIRET; SIRET number; numero SIRET", modules="fr.siren fr.siret"),
    _kind("fr_nif", "FR_NIF", "TAX_ID", "13,15", "numero fiscal; french tax number; french tax; SPI number; reference number of the tax; NIR; numero de securite sociale; securite sociale; spi",
          modules="fr.nif fr.nir"),
    _kind("es_nif", "ES_NIF", "TAX_ID", "9", "NIF; NIF number; DNI; DNI number; NIE; NIE number; CIF; CIF number; numero de DNI; spanish tax; spanish id; tarjeta de identidad",
          shape=r"(?:\d{8}[A-Z]|[XYZKLM]\d{7}[A-Z]|[A-HJNP-SUVW]\d{7}[0-9A-J])", modules="es.nif", alone=True),
    _kind("it_cf", "CODICE_FISCALE", "TAX_ID", "16", "codice fiscale; fiscal code; codice; italian tax code; italian fiscal code",
          shape=r"[A-Z]{6}[0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]", modules="it.codicefiscale", alone=True),
    _kind("nl_bsn", "BSN", "TAX_ID", "9", "BSN; BSN number; burgerservicenummer; burger service nummer; citizen service number; RSIN; sofinummer", modules="nl.bsn"),
    _kind("pl", "PESEL", "TAX_ID", "10,11", "NIP; NIP number; PESEL; PESEL number; numer NIP; numer PESEL; REGON; polish tax", modules="pl.nip pl.pesel"),
    _kind("pt_nif", "PT_NIF", "TAX_ID", "9", "NIF; NIF number; contribuinte; numero de contribuinte; NIPC; NISS; portuguese tax", modules="pt.nif"),
    _kind("be_nn", "BE_NN", "TAX_ID", "11", "rijksregisternummer; rijksregister; numero national; registre national; belgian national; national register number; national register; INSZ; NISS; numero de registre national; belgian enterprise; "
          "ondernemingsnummer; numero d'entreprise; enterprise number; K B O; KBO number; BCE number", modules="be.nn be.bis be.vat"),
    _kind("se_pnr", "PERSONNUMMER", "TAX_ID", "10,12", "personnummer; person nummer; personal number; samordningsnummer; organisationsnummer; org nummer; orgnummer; organisation number; "
          "swedish personal", modules="se.personnummer se.orgnr"),
    _kind("dk_cpr", "CPR", "TAX_ID", "8,10", "CPR; CPR number; CPR nummer; danish personal; SE nummer; CVR nummer", modules="dk.cpr dk.cvr"),
    _kind("fi_hetu", "HETU", "TAX_ID", "10,11", "HETU; henkilotunnus; finnish personal; henkilo tunnus; Y tunnus; y tunnus",
          shape=r"\d{6}[-+A-FU-Y]?\d{3}[0-9A-Y]", modules="fi.hetu"),
    _kind("no_fnr", "FODSELSNUMMER", "TAX_ID", "9,11", "fodselsnummer; fødselsnummer; fodsels nummer; birth number; national identity number; norwegian national; norwegian id; D nummer; "
          "organisasjonsnummer", modules="no.fodselsnummer no.orgnr"),
    _kind("ie_pps", "PPS", "TAX_ID", "8,9", "PPS; PPS number; PPSN; PPSN number; P P S; personal public service; personal public service number; pps no; irish tax",
          shape=r"\d{7}[A-W][A-IW]?", modules="ie.pps", alone=True),
    _kind("ch_uid", "CH_UID", "TAX_ID", "9-13", "swiss UID; UID; UID number; UID nummer; unternehmens identifikationsnummer; enterprise identification; AHV; AHV number; AHV nummer; A H V; AVS; AVS number; "
          "ahv nummer; swiss social", modules="ch.uid ch.ssn", letters=True, shape=r"(?:CHE)?\d{9}|756\d{10}"),
    _kind("ch_uid_written", "CH_UID", "TAX_ID", "12", "", shape=r"CHE\d{9}", modules="ch.uid", alone=True),
    _kind("at_tin", "AT_TIN", "TAX_ID", "9,10", "abgabenkontonummer; austrian tax; steuer nummer; sozialversicherungsnummer; S V nummer; SV number; versicherungsnummer", modules="at.tin at.vnr"),
    _kind("tr", "TR_ID", "TAX_ID", "10,11", "TCKN; T C kimlik; tc kimlik; kimlik; kimlik number; turkish id; vergi; vergi number; vergi numarasi; VKN", modules="tr.tckimlik tr.vkn"),
    _kind("ro_cnp", "CNP", "TAX_ID", "13", "CNP; cod numeric personal; romanian personal; C N P", modules="ro.cnp"),
    _kind("hr_oib", "OIB", "TAX_ID", "11", "OIB; OIB number; croatian tax; osobni identifikacijski broj", modules="hr.oib"),
    _kind("si_emso", "EMSO", "TAX_ID", "13", "EMSO; E M S O; JMBG; davcna stevilka", modules="si.emso"),
    _kind("bg_egn", "EGN", "TAX_ID", "10", "EGN; EGN number; bulgarian personal; BULSTAT; edinen grazhdanski nomer", modules="bg.egn"),
    _kind("cz_rc", "RODNE_CISLO", "TAX_ID", "9,10", "rodne cislo; rodne; birth number; IČO; ICO number; slovak birth number; czech birth number", modules="cz.rc sk.rc"),
    _kind("baltic", "BALTIC_ID", "TAX_ID", "11", "isikukood; asmens kodas; personas kods; personal code; estonian id; lithuanian personal; latvian personal", modules="lt.asmens ee.ik lv.pvn"),
    _kind("gr_amka", "GR_ID", "TAX_ID", "9,11", "AMKA; A M K A; AFM; AFM number; greek tax", modules="gr.amka gr.vat"),
    _kind("is_kt", "KENNITALA", "TAX_ID", "10", "kennitala; icelandic id", modules="is_.kennitala"),
    _kind("ru_inn", "INN", "TAX_ID", "10,12", "INN; INN number; russian tax; SNILS", modules="ru.inn"),
    _kind("ua_rntrc", "UA_TAX", "TAX_ID", "8,10", "RNTRC; RNOKPP; IPN; ukrainian tax; EDRPOU", modules="ua.rntrc"),
)  # fmt: skip
WORLD = (
    _kind("au_tfn", "TFN", "TAX_ID", "8,9", "TFN; TFN number; tax file number; tax file no; tax file", modules="au.tfn"),
    _kind("au_abn", "ABN", "TAX_ID", "9,11", "ABN; ABN number; australian business number; ACN; ACN number; australian company number", modules="au.abn au.acn"),
    _kind("ca_sin", "SIN", "TAX_ID", "9", "SIN number; SIN; SIN card; social insurance number; social insurance; social insurance no", modules="ca.sin"),
    _kind("ca_bn", "CA_BN", "TAX_ID", "9,15", "BN; B N; business number; GST HST; G S T H S T; HST number; CRA number; C R A business; payroll account number; cra business number",
          shape=r"\d{9}(?:R[TCMPRZ]\d{4})?", modules="ca.bn"),
    _kind("ca_bn_account", "CA_BN", "TAX_ID", "15", "", shape=r"\d{9}R[TCMPRZ]\d{4}", modules="ca.bn", alone=True),
    _kind("br", "CPF", "TAX_ID", "11,14", "CPF; CPF number; CNPJ; CNPJ number; numero do CPF; numero do cnpj; cadastro de pessoa", modules="br.cpf br.cnpj",
          shape=r"\d{11}|[0-9A-Z]{12}\d{2}"),
    _kind("sg_uen", "UEN", "TAX_ID", "9,10", "UEN; UEN number; unique entity number; singapore tax", shape=r"\d{8,9}[A-Z]|[TSR]\d{2}[A-Z]{2}\d{4}[A-Z]", modules="sg.uen"),
    _kind("sg_nric", "NRIC", "TAX_ID", "9", "NRIC; NRIC number; IC number; my IC; I C number; FIN number; FIN; singapore id; singapore identity", shape=r"[STFGM]\d{7}[A-Z]", checks=(is_nric,), alone=True),
    _kind("mx", "RFC", "TAX_ID", "12,13,18", "RFC; RFC number; registro federal; CURP", shape=r"[A-Z&]{3,4}\d{6}[A-Z0-9]{3}|[A-Z]{4}\d{6}[A-Z0-9]{8}", modules="mx.rfc mx.curp"),
    _kind("cl_rut", "RUT", "TAX_ID", "8,9", "RUT; RUT number; R U T; rol unico tributario; rol unico; RUN; RUN number; chilean", shape=r"\d{7,8}[0-9K]", modules="cl.rut"),
    _kind("ar_cuit", "CUIT", "TAX_ID", "7,8,11", "CUIT; CUIT number; CUIL; CUIL number; argentine tax", modules="ar.cuit"),
    _kind("za_id", "ZA_ID", "TAX_ID", "10,13", "south african id; south african identity; R S A id; SARS number; income tax number; south african tax; id number; rsa id number", modules="za.idnr za.tin"),
    _kind("nz_ird", "IRD", "TAX_ID", "8,9", "IRD; IRD number; I R D; inland revenue number; inland revenue; NZBN", modules="nz.ird"),
    _kind("kr", "KR_BRN", "TAX_ID", "10,13", "korean business registration; business registration; business registration is; KR business registration; BRN; BRN number; R R N; RRN; korean resident", modules="kr.brn kr.rrn"),
    _kind("jp", "JP_CN", "TAX_ID", "12,13", "japanese my number; my number card; japanese corporate number; japan corporate number; hojin bango; houjin bangou; corporate number; kojin bango; individual number", modules="jp.cn jp.in_"),
    _kind("il", "IL_ID", "TAX_ID", "9", "teudat zehut; israeli id; israel id; mispar zehut; osek murshe", modules="il.idnr"),
    _kind("th", "TH_ID", "TAX_ID", "13", "thai id; thai tax; thai national", modules="th.pin th.tin"),
    _kind("cn", "CN_ID", "TAX_ID", "18", "chinese id; resident identity card; chinese tax; unified social credit; unified social credit code; social credit code; USCC",
          shape=r"\d{17}[\dX]|[0-9A-Z]{18}", modules="cn.ric cn.uscc"),
    _kind("id_npwp", "NPWP", "TAX_ID", "15,16", "NPWP; NPWP number; NIK; N I K; KTP number; indonesian tax", modules="id.npwp id.nik"),
    _kind("my_nric", "MY_NRIC", "TAX_ID", "12", "my kad; mykad; IC number; I C number; malaysian; identity card number", modules="my.nric"),
    _kind("pe_ruc", "RUC", "TAX_ID", "8,11,13", "RUC; RUC number; R U C; ecuador ruc", modules="pe.ruc ec.ruc"),
    _kind("co_nit", "NIT", "TAX_ID", "9,10", "NIT; NIT number; cedula; cedula number; cedula de ciudadania; numero de cedula", modules="co.nit"),
    _kind("ng", "NG_ID", "TAX_ID", "8-12", "BVN; B V N; bank verification number; nigerian tax", modules=""),
    _kind("ph", "PH_TIN", "TAX_ID", "9,12", "philippine tax; B I R number; SSS number", modules=""),
    _kind("ae_trn", "TRN", "TAX_ID", "15", "TRN; TRN number; tax registration number; emirates id; emirates id number; GCC VAT", modules=""),
    _kind("vn_mst", "MST", "TAX_ID", "10,13", "MST; ma so thue; vietnamese tax", modules="vn.mst"),
    _kind("tw_ubn", "UBN", "TAX_ID", "8", "UBN; taiwan tax; tong bian", modules="tw.ubn"),
    _kind("uy_rut", "UY_RUT", "TAX_ID", "12", "uruguayan tax", modules="uy.rut"),
)  # fmt: skip
KINDS = (*US_UK_IN, VAT, *EUROPE, *WORLD, _ANY)
