"""The ports of what the use cases read besides the journal: the clock, keys, definitions and calendars."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from zhengxie_flow.calendars import Snapshot
    from zhengxie_flow.engine.compile import CompiledProcess
    from zhengxie_flow.ports.values import StoredDefinition


class Clock(Protocol):
    """Source of the present instant."""

    @property
    def fixed(self) -> bool:
        """True where it was set by hand: each event written under it is marked."""

    def now(self) -> datetime:
        """Return the present instant, with its offset."""


class Ids(Protocol):
    """Source of idempotency keys where the caller gives none."""

    def new(self) -> str:
        """Return a key that was never used before."""


class Retries(Protocol):
    """Pauses between the attempts of a write that others were in the way of, and the time that passes meanwhile."""

    @property
    def patience(self) -> float:
        """Seconds after which a held lock is waited for no longer."""

    def seconds(self) -> float:
        """Return the seconds since some fixed moment."""

    def pause(self, attempt: int) -> None:
        """Wait a little, by chance, so that two that met do not meet again.

        Args:
            attempt: The number of attempts so far.
        """


class Definitions(Protocol):
    """Source of definitions: files by process id, the journal by content hash."""

    def by_id(self, process: str) -> CompiledProcess:
        """Load the process as its files stand now.

        Args:
            process: The id of the process.

        Returns:
            The compiled first edition.

        Raises:
            NotFound: There is no such process.
            InvalidDefinition: The files have faults.
        """

    def by_hash(self, digest: str) -> CompiledProcess:
        """Load a definition that some case was started under.

        Args:
            digest: The hash of the definition.

        Returns:
            The compiled definition.

        Raises:
            NotFound: There is no such definition.
        """

    def admit(self, definition: StoredDefinition) -> CompiledProcess:
        """Compile a definition that came from elsewhere; `by_hash` knows it from then on.

        Args:
            definition: The definition, which hashes to its id.

        Returns:
            The compiled definition.

        Raises:
            ChainBroken: ZX5911, it is no definition.
        """

    def steady(self) -> AbstractContextManager[None]:
        """Return a span in which this thread gets each definition as it got it first, whatever becomes of the files.

        What one command does rests on one state of the law; and nobody looks at the files again and again.
        """


class Calendars(Protocol):
    """Working-day calendars by name, as published by a day."""

    def snapshot(self, name: str, as_of: date) -> Snapshot:
        """Return the immutable calendar as published by a day.

        Args:
            name: The name of the calendar.
            as_of: The day; later notices are left out.

        Returns:
            The calendar.

        Raises:
            NotFound: There is no such calendar.
        """

    def standing(self, name: str, edition: str, as_of: date) -> Callable[[date], Snapshot] | None:
        """Return the calendar of an earlier edition.

        Args:
            name: The name of the calendar.
            edition: The content hash of the edition.
            as_of: A day on which it may have been the current one.

        Returns:
            The calendar by day; None where the edition can no longer be reconstructed.
        """
