"""A word of the language is spelt in at most four source files: its model, its meaning, its check and its texts.

The words are the keys and choices in the JSON Schemas of the YAML files.  A file spells a word when the word stands in
it as a whole string, or as an attribute, a keyword or a field.  Only words that can mean nothing else are counted:
those made of two (``by_date``), and single ones that Python does not know and that nothing outside the models is
called; ``by`` or ``state`` are English, and counting them would count English.

``spelling.yaml`` holds the words that are spelt in more files than four, with how many; its numbers only go down.
"""

from __future__ import annotations

import ast
import builtins
import keyword
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from zhengxie_flow.reading.decoding import read_text
from zhengxie_flow.reading.yaml_reader import read_yaml
from zhengxie_flow.reading.yaml_schema import FILES, schema_of

SOURCES = Path(__file__).resolve().parents[2] / "src" / "zhengxie_flow"
LISTED = Path(__file__).with_name("spelling.yaml")
MOST = 4


def words(schema: Any) -> Iterator[str]:
    """The keys and choices in a JSON Schema."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key in ("properties", "enum"):
                yield from (word for word in value if isinstance(word, str))
            elif key == "const" and isinstance(value, str):
                yield value
            yield from words(value)
    elif isinstance(schema, list):
        for entry in schema:
            yield from words(entry)


def spelt(node: ast.AST) -> tuple[str, ...]:
    """The words that a node of a syntax tree spells."""
    match node:
        case ast.Constant(value=str(text)):
            return (text,)
        case ast.Attribute(attr=name) | ast.keyword(arg=str(name)) | ast.AnnAssign(target=ast.Name(id=name)):
            return (name.rstrip("_"),)  # `from_` is the field of `from`
        case ast.MatchClass(kwd_attrs=names):
            return tuple(names)
    return ()


def bound(node: ast.AST) -> tuple[str, ...]:
    """The names that a node gives to something."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
            return (name,)
        case ast.Name(id=name, ctx=ast.Store()):
            return (name,)
    return ()


@cache
def counted() -> dict[str, int]:
    """In how many source files each counted word is spelt."""
    files: defaultdict[str, set[Path]] = defaultdict(set)
    elsewhere = {*dir(builtins), *keyword.kwlist, *keyword.softkwlist}
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for word in spelt(node):
                files[word].add(path)
            if path.parent != SOURCES / "model":
                elsewhere.update(bound(node))
    language = {word for kind in FILES for word in words(schema_of(kind))}
    return {word: len(files[word]) for word in language if "_" in word or word not in elsewhere}


def listed(section: str) -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(read_text(LISTED, name=LISTED.name), LISTED.name, top="map").value[section]
    return found


def test_no_word_is_spelt_in_more_files_than_listed() -> None:
    ordinary = listed("ordinary")
    found = {word: files for word, files in counted().items() if files > MOST and word not in ordinary}
    assert found == listed("spelt"), "a word spelt in more files than four; or in fewer than listed: lower its number"


def test_every_ordinary_word_is_one_that_would_be_counted() -> None:
    assert {
        word for word, reason in listed("ordinary").items() if not reason or counted().get(word, 0) <= MOST
    } == set()


def test_the_measure_sees_strings_attributes_keywords_fields_and_patterns() -> None:
    code = 'x = {"by_date": 1}\nx.by_date\nf(by_date=1)\nby_date: int\nmatch x:\n    case C(by_date=1): pass\n'
    found = [spelt(node) for node in ast.walk(ast.parse(code))]
    assert [word for row in found for word in row].count("by_date") == len(code.splitlines()) - 1
    assert "by_date" not in [word for node in ast.walk(ast.parse('"""by_date at most"""')) for word in spelt(node)]
