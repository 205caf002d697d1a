"""The examples of the checks, and a small project without faults into which they are set."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.checked.run import run
from zhengxie_flow.reading.definitions import Files
from zhengxie_flow.reading.yaml_reader import read_yaml

EXAMPLES = Path(__file__).with_name("examples")
"""A file for each module of checks: under the name of a check, its bad and its good examples."""

Example = str | Mapping[str, str]
"""A part of a process, or parts of several files by name.

In a bad one ``# ^ word`` points at the word in the line above where the fault is reported.
"""


@dataclass(frozen=True, slots=True)
class Examples:
    """The examples of one check."""

    bad: tuple[Example, ...]
    good: tuple[Example, ...]


@lru_cache(maxsize=1)
def examples() -> dict[str, Examples]:
    """The examples of every check by its name, in the order of the files."""
    read: dict[str, Examples] = {}
    for path in sorted(EXAMPLES.glob("*.yaml")):
        for name, kinds in read_yaml(path.read_text(encoding="utf-8"), path.name).value.items():
            assert name not in read, f"{path.name}: {name} has examples in another file too"
            read[name] = Examples(bad=tuple(kinds["bad"]), good=tuple(kinds["good"]))
    return read


FILES = {
    "law.yaml": "processes/example/law.yaml",
    "interpretations.yaml": "processes/example/interpretations.yaml",
    "talk.yaml": "processes/example/talk.yaml",
    "vocabulary.yaml": "processes/example/vocabulary.yaml",
    "labels.en.yaml": "processes/example/labels.en.yaml",
    "duty.yaml": "rules/example/duty.yaml",
    "parameters.yaml": "rules/example/parameters.yaml",
    "scenario.yaml": "processes/example/scenarios/scenario.yaml",
}

BASE = {
    "parameters.yaml": """\
language: 1
parameters:
  period: {zh: 期间, en: Period, law: "3", default: {within: 5, unit: working_day}}
""",
    "law.yaml": """\
language: 1
law: example-2020
zh: 示例办法
en: Example measures
in_force: {from: 2020-01-01}
clauses:
  "1": {zh: 适用范围, en: Scope, status: not_computable, why: {zh: 原则, en: A principle}}
  "2": {zh: 通知, en: Notice, force: must}
  "3": {zh: 报告, en: Report, force: must}
  "5": {zh: 简化, en: Simplification, force: may}
incorporates:
  other-2015: {zh: 他办法, en: Other measures, source_status: read, cited_in: ["1"]}
""",
    "interpretations.yaml": """\
language: 1
register: example-2020
interpretations:
  I-1:
    zh: 通知的对象
    en: Who is notified
    law: "2"
    date: 2020-02-01
    question: {zh: 通知谁, en: Who is notified}
    answer: {zh: 每位客人, en: Every guest}
    status: not_in_text
    would_set: roles.office
    signer: office
""",
    "talk.yaml": """\
language: 1
process: talk
zh: 示例协商
en: Example consultation
law: example-2020
in_force: {from: 2020-01-01}
roles:
  office: {zh: 办公室, en: Office}
  mayor: {zh: 市长, en: Mayor}
facts:
  urgent: {type: bool, zh: 紧急, en: Urgent, law: "5", by: office}
  phase: {type: enum, of: {early: {zh: 早, en: Early}, late: {zh: 晚, en: Late}},
    zh: 阶段, en: Phase, law: "2", by: office}
  headcount: {type: int, zh: 人数, en: Headcount, law: "2", by: office}
  decided_on: {type: date, zh: 决定日期, en: Decided on, law: "3", by: office}
items:
  guest:
    zh: 客人
    en: Guest
    law: "2"
    fields:
      group: {type: enum, of: [expert, public], zh: 类别, en: Group}
      agrees: {type: bool, zh: 同意, en: Agrees}
states:
  planned: {zh: 已计划, en: Planned, law: "2"}
  held: {zh: 已举行, en: Held, law: "2"}
  closed: {zh: 已办结, en: Closed, law: "3", final: true}
actions:
  notify: {zh: 通知, en: Notify, law: "2", by: office, from: planned, for: guest,
    with: {method: {type: enum, of: [paper, mail], zh: 方式, en: Method}}}
  agree: {zh: 会签, en: Agree, law: "2", by: mayor, from: planned}
  hold: {zh: 举行, en: Hold, law: "2", by: office, from: planned, to: held,
    requires: [{id: a2.agreed, law: "2", that: {done: agree}, zh: 尚未会签, en: Not agreed}]}
  report: {zh: 报告, en: Report, law: "3", by: office, from: held,
    with: {text: {type: document, zh: 报告文本, en: Text}, signed_on: {type: date, zh: 签发日期, en: Signed on}}}
  spare: {zh: 免除, en: Spare, law: "5", by: mayor, from: planned, with: {why: {type: text, zh: 理由, en: Why}}}
  close: {zh: 办结, en: Close, law: "3", by: office, from: held, to: closed}
