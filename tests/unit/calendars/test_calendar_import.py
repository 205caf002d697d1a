"""A notice arrives: checked, all or nothing, and what it changes."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.calendars.difference import RecountedLimit, compare, reckon, reproject
from zhengxie_flow.errors import CalendarError, InvalidDefinition, StorageError
from zhengxie_flow.reading import calendar_pack
from zhengxie_flow.reading.calendar_files import read_facts
from zhengxie_flow.reading.calendars import CalendarFiles
from zhengxie_flow.reading.notices import ImportedNotice, import_notice

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
TODAY = date(2026, 11, 30)

# A made-up arrangement for 2027: nobody has announced it.
NOTICE = """\
notice_no: 示例发明电〔2026〕1号
year: 2027
published: 2026-11-28
url: https://example.org/notice
text_sha256: "0000000000000000000000000000000000000000000000000000000000000000"
entered_by: clerk one
verified_by: clerk two
off_days: [2026-12-31/2027-01-02, 2027-02-05/2027-02-12, 2027-04-03/2027-04-05, 2027-05-01/2027-05-05,
           2027-06-09, 2027-09-15, 2027-10-01/2027-10-07]
work_days: [2026-12-27, 2027-01-31, 2027-02-14, 2027-05-08, 2027-09-26, 2027-10-09]
"""

AMENDMENT = """\
notice_no: 示例发明电〔2026〕2号
year: 2027
published: 2026-11-29
amends: 示例发明电〔2026〕1号
url: https://example.org/amendment
text_sha256: "1111111111111111111111111111111111111111111111111111111111111111"
entered_by: clerk one
verified_by: clerk two
off_days: [2027-02-14]
work_days: [2027-02-20]
clears_work: [2027-02-14]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return tmp_path / "rules"


def take(project: Path, text: str, rules: Path, *, trial: bool = False, now: datetime = NOW) -> ImportedNotice:
    project.parent.mkdir(parents=True, exist_ok=True)
    file = project.parent / "notice.yaml"
    file.write_text(text, encoding="utf-8")
    return import_notice(file, project, recorded_at=now, root=rules, trial=trial)


def faults(project: Path, text: str, rules: Path) -> list[tuple[str, int | None]]:
    with pytest.raises(InvalidDefinition) as caught:
        take(project, text, rules)
    assert not list(project.rglob("*.yaml"))
    return [(problem.code, problem.where.line) for problem in caught.value.problems if problem.severity == "error"]


def test_a_notice_settles_its_year(project: Path, rules: Path) -> None:
    before = CalendarFiles(rules, project).snapshot("cn", TODAY)
    done = take(project, NOTICE, rules)
    after = CalendarFiles(rules, project).snapshot("cn", TODAY)
    assert [notice.number for notice in done.new] == ["示例发明电〔2026〕1号"]
    assert (done.known, done.warnings) == ((), ())
    assert done.path == project / "calendars" / "cn" / "2027.yaml"
    assert before.firm_through == date(2026, 12, 23)
    assert after.firm_through == date(2027, 12, 23)
    assert after.last == date(2029, 12, 31)
    assert [change.date.isoformat() for change in done.difference.changes] == [
        "2026-12-27", "2026-12-31", "2027-01-31", "2027-02-11", "2027-02-12", "2027-02-14", "2027-05-05",
        "2027-05-08", "2027-09-26", "2027-10-06", "2027-10-07", "2027-10-09",
    ]  # fmt: skip
    assert done.difference.instruments == ("示例发明电〔2026〕1号",)
    assert compare(before, after).dates == done.difference.dates


def test_what_was_known_and_when_it_was_recorded(project: Path, rules: Path) -> None:
    take(project, NOTICE, rules)
    calendars = CalendarFiles(rules, project)
    assert calendars.snapshot("cn", date(2026, 11, 27)).firm_through == date(2026, 12, 23)
    assert calendars.snapshot("cn", date(2026, 11, 28)).firm_through == date(2027, 12, 23)
    not_yet = calendars.snapshot("cn", date(2026, 11, 29), known_at=NOW - timedelta(seconds=1))
    assert not_yet.firm_through == date(2026, 12, 23)
    assert calendars.snapshot("cn", date(2026, 11, 29), known_at=NOW).firm_through == date(2027, 12, 23)


