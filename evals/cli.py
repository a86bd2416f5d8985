"""``billing-agent eval``: measure the agent on labelled calls, gate a change, fit confidence maps.

Registered as an entry point of the group ``billing_agent.commands``; the product never imports it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from agent.cli.options import Parser, Subparsers, choice, flag, option, switch
from agent.cli.talk import console, put, put_json, say
from agent.errors import BadInput
from agent.settings import Settings

if TYPE_CHECKING:
    from evals.gold import Suite
    from evals.redaction.report import RedactionReport

DONE, GATE_FAILED = 0, 4
_COMMANDS = ("run", "redaction", "calibrate", "diff")


def run(argv: Sequence[str]) -> int:
    """Carry out ``billing-agent eval ARGV``; gives the exit code.

    Raises AgentError for bad usage, a bad suite, missing configuration.
    """
    words = list(argv)
    if words[:1] in (["-h"], ["--help"]):
        put(_build().format_help().rstrip())
        return DONE
    if not words or words[0] not in _COMMANDS:
        words.insert(0, "run")
    arguments = _build().parse_args(words)
    code: int = arguments.run(arguments)
    return code


def _build() -> Parser:
    parser = Parser(prog="billing-agent eval", description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=Parser)
    running = commands.add_parser("run", help="score suites (default: all); --gate exits 4 when a gate is red")
    running.set_defaults(run=_run)
    running.add_argument("suite", nargs="?", metavar="SUITE", help="calls, short, second, or a file of labelled calls")
    switch(running, "--gate", "fail on a leak, an unsafe action, an ungrounded quote, or a number out of its bounds")
    flag(running, "--json", "one JSON report a suite on stdout")
    flag(running, "--errors", "also list every wrong answer")
    option(running, "--model", "NAME", "who reads the calls")
    option(running, "--world", "F", "sandbox world instead of the suite's own")
    option(running, "--outputs", "F", "score these output lines instead of running anything")
    option(running, "--save", "F", "write the output lines there")
    _add_redaction(commands)
    fitting = commands.add_parser("calibrate", help="fit the confidence map of a model on calls it was not tuned on")
    fitting.set_defaults(run=_calibrate)
    fitting.add_argument("suite", nargs="?", metavar="SUITE", help="default: the calibration set")
    option(fitting, "--model", "NAME", "whose confidence to calibrate")
    option(fitting, "--out", "DIR", "where to write NAME.json, default the packaged evals/calibration")
    differing = commands.add_parser("diff", help="headline numbers that differ between two JSON reports")
    differing.set_defaults(run=_diff)
    differing.add_argument("before", type=Path)
    differing.add_argument("after", type=Path)
    return parser


def _add_redaction(commands: Subparsers) -> None:
    reading = commands.add_parser("redaction", help="redact made-up calls and count what can still be read or was lost")
    reading.set_defaults(run=_redaction)
    switch(reading, "--gate", "fail on a share of leaks or of lost words over its bound, in either fold")
    flag(reading, "--json", "the report as JSON on stdout")
    choice(reading, "--seed", "N", "make other calls of the same templates", type=int)
    choice(
        reading, "--fold", "F", "tuned, held_out or all (default)", choices=("tuned", "held_out", "all"), default="all"
    )
    choice(reading, "--show", "N", "also list the first N leaks and lost strings", type=int, default=0)
    choice(
        reading, "--real", "DIR", "open real data: a folder with natcs-insurance or multidogo-dev; only that is scored"
    )
    choice(reading, "--write", "F", "write the calls there, one JSON line each, and measure nothing")


def _redaction(arguments: argparse.Namespace) -> int:
    from evals.redaction import build
    from evals.redaction.run import measure, product

    if arguments.real:
        return _redaction_real(arguments)
    seed = build.SEED if arguments.seed is None else arguments.seed
    corpus = build.build(seed).fold(arguments.fold)
    if arguments.write:
        text = "".join(json.dumps(snippet.as_json(), ensure_ascii=False) + "\n" for snippet in corpus.snippets)
        Path(arguments.write).write_text(text, encoding="utf-8")
        return DONE
    return _shown(measure(corpus, seed, product()), arguments)


def _shown(report: RedactionReport, arguments: argparse.Namespace) -> int:
    from evals.gate import Bounds, load_bounds
    from evals.redaction.report import print_faults, print_redaction
    from evals.redaction.run import why_red

    if arguments.json:
        put_json(report.as_json())
    else:
        print_redaction(report, console())
        print_faults(report.total, console(), arguments.show, held_out_texts=arguments.fold == "held_out")
    reasons = why_red(report, load_bounds().get("redaction", Bounds())) if arguments.gate else []
    for reason in reasons:
        say(f"gate: redaction: {reason}")
    return GATE_FAILED if reasons else DONE


def _redaction_real(arguments: argparse.Namespace) -> int:
    from evals.redaction.real import measure_real
    from evals.redaction.report import print_faults, print_real
    from evals.redaction.run import product

    reports = measure_real(Path(arguments.real), product())
    if arguments.json:
        put_json({"suite": "redaction-real", "sets": {report.name: report.headline for report in reports}})
        return DONE
    print_real(reports, console())
    for report in reports:
        print_faults(report.score, console(), arguments.show, held_out_texts=True)
    return DONE


def _run(arguments: argparse.Namespace) -> int:
    from evals.gate import Bounds, load_bounds, why_red
    from evals.gold import SUITES, load_suite
    from evals.report import build_report, print_report

    if arguments.outputs and not arguments.suite:
        raise BadInput("--outputs needs the SUITE that it answers")
    bounds, red = load_bounds(), False
    for name in [arguments.suite] if arguments.suite else list(SUITES):
        suite = load_suite(name)
        outputs, model = _outputs(suite, arguments)
        report = build_report(suite.name, model, suite.calls, outputs)
        if arguments.json:
            put_json(report.as_json())
        else:
            print_report(report, console(), errors=arguments.errors)
        for reason in why_red(report, bounds.get(suite.name, Bounds())) if arguments.gate else ():
            say(f"gate: {suite.name}: {reason}")
            red = True
    return GATE_FAILED if red else DONE


def _outputs(suite: Suite, arguments: argparse.Namespace) -> tuple[list[dict[str, object]], str]:
    from evals.runner import run_suite

    if arguments.outputs:
        return read_lines(Path(arguments.outputs)), "given"
    settings = Settings.load(model=arguments.model)
    world = Path(arguments.world) if arguments.world else None
    outputs = run_suite(suite, settings, world=world, progress=_progress)
    if arguments.save:
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in outputs)
        Path(arguments.save).write_text(text, encoding="utf-8")
    return outputs, settings.model


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done}/{total}" + ("\n" if done == total else ""))


def read_lines(path: Path) -> list[dict[str, object]]:
    """JSON Lines of ``path``. Raises BadInput that names the file and line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise BadInput(f"{path} cannot be read as UTF-8 text") from None
    found: list[dict[str, object]] = []
    for number, line in enumerate(lines, 1):
        try:
            found += [json.loads(line)] if line.strip() else []
        except json.JSONDecodeError:
            raise BadInput(f"{path} line {number} is not JSON") from None
    return found


def _calibrate(arguments: argparse.Namespace) -> int:
    from evals.calibrate import calibrate
    from evals.gold import CALIBRATION

    settings = Settings.load(model=arguments.model)
    out = Path(arguments.out) if arguments.out else None
    written = calibrate(settings, out, suite=arguments.suite or CALIBRATION, progress=_progress)
    put_json(written.summary)
    say(f"wrote {written.path}")
    return DONE


def _diff(arguments: argparse.Namespace) -> int:
    from evals.report import compare

    before, after = (read_lines(path) for path in (arguments.before, arguments.after))
    known = {str(report.get("suite")): report for report in before}
    for report in after:
        old = known.get(str(report.get("suite")), {})
        for name, (was, now) in compare(old, report).items():  # type: ignore[arg-type]
            put(f"{report.get('suite')}\t{name}\t{was:g}\t{now:g}")
    return DONE
