"""The view of a case in which conditions are evaluated; supplied by the engine, for conditions know no processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from typing import TYPE_CHECKING, Any, Protocol

from zhengxie_flow.conditions.truth import Trace, Truth
from zhengxie_flow.deprecation import deprecated_names
from zhengxie_flow.model.case import Act, Item
from zhengxie_flow.model.comparing import typed
from zhengxie_flow.model.condition import Condition
from zhengxie_flow.model.personal import withheld
from zhengxie_flow.model.values import ValueType
from zhengxie_flow.model.verdict import Verdict


@dataclass(frozen=True, slots=True)
class FactValue:
    """The value of a fact at a point in time; ``value`` None is unknown, ``presumed`` marks one not determined.

    ``erased`` marks a value that was stated and erased since: it stays known that it was recorded, not what it was.
    ``type`` is set for days and instants, whose text says less than they mean; ``needs`` names what would settle a
    value that rests on other facts, ``presumptions`` the presumed ones among them.
    """

    value: Any = None
    presumed: bool = False
    erased: bool = False
    type: str | None = None
    needs: tuple[str, ...] = ()
    presumptions: tuple[str, ...] = ()


UNKNOWN = FactValue()


def stated(value: Any, kind: ValueType | None = None) -> FactValue:
    """A stated value as it is compared: the journal has decimals as text, but 1.50 is 1.5; an erased one is unknown."""
    if withheld(value):
        return FactValue(erased=True)
    if kind is None or type(value) is not str:
        return FactValue(value)
    if kind.type in {"date", "instant"}:
        return FactValue(value, type=kind.type)
    return FactValue(typed(value, kind.type))


def output_value(resolved: Resolved, part: str, kind: ValueType | None) -> FactValue:
    """An output of a decision as a fact is looked up: unknown, with what would settle it, until it is decided."""
    value = resolved.value if resolved.status == "decided" else None
    if isinstance(value, dict):
        value = value.get(part)
    if value is None or isinstance(value, list):
        return FactValue(needs=resolved.needs)
    return replace(stated(value, kind), presumptions=resolved.presumed)


@dataclass(frozen=True, slots=True)
class Scope:
    """The act and the item whose fields names mean first: the act's, then the item's.

    ``this`` is the item under judgement where another one is looked at (None: ``item`` itself), ``around`` the items
    that the conditions around this one look at, the outermost first.
    """

    act: Act | None = None
    item: Item | None = None
    this: Item | None = None
    around: tuple[Item, ...] = ()


NOWHERE = Scope()

Choosing = Callable[[Callable[[Scope, Trace], Truth], Trace], list[tuple[Scope, Truth]]]
"""The items of a type for which an evaluation is not false, each with the scope inside."""


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """The value of a parameter; None where it was never set or ``needs`` would have to be known first."""

    value: Any = None
    needs: tuple[str, ...] = ()
    interpretations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolved:
    """The status of a decision, its outcome, and the facts that would settle it.

    ``outcome`` is one line of text for every kind of decision; ``value`` is the outcome itself: an id, values by
    output, a list or a number.  ``overridden`` holds the rules that held and gave way to those that ``fired``.
    """

    status: str  # decided | pending | conflict | no_rule
    outcome: str | None = None
    needs: tuple[str, ...] = ()
    presumed: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    fired: tuple[str, ...] = ()
    must_record: tuple[str, ...] = ()
    value: Any = None
    overridden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SubcaseSummary:
    """A subcase as its parent knows it: its id, its status, its state, and its last act.

    ``linked`` marks a case of its own that was attached to the parent.
    """

    case: str
    status: str  # open | completed | withdrawn
    state: str
    act: Act
    linked: bool = False


class View(Protocol):
    """A case at one point of its life."""

    @property
    def day(self) -> date:
        """The civil day the case is looked at."""

    @property
    def zone(self) -> tzinfo:
        """The zone whose civil days count."""

    @property
    def state(self) -> str:
        """The state the case is in."""

    def fact(self, name: str) -> FactValue:
        """A fact of the case."""

    def item_field(self, item: Item, name: str) -> FactValue | None:
        """A field of an item; None when its type has no such field."""

    def item_state(self, item: Item) -> str | None:
        """The state an item is in; None where its type has no states."""

    def refers_to(self, name: str, scope: Scope) -> tuple[str | None, bool]:
        """The type of item that a name refers to, and whether it is a name of the act in sight."""

    def owed_for(self, duty: str) -> str | None:
        """The type of item a duty is owed for."""

    def act_field(self, act: Act, name: str) -> ValueType | None:
        """The type of a field of an act, with what is presumed of it; None where that is not known."""

    def parameter(self, name: str, scope: Scope) -> ParameterValue:
        """The value of a parameter of the rules."""

    def acts(self, actions: Iterable[str]) -> Sequence[Act]:
        """The acts of these actions up to this point, oldest first."""

    def in_force(self, act: Act) -> bool:
        """Return whether an act has effect at this point."""

    def items(self, kind: str) -> Sequence[Item]:
        """The items of a type that are in the case at this point."""

    def choices(self, where: Condition, kind: str, scope: Scope) -> Choosing | None:
        """Return what asks a condition of each of many items; None where nothing is kept of what it answers."""

    def item(self, kind: str, ident: str) -> Item | None:
        """An item of a type that entered the case by this point, be it in the case still or not."""

    def decision(self, name: str, scope: Scope) -> Resolved:
        """The status of a decision of the rules."""

    def output(self, decision: str, part: str, scope: Scope) -> FactValue | None:
        """An output of a decision; None where there is no such decision."""

    def subcases(self, name: str) -> Sequence[SubcaseSummary]:
        """The subcases of a name up to this point, in the order they came."""

    def verdict(self, obligation: str, item: Item | None) -> Verdict:
        """The verdict on another duty at this point."""


if not TYPE_CHECKING:  # see `deprecated_names`
    __getattr__ = deprecated_names(
        __name__, {"Given": "ParameterValue", "Seen": "FactValue", "SubcaseSeen": "SubcaseSummary"}
    )
