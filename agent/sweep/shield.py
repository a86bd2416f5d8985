"""What the rules need not look at while a stored text is read again.

Our own ids are numbers that nobody said. The lines of a prompt's transcript are turns of the call, which were read
as the conversation they are; inside a prompt their numbers would run into those of the next line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from agent.call import RedactedTurn
from agent.extraction.prompting import render_turn

_LONG = 8
_DIGITS = 5
_PRIVATE = re.compile("[\U000f0000-\U000ffffd]")


def prompt_line(index: int, speaker: str, text: str) -> str:
    """Turn ``index`` as every prompt shows it."""
    return render_turn(index, RedactedTurn.model_construct(speaker=speaker, text=text))  # type: ignore[arg-type]


class Shield:
    """Puts a private character in the place of what is not to be looked at, and takes it away again.

    ``ids`` are our own; short ones and those with few digits are nothing that a rule would take. ``texts``
    are all that the shield will be used on.
    """

    def __init__(self, ids: Iterable[str], texts: Iterable[str]) -> None:
        used = {character for text in texts for character in _PRIVATE.findall(text)}
        self._free: Iterator[str] = (chr(code) for code in range(0xF0000, 0xFFFFE) if chr(code) not in used)
        self._behind: dict[str, str] = {}
        self._lines: dict[str, str] = {}
        long = {own for own in ids if len(own) >= _LONG and sum(map(str.isdigit, own)) >= _DIGITS}
        self._ids = {own: self.hold(own) for own in sorted(long, key=len, reverse=True)}
        self._find = re.compile("|".join(rf"(?<![^\W_]){re.escape(own)}(?![^\W_])" for own in self._ids) or r"(?!)")

    def hold(self, text: str) -> str:
        """A character that stands for ``text`` until ``down``; ``text`` itself when there is none left."""
        mark = next(self._free, None)
        if mark is None:
            return text
        self._behind[mark] = text
        return mark

    def line(self, old: str, new: str) -> None:
        """Where ``old`` is a line of a prompt it need not be looked at, and becomes ``new``."""
        if old not in self._lines:
            self._lines[old] = self.hold(new)

    def lines(self, text: str) -> str:
        """``text`` without the transcript lines in it."""
        return "\n".join(self._lines.get(line, line) for line in text.split("\n")) if "\n" in text else text

    def up(self, text: str) -> str:
        """``text`` without our ids."""
        return self._find.sub(lambda match: self._ids[match.group()], text)

    def down(self, text: str) -> str:
        """``text`` with everything in its place again."""
        return _PRIVATE.sub(lambda match: self._behind.get(match.group(), match.group()), text)
