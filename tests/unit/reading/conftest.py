"""What the tests of the reading room share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from string import Formatter

import pytest

from zhengxie_flow.errors import Problem
from zhengxie_flow.i18n.catalogue import area, texts

Check = Callable[[Iterable[Problem]], None]


@pytest.fixture
def complete() -> Check:
    """A check that each problem of this room brings every parameter its text names."""

    def check(problems: Iterable[Problem]) -> None:
        for problem in problems:
            if problem.code not in area("reading"):
                assert problem.code.startswith("ZX19")  # codes that the tests made up
                continue
            text = texts()[problem.code]
            for template in (text.zh, text.en, text.fix_zh, text.fix_en):
                needed = {name for _, name, _, _ in Formatter().parse(template) if name}
                assert needed <= set(problem.params), problem

    return check
