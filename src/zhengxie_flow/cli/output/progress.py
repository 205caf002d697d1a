"""A progress bar on standard error, for work that may take long."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from zhengxie_flow.cli.output.cell import printable


@contextmanager
def progress(description: str, total: int | None) -> Iterator[Callable[..., None]]:
    """Show a progress bar, where standard error is a terminal.

    Args:
        description: What is being done, in the language of the output.
        total: The number of steps; None where it is not known before.

    Yields:
        A function to call after each step, or with a number after so many.
    """
    if not sys.stderr.isatty():
        yield _pass
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(printable(description), total=total)
        yield lambda steps=1: bar.advance(task, steps)


def _pass(steps: int = 1) -> None:
    """Show nothing."""
