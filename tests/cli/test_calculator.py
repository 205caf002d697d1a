"""The one-off calculator: every unit, convention, kind, stop and extension, both languages, and what cannot be asked."""

from __future__ import annotations

import re

import pytest
from tests.cli.program import run
from tests.cli.test_output_schema import check
from tests.projects import put
from tests.support import DATA

from zhengxie_flow.model.convention import kinds_of
from zhengxie_flow.model.counting import UNITS, elapsed
from zhengxie_flow.reading.conventions import convention_files, load_convention

CONVENTIONS = sorted(convention_files(None))
KINDS = [(name, kind) for name in CONVENTIONS for kind in sorted(kinds_of(load_convention(name, None)[0], name))]
DAYS = [unit for unit in UNITS if not elapsed(unit)]
CHINESE = re.compile("[\u4e00-\u9fff]")


def answer(*args: object):
    """The data of a calculation, which its schema holds for."""
    found = run("--format", "json", "calendar", *args)
    assert found.code == 0, found.err or found.out
    check(found, f"calendar.{args[0]}")
    return found.data


def texts(*args: object) -> tuple[str, str]:
    """The calculation for people, in Chinese and English, each in its own language alone."""
    zh, en = (run("--lang", lang, "calendar", *args) for lang in ("zh", "en"))
    assert (zh.code, en.code) == (0, 0), zh.err + en.err
    heading = en.out.splitlines()[0]
    assert not CHINESE.search(heading)
    assert CHINESE.search(zh.out.splitlines()[0])
    return zh.out, en.out


@pytest.mark.parametrize(
    ("unit", "forward", "backward"),
    [
        ("working_day", "2026-03-06", "2026-03-02"), ("calendar_day", "2026-03-06", "2026-03-02"),
        ("week", "2026-03-18", "2026-02-18"), ("half_month", "2026-04-07", "2026-02-04"),
        ("month", "2026-05-06", "2026-01-04"), ("year", "2028-03-06", "2024-03-04"),
    ],
)  # fmt: skip
def test_two_of_every_unit(unit, forward, backward):
    if unit != "year":  # of which no calendar of China is out yet
        assert answer("within", "2026-03-04", "2", "--unit", unit)["date"] == forward
    data = answer("before", "2026-03-04", "2", "--unit", unit)
    assert (data["date"], data["direction"], data["unit"]) == (backward, "backward", unit)
    texts("before", "2026-03-04", "2", "--unit", unit)


def test_hours_from_an_instant_to_an_instant():
    data = answer("within", "2026-06-12T15:00+02:00", "24", "--unit", "hour", "--convention", "de_bgb",
                  "--kind", "civil_procedure", "--calendar", "DE-BE")  # fmt: skip
    assert (data["started"], data["moment"]) == ("2026-06-12T15:00:00+02:00", "2026-06-15T15:00:00+02:00")
    assert data["date"] == "2026-06-15"
    zh, en = texts("within", "2026-03-04T10:00+08:00", "5", "--unit", "hour")
    assert en == "5 hours from 2026-03-04T10:00:00+08:00: until 2026-03-04T15:00:00+08:00\n"
    assert zh == "自 2026-03-04T10:00:00+08:00 起 5 小时：至 2026-03-04T15:00:00+08:00\n"


def test_hours_of_an_office_by_a_layer_of_the_project(tmp_path):
    hall = (DATA / "time/rules/calendars/local/hall.yaml").read_text(encoding="utf-8")
    project = put(tmp_path, {"zhengxie.toml": "", "rules/calendars/local/hall.yaml": hall})

    def hours(*args: object):
        return run("--project", project, "--format", "json", "calendar", *args, "--calendar", "cn+hall")

    found = hours("within", "2026-03-06T16:00+08:00", "4", "--unit", "working_hour")
    assert found.data["moment"] == "2026-03-09T12:00:00+08:00"
    half = hours("before", "2026-03-09T10:00+08:00", "1", "--unit", "half_working_day")
    assert half.data["moment"] == "2026-03-06T14:30:00+08:00"


def test_hours_that_a_notice_may_still_move_are_provisional():
    data = answer("within", "2027-02-05T10:00+08:00", "24", "--unit", "hour", "--convention", "us_frcp6", "--calendar", "cn")  # fmt: skip
    assert (data["status"], data["earliest"] < data["latest"]) == ("provisional", True)


@pytest.mark.parametrize("name", CONVENTIONS)
def test_every_convention_counts_every_unit(name):
    words = ["--convention", name, *(["--calendar", "DE-BE"] if name == "de_bgb" else [])]
    for place, unit in enumerate(DAYS[:5]):
        data = answer(("within", "before")[place % 2], "2026-03-04", "1", "--unit", unit, *words)
        assert data["convention"] == name
        assert (data["steps"][0]["kind"], data["steps"][-1]["day"]) == ("nominal", data["date"])
    zh, en = texts("within", "2026-03-04", "1", "--unit", "month", *words)
    assert "counted by" in en
    assert "计算（" in zh


