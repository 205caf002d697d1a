"""Waiting between the turns of a worker: for some time, or until it is asked to stop."""

from __future__ import annotations

from threading import Event
from typing import Protocol


class Waiter(Protocol):
    """Means of a worker to wait; a test gives its own, which moves a clock."""

    @property
    def stopping(self) -> bool:
        """True once the worker is asked to stop."""

    def wait(self, seconds: float) -> None:
        """Wait, or return at once where the worker is asked to stop.

        Args:
            seconds: The longest time.
        """


class StopEvent:
    """Waiter that another thread, or the handler of a signal, wakes by `stop`."""

    def __init__(self) -> None:
        self._event = Event()

    @property
    def stopping(self) -> bool:
        """True once `stop` was called."""
        return self._event.is_set()

    def stop(self) -> None:
        """Ask the worker to stop once its present job is done."""
        self._event.set()

    def wait(self, seconds: float) -> None:
        """Wait, or return at once after `stop`."""
        self._event.wait(seconds)
