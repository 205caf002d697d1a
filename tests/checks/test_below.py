"""Names and values that a process, or a scenario, gives for what lies below it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.checks.project import faults
from tests.projects import files_of, put
from tests.support import CALENDARS, DATA

from zhengxie_flow.bootstrap import scenario_files

MATTER, TOLD = "processes/town/matter.yaml", "processes/town/scenarios/hearing.yaml"


def project(folder: Path, file: str, old: str, new: str) -> Path:
    """The matter with its hearing, and one text changed."""
    shutil.copytree(DATA / "subcases", folder, dirs_exist_ok=True)
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) >= 1
    return put(folder, {file: text.replace(old, new, 1)})


@pytest.mark.parametrize(
    ("old", "new", "name", "meant"),
    [
        ("after: hearing.reported", "after: hearing.reportet", "hearing.reportet", "hearing.reported"),
        ("after: hearing.reported", "after: hearng.reported", "hearng.reported", "hearing.reported"),
        ("do: hearing.held", "do: hearing.hed", "hearing.hed", "hearing.held"),
        ("after: hearing.reported", "after: decid.at", "decid", "decide"),
    ],
)
def test_a_misspelt_act_of_a_subcase_is_told_with_what_was_meant(tmp_path, old, new, name, meant):
    found = [
        each for each in faults(files_of(project(tmp_path, MATTER, old, new))) if each.params.get("kind") == "action"
    ]
    assert [(each.params["name"], each.params["suggestion"]) for each in found] == [(name, meant)]


@pytest.mark.parametrize(
    ("old", "new", "given"),
    [
        ("{at: 2026-03-12, open: complaint, id: C, by: clerk}",
         "{at: 2026-03-12, open: complaint, id: C, by: clerk, with: {outcome: maybe}}", "maybe"),
        ("with: {outcome: support}", "with: {outcome: suport}", "suport"),
    ],
)  # fmt: skip
def test_a_value_that_a_subcase_cannot_take_is_told_where_it_stands(tmp_path, old, new, given):
    (fault,) = faults(files_of(project(tmp_path, TOLD, old, new)))
    assert (fault.code, fault.params["given"], fault.where.file) == ("ZX1215", given, TOLD)


EDITION = """\
language: 1
edition: "2026"
amends: town/hearing
zh: 修订
en: Amendment
law: "2"
in_force: {from: 2026-03-01}
changes: {states: {closed: {zh: 已办结, en: Closed, final: true, law: "2"}},
  actions: {report: {to: closed}}}
"""


def test_a_subcase_of_a_scenario_begins_under_the_edition_of_its_day(tmp_path):
    folder = project(tmp_path, TOLD, "{in: H, state: reported}", "{in: H, state: closed}")
    put(folder, {"processes/town/editions/hearing/2026.yaml": EDITION})
    files = files_of(folder)
    played = [*scenario_files.play(files, CALENDARS, scenario_files.read([folder / TOLD], files.root))]
    (first, *_) = played
    assert [each for each in first.outcome.failures if each.loc[-1] == "state"] == []
