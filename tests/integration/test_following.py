"""What follows writes: their results, subscribers within the transaction, the outbox, the feed at every door."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from tests.cli.program import run
from tests.integration.test_deemed_live import STATUTE
from tests.integration.test_subcases import Hand, with_silence
from tests.projects import put
from tests.support import DATA

from zhengxie_flow import (
    AsyncEngine,
    Conflict,
    Engine,
    Event,
    NotFound,
    Refused,
    Runtime,
    SubscriberFailed,
    WriteContext,
    Written,
    storage,
)
from zhengxie_flow.errors import UsageError
from zhengxie_flow.model.event import FIELDS
from zhengxie_flow.model.topic import DEADLINE_CHANGED, EVENT_RECORDED, TOPICS
from zhengxie_flow.presentation.serialise import serialise
from zhengxie_flow.reading.imports import read_cases
from zhengxie_flow.services import writing
from zhengxie_flow.services.commands.importing import import_cases

TOWN = DATA / "subcases"


@pytest.fixture
def clock() -> Hand:
    return Hand()


BOTH = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
"""Of a test whose statements the two databases treat in their own ways; the others need the quick one alone."""


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
def database(kind: str, request, tmp_path) -> str:
    if kind == "postgresql":
        url: str = request.getfixturevalue("postgresql")
        storage.upgrade(url)
        return url
    return f"sqlite:///{tmp_path}/cases.db"


@pytest.fixture
def engine(database: str, clock: Hand) -> Iterator[Engine]:
    with Engine(database, project=TOWN, clock=clock) as made:
        yield made


class Watch:
    """What the journal gained since one looked last."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.reached = engine.feed(limit=10_000).next

    def holds(self, written: Written | None) -> Written:
        """Check that a result tells all that was stored, and nothing else."""
        assert written is not None
        page = self.engine.feed(self.reached)
        self.reached = page.next
        assert tuple(event for _, event in page.entries) == written.events
        heads = {head.case: head.version for head in self.engine.heads()}
        assert {touched.case: touched.version for touched in written.cases} == {
            case: heads[case] for case in {event.case for event in written.events}
        }
        return written


# -- results --


@BOTH
def test_every_write_tells_all_it_stored(engine: Engine) -> None:
    watch = Watch(engine)
    watch.holds(engine.open("town/matter", "M", by="clerk"))
    watch.holds(engine.determine("M", {"hearing_required": True}, by="clerk", reason="many"))
    opened = watch.holds(engine.open("town/hearing", "H", by="clerk", under="M", subcase="hearing"))
    assert [event.case for event in opened.events] == ["H", "M"]
    assert (opened.case, opened.event, opened.repeated) == ("H", opened.events[0], False)
    held = watch.holds(engine.record("H", "hold", at=date(2026, 3, 2), by="clerk"))
    assert [event.case for event in held.events] == ["H", "M"]
    watch.holds(engine.plan("M", "decide", to=date(2026, 3, 20), by="council"))
    watch.holds(engine.explain("M", "t2.hearing", reason="in time", by="clerk"))
    corrected = watch.holds(
        engine.correct("H", held.sequence, reason="wrong day", by="clerk", fields={"at": "2026-03-01"})
    )
    assert [event.case for event in corrected.events] == ["H", "M", "M"]
    watch.holds(engine.open("town/hearing", "X", by="clerk"))
    linked = watch.holds(engine.link("X", under="M", by="clerk", subcase="complaint"))
    assert [event.case for event in linked.events] == ["X", "M"]
    watch.holds(engine.advance("X", "cancel", by="clerk"))


