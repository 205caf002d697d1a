"""A replay finds nothing in what was decided by the definition, and everything that was not.

Random statutes and histories of acts, corrections, lapses, subcases; then one event of them is made another, as somebody
would who writes the chain anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings, strategies as st
from tests.property.worlds import CASE, HISTORIES, SHAPES, SUBCASE, Shape, Step, Tally, World, brought
from tests.support import SOAK

from zhengxie_flow.errors import NotFound
from zhengxie_flow.model.body import ActBody, DeemedBody
from zhengxie_flow.model.body_parts import StateChange
from zhengxie_flow.model.event import Event, EventType, Mode
from zhengxie_flow.services.commands.ticking import tick
from zhengxie_flow.services.queries.derived_cases import read_derived
from zhengxie_flow.services.queries.replay import unlawful_events

STATES = ("open", "running", "waiting", "given_up", "closed")


def played(shape: Shape, history: Sequence[Step]) -> World:
    world = World(shape)
    for step in history:
        world.step(step)
    list(tick(world.context))
    return world


def test_what_was_decided_by_the_definition_is_lawful() -> None:
    tally = Tally()

    @settings(max_examples=20_000 if SOAK else 100)
    @given(shape=SHAPES, history=HISTORIES)
    def ask(shape: Shape, history: list[Step]) -> None:
        world = played(shape, history)
        for name in (CASE, SUBCASE):
            assert list(unlawful_events(world.context, world.context.journal.events(name))) == []
        tally.count(world.holds() | brought(read_derived(world.context, CASE).case))

    ask()
    assert tally.scarce() == {}


def forged(event: Event, choice: int) -> Event | None:
    """The event as no program would have written it; None where it is of a kind that moves nothing."""
    body = event.body
    if event.type is EventType.ACT and event.mode is Mode.ADVANCED and choice % 3 == 0:
        return replace(event, by="party" if event.by != "party" else "office")
    if isinstance(body, DeemedBody) and choice % 3 == 1:
        return replace(event, body=replace(body, deemed_by="o.decide//999"))
    if isinstance(body, ActBody | DeemedBody):
        before = "open" if body.state is None else body.state.from_
        after = "-" if body.state is None else body.state.to
        to = next(state for state in (STATES[choice % 5], STATES[(choice + 1) % 5]) if state != after)
        return replace(event, body=replace(body, state=StateChange(from_=before, to=to)))
    return None


def test_an_event_that_no_program_would_have_written_is_found() -> None:
    kinds: Counter[str] = Counter()

    @settings(max_examples=5_000 if SOAK else 60)
    @given(shape=SHAPES, history=HISTORIES, place=st.integers(0, 30), choice=st.integers(0, 14))
    def ask(shape: Shape, history: list[Step], place: int, choice: int) -> None:
        world = played(shape, history)
        events = world.context.journal.events(CASE)
        movable = [event for event in events if isinstance(event.body, ActBody | DeemedBody)]
        if not movable:
            return
        event = movable[place % len(movable)]
        other = forged(event, choice)
        if other is None or (other.item is not None and other.by != event.by):
            return
        changed = (*events[: event.sequence - 1], other, *events[event.sequence :])
        kinds[f"{event.type} {event.mode}"] += 1
        try:
            found = {finding.sequence for finding in unlawful_events(world.context, changed)}
        except NotFound:  # a later event names what the forged one took away
            return
        assert event.sequence in found

    ask()
    assert {"act advanced", "act recorded", "deemed recorded"} <= kinds.keys()
