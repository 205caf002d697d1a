"""Conventions as a part of definitions: in the hash, changed by editions and overlays, replaced by a project, misnamed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.checks.project import faults as first_faults
from tests.cli.test_ticking import LAW
from tests.projects import compiled, files_of, put
from tests.support import CALENDARS

from zhengxie_flow.engine.limits.term_rules import ordinary_rules
from zhengxie_flow.errors import InvalidDefinition
from zhengxie_flow.model.limit import Part

PROCESS = """\
language: 1
process: p
zh: 事项
en: Matter
law: trial
in_force: {from: 2020-01-01}
calendar: cn
zone: Asia/Shanghai
CONVENTION
roles:
  office: {zh: 办公室, en: Office, law: "1"}
states:
  open: {zh: 办理中, en: Open, law: "1"}
  ended: {zh: 办结, en: Ended, final: true, law: "1"}
actions:
  start: {zh: 开始, en: Start, law: "1", by: office, from: open}
  end: {zh: 办结, en: End, law: "1", by: office, from: open, to: ended}
obligations:
  o.end: {zh: 按期办结, en: Ended in time, law: "1", who: office, do: end, limit: {within: 5, unit: calendar_day, after: start}}
"""
RULES = """\
language: 1
convention: NAME
zh: 本地算法
en: Local counting
law: 本地 1
BASE
editions:
- rules:
    roll: {forward: ROLL, law: 本地 1}
"""
OWN = "rules/conventions/{}.yaml"


def convention(name: str, roll: str = "previous", based_on: str | None = None) -> dict[str, str]:
    """A convention of a project."""
    base = f"based_on: {based_on}\n" if based_on else ""
    return {OWN.format(name): RULES.replace("NAME", name).replace("BASE\n", base).replace("ROLL", roll)}


def project(folder: Path, named: str | None, *files: dict[str, str]) -> Path:
    """A project whose process counts by a convention."""
    written = PROCESS.replace("CONVENTION\n", "" if named is None else f"convention: {named}\n")
    return put(folder, {"processes/t/law.yaml": LAW, "processes/t/p.yaml": written}, *files)


def due(process: Any, start: date = date(2026, 3, 3)) -> date:
    """The last day of five days from a Tuesday, which is a Sunday: 8 March 2026."""
    part = process.obligation("o.end").limit
    calendar = CALENDARS.snapshot("cn", None)
    rules = ordinary_rules(process, Part.model_validate(part.model_dump(include={"within", "unit", "after", "convention"})), calendar, start)  # fmt: skip
    return calendar.within(start, 5, unit="calendar_day").date if rules is None else rules.counted(start).date


FRIDAY, SUNDAY, MONDAY = date(2026, 3, 6), date(2026, 3, 8), date(2026, 3, 9)


def test_a_convention_is_part_of_the_hash_of_those_that_count_by_it(tmp_path):
    plain = project(tmp_path / "plain", None, convention("own"))
    ruled = project(tmp_path / "ruled", "own", convention("own"), convention("other"))
    before = compiled(plain, "t/p").hash, compiled(ruled, "t/p").hash
    assert due(compiled(ruled, "t/p")) == FRIDAY
    put(plain, convention("own", "none"))
    put(ruled, convention("other", "none"))
    assert (compiled(plain, "t/p").hash, compiled(ruled, "t/p").hash) == before
    put(ruled, convention("own", "none"))
    assert compiled(ruled, "t/p").hash != before[1]
    assert due(compiled(ruled, "t/p")) == SUNDAY


def test_so_is_one_that_it_is_based_on_and_one_of_a_limit(tmp_path):
    based = project(tmp_path, "own", convention("own", based_on="deep"), convention("deep"))
    before = compiled(based, "t/p").hash
    put(based, convention("deep", "none"))
    assert compiled(based, "t/p").hash != before
    own = PROCESS.replace("CONVENTION\n", "").replace("after: start}", "after: start, convention: own}")
    put(based, {"processes/t/p.yaml": own})
    before = compiled(based, "t/p").hash
    assert due(compiled(based, "t/p")) == FRIDAY
    put(based, convention("own", "none"))
    assert compiled(based, "t/p").hash != before


def test_a_comment_or_another_order_of_keys_changes_nothing(tmp_path):
    ruled = project(tmp_path, "own", convention("own"))
    before = compiled(ruled, "t/p").hash
    (text,) = convention("own").values()
    put(ruled, {OWN.format("own"): "# a remark\n" + text.replace("zh: 本地算法\nen: Local counting\n", "en: Local counting\nzh: 本地算法\n")})  # fmt: skip
    assert compiled(ruled, "t/p").hash == before


def test_a_projects_own_file_goes_before_the_shipped_one(tmp_path):
    ruled = project(tmp_path, "cn_civil")
    shipped = compiled(ruled, "t/p")
    assert due(shipped) == MONDAY
    put(ruled, convention("cn_civil"))
    assert due(compiled(ruled, "t/p")) == FRIDAY
    assert compiled(ruled, "t/p").hash != shipped.hash


EDITION = """\
language: 1
edition: "2027"
amends: t/p
zh: 修订
en: Amendment
law: "1"
in_force: {from: 2027-01-01}
changes: CHANGES
"""


@pytest.mark.parametrize(
    ("changes", "later"),
    [
        ("{convention: own}", FRIDAY),
        ("{obligations: {o.end: {limit: {convention: own}}}}", FRIDAY),
        ("{obligations: {o.end: {limit: {convention: cn_penalty}}}}", date(2026, 3, 10)),
    ],
)
def test_an_edition_changes_the_convention_from_its_day_on(tmp_path, changes, later):
    ruled = project(tmp_path, "cn_civil", convention("own"))
    put(ruled, {"processes/t/editions/p/2027-01-01.yaml": EDITION.replace("CHANGES", changes)})
    assert first_faults(files_of(ruled)) == ()
    first, second = compiled(ruled, "t/p").editions
    assert (due(first), due(second)) == (MONDAY, later)
    assert first.hash != second.hash


OVERLAY = """\
language: 1
process: q
extends: t/p
zh: 某县事项
en: A county's matter
law: "1"
in_force: {from: 2026-01-01}
overrides:
  - {basis: 某政发〔2026〕1号, changes: CHANGES}
