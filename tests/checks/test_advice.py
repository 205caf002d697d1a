"""Following the advice of a check leads to files that load and no longer show the fault."""

from __future__ import annotations

import re

import pytest
from tests.checks.project import faults, set_in

from zhengxie_flow.i18n import problem

UNENCODED = '"4": {zh: 公布, en: Publication, force: must}'


def advice(text: str, pattern: str) -> str:
    found = re.search(pattern, text)
    assert found is not None, text
    return found[1]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_clause_can_be_cited_or_declared_as_an_unencoded_clause_is_advised(lang, tmp_path):
    files, _ = set_in({"law.yaml": f"clauses:\n  {UNENCODED}\n"}, tmp_path / "before")
    (found,) = faults(files)
    assert found.code == "ZX1223"
    said = problem(found, lang).fix

    declared = advice(said, r"(status: not_computable, why: \{.*?\})")
    files, _ = set_in({"law.yaml": f"clauses:\n  {UNENCODED[:-1]}, {declared}}}\n"}, tmp_path / "declared")
    assert faults(files) == ()

    cited = advice(said, r'(law: "4")')
    publish = f"actions:\n  publish: {{zh: 公布, en: Publish, {cited}, by: office, from: held}}\n"
    files, _ = set_in({"law.yaml": f"clauses:\n  {UNENCODED}\n", "talk.yaml": publish}, tmp_path / "cited")
    assert faults(files) == ()


STATE = 'states:\n  {name}: {{zh: {zh}, en: End, law: "3", final: {final}}}\n'
ACTION = 'actions:\n  end: {{zh: 结束, en: End, law: "3", by: office, from: [planned, held], to: {name}}}\n'


def withdrawn(folder, name: str, zh: str, final: str = "true") -> list[str]:
    files, _ = set_in(STATE.format(name=name, zh=zh, final=final) + ACTION.format(name=name), folder)
    return [found.code for found in faults(files)]


@pytest.mark.parametrize(("name", "zh"), [("withdrawn", "已撤回"), ("over", "自行撤回申请"), ("abandoned", "终止")])
def test_the_end_of_a_withdrawn_case_is_found_and_the_advice_mends_it(name, zh, tmp_path):
    assert withdrawn(tmp_path / "before", name, zh) == ["ZX1244"]
    assert withdrawn(tmp_path / "after", name, zh, "withdrawn") == []


@pytest.mark.parametrize(
    ("name", "zh"),
    [
        ("annulled", "已撤销"),
        ("revoked", "撤销许可"),
        ("cancelled", "取消资格"),
        ("void", "作废"),
        ("recalled", "撤回许可决定"),
    ],
)
def test_an_act_that_is_annulled_is_no_withdrawn_case(name, zh, tmp_path):
    assert withdrawn(tmp_path, name, zh) == []


@pytest.mark.parametrize(
    ("force", "meant"),
    [("不得", "must_not"), ("应当", "must"), ("可以", "may"), ("mustnot", "must_not"), ("期限", "-")],
)
def test_a_term_of_the_field_is_understood_as_the_word_of_the_language(force, meant, tmp_path):
    duty = (
        f'obligations:\n  a3.report: {{zh: 报告, en: Report, law: "3", do: report, force: {force}, evidence: text}}\n'
    )
    files, _ = set_in(duty, tmp_path)
    (found,) = (each for each in faults(files) if each.code == "ZX1049")
    assert found.params["suggestion"] == meant


@pytest.mark.parametrize(
    ("role", "meant"), [("办公室", "office"), ("Mayor", "mayor"), ("ofice", "office"), ("nobody", "-"), ("主任", "-")]
)
def test_a_label_of_the_definition_names_what_it_labels(role, meant, tmp_path):
    action = f'actions:\n  close: {{zh: 办结, en: Close, law: "3", by: {role}, from: held, to: closed}}\n'
    files, _ = set_in(action, tmp_path)
    found = [each.params["suggestion"] for each in faults(files) if each.code in ("ZX1201", "ZX1110")]
    assert found == [meant]
