"""Keys of imported entries: a key of the file that is not set never enters them, so that later versions may add some."""

from __future__ import annotations

import pytest
from pydantic import Field

from zhengxie_flow.model.scenario import CaseFile, ScenarioSetup, ScriptEvent
from zhengxie_flow.services.commands.import_keys import Lines, opening_key

NOBODY: frozenset[str] = frozenset()
OPENING = {"language": 1, "case": "c", "process": "mini/talk", "opened": "2026-01-05", "by": "office"}
OPENINGS = {
    "import:05014462ac811deb": OPENING,
    "import:ae61dd13500d20cd": {**OPENING, "given": {"facts": {"urgent": True}, "items": {"guest": {"g1": {}}}}},
    "import:09898e029809538e": {**OPENING, "under": "M", "as": "part", "zh": "题", "events": [{"at": "2026-01-06", "do": "agree"}]},
}  # fmt: skip
ENTRIES = {
    "import:1ce965c560af30e1:1": {"at": "2026-01-12", "do": "agree", "by": "partner"},
    "import:f784476df3041f4f:1": {
        "at": "2026-02-03",
        "do": "notify",
        "for": "all",
        "by": "office",
        "with": {"method": "mail"},
    },
    "import:adae464dde468893:1": {
        "at": "2026-02-10",
        "determine": {"urgent": False},
        "by": "office",
        "reason": "calm",
        "id": "x",
    },
    "import:08828d789715ab6e:1": {"at": "2026-02-10", "plan": "hold", "to": "2026-03-04", "by": "department"},
    "import:c349779fdb393a2d:1": {"at": "2026-02-10", "explain": "a4.report", "reason": "r", "public": True},
    "import:d4e1c2b24331827a:1": {"at": "2026-02-10", "correct": 2, "retract": True, "reason": "r"},
    "import:b74014c1ae563072:1": {"at": "2026-02-10", "link": "M", "as": "part", "by": "office"},
    "import:5cae74358c6ecb46:1": {"at": "2026-02-10", "move": "2026", "by": "office", "reason": "r"},
}
"""Openings and entries of each kind, under the keys that releases have given them."""


class LaterSetup(ScenarioSetup):
    offices: dict[str, str] = Field(default_factory=dict)
    stage: int = 0


class LaterFile(CaseFile):
    given: LaterSetup = LaterSetup()
    volume: str | None = None
    copies: tuple[str, ...] = ()
    urgent: bool = False


class LaterEntry(ScriptEvent):
    volume: str | None = None
    copies: tuple[str, ...] = ()
    urgent: bool = False


def entry_key(entry: ScriptEvent) -> str:
    return Lines((), NOBODY).resolve(entry)[0].key


@pytest.mark.parametrize("key", OPENINGS)
def test_the_key_of_an_opening_stays(key):
    assert opening_key(CaseFile.model_validate(OPENINGS[key]), NOBODY).key == key
    assert opening_key(LaterFile.model_validate(OPENINGS[key]), NOBODY).key == key


@pytest.mark.parametrize("key", ENTRIES)
def test_the_key_of_an_entry_stays(key):
    assert entry_key(ScriptEvent.model_validate(ENTRIES[key])) == key
    assert entry_key(LaterEntry.model_validate(ENTRIES[key])) == key


def test_what_is_set_to_what_is_meant_anyway_is_the_same():
    plain = ScriptEvent.model_validate(ENTRIES[next(iter(ENTRIES))])
    spelt = {"public": False, "retract": False, "with": {}, "evidence": []}
    assert entry_key(ScriptEvent.model_validate({**ENTRIES[next(iter(ENTRIES))], **spelt})) == entry_key(plain)
