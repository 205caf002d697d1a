"""Cases under cases: opened, linked, told upwards, gating the parent, judged under it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.cli.program import run
from tests.support import DATA
from tests.tampering import opened

from zhengxie_flow import Conflict, Engine, InvalidDefinition, NotFound, Refused, ZhengxieError
from zhengxie_flow.errors import ChainBroken, UsageError
from zhengxie_flow.model.event import EventType
from zhengxie_flow.model.findings import OpenedSubcase
from zhengxie_flow.model.verdict import Verdict

KEPT = ("zx_events", "zx_heads", "zx_deadlines")


class Hand:
    """A clock turned by hand."""

    fixed = True

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 2, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def on(self, day: str, hour: int = 2) -> None:
        self.at = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).replace(hour=hour)


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def engine(clock: Hand, tmp_path: Path) -> Iterator[Engine]:
    with Engine(tmp_path / "cases.db", project=DATA / "subcases", clock=clock) as made:
        made.open("town/matter", "M", by="clerk")
        yield made


def verdict(engine: Engine, obligation: str, case: str = "M", as_of: date | None = None) -> Verdict:
    (judged,) = engine.audit(case, as_of=as_of).cases
    return next(line.verdict for line in judged.verdicts if line.obligation == obligation)


def required(engine: Engine) -> None:
    engine.determine("M", {"hearing_required": True}, by="clerk", reason="many are concerned")


def acts(engine: Engine) -> list[str]:
    return [f"{act.day} {act.action}" for act in engine.case("M").timeline]


def test_a_subcase_is_opened_only_where_it_is_called_for(engine: Engine) -> None:
    with pytest.raises(Refused) as refused:
        engine.open("town/hearing", "H", by="clerk", under="M", subcase="hearing")
    assert [(one.id, one.value, one.needs) for one in refused.value.reasons] == [
        ("subcases.hearing", "unknown", ("hearing_required",))
    ]
    required(engine)
    engine.open("town/hearing", "H", by="clerk", under="M", subcase="hearing")
    assert acts(engine) == ["2026-03-02 hearing.opened"]
    assert [(one.case, one.subcase, one.linked) for one in engine.case("H").parents] == [("M", "hearing", False)]


def test_what_happened_is_told_even_where_it_was_not_called_for(engine: Engine) -> None:
    engine.open("town/hearing", "H", by="clerk", under="M", subcase="hearing", at=date(2026, 3, 1))
    assert acts(engine) == ["2026-03-01 hearing.opened"]


def test_only_one_runs_at_a_time_unless_there_may_be_many(engine: Engine) -> None:
    required(engine)
    engine.open("town/hearing", "H", by="clerk", under="M", subcase="hearing")
    with pytest.raises(Refused) as refused:
        engine.open("town/hearing", "H2", by="clerk", under="M", subcase="hearing")
    assert refused.value.reasons[0].id == "subcases.hearing.many"
    engine.open("town/hearing", "C1", by="clerk", under="M", subcase="complaint")
    engine.open("town/hearing", "C2", by="clerk", under="M", subcase="complaint")
    assert acts(engine).count("2026-03-02 complaint.opened") == 2


def test_the_states_it_reaches_are_acts_of_the_parent_and_its_facts_their_fields(engine: Engine, clock: Hand) -> None:
    required(engine)
    engine.open("town/hearing", "H", by="clerk", under="M", subcase="hearing")
    clock.on("2026-03-10")
    engine.advance("H", "hold", by="clerk")
    clock.on("2026-03-11")
    engine.advance("H", "report", by="clerk", fields={"outcome": "support"})
    assert acts(engine)[1:] == ["2026-03-10 hearing.held", "2026-03-11 hearing.reported"]
    assert engine.case("M").timeline[-1].fields == {"outcome": "support"}
    (judged,) = engine.audit("M").cases
    decide = next(line for line in judged.verdicts if line.obligation == "t3.decide")
    assert (decide.verdict, decide.due) == (Verdict.PENDING, date(2026, 3, 25))
    assert not engine.verify(replay=True)


def test_it_gates_the_parent(engine: Engine, clock: Hand) -> None:
    required(engine)
    engine.open("town/hearing", "H", by="clerk", under="M", subcase="hearing")
    with pytest.raises(Refused) as refused:
        engine.advance("M", "decide", by="council")
    assert {one.id for one in refused.value.reasons} == {"t2.hearing", "t3.support"}
    clock.on("2026-03-10")
    engine.advance("H", "hold", by="clerk")
    engine.record("H", "report", at=date(2026, 3, 10), by="clerk")  # the outcome was left open
    with pytest.raises(Refused) as refused:
        engine.advance("M", "decide", by="council")
    assert [(one.id, one.value, one.needs) for one in refused.value.reasons] == [
        ("t3.support", "unknown", ("outcome",))
    ]
    engine.determine("H", {"outcome": "support"}, by="clerk", reason="the report says so")
    assert acts(engine)[-1] == "2026-03-10 hearing.told"
    engine.open("town/hearing", "C", by="clerk", under="M", subcase="complaint")
    with pytest.raises(Refused) as refused:
        engine.advance("M", "decide", by="council")
    assert [one.id for one in refused.value.reasons] == ["t1.settled"]
    engine.advance("C", "cancel", by="clerk")
    engine.advance("M", "decide", by="council")
    assert engine.case("M").state == "settled"
    assert verdict(engine, "t2.hearing") is Verdict.PASS


def test_a_decision_recorded_without_it_is_a_breach(engine: Engine) -> None:
    required(engine)
    engine.record("M", "decide", at=date(2026, 3, 2), by="council")
    assert verdict(engine, "t2.hearing") is Verdict.BREACH
    assert verdict(engine, "t3.support") is Verdict.BREACH


def test_a_correction_in_the_subcase_corrects_the_parent(engine: Engine, clock: Hand) -> None:
    required(engine)
    engine.open("town/hearing", "H", by="clerk", under="M", subcase="hearing")
    clock.on("2026-03-20")
    held = engine.record("H", "hold", at=date(2026, 3, 10), by="clerk")
    engine.record("M", "decide", at=date(2026, 3, 12), by="council")
    assert verdict(engine, "t2.hearing") is Verdict.PASS
    engine.correct("H", held.sequence, by="clerk", reason="it was later", fields={"at": "2026-03-16"})
    assert "2026-03-16 hearing.held" in acts(engine)
    assert verdict(engine, "t2.hearing") is Verdict.BREACH
    engine.correct("H", held.sequence, by="clerk", reason="it was not held", retract=True)
    assert not any("hearing.held" in act for act in acts(engine))
    told = [event.type for event in engine.case("M").events]
    assert told.count(EventType.CORRECTED) == 2
    assert not engine.verify(replay=True)


def test_what_was_known_then_stays_what_was_known_then(engine: Engine, clock: Hand) -> None:
    required(engine)
    engine.open("town/hearing", "H", by="clerk", under="M", subcase="hearing")
    clock.on("2026-03-12")
    before = clock.now()
    clock.on("2026-03-20")
    engine.record("H", "hold", at=date(2026, 3, 10), by="clerk")
    known = engine.case("M", known_at=before).timeline
    assert [act.action for act in known] == ["hearing.opened"]
    assert acts(engine)[-1] == "2026-03-10 hearing.held"


def test_events_that_tell_of_a_subcase_are_corrected_there(engine: Engine) -> None:
    engine.open("town/hearing", "C", by="clerk", under="M", subcase="complaint")
    last = engine.case("M").version
    with pytest.raises(UsageError) as refused:
        engine.correct("M", last, by="clerk", reason="no", retract=True)
    assert (refused.value.code, refused.value.params["subcase"]) == ("ZX4070", "C")


def test_its_verdicts_stand_under_the_parent(engine: Engine, clock: Hand) -> None:
    required(engine)
    engine.open("town/hearing", "H", by="clerk", under="M", subcase="hearing")
    clock.on("2026-03-10")
    engine.advance("H", "hold", by="clerk")
    clock.on("2026-03-20")
    (judged,) = engine.audit("M").cases
    (below,) = judged.subcases
    assert (below.name, below.linked, below.audit.worst) == ("hearing", False, Verdict.OVERDUE)
    assert judged.worst is Verdict.OVERDUE


def test_a_case_of_its_own_is_linked_and_answers_for_itself(engine: Engine, clock: Hand) -> None:
    engine.open("town/hearing", "X", by="clerk")
    engine.record("X", "hold", at=date(2026, 3, 2), by="clerk")
    clock.on("2026-03-20")
    engine.link("X", under="M", by="clerk", subcase="complaint")
    assert acts(engine) == ["2026-03-20 complaint.opened"]
    assert engine.case("M").timeline[0].event.body.subcase.state == "held"  # type: ignore[union-attr]
    (judged,) = engine.audit("M").cases
    assert judged.subcases[0].audit.worst is Verdict.OVERDUE
    assert judged.worst is not Verdict.OVERDUE
    with pytest.raises(UsageError) as twice:
        engine.link("X", under="M", by="clerk", subcase="complaint")
    assert twice.value.code == "ZX4071"


def test_where_it_lies_must_be_said_and_must_fit(engine: Engine) -> None:
    with pytest.raises(UsageError) as several:
        engine.open("town/hearing", "H", by="clerk", under="M")
    assert (several.value.code, several.value.params["known"]) == ("ZX4074", ("hearing", "complaint"))
    with pytest.raises(NotFound) as foreign:
        engine.open("town/matter", "N", by="clerk", under="M")
    assert foreign.value.code == "ZX4073"
    with pytest.raises(NotFound):
        engine.open("town/hearing", "H", by="clerk", under="nowhere", subcase="hearing")
    engine.open("town/hearing", "C", by="clerk", under="M", subcase="complaint")
    with pytest.raises(NotFound):  # a hearing has no subcases
        engine.link("M", under="C", by="clerk")
    with pytest.raises(Conflict):
        engine.open("town/hearing", "C", by="clerk", under="M", subcase="complaint")
    assert acts(engine) == ["2026-03-02 complaint.opened"]


def test_nothing_of_a_refused_opening_is_kept(engine: Engine) -> None:
    with pytest.raises(Refused):
        engine.open("town/hearing", "H", by="clerk", under="M", subcase="hearing")
    with pytest.raises(NotFound):
        engine.case("H")
    assert engine.case("M").version == 1


def test_the_command_line_opens_links_and_shows(tmp_path: Path) -> None:
    here = ("--project", str(DATA / "subcases"), "--db", str(tmp_path / "c.db"), "--lang", "en", "--format", "json")
    run(*here, "db", "upgrade")
    run(*here, "open", "town/matter", "--case", "M", "--by", "clerk")
    refused = run(*here, "open", "town/hearing", "--case", "H", "--by", "clerk", "--under", "M", "--as", "hearing")
    assert (refused.code, refused.error["code"], refused.error["reasons"][0]["id"]) == (1, "ZX4075", "subcases.hearing")
    assert run(*here, "open", "town/hearing", "--case", "X", "--by", "clerk").code == 0
    linked = run(*here, "link", "X", "--under", "M", "--as", "complaint", "--by", "clerk")
    assert (linked.code, linked.data["event"]["type"]) == (0, "linked")
    hearing, complaint = run(*here, "show", "M").data["subcases"]
    assert (hearing["called_for"], hearing["needs"], hearing["cases"]) == ("unknown", ["hearing_required"], [])
    assert complaint["cases"] == [{"case": "X", "status": "open", "state": "announced", "linked": True}]
    assert run(*here, "show", "X").data["parents"] == [{"case": "M", "subcase": "complaint", "linked": True}]
    text = run(*here[:-2], "show", "M")
    assert "not yet determined whether it is called for" in text.out, text.err
    assert "X" in run(*here[:-2], "audit", "M", "-v").out


DEEMING = """
  silence: {zh: 沉默视为同意, en: Silence counts as consent, law: "2", from: announced, to: reported}
