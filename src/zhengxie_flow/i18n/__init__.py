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
from zhengxie_flow.i18n.ids import Assignment, Cycle, LabelledId, Quantity, with_ids

__all__ = [
    "LANGUAGES", "Rendered", "Text", "choose_language", "current_code", "describe", "label", "labelled",
    "labelled_word", "named",
    "problem", "render",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message and its remedy, in one language."""

    message: str
    fix: str


_OPTIONAL = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_QUOTED = {"zh": re.compile(r"「\{(\w+)\}」| ?\{(\w+)\} ?"), "en": re.compile(r"'\{(\w+)\}'|\{(\w+)\}")}
"""Placeholders with what labelled ids bring themselves: quotes, which Chinese sets without spaces around them."""
_LABELS_ALONE = frozenset({"outcome", "term"})
"""Families of which the labels say all."""
_YES_OR_NO = {True: "rules.word.true", False: "rules.word.false"}


class _Shown(dict[str, Any]):
    """Parameters as they are shown; a missing one stays visible as its placeholder."""

    def __init__(self, params: Mapping[str, Any], lang: str) -> None:
        super().__init__((name, _Word(value, lang)) for name, value in params.items())
        self._lang = lang

    def __missing__(self, key: str) -> _Word:
        return _Word("{" + key + "}", self._lang)


class _Word(str):
    """A parameter as a sentence shows it: ids by their labels.

    ``{name:id}`` in a text shows the bare ids, for YAML to copy; ``{name:family}`` words of the language with their
    labels from that family; ``{name:system}`` what a system or a driver said, named as that;
    ``{name:case|cases}`` a number with its noun.
    """

    __slots__ = ("lang", "quotes_itself", "value")
    lang: str
    value: Any
    quotes_itself: bool

    def __new__(cls, value: Any, lang: str) -> Self:
        word = super().__new__(cls, _shown(value, lang))
        word.lang, word.value, word.quotes_itself = lang, value, with_ids(value)
        return word

    def __format__(self, family: str) -> str:
        if not family:
            return str(self)
        if "|" in family:  # a number and its noun, for one and for more
            one, more = family.split("|")
            return f"{self} {one if self.value == 1 else more}"
        words = self.value if isinstance(self.value, tuple | list) else (self.value,)
        if family == "id":
            return ", ".join(map(str, words))
        if family == "system":
            return ", ".join(_in_its_words(str(word), self.lang) for word in words)
        return str(_shown([self._labelled(family, word) for word in words], self.lang))

    def _labelled(self, family: str, word: Any) -> Any:
        text = texts().get(f"{family}.{word}")
        if text is None:
            return word
        return text.say(self.lang) if family in _LABELS_ALONE else named(text.say(self.lang), str(word), self.lang)


def _in_its_words(said: str, lang: str) -> str:
    """What a system said; in a Chinese sentence named as what it is."""
    return f"系统原文是「{said}」" if lang == "zh" and re.search("[A-Za-z]{2}", said) else said


def _shown(value: Any, lang: str) -> Any:
    match value:
        case None:
            return "-"
        case LabelledId():
            return value.named(lang)
        case Assignment():
            word = _YES_OR_NO.get(value.value) if isinstance(value.value, bool) else None
            return f"{_shown(value.name, lang)}={_shown(value.value, lang) if word is None else label(word, lang)}"
        case Cycle():
            return " → ".join(str(_shown(entry, lang)) for entry in value)
        case Quantity():
            unit = "" if value.unit is None else label(f"calendar.unit.{value.unit}", lang)
            return f"{value.number}{unit}" if lang == "zh" else f"{value.number} {unit}".rstrip()
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
    return Rendered(_filled(text.say(lang), values, lang), _filled(text.remedy(lang), values, lang))


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


def _filled(template: str, values: Mapping[str, Any], lang: str) -> str:
    """Fill a template; a part in double brackets is dropped where one of its placeholders is empty.

    Quotes around a placeholder are left out where its ids bring their own.
    """

    def kept(match: re.Match[str]) -> str:
        names = (name for _, name, _, _ in Formatter().parse(match[1]) if name is not None)
        return "" if any(values.get(name, "-") in ("", "-") for name in names) else match[1]

    def unquoted(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        return "{" + name + "}" if getattr(values.get(name), "quotes_itself", False) else match[0]

    if "[[" in template:
        template = _OPTIONAL.sub(kept, template)
    if any(value.quotes_itself for value in values.values()):
        template = _QUOTED[lang].sub(unquoted, template)
    return template.format_map(values)


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
        '「topic」给了两次。'
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
    text = texts().get(key)
    return key.rsplit(".", 1)[-1] if text is None else _filled(text.say(lang), _Shown(params, lang), lang)


def labelled_word(family: str, ident: str) -> str:
    """Return an id of the language with its labels, for a message; the id alone where it has none.

    Example:
        >>> known = (labelled_word("verdict", "breach"),)
        >>> render("ZX1201", {"kind": "verdict", "name": "brech", "known": known}, "zh").fix
        '可用：「违规」（breach）。'
    """
    text = texts().get(f"{family}.{ident}")
    return ident if text is None else LabelledId(ident, text.zh, text.en)


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
