"""Values of the wrong kind, handed to the engine by a program: each a coded error, nothing written."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.support import MINI, shanghai

from zhengxie_flow import Engine, ZhengxieError, load_calendar, load_process
from zhengxie_flow.bootstrap import FixedClock

CLOCK = FixedClock(shanghai("2026-01-05T09:00:00"))
DAY = date(2026, 1, 5)
NAIVE = datetime(2026, 1, 5)  # noqa: DTZ001  # what is refused


@pytest.fixture
def engine(tmp_path):
    with Engine(f"sqlite:///{tmp_path}/cases.db", project=MINI, clock=CLOCK) as engine:
        engine.open("mini/talk", "m1", by="office")
        yield engine


@pytest.mark.parametrize(
    ("code", "call"),
    [
        ("ZX4015", lambda engine: engine.record("m1", "prepare", at=None, by="office")),
        ("ZX4015", lambda engine: engine.record("m1", "prepare", at="2026-01-05", by="office")),
        ("ZX2001", lambda engine: engine.record("m1", "prepare", at=NAIVE, by="office")),
        ("ZX4015", lambda engine: engine.plan("m1", "hold", to="2026-03-04", by="office")),
        ("ZX4015", lambda engine: engine.explain("m1", "a4.report", at=5, reason="r", by="office")),
        ("ZX2001", lambda engine: engine.audit("m1", known_at=NAIVE)),
        ("ZX4015", lambda engine: engine.audit("m1", known_at=DAY)),
        ("ZX2003", lambda engine: engine.audit("m1", as_of=datetime(2026, 1, 5, tzinfo=UTC))),
        ("ZX2003", lambda engine: engine.case("m1", as_of="2026-01-05")),
        ("ZX2001", lambda engine: engine.case("m1", known_at=NAIVE)),
        ("ZX2003", lambda engine: engine.due(until="2026-01-05")),
    ],
)
def test_a_time_of_the_wrong_kind_is_refused_with_a_code(engine, code, call):
    with pytest.raises(ZhengxieError) as raised:
        call(engine)
    assert raised.value.code == code
    assert len(engine.case("m1").events) == 1


def test_one_piece_of_evidence_is_one_name_and_not_its_letters(engine):
    event = engine.record("m1", "prepare", at=DAY, by="office", evidence="minutes.pdf")
    assert event.evidence == ("minutes.pdf",)


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("case", lambda engine: engine.open("mini/talk", 5, by="office")),
        ("process", lambda engine: engine.open(None, "m2", by="office")),
        ("by", lambda engine: engine.advance("m1", "prepare", by=None)),
        ("action", lambda engine: engine.record("m1", ["prepare"], at=DAY, by="office")),
        ("reason", lambda engine: engine.determine("m1", {"urgent": True}, by="office", reason=None)),
        ("public", lambda engine: engine.explain("m1", "a4.report", reason="r", by="office", public="yes")),
        ("event", lambda engine: engine.correct("m1", "1", reason="r", by="office", retract=True)),
        ("event", lambda engine: engine.correct("m1", True, reason="r", by="office", retract=True)),
        ("expected_version", lambda engine: engine.advance("m1", "prepare", by="office", expected_version="1")),
        ("case", lambda engine: engine.case(b"m1")),
        ("case", lambda engine: engine.audit(5)),
        ("case", lambda engine: engine.audit([5])),
        ("readings", lambda engine: engine.audit("m1", readings=["I-1"])),
        ("facts", lambda engine: engine.open("mini/talk", "m2", by="office", facts=5)),
        ("facts", lambda engine: engine.open("mini/talk", "m2", by="office", facts=["ab"])),
        ("facts", lambda engine: engine.open("mini/talk", "m2", by="office", facts={1: 2})),
        ("items", lambda engine: engine.open("mini/talk", "m2", by="office", items=["guest"])),
        ("items", lambda engine: engine.open("mini/talk", "m2", by="office", items={"guest": ["g1"]})),
        ("items", lambda engine: engine.open("mini/talk", "m2", by="office", items={"guest": {"g1": "expert"}})),
        ("items", lambda engine: engine.open("mini/talk", "m2", by="office", items={"guest": {1: {}}})),
        ("facts", lambda engine: engine.determine("m1", [("urgent", True)], by="office", reason="r")),
        ("fields", lambda engine: engine.advance("m1", "prepare", by="office", fields=5)),
        ("fields", lambda engine: engine.correct("m1", 1, by="office", reason="r", fields="at")),
        ("evidence", lambda engine: engine.advance("m1", "prepare", by="office", evidence=None)),
        ("evidence", lambda engine: engine.advance("m1", "prepare", by="office", evidence=[1])),
        ("to", lambda engine: engine.move("m1", to=None, by="office", reason="r")),
        ("process", lambda _: load_process(None)),
        ("name", lambda _: load_calendar(None)),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_by_name(engine, name, call):
    with pytest.raises(ZhengxieError) as raised:
        call(engine)
    assert (raised.value.code, raised.value.params["name"]) == ("ZX4016", name)
    assert len(engine.case("m1").events) == 1


@pytest.mark.parametrize("key", ["k" * 201, "a\0b"])
def test_a_key_that_cannot_be_kept_is_refused(engine, key):
    with pytest.raises(ZhengxieError) as raised:
        engine.record("m1", "prepare", at=DAY, by="office", key=key)
    assert raised.value.code == "ZX4041"
    assert engine.record("m1", "prepare", at=DAY, by="office", key="k" * 200).sequence == 2


def test_nothing_is_determined_where_no_fact_is_given(engine):
    with pytest.raises(ZhengxieError) as raised:
        engine.determine("m1", {}, by="office", reason="r")
    assert raised.value.code == "ZX4040"
    assert len(engine.case("m1").events) == 1


class Bare:
    """A clock that can tell the time and nothing else."""

    def __init__(self, at):
        self.at = at

    def now(self):
        return self.at


def test_a_clock_need_only_tell_an_instant_with_its_offset(tmp_path):
    with Engine(tmp_path / "c.db", project=MINI, clock=Bare(CLOCK.at)) as engine:
        assert engine.open("mini/talk", "m1", by="office").body.clock is None
    for wrong in (NAIVE, DAY, None):
        with Engine(tmp_path / "c.db", project=MINI, clock=Bare(wrong)) as engine:
            for ask in (engine.audit, lambda: engine.open("mini/talk", "m2", by="office")):
                with pytest.raises(ZhengxieError) as raised:
                    ask()
                assert raised.value.code == "ZX2001"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": "someday"}, "ZX4015"),
        ({"clock": "wall"}, "ZX4021"),
        ({"colour": "red"}, "ZX4021"),
    ],
)
def test_a_plan_is_corrected_to_another_day_and_to_nothing_else(engine, changes, code):
    plan = engine.plan("m1", "hold", to=date(2026, 3, 4), by="office")
    with pytest.raises(ZhengxieError) as raised:
        engine.correct("m1", plan.sequence, reason="r", by="office", fields=changes)
    assert raised.value.code == code
    made = engine.correct("m1", plan.sequence, reason="r", by="office", fields={"to": "2026-03-05"})
    assert made.body.replacement["body"]["to"] == "2026-03-05"


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"obligation": "no.such"}, "ZX4032"), ({"public": "maybe"}, "ZX4020"), ({"reason": " "}, "ZX4029")],
)
def test_an_explanation_is_corrected_to_what_can_be_one(engine, changes, code):
    told = engine.explain("m1", "a4.report", reason="r", by="office")
    with pytest.raises(ZhengxieError) as raised:
        engine.correct("m1", told.sequence, reason="r", by="office", fields=changes)
    assert raised.value.code == code
    made = engine.correct("m1", told.sequence, reason="r", by="office", fields={"public": True})
    assert made.body.replacement["body"]["public"] is True


SURROGATE, NUL = "\ud800", "a\0b"


@pytest.mark.parametrize("text", [SURROGATE, NUL], ids=ascii)
@pytest.mark.parametrize(
    "call",
    [
        lambda engine, text: engine.open(text, "m2", by="office"),
        lambda engine, text: engine.open("mini/talk", text, by="office"),
        lambda engine, text: engine.open("mini/talk", "m2", by=text),
        lambda engine, text: engine.open("mini/talk", "m2", by="office", actor=text),
        lambda engine, text: engine.open("mini/talk", "m2", by="office", recorded_by=text),
        lambda engine, text: engine.open("mini/talk", "m2", by="office", facts={text: 1}),
        lambda engine, text: engine.open("mini/talk", "m2", by="office", facts=[("urgent", [text])]),
        lambda engine, text: engine.open("mini/talk", "m2", by="office", items={"guest": {text: {}}}),
        lambda engine, text: engine.open("mini/talk", "m2", by="office", items={"guest": {"g": {"kind": text}}}),
        lambda engine, text: engine.advance("m1", text, by="office"),
        lambda engine, text: engine.advance("m1", "prepare", by="office", evidence=[text]),
        lambda engine, text: engine.advance("m1", "prepare", by="office", evidence=text),
        lambda engine, text: engine.advance("m1", "prepare", by="office", fields={"f": {"a": [text]}}),
        lambda engine, text: engine.record("m1", "prepare", at=DAY, by="office", item=text),
        lambda engine, text: engine.determine("m1", {"urgent": True}, by="office", reason=text),
        lambda engine, text: engine.determine("m1", {"urgent": True}, by="office", reason="r", basis=text),
        lambda engine, text: engine.explain("m1", text, by="office", reason="r"),
        lambda engine, text: engine.plan("m1", text, to=DAY, by="office"),
        lambda engine, text: engine.correct("m1", 1, by="office", reason=text, retract=True),
        lambda engine, text: engine.erase("m1", 1, text, by="office", reason="r"),
        lambda engine, text: engine.move("m1", to=text, by="office", reason="r"),
        lambda engine, text: engine.link("m1", under=text, by="office"),
        lambda engine, text: engine.case(text),
        lambda engine, text: engine.audit(text),
        lambda engine, text: engine.audit([text]),
        lambda engine, text: engine.tick(cases=[text]),
        lambda engine, text: engine.verify(text),
        lambda engine, text: engine.possible(text, role=text, actor=text),
        lambda engine, text: engine.overview(text),
        lambda _, text: load_process(text),
    ],
)
def test_a_text_that_no_file_can_hold_is_refused_wherever_it_stands(engine, call, text):
    with pytest.raises(ZhengxieError) as raised:
        call(engine, text)
    assert raised.value.code in ("ZX4091", "ZX4041")
    with pytest.raises(ZhengxieError):
        load_calendar(text)
    assert len(engine.case("m1").events) == 1