"""


def with_silence(folder: Path) -> Path:
    """The town, where a hearing that is not held within five working days counts as reported."""
    shutil.copytree(DATA / "subcases", folder, dirs_exist_ok=True)
    hearing = folder / "processes/town/hearing.yaml"
    text = hearing.read_text(encoding="utf-8").replace("\nactions:\n", "\nactions:" + DEEMING)
    text = text.replace(
        "  cancel: {", '  call: {zh: 召集, en: Call, law: "2", by: clerk, from: announced}\n  cancel: {'
    )
    text += """\
  h2.hold:
    zh: 召集后五个工作日内举行
    en: Held within five working days after the call
    law: "2"
    who: clerk
    do: hold
    limit: {within: 5, unit: working_day, after: call, late: lapsed, on_lapse: {deem: {action: silence}}}
"""
    hearing.write_text(text, encoding="utf-8")
    return folder


def test_what_time_has_done_in_a_subcase_reaches_its_parent_at_once(tmp_path: Path, clock: Hand) -> None:
    with Engine(tmp_path / "s.db", project=with_silence(tmp_path / "town"), clock=clock) as engine:
        engine.open("town/matter", "M", by="clerk")
        engine.open("town/hearing", "C", by="clerk", under="M", subcase="complaint")
        engine.determine("M", {"hearing_required": False}, by="clerk", reason="nobody is concerned")
        engine.advance("C", "call", by="clerk")
        clock.on("2026-03-09")
        with pytest.raises(Refused):
            engine.advance("M", "decide", by="council")  # the complaint is still open
        clock.on("2026-03-12")
        engine.plan("M", "decide", to=date(2026, 3, 12), by="council")
        assert verdict(engine, "t1.settled") is Verdict.PENDING
        engine.preview("M", "decide", by="council")  # and nothing was written to the subcase in between
        assert engine.case("C").version == 2  # what it says there is worked out, not written
        engine.advance("M", "decide", by="council")
        assert engine.case("C").state == "reported"
        assert acts(engine)[-2:] == ["2026-03-09 complaint.reported", "2026-03-12 decide"]
        assert not engine.verify(replay=True)


def test_a_state_that_the_parent_never_heard_of_ends_the_subcase_all_the_same(tmp_path: Path, clock: Hand) -> None:
    town = tmp_path / "town"
    shutil.copytree(DATA / "subcases", town)
    with Engine(tmp_path / "s.db", project=town, clock=clock) as engine:
        engine.open("town/matter", "M", by="clerk")
        hearing = town / "processes/town/hearing.yaml"
        text = hearing.read_text(encoding="utf-8").replace("cancelled", "called_off")
        hearing.write_text(text, encoding="utf-8")
        engine.open("town/hearing", "C", by="clerk", under="M", subcase="complaint")
        engine.advance("C", "cancel", by="clerk")
        assert acts(engine)[-1] == "2026-03-02 complaint.called_off"
        engine.determine("M", {"hearing_required": False}, by="clerk", reason="nobody is concerned")
        engine.advance("M", "decide", by="council")


def test_a_link_that_is_taken_back_and_made_again(engine: Engine) -> None:
    engine.open("town/hearing", "X", by="clerk")
    link = engine.link("X", under="M", by="clerk", subcase="complaint")
    engine.correct("X", link.sequence, by="clerk", reason="another matter was meant", retract=True)
    assert acts(engine) == []
    engine.link("X", under="M", by="clerk", subcase="complaint")
    engine.advance("X", "hold", by="clerk")
    assert acts(engine) == ["2026-03-02 complaint.opened", "2026-03-02 complaint.held"]
    assert not engine.verify(replay=True)


def test_who_may_not_open_it_is_on_the_record(engine: Engine, clock: Hand) -> None:
    engine.open("town/hearing", "H", by="council", under="M", subcase="hearing", at=date(2026, 3, 2))
    clock.on("2026-03-03")
    engine.record("M", "drop", at=date(2026, 3, 3), by="clerk")
    clock.on("2026-03-05")
    engine.open("town/hearing", "H2", by="clerk", under="M", subcase="hearing", at=date(2026, 3, 4))
    engine.open("town/hearing", "H0", by="clerk", under="M", subcase="hearing", at=date(2026, 2, 24))
    (judged,) = engine.audit("M").cases
    found = {
        (line.obligation, line.detail, opened.subcase)
        for line in judged.verdicts
        if (opened := line.note(OpenedSubcase))
    }
    assert ("integrity.authority", ("wrong_authority",), "H") in found
    assert {case for ident, _, case in found if ident == "integrity.after_close"} == {"H2", "H0"}


def nested_town(town: Path) -> Path:
    """The town, where a matter may have matters under it."""
    shutil.copytree(DATA / "subcases", town)
    matter = town / "processes/town/matter.yaml"
    text = matter.read_text(encoding="utf-8")
    nested = '  part: {zh: 分题, en: Part, law: "1", process: town/matter, many: true}\n'
    matter.write_text(text.replace("  complaint: {", nested + "  complaint: {"), encoding="utf-8")
    return town


def test_cases_do_not_lie_under_each_other_in_a_circle(tmp_path: Path, clock: Hand) -> None:
    town = nested_town(tmp_path / "town")
    with Engine(tmp_path / "s.db", project=town, clock=clock) as engine:
        for name in "ABC":
            engine.open("town/matter", name, by="clerk")
        engine.link("B", under="A", by="clerk")
        engine.link("C", under="B", by="clerk")
        for above in "BC":
            with pytest.raises(UsageError) as refused:
                engine.link("A", under=above, by="clerk")
            assert refused.value.code == "ZX4076"


def test_two_that_link_at_the_same_moment_close_no_circle_either(
    tmp_path: Path, clock: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    town, place = nested_town(tmp_path / "town"), tmp_path / "s.db"
    with Engine(place, project=town, clock=clock) as one, Engine(place, project=town, clock=clock) as other:
        for name in "AB":
            one.open("town/matter", name, by="clerk")
        write = one.journal.transaction

        def just_before(*given: object) -> object:  # the other has linked when this one comes to write
            monkeypatch.undo()
            other.link("B", under="A", by="clerk")
            return write(*given)

        monkeypatch.setattr(one.journal, "transaction", just_before)
        with pytest.raises(UsageError) as refused:
            one.link("A", under="B", by="clerk")
        assert refused.value.code == "ZX4076"
        assert (one.case("A").parents, one.case("B").parents[0].case) == ((), "A")


def test_of_a_case_without_decisions_there_is_nothing_to_explain(tmp_path: Path) -> None:
    here = ("--project", str(DATA / "subcases"), "--db", str(tmp_path / "c.db"), "--format", "json")
    run(*here, "db", "upgrade")
    run(*here, "open", "town/matter", "--case", "M", "--by", "clerk")
    assert run(*here, "rules", "explain", "M").data["decisions"] == []
    assert run(*here, "rules", "explain", "M", "--decision", "none").code == 4
    alone = run(*here, "open", "town/matter", "--case", "N", "--by", "clerk", "--as", "hearing")
    assert (alone.code, alone.error["code"]) == (2, "ZX6070")


def test_a_clock_set_back_hides_what_nobody_knew_yet(engine: Engine, clock: Hand, tmp_path: Path) -> None:
    clock.on("2026-03-06")
    engine.open("town/hearing", "H", by="clerk")
    clock.on("2026-03-04")
    back = Engine(tmp_path / "cases.db", project=DATA / "subcases", clock=clock, clock_back="the battery was empty")
    back.link("H", under="M", by="clerk", subcase="complaint")
    for known_at, cases, below in (("2026-03-05", ["M"], []), ("2026-03-07", ["H", "M"], ["H"])):
        known = datetime.fromisoformat(f"{known_at}T00:00:00+00:00")
        audit = engine.audit(known_at=known)
        assert [judged.case for judged in audit.cases] == cases
        assert [sub.audit.case for sub in audit.cases[-1].subcases] == below
    for ask in (engine.case, engine.audit):
        with pytest.raises(NotFound) as raised:
            ask("H", known_at=datetime(2026, 3, 5, tzinfo=UTC))
        assert raised.value.code == "ZX4002"


def test_what_corrects_an_event_nobody_knew_is_not_known_either(engine: Engine, clock: Hand, tmp_path: Path) -> None:
    clock.on("2026-03-06")
    required(engine)
    clock.on("2026-03-04")
    back = Engine(tmp_path / "cases.db", project=DATA / "subcases", clock=clock, clock_back="the battery was empty")
    back.correct("M", 2, reason="wrongly typed", by="clerk", retract=True)
    for day, events, value in ((5, 1, None), (7, 3, None)):
        case = engine.case("M", known_at=datetime(2026, 3, day, tzinfo=UTC))
        assert (len(case.events), case.value("hearing_required")) == (events, value)


def taken_away(database: Path, case: str) -> None:
    """Rows of a case are deleted behind the engine's back."""
    with opened(database) as rows:
        for table in KEPT:
            rows.execute(f"DELETE FROM {table} WHERE case_id = ?", (case,))  # noqa: S608


