"""An instant is read in one way by every door, and refused by each with a code of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError
from tests.cli.program import run
from tests.support import MINI

from zhengxie_flow import Engine, settings
from zhengxie_flow.bootstrap import FixedClock
from zhengxie_flow.cli import parsing
from zhengxie_flow.errors import ZhengxieError
from zhengxie_flow.model.instant import NaiveInstant, read_instant
from zhengxie_flow.model.scenario import Moment
from zhengxie_flow.model.values import ValueType, read_value
from zhengxie_flow.reading.calendar_files import Instant

NO_OFFSET = ("2026-03-04T09:00:00", "2026-03-04T09:00:00-00:00", "2026-03-04T09:00:00-0000", "2026-03-04 09:00")
NO_INSTANT = (
    "2026-12-31T23:59:60Z", "2026-12-31T23:59:60+08:00", "2026-03-04T09:00:00+24:00", "2026-03-04T09:00:00-99:00",
    "0000-03-04T09:00:00Z", "2026-02-30T09:00:00Z", "2026-03-04T25:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00",
    "0001-01-01T00:00:00+14:00", "2026-03-04T09:00:00Zz", "10000-01-01T00:00:00Z",
)  # fmt: skip
RIGHT = ("2026-03-04T09:00:00Z", "2026-03-04T09:00:00+08:00", "2026-03-04T09:00:00-00:30", "9999-12-30T00:00:00+00:00")


@pytest.mark.parametrize("text", RIGHT)
def test_an_instant_has_an_offset(text: str) -> None:
    assert read_instant(text).tzinfo is not None


@pytest.mark.parametrize("text", NO_OFFSET)
def test_an_unknown_offset_is_none(text: str) -> None:
    with pytest.raises(NaiveInstant):
        read_instant(text)


def code_of(read: Callable[[], Any]) -> str:
    try:
        read()
    except ZhengxieError as error:
        return error.code
    except ValidationError as error:
        return error.errors()[0]["type"]
    return ""


DOORS: dict[str, tuple[Callable[[str], Any], str, str]] = {
    "an option": (parsing.moment, "ZX2001", "ZX4015"),
    "an option that takes an instant": (parsing.instant, "ZX2001", "ZX4015"),
    "ZHENGXIE_CLOCK": (lambda text: settings.clock({"ZHENGXIE_CLOCK": text}), "ZX6027", "ZX6026"),
    "a scenario or case file": (TypeAdapter(Moment).validate_python, "ZX2001", "ZX2003"),
    "a notice": (TypeAdapter(Instant).validate_python, "ZX2023", "ZX2023"),
    "a fact or field": (lambda text: read_value(ValueType(type="instant"), text, "f"), "ZX4020", "ZX4020"),
}
"""Each door with its codes for an instant without an offset, and for a text that is none."""


@pytest.mark.parametrize("door", DOORS)
def test_every_door_reads_and_refuses_the_same(door: str) -> None:
    read, naive, none = DOORS[door]
    assert {text: code_of(lambda text=text: read(text)) for text in RIGHT} == dict.fromkeys(RIGHT, "")
    assert {text: code_of(lambda text=text: read(text)) for text in NO_OFFSET} == dict.fromkeys(NO_OFFSET, naive)
    assert {text: code_of(lambda text=text: read(text)) for text in NO_INSTANT} == dict.fromkeys(NO_INSTANT, none)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(tmp_path / "c.db", project=MINI, clock=FixedClock(datetime(2026, 3, 2, tzinfo=UTC))) as engine:
        engine.open("mini/talk", "c", by="office")
        yield engine


EDGES = (
    datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC),
    datetime.max.replace(tzinfo=timezone(-timedelta(hours=23))), datetime.min.replace(tzinfo=timezone(timedelta(hours=23))),
    datetime(2026, 3, 4), date.max, date.min,  # noqa: DTZ001  # naive on purpose
)  # fmt: skip


@pytest.mark.parametrize("edge", EDGES, ids=repr)
def test_a_program_is_answered_at_the_ends_of_time(engine: Engine, edge: Any) -> None:
    """Whether it is taken or refused, nothing but an error of ours comes out."""
    asks: tuple[Callable[[], Any], ...] = (
        lambda: engine.record("c", "agree", at=edge, by="partner"),
        lambda: engine.plan("c", "hold", to=edge, by="office"),
        lambda: engine.determine("c", {"urgent": True}, by="office", reason="r", at=edge),
        lambda: engine.open("mini/talk", "d", by="office", at=edge),
        lambda: engine.case("c", as_of=edge), lambda: engine.case("c", known_at=edge),
        lambda: engine.audit(as_of=edge), lambda: engine.audit(known_at=edge),
        lambda: engine.due(edge), lambda: engine.tick(edge), engine.audit, engine.due,
    )  # fmt: skip
    for ask in asks:
        code_of(ask)


@pytest.mark.parametrize("clock", [*EDGES[:4]], ids=repr)
def test_a_clock_at_the_ends_of_time_is_refused(tmp_path: Path, clock: datetime) -> None:
    with Engine(tmp_path / "c.db", project=MINI, clock=FixedClock(clock)) as engine:
        for ask in (lambda: engine.open("mini/talk", "d", by="office"), engine.audit):
            assert code_of(ask) == "ZX4015"


DAYS = ("0001-01-01", "9999-12-31", "9999-12-30", "0000-01-01", "2026-02-30")


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.usefixtures("engine")
def test_a_day_at_the_ends_of_time_is_answered(tmp_path: Path, day: str) -> None:
    here = ("--project", MINI, "--db", tmp_path / "c.db", "--format", "json")
    commands = (
        ("audit", "--as-of", day), ("due", "--until", day), ("plan", "c", "hold", "--to", day, "--by", "office"), ("audit",), ("due",),
        ("show", "c"), ("calendar", "day", day), ("calendar", "add", day, "3"), ("calendar", "before", day, "3"),
        ("calendar", "count", "2026-01-01", day), ("calendar", "diff", "2026-01-01", day), ("schedule", "mini/talk", "--today", day),
        ("schedule", "mini/talk", "--plan", f"hold={day}"),
    )  # fmt: skip
    for command in commands:
        answer = run(*here, *command)
        assert answer.code in range(6), (command, answer.out)
