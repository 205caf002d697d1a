"""Where time and idempotency keys come from."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The wall clock."""

    fixed: bool = False

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock set by hand; every event written under it is marked."""

    at: datetime
    fixed: bool = True

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.at


@dataclass(frozen=True, slots=True)
class RandomIds:
    """Keys nobody used before."""

    def new(self) -> str:
        """A random key."""
        return uuid.uuid4().hex