def test_importing_again_changes_nothing(project: Path, rules: Path) -> None:
    take(project, NOTICE, rules)
    files = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    again = take(project, NOTICE, rules, now=NOW + timedelta(days=1))
    assert (again.new, again.known, again.path) == ((), ("示例发明电〔2026〕1号",), None)
    assert again.difference.changes == ()
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == files


def test_a_trial_writes_nothing(project: Path, rules: Path) -> None:
    done = take(project, NOTICE, rules, trial=True)
    assert done.path is None
    assert len(done.difference.changes) == 12
    assert not project.exists()


def test_an_amendment_follows_its_notice(project: Path, rules: Path) -> None:
    both = "notices:\n" + "".join("- " + text.strip().replace("\n", "\n  ") + "\n" for text in (NOTICE, AMENDMENT))
    assert len(take(project, both, rules).new) == 2
    calendars = CalendarFiles(rules, project)
    day = date(2027, 2, 14)
    assert calendars.snapshot("cn", date(2026, 11, 28)).is_working_day(day)
    told = calendars.snapshot("cn", date(2026, 11, 29)).explain(day)
    assert (told.working, told.instrument) == (False, "示例发明电〔2026〕2号")


def test_a_make_up_day_taken_back_is_a_weekend_again(project: Path, rules: Path, tmp_path: Path) -> None:
    take(project, NOTICE, rules)
    text = AMENDMENT.replace(
        "off_days: [2027-02-14]\nwork_days: [2027-02-20]", "occasion: {zh: 庆典, en: feast}\noff_days: []"
    )
    take(project, text, rules)
    told = CalendarFiles(rules, project).snapshot("cn", TODAY).explain(date(2027, 2, 14))
    assert (told.working, told.reason, told.instrument) == (False, "cleared", "示例发明电〔2026〕2号")
    assert told.festivals == ()
    folders = [rules / "calendars" / "cn", project / "calendars" / "cn"]
    compiled, kept = (calendar_pack.load_facts(folders, cache=tmp_path) for _ in range(2))
    assert len(list(tmp_path.glob("calendar-*.json"))) == 1
    assert compiled == kept == read_facts(folders)


def test_a_later_file_stands_beside_the_first(project: Path, rules: Path) -> None:
    take(project, NOTICE, rules)
    done = take(project, AMENDMENT, rules)
    assert done.path == project / "calendars" / "cn" / "2027-2.yaml"
    assert [change.date.isoformat() for change in done.difference.changes] == ["2027-02-14", "2027-02-20"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("2027-06-09", "2027-06-10", [("ZX2035", 8)]),
        ("2027-09-26, ", "", [("ZX2034", 8)]),
        ("2027-10-09]", "2027-10-08]", [("ZX2031", 10)]),
        ("2027-10-09]", "2027-10-02]", [("ZX2032", 10)]),
        ("2027-09-15, ", "2027-09-15, 2027-05-05, ", [("ZX2033", 9)]),
        ("2027-06-09", "2028-06-09", [("ZX2030", 9), ("ZX2035", 8)]),
        ("published: 2026-11-28", "published: 2026-12-28", [("ZX2045", 3)]),
        ("published: 2026-11-28", "published: 2028-01-01", [("ZX2037", 3), ("ZX2045", 3)]),
        ("published: 2026-11-28\n", "", [("ZX2024", 1)]),
        ("year: 2027", "year: 2028", [("ZX2030", 8), ("ZX2030", 10), ("ZX2040", 2), ("ZX2035", 8)]),
        ("2027-02-05/2027-02-12", "2027-02-12/2027-02-05", [("ZX2021", 8)]),
        ("2027-06-09", "2027-06-31", [("ZX2020", 9)]),
        ("2027-01-31, 2027-02-14", "2027-02-20, 2027-02-14", [("ZX2043", 10)]),
        ("示例发明电〔2026〕1号", "国办发明电〔2025〕7号", [("ZX2044", 1)]),
    ],
)
def test_faults_have_a_place_and_nothing_is_written(
    project: Path, rules: Path, old: str, new: str, expected: list[tuple[str, int]]
) -> None:
    assert old in NOTICE
    found = faults(project, NOTICE.replace(old, new), rules)
    assert [one for one in expected if one not in found] == []
    assert {code for code, _ in found} - {code for code, _ in expected} <= {"ZX2034"}  # a slip often upsets the sum too


