"""A process that another place follows by reference, and what that place has set on a document of its own (Art. 16)."""

from __future__ import annotations

from datetime import date

import pytest
from tests.projects import compiled, edition, engine_at, files_of, put, shipped, small
from tests.support import CALENDARS

from zhengxie_flow.bootstrap import scenario_files
from zhengxie_flow.errors import InvalidDefinition
from zhengxie_flow.model.working import Basis
from zhengxie_flow.reading.checked.run import run

QINGXI = "examples/qingxi/consultation"
FILE = f"processes/{QINGXI}.yaml"
COUNTY = "processes/county/talk.yaml"
HEAD = """\
language: 1
process: talk
extends: mini/talk
zh: 某县协商
en: A county's consultation
law: "1"
in_force: {from: 2026-01-01}
"""
OVERRIDE = "overrides:\n  - {basis: 某政发〔2026〕1号, changes: {obligations: {a2.notice: {limit: {at_least: 10}}}}}\n"


def faults(project):
    return [each for each in run(files_of(project)) if each.severity == "error"]


def without_basis(project):
    text = (project / FILE).read_text(encoding="utf-8")
    return "\n".join(line for line in text.split("\n") if "basis:" not in line)


@pytest.fixture
def county():
    """A case of the fictional county, notified twelve working days before, and ten."""

    def made(project):
        with engine_at(project, "2026-05-21T09:00:00", "county.db") as engine:
            items = {"counterpart": {"c12": {"kind": "expert"}, "c9": {"kind": "fic"}}}
            engine.open(QINGXI, "qx-3", by="general_office", at=date(2026, 4, 20), items=items)
            engine.plan("qx-3", "hold", to=date(2026, 5, 20), by="general_office", at=date(2026, 4, 20))
            for item, day in (("c12", 6), ("c9", 8)):
                engine.record(
                    "qx-3", "deliver_notice_and_documents", at=date(2026, 5, day), by="general_office", item=item
                )
            engine.record(
                "qx-3", "hold", at=date(2026, 5, 20), by="undertaking_department",
                fields={"actual_forms": ["meeting_consultation"]},
            )  # fmt: skip
            lines = engine.audit("qx-3").cases[0].verdicts
        return {(line.obligation, line.item): line for line in lines}

    return made


def test_what_a_county_has_set_on_a_document_judges_with_full_force(tmp_path, county):
    found = county(shipped(tmp_path))
    on_time, late = found["a7.2.notice", "c12"], found["a7.2.notice", "c9"]
    assert (str(on_time.verdict), on_time.latest, on_time.force) == ("pass", date(2026, 5, 7), "must")
    assert (str(late.verdict), late.latest, late.force) == ("breach", date(2026, 5, 7), "must")
    assert late.note(Basis).basis.startswith("清政办发〔2026〕3号")
    assert late.edition == f"{QINGXI}@2026-03-01"


def test_what_it_follows_by_reference_weighs_one_step_less(tmp_path, county):
    line = county(shipped(tmp_path))["a7.2.joint", None]
    assert (str(line.verdict), line.latest, line.force) == ("deviation", date(2026, 5, 20), "by_reference")


def test_an_override_without_a_basis_counts_for_nothing(tmp_path, county):
    project = shipped(tmp_path)
    put(project, {FILE: without_basis(project)})
    assert [(each.code, each.severity) for each in run(files_of(project)) if each.severity != "advice"] == [
        ("ZX1277", "warning")
    ]
    found = county(project)
    for item in ("c12", "c9"):
        line = found["a7.2.notice", item]
        assert (str(line.verdict), line.latest, line.force) == ("deviation", date(2026, 4, 27), "by_reference")


def test_the_shipped_overlay_is_without_fault_and_its_scenarios_hold(tmp_path):
    files = files_of(shipped(tmp_path))
    assert [each for each in run(files) if each.severity != "advice"] == []
    paths = list(files.scenarios(QINGXI))
    played = list(scenario_files.play(files, CALENDARS, scenario_files.read(paths, files.root)))
    assert len(played) >= 4
    assert [each.outcome.failures for each in played if not each.outcome.passed] == []


def test_its_hash_holds_what_it_follows(tmp_path):
    project = small(tmp_path, {COUNTY: HEAD + OVERRIDE})
    before = compiled(project, "county/talk")
    assert before.definition.bundle["base"]["hash"] == compiled(project).hash
    text = (project / "processes/mini/talk.yaml").read_text(encoding="utf-8")
    put(project, {"processes/mini/talk.yaml": text.replace("within: 5", "within: 6", 1)})
    assert compiled(project, "county/talk").hash != before.hash
    put(project, {"processes/mini/talk.yaml": text, COUNTY: "# a remark\n" + HEAD + OVERRIDE})
    assert compiled(project, "county/talk").hash == before.hash


def test_its_offices_bear_their_own_names(tmp_path):
    project = small(tmp_path, {COUNTY: HEAD + "roles: {office: {zh: 县办公室, en: County office}}\n"})
    process = compiled(project, "county/talk").process
    assert (process.roles["office"].en, process.roles["mayor"].en) == ("County office", "Mayor")
    assert process.en == "A county's consultation"


def test_it_follows_the_later_editions_of_its_base(tmp_path):
    later = edition("2026", "2026-03-01", "changes: {obligations: {a3.conclude: {limit: {within: 3}}}}\n")
    project = small(tmp_path, later, {COUNTY: HEAD + OVERRIDE})
    first, second = compiled(project, "county/talk").editions
    assert (first.begins, second.begins, second.since) == (date(2026, 1, 1), date(2026, 3, 1), date(2026, 1, 1))
    amounts = [each.obligation("a3.conclude").limit.amount for each in (first, second)]
    assert amounts == [5, 3]
    assert all(each.obligation("a2.notice").limit.amount == 10 for each in (first, second))
    assert all(each.obligation("a3.conclude").by_reference for each in (first, second))
    started_later = HEAD.replace("2026-01-01", "2026-04-01")
    put(project, {COUNTY: started_later})
    alone = compiled(project, "county/talk")
    assert (alone.editions, alone.obligation("a3.conclude").limit.amount) == ((), 3)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (HEAD.replace("mini/talk", "mini/tlak"), "ZX1201", 3),
        (HEAD + "roles: {ofice: {zh: 办, en: Office}}\n", "ZX1270", 8),
        (HEAD + OVERRIDE.replace("a2.notice", "a2.notcie"), "ZX1270", 9),
        (HEAD + OVERRIDE.replace("at_least", "at_lest"), "ZX1040", 9),
        (HEAD + "actions: {}\n", "ZX1040", 8),
    ],
)
def test_a_faulty_overlay_is_told_where_it_is_wrong(tmp_path, text, code, line):
    project = small(tmp_path, {COUNTY: text})
    (found,) = faults(project)
    assert (found.code, found.where.file, found.where.line) == (code, COUNTY, line)
    with pytest.raises(InvalidDefinition):
        compiled(project, "county/talk")


def test_an_overlay_extends_no_overlay(tmp_path):
    town = HEAD.replace("extends: mini/talk", "extends: county/talk")
    project = small(tmp_path, {COUNTY: HEAD, "processes/town/talk.yaml": town})
    assert [(each.code, each.where.file) for each in faults(project)] == [("ZX1276", "processes/town/talk.yaml")]
    put(project, {COUNTY: HEAD.replace("extends: mini/talk", "extends: county/talk")})
    assert {each.code for each in faults(project)} == {"ZX1276"}
