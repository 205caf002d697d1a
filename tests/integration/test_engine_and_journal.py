"""The engine on a real journal: what is kept is what was read, and days are those of the place."""

from __future__ import annotations

from datetime import UTC, date

import pytest
from tests.support import MINI, shanghai

from zhengxie_flow import Engine, NotFound
from zhengxie_flow.bootstrap import CompiledFiles, FixedClock
from zhengxie_flow.reading.definitions import Files

CLOCK = FixedClock(shanghai("2026-01-05T09:00:00"))


def test_order_survives_the_journal(tmp_path):
    db = f"sqlite:///{tmp_path}/cases.db"
    with Engine(db, project=MINI, clock=CLOCK) as engine:
        engine.open("mini/talk", "m1", by="office")
        read = engine.context.definitions.by_id("mini/talk")
    with Engine(db, project=MINI, clock=CLOCK) as engine:
        kept = engine.context.definitions.by_hash(read.hash)
    assert kept.process.start == read.process.start == "planned"
    assert list(kept.process.obligations) == list(read.process.obligations)
    assert kept.definition == read.definition


def test_the_start_is_part_of_what_is_hashed(tmp_path):
    text = (MINI / "processes/mini/talk.yaml").read_text(encoding="utf-8")
    planned = '  planned: {zh: 已计划, en: Planned, law: "1"}\n'
    ready = '  ready: {zh: 已准备, en: Ready, law: "2"}\n'
    assert planned + ready in text
    hashes = []
    for name, content in (("a", text), ("b", text.replace(planned + ready, ready + planned)), ("c", "# note\n" + text)):
        folder = tmp_path / name / "processes" / "mini"
        folder.mkdir(parents=True)
        (folder / "talk.yaml").write_text(content, encoding="utf-8")
        (folder / "law.yaml").write_text(
            (MINI / "processes/mini/law.yaml").read_text(encoding="utf-8"), encoding="utf-8"
        )
        hashes.append(CompiledFiles(Files(tmp_path / name / "processes", MINI / "rules")).by_id("mini/talk").hash)
    assert hashes[0] == hashes[2] != hashes[1]


def test_the_day_of_an_audit_is_the_civil_day_where_the_process_is(tmp_path):
    night = FixedClock(shanghai("2026-01-06T00:30:00").astimezone(UTC))  # still 5 January in Greenwich
    with Engine(f"sqlite:///{tmp_path}/cases.db", project=MINI, clock=night) as engine:
        engine.open("mini/talk", "m1", by="office")
        assert engine.audit().as_of.isoformat() == "2026-01-06"


def test_where_the_clock_was_set_back_nothing_was_known_before_the_opening(tmp_path):
    db = f"sqlite:///{tmp_path}/cases.db"
    with Engine(db, project=MINI, clock=CLOCK) as engine:
        engine.open("mini/talk", "m1", by="office")
    back = shanghai("2026-01-04T09:00:00")
    with Engine(db, project=MINI, clock=FixedClock(back), clock_back="the server's battery died") as engine:
        engine.plan("m1", "hold", to=date(2026, 2, 2), by="office")
        assert engine.audit(known_at=back).cases == ()
        with pytest.raises(NotFound):
            engine.audit("m1", known_at=back)
