"""``billing-agent redact --sweep``: reports counts, never a value, and says what it could not do."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from agent.redaction import RULES_VERSION
from agent.store import Store
from agent.store.texts import SWEPT
from tests.agent.cli.conftest import Command
from tests.agent.store.helpers import redacted_call
from tests.agent.sweep.planted import CARD, PLACES, bytes_of, dump, fill, plant, plant_turns

ROOT = Path(__file__).parents[3]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with a card in every column that holds texts."""
    fill(tmp_path / "store.db")
    plant(tmp_path / "store.db", *PLACES)
    monkeypatch.setenv("BILLING_AGENT_STORE", str(tmp_path / "store.db"))
    return tmp_path / "store.db"


def test_the_report_counts_by_table_column_and_entity(command: Command, path: Path) -> None:
    (row,) = command("redact", "--sweep", "--json").rows
    taken = row.pop("taken")
    assert row == {
        "rules_version": RULES_VERSION, "dry_run": False, "calls": 2, "failed": 0, "ids_with_a_card": 0, "rewritten": True,
    }  # fmt: skip
    assert {f"{one['table']}.{one['column']}" for one in taken} == set(PLACES)
    assert {(one["entity"], one["count"]) for one in taken} == {("CREDIT_CARD", 1)}
    assert CARD.encode() not in bytes_of(path)
    ran = command("redact", "--sweep")
    assert (ran.code, ran.out) == (0, f"2 calls, 0 stretches masked by rules {RULES_VERSION}\n")


def test_the_report_is_a_table_for_people_and_holds_no_value(command: Command, path: Path) -> None:
    ran = command("redact", "--sweep")
    assert (ran.code, ran.err) == (0, "")
    rows = [line.split() for line in ran.out.splitlines()]
    assert rows[0] == ["table", "column", "entity", "count"]
    assert ["calls", "body", "CREDIT_CARD", "1"] in rows
    assert ran.out.endswith(f"2 calls, {len(PLACES)} stretches masked by rules {RULES_VERSION}\n")
    assert "4532" not in ran.out


