"""The directory: persons, the offices they hold, and the roles that persons and offices hold, each with its days.

It is configuration beside the journal: what it says decides who may act now, and no verdict rests on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from zhengxie_flow.model.assignment import RoleAssignment

ADDED, PASSWORD, DISABLED = "added", "password", "disabled"
"""Kinds of changes of a person: added (or enabled again), given a password, disabled."""

HeldKind = Literal["role", "office"]
"""What is held."""
HolderKind = Literal["person", "office"]
"""Who holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserChange:
    """Change of what is kept of a person.

    Attributes:
        person: The id of the person, which is what acts name as their actor.
        change: ``added``, ``password`` or ``disabled``.
        label: The name to show, of a person who was added.
        password: The salted hash of a password, with its parameters.
        at: The instant of the change, ISO text with its offset.
        by: Who made it.
    """

    person: str
    change: str
    label: str | None = None
    password: str | None = field(default=None, repr=False)
    at: str
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Holding of an office or a role, from its first to its last day; None: without a beginning or an end.

    Attributes:
        kind: ``role`` or ``office``: what is held.
        name: The role or office.
        holder_kind: ``person`` or ``office``: who holds it.
        holder: The person or office.
        from_day: The first day.
        to_day: The last day.
        at: The instant at which it was entered, ISO text with its offset.
        by: Who entered it.
    """

    kind: HeldKind
    name: str
    holder_kind: HolderKind
    holder: str
    from_day: date | None = None
    to_day: date | None = None
    at: str = ""
    by: str | None = None

    def covers(self, day: date) -> bool:
        """Return whether it is in effect on a day."""
        return (self.from_day is None or self.from_day <= day) and (self.to_day is None or day <= self.to_day)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Person as the directory has it now.

    Attributes:
        person: The id.
        label: The name to show; None where none was given.
        disabled: True where the person may not act any more.
        password: The salted hash of the password; None where there is none.
    """

    person: str
    label: str | None = None
    disabled: bool = False
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Directory:
    """Persons, and who holds which office and role when.

    Attributes:
        users: The persons by their ids.
        holdings: The holdings, each restated by the last row about it.
    """

    users: Mapping[str, User]
    holdings: tuple[Holding, ...]

    def may_act(self, actor: str, role: str, day: date, assignment: RoleAssignment | None = None) -> bool:
        """Return whether an actor holds a role on a day: of a case where the role is assigned, else of any.

        Args:
            actor: The id of a person, or an office that acts as such.
            role: The role.
            day: The civil day.
            assignment: The assignment of the role in the case on that day, if there is one.
        """
        user = self.users.get(actor)
        if user is None:
            if actor not in self.offices and (assignment is None or assignment.office != actor):
                return False  # neither a person nor an office
        elif user.disabled:
            return False
        offices = self._offices(actor, day) if user is not None else frozenset((actor,))
        if assignment is not None:
            return assignment.person == actor if assignment.person is not None else assignment.office in offices
        held = (row for row in self.holdings if row.kind == "role" and row.name == role and row.covers(day))
        return any(self._is(holding, actor, offices) for holding in held)

    @property
    def offices(self) -> frozenset[str]:
        """Every office that holds something, or is held."""
        held = {row.name for row in self.holdings if row.kind == "office"}
        return frozenset(held | {row.holder for row in self.holdings if row.holder_kind == "office"})

    def _offices(self, person: str, day: date) -> frozenset[str]:
        return frozenset(
            holding.name
            for holding in self.holdings
            if holding.kind == "office"
            and holding.holder_kind == "person"
            and holding.holder == person
            and holding.covers(day)
        )

    def _is(self, holding: Holding, actor: str, offices: frozenset[str]) -> bool:
        if holding.holder_kind == "office":
            return holding.holder in offices
        return holding.holder == actor and actor in self.users


def directory_of(changes: Iterable[UserChange], holdings: Iterable[Holding]) -> Directory:
    """Fold the directory from the rows about it, in the order in which they were entered.

    A later row about the same holder, thing held and first day replaces an earlier one.

    Args:
        changes: The changes of persons.
        holdings: The rows of holdings.

    Example:
        >>> changes = [UserChange(person="zhang", change=ADDED, at="2026-01-05T09:00:00+08:00")]
        >>> held = Holding(kind="office", name="finance", holder_kind="person", holder="zhang")
        >>> made = RoleAssignment((date(2026, 3, 1), 4), "owner", "finance", None)
        >>> directory = directory_of(changes, [held])
        >>> [directory.may_act(actor, "owner", date(2026, 3, 2), made) for actor in ("zhang", "li")]
        [True, False]
    """
    users: dict[str, User] = {}
    for change in changes:
        user = users.get(change.person) or User(person=change.person)
        if change.change == PASSWORD:
            user = replace(user, password=change.password)
        elif change.change == DISABLED:
            user = replace(user, disabled=True)
        else:
            user = replace(user, disabled=False, label=change.label or user.label)
        users[change.person] = user
    latest = {(row.kind, row.name, row.holder_kind, row.holder, row.from_day): row for row in holdings}
    return Directory(users, tuple(latest.values()))
