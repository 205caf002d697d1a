"""Going down a tree of conditions or anchors, and changing it, by what the fields say."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from zhengxie_flow.model.base import RESERVED
from zhengxie_flow.model.condition import HEADS, Condition, Not
from zhengxie_flow.model.limit import Anchor

READ: TypeAdapter[Any] = TypeAdapter(Condition)
HANG: TypeAdapter[Any] = TypeAdapter(Anchor)


@pytest.mark.parametrize(
    ("written", "places"),
    [
        ("urgent", []),
        ({"phase": "early"}, []),
        ({"all": ["a", {"any": ["b", "c"]}]}, [("all", 0), ("all", 1)]),
        ({"not": "a"}, [("not",)]),
        ({"done": "hear", "where": "a", "before": "report"}, [("where",)]),
        ({"done": "hear"}, []),
        ({"every": "guest", "is": "a", "where": "b"}, [("where",), ("is",)]),
        ({"count": "guest", "at_least": 2, "where": "a"}, [("where",)]),
        ({"subcase": {"hearing": "open"}, "where": "a"}, [("where",)]),
        ({"decided": {"duty": "required"}}, []),
    ],
)
def test_the_parts_of_a_condition_stand_where_they_are_written(written: Any, places: list[Any]) -> None:
    condition = READ.validate_python(written)
    assert [place for place, _ in condition.parts()] == places
    for (key, *index), part in condition.parts():
        inner = written[key][index[0]] if index else written[key]
        assert part == READ.validate_python(inner)
    assert condition.children() == tuple(part for _, part in condition.parts())


def test_a_change_goes_to_each_part_and_leaves_the_rest() -> None:
    condition = READ.validate_python({"every": "guest", "is": "a", "where": {"not": "b"}})
    turned = condition.map(lambda part: Not.model_construct(not_=part))
    assert turned == READ.validate_python({"every": "guest", "is": {"not": "a"}, "where": {"not": {"not": "b"}}})
    assert condition == READ.validate_python({"every": "guest", "is": "a", "where": {"not": "b"}})


def test_what_is_not_changed_is_the_same_thing() -> None:
    for written in ("urgent", {"all": ["a", "b"]}, {"some": "guest", "is": "a"}):
        condition = READ.validate_python(written)
        assert condition.map(lambda part: part) is condition


def test_an_anchor_has_the_anchors_it_is_made_of_and_no_conditions() -> None:
    anchor = HANG.validate_python({"first_of": ["hear", {"done": "report", "where": "urgent"}]})
    assert [place for place, _ in anchor.parts()] == [("first_of", 0), ("first_of", 1)]
    assert [place for _, part in anchor.parts() for place, _ in part.parts()] == []


def test_every_head_is_reserved_and_tells_its_condition_apart() -> None:
    assert {*HEADS, "this"} == RESERVED
    assert HEADS[:3] == ("all", "any", "not")
    assert type(READ.validate_python({"in_state": "open"})).__name__ == "InState"
    assert type(READ.validate_python(READ.validate_python({"in_state": "open"}))).__name__ == "InState"
