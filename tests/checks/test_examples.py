"""Every check against its examples: bad ones show exactly its code at the marked places, good ones nothing."""

from __future__ import annotations

import re
from dataclasses import astuple
from importlib import import_module
from pkgutil import iter_modules

import pytest
from tests.checks.project import EXAMPLES, examples, set_in

from zhengxie_flow.i18n import LANGUAGES, problem
from zhengxie_flow.i18n.catalogue import glossary
from zhengxie_flow.reading import checks
from zhengxie_flow.reading.checks import Check, all_checks, run, unknown_names

CHECKS = all_checks()
MODULES = [import_module(f"{checks.__name__}.{module.name}") for module in iter_modules(checks.__path__)]


def samples(kind):
    return [
        pytest.param(check.code, example, id=f"{check.name}-{number}")
        for check in CHECKS
        for number, example in enumerate(getattr(examples()[check.name], kind), 1)
    ]


def messages(found):
    """What a problem says in both languages, and how to mend it."""
    return [said for lang in LANGUAGES for said in astuple(problem(found, lang))]


@pytest.mark.parametrize(("code", "example"), samples("bad"))
def test_a_bad_example_shows_its_fault_where_it_is(code, example, tmp_path):
    files, marks = set_in(example, tmp_path)
    problems = run(files)
    assert [said for each in problems for said in messages(each) if re.search(r"\{\w+(?::\w+)?\}", said)] == []
    found = [(each.where.file, each.where.line, each.where.column, each.code) for each in problems]
    assert sorted(found) == sorted((*place, other or code) for *place, other in marks)
    assert code in {other or code for *_, other in marks}


@pytest.mark.parametrize(("_code", "example"), samples("good"))
def test_a_good_example_has_no_fault(_code, example, tmp_path):
    files, marks = set_in(example, tmp_path)
    assert run(files) == ()
    assert not marks


def test_every_name_belongs_to_one_check_and_every_code_but_that_of_undefined_names():
    assert len({check.name for check in CHECKS}) == len(CHECKS)
    codes = [check.code for check in CHECKS]
    assert {check.name for check in CHECKS if codes.count(check.code) > 1} == {
        check.name for check in unknown_names.CHECKS if check.code == unknown_names.UNKNOWN_NAME
    }
    assert all(check.en and check.zh for check in CHECKS)


@pytest.mark.parametrize("check", unknown_names.CHECKS, ids=lambda check: check.name)
def test_an_undefined_name_is_reported_with_its_kind(check, tmp_path):
    for number, example in enumerate(examples()[check.name].bad):
        files, _ = set_in(example, tmp_path / str(number))
        assert check.kind in glossary() or check.code != unknown_names.UNKNOWN_NAME
        assert check.kind in {found.params["kind"] for found in run(files) if found.code == check.code}


def test_every_check_has_examples_and_every_example_a_check():
    assert set(examples()) == {check.name for check in CHECKS}
    assert all(entry.bad and entry.good for entry in examples().values())


def test_no_check_is_left_out_of_its_module():
    for module in MODULES:
        defined = {
            value.name
            for value in vars(module).values()
            if isinstance(value, Check) and value.find.__module__ == module.__name__
        }
        assert defined <= {check.name for check in getattr(module, "CHECKS", ())}, module.__name__


def test_the_examples_of_a_check_lie_in_the_file_called_like_its_module():
    for module in MODULES:
        if hasattr(module, "CHECKS"):
            lying = examples_in(EXAMPLES / f"{module.__name__.rpartition('.')[2]}.yaml")
            assert lying == {check.name for check in module.CHECKS}, module.__name__


def examples_in(path):
    return {line[:-2] for line in path.read_text(encoding="utf-8").splitlines(keepends=True) if line[0] not in " \n"}


def test_the_project_without_example_has_no_fault(tmp_path):
    files, _ = set_in("process: talk\n", tmp_path)
    assert run(files) == ()
