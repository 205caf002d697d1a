"""Files that prove what events say: kept with the event or not at all, found again, missed, erased."""

from __future__ import annotations

import hashlib
import io
import os
from contextlib import nullcontext
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.support import MINI, shanghai

from zhengxie_flow import Attachment, Conflict, Engine, NotFound, ZhengxieError
from zhengxie_flow.bootstrap import FixedClock
from zhengxie_flow.errors import UsageError
from zhengxie_flow.model.evidence import EvidenceReference
from zhengxie_flow.services.commands import erasing_files
from zhengxie_flow.storage.attachments import FolderAttachments
from zhengxie_flow.testing.attachments import MemoryAttachments

CLOCK = FixedClock(shanghai("2026-01-20T09:00:00"))
DAY = date(2026, 1, 12)
PAPER = b"minutes of the meeting"
HASH = f"sha256:{hashlib.sha256(PAPER).hexdigest()}"
REFERENCE = f"minutes.pdf {HASH} size={len(PAPER)}"


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'cases.db'}"
    return str(request.getfixturevalue("postgresql"))


@pytest.fixture
def folder(tmp_path: Path) -> FolderAttachments:
    return FolderAttachments(tmp_path / "files")


@pytest.fixture
def engine(place, folder):
    with Engine(place, project=MINI, clock=CLOCK, create=True, attachments=folder) as engine:
        for case in ("m1", "m2"):
            engine.open("mini/talk", case, by="office", items={"guest": {"g1": {"kind": "expert"}}})
        yield engine


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "minutes.pdf"
    path.write_bytes(PAPER)
    return path


def verified(engine):
    return [(found.case, found.sequence, found.kind) for found in engine.verify(evidence=True)]


def lying(folder):
    """Every file in the folder of attachments, staged ones too."""
    return [name for _, _, files in os.walk(folder.folder) for name in files]


WRITERS = {
    "record": lambda engine, evidence, **more: engine.record(
        "m1", "agree", at=DAY, by="partner", evidence=evidence, **more
    ),
    "advance": lambda engine, evidence, **more: engine.advance("m1", "agree", by="partner", evidence=evidence, **more),
    "determine": lambda engine, evidence, **more: engine.determine(
        "m1", {"urgent": True}, by="office", reason="r", evidence=evidence, **more
    ),
}


@pytest.mark.parametrize("door", WRITERS)
def test_every_door_keeps_a_file_with_its_event(engine, folder, paper, door):
    event = WRITERS[door](engine, ["page 3", paper], key="k")
    assert event.evidence == ("page 3", REFERENCE)
    assert engine.case("m1").events[-1].evidence == event.evidence
    assert lying(folder) == [HASH[7:]]
    assert verified(engine) == []
    assert WRITERS[door](engine, ["page 3", paper], key="k") == event
    assert lying(folder) == [HASH[7:]]
    with pytest.raises(Conflict):
        WRITERS[door](engine, ["page 3"], key="k")
    [kept] = [entry for entry in engine.overview("m1").evidence if entry.hash]
    assert (kept.event, kept.name, kept.hash, kept.size, kept.erased) == (
        event.sequence,
        "minutes.pdf",
        HASH,
        22,
        False,
    )


@pytest.mark.parametrize("kind", ["bytes", "stream", "path"])
def test_a_file_may_have_a_name_of_its_own(engine, paper, kind):
    source = {"bytes": PAPER, "stream": io.BytesIO(PAPER), "path": paper}[kind]
    event = engine.record("m1", "agree", at=DAY, by="partner", evidence=Attachment("../秘\x1b密\n.pdf", source))
    assert event.evidence == (REFERENCE.replace("minutes.pdf", "秘_密_.pdf"),)


def test_equal_files_are_kept_once(engine, folder, paper):
    engine.record("m1", "agree", at=DAY, by="partner", evidence=[paper, Attachment("copy.pdf", PAPER)])
    engine.record("m2", "agree", at=DAY, by="partner", evidence=paper)
    assert lying(folder) == [HASH[7:]]


@pytest.mark.parametrize("door", ["refused", "preview", "another version", "no such case", "a bad second file"])
def test_what_is_not_written_keeps_nothing(engine, folder, paper, tmp_path, door):
    with nullcontext() if door == "preview" else pytest.raises(ZhengxieError):
        match door:
            case "refused":
                engine.advance("m1", "hold", by="office", evidence=paper)
            case "preview":
                event, _ = engine.preview("m1", "agree", by="partner", evidence=paper)
                assert event.evidence == (REFERENCE,)
            case "another version":
                engine.record("m1", "agree", at=DAY, by="partner", evidence=paper, expected_version=9)
            case "no such case":
                engine.record("m9", "agree", at=DAY, by="partner", evidence=paper)
            case _:
                engine.record("m1", "agree", at=DAY, by="partner", evidence=[paper, tmp_path / "absent"])
    assert lying(folder) == []
    assert verified(engine) == []


