"""Looks for texts that make redaction slow, stop, or let a card number through.

    python benchmarks/fuzz_redaction.py [UNIT ...] [--largest 200000] [--whole 1000000] [--profile] [--slow FILE]

Every unit is a way to fill a call of any size. It is redacted at 50,000, 100,000 and 200,000 characters and once at a
million, each time in a process of its own that is stopped when it takes too long. A doubling that costs more than
2.5 times as much, a million characters that take more than 20 s, an error, and a planted card number that is still
there are faults: one line each, and exit code 1. Times are processor time, so a busy machine does not matter much;
doublings from less than a fifth of a second are printed as they are but not held against anybody.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import multiprocessing
import pstats
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from multiprocessing.connection import Connection
from pathlib import Path

from agent.errors import RedactionError
from agent.redaction import Redactor

Turns = list[tuple[str, str]]
SMALLEST = 50_000
WORST_DOUBLING = 2.5
SLOWEST = 20.0
"""Seconds that a million characters may take."""
PATIENCE = 3 * SLOWEST
"""Seconds after which one measurement is given up."""
LEAST = 0.2
"""Seconds under which a doubling says more about the machine than about the rules."""
PLANTED = "4111 1111 1111 1111"
_INTRODUCED = f"My card number is {PLANTED}. "
_ANNOUNCING = (
    "my card number is;the account number is;routing number;social security;tax id;vat number;iban;pin;cvv;"
    "expiry date;invoice number;order number;phone;policy number;no wait;sorry;I mean;starting over;last four;"
    "sort code;passport;upi id;can I have the card number?;what is the number on the front?;the total is"
).split(";")
_NUMBERS = (
    "4111;4242 4242;four one one one;forty two;double five;triple zero;oh;12-3456789;536 22 1234;GB82 WEST;"
    "eight hundred;B as in boy;alpha bravo;$45.00;the 3rd of May;2026;niner;uno dos tres;ek do teen;7;01/28"
).split(";")


@dataclass(frozen=True, slots=True)
class Unit:
    """A way to fill a call: ``fill(characters)`` gives the turns."""

    name: str
    fill: Callable[[int], Turns]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One measurement: processor seconds, None where it was given up, and what went wrong, empty if nothing."""

    seconds: float | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """All measurements of one unit, by size in characters."""

    name: str
    outcomes: dict[int, Outcome]
    whole: int

    @property
    def worst(self) -> float:
        """Largest ratio between a size and half of it; 0 where nothing took long enough to tell."""
        sizes = [size for size in sorted(self.outcomes) if size != self.whole]
        times = [self.outcomes[size].seconds or 0.0 for size in sizes]
        return max((more / less for less, more in pairwise(times) if less >= LEAST), default=0.0)

    @property
    def faults(self) -> list[str]:
        """Why this unit fails, empty when it does not."""
        found = [f"{outcome.fault} at {size:,}" for size, outcome in self.outcomes.items() if outcome.fault]
        found += [f"given up at {size:,}" for size, outcome in self.outcomes.items() if outcome.seconds is None]
        if self.worst > WORST_DOUBLING:
            found.append(f"{self.worst:.1f} times per doubling")
        last = self.outcomes.get(self.whole)
        if last is not None and (last.seconds or 0.0) > SLOWEST * self.whole / 1_000_000:
            found.append(f"{last.seconds:.0f} s for {self.whole:,}")
        return found

    def line(self) -> str:
        """One row: name, seconds by size, the worst doubling, faults."""
        times = " ".join("    gone" if o.seconds is None else f"{o.seconds:8.2f}" for o in self.outcomes.values())
        return f"{self.name:<24}{times} {self.worst:6.2f}  {'; '.join(self.faults) or 'ok'}"


