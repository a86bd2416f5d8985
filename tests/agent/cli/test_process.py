from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from agent.run import ProcessLine
from tests.agent.cli.conftest import Command
from tests.agent.intake.test_canonical import record

CARD = "4242 4242 4242 4242"


def call(call_id: str = "call_1", said: str = "please send invoice FM-20 again", **changes: Any) -> dict[str, Any]:
    turns = [{"speaker": "agent", "text": "Fern and Moss, billing."}, {"speaker": "caller", "text": said}]
    return record(call_id=call_id, turns=turns, **changes)


def write(path: Path, *values: object) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(json.dumps(value) for value in values))
    return str(path)


@pytest.mark.covers("S02")
def test_one_json_line_a_call_in_input_order(command: Command, tmp_path: Path, world: str) -> None:
    paths = [write(tmp_path / "b.jsonl", call("b1"), call("b2")), write(tmp_path / "a.json", call("a1"))]
    ran = command("process", *paths, "--json", "--world", world)
    assert ran.code == 0
    assert [row["call_id"] for row in ran.rows] == ["b1", "b2", "a1"]
    for row in ran.rows:
        line = ProcessLine.model_validate(row)
        assert (line.sandbox, line.repeated, line.workspace_id) == (True, False, "ws_fern")
        assert line.usage.model == "stand-in"
    assert ran.err == ""


@pytest.mark.covers("S46")
def test_a_second_time_the_stored_line_is_printed(command: Command, tmp_path: Path, world: str) -> None:
    path = write(tmp_path / "a.json", call())
    first = command("process", path, "--json", "--world", world).rows
    second = command("process", path, path, "--json", "--world", world).rows
    assert [row.pop("repeated") for row in first + second] == [False, True, True]
    assert second == first * 2


def test_stdin_and_a_given_call_id(command: Command, world: str) -> None:
    ran = command(
        "process", "-", "--json", "--world", world, "--call-id", "given", stdin=b"Agent: hi\nCustomer: my invoice"
    )
    assert [row["call_id"] for row in ran.rows] == ["given"]


def test_a_folder_with_one_bad_file_processes_the_rest_and_names_it(
    command: Command, tmp_path: Path, world: str
) -> None:
    for name in ("a", "c"):
        write(tmp_path / "calls" / f"{name}.json", call(name))
    (tmp_path / "calls" / "b.json").write_text(f'{{"call_id": "b", "turns": "{CARD}"}}')
    (tmp_path / "calls" / ".hidden").write_text("x")
    ran = command("process", "calls", "--json", "--world", world)
    assert ran.code == 1
    assert [row["call_id"] for row in ran.rows] == ["a", "c"]
    assert ran.err == "billing-agent: calls/b.json: turns must be a list\n"


def test_bad_records_of_a_file_are_named_by_their_number(command: Command, tmp_path: Path, world: str) -> None:
    path = write(tmp_path / "a.jsonl", call("a"), {**call("b"), "turns": [{"speaker": "caller"}]})
    ran = command("process", path, "--json", "--world", world)
    assert (ran.code, len(ran.rows)) == (1, 1)
    assert ran.err == f"billing-agent: {path}, record 2: turns[0].text is missing\n"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the input is empty"),
        (b"caf\xe9", "the input is not UTF-8 text"),
        (b"{", "not valid JSON (column 2)"),
        (b"Agent: hello", "call_id is missing; name the call with --call-id"),
        (b'{"call_id": "x", "turns": {}}', "turns must be a list"),
        (b'{"call_id": "x", "turns": [{"speaker": "caller"}]}', "turns[0].text is missing"),
        (b'{"call_id": "x", "call_id": "x"}', "the field call_id stands there twice"),
        (b'{"call_id": "x", "turns": NaN}', "NaN is not a JSON number"),
    ],
)
def test_input_without_any_call_is_exit_code_two(command: Command, world: str, content: bytes, told: str) -> None:
    ran = command("process", "-", "--json", "--world", world, stdin=content)
    assert (ran.code, ran.out, ran.err) == (2, "", f"billing-agent: stdin: {told}\n")


