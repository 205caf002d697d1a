"""Former names: files that call things as they were called before a definition renamed them."""

from __future__ import annotations

import re
import shutil
from datetime import date

from tests.checks.project import faults
from tests.integration.test_volumes import CONTROLS, ORDER, town
from tests.projects import compiled, engine_at, files_of, put
from tests.support import CALENDARS

from zhengxie_flow.bootstrap import scenario_files
from zhengxie_flow.model.scenario import ScriptEvent
from zhengxie_flow.reading.imports import read_cases
from zhengxie_flow.services.commands.importing import import_cases

NAMES = {
    "roles": ("office", "town_office"),
    "facts": ("urgent", "pressing"),
    "items": ("guest", "visitor"),
    "states": ("open", "begun"),
    "actions": ("hear", "listen"),
    "obligations": ("t2.hear", "t2.listen"),
    "exemptions": ("t4.spare", "t4.relief"),
}
"""A name of each family, and what it is called now."""

SCENARIO = """\
language: 1
scenario: 改名以前写的场景
process: town/matter
as_of: 2026-03-20
given: {state: open, items: {guest: {g1: {}}}, facts: {urgent: true}}
events:
  - {at: 2026-03-01, do: hear, for: g1, by: office}
  - {at: 2026-03-01, do: spare, by: mayor, with: {urgent: true}}
  - {at: 2026-03-02, do: decide, by: mayor}
  - {at: 2026-03-03, explain: t2.hear, by: office, reason: 说明}
expect:
  - {obligation: t2.hear, verdict: pass, who: office}
  - {obligation: t3.publish, verdict: exempt, lifted_by: t4.spare}
  - {obligation: t4.spare, verdict: pass}
  - {action: hear, for: g1, date: 2026-03-01}
  - {state: settled}
"""
CASE = """\
language: 1
case: c
process: town/matter
opened: 2026-02-02
by: office
given: {items: {guest: {g1: {}}}, facts: {urgent: false}}
events:
  - {at: 2026-02-03, do: hear, for: g1, by: office}
  - {at: 2026-02-04, determine: {urgent: true}, by: mayor, reason: 认定}
"""


def renamed_town(folder):
    """The town in which a thing of each family has another name, and the process too."""
    project = town(folder, ORDER, CONTROLS)
    old = project / "processes/town/matter.yaml"
    text = old.read_text(encoding="utf-8").replace("process: matter", "process: deliberation\nwas: town/matter", 1)
    for before, now in NAMES.values():
        text = re.sub(rf"(?<![\w./])(?<!Town ){re.escape(before)}(?![\w./])", now, text)
        for opening in (" {", "\n    {"):
            text = text.replace(f"\n  {now}:{opening}", f"\n  {now}:{opening}was: {before}, ")
    (project / "processes/town/deliberation.yaml").write_text(text, encoding="utf-8")
    old.unlink()
    return project


def test_every_kind_of_thing_that_can_be_renamed_is_tried(tmp_path):
    project = renamed_town(tmp_path)
    assert faults(files_of(project)) == ()
    process = compiled(project, "town/deliberation").process
    for family, (before, now) in NAMES.items():
        assert getattr(process, family)[now].was == (before,), family
    assert compiled(project, "town/matter") is not None


def test_a_scenario_from_before_still_holds(tmp_path):
    project = put(renamed_town(tmp_path), {"processes/town/scenarios/old.yaml": SCENARIO})
    files = files_of(project)
    assert faults(files) == ()
    path = project / "processes/town/scenarios/old.yaml"
    (played,) = scenario_files.play(files, CALENDARS, scenario_files.read([path], files.root))
    assert played.outcome.failures == ()
    put(project, {"processes/town/scenarios/old.yaml": SCENARIO.replace("do: hear", "do: heard")})
    assert {fault.code for fault in faults(files)} == {"ZX1201"}


def test_a_case_file_from_before_is_imported_and_known_when_it_comes_again(tmp_path):
    for renamed_first in (True, False):
        project = tmp_path / str(renamed_first)
        renamed_town(project) if renamed_first else town(project, ORDER, CONTROLS)
        path = put(project, {"case.yaml": CASE}) / "case.yaml"
        with engine_at(project, "2026-03-10T09:00:00") as engine:
            imported = import_cases(engine.context, read_cases(path))
            assert (imported.cases_new, imported.events_new) == (1, 3)
            if not renamed_first:
                (project / "processes/town/matter.yaml").unlink()
                shutil.rmtree(project / "processes")
                renamed_town(project)
            again = import_cases(engine.context, read_cases(path))
            assert (again.cases_new, again.events_new) == (0, 0)
            line = next(line for line in engine.audit("c").cases[0].verdicts if line.obligation.startswith("t2."))
            assert str(line.verdict) == "pending" or line.actual.date == date(2026, 2, 3)
            assert engine.verify(replay=True) == ()
            engine.record("c", "decide", at=date(2026, 3, 2), by="mayor")


def test_a_name_in_use_means_what_it_means_today(tmp_path):
    project = renamed_town(tmp_path)
    path = project / "processes/town/deliberation.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("actions:\n", 'actions:\n  hear: {zh: 又听, en: Hear again, law: "2", by: town_office, '
                                 "from: begun}\n"), encoding="utf-8")  # fmt: skip
    former = compiled(project, "town/deliberation").former
    assert former is not None
    assert former.event(ScriptEvent.model_validate({"at": "2026-01-01", "do": "hear"})).do == "hear"
    assert compiled(town(tmp_path / "unchanged"), "town/matter").former is None
