"""Sources of time and of idempotency keys, and the pauses between attempts of a write."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final


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


_FIRST: Final = 0.002
_LONGEST: Final = 0.1


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses that grow, each of a random length up to its bound.

    Attributes:
        patience: Seconds after which a held lock is waited for no longer.
        seconds: The source of elapsed time.
        sleep: What waits.
        chance: The source of random numbers from 0 to 1.

    Example:
        >>> pauses = []
        >>> backoff = Backoff(5.0, sleep=pauses.append, chance=lambda: 0.5)
        >>> for attempt in (1, 2, 3, 20):
        ...     backoff.pause(attempt)
        >>> pauses
        [0.001, 0.002, 0.004, 0.05]
    """

    patience: float
    seconds: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random

    def pause(self, attempt: int) -> None:
        """Wait for a random time, up to twice as long after each attempt."""
        bound = min(_LONGEST, _FIRST * 2 ** min(attempt - 1, 10))
        self.sleep(bound * self.chance())
