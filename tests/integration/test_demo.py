"""The demo city: its files import as they stand, twice without change, and audit to what they were written to show."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from tests import open_work

from zhengxie_flow import Engine
from zhengxie_flow.bootstrap import FixedClock
from zhengxie_flow.model.event import EventType
from zhengxie_flow.model.verdict import CaseAudit, Judgement, Verdict
from zhengxie_flow.reading.imports import read_cases
from zhengxie_flow.services.commands.importing import ImportCounts, import_cases
from zhengxie_flow.services.queries.derived_cases import read_derived

ROOT = Path(__file__).resolve().parents[2]
MATTERS = sorted((ROOT / "examples" / "qinghe").glob("*.yaml"))
AS_OF = date(2026, 11, 22)
NOW = datetime.fromisoformat("2026-11-22T09:00:00+08:00")

RESIDENTS = ("res_dongjie", "res_nanhu", "res_xiguan", "res_tiebei", "res_heping", "res_beishan")

# Case: state, worst verdict, and every line of its own that is neither in order nor simply still to come.
PROMISED: dict[str, tuple[str, str, set[tuple[str, str | None, str]]]] = {
    "QH-01": ("closed", "pass", set()),
    "QH-02": ("closed", "pass", set()),
    "QH-03": ("closed", "pass", set()),
    "QH-04": ("tracking", "breach", {("a7.2.notice", "elderly", "breach")}),
    "QH-04-H": ("considered", "breach", {("a9.h.materials", "rider_b", "breach")}),
    "QH-05": ("tracking", "needs_judgement", {("a7.5.feedback", who, "needs_judgement") for who in RESIDENTS}),
    "QH-06": ("closed", "deviation_justified", {("a7.4.report", None, "deviation_justified")}),
    "QH-07": (
        "tracking",
        "breach",
        {("a7.2.notice", who, "breach") for who in ("exp_eco", "cppcc_env", "res_up", "res_down")},
    ),
    "QH-07-R": ("submitted", "breach", {("a12.r.contents", None, "breach")}),
    "QH-08": ("closed", "pass", set()),
    "QH-09": (
        "tracking",
        "needs_judgement",
        {("a7.5.feedback", who, "needs_judgement") for who in ("dp_b", "cppcc_social", "so_elder")},
    ),
    "QH-09-T": ("tracking", "needs_judgement", {("a8.report", "proxy_confirmation", "needs_judgement")}),
    "QH-10": (
        "fed_back",
        "needs_judgement",
        {
            ("a7.5.feedback", who, "needs_judgement")
            for who in ("users", "low_income", "heat_firms", "npc_city", "consumers")
        },
    ),
    "QH-10-E": ("handling_explained", "needs_judgement", {("a10.x.interest", None, "needs_judgement")}),
    "QH-10-H": ("report_issued", "pass", set()),
    "QH-10-R": ("controllable", "pass", set()),
    "QH-11": ("summarised", "breach", {("a7.4.opinion", None, "breach")}),
    "QH-11-E": ("reviewed", "deviation", {("a10.x.other_views", None, "deviation")}),
    "QH-12": ("prepared", "provisional", {("a7.4.report", None, "provisional")}),
    "QH-C": ("published", "pending", {("guard.by_amendment", "qh_08", "finding")}),
    "QH-P": ("handling", "needs_parameter", {("a11.p.reply", "schools", "needs_parameter")}),
    "QH-S": ("running", "breach", {("a13.i.review", "fares_inspection", "breach")}),
    "QH-X1": ("closed", "exempt", set()),
    "QH-X2": (
        "proposed",  # a retroactive grant moves nothing
        "breach",
        {
            ("a14.exemption", None, "breach"),
            ("order.consult_before_decision", None, "breach"),
            *((duty, None, "breach") for duty in ("a7.1.catalogue", "a7.2.joint", "a7.3.opinions", "a7.3.breadth")),
            ("a6.4.method", None, "needs_judgement"),
            ("integrity.order", None, "finding"),
        },
    ),
    "QH-X3": (
        "fed_back",
        "deviation",
        {("a7.2.documents", "villages", "deviation"), ("a7.4.report", None, "finding")},
    ),
    "QH-X4": ("withdrawn", "pass", set()),
    "QH-X5": ("tracking", "pass", set()),
}
IN_ORDER = {Verdict.PASS, Verdict.NOT_APPLICABLE, Verdict.EXEMPT, Verdict.PENDING}

# Case: the last lawful day for notices, and the due days of the opinion and of the report.
DAYS = {
    "QH-01": ("2025-12-17", "2026-01-15", "2026-01-22"),
    "QH-02": ("2025-12-23", "2026-01-21", "2026-01-28"),
    "QH-03": ("2025-12-24", "2026-01-22", "2026-01-29"),
    "QH-04": ("2026-02-05", "2026-03-11", "2026-03-18"),
    "QH-05": ("2026-03-25", "2026-04-23", "2026-04-30"),
    "QH-06": ("2026-04-27", "2026-05-27", "2026-06-03"),
    "QH-07": ("2026-06-02", "2026-07-01", "2026-07-08"),
    "QH-08": ("2026-06-30", "2026-07-28", "2026-08-04"),
    "QH-09": ("2026-08-20", "2026-09-17", "2026-09-23"),
    "QH-10": ("2026-10-09", "2026-11-05", "2026-11-12"),
    "QH-11": ("2026-10-22", "2026-11-19", "2026-11-27"),  # the opinion came a day late, and the report runs from it
    "QH-12": ("2026-11-19", "2026-12-17", "2026-12-24"),
    "QH-X3": ("2026-09-28", "2026-10-23", "2026-10-30"),  # ten working days by the county's own document
}

# Case, duty, item: its last day, and the day it was done.
OTHER_DAYS = {
    ("QH-04-H", "a9.h.materials", "elderly"): ("2026-02-25", "2026-02-25"),  # seven calendar days before 4 March
    ("QH-04-H", "a9.h.materials", "rider_b"): ("2026-02-25", "2026-02-26"),
    ("QH-10-H", "a9.h.materials", "user"): ("2026-10-22", "2026-10-22"),
    ("QH-X3", "a7.2.documents", "npc_rural"): ("2026-10-16", "2026-09-20"),
    ("QH-X3", "a7.2.documents", "villages"): ("2026-10-16", "2026-10-19"),
    ("QH-P", "a11.s.reply", "heating"): (
        "2026-05-11",
        "2026-05-11",
    ),  # 10 May is a Sunday, the Saturday before is worked
    ("QH-S", "a13.i.request", "fares_inspection"): ("2026-09-28", "2026-09-28"),  # 27 September is in a holiday
    ("QH-S", "a13.i.review", "fares_inspection"): ("2026-10-28", "2026-10-30"),
    ("QH-S", "a13.i.request", "flood_inspection"): ("2026-12-07", None),  # 6 December is a Sunday
}
SUBCASES = {
    "QH-04": {"QH-04-H"},
    "QH-07": {"QH-07-R"},
    "QH-09": {"QH-09-T"},
    "QH-10": {"QH-10-H", "QH-10-E", "QH-10-R"},
    "QH-11": {"QH-11-E"},
}
LINKED = {
    "QH-C": {f"QH-{number:02}" for number in range(1, 13)} | {"QH-X4", "QH-X5"},
    "QH-S": {"QH-04", "QH-07", "QH-09"},
}


def bring(engine: Engine) -> ImportCounts:
    return import_cases(engine.context, read_cases(*MATTERS))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with Engine(tmp_path_factory.mktemp("demo") / "qinghe.db", project=ROOT, clock=FixedClock(NOW)) as opened:
        done = bring(opened)
        assert (done.cases_new, done.cases_known, done.events_known) == (len(PROMISED), 0, 0)
        yield opened


@pytest.fixture(scope="module")
def audited(engine: Engine) -> dict[str, CaseAudit]:
    return {case.case: case for case in engine.audit(as_of=AS_OF).cases}


def lines(case: CaseAudit, obligation: str) -> list[Judgement]:
    found = [line for line in case.verdicts if line.obligation == obligation]
    assert found
    return found


def test_every_matter_of_the_table_is_there_and_no_other(audited: dict[str, CaseAudit]) -> None:
    assert set(audited) == set(PROMISED) == {path.stem for path in MATTERS}


@pytest.mark.parametrize("case", PROMISED)
def test_a_matter_shows_what_it_was_written_to_show_and_nothing_else(case: str, audited: dict[str, CaseAudit]) -> None:
    result = audited[case]
    standing_out = {
        (line.obligation, line.item, str(line.verdict)) for line in result.verdicts if line.verdict not in IN_ORDER
    }
    assert (result.state, str(result.worst), standing_out) == PROMISED[case]


def test_the_table_for_readers_says_the_same(engine: Engine) -> None:
    text = (ROOT / "examples" / "qinghe" / "README.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")] for line in text.splitlines() if line.startswith("| QH-")]
    assert {row[1]: row[-2] for row in rows} == {case: worst for case, (_, worst, _) in PROMISED.items()}
    told = sum(
        event.type is not EventType.SUBCASE for head in engine.heads() for event in engine.case(head.case).events
    )
    assert f"{told}个事件" in text


@pytest.mark.parametrize("case", DAYS)
def test_the_three_time_limits_fall_on_their_days(case: str, audited: dict[str, CaseAudit]) -> None:
    (opinion,) = lines(audited[case], "a7.4.opinion")
    (report,) = lines(audited[case], "a7.4.report")
    latest = {str(line.latest) for line in lines(audited[case], "a7.2.notice")}
    assert (latest, str(opinion.due), str(report.due)) == ({DAYS[case][0]}, *DAYS[case][1:])


@pytest.mark.parametrize("duty", OTHER_DAYS, ids="-".join)
def test_other_limits_fall_on_their_days(duty: tuple[str, str, str], audited: dict[str, CaseAudit]) -> None:
    case, obligation, item = duty
    (line,) = (line for line in lines(audited[case], obligation) if line.item == item)
    last = line.due or line.latest
    assert (str(last), None if line.actual is None else str(line.actual.date)) == OTHER_DAYS[duty]


def test_what_lies_under_what(audited: dict[str, CaseAudit]) -> None:
    below = {
        linked: {
            name: {each.audit.case for each in case.subcases if each.linked is linked}
            for name, case in audited.items()
            if any(each.linked is linked for each in case.subcases)
        }
        for linked in (False, True)
    }
    assert below == {False: SUBCASES, True: LINKED}


def test_what_a_subcase_did_discharges_the_gate_of_its_parent(audited: dict[str, CaseAudit]) -> None:
    done = {
        ("QH-04", "a9.hearing"): ("pass", "2026-03-04"),
        ("QH-04", "a9.conduct"): ("pass", "2026-04-15"),
        ("QH-07", "a12.assess"): ("pass", "2026-04-20"),
        ("QH-07", "a12.report"): ("pass", "2026-05-22"),
        ("QH-10", "a10.expert"): ("pass", "2026-10-19"),
        ("QH-10", "a9.hearing"): ("pass", "2026-10-29"),
        ("QH-10", "a12.report"): ("pass", "2026-10-23"),
        ("QH-11", "a10.expert"): ("pending", None),
    }
    found = {(case, duty): lines(audited[case], duty)[0] for case, duty in done}
    assert {
        key: (str(line.verdict), None if line.actual is None else str(line.actual.date)) for key, line in found.items()
    } == done


def test_the_risk_was_not_controllable_before_the_draft_was_adjusted(engine: Engine) -> None:
    states = [stay.state for stay in engine.case("QH-07-R").stays]
    assert states.index("uncontrollable") < states.index("adjusted") < states.index("controllable")


def test_the_running_matter_is_projected_and_its_report_provisional(audited: dict[str, CaseAudit]) -> None:
    (opinion,) = lines(audited["QH-12"], "a7.4.opinion")
    (report,) = lines(audited["QH-12"], "a7.4.report")
    assert opinion.anchor is not None
    assert report.anchor is not None
    assert (opinion.verdict, opinion.date_status, opinion.anchor.kind) == (Verdict.PENDING, "firm", "planned")
    assert (report.verdict, report.date_status, report.anchor.kind) == (Verdict.PROVISIONAL, "provisional", "projected")


def test_notices_were_in_time_until_the_session_was_moved(engine: Engine) -> None:
    (before,) = engine.audit("QH-07", as_of=date(2026, 6, 11)).cases
    (after,) = engine.audit("QH-07", as_of=date(2026, 6, 12)).cases
    assert {line.verdict for line in lines(before, "a7.2.notice")} == {Verdict.PASS}
    assert {line.verdict for line in lines(after, "a7.2.notice")} == {Verdict.PASS, Verdict.OVERDUE}


def test_one_exemption_holds_and_the_other_came_too_late(audited: dict[str, CaseAudit]) -> None:
    (granted,) = lines(audited["QH-X1"], "a14.exemption")
    (late,) = lines(audited["QH-X2"], "a14.exemption")
    assert granted.verdict is Verdict.PASS
    assert late.detail == ("retroactive",)
    for case in ("QH-X1", "QH-X2"):  # the gates are never lifted
        assert {lines(audited[case], gate)[0].verdict for gate in ("a10.expert", "a12.report")} == {Verdict.PASS}


def test_no_deadline_is_shown_for_duties_without_a_last_day(engine: Engine) -> None:
    rows = engine.due(until=date(2027, 1, 31))
    assert "a7.5.feedback" not in {row.obligation for row in rows}
    assert [(row.case, row.obligation, row.status) for row in rows[:3]] == [
        ("QH-11", "a7.4.report", "firm"),
        ("QH-12", "a7.4.opinion", "firm"),
        ("QH-12", "a7.4.report", "provisional"),
    ]


def test_there_are_hundreds_of_events_and_many_opinions(engine: Engine) -> None:
    assert sum(head.version for head in engine.heads()) > 1000
    assert len(engine.case("QH-05").items["opinion"]) >= 100


def test_no_two_opinions_say_the_same(engine: Engine) -> None:
    said = [
        opinion.fields["content"]
        for head in engine.heads()
        for opinion in engine.case(head.case).items.get("opinion", {}).values()
    ]
    assert len(said) == len(set(said))


@pytest.mark.parametrize("order", [list, reversed], ids=["as listed", "backwards"])
def test_the_order_of_the_files_makes_no_difference(
    order: Callable[[list[Path]], Iterable[Path]], audited: dict[str, CaseAudit], tmp_path: Path
) -> None:
    few = [path for path in MATTERS if path.stem.startswith(("QH-10", "QH-C", "QH-S", "QH-09"))]
    with Engine(tmp_path / "few.db", project=ROOT, clock=FixedClock(NOW)) as engine:
        import_cases(engine.context, read_cases(*order(few)))
        found = {case.case: (case.state, case.worst) for case in engine.audit(as_of=AS_OF).cases}
    expected = {path.stem: (audited[path.stem].state, audited[path.stem].worst) for path in few}
    assert found == expected


def test_importing_again_changes_nothing(engine: Engine) -> None:
    before = [(head.case, head.version, head.hash) for head in engine.heads()]
    again = bring(engine)
    assert (again.cases_new, again.events_new) == (0, 0)
    told = sum(event.type is EventType.SUBCASE for head in engine.heads() for event in engine.case(head.case).events)
    assert (
        again.events_known == sum(version for _, version, _ in before) - told
    )  # parents are told, files do not say it
    assert [(head.case, head.version, head.hash) for head in engine.heads()] == before
    assert engine.verify(replay=True) == ()


def test_every_open_obligation_of_the_city_is_due_once_with_its_bearer(engine: Engine) -> None:
    rows = engine.due()
    kinds = {row.kind for row in rows}
    assert {"dated", "undated", "determination"} <= kinds and "waiting" not in kinds
    for head in engine.heads():
        derived = read_derived(engine.context, head.case)
        own = [row for row in rows if row.case == head.case]
        assert open_work.listed(own) == open_work.owed(derived)
        assert open_work.determinations(own) == open_work.to_determine(derived)
        assert all(row.roles for row in own)


def test_a_matter_is_called_by_its_topic(engine: Engine) -> None:
    titles = {head.case: head.title for head in engine.heads()}
    assert (titles["QH-05"], titles["QH-04-H"]) == ("老旧小区改造三年行动计划", "QH-04-H")
    assert engine.overview("QH-05").title == engine.audit("QH-05").cases[0].title == titles["QH-05"]


@pytest.fixture
def path_with_program(tmp_path: Path) -> str:
    """A PATH on which the program is the one under test, installed or not."""
    program = tmp_path / "bin" / "zhengxie"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "from zhengxie_flow.cli.main import run; run()" "$@"\n')
    program.chmod(0o755)
    return f"{program.parent}{os.pathsep}{os.environ['PATH']}"


def test_the_script_runs_the_whole_demo(path_with_program: str, tmp_path: Path) -> None:
    project = tmp_path / "project"
    environ = {**os.environ, "PATH": path_with_program, "ZHENGXIE_LANG": "en", "PYTHONPATH": str(ROOT / "src")}
    script = ["sh", str(ROOT / "scripts" / "demo.sh"), str(project)]
    done = subprocess.run(script, env=environ, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{len(PROMISED)} new cases" in done.stdout
    assert "0 new events" in done.stdout
    assert all(f"\n{case} " in done.stdout for case in PROMISED)
    assert "make-up working day (国办发明电〔2025〕7号)" in done.stdout
    assert done.stdout.rstrip().endswith(f"cases with an intact chain: {len(PROMISED)}")


def test_the_script_leaves_alone_a_folder_it_did_not_make(path_with_program: str, tmp_path: Path) -> None:
    project = tmp_path / "mine"
    project.mkdir()
    (project / "keep.txt").write_text("mine")
    script = ["sh", str(ROOT / "scripts" / "demo.sh"), str(project)]
    environ = {**os.environ, "PATH": path_with_program}
    done = subprocess.run(script, env=environ, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 2
    assert [path.name for path in project.iterdir()] == ["keep.txt"]
