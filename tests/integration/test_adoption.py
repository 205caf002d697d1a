"""A process that another place makes its own law in full force, with its own offices, numbers and editions."""

from __future__ import annotations

import pytest
from tests.projects import compiled, edition, files_of, put, shipped, small
from tests.support import CALENDARS

from zhengxie_flow.bootstrap import scenario_files
from zhengxie_flow.errors import InvalidDefinition
from zhengxie_flow.reading.checked.run import run

HEYANG = "examples/heyang/consultation"
TOWN = "processes/town/talk.yaml"
HEAD = """\
language: 1
process: talk
adopts: mini/talk
zh: 某市协商
en: A town's consultation
instrument: {law: town-2026, zh: 某市办法, en: Measures of a town, issued: 2026-03-15}
in_force: {from: 2026-04-01}
"""
NUMBERS = "changes: {obligations: {a2.notice: {limit: {at_least: 10}}}}\n"
AMENDED = edition("2026", "2026-03-01", "changes: {obligations: {a2.notice: {limit: {at_least: 5}}}}\n")
(OWN,) = edition("2027", "2027-01-01", "changes: {obligations: {a2.notice: {limit: {at_least: 3}}}}\n").values()


def notice(process):
    return process.definition.bundle["process"]["obligations"]["a2.notice"]


def refusal(project):
    with pytest.raises(InvalidDefinition) as refused:
        files_of(project).load("town/talk")
    (problem,) = refused.value.problems
    return problem.code, problem.where.file, problem.where.line


def test_nothing_is_followed_by_reference_and_its_own_number_counts(tmp_path):
    town = compiled(small(tmp_path, {TOWN: HEAD + NUMBERS}), "town/talk")
    process = town.definition.process
    duties = [*process.obligations.values(), *(duty for _, duty in process.requirements().values())]
    assert not any(duty.by_reference or duty.basis for duty in duties)
    assert notice(town)["limit"]["at_least"] == 10


def test_all_but_what_it_says_is_the_core(tmp_path):
    project = small(tmp_path, {TOWN: HEAD})
    core, town = compiled(project), compiled(project, "town/talk")
    own = ("zh", "en", "law", "in_force")
    parts = [
        {key: value for key, value in process.definition.bundle["process"].items() if key not in own}
        for process in (core, town)
    ]
    assert parts[0] == parts[1]
    assert core.definition.law.clauses == town.definition.law.clauses
    assert (town.definition.law.law, town.definition.law.zh) == ("town-2026", "某市办法")
    assert (town.definition.law.number, str(town.definition.law.issued)) == (None, "2026-03-15")


def test_its_offices_bear_its_names(tmp_path):
    town = compiled(small(tmp_path, {TOWN: HEAD + "roles: {office: {zh: 市办公室, en: Town office}}\n"}), "town/talk")
    assert town.definition.process.roles["office"].zh == "市办公室"


def test_it_rests_on_the_edition_in_force_on_its_first_day_and_on_no_later_one(tmp_path):
    project = small(tmp_path, AMENDED)
    put(project, {TOWN: HEAD})
    loaded = files_of(project).load("town/talk")
    assert notice(loaded)["limit"]["at_least"] == 5
    assert loaded.editions == ()
    put(project, {TOWN: HEAD.replace("2026-04-01", "2026-01-01")})
    earlier = files_of(project).load("town/talk")
    assert notice(earlier)["limit"]["at_least"] == 15
    assert earlier.editions == ()


def test_it_may_name_the_edition_and_has_editions_of_its_own(tmp_path):
    project = small(tmp_path, AMENDED)
    own = {"processes/town/editions/talk/2027.yaml": OWN.replace("amends: mini/talk", "amends: town/talk")}
    put(project, {TOWN: HEAD.replace("2026-04-01", "2026-02-01") + 'edition: "2026"\n', **own})
    loaded = files_of(project).load("town/talk")
    assert [notice(each)["limit"]["at_least"] for each in (loaded, *loaded.editions)] == [5, 3]
    assert {each.definition.bundle["base"]["id"] for each in (loaded, *loaded.editions)} == {"mini/talk"}
    put(project, {TOWN: HEAD + 'edition: "2062"\n'})
    assert refusal(project) == ("ZX1201", TOWN, 8)