@BOTH
def test_a_live_act_tells_what_time_brought_to_it_and_to_cases_below_and_above(database: str, tmp_path, clock) -> None:
    with Engine(database, project=with_silence(tmp_path / "town"), clock=clock) as engine:
        engine.open("town/matter", "M", by="clerk")
        engine.open("town/hearing", "C", by="clerk", under="M", subcase="complaint")
        engine.determine("M", {"hearing_required": False}, by="clerk", reason="nobody is concerned")
        engine.advance("C", "call", by="clerk")
        clock.on("2026-03-12")
        watch = Watch(engine)
        decided = watch.holds(engine.advance("M", "decide", by="council"))
        assert {event.case for event in decided.events} == {"C", "M"}
        assert decided.action == "decide"
        assert decided.event in decided.events


def test_what_time_brought_to_the_case_comes_before_its_act(database: str, tmp_path: Path, clock: Hand) -> None:
    project = put(tmp_path, {"processes/permit/permit.yaml": STATUTE})
    with Engine(database, project=project, clock=clock) as engine:
        engine.open("permit/permit", "p1", by="citizen")
        engine.advance("p1", "apply", by="citizen")
        engine.open("permit/permit", "p2", by="citizen")
        engine.advance("p2", "apply", by="citizen")
        clock.on("2026-03-13")
        watch = Watch(engine)
        (ticked,) = engine.tick(cases=["p2"])
        assert watch.holds(ticked.stored).events == ticked.events
        (nothing,) = engine.tick(cases=["p2"])
        assert nothing.stored is None
        built = watch.holds(engine.advance("p1", "build", by="citizen"))
        assert len(built.events) > 1
        assert (built.action, built.events[-1]) == ("build", built.event)


def test_moves_and_erasures_tell_it_too(database: str, clock: Hand) -> None:
    with Engine(database, project=DATA / "personal", clock=clock) as engine:
        engine.open("town/petition", "P", by="clerk", facts={"petitioner": "张三丰", "topic": "绿化"})
        watch = Watch(engine)
        assert engine.erase("P", 1, "petitioner", reason="asked for", by="clerk", dry_run=True).stored is None
        erased = engine.erase("P", 1, "petitioner", reason="asked for", by="clerk", key="e")
        assert watch.holds(erased.stored).event == erased.event
        again = engine.erase("P", 1, "petitioner", reason="asked for", by="clerk", key="e").stored
        assert again is not None
        assert (again.events, again.cases, again.repeated, again.event) == ((), (), True, erased.event)


def test_a_result_answers_for_its_event(engine: Engine) -> None:
    written = engine.open("town/matter", "M", by="clerk", key="k")
    event = engine.case("M").events[0]
    for field in FIELDS:
        assert getattr(written, field.name) == getattr(event, field.name)
    public = {name for name in dir(Event) if not name.startswith("_")}
    assert public <= {name for name in dir(written) if not name.startswith("_")}
    assert written.imported is event.imported
    assert written == event
    assert event == written
    assert written == engine.open("town/matter", "M", by="clerk", key="k")
    assert written != engine.plan("M", "decide", to=date(2026, 3, 20), by="council")
    assert serialise(written) == {
        **serialise(event),
        "events": [serialise(event)],
        "cases": [{"case": "M", "version": 1}],
    }
    assert engine.effects(written) == engine.effects(event)


def test_a_key_that_was_used_gives_the_event_and_says_that_nothing_was_stored(engine: Engine) -> None:
    first = engine.open("town/matter", "M", by="clerk", key="k")
    again = engine.open("town/matter", "M", by="clerk", key="k")
    assert (again.event, again.events, again.cases, again.repeated) == (first.event, (), (), True)
    act = {"to": date(2026, 3, 20), "by": "council", "key": "p"}
    planned = engine.plan("M", "decide", **act)
    assert (planned.repeated, engine.plan("M", "decide", **act).repeated) == (False, True)


# -- subscribers --


@BOTH
def test_a_subscriber_gets_the_write_before_it_is_committed(engine: Engine, database: str) -> None:
    seen: list[tuple[str, int, int]] = []
    with Engine(database, project=TOWN) as other:

        @engine.subscribe
        def look(context: WriteContext, written: Written) -> None:
            inside = context.engine.case(written.case).version
            stored = context.connection.execute(sa.text("SELECT count(*) FROM zx_events")).scalar() or 0
            seen.append((written.case, inside, stored))
            assert not any(head.case == "M" for head in other.heads())

        written = engine.open("town/matter", "M", by="clerk")
    assert seen == [("M", 1, 1)]
    assert written.sequence == 1