def test_an_audit_does_not_read_over_a_case_that_is_gone(engine: Engine, tmp_path: Path) -> None:
    engine.open("town/hearing", "H", by="clerk", under="M", subcase="complaint")
    taken_away(tmp_path / "cases.db", "H")
    with pytest.raises(ChainBroken) as raised:
        engine.audit()
    assert (raised.value.code, raised.value.where.case) == ("ZX4078", "M")


@pytest.mark.parametrize(("table", "code"), [("zx_events", "ZX5901"), ("zx_definitions", "ZX4006")])
def test_an_audit_of_all_cases_leaves_none_out_because_it_cannot_be_read(
    engine: Engine, tmp_path: Path, table: str, code: str
) -> None:
    engine.open("town/hearing", "H", by="clerk")
    with opened(tmp_path / "cases.db") as rows:
        rows.execute(f"DELETE FROM {table}")  # noqa: S608
    project = DATA / "subcases"
    with (
        Engine(tmp_path / "cases.db", project=project, read_only=True) as fresh,
        pytest.raises(ZhengxieError) as raised,
    ):
        fresh.audit()
    assert raised.value.code == code


def findings(engine: Engine) -> list[tuple[str, str, str | None]]:
    return [(found.case, found.kind, found.expected) for found in engine.verify()]


