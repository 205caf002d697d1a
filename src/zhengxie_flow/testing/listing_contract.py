# ruff: noqa: S101, D102 - a suite of tests that ships with the package
"""Contract of the lists of a journal: selections, stretches and numbers, against going through all that is kept."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING

from zhengxie_flow.ports import (
    AssignmentRow,
    CaseFilter,
    CaseStretch,
    DuePlace,
    DueRow,
    DueStretch,
    HeadRow,
    Lists,
    Overtaken,
)
from zhengxie_flow.testing.builders import DAY, make_deadline, make_event, make_head, make_projection
from zhengxie_flow.testing.memory_lists import MemoryLists

if TYPE_CHECKING:
    from zhengxie_flow.ports import Journal

NAMES = ("a", "B", "b-1", "案-1", "案-2", "50%", "5_0", "5x0", "\\", "Z/z", "é", "𠮷", "a'b", "a b", "ａ")
DEFINITIONS, BASES = ("sha256:d1", "sha256:d2"), ("sha256:old", "sha256:new", None)
TESTS = (
    Overtaken(date.min),
    Overtaken(DAY, (), frozenset({"sha256:d1"})),
    Overtaken(DAY, (("sha256:d2", "sha256:old"), ("sha256:d1", None)), frozenset(DEFINITIONS)),
)
FILTERS = (
    CaseFilter(),
    CaseFilter(office="o/1", day=DAY),
    CaseFilter(person="p", day=DAY, state="open"),
    CaseFilter(office="o/1", person="p", day=DAY),
    CaseFilter(process="p/one"),
    CaseFilter(state="open"),
    CaseFilter(process="p/two", state="closed"),
    CaseFilter(process="p/none"),
    CaseFilter(text="B"),
    CaseFilter(text="案"),
    CaseFilter(text="%"),
    CaseFilter(text="5_"),
    CaseFilter(text="\\"),
    CaseFilter(text="关于"),
    CaseFilter(text="bÉ"),
    CaseFilter(text="BÉ"),
    CaseFilter(text="bé"),
    CaseFilter(text="é", state="open"),
    CaseFilter(among=frozenset(NAMES[::2])),
    CaseFilter(among=frozenset({"missing"})),
    CaseFilter(among=frozenset(NAMES[1::3]), state="open"),
)


class ListingContract:
    """Tests of lists over many cases; part of `storage_contract.JournalContract`."""

    def test_stretches_of_cases_are_the_whole_list(self, journal: Journal) -> None:
        whole = filled(journal)
        for selection, test, doubtful, limit in product(FILTERS, TESTS, ((), ("a", "案-1", "missing")), (3,)):
            with journal.listing() as lists:
                assert walked(lists, selection, test, doubtful, limit) == walked(whole, selection, test, doubtful, 1000)

    def test_stretches_of_deadlines_are_the_whole_list(self, journal: Journal) -> None:
        whole = filled(journal)
        for selection, test, until, limit in product(FILTERS, TESTS, (None, DAY), (5,)):
            with journal.listing() as lists:
                assert due(lists, selection, test, until, limit) == due(whole, selection, test, until, 10_000)

    def test_what_was_overtaken_and_what_stands_above_it_is_named(self, journal: Journal) -> None:
        whole = filled(journal)
        for selection, test in product([entry for entry in FILTERS if entry.state is None], TESTS):
            with journal.listing() as lists:
                assert lists.overtaken(selection, test) == whole.overtaken(selection, test)
                assert lists.ancestors(test) == whole.ancestors(test)

    def test_numbers_are_those_of_the_rows(self, journal: Journal) -> None:
        whole = filled(journal)
        for selection, but in product(FILTERS, ((), NAMES[:5], ("missing",))):
            with journal.listing() as lists:
                assert lists.count_cases(selection, but) == whole.count_cases(selection, but)
                for today in (DAY, DAY + timedelta(days=8)):
                    assert lists.count_deadlines(selection, today, but) == whole.count_deadlines(selection, today, but)

    def test_bases_are_each_named_once(self, journal: Journal) -> None:
        whole = filled(journal)
        pairs = {(head.definition, whole.projections[head.case].basis) for head in journal.heads()}
        assert sorted(journal.bases(), key=str) == sorted(pairs, key=str)


def filled(journal: Journal) -> MemoryLists:
    """Fill an empty journal with cases of all kinds.

    Args:
        journal: The journal.

    Returns:
        The same lists, by going through all that it keeps.
    """
    chance = random.Random(7)  # noqa: S311  # not for secrets
    with journal.transaction() as transaction:
        for name in NAMES:
            head = make_head(
                name,
                state=chance.choice(("open", "closed")),
                process=chance.choice(("p/one", "p/two")),
                definition=chance.choice(DEFINITIONS),
            )
            transaction.append(head, [make_event(name, 1)], expected_version=0)
            rows = [
                make_deadline(
                    name,
                    f"o.{number}",
                    None if chance.random() < 0.2 else DAY + timedelta(days=chance.randrange(-3, 12)),
                    open=chance.random() < 0.8,
                    roles=tuple(chance.sample(("a_b", "axb", "other"), chance.randrange(3))),
                    kind=chance.choice(("dated", "waiting", "undated")),
                    direction=chance.choice(("forward", "backward", "minimum")),
                    anchor_kind=chance.choice(("actual", "planned", "projected")),
                )
                for number in range(4)
            ]
            rows = [row if row.day is None else replace(row, earliest=row.day - timedelta(days=2)) for row in rows]
            change = chance.choice((None, DAY, DAY + timedelta(days=1)))
            parents = tuple(chance.sample(NAMES, chance.randrange(3)))
            made = [
                AssignmentRow(
                    case=name,
                    role=chance.choice(("a_b", "axb")),
                    office=None if number else chance.choice(("o/1", "O/1")),
                    person="p" if number else None,
                    from_day=DAY + timedelta(days=chance.randrange(-1, 2)),
                    to_day=chance.choice((None, DAY, DAY + timedelta(days=3))),
                )
                for number in range(chance.randrange(3))
            ]
            basis, title = chance.choice(BASES), chance.choice((None, name, "关于 BÉ 的 50%_事项"))
            transaction.project(
                make_projection(
                    name, rows, next_change=change, basis=basis, parents=parents, title=title, assignments=tuple(made)
                )
            )
    heads = {head.case: head for head in journal.heads()}
    return MemoryLists(heads, {projection.case: projection for projection in journal.projections()})


def walked(
    lists: Lists, selection: CaseFilter, test: Overtaken, doubtful: tuple[str, ...], limit: int
) -> list[HeadRow]:
    """Read all stretches of the list of cases, one after the other."""

    def stretches() -> Iterator[HeadRow]:
        after: str | None = None
        while True:
            read = lists.heads(selection, CaseStretch(after, limit, doubtful), test)
            yield from read.rows
            if read.end is None:
                return
            after = read.end

    return list(stretches())


def due(lists: Lists, selection: CaseFilter, test: Overtaken, until: date | None, limit: int) -> list[DueRow]:
    """Read all stretches of the list of deadlines, one after the other."""
    rows: list[DueRow] = []
    after: DuePlace | None = None
    while True:
        read = lists.deadlines(selection, DueStretch(after, limit, until), test)
        rows += read.rows
        if read.end is None:
            return rows
        after = read.end
