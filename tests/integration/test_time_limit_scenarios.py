"""What a limit means, one scenario each: set days, stops, extensions, choices, lapses, minimum times."""

from __future__ import annotations

import pytest
from tests.support import CALENDARS, DATA

from zhengxie_flow.bootstrap import scenario_files
from zhengxie_flow.reading.definitions import Files

FILES = Files(DATA / "clocks" / "processes", DATA / "clocks" / "rules")
PATHS = sorted((FILES.processes / "clocks" / "scenarios").glob("*.yaml"))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_each_scenario_holds(path) -> None:
    played = list(scenario_files.play(FILES, CALENDARS, scenario_files.read([path], FILES.root)))
    assert played
    for scenario in played:
        assert scenario.outcome.failures == (), scenario.written.scenario.scenario
