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

from agent.cli.options import Parser, flag, option, switch
from agent.cli.talk import console, put, put_json, say
from agent.errors import BadInput
from agent.settings import Settings

if TYPE_CHECKING:
    from evals.gold import Suite

DONE, GATE_FAILED = 0, 4
_COMMANDS = ("run", "calibrate", "diff")


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
