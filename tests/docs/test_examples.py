"""The examples in the documentation run as written, block after block, in an empty folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [
    page
    for folder in ("tutorial", "howto")  # what people follow step by step; explanations only illustrate
    for page in sorted((DOCS / folder).glob("*.md"))
    if "```python\n" in page.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_the_examples_of_a_page_run(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    names: dict[str, object] = {"__name__": "example"}
    for number, block in enumerate(blocks, 1):
        exec(compile(block, f"{page.name} block {number}", "exec"), names)  # noqa: S102 - running them is the test


def test_there_are_examples():
    assert any(page.name == "embed.md" for page in PAGES)
