"""The generated pages are fresh, and the coverage table holds."""

from __future__ import annotations

import pytest

from tests import pages


def test_every_requirement_has_a_test_or_is_planned() -> None:
    assert pages.coverage_problems() == []


@pytest.mark.parametrize(
    ("row", "tests", "shown"),
    [
        ({}, ["t"], "tested"),
        ({"planned": "the page"}, ["t"], "partly; still to come: the page"),
        ({"planned": "the page"}, [], "planned: the page"),
        ({}, [], "MISSING"),
    ],
)
def test_the_state_of_a_row(row: dict[str, object], tests: list[str], shown: str) -> None:
    assert pages.state(row, tests) == shown


def test_a_row_without_test_or_plan_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[dict[str, object]] = [{"id": "S99"}, {"id": "S98", "planned": True}, {"id": "S97", "planned": "soon"}]
    monkeypatch.setattr(pages, "requirements", lambda: rows)
    monkeypatch.setattr(pages, "covers_markers", lambda: {"S96": ["t"]})
    assert pages.coverage_problems() == [
        "S99: no test covers it",
        "S98: planned must say what is still to come",
        "S96: no such requirement",
    ]


@pytest.mark.parametrize("name", sorted(pages.PAGES))
def test_the_page_is_fresh(name: str) -> None:
    written = (pages.DOCS / name).read_text(encoding="utf-8")
    assert written == pages.PAGES[name](), f"docs/{name} is stale: run `make docs`"
