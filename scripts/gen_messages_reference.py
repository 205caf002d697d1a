"""Write docs/reference/messages.md: every code with its message and mend in both languages, and the glossary."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from zhengxie_flow.i18n.catalogue import FOLDER, area, former_codes, glossary, texts

TARGET = Path(__file__).parents[1] / "docs" / "reference" / "messages.md"
CODE = re.compile(r"ZX\d{4}")

HEAD = """\
# Messages

This page is written by `scripts/gen_messages_reference.py`; change `src/zhengxie_flow/i18n/`, not the page.

A code is stable: it never means something else, and is never forgotten; its text may become better. In each row the first
line says what is wrong and why, the second how to mend it. Words in braces are filled in, and what stands in double brackets
is left out where there is nothing to say. `zhengxie_flow.i18n.describe` gives both to a program, and with `--format json` they are
the keys `message` and `fix`.

## Words

One word for each concept, in messages, labels, help and pages; a test looks for those that are not to be used.

| concept | Chinese | English | not | |
|---|---|---|---|---|
"""

FORMER = """
## Former codes

Earlier releases raised a code of its own for the same mistake in another place. One code says it now; the place is
given by file, line and column, the kind of thing by the message. Whoever looks up a former code is given the present one.

| former code | now | |
|---|---|---|
"""

CODES = """
## Codes

| code | Chinese | English |
|---|---|---|
"""


def render() -> str:
    """The whole page."""
    entries: dict[str, Any] = {}
    for path in FOLDER.glob("*.json"):
        entries |= area(path.stem)
    words = "".join(_word(name, term) for name, term in glossary().items())
    former = "".join(_former(code) for code in sorted(former_codes()))
    codes = "".join(_row(code) for code in sorted(entries) if CODE.fullmatch(code))
    return HEAD + words + FORMER + former + CODES + codes


def _word(name: str, term: dict[str, Any]) -> str:
    never = re.sub(r"\(\?!.\)", "", "、".join((*term["never_zh"], *term["never_en"])))
    return f"| {name} | {term['zh']} | {term['en']} | {never} | {term.get('note', '')} |\n"


def _former(code: str) -> str:
    former = former_codes()[code]
    text = texts()[former.now].en
    if former.kind is not None:
        text = text.replace("{kind:term}", texts()[f"term.{former.kind}"].en)
    return f"| {code} | {former.now} | {_cell(text)} |\n"


def _row(code: str) -> str:
    text = texts()[code]
    merged = [old for old, former in sorted(former_codes().items()) if former.now == code]
    formerly = f"<br>formerly {', '.join(merged)}" if merged else ""
    return (
        f"| {code}{formerly} | {_cell(text.zh)}<br>{_cell(text.fix_zh)} | {_cell(text.en)}<br>{_cell(text.fix_en)} |\n"
    )


def _cell(text: str) -> str:
    text = re.sub(r"\{(\w+):\w+\}", r"{\1}", text).replace("{{", "{").replace("}}", "}")
    return text.replace("|", r"\|").replace("<", "&lt;").replace("\n", " ").strip()


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
    sys.stdout.write(f"{TARGET}\n")
