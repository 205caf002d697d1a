"""The documents of the directory: persons, what they hold, and refusals; a password is in none of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from zhengxie_flow.model.directory import Directory, Holding, User
from zhengxie_flow.ports import AccessRefusal


@dataclass(frozen=True, slots=True)
class UserDocument:
    """A person: the id that acts name as their actor, and whether there is a password."""

    person: str
    label: str | None
    disabled: bool
    password: bool


@dataclass(frozen=True, slots=True)
class HoldingDocument:
    """The holding of a role or an office by a person or an office, from its first to its last day."""

    kind: str
    name: str
    holder_kind: str
    holder: str
    from_day: date | None
    to_day: date | None
    entered: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class DirectoryDocument:
    """The persons, and who holds which office and role when."""

    users: tuple[UserDocument, ...]
    holdings: tuple[HoldingDocument, ...]


@dataclass(frozen=True, slots=True)
class RefusalDocument:
    """A refusal: who asked for what, when, and why it was refused; lists go on after its ``number``."""

    number: int
    at: datetime
    actor: str | None
    role: str | None
    action: str
    case: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class RefusalList:
    """Refusals in the order in which they were entered."""

    refusals: tuple[RefusalDocument, ...]


def user_document(user: User) -> UserDocument:
    """Give a person as a document."""
    return UserDocument(user.person, user.label, user.disabled, user.password is not None)


def holding_document(holding: Holding) -> HoldingDocument:
    """Give a holding as a document."""
    return HoldingDocument(
        kind=holding.kind,
        name=holding.name,
        holder_kind=holding.holder_kind,
        holder=holding.holder,
        from_day=holding.from_day,
        to_day=holding.to_day,
        entered=datetime.fromisoformat(holding.at),
        by=holding.by,
    )


def directory_document(directory: Directory) -> DirectoryDocument:
    """Give the directory as a document."""
    users = tuple(user_document(user) for user in directory.users.values())
    return DirectoryDocument(users, tuple(map(holding_document, directory.holdings)))


def refusal_list(refusals: tuple[AccessRefusal, ...]) -> RefusalList:
    """Give refusals as a document."""
    return RefusalList(
        tuple(
            RefusalDocument(
                number=refusal.number,
                at=datetime.fromisoformat(refusal.at),
                actor=refusal.actor,
                role=refusal.role,
                action=refusal.action,
                case=refusal.case,
                reason=refusal.reason,
            )
            for refusal in refusals
        )
    )
