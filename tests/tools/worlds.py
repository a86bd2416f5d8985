"""A small made-up world for the connector tests: every system, with near misses."""

from __future__ import annotations

from typing import Any

LANTERN = "cus_Lantern0001"
YEN = "cus_Yen0002"
CHARGE = "ch_Lantern0001"
OCTOBER_1 = 1790812800  # 2026-10-01T00:00:00Z


def charge(**changes: Any) -> dict[str, Any]:
    """A paid Stripe charge of 32.10 GBP."""
    row = {
        "id": CHARGE,
        "object": "charge",
        "amount": 3210,
        "amount_refunded": 0,
        "billing_details": {"email": "till@lanternbakery.example", "name": None, "phone": None},
        "created": OCTOBER_1,
        "currency": "gbp",
        "customer": LANTERN,
        "description": "Oven care, October",
        "disputed": False,
        "failure_code": None,
        "invoice": "in_Lantern0001",
        "livemode": False,
        "metadata": {"order": "LB-77"},
        "paid": True,
        "payment_intent": "pi_Lantern0001",
        "payment_method_details": {
            "type": "card",
            "card": {"brand": "visa", "last4": "4242", "exp_month": 4, "exp_year": 2031, "fingerprint": "f"},
        },
        "receipt_email": None,
        "receipt_url": "https://receipts.stripe.example/r1",
        "refunded": False,
        "status": "succeeded",
    }
    return row | changes


def _stripe() -> dict[str, Any]:
    return {
        "customers": [
            {
                "id": LANTERN,
                "email": "Till@lanternbakery.example",
                "name": "Lantern Bakery",
                "phone": "+441632960011",
                "livemode": False,
                "metadata": {"contact": "Zoë Ardent", "plan": "Enterprise", "fidel_brand": "Lantern Bakery"},
                "default_source": "card_1",
                "address": {"line1": "1 Private Row"},
            },
            {"id": YEN, "email": "kei@aokihats.example", "name": "Aoki Hats", "metadata": {"account_id": "AH-9"}},
            {"id": "cus_Near0003", "email": "hello@lanternbistro.example", "name": "Lantern Bistro", "metadata": {}},
        ],
        "charges": [
            charge(),
            charge(id="ch_Old0002", created=OCTOBER_1 - 86400, amount=5000, payment_intent="pi_Old0002", disputed=True),
            charge(id="ch_Yen0003", customer=YEN, currency="jpy", amount=5000, payment_intent="pi_Yen0003"),
            charge(id="ch_Dinar0004", customer=YEN, currency="kwd", amount=12345, payment_intent="pi_Dinar0004"),
        ],
        "subscriptions": [
            {
                "id": "sub_Lantern0001",
                "customer": LANTERN,
                "currency": "gbp",
                "status": "past_due",
                "cancel_at_period_end": False,
                "created": OCTOBER_1,
                "latest_invoice": {"id": "in_Lantern0001", "object": "invoice"},
                "metadata": {},
                "items": {
                    "data": [
                        {
                            "price": {"nickname": "Oven care", "unit_amount": 1605},
                            "quantity": 2,
                            "current_period_end": OCTOBER_1 + 86400,
                        }
                    ]
                },
            }
        ],
        "invoices": [
            {
                "id": "in_Lantern0001",
                "number": "LB-2041",
                "customer": LANTERN,
                "customer_email": "till@lanternbakery.example",
                "currency": "gbp",
                "total": 3210,
                "amount_due": 3210,
                "amount_remaining": 3210,
                "created": OCTOBER_1,
                "due_date": OCTOBER_1 + 86400,
                "hosted_invoice_url": "https://hosted.stripe.example/i/1",
                "invoice_pdf": "https://hosted.stripe.example/i/1/pdf",
                "lines": {"data": [{"description": "Oven care, October"}]},
                "metadata": {},
                "paid": False,
                "status": "open",
                "subscription": "sub_Lantern0001",
                "account_tax_ids": ["txi_1"],
            }
        ],
    }


def _quickbooks() -> dict[str, Any]:
    return {
        "customers": [
            {
                "Id": "41",
                "SyncToken": "3",
                "DisplayName": "O'Rourke Masonry Ltd",
                "CompanyName": "O'Rourke Masonry Ltd",
                "GivenName": "Maeve",
                "FamilyName": "O'Rourke",
                "PrimaryEmailAddr": {"Address": "accounts@orourke.example"},
                "PrimaryPhone": {"FreeFormNumber": "(020) 7946 0017"},
                "BillAddr": {"Line1": "9 Quarry Lane", "City": "Leeds", "PostalCode": "LS1 1AA", "Country": "GB"},
                "Balance": 275.5,
                "CurrencyRef": {"value": "GBP"},
                "Notes": "private remark",
                "PrimaryTaxIdentifier": "XXXX",
            },
            {"Id": "42", "DisplayName": "Nils Söderberg", "GivenName": "Nils", "FamilyName": "Söderberg"},
        ],
        "invoices": [
            {
                "Id": "5001",
                "DocNumber": "OM-UK-118",
                "TxnDate": "2026-09-01",
                "DueDate": "2026-09-15",
                "TotalAmt": 275.5,
                "Balance": 75.5,
                "CustomerRef": {"value": "41"},
                "BillEmail": {"Address": "accounts@orourke.example"},
                "CurrencyRef": {"value": "GBP"},
                "Line": [{"Description": "Stone, 2 t", "Amount": 275.5}],
            },
            {
                "Id": "5002",
                "DocNumber": "OM-9",
                "TotalAmt": 5000.0,
                "Balance": 0,
                "CustomerRef": {"value": "41"},
                "CurrencyRef": {"value": "JPY"},
            },
        ],
    }


