"""Sources of time and of idempotency keys."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The wall clock.

    Attributes:
        fixed: False: events are not marked.
    """

    fixed: bool = False

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock set by hand; every event written under it is marked.

    Attributes:
        at: The instant it shows, with an offset.
        fixed: True: each event is marked.

    Example:
        >>> FixedClock(datetime(2026, 1, 20, 1, 0, tzinfo=UTC)).now().isoformat()
        '2026-01-20T01:00:00+00:00'
    """

    at: datetime
    fixed: bool = True

    def now(self) -> datetime:
        """Return the instant it was set to."""
        return self.at


@dataclass(frozen=True, slots=True)
class RandomIds:
    """Random idempotency keys."""

    def new(self) -> str:
        """Return a random key.

        Example:
            >>> len(RandomIds().new())
            32
        """
        return uuid.uuid4().hex
