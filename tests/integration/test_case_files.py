"""Portable case files: out of one journal and into another, with the chain intact, or not at all."""

from __future__ import annotations

import json
import os
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from tests.support import DATA, MINI, tries

from zhengxie_flow import Attachment, Conflict, Engine, NotFound, ZhengxieError
from zhengxie_flow.errors import ChainBroken, InvalidInput
from zhengxie_flow.model.event import canonical
from zhengxie_flow.ports import ABSENT, ERASED, NOTES
from zhengxie_flow.storage import upgrade
from zhengxie_flow.storage.case_file_lines import next_digest
from zhengxie_flow.storage.case_file_writing import CaseFileWriter

SECRETS = ("张三丰", "13800138000", "1975-05-05")
TABLES = ("zx_events", "zx_personal", "zx_heads", "zx_definitions", "zx_deadlines")


class Hand:
    """A clock turned by hand."""

    fixed = False

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 2, tzinfo=UTC)

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture(params=["sqlite", "postgresql"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """A journal, and another: one of the two is on the other database now and then."""
    first = f"sqlite:///{tmp_path / 'first.db'}"
    if request.param == "sqlite":
        return first, f"sqlite:///{tmp_path / 'second.db'}"
    second = str(request.getfixturevalue("postgresql"))
    upgrade(second)
    return first, second


def petition(engine: Engine) -> None:
    """A case with personal values, of which one is erased, and an attachment."""
    items = {"witness": {"w1": {"name": "李四光", "kind": "expert"}}}
    engine.open("town/petition", "P", by="clerk", facts={"petitioner": "张三丰", "topic": "绿化"}, items=items)
    engine.record(
        "P", "receive", at=date(2026, 3, 2), by="clerk", key="r", evidence=[Attachment("letter.pdf", b"a letter" * 9000)],
        fields={"petitioner": "张三丰", "phone": "13800138000"},
    )  # fmt: skip
    engine.determine("P", {"born": "1975-05-05"}, by="clerk", reason="identity card")
    engine.erase("P", 3, "born", reason="no longer needed", by="clerk")


def matters(engine: Engine) -> None:
    """Cases under cases, and one that stands alone."""
    engine.open("town/matter", "M", by="clerk")
    engine.determine("M", {"hearing_required": True}, by="clerk", reason="many are concerned")
    engine.open("town/hearing", "H", by="clerk", under="M", subcase="hearing")
    engine.open("town/matter", "N", by="clerk")


def rows(engine: Engine, *tables: str) -> dict[str, list[tuple[object, ...]]]:
    """Everything a journal holds, but for the numbers of rows."""
    with engine.journal._source.reading() as connection:
        found = {}
        for table in tables or TABLES:
            result = connection.exec_driver_sql(f"SELECT * FROM {table}")  # noqa: S608
            keys = [key for key in result.keys() if key != "id"]  # noqa: SIM118
            found[table] = sorted((tuple(row._mapping[key] for key in keys) for row in result), key=repr)
        return found


def kinds(engine: Engine) -> set[str]:
    return {finding.kind for finding in engine.verify(replay=True)}


def sealed(engine: Engine, *cases: str) -> dict[str, list[tuple[bytes, str]]]:
    return {case: [(canonical(event.record), event.hash) for event in engine.journal.sealed(case)] for case in cases}


def verdicts(engine: Engine) -> list[object]:
    return [(case.case, case.state, case.verdicts) for case in engine.audit().cases]


def copied(line: bytes) -> dict[str, object]:
    return json.loads(line)["entry"]  # type: ignore[no-any-return]


def written_anew(lines: list[dict[str, object]]) -> bytes:
    """A file of some entries as a forger writes it: with the digests of what it says."""
    digest, result = "", []
    for entry in lines:
        digest = next_digest(digest, canonical(entry))
        result.append(b'{"digest":"' + digest.encode() + b'","entry":' + canonical(entry) + b"}\n")
    return b"".join(result)


def test_cases_come_over_with_chains_definitions_and_verdicts(places, tmp_path, clock):
    file = tmp_path / "all.zxcase"
    with Engine(places[0], project=DATA / "subcases", clock=clock) as engine:
        matters(engine)
        content = engine.export_case(None, file)
        before, judged = sealed(engine, "M", "H", "N"), verdicts(engine)
        once = rows(engine, "zx_definitions")
    assert (content.families, content.cases, content.absent) == (2, 3, 0)
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    with Engine(places[1], project=DATA / "subcases", clock=clock) as other:
        assert other.import_case(file, dry_run=True).cases_new == 3
        assert list(other.journal.heads()) == []
        done = other.import_case(file)
        assert (done.cases_new, done.events_new, done.differing) == (3, content.events, [])
        assert sealed(other, "M", "H", "N") == before
        assert verdicts(other) == judged
        assert other.verify(replay=True) == ()
        assert rows(other, "zx_definitions") == once
        first = rows(other)
        again = other.import_case(file)
        assert (again.cases_new, again.cases_known, again.events_new) == (0, 3, 0)
        assert rows(other) == first
        copy = tmp_path / "again.zxcase"
        other.export_case(None, copy)
        assert copy.read_bytes() == file.read_bytes()  # the same bytes, whoever wrote them


def test_a_case_brings_its_family_and_nobody_else(places, tmp_path, clock):
    with Engine(places[0], project=DATA / "subcases", clock=clock) as engine:
        matters(engine)
        for case in ("H", "M"):
            assert engine.export_case(case, tmp_path / case).cases == 2
        with pytest.raises(NotFound, match="ZX4002"):
            engine.export_case("X", tmp_path / "X")
        assert not (tmp_path / "X").exists()
        with pytest.raises(Conflict, match="ZX5126"):
            engine.export_case("M", tmp_path / "H")
    assert sorted(path.name for path in tmp_path.glob(".zh*")) == []


def test_a_place_without_the_project_judges_the_same(places, tmp_path, clock):
    file = tmp_path / "n"
    with Engine(places[0], project=DATA / "subcases", clock=clock) as engine:
        matters(engine)
        engine.export_case("M", file)
        judged = verdicts(engine)[:2]
    with Engine(places[1], project=MINI, clock=clock) as other:
        assert other.import_case(file).differing == []
        assert (verdicts(other), other.verify()) == (judged, ())


def test_personal_values_stay_at_home_unless_asked_for(places, tmp_path, clock):
    closed, full = tmp_path / "closed", tmp_path / "full"
    with Engine(places[0], project=DATA / "personal", clock=clock, attachments=tmp_path / "a") as engine:
        petition(engine)
        engine.export_case("P", closed)
        engine.export_case("P", full, personal=True, evidence=True)
        before = sealed(engine, "P")
        events = engine.journal.events("P")
        erased = [datum for datum in engine.journal.personal("P") if datum.erased]
    text = closed.read_text(encoding="utf-8")
    assert [secret for secret in SECRETS if secret in text] == []
    assert [secret in full.read_text(encoding="utf-8") for secret in SECRETS] == [True, True, False]
    with Engine(places[1], project=DATA / "personal", clock=clock, attachments=tmp_path / "b") as other:
        done = other.import_case(closed)
        assert done.absent == 5
        assert sealed(other, "P") == before
        assert kinds(other) == {ABSENT, ERASED}
        assert {finding.kind for finding in other.verify(evidence=True)} - NOTES == {"evidence_missing"}
        assert [datum for datum in other.journal.personal("P") if datum.ground == "no longer needed"] == erased
    with Engine(tmp_path / "third.db", project=DATA / "personal", clock=clock, attachments=tmp_path / "c") as third:
        assert third.import_case(full).absent == 0
        assert third.journal.events("P") == events
        assert [datum for datum in third.journal.personal("P") if datum.erased] == erased
        assert {finding.kind for finding in third.verify(evidence=True, replay=True)} == {ERASED}
        again = tmp_path / "from-closed"
        with Engine(places[1], project=DATA / "personal", clock=clock) as other:
            other.export_case("P", again, personal=True)
            assert third.import_case(again).cases_known == 1


def test_a_value_erased_here_is_not_brought_back_and_one_erased_there_goes_here_too(places, tmp_path, clock):
    with Engine(places[0], project=DATA / "personal", clock=clock, attachments=tmp_path / "a") as engine:
        petition(engine)
        engine.export_case("P", tmp_path / "early", personal=True, evidence=True)
        with Engine(places[1], project=DATA / "personal", clock=clock, attachments=tmp_path / "b") as other:
            other.import_case(tmp_path / "early")
            assert any("13800138000" in (datum.value or "") for datum in other.journal.personal("P"))
            engine.erase("P", 2, "phone", reason="asked for", by="clerk")
            engine.erase("P", 2, "evidence", reason="asked for", by="clerk")
            engine.export_case("P", tmp_path / "late", personal=True, evidence=True)
            done = other.import_case(tmp_path / "late")
            assert (done.cases_continued, done.events_new) == (1, 2)
            assert other.journal.personal("P") == engine.journal.personal("P")
            assert other.journal.events("P") == engine.journal.events("P")
            assert {finding.kind for finding in other.verify(evidence=True, replay=True)} == {ERASED}
        assert engine.import_case(tmp_path / "early").cases_known == 1
        assert not any("13800138000" in (datum.value or "") for datum in engine.journal.personal("P"))
        assert "a letter" not in (tmp_path / "late").read_text(encoding="utf-8")


def test_a_copy_goes_on_and_one_that_went_another_way_is_refused(places, tmp_path, clock):
    with Engine(places[0], project=DATA / "subcases", clock=clock) as engine:
        matters(engine)
        engine.export_case("N", tmp_path / "short")
        with Engine(places[1], project=DATA / "subcases", clock=clock) as other:
            other.import_case(tmp_path / "short")
            engine.determine("N", {"hearing_required": False}, by="clerk", reason="few")
            engine.export_case(None, tmp_path / "long")
            done = other.import_case(tmp_path / "long")
            assert (done.cases_new, done.cases_continued, done.events_new) == (2, 1, 5)
            assert other.verify(replay=True) == ()
            assert other.import_case(tmp_path / "short").cases_known == 1
            other.determine("N", {"hearing_required": True}, by="clerk", reason="many after all")
            engine.determine("N", {"hearing_required": True}, by="clerk", reason="another reason")
            engine.determine("M", {"hearing_required": True}, by="clerk", reason="still")
            engine.export_case(None, tmp_path / "forked")
            stored = rows(other)
            with pytest.raises(Conflict) as refused:
                other.import_case(tmp_path / "forked")
            assert (refused.value.code, refused.value.where.case, refused.value.where.event) == ("ZX5125", "N", 3)
            assert rows(other) == stored  # of the cases that would fit, nothing either
    with Engine(tmp_path / "third.db", project=DATA / "subcases", clock=clock) as third:
        third.open("town/matter", "N", by="clerk")
        with pytest.raises(Conflict, match="ZX5124"):
            third.import_case(tmp_path / "forked")


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> bytes:
    folder = tmp_path_factory.mktemp("file")
    with Engine(folder / "a.db", project=DATA / "personal", clock=Hand(), attachments=folder / "a") as engine:
        petition(engine)
        engine.export_case("P", folder / "f", personal=True, evidence=True)
    return (folder / "f").read_bytes()


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    folder = tmp_path_factory.mktemp("empty")
    with Engine(folder / "b.db", project=DATA / "personal", clock=Hand(), attachments=folder / "b") as engine:
        yield engine


def refused(engine: Engine, path: Path, content: bytes) -> ZhengxieError | None:
    path.write_bytes(content)
    try:
        engine.import_case(path, dry_run=True)
    except ZhengxieError as error:
        return error
    return None


@settings(max_examples=tries(150), deadline=None)
@given(data=st.data())
def test_every_byte_is_watched_over(file, empty, tmp_path_factory, data):
    at = data.draw(st.integers(0, len(file) - 1))
    how = data.draw(st.sampled_from(("change", "drop", "add", "cut", "swap", "double")))
    lines = file.splitlines(keepends=True)
    number = file[:at].count(b"\n")
    match how:
        case "change":
            changed = file[:at] + bytes([file[at] ^ data.draw(st.integers(1, 255))]) + file[at + 1 :]
        case "drop":
            changed = file[:at] + file[at + 1 :]
        case "add":
            changed = file[:at] + bytes([data.draw(st.integers(0, 255))]) + file[at:]
        case "cut":
            changed = file[:at]
        case "swap":
            other = data.draw(st.integers(0, len(lines) - 1))
            lines[number], lines[other] = lines[other], lines[number]
            changed, number = b"".join(lines), min(number, other)
        case "double":
            lines.insert(number, lines[number])
            changed, number = b"".join(lines), number + 1
    if changed == file:
        return
    error = refused(empty, tmp_path_factory.getbasetemp() / "tampered", changed)
    assert isinstance(error, InvalidInput)
    assert error.code in {"ZX5120", "ZX5121", "ZX5122", "ZX5127", "ZX5130"}
    if error.code != "ZX5130":  # which names the file as a whole
        assert error.where.line is not None and number <= error.where.line - 1 <= number + 1
    assert list(empty.journal.heads()) == []


def test_every_byte_at_the_borders_is_watched_over(file, empty, tmp_path):
    """Each first and last byte of every line, and what comes after the end."""
    places = {at for line in range(file.count(b"\n")) for at in _borders(file, line)}
    for at in sorted(places):
        assert refused(empty, tmp_path / "f", file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :]) is not None, at
    for more in (b"\n", b" ", b"{}", file):
        assert refused(empty, tmp_path / "f", file + more) is not None
    assert refused(empty, tmp_path / "f", file) is None


def _borders(file: bytes, line: int) -> tuple[int, int]:
    parts = file.splitlines(keepends=True)
    begin = sum(map(len, parts[:line]))
    return begin, begin + len(parts[line]) - 1


FORGERIES = {
    "an event of its own": lambda lines: _of(lines, "event")[1]["record"].update(by="mayor"),
    "an event taken out": lambda lines: lines.remove(_of(lines, "event")[2]),
    "a number": lambda lines: _of(lines, "case")[0].update(events=2),
    "another case": lambda lines: _of(lines, "case")[0].update(case="Q"),
    "a value": lambda lines: _of(lines, "personal")[0].update(value='"another"'),
    "an erased value": lambda lines: _of(lines, "personal")[-1].update(erased="yesterday"),
    "a value of no event": lambda lines: _of(lines, "personal")[0].update(field="/nowhere"),
    "a definition": lambda lines: _of(lines, "definition")[0].update(bundle='{"id":"town/petition"}'),
    "a definition that is none": lambda lines: _of(lines, "definition")[0].update(bundle="[" * 9000),
    "an attachment": lambda lines: _of(lines, "part")[0].update(content="YQ=="),
    "a huge attachment": lambda lines: _of(lines, "attachment")[0].update(size=2**70),
    "a path for a hash": lambda lines: _of(lines, "attachment")[0].update(hash="../../etc/passwd"),
    "a count at the end": lambda lines: lines[-1].update(events=9),
    "a kind": lambda lines: lines[3].update(kind="x"),
    "a key more": lambda lines: lines[1].update(more=1),
    "a key less": lambda lines: lines[-1].pop("cases"),
    "a case twice": lambda lines: _of(lines, "family")[0].update(cases=["P", "P"]),
    "no case": lambda lines: _of(lines, "family")[0].update(cases=[]),
    "a day that is none": lambda lines: _of(lines, "verdicts")[0].update(as_of="2026-02-30"),
    "verdicts that are none": lambda lines: _of(lines, "verdicts")[0].update(lines=[{}]),
    "a calendar": lambda lines: _of(lines, "calendar")[0].update(working=[1]),
    "a later format": lambda lines: lines[0].update(version=2),
    "another format": lambda lines: lines[0].update(format="x"),
    "a schema to come": lambda lines: _of(lines, "event")[0]["record"].update(schema=99),
    "an id of no case": lambda lines: _of(lines, "event")[0]["record"].update(case=7),
}


def _of(lines, kind):
    return [entry for entry in lines if entry["kind"] == kind]


@pytest.mark.parametrize("what", FORGERIES)
def test_a_file_written_anew_does_not_pass_either(file, empty, tmp_path, what):
    lines = [copied(line) for line in file.splitlines()]
    FORGERIES[what](lines)
    error = refused(empty, tmp_path / "f", written_anew(lines))
    assert isinstance(error, InvalidInput), what
    assert error.code in {"ZX5121", "ZX5122", "ZX5123", "ZX5130"}
    assert list(empty.journal.heads()) == []


def test_whoever_writes_all_anew_is_convicted_by_the_root(file, empty, tmp_path):
    lines = [copied(line) for line in file.splitlines()]
    root = json.loads(file.splitlines()[-1])["digest"]
    _of(lines, "verdicts")[0]["lines"].pop()
    path = tmp_path / "f"
    path.write_bytes(written_anew(lines))
    with pytest.raises(InvalidInput, match="ZX5128"):
        empty.import_case(path, root=root, dry_run=True)
    done = empty.import_case(path, dry_run=True)
    assert done.cases_new == 1
    path.write_bytes(file)
    assert empty.import_case(path, root=root, dry_run=True).content.root == root


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda _path: None, "ZX6013"),
        (lambda path: path.mkdir(), "ZX6013"),
        (lambda path: path.write_bytes(b""), "ZX5130"),
        (lambda path: path.write_bytes(b"PK\x03\x04" * 1000), "ZX5130"),
        (lambda path: path.write_bytes(b"{" * 10_000_000), "ZX5130"),
        (os.mkfifo, "ZX5043"),
    ],
)
def test_what_is_no_case_file_says_so(empty, tmp_path, make, code):
    make(tmp_path / "f")
    with pytest.raises(InvalidInput) as caught:
        empty.import_case(tmp_path / "f")
    assert caught.value.code == code


