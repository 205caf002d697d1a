"""Cases on their way into the journal, as the reading of files hands them over, family by family."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from zhengxie_flow.errors import Where
from zhengxie_flow.model.scenario import CaseFile, ScriptEvent


@dataclass(frozen=True, slots=True)
class CaseFileLine:
    """An entry of a case file and its place in the file."""

    script_event: ScriptEvent
    where: Where


@dataclass(slots=True)
class Incoming:
    """One case of a file.

    Attributes:
        case: The id of the case.
        where: Its place in the file.
        opening: Its opening; None where the case is stored already.
        lines: Its entries, in the order of the file.
    """

    case: str
    where: Where
    opening: CaseFile | None = None
    lines: list[CaseFileLine] = field(default_factory=list)


class CaseSource(Protocol):
    """Cases of files, of which only those that are worked on are in memory."""

    def __len__(self) -> int:
        """Return the number of cases."""

    def __contains__(self, case: object) -> bool:
        """Return whether there is anything of a case."""

    def families(self) -> Iterator[tuple[str, ...]]:
        """Yield the ids of the cases, those together that the files place under one another.

        Yields:
            Families of cases in the order of their first lines, each in the order of the files.
        """

    def family(self, case: str) -> tuple[str, ...]:
        """Return the ids of the family of a case.

        Args:
            case: The id of the case.

        Returns:
            The ids, in the order of the files.
        """

    def process(self, case: str) -> str | None:
        """Return the process of a case that the files open.

        Args:
            case: The id of the case.

        Returns:
            The id of the process; None where the files do not open the case.
        """

    def take(self, case: str) -> Incoming:
        """Return all there is of a case.

        Args:
            case: The id of the case.

        Returns:
            The case with its entries.
        """
