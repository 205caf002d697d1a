"""What must hold after a command was killed, and after it was given once again."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from tests.soak.lab import CLOCK, Lab, Outcome
from tests.soak.project import PHONE, Command, Place

from zhengxie_flow import Engine
from zhengxie_flow.bootstrap import FixedClock
from zhengxie_flow.services.queries.attachments import UNREFERENCED

Parts = dict[str, Any]
UNFINISHED = (".part", "/.init-")
NO_BREAKS = {"erased", UNREFERENCED}
MARKS = "zx_journal"
"""The table of what is still to be finished, such as an erasure whose traces lie in the files."""


def engine(place: Place) -> Engine:
    """An engine on a copy, as the command line makes it."""
    clock = FixedClock(datetime.fromisoformat(CLOCK))
    return Engine(place.url, project=place.project, clock=clock, create=False, attachments=place.project / "papers")


def findings(place: Place) -> list[tuple[str, str]]:
    """What `verify` reports except what was erased on record."""
    with engine(place) as opened:
        return breaks(opened)


def breaks(opened: Engine) -> list[tuple[str, str]]:
    return [
        (finding.case, f"{finding.kind}: {finding.expected} {finding.found}")
        for finding in opened.verify(evidence=True)
        if finding.kind not in NO_BREAKS
    ]


def differing(parts: Parts, other: Parts) -> list[str]:
    """Where two states of a project differ; unfinished files are nobody's."""
    names = {name for name in parts.keys() | other.keys() if not any(mark in name for mark in UNFINISHED)}
    return sorted(name for name in names if parts.get(name) != other.get(name))


def check_killed(place: Place, command: Command, before: Parts, after: Parts, *, acknowledged: bool) -> None:
    """Hold a journal to what was acknowledged, and every transaction to all or nothing."""
    parts = place.parts()
    if acknowledged:
        assert differing(parts, after) == [], "acknowledged and not there"
    else:
        changed = [*differing(before, after), MARKS]
        neither = [name for name in changed[:-1] if parts.get(name) not in (before.get(name), after.get(name))]
        assert neither == [], "half of a transaction"
        assert set(differing(parts, before)) <= set(changed), "something else was changed"
        if not command.steps:
            new = [parts.get(name) == after.get(name) for name in changed[:-1]]
            assert all(new) or not any(new), "part of a command"
    if not command.before or acknowledged:
        found = findings(place)
        if command.name == "erase evidence" and not acknowledged:  # on record; the file goes when it is given again
            found = [finding for finding in found if not finding[1].startswith("evidence_kept: ")]
        assert found == []
    if command.name == "erase" and place.database is not None and differing(parts, after) == []:
        assert PHONE.encode() not in place.bytes(), "an erased value is still in the files"


def check_repeated(lab: Lab, place: Place, command: Command, after: Parts, **more: Any) -> Outcome:
    """Give the command once again: it is there exactly once, nothing is left lying about or to be rebuilt."""
    done = lab.zhengxie(*command.args(place), **more)
    assert done.code == 0, done.err
    parts = place.parts()
    assert differing(parts, after) == []
    assert parts == after, "unfinished files are left"
    with engine(place) as opened:
        assert breaks(opened) == []
        assert opened.rebuild() == (), "what is kept for lists is not what the events give"
    return done


def check_acknowledged(place: Place, acknowledged: list[str]) -> None:
    """Every acknowledged act is in the journal exactly once."""
    wanted = {tuple(line.split()) for line in acknowledged}
    cases = {case for case, _ in wanted}
    with place.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT case_id, key FROM zx_events WHERE key IS NOT NULL").all()
    stored = Counter((case, key) for case, key in rows if case in cases)
    assert wanted - set(stored) == set(), "acknowledged and not there"
    assert [place for place, number in stored.items() if number > 1] == []