obligations:
  a2.notice: {zh: 提前通知, en: Notice, law: "2", who: office, for: guest, do: notify, evidence: method,
    limit: {at_least: 5, unit: working_day, before: hold}}
  a3.report: {zh: 报告, en: Report, law: "3", who: office, do: report, evidence: text,
    limit: {within: 5, unit: working_day, after: hold}}
exemptions:
  a5.spare: {zh: 简化, en: Simplified, law: "5", granted_by: spare,
    when: {decided: {duty: may_skip}}, lifts: [a2.notice]}
""",
    "duty.yaml": """\
language: 1
decision: duty
zh: 是否必须
en: Whether it is required
law: "5"
outcomes: {required: {zh: 必须, en: Required}, may_skip: {zh: 可免, en: May be skipped}}
default: required
exceptions:
  - {id: "5-1", law: "5", when: urgent, then: may_skip, must_record: [why]}
""",
    "scenario.yaml": """\
language: 1
scenario: 按时通知
process: example/talk
as_of: 2026-03-04
given: {facts: {phase: early}, items: {guest: {g1: {group: expert}}}}
events:
  - {at: 2026-02-05, do: notify, for: g1, by: office, with: {method: paper}}
expect:
  - {obligation: a2.notice, verdict: pass}
""",
}

_SECTION = re.compile(r"^[^\s#].*(?:\n(?![^\s#]).*)*", re.MULTILINE)
_ENTRY = re.compile(r"^  [^\s#-].*(?:\n(?!  [^\s#-])(?![^\s#]).*)*", re.MULTILINE)
_KEY = re.compile(r'\s*"?([^\s":]+)"?:')
_MARK = re.compile(r"^ *# \^ (.+?)(?: \((ZX\d+)\))?$")


def faults(files: Files, paths: Sequence[Path] | None = None, advice: str | None = None) -> tuple[Problem, ...]:
    """Whatever is wrong or doubtful in a project, and what the check of one code advises."""
    return tuple(found for found in run(files, paths) if found.severity != "advice" or found.code == advice)


def set_in(example: Example, folder: Path) -> tuple[Files, list[tuple[str, int, int, str | None]]]:
    """Write the project with an example in it; the places that its marks point at come back in order."""
    parts: Mapping[str, str] = {"talk.yaml": example} if isinstance(example, str) else example
    marks: list[tuple[str, int, int, str | None]] = []
    for name in dict.fromkeys((*BASE, *parts)):
        if name == "scenario.yaml" and name not in parts:
            continue
        label = FILES.get(name, name)
        text = merged(parts[name], BASE.get(name, "")) if name in parts else BASE[name]
        path = folder / label
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        marks += [(label, *mark) for mark in marked(text)]
    return Files(folder / "processes", folder / "rules"), sorted(marks, key=str)


def marked(text: str) -> list[tuple[int, int, str | None]]:
    """The places marked in a text: the word that a mark names, in the last line above that is no mark itself.

    A mark may name the code of another check that the same fault trips.
    """
    found: list[tuple[int, int, str | None]] = []
    above = (0, "")
    for number, line in enumerate(text.splitlines(), 1):
        mark = _MARK.match(line)
        if mark is None:
            above = (number, line)
            continue
        word = re.search(rf"(?<![\w.-]){re.escape(mark[1])}", above[1])
        assert word is not None, line
        found.append((above[0], word.start() + 1, mark[2]))
    return found


def merged(part: str, base: str) -> str:
    """A part of a file completed with what the base has and the part has not, down to the second level."""
    whole = {key(section): section for section in _SECTION.findall(base)}
    for section in _SECTION.findall(part):
        entries = {key(entry): entry for entry in _ENTRY.findall(section)}
        if not entries:
            whole[key(section)] = section
            continue
        kept = {key(entry): entry for entry in _ENTRY.findall(whole.get(key(section), ""))}
        lines = [f"{key(section)}:", *(entry.rstrip("\n") for entry in {**kept, **entries}.values())]
        whole[key(section)] = "\n".join(lines)
    return "\n".join(section.rstrip("\n") for section in whole.values()) + "\n"


def key(text: str) -> str:
    """The key that a section or entry begins with."""
    found = _KEY.match(text)
    assert found is not None, text
    return found[1]
