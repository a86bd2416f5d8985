"""The wheel, installed somewhere else, does the main job from an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _run(command: list[str], cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the built wheel unpacked into it."""
    build, place = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("installed")
    source = build / "source"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            target = source / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
    wheel = _run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(build), str(source)], build
    )
    assert wheel.returncode == 0, wheel.stderr[-2000:]
    (archive,) = build.glob("*.whl")
    unpacked = _run([sys.executable, "-m", "zipfile", "-e", str(archive), str(place)], build)
    assert unpacked.returncode == 0
    return place


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "import sys; from agent.cli import main; sys.exit(main())", *arguments]


@pytest.mark.acceptance
def test_the_wheel_holds_its_data_and_no_tests(installed: Path) -> None:
    names = {path.relative_to(installed).as_posix() for path in installed.rglob("*") if path.is_file()}
    for needed in (
        "prompts/extract_billing/prompt.md",
        "prompts/choose_tools/meta.toml",
        "evals/calibration/stand-in.json",
        "fixtures/calls/calls.jsonl",
        "fixtures/worlds/main.json",
    ):
        assert needed in names
    assert any(name.startswith("agent/store/") and name.endswith(".sql") for name in names)
    assert not any(name.startswith(("tests/", "benchmarks/")) for name in names)


@pytest.mark.acceptance
def test_process_works_from_the_wheel_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    fixture = (installed / "fixtures/calls/calls.jsonl").read_text(encoding="utf-8").splitlines()[0]
    call = json.loads(fixture)["call"]
    (tmp_path / "one.json").write_text(json.dumps(call), encoding="utf-8")
    done = _run(
        _command(
            "process",
            "one.json",
            "--json",
            "--model",
            "stand-in",
            "--world",
            str(installed / "fixtures/worlds/main.json"),
        ),
        tmp_path,
        PYTHONPATH=str(installed),
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["call_id"] == call["call_id"]


@pytest.mark.acceptance
def test_the_demo_works_from_the_wheel_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    done = _run(_command("demo"), tmp_path, PYTHONPATH=str(installed))
    assert done.returncode == 0, done.stderr
    assert "review" in done.stdout
