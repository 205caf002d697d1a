"""The packaged data: every notice valid, every day as the library has it, the compiled form never stale."""

import json
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from zhengxie_flow.calendars import Facts, Snapshot
from zhengxie_flow.calendars.checks import CalendarProblem, check_notice, check_runs
from zhengxie_flow.errors import InvalidDefinition, NotFound
from zhengxie_flow.reading import calendar_pack
from zhengxie_flow.reading.calendar_files import read_facts
from zhengxie_flow.reading.calendars import CalendarFiles
from zhengxie_flow.reading.holidays_adapter import library_days


@pytest.fixture(scope="module")
def facts(cal: Snapshot) -> Facts:
    return cal.timeline.facts


def test_every_day_agrees_with_the_library(cal: Snapshot) -> None:
    days = library_days(date(2007, 1, 1), date(2026, 12, 31))
    assert len(days) == 7305
    assert [day for day, worked in days.items() if cal.is_working_day(day) != worked] == []


def test_the_library_says_nothing_about_a_year_to_come(cal: Snapshot) -> None:
    """Why it is no authority: for 2027 it has statutory days only, and does not say so; it is not asked about them."""
    assert library_days(date(2027, 1, 1), date(2027, 12, 31)) == {}
    assert cal.explain(date(2027, 3, 1)).status == "provisional"


def test_every_packaged_notice_is_valid(facts: Facts) -> None:
    faults: list[tuple[str, CalendarProblem]] = []
    for place, notice in enumerate(facts.notices):
        before = replace(facts, notices=facts.notices[:place])
        faults += [(notice.number, fault) for fault in check_notice(notice, before)]
    assert faults == []
    assert [fault for year in range(2007, 2027) for fault in check_runs(facts, year) if fault.severity == "error"] == []


def test_notices_and_amendments_are_all_there(facts: Facts) -> None:
    read = [notice for notice in facts.notices if notice.source is None]
    assert len(read) == 17
    assert [notice.number for notice in read if notice.amends] == [
        "国发明电〔2015〕1号",
        "国办发明电〔2019〕3号",
        "国办发明电〔2020〕1号",
    ]
    assert [notice.year for notice in facts.notices if notice.source] == list(range(2007, 2013))


def test_the_balance_of_days_off_year_by_year(cal: Snapshot) -> None:
    """11 days from 2008, 13 from 2025; only the named amendments of 2015 and 2020 add to them."""
    balance = {}
    for year in range(2009, 2026):
        first, last = date(year, 1, 1), date(year, 12, 31)
        weekdays = sum((first + timedelta(days=i)).weekday() < 5 for i in range((last - first).days + 1))
        balance[year] = weekdays - cal.count(first, last)
    # Days that a notice moved over the turn of the year count for the year of the notice.
    moved = {2011: 1, 2012: -1, 2018: 0, 2019: 0, 2022: 0, 2023: 0}
    expected = {year: 11 if year < 2025 else 13 for year in balance}
    expected[2015] += 1
    expected[2020] += 2
    assert {year: days + moved.get(year, 0) for year, days in balance.items()} == expected


def test_the_packaged_pack_is_fresh(rules: Path) -> None:
    folder = rules / "calendars" / "cn"
    key = calendar_pack.digest([folder])
    text = (folder / calendar_pack.PACK).read_text(encoding="utf-8")
    assert text == calendar_pack.dump(read_facts([folder]), key), (
        "renew it: python -m zhengxie_flow.reading.calendar_pack rules/calendars/cn"
    )
    assert calendar_pack.load(folder / calendar_pack.PACK, key) == read_facts([folder])


@pytest.fixture
def copied(rules: Path, tmp_path: Path) -> Path:
    shutil.copytree(rules / "calendars", tmp_path / "calendars")
    return tmp_path


def test_a_changed_source_is_seen_at_once(copied: Path, tmp_path: Path) -> None:
    folder = copied / "calendars" / "cn"
    cache = tmp_path / "cache"
    source = folder / "2026.yaml"
    stamp = source.stat()
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("2026-09-20", "2026-09-19"), encoding="utf-8")
    import os

    os.utime(source, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))  # same size, same time: only the content tells
    facts = calendar_pack.load_facts([folder], cache=cache)
    work = next(notice.work for notice in facts.notices if notice.year == 2026)
    assert date(2026, 9, 19).toordinal() in work
    assert [path.suffix for path in cache.iterdir()] == [".json"]
    assert calendar_pack.load_facts([folder], cache=cache) == facts


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"sources": "other"}'])
def test_a_broken_pack_is_not_used(copied: Path, tmp_path: Path, broken: str) -> None:
    folder = copied / "calendars" / "cn"
    fresh = calendar_pack.load_facts([folder], cache=tmp_path / "cache")
    (folder / calendar_pack.PACK).write_text(broken, encoding="utf-8")
    assert calendar_pack.load_facts([folder], cache=tmp_path / "cache") == fresh


def test_a_cache_that_cannot_be_written_does_not_matter(copied: Path, tmp_path: Path) -> None:
    (copied / "calendars" / "cn" / calendar_pack.PACK).unlink()
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert len(calendar_pack.load_facts([copied / "calendars" / "cn"], cache=blocked / "cache").notices) == 23


def test_a_pack_is_plain_json(rules: Path) -> None:
    content = json.loads((rules / "calendars" / "cn" / calendar_pack.PACK).read_bytes())
    assert set(content) == {"sources", "calendar", "first", "notices", "statutory", "lunar"}


def test_one_notice_told_in_two_ways_is_refused(rules: Path, tmp_path: Path) -> None:
    folder = tmp_path / "calendars" / "cn"
    folder.mkdir(parents=True)
    text = (rules / "calendars" / "cn" / "2026.yaml").read_text(encoding="utf-8")
    (folder / "2026.yaml").write_text(text, encoding="utf-8")
    assert (
        CalendarFiles(rules, tmp_path).snapshot("cn").calendar_hash == CalendarFiles(rules).snapshot("cn").calendar_hash
    )
    (folder / "2026.yaml").write_text(text.replace("2026-09-20", "2026-09-19"), encoding="utf-8")
    with pytest.raises(InvalidDefinition) as caught:
        CalendarFiles(rules, tmp_path)
    assert caught.value.code == "ZX2044"


def test_no_data_at_all(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        CalendarFiles(tmp_path)
    assert caught.value.code == "ZX2015"
