"""Internal controls are no law: shown where broken, or asked for, and never counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_output_schema import check
from tests.cli.test_ticking import NOW, PROCESS, City
from tests.projects import put

CONTROLLED = (
    PROCESS
    + """\
  guard.look: {zh: 先核查, en: Looked first, law: "1", who: head, do: look, limit: {before: refuse}}
controls: [guard.look]
"""
)


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    made = City(tmp_path / "city", monkeypatch)
    put(made.folder, {"processes/t/p.yaml": CONTROLLED})
    for line in (
        "db upgrade",
        "open t/p --case kept --by office --at 2026-03-02",
        "record kept receive --by office --at 2026-03-02",
        "record kept look --by head --at 2026-03-03",
        "record kept refuse --by office --at 2026-03-04",
        "open t/p --case broken --by office --at 2026-03-02",
        "record broken receive --by office --at 2026-03-02",
        "record broken refuse --by office --at 2026-03-04",
    ):
        day = line.rpartition(" ")[2]
        clock = f"{day}T18:00:00+08:00" if day.startswith("2026") else NOW
        assert made(*line.split(), clock=clock).code == 0
    return made


def controls(city: City, *args: str) -> dict[str, list[str]]:
    answer = city("audit", *args, "--fail-on", "never")
    check(answer, "audit")
    return {
        case["case"]: [line["verdict"] for line in case["verdicts"] if line["control"]] for case in answer.data["cases"]
    }


def worst(city: City, *args: str) -> dict[str, Any]:
    return {case["case"]: case["worst"] for case in city("audit", *args, "--fail-on", "never").data["cases"]}


def test_a_control_is_shown_where_it_is_broken_or_asked_for(city: City) -> None:
    assert controls(city) == {"broken": ["breach"], "kept": []}
    assert controls(city, "--controls") == {"broken": ["breach"], "kept": ["pass"]}
    assert "Look: due by" not in city("audit", "kept", form="text").out
    assert "Look: due by 4 Mar 2026" in city("audit", "kept", "--controls", form="text").out


def test_a_control_does_not_count(city: City) -> None:
    assert worst(city) == worst(city, "--controls") == {"broken": "pass", "kept": "pass"}
    assert city("audit", "broken").code == 0
