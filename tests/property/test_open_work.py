"""Whatever happens in a case, what is open is in the list exactly once, and nothing else is."""

from __future__ import annotations

from hypothesis import given, settings
from tests.open_work import determinations, listed, owed, to_determine
from tests.property.worlds import CASE, HISTORIES, SHAPES, SUBCASE, Shape, Step, World
from tests.support import SOAK

from zhengxie_flow.errors import NotFound
from zhengxie_flow.services.queries import lists
from zhengxie_flow.services.queries.derived_cases import read_derived


@settings(max_examples=5_000 if SOAK else 60)
@given(shape=SHAPES, history=HISTORIES)
def test_every_open_obligation_that_somebody_owes_is_listed_once(shape: Shape, history: list[Step]) -> None:
    world = World(shape)
    for step in history:
        world.step(step)
    rows = list(lists.due(world.context))
    for case in (CASE, SUBCASE):
        try:
            derived = read_derived(world.context, case)
        except NotFound:
            continue
        own = [row for row in rows if row.case == case]
        assert listed(own) == owed(derived)
        assert determinations(own) == to_determine(derived)
        assert all(row.roles and row.bearer == row.roles[0] for row in own)
        for row in own:
            assert (row.day is not None) == (row.kind == "dated")
            assert (row.stopped_since is not None) == (row.units_left is not None) == (row.kind == "stopped")
