"""Write the Python examples of each page as a module, line for line, so that a type checker reads them as a program.

    python scripts/doc_examples.py FOLDER

The examples of a page are one program, block after block, as the tests run them.  A module has the line numbers of its
page.  Pages that only illustrate stand in the list of these.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
ILLUSTRATIONS = {"journal.md"}
"""Pages whose blocks leave out what they need."""


def program(page: str) -> str:
    """The examples of a page, each on the lines it has there, between empty lines."""
    lines, inside = [], False
    for line in page.splitlines():
        if inside and line == "```":
            inside = False
        lines.append(line if inside else "")
        inside = inside or line == "```python"
    return "\n".join(lines).rstrip() + "\n"


def programs() -> Iterator[tuple[str, str]]:
    """The name of a module and its text, for each page that has examples."""
    for page in sorted([*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")]):
        text = page.read_text(encoding="utf-8")
        if "\n```python\n" in text and page.name not in ILLUSTRATIONS | {"api.md"}:
            yield (
                "page_" + str(page.relative_to(ROOT).with_suffix("")).translate(str.maketrans("/.-", "___")),
                program(text),
            )


def main(folder: Path) -> None:
    """Write all of them anew."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("page_*.py"):
        old.unlink()
    for name, text in programs():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
