"""What a number may be instead of an identifier: phrases that announce something that stays.

Phrases are separated by ";"; a word in capitals is an acronym and is also met spelled ("P O number").
``STAYS`` explains a number of any length, ``MONEY`` up to nine digits, ``PLACES`` (and dates of birth,
codes of doors) up to eleven.
"""

from __future__ import annotations

STAYS = (
    "social media; bill; order; order number; order no; order id; purchase order; PO number; P O; PO; invoice; invoice number; invoice no; invoices; bill number; bill no; credit note; credit memo; "
    "debit note; receipt; receipt number; quote; quote number; quotation; estimate; ticket; ticket number; case; case number; case id; incident; support ticket; "
    "tracking; tracking number; tracking id; parcel; shipment; consignment; waybill; AWB; delivery note; phone; phone number; telephone; telephone number; "
    "mobile; mobile number; cell; cell phone; cell number; cellphone; landline; fax; fax number; extension; ext; call me; call me back; call you; call back; callback; ring; ring me; "
    "reach me; reach us; text me; whatsapp; contact number; number you're on; number youre on; number you are on; number i'm on; number im on; calling from; dial; hotline; my direct; direct line; direct dial; direct number; work line; office line; my line; home number; work number; office number; daytime number; evening number; best number; number to ring; number to call; number to reach; ring us; ring him; ring her; call us; call me on; get me on; get hold of me; message me; message me on; text me on; reply to; switchboard; desk phone; numero de telefono; telefono; movil; handynummer; telefonnummer; telephone mon portable; my portable; numero de telephone; cellulare; numero di telefono; reference; reference number; ref; ref number; reference is; confirmation; "
    "confirmation number; confirmation code; booking; booking number; reservation; policy; policy number; policy no; claim; claim number; member; member number; member id; "
    "membership; membership number; membership card; loyalty card; loyalty number; library card; gift card; sim card; customer number; customer id; customer no; client number; client id; client code; "
    "customer; user id; subscriber; subscription; subscription id; plan id; licence key; license key; licence number; license number; driver's license; drivers license; driving licence; passport; passport number; "
    "IMEI; serial; serial number; meter; meter number; meter reading; meter id; HSN; HSN code; SAC code; SDI; SDI code; e-way bill; microchip; microchip number; meter point; model number; model; part number;  SKU; EAN; EAN code; barcode; bar code; UPC; GTIN; ISBN; ISIN; CUSIP; FIGI; LEI; "
    "ticker; version; build; IP; IP address; accession; accession number; filing; docket; deal; deal id; deal number; opportunity; lead id; GL; GL code; G L code; ledger code; ledger; cost centre; cost center; "
    "project; project number; project code; contract; contract number; agreement number; agreement; lot number; batch; batch number; flight; room; vehicle; VIN; registration plate; number plate; call id; session id; session; "
    "transaction id; transaction number; transaction reference; transaction; payment id; payment reference; charge id; event id; request id; message id; employee; employee number; employee id; staff; staff number; badge; "
    "badge number; student; patient; NHS number; medicare; prescription; timestamp; created; updated; job number; work order; site; site number; store number; store; branch name; terminal; terminal id; merchant id; merchant; "
    "device; device id; asset; asset tag; product code; product; promo code; coupon; voucher; voucher number; discount code; reference code; file number; matter number; matter; dispute id; refund id; "
    "application number; application; workspace; tracking reference; parcel number; package; package number; fedex; usps; u p s; dhl; royal mail; dpd; "
    "eircode; SIM; SIM number; sim card number; ICCID; IMEI number; EID; MPAN; MPRN; MPRN number; MPAN number; GPRN; ICP; ICP number; NMI; NMI number; MIRN; ESID; ESI ID; POD; PCE; PDL; CUPS; "
    "supply number; supply point; service number; service request; service order; service id; premise id; premise number; token; token number; top up code; supporter number; supporter; donor number; donor id; "
    "charity number; registered charity; companies house; house number; case reference; billing code; biller; biller code; biller's; bpay; bpay code; payee code; NDC; N D C; CPT; C P T; diagnosis code; return number; RMA; R M A; "
    "return; returns; group number; group id; plan number; rx number; prescription number; chart number; claim id; audit number; permit; permit number; loan reference; mandate reference; crn; customer reference; customer reference number; "
    "supplier; supplier number; supplier id; supplier code; vendor; vendor number; vendor id; vendor code; item number; item; style number; room number; extension number; department; dept; "
    "return code; error code; reason code; decline code; auth code; authorization code; authorisation code; approval code; approval number; trace number; trace id; arn; acquirer reference; imps reference; rrn; rr number; "
    "submission id; submission number; submission; guarantor account; hydro account; hydro account number; water account; gas account; electric account; electricity account; power account; rates account; warranty card; warranty card number; patient account; customer account; billing account; utility account; contract account; service account; member account; online account; loyalty account; rewards account; account with us; account with you; account number with us; account number with you; account no with us; link to; pay link to; text to; message to; whatsapp to; send it to my; container; container number; MRN; mrn number; citation; citation number; parking ticket; plate; DIN; din number; TXN; TXN id; transaction ref; letter id; reach the; council tax; council tax reference; council tax number; council tax account; council tax account number; structured communication; gestructureerde mededeling; communication structuree; number with you; number with us; our number with you; billing id; bill id; registration number; registration numbers; toll notice; con note; consignment note; good number; best number; a good number; rewards number; assessment number; health card; medicare card; insurance card; travel card; fuel card number; helpline; toll free; freephone; customer care; tax year; form number; letter number; notice number; "
    "pedido; numero de pedido; pedido numero; boleta; factura; numero de factura; folio; albaran; expediente; numero de expediente; reserva; numero de reserva; cliente; numero de cliente; codigo de cliente; contrato; numero de contrato; "
    "protocolo; protocol; protocol number; numero de protocolo; nota fiscal; incidencia; numero de incidencia; seguimiento; numero de seguimiento; referencia; numero de referencia; codigo postal; CEP; celular; numero de celular; portatil; "
    "encomenda; fatura; telemovel; prenotazione; fattura; numero fattura; ordine; numero ordine; numero d'ordine; pratica; ricevuta; camera; bolletta; spedizione; codice destinatario; codice cliente; codice ordine; codice prenotazione; numero cliente; "
    "commande; numero de commande; facture; numero de facture; dossier; numero de dossier; reservation numero; suivi; numero de suivi; colis; contrat; numero de contrat; numero client; reference client; code client; portable; mobile numero; devis; "
    "rechnung; rechnungsnummer; kundennummer; bestellung; bestellnummer; auftrag; auftragsnummer; vorgang; vorgangsnummer; vertrag; vertragsnummer; aktenzeichen; sendungsnummer; paket; zahlernummer; zahlerstand; handynummer; mitgliedsnummer; angebot; lieferschein; postleitzahl; "
    "factuur; factuurnummer; klantnummer; bestelling; bestelnummer; ordernummer; dossiernummer; referentie; zaaknummer; postcode is; faktura; numer faktury; zamowienie; numer zamowienia; numer klienta; fakturanummer; kundnummer; ordrenummer; bestallningsnummer; "
    "challan; challan number; order ka number; bill ka number; complaint number; complaint; consumer number; consumer id; folio number; PNR; pnr number; docket number; reg number"
)
MONEY = (
    "amount; total; balance; subtotal; charged; billed; price; cost; costs; paid; pay; owe; owed; owing; refunded; refund of; credit of; fee; worth; charge of; payment of; bill of; comes to; "
    "came to; deposit of; limit; threshold; quantity; units; seats; salary; budget"
)
PLACES = (
    "text you; text you a link; text you a payment link; text it to; send you a link; payment link; pay link; landline; zip; zip code; postcode; post code; postal code; postal; street; avenue; house number; flat; apartment; suite; unit; address; year; since; date of birth; birthday; born; born on; D O B; dob; date; "
    "tax year; back in; gate code; door code; wifi; one time passcode; one time code; OTP; passcode; age"
)
