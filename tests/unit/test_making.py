"""A value made cheaply is a value like any other."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field
from typing import Any

import pytest

from zhengxie_flow.model.fast_dataclass import filler, maker


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    name: str
    number: int = 7
    body: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    day: str
    number: int


entry, place, filled = maker(Entry), maker(Place), filler(Entry)


def test_it_is_of_its_class_and_equal_to_one_made_the_long_way():
    assert type(entry(name="a")) is Entry
    assert entry(name="a", number=3) == Entry(name="a", number=3)
    assert filled("a", 3, {}) == Entry(name="a", number=3)
    assert place("monday", 2) == Place("monday", 2)
    assert hash(place("monday", 2)) == hash(Place("monday", 2))
    assert repr(entry(name="a")) == repr(Entry(name="a"))


def test_it_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        entry(name="a").name = "b"


def test_what_is_left_out_or_unknown_is_an_error():
    with pytest.raises(TypeError):
        entry(number=3)
    with pytest.raises(TypeError):
        entry("a")
    with pytest.raises(TypeError):
        filled("a", 3)


def test_every_value_gets_tables_of_its_own():
    first, second = entry(name="a"), entry(name="a")
    first.body["x"] = 1
    assert second.body == {}


def test_it_is_copied_and_pickled():
    made = entry(name="a", body={"x": 1})
    assert copy.deepcopy(made) == pickle.loads(pickle.dumps(made)) == made  # noqa: S301  # our own bytes