"""


@pytest.mark.parametrize("changes", ["{convention: own}", "{obligations: {o.end: {limit: {convention: own}}}}"])
def test_an_overlay_changes_the_convention_for_its_place(tmp_path, changes):
    ruled = project(tmp_path, "cn_civil", convention("own"))
    put(ruled, {"processes/t/q.yaml": OVERLAY.replace("CHANGES", changes)})
    assert first_faults(files_of(ruled)) == ()
    assert (due(compiled(ruled, "t/p")), due(compiled(ruled, "t/q"))) == (MONDAY, FRIDAY)


def problem(ruled: Path) -> tuple[str, str, int, int]:
    """The one problem of a project that does not load: its code and its place."""
    with pytest.raises(InvalidDefinition) as refused:
        files_of(ruled).load("t/p")
    (found,) = refused.value.problems
    return found.code, str(found.where.file), found.where.line, found.where.column


P, OWN_FILE = "processes/t/p.yaml", "rules/conventions/own.yaml"


def test_what_there_is_not_is_named_with_its_place(tmp_path):
    assert problem(project(tmp_path / "a", "nowhere")) == ("ZX1201", P, 9, 13)
    assert problem(project(tmp_path / "b", "own", convention("own", based_on="nowhere"))) == ("ZX1201", OWN_FILE, 6, 11)
    own = PROCESS.replace("CONVENTION\n", "").replace("after: start}", "after: start, convention: nowhere}")
    found = problem(put(project(tmp_path / "c", None), {P: own}))
    assert (found[0], found[2], own.splitlines()[found[2] - 1][found[3] - 1 :][:7]) == ("ZX1201", 18, "nowhere")


def test_a_file_that_holds_another_convention_is_named(tmp_path):
    (text,) = convention("other").values()
    assert problem(project(tmp_path, "own", {OWN_FILE: text})) == ("ZX1330", OWN_FILE, 2, 13)


def test_conventions_that_are_based_on_each_other_are_named(tmp_path):
    itself = project(tmp_path / "a", "own", convention("own", based_on="own"))
    assert problem(itself) == ("ZX1236", OWN_FILE, 6, 11)
    files = (
        convention("own", based_on="deep"),
        convention("deep", based_on="deeper"),
        convention("deeper", based_on="deep"),
    )
    assert problem(project(tmp_path / "b", "own", *files)) == ("ZX1236", "rules/conventions/deeper.yaml", 6, 11)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("roll: {forward: previous", "roll: {forward: sideways", 8),
        ("roll: {forward: previous", "roll: {forwards: previous", 8),
        ("roll:", "rolls:", 8),
        (", law: 本地 1}", "}", 8),
        ("editions:\n- rules:\n    roll: {forward: previous, law: 本地 1}", "editions: []", 6),
        ("language: 1", "language: 2", 1),
    ],
)
def test_a_fault_in_a_convention_is_reported_at_its_line(tmp_path, old, new, line):
    (text,) = convention("own").values()
    ruled = project(tmp_path, "own", {OWN_FILE: text.replace(old, new)})
    with pytest.raises(InvalidDefinition) as refused:
        files_of(ruled).load("t/p")
    assert {(each.where.file, each.where.line) for each in refused.value.problems} == {(OWN_FILE, line)}
