"""The egress guard: no payment or tax identifier leaves the house in the arguments of a tool (S24, S59).

It refuses and never masks: a ticket with a hole in it would look as if all were well. The refusal names the
argument and what stands in it, never the value; it is a step of the trace, and a person looks at the call.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from agent.loop.desk import Cleaner, Desk
from agent.redaction.scalars import as_text
from agent.run import PolicyDecision, Verdict
from agent.words import FOREIGN, PHONETIC, REPEATS, TEENS, TENS, UNITS
from tools.connector import Operation

RULE = "egress.identifier"
_UNEXPLAINED = "LONG_NUMBER"
_UNSHOWN = "(a key)"
UNREADABLE = "UNREADABLE"
"""Stands for an entity where a value is of a type that no guard can look into: it is held back too."""
_NEAR = 3
"""How many words from the seam of two arguments the halves of a number may stand."""
_NUMBER_WORDS = frozenset({*UNITS, *TEENS, *TENS, *REPEATS, *FOREIGN, *PHONETIC})
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_OWN_NUMBERS = re.compile(
    r"(?:^|_)(?:id|number|key|reference|charge|invoice|customer|contact|amount|currency|to|email|phone|date|range|ts)$"
)
"""Arguments that hold our own and the vendors' numbers: no part of an identifier is looked for across them."""


@dataclass(frozen=True, slots=True)
class Held:
    """One identifier in arguments: the argument (``comment.body``) and the entity, never the value."""

    argument: str
    entity: str


@dataclass(frozen=True, slots=True)
class _Leaf:
    """One value of the arguments that is no list or object, or the name of a field; ``field`` is the key it stands
    under, ``text`` the value in words and digits, None for one that cannot be read."""

    argument: str
    field: str
    value: Any
    text: str | None


def held_back(arguments: Mapping[str, Any], redactor: Cleaner) -> tuple[Held, ...]:
    """Every identifier in ``arguments``, each argument and entity once, in reading order.

    Looked at are texts, numbers (whole, broken, decimal), dates and ids at any depth, the names of fields, and
    neighbouring values together, so that a number cut in two over two arguments is seen. Any other value (bytes,
    sets, objects) is held back as ``UNREADABLE``; only ``None`` and truth values pass unread. A long number that
    no recognizer knows passes where the redactor lets it stand under its field: file and filing ids are long.
    """
    leaves = list(_leaves(arguments, (), "", redactor))
    found = [Held(leaf.argument, entity) for leaf in leaves for entity in _alone(leaf, redactor)]
    found += _together([leaf for leaf in leaves if leaf.text], redactor)
    return tuple(dict.fromkeys(found))


def worded(found: tuple[Held, ...]) -> str:
    """What was found, in words: ``the argument text holds an identifier (CREDIT_CARD)``."""
    return " and ".join(f"the argument {one.argument} {_holds(one.entity)}" for one in found[:4])


def _holds(entity: str) -> str:
    return "cannot be read as text" if entity == UNREADABLE else f"holds an identifier ({entity})"


def refusal(found: tuple[Held, ...]) -> PolicyDecision:
    """The guard's verdict on arguments that hold ``found``."""
    reason = f"{worded(found)}; card, bank and tax numbers never leave the house"
    return PolicyDecision(verdict=Verdict.DENY, rule=RULE, reason=reason)


def refused(desk: Desk, operation: Operation, arguments: Mapping[str, Any]) -> PolicyDecision | None:
    """The refusal of ``arguments`` where they hold an identifier, else None. A refused call goes to a person."""
    found = held_back(arguments, desk.redactor)
    if not found:
        return None
    desk.need_person(RULE, f"{operation.name} was refused: {worded(found)}. Nothing was sent.")
    return refusal(found)


def _leaves(value: Any, place: tuple[str, ...], field: str, redactor: Cleaner) -> Iterator[_Leaf]:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, Mapping):
        for name, one in value.items():
            shown = str(name) if isinstance(name, str) and _presentable(name, redactor) else _UNSHOWN
            text = _text(name)
            yield _Leaf(".".join((*place, shown)), "", text if text is not None else name, text)
            yield from _leaves(one, (*place, shown), text or "", redactor)
    elif isinstance(value, list | tuple):
        for index, one in enumerate(value):
            yield from _leaves(one, (*place, str(index)), field, redactor)
    else:
        yield _Leaf(".".join(place), field, value, _text(value))


def _text(value: Any) -> str | None:
    """What can be sent as JSON, in words and digits; bytes cannot, and nobody knows what a receiver makes of them."""
    return None if isinstance(value, bytes | bytearray) else as_text(value)


def _presentable(name: str, redactor: Cleaner) -> bool:
    """Whether a field's name may be told: it is a plain word of ours and no number, also none spelled out."""
    return name.isidentifier() and not re.search(r"\d", name) and not redactor.identifiers_in(_words(name))


def _alone(leaf: _Leaf, redactor: Cleaner) -> tuple[str, ...]:
    """The entities in one leaf by itself, and those that its field announces (``{"cvv": "737"}``)."""
    if leaf.text is None:
        return (UNREADABLE,)
    found = redactor.identifiers_in(leaf.text)
    under = _words(leaf.field)
    if not found or set(found) == {_UNEXPLAINED}:
        stays = redactor.redact_json({leaf.field: leaf.value}) == {leaf.field: leaf.value}
        if stays:
            return ()
        return found or redactor.identifiers_in(f"{under} {leaf.text}") or ("identifier",)
    return found


def _together(leaves: list[_Leaf], redactor: Cleaner) -> Iterator[Held]:
    """Identifiers cut in two or more over neighbouring texts: one stops with a number, the next goes on with one."""
    texts = [leaf for leaf in leaves if leaf.field and not _OWN_NUMBERS.search(_plain(leaf.field))]
    for chain in _chains(texts):
        rows = redactor.redact_turns([("value", leaf.text or "") for leaf in chain]).redactions
        for row in rows:
            elsewhere = any(row.placeholder == other.placeholder and row.turn != other.turn for other in rows)
            if elsewhere and row.entity != _UNEXPLAINED:
                yield Held(chain[row.turn].argument, row.entity)
        for left, right in pairwise(chain):
            for found in redactor.identifiers_in(_glued(left.text or "", right.text or "")):
                if found != _UNEXPLAINED:
                    yield Held(left.argument, found)


def _chains(texts: list[_Leaf]) -> Iterator[list[_Leaf]]:
    chain: list[_Leaf] = []
    for leaf in texts:
        words = (leaf.text or "").split()
        goes_on = any(map(_is_number, words[:_NEAR]))
        if chain and not (goes_on and any(map(_is_number, (chain[-1].text or "").split()[-_NEAR:]))):
            if len(chain) > 1:
                yield chain
            chain = []
        chain.append(leaf)
    if len(chain) > 1:
        yield chain


def _glued(left: str, right: str) -> str:
    """Two texts without the seam, where one word may go on over it (``NL3`` and ``4NPBJ8764759382``); else nothing."""
    whole = all(word.isalnum() and _is_number(word) for word in (left.split()[-1], right.split()[0]))
    return f"{left.rstrip()}{right.lstrip()}" if whole else ""


def _is_number(word: str) -> bool:
    """Whether ``word`` may be a piece of an identifier: digits, a number word, one letter."""
    plain = re.sub(r"[\W_]", "", word.lower())
    return len(plain) == 1 or any(char.isdigit() for char in plain) or plain in _NUMBER_WORDS


def _words(field: str) -> str:
    return _plain(field).replace("_", " ").replace("-", " ")


def _plain(field: str) -> str:
    return _CAMEL.sub("_", field).lower()
