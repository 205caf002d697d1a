"""Processes of one folder share its rules; each carries those it asks for, and no others."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.support import DATA

from zhengxie_flow.reading.checked.run import run
from zhengxie_flow.reading.definitions import Files

SECOND = """\
language: 1
process: second
zh: 另一流程
en: Another procedure
law: mini-2020
states:
  open: {zh: 开始, en: Open}
  finished: {zh: 结束, en: Finished, final: true}
actions:
  finish: {zh: 办结, en: Finish, law: "1", by: clerk, from: open, to: finished}
roles:
  clerk: {zh: 经办人, en: Clerk}
"""

FOREIGN = """\
language: 1
decision: of_second
zh: 只有另一流程才问
en: Asked by the other alone
law: "1"
outcomes: {a: {zh: 甲, en: A}, b: {zh: 乙, en: B}}
default: a
exceptions:
  - {id: "1", law: "1", zh: 例外, en: Exception, when: only_there, then: b, priority: 1}
"""


def two(tmp_path: Path) -> Files:
    shutil.copytree(DATA / "mini", tmp_path, dirs_exist_ok=True)
    (tmp_path / "rules/mini").mkdir(parents=True, exist_ok=True)
    (tmp_path / "rules/mini/second.yaml").write_text(FOREIGN, encoding="utf-8")
    return Files(tmp_path / "processes", tmp_path / "rules")


def test_a_process_carries_the_decisions_it_asks_for(tmp_path: Path) -> None:
    files = two(tmp_path)
    (files.processes / "mini/second.yaml").write_text(SECOND, encoding="utf-8")
    talk, second = files.load("mini/talk").definition, files.load("mini/second").definition
    assert set(talk.decisions) == {"duty"}
    assert not second.decisions


def test_a_foreign_rule_changes_no_hash(tmp_path: Path) -> None:
    files = two(tmp_path)
    (files.processes / "mini/second.yaml").write_text(SECOND, encoding="utf-8")
    before = files.load("mini/talk").definition.hash
    rule = files.rules / "mini/second.yaml"
    rule.write_text(FOREIGN.replace("then: b", "then: a"), encoding="utf-8")
    assert files.load("mini/talk").definition.hash == before
    duty = files.rules / "mini/duty.yaml"
    duty.write_text(
        duty.read_text(encoding="utf-8").replace("default: required", "default: may_skip"), encoding="utf-8"
    )
    assert files.load("mini/talk").definition.hash != before


def test_a_rule_that_no_process_asks_for_is_checked_all_the_same(tmp_path: Path) -> None:
    files = two(tmp_path)
    (files.processes / "mini/second.yaml").write_text(SECOND, encoding="utf-8")
    (files.rules / "mini/second.yaml").write_text(
        FOREIGN.replace("en: Asked by the other alone\n", ""), encoding="utf-8"
    )
    found = [(each.code, each.where.file) for each in run(files) if each.where.file == "rules/mini/second.yaml"]
    assert found.count(("ZX1226", "rules/mini/second.yaml")) == 1
