"""Language and output format, read before the command line is parsed: help and parser errors need them."""

from __future__ import annotations

import os
from collections.abc import Sequence

from zhengxie_flow.i18n import LANGUAGES, choose_language
from zhengxie_flow.i18n.catalogue import texts

_requested: dict[str, str | None] = {"lang": None, "format": None, "project": None}


def scan_arguments(args: Sequence[str]) -> None:
    """Record ``--lang`` and ``--format`` wherever they stand on the command line."""
    _requested.update(lang=_value(args, "--lang"), format=_value(args, "--format"), project=None)


def set_project_language(lang: str | None) -> None:
    """Record the language of a project: it goes before the locale, and after options and environment."""
    _requested["project"] = lang


def _value(args: Sequence[str], option: str) -> str | None:
    value = None
    for index, arg in enumerate(args):
        if arg == "--":
            break
        if arg == option and index + 1 < len(args):
            value = args[index + 1]
        elif arg.startswith(f"{option}="):
            value = arg.partition("=")[2]
    return value


def wants_json() -> bool:
    """Return whether the answer, or the error, is to be one JSON document."""
    return _requested["format"] == "json"


def text_language(explicit: str | None = None) -> str:
    """Return the language of text: by option, by environment, by project, by locale."""
    asked = explicit or _requested["lang"] or os.environ.get("ZHENGXIE_LANG")
    return choose_language(asked if asked in LANGUAGES else _requested["project"], os.environ)


def json_language(explicit: str | None = None) -> str:
    """Return the language of messages inside JSON: English unless an option or ``ZHENGXIE_LANG`` says otherwise."""
    for requested in (explicit, _requested["lang"], os.environ.get("ZHENGXIE_LANG")):
        if requested in LANGUAGES:
            return requested
    return "en"


def help_for(path: str, param: str | None, lang: str) -> str:
    """Return the help of a command, or of one of its options: its own text, else the one shared by all commands."""
    if param is None:
        return texts()[f"cli.{path}"].say(lang)
    text = texts().get(f"cli.{path}.{param}") or texts().get(f"cli.option.{param}")
    return text.say(lang) if text is not None else ""
