"""YAML into nodes: values, positions, and every fault with its code and place, from either parser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Literal

import pytest

from zhengxie_flow.errors import InvalidDefinition, Problem
from zhengxie_flow.reading import yaml_reader
from zhengxie_flow.reading.input_bounds import Limits
from zhengxie_flow.reading.nodes import Node
from zhengxie_flow.reading.yaml_parser import FAST, python_events
from zhengxie_flow.reading.yaml_reader import read_yaml

Check = Callable[[tuple[Problem, ...]], None]
Parser = Literal["auto", "python"]
NEEDS_C = pytest.mark.skipif(not FAST, reason="the C parser (ruamel.yaml.clib) is not installed")
PARSERS: list[Any] = ["python", pytest.param("auto", marks=NEEDS_C)]

DEFINITION = """\
# 注释
language: 1
zh: 政府协商
items:
  counterpart: {zh: 协商对象, en: "Counterpart"}
states: [planned, 已准备, "held"]
limit: {within: 5, ratio: 0.50, open: true, none: }
note: |
  多行
  文字
"""


def codes(text: str, parser: Parser = "auto", **options: Any) -> list[str]:
    with pytest.raises(InvalidDefinition) as caught:
        read_yaml(text, None, parser=parser, **options)
    return [f"{problem.where} {problem.code}" for problem in caught.value.problems]


@pytest.mark.parametrize("parser", PARSERS)
def test_values(parser: Parser) -> None:
    assert read_yaml(DEFINITION, parser=parser).value == {
        "language": 1,
        "zh": "政府协商",
        "items": {"counterpart": {"zh": "协商对象", "en": "Counterpart"}},
        "states": ["planned", "已准备", "held"],
        "limit": {"within": 5, "ratio": Decimal("0.50"), "open": True, "none": None},
        "note": "多行\n文字\n",
    }


@pytest.mark.parametrize("parser", PARSERS)
def test_positions_count_characters_from_one(parser: Parser) -> None:
    root = read_yaml(DEFINITION, parser=parser)
    assert root.position == (2, 1)
    assert root.keys["items"] == (4, 1)
    counterpart = root.fields["items"].fields["counterpart"]
    assert (counterpart.position, root.fields["items"].keys["counterpart"]) == ((5, 16), (5, 3))
    assert (counterpart.keys["en"], counterpart.fields["en"].position) == ((5, 27), (5, 31))
    assert [node.position for node in root.fields["states"].items] == [(6, 10), (6, 19), (6, 24)]
    assert root.fields["note"].position == (8, 7)
    # nothing stands nowhere, so it is shown at its key
    assert root.fields["limit"].fields["none"].position == root.fields["limit"].keys["none"] == (7, 45)


def test_quoted_and_plain_are_told_apart() -> None:
    root = read_yaml("a: 7.4\nb: \"7.4\"\nc: '7'\nd: |\n  7\ne: x")
    assert [node.quoted for node in root.fields.values()] == [False, True, True, True, False]
    assert root.value == {"a": Decimal("7.4"), "b": "7.4", "c": "7", "d": "7\n", "e": "x"}
    assert str(read_yaml("a: 7.10").fields["a"].value) == "7.10"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("", None), ("~", None), ("null", None), ("NULL", None), ("true", True), ("False", False),
        ("0", 0), ("-5", -5), ("+5", 5), ("15", 15), ("-0.5", Decimal("-0.5")),
        ("007", "007"), ("0x1F", "0x1F"), ("0o17", "0o17"), ("1_000", "1_000"), ("1e3", "1e3"), (".5", ".5"),
        ("5.", "5."), (".inf", ".inf"), (".nan", ".nan"), ("12:30", "12:30"), ("14-1", "14-1"), ("７", "７"),
        ("on", "on"), ("off", "off"), ("yes", "yes"), ("No", "No"), ("nULL", "nULL"), ("tRUE", "tRUE"),
        ("2026-01-01", "2026-01-01"), ("'2026-01-01'", "2026-01-01"),
        ("2026-01-01 10:00:00", "2026-01-01 10:00:00"),
    ],
)  # fmt: skip
def test_what_a_bare_word_means(written: str, value: object) -> None:
    found = read_yaml(f"a: {written}").value["a"]
    assert found == value
    assert type(found) is type(value)


STRUCTURE = {
    "a: 1\nb:\n  a: 2\n  a: 3\na: 4": ["4:3 ZX1024", "5:1 ZX1024"],
    "a: &x 1": ["1:4 ZX1020"],
    "a: 1\nb:\n  - *x": ["3:5 ZX1021"],
    "*x : 1\nb: 2": ["1:1 ZX1021"],
    "a: !!str 1\nb: !t {c: 1}": ["1:4 ZX1022", "2:4 ZX1022"],
    "a:\n  <<: {b: 1}": ["2:3 ZX1023"],
    "7: a\n7.4: b\ntrue: c\nnull: d\n~: e": [f"{n}:1 ZX1025" for n in range(1, 6)],
    "on: 1\nOff: 2\nyes: 3\nNO: 4": [f"{n}:1 ZX1026" for n in range(1, 5)],
    "? [a, b]\n: 1\n? {c: 1}\n: 2": ["1:3 ZX1027", "3:3 ZX1027"],
    "a: 1\n---\nb: 2": ["2:1 ZX1028"],
    "%YAML 1.1\n---\na: 1": ["1:1 ZX1029"],
    "": ["1:1 ZX1030"],
    "# nothing\n": ["1:1 ZX1030"],
    "---\n": ["1:1 ZX1030"],
    "- a": ["1:1 ZX1031"],
    "word": ["1:1 ZX1031"],
    "a: 1234567890123456789": ["1:4 ZX1035"],
    "1234567890123456789: a": ["1:1 ZX1025"],
    'a: "x\\u200by"\nb: "\\0"\nc: "\\ud800"': ["1:4 ZX1009", "2:4 ZX1008", "3:4 ZX1008"],
}
SYNTAX = {
    "a:\n\tb: 1": ["2:1 ZX1011"],
    "a: 1\nb: x\t": ["2:5 ZX1011"],
    "a: 'x": ["1:4 ZX1014"],
    'a: 1\nb: "x\nc: 1\n': ["2:4 ZX1014"],
    "a: [1, 2\nb: 1": ["2:2 ZX1015"],
    "a: {b: 1": ["1:9 ZX1015"],
    "a: {zh: x, en: y: z}": ["1:17 ZX1016"],
    "a: b: c": ["1:5 ZX1016"],
    "a: b\n  c: d": ["2:4 ZX1016"],
    "a:\n  b: 1\n c: 2": ["3:2 ZX1017"],
    "a: 1\n- b": ["2:1 ZX1017"],
    "a: @x": ["1:4 ZX1018"],
    "a: `x`": ["1:4 ZX1018"],
    "a: *": ["1:5 ZX1018"],
    'a: "\\q"': ["1:6 ZX1019"],
    'a: "\\U00110000"': ["1:1 ZX1010"],
    "a\nb: 1": ["1:1 ZX1037"],
    'a: "x" y': ["1:8 ZX1038"],
    "a: |x\n  y": ["1:5 ZX1010"],
}
FULL_WIDTH = {
    "phase：pre_decision": ["1:6 ZX1012"],
    "phase：pre_decision\nitems: 1": ["1:6 ZX1012"],
    "a:\n  zh：协商\n  en：c": ["2:5 ZX1012"],
    "a:\n  zh：协商\n  en: c": ["2:5 ZX1012"],
    "a: {zh：协商, en: c}": ["1:7 ZX1012"],
    "a: {zh: 协商，en: c}": ["1:11 ZX1012"],
    "a: ［x， y］": ["1:4 ZX1012"],
    "law: “7.4”": ["1:6 ZX1012"],
    "\u3000zh: x": ["1:1 ZX1013"],
    "a:\n  b: 1\n\u3000\u3000c: 2": ["3:1 ZX1013"],
    "a:\u3000x": ["1:3 ZX1013"],
    "a: x\u3000": ["1:5 ZX1013"],
    "a: x\u3000# c": ["1:5 ZX1013"],
    "a\u00a0b: x": ["1:2 ZX1013"],
    "a:\n  -\u3000x": ["2:4 ZX1013"],
}


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(("text", "expected"), [*STRUCTURE.items(), *SYNTAX.items(), *FULL_WIDTH.items()])
def test_faults(text: str, expected: list[str], parser: Parser, complete: Check) -> None:
    with pytest.raises(InvalidDefinition) as caught:
        read_yaml(text, None, parser=parser)
    assert [f"{problem.where} {problem.code}" for problem in caught.value.problems] == expected
    complete(caught.value.problems)


def test_parameters_tell_what_to_mend() -> None:
    with pytest.raises(InvalidDefinition) as caught:
        read_yaml("a: 1\na: 2\nzh：x: 3\nb: [1")
    twice, wide, bracket = caught.value.problems
    assert twice.params == {"key": "a", "first_line": 1, "first_column": 1}
    assert wide.params == {"character": "：", "instead": ":"}
    assert bracket.params == {"bracket": "[", "line": 4, "column": 4}


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(("text", "bracket"), [
    ("a: [1,\n", ("[", 1, 4)),
    ("# x {\n\na: {b: '}'\n", ("{", 3, 4)),
    ("a: {b: [1, 2}\n", ("[", 1, 8)),
    ("a: {b: c,, d: e}\n", ("{", 1, 4)),
    ("a:\n  - {x: 1}\n  - [y: {]\n", ("{", 3, 9)),
    ("a: [{b: 1}, {c: 2}\nd: 3\n", ("[", 1, 4)),
])  # fmt: skip
def test_the_innermost_bracket_that_is_open_is_named(text: str, bracket: tuple[str, int, int], parser: Parser) -> None:
    with pytest.raises(InvalidDefinition) as caught:
        read_yaml(text, None, parser=parser)
    (problem,) = caught.value.problems
    assert problem.code == "ZX1015"
    assert (problem.params["bracket"], problem.params["line"], problem.params["column"]) == bracket


def test_full_width_marks_are_welcome_in_prose_and_in_quotes() -> None:
    text = (
        "a: 请注意：三日内答复，逾期视为同意\nb: “协商在前”原则\nc: '　x：'\n"
        'd: "“7.4”"\ne: 甲　乙\n"f：": 1\ng: [甲：乙, 丙]'
    )
    assert read_yaml(text).value == {
        "a": "请注意：三日内答复，逾期视为同意",
        "b": "“协商在前”原则",
        "c": "　x：",
        "d": "“7.4”",
        "e": "甲　乙",
        "f：": 1,
        "g": ["甲：乙", "丙"],
    }


def test_quoted_keys_are_always_text() -> None:
    assert read_yaml('"on": 1\n\'7.4\': 2\n"<<": 3').value == {"on": 1, "7.4": 2, "<<": 3}


def test_a_list_at_the_top_where_it_may_stand() -> None:
    assert read_yaml("- a\n- 1", top="any").value == ["a", 1]
    assert codes("", top="any") == ["1:1 ZX1030"]


def test_faults_before_a_syntax_error_are_kept() -> None:
    assert codes("a: &x 1\non: 2\nb: @") == ["1:4 ZX1020", "2:1 ZX1026", "3:4 ZX1018"]


def test_characters_are_tested_even_without_read_text() -> None:
    assert codes("a: \u200b\nb: \x07\nc: \ud800") == ["1:4 ZX1009", "2:4 ZX1008", "3:4 ZX1008"]


class Counted:
    """A source of events that counts how many were asked for."""

    def __init__(self) -> None:
        self.taken = 0

    def __call__(self, text: str, /) -> Iterator[Any]:
        for event in python_events(text):
            self.taken += 1
            yield event


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    source = Counted()
    monkeypatch.setattr(yaml_reader, "python_events", source)
    monkeypatch.setattr(yaml_reader, "FAST", False)
    return source


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000, "? " * 100_000])
def test_deep_nesting_is_given_up_at_the_bound(text: str, counted: Counted) -> None:
    assert codes(text, top="any")[-1].endswith("ZX1032")
    assert counted.taken < 200


@pytest.mark.parametrize("parser", PARSERS)
def test_depth_at_and_over_the_bound(parser: Parser) -> None:
    limits = Limits(max_depth=5)
    node: Node | None = read_yaml("[" * 5 + "]" * 5, limits=limits, top="any", parser=parser)
    for _ in range(4):
        assert node is not None
        node = node.child(0)
    assert node is not None
    assert node.value == []
    assert codes("[" * 6 + "]" * 6, parser, limits=limits, top="any") == ["1:6 ZX1032"]


def test_an_alias_bomb_costs_no_more_than_its_own_size(counted: Counted) -> None:
    text = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 30))
    found = codes(text)
    assert {entry.split()[1] for entry in found} == {"ZX1020", "ZX1021"}
    assert counted.taken < 30 * 8


def test_many_nodes_are_given_up_at_the_bound(counted: Counted) -> None:
    assert codes("[" + "1," * 5_000 + "]", limits=Limits(max_nodes=50), top="any") == ["1:100 ZX1033"]
    assert counted.taken < 60


def test_long_texts_and_long_files() -> None:
    assert codes("a: " + "x" * 101, limits=Limits(max_scalar=100)) == ["1:4 ZX1034"]
    assert codes("a: " + "x" * 101, limits=Limits(max_bytes=100)) == [" ZX1004"]


def test_no_more_problems_than_a_person_can_mend() -> None:
    found = codes("".join(f"{n}: x\n" for n in range(1_000)))
    assert len(found) == 101
    assert found[-1] == "100:1 ZX1036"
