"""Write docs/reference/cli.md from the program itself: every command, argument and option with its help."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zhengxie_flow.cli import language
from zhengxie_flow.cli.group import COMMANDS, make_command
from zhengxie_flow.cli.main import build
from zhengxie_flow.i18n.catalogue import texts

TARGET = Path(__file__).parents[1] / "docs" / "reference" / "cli.md"
SHARED = {"project", "db", "lang", "format"}

HEAD = """\
# The command line

This page is written by `scripts/gen_cli_reference.py`; change the help texts in the program, not here.

```
zhengxie [--project DIR] [--db URL] [--lang zh|en] [--format text|json] COMMAND
```

{intro}

With `--format json` standard output is one document, `{{"format": 1, "data": …}}` or `{{"format": 1, "error": …}}`,
described by [output.schema.json](output.schema.json); prose and progress go to standard error.  Keys and ids are never
translated; messages inside JSON are English unless `--lang` or `ZHENGXIE_LANG` says otherwise.

`ZHENGXIE_CLOCK` fixes the clock at an instant, and every event written so is marked; `ZHENGXIE_DEBUG=1` shows the
details of an internal error; `NO_COLOR` turns colour off; `ZHENGXIE_CACHE=off` keeps `check` from keeping what it found
in `.zhengxie/cache` of the project, which may be removed at any time.
"""


def render() -> str:
    """The whole page, in English."""
    language.scan_arguments(["--lang", "en"])
    program = build()
    parts = [HEAD.format(intro=texts()["cli.program"].en), "## Options of every command\n", _options(program)]
    for name in COMMANDS:
        command = make_command(name)
        children = getattr(command, "commands", None)
        if children:
            parts.append(f"## {name}\n\n{command.help}\n")
            parts += [_command(f"{name} {inner}", child, "###") for inner, child in children.items()]
        else:
            parts.append(_command(name, command, "##"))
    return "\n".join(parts)


def _command(path: str, command: Any, mark: str) -> str:
    words = [f"zhengxie {path}", *(_argument(param) for param in _own(command, "argument"))]
    words += [_usage(param) for param in _own(command, "option")]
    return f"{mark} {path}\n\n{command.help}\n\n```\n{' '.join(words)}\n```\n\n{_options(command)}"


def _own(command: Any, kind: str) -> Iterator[Any]:
    return (param for param in command.params if param.param_type_name == kind and not param.hidden)


def _argument(param: Any) -> str:
    name = param.metavar or param.name.upper()
    shown = f"{name}…" if param.nargs == -1 else name
    return shown if param.required else f"[{shown}]"


def _usage(param: Any) -> str:
    shown = max(param.opts, key=len)
    if not param.is_flag:
        shown += f" {param.metavar or 'VALUE'}"
    if param.multiple:
        return f"[{shown}]…"
    return shown if param.required else f"[{shown}]"


def _options(command: Any) -> str:
    rows = [f"| `{_argument(param).strip('[]')}` | {param.help} |" for param in _own(command, "argument")]
    for param in _own(command, "option"):
        names = ", ".join(f"`{name}`" for name in param.opts)
        default = f" (default: `{param.default}`)" if isinstance(param.default, str) else ""
        needed = " Required." if param.required else ""
        rows.append(f"| {names} | {param.help.rstrip('.')}{default}.{needed} |")
    return "\n".join(["| | |", "|---|---|", *rows]) + "\n" if rows else ""


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(render(), encoding="utf-8")
    sys.stdout.write(f"{TARGET}\n")
