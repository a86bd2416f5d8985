"""Redaction beside other tools, in one run: how fast, how much can still be read, how much was lost.

    python -m benchmarks.redaction [--rounds 7] [--snippets N] [--largest 40000] [--others FOLDER] [--json FILE]

Speed: every tool redacts the fixture calls, in rounds that alternate, so that a busy machine slows all of them; the
ratio to ours is taken in each round, and the median of the rounds is the figure to quote. Times are processor time.
Leaks and losses: every tool redacts the corpus of ``evals.redaction``, both folds, and the same scorer reads what is
left. Length: ours redacts one call of 5,000 words, then twice that, up to a call of three hours.

The others are the ``bench`` extra; ``--others`` names a folder with them for who wants them apart (``pip install
--target FOLDER scrubadub datafog depii``). One that is not there is skipped with a line.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from itertools import cycle, pairwise
from pathlib import Path

from agent.redaction import Redactor
from benchmarks.rivals import OTHERS, every_number, other, presidio_tools
from evals.redaction.build import Corpus, build
from evals.redaction.run import Redact, outputs_of
from evals.redaction.score import score
from evals.redaction.snippet import FOLDS

Turns = list[tuple[str, str]]
Calls = Sequence[Sequence[tuple[str, str]]]
SHORTEST = 5_000
"""Words of the shortest call whose length is doubled."""
OURS = "ours"


@dataclass(frozen=True, slots=True)
class Speed:
    """Medians of one tool: milliseconds a call, words a second, and how many times as long as ours it takes."""

    tool: str
    ms_a_call: float
    words_a_second: float
    times_ours: float


@dataclass(frozen=True, slots=True)
class Quality:
    """Per cent of one tool in one fold: identifiers that can still be read, and strings that had to stay and did not."""

    tool: str
    fold: str
    identifiers: int
    leaks: float
    keep_strings: int
    lost: float


@dataclass(frozen=True, slots=True)
class Length:
    """Seconds that one call of so many words takes, and what it takes beside half of it; 0 for the first."""

    material: str
    words: int
    seconds: float
    per_doubling: float


def fixture_calls() -> list[Turns]:
    """The turns of every fixture call."""
    lines = (files("fixtures") / "calls" / "calls.jsonl").read_text(encoding="utf-8").splitlines()
    return [[(turn["speaker"], turn["text"]) for turn in json.loads(line)["call"]["turns"]] for line in lines]


def words_in(turns: Sequence[tuple[str, str]]) -> int:
    """How many words a call has, cut at white space."""
    return sum(len(text.split()) for _, text in turns)


def tools() -> Iterator[tuple[str, Redact]]:
    """Ours first, then Presidio, then what is installed; says on stderr what is not."""
    redactor = Redactor()
    yield OURS, lambda turns: redactor.redact_turns(turns).texts
    for tool in presidio_tools():
        yield tool.name, tool.call
    for name in OTHERS:
        if (found := other(name)) is None:
            sys.stderr.write(f"{name} is not installed and is left out\n")
        else:
            yield found.name, found.call
    control = every_number()
    yield control.name, control.call


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds that ``work`` took."""
    start = time.process_time()
    work()
    return time.process_time() - start


def speeds(compared: dict[str, Redact], calls: Sequence[Turns], rounds: int) -> Iterator[Speed]:
    """Every tool over the same calls; one round that warms up, then ``rounds`` that count."""

    def run(redact: Redact) -> float:
        return seconds(lambda: [redact(turns) for turns in calls])

    table = [{name: run(redact) for name, redact in compared.items()} for _ in range(rounds + 1)][1:]
    words = sum(map(words_in, calls))
    for name in compared:
        middle = statistics.median(row[name] for row in table)
        ratio = statistics.median(row[name] / row[OURS] for row in table)
        yield Speed(name, middle / len(calls) * 1000, words / middle, ratio)


