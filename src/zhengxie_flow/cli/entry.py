"""Entry point of the console scripts; it handles an interrupt while the program is still being loaded."""

from __future__ import annotations

import gc
from typing import NoReturn

OBJECTS_BETWEEN_COLLECTIONS = 100_000
"""Loading a program makes many objects and throws none away: looking for garbage meanwhile takes a sixth of it."""


def run() -> NoReturn:
    """Run the command line of this process; interrupted at any time, it ends with 130 and no traceback."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    try:
        from zhengxie_flow.cli.main import run as program

        program()
    except KeyboardInterrupt:
        raise SystemExit(130) from None  # as `failures.INTERRUPTED`, which may not be there yet