@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_every_kind_is_taken(name, kind):
    calendar = ["--calendar", "DE-BE"] if name == "de_bgb" else []
    data = answer("within", "2026-05-14", "30", "--unit", "calendar_day", "--convention", name, "--kind", kind, *calendar)  # fmt: skip
    assert data["kind"] == kind


def test_each_step_with_its_clause():
    data = answer("within", "2026-05-14", "30", "--unit", "calendar_day", "--convention", "us_frcp6", "--kind", "served_by_mail")  # fmt: skip
    steps = [(step["kind"], step["day"], step["clause"]) for step in data["steps"]]
    assert steps == [
        ("nominal", "2026-06-13", "FRCP 6(a)(1)(A)"),
        ("rolled", "2026-06-15", "FRCP 6(a)(1)(C)"),
        ("added", "2026-06-18", "FRCP 6(d)"),
    ]


def test_what_is_not_settled_is_told_with_each_day():
    data = answer("before", "2026-06-08", "2", "--unit", "week", "--convention", "nl_awb")
    assert data["verdict"] == "needs_judgement"
    assert [(one["readings"], one["date"]) for one in data["open"]] == [
        ({"nl_awb.backward_roll": "stays"}, "2026-05-25"), ({"nl_awb.backward_roll": "earlier"}, "2026-05-22"),
    ]  # fmt: skip
    zh, en = texts("before", "2026-06-08", "2", "--unit", "week", "--convention", "nl_awb")
    assert "for a person to judge" in en
    assert "2026-05-22" in zh
    hours = answer("within", "2026-05-29T10:00+08:00", "30", "--unit", "hour", "--convention", "cn_civil")
    assert [one["moment"] for one in hours["open"]] == ["2026-05-30T16:00:00+08:00", "2026-06-01T16:00:00+08:00"]


@pytest.mark.parametrize(
    ("changes", "end"),
    [
        ([], "2026-03-30"),
        (["--stop", "2026-03-09..2026-03-20"], "2026-04-13"),  # nine working days are held; the 6th is a day off
        (["--extend", "10"], "2026-04-14"),
        (["--extend", "4", "--extend", "6"], "2026-04-14"),
        (["--stop", "2026-03-09..2026-03-20", "--extend", "10"], "2026-04-27"),
        (["--stop", "2026-03-09..2026-03-16", "--stop", "2026-03-12..2026-03-20"], "2026-04-13"),
        (["--stop", "2026-03-09..2026-03-20", "--stop", "2026-03-12..2026-03-13"], "2026-04-13"),
        (["--stop", "2026-03-16..2026-03-20", "--stop", "2026-03-09..2026-03-16"], "2026-04-13"),
        (["--stop", "2026-05-09..2026-05-20"], "2026-03-30"),
        (["--stop", "2026-02-01..2026-03-01"], "2026-03-30"),
        (["--stop", "2026-02-01..2026-03-03"], "2026-03-31"),
    ],
)
def test_stops_and_extensions(changes, end):
    data = answer("within", "2026-03-02", "20", *changes)
    assert data["date"] == end
    assert len(data["counted"]) == 20 + sum(int(n) for n in changes[1::2] if n.isdigit())
    if len(changes) == 4:
        texts("within", "2026-03-02", "20", *changes)


def test_a_first_day_that_is_counted_stays_so_beside_stops():
    words = ("within", "2026-03-02", "5", "--unit", "calendar_day", "--count", "first_day_included")
    assert answer(*words)["counted"][0] == "2026-03-02"
    data = answer(*words, "--stop", "2026-03-04..2026-03-05", "--extend", "2")
    assert (data["date"], data["count"], data["counted"][0]) == ("2026-03-09", "first_day_included", "2026-03-02")
    zh, en = texts(*words)
    assert en.startswith("5 calendar days from 2026-03-02 on")
    assert zh.startswith("自 2026-03-02 当日起")


KEYS = ["date", "status", "earliest", "latest", "anchor", "n", "unit", "direction", "count", "rolled", "calendar", "as_of", "edition", "counted", "skipped"]  # fmt: skip


@pytest.mark.parametrize("command", ["add", "within", "before"])
def test_without_new_options_the_keys_are_those_of_before(command):
    assert list(answer(command, "2026-03-04", "5")) == KEYS
    assert set(answer("within", "2026-03-04", "5", "--unit", "month")) - set(KEYS) <= {"steps"}


def test_count_keeps_its_keys():
    keys = ["calendar", "as_of", "edition", "first", "last", "count", "counted", "skipped", "unit"]
    assert list(answer("count", "2026-03-04", "2026-03-10")) == keys


@pytest.mark.parametrize(
    ("unit", "last", "number"),
    [
        ("working_day", "2026-03-10", 5), ("calendar_day", "2026-03-10", 7), ("week", "2026-03-10", 1),
        ("week", "2026-03-09", 0), ("half_month", "2026-03-18", 1), ("half_month", "2026-04-03", 2),
        ("month", "2026-04-03", 1), ("month", "2026-04-02", 0), ("year", "2027-03-03", 1),
    ],
)  # fmt: skip
def test_whole_units_between_two_days(unit, last, number):
    assert answer("count", "2026-03-04", last, "--unit", unit)["count"] == number
    if number == 1:
        texts("count", "2026-03-04", last, "--unit", unit)