def test_paths_that_hold_nothing_are_exit_code_two(command: Command, tmp_path: Path, world: str) -> None:
    (tmp_path / "empty").mkdir()
    for path, told in (("nowhere", "nowhere does not exist"), ("empty", "the folder empty holds no files")):
        ran = command("process", path, "--world", world)
        assert (ran.code, ran.err) == (2, f"billing-agent: {told}\n")


def test_fields_that_no_one_reads_are_named_once(command: Command, tmp_path: Path, world: str) -> None:
    path = write(tmp_path / "a.jsonl", call("a", mood="fine"), call("b", mood="bad", colour="red"))
    ran = command("process", path, "--json", "--world", world)
    assert ran.err == "billing-agent: fields that are not read: mood, colour\n"


def test_a_live_run_without_a_workspace_file_is_refused(command: Command, tmp_path: Path) -> None:
    ran = command("process", write(tmp_path / "a.json", call()))
    assert (ran.code, ran.out) == (3, "")
    assert ran.err == "billing-agent: a live run needs --workspace FILE; --world FILE runs against a sandbox instead\n"
    assert not Path(".billing-agent").exists(), "nothing is stored"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "does not exist"),
        ("{", "is not valid JSON"),
        ("[]", "a world is a JSON object of systems"),
        ('{"strype": {}}', "unknown system 'strype'"),
        ('{"stripe": {"charges": {}}}', "stripe.charges must be a list"),
    ],
)
def test_what_is_wrong_with_a_world_is_named(command: Command, tmp_path: Path, content: str | None, told: str) -> None:
    path = tmp_path / "odd.json"
    if content is not None:
        path.write_text(content)
    ran = command("process", write(tmp_path / "a.json", call()), "--world", str(path))
    assert ran.code == 3
    assert told in ran.err
    assert "odd.json" in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "id is missing"),
        ("colour = 1", "colour: unknown key"),
        ("id = ", "is not valid TOML"),
        (None, "does not exist"),
    ],
)
def test_what_is_wrong_with_a_workspace_is_named(
    command: Command, tmp_path: Path, world: str, content: str | None, told: str
) -> None:
    path = tmp_path / "ws.toml"
    if content is not None:
        path.write_text(content)
    arguments = ("process", write(tmp_path / "a.json", call()), "--workspace", str(path))
    for place in ((), ("--world", world)):
        ran = command(*arguments, *place)
        assert (ran.code, ran.err.count("\n")) == (3, 1)
        assert told in ran.err


def test_a_record_of_another_workspace_fails_alone_and_the_rest_is_processed(
    command: Command, tmp_path: Path, world: str
) -> None:
    (tmp_path / "ws.toml").write_text('id = "ws_moss"')
    others = [call(name, workspace_id="ws_moss") for name in ("a", "c")]
    path = write(tmp_path / "in" / "a.jsonl", others[0], call("b", said=f"my card is {CARD}"), others[1])
    ran = command("process", path, "--json", "--world", world, "--workspace", "ws.toml")
    assert ran.code == 1
    assert [row["call_id"] for row in ran.rows] == ["a", "b", "c"]
    first, foreign, last = ran.rows
    assert "failed" not in (first["outcome"], last["outcome"])
    line = ProcessLine.model_validate(foreign)
    assert line.error == "call b belongs to workspace ws_fern, but the workspace file is that of ws_moss"
    assert (line.outcome.value, line.workspace_id, line.run_id, line.redacted_turns) == ("failed", "ws_fern", None, ())
    assert line.handoff is not None
    assert line.handoff.next_step == "process it with the workspace file of ws_fern"
    assert "4242" not in ran.out
    assert command("trace", "show", "b").code == 2, "nothing of it is stored"


