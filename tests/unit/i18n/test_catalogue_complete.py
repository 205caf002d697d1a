"""Every text is there in both languages, with the same placeholders, and every code that is raised has one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

import zhengxie_flow
from zhengxie_flow.i18n import LANGUAGES, label
from zhengxie_flow.i18n.catalogue import Text, texts
from zhengxie_flow.model.event import EventType, Mode
from zhengxie_flow.model.process import Force
from zhengxie_flow.model.verdict import Verdict

SOURCES = Path(zhengxie_flow.__file__).parent
MESSAGES = SOURCES / "i18n" / "messages"
CODE = re.compile(r"ZX\d{4}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
RAISERS = re.compile(r".*Error$|^Problem$|^NotFound$|^Refused$|^Conflict$|^ChainBroken$|^Invalid\w+$")
NOT_SHOWN = {"where", "clause", "problems", "reasons", "severity"}


def faults() -> dict[str, Text]:
    return {key: text for key, text in texts().items() if CODE.fullmatch(key)}


def placeholders(template: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(template) if name is not None)


def wrong_with(text: Text, *, fault: bool) -> list[str]:
    """Everything a reader of one of the languages would miss."""
    checks = {
        "empty": bool(text.zh.strip() and text.en.strip()),
        "other placeholders": set(placeholders(text.zh)) == set(placeholders(text.en)),
        "other placeholders in the mend": set(placeholders(text.fix_zh)) == set(placeholders(text.fix_en)),
        "placeholders that are no names": all(name.isidentifier() for name in _named(text)),
        "Chinese in the English text": not CHINESE.search(text.en + text.fix_en),
        "no Chinese text": not fault or bool(CHINESE.search(text.zh)),
        "no mend": not fault or bool(CHINESE.search(text.fix_zh) and text.fix_en.strip()),
        "a mend in one language": bool(text.fix_zh) == bool(text.fix_en),
    }
    return [name for name, fine in checks.items() if not fine]


def test_every_text_is_complete_in_both_languages() -> None:
    found = {key: wrong_with(text, fault=bool(CODE.fullmatch(key))) for key, text in texts().items()}
    assert {key: wrong for key, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (Text(zh="无 {a}", en="no {b}", fix_zh="改", fix_en="mend"), ["other placeholders"]),
        (Text(zh="无", en="无", fix_zh="改", fix_en="mend"), ["Chinese in the English text"]),
        (Text(zh="none", en="none", fix_zh="改", fix_en="mend"), ["no Chinese text"]),
        (Text(zh="无", en="none"), ["no mend"]),
        (Text(zh="{0}", en="{0}", fix_zh="改", fix_en="mend"), ["placeholders that are no names", "no Chinese text"]),
    ],
)
def test_an_incomplete_text_is_noticed(text: Text, wrong: list[str]) -> None:
    assert wrong_with(text, fault=True) == wrong


def written_codes() -> dict[str, str]:
    """Every code in the sources outside the catalogue, with a file that writes it."""
    return {
        code: str(path.relative_to(SOURCES))
        for path in SOURCES.rglob("*.py")
        if MESSAGES not in path.parents
        for line in path.read_text(encoding="utf-8").splitlines()
        if ">>> current_code(" not in line  # its example is a former code
        for code in CODE.findall(line)
    }


def test_every_code_that_is_written_has_a_text() -> None:
    assert {code: path for code, path in written_codes().items() if code not in texts()} == {}


def test_every_text_of_a_fault_belongs_to_a_code_that_is_written() -> None:
    assert set(faults()) - set(written_codes()) == set()


def raised() -> Iterator[tuple[str, str, set[str]]]:
    """Every fault built with all its parameters in sight: the place, the code and the parameters' names."""
    for path in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found = _raised(node)
            if found is not None:
                yield f"{path.relative_to(SOURCES)}:{node.lineno}", *found  # type: ignore[attr-defined]


def _raised(node: ast.AST) -> tuple[str, set[str]] | None:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and RAISERS.match(node.func.id)):
        return None
    first = node.args[0] if node.args else None
    if not (isinstance(first, ast.Constant) and isinstance(first.value, str) and CODE.fullmatch(first.value)):
        return None
    if any(keyword.arg is None for keyword in node.keywords):
        return None
    shown = {keyword.arg for keyword in node.keywords if keyword.arg} - NOT_SHOWN
    others = [arg for arg in node.args[1:] if not isinstance(arg, ast.Constant)]
    if node.func.id == "Problem":  # its parameters are one mapping: the third argument, if any
        shown, others = set(), node.args[2:] + [entry.value for entry in node.keywords if entry.arg == "params"]
    for mapping in others:
        if not isinstance(mapping, ast.Dict) or not all(isinstance(key, ast.Constant) for key in mapping.keys):
            return None  # parameters that are worked out
        shown |= {str(key.value) for key in mapping.keys if isinstance(key, ast.Constant)}
    return first.value, shown


def test_every_fault_brings_what_its_text_names() -> None:
    known = texts()
    missing = {
        f"{place} {code}": sorted(wanted)
        for place, code, given in raised()
        if code in known and (wanted := _named(known[code]) - given)
    }
    assert missing == {}


def test_the_search_for_faults_sees_them() -> None:
    assert len({code for _, code, _ in raised()}) > len(faults()) / 3


def _named(text: Text) -> set[str]:
    return {name for part in (text.zh, text.en, text.fix_zh, text.fix_en) for name in placeholders(part)}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("family", "words"),
    [("verdict", list(Verdict)), ("force", get_args(Force)), ("event", list(EventType)), ("mode", list(Mode))],
)
def test_every_word_of_the_model_has_a_label(lang: str, family: str, words: list[str]) -> None:
    keys = {f"{family}.{word}" for word in words}
    assert keys <= set(texts())
    assert len({label(key, lang) for key in keys}) == len(keys)


FAMILIES = ("term.", "force.", "mode.", "anchor.", "type.", "outcome.", "calendar.status.")
"""Labels looked up by a word of the model or of the glossary, whose key no line of the program writes out."""


def patterns() -> set[str]:
    """What the program writes as a text or as a template of one, as regular expressions."""
    found: set[str] = set()
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 60:
                found.add(re.escape(node.value))
            elif isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
                if sum(len(str(part)) for part in parts if part is not None) >= len("cli."):
                    found.add("".join(".+" if part is None else re.escape(str(part)) for part in parts))
    return found


def test_every_label_is_looked_up_somewhere() -> None:
    used = [re.compile(pattern) for pattern in patterns()]
    labels = [key for key in texts() if not CODE.fullmatch(key) and not key.startswith(FAMILIES)]
    assert [key for key in labels if not any(pattern.fullmatch(key) for pattern in used)] == []