def test_a_file_kept_for_a_write_that_failed_is_harmless(engine, folder, paper, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(*_args, **_more):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("zhengxie_flow.storage.transaction.SqlTransaction.append", killed)
        with pytest.raises(Killed):
            engine.record("m1", "agree", at=DAY, by="partner", evidence=paper)
    assert lying(folder) == [HASH[7:]]
    [found] = engine.verify(evidence=True)
    assert (found.case, found.kind, found.found) == ("", "unreferenced", HASH)
    assert engine.verify() == ()
    engine.record("m1", "agree", at=DAY, by="partner", evidence=paper)
    assert verified(engine) == []


def test_a_text_can_name_only_a_file_that_is_kept(engine, paper):
    with pytest.raises(NotFound) as caught:
        engine.record("m1", "agree", at=DAY, by="partner", evidence=REFERENCE)
    assert (caught.value.code, caught.value.params["hash"]) == ("ZX5041", HASH)
    engine.record("m1", "agree", at=DAY, by="partner", evidence=paper)
    engine.record("m2", "agree", at=DAY, by="partner", evidence=REFERENCE)
    wrong = REFERENCE.replace(f"size={len(PAPER)}", "size=7")
    with pytest.raises(NotFound):
        engine.determine("m2", {"urgent": True}, by="office", reason="r", evidence=wrong)
    assert verified(engine) == []


def test_a_command_repeated_after_an_upgrade_is_the_same(engine, paper):
    bare = EvidenceReference("minutes.pdf", HASH).text()  # as versions before 0.7 wrote it
    first = engine.record("m1", "agree", at=DAY, by="partner", evidence=bare, key="k")
    assert engine.record("m1", "agree", at=DAY, by="partner", evidence=paper, key="k") == first
    assert verified(engine) == []


def spoil(folder, how):
    place = folder.folder / "sha256" / HASH[7:9] / HASH[7:]
    os.chmod(place, 0o600)
    match how:
        case "gone":
            place.unlink()
        case "the whole folder gone":
            folder.folder.rename(folder.folder.with_name("elsewhere"))
        case "a byte":
            place.write_bytes(PAPER.replace(b"m", b"n", 1))
        case "longer":
            place.write_bytes(PAPER * 1000)
        case "empty":
            place.write_bytes(b"")
        case "a folder":
            place.unlink()
            place.mkdir()
        case "a pipe":
            place.unlink()
            os.mkfifo(place)


SPOILT = {
    "gone": "evidence_missing", "the whole folder gone": "evidence_missing", "a folder": "evidence_missing",
    "a byte": "evidence_changed", "longer": "evidence_changed", "empty": "evidence_changed", "a pipe": "evidence_changed",
}  # fmt: skip


@pytest.mark.parametrize("how", SPOILT)
def test_a_missing_or_changed_file_is_named_for_each_event(engine, folder, paper, how):
    for case in ("m1", "m2"):
        engine.record(case, "agree", at=DAY, by="partner", evidence=["in words", paper])
    spoil(folder, how)
    version = engine.journal.head("m1").version
    assert verified(engine) == [("m1", version, SPOILT[how]), ("m2", version, SPOILT[how])]
    assert all(found.expected == REFERENCE for found in engine.verify(evidence=True))
    assert engine.verify() == ()  # it was not asked for


def test_a_file_that_no_event_names_is_told_apart_and_stays(engine, folder, paper):
    folder.keep(folder.stage(Attachment("x", b"stray")))
    engine.record("m1", "agree", at=DAY, by="partner", evidence=paper)
    [found] = engine.verify(evidence=True)
    assert (found.case, found.kind, found.found) == (
        "",
        "unreferenced",
        f"sha256:{hashlib.sha256(b'stray').hexdigest()}",
    )
    assert len(lying(folder)) == 2


def erase(engine, case, field="evidence", **more):
    return engine.erase(case, engine.journal.head(case).version, field, by="office", reason="over", **more)


def test_erasing_takes_the_file_and_leaves_its_hash_and_who_did_it(engine, folder, paper):
    engine.record("m1", "agree", at=DAY, by="partner", evidence=["page 3", paper])
    would = erase(engine, "m1", dry_run=True)
    done = erase(engine, "m1", key="k")
    assert [place.field for place in done.places] == ["/evidence/1"] == [place.field for place in would.places]
    assert (done.event.type, done.left, lying(folder)) == ("erased", (), [])
    number = done.places[0].event
    assert verified(engine) == [("m1", number, "erased")]
    assert engine.overview("m1").evidence[1].erased
    again = engine.erase("m1", number, "evidence", by="office", reason="over", key="k")
    assert again.event == done.event
    for field in ("evidence", "/evidence/1", "/evidence/0", "/evidence/9"):
        with pytest.raises(NotFound) as caught:
            engine.erase("m1", number, field, by="office", reason="over")
        assert caught.value.code == "ZX5020"
    with pytest.raises(Conflict):
        engine.erase("m1", number, "/evidence/0", by="office", reason="over", key="k")


def test_a_file_stays_for_others_until_its_last_reference_is_erased(engine, folder, paper):
    for case in ("m1", "m2"):
        engine.record(case, "agree", at=DAY, by="partner", evidence=[paper, Attachment("copy", PAPER)])
    number = engine.journal.head("m1").version
    first = erase(engine, "m1", "/evidence/0")
    assert [(place.case, place.field) for place in first.left] == [
        ("m1", "/evidence/1"), ("m2", "/evidence/0"), ("m2", "/evidence/1"),
    ]  # fmt: skip
    engine.erase("m1", number, "evidence", by="office", reason="over")
    assert lying(folder) == [HASH[7:]]
    assert verified(engine) == [("m1", number, "erased"), ("m1", number, "erased")]
    erase(engine, "m2")
    assert lying(folder) == []
    assert {kind for *_, kind in verified(engine)} == {"erased"}


def test_an_erasure_that_was_killed_before_the_file_went_is_found_and_finished(engine, folder, paper, monkeypatch):
    engine.record("m1", "agree", at=DAY, by="partner", evidence=paper)
    number = engine.journal.head("m1").version
    with monkeypatch.context() as patch:
        patch.setattr(erasing_files, "remove_unreferenced", lambda *_: None)
        done = erase(engine, "m1")
    assert (lying(folder), verified(engine)) == ([HASH[7:]], [("m1", number, "evidence_kept")])
    again = engine.erase("m1", number, "evidence", by="office", reason="over")
    assert (again.event, lying(folder), verified(engine)) == (done.event, [], [("m1", number, "erased")])


def test_without_a_place_files_are_refused_and_words_are_not(place, paper):
    with Engine(place, project=MINI, clock=CLOCK, create=True, attachments=MemoryAttachments()) as engine:
        engine.open("mini/talk", "m1", by="office")
        engine.record("m1", "agree", at=DAY, by="partner", evidence=paper)
    made = sa.create_engine(place.replace("postgresql:", "postgresql+psycopg:"))
    with made.connect() as connection, Engine(connection, project=MINI, clock=CLOCK) as engine:
        for call in (
            lambda: engine.determine("m1", {"urgent": True}, by="office", reason="r", evidence=paper),
            lambda: engine.preview("m1", "agree", by="partner", evidence=paper),
            lambda: engine.determine("m1", {"urgent": True}, by="office", reason="r", evidence=REFERENCE),
            lambda: engine.verify(evidence=True),
            lambda: engine.erase("m1", 2, "evidence", by="office", reason="over"),
        ):
            with pytest.raises(UsageError) as caught:
                call()
            assert caught.value.code == "ZX5042"
        engine.determine("m1", {"urgent": True}, by="office", reason="r", evidence="page 3")
    made.dispose()


def test_beside_an_sqlite_file_is_the_usual_place(tmp_path, paper):
    with Engine(tmp_path / "cases.db", project=MINI, clock=CLOCK) as engine:
        engine.open("mini/talk", "m1", by="office")
        assert not (tmp_path / "cases.db.attachments").exists()
        engine.record("m1", "agree", at=DAY, by="partner", evidence=paper)
        with engine.context.attachments.open(HASH) as stream:
            assert stream.read() == PAPER
    assert (tmp_path / "cases.db.attachments").is_dir()
    with Engine(tmp_path / "cases.db", project=MINI, clock=CLOCK, read_only=True) as engine:
        assert engine.verify(evidence=True) == ()
        assert engine.preview("m1", "prepare", at=DAY, by="office", evidence=paper)[0].evidence == (REFERENCE,)
