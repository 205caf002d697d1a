"""A procedure as data: the eight words of the language.

Law, roles, facts, items, states, actions, obligations, exemptions; the reference of the language says what each means.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from zhengxie_flow.model.base import Bool, Id, Labelled, Model, Number, Period, Renamed, Text, one_or_many
from zhengxie_flow.model.calendar_name import CalendarName
from zhengxie_flow.model.citation import Citations
from zhengxie_flow.model.condition import Condition, Ids, Name
from zhengxie_flow.model.counting import opens
from zhengxie_flow.model.exemption import Exemption
from zhengxie_flow.model.internal_control import Delegation, FollowsSpec, Span
from zhengxie_flow.model.item import ItemSteps, ItemType, State
from zhengxie_flow.model.lapse import Deem
from zhengxie_flow.model.limit import Limit
from zhengxie_flow.model.reminder import ReminderLadder
from zhengxie_flow.model.statement import Statements
from zhengxie_flow.model.subcase import Subcase
from zhengxie_flow.model.values import FactRef, FieldSpec, ValueType

RIGHT = "may"
"""Force of what nobody has to do."""

CONDITION = "that"
"""Key of the condition of a requirement."""

Force = Literal["must", "must_not", "should", "may", "by_reference"]
IdList = Annotated[tuple[Id, ...], BeforeValidator(one_or_many)]
Entries = Annotated[tuple[Number, ...], BeforeValidator(one_or_many)]
"""Numbers of register entries behind a reading of the law."""


class RoleName(Labelled):
    """A name an office bears or bore for a time."""

    in_force: Period = Period()


class Role(Renamed):
    """Role that may act; never a person.

    ``names`` holds the dated names of the same office, ``in_force`` the period in which it exists.
    """

    law: Citations = ()
    in_force: Period = Period()
    names: tuple[RoleName, ...] = ()


class ByObligation(Model):
    """A requirement that repeats an obligation: judged there alone."""

    obligation: Id


class Requirement(Renamed):
    """A requirement of its own: an obligation like any other, judged at each act of its action.

    ``unmet`` says what it comes to where ``that`` is false: a ``breach``, or a record that is ``incomplete``.
    """

    id: Id
    law: Citations = ()
    when: Condition | None = None
    that: Condition
    force: Force = "must"
    by_reference: Bool = False
    basis: Text | None = None
    unmet: Literal["breach", "incomplete"] = "breach"
    interpretation: Entries = ()

    @property
    def binding(self) -> bool:
        """True where it rests on a clause and obliges somebody."""
        return bool(self.law) and self.force != "may"


class Closing(Model):
    """Closing of obligations by an act: they can no longer be performed after it, ``where`` this holds of it.

    The condition names the act's own fields, then those of the item an obligation is owed for.  With ``follows_from``
    what was missed is no wrong of its own: it follows from the breach of that obligation, and says so.  What was missed
    for an item is ``incomplete``; with ``missed: breach`` only where the duty was performed for another one, else a
    breach, as it is where it follows from one.
    """

    obligations: IdList
    where: Condition | None = None
    follows_from: Id | None = None
    missed: Literal["breach", "incomplete"] | None = None


def _closing(value: Any) -> Any:
    return tuple({"obligations": entry} if isinstance(entry, str) else entry for entry in one_or_many(value) or ())


Closings = Annotated[tuple[Closing, ...], BeforeValidator(_closing)]


def _which(value: Any) -> str:
    repeats = "obligation" in value if isinstance(value, dict) else isinstance(value, ByObligation)
    return "obligation" if repeats else "condition"


AnyRequirement = Annotated[
    Annotated[ByObligation, Tag("obligation")] | Annotated[Requirement, Tag("condition")], Discriminator(_which)
]


class Move(Model):
    """One way an action moves the state, from these states to that one ``when`` it holds; the first counts.

    Without ``to`` the action is allowed there and the state stays.
    """

    from_: Ids = Field(alias="from")
    to: Id | None = None
    when: Condition | None = None


class Action(Renamed):
    """Action of a role.  ``from`` says in which states it is allowed, ``to`` or ``moves`` whether it moves the state.

    ``by_parameter`` names a parameter of the rules that gives the role instead of ``by``.

    ``for`` names the type of item it is done for, ``adds``/``withdraws``/``replaces`` the type whose item it creates or
    ends; ``item`` says in which of its own states the item must be and where the act moves it, ``carries`` which duties
    performed for a replaced item count for its successor too.  ``names_actor`` says that the clause itself names who
    acts (another role doing it is a breach), ``power`` that it exercises a power (another role doing it is invalid).
    ``void_without`` names fields without which it has no effect: it performs nothing and moves nothing.
    ``closes`` lists obligations that can no longer be performed once this has happened (perhaps only ``where`` it is
    like something), ``deem`` acts that count as done with it.  ``follows`` names the acts whose end it states,
    ``four_eyes`` fields of the act, or other actions, in which somebody else must stand than who acts; ``delegates`` a
    role it lends for a time, ``revokes`` roles it ends.
    """

    law: Citations = ()
    by: IdList = ()
    by_parameter: Id | None = None
    from_: Annotated[tuple[Id, ...], BeforeValidator(one_or_many)] = Field(default=(), alias="from")
    to: Id | None = None
    moves: tuple[Move, ...] = ()
    for_: Id | None = Field(default=None, alias="for")
    adds: Id | None = None
    withdraws: Id | None = None
    replaces: Id | None = None
    item: ItemSteps = ()
    carries: IdList = ()
    fields: dict[Id, FieldSpec] = Field(default_factory=dict, alias="with")
    requires: tuple[AnyRequirement, ...] = ()
    closes: Closings = ()
    deem: Annotated[tuple[Deem, ...], BeforeValidator(one_or_many)] = ()
    names_actor: Bool = False
    power: Bool = False
    void_without: IdList = ()
    follows: FollowsSpec | None = None
    four_eyes: IdList = ()
    delegates: Delegation | None = None
    revokes: IdList = ()

    @model_validator(mode="after")
    def _consistent(self) -> Action:
        if self.moves and (self.to is not None or self.from_):
            raise PydanticCustomError("ZX1140", "moves beside from/to", {})
        if sum(kind is not None for kind in (self.for_, self.adds, self.withdraws, self.replaces)) > 1:
            raise PydanticCustomError("ZX1141", "one item key", {})
        if self.item and self.item_type is None:
            raise PydanticCustomError("ZX1310", "a step of no item", {})
        if self.adds is not None and any(step.from_ for step in self.item):
            raise PydanticCustomError("ZX1312", "a new item comes from no state", {})
        if self.carries and self.replaces is None:
            raise PydanticCustomError("ZX1313", "carries without replaces", {})
        if self.by and self.by_parameter is not None:
            raise PydanticCustomError("ZX1304", "by beside by_parameter", {"at": ["by_parameter"]})
        return self

    @property
    def item_type(self) -> str | None:
        """The type of item each act of this action is about, if any."""
        return self.for_ or self.adds or self.withdraws or self.replaces

    @property
    def ways(self) -> tuple[Move, ...]:
        """Every way it moves the state, in order."""
        if self.moves or self.to is None or not self.from_:
            return self.moves
        return (Move.model_construct(from_=self.from_, to=self.to, when=None),)

    def effects(self) -> Iterator[tuple[str, str]]:
        """The types of items, the roles and the other actions that an act changes, after the key that says so."""
        for key, kind in (("adds", self.adds), ("withdraws", self.withdraws), ("replaces", self.replaces)):
            if kind is not None:
                yield key, kind
        if self.item and self.item_type is not None:
            yield "item", self.item_type
        if self.delegates is not None:
            yield "delegates", self.delegates.role
        yield from (("revokes", role) for role in self.revokes)
        yield from (("deem", deem.action) for deem in self.deem)

    @property
    def closed(self) -> tuple[str, ...]:
        """The obligations that an act of it may close."""
        return tuple(dict.fromkeys(name for closing in self.closes for name in closing.obligations))

    @property
    def own_requirements(self) -> tuple[Requirement, ...]:
        """The requirements that are obligations of their own."""
        return tuple(entry for entry in self.requires if isinstance(entry, Requirement))


class Obligation(Renamed):
    """Duty: who owes what, by when, how strongly; ``for`` each item of a type.

    ``unassigned`` stands instead of ``who`` where the text names nobody: the entries of the register that say so.

    ``jointly`` names roles that have to do it each: it is performed by the act that completes them.  ``judged_by`` is a
    bool fact or field that says whether it was done as the law wants it; until a person determined that, only a person
    can judge it.  ``due_with`` is another obligation that it has to come before: without a time of its own, it is
    overdue once that is.

    ``by_reference`` says that it is followed by reference (Art. 16) and weighs one step less than its force; ``basis``
    names the document of its own by which a place has set it otherwise.
    """

    law: Citations = ()
    who: IdList = ()
    unassigned: Entries = ()
    force: Force = "must"
    for_: Id | None = Field(default=None, alias="for")
    when: Condition | None = None
    do: Ids
    jointly: IdList = ()
    judged_by: Name | None = None
    due_with: Id | None = None
    limit: Limit | None = None
    excused_by: Condition | None = None
    by_reference: Bool = False
    basis: Text | None = None
    evidence: IdList = ()
    interpretation: Entries = ()

    @property
    def obliges(self) -> bool:
        """True where it asks for an act; a right does not, nor does a prohibition."""
        return self.force not in ("may", "must_not")

    @property
    def entries(self) -> tuple[str, ...]:
        """The entries of the register behind it."""
        return (*self.interpretation, *self.unassigned)

    @property
    def bearers(self) -> tuple[str, ...]:
        """The roles that owe it: those named under ``who``, else each of those that have to do it jointly."""
        return self.who or self.jointly

    @property
    def only_act(self) -> str | None:
        """The one action that performs it; None where several do."""
        return self.do[0] if len(self.do) == 1 else None

    @property
    def forbids(self) -> bool:
        """True where it is a prohibition."""
        return self.force == "must_not"

    @property
    def sets_minimum(self) -> bool:
        """True where its limit, or a part of it, sets the first day on which the act may be done."""
        components = self.limit.components if self.limit is not None else ()
        return any(opens(part.direction) for limit in components for part in limit.candidates)


class Process(Labelled):
    """One procedure: its life (states, actions, items) and its duties (obligations, requirements, exemptions).

    ``backdated_after`` is how long after it happened something may be recorded before the audit remarks on it;
    ``controls`` lists the obligations and requirements that are internal controls and no law: the audit shows them
    apart, only where they are broken, and they count for no case's worst verdict.  ``reminders`` are ladders by which
    the office reminds of duties, its own practice and no law.  ``title`` names the fact, or the
    field of an action (``receive.subject``), that is what each case is called.  ``convention`` says how limits count
    that name none themselves.  ``statements`` says who may plan, explain, correct, open, assign and urge.  ``was``
    lists the ids that the process had before.
    """

    language: Literal[1]
    process: Id
    title: Name | None = None
    was: Annotated[tuple[Text, ...], BeforeValidator(one_or_many)] = ()
    law: Number
    in_force: Period = Period()
    calendar: CalendarName = "cn"
    convention: Id | None = None
    zone: str = "Asia/Shanghai"
    when: Condition | None = None
    backdated_after: Span | None = None
    roles: dict[Id, Role] = Field(default_factory=dict)
    facts: dict[Id, ValueType] = Field(default_factory=dict)
    items: dict[Id, ItemType] = Field(default_factory=dict)
    states: Annotated[dict[Id, State], Field(min_length=1)]
    actions: dict[Id, Action] = Field(default_factory=dict)
    obligations: dict[Id, Obligation] = Field(default_factory=dict)
    exemptions: dict[Id, Exemption] = Field(default_factory=dict)
    subcases: dict[Id, Subcase] = Field(default_factory=dict)
    controls: IdList = ()
    reminders: dict[Id, ReminderLadder] = Field(default_factory=dict)
    statements: Statements = Statements()

    @cached_property
    def acts(self) -> dict[str, Action]:
        """Ids of all acts of a case: its own actions, and those its subcases bring (see `Subcase`)."""
        brought = {
            act: Action.model_construct(zh=kind.zh, en=kind.en, law=kind.law, fields={**kind.fields})
            for name, kind in self.subcases.items()
            for act in kind.acts(name)
        }
        return {**self.actions, **brought}

    def field_names(self, name: str) -> frozenset[str]:
        """The names of the fields of an action, and of the item that it adds."""
        action = self.actions[name]
        added = self.items.get(action.adds or "")
        return frozenset(action.fields) | frozenset(added.fields if added is not None else ())

    def title_type(self) -> ValueType | None:
        """The type of the fact, or of the field of an action, that ``title`` names; None where there is none."""
        action, _, name = (self.title or "").rpartition(".")
        field = self.actions[action].fields.get(name) if action in self.actions else None
        asserted = not action or isinstance(field, FactRef)
        return self.facts.get(name) if asserted else field if isinstance(field, ValueType) else None

    @property
    def start(self) -> str:
        """The state a case begins in: the first one written."""
        return next(iter(self.states))

    def requirements(self) -> dict[str, tuple[str, Requirement]]:
        """Every requirement that is an obligation of its own, by id, with the action it belongs to."""
        return {
            requirement.id: (name, requirement)
            for name, action in self.actions.items()
            for requirement in action.own_requirements
        }