def test_a_call_without_a_workspace_belongs_to_the_files(command: Command, tmp_path: Path, world: str) -> None:
    (tmp_path / "ws.toml").write_text('id = "ws_moss"')
    path = write(tmp_path / "a.json", call(workspace_id=None))
    (row,) = command("process", path, "--json", "--world", world, "--workspace", "ws.toml").rows
    assert row["workspace_id"] == "ws_moss"


def test_a_model_without_a_key_is_a_matter_of_configuration(command: Command, tmp_path: Path, world: str) -> None:
    ran = command("process", write(tmp_path / "a.json", call()), "--world", world, "--model", "some-model")
    assert (ran.code, "needs OPENAI_API_KEY or OPENAI_BASE_URL" in ran.err) == (3, True)


def test_a_store_that_cannot_be_used_is_a_matter_of_configuration(command: Command, tmp_path: Path, world: str) -> None:
    ran = command("process", write(tmp_path / "a.json", call()), "--world", world, "--store", str(tmp_path))
    assert (ran.code, ran.out) == (3, "")
    assert "is a folder; name another with --store" in ran.err


def test_a_dry_run_stores_nothing(command: Command, tmp_path: Path, world: str) -> None:
    path = write(tmp_path / "a.json", call())
    for _ in range(2):
        (row,) = command("process", path, "--json", "--world", world, "--dry-run").rows
        assert row["repeated"] is False
        assert not [made for made in row["tool_calls"] if made["kind"] == "action" and made["status"] == "executed"]
    assert not Path(".billing-agent").exists()


@pytest.mark.covers("C03", "S59")
def test_a_card_is_in_no_output_and_in_no_file(command: Command, tmp_path: Path, world: str) -> None:
    path = write(
        tmp_path / "in" / "a.json", call(said=f"my card is {CARD}", summary=f"card {CARD}", metadata={"x": CARD})
    )
    outputs = [
        command("process", path, "--world", world),
        command("process", path, "--world", world, "--json"),
        command("trace", "show", "call_1"),
        command("trace", "show", "call_1", "--json"),
        command("trace", "list"),
        command("review", "list", "--json"),
    ]
    assert all(ran.code == 0 for ran in outputs)
    assert "1 card" in outputs[0].out
    kept = [ran.out + ran.err for ran in outputs]
    kept += [file.read_bytes().decode("latin-1") for file in Path(".billing-agent").rglob("*") if file.is_file()]
    assert len(kept) > len(outputs)
    assert not [text for text in kept if re.search(r"4242\W{0,3}4242", text)]


def test_for_people_there_is_a_table(command: Command, tmp_path: Path, world: str) -> None:
    ran = command("process", write(tmp_path / "a.json", call()), "--world", world)
    assert ran.code == 0
    for word in ("call", "scenario", "confidence", "stripped", "outcome", "why", "call_1"):
        assert word in ran.out


