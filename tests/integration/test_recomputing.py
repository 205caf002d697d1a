"""A made-up notice for 2027 arrives: which open deadlines of the demo city move, and what is written about it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from zhengxie_flow import Engine
from zhengxie_flow.engine import fold
from zhengxie_flow.model.body import plain
from zhengxie_flow.model.event import Event, EventType
from zhengxie_flow.reading.imports import read_cases
from zhengxie_flow.reading.notices import import_notice
from zhengxie_flow.resources import processes_dir, rules_dir
from zhengxie_flow.services.commands.importing import import_cases
from zhengxie_flow.services.projecting import outdated

ROOT = Path(__file__).resolve().parents[2]
BEFORE = datetime.fromisoformat("2026-11-22T09:00:00+08:00")
AFTER = datetime.fromisoformat("2026-11-30T09:00:00+08:00")
NUMBER = "示例发明电〔2026〕1号"

# A made-up arrangement: nobody has announced 2027.
NOTICE = f"""\
notice_no: {NUMBER}
year: 2027
published: 2026-11-28
url: https://example.org/notice
text_sha256: "{"0" * 64}"
entered_by: clerk one
verified_by: clerk two
off_days: [2026-12-31/2027-01-02, 2027-02-05/2027-02-12, 2027-04-03/2027-04-05, 2027-05-01/2027-05-05,
           2027-06-09, 2027-09-15, 2027-10-01/2027-10-07]
work_days: [2026-12-27, 2027-01-31, 2027-02-14, 2027-05-08, 2027-09-26, 2027-10-09]
"""


class Moving:
    """A clock that the test moves on."""

    fixed = False

    def __init__(self) -> None:
        self.at = BEFORE

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Moving:
    return Moving()


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the definitions of the package, no notices of its own, and matters of the demo city; made once."""
    home = tmp_path_factory.mktemp("city") / "project"
    shutil.copytree(processes_dir(), home / "processes")
    shutil.copytree(rules_dir() / "jilin", home / "rules" / "jilin")
    with Engine(home / "cases.db", project=home, clock=Moving()) as engine:
        import_cases(
            engine.context, read_cases(*(ROOT / "examples" / "qinghe" / f"QH-{n}.yaml" for n in (11, 12, "C")))
        )
    return home


@pytest.fixture
def project(city: Path, tmp_path: Path) -> Path:
    return shutil.copytree(city, tmp_path / "project")


@pytest.fixture
def engine(project: Path, clock: Moving) -> Iterator[Engine]:
    with Engine(project / "cases.db", project=project, clock=clock) as opened:
        yield opened


def bring(project: Path, text: str = NOTICE, at: datetime = AFTER) -> None:
    file = project / "notice.yaml"
    file.write_text(text, encoding="utf-8")
    import_notice(file, project / "rules", recorded_at=at)


def told(engine: Engine, case: str = "QH-12") -> list[Event]:
    return [event for event in engine.case(case).events if event.type is EventType.RECOMPUTED]


def days(engine: Engine) -> dict[str, tuple[str, str]]:
    return {row.obligation: (str(row.day), row.status) for row in engine.due(date(2027, 1, 14)) if row.case == "QH-12"}


def late(engine: Engine) -> None:
    """The consultation ends on 24 December, so that its limits run across days that nobody has announced."""
    engine.plan("QH-12", "end_consultation", to=date(2026, 12, 24), by="undertaking_department")


def test_in_the_city_as_it_stands_one_report_becomes_firm(engine: Engine, project: Path, clock: Moving) -> None:
    clock.at = AFTER
    before = days(engine)
    bring(project)
    (shift,) = engine.recompute()
    assert (shift.case, shift.obligation, shift.notices) == ("QH-12", "a7.4.report", (NUMBER,))
    assert (shift.old.day, shift.old.status, shift.new.status) == (date(2026, 12, 24), "provisional", "firm")
    assert (shift.moved_earlier, shift.advised_day_past) == (False, False)
    assert days(engine) == {**before, "a7.4.report": ("2026-12-24", "firm")}


def test_each_deadline_that_moves_gets_an_event_with_the_day_before_and_after(
    engine: Engine, project: Path, clock: Moving
) -> None:
    late(engine)
    clock.at = AFTER
    assert days(engine) == {"a7.4.opinion": ("2026-12-31", "provisional"), "a7.4.report": ("2027-01-08", "provisional")}
    state, acts = engine.case("QH-12").state, engine.case("QH-12").timeline
    bring(project)
    shifts = engine.recompute()
    assert days(engine) == {"a7.4.opinion": ("2026-12-30", "firm"), "a7.4.report": ("2027-01-08", "firm")}
    events = told(engine)
    assert [event.sequence for event in events] == [shift.event for shift in shifts]
    (opinion, report) = (plain(event.body) for event in events)
    assert (opinion["obligation"], report["obligation"]) == ("a7.4.opinion", "a7.4.report")
    assert (opinion["old"]["day"], opinion["new"]["day"]) == ("2026-12-31", "2026-12-30")
    assert opinion["old"]["earliest"] <= opinion["new"]["day"] <= opinion["old"]["latest"]
    assert opinion["notices"] == report["notices"] == [NUMBER]
    assert opinion["old"]["calendar"] != opinion["new"]["calendar"] == events[0].calendar
    assert (opinion["moved_earlier"], opinion["advised_day_past"]) == (True, False)
    case = engine.case("QH-12")
    assert (case.state, case.timeline, case.version) == (state, acts, events[-1].sequence)
    assert fold(case.events) == case
    assert engine.verify(replay=True) == ()


