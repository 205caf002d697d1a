"""Scenarios and case files: events in the words of the definition, and the results expected of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol, get_args

from pydantic import BeforeValidator, Field, PlainValidator, model_validator
from pydantic_core import PydanticCustomError

from zhengxie_flow.deprecation import deprecated_names
from zhengxie_flow.model.base import Bool, Day, Id, Int, Model, Text, one_or_many
from zhengxie_flow.model.instant import NaiveInstant, read_instant

HappeningKind = Literal["do", "try", "determine", "plan", "explain", "correct", "move", "open", "link"]
KINDS: tuple[HappeningKind, ...] = get_args(HappeningKind)
ItemId = Annotated[str, Field(min_length=1, max_length=100)]


def _moment(value: Any) -> Any:
    """A civil day, or an instant with its offset; a time of day without an offset is refused."""
    if isinstance(value, str) and len(value) > 10:
        try:
            return read_instant(value)
        except NaiveInstant:
            raise PydanticCustomError("ZX2001", "naive instant {given}", {"given": value}) from None
        except ValueError:
            raise PydanticCustomError("ZX2003", "not a day: {given}", {"given": value}) from None
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError("ZX2003", "not a day: {given}", {"given": value}) from None
    if isinstance(value, date | datetime):
        return value
    raise PydanticCustomError("ZX2003", "not a day: {given}", {"given": str(value)})


Moment = Annotated[datetime | date, PlainValidator(_moment)]
Ids_ = Annotated[tuple[Text, ...], BeforeValidator(one_or_many)]


class EvidenceFile(Model):
    """A file that proves an event, by its path from the file that names it."""

    file: Text


EvidenceList = Annotated[tuple[Text | EvidenceFile, ...], BeforeValidator(one_or_many)]


class ScenarioSetup(Model):
    """Setup of a scenario: the case as it opens."""

    facts: dict[Id, Any] = Field(default_factory=dict)
    items: dict[Id, dict[ItemId, dict[Id, Any]]] = Field(default_factory=dict)
    state: Id | None = None


class NamesOfToday(Protocol):
    """Names of today by those that a file uses."""

    @property
    def roles(self) -> Mapping[str, str]:
        """Names of roles."""

    @property
    def actions(self) -> Mapping[str, str]:
        """Names of actions."""

    @property
    def duties(self) -> Mapping[str, str]:
        """Names of obligations, requirements and exemptions."""

    @property
    def states(self) -> Mapping[str, str]:
        """Names of states, of the case or of items."""

    @property
    def fields(self) -> Mapping[str, Mapping[str, str]]:
        """Names of fields by what they belong to."""

    def values(self, values: Mapping[str, Any], owner: str) -> dict[str, Any]:
        """Values under the names of today: fields of an action or type, of the case where ``owner`` is empty."""


class ScriptEvent(Model):
    """Event of a scenario or case file: exactly one of ``do try determine plan explain correct move open link``.

    ``open`` begins a subcase of that name, called ``id``; ``in`` says in which subcase something happened; ``move``
    is the decision that the case goes on under that edition of its process.  ``link`` takes the case under another,
    ``as`` one of its subcases, where several would fit.

    ``for`` may name several items (one act each) or ``all`` items of the action's type.  ``known`` is when it was
    recorded, if later than it happened.  ``evidence`` are references in words; ``{file: PATH}`` is a file, which an
    import keeps with the event.
    """

    at: Moment
    do: Id | None = None
    try_: Id | None = Field(default=None, alias="try")
    determine: dict[Id, Any] | None = None
    plan: Id | None = None
    explain: Id | None = None
    correct: Text | Int | None = None
    move: Text | None = None
    open: Id | None = None
    in_: Text | None = Field(default=None, alias="in")
    link: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    as_: Id | None = Field(default=None, alias="as")
    to: Moment | None = None
    for_: Annotated[tuple[ItemId, ...], BeforeValidator(one_or_many)] = Field(default=(), alias="for")
    by: Id | None = None
    actor: Text | None = None
    with_: dict[Text, Any] = Field(default_factory=dict, alias="with")
    reason: Text | None = None
    basis: Text | None = None
    public: Annotated[bool, Field(strict=True)] = False
    retract: Annotated[bool, Field(strict=True)] = False
    evidence: EvidenceList = ()
    known: Moment | None = None
    id: Text | None = None
    refused: Annotated[tuple[Text, ...] | None, BeforeValidator(one_or_many)] = None

    @model_validator(mode="after")
    def _one_kind(self) -> ScriptEvent:
        kinds = self._kinds()
        if len(kinds) != 1:
            raise PydanticCustomError("ZX1150", "one kind of happening", {"given": ", ".join(kinds) or "-"})
        if (self.plan is not None) != (self.to is not None):
            raise PydanticCustomError("ZX1151", "plan needs to", {})
        if self.refused is not None and self.try_ is None and self.open is None and self.move is None:
            raise PydanticCustomError("ZX1152", "refused needs try", {})
        if self.open is not None and self.id is None:
            raise PydanticCustomError("ZX1155", "open needs id", {})
        if self.as_ is not None and self.link is None:
            raise PydanticCustomError("ZX1156", "as needs link", {})
        return self

    def _kinds(self) -> list[HappeningKind]:
        return [kind for kind in KINDS if getattr(self, "try_" if kind == "try" else kind) is not None]

    def renamed(self, names: NamesOfToday) -> ScriptEvent:
        """The same in other names."""
        changed: dict[str, Any] = {
            key: names.actions.get(name, name)
            for key in ("do", "try_", "plan")
            if (name := getattr(self, key)) is not None
        }
        changed["with_"] = names.values(self.with_, changed.get("do") or changed.get("try_") or "")
        if self.determine is not None:
            changed["determine"] = names.values(self.determine, "")
        if self.explain is not None:
            changed["explain"] = names.duties.get(self.explain, self.explain)
        if self.by is not None:
            changed["by"] = names.roles.get(self.by, self.by)
        if self.refused is not None:
            changed["refused"] = tuple(names.duties.get(name, name) for name in self.refused)
        return self.model_copy(update=changed)

    @property
    def references(self) -> tuple[str, ...]:
        """Its evidence as texts, a file by its path."""
        return tuple(entry.file if isinstance(entry, EvidenceFile) else entry for entry in self.evidence)

    @property
    def kind(self) -> HappeningKind:
        """Its kind."""
        return self._kinds()[0]


class Expectation(Model):
    """Expected result: about an obligation or action, the state, a decision, the worst verdict of all, or no line.

    ``in`` says in which subcase, ``who`` who owes it: all of them, in any order.  ``early`` is the day of an act
    that came before its clock started, or whether there is one; ``projected`` whether its day is counted from a day
    on which another act is itself only due; ``follows_from`` the duty from whose breach it follows, ``volume`` the
    text that asks for it.  ``capped`` is whether an extension was cut at its cap, or the units of it that count,
    ``lifted_by`` the exemption that lifts it, or the event of the grant, by its id; ``with`` (or ``field``) the
    fields of an act of the action.  ``round`` is the round of the limit; without one the worst line over the rounds
    is meant, of equal ones the latest.  ``none`` says that no line has such an id (``integrity.*``), with that
    verdict where one is given.
    """

    in_: Text | None = Field(default=None, alias="in")
    obligation: Text | None = None
    action: Id | None = None
    for_: ItemId | None = Field(default=None, alias="for")
    verdict: Text | None = None
    detail: Ids_ = ()
    missing: tuple[Text, ...] | Int | None = None
    due: Day | None = None
    latest: Day | None = None
    earliest: Day | None = None
    date: Day | None = None
    early: Day | Bool | None = None
    round: Annotated[Int, Field(ge=1)] | None = None
    projected: Bool | None = None
    follows_from: Id | None = None
    volume: Text | None = None
    capped: Bool | Int | None = None
    lifted_by: Text | None = None
    with_: dict[Text, Any] = Field(default_factory=dict, alias="with")
    who: Annotated[tuple[Id, ...], BeforeValidator(one_or_many)] = ()
    state: Id | None = None
    decided: dict[Id, Text] | None = None
    worst: Text | None = None
    none: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _missing(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("missing"), str):
            value = value | {"missing": [value["missing"]]}
        if isinstance(value, dict) and "field" in value and "with" not in value:
            value = {("with" if key == "field" else key): inner for key, inner in value.items()}
        return value

    @model_validator(mode="after")
    def _one_subject(self) -> Expectation:
        subjects = [self.obligation, self.action, self.state, self.decided, self.worst, self.none]
        if sum(subject is not None for subject in subjects) != 1:
            raise PydanticCustomError("ZX1153", "one subject", {})
        compared = (
            self.verdict,
            self.missing,
            self.due,
            self.latest,
            self.earliest,
            self.date,
            self.early,
            self.projected,
            self.follows_from,
            self.volume,
            self.capped,
            self.lifted_by,
        )
        if (
            (self.obligation or self.action)
            and not (self.detail or self.who or self.with_)
            and all(value is None for value in compared)
        ):
            raise PydanticCustomError("ZX1154", "nothing compared", {})
        if self.with_ and self.action is None:
            raise PydanticCustomError("ZX1158", "with without action", {})
        return self

    def renamed(self, names: NamesOfToday) -> Expectation:
        """The same in other names."""
        tables = {
            "obligation": names.duties, "none": {**names.actions, **names.duties}, "lifted_by": names.duties,
            "follows_from": names.duties, "action": names.actions, "state": names.states,
        }  # fmt: skip
        changed: dict[str, Any] = {
            key: table.get(name, name) for key, table in tables.items() if (name := getattr(self, key)) is not None
        }
        changed["who"] = tuple(names.roles.get(role, role) for role in self.who)
        changed["with_"] = names.values(self.with_, changed.get("action", ""))
        if isinstance(self.missing, tuple):
            fields = {before: name for table in names.fields.values() for before, name in table.items()}
            changed["missing"] = tuple(fields.get(name, name) for name in self.missing)
        return self.model_copy(update=changed)


class Scenario(Model):
    """A test that policy staff write: given, events, as of, expect."""

    language: Literal[1]
    scenario: Text
    process: Text
    as_of: Day
    known_at: Moment | None = None
    given: ScenarioSetup = ScenarioSetup()
    events: tuple[ScriptEvent, ...] = ()
    expect: Annotated[tuple[Expectation, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _no_link(self) -> Scenario:
        if any(happening.link is not None for happening in self.events):
            raise PydanticCustomError("ZX1157", "link in a scenario", {})
        return self


class CaseFile(Model):
    """A case as a file, for import: how it opened and what happened, in order."""

    language: Literal[1]
    case: Annotated[str, Field(min_length=1, max_length=200)]
    process: Text
    zh: Text | None = None
    en: Text | None = None
    opened: Moment
    by: Id
    under: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    as_: Id | None = Field(default=None, alias="as")
    given: ScenarioSetup = ScenarioSetup()
    events: tuple[ScriptEvent, ...] = ()


if not TYPE_CHECKING:  # see `deprecated_names`
    __getattr__ = deprecated_names(__name__, {"Given": "ScenarioSetup", "Happening": "ScriptEvent"})