def test_a_case_taken_away_is_missed_by_those_that_tell_of_it(engine: Engine, tmp_path: Path) -> None:
    engine.open("town/hearing", "H", by="clerk", under="M", subcase="complaint")
    engine.open("town/hearing", "H2", by="clerk", under="M", subcase="complaint")
    assert findings(engine) == []
    taken_away(tmp_path / "cases.db", "H")
    assert findings(engine) == [("H", "lost", "M")]
    taken_away(tmp_path / "cases.db", "M")
    assert findings(engine) == [("M", "lost", "H2")]


def test_a_subcase_put_back_as_it_was_before_is_noticed_above_it(engine: Engine, clock: Hand, tmp_path: Path) -> None:
    engine.open("town/hearing", "H", by="clerk", under="M", subcase="complaint")
    clock.on("2026-03-05")
    with sqlite3.connect(tmp_path / "cases.db") as rows:
        before = {table: rows.execute(f"SELECT * FROM {table} WHERE case_id = 'H'").fetchall() for table in KEPT}  # noqa: S608
    engine.advance("H", "hold", by="clerk")
    assert findings(engine) == []
    taken_away(tmp_path / "cases.db", "H")
    with sqlite3.connect(tmp_path / "cases.db") as rows:
        for table, kept in before.items():
            rows.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(kept[0]))})", kept)  # noqa: S608
    assert [found[:2] for found in findings(engine)] == [("M", "subcase")]


