"""Local days off apply to the processes that opt in, and to no other."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from tests.architecture.test_startup import command
from tests.support import MINI

from zhengxie_flow import Engine
from zhengxie_flow.bootstrap import FixedClock
from zhengxie_flow.errors import NotFound
from zhengxie_flow.reading.checked.run import run
from zhengxie_flow.reading.definitions import Files

NOW = datetime.fromisoformat("2026-08-20T09:00:00+08:00")
LAYER = """\
language: 1
calendar: cn
level: prefecture
zh: 示例州
en: an example prefecture
notices:
- notice_no: 示例〔2026〕1号
  published: 2026-03-01
  off_days: [2026-09-03/2026-09-04]
  work_days: [2026-09-05]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two processes that differ in their calendar alone."""
    home = tmp_path / "project"
    shutil.copytree(MINI, home)
    talk = home / "processes" / "mini" / "talk.yaml"
    text = talk.read_text(encoding="utf-8")
    local = text.replace("process: talk", "process: local", 1).replace("calendar: cn\n", "calendar: cn+prefecture\n", 1)
    assert local.count("local") == local.count("cn+prefecture") == 1
    talk.with_name("local.yaml").write_text(local, encoding="utf-8")
    layers = home / "rules" / "calendars" / "local"
    layers.mkdir(parents=True)
    (layers / "prefecture.yaml").write_text(LAYER, encoding="utf-8")
    return home


@pytest.fixture
def engine(project: Path) -> Iterator[Engine]:
    with Engine(project / "cases.db", project=project, clock=FixedClock(NOW)) as opened:
        yield opened


def latest(engine: Engine, process: str) -> set[date | None]:
    """The last day to notify for a session planned on 10 September."""
    items = {"guest": {"g1": {"kind": "expert"}}}
    engine.open(f"mini/{process}", process, by="office", items=items, at=date(2026, 8, 19))
    engine.plan(process, "hold", to=date(2026, 9, 10), by="department")
    return {row.day for row in engine.due() if row.case == process and row.obligation == "a2.notice"}


def test_a_process_that_opts_in_counts_local_days(engine: Engine) -> None:
    national, local = latest(engine, "talk"), latest(engine, "local")
    assert national == {engine.context.calendars.snapshot("cn", NOW.date()).before(date(2026, 9, 10), 15).date}
    # Two days off and one make-up Saturday in between: one working day less, so one day earlier.
    assert local == {date(2026, 8, 19)}
    assert national == {date(2026, 8, 20)}


def test_the_days_are_shown_with_the_local_instrument(engine: Engine) -> None:
    latest(engine, "local")
    (case,) = engine.audit("local", as_of=date(2026, 9, 10)).cases
    line = next(line for line in case.verdicts if line.obligation == "a2.notice")
    assert line.working is not None
    assert "示例〔2026〕1号" in {skipped.instrument for skipped in line.working.limit.skipped}


def test_the_check_knows_the_layers_of_the_project(project: Path) -> None:
    files = Files(project / "processes", project / "rules")
    assert [found for found in run(files) if found.code == "ZX1260"] == []
    (project / "rules" / "calendars" / "local" / "prefecture.yaml").rename(project / "gone.yaml")
    (found,) = [found for found in run(files) if found.code == "ZX1260"]
    assert (found.where.file, found.params["name"]) == ("processes/mini/local.yaml", "cn+prefecture")


def test_a_broken_layer_is_told_before_anybody_counts_with_it(project: Path) -> None:
    layer = project / "rules" / "calendars" / "local" / "prefecture.yaml"
    layer.write_text(LAYER.replace("2026-09-05", "2026-09-31"), encoding="utf-8")
    found = [each for each in run(Files(project / "processes", project / "rules")) if "prefecture" in str(each.where)]
    assert [(each.severity, each.where.line) for each in found] == [("error", 10)]


def test_a_layer_that_is_not_there_stops_the_engine(project: Path, engine: Engine) -> None:
    (project / "rules" / "calendars" / "local" / "prefecture.yaml").unlink()
    with pytest.raises(NotFound) as caught:
        latest(engine, "local")
    assert caught.value.code == "ZX2016"


@pytest.mark.parametrize(("name", "known"), [("NL", True), ("US-CA", True), ("US-XX", False), ("NL+prefecture", False)])
def test_other_countries_are_known_by_their_codes(project: Path, name: str, known: bool) -> None:
    local = project / "processes" / "mini" / "local.yaml"
    local.write_text(local.read_text(encoding="utf-8").replace("cn+prefecture", name), encoding="utf-8")
    found = [
        each.params["name"] for each in run(Files(project / "processes", project / "rules")) if each.code == "ZX1260"
    ]
    assert found == ([] if known else [name])


OFFICE = """\
language: 1
calendar: NL
level: organisation
notices:
- {notice_no: example 1, off_days: [2026-09-03]}
"""
SIX_DAYS = """\
language: 1
week: [mon, tue, wed, thu, fri, sat]
level: organisation
notices:
- {notice_no: example 2, off_days: [2026-09-03]}
"""


def renamed(project: Path, name: str) -> Files:
    """The project, its second process on another calendar, with a layer for another country and a week of its own."""
    local = project / "processes" / "mini" / "local.yaml"
    local.write_text(local.read_text(encoding="utf-8").replace("cn+prefecture", name), encoding="utf-8")
    layers = project / "rules" / "calendars" / "local"
    (layers / "office.yaml").write_text(OFFICE, encoding="utf-8")
    (layers / "six_days.yaml").write_text(SIX_DAYS, encoding="utf-8")
    return Files(project / "processes", project / "rules")


@pytest.mark.parametrize(
    ("name", "problems"),
    [
        ("NL+office", []),
        ("NL+atw+office", []),
        ("US+US-MA", []),
        ("cn+prefecture", []),
        ("six_days", []),
        ("DE-BE", []),
        ("six_days+office", ["ZX1260"]),
        ("cn+office", ["ZX1260"]),
        ("office", ["ZX1260"]),
        ("US+US-XX", ["ZX1260"]),
        ("DE", ["ZX2060"]),
        ("GB+NL", ["ZX2060"]),
        ("GB+GB-ENG", []),
    ],
)
def test_the_check_knows_layers_on_any_base(project: Path, name: str, problems: list[str]) -> None:
    found = [each.code for each in run(renamed(project, name)) if each.code in ("ZX1260", "ZX2060")]
    assert found == problems


@pytest.mark.parametrize(("name", "layer"), [("NL+office", "office"), ("six_days", "six_days")])
def test_every_layer_a_process_names_is_read(project: Path, name: str, layer: str) -> None:
    files = renamed(project, name)
    path = project / "rules" / "calendars" / "local" / f"{layer}.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("2026-09-03", "2026-09-31"), encoding="utf-8")
    found = [each for each in run(files) if layer in str(each.where)]
    assert [(each.severity, each.where.line) for each in found] == [("error", 5)]


@pytest.mark.parametrize(("name", "imported"), [("cn+prefecture", []), ("six_days", []), ("NL+office", ["holidays"])])
def test_the_library_is_imported_only_for_its_own_countries(project: Path, name: str, imported: list[str]) -> None:
    renamed(project, name)
    assert command("--project", str(project), "check")[1] == imported
    assert command("--project", str(project), "calendar", "day", "2026-09-03", "--calendar", name) == (0, imported)


@pytest.mark.parametrize(("name", "last"), [("NL+office", date(2026, 8, 19)), ("six_days", date(2026, 8, 22))])
def test_a_process_counts_with_layers_on_any_base(project: Path, name: str, last: date) -> None:
    renamed(project, name)
    with Engine(project / "cases.db", project=project, clock=FixedClock(NOW)) as opened:
        (day,) = latest(opened, "local")
        (case,) = opened.audit("local", as_of=date(2026, 9, 10)).cases
    snapshot = opened.context.calendars.snapshot(name, NOW.date())
    assert day == snapshot.before(date(2026, 9, 10), 15).date
    assert not snapshot.is_working_day(date(2026, 9, 3))
    line = next(line for line in case.verdicts if line.obligation == "a2.notice")
    assert line.working is not None
    assert date(2026, 9, 3) in {skipped.date for skipped in line.working.limit.skipped}
    assert day == last