def test_subscribers_are_called_in_order_with_all_that_the_write_stored(database: str, clock: Hand) -> None:
    calls: list[tuple[str, Written]] = []
    first, second = ((lambda _, written, name=name: calls.append((name, written))) for name in ("first", "second"))
    runtime = Runtime(TOWN, clock=clock, subscribers=[first])
    with runtime.on(database) as engine:
        engine.subscribe(second)
        written = engine.open("town/matter", "M", by="clerk")
        assert [name for name, _ in calls] == ["first", "second"]
        assert all(
            (call.events, call.cases, call.event) == (written.events, written.cases, written.event) for _, call in calls
        )
    with runtime.on(database) as another:
        another.plan("M", "decide", to=date(2026, 3, 20), by="council")
    assert [name for name, _ in calls] == ["first", "second", "first"]


@BOTH
def test_what_a_subscriber_writes_is_kept_or_undone_with_the_write(engine: Engine, database: str) -> None:
    made = sa.create_engine(database)
    with made.begin() as connection:
        connection.execute(sa.text("CREATE TABLE letters (matter text)"))
    refuse = False

    @engine.subscribe
    def letter(context: WriteContext, written: Written) -> None:
        context.connection.execute(sa.text("INSERT INTO letters VALUES (:case)"), {"case": written.case})
        if refuse:
            raise ValueError("no more letters")

    engine.open("town/matter", "M", by="clerk")
    refuse = True
    with pytest.raises(SubscriberFailed) as caught:
        engine.open("town/matter", "N", by="clerk")
    assert caught.value.code == "ZX4095"
    assert caught.value.params["subscriber"].endswith("letter")
    assert isinstance(caught.value.__cause__, ValueError)
    assert (caught.value.where.case, caught.value.where.event) == ("N", 1)
    with made.connect() as connection:
        assert connection.execute(sa.text("SELECT matter FROM letters")).scalars().all() == ["M"]
    assert [head.case for head in engine.heads()] == ["M"]
    assert len(engine.feed().entries) == 1
    made.dispose()


def test_a_subscriber_that_hides_a_failed_statement_undoes_the_write_and_says_so(postgresql: str) -> None:
    with Engine(postgresql, project=TOWN, create=True) as engine:

        @engine.subscribe
        def careless(context: WriteContext, _: Written) -> None:
            with suppress(sa.exc.SQLAlchemyError):
                context.connection.execute(sa.text("SELECT * FROM no_such_table"))

        with pytest.raises(SubscriberFailed):
            engine.open("town/matter", "M", by="clerk")
        assert engine.heads() == ()


def test_a_subscriber_is_called_once_for_a_write_that_is_repeated(engine: Engine, monkeypatch) -> None:
    calls: list[str] = []
    engine.open("town/matter", "M", by="clerk")
    engine.subscribe(lambda _, written: calls.append(written.type))
    whole, failures = writing.commit, iter([True, True, False])

    def late(*arguments: Any) -> Any:
        written = whole(*arguments)
        if next(failures):
            raise Conflict("ZX5003", retry="at_once", database="-", detail="deadlock")
        return written

    monkeypatch.setattr(writing, "commit", late)
    engine.plan("M", "decide", to=date(2026, 3, 20), by="council")
    assert calls == ["planned"]


