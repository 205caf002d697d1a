"""Rows of open work in words: days left by the calendar of the limit, titles, bearers, sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.support import cn

from zhengxie_flow.model.bearer import Bearer
from zhengxie_flow.presentation.documents.deadlines import due_deadline, due_list
from zhengxie_flow.presentation.due_rows import DueWords, days_left, remaining, with_words, worded
from zhengxie_flow.testing.builders import make_deadline

FRIDAY = date(2026, 3, 6)
ROW = make_deadline("c", "a1", date(2026, 3, 11), roles=("organizer",), working_calendar="cn")


def words(today: date, lang: str = "en") -> DueWords:
    return DueWords(
        today, lang, lambda _: None, lambda name: cn(today) if name == "cn" else None, lambda case: f"of {case}"
    )


@pytest.mark.parametrize(
    ("today", "working", "civil"),
    [
        (FRIDAY, 3, 5),
        (date(2026, 3, 7), 3, 4),  # a Saturday
        (date(2026, 3, 11), 0, 0),
        (date(2026, 3, 13), -2, -2),
        (date(2026, 3, 16), -3, -5),
    ],
)
def test_days_are_left_in_the_days_that_the_limit_counts(today, working, civil):
    assert days_left(ROW, today, words(today).calendar) == working
    assert days_left(replace(ROW, working_calendar=None), today, words(today).calendar) == civil


def test_a_limit_may_be_overdue_by_no_working_day():
    row, saturday = replace(ROW, day=FRIDAY, earliest=FRIDAY, latest=FRIDAY), date(2026, 3, 7)
    shown = with_words(due_deadline(row, saturday), words(saturday))
    assert (shown.overdue, shown.days_left, remaining(shown, "en")) == (True, 0, "0 working days ago")


def test_a_calendar_that_cannot_be_had_leaves_the_days_open():
    row = replace(ROW, working_calendar="cn+nowhere")
    shown = with_words(due_deadline(row, FRIDAY), words(FRIDAY))
    assert (shown.days_left, shown.days_unit, remaining(shown, "zh")) == (None, "working_day", "无法计算")


def test_a_row_has_the_titles_its_bearers_and_a_place_for_the_office():
    (shown,) = worded(due_list([ROW], FRIDAY), words(FRIDAY)).deadlines
    assert (shown.case_title, shown.title) == ("of c", "a1")
    assert shown.bearers == (Bearer("organizer", "organizer", None),)


STOPPED = replace(
    ROW, kind="stopped", day=None, earliest=None, latest=None, stopped_since=date(2026, 3, 3), consumed=1, units_left=4
)
SENTENCES = {
    "dated": (
        ROW,
        "organizer须于 2026-03-11 前（含当日）办理「a1」：还有 3 个工作日",
        'organizer: "a1" is due by 2026-03-11, in 3 working days',
    ),
    "stopped": (
        STOPPED,
        "organizer办理「a1」的期限自 2026-03-03 起中止：已用 1 个工作日，还余 4 个工作日",
        'organizer: the clock of "a1" has stood still since 2026-03-03, 1 working day used, 4 working days left',
    ),
    "undated": (
        replace(ROW, kind="undated", day=None, item="x"),
        "organizer应当办理「a1」，法律未定期限（x）",
        'organizer: "a1" has to be done; the law sets no day (x)',
    ),
    "determination": (
        replace(ROW, kind="determination", day=None, fact="grave"),
        "organizer须认定「grave」",
        'organizer: "grave" has to be determined',
    ),
}


@pytest.mark.parametrize("kind", SENTENCES)
def test_a_row_says_what_is_open(kind):
    row, zh, en = SENTENCES[kind]
    said = {lang: with_words(due_deadline(row, FRIDAY), words(FRIDAY, lang)).sentence for lang in ("zh", "en")}
    assert said == {"zh": zh, "en": en}
