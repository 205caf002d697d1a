"""Lists page by page: whatever time has brought and others write, all pages together are the whole list."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from tests.cli.test_ticking import LAW, PROCESS
from tests.projects import put

from zhengxie_flow import Engine, NotFound, Runtime
from zhengxie_flow.errors import UsageError
from zhengxie_flow.ports import BUCKETS, DeadlineRow, Head, bucket
from zhengxie_flow.services.queries.place_keys import place_of

START = datetime.fromisoformat("2026-03-02T10:00:00+08:00")
SHORT = PROCESS.replace("process: p\n", "process: q\n").replace(
    "states:\n", 'subcases:\n  part: {zh: 分项, en: Part, law: "1", process: t/p, by: office, many: true}\nstates:\n', 1
)
NAMES = [f"案-{number}" for number in range(14)] + [f"c{number}%_" for number in range(6)]


@dataclass
class Hand:
    """A clock that is set by hand."""

    instant: datetime = field(default=START)

    def now(self) -> datetime:
        return self.instant


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path, clock: Hand) -> Iterator[Engine]:
    """Cases of two processes on days that differ, some of which time has brought to their end since."""
    files = {
        "zhengxie.toml": "",
        "processes/t/law.yaml": LAW,
        "processes/t/p.yaml": PROCESS,
        "processes/t/q.yaml": SHORT,
    }
    place = tmp_path / "cases.db" if request.param == "sqlite" else request.getfixturevalue("postgresql")
    with Engine(place, project=put(tmp_path / "city", files), clock=clock, create=True) as opened:
        fill(opened, clock)
        yield opened


def fill(engine: Engine, clock: Hand) -> None:
    chance = random.Random(3)
    for number, name in enumerate(NAMES):
        if number % 5 == 0:
            clock.instant += timedelta(days=3)
        above = "案-0" if 0 < number < 6 else None
        process = "t/q" if number % 3 == 0 and above is None else "t/p"
        engine.open(process, name, by="office", **({} if above is None else {"under": above, "subcase": "part"}))
        if chance.random() < 0.7:
            engine.advance(name, "receive", by="office")
    clock.instant += timedelta(days=7)


FILTERS: dict[str, Any] = {
    "process": (None, "t/p", "t/none"),
    "state": (None, "running", "ended"),
    "parent": (None, "案-0"),
    "text": (None, "案", "%_", "C1"),
}


def selections() -> Iterator[dict[str, str]]:
    for values in product(*FILTERS.values()):
        yield {name: value for name, value in zip(FILTERS, values, strict=True) if value is not None}


def matches(wanted: dict[str, str]) -> Callable[[Head], bool]:
    below = set(NAMES[1:6])
    return lambda head: (
        wanted.get("process") in (None, head.process)
        and wanted.get("state") in (None, head.state)
        and ("parent" not in wanted or head.case in below)
        and wanted.get("text", "").lower() in head.case.lower()
    )


def every_case(engine: Engine, limit: int, **wanted: str) -> list[Head]:
    rows, after = list[Head](), None
    while True:
        page = engine.cases(**wanted, after=after, limit=limit)
        assert len(page.rows) <= limit
        rows += page.rows
        if page.next is None:
            return rows
        assert len(page.rows) == limit
        after = page.next


def every_deadline(engine: Engine, limit: int, **wanted: Any) -> list[DeadlineRow]:
    rows, after = list[DeadlineRow](), None
    while True:
        page = engine.due_page(**wanted, after=after, limit=limit)
        assert len(page.rows) <= limit
        rows += [entry.row for entry in page.rows]
        if page.next is None:
            return rows
        assert len(page.rows) == limit
        after = page.next


def check_whole(engine: Engine, limit: int) -> None:
    heads, due = engine.heads(), engine.due()
    by_id = {head.case: head for head in heads}
    today = engine.context.civil_day()
    for wanted in list(selections())[limit % 7 :: 7]:
        fits = matches(wanted)
        selected = [head for head in heads if fits(head)]
        assert every_case(engine, limit, **wanted) == selected
        rows = [row for row in due if fits(by_id[row.case])]
        assert every_deadline(engine, limit, **wanted) == rows
        counted = engine.counts(**wanted)
        states = [(head.process, head.state) for head in selected]
        assert counted.cases == {
            process: {state: states.count((process, state)) for state in sorted({s for p, s in states if p == process})}
            for process in sorted({process for process, _ in states})
        }
        assert {name: getattr(counted.due, name) for name in BUCKETS} == {
            name: sum(bucket(row, today) == name for row in rows) for name in BUCKETS
        }


def test_all_pages_together_are_the_whole_list(engine: Engine) -> None:
    assert {head.state for head in engine.heads()} == {"start", "running", "ended"}  # time brought some to their end
    assert {head.state for head in engine.journal.heads()} == {"start", "running"}  # and nobody wrote that down
    check_whole(engine, 3)
    engine.tick()
    check_whole(engine, 7)
    until = engine.due()[3].day
    assert every_deadline(engine, 2, until=until) == list(engine.due(until))


def test_a_case_that_nobody_touches_is_on_one_page_whatever_others_write(engine: Engine) -> None:
    before = [head.case for head in engine.heads()]

    def write() -> None:
        for number in range(12):
            name = f"{'acz'[number % 3]}-new-{number}"
            engine.open("t/p", name, by="office")
            engine.advance(name, "receive", by="office")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while writer.is_alive():
            listed = [head.case for head in every_case(engine, 2)]
            assert [name for name in listed if "-new-" not in name] == before
            assert len(listed) == len(set(listed))
            dated = [(row.case, row.obligation) for row in every_deadline(engine, 4)]
            assert len(dated) == len(set(dated))
    finally:
        writer.join()
    assert len(every_case(engine, 2)) == len(before) + 12


def test_a_page_works_out_only_what_comes_to_stand_on_it(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    from zhengxie_flow.services.queries import pages

    derived: list[str] = []
    read = pages.read_derived
    monkeypatch.setattr(pages, "read_derived", lambda context, case: derived.append(case) or read(context, case))
    page = engine.cases(limit=2)
    assert set(derived) <= {head.case for head in every_case(engine, 1000)[:3]}
    derived.clear()
    engine.due_page(process="t/q", limit=2)
    assert {engine.journal.head(case).process for case in derived} <= {"t/q"}  # type: ignore[union-attr]
    engine.tick()
    derived.clear()
    engine.cases(limit=100)
    engine.due_page(limit=100)
    engine.counts()
    assert (derived, len(page.rows)) == ([], 2)


def test_streams_say_what_the_whole_says(engine: Engine) -> None:
    assert list(engine.iter_audit()) == list(engine.audit().cases)
    assert [case.case for case in engine.iter_audit(process="t/q", state="running", after="案-0")] == [
        head.case for head in engine.heads() if (head.process, head.state) == ("t/q", "running") and head.case > "案-0"
    ]
    assert list(engine.iter_events()) == [event for name in sorted(NAMES) for event in engine.journal.events(name)]
    as_of = date(2026, 3, 9)
    assert list(engine.iter_audit(as_of=as_of)) == list(engine.audit(as_of=as_of).cases)


def test_streams_of_an_asynchronous_program(engine: Engine, tmp_path: Path, clock: Hand, monkeypatch: Any) -> None:
    from zhengxie_flow.bootstrap import async_engine

    monkeypatch.setattr(async_engine, "AT_ONCE", 3)
    url: sa.URL = engine.journal._source.where.url
    driver = "sqlite+aiosqlite" if url.drivername.startswith("sqlite") else "postgresql+psycopg_async"

    async def streamed() -> tuple[list[Any], list[Any]]:
        database = create_async_engine(url.set(drivername=driver))
        async with database.connect() as connection:
            opened = Runtime(tmp_path / "city", clock=clock).on_async(connection)
            audits = [case async for case in opened.iter_audit(process="t/p")]
            events = [event async for event in opened.iter_events(after="案-0")]
        await database.dispose()
        return audits, events

    audits, events = asyncio.run(streamed())
    assert audits == list(engine.iter_audit(process="t/p"))
    assert events == list(engine.iter_events(after="案-0"))


@pytest.mark.parametrize(
    "key", ["", "c1", "2026-03-12/c1", "2026-03-12/one/c1", "2026-3-12/1/c1", f"2026-03-12/{2**31}/c"]
)
def test_a_key_of_no_page_is_refused(key: str) -> None:
    with pytest.raises(UsageError) as caught:
        place_of(key)
    assert caught.value.code == "ZX4110"


def test_what_cannot_be_asked_is_refused(engine: Engine) -> None:
    for limit in (0, 1001, -1):
        for ask in (engine.cases, engine.due_page):
            with pytest.raises(UsageError) as caught:
                ask(limit=limit)  # type: ignore[operator]
            assert caught.value.code == "ZX4111"
    with pytest.raises(NotFound) as absent:
        engine.cases(parent="none")
    assert absent.value.code == "ZX4002"
