"""Kept rows: from its second write on a case goes on from what was judged; what gives way is judged again."""

from __future__ import annotations

from functools import partial

from tests.large_case import CASE, acts_on, large_case

from zhengxie_flow import Engine
from zhengxie_flow.engine import DerivedCase
from zhengxie_flow.services import kept_rows
from zhengxie_flow.services.kept_rows import WorkedRows, all_worked_out, differing
from zhengxie_flow.services.projecting import deadline_row


class KeptRows(kept_rows.KeptRows):
    """What is kept, without what every test looks at by sample (see `tests/conftest.py`)."""

    work_out = kept_rows.KeptRows.work_out.__wrapped__  # type: ignore[attr-defined]


def derived(engine: Engine) -> DerivedCase:
    compiled, case = engine.context.read(CASE)
    return engine.context.derived(compiled, case)


def worked_out(kept: KeptRows, case: DerivedCase, basis: str = "basis") -> WorkedRows:
    worked = kept.work_out(case, basis, partial(deadline_row, case))
    anew = all_worked_out(case, partial(deadline_row, case))
    assert (worked.rows, worked.next_change) == (anew.rows, anew.next_change)
    return worked


def test_a_case_is_kept_from_its_second_time_on() -> None:
    kept = KeptRows()
    with large_case("sqlite://", 5, 20) as engine:
        case = derived(engine)
        assert worked_out(kept, case).work is None
        all_judged = worked_out(kept, case).work
        assert all_judged is not None
        assert all_judged.judged_again > 20
        again = worked_out(kept, derived(engine))
        assert again.work is not None
        assert again.work.judged_again == 0
        next(acts_on(engine))()
        after = worked_out(kept, derived(engine))
        assert after.work is not None
        assert 0 < after.work.judged_again < 5
        other = worked_out(kept, derived(engine), "another calendar")
        assert other.work is not None
        assert other.work.judged_again == all_judged.judged_again


def test_a_bound_holds_and_without_room_nothing_is_kept() -> None:
    with large_case("sqlite://", 5, 20) as engine:
        case = derived(engine)
        for room in (0, 10):
            kept = KeptRows(room)
            for _ in range(3):
                worked_out(kept, case)
            assert kept.change(CASE, ()) is None


def test_rows_that_differ_are_found_section_by_section() -> None:
    with large_case("sqlite://", 5, 20) as engine:
        first, second, third, *_ = all_worked_out(derived(engine), lambda row: row).rows  # type: ignore[arg-type, return-value]
    before = ((first, second), (third,))
    assert list(differing(before, before)) == []  # type: ignore[arg-type]
    spans = list(differing(before, ((first, third, second), ())))  # type: ignore[arg-type]
    assert [(span.old, span.new) for span in spans] == [(slice(1, 1), slice(1, 2)), (slice(2, 3), slice(3, 3))]
    assert [span.old for span in differing(before, ((first, second, third),))] == []  # type: ignore[arg-type]
