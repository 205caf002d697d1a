"""Write docs/reference/checks.md: code, name, reason, message, fix of each check, and its examples from the tests."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from zhengxie_flow.i18n.catalogue import Text, former_codes, texts
from zhengxie_flow.reading.checked.loose import UNKNOWN_KIND
from zhengxie_flow.reading.checks import Check, all_checks
from zhengxie_flow.reading.checks.preconditions import REFERENCES

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from tests.checks.project import Example, examples  # noqa: E402  # what the tests try is what the page shows

TARGET = ROOT / "docs" / "reference" / "checks.md"
PROCESS = "talk.yaml"

HEAD = """\
# The checks

This page is written by `scripts/gen_checks_reference.py`; change the checks in `src/zhengxie_flow/reading/checks/`
or their examples in `tests/checks/examples/`, not the page.

`zhengxie check` reads every process with its law, register, decisions and scenarios, and tells all faults of all
files in one run, each with file, line and column. An error makes it end with 1; a warning does not. What the engine
relies on is checked whenever a process is read: {relied}.

The examples are parts of files. In a bad one the comment `# ^ word` points at the word, in the line above it, where
the fault is reported; a code after it belongs to another check that the same fault trips. They are the tests of the
checks: a bad one shows exactly this there, a good one shows nothing. Unless a file is named, an example is part of a
process.

| code | name | severity | |
|---|---|---|---|
"""

REST = """\
## Faults without an example

| code | | |
|---|---|---|
"""


def render() -> str:
    """The whole page."""
    checks = all_checks()
    rows = "".join(
        f"| [{check.code}](#{check.code.lower()}-{check.name}) | {check.name} | {check.severity} | {check.en} |\n"
        for check in checks
    )
    relied = ", ".join(f"`{check.name}`" for check in REFERENCES)
    text = texts()[UNKNOWN_KIND]
    rest = f"| {UNKNOWN_KIND} | {text.en} | {text.zh} |\n"
    return "\n".join([HEAD.format(relied=relied) + rows, *(_section(check) for check in checks), REST + rest])


def _section(check: Check) -> str:
    text, entry = texts()[check.code], examples()[check.name]
    return "\n".join(
        [
            f"## {check.code} {check.name}\n",
            f"{check.en}\n",
            f"{check.zh}\n",
            f"{_message(text, check.kind, 'en')}\n",
            f"{_message(text, check.kind, 'zh')}\n",
            *_formerly(check),
            *(_example("Bad", example) for example in entry.bad),
            *(_example("Good", example) for example in entry.good),
        ]
    )


def _formerly(check: Check) -> list[str]:
    """The line that names the codes which were merged into that of a check."""
    merged = [code for code, former in former_codes().items() if (former.now, former.kind) == (check.code, check.kind)]
    return [f"Formerly {', '.join(merged)}.\n"] if merged else []


def _message(message: Text, kind: str | None, lang: str) -> str:
    text = f"> {message.say(lang)} {message.remedy(lang)}"
    if "{kind:term}" in text:
        text = text.replace("{kind:term}", texts()[f"term.{kind}"].say(lang))
    text = re.sub(r"\{(\w+):\w+\}", r"{\1}", text)
    for marks, shown in (("{{", "{"), ("}}", "}"), ("[[", ""), ("]]", "")):  # double brackets: may be left out
        text = text.replace(marks, shown)
    return text


def _example(kind: str, example: Example) -> str:
    parts = {PROCESS: example} if isinstance(example, str) else example
    shown = []
    for name, part in parts.items():
        caption = kind if name == PROCESS else f"{kind}, `{name}`"
        shown.append(f"{caption}:\n\n```yaml\n{part}```\n")
    return "\n".join(shown)


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
    sys.stdout.write(f"{TARGET}\n")
