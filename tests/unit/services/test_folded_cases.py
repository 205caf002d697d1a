"""Cases kept from one reading to the next: what is read again, and when."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from tests.property.worlds import CASE, Shape, World, statute

from zhengxie_flow.engine import CompiledProcess, fold
from zhengxie_flow.errors import ChainBroken
from zhengxie_flow.model.event import Event
from zhengxie_flow.services import folded_cases
from zhengxie_flow.testing.builders import make_event

SHAPE = Shape("working_day", 5, 2, 2, ends=False, stop_if=False, lasting=False, minimum=1, back=False)


class FoldedCases(folded_cases.FoldedCases):
    """Without the comparison that `tests.conftest` adds, which reads too."""

    read = folded_cases.FoldedCases.read.__wrapped__  # type: ignore[attr-defined]


@dataclass
class Watched:
    """A journal of which it is written down what was read."""

    world: World
    read: list[str] = field(default_factory=list)
    instead: dict[str, tuple[Event, ...]] = field(default_factory=dict)

    def events(self, case: str) -> tuple[Event, ...]:
        self.read.append("all")
        return self.instead.get(case) or self.world.context.journal.events(case)

    def events_since(self, case: str, version: int, digest: str) -> tuple[Event, ...] | None:
        self.read.append(f"since {version}")
        return self.world.context.journal.events_since(case, version, digest)


@pytest.fixture
def world() -> World:
    world = World(SHAPE)
    world.step((0, "receive", 1, False))
    return world


@pytest.fixture
def journal(world: World) -> Watched:
    return Watched(world)


def test_of_a_case_read_before_only_what_is_new_is_read(world: World, journal: Watched) -> None:
    folded, definitions = FoldedCases(), world.context.definitions
    before = folded.read(journal, definitions, CASE)
    assert folded.read(journal, definitions, CASE) is before
    world.step((1, "pause", 1, False))
    world.step((1, "resume", 1, False))
    after = folded.read(journal, definitions, CASE)
    assert after == fold(world.context.journal.events(CASE))
    assert journal.read == ["all", "since 2", "since 2"]
    assert folded.read(journal, definitions, CASE) is after


def test_what_another_hash_continues_is_read_again(world: World, journal: Watched) -> None:
    folded, definitions = FoldedCases(), world.context.definitions
    other = World(SHAPE)
    other.step((3, "receive", 1, False))
    journal.instead[CASE] = other.context.journal.events(CASE)  # as after a write that was rolled back
    folded.read(journal, definitions, CASE)
    journal.instead.clear()
    assert folded.read(journal, definitions, CASE) == fold(world.context.journal.events(CASE))
    assert journal.read == ["all", "since 2", "all"]


def test_a_case_that_is_not_there_is_not_kept(world: World, journal: Watched) -> None:
    folded = FoldedCases()
    assert folded.read(journal, world.context.definitions, "none") is None
    assert folded.read(journal, world.context.definitions, "none") is None
    assert journal.read == ["all", "all"]


def test_the_case_used_least_lately_gives_way(world: World, journal: Watched) -> None:
    events = world.context.journal.events(CASE)
    for name in ("a", "b", "c"):
        journal.instead[name] = tuple(replace(event, case=name) for event in events)
    folded, definitions = FoldedCases(room=2 * len(events)), world.context.definitions
    for name in ("a", "b", "c", "a", "c"):
        folded.read(journal, definitions, name)
    assert folded.kept() == ("a", "c")


def test_nothing_is_kept_without_room(world: World, journal: Watched) -> None:
    folded = FoldedCases(room=0)
    for _ in range(2):
        folded.read(journal, world.context.definitions, CASE)
    assert journal.read == ["all", "all"]


def test_later_events_are_held_against_the_definitions(world: World, journal: Watched) -> None:
    folded, definitions = FoldedCases(), world.context.definitions
    stored = folded.read(journal, definitions, CASE)
    assert stored is not None
    wrong = make_event(CASE, stored.version + 1, action="nothing_of_the_kind")
    journal.events_since = lambda *_: (wrong,)  # type: ignore[method-assign]
    with pytest.raises(ChainBroken, match="ZX5905"):
        folded.read(journal, definitions, CASE)


def test_under_other_definitions_all_events_are_held_against_them(world: World, journal: Watched) -> None:
    folded = FoldedCases()
    folded.read(journal, world.context.definitions, CASE)
    matter, _ = statute(SHAPE)
    acts = {name: action for name, action in matter.process.actions.items() if name != "receive"}
    poorer = _without(matter, acts)

    class Others:
        def by_hash(self, _: str) -> CompiledProcess:
            return poorer

    with pytest.raises(ChainBroken, match="ZX5905"):
        folded.read(journal, Others(), CASE)  # type: ignore[arg-type]


def _without(compiled: CompiledProcess, actions: dict[str, object]) -> CompiledProcess:
    return replace(compiled, process=compiled.process.model_copy(update={"actions": actions}))
