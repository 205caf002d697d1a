"""Engine methods that keep the directory of persons, offices and roles, and read who was refused."""

from __future__ import annotations

from datetime import date

from zhengxie_flow.bootstrap.engine_parts import EngineParts
from zhengxie_flow.engine.events.assignments import OFFICE, PERSON, Holder, read_holder
from zhengxie_flow.model.directory import Directory, Holding, User
from zhengxie_flow.ports import AccessRefusal
from zhengxie_flow.services import arguments
from zhengxie_flow.services.commands import users


class UserKeeping(EngineParts):
    """The directory beside the journal (see `zhengxie_flow.bootstrap.engine.Engine`).

    It is configuration: rows are added with who made them and when, none is changed, and no verdict rests on it.
    """

    def directory(self) -> Directory:
        """Read the persons, and who holds which office and role when.

        Returns:
            The directory.

        Raises:
            StorageError: The database cannot be read.
        """
        return users.directory(self.context)

    @arguments.typed
    def add_user(self, person: str, *, label: str | None = None, by: str | None = None) -> User:
        """Add a person, or enable one who was disabled.

        Args:
            person: The id of the person, which acts name as their actor.
            label: The name to show.
            by: Who adds the person.

        Returns:
            The person.

        Raises:
            UsageError: ZX4120, the id cannot be kept; ZX4123, there is such a person.
            Refused: The hook of the host does not allow it.
        """
        return users.add(self.context, person, label=label, by=by)

    @arguments.typed
    def hold(
        self,
        holder: str,
        held: str,
        *,
        from_day: date | None = None,
        to_day: date | None = None,
        by: str | None = None,
    ) -> Holding:
        """Enter that a person or an office holds a role, or a person an office; entered again, it is restated.

        Args:
            holder: The id of a person, or an office with ``office:`` before it.
            held: The role that is held, or an office with ``office:`` before it.
            from_day: The first day; None for without a beginning.
            to_day: The last day; None for without an end.
            by: Who enters it.

        Returns:
            The holding.

        Raises:
            NotFound: ZX1201, there is no such person.
            UsageError: ZX4124, the last day lies before the first, or an office would hold an office.
            Refused: The hook of the host does not allow it.
        """
        is_office = held.startswith(f"{OFFICE}:")
        new = users.NewHolding(
            holder=_holder(holder),
            kind="office" if is_office else "role",
            name=held.removeprefix(f"{OFFICE}:"),
            from_day=arguments.day(from_day),
            to_day=arguments.day(to_day),
        )
        return users.hold(self.context, new, by=by)

    @arguments.typed
    def set_password(self, person: str, password: str, *, by: str | None = None) -> User:
        """Give a person a password, of which only a salted hash is kept.

        Args:
            person: The id of the person.
            password: The password.
            by: Who sets it.

        Returns:
            The person.

        Raises:
            NotFound: ZX1201, there is no such person.
            UsageError: ZX4125, the password is too short.
            Refused: The hook of the host does not allow it.
        """
        return users.set_password(self.context, person, password, by=by)

    @arguments.typed
    def password_matches(self, person: str, password: str) -> bool:
        """Return whether a password is that of a person who is not disabled.

        Args:
            person: The id of the person.
            password: The password.

        Returns:
            True where it matches.
        """
        return users.password_matches(self.context, person, password)

    @arguments.typed
    def disable_user(self, person: str, *, by: str | None = None) -> User:
        """Disable a person, who acts in no role any more.

        Args:
            person: The id of the person.
            by: Who disables the person.

        Returns:
            The person.

        Raises:
            NotFound: ZX1201, there is no such person.
            Refused: The hook of the host does not allow it.
        """
        return users.disable(self.context, person, by=by)

    @arguments.typed
    def refusals(self, after: int = 0, limit: int | None = None) -> tuple[AccessRefusal, ...]:
        """List who was refused: by the hook of the host, or because an actor does not hold the role.

        Args:
            after: The number after which to begin.
            limit: The largest number of them; None for all.

        Returns:
            The refusals, in the order in which they were entered.
        """
        return tuple(self.context.users.refusals(after, limit)) if self.context.users is not None else ()


def _holder(text: str) -> Holder:
    """The person or office that a text names."""
    return read_holder(text, OFFICE if text.startswith(f"{OFFICE}:") else PERSON)
