"""Names in transcripts without capitals: where the person ends and the company begins.

"its gwen mbeki shaw larkfield yoga" has no mark between the two. Words of trades, the domain of an address
said later, and what the agent says back settle it.
"""

from __future__ import annotations

from agent.models.stand_in.naming import COMPANY_WORDS, Name, company_at, person_at
from agent.models.stand_in.transcript import Heard, Line, compiled
from agent.values import read_emails

_LONGEST = 7


class RawNames:
    """What a call without capitals tells about its names besides the words themselves."""

    def __init__(self, heard: Heard) -> None:
        self.heard = heard
        addresses = [value.value for line in heard.lines for value in read_emails(line.text)]
        self.domains = frozenset(plain(address.partition("@")[2].split(".")[0]) for address in addresses)
        self.locals = " ".join(address.partition("@")[0] for address in addresses)

    def split(self, line: Line, start: int) -> tuple[Name | None, Name | None]:
        """The person that begins at ``start`` and the company said right after without a joint, if any."""
        run = person_at(line.text, start, cased=False, most=_LONGEST)
        if run is None:
            return None, None
        words = list(run.words)
        border, until = self._border(words)
        company = None
        if border and until > border:
            at = _offset(line.text, run.start, words, border)
            found = company_at(line.text, at, cased=False, most=until - border)
            company = found and self.trimmed(line.text, found)
        count = border or self._length(line, words)
        return person_at(line.text, start, cased=False, most=count), company

    def _border(self, words: list[str]) -> tuple[int, int]:
        """The index where the company begins and the one after its last word; (0, 0) without one."""
        for at in range(1, len(words)):
            for until in range(len(words), at, -1):
                if plain("".join(words[at:until])) in self.domains and at > 1:
                    trade = until < len(words) and words[until] in COMPANY_WORDS
                    return at, until + trade
        trades = [at for at, word in enumerate(words) if at > 1 and word in COMPANY_WORDS]
        if not trades:
            return 0, 0
        last = trades[-1]
        repeated = next((at for at in range(2, last) if words[at] in words[:at]), None)
        return repeated or (2 if last > 2 else 0), last + 1

    def _length(self, line: Line, words: list[str]) -> int:
        """How many words of a run are the person: two, or three when the third is heard again as a name."""
        if len(words) > 2 and (words[2] in self.locals.split(".") or self._said_back(line, " ".join(words[:3]))):
            return 3
        return 2

    def _said_back(self, line: Line, words: str) -> bool:
        return any(words in other.text for other in self.heard.said("agent") if other.turn > line.turn)

    def heard_again(self, line: Line, name: Name) -> bool:
        """Whether one of the name's words stands in an address or is what the agent calls the caller."""
        if any(word in self.locals or word in "".join(self.domains) for word in name.words if len(word) > 2):
            return True
        first = name.words[0]
        called = rf"\b(hi|hello|hiya|hey|thanks|thank you|morning|okay|ok|sorry|right|lovely) {first}\b|\b{first}$"
        return any(compiled(called).search(other.text) for other in self.heard.said("agent") if other.turn > line.turn)

    def trimmed(self, text: str, name: Name) -> Name:
        """The company cut after its trade word or where its domain ends: "penrose glazing penrith"."""
        words = list(name.words)
        for until in range(len(words), 0, -1):
            if plain("".join(words[:until])) in self.domains:
                trade = until < len(words) and words[until] in COMPANY_WORDS
                return _cut(text, name, until + trade)
        trades = [at for at, word in enumerate(words) if at and word in COMPANY_WORDS]
        return _cut(text, name, trades[-1] + 1) if trades else name


def plain(text: str) -> str:
    """Letters and digits only, so that "kessler-orgelbau" is "kesslerorgelbau"."""
    return "".join(character for character in text.lower() if character.isalnum())


def _offset(text: str, start: int, words: list[str], count: int) -> int:
    at = start
    for word in words[:count]:
        at = text.index(word, at) + len(word)
    return at + 1


def _cut(text: str, name: Name, count: int) -> Name:
    words = name.words[:count]
    end = _offset(text, name.start, list(words), count) - 1
    return Name(name.start, end, words)
