"""Proof of names, regions and values from a closed set."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.capture import DOCUMENT_KINDS, PAYMENT_STATUSES
from agent.extraction.cues import callback_verdict, document_verdict, status_verdict
from agent.extraction.proofs.base import (
    FORMAT,
    SAID,
    Places,
    Proof,
    proved,
    refused,
)
from agent.extraction.regions import normal_region, says_region
from agent.extraction.scene import Scene
from agent.values import (
    fold,
    name_words,
    normal_name,
)
from agent.values.lexer import lex
from agent.values.spelling import letter_run


def prove_name(scene: Scene, value: str, places: Places) -> Proof:
    """Every word of the name is said or spelled in the quotes."""
    shown, wanted = normal_name(value), name_words(value)
    if shown is None or not wanted:
        return refused(FORMAT, "the value is not a name")
    said: set[str] = set()
    joined: list[str] = []
    for place in places:
        words = re.findall(r"[^\W_]+", fold(place.text.replace("'", "").replace("’", "")))
        said.update(words)
        joined.append("".join(words))
        tokens = lex(place.text)
        said |= {run.text for index in range(len(tokens)) if (run := letter_run(tokens, index, least=3))}
        said |= {"and"} if "&" in place.text else set()
    missing = [word for word in wanted if word not in said]
    if not missing:
        return proved(shown, "every word of the name is in the quoted words", 1.0)
    if any("".join(wanted) == text for text in joined):
        return proved(shown, "the name is the quoted words, joined", 0.9)
    return refused(SAID, "not every word of the name is in the quoted words")


def prove_region(scene: Scene, value: str, places: Places) -> Proof:
    """A country or state named in the quote."""
    code = normal_region(value)
    if code is None:
        return refused(FORMAT, "the value is not an ISO 3166 code")
    if any(says_region(place.text, code) for place in places):
        return proved(code, "the country or state is named in the quoted words", 1.0)
    return refused(SAID, "the country or state is not named in the quoted words")


def prove_status(scene: Scene, value: str, places: Places) -> Proof:
    """One of the allowed payment states, and the quotes do not say another."""
    status = re.sub(r"[\s-]+", "_", value.strip().lower())
    if status not in PAYMENT_STATUSES:
        return refused(FORMAT, "the value is not a payment status")
    return _closed(status, [status_verdict(status, place.text) for place in places], "payment status")


def prove_callback(scene: Scene, value: str, places: Places) -> Proof:
    """True or false, and the quotes do not say the opposite."""
    answer = {"true": True, "yes": True, "false": False, "no": False}.get(value.strip().lower())
    if answer is None:
        return refused(FORMAT, "the value is neither true nor false")
    return _closed(answer, [callback_verdict(answer, place.text) for place in places], "wish")


def prove_document(scene: Scene, value: str, places: Places) -> Proof:
    """One of the document kinds, and the quotes do not name another."""
    kind = re.sub(r"[\s-]+", "_", value.strip().lower())
    if kind not in DOCUMENT_KINDS:
        return refused(FORMAT, "the value is not a document kind")
    return _closed(kind, [document_verdict(kind, place.text) for place in places], "document")


def _closed(value: str | bool, verdicts: Sequence[bool | None], noun: str) -> Proof:
    if True in verdicts:
        return proved(value, f"the quoted words say this {noun}", 1.0)
    if False in verdicts:
        return refused(SAID, f"the quoted words say another {noun}")
    return proved(value, f"the quoted words do not contradict this {noun}", 0.7)
