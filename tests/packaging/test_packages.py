"""The packaging traps: every package is listed, data ships, and no registry address is committed."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOP = ("agent", "tools", "prompts", "evals", "fixtures")


def _pyproject() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.covers("C02")
def test_every_package_is_listed_in_pyproject() -> None:
    on_disk = {
        ".".join(init.parent.relative_to(ROOT).parts) for top in TOP for init in (ROOT / top).rglob("__init__.py")
    }
    listed = set(_pyproject()["tool"]["setuptools"]["packages"])  # type: ignore[index]
    assert listed == on_disk


@pytest.mark.covers("C01")
def test_the_named_packages_are_dependencies() -> None:
    project = _pyproject()["project"]
    run_time = " ".join(project["dependencies"])  # type: ignore[index]
    tests = " ".join(project["optional-dependencies"]["test"])  # type: ignore[index]
    for name in (
        "openai==3.3.*",
        "instructor",
        "pydantic",
        "tiktoken",
        "presidio-analyzer",
        "presidio-anonymizer",
        "httpx",
    ):
        assert name in run_time
    assert "pytest" in tests
    assert "vcrpy" in tests


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {path.parent for top in TOP for path in (ROOT / top).rglob("*.py")}
    assert not [folder for folder in folders if not (folder / "__init__.py").exists()]


def test_locks_hold_names_and_versions_only() -> None:
    line = re.compile(r"^[a-z0-9][a-z0-9._-]*==[\w.!+]+( ; .+)?$")
    for lock in ("requirements.lock", "requirements-dev.lock"):
        for text in (ROOT / lock).read_text(encoding="utf-8").splitlines():
            assert line.match(text), f"{lock}: {text}"


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def test_no_registry_host_and_no_path_of_a_build_machine_is_committed() -> None:
    registry = re.compile(
        "|".join(["py" + r"pi\.org", "python" + r"hosted\.org", "registry" + r"\.npmjs", "index-" + "url"])
    )
    place = re.compile(r"(?<![\w.])/(?:wo" + r"rk|fa" + r"rm|ro" + r"ot)/[A-Za-z.]")
    for path in _tracked():
        if not path.exists() or path.suffix in {".png"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not registry.search(text), path
        assert not place.search(text), path