def qualities(compared: dict[str, Redact], corpus: Corpus) -> Iterator[Quality]:
    """Every tool over the same corpus, fold by fold."""
    for name, redact in compared.items():
        outputs = outputs_of(corpus.snippets, redact)
        for fold in FOLDS:
            found = score(corpus.fold(fold).snippets, outputs)
            yield Quality(
                name, fold, found.identifiers.count, 100 * found.identifiers.rate, found.kept.count, 100 * found.kept.rate
            )  # fmt: skip


def one_call(calls: Calls, words: int) -> Turns:
    """One call of ``words`` words: these calls one after another, from the start again where they do not suffice."""
    made: Turns = []
    missing = words
    for turns in cycle(calls):
        for speaker, text in turns:
            said = text.split()[:missing]
            made.append((speaker, text if len(said) == len(text.split()) else " ".join(said)))
            missing -= len(said)
            if not missing:
                return made
    raise ValueError("there is no call to make one of")


def lengths(redact: Redact, material: dict[str, Calls], largest: int, rounds: int) -> Iterator[Length]:
    """Ours on calls of doubled length, the shortest of ``rounds`` each: noise only ever adds."""
    sizes = [SHORTEST * 2**n for n in range(12) if SHORTEST * 2**n <= largest] or [largest]

    def best(turns: Turns) -> float:
        return min(seconds(lambda: redact(turns)) for _ in range(rounds))

    for name, calls in material.items():
        took = {size: best(one_call(calls, size)) for size in sizes}
        ratios = {more: took[more] / took[less] for less, more in pairwise(sizes)}
        yield from (Length(name, size, took[size], ratios.get(size, 0.0)) for size in sizes)


def shown(fast: Sequence[Speed], good: Sequence[Quality], long: Sequence[Length]) -> str:
    """The three tables as text."""
    wide = max(len(row.tool) for row in fast)
    lines = [f"{'tool':<{wide}} {'ms a call':>10} {'words/s':>10} {'times ours':>11}"]
    lines += [f"{s.tool:<{wide}} {s.ms_a_call:>10.2f} {s.words_a_second:>10,.0f} {s.times_ours:>11.2f}" for s in fast]
    lines += ["", f"{'tool':<{wide}} {'fold':<9} {'of':>6} {'leaks %':>8} {'of':>6} {'lost %':>8}"]
    lines += [
        f"{q.tool:<{wide}} {q.fold:<9} {q.identifiers:>6} {q.leaks:>8.2f} {q.keep_strings:>6} {q.lost:>8.2f}"
        for q in good
    ]
    lines += ["", f"{'one call of':<{wide}} {'words':>9} {'seconds':>8} {'per doubling':>13}"]
    lines += [f"{w.material:<{wide}} {w.words:>9,} {w.seconds:>8.2f} {w.per_doubling or '':>13.4}" for w in long]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=7, help="rounds that count")
    parser.add_argument("--snippets", type=int, help="only so many calls of the corpus, spread over it")
    parser.add_argument("--largest", type=int, default=40_000, help="words of the longest call")
    parser.add_argument("--others", type=Path, help="folder with packages to compare with")
    parser.add_argument("--json", type=Path, help="file for the figures")
    asked = parser.parse_args(arguments)
    if asked.others is not None:
        sys.path.append(str(asked.others))
    corpus, calls = build(), fixture_calls()
    step = max(1, len(corpus.snippets) // asked.snippets) if asked.snippets else 1
    corpus = Corpus(corpus.snippets[::step], corpus.fixed, corpus.templates)
    compared = dict(tools())
    fast = list(speeds(compared, calls, asked.rounds))
    material: dict[str, Calls] = {
        "fixture calls, again and again": calls,
        "corpus calls": [snippet.turns for snippet in corpus.snippets][::5],
    }
    long = list(lengths(compared[OURS], material, asked.largest, min(3, asked.rounds)))
    good = list(qualities(compared, corpus))
    sys.stdout.write(shown(fast, good, long))
    if asked.json is not None:
        rows: dict[str, Sequence[Speed | Quality | Length]] = {"speed": fast, "quality": good, "length": long}
        asked.json.write_text(json.dumps({k: [asdict(row) for row in v] for k, v in rows.items()}, indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