def test_a_subscriber_is_never_called_for_what_is_not_stored(engine: Engine, tmp_path: Path) -> None:
    engine.open("town/matter", "M", by="clerk", key="k")
    calls: list[Written] = []
    engine.subscribe(lambda _, written: calls.append(written))
    engine.open("town/matter", "M", by="clerk", key="k")
    engine.preview("M", "drop", by="clerk")
    engine.tick(dry_run=True)
    engine.tick()
    with pytest.raises(Refused):
        engine.advance("M", "decide", by="clerk")
    file = tmp_path / "cases.yaml"
    file.write_text("- {language: 1, case: N, process: town/matter, opened: 2026-03-02, by: clerk}\n", encoding="utf-8")
    with read_cases(file) as source:
        import_cases(engine.context, source, dry_run=True)
    assert calls == []
    with read_cases(file) as source:
        import_cases(engine.context, source)
    assert [[event.case for event in written.events] for written in calls] == [["N"]]


async def awaited(_: WriteContext, __: Written) -> None:
    """It would never be awaited."""


class Later:
    async def __call__(self, _: WriteContext, __: Written) -> None:
        """Nor would this."""


@pytest.mark.parametrize("wrong", [None, "letter", 5, awaited, Later()])
def test_what_cannot_be_called_is_no_subscriber(engine: Engine, wrong: Any) -> None:
    for use in (engine.subscribe, lambda subscriber: Runtime(subscribers=[subscriber])):
        with pytest.raises(UsageError) as caught:
            use(wrong)
        assert caught.value.code == "ZX4096"


# -- the host's own transaction --


@BOTH
def test_in_a_transaction_of_the_host_all_of_it_ends_with_the_host(database: str, clock: Hand) -> None:
    calls: list[str] = []
    runtime = Runtime(TOWN, clock=clock, subscribers=[lambda _, written: calls.append(written.case)], outbox=TOPICS)
    runtime.on(database).close()
    host = sa.create_engine(database)
    with host.connect() as connection:
        runtime.on(connection).open("town/matter", "gone", by="clerk")
        connection.rollback()
        runtime.on(connection).open("town/matter", "kept", by="clerk")
        connection.commit()
    with runtime.on(host) as engine:
        assert [event.case for _, event in engine.feed().entries] == ["kept"]
        assert {message.case for message in engine.outbox.messages()} == {"kept"}
    assert calls == ["gone", "kept"]
    host.dispose()


def test_an_asynchronous_program_follows_as_well(tmp_path: Path, clock: Hand) -> None:
    async def story() -> tuple[Written, list[str], list[str]]:
        database = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/a.db")
        calls: list[str] = []
        async with database.begin() as connection:
            engine = AsyncEngine(connection, project=TOWN, clock=clock)
            engine.subscribe(lambda context, written: calls.append(f"{written.case} {context.connection.closed}"))
            written = await engine.open("town/matter", "M", by="clerk")
        async with database.connect() as connection:
            page = await AsyncEngine(connection, project=TOWN).feed()
        await database.dispose()
        return written, calls, [event.case for _, event in page.entries]

    written, calls, fed = asyncio.run(story())
    assert (written.events, calls, fed) == ((written.event,), ["M False"], ["M"])


# -- the outbox --


@contextmanager
def with_outbox(database: str, clock: Hand, *topics: str) -> Iterator[Engine]:
    with Engine(database, project=TOWN, clock=clock, outbox=topics) as engine:
        yield engine


def test_nothing_is_put_into_the_outbox_unless_it_is_asked_for(engine: Engine) -> None:
    engine.open("town/matter", "M", by="clerk")
    assert engine.outbox.messages(delivered=None) == ()


def test_each_event_recorded_is_a_message_of_ids_alone(database: str, clock: Hand) -> None:
    with with_outbox(database, clock, EVENT_RECORDED) as engine:
        engine.open("town/matter", "M", by="clerk")
        engine.open("town/hearing", "H", by="clerk", under="M", subcase="complaint")
        messages = engine.outbox.messages()
        assert [(message.case, message.sequence, message.payload) for message in messages] == [
            (event.case, event.sequence, {"case": event.case, "event": event.sequence})
            for _, event in engine.feed().entries
        ]
        assert {message.topic for message in messages} == {EVENT_RECORDED}
        assert engine.verify() == ()