def repeated(piece: str) -> Callable[[int], Turns]:
    """One giant turn of the same piece, over and over."""
    return lambda size: [("customer", _INTRODUCED + (piece * (size // len(piece) + 1))[:size])]


def in_turns(pieces: Sequence[str]) -> Callable[[int], Turns]:
    """Many short turns, both speakers in turn."""

    def fill(size: int) -> Turns:
        turns = [("customer", _INTRODUCED)]
        for at in count():
            if size <= 0:
                return turns
            turns.append((("agent", "customer")[at % 2], pieces[at % len(pieces)]))
            size -= len(turns[-1][1]) + 1
        raise AssertionError

    return fill


def mixed(words: Sequence[str], *, glue: str = " ", turn: int | None = None) -> Callable[[int], Turns]:
    """Words drawn at random, always the same ones; ``turn``: how many make a turn, all of them by default."""

    def fill(size: int) -> Turns:
        rng = random.Random(20261121)
        drawn = []
        while size > 0:
            drawn.append(rng.choice(words))
            size -= len(drawn[-1]) + len(glue)
        step = turn or len(drawn)
        said = [glue.join(drawn[at : at + step]) for at in range(0, len(drawn), step)]
        return [("customer", _INTRODUCED), *((("agent", "customer")[at % 2], text) for at, text in enumerate(said))]

    return fill


def units() -> Iterator[Unit]:
    """All of them, from plain repetition to characters nobody types."""
    pieces = {
        "four": "four ", "one_two": "one two three four five six seven eight nine zero ", "digits": "4", "digit_words": "4 ",
        "card_soup": "4111 1111 1111 1111 ", "hyphen_soup": "1-2-3-4-5-6-7-8-9-0-", "dots": "1.2.3.4.", "comma_soup": "1,2,3,",
        "slashes": "12/28/", "plus": "+1+2+3", "separators": " .,-/", "spaces": " ", "line_feeds": "\n", "hyphens": "-",
        "commas": ",", "underscores": "_", "brackets": "<[({", "placeholders": "<CARD_1> ", "open_placeholder": "<CARD_",
        "letters": "a", "spelled": "a b c d e f ", "capitals": "ABCDEFGHJK", "phonetic": "alpha bravo charlie delta ",
        "as_in": "b as in boy d as in dog ", "double": "double ", "double_triple": "double triple five ", "hundred": "hundred ",
        "thousand": "two thousand hundred million ", "corrections": "four no wait five sorry six I mean seven ",
        "nested_wait": "no wait ", "scratch_that": "4242 scratch that start over 4111 actually ", "fillers": "um uh er like ",
        "announcing": "my card number is ", "asking": "what is your card number? ", "answers": "card number? four two. ",
        "many_labels": "iban vat ssn ein pin cvv routing account number ", "amounts": "$12.50 and 30 dollars ",
        "last_four": "last four 1234 of the card ", "iban": "GB82WEST12345698765432 ", "iban_cut": "GB82 WEST 1234 5698 ",
        "mail": "a@b.example ", "mail_long": "aaaa.", "at_sign": "@", "url": "https://a.example/1/2?b=3&c=4 ",
        "url_long": "https://a.example/" + "a" * 40, "ids": "sub_1Abc234Def567 in_1234567890 ", "hex": "deadbeef0123456789",
        "uuid": "123e4567-e89b-12d3-a456-426614174000 ", "phone": "+1 (415) 555-0100 ", "dates": "12/03/2026 3rd of May ",
        "run_together": "fourfivesix", "words_glued": "fourfivesixx ", "apostrophes": "it's four's ", "ordinals": "first second 3rd 4th ",
        "hindi": "चार पाँच छह सात ", "devanagari_digits": "४१११ ", "fullwidth": "４１１１ ", "arabic": "رقم البطاقة ٤١١١ ",
        "right_to_left": "\u202e4111\u202c \u200f1111 ", "combining": "4\u0301\u0302\u0303", "marks_only": "\u0301",
        "keycaps": "4\ufe0f\u20e3", "emoji": "👍🏽4️⃣ ", "nul": "4\x00", "controls": "".join(map(chr, range(32))) + "4 ",
        "invisible": "4\u200b", "invisible_only": "\u200b", "soft_hyphen": "f\u00ado\u00adu\u00adr ", "surrogates": "\ud83d4 \udc00 ",
        "surrogate_words": "four\ud800 ", "kanji": "四一一一", "spanish": "cuatro uno uno uno y dos ", "greek": "αβγδ ",
        "normalises_long": "\ufdfa", "filler_digits": "four uh four um four ", "mm_hmm": "mm-hmm ", "dog_cow": "the dog, seven ",
    }  # fmt: skip
    yield from (Unit(name, repeated(piece)) for name, piece in pieces.items())
    yield Unit("turns_one_digit", in_turns(["4", "4", "2", "1"]))
    yield Unit("turns_four_words", in_turns(["four one", "mm-hmm", "one one", "four one one?"]))
    yield Unit("turns_empty", in_turns(["", "\n", " "]))
    yield Unit("turns_ask_answer", in_turns(["what is your card number?", "four one one one", "go on", "1111 1111"]))
    yield Unit("turns_corrected", in_turns(["four no wait", "five sorry", "I mean six", "eight"]))
    yield Unit("turns_cards", in_turns(["4111 1111 1111 1111", "so that is 4111 1111 1111 1111?"]))
    yield Unit("turns_ssn4", in_turns(["last four of your social?", "one two three four", "zip code?", "94107"]))
    yield Unit("mix_one_turn", mixed([*_ANNOUNCING, *_NUMBERS]))
    yield Unit("mix_short_turns", mixed([*_ANNOUNCING, *_NUMBERS], turn=4))
    yield Unit("mix_glued", mixed([*_ANNOUNCING, *_NUMBERS], glue=""))
    yield Unit("mix_numbers", mixed(_NUMBERS))
    yield Unit("mix_digits", mixed("0123456789", glue=""))
    yield Unit("mix_digits_spaces", mixed("0123456789 -.,/", glue=""))
    yield Unit("mix_ascii", mixed([chr(c) for c in range(128)], glue=""))
    yield Unit("mix_unicode", mixed([chr(c) for c in (*range(0x20, 0x3000, 7), *range(0xD800, 0xE000, 97))], glue=""))
    yield Unit("mix_cards", mixed([f"{n:016d}" for n in range(4 * 10**15, 4 * 10**15 + 9999 * 10**11, 10**11)]))


def redacted(redactor: Redactor, turns: Turns) -> Outcome:
    """One measurement in this process."""
    begun = time.process_time()
    try:
        texts = redactor.redact_turns(turns).texts
    except RedactionError:
        return Outcome(time.process_time() - begun, "refused")
    seconds = time.process_time() - begun
    return Outcome(seconds, "" if PLANTED not in texts[0][: len(_INTRODUCED)] else "planted card number left")


def _child(redactor: Redactor, turns: Turns, end: Connection) -> None:
    gc.collect()
    gc.freeze()  # Presidio's own objects would be gone through once, at whatever size comes first
    end.send(redacted(redactor, turns))


def apart(redactor: Redactor, turns: Turns, patience: float = PATIENCE) -> Outcome:
    """One measurement in a process of its own, given up after ``patience`` seconds: a regular expression that has
    run away cannot be interrupted in any other way."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(redactor, turns, theirs))
    child.start()
    theirs.close()
    try:
        return ours.recv() if ours.poll(patience) else Outcome(None)
    except EOFError:
        return Outcome(None, "the process died")
    finally:
        child.kill()
        child.join()


def examine(unit: Unit, redactor: Redactor, largest: int, whole: int) -> Verdict:
    """Sizes from the smallest on, doubled, then the whole; nothing larger once one was given up."""
    sizes = [size for n in range(12) if (size := SMALLEST * 2**n) <= largest] or [largest]
    outcomes: dict[int, Outcome] = {}
    for size in [*sizes, *([whole] if whole else [])]:
        outcomes[size] = apart(redactor, unit.fill(size))
        if outcomes[size].seconds is None:
            break
    return Verdict(unit.name, outcomes, whole)


def blamed(unit: Unit, redactor: Redactor, size: int) -> str:
    """The functions whose own time grows most beyond twice when a call doubles to ``size``, as a table."""
    small, large = (_own_times(unit, redactor, characters) for characters in (size // 2, size))
    excess = {place: seconds - 2 * small.get(place, 0.0) for place, seconds in large.items()}
    worst = sorted(excess, key=lambda place: -excess[place])[:8]
    return "\n".join(f"    {small.get(place, 0.0):7.2f} {large[place]:7.2f}  {place}" for place in worst)


def _own_times(unit: Unit, redactor: Redactor, size: int) -> dict[str, float]:
    profile = cProfile.Profile()
    profile.runcall(redacted, redactor, unit.fill(size))
    rows = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    return {f"{Path(file).name}:{line} {name}": row[2] for (file, line, name), row in rows.items()}


def chosen(names: Iterable[str]) -> list[Unit]:
    """The units of these names, all of them for none. Raises SystemExit for a name that no unit has."""
    found, names = list(units()), list(names)
    unknown = set(names) - {unit.name for unit in found}
    if unknown:
        raise SystemExit(f"no unit is called {', '.join(sorted(unknown))}")
    return [unit for unit in found if not names or unit.name in names]


def main(arguments: Sequence[str]) -> int:
    """Measures the units asked for; 1 when one of them has a fault."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("names", nargs="*", metavar="UNIT", help="names of units; all of them by default")
    parser.add_argument("--largest", type=int, default=4 * SMALLEST, help="last size of the doublings, in characters")
    parser.add_argument("--whole", type=int, default=1_000_000, help="size that is measured once; 0 for none")
    parser.add_argument("--profile", action="store_true", help="say where the time goes instead, at --largest")
    parser.add_argument("--slow", type=Path, help="file that gets the rows of units with a fault")
    asked = parser.parse_args(arguments)
    redactor = Redactor()
    redactor.redact_text(_INTRODUCED)
    if asked.profile:
        for unit in chosen(asked.names):
            sys.stdout.write(f"{unit.name}\n{blamed(unit, redactor, asked.largest)}\n")
        return 0
    slow: list[str] = []
    for unit in chosen(asked.names):
        verdict = examine(unit, redactor, asked.largest, asked.whole)
        sys.stdout.write(verdict.line() + "\n")
        sys.stdout.flush()
        slow += [verdict.line()] if verdict.faults else []
        if asked.slow is not None:
            asked.slow.write_text("".join(row + "\n" for row in slow), encoding="utf-8")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