VOLUMES = {
    f"processes/mini/volumes/{name}.yaml": f"""\
language: 1
volume: {name}
kind: {kind}
zh: 卷
en: Volume
attaches: [{{to: mini/talk, from: 2026-01-01}}]
actions: {{hold: {{requires: [{{id: guard.{name}, {law}zh: 已办结, en: Closed, that: {{done: close}}}}]}}}}
"""
    for name, kind, law in (("house", "control", ""), ("desk", "control", ""), ("statute", "law", 'law: "2", '))
}


@pytest.mark.parametrize(
    ("line", "taken"),
    [("", []), ("controls: house\n", ["house"]), ("controls: [desk, house]\n", ["desk", "house"])],
)
def test_it_takes_the_law_and_leaves_the_controls_that_it_does_not_name(tmp_path, line, taken):
    project = small(tmp_path, {TOWN: HEAD + line, **VOLUMES})
    names = sorted([*taken, "statute"])
    town, core = compiled(project, "town/talk"), compiled(project)
    assert sorted(volume.volume for volume in town.definition.volumes) == names
    guards = [ident for ident in town.definition.process.requirements() if ident.startswith("guard.")]
    assert sorted(guards) == [f"guard.{name}" for name in names]
    assert sorted(volume.volume for volume in core.definition.volumes) == ["desk", "house", "statute"]


def test_controls_of_its_own_count_whatever_it_takes_over(tmp_path):
    own = {"processes/town/volumes/own.yaml": VOLUMES["processes/mini/volumes/house.yaml"].replace("house", "own")
           .replace("mini/talk", "town/talk")}  # fmt: skip
    town = compiled(small(tmp_path, {TOWN: HEAD, **VOLUMES, **own}), "town/talk")
    assert sorted(volume.volume for volume in town.definition.volumes) == ["own", "statute"]


def test_controls_that_the_core_does_not_have_are_refused(tmp_path):
    project = small(tmp_path, {TOWN: HEAD + "controls: [house, hause]\n", **VOLUMES})
    assert refusal(project) == ("ZX1201", TOWN, 8)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (HEAD + "roles: {ofice: {zh: 办公室, en: Office}}\n", "ZX1270"),
        (HEAD + "changes: {obligations: {a2.notise: {limit: {at_least: 10}}}}\n", "ZX1270"),
        (HEAD + "overrides: []\n", "ZX1040"),
        (HEAD.replace("mini/talk", "mini/tall"), "ZX1201"),
        (HEAD.replace("mini/talk", "county/talk"), "ZX1276"),
        ("\n".join(line for line in HEAD.splitlines() if "instrument" not in line) + "\n", "ZX1041"),
    ],
)
def test_what_it_cannot_adopt_is_shown_in_its_file(text, code, tmp_path):
    county = HEAD.replace("town-2026", "county-2026")
    found = refusal(small(tmp_path, {TOWN: text, "processes/county/talk.yaml": county}))
    assert found[:2] == (code, TOWN)


def test_the_shipped_example_is_short_without_fault_and_its_scenarios_hold(tmp_path):
    files = files_of(shipped(tmp_path))
    place = files.path(HEYANG)
    assert len(place.read_text(encoding="utf-8").splitlines()) <= 30
    assert [each for each in run(files, [place]) if each.severity != "advice"] == []
    paths = list(files.scenarios(HEYANG))
    played = list(scenario_files.play(files, CALENDARS, scenario_files.read(paths, files.root)))
    assert len(played) >= 2
    assert [each.outcome.failures for each in played if not each.outcome.passed] == []
