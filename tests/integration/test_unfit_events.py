"""Events in a valid chain that no program of ours could have written: named wherever they are read, never a crash.

One event of every kind is changed in every place, once each way a forger might think of, and the chain is made anew
behind it.  Either the change is found, or the case is still judged.
"""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests import frozen
from tests.cli.program import run
from tests.projects import shipped
from tests.support import SOAK, shanghai
from tests.tampering import unguarded

from zhengxie_flow import Engine, ZhengxieError
from zhengxie_flow.bootstrap import FixedClock
from zhengxie_flow.engine import audit, deadlines, derive, fold
from zhengxie_flow.engine.events.conformance import Vocabulary, misfits
from zhengxie_flow.model.event import EventType, content, read_record
from zhengxie_flow.services.folded_cases import definitions_of
from zhengxie_flow.storage import chain, tables
from zhengxie_flow.storage.rows import event_row

NOW = shanghai("2026-12-01T09:00:00")
STRANGE: tuple[Any, ...] = (None, 7, True, "no_such", "", [], {}, [{}], "2026-99-99", 2**70)
GONE = object()


@pytest.fixture(scope="module")
def restored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A journal as 0.3.0 left it, and its project."""
    folder = tmp_path_factory.mktemp("journal")
    added, _ = frozen.unpack("0.3.0", folder)
    frozen.restore("0.3.0", f"sqlite:///{folder}/journal.db")
    return folder / "journal.db", shipped(added)


@pytest.fixture(scope="module")
def engine(restored: tuple[Path, Path]) -> Iterator[Engine]:
    with Engine(restored[0], project=restored[1], clock=FixedClock(NOW)) as made:
        opened = next(head for head in made.heads() if head.process == "jilin/consultation")
        made.assign(opened.case, "undertaking_department", to="education_bureau", by="general_office")
        made.urge(opened.case, "a7.4.report", by="general_office", at=NOW.date())
        yield made


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value but its top."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inner:
        yield (*path, key)
        yield from places(below, (*path, key))


def put(record: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(record)
    place: Any = changed
    for part in path[:-1]:
        place = place[part]
    if value is GONE:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return changed


def forgeries(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in places(record["body"], ("body",)):
        yield put(record, path, GONE)
        yield from (put(record, path, value) for value in STRANGE)
    yield put(record, ("body", "no_such"), 1)
    for name in ("action", "item", "by", "actor", "recorded_by"):
        yield from (put(record, (name,), value) for value in ("no_such", None))
    yield from (put(record, ("supersedes",), value) for value in (None, 0, 1, 2, record["sequence"], 10**6))
    for name in ("supersedes", "occurred", "recorded", "evidence", "mode", "precision"):
        yield from (put(record, (name,), value) for value in (*STRANGE, "9999-12-31T23:59:59-08:00", [7], "abc"))
    yield from (put(record, ("type",), str(kind)) for kind in EventType)


def sample(engine: Engine, kind: EventType) -> tuple[str, int]:
    """The shortest case that holds an event of a kind, and its place there."""
    cases = sorted((engine.case(head.case) for head in engine.heads()), key=lambda case: len(case.events))
    return next((case.id, place) for case in cases for place, event in enumerate(case.events) if event.type is kind)


@pytest.mark.parametrize("kind", list(EventType))
def test_a_forged_event_is_named_or_does_no_harm(engine: Engine, kind: EventType) -> None:
    case, place = sample(engine, kind)
    events = engine.journal.events(case)
    record = content(events[place])
    named = judged = 0
    for forged in forgeries(record):
        try:
            event = read_record(forged, "sha256:0")
        except (ValueError, TypeError):
            named += 1
            continue
        changed = (*events[:place], event, *events[place + 1 :])
        vocabulary = Vocabulary.of(*definitions_of(engine.context.definitions, events))
        if next(misfits(vocabulary, changed), None) is not None:
            named += 1
            continue
        folded = fold(changed)
        compiled = engine.context.definitions.by_hash(folded.definition)
        calendars = partial(engine.context.calendar, compiled)
        audit(derive(compiled, folded, calendars, NOW.date()))
        list(deadlines(derive(compiled, folded, calendars, NOW.date())))
        judged += 1
    assert named > judged
    assert judged > 0


def rechain(engine: Engine, case: str, place: int, forged: dict[str, Any]) -> None:
    """Write the journal of a case anew with another event in it, as somebody with the database in hand could."""
    events = engine.journal.events(case)
    records = [content(event) for event in events]
    records[place] = forged
    previous, rows = "", []
    for record in records:
        record["previous_hash"] = previous
        previous = chain.hasher("sha256")(chain.canonical(record))
        rows.append(event_row(record, previous))
    with sa.create_engine(engine.journal._source.where.url).begin() as connection, unguarded(connection):
        connection.execute(sa.delete(tables.checkpoints))  # it would convict before anybody reads the event
        connection.execute(sa.delete(tables.events).where(tables.events.c.case_id == case))
        connection.execute(sa.insert(tables.events), rows)
        connection.execute(sa.update(tables.heads).where(tables.heads.c.case_id == case).values(hash=previous))


FORGED = {
    "a body of the wrong shape": (EventType.PLANNED, ("body", "to"), "soon", "ZX5904"),
    "a key no kind has": (EventType.EXPLAINED, ("body", "no_such"), 1, "ZX5904"),
    "a state the definition lacks": (EventType.ACT, ("body", "state"), {"from": "x", "to": "no_such"}, "ZX5905"),
    "an action the definition lacks": (EventType.ACT, ("action",), "no_such", "ZX5905"),
    "a type of item the definition lacks": (
        EventType.ACT, ("body", "items"), {"added": [{"type": "no_such", "id": "i", "fields": {}}]}, "ZX5905",
    ),
    "a fact of another type": (EventType.DETERMINED, ("body", "facts", "urgent"), 7, "ZX5905"),
    "a correction of what comes later": (EventType.CORRECTED, ("supersedes",), 10**6, "ZX5905"),
    "an instant at the end of time": (EventType.CORRECTED, ("body", "occurred"), "9999-12-31T23:59:59-08:00", "ZX5904"),
    "an event of a newer schema": (EventType.ACT, ("schema",), 99, "ZX5021"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED if SOAK else list(FORGED)[::3])  # all of them in the soak run
def test_every_door_names_a_forged_event(name: str, restored: tuple[Path, Path], tmp_path: Path) -> None:
    kind, path, value, code = FORGED[name]
    database, project = tmp_path / "journal.db", restored[1]
    shutil.copy(restored[0], database)
    with Engine(database, project=project, clock=FixedClock(NOW)) as engine:
        events = engine.journal.events("F-talk")
        place = next(place for place, event in enumerate(events) if event.type is kind)
        before = {head.case for head in engine.heads()}
        rechain(engine, "F-talk", place, put(content(events[place]), path, value))
        found = [finding for finding in engine.verify() if finding.kind not in ("erased", "projection", "stale")]
        assert [(finding.case, finding.sequence, finding.kind) for finding in found] == [("F-talk", place + 1, "body")]
        for ask in (engine.case, engine.audit, partial(engine.advance, action="report", by="office")):
            with pytest.raises(ZhengxieError) as caught:
                ask("F-talk")
            assert caught.value.code == code
            assert caught.value.where.event == place + 1
        assert {head.case for head in engine.heads()} == before
    program = partial(run, "--project", project, "--db", f"sqlite:///{database}", "--format", "json")
    assert program("verify").code == 1
    for words in (("show", "F-talk"), ("audit", "F-talk")):
        answer = program(*words)
        assert (answer.code, answer.error["code"]) in {(1, code), (6, code)}
    assert program("show", "F-permit").code == 0


UNREADABLE: dict[str, tuple[tuple[Any, ...], Any]] = {
    "a text where a number should be": (("supersedes",), "abc"),
    "an instant at the end of time": (("recorded",), "9999-12-31T23:59:59-08:00"),
    "evidence that is no text": (("evidence",), [7]),
    "a definition nobody stored": (("definition",), "sha256:no_such"),
    "a move to another process": (("definition",), "another"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_event_that_cannot_be_read_stops_its_own_case_alone(
    name: str, restored: tuple[Path, Path], tmp_path: Path
) -> None:
    path, value = UNREADABLE[name]
    database, project = tmp_path / "journal.db", restored[1]
    shutil.copy(restored[0], database)
    with Engine(database, project=project, clock=FixedClock(NOW)) as engine:
        if value == "another":
            value = engine.journal.events("F-permit")[0].definition
        rechain(engine, "F-talk", 0, put(content(engine.journal.events("F-talk")[0]), path, value))
        assert {
            finding.case for finding in engine.verify() if finding.kind not in ("erased", "projection", "stale")
        } == {"F-talk"}
        with pytest.raises(ZhengxieError):
            engine.audit("F-talk")
        assert [case.case for case in engine.audit("F-permit").cases] == ["F-permit"]
    answer = run("--project", project, "--db", f"sqlite:///{database}", "--format", "json", "audit", "F-talk")
    assert answer.code in (1, 4, 6)
    assert answer.error["code"].startswith("ZX")
