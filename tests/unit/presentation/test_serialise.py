"""The one serialiser: keys, what is left out, what is flattened, and every kind of value."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar

import pytest

from zhengxie_flow.model.document import FLAT, OPTIONAL, named
from zhengxie_flow.model.findings import Gap
from zhengxie_flow.model.verdict import CountProof, Judgement, Verdict
from zhengxie_flow.model.working import Basis, CountedLimit, Interval, SkippedDay, Working
from zhengxie_flow.presentation.json_schema import OUTPUTS, output_schema
from zhengxie_flow.presentation.serialise import serialise


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Inner:
    day: date
    more: str | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True, slots=True)
class Outer:
    KEYS: ClassVar = ("twice", "number", "inner", "origin", "parts")

    number: int
    hidden: str
    inner: Inner | None = field(default=None, metadata=FLAT)
    origin: Any = field(default=None, metadata=named("from"))
    parts: tuple[Any, ...] = field(default=(), metadata=FLAT)

    @property
    def twice(self) -> int:
        return self.number * 2


def test_keys_are_the_fields_and_properties_a_class_lists_in_their_order():
    assert list(serialise(Outer(2, "x")).items()) == [("twice", 4), ("number", 2), ("from", None)]


def test_a_flat_field_adds_its_own_keys_where_it_stands():
    outer = Outer(2, "x", Inner(date(2026, 3, 4), "y"), Path("a/b"), (Basis("order 3"), Inner(date(2026, 3, 5))))
    assert serialise(outer) == {
        "twice": 4, "number": 2, "day": "2026-03-05", "more": "y", "from": "a/b", "basis": "order 3",
    }  # fmt: skip


def test_what_is_left_out_is_absent_and_everything_else_is_null():
    assert serialise(Inner(date(2026, 3, 4))) == {"day": "2026-03-04"}
    assert serialise(SkippedDay(date(2026, 3, 7), "weekend", None))["instrument"] is None


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Colour.RED, "red"),
        (datetime(2026, 3, 4, 1, tzinfo=UTC), "2026-03-04T01:00:00+00:00"),
        (Decimal("1.50"), "1.50"),
        (frozenset({"b", "a"}), ["a", "b"]),
        (Interval(date(2026, 3, 4), date(2026, 3, 5)), ["2026-03-04", "2026-03-05"]),
        ({"a": (1, True, None, 0.5)}, {"a": [1, True, None, 0.5]}),
    ],
)
def test_other_values(value, plain):
    assert serialise(value) == plain
    assert type(serialise(value)) is type(plain)


def test_what_is_no_document_is_refused():
    with pytest.raises(TypeError, match="object is no document"):
        serialise(object())


class Shown(CountProof):
    def working(self):
        return CountedLimit(
            direction="forward", start=date(2026, 3, 4), amount=1, unit="working_day", convention="event_excluded",
            date=date(2026, 3, 5), possible=None, edition="sha256:0", counted=(date(2026, 3, 5),), skipped=(),
        )  # fmt: skip


def test_the_working_of_a_line_is_its_count_and_its_notes():
    line = Judgement(obligation="a", verdict=Verdict.PASS, proof=Shown(), notes=(Basis("order 3"),))
    assert serialise(line)["working"] == {
        "direction": "forward", "start": "2026-03-04", "amount": 1, "unit": "working_day",
        "convention": "event_excluded", "date": "2026-03-05", "possible": None, "edition": "sha256:0",
        "counted": ["2026-03-05"], "skipped": [], "basis": "order 3",
    }  # fmt: skip
    assert serialise(dataclasses.replace(line, proof=None, notes=()))["working"] is None
    gap = Working(None, (Gap("end", "meet", date(2026, 3, 6), 1, "working_day"),))
    assert serialise(gap) == {
        "action": "end", "last": "meet", "since": "2026-03-06", "gap": 1, "unit": "working_day",
    }  # fmt: skip


def test_a_key_that_two_parts_share_may_have_either_form():
    unit = output_schema()["$defs"]["working"]["properties"]["unit"]
    assert unit == {"anyOf": [{"type": ["string", "null"]}, {"type": "string"}]}


def test_every_command_has_a_class_of_its_own_or_a_shared_one_that_stands_once():
    made = output_schema()["$defs"]
    assert set(OUTPUTS) <= set(made)
    assert made["advance"] == made["open"] == {"$ref": "#/$defs/written"}
