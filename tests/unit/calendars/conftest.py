"""The packaged calendar, as the tests of this room use it."""

from datetime import date
from pathlib import Path

import pytest

from zhengxie_flow.calendars import Snapshot
from zhengxie_flow.reading.calendars import CalendarFiles


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing compiled by another run is used, and nothing is left behind."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture(scope="session")
def rules() -> Path:
    return Path(__file__).parents[3] / "rules"


@pytest.fixture(scope="session")
def calendars(rules: Path) -> CalendarFiles:
    return CalendarFiles(rules)


@pytest.fixture(scope="session")
def cal(calendars: CalendarFiles) -> Snapshot:
    return calendars.snapshot("cn", date(2026, 11, 22))