def test_a_dry_run_reports_and_changes_nothing(command: Command, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = dump(path)
    ran = command("redact", "--sweep", "--dry-run")
    assert (ran.code, dump(path)) == (0, before)
    assert f"{len(PLACES)} stretches would be masked" in ran.out
    monkeypatch.setenv("BILLING_AGENT_DRY_RUN", "1")
    assert "would be masked" in command("redact", "--sweep").out
    assert dump(path) == before


def test_sweeps_that_were_made_are_shown(command: Command, path: Path) -> None:
    command("redact", "--sweep")
    command("redact", "--sweep")
    first, second = command("redact", "--sweep", "--history", "--json").rows
    assert (first["sweep_id"], first["rules_version"], first["calls"], first["rewritten"]) == (
        1,
        RULES_VERSION,
        2,
        True,
    )
    assert len(first["taken"]) == len(PLACES)
    assert second["taken"] == []
    shown = command("redact", "--sweep", "--history").out
    assert f"UTC, rules {RULES_VERSION}: 2 calls\n" in shown
    assert "CREDIT_CARD" in shown
    with sqlite3.connect(path) as raw:
        raw.execute("INSERT INTO sweeps (rules_version, started_at) VALUES (1, '2026-03-02T09:30:00.000000+00:00')")
    raw.close()
    assert "sweep 3, 2026-03-02 09:30 UTC, rules 1: was interrupted\n" in command("redact", "--sweep", "--history").out


def test_a_store_that_was_never_swept_says_so(command: Command, tmp_path: Path) -> None:
    Store(tmp_path / "new.db").close()
    assert command("redact", "--sweep", "--history", "--store", "new.db").out == "no sweep was made of this store\n"
    assert command("redact", "--sweep", "--history", "--json", "--store", "new.db").rows == []


def test_a_store_that_is_missing_is_one_sentence_and_none_is_made(command: Command, tmp_path: Path) -> None:
    for more in ([], ["--dry-run"], ["--history"]):
        ran = command("redact", "--sweep", "--store", "deep/none.db", *more)
        assert (ran.code, ran.out) == (3, "")
        assert ran.err == "billing-agent: there is no store at deep/none.db; name it with --store\n"
    assert not (tmp_path / "deep").exists()


def test_a_file_that_is_no_store_is_refused(command: Command, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("my shopping list " * 100)
    ran = command("redact", "--sweep", "--store", "notes.txt")
    assert (ran.code, "is not a store of this program" in ran.err) == (3, True)


def test_what_could_not_be_done_is_told_with_exit_code_one(
    command: Command, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(path) as store:
        store.begin(redacted_call(CARD), run_id="run_card", model="stand-in", world=None)
    monkeypatch.setattr(Store, "put_texts", lambda *_: False)
    monkeypatch.setattr(Store, "forget_old_bytes", lambda _: False)
    ran = command("redact", "--sweep")
    assert ran.code == 1
    told = ran.err.splitlines()
    assert told[0] == "billing-agent: left as they were, because the rules failed or somebody worked on them: 2 calls"
    assert told[1].startswith(
        "billing-agent: calls with a card number in their own id, which a sweep never changes: 1;"
    )
    assert told[2].startswith("billing-agent: another process is reading the store")
    assert CARD not in ran.out + ran.err


def test_the_workspace_file_is_for_its_own_calls(command: Command, tmp_path: Path) -> None:
    fill(tmp_path / "w.db")
    plant_turns(tmp_path / "w.db", "my account number is 4412876, thanks", "mm-hmm")
    for name, taken in (("ws_other", 0), ("ws_fern", 2)):
        (tmp_path / "w.toml").write_text(f'id = "{name}"\nbare_account_number = "bank"\n')
        (row,) = command("redact", "--sweep", "--store", "w.db", "--workspace", "w.toml", "--json", "--dry-run").rows
        assert sum(one["count"] for one in row["taken"]) == taken


def test_progress_is_told_when_asked_for(command: Command, path: Path) -> None:
    assert "records in " in command("redact", "--sweep", "--progress").err


def test_several_processes_take_the_same(command: Command, path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(path.read_bytes())
    (one,), (two,) = (
        command("redact", "--sweep", "--json").rows,
        command("redact", "--sweep", "--json", "--jobs", "2", "--store", "copy.db").rows,
    )
    assert one == two
    own = {name: rows for name, rows in dump(path).items() if name in SWEPT}
    assert {name: rows for name, rows in dump(copy).items() if name in SWEPT} == own
    assert CARD.encode() not in bytes_of(copy)


@pytest.mark.acceptance
def test_an_interrupted_sweep_has_done_whole_calls_and_the_next_one_does_the_rest(tmp_path: Path) -> None:
    """Killed at any moment: what is masked stays masked, nothing is half done, and the second run finishes."""
    path = tmp_path / "many.db"
    fill(path)
    with Store(path) as store:
        for number in range(300):
            call = redacted_call(f"call_{number:04}").model_copy(update={"summary": f"card {CARD}"})
            store.begin(call, run_id=f"run_{number:04}", model="stand-in", world=None)
    command = [sys.executable, "-m", "agent.cli", "redact", "--sweep", "--store", str(path)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while process.poll() is None and not any(row["in_table"] == "calls" for row in dump(path).get("swept", [])):
            pass
        process.kill()
        process.wait(20)
    done = subprocess.run(command, env=env, capture_output=True, check=False, text=True, timeout=100)
    assert (done.returncode, done.stderr) == (0, "")
    assert CARD.encode() not in bytes_of(path)
    with Store(path) as store:
        first, second = store.sweeps()
        assert first.finished_at is None
        assert sum(first.swept.values()) + sum(second.swept.values()) == 300
        assert first.rewritten
