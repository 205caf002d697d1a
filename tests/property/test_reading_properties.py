"""Whatever comes in, reading gives a value or one of our errors; both parsers agree; writing reads back."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from tests.support import tries

from zhengxie_flow.errors import InvalidDefinition, InvalidInput
from zhengxie_flow.reading.characters import forbidden_in
from zhengxie_flow.reading.decoding import decode
from zhengxie_flow.reading.jsonl import read_json_lines
from zhengxie_flow.reading.nodes import Node
from zhengxie_flow.reading.writer import dump_yaml
from zhengxie_flow.reading.yaml_parser import FAST
from zhengxie_flow.reading.yaml_reader import read_yaml

QUICK = settings(max_examples=tries(150), suppress_health_check=[HealthCheck.too_slow])

FRAGMENTS = [
    "a",
    "b",
    "on",
    "7.4",
    "null",
    ":",
    "-",
    "\\",
    "\\x",
    "\\u200b",
    "\\ud800",
    "\\U00110000",
    "[",
    "]",
    "{",
    "}",
    ",",
    "'",
    '"',
    "|",
    ">",
    "|2",
    "|9",
    ">+",
    "&x",
    "*x",
    "!t",
    "!!str",
    "!",
    "!<",
    "#",
    "?",
    "：，\u3000",
    "协",
    "%",
    "@",
    "`",
    "<<:",
    "---",
    "...",
    "%YAML",
    "%TAG",
    "=",
    "~",
    "“",
]
SPACED = [
    ": ",
    " :",
    "- ",
    ", ",
    "\n",
    "\n ",
    "\n  ",
    "\n    ",
    " ",
    "\t",
    "# c",
    "a: 1\n",
    "b: c\n",
    "---\n",
]
YAMLISH = st.lists(st.sampled_from(FRAGMENTS + SPACED), max_size=16).map("".join)

SAMPLE = """\
language: 1
process: consultation
zh: 政府协商
law: "7.4"
items: {counterpart: {zh: 协商对象, kind: [expert, 'other']}}
obligations:
  a7.2.notice:
    limit: {at_least: 15, unit: working_day, before: hold}
    note: |
      多行
      文字
  list:
    - {a: 1.50}
    -
"""


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A good definition with a few characters cut out, doubled or put in."""
    text = SAMPLE
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 6)))
        text = text[:start] + draw(st.sampled_from(FRAGMENTS + SPACED + [text[start:end] * 2])) + text[end:]
    return text


def outcome(text: str, parser: str = "auto") -> Node | list[str]:
    try:
        return read_yaml(text, "f", top="any", parser=parser)  # type: ignore[arg-type]
    except InvalidDefinition as error:
        return [str(problem) for problem in error.problems]


@QUICK
@given(st.one_of(YAMLISH, mutated(), st.text(max_size=60)))
def test_any_text_gives_a_node_or_our_error_with_a_place_inside(text: str) -> None:
    try:
        node = read_yaml(text, "f", top="any")
    except InvalidDefinition as error:
        lines = text.split("\n")
        for problem in error.problems:
            assert problem.where.line is not None
            assert problem.where.column is not None
            assert 1 <= problem.where.line <= len(lines)
            assert 1 <= problem.where.column <= len(lines[problem.where.line - 1]) + 1
    else:
        assert _consistent(node)


def _consistent(node: Node) -> bool:
    if node.kind == "map":
        assert node.value == {key: child.value for key, child in node.fields.items()}
        assert set(node.keys) == set(node.fields)
    elif node.kind == "list":
        assert node.value == [child.value for child in node.items]
    return all(_consistent(child) for child in [*node.fields.values(), *node.items])


@pytest.mark.skipif(not FAST, reason="the C parser (ruamel.yaml.clib) is not installed")
@settings(QUICK, max_examples=tries(300))
@given(st.one_of(YAMLISH, mutated()))
def test_the_answer_does_not_depend_on_the_c_parser(text: str) -> None:
    assert outcome(text) == outcome(text, "python")


@QUICK
@given(
    st.one_of(
        st.binary(max_size=80),
        st.text(max_size=40).map(lambda text: text.encode("utf-8", "replace")),
        st.sampled_from(["gb18030", "utf-16", "utf-8-sig", "gbk"]).map("协商: 对象\r\n".encode),
    )
)
def test_any_bytes_give_text_or_our_error(data: bytes) -> None:
    try:
        text = decode(data, "f")
    except InvalidInput as error:
        assert error.problems[0].code in {f"ZX100{n}" for n in range(5, 10)}
    else:
        assert forbidden_in(text) is None
        assert text.encode() == data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")


JSONISH = st.lists(
    st.sampled_from(
        [
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            '"',
            '"a"',
            '"a":',
            "1",
            "1.5",
            "1e9",
            "-",
            "NaN",
            "null",
            "true",
            "\\u0000",
            "\\ud800",
            "\\n",
            "协",
            "\r",
            "\n",
            "\t",
        ]
    ),
    max_size=14,
).map("".join)


@QUICK
@given(data=st.one_of(st.binary(max_size=80), JSONISH.map(str.encode)))
def test_any_json_lines_give_objects_or_our_error(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path: Path = tmp_path_factory.getbasetemp() / "any.jsonl"
    path.write_bytes(data)
    try:
        found = list(read_json_lines(path))
    except InvalidInput as error:
        assert all(problem.where.line for problem in error.problems)
    else:
        assert all(isinstance(value, dict) for _, value in found)


CLEAN = st.text(st.characters(codec="utf-8"), max_size=30).filter(lambda text: forbidden_in(text) is None)
WORDS = st.one_of(
    CLEAN,
    st.sampled_from(
        [
            "on",
            "yes",
            "null",
            "~",
            "7.4",
            "007",
            "1e3",
            "2026-01-01",
            "<<",
            "",
            "\u3000x",
            "zh：x",
            "“7.4”",
            "-",
            "#",
            "a:\u3000b",
            "a\u3000#b",
            ":",
            "::",
            "--",
            "---",
            "...",
            "?",
        ]
    ),
    YAMLISH.filter(lambda text: forbidden_in(text) is None),
)
VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**15), 10**15),
        st.decimals(-(10**9), 10**9, places=2),
        WORDS,
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=8,
)


@QUICK
@given(VALUES)
def test_what_is_written_reads_back_the_same(value: object) -> None:
    wrapped = {"value": value}
    found = read_yaml(dump_yaml(wrapped)).value
    assert found == wrapped
    assert repr(found) == repr(wrapped) or isinstance(value, Decimal | list | dict)


def test_a_value_that_stands_twice_is_written_twice() -> None:
    shared = {"a": [Decimal("7.4")]}
    value = {"one": shared, "two": shared, "three": shared["a"][0]}
    assert "&" not in dump_yaml(value)
    assert read_yaml(dump_yaml(value)).value == value
