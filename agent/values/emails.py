"""E-mail addresses, written and spoken: "delphine, at copperkettle dot example", "chiocciola", "at the rate"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from agent.values.found import Found
from agent.values.lexer import Kind, Token, Tokens, at, lex
from agent.values.spelling import digits_at, letter_at
from agent.words import FILLERS

_WRITTEN = re.compile(r"(?<![\w.+%-])[A-Za-z0-9_][A-Za-z0-9_.+%-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_AT = frozenset({"at", "@", "chiocciola", "chiocciolina", "arroba", "klammeraffe", "arobase", "ät", "apenstaartje"})
_JOINTS: dict[str, str] = {
    **dict.fromkeys(("dot", "punto", "punkt", "point", "punt", "."), "."),
    **dict.fromkeys(("dash", "hyphen", "trattino", "guion", "guión", "bindestrich", "tiret", "minus", "-"), "-"),
    **dict.fromkeys(("underscore", "unterstrich", "guionbajo", "underbar", "_"), "_"),
    **dict.fromkeys(("plus", "+"), "+"),
}
_DOTS = frozenset({"dot", "punto", "punkt", "point", "punt", "."})
# Words that lead up to an address and are no part of it.
_NOT_LOCAL = frozenset(
    "is it's its that's thats e-mail email mail address to my the yes yeah uh um er so and of on for me us you was look "
    "be just only call here there them it am are not or reach name write send use with from then no think thing that "
    "this still mailed sits sitting stands works working i'm he's she's we're they're now him her".split()
)
_NOT_DOMAIN = frozenset(
    "the my a an is it that this least once all noon night home work any your our his her their first last what which".split()
)
_ASIDE = frozenset("name letter initial surname first last".split())


@dataclass(frozen=True, slots=True)
class _Part:
    text: str
    edge: int


def read_emails(text: str) -> list[Found[str]]:
    """Every address in ``text``, lower case, in order. Where words leave doubt (an aside before the "at", a
    name spelled out differently afterwards) the likelier form comes first and the rest are ``others``."""
    found = [Found(match.group().lower(), match.start(), match.end()) for match in _WRITTEN.finditer(text)]
    taken = [(item.start, item.end) for item in found]
    tokens = _without_asides(lex(text))
    index = 0
    while index < len(tokens):
        spoken = _spoken(tokens, index)
        if spoken is None or any(start < spoken.end and spoken.start < end for start, end in taken):
            index += 1
            continue
        last = next(step for step in range(index, len(tokens)) if tokens[step].end >= spoken.end) + 1
        found.append(_respelled(tokens, last, spoken))
        index = last
    return sorted(found, key=lambda item: item.start)


_ONE_WORD = (
    ("all", "one", "word"),
    ("all", "in", "one", "word"),
    ("in", "one", "word"),
    ("one", "word"),
    ("all", "together"),
    ("all", "run", "together"),
    ("run", "together"),
    ("no", "space"),
    ("no", "spaces"),
    ("all", "lower", "case"),
    ("todo", "junto"),
    ("tutto", "attaccato"),
    ("en", "un", "mot"),
    ("zusammengeschrieben",),
    ("aan", "elkaar"),
)


def _without_asides(tokens: Tokens) -> list[Token]:
    """The tokens without "all one word" inside an address and without commas beside its joints; a joint of two
    words ("trait d'union") becomes one token."""
    kept: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.low == "trait" and at(tokens, index + 1).low == "d'union":
            last = tokens[index + 1]
            kept.append(Token(Kind.WORD, "tiret", "tiret", token.start, last.end))
            index += 2
            continue
        aside = _aside_length(tokens, index)
        if aside:
            index += aside
            continue
        if token.low == "," and _beside_joint(tokens, index):
            index += 1
            continue
        kept.append(token)
        index += 1
    return kept


def _aside_length(tokens: Tokens, index: int) -> int:
    """How many tokens of "all one word" with its commas stand at ``index`` before the next joint."""
    start = index + (at(tokens, index).low == ",")
    for phrase in _ONE_WORD:
        after = start + len(phrase)
        if tuple(token.low for token in tokens[start:after]) == phrase:
            after += at(tokens, after).low == ","
            follows = at(tokens, after).low
            return after - index if follows in _DOTS - {"."} or follows in _AT - {"at"} else 0
    return 0


def _beside_joint(tokens: Tokens, index: int) -> bool:
    """Whether the comma at ``index`` stands beside a spoken "dot" or "dash" with a word on its far side."""
    before, after = at(tokens, index - 1), at(tokens, index + 1)
    spoken = {"dot", "punto", "punkt", "point", "punt", "dash", "hyphen", "minus", "underscore", "trait", "tiret"}
    return (after.low in spoken and before.kind is Kind.WORD) or (before.low in spoken | {"d'union"})


def _spoken(tokens: Tokens, index: int) -> Found[str] | None:
    token = tokens[index]
    if token.low not in _AT or (
        token.kind is Kind.MARK and at(tokens, index - 1).joins(token) and _split_at(tokens, index)
    ):
        return None
    start = index + 1
    if token.low == "at" and at(tokens, start).low == "the" and at(tokens, start + 1).low in {"rate", "sign"}:
        start += 2
        start += at(tokens, start).low in {"of", "off"}
    start += at(tokens, start).low == ","
    domain = _domain(tokens, start)
    if domain is None:
        return None
    locals_ = _locals(tokens, index)
    if not locals_:
        return None
    readings = [f"{part.text}@{domain.text}" for part in locals_]
    first = min(part.edge for part in locals_[:1])
    return Found(readings[0], tokens[first].start, tokens[domain.edge - 1].end, tuple(readings[1:]))


def _split_at(tokens: Tokens, index: int) -> bool:
    """Whether a written ``@`` is part of a handle or of an address that the pattern already took."""
    return at(tokens, index).joins(at(tokens, index + 1)) and at(tokens, index + 2).text == "."


def _domain(tokens: Tokens, index: int) -> _Part | None:
    """Labels joined by "dot" up to a last label of two letters or more; label words may be split by spaces."""
    labels: list[str] = []
    cursor = index
    while True:
        label = _label(tokens, cursor, after_dot=bool(labels))
        if label is None:
            break
        labels.append(label.text)
        cursor = label.edge
        joint = at(tokens, cursor)
        if joint.low not in _DOTS or (joint.text == "." and not _tight(tokens, cursor)):
            break
        cursor += 1
    if len(labels) < 2 or len(labels[-1]) < 2 or not labels[-1].isalpha():
        return None
    return _Part(".".join(labels), cursor)


def _tight(tokens: Tokens, index: int) -> bool:
    """Whether a full stop stands inside an address and does not end a sentence."""
    return tokens[index].joins(at(tokens, index + 1)) and at(tokens, index - 1).joins(tokens[index])


def _label(tokens: Tokens, index: int, *, after_dot: bool) -> _Part | None:
    text, cursor, words, letters = "", index, 0, 0
    while cursor < len(tokens):
        token = tokens[cursor]
        joint = _JOINTS.get(token.low)
        if joint in {"-", "_"} and text and _element(tokens, cursor + 1) is not None:
            text, cursor, words = text + joint, cursor + 1, 0
            continue
        element = None if joint else _element(tokens, cursor)
        if element is None or (token.low in _NOT_DOMAIN and words == 0 and not _spelling_goes_on(tokens, element.edge)):
            break
        single = len(token.low) == 1
        if (words or letters) and not _may_extend(tokens, element.edge, after_dot, single, letters, words):
            break
        text, cursor = text + element.text, element.edge
        words, letters = words + (not single), letters + single
        if words > 3:
            return None
    return _Part(text, cursor) if text else None


def _may_extend(tokens: Tokens, edge: int, after_dot: bool, single: bool, letters: int, words: int) -> bool:
    """Whether one more word still belongs to the label: before the last dot it must lead to a dot; after it
    only single letters go on ("e d u")."""
    if after_dot and not _dot_ahead(tokens, edge):
        return single and letters > 0 and words == 0
    return _dot_ahead(tokens, edge)


def _dot_ahead(tokens: Tokens, index: int) -> bool:
    for step in range(index, min(index + 12, len(tokens))):
        token = tokens[step]
        if token.low in _DOTS and (token.text != "." or _tight(tokens, step)):
            return True
        if _element(tokens, step) is None and token.low not in _JOINTS:
            return False
        if len(token.low) > 1 and step > index + 2:
            return False
    return False


def _spelling_goes_on(tokens: Tokens, index: int) -> bool:
    """Whether a joint or another single letter follows, so that an "a" before it is a letter."""
    return at(tokens, index).low in _JOINTS or len(at(tokens, index).low) == 1


def _element(tokens: Tokens, index: int) -> _Part | None:
    """One word, letter, doubled letter or number of an address."""
    token = at(tokens, index)
    letter = letter_at(tokens, index)
    if letter is not None and (len(token.low) == 1 or (letter.last == index + 2 and len(letter.text) > 1)):
        return _Part(letter.text, letter.last)
    digits = digits_at(tokens, index)
    if digits is not None and token.low not in {"o", "oh"}:
        return _Part(digits.text, digits.last)
    if token.kind is Kind.WORD and token.low not in _AT and token.low not in FILLERS - {"well", "right"}:
        return _Part(token.low.replace("'", ""), index + 1)
    return None


def _locals(tokens: Tokens, at_index: int) -> list[_Part]:
    """Likely local parts before the "at", best first."""
    end = at_index
    while at(tokens, end - 1).low in {",", "uh", "um", "er"}:
        end -= 1
    aside = _aside_start(tokens, end)
    if aside is not None:
        before = _local_ending(tokens, aside)
        if before is not None:
            return [before]
    local = _local_ending(tokens, end)
    return [local] if local is not None else []


def _aside_start(tokens: Tokens, end: int) -> int | None:
    """Where ", so the letter M and my last name," begins, when that is what stands before the "at"."""
    cursor = end - 1
    while cursor > end - 14 and cursor >= 0 and tokens[cursor].low != ",":
        cursor -= 1
    inside = {token.low for token in tokens[max(0, cursor + 1) : end]}
    return (
        cursor if cursor >= 1 and len(inside & _ASIDE) >= 1 and len(inside) >= 2 and tokens[cursor].low == "," else None
    )


def _local_ending(tokens: Tokens, end: int) -> _Part | None:
    """The local part that ends before token ``end``: elements tied by joints, or letters and digits in a row."""
    text, cursor = "", end
    while True:
        chunk = _chunk_ending(tokens, cursor)
        if chunk is None:
            return _Part(text.lstrip("._-+"), cursor) if text.lstrip("._-+") else None
        text, cursor = chunk.text + text, chunk.edge
        joint = _JOINTS.get(at(tokens, cursor - 1).low)
        if joint is None or (at(tokens, cursor - 1).text in {".", "-"} and not _tight(tokens, cursor - 1)):
            return _Part(text, cursor)
        text, cursor = joint + text, cursor - 1


def _chunk_ending(tokens: Tokens, end: int) -> _Part | None:
    """Backwards: trailing digits and letters, at most one word, and letters right before it."""
    text, cursor, words = "", end, 0
    while cursor > 0:
        step = _element_ending(tokens, cursor)
        if step is None:
            break
        token = tokens[step.edge]
        is_word = token.kind is Kind.WORD and len(step.text) > 1 and digits_at(tokens, step.edge) is None
        is_word = is_word and letter_at(tokens, step.edge) is None
        if is_word and not words and _repeats(token.low, text):
            # "faktury, F A K T U R Y, at": a word and its own spelling are one word.
            return _Part(text, step.edge)
        if is_word and (words or token.low in _NOT_LOCAL):
            break
        if words and token.low in {"i", "a"}:
            break
        if words and not is_word and digits_at(tokens, step.edge) is not None:
            break
        text, cursor, words = step.text + text, step.edge, words + is_word
        if is_word and text != step.text and text[len(step.text)].isalpha():
            break
    return _Part(text, cursor) if text else None


def _repeats(word: str, spelled: str) -> bool:
    return len(spelled) > 2 and spelled.isalpha() and SequenceMatcher(None, word, spelled).ratio() >= 0.8


def _element_ending(tokens: Tokens, end: int) -> _Part | None:
    """The element whose tokens end at ``end``; ``edge`` is where it begins."""
    for start in (end - 2, end - 1):
        if start >= 0 and (element := _element(tokens, start)) is not None and element.edge == end:
            if tokens[start].low in _JOINTS:
                continue
            return _Part(element.text, start)
    return None


def _respelled(tokens: Tokens, index: int, found: Found[str]) -> Found[str]:
    """``found`` corrected by letters spelled right after it, when they spell nearly one of its parts."""
    parts = [piece for piece in re.split(r"[@._+-]", found.value) if len(piece) > 3]
    pairs = [
        (SequenceMatcher(None, part, word).ratio(), part, word)
        for word in _spelled_after(tokens, index)
        for part in parts
    ]
    if not pairs:
        return found
    alike, part, word = max(pairs)
    if alike == 1.0 or alike < 0.8 or abs(len(part) - len(word)) > 2:
        return found
    value = found.value.replace(part, word, 1)
    return Found(value, found.start, found.end, (found.value, *found.others))


def _spelled_after(tokens: Tokens, index: int) -> list[str]:
    """Words spelled within the next two dozen tokens: letters, and a word that finishes them ("C O P P E R, kettle")."""
    words: list[str] = []
    cursor = index
    while cursor < min(len(tokens), index + 40):
        text, step = "", cursor
        while (letter := letter_at(tokens, step)) is not None and (len(letter.text) > 1 or len(tokens[step].low) == 1):
            text, step = text + letter.text, letter.last
            if at(tokens, step).low == "," and letter_at(tokens, step + 1) is not None:
                step += 1
        if len(text) >= 3:
            words.append(text)
            tail = step + (at(tokens, step).low == ",")
            if at(tokens, tail).kind is Kind.WORD and len(at(tokens, tail).low) > 2:
                words.insert(len(words) - 1, text + tokens[tail].low)
        cursor = max(step, cursor + 1)
    return words