def _crm() -> dict[str, Any]:
    contact = {
        "email": "zoe@lanternbakery.example",
        "firstname": "Zoë",
        "lastname": "Ardent",
        "phone": "+441632960011",
        "company": "Lantern Bakery",
        "hubspot_owner_id": "77",
        "vip": "TRUE",
        "birthday": "1990-01-01",
    }
    deal = {"dealname": "Renewal 2027", "amount": "1250.00", "deal_currency_code": "GBP", "closedate": "2026-12-01"}
    return {
        "hubspot": {
            "contacts": [{"id": "301", "properties": contact}, {"id": "302", "properties": {"firstname": "Zoe"}}],
            "owners": [{"id": "77", "email": "ivo@house.example", "firstName": "Ivo", "lastName": "Marsh"}],
            "deals": [{"id": "900", "_contacts": ["301"], "properties": deal}],
        },
        "zendesk": {
            "users": [
                {
                    "id": 610,
                    "name": "Zoë Ardent",
                    "email": "zoe@lanternbakery.example",
                    "phone": "+441632960011",
                    "external_id": "LB-1",
                    "tags": ["VIP"],
                    "notes": "private remark",
                }
            ],
            "tickets": [
                {
                    "id": 88,
                    "subject": "Oven",
                    "status": "open",
                    "requester_id": 610,
                    "updated_at": "2026-09-30T10:00:00Z",
                },
                {"id": 87, "subject": "Old", "status": "closed", "requester_id": 610},
            ],
        },
    }


def _seeds() -> dict[str, Any]:
    return {
        "beeminder": {
            "users": [
                {"username": "zoewalks", "timezone": "Europe/London", "goals": ["steps"], "deadbeat": False},
                {"username": "badcard", "goals": [], "deadbeat": True},
            ],
            "goals": [
                {"_user": "zoewalks", "slug": "steps", "title": "Walk", "pledge": 10, "lost": False, "won": False}
            ],
        },
        "proabono": {
            "customers": [
                {
                    "Id": 7001,
                    "ReferenceCustomer": "OSTERIA-3",
                    "Name": "Osteria Lupo",
                    "Email": "conti@osterialupo.example",
                    "Currency": "EUR",
                    "Metadata": {"contact": "Bice Lupo", "vip": "true", "crm": "CRM-5"},
                    "Links": [{"rel": "hosted-home", "href": "https://portal.proabono.example/secret"}],
                },
                {"Id": 7002, "ReferenceCustomer": "EMPTY-1", "Name": "Empty", "Email": "e@empty.example"},
            ],
            "payment_settings": [
                {
                    "_ReferenceCustomer": "OSTERIA-3",
                    "TypePayment": "Card",
                    "ModeBilling": "Auto",
                    "IsGreyListed": False,
                    "NoteInvoice": "private remark",
                    "DateNextBilling": "2026-10-01T00:00:00Z",
                }
            ],
            "invoices": [
                {
                    "Id": 501,
                    "ReferenceCustomer": "OSTERIA-3",
                    "FullNumber": "OL-2026-7",
                    "Status": "Due",
                    "Currency": "EUR",
                    "AmountTotal": 1999,
                    "DateIssue": "2026-09-01T05:00:00Z",
                    "DatePaymentLimit": "2026-09-15T00:00:00Z",
                    "Links": [{"rel": "pdf", "href": "https://docs.proabono.example/secret.pdf"}],
                }
            ],
        },
        "fidel": {
            "brands": [
                {
                    "id": "0b9c3a4e-1111-4222-8333-944445555666",
                    "name": "Lantern Bakery",
                    "websiteURL": "https://lanternbakery.example",
                    "consent": True,
                    "live": True,
                    "metadata": {"client": "TM-7"},
                    "created": "2026-01-02T09:00:00.000Z",
                }
            ]
        },
        "polygon": {
            "ticker_events": [
                {
                    "_key": "LNTN",
                    "status": "OK",
                    "results": {
                        "name": "Lantern Corp.",
                        "events": [
                            {"event_type": "ticker_change", "date": "2025-01-02", "ticker_change": {"ticker": "LNT"}}
                        ],
                    },
                }
            ],
            "filing_files": [
                {
                    "_key": "0000000009-26-000004",
                    "status": "OK",
                    "results": [{"id": "1", "filename": "lntn.htm", "sequence": 1}],
                }
            ],
        },
        "tokenmetrics": {
            "tokens": [
                {"TOKEN_ID": 11, "TOKEN_NAME": "Lantern", "TOKEN_SYMBOL": "LTRN"},
                {"TOKEN_ID": 12, "TOKEN_NAME": "Lantern Wrapped", "TOKEN_SYMBOL": "LTRN"},
            ],
            "prices": [{"TOKEN_ID": 11, "TOKEN_NAME": "Lantern", "TOKEN_SYMBOL": "LTRN", "CURRENT_PRICE": 1.25}],
        },
        "gdrive": {
            "files": [
                {
                    "id": "drive1",
                    "name": "LB-2041_Lantern's.pdf",
                    "webViewLink": "https://drive.example/drive1",
                    "appProperties": {"invoice": "LB-2041"},
                    "trashed": False,
                }
            ]
        },
    }


def world() -> dict[str, Any]:
    """The whole world, fresh each time."""
    return {"stripe": _stripe(), "quickbooks": _quickbooks(), **_crm(), **_seeds()}
