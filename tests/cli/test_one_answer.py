"""One answer, written once: what a command prints is what the Python API gives, written by the one serialiser."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest
from tests import frozen
from tests.cli.program import CLOCK, Desk, run
from tests.projects import shipped
from tests.support import MINI

from zhengxie_flow import Engine, Refused
from zhengxie_flow.bootstrap import FixedClock
from zhengxie_flow.presentation.documents.deadlines import due_list
from zhengxie_flow.presentation.documents.events import WrittenEvent, written_event
from zhengxie_flow.presentation.documents.journals import (
    CaseList,
    Rebuilt,
    checkpoint_taken,
    erased_values,
    moved_case,
    verification,
)
from zhengxie_flow.presentation.documents.problems import error_document
from zhengxie_flow.presentation.due_rows import worded, words_of
from zhengxie_flow.presentation.labels import Labels
from zhengxie_flow.presentation.sentences import with_sentences
from zhengxie_flow.presentation.serialise import serialise
from zhengxie_flow.reading.calendars import load

NOW = datetime.fromisoformat(CLOCK)
LAW = Path(__file__).parents[1] / "data" / "editions"


def engine_on(db: Path, project: Path = MINI) -> Engine:
    return Engine(db, project=project, clock=FixedClock(NOW))


@pytest.fixture
def both(told, tmp_path):
    """The program and the Python API, each on a copy of one database."""
    with engine_on(Path(shutil.copy(told.db, tmp_path / "python.db"))) as engine:
        yield told, engine


def said(engine, audit):
    """An audit with its sentences, as any door shows it."""

    def labels_for(case):
        return Labels(engine.context.definitions.by_hash(engine.journal.head(case).definition), "en")

    return with_sentences(audit, labels_for)


def in_words(engine, due):
    """A list with its words, as any door shows it."""
    return worded(due, words_of(engine.context, NOW.date(), "en"))


READS = {
    "audit --fail-on never": lambda engine: said(engine, engine.audit(as_of=NOW.date(), known_at=NOW)),
    "audit c1 --as-of 2026-02-06 --fail-on never": lambda engine: said(
        engine, engine.audit("c1", date(2026, 2, 6), NOW)
    ),
    "show c1": lambda engine: engine.overview("c1"),
    "list": lambda engine: CaseList(engine.heads()),
    "due": lambda engine: in_words(engine, due_list(engine.due(), NOW.date())),
    "due --until 2026-03-12": lambda engine: in_words(
        engine, due_list(engine.due(date(2026, 3, 12)), NOW.date(), date(2026, 3, 12))
    ),
    "verify": lambda engine: verification(engine.verify(), len(engine.heads())),
}


@pytest.mark.parametrize("line", READS)
def test_what_is_asked(both, line):
    desk, engine = both
    assert desk.json(*line.split()).data == serialise(READS[line](engine))


WRITES = {
    "open mini/talk --case c2 --by office --at 2026-01-05 --key k": lambda engine: engine.open(
        "mini/talk", "c2", by="office", at=date(2026, 1, 5), key="k"
    ),
    "advance c1 conclude --by department --key k": lambda engine: engine.advance(
        "c1", "conclude", by="department", key="k"
    ),
    "record c1 conclude --at 2026-03-05 --by department --actor a --key k": lambda engine: engine.record(
        "c1", "conclude", at=date(2026, 3, 5), by="department", actor="a", key="k"
    ),
    "determine c1 urgent=true --by office --reason storm --basis order --key k": lambda engine: engine.determine(
        "c1", {"urgent": True}, by="office", reason="storm", basis="order", key="k"
    ),
    "plan c1 report --to 2026-09-01 --by department --key k": lambda engine: engine.plan(
        "c1", "report", to=date(2026, 9, 1), by="department", key="k"
    ),
    "explain c1 a4.report --reason storm --by office --public --key k": lambda engine: engine.explain(
        "c1", "a4.report", reason="storm", by="office", public=True, key="k"
    ),
    "correct c1 3 --with at=2026-02-06 --reason wrong --by office --key k": lambda engine: engine.correct(
        "c1", 3, reason="wrong", by="office", fields={"at": "2026-02-06"}, key="k"
    ),
}


@pytest.mark.parametrize("line", WRITES)
def test_what_is_written(both, line):
    desk, engine = both
    answer, written = desk.json(*line.split()).data, WRITES[line](engine)
    effects = engine.effects(written) if line.startswith(("advance", "record")) else None
    assert answer == serialise(written_event(written, effects))
    assert desk.json("show", line.split()[1] if "open" not in line else "c2").data["events"][-1]["key"] == "k"


def test_what_would_be_written(both):
    desk, engine = both
    event, after = engine.preview("c1", "conclude", by="department")
    answer = desk.json("advance", "c1", "conclude", "--by", "department", "--dry-run")
    effects = engine.effects(event, after)
    assert answer.data == serialise(WrittenEvent(written=False, event=event, state=after.state, effects=effects))


def test_a_refusal(both):
    desk, engine = both
    with pytest.raises(Refused) as caught:
        engine.advance("c1", "prepare", by="partner")
    answer = desk.json("advance", "c1", "prepare", "--by", "partner")
    document = serialise(error_document(caught.value, "en"))
    assert document["message"] == "The action 'prepare' is not allowed now (state: held)."
    message = 'The action "Prepare" (prepare) is not allowed now (state: "Held" (held)).'
    assert answer.error == {**document, "message": message}


def test_checkpoints_and_what_is_rebuilt(both):
    desk, engine = both
    where = {"database": desk.json("db", "current").data["database"]}
    taken = serialise(checkpoint_taken(where["database"], engine.checkpoint()))
    assert desk.json("db", "checkpoint").data == taken
    assert desk.json("db", "rebuild").data == serialise(Rebuilt(where["database"], engine.rebuild()))


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """A journal with personal values, subcases and an edition to move to, and its project."""
    folder = tmp_path_factory.mktemp("released")
    added, _ = frozen.unpack("0.4.0", folder)
    frozen.restore("0.4.0", f"sqlite:///{folder / 'journal.db'}")
    return folder / "journal.db", shipped(added)


LATER = {
    "erase F-petition 1 petitioner --by clerk --reason over --dry-run": lambda engine: erased_values(
        engine.erase("F-petition", 1, "petitioner", by="clerk", reason="over", dry_run=True), written=False
    ),
    "move F-talk --to 2026 --by office --reason law --dry-run": lambda engine: moved_case(
        engine.move("F-talk", to="2026", by="office", reason="law", dry_run=True)
    ),
    "open town/inquiry --case F-later --by clerk --under F-petition --key k": lambda engine: written_event(
        engine.open("town/inquiry", "F-later", by="clerk", under="F-petition", key="k")
    ),
    "link F-moved-inquiry --under F-petition --by clerk --key l": lambda engine: written_event(
        engine.link("F-moved-inquiry", under="F-petition", by="clerk", key="l")
    ),
}


@pytest.mark.parametrize("line", LATER)
def test_what_is_erased_moved_and_placed_under_another(line, released, tmp_path, monkeypatch):
    database, project = released
    clock = "2026-12-01T09:00:00+08:00"
    monkeypatch.setenv("ZHENGXIE_CLOCK", clock)
    answers = []
    for name in ("program", "python"):
        copied = Path(shutil.copy(database, tmp_path / f"{name}.db"))
        with Engine(copied, project=project, clock=FixedClock(datetime.fromisoformat(clock))) as engine:
            engine.open("town/inquiry", "F-moved-inquiry", by="clerk", key="o")
            if name == "python":
                answers.append(serialise(LATER[line](engine)))
        if name == "program":
            answers.append(run("--project", project, "--db", copied, "--format", "json", *line.split()).data)
    assert without_chance(answers[0]) == without_chance(answers[1])


def without_chance(answer):
    """An answer without the keys that the engine draws for events nobody asked for, and the hashes over them."""
    drawn = {"key", "hash"}
    events = [
        {name: value for name, value in event.items() if event["type"] != "subcase" or name not in drawn}
        for event in answer.get("events") or ()
    ]
    return {**answer, "events": events}


def test_a_calendar():
    calendar = load("cn")
    desk = Desk(Path("none.db"))
    assert desk.json("calendar", "add", "2026-02-10", "6").data == serialise(calendar.within(date(2026, 2, 10), 6))
    day = desk.json("calendar", "day", "2026-02-17").data
    assert serialise(calendar.explain(date(2026, 2, 17))).items() <= day.items()
