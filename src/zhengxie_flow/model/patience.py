"""Patience: how many seconds a write waits for a lock that somebody else holds, whichever way it is set."""

from __future__ import annotations

import math
from typing import Any, Final

from zhengxie_flow.errors import UsageError

__all__ = ["DEFAULT", "MOST", "PARAMETER", "patience_of"]

DEFAULT: Final = 5.0
"""Seconds, where nobody says otherwise."""

MOST: Final = 600.0
"""Seconds, the upper bound: who waits longer has not noticed that something is wrong."""

PARAMETER: Final = "patience"
"""The name of the setting, and of the parameter of a database URL."""


def patience_of(value: Any, source: str) -> float:
    """Read a patience.

    Args:
        value: A number of seconds, or its text.
        source: The setting, parameter or argument it comes from, for the message.

    Returns:
        The seconds.

    Raises:
        UsageError: ZX5030, it is no number from 0 to `MOST`.

    Example:
        >>> patience_of("2.5", "URL")
        2.5
        >>> patience_of(-1, "patience")
        Traceback (most recent call last):
        ...
        zhengxie_flow.errors.UsageError: ...
    """
    try:
        seconds = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        seconds = math.nan
    if not 0 <= seconds <= MOST:
        raise UsageError("ZX5030", source=source, given=str(value)[:40], most=f"{MOST:g}")
    return seconds
