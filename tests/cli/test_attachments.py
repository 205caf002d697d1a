"""Evidence on the command line: attached, shown, verified, erased, imported; where it lies and how large it may be."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from tests.cli.program import Desk, case_file, run, write
from tests.cli.test_output_schema import check
from tests.support import MINI

from zhengxie_flow.cli import parsing
from zhengxie_flow.cli.parsing import evidence
from zhengxie_flow.errors import InvalidInput

PAPER = b"received"
HASH = f"sha256:{hashlib.sha256(PAPER).hexdigest()}"
TEXT = f"回执 1.pdf {HASH} size=8"


@pytest.fixture
def opened(desk: Desk) -> Desk:
    assert desk("import", write(Path("c1.yaml"), case_file("c1"))).code == 0
    return desk


@pytest.fixture
def paper(tmp_path):
    path = tmp_path / "回执 1.pdf"
    path.write_bytes(PAPER)
    return path


def folder(desk):
    return Path(f"{desk.db}.attachments")


def test_a_file_is_attached_shown_verified_and_erased(opened, paper):
    agree = ("advance", "c1", "agree", "--by", "partner", "--evidence", paper)
    assert opened.json(*agree, "--dry-run").data["event"]["evidence"] == [TEXT]
    assert not folder(opened).exists()
    written = opened.json(*agree)
    assert written.data["event"]["evidence"] == [TEXT]
    number = written.data["event"]["sequence"]
    shown = opened.json("show", "c1")
    check(shown, "show")
    entry = {"event": number, "name": "回执 1.pdf", "hash": HASH, "size": 8, "erased": False}
    assert shown.data["evidence"] == [entry]
    text = opened("--lang", "en", "show", "c1").out
    assert HASH in text
    assert "8 bytes" in text
    assert (opened("verify", "--evidence").code, opened("verify").code) == (0, 0)

    stray = folder(opened) / "sha256" / "00" / ("00" + "1" * 62)
    stray.parent.mkdir()
    stray.write_bytes(b"")
    found = opened.json("verify", "--evidence")
    check(found, "verify")
    assert (found.code, found.data["intact"], [each["kind"] for each in found.data["findings"]]) == (
        0,
        True,
        ["unreferenced"],
    )
    assert "no event refers to" in opened("--lang", "en", "verify", "--evidence").out

    kept = folder(opened) / "sha256" / HASH[7:9] / HASH[7:]
    os.chmod(kept, 0o600)
    kept.write_bytes(b"Received")
    found = opened.json("verify", "--evidence")
    check(found, "verify")
    assert (found.code, found.data["intact"]) == (1, False)
    first = found.data["findings"][0]
    assert (first["case"], first["sequence"], first["kind"], first["expected"]) == (
        "c1",
        number,
        "evidence_changed",
        TEXT,
    )
    assert "attachment was changed" in opened("--lang", "en", "verify", "--evidence").out

    assert opened("erase", "c1", number, "evidence", "--by", "office", "--reason", "over").code == 0
    assert not kept.exists()
    found = opened.json("verify", "--evidence")
    assert (found.code, [each["kind"] for each in found.data["findings"]]) == (0, ["erased", "unreferenced"])
    assert opened.json("show", "c1").data["evidence"] == [{**entry, "erased": True}]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes there")
def test_a_pipe_or_an_endless_device_is_refused_at_once(opened, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for source in (tmp_path / "pipe", "/dev/zero"):
        answer = opened.json("advance", "c1", "agree", "--by", "partner", "--evidence", source)
        assert (answer.code, answer.error["code"]) == (3, "ZX5043")
        with pytest.raises(InvalidInput, match="ZX5043"):
            evidence([str(source)], kept=False)


def test_where_nothing_is_kept_the_hash_is_recorded_as_before(paper):
    assert evidence([str(paper)], kept=False) == (f"回执 1.pdf {HASH}",)
    assert evidence([str(paper)], kept=True) == (paper,)
    assert parsing.evidence([], kept=False) == ()


def test_the_settings_say_where_and_how_large(opened, paper, tmp_path, monkeypatch):
    agree = ("advance", "c1", "agree", "--by", "partner", "--evidence", paper)
    monkeypatch.setenv("ZHENGXIE_ATTACHMENTS", "elsewhere")
    assert opened(*agree).code == 0
    assert (tmp_path / "elsewhere" / "sha256" / HASH[7:9] / HASH[7:]).read_bytes() == PAPER
    assert not folder(opened).exists()
    project = tmp_path / "project"
    (project / "processes").mkdir(parents=True)
    monkeypatch.delenv("ZHENGXIE_ATTACHMENTS")
    (project / "zhengxie.toml").write_text('attachment_limit = "7 B"\nattachments = "files"\n', encoding="utf-8")
    answer = run("--project", project, "--db", opened.db, "--format", "json", *agree, "--dry-run")
    assert (answer.code, answer.error["code"]) == (3, "ZX5044")
    (project / "zhengxie.toml").write_text('attachment_limit = "7 B"\n', encoding="utf-8")
    assert (
        run("--project", project, "--db", opened.db, "--format", "json", *agree, "--dry-run").error["code"] == "ZX5044"
    )
    for wrong in ("0 MB", "many", "1 TB", "-1", "1.5 MB", "1000000000 MB", "٣ MB"):
        (project / "zhengxie.toml").write_text(f'attachment_limit = "{wrong}"\n', encoding="utf-8")
        answer = run("--project", project, "--db", opened.db, "--format", "json", *agree)
        assert (answer.code, answer.error["code"], answer.error["line"]) == (3, "ZX5047", 1), wrong


def test_an_import_attaches_the_files_that_lie_with_it(desk, tmp_path):
    sent = tmp_path / "sent"
    (sent / "scans").mkdir(parents=True)
    (sent / "scans" / "回执 1.pdf").write_bytes(PAPER)
    entry = {"at": "2026-01-12", "do": "agree", "by": "partner", "evidence": ["page 3", {"file": "scans/回执 1.pdf"}]}
    file = write(sent / "c1.yaml", case_file("c1", entry))
    assert desk("import", file, "--dry-run").code == 0
    assert not folder(desk).exists()
    assert desk("import", file).code == 0
    assert desk.json("show", "c1").data["events"][-1]["evidence"] == ["page 3", TEXT]
    assert desk("verify", "--evidence").code == 0
    again = desk.json("import", file)
    assert (again.data["events_new"], again.data["cases_known"]) == (0, 1)
    lines = sent / "c1.jsonl"
    lines.write_text(
        '{"case": "c1", "at": "2026-01-13", "plan": "hold", "to": "2026-03-01", "by": "office"}\n', encoding="utf-8"
    )
    assert desk("import", lines).code == 0


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "scans/../../secret", "link"])
def test_an_import_attaches_nothing_from_elsewhere(desk, tmp_path, name):
    (tmp_path / "secret").write_text("secret")
    sent = tmp_path / "sent"
    sent.mkdir()
    (sent / "link").symlink_to(tmp_path / "secret")
    entry = {"at": "2026-01-12", "do": "agree", "by": "partner", "evidence": {"file": name}}
    answer = desk.json("import", write(sent / "c1.yaml", case_file("c1", entry)))
    assert (answer.code, answer.error["code"]) == (3, "ZX5046")
    assert not folder(desk).exists() or not list((folder(desk) / "staging").iterdir())


def test_a_faulty_import_keeps_no_file(desk, tmp_path):
    (tmp_path / "paper.pdf").write_bytes(PAPER)
    first = {"at": "2026-01-12", "do": "agree", "by": "partner", "evidence": [{"file": "paper.pdf"}]}
    missing = {"at": "2026-01-13", "do": "prepare", "by": "office", "evidence": [{"file": "absent.pdf"}]}
    answer = desk.json("import", write(tmp_path / "c1.yaml", case_file("c1", first, missing)))
    assert (answer.code, answer.error["code"]) == (3, "ZX6013")
    assert [name for _, _, files in os.walk(folder(desk)) for name in files] == []


def test_a_scenario_may_name_a_file_that_nobody_reads(tmp_path):
    scenario = {
        "language": 1, "scenario": "s", "process": "mini/talk", "as_of": "2026-03-01",
        "events": [{"at": "2026-01-12", "do": "agree", "by": "partner", "evidence": [{"file": "absent.pdf"}]}],
        "expect": [{"state": "planned"}],
    }  # fmt: skip
    file = write(tmp_path / "s.yaml", scenario)
    assert run("--project", MINI, "test", file).code == 0
