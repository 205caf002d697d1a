"""Assignments: which office or person a role of a case falls to, from a civil day on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

HOLDER_LENGTH: Final = 200
"""Longest name of an office or person, in characters."""


@dataclass(frozen=True, slots=True)
class RoleAssignment:
    """Assignment of a role of a case to an office or a person; exactly one of the two is named.

    Attributes:
        key: Its first day, and the sequence of its event: of two from the same day the later recorded one counts.
        role: The role.
        office: The office.
        person: The person.
    """

    key: tuple[date, int]
    role: str
    office: str | None
    person: str | None

    @property
    def begins(self) -> date:
        """The first day on which it is in effect."""
        return self.key[0]


@dataclass(frozen=True, slots=True)
class AssignmentPeriod:
    """Period in which an assignment is in effect; ``ends`` is its last day (None: open)."""

    assignment: RoleAssignment
    ends: date | None


def assignment_on(assignments: Sequence[RoleAssignment], role: str | None, day: date) -> RoleAssignment | None:
    """The assignment of a role in effect on a day: the last that has begun; None where there is none.

    Args:
        assignments: The assignments, in the order of their keys.
        role: The role.
        day: The civil day.

    Example:
        >>> early = RoleAssignment((date(2026, 3, 1), 4), "owner", "finance", None)
        >>> late = RoleAssignment((date(2026, 4, 1), 3), "owner", "education", None)
        >>> [assignment_on((early, late), "owner", date(2026, month, 15)) for month in (2, 3, 4)] == [None, early, late]
        True
    """
    for assignment in reversed(assignments):
        if assignment.role == role and assignment.key[0] <= day:
            return assignment
    return None


def assignment_periods(assignments: Sequence[RoleAssignment]) -> Iterator[AssignmentPeriod]:
    """The periods of assignments in their order; one that another replaced on its first day never took effect.

    Args:
        assignments: The assignments, in the order of their keys.

    Example:
        >>> early = RoleAssignment((date(2026, 3, 1), 4), "owner", "finance", None)
        >>> late = RoleAssignment((date(2026, 4, 1), 3), "owner", "education", None)
        >>> [(str(period.assignment.begins), str(period.ends)) for period in assignment_periods((early, late))]
        [('2026-03-01', '2026-03-31'), ('2026-04-01', 'None')]
    """
    for index, assignment in enumerate(assignments):
        following = (other.begins for other in assignments[index + 1 :] if other.role == assignment.role)
        replaced = next(following, None)
        if replaced is None:
            yield AssignmentPeriod(assignment, None)
        elif replaced > assignment.begins:
            yield AssignmentPeriod(assignment, replaced - timedelta(days=1))