TERM = ("2026-03-04", "5")
INSTANT = ("2026-03-04T10:00+08:00", "5")
BAD = {
    "unit": (("within", *TERM, "--unit", "fortnight"), 2, "ZX6012"),
    "count": (("within", *TERM, "--count", "both"), 2, "ZX6012"),
    "count backward": (("before", *TERM, "--count", "both"), 2, "ZX6012"),
    "roll": (("within", *TERM, "--roll", "up"), 2, "ZX6012"),
    "empty unit": (("within", *TERM, "--unit", ""), 2, "ZX6012"),
    "convention": (("within", *TERM, "--convention", "fr_cpc"), 4, "ZX1201"),
    "no id": (("within", *TERM, "--convention", "../x y"), 4, "ZX1201"),
    "kind": (("within", *TERM, "--convention", "de_bgb", "--kind", "x", "--calendar", "DE-BE"), 4, "ZX1331"),
    "kind alone": (("within", *TERM, "--kind", "x"), 2, "ZX6004"),
    "calendar": (("within", *TERM, "--calendar", "xx"), 4, "ZX2018"),
    "layer": (("within", *TERM, "--calendar", "cn+nowhere"), 4, "ZX20"),
    "as-of": (("within", *TERM, "--as-of", "soon"), 2, "ZX2003"),
    "stop": (("within", *TERM, "--stop", "2026-03-05"), 2, "ZX6012"),
    "stop without days": (("within", *TERM, "--stop", ".."), 2, "ZX2003"),
    "stop reversed": (("within", *TERM, "--stop", "2026-03-06..2026-03-05"), 2, "ZX2007"),
    "extension of nought": (("within", *TERM, "--extend", "0"), 2, "ZX2004"),
    "extension back": (("within", *TERM, "--extend", "-1"), 2, "ZX2006"),
    "extension in words": (("within", *TERM, "--extend", "one"), 2, "ZX6005"),
    "extension past the data": (("within", *TERM, "--extend", "999999999"), 2, "ZX2008"),
    "amount of nought": (("within", "2026-03-04", "0"), 2, "ZX2004"),
    "amount too great": (("within", "2026-03-04", "10001", "--convention", "cn_civil"), 2, "ZX6012"),
    "amount past the data": (("within", "2026-03-04", "9999"), 2, "ZX2008"),
    "years past the data": (("before", "2026-03-04", "9999", "--unit", "year"), 2, "ZX2008"),
    "no day": (("within", "tomorrow", "5"), 2, "ZX2003"),
    "no instant": (("within", "tomorrow", "5", "--unit", "hour"), 2, "ZX4015"),
    "no zone": (("within", "2026-03-04T10:00", "5", "--unit", "hour"), 2, "ZX2001"),
    "hours from a day": (("within", *TERM, "--unit", "hour"), 2, "ZX6017"),
    "hours with a stop": (("within", *INSTANT, "--unit", "hour", "--stop", "2026-03-05..2026-03-06"), 2, "ZX1261"),
    "hours extended": (("within", *INSTANT, "--unit", "hour", "--extend", "2"), 2, "ZX1261"),
    "hours that roll": (("within", *INSTANT, "--unit", "hour", "--roll", "next"), 2, "ZX1261"),
    "clear hours": (("within", *INSTANT, "--unit", "hour", "--count", "clear_days"), 2, "ZX1261"),
    "month end of days": (("within", *TERM, "--unit", "calendar_day", "--month-end"), 2, "ZX1261"),
    "hours past the data": (("within", "2026-03-04T10:00+08:00", "10000", "--unit", "working_hour"), 2, "ZX2070"),
    "hours to count": (("count", "2026-03-04", "2026-03-10", "--unit", "hour"), 2, "ZX2011"),
    "unit to count": (("count", "2026-03-04", "2026-03-10", "--unit", "x"), 2, "ZX6012"),
    "count reversed": (("count", "2026-03-10", "2026-03-04", "--unit", "month"), 2, "ZX2007"),
    "a stop backward": (("before", *TERM, "--stop", "2026-03-05..2026-03-06"), 2, "ZX6003"),
}
WORDS_OF_A_LIBRARY = re.compile(r"pydantic|validation|Input should|Traceback|[a-z]Error\b|bad id|None\b|ZX9")


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_asked_is_refused_with_its_code_and_how_to_mend_it(name):
    args, exit_code, code = BAD[name]
    found = run("--lang", "en", "--format", "json", "calendar", *args)
    assert (found.code, found.error["code"][: len(code)]) == (exit_code, code), found.out
    zh = run("--lang", "zh", "calendar", *args)
    assert zh.out == ""
    for text in (zh.err, found.error["message"]):
        assert not WORDS_OF_A_LIBRARY.search(text), text
    assert (bool(CHINESE.search(zh.err)), bool(CHINESE.search(found.error["message"]))) == (True, False)
