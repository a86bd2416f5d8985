"""The project card: the named packages do their jobs, the top level is as named, CI runs the gate (C01, C02, C08)."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _imports(folder: str) -> set[str]:
    """Top-level names of everything imported under ``folder``, also inside functions."""
    found: set[str] = set()
    for path in (ROOT / folder).rglob("*.py") if (ROOT / folder).is_dir() else [ROOT / folder]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.split(".")[0])
    return found


@pytest.mark.covers("C01")
@pytest.mark.parametrize(
    ("folder", "packages"),
    [
        ("agent/redaction", {"presidio_analyzer", "presidio_anonymizer"}),
        ("agent/models/client.py", {"openai", "instructor"}),
        ("agent/extraction/tokens.py", {"tiktoken"}),
        ("agent/extraction/reading.py", {"pydantic"}),
        ("tools/http.py", {"httpx"}),
        ("tests/tools", {"vcr", "pytest"}),
    ],
)
def test_each_named_package_does_its_job_where_the_job_is(folder: str, packages: set[str]) -> None:
    assert packages <= _imports(folder)


@pytest.mark.covers("C01", "C03")
def test_presidios_own_engines_find_and_replace() -> None:
    from presidio_analyzer import AnalyzerEngine
    from presidio_anonymizer import AnonymizerEngine

    from agent.redaction import Redactor

    ran: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for engine, name in ((AnalyzerEngine, "analyze"), (AnonymizerEngine, "anonymize")):
            real = getattr(engine, name)

            def watched(*args: object, _real: object = real, _name: str = name, **more: object) -> object:
                ran.append(_name)
                return _real(*args, **more)  # type: ignore[operator]

            patch.setattr(engine, name, watched)
        assert "4111" not in Redactor().redact_text("my card is 4111 1111 1111 1111")
    assert {"analyze", "anonymize"} <= set(ran)


@pytest.mark.covers("C01")
def test_no_other_part_speaks_to_a_model_or_a_vendor() -> None:
    for folder in ("agent/loop", "agent/redaction", "agent/review", "agent/store", "agent/intake"):
        assert not {"openai", "instructor", "httpx"} & _imports(folder), folder
    assert not {"openai", "instructor"} & _imports("tools")


@pytest.mark.covers("C02")
def test_the_top_level_is_as_named() -> None:
    for name in ("agent", "tools", "prompts", "evals", "fixtures", "tests", "docs"):
        assert (ROOT / name).is_dir(), name
    for part in ("evals/datasets", "evals/scorers", "evals/calibration", "fixtures/calls", "fixtures/worlds"):
        assert (ROOT / part).is_dir(), part
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages == {"agent", "tools", "prompts", "evals", "fixtures", "tests"}


def _recipe(target: str) -> str:
    """The recipe of a make target, variables of the file filled in."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", text, re.MULTILINE)
    assert found is not None, target
    recipe = found[1]
    for name, value in re.findall(r"^(\w+) :?= (.*)$", text, re.MULTILINE)[::-1]:
        recipe = recipe.replace(f"$({name})", value)
    return recipe


@pytest.mark.covers("C08")
@pytest.mark.parametrize("target", ["check", "eval"])
def test_make_runs_the_gated_eval_suite_offline_whatever_model_is_set_up(target: str) -> None:
    assert re.search(r"billing-agent eval run --gate --model stand-in$", _recipe(target), re.MULTILINE)


@pytest.mark.covers("C08")
@pytest.mark.parametrize("script", [".ci/run", ".github/workflows/ci.yml"])
def test_ci_runs_make_check_and_make_test(script: str) -> None:
    lines = [line.strip().removeprefix("- run: ") for line in (ROOT / script).read_text(encoding="utf-8").splitlines()]
    assert "make check" in lines
    assert "make test" in lines
    assert not [line for line in lines if line.startswith("make") and "||" in line]


@pytest.mark.covers("C08")
def test_the_gate_ignores_a_model_that_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    from agent.settings import STAND_IN, Settings

    monkeypatch.setenv("OPENAI_API_KEY", "sk-none")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://model.example/v1")
    monkeypatch.setenv("BILLING_AGENT_MODEL", "some-model")
    settings = Settings.load(model=STAND_IN)
    assert (settings.model, settings.openai_api_key, settings.openai_base_url) == (STAND_IN, None, None)
