"""Gmail: drafts and sent mail. Every mail carries a Message-ID made from the ledger key."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from email.policy import SMTP
from typing import Annotated, Any

from pydantic import Field

from tools.arguments import EmailAddress, Identifier, OneLine
from tools.connector import Answer, Arguments, Effect, Operation
from tools.google import GoogleConnector
from tools.shapes import rows, table, text


class Mail(Arguments):
    """One mail to one recipient. ``template`` and ``record`` say which approved text and which record the
    agent fills it from; they are not sent."""

    to: EmailAddress
    subject: OneLine
    body: Annotated[str, Field(min_length=1, max_length=100_000)]
    template: Identifier | None = None
    record: Identifier | None = None


class Gmail(GoogleConnector):
    """Client of one mailbox. Optional setting: sender, the address mails come from."""

    system = "gmail"
    home = "https://gmail.googleapis.com"

    def create_draft(self, args: Mail, key: str | None) -> Answer:
        """Put the mail among the drafts; nobody outside sees it."""
        reply = self.write("POST", "/gmail/v1/users/me/drafts", json={"message": {"raw": self._raw(args, key)}})
        draft = table(reply.data)
        return self._done(draft, table(draft.get("message")))

    def send_message(self, args: Mail, key: str | None) -> Answer:
        """Send the mail."""
        message = table(self.write("POST", "/gmail/v1/users/me/messages/send", json={"raw": self._raw(args, key)}).data)
        return self._done(message, message)

    def find_draft(self, _args: Mail, key: str) -> Answer | None:
        """The draft with our Message-ID. Raises Lost when there is none: Gmail may have rewritten the id."""
        return self._found("drafts", f"rfc822msgid:{self._message_id(key)}")

    def find_sent(self, _args: Mail, key: str) -> Answer | None:
        """The sent mail with our Message-ID. Raises Lost when there is none: Gmail may have rewritten the id."""
        return self._found("messages", f"rfc822msgid:{self._message_id(key)} in:sent")

    def _found(self, kind: str, query: str) -> Answer | None:
        data = table(self.read("GET", f"/gmail/v1/users/me/{kind}", params={"q": query, "maxResults": 1}).data)
        found = rows(data.get(kind))
        if not found:
            raise self.lost("the mail is not found by its Message-ID, which the vendor may have rewritten")
        return self._done(found[0], table(found[0].get("message")) or found[0])

    def _done(self, row: dict[str, Any], message: dict[str, Any]) -> Answer:
        vendor_id, thread = text(row.get("id")), text(message.get("threadId"))
        if vendor_id is None:
            raise self.lost("the answer does not name the mail")
        url = f"https://mail.google.com/mail/#all/{thread}" if thread else None
        return Answer({"id": vendor_id, "threadId": thread}, vendor_id=vendor_id, url=url)

    def _raw(self, args: Mail, key: str | None) -> str:
        mail = EmailMessage(policy=SMTP)
        if sender := self.option("sender"):
            mail["From"] = sender
        mail["To"] = args.to
        mail["Subject"] = args.subject
        mail["Message-ID"] = f"<{self._message_id(key or '')}>"
        mail.set_content(args.body)
        return base64.urlsafe_b64encode(mail.as_bytes()).decode()

    def _message_id(self, key: str) -> str:
        domain = (self.option("sender") or "").rpartition("@")[2].strip("> ") or "billing-agent.invalid"
        return f"{key or 'unkeyed'}@{domain}"


def _target(args: Mail) -> str:
    return f"{args.to.lower()}|{args.record or args.subject}"


OPERATIONS = (
    Operation(
        "gmail.create_draft",
        Effect.DOCUMENT,
        "Draft a mail to the customer, for a person to send.",
        Mail,
        Gmail.create_draft,
        target=_target,
        find_again=Gmail.find_draft,
        idempotency="read_back",
    ),
    Operation(
        "gmail.send_message",
        Effect.DOCUMENT,
        "Send an approved template mail to the customer.",
        Mail,
        Gmail.send_message,
        house_fields=frozenset({"subject", "body"}),
        target=_target,
        find_again=Gmail.find_sent,
        idempotency="read_back",
        reversible=False,
    ),
)