def test_a_failed_call_has_its_line_too_and_exit_code_one(
    command: Command, tmp_path: Path, world: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agent.errors import ModelUnavailable

    def refuse(*_: object, **__: object) -> None:
        raise ModelUnavailable

    monkeypatch.setattr("agent.pipeline.extract", refuse)
    ran = command("process", write(tmp_path / "a.jsonl", call("a"), call("b")), "--json", "--world", world)
    assert ran.code == 1
    assert [(row["call_id"], row["outcome"], row["scenario"]) for row in ran.rows] == [
        ("a", "failed", None),
        ("b", "failed", None),
    ]
    assert all(row["error"] for row in ran.rows)
    monkeypatch.undo()


def test_calls_side_by_side_come_out_in_order_and_one_call_is_never_handled_twice_at_once(
    command: Command, tmp_path: Path, world: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    from agent.cli import process as family
    from tests.agent.store.helpers import line

    busy: set[str] = set()
    guard = threading.Lock()

    def slow(given: Any, wiring: object) -> ProcessLine:
        with guard:
            assert given.call_id not in busy
            busy.add(given.call_id)
        time.sleep(0.05 if given.call_id == "a" else 0.01)
        with guard:
            busy.remove(given.call_id)
        return line(given.call_id)

    monkeypatch.setattr(family, "one", slow)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    path = write(tmp_path / "a.jsonl", *(call(name) for name in ("a", "b", "a", "c", "a")))
    ran = command("process", path, "--json", "--world", world, "--model", "some-model")
    assert [row["call_id"] for row in ran.rows] == ["a", "b", "a", "c", "a"]


def test_when_one_call_breaks_the_command_no_other_begins(
    command: Command, tmp_path: Path, world: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    from agent.cli import process as family
    from tests.agent.store.helpers import line

    begun: list[str] = []
    broke = threading.Event()

    def interrupted(given: Any, wiring: object) -> ProcessLine:
        begun.append(given.call_id)
        if given.call_id == "c0":
            broke.set()
            raise KeyboardInterrupt
        assert broke.wait(5)
        time.sleep(0.05)
        return line(given.call_id)

    monkeypatch.setattr(family, "one", interrupted)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("BILLING_AGENT_MODEL_CONCURRENCY", "2")
    path = write(tmp_path / "a.jsonl", *(call(f"c{number}") for number in range(30)))
    ran = command("process", path, "--json", "--world", world, "--model", "some-model")
    assert (ran.code, ran.out, ran.err) == (130, "", "billing-agent: interrupted\n")
    assert len(begun) < 10


def test_a_reader_that_goes_away_begins_no_further_call(
    tmp_path: Path, world: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agent.cli import main
    from agent.cli import process as family
    from tests.agent.store.helpers import line

    begun: list[str] = []

    def slow(given: Any, wiring: object) -> ProcessLine:
        begun.append(given.call_id)
        time.sleep(0.02)
        return line(given.call_id)

    def gone(_: str) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(family, "one", slow)
    monkeypatch.setattr(family, "put", gone)
    monkeypatch.setattr("agent.cli.drop_stdout", lambda: None)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    path = write(tmp_path / "a.jsonl", *(call(f"c{number}") for number in range(40)))
    assert main(["process", path, "--json", "--world", world, "--model", "some-model"]) == 141
    ended = len(begun)
    time.sleep(0.1)
    assert len(begun) == ended < 20, "what was under way is finished, the rest is never begun"


def test_processing_first_closes_the_cases_past_their_limit(command: Command, tmp_path: Path, world: str) -> None:
    from agent.case import CaseState
    from agent.run import Outcome
    from agent.store import Store
    from tests.agent.store.helpers import case, line, redacted_call

    with Store(Path("s.db")) as store:
        store.begin(redacted_call(), run_id="run_of_call_a", model="stand-in", world=None)
        store.finish("run_of_call_a", 1, line(outcome=Outcome.REVIEW))
        store.open_case(case())
    path = write(tmp_path / "a.json", call())
    command("process", path, "--world", world, "--store", "s.db", "--dry-run")
    with Store(Path("s.db")) as store:
        assert store.case("case_1").state is CaseState.OPEN, "a dry run leaves the store as it is"
    command("process", path, "--world", world, "--store", "s.db")
    with Store(Path("s.db")) as store:
        assert store.case("case_1").state is CaseState.EXPIRED


def test_library_logs_are_redacted(
    command: Command, tmp_path: Path, world: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import logging

    from agent import pipeline

    real = pipeline.process

    def noting(*arguments: Any) -> Any:
        logging.getLogger("some.library").warning("card %s", CARD)
        return real(*arguments)

    monkeypatch.setattr(pipeline, "process", noting)
    assert command("process", write(tmp_path / "a.json", call()), "--world", world).code == 0
    assert "card <CARD_1>" in caplog.messages
    assert "4242" not in caplog.text