def test_a_verification_takes_no_later_write_for_a_break(engine: Engine, clock: Hand) -> None:
    engine.open("town/hearing", "H", by="clerk", under="M", subcase="complaint")
    journal = engine.context.journal
    projections = journal.projections

    def meanwhile(*damaged: object) -> Iterator[object]:
        found = list(projections(*damaged))
        clock.on("2026-03-05")
        engine.advance("H", "hold", by="clerk")  # between one reading of the database and the next
        yield from found

    engine.context.journal.projections = meanwhile
    assert findings(engine) == []


def test_a_subcase_opened_again_under_its_key_is_the_same(engine: Engine, clock: Hand) -> None:
    required(engine)
    opened = engine.open("town/hearing", "H", by="clerk", under="M", subcase="hearing", key="k")
    clock.on("2026-03-03")
    assert engine.open("town/hearing", "H", by="clerk", under="M", subcase="hearing", key="k") == opened
    for other in ({"by": "council"}, {"by": "clerk", "at": date(2026, 3, 2)}, {"by": "clerk", "actor": "li"}):
        with pytest.raises(Conflict) as raised:
            engine.open("town/hearing", "H", under="M", subcase="hearing", key="k", **other)
        assert raised.value.code == "ZX4036"


def test_no_case_begins_while_the_file_of_a_subcase_cannot_be_read(tmp_path: Path, clock: Hand) -> None:
    town = tmp_path / "town"
    shutil.copytree(DATA / "subcases", town)
    (town / "processes/town/hearing.yaml").write_text("language: 1\nprocess: [hearing\n", encoding="utf-8")
    with Engine(tmp_path / "s.db", project=town, clock=clock) as engine, pytest.raises(InvalidDefinition) as raised:
        engine.open("town/matter", "M", by="clerk")
    assert {found.where.file for found in raised.value.problems} == {"processes/town/hearing.yaml"}
    checked = run("--project", str(town), "--format", "json", "check")
    assert {found["file"] for found in checked.data["findings"]} == {"processes/town/hearing.yaml"}
