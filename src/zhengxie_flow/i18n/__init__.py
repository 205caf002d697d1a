"""Messages and labels in Chinese and English: texts from codes and parameters, and the choice of a language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from string import Formatter
from typing import Any, Self

from zhengxie_flow.errors import Problem, ZhengxieError
from zhengxie_flow.i18n.catalogue import LANGUAGES, Text, former_codes, texts

__all__ = [
    "LANGUAGES", "Rendered", "Text", "choose_language", "current_code", "describe", "label", "labelled", "named",
    "problem", "render",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message and its remedy, in one language."""

    message: str
    fix: str


_OPTIONAL = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


class _Shown(dict[str, Any]):
    """Parameters as they are shown; a missing one stays visible as its placeholder."""

    def __init__(self, params: Mapping[str, Any], lang: str) -> None:
        super().__init__((name, _Word(_shown(value, lang), lang)) for name, value in params.items())
        self._lang = lang

    def __missing__(self, key: str) -> _Word:
        return _Word("{" + key + "}", self._lang)


class _Word(str):
    """A parameter; ``{name:family}`` in a text shows a word of the language with its label from that family.

    A concept of the glossary (``{kind:term}``) is shown by its word alone.
    """

    __slots__ = ("lang",)
    lang: str

    def __new__(cls, value: object, lang: str) -> Self:
        word = super().__new__(cls, value)
        word.lang = lang
        return word

    def __format__(self, family: str) -> str:
        text = texts().get(f"{family}.{self}") if family else None
        if text is None:
            return str(self)
        return text.say(self.lang) if family == "term" else named(text.say(self.lang), str(self), self.lang)


def _shown(value: Any, lang: str) -> Any:
    match value:
        case None:
            return "-"
        case tuple() | list() | set() | frozenset():
            return ("、" if lang == "zh" else ", ").join(str(_shown(entry, lang)) for entry in value) or "-"
        case date():
            return value.isoformat()
    return value


def render(code: str, params: Mapping[str, Any], lang: str) -> Rendered:
    """Render a message of the catalogue.

    Args:
        code: A code (``ZX4031``), one of an earlier release that was merged into another, or the key of a label.
        params: The values of its placeholders.
        lang: ``zh`` or ``en``.

    Returns:
        The message and its remedy; an unknown code is shown with its bare parameters.

    Example:
        >>> render("ZX6011", {"name": "topic"}, "en").message
        "'topic' is given twice."
    """
    text = texts().get(code)
    if text is None and code in former_codes():
        former = former_codes()[code]
        return render(former.now, former.current(params), lang)
    values = _Shown(params, lang)
    if text is None:
        return Rendered(", ".join(f"{name}={value}" for name, value in values.items()) or code, "")
    return Rendered(_filled(text.say(lang), values), _filled(text.remedy(lang), values))


def current_code(code: str) -> str:
    """Return the code that is raised today in the place of a code.

    Args:
        code: A code of this release or of an earlier one.

    Returns:
        The code that a merged one became part of; any other code as it is.

    Example:
        >>> current_code("ZX4010"), current_code("ZX1201")
        ('ZX1201', 'ZX1201')
    """
    former = former_codes().get(code)
    return code if former is None else former.now


def _filled(template: str, values: Mapping[str, Any]) -> str:
    """Fill a template; a part in double brackets is dropped where one of its placeholders is empty."""

    def kept(match: re.Match[str]) -> str:
        names = (name for _, name, _, _ in Formatter().parse(match[1]) if name is not None)
        return "" if any(values.get(name, "-") in ("", "-") for name in names) else match[1]

    return _OPTIONAL.sub(kept, template).format_map(values)


def describe(error: ZhengxieError, lang: str) -> Rendered:
    """Render the message of an error.

    Args:
        error: An error that the engine raised.
        lang: ``zh`` or ``en``.

    Returns:
        The message and its remedy.

    Example:
        >>> from zhengxie_flow.errors import UsageError
        >>> describe(UsageError("ZX6011", name="topic"), "zh").message
        '“topic”给了两次。'
    """
    return render(error.code, error.params, lang)


def problem(finding: Problem, lang: str) -> Rendered:
    """Render the message of a finding about input."""
    return render(finding.code, finding.params, lang)


def label(key: str, lang: str, **params: Any) -> str:
    """Return a word or phrase of the interface; the last part of the key where there is none.

    Example:
        >>> label("verdict.breach", "zh")
        '违规'
    """
    if key not in texts():
        return key.rsplit(".", 1)[-1]
    return render(key, params, lang).message


def named(name: str, ident: str, lang: str) -> str:
    """Return a name with the id in brackets; the id alone where there is no other name.

    Example:
        >>> named("Receive the request", "receive", "en")
        'Receive the request (receive)'
        >>> named("", "receive", "en")
        'receive'
    """
    if not name or name == ident:
        return ident
    return f"{name}（{ident}）" if lang == "zh" else f"{name} ({ident})"


def labelled(key: str, text: str, lang: str) -> str:
    """Return a label of the interface, a colon and a text, in the punctuation of the language.

    Example:
        >>> labelled("cli.clause", "7(2)", "zh")
        '条款：7(2)'
    """
    return f"{label(key, lang)}：{text}" if lang == "zh" else f"{label(key, lang)}: {text}"


def choose_language(explicit: str | None, environ: Mapping[str, str]) -> str:
    """Choose the language for people.

    Args:
        explicit: The language asked for, if any.
        environ: The environment; ``ZHENGXIE_LANG`` goes before the locale.

    Returns:
        ``zh`` or ``en``; ``en`` where nothing names a language.

    Example:
        >>> choose_language(None, {"LANG": "zh_CN.UTF-8"})
        'zh'
    """
    for requested in (explicit, environ.get("ZHENGXIE_LANG")):
        if requested in LANGUAGES:
            return requested
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            return "zh" if environ[name].lower().startswith("zh") else "en"
    return "en"
