"""The bearer of an obligation in a case: the role that the law names, and the office that holds it there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Bearer:
    """A role that owes an act, or may settle a fact, with its label; ``office`` or ``person`` once one is assigned."""

    role: str
    label: str
    office: str | None = None
    person: str | None = None

    @property
    def named(self) -> str:
        """The label of the role, with whom it is assigned to."""
        holder = self.office or self.person
        return self.label if holder is None else f"{self.label} ({holder})"


class AssignedTo(Protocol):
    """Anything that names the office or the person a role falls to."""

    @property
    def office(self) -> str | None:
        """The office."""

    @property
    def person(self) -> str | None:
        """The person."""


def assigned_bearers(bearers: Iterable[Bearer], held: Mapping[str, AssignedTo]) -> tuple[Bearer, ...]:
    """Bearers with the office or person that their roles are assigned to.

    Args:
        bearers: The bearers.
        held: The assignments by role.
    """
    return tuple(
        replace(bearer, office=held[bearer.role].office, person=held[bearer.role].person)
        if bearer.role in held
        else bearer
        for bearer in bearers
    )
