"""What a comparison keeps of itself changes no answer: it says what asking every test anew says."""

from __future__ import annotations

import pickle
from datetime import date
from typing import Any

from hypothesis import given, strategies as st
from tests.support import cn, mini, tell

from zhengxie_flow.conditions import Scope, Trace, evaluate
from zhengxie_flow.conditions.comparison import _CHECKS, lookup
from zhengxie_flow.conditions.truth import conjunction
from zhengxie_flow.engine import view_of
from zhengxie_flow.model.case import Act
from zhengxie_flow.model.condition import Compare

STORY = tell({"at": "2026-03-04", "determine": {"urgent": True}, "reason": "r"})
VIEW = view_of(mini(), STORY.case, cn, date(2026, 4, 1))
ITEM = STORY.case.items["guest"]["g1"]

words = st.sampled_from(["council", "committee", "g1", "this", "3"])
operands = words | st.fixed_dictionaries({"field": st.sampled_from(["to", "other", "urgent", "hearing_required"])})
several = st.one_of(words, st.lists(operands, min_size=1, max_size=3), operands)
numbers = st.integers(0, 5)
tests = st.fixed_dictionaries(
    {},
    optional={
        "equals": operands,
        "one_of": st.lists(words, min_size=1, max_size=3),
        "differs_from": operands,
        "includes": several,
        "within": several,
        "recorded": st.booleans(),
    },
).filter(bool)
counts = st.fixed_dictionaries({}, optional={"at_least": numbers, "at_most": numbers, "more_than": numbers}).filter(
    bool
)
sets = st.lists(words, max_size=3)
names = st.sampled_from(["to", "other", "by", "for", "urgent", "hearing_required", "kind"])


def _asked_anew(cond: Compare, scope: Scope, trace: Trace) -> bool | None:
    """Every test looked for, every operand read, each time."""
    seen = lookup(cond.name, VIEW, scope)
    if cond.test.recorded is not None:
        stated = seen.value is not None and not seen.presumed
        if stated is not cond.test.recorded or not stated:
            return stated is cond.test.recorded
    if seen.presumed:
        trace.presumed[cond.name] = None
    if seen.value is None:
        trace.needs[cond.name] = None
        return None
    return conjunction(
        check(seen.value, getattr(cond.test, key), VIEW, scope, trace)
        for key, check in _CHECKS.items()
        if getattr(cond.test, key) is not None
    )


def _agree(written: dict[str, Any], scope: Scope) -> None:
    cond = Compare.model_validate(written)
    wanted = Trace()
    answer = _asked_anew(cond, scope, wanted)
    for _ in range(2):  # the first time it is worked out, the second time kept
        trace = Trace()
        assert evaluate(cond, VIEW, scope, trace) is answer
        assert trace == wanted
        assert [list(table) for table in (trace.needs, trace.presumed, trace.absent)] == [
            list(table) for table in (wanted.needs, wanted.presumed, wanted.absent)
        ]
    fresh = Compare.model_validate(written)
    assert cond == fresh == pickle.loads(pickle.dumps(cond))  # noqa: S301  # our own bytes
    assert cond.model_dump() == fresh.model_dump()


@given(names, tests, st.dictionaries(st.sampled_from(["to", "other"]), words | sets), st.booleans())
def test_words_and_sets(name, test, fields, with_item):
    item = ITEM if with_item else None
    act = Act((date(2026, 3, 5), 9), "report", "office", "g1", fields)
    _agree({"name": name, "test": test}, Scope(act=act, item=item, this=item))


@given(counts, st.dictionaries(st.sampled_from(["to", "other"]), numbers))
def test_numbers(test, fields):
    _agree({"name": "to", "test": test}, Scope(act=Act((date(2026, 3, 5), 9), "report", "office", None, fields)))
