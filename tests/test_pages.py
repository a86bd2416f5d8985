"""The generated pages are fresh, and the coverage table holds."""

from __future__ import annotations

import pytest

from tests import pages


def test_every_requirement_has_a_test_or_is_planned() -> None:
    assert pages.coverage_problems() == []


@pytest.mark.parametrize("name", sorted(pages.PAGES))
def test_the_page_is_fresh(name: str) -> None:
    written = (pages.DOCS / name).read_text(encoding="utf-8")
    assert written == pages.PAGES[name](), f"docs/{name} is stale: run `make docs`"
