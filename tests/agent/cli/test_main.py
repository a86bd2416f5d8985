from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agent.cli import INTERRUPTED, PIPE_CLOSED, talk
from agent.cli import pause as pause_family
from agent.errors import AgentError, ConfigurationError, GateFailed
from tests.agent.cli.conftest import Command

ROOT = Path(__file__).parents[3]


def spawn(*arguments: str, **more: object) -> subprocess.CompletedProcess[bytes]:
    """``billing-agent`` as a process of its own."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "agent.cli", *arguments]
    return subprocess.run(command, env=env, capture_output=True, check=False, **more)  # type: ignore[call-overload, no-any-return]


def test_help_is_instant_and_names_every_command() -> None:
    started = time.perf_counter()
    done = spawn("--help")
    assert time.perf_counter() - started < 1.0
    assert done.returncode == 0
    for name in (
        "process",
        "redact",
        "review",
        "trace",
        "eval",
        "pause",
        "resume",
        "erase",
        "sandbox",
        "schema",
        "demo",
    ):
        assert name.encode() in done.stdout


def test_help_loads_nothing_heavy() -> None:
    code = "import sys; from agent.cli import main; main(['--help']); print(sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, text=True)
    for heavy in ("pydantic", "rich", "presidio_analyzer", "openai", "httpx"):
        assert f"'{heavy}'" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "the following arguments are required: COMMAND (see billing-agent --help)"),
        (("fly",), "invalid choice: 'fly'"),
        (("process",), "the following arguments are required: PATH (see billing-agent process --help)"),
        (("process", "x", "--colour", "red"), "unrecognized arguments: --colour red"),
        (("review",), "the following arguments are required: COMMAND"),
        (("trace", "list", "--limit", "many", "--store", "s.db"), "--limit must be a whole number from 1 to 100000"),
        (("trace", "list", "--outcome", "good", "--store", "s.db"), "--outcome must be one of completed, review"),
        (("schema", "dreams"), "invalid choice: 'dreams'"),
    ],
)
def test_bad_usage_is_one_line_and_exit_code_two(command: Command, arguments: tuple[str, ...], told: str) -> None:
    ran = command(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert ran.err.startswith("billing-agent: ")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [("--version",), ("process", "--help"), ("review", "approve", "--help")])
def test_help_and_version_are_no_errors(command: Command, arguments: tuple[str, ...]) -> None:
    assert command(*arguments).code == 0


@pytest.mark.parametrize(
    ("error", "code"),
    [(AgentError("a sentence"), 1), (ConfigurationError("a sentence"), 3), (GateFailed("a sentence"), 4)],
)
def test_each_error_has_its_exit_code(
    command: Command, monkeypatch: pytest.MonkeyPatch, error: AgentError, code: int
) -> None:
    raise_on_pause(monkeypatch, error)
    ran = command("pause")
    assert (ran.code, ran.err) == (code, "billing-agent: a sentence\n")


def raise_on_pause(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(arguments: object) -> int:
        raise error

    monkeypatch.setattr(pause_family, "run_pause", fail)


def test_a_bug_is_named_by_its_type_and_never_by_its_text(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    raise_on_pause(monkeypatch, ValueError("the caller said 4242 4242"))
    ran = command("pause")
    assert ran.code == 1
    assert ran.err == (
        "billing-agent: an unexpected error stopped the command (ValueError); set BILLING_AGENT_DEBUG=1 to see where\n"
    )
    monkeypatch.setenv("BILLING_AGENT_DEBUG", "1")
    ran = command("pause")
    assert "in fail" in ran.err
    assert "4242" not in ran.err


def test_ctrl_c_ends_quietly(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    raise_on_pause(monkeypatch, KeyboardInterrupt())
    assert (command("pause").code, INTERRUPTED) == (130, 130)


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    lines = "\n".join(json.dumps({"id": str(n), "turns": [{"text": "hello " * 50}]}) for n in range(400)).encode()
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "agent.cli", "redact"]
    with subprocess.Popen(
        command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(lines)
        process.stdin.close()
        process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read()
        assert process.wait(30) == PIPE_CLOSED
    assert errors == b""


def test_what_is_said_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    talk.say("one\ntwo\t three")
    assert capsys.readouterr().err == "billing-agent: one two three\n"


def test_every_option_is_also_an_environment_variable(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILLING_AGENT_STORE", "elsewhere/s.db")
    monkeypatch.setenv("BILLING_AGENT_BY", "ana")
    monkeypatch.setenv("BILLING_AGENT_JSON", "yes")
    monkeypatch.setenv("BILLING_AGENT_WORKSPACE_ID", "ws_fern")
    (row,) = command("pause", "--reason", "month end").rows
    assert (row["by"], row["workspace_id"], row["reason"]) == ("ana", "ws_fern", "month end")
    assert Path("elsewhere/s.db").exists()
    assert command("pause", "--list", "--store", "other.db").rows == [], "an option wins over the environment"


def test_what_belongs_to_one_invocation_is_never_taken_from_the_environment(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("REASON", "old"), ("LIST", "1")):
        monkeypatch.setenv(f"BILLING_AGENT_{name}", value)
    (row,) = command("pause", "--by", "ana", "--json").rows
    assert row["reason"] is None, "and the pause was set, not only listed"


def test_pauses_are_set_shown_and_lifted(command: Command) -> None:
    assert "nothing is paused" in command("pause", "--list").out
    assert "all effects: paused by ana" in command("pause", "--by", "ana").out
    assert "stripe of workspace ws_fern" in command("pause", "--tool", "stripe", "--workspace-id", "ws_fern").out
    ran = command("resume", "--tool", "gmail")
    assert (ran.code, "nothing is paused in this scope" in ran.err) == (2, True)
    assert command("resume").code == 0
    assert "nothing is paused" in command("resume", "--tool", "stripe", "--workspace-id", "ws_fern").out


def test_schemas_are_printed_and_valid(command: Command) -> None:
    import jsonschema

    for what, field in (("process", "redacted_turns"), ("workspace", "thresholds")):
        schema = json.loads(command("schema", what).out)
        jsonschema.Draft202012Validator.check_schema(schema)
        assert field in schema["properties"]


def test_eval_hands_everything_over_to_whoever_registered_it(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    from agent.cli import evals

    got: list[list[str]] = []

    def measure(rest: list[str]) -> int:
        got.append(rest)
        return 4

    class Entry:
        def load(self) -> object:
            return measure

    monkeypatch.setattr(evals, "entry_points", lambda **_: [Entry()])
    for rest in (["--gate"], ["run", "calls", "--gate"], ["--help"], []):
        assert command("eval", *rest).code == 4
    assert got == [["--gate"], ["run", "calls", "--gate"], ["--help"], []]
    monkeypatch.setattr(evals, "entry_points", lambda **_: [])
    ran = command("eval")
    assert (ran.code, "eval command is not installed" in ran.err) == (3, True)
