"""A set held against members of which one is unknown is decided by the known ones where they suffice."""

from __future__ import annotations

from datetime import date

import pytest
from tests.support import cn, mini, tell

from zhengxie_flow.conditions import Scope, Trace, evaluate
from zhengxie_flow.engine import view_of
from zhengxie_flow.model.case import Act
from zhengxie_flow.model.condition import Compare

UNKNOWN = {"field": "remark"}
KNOWN = {"field": "others"}


@pytest.mark.parametrize(
    ("held", "test", "answer"),
    [
        (["a"], {"within": ["a", UNKNOWN]}, True),
        (["b"], {"within": ["a", UNKNOWN]}, None),
        (["b"], {"within": [KNOWN, "b"]}, True),
        (["d"], {"within": [KNOWN, "b"]}, False),
        (["b"], {"within": UNKNOWN}, None),
        ([], {"within": UNKNOWN}, True),
        (["a"], {"includes": ["a", UNKNOWN]}, None),
        (["a"], {"includes": ["b", UNKNOWN]}, False),
        (["a", "x", "y"], {"includes": ["a", KNOWN]}, True),
        (["a", "x"], {"includes": ["a", KNOWN]}, False),
        (["a"], {"includes": UNKNOWN}, None),
    ],
)
def test_the_known_members_decide_where_they_suffice(held, test, answer):
    view = view_of(mini(), tell().case, cn, date(2026, 4, 1))
    act = Act((date(2026, 3, 5), 9), "report", "office", None, {"to": held, "others": ["x", "y"]})
    trace = Trace()
    assert evaluate(Compare.model_validate({"name": "to", "test": test}), view, Scope(act=act), trace) is answer
    if answer is None:
        assert list(trace.needs) == ["remark"]
