"""The page on how messages are worded quotes them as they are: its examples are rendered and compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.checks.project import examples, set_in

from zhengxie_flow.engine import compile_process
from zhengxie_flow.errors import UsageError, ZhengxieError
from zhengxie_flow.i18n import LANGUAGES, current_code, labelled_word, problem, render
from zhengxie_flow.presentation.error_labels import labelled_params
from zhengxie_flow.presentation.labels import Labels
from zhengxie_flow.reading.checked.run import run
from zhengxie_flow.reading.checks import all_checks
from zhengxie_flow.spelling import known_names, unknown_name

PAGE = Path(__file__).parents[2] / "docs" / "decisions" / "0802-how-messages-are-worded.md"
ROW = re.compile(r"^\| (ZX\d{4})(?:, now (ZX\d{4}))? \| (.*?) \| (.*?) \|$", re.MULTILINE)
ROWS = ROW.findall(PAGE.read_text(encoding="utf-8"))

ERRORS = (
    UsageError("ZX4001", action="close", state="held"),
    UsageError("ZX1201", **unknown_name("action", "clse", ("close",))),
    UsageError("ZX4014", subject="hold", known=("office", "mayor")),
    UsageError("ZX1137"),
    UsageError("ZX4031", expected=3, version=5),
    UsageError(
        "ZX1201",
        kind="verdict",
        name="brech",
        **{
            key: labelled_word("verdict", value) if isinstance(value, str) else (labelled_word("verdict", value[0]),)
            for key, value in known_names("brech", ("breach",)).items()
        },
    ),
)
"""Errors of cases and of the command line, as they are raised about the process of the examples."""


@pytest.fixture(scope="module")
def quoted(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Every message of the examples as a cell of the table quotes it: alone, and with how to mend it."""
    return {*_of_checks(tmp_path_factory), *_of_errors(tmp_path_factory)}


def _of_checks(folders: pytest.TempPathFactory) -> Iterator[str]:
    codes = {now or code for code, now, *_ in ROWS}
    for check in all_checks():
        for example in examples()[check.name].bad if check.code in codes else ():
            files, _ = set_in(example, folders.mktemp("example"))
            for finding in run(files):
                yield from _cells([problem(finding, lang) for lang in LANGUAGES])


def _of_errors(folders: pytest.TempPathFactory) -> Iterator[str]:
    files, _ = set_in({}, folders.mktemp("example"))
    compiled = compile_process(files.load("example/talk").definition)

    def params(error: ZhengxieError, lang: str):
        return labelled_params(error, Labels(compiled, lang))

    for error in ERRORS:
        yield from _cells([render(error.code, params(error, lang), lang) for lang in LANGUAGES])


def _cells(said) -> Iterator[str]:
    yield "<br>".join(text.message for text in said)
    yield "<br>".join(f"{text.message} {text.fix}" for text in said)


@pytest.mark.parametrize(("code", "now", "_before", "after"), ROWS, ids=[row[0] for row in ROWS])
def test_a_message_is_what_is_rendered_today(code, now, _before, after, quoted):
    assert (now or code) == current_code(code)
    assert after in quoted


def test_there_are_twenty_rows():
    assert len(ROWS) == PAGE.read_text(encoding="utf-8").count("\n| ZX") == 20