def test_a_journal_that_was_tampered_with_is_not_exported(tmp_path, clock):
    from tests.tampering import opened

    with Engine(tmp_path / "a.db", project=DATA / "subcases", clock=clock) as engine:
        matters(engine)
    with opened(tmp_path / "a.db") as connection:
        connection.execute("UPDATE zx_events SET by_role = 'mayor' WHERE case_id = 'N' AND sequence = 1")
    with Engine(tmp_path / "a.db", project=DATA / "subcases", clock=clock) as engine, pytest.raises(ChainBroken):
        engine.export_case(None, tmp_path / "f")
    assert not (tmp_path / "f").exists()


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path, clock, monkeypatch):
    with Engine(tmp_path / "a.db", project=DATA / "subcases", clock=clock) as engine:
        matters(engine)
        for target in (tmp_path / "absent" / "f", tmp_path / ("x" * 300)):
            with pytest.raises(ZhengxieError, match="ZX5131"):
                engine.export_case("N", target)
        monkeypatch.setattr(CaseFileWriter, "finish", lambda _self: (_ for _ in ()).throw(OSError(28, "full")))
        with pytest.raises(ZhengxieError, match="ZX5131"):
            engine.export_case("N", tmp_path / "f")
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith("a.db")] == []


def test_an_import_that_was_cut_short_goes_on(tmp_path, clock, monkeypatch):
    from zhengxie_flow.services.commands import case_import

    with Engine(tmp_path / "a.db", project=DATA / "subcases", clock=clock) as engine:
        for number in range(12):
            engine.open("town/matter", f"C{number}", by="clerk")
        engine.export_case(None, tmp_path / "f")
    monkeypatch.setattr(case_import, "CHUNK", 3)
    with Engine(tmp_path / "b.db", project=DATA / "subcases", clock=clock) as other:

        def stop(_count: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            other.import_case(tmp_path / "f", progress=stop)
        assert len(list(other.journal.heads())) == 3
        assert other.verify(replay=True) == ()
        done = other.import_case(tmp_path / "f")
        assert (done.cases_new, done.cases_known) == (9, 3)
        assert other.verify(replay=True) == ()
