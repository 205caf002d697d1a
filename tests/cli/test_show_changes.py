"""``show`` prints who acted for whom, who entered it, and what a correction changed."""

from __future__ import annotations

import pytest
from tests.cli.program import Desk


@pytest.fixture
def opened(desk) -> Desk:
    desk("open", "mini/talk", "--case", "c1", "--by", "office", "--at", "2026-01-05")
    return desk


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("time 2026-02-02 → 2026-02-03", "Department (zhang, recorded by li)", "Office (wang)", "withdrawn")),
        ("zh", ("时间 2026-02-02 → 2026-02-03", "部门（zhang、li 录入）", "办公室（wang）", "撤销记录")),
    ],
)
def test_it_tells_persons_and_changes(opened, lang, words):
    opened(
        "record", "c1", "hold", "--at", "2026-02-02", "--by", "department", "--actor", "zhang", "--recorded-by", "li"
    )
    opened("correct", "c1", "2", "--with", "at=2026-02-03", "--reason", "r", "--by", "office", "--actor", "wang")
    opened("correct", "c1", "2", "--retract", "--reason", "r", "--by", "office")
    shown = opened("--lang", lang, "show", "c1")
    assert shown.code == 0
    assert all(word in shown.out for word in words), shown.out