def test_counting_again_writes_nothing(engine: Engine, project: Path, clock: Moving) -> None:
    late(engine)
    clock.at = AFTER
    bring(project)
    assert len(engine.recompute()) == 2
    heads = engine.heads()
    assert engine.recompute() == ()
    with Engine(project / "cases.db", project=project, clock=clock) as other:
        assert other.recompute() == ()
    assert engine.heads() == heads


def test_without_a_notice_nothing_is_written(engine: Engine, clock: Moving) -> None:
    late(engine)
    clock.at = AFTER
    heads = engine.heads()
    assert engine.recompute() == ()
    assert engine.heads() == heads


def test_two_that_count_at_once_tell_it_once(engine: Engine, project: Path, clock: Moving) -> None:
    """The second looks at rows that the first is about to replace, and waits for its turn to write."""
    late(engine)
    clock.at = AFTER
    bring(project)
    with Engine(project / "cases.db", project=project, clock=clock) as other:
        stale = tuple(other.journal.deadlines())
        assert len(engine.recompute()) == 2
        other.journal.deadlines = lambda **_: iter(stale)  # type: ignore[method-assign]
        assert other.recompute() == ()
    assert len(told(engine)) == 2


def test_a_day_to_act_that_lies_in_the_past_is_told(engine: Engine, project: Path, clock: Moving) -> None:
    late(engine)
    clock.at = datetime.fromisoformat("2026-12-31T09:00:00+08:00")
    bring(project, at=clock.at)
    warned = {shift.obligation: (shift.moved_earlier, shift.advised_day_past) for shift in engine.recompute()}
    assert warned == {"a7.4.opinion": (True, True), "a7.4.report": (False, False)}


def test_verdicts_of_the_past_stay_as_they_were(engine: Engine, project: Path, clock: Moving) -> None:
    late(engine)
    day = AFTER.date() - timedelta(days=4)  # before the notice was published
    then = engine.audit(as_of=day)
    clock.at = AFTER
    bring(project)
    engine.recompute()
    assert [case.verdicts for case in engine.audit(as_of=day).cases] == [case.verdicts for case in then.cases]


def test_a_case_goes_on_after_its_deadlines_moved(engine: Engine, project: Path, clock: Moving) -> None:
    late(engine)
    clock.at = AFTER
    bring(project)
    engine.recompute()
    engine.record("QH-12", "hold", at=date(2026, 11, 27), by="undertaking_department")
    case = engine.case("QH-12")
    assert case.timeline[-1].action == "hold"
    assert fold(case.events) == case
    assert engine.recompute() == ()


def test_an_engine_sees_a_notice_that_somebody_else_imported_once_it_looks_again(
    engine: Engine, project: Path, clock: Moving
) -> None:
    clock.at = AFTER
    last = engine.context.calendars.snapshot("cn", AFTER.date()).firm_through
    bring(project)
    assert engine.context.calendars.snapshot("cn", AFTER.date()).firm_through == last == date(2026, 12, 23)
    engine.recompute()
    assert engine.context.calendars.snapshot("cn", AFTER.date()).firm_through == date(2027, 12, 23)


def test_where_the_old_calendar_cannot_be_told_any_more_the_rows_speak(
    engine: Engine, project: Path, clock: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    late(engine)
    clock.at = AFTER
    bring(project)
    monkeypatch.setattr(engine._calendars, "standing", lambda *_: None)
    shifts = engine.recompute()
    assert [(shift.obligation, str(shift.old.day), shift.notices) for shift in shifts] == [
        ("a7.4.opinion", "2026-12-31", ()),
        ("a7.4.report", "2027-01-08", ()),
    ]
    assert engine.recompute() == ()


def test_no_list_has_to_work_a_case_out_after_a_recount(engine: Engine, project: Path, clock: Moving) -> None:
    engine.tick()
    clock.at = AFTER
    bring(project)
    engine._calendars.refresh()
    assert len(outdated(engine.context)) == len(tuple(engine.journal.heads()))
    engine.recompute()
    assert outdated(engine.context) == ()
    assert engine.verify(replay=True) == ()
