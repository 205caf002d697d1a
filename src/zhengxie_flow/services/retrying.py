"""Repetition of writes that others were in the way of: bounded, and with pauses of random length."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from zhengxie_flow.errors import Conflict
from zhengxie_flow.services.context import Context

ATTEMPTS: Final = 12
"""Attempts of one write, the first included."""

T = TypeVar("T")


def repeated(context: Context, attempt: Callable[[], T]) -> T:
    """Make a write, and make it again from its beginning where a conflict says that this may help.

    A write that lost a race, or was chosen to end a deadlock, is repeated up to `ATTEMPTS` times; one that found a lock
    held only as long as the patience of the installation is not used up.  Nothing of a failed attempt is kept.

    Args:
        context: The ports.
        attempt: The whole write, what it reads included.

    Returns:
        The result of the attempt that succeeded.

    Raises:
        Conflict: The last one, where repeating cannot help or did not.
    """
    retries = context.retries
    if retries is None:
        return attempt()
    began = retries.seconds()
    for number in range(1, ATTEMPTS):
        try:
            return attempt()
        except Conflict as error:
            in_time = retries.seconds() - began < retries.patience
            if error.retry == "never" or (error.retry == "in_time" and not in_time):
                raise
        retries.pause(number)
    return attempt()
