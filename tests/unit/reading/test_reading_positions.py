"""Paths of the validator back to places in the file, and its errors to problems."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.allowed_keys import allowed_keys
from zhengxie_flow.reading.positions import locate
from zhengxie_flow.reading.validation import problems_from, shorten
from zhengxie_flow.reading.yaml_reader import read_yaml

Check = Callable[[tuple[Problem, ...]], None]

TEXT = """\
when:
  done: review
  where: {phase: {at_least: 3}}
list: [a, {b: c}]
all:
  all: [x, y]
of: [expert, other]
"""


@pytest.mark.parametrize(
    ("loc", "value", "key"),
    [
        ((), (1, 1), (1, 1)),
        (("when",), (2, 3), (1, 1)),
        (("when", "done"), (2, 9), (2, 3)),
        (("when", "where", "phase", "at_least"), (3, 29), (3, 19)),
        # names of variants are skipped, also where a key is called the same
        (("when", "done", "where", "compare", "test", "at_least"), (3, 29), (3, 19)),
        (("when", "done", "done", 0), (2, 9), (2, 3)),
        (("all", "all", "all", 1), (6, 12), (6, 12)),
        (("list", 1, "b"), (4, 15), (4, 12)),
        (("list", 7, "b"), (4, 7), (4, 1)),
        (("when", "nothing", "here"), (2, 3), (1, 1)),
        (("of", "other"), (7, 14), (7, 14)),  # a list that the model turns into a mapping
    ],
)
def test_locate(loc: tuple[str | int, ...], value: tuple[int, int], key: tuple[int, int]) -> None:
    node = read_yaml(TEXT)
    assert locate(node, loc) == value
    assert locate(node, loc, key=True) == key


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Label(Closed):
    zh: str
    en: str | None = None


class Within(Closed):
    within: Annotated[int, Field(strict=True, gt=0)]
    unit: Literal["working_day", "calendar_day"]


class OnDay(Closed):
    by_date: date


class First(Closed):
    first: Label


class Second(Closed):
    second: Label


def _refuse_number(value: Any) -> Any:
    if isinstance(value, int | Decimal):
        raise PydanticCustomError("ZX1999", "", {"given": str(value)})
    return value


class Thing(Closed):
    name: Annotated[str, Field(pattern=r"^[a-z_]+$", max_length=8)]
    law: Annotated[str, BeforeValidator(_refuse_number)] = "1"
    from_: list[str] = Field(default=[], alias="from")
    limit: Within | OnDay | None = None
    final: bool | Literal["withdrawn"] = False
    labels: dict[Annotated[str, Field(pattern=r"^[a-z]+$")], Label] = {}
    choice: Annotated[
        Annotated[First, Tag("first")] | Annotated[Second, Tag("second")],
        Discriminator(lambda value: "second" if "second" in value else "first"),
    ] | None = None  # fmt: skip
    amount: Decimal | None = None
    open: bool = True
    words: str | list[str] = ""

    @model_validator(mode="after")
    def _ends(self) -> Thing:
        if self.from_ == ["a", "a"]:
            raise PydanticCustomError("ZX1998", "", {"twice": "a", "at": ["from", 1]})
        if self.name == "bad":
            raise ValueError("no good")
        return self


def problems(text: str, model: Any = Thing) -> tuple[Problem, ...]:
    node = read_yaml(text)
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(model).validate_python(node.value)
    return problems_from(caught.value, node, "f", model)


def found(text: str) -> list[str]:
    return [f"{problem.where} {problem.code}" for problem in problems(text)]


def test_an_unknown_key_is_shown_itself_with_the_nearest_known() -> None:
    (problem,) = problems("name: x\nlabls: 1")
    assert (str(problem.where), problem.code) == ("f:2:1", "ZX1040")
    assert problem.params["suggestion"] == "labels"
    assert problem.params["allowed"].split(", ")[:4] == ["name", "law", "from", "limit"]
    (inner,) = problems("name: x\nchoice: {second: {zh: a, eng: b}}")
    assert (str(inner.where), inner.params) == (
        "f:2:26",
        {"key": "eng", "suggestion": "en", "allowed": "zh, en"},
    )


def test_a_missing_key_is_shown_at_the_key_that_lacks_it() -> None:
    assert found("name: x\nlabels:\n  a: {en: b}") == ["f:3:3 ZX1041"]
    assert found("law: x") == ["f:1:1 ZX1041"]


def test_a_misspelt_key_is_one_mistake() -> None:
    assert found("nmae: x") == ["f:1:1 ZX1040"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("law: 7.4", "f:2:6 ZX1999"),
        ("words: 7.4", "f:2:8 ZX1043"),
        ("words: {a: 1}", "f:2:8 ZX1057"),
        ("from: a", "f:2:7 ZX1046"),
        ("from: [1]", "f:2:8 ZX1043"),
        ("from: [[a]]", "f:2:8 ZX1042"),
        ("from:", "f:2:1 ZX1054"),
        ("from: [a, a]", "f:2:11 ZX1998"),
        ("open: maybe", "f:2:7 ZX1045"),
        ("amount: many", "f:2:9 ZX1055"),
        ("final: witdrawn", "f:2:8 ZX1049"),
        ("limit: {within: 0, unit: working_day}", "f:2:17 ZX1051"),
        ("limit: {within: '5', unit: working_day}", "f:2:17 ZX1044"),
        ("limit: {within: 5, unit: dya}", "f:2:26 ZX1049"),
        ("limit: {by_date: 2026-02-30}", "f:2:18 ZX1048"),
        ("limit: soon", "f:2:8 ZX1047"),
        ("labels: {A: {zh: x}}", "f:2:10 ZX1050"),
        ("labels: {a: zh：x}", "f:2:15 ZX1012"),
    ],
)
def test_every_fault_has_its_place_and_code(line: str, expected: str, complete: Check) -> None:
    faults = problems(f"name: x\n{line}")
    assert [f"{problem.where} {problem.code}" for problem in faults] == [expected]
    complete(faults)


def test_faults_of_the_name() -> None:
    assert found("name: Xy") == ["f:1:7 ZX1050"]
    assert found("name: abcdefghi") == ["f:1:7 ZX1053"]
    assert found("name: bad") == ["f:1:1 ZX1059"]


def test_parameters() -> None:
    (unit,) = problems("name: x\nlimit: {within: 5, unit: dya}")
    allowed = "working_day, calendar_day"
    assert unit.params == {"given": "dya", "suggestion": "-", "allowed": allowed}
    (final,) = problems("name: x\nfinal: witdrawn")
    assert final.params == {
        "given": "witdrawn",
        "suggestion": "withdrawn",
        "allowed": "withdrawn, true, false",
    }
    (law,) = problems("name: x\nlaw: 7.40")
    assert law.params == {"given": "7.40"}
    (bound,) = problems("name: x\nlimit: {within: 0, unit: working_day}")
    assert bound.params == {"given": "0", "bound": "> 0"}
    (twice,) = problems("name: x\nfrom: [a, a]")
    assert twice.params == {"twice": "a"}


def test_all_faults_at_once_by_place() -> None:
    assert found("open: 3\nname: X\nfoo: 1\nlimit: {within: x}") == [
        "f:1:7 ZX1045",
        "f:2:7 ZX1050",
        "f:3:1 ZX1040",
        "f:4:1 ZX1041",
        "f:4:17 ZX1044",
    ]


def test_allowed_keys_follow_variants_and_lists() -> None:
    assert allowed_keys(Thing, ("limit",)) == ("within", "unit", "by_date")
    assert allowed_keys(Thing, ("limit", "OnDay")) == ("by_date",)
    assert allowed_keys(Thing, ("limit", "function-after[_check(), Within]")) == ("within", "unit")
    assert allowed_keys(Thing, ("choice", "second", "second")) == ("zh", "en")
    assert allowed_keys(Thing, ("labels", "any")) == ("zh", "en")
    assert allowed_keys(list[Label], (3,)) == ("zh", "en")
    assert allowed_keys(Thing, ("name",)) == ()


def test_shorten() -> None:
    assert [shorten(value) for value in (None, True, {"a": 1}, ["x"] * 7, "y" * 99)] == [
        "null",
        "true",
        "{a: …}",
        "[x, x, x, x, x, …]",
        "y" * 59 + "…",
    ]
