"""What the tests of reliability share: a server of children, a project on both databases, the seed and the tally."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.soak import tracing
from tests.soak.lab import Lab
from tests.soak.project import Template
from tests.support import SOAK

from zhengxie_flow.testing.postgresql import postgresql, postgresql_server

pytest.register_assert_rewrite("tests.soak.invariants")
QUICK = ("test_kills.py", "test_init.py")
"""What is tried in small with every change; the rest takes long even so, and is for `make soak`."""
collect_ignore = (
    [] if SOAK else [file.name for file in Path(__file__).parent.glob("test_*.py") if file.name not in QUICK]
)
__all__ = ["postgresql", "postgresql_server"]

SEED = os.environ.get("ZHENGXIE_SEED") or (f"{random.SystemRandom().getrandbits(32)}" if SOAK else "0")
os.environ["ZHENGXIE_SEED"] = SEED  # for the processes of a parallel run
TALLY: Counter[str] = Counter()


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    if not hasattr(os, "pidfd_open"):
        pytest.skip("children are killed through a handle that Linux alone has")
    with Lab() as made:
        yield made


@pytest.fixture(scope="session")
def traced() -> None:
    if (reason := tracing.available()) is not None:
        pytest.skip(reason)


@pytest.fixture(scope="session")
def failing(traced: None) -> None:  # noqa: ARG001  # for its skip
    if (reason := tracing.failing_possible()) is not None:
        pytest.skip(reason)


@pytest.fixture(scope="session")
def sqlite_template(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Template:
    return Template(tmp_path_factory.mktemp("sqlite"), lab)


@pytest.fixture(scope="session")
def postgresql_template(lab: Lab, tmp_path_factory: pytest.TempPathFactory, postgresql_server: str) -> Template:
    return Template(tmp_path_factory.mktemp("postgresql"), lab, postgresql_server)


@pytest.fixture
def template(request: pytest.FixtureRequest) -> Template:
    made: Template = request.getfixturevalue(f"{request.param}_template")
    return made


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Chance that can be had again: ``ZHENGXIE_SEED`` names the seed, which is printed where a test fails."""
    print(f"ZHENGXIE_SEED={SEED}")  # noqa: T201
    return random.Random(f"{SEED} {request.node.name}")


@pytest.fixture(scope="session")
def tally() -> Counter[str]:
    return TALLY


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["tally"] = dict(TALLY)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add what a process of a parallel run has counted."""
    TALLY.update(getattr(node, "workeroutput", {}).get("tally", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if SOAK and TALLY:
        terminalreporter.section("reliability")
        terminalreporter.line(f"ZHENGXIE_SEED={SEED}")
        for what, number in sorted(TALLY.items()):
            terminalreporter.line(f"{number:7} {what}")
