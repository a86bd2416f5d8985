"""Payment cards: the number by brand range, length and Luhn (ISO/IEC 7812), and what is said with it."""

from __future__ import annotations

import re

from stdnum import luhn

from agent.redaction.kinds import Kind, lengths, phrases

_BRANDS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"
    r"|5[1-5]\d{14}"
    r"|(?:222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"
    r"|3[47]\d{13}"
    r"|(?:6011|64[4-9]\d|65\d\d)\d{12,15}|622\d{13,16}"
    r"|36\d{12,17}|(?:38|39)\d{12}|30[0-5]\d{11}"
    r"|35(?:2[89]|[3-8]\d)\d{12,15}"
    r"|(?:62|81)\d{14,17}"
    r"|(?:5[06-8]|6\d)\d{10,17}"
    r"|(?:60|65|81|82)\d{14}|(?:508|353|356)\d{13}"
    r"|220[0-4]\d{12,15}|9792\d{12}"
)


def is_card(digits: str) -> bool:
    """Brand range, length and Luhn all agree."""
    return _BRANDS.fullmatch(digits) is not None and luhn.is_valid(digits) and len(set(digits)) > 1


_CARD_STRONG, _CARD_WEAK = phrases(
    "card number; card no; credit card number; debit card number; credit card; debit card; long number; "
    "sixteen digit number; sixteen digits; fifteen digits; 16 digit number; 16 digits; long card number; "
    "visa card; mastercard; master card; american express; amex; visa; maestro; rupay; diners; diners club; discover card; "
    "unionpay; union pay; jcb; mir card; bank card; payment card; corporate card; company card; business card; prepaid card; "
    "number on the card; number on the front; front of the card; across the front; card details; new card; other card; my card; "
    "the card is; card is; card reads; card starts; card begins; numero de tarjeta; tarjeta; numero de la tarjeta; carta di credito; "
    "kreditkarte; kartennummer; kreditkartennummer; bankkarte; carte bancaire; carte bleue; carte de credit; numero de carte; numero di carta; numero della carta; tarjeta de credito; tarjeta de debito; carta di debito;  numero de carte; cartao; numero do cartao; kaart nummer; creditcard; card ka number; "
    "primary account number; card digits; card on file; digits of the card; digits of my card; full card; whole card; "
    "card information; card info; replacement card; pay by card; pay with card; pay with my card; expiring card; pay with the card; paying by card; paying with card; use my card; use the card; long number; the long one; ~card; ~plastic"
)
CARD = Kind(
    "card", "CREDIT_CARD", "CARD", "card", lengths("12-19"), _CARD_STRONG, _CARD_WEAK,
    shape=re.compile(r"\d{12,19}"), checks=(is_card,), alone=True, least=6,
)  # fmt: skip
CVV = Kind(
    "cvv", "CARD_CVV", "CVV", "card", lengths("3,4"),
    phrases(
        "CVV; CVC; CV2; CVV2; CVC2; CID; CSC; CVN; security code; card verification; verification value; card security; "
        "three digits on the back; three digits on back; 3 digits on the back; number on the back; code on the back; digits on the back; "
        "last three on the back; four digits on the front; 4 digits on the front; four on the front; three on the back; code on the front; "
        "three digit code; 3 digit code; three digit thing; little number; little numbers; security is; four above; four little numbers; three little numbers; card code; the last three; four digit code on the front; three digit number on the back; back of the card; "
        "signature strip; verification code; security number; codigo de seguridad; codice di sicurezza; prufziffer; "
        "cryptogramme; code de securite; codigo de seguranca; security digits; little code; three numbers on the back; digits behind; three digits behind; numbers behind; behind the card; code behind; cvv behind; numbers on top; four on top; digits on top; "
        "codigo de detras; codigo de atras; numero de detras; digitos de atras; digitos de detras; numeros de atras; tres de atras; "
        "tres de detras; codigo de verificacion; code au dos; numeros au dos; chiffres au dos; trois au dos; code de verification; "
        "codice sul retro; cifre sul retro; numeri sul retro; retro della carta; sicherheitscode; sicherheitsnummer; prufnummer; "
        "kartenprufnummer; ziffern hinten; auf der ruckseite"
    )[0],
    least=3,
)  # fmt: skip
EXPIRY = Kind(
    "expiry", "CARD_EXPIRY", "EXPIRY", "card", lengths("3-6"),
    phrases(
        "expiry date; expiry; expiration date; expiration; exp date; expires; expires on; expires in; expires end of; expiring; "
        "expire; exp; good through; good thru; good till; good until; good to; date on it; date on the card; date on the front; end date; new date; valid thru; valid through; valid until; valid till; valid to; runs out; run out; out of date; vence; fecha de vencimiento; "
        "vencimiento; caduca; scadenza; gultig bis; ablaufdatum; expire le; date d'expiration; validade; caducidad; fecha de caducidad; date de validite; date de fin de validite; expire fin; scade; data di scadenza; verfallsdatum; gultigkeit; gultig bis ende; lauft ab; mm yy; month and year; month and the year"
    )[0],
    least=3,
)  # fmt: skip
PIN = Kind(
    "pin", "CARD_PIN", "PIN", "card", lengths("4-6"),
    phrases("PIN number; PIN code; card PIN; PIN for the card; A T M PIN; atm pin; ~PIN; "
            "telephone banking code; T PIN; tpin; m pin; mpin; upi pin")[0],
    ("pin", "p i n"), least=4,
)  # fmt: skip
KINDS = (CARD, CVV, EXPIRY, PIN)
