"""The journal of every released version opens, is in order, is judged as it was then, and goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from tests import frozen
from tests.cli.program import Answer, run
from tests.projects import shipped
from tests.support import SOAK, shanghai

from zhengxie_flow import Engine
from zhengxie_flow.bootstrap import FixedClock
from zhengxie_flow.ports import Finding
from zhengxie_flow.presentation.serialise import serialise
from zhengxie_flow.services.queries.attachments import evidence_findings
from zhengxie_flow.testing.attachments import MemoryAttachments

LATER = "2026-12-01T09:00:00"

SILENT = {"pending", "not_applicable", "exempt"}
"""Verdicts with which a requirement of an act that nobody did, planned or owes was once listed; now it has no line."""

Line = tuple[str | None, ...]


def retroactive(ident: str, verdict: str) -> Line:
    """The line on an obligation of the case whose consultation was left out by a grant after the decision."""
    return ("QH-X2", ident, None, verdict, None, None, None)


BECAME: dict[Line, Line] = {
    # a grant after the decision that it had to precede lifts nothing
    **{
        retroactive(ident, "exempt"): retroactive(ident, "pending")
        for ident in ("a6.1.regular", "a6.2.regular", "a6.4.method", "a7.1.catalogue", "a7.3.opinions", "a7.4.opinion")
    },
    retroactive("a7.4.report", "exempt"): retroactive("a7.4.report", "pending"),
}
"""Where a verdict of today is meant to differ from that of every version: the line then, the line now."""

LISTED = {
    retroactive(ident, "pending")
    for ident in ("a2.scope", "a6.1.host", "a7.2.organise", "a7.3.form", "a7.4.report_form", "a7.4.recipients")
}
"""Requirements of the acts that such a grant lifted before 0.10: what is owed is asked for again."""

EXCUSED = ("QH-06", "a7.4.report", None, "deviation_justified", "2026-06-03", None, None)
UNEXCUSED = ("QH-06", "a7.4.report", None, "deviation", "2026-06-03", None, None)
"""The departure before 0.6 that the undertaking department explained: it does not owe the report and excuses nothing."""

ADDED = {"QH-06": ("QH-06", "integrity.authority", None, "finding", None, None, None)}
"""Lines that were not there before 0.6, the last of their case: a departure explained by a role that does not owe it."""


SOME = {"0.3.0", "0.6.0", "0.8.0", frozen.VERSIONS[-2]}
"""Versions after which a journal was written otherwise."""
PLACES = [
    (version, dialect)
    for version in frozen.VERSIONS
    for dialect in ("sqlite", "postgresql")
    if SOAK or version in (frozen.VERSIONS[0], frozen.VERSIONS[-1]) or (dialect == "sqlite" and version in SOME)
]
"""Some versions in a file, on the server the first and the last, and all of them in the soak run."""


@pytest.fixture(params=PLACES, ids="-".join)
def place(request) -> tuple[str, str]:
    return request.param


@pytest.fixture
def version(place: tuple[str, str]) -> str:
    return place[0]


@pytest.fixture
def database(place: tuple[str, str], request, tmp_path) -> str:
    return f"sqlite:///{tmp_path}/journal.db" if place[1] == "sqlite" else request.getfixturevalue("postgresql")


@pytest.fixture
def project(version: str, tmp_path: Path) -> Path:
    """The shipped project with the files the version had besides."""
    added, _ = frozen.unpack(version, tmp_path)
    return shipped(added)


@pytest.fixture
def command(database: str, project: Path, monkeypatch) -> Callable[..., Answer]:
    """The command line on the journal."""
    monkeypatch.setenv("ZHENGXIE_CLOCK", f"{LATER}+08:00")
    return partial(run, "--project", project, "--db", database, "--format", "json")


@pytest.fixture
def engine(version: str, database: str, project: Path) -> Iterator[Engine]:
    frozen.restore(version, database)
    with Engine(database, project=project, clock=FixedClock(shanghai(LATER))) as made:
        yield made


def test_it_is_in_order_and_says_what_it_said(version: str, engine: Engine):
    then = frozen.about(version)
    assert len(engine.heads()) == then["verify"]["cases"]
    found = [(finding.case, finding.sequence, finding.kind) for finding in engine.verify()]
    wanted = [(each["case"], each["sequence"], each["kind"]) for each in then["verify"]["findings"]]
    assert [
        entry for entry in found if entry[2] not in ("projection", "stale")
    ] == wanted  # rows may hold days nobody projects today
    engine.rebuild()
    assert [(finding.case, finding.sequence, finding.kind) for finding in engine.verify(replay=True)] == wanted
    empty = replace(engine.context, attachments=MemoryAttachments())
    kept = [(finding.case, finding.kind) for finding in evidence_findings(empty)]
    expected = [("F-talk", "evidence_missing")] if tuple(map(int, version.split("."))) >= (0, 7) else []
    assert kept == expected  # before 0.7 what it refers to stayed where it was; the files of a journal are not frozen
    written = Counter(str(event.type) for head in engine.heads() for event in engine.case(head.case).events)
    assert dict(written) == then["events"]


def test_its_cases_are_judged_as_they_were(version: str, engine: Engine):
    then = frozen.about(version)
    audited = serialise(engine.audit(as_of=date.fromisoformat(then["as_of"])))
    columns = then["columns"][1:]
    further = tuple(map(int, version.split("."))) >= (0, 8)  # only the first round of a limit was judged before
    now = [
        [case["case"], *map(line.get, columns)]
        for case in audited["cases"]
        for line in case["verdicts"]
        if further or line["round"] == 1
    ]
    early = tuple(map(int, version.split("."))) < (0, 6)
    became = {**BECAME, EXCUSED: UNEXCUSED} if early else BECAME
    expected = [became.get(tuple(line), tuple(line)) for line in frozen.verdicts(version)]
    lines, asked = set(map(tuple, now)), requirements(engine)
    unlisted = [line for line in expected if line not in lines and line[1] in asked and line[3] in SILENT]
    cases = [line[0] for line in expected]
    added = ADDED if early else {}
    ends = {case: len(cases) - cases[::-1].index(case) for case in added}
    for case in sorted(added, key=ends.__getitem__, reverse=True):
        expected.insert(ends[case], added[case])
    listed = LISTED if tuple(map(int, version.split("."))) < (0, 10) else set()
    assert [line for line in map(tuple, now) if line not in listed] == [
        line for line in expected if line not in unlisted
    ]


def requirements(engine: Engine) -> set[str]:
    """The requirements of the definitions that the cases of a journal are judged by."""
    governed = (engine.context.read(head.case) for head in engine.heads())
    return {ident for case in governed for ident in case.compiled.requirements}


ENDS = [place for place in PLACES if SOAK or place[0] in (frozen.VERSIONS[0], frozen.VERSIONS[-1])]
"""The first and the last version, to which is written and imported again; every one in the soak run."""


@pytest.mark.parametrize("place", ENDS, ids="-".join, indirect=True)
def test_it_takes_new_events(engine: Engine):
    before = in_doubt(engine)
    version = engine.case("F-talk").version
    note = engine.record("F-talk", "note", item="v1", at=date(2026, 4, 14), by="department")
    reply = engine.advance("F-talk", "reply", by="office")
    assert (note.sequence, reply.sequence) == (version + 1, version + 2)
    engine.open("mini/talk", "F-new", by="office")
    engine.checkpoint()
    assert in_doubt(engine) == before


def in_doubt(engine: Engine) -> list[Finding]:
    """What is found, without the heads that an earlier version wrote."""
    return [finding for finding in engine.verify() if finding.kind != "stale"]


@pytest.mark.parametrize("place", ENDS, ids="-".join, indirect=True)
@pytest.mark.usefixtures("engine")
def test_the_files_it_imported_are_known_again(command, project: Path):
    files = sorted((project.parent / "imports").glob("*.yaml"))
    answer = command("import", *files)
    assert answer.code == 0, answer.error
    assert (answer.data["cases_known"], answer.data["cases_new"], answer.data["events_new"]) == (len(files), 0, 0)
