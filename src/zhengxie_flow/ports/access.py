"""The ports of access: who may do and read what, the directory of persons, and the record of refusals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from zhengxie_flow.model.directory import Holding, UserChange


class Authorise(Protocol):
    """Hook that decides whether somebody may write; called before every write, whichever way it came."""

    def __call__(self, actor: str | None, role: str | None, action: str, case: str | None, /) -> bool | str:
        """Decide on a write.

        Args:
            actor: The person or office that acts; None where nobody is named.
            role: The role acted in; None where there is none.
            action: What is done, such as ``advance:hold``: the verb, and after a colon what it is about.
            case: The id of the case; None for what is about no single case.

        Returns:
            True to allow it; False, or the reason as text, to refuse it.
        """


class MayRead(Protocol):
    """Hook that decides whether somebody may read a value."""

    def __call__(self, actor: str, case: str, field: str, /) -> bool:
        """Decide on a value.

        Args:
            actor: The person or office that reads.
            case: The id of the case.
            field: The name of the fact or field; ``reason``, ``basis`` and ``evidence`` of a statement.

        Returns:
            True to show it; False to withhold it.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRefusal:
    """Refusal of a write: who asked for what, when, and why it was refused.

    Attributes:
        number: Its number, which the next page of a list goes on from.
        at: The instant, ISO text with its offset.
        actor: The person or office that asked.
        role: The role acted in.
        action: What was asked for, such as ``advance:hold``.
        case: The id of the case.
        reason: The reason.
    """

    number: int = 0
    at: str
    actor: str | None
    role: str | None
    action: str
    case: str | None
    reason: str


class UserStore(Protocol):
    """The directory and the refusals as they are kept beside the journal: rows are added, and none is changed."""

    def changes(self) -> Iterator[UserChange]:
        """Return the changes of persons, in the order in which they were entered."""

    def holdings(self) -> Iterator[Holding]:
        """Return the rows of holdings, in the order in which they were entered."""

    def change(self, change: UserChange) -> None:
        """Add a change of a person.

        Args:
            change: The change.
        """

    def hold(self, holding: Holding) -> None:
        """Add a row of a holding.

        Args:
            holding: The holding.
        """

    def refuse(self, refusal: AccessRefusal) -> None:
        """Add a refusal.

        Args:
            refusal: The refusal; its number is given by the store.
        """

    def refusals(self, after: int = 0, limit: int | None = None) -> Iterator[AccessRefusal]:
        """Return refusals in the order in which they were entered.

        Args:
            after: The number after which to begin.
            limit: The largest number of them; None for all.
        """