@BOTH
def test_a_deadline_that_changes_is_a_message(database: str, clock: Hand) -> None:
    with with_outbox(database, clock, DEADLINE_CHANGED) as engine:
        engine.open("town/hearing", "H", by="clerk")
        engine.record("H", "hold", at=date(2026, 3, 2), by="clerk")
        changed = engine.outbox.messages()
        keys = {
            (message.payload["obligation"], message.payload["item"], message.payload["round"]) for message in changed
        }
        assert ("h2.report", None, 1) in keys
        last = changed[-1].id
        engine.plan("H", "report", to=date(2026, 3, 5), by="clerk")  # which moves nothing
        assert engine.outbox.messages(after=last) == ()
        engine.record("H", "report", at=date(2026, 3, 2), by="clerk", fields={"outcome": "support"})
        settled = engine.outbox.messages(after=last)
        assert {message.payload["obligation"] for message in settled} == {"h2.report"}
        assert {message.sequence for message in settled} == {4}
        assert engine.verify() == ()


@pytest.mark.parametrize("topics", ["event.recorded", ["event.recordet"], 5])
def test_topics_are_a_list_of_those_there_are(topics: Any) -> None:
    with pytest.raises(UsageError) as caught:
        Runtime(outbox=topics)
    assert caught.value.code in {"ZX4016", "ZX1201"}


# -- the feed at the doors --


@pytest.mark.parametrize(
    ("arguments", "name"), [({"after": -1}, "after"), ({"limit": 0}, "limit"), ({"limit": 10_001}, "limit")]
)
def test_numbers_of_the_feed_are_bounded(engine: Engine, arguments: dict[str, int], name: str) -> None:
    with pytest.raises(UsageError) as caught:
        engine.feed(**arguments)
    assert (caught.value.code, caught.value.params["name"]) == ("ZX4097", name)
    with pytest.raises(NotFound):
        engine.feed(1)


@BOTH
def test_the_command_line_writes_a_line_for_each_event(database: str, clock: Hand, tmp_path: Path, monkeypatch) -> None:
    with Engine(database, project=TOWN, clock=clock) as engine:
        engine.open("town/matter", "M", by="clerk")
        for day in range(3, 6):
            engine.plan("M", "decide", to=date(2026, 3, day), by="council")
        entries = engine.feed().entries
    monkeypatch.chdir(tmp_path)
    expected = [{"position": position, "event": serialise(event)} for position, event in entries]
    answer = run("feed", "--db", database)
    assert [json.loads(line) for line in answer.out.splitlines()] == expected
    answer = run("feed", "--db", database, "--after", "1", "--limit", "2")
    assert [json.loads(line) for line in answer.out.splitlines()] == expected[1:3]
    document = run("feed", "--db", database, "--after", "1", "--limit", "2", "--format", "json").data
    assert document == {"entries": expected[1:3], "next": 3, "more": True}
    assert run("feed", "--db", database, "--after", "4").out == ""
    assert run("feed", "--db", database, "--after", "5").code == 4


def test_a_project_says_what_goes_into_the_outbox(tmp_path: Path) -> None:
    project = put(tmp_path / "p", {"zhengxie.toml": 'outbox = "event.recorded, deadline.changed"\n'})
    shutil.copytree(TOWN, project, dirs_exist_ok=True)
    assert run("db", "upgrade", "--project", str(project)).code == 0
    assert run("open", "town/hearing", "--case", "H", "--by", "clerk", "--project", str(project)).code == 0
    with Engine(project / "zhengxie.db", project=project) as engine:
        assert {message.topic for message in engine.outbox.messages()} == set(TOPICS)
        now = datetime.now(UTC)
        claimed = engine.outbox.claim("worker", now=now, until=now + timedelta(minutes=1))
        assert all(engine.outbox.mark_delivered(message.id, "worker", at=now) for message in claimed)
        assert engine.outbox.messages() == ()
