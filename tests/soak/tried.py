"""Which commands are tried on which database: all in `make soak`, a few in `make test`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from typing import Any

import pytest
from tests.soak.invariants import Parts, check_repeated
from tests.soak.lab import Lab, Outcome
from tests.soak.project import COMMANDS, Command, Template
from tests.support import SOAK

DATABASES = ("sqlite", "postgresql")
Test = Callable[..., Any]


def commands(sqlite: Collection[str] = (), postgresql: Collection[str] = ()) -> Callable[[Test], Test]:
    """Parametrize a test by database and command; ``make test`` tries those named."""
    wanted = dict(zip(DATABASES, (sqlite, postgresql), strict=True))
    tries = [
        pytest.param(database, command, id=f"{database}-{command.name}")
        for database in DATABASES
        for command in COMMANDS
        if wanted[database] and (SOAK or command.name in wanted[database])
    ]
    return pytest.mark.parametrize(("template", "command"), tries, indirect=["template"])


databases = pytest.mark.parametrize("template", DATABASES, indirect=True)


@cache
def whole(lab: Lab, template: Template, command: Command) -> tuple[Parts, Parts, Outcome]:
    """The states before and after a command that nobody disturbs, and its writing calls."""
    with template.copy(template.folder / "whole", command) as place:
        before = place.parts()
        done = lab.zhengxie(*command.args(place), plan={"trace": "count"} if template.traced else {})
        assert done.code == 0, done.err
        place.settle()
        after = place.parts()
        assert before != after
        check_repeated(lab, place, command, after)
    return before, after, done
