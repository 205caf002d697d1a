"""Every check against its own examples: bad ones show exactly its code at the marked places, good ones nothing."""

from __future__ import annotations

import re
from dataclasses import astuple

import pytest
from tests.checks.project import set_in

from zhengxie_flow.i18n import LANGUAGES, problem
from zhengxie_flow.reading.checks import all_checks, run

CHECKS = all_checks()


def examples(kind):
    return [
        pytest.param(check.CODE, example, id=f"{check.NAME}-{number}")
        for check in CHECKS
        for number, example in enumerate(getattr(check, kind), 1)
    ]


def messages(found):
    """What a problem says in both languages, and how to mend it."""
    return [said for lang in LANGUAGES for said in astuple(problem(found, lang))]


@pytest.mark.parametrize(("code", "example"), examples("BAD"))
def test_a_bad_example_shows_its_fault_where_it_is(code, example, tmp_path):
    files, marks = set_in(example, tmp_path)
    problems = run(files)
    assert [said for each in problems for said in messages(each) if re.search(r"\{\w+(?::\w+)?\}", said)] == []
    found = [(each.where.file, each.where.line, each.where.column, each.code) for each in problems]
    assert sorted(found) == sorted((*place, other or code) for *place, other in marks)
    assert code in {other or code for *_, other in marks}


@pytest.mark.parametrize(("_code", "example"), examples("GOOD"))
def test_a_good_example_has_no_fault(_code, example, tmp_path):
    files, marks = set_in(example, tmp_path)
    assert run(files) == ()
    assert not marks


def test_codes_and_names_are_their_own():
    assert len({check.CODE for check in CHECKS}) == len({check.NAME for check in CHECKS}) == len(CHECKS)
    assert all(check.GOOD and check.BAD and check.REASON.en and check.REASON.zh for check in CHECKS)


def test_the_project_without_example_has_no_fault(tmp_path):
    files, _ = set_in("process: talk\n", tmp_path)
    assert run(files) == ()
