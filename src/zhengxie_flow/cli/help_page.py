"""Localised help pages: headings, "required" and the line about ``--help`` in the language of the user."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import typer

from zhengxie_flow.cli.language import text_language
from zhengxie_flow.i18n import label

_PARSER_TEXTS = {"[required]": "cli.help.required", "Show this message and exit.": "cli.option.help"}
"""Phrases of the parser's own, with the key of our text for each."""
_DEFAULT = "[default: "
"""How the parser begins the value that an option has where it is left out."""


class HelpPage(typer.Context.formatter_class):  # type: ignore[misc, valid-type]  # its class is known by this name alone
    """The parser's help page with localised phrases."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        super().write_usage(prog, args, prefix or label("cli.help.usage", text_language()) + " ")

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        super().write_heading(label(f"cli.help.{heading.lower()}", text_language()))

    def write_dl(self, rows: Sequence[tuple[str, str]], *args: Any, **named: Any) -> None:
        """Write the table of a section."""
        super().write_dl([(name, _localised(text)) for name, text in rows], *args, **named)


def _localised(text: str) -> str:
    for phrase, code in _PARSER_TEXTS.items():
        if text.endswith(phrase):
            return text.removesuffix(phrase) + label(code, text_language())
    start, default, value = text.rpartition(_DEFAULT)
    return f"{start}[{label('cli.help.default', text_language())}: {value}" if default else text


class LocalisedContext(typer.Context):
    """The context of a command line, with localised help pages."""

    formatter_class = HelpPage
