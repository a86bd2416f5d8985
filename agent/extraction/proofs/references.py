"""Proof of e-mail addresses, phone numbers and references."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from agent.extraction.proofs.base import (
    FORMAT,
    LATEST,
    SAID,
    Places,
    Proof,
    passed,
    proved,
    refused,
    superseded,
)
from agent.extraction.scene import Place, Scene
from agent.values import (
    Found,
    compact_id,
    fold,
    normal_email,
    normal_id,
    normal_phone,
    read_emails,
    read_ids,
    read_phones,
)
from agent.values.lexer import Kind, lex
from agent.values.spelling import digits_at, letter_at


def prove_email(scene: Scene, value: str, places: Places) -> Proof:
    """The address is read from the quote, said or written, or from two quotes that follow each other."""
    wanted = normal_email(value)
    if wanted is None:
        return refused(FORMAT, "the value is not an e-mail address")
    return _prove_read(scene, wanted, places, scene.emails, read_emails, lambda text: text, "address")


def prove_phone(scene: Scene, value: str, places: Places) -> Proof:
    """The number is read from the quote; the line's own number is not evidence."""
    wanted = normal_phone(value, scene.region)
    if wanted is None:
        return refused(FORMAT, "the value is not a phone number")

    return _prove_read(
        scene, wanted, places, scene.phones, lambda text: read_phones(text, scene.region), lambda text: text, "number"
    )


def prove_id(scene: Scene, value: str, places: Places) -> Proof:
    """The reference is read from the quote; letters and digits count, dashes do not."""
    wanted = normal_id(value)
    if wanted is None:
        return refused(FORMAT, "the value is not a reference")
    proof = _prove_read(scene, wanted, places, scene.ids, read_ids, compact_id, "reference")
    if proof.value is not None or proof.checks[-1].name == LATEST:
        return proof
    if any(_says_joined(scene, place, compact_id(wanted)) for place in places):
        return proved(wanted, "the words of the reference stand joined in the quote", 0.85)
    return proof


def _prove_read(
    scene: Scene,
    wanted: str,
    places: Places,
    by_turn: Callable[[int], Sequence[Found[str]]],
    read: Callable[[str], Sequence[Found[str]]],
    key: Callable[[str], str],
    noun: str,
) -> Proof:
    def means(found: Found[str]) -> bool:
        return key(wanted) in map(key, found.readings)

    hits = [
        (key(found.value) == key(wanted), place.turn, found)
        for place in places
        for found in by_turn(place.turn)
        if means(found) and place.holds(place.turn, found.start, found.end)
    ]
    if not hits:
        if any(means(found) for text in _joined(scene, places) for found in read(text)):
            return proved(wanted, f"the {noun} is read over two quotes that follow each other", 0.8)
        return refused(SAID, f"the {noun} cannot be read from the quoted words")
    first, turn, found = max(hits, key=lambda hit: hit[:2])
    late = superseded(scene, turn, found, by_turn, lambda other: not means(other))
    if late:
        return Proof(None, (passed(SAID, f"the {noun} is in the quote"), late), 0.0)
    reason = f"the {noun} is read from the quoted words"
    return proved(wanted, reason, 1.0 if first else 0.7, passed(LATEST, "not corrected afterwards"))


def _joined(scene: Scene, places: Places) -> Iterator[str]:
    """Quotes of one speaker that run from the end of one turn into the beginning of a next."""
    for first in places:
        for second in places:
            follows = 0 < second.turn - first.turn <= 2 and first.speaker == second.speaker
            open_end = not any(char.isalnum() for char in scene.text(first.turn)[first.end :])
            open_start = not any(char.isalnum() for char in scene.text(second.turn)[: second.start])
            if follows and open_end and open_start:
                yield f"{first.text} {second.text}"


def _says_joined(scene: Scene, place: Place, wanted: str) -> bool:
    """Whether consecutive words, letters and digits of the quote make up ``wanted`` exactly, with no letter or
    digit of a longer reference beside them."""
    tokens = lex(scene.text(place.turn))
    pieces: list[tuple[str, int, int]] = []
    index = 0
    while index < len(tokens):
        piece = digits_at(tokens, index) or letter_at(tokens, index)
        if piece is not None:
            pieces.append((piece.text.upper(), index, piece.last))
            index = piece.last
            continue
        if tokens[index].kind is Kind.WORD and tokens[index].low not in {"dash", "hyphen", "slash"}:
            pieces.append((compact_id(fold(tokens[index].text)), index, index + 1))
        index += 1
    for begin in range(len(pieces)):
        text = ""
        for end in range(begin, len(pieces)):
            text += pieces[end][0]
            if len(text) >= len(wanted):
                break
        first, last = pieces[begin][1], pieces[end][2]
        if text != wanted or not place.holds(place.turn, tokens[first].start, tokens[last - 1].end):
            continue
        if not (_same_run(pieces, begin - 1, begin) or _same_run(pieces, end, end + 1)):
            return True
    return False


def _same_run(pieces: Sequence[tuple[str, int, int]], left: int, right: int) -> bool:
    """Whether two neighbouring pieces are letters or digits of one spelled reference."""
    if left < 0 or right >= len(pieces):
        return False
    (one, _, edge), (two, begin, _) = pieces[left], pieces[right]
    spelled = [text.isdigit() or (len(text) == 1 and text not in {"A", "I"}) for text in (one, two)]
    return edge == begin and all(spelled)
