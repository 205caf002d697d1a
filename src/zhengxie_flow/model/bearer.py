"""The bearer of an obligation in a case: the role that the law names, and the office that holds it there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bearer:
    """A role that owes an act, or may settle a fact, with its label; ``office`` once one is assigned in the case."""

    role: str
    label: str
    office: str | None = None
