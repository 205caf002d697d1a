"""The journal on disk and the one in memory agree on every run of right and wrong steps."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from tests.support import tries

from zhengxie_flow import storage
from zhengxie_flow.errors import ZhengxieError
from zhengxie_flow.testing.builders import make_deadline, make_event, make_head, make_projection
from zhengxie_flow.testing.memory import MemoryJournal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from zhengxie_flow.ports import Journal
    from zhengxie_flow.storage import SqlJournal

CASES = ["a", "协商", "B"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
STEPS = st.fixed_dictionaries(
    {
        "case": st.sampled_from(CASES),
        "drift": st.sampled_from([0, 0, 0, 0, -1, 1]),  # how far the caller's version is from the true one
        "events": st.integers(1, 3),
        "keys": st.lists(st.sampled_from(["", "", "k1", "k2", "k3", "k4"]), min_size=3, max_size=3),
        "body": st.dictionaries(st.text(max_size=3), VALUES, max_size=2),
        "deadlines": st.lists(st.none() | st.integers(0, 9), max_size=3) | st.none(),
        "fail": st.sampled_from([False, False, False, True]),
    }
)


class Stop(Exception):
    """The caller changes its mind inside a write."""


@pytest.fixture(scope="module")
def on_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlJournal]:
    path: Path = tmp_path_factory.mktemp("journal") / "journal.db"
    with storage.create(path) as journal:
        yield journal


def take(journal: Journal, run: int, step: dict[str, object]) -> object:
    """One step on one journal; what came of it."""
    case = f"{run:06}-{step['case']}"
    head = journal.head(case)
    expected = max(0, (head.version if head else 0) + int(str(step["drift"])))
    events = [
        make_event(case, expected + 1 + place, key=key, body={"fields": step["body"]})
        for place, key in enumerate(step["keys"][: int(str(step["events"]))])  # type: ignore[index]
    ]
    try:
        with journal.transaction() as transaction:
            written = transaction.append(make_head(case, f"s{expected}"), events, expected_version=expected)
            days = step["deadlines"]
            if days is not None:
                start = date(2026, 3, 5)
                rows = [
                    make_deadline(case, "o", None if day is None else start + timedelta(day), open=day != 3)
                    for day in days  # type: ignore[attr-defined]
                ]
                transaction.project(make_projection(case, rows))
            if step["fail"]:
                raise Stop  # noqa: TRY301 - inside the write is where it matters
    except ZhengxieError as error:
        return error.code, error.params
    except Stop:
        return "stopped"
    return written


RUNS = count()


@settings(max_examples=tries(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=1, max_size=12))
def test_both_journals_agree(on_disk: SqlJournal, steps: list[dict[str, object]]) -> None:
    in_memory = MemoryJournal()
    run = next(RUNS)
    for step in steps:
        assert take(on_disk, run, step) == take(in_memory, run, step)
    cases = [f"{run:06}-{case}" for case in CASES]
    for case in cases:
        assert on_disk.head(case) == in_memory.head(case)
        assert on_disk.events(case) == in_memory.events(case)
    mine = {head.case for head in in_memory.heads()}
    assert [head for head in on_disk.heads() if head.case in mine] == list(in_memory.heads())
    for open_only in (True, False):
        for until in (None, date(2026, 3, 9)):
            stored = on_disk.deadlines(until=until, open_only=open_only)
            found = [row for row in stored if row.case in mine]
            assert found == list(in_memory.deadlines(until=until, open_only=open_only))
    assert list(in_memory.verify()) == []
    assert [finding for finding in on_disk.verify() if finding.case in mine] == []
