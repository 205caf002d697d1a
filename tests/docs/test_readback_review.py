"""The measure reads back as it was reviewed: every clause of it stands in the list, and no mended fault comes back."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from zhengxie_flow.bootstrap import project_files
from zhengxie_flow.presentation.readback import read_process

ROOT = Path(__file__).parents[2]
REVIEW = (ROOT / "docs" / "explanation" / "jilin-readback-review.md").read_text(encoding="utf-8")
FILES = project_files(ROOT)
PROCESSES = [name for name in FILES.ids() if name.startswith("jilin/")]
ZH = {
    "a prohibition is no contrary of itself": r"不得（?「[^」]*」(成立|为)",
    "the measure word is there": r"至少有一(?![个名])",
    "no mark in a mark": r"「「",
    "an order is no number": r"的期限：自「",
    "a number follows what it runs from": r"(工作日|日|月)内、",
    "outcomes are alternatives": r"结果为[^，。）]*、[^，。）或]*[，。）的]",
    "a reason may be given on the last day": r"在到期前",
    "who may act is not asked to": r"可以办理「[^」]*」。条文写明",
    "no word of the workshop": r"关口|挂在|才可",
    "no id in a sentence": r"「[a-z]+_[a-z_]+」(?!（)",
}
"""What no Chinese sentence of the measure says, by the reason."""
EN = {"the article is left out": r"\ba [AEIOU]\w+ \(where", "an order is no number": r"Time limit: after \"[^\"]+\"\.$"}


@cache
def sentences(process):
    definition = FILES.load(process).definition
    below = {name: FILES.load(kind.process).definition.process for name, kind in definition.process.subcases.items()}
    return read_process(definition, below)


@pytest.mark.parametrize("process", PROCESSES)
def test_no_mended_fault_comes_back(process):
    said = [each for each in sentences(process) if each.part != "readings"]
    zh = [(why, each.id, each.zh) for each in said for why, fault in ZH.items() if re.search(fault, each.zh)]
    en = [(why, each.id, each.en) for each in said for why, fault in EN.items() if re.search(fault, each.en)]
    assert zh + en == []


@pytest.mark.parametrize("process", PROCESSES)
def test_a_prohibition_says_what_has_to_be_so(process):
    required = FILES.load(process).definition.process.requirements()
    for each in sentences(process):
        if each.kind == "prohibition" and each.id in required:
            assert "须符合：" in each.zh
            assert " must not be done unless " in each.en


@pytest.mark.parametrize("process", PROCESSES)
def test_whoever_owes_an_act_does_it_or_the_sentence_says_through_whom(process):
    definition = FILES.load(process).definition.process
    by_id = {each.id: each for each in sentences(process) if each.kind in ("duty", "power", "control")}
    for ident, duty in definition.obligations.items():
        performers = {role for name in duty.do if name in definition.actions for role in definition.actions[name].by}
        if ident in by_id:
            assert (", through " in by_id[ident].en or " and through " in by_id[ident].en) == bool(
                performers and not performers & set(duty.who)
            ), ident


def test_every_clause_of_the_measure_is_in_the_list_once_and_the_findings_are_numbered():
    clauses = [re.sub(r"\.(\d+)", r"(\1)", each) for each in FILES.load("jilin/consultation").definition.law.clauses]
    listed = re.findall(
        r"^\| (\d+(?:\(\d\))?) \| \d+(?: \(\d+ in `\w+`\))? \|", REVIEW.split("## Every clause")[1], re.MULTILINE
    )
    assert listed == clauses
    numbers = [int(each) for each in re.findall(r"^\| (\d+) \|", REVIEW.split("## Every clause")[0], re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