def test_only_a_named_amendment_changes_the_balance(project: Path, rules: Path) -> None:
    both = NOTICE.replace("\n", "\n  ").strip()
    generous = AMENDMENT.replace("work_days: [2027-02-20]\n", "")
    text = "notices:\n- " + both + "\n- " + generous.replace("\n", "\n  ").strip() + "\n"
    assert [code for code, _ in faults(project, text, rules)] == ["ZX2036"]
    named = text.replace("  clears_work", "  occasion: {zh: 庆典, en: a celebration}\n  clears_work")
    assert len(take(project, named, rules).new) == 2


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("amends: 示例发明电〔2026〕1号", "amends: 示例发明电〔2026〕9号", "ZX2038"),
        ("clears_work: [2027-02-14]\n", "", "ZX2042"),
        ("clears_work: [2027-02-14]", "clears_work: [2027-02-14, 2027-02-21]", "ZX2041"),
        ("amends: 示例发明电〔2026〕1号\n", "", "ZX2039"),
    ],
)
def test_an_amendment_says_what_it_does(project: Path, rules: Path, old: str, new: str, code: str) -> None:
    take(project, NOTICE, rules)
    assert old in AMENDMENT
    with pytest.raises(InvalidDefinition) as caught:
        take(project, AMENDMENT.replace(old, new), rules)
    assert code in {problem.code for problem in caught.value.problems}
    assert [path.name for path in project.rglob("*.yaml")] == ["2027.yaml"]


def test_where_a_notice_comes_from_is_asked_for(project: Path, rules: Path) -> None:
    text = NOTICE.replace("url: https://example.org/notice\n", "").replace("clerk two", "clerk one")
    done = take(project, text, rules)
    assert [(problem.code, problem.severity) for problem in done.warnings] == [
        ("ZX2046", "warning"),
        ("ZX2047", "warning"),
    ]


def test_a_folder_that_cannot_be_written(project: Path, rules: Path) -> None:
    project.parent.mkdir(exist_ok=True)
    project.write_text("a file in the way", encoding="utf-8")
    with pytest.raises(StorageError) as caught:
        take(project, NOTICE, rules)
    assert caught.value.code == "ZX2048"
    assert sorted(path.name for path in project.parent.iterdir()) == ["notice.yaml", "rules"]


def test_what_a_killed_import_left_is_removed(project: Path, rules: Path) -> None:
    folder = project / "calendars" / "cn"
    folder.mkdir(parents=True)
    for _ in ("new", "imported already"):
        (folder / "import.1.part").write_text("half a not", encoding="utf-8")
        take(project, NOTICE, rules, trial=True)
        assert (folder / "import.1.part").exists()
        take(project, NOTICE, rules)
        assert [file.name for file in folder.iterdir()] == ["2027.yaml"]


@pytest.mark.parametrize(("times", "done"), [(1, True), (19, True), (20, False)])
def test_two_imports_at_the_same_moment_stand_each_other(
    project: Path, rules: Path, monkeypatch: pytest.MonkeyPatch, times: int, *, done: bool
) -> None:
    """Another one takes the unfinished file for what a killed one left; it is written again, and not for ever."""
    link, taken = Path.hardlink_to, iter(range(times))

    def disturbed(path: Path, part: Path) -> None:
        if next(taken, None) is not None:
            part.unlink()
        link(path, part)

    monkeypatch.setattr(Path, "hardlink_to", disturbed)
    if done:
        take(project, NOTICE, rules)
    else:
        with pytest.raises(StorageError, match="ZX2048"):
            take(project, NOTICE, rules)
    assert [file.name for file in (project / "calendars" / "cn").iterdir()] == ["2027.yaml"] * done


