"""What a calendar and its counts look like when they are written, read back, or changed."""

from __future__ import annotations

import pickle
from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from zhengxie_flow.calendars import LimitCount, Snapshot
from zhengxie_flow.calendars.compose import weekly_timeline
from zhengxie_flow.calendars.difference import RecountedLimit, reckon
from zhengxie_flow.calendars.proof import Day, OtherLimitCount
from zhengxie_flow.errors import NotFound
from zhengxie_flow.reading.calendars import load

CN = load("cn", date(2026, 1, 1))
START = date(2026, 9, 28)
COUNTS: dict[str, LimitCount] = {
    "2026-10-16, firm, forward 10 working_day": CN.within(START, 10),
    "2026-10-28, firm, forward 1 month": CN.within(START, 1, "month"),
    "2026-09-20, firm, backward 5 working_day": CN.before(START, 5),
    "2026-08-28, firm, earliest 1 month": CN.before(START, 1, "event_excluded", "month", "earliest"),
    "2026-10-28, firm, minimum 30 calendar_day": CN.minimum(START, 30),
    "2027-03-01, provisional, forward 5 month": CN.within(START, 5, "month"),
}


@pytest.mark.parametrize("text", COUNTS)
def test_a_count_is_shown_in_one_line(text):
    assert repr(COUNTS[text]) == f"LimitCount({text} from 2026-09-28)"


@pytest.mark.parametrize("kind", [LimitCount, OtherLimitCount])
@pytest.mark.parametrize("count", COUNTS.values(), ids=COUNTS.keys())
def test_a_count_is_written_by_its_keys(kind, count):
    adapter = TypeAdapter(kind)
    if not isinstance(count, kind):
        with pytest.raises(ValidationError):
            adapter.validate_python(count)
        return
    assert adapter.validate_python(count) is count
    written = adapter.dump_python(count)
    assert list(written) == list(LimitCount.KEYS)
    shown = [written.pop(key) for key in ("counted", "skipped")]
    assert written == {key: getattr(count, key) for key in written}
    assert shown == [count.counted, TypeAdapter(tuple[Day, ...]).dump_python(count.skipped)]
    assert adapter.dump_python(count, mode="json")["date"] == count.date.isoformat()
    schema = adapter.json_schema(mode="serialization")
    assert (schema["type"], schema["additionalProperties"]) == ("object", True)
    for other in (None, written, count.date):
        with pytest.raises(ValidationError):
            adapter.validate_python(other)


def test_a_count_knows_what_it_was_counted_with():
    count = COUNTS["2026-10-16, firm, forward 10 working_day"]
    assert (count.calendar, count.as_of, count.edition) == ("cn", date(2026, 1, 1), CN.calendar_hash)
    assert (count.direction, count.unit, count.count, count.raw) == ("forward", "working_day", "event_excluded", None)
    assert (count.rolled, count.earliest, count.latest) == (False, count.date, count.date)


@pytest.mark.parametrize("direction", ["forward", "backward", "minimum", "earliest"])
def test_a_limit_of_every_direction_is_counted_again_as_it_was(direction):
    for unit, word in (("working_day", "event_excluded"), ("month", "event_excluded"), ("calendar_day", "clear_days")):
        limit = RecountedLimit("key", direction, START, 3, unit, word)  # type: ignore[arg-type]
        found = reckon(CN, limit)
        if direction == "forward":
            wanted = CN.within(START, 3, unit)  # type: ignore[arg-type]
        elif direction == "minimum":
            wanted = CN.minimum(START, 3, unit, word)  # type: ignore[arg-type]
        else:
            wanted = CN.before(START, 3, word, unit, direction)  # type: ignore[arg-type]
        assert (found.date, found.direction, found.unit, found.count) == (wanted.date, direction, unit, wanted.count)


def test_a_plain_week_knows_the_days_that_are_not_worked():
    week = weekly_timeline("week", frozenset({4, 5}), date(2026, 1, 1), date(2026, 1, 14))
    assert (week.facts.rest_days, week.name, week.last) == (frozenset({4, 5}), "week", date(2026, 1, 14))
    assert [day + 1 for day, flag in enumerate(week.flags) if not flag] == [2, 3, 9, 10]


def test_a_calendar_is_shown_with_the_beginning_of_its_hash():
    assert repr(
        CN
    ) == f"Snapshot('cn', as_of=datetime.date(2026, 1, 1), calendar_hash='{CN.calendar_hash[:19]}')".replace(
        "datetime.date(2026, 1, 1)", "2026-01-01"
    )
    assert len(CN.calendar_hash[:19]) == len("sha256:") + 12


def test_a_calendar_never_changes():
    changing: Any = CN
    for change in (lambda: setattr(changing, "as_of", None), lambda: delattr(changing, "as_of")):
        with pytest.raises(AttributeError, match=r"^a calendar snapshot does not change: as_of$"):
            change()


def test_a_calendar_is_the_same_after_it_was_stored():
    both = Snapshot(CN.timeline, CN.as_of, {"NL": load("NL")})
    again = pickle.loads(pickle.dumps(both))  # noqa: S301
    assert (again.name, again.as_of, again.calendar_hash) == (both.name, both.as_of, both.calendar_hash)
    assert again.beside("NL").calendar_hash == load("NL").calendar_hash
    assert again.within(START, 10).date == CN.within(START, 10).date


def test_a_calendar_is_found_beside_another_by_its_name():
    both = Snapshot(CN.timeline, CN.as_of, {"NL": load("NL")})
    assert both.beside("cn") is both
    assert CN.beside("cn") is CN
    for calendar in (both, CN):
        with pytest.raises(NotFound) as refused:
            calendar.beside("DE")
        assert (refused.value.code, refused.value.params) == ("ZX2015", {"calendar": "DE"})
