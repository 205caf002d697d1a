# ruff: noqa: S101, D102 - a suite of tests that ships with the package
"""Contract of the projections of a journal: deadlines, and the cases whose projections no longer hold."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from zhengxie_flow.errors import InternalError
from zhengxie_flow.testing.builders import DAY, make_assignment, make_deadline, make_event, make_head, make_projection

if TYPE_CHECKING:
    from zhengxie_flow.ports import Journal


class ProjectionContract:
    """Tests of what a journal keeps for quick lists; part of `storage_contract.JournalContract`."""

    def test_deadlines_are_replaced_and_sorted(self, journal: Journal) -> None:
        rows_a = [
            make_deadline("a", "late", date(2026, 4, 1)),
            make_deadline("a", "unknown", None, anchor_date=None, anchor_kind="unknown", running_since=None),
            make_deadline("a", "done", date(2026, 3, 1), open=False, item="i", amount=None, unit=None),
            make_deadline("a", "range", date(2026, 3, 20), earliest=date(2026, 3, 10), status="provisional"),
        ]
        rows_b = [make_deadline("b", "z", date(2026, 3, 20)), make_deadline("b", "a", date(2026, 3, 20))]
        with journal.transaction() as transaction:
            transaction.project(make_projection("b", rows_b))
            transaction.project(make_projection("a", [make_deadline("a", "old", DAY)]))
            transaction.project(make_projection("a", rows_a))
        late, unknown, done, ranged = rows_a
        assert list(journal.deadlines()) == [ranged, *rows_b, late, unknown]
        assert list(journal.deadlines(open_only=False)) == [done, ranged, *rows_b, late, unknown]
        assert list(journal.deadlines(until=date(2026, 3, 10))) == [ranged]
        assert list(journal.deadlines(until=date(2026, 3, 9), open_only=False)) == [done]
        with journal.transaction() as transaction:
            transaction.project(make_projection("a", []))
        assert list(journal.deadlines(open_only=False)) == rows_b

    def test_deadlines_of_another_case_are_refused(self, journal: Journal) -> None:
        with pytest.raises(InternalError), journal.transaction() as transaction:
            transaction.project(make_projection("a", [make_deadline("b", "x", DAY)]))

    def test_assignments_are_replaced_with_their_projection(self, journal: Journal) -> None:
        made = [
            make_assignment("a", "owner", date(2026, 3, 1), office="finance", to_day=date(2026, 3, 31)),
            make_assignment("a", "owner", date(2026, 4, 1), person="zhang"),
        ]
        other = [make_assignment("b", "owner", DAY, office="education")]
        with journal.transaction() as transaction:
            for case, assignments in (("b", other), ("a", made[:1]), ("a", made)):
                if transaction.head(case) is None:
                    transaction.append(make_head(case), [make_event(case, 1)], expected_version=0)
                transaction.project(make_projection(case, [], assignments=tuple(assignments)))
        assert list(journal.assignments()) == [*made, *other]
        assert list(journal.assignments("a")) == made
        assert [projection.assignments for projection in journal.projections()] == [tuple(made), tuple(other)]
        with journal.transaction() as transaction:
            assert transaction.head("a") is not None
            transaction.project(make_projection("a", []))
        assert list(journal.assignments()) == other

    def test_assignments_of_another_case_are_refused(self, journal: Journal) -> None:
        row = make_assignment("b", "owner", DAY, office="finance")
        with pytest.raises(InternalError), journal.transaction() as transaction:
            transaction.project(make_projection("a", [], assignments=(row,)))

    def test_projections_come_back_whole_in_order_of_cases(self, journal: Journal) -> None:
        projections = [
            make_projection("a", [make_deadline("a", "x", DAY), make_deadline("a", "y", None)], next_change=DAY),
            make_projection("b", [], basis="sha256:other", as_of=date(2026, 2, 1)),
        ]
        with journal.transaction() as transaction:
            for projection in reversed(projections):
                transaction.append(make_head(projection.case), [make_event(projection.case, 1)], expected_version=0)
                transaction.project(projection)
        assert list(journal.projections()) == projections

    def test_every_kind_of_row_comes_back_whole(self, journal: Journal) -> None:
        stopped = {"stopped_since": DAY, "units_left": 3, "working_calendar": "cn", "roles": ("organizer", "联系人")}
        rows = [
            make_deadline("a", "stopped", None, kind="stopped", **stopped),
            make_deadline("a", "undated", None, kind="undated", direction="none", roles=("organizer",)),
            make_deadline("a", "judged", None, kind="determination", direction="none", fact="important", item="op_1"),
            make_deadline("a", "later", None, kind="waiting"),
        ]
        with journal.transaction() as transaction:
            transaction.append(make_head("a"), [make_event("a", 1)], expected_version=0)
            transaction.project(make_projection("a", rows))
        assert list(journal.deadlines()) == rows
        assert list(journal.deadlines(until=date.max)) == []
        assert [projection.rows for projection in journal.projections()] == [tuple(rows)]

    def test_a_head_is_called_what_its_projection_says(self, journal: Journal) -> None:
        with journal.transaction() as transaction:
            transaction.append(make_head("a"), [make_event("a", 1)], expected_version=0)
        assert [head.title for head in journal.heads()] == [None]
        with journal.transaction() as transaction:
            transaction.project(make_projection("a", [], title="供热价格"))
            transaction.append(make_head("a"), [make_event("a", 2)], expected_version=1)
            transaction.restate(make_head("a", state="held"))
        head = journal.head("a")
        assert head is not None
        assert (head.title, head.state, head.version) == ("供热价格", "held", 2)
        assert [projection.title for projection in journal.projections()] == ["供热价格"]

    def test_a_case_that_was_never_projected_has_no_basis(self, journal: Journal) -> None:
        with journal.transaction() as transaction:
            transaction.append(make_head("a"), [make_event("a", 1)], expected_version=0)
        (projection,) = journal.projections()
        assert (projection.as_of, projection.basis, projection.next_change, projection.rows) == (None, None, None, ())
        assert [basis for _, basis in journal.bases()] == [None]
        assert journal.outdated(DAY) == ()
        assert journal.outdated(DAY, journal.bases()) == ("a",)

    def test_cases_are_outdated_by_their_day_and_by_their_basis(self, journal: Journal) -> None:
        days = {"a": date(2026, 3, 1), "b": date(2026, 3, 2), "c": None, "d": date(2026, 3, 3)}
        with journal.transaction() as transaction:
            for case, day in days.items():
                transaction.append(make_head(case), [make_event(case, 1)], expected_version=0)
                transaction.project(
                    make_projection(case, [], next_change=day, basis=f"sha256:{case}", as_of=date(2026, 2, 1))
                )
        definition = make_head("a").definition
        assert sorted(journal.bases()) == [(definition, f"sha256:{case}") for case in days]
        assert journal.outdated(date(2026, 2, 28)) == ()
        assert "a" in journal.outdated(date(1990, 1, 1))  # it was projected for a day that has not come
        assert journal.outdated(date(2026, 3, 2)) == ("a", "b")
        assert journal.outdated(date(2026, 3, 2), [(definition, "sha256:c"), ("sha256:x", "sha256:d")]) == (
            "a",
            "b",
            "c",
        )

    def test_a_write_keeps_the_projection_until_it_is_replaced(self, journal: Journal) -> None:
        projection = make_projection("a", [make_deadline("a", "x", DAY)], next_change=DAY)
        with journal.transaction() as transaction:
            transaction.append(make_head("a"), [make_event("a", 1)], expected_version=0)
            transaction.project(projection)
            transaction.append(make_head("a"), [make_event("a", 2)], expected_version=1)
        assert list(journal.projections()) == [projection]