def test_the_moment_has_a_zone(project: Path, rules: Path) -> None:
    with pytest.raises(CalendarError):
        take(project, NOTICE, rules, now=datetime(2026, 11, 30))  # noqa: DTZ001 - the point of the case


@pytest.fixture
def snapshots(project: Path, rules: Path) -> tuple[Snapshot, Snapshot]:
    old = CalendarFiles(rules, project).snapshot("cn", TODAY)
    take(project, NOTICE, rules)
    return old, CalendarFiles(rules, project).snapshot("cn", TODAY)


def test_open_limits_move_with_the_notice(snapshots: tuple[Snapshot, Snapshot]) -> None:
    limits = [
        RecountedLimit("settled", "forward", date(2026, 11, 23), 5),
        RecountedLimit("december", "forward", date(2026, 12, 21), 5),
        RecountedLimit("spring", "backward", date(2027, 2, 24), 15),
        RecountedLimit("past", "backward", date(2026, 12, 18), 15),
        RecountedLimit("only firmer", "forward", date(2027, 3, 1), 5),
        RecountedLimit("wait", "minimum", date(2027, 1, 29), 10, "working_day"),
        RecountedLimit("no calendar", "minimum", date(2027, 1, 29), 30, "calendar_day"),
        RecountedLimit("rolls", "forward", date(2027, 1, 21), 10, "calendar_day"),
    ]
    moves = {move.limit.key: move for move in reproject(limits, compare(*snapshots), TODAY)}
    assert set(moves) == {"december", "spring", "only firmer", "wait", "rolls"}
    december = moves["december"]
    assert (december.old.date, december.new.date) == (date(2026, 12, 28), date(2026, 12, 27))
    assert december.instruments == ("示例发明电〔2026〕1号",)
    assert december.warnings == ("earlier",)
    assert (moves["only firmer"].old.date, moves["only firmer"].old.status) == (date(2027, 3, 8), "provisional")
    assert (moves["only firmer"].new.date, moves["only firmer"].new.status) == (date(2027, 3, 8), "firm")
    assert moves["rolls"].old.date == date(2027, 2, 1)
    assert moves["rolls"].new.date == date(2027, 1, 31)
    assert moves["wait"].warnings == ()


def test_an_advised_day_that_is_past_already(snapshots: tuple[Snapshot, Snapshot]) -> None:
    limit = RecountedLimit("late", "backward", date(2027, 2, 19), 15)
    late_today = date(2027, 1, 31)
    move = next(reproject([limit], compare(*snapshots), late_today))
    assert move.new.date < late_today
    assert "past" in move.warnings


def test_the_advised_day_itself_is_not_past(snapshots: tuple[Snapshot, Snapshot]) -> None:
    limit = RecountedLimit("today", "backward", date(2027, 2, 19), 15)
    due = reckon(snapshots[1], limit).date
    warned = {
        today: next(reproject([limit], compare(*snapshots), today)).warnings for today in (due, due + timedelta(days=1))
    }
    assert "past" not in warned[due]
    assert "past" in warned[due + timedelta(days=1)]


def test_nothing_is_missed(snapshots: tuple[Snapshot, Snapshot]) -> None:
    """Recounting every limit finds no move that the changed days did not tell of."""
    difference = compare(*snapshots)
    start = date(2026, 11, 1)
    limits = [
        RecountedLimit((direction, unit, n, i), direction, start + timedelta(days=i), n, unit)
        for i in range(0, 400, 3)
        for n in (1, 5, 15)
        for direction in ("forward", "backward", "minimum")
        for unit in ("working_day", "calendar_day", "month")
    ]
    told = {move.limit.key for move in reproject(limits, difference, TODAY)}
    for limit in limits:
        assert (answer(difference.old, limit) != answer(difference.new, limit)) == (limit.key in told), limit


def answer(snapshot: Snapshot, limit: RecountedLimit) -> tuple[object, ...] | None:
    try:
        told = reckon(snapshot, limit)
    except CalendarError:
        return None
    return told.date, told.status, told.earliest, told.latest
